"""The CASM method: networks turn departures of brightness temperature into departures of soil moisture.

Targets: all, maps, product, validation, analysis, overview, report, and skill (of a toy Earth's run).

  <results>/cycles, samples, networks, calibration   what is learnt
  <results>/estimated, merged                        estimates of each branch, and of both, tile by tile
  <learnt> is <results>, or that of the edition which this run extends
"""

pathvars:
    learnt=SCOPE.learnt.results,


include: "../rules/casm/networks.smk"


ROUND_OF = {}
WANTED = [collect("<results>/merged/{tile}.nc", tile=SCOPE.tiles)]


rule maps:
    input:
        collect("<results>/maps/{map_year}.json", map_year=W.native_map_years()),
