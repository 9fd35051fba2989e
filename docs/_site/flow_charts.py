"""Flow charts written as ```mermaid fences, shown as pictures that were drawn beforehand: a page from disk asks no server.

`docs/_site/draw_charts.sh` draws those that have no picture yet.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

CHARTS = Path(__file__).parent / "charts"


def picture_of(chart: str) -> Path:
    """Where the picture of a chart lies: its name is a digest of the text, so that no picture is older than its chart."""
    return CHARTS / f"{sha256(chart.strip().encode()).hexdigest()[:12]}.svg"


class FlowChart(SphinxDirective):
    """The picture of a chart, or a warning and the chart's text."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        chart = "\n".join(self.content)
        picture = picture_of(chart)
        if not picture.is_file():
            logging.getLogger(__name__).warning(
                "a flow chart has no picture; draw it with docs/_site/draw_charts.sh", location=self.get_location()
            )
            return [nodes.literal_block(chart, chart)]
        return [nodes.raw("", f'<div class="flow-chart">{picture.read_text("utf-8")}</div>', format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("mermaid", FlowChart)
    return {"parallel_read_safe": True}
