"""The RSSSM method: rounds of networks, each taught by the screened maps of those before.

Targets: all, round1 … round5, maps, product, validation, analysis, overview, report, rounds_report, lai_joint, crossval, and skill (of a toy Earth's run).

  <results>/networks/{network}/{tile}.nc        the subnetworks of one network in one tile
  <results>/simulated, joined                   estimates of a substep, of a round, tile by tile
  <results>/maps/SIM-{round}, SIM-{round}T      simulated maps, and those screened to teach later rounds
  <results>/matched, fused, maps/FUSED-{round}  where the data set is made of both: products matched to the target, and their fusion
  <results>/jointly                             with fusion.joint: target and products fitted jointly
  <learnt> is <results>, or that of the edition which this run extends
"""

from rssm.workflow.analysis import Analysing
from rssm.workflow.dry_down import Drying
from rssm.workflow.report import Reporting
from rssm.workflow.rsssm.calibration import Calibrating
from rssm.workflow.rsssm.contributions import Contributing
from rssm.workflow.rsssm.fusion import Fusing
from rssm.workflow.rsssm.overview import Overview
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.reports import Reports
from rssm.workflow.rsssm.validation import subject
from rssm.workflow.validation import Validating

D = DataSet(SCOPE)
A = Reports(W)
C = Calibrating(SCOPE, D)
F = Fusing(W)
AN = Analysing(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
CN = Contributing(W, speaks=workflow.is_main_process)
DD = Drying(AN, speaks=workflow.is_main_process)
O = Overview(SCOPE, lambda: workflow.rules)
V = Validating(SCOPE, lambda: subject(D), speaks=workflow.is_main_process)
ANALYSIS = [AN, DD, CN, O]
R = Reporting(SCOPE, lambda: subject(D), V, ANALYSIS, A.tables(), D.described())
MAPS_WANTED = W.round_map_years(*SCOPE.rounds_wanted()) + F.map_years()


pathvars:
    learnt=SCOPE.learnt.results,


include: "../rules/rsssm/networks.smk"
include: "../rules/rsssm/crossval.smk"
include: "../rules/rsssm/rounds.smk"
include: "../rules/rsssm/fusion.smk"
include: "../rules/rsssm/product.smk"
include: "../rules/rsssm/calibrate.smk"
include: "../rules/rsssm/contributions.smk"
include: "../rules/rsssm/skill.smk"
include: "../rules/validation.smk"
include: "../rules/figures.smk"
include: "../rules/analysis.smk"
include: "../rules/analysis_figures.smk"
include: "../rules/dry_down.smk"
include: "../rules/overview.smk"
include: "../rules/report.smk"


# Everything: each line is a piece that says itself what of it can be made of what is there.
WANTED = [
    "<results>/report/rounds.tsv",
    "<results>/report/land_share.tsv",
    "<results>/product/release.json",
    V.wanted,
    *(part.wanted for part in ANALYSIS),
    "<results>/report.html",
]


rule maps:
    input:
        collect("<results>/maps/{map_year}.json", map_year=MAPS_WANTED),
        "<results>/report/land_share.tsv",
