"""The page of cross-validation: networks, forcing model and the authors' numbers side by side."""

from __future__ import annotations

from pathlib import Path

from rssm.somo.page import somo_crossval_page

SCORES = """# about
scheme	layer	group	cells	r	anomaly_r	ubrmse	nrmse	relative_bias	model_r	model_anomaly_r	model_ubrmse	model_nrmse	model_relative_bias
space	1	all	12	0.8123	0.7	0.04	0.1	0.01	0.7	0.6	0.05	0.12	0.02
space	1	depth 0.05-0.05	3	0.5	-	0.04	0.1	0.01	0.7	0.6	0.05	0.12	0.02
both	2	all	4	0.6	0.5	0.04	0.1	0.01	0.7	0.6	0.05	0.12	0.02
"""
PUBLISHED = """pattern	comparison	product	statistic	metric	value
temporal	SOMO~ERA5	SOMO	median	r	0.724
temporal	SOMO~ERA5	ERA5	median	anomaly_r	0.544
temporal	SOMO-2~ERA5	SOMO-2	median	r	0.736
"""


def test_a_table_for_each_scheme_with_what_is_published(tmp_path: Path) -> None:
    (tmp_path / "scores.tsv").write_text(SCORES)
    (tmp_path / "published.tsv").write_text(PUBLISHED)
    out = tmp_path / "crossval.md"
    somo_crossval_page([str(tmp_path / "scores.tsv")], [str(tmp_path / "published.tsv")], [str(out)])
    space, both = out.read_text().split("## ")[1:]
    assert space.startswith("Blocks of cells left out, with a buffer")
    assert space.splitlines()[2:] == [
        "| layer | group | cells | source | r | anomaly_r | ubrmse | nrmse | relative_bias |",
        "|---|---|---|---|---|---|---|---|---|",
        "| 1 | all | 12 | networks | 0.812 | 0.700 | 0.040 | 0.100 | 0.010 |",
        "| 1 | all | 12 | model | 0.700 | 0.600 | 0.050 | 0.120 | 0.020 |",
        "| 1 | all | | published: SOMO | 0.724 |  |  |  |  |",
        "| 1 | all | | published: ERA5 |  | 0.544 |  |  |  |",
        "| 1 | depth 0.05-0.05 | 3 | networks | 0.500 |  | 0.040 | 0.100 | 0.010 |",
        "| 1 | depth 0.05-0.05 | 3 | model | 0.700 | 0.600 | 0.050 | 0.120 | 0.020 |",
        "",
    ]
    assert "published: SOMO-2 | 0.736" in both
