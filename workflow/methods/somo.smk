"""The SoMo.ml method: daily soil moisture of three layers from stations and forcing, by networks with memory.

Targets: all, maps, crossval, product, validation, analysis, overview, report, and skill (of a toy Earth's run).

  <results>/stations.nc, targets/layer{layer}.nc    daily means of sensors; what teaches a layer
  <results>/sites.nc                                forcing where they are
  <results>/networks/layer{layer}/{member}.nc       networks
  <results>/crossval/                               skill where nothing was learnt
  <results>/simulated/{year}/{tile}.nc              daily estimates; beside them the state that a year hands on
  <results>/near/{tile}.nc                          how far a cell is from those that taught, and how unlike
  <learnt> is <results>, or that of the edition which this run extends
"""

from rssm.workflow.analysis import Analysing
from rssm.workflow.report import Reporting
from rssm.workflow.scoring import Scoring
from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.somo.jobs import LAYERS
from rssm.workflow.somo.overview import Overview
from rssm.workflow.somo.validation import SomoValidating, subject

D = SomoDataSet(SCOPE)
AN = Analysing(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
O = Overview(SCOPE, lambda: workflow.rules)
V = SomoValidating(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
S = Scoring(D, lambda: subject(D))
ANALYSIS = [AN, O]
R = Reporting(SCOPE, lambda: subject(D), V, ANALYSIS, W.tables(), D.described())


include: "../rules/product_of_tiles.smk"
include: "../rules/somo/targets.smk"
include: "../rules/somo/networks.smk"
include: "../rules/somo/crossval.smk"
include: "../rules/somo/simulate.smk"
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


rule crossval:
    input:
        "<results>/crossval/scores.tsv",
