"""The documents as a site (`make docs`): Sphinx with MyST, from the same Markdown that is read in the repository.

The source folder is the repository's root, so that links to its files are links that are checked; those to files that are
no pages become downloads.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project, author, copyright = "rssm", "the authors of rssm", ""
myst_fence_as_directive = ["mermaid"]
extensions = ["myst_parser", "flow_charts"]
root_doc = "docs/index"
SHOWN = ("docs", "config", "README.md", "CHANGELOG.md")
include_patterns = ["docs/**.md", "config/README.md", "README.md", "CHANGELOG.md"]
exclude_patterns = [
    "docs/_site",
    *(path.name for path in HERE.parents[1].iterdir() if path.name not in SHOWN),
]  # not walked

myst_heading_anchors = 4

html_theme = "furo"
html_title = "rssm"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["pages"]  # the first page, which leads to docs/index.html
html_show_search_summary = False  # it would read pages that a browser does not open from disk
html_show_sphinx = html_show_copyright = False
html_copy_source = False
