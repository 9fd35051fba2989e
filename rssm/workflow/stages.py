"""The stages of a run in the words that a person is shown, and which rule belongs to which.

A rule that is missing here is found by tests/unit/test_stages.py.
"""

from __future__ import annotations

from collections.abc import Mapping

ARCHIVE, MAPS, CUBES, NETWORKS, FUSION = "archive", "maps", "cubes", "networks", "fusion"
DATA_SET, VALIDATION, ANALYSIS, REPORT = "data set", "validation", "analysis", "report"

RULES: dict[str, tuple[str, ...]] = {  # in the order of a run
    ARCHIVE: ("given", "toy_archive"),
    MAPS: ("ingest", "ingest_months", "ingest_years", "derive", "archive_report"),
    CUBES: ("series", "cube", "target_range"),
    NETWORKS: (
        *("kernels", "train", "simulate", "join", "mosaic", "target", "round_report", "rounds_table"),
        *("cross_validate", "joint", "joint_table"),
        *(
            "somo_records",
            "somo_stations",
            "somo_targets",
            "somo_sites",
            "somo_train",
            "somo_site_simulate",
            "somo_crossval",
        ),
        *("somo_crossval_scores", "somo_crossval_page", "somo_calibrate", "somo_near", "somo_simulate"),
        *("casm_cycle", "casm_samples", "casm_train", "casm_calibrate", "casm_estimate", "casm_merge", "casm_report"),
    ),
    FUSION: ("match", "fit_joint", "fuse", "mosaic_fused", "by_zone"),
    DATA_SET: (
        *("take_over", "snow_climatology", "mean_year", "held_out_skill", "calibrate", "product_year", "tiled_year"),
        *("monthly", "monthly_geotiff", "climatology", "anomaly", "zarr", "quicklook", "publish", "land_share"),
    ),
    VALIDATION: (
        *("stations", "samples", "scores", "stability", "score_tables", "efficiency", "efficiency_table"),
        *("coverage", "triple", "triple_table", "skill", "tiled_skill"),
        *("station_map", "rival_figures", "efficiency_figure", "coverage_figure", "triple_map"),
    ),
    ANALYSIS: (
        *("year_sums", "means", "trends", "difference", "season", "analysis_tables"),
        *("mean_map", "month_maps", "latitude_profiles", "series_figure", "trend_map", "peak_maps", "range_maps"),
        *("rain_maps", "correlation_maps", "delay_map"),
        *("dry_year", "dry_down", "dry_groups", "dry_map", "dry_season", "dry_level", "dry_thresholds"),
        *("contribute", "contribution_table", "contribution_figure", "timeline", "flow_chart"),
    ),
    REPORT: ("report_year", "report"),
}
STAGES = tuple(RULES)
STAGE_OF = {rule: stage for stage, rules in RULES.items() for rule in rules}


def stage_text(rule: str, wildcards: Mapping[str, str], rounds: Mapping[str, str]) -> str:
    """What a job works on, as `networks of round 2`; empty for a target, which is no work.

    rounds  round by what may name it: a round, a substep, a network
    """
    stage = STAGE_OF.get(rule, "")
    if stage != NETWORKS:
        return stage
    found = next((rounds[value] for value in wildcards.values() if value in rounds), "")
    return f"networks of round {found}" if found else stage


def in_order(text: str) -> tuple[int, str]:
    """Sorts what `stage_text` gives as a run goes."""
    stage = NETWORKS if text.startswith(NETWORKS) else text
    return STAGES.index(stage) if stage in STAGES else len(STAGES), text
