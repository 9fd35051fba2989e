"""The SoMo.ml method: daily soil moisture of three layers from stations and forcing, by networks with memory.

Targets: all, stations, networks, simulated, crossval.

  <results>/stations.nc, targets/layer{layer}.nc    daily means of sensors; what teaches a layer
  <results>/sites.nc                                forcing where they are
  <results>/networks/layer{layer}/{member}.nc       networks
  <results>/crossval/                               skill where nothing was learnt
  <results>/simulated/{year}/{tile}.nc              daily estimates; beside them the state that a year hands on
  <results>/near/{tile}.nc                          how far a cell is from those that taught, and how unlike
"""

from rssm.workflow.somo.jobs import LAYERS


include: "../rules/somo/targets.smk"
include: "../rules/somo/networks.smk"
include: "../rules/somo/crossval.smk"
include: "../rules/somo/simulate.smk"


WANTED = [
    "<results>/crossval/scores.tsv",
    *collect("<results>/near/{tile}.nc", tile=SCOPE.tiles),
    *collect(
        "<results>/simulated/{year}/{tile}.nc", year=SCOPE.years_made, tile=SCOPE.tiles
    ),
]


rule networks:
    input:
        collect("<results>/networks/{network}.nc", network=W.all_networks),


rule simulated:
    input:
        WANTED[1:],


rule crossval:
    input:
        "<results>/crossval/scores.tsv",
