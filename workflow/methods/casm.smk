"""The CASM method: networks turn departures of brightness temperature into departures of soil moisture.

Targets: all, maps, product, validation, analysis, overview, report, and skill (of a toy Earth's run).

  <results>/cycles, samples, networks, calibration   what is learnt
  <results>/estimated, merged                        estimates of each branch, and of both, tile by tile
  <learnt> is <results>, or that of the edition which this run extends
"""

from rssm.workflow.analysis import Analysing
from rssm.workflow.casm.data_set import CasmDataSet
from rssm.workflow.casm.overview import Overview
from rssm.workflow.casm.validation import subject
from rssm.workflow.report import Reporting
from rssm.workflow.scoring import Scoring
from rssm.workflow.validation import Validating

D = CasmDataSet(SCOPE)
AN = Analysing(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
O = Overview(SCOPE, lambda: workflow.rules)
V = Validating(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
S = Scoring(D, lambda: subject(D))
ANALYSIS = [AN, O]
R = Reporting(SCOPE, lambda: subject(D), V, ANALYSIS, W.tables(), D.described())


include: "../rules/product_of_tiles.smk"
include: "../rules/casm/networks.smk"
include: "../rules/skill_of_tiles.smk"
include: "../rules/validation.smk"
include: "../rules/figures.smk"
include: "../rules/analysis.smk"
include: "../rules/analysis_figures.smk"
include: "../rules/overview.smk"
include: "../rules/report.smk"


# Everything: each line is a piece that says itself what of it can be made of what is there.
WANTED = [
    *W.tables(),
    "<results>/product/release.json",
    V.wanted,
    *(part.wanted for part in ANALYSIS),
    "<results>/report.html",
]


rule maps:
    input:
        collect("<results>/maps/{map_year}.json", map_year=W.native_map_years()),
