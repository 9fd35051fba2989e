"""Other plans than the paper's, as the Snakefile sees them: dry runs from configuration and tables alone."""

from __future__ import annotations

import pytest
import yaml

from rssm.config.plan_tables import NETWORK_COLUMNS, SUBSTEP_COLUMNS
from tests.workflow.conftest import Project

ONE_PREDICTOR = (
    (
        "now   one  inputs  ASCAT-SWI  SMAP_E    best  -  2015D01  2016D36",
        "then  two  inputs  ASCAT-SWI  SIM-oneT  best  -  2014D19  2014D36",
    ),
    ("N1  now  1  ASCAT-SWI", "N2  then  1  ASCAT-SWI"),
)
CCI_AS_TARGET = (
    (
        "1  1  inputs  ASCAT-SWI+SMOS-IC  CCI         best  -  2015D01  2016D36",
        "2  2  inputs  ASCAT-SWI          CCI+SIM-1T  best  -  2014D19  2014D36",
    ),
    ("N1  1  1  ASCAT-SWI+SMOS-IC", "N2  1  2  ASCAT-SWI", "N3  2  1  ASCAT-SWI"),
)
TWO_SOURCES_OF_LAI = (
    (
        "late   1  inputs  ASCAT-SWI  SMAP_E  best  LAI-PROBAV  2016D01  2017D36",
        "early  1  inputs  ASCAT-SWI  SMAP_E  best  LAI-GLASS   2014D01  2015D36",
    ),
    ("N1  late  1  ASCAT-SWI", "N2  early  1  ASCAT-SWI"),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("plans"))


def planned(checkout: Project, tables: tuple[tuple[str, ...], tuple[str, ...]], *targets: str, **changes: object) -> dict[str, list[str]]:  # fmt: skip
    """Rule → what it would make, of a run that has made nothing yet."""
    for name, columns, rows in zip(("substeps", "networks"), (SUBSTEP_COLUMNS, NETWORK_COLUMNS), tables, strict=True):
        cells = [columns, *(row.split() + ["-"] * (len(columns) - len(row.split())) for row in rows)]
        (checkout.folder / f"{name}.tsv").write_text("".join("\t".join(row) + "\n" for row in cells))
    config = {
        "region": {"south": 40, "north": 41, "west": -1, "east": 0},
        "period": {"first": "2014D01", "last": "2017D36"},
        "zones": {"tile_degrees": 1},
        "tables": {"substeps": "substeps.tsv", "networks": "networks.tsv"},
        "factors": ["SAND"],
        "inputs": {"root": "results/toy/archive"},
        "toy": {"days_per_dekad": 1},
    }
    (checkout.folder / "plan.yaml").write_text(yaml.safe_dump({**config, **changes}))
    return checkout.planned(*targets, config="plan.yaml")


def test_one_predictor_no_lai_and_rounds_of_any_name_across_the_dateline(checkout: Project) -> None:
    box = {"south": -17, "north": -16, "west": 179, "east": -179}
    found = planned(checkout, ONE_PREDICTOR, "maps", "rounds_report", "product", region=box, factors=[])
    assert found["train"] == sorted(f"{network} {tile}" for network in ("N1", "N2") for tile in ("S17E179", "S17W180"))
    assert found["mosaic"] == ["one 2015", "one 2016", "two 2014"]
    assert found["target"] == ["one 2015"]
    assert {name.split()[0] for name in found["cube"]} == {"ASCAT-SWI", "SIM-oneT", "SMAP_E"}
    assert found["round_report"] == ["one", "two"]
    assert len(found["product_year"]) == 4


def test_a_reference_as_the_target(checkout: Project) -> None:
    found = planned(checkout, CCI_AS_TARGET, "maps")
    assert {name.split()[0] for name in found["cube"]} == {"ASCAT-SWI", "SMOS-IC", "CCI", "FACTORS"}
    assert not [name for name in found["ingest"] if name.startswith("SMAP_E")]
    assert "target" not in found  # CCI is always there: no simulation ever teaches, so none is screened


def test_any_two_sources_of_lai_have_a_joint_of_their_own_target(checkout: Project) -> None:
    found = planned(checkout, TWO_SOURCES_OF_LAI, "lai_joint", factors=["LAI", "SAND"])
    assert found["joint"] == ["late_early N40W001"]
    assert found["joint_table"] == ["late_early"]
    assert found["train"] == ["N1 N40W001", "N2 N40W001"]
    assert "simulate" not in found  # neither needs nor makes the rounds' own estimates
    assert {"LAI-GLASS 2014", "LAI-GLASS 2017", "LAI-PROBAV 2014"} <= set(found["ingest_months"])
    everything = planned(checkout, TWO_SOURCES_OF_LAI, factors=["LAI", "SAND"])
    assert "joint" not in everything  # not part of a run unless asked for
    assert everything["round_report"] == ["1"]


def test_uncertainty_is_calibrated_on_held_out_years_in_one_job_before_the_data_set(checkout: Project) -> None:
    held_out = {"uncertainty": {"calibration": "held_out"}}
    split = {"split": {"held_out_years": [2016]}}
    found = planned(checkout, ONE_PREDICTOR, "product", factors=[], training=split, product=held_out)
    assert found["calibrate"] == [""]
    assert found["held_out_skill"] == ["one", "two"]
    assert "calibrate" not in planned(checkout, ONE_PREDICTOR, "product", factors=[], training=split)
