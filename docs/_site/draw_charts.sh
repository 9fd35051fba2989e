#!/usr/bin/env bash
# Draws the flow charts of all pages that have no picture yet, downwards, for narrow columns; drops pictures of charts that are gone.
# Needs Node and a Chromium (PUPPETEER_EXECUTABLE_PATH names one that is installed).
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work" <<'END'
import re, sys
from hashlib import sha256
from pathlib import Path

charts, work = Path("docs/_site/charts"), Path(sys.argv[1])
texts = [path.read_text("utf-8") for path in [*Path("docs").rglob("*.md"), Path("README.md"), Path("config/README.md")]]
shown = {chart.strip() for text in texts for chart in re.findall(r"^```mermaid\n(.*?)^```", text, re.DOTALL | re.MULTILINE)}
names = {sha256(chart.encode()).hexdigest()[:12]: chart for chart in shown}
for old in charts.glob("*.svg"):
    if old.stem not in names:
        old.unlink()
for name, chart in names.items():
    if not (charts / f"{name}.svg").exists():
        (work / f"{name}.mmd").write_text(chart.replace("flowchart LR", "flowchart TB"), encoding="utf-8")
END
echo '{"theme": "neutral", "htmlLabels": false, "flowchart": {"htmlLabels": false}, "fontFamily": "sans-serif"}' > "$work/look.json"
echo '{"args": ["--no-sandbox"]}' > "$work/browser.json"
mkdir -p docs/_site/charts
for chart in "$work"/*.mmd; do
    [ -e "$chart" ] || { echo "All flow charts have their pictures."; exit 0; }
    name=$(basename "$chart" .mmd)
    ${MMDC:-npx --yes @mermaid-js/mermaid-cli} --configFile "$work/look.json" --puppeteerConfigFile "$work/browser.json" --svgId "chart-$name" \
        --backgroundColor transparent --input "$chart" --output "docs/_site/charts/$name.svg"
done
