"""The job that writes the report: one HTML file of all that a run left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import jinja2

import rssm
from rssm.errors import InputError
from rssm.files import atomic
from rssm.report import maps
from rssm.report.files import Given
from rssm.report.locator import locator
from rssm.report.page import FOLDER, part
from rssm.report.parts import Section, percent
from rssm.report.sections.cost import cost_section
from rssm.report.sections.dropped import dropped_section
from rssm.report.sections.figures import captions_in
from rssm.report.sections.records import citations_section, provenance_section
from rssm.report.sections.room import room_section
from rssm.report.sections.run import found_count, run_section, trained_count
from rssm.report.sections.truth import best_sentence, truth_section
from rssm.report.specs import ReportSpec
from rssm.report.year import read_year
from rssm.tsv import read_tsv

LARGEST = 14_900_000  # bytes of the page
SCRIPTS = ("uplot.js", "cube.js", "map.js", "series.js", "report.js")


def report(
    years: Sequence[str],
    land: Sequence[str],
    tables: Sequence[str],
    data_set: Sequence[str],
    validation: Sequence[str],
    analysis: Sequence[str],
    captions: Sequence[str],
    benchmarks: Sequence[str],
    spec: ReportSpec,
    out: Sequence[str],
) -> None:
    """Write the page.

    years       packed maps of all years
    tables      what was found and done, in numbers
    data_set    record of the finished edition, and maps of what fusion learnt, if any
    validation, analysis  tables and figures of both
    captions    folder of captions
    benchmarks  folder of what jobs took
    """
    packed_years = [read_year(path) for path in years]
    of_tables, of_set, rooms = Given(tables), Given(data_set), (Given(validation), Given(analysis))
    about = packed_years[-1]["attributes"]
    sections = _sections(spec, packed_years, of_tables, of_set, *rooms, captions_in(captions[0]), benchmarks[0])
    shown: dict[str, Any] = {
        "spec": spec,
        "about": about,
        "sections": sections,
        "glance": list(_glance(spec, of_tables, about)),
        "locator": locator(land[0], spec.area),
        "css": [part("uplot.css"), part("report.css")],
        "js": [part(name) for name in SCRIPTS],
        "version": rssm.__version__,
    }
    without = _render(shown | {"cube": [], "meta": "{}", "resolution": ""})
    step = maps.within(packed_years, LARGEST - len(without.encode()) - 400_000)
    fusion = next(iter(of_set.ending("_fusion.nc")), None)
    meta = maps.described(spec, packed_years, land[0], packed_years[0]["factor"], step, fusion)
    cube = [(year["year"], name, text) for year in packed_years for name, text in sorted(year["layers"].items())]
    page = _render(shown | {"cube": cube, "meta": maps.as_json(meta), "resolution": _resolution(spec, meta)})
    with atomic(out[0]) as beside:
        beside.write_text(page, encoding="utf-8")


def _sections(
    spec: ReportSpec,
    years: list[dict[str, Any]],
    tables: Given,
    data_set: Given,
    validation: Given,
    analysis: Given,
    captions: dict[str, str],
    benchmarks: str,
) -> list[Section]:
    """All sections in the order of the page."""
    about, release = years[-1]["attributes"], data_set["release.json"]
    if release is None:
        raise InputError(
            "--data_set: names no release.json, the record of the finished data set. Make it: snakemake product"
        )
    of_depths = validation.below("validation", list(spec.depths) or [""])
    return [
        Section("maps", "Maps and series", kind="maps"),
        truth_section(tables, _is_fused(about), spec.toy),
        *(room_section("validation", spec, given, captions, depth) for depth, given in of_depths.items()),
        room_section("analysis", spec, analysis, captions),
        run_section(spec, tables, analysis, captions),
        dropped_section(tables, of_depths, spec.depths, release.with_name("coverage.tsv")),
        cost_section(benchmarks, spec.stages),
        provenance_section(release, years),
        citations_section(spec, about),
    ]


def _is_fused(about: dict[str, Any]) -> bool:
    return str(about.get("estimate", "")).startswith("fused")


def _glance(spec: ReportSpec, tables: Given, about: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A few numbers and what they are."""
    there, known = found_count(spec, tables)
    yield f"{there} of {known}", "products have files"
    if trained := trained_count(tables):
        yield str(trained), "network trained" if trained == 1 else "networks trained"
    if path := tables["land_share.tsv"]:
        whole = next((row for _, row in read_tsv(path) if row["level"] == "data set"), None)
        if whole:
            yield percent(float(whole["share"])), "of land × steps have a value"
    if path := tables["skill.csv"]:
        yield "toy", best_sentence(path, _is_fused(about))


def _resolution(spec: ReportSpec, meta: dict[str, Any]) -> str:
    """What the maps show of the data set's pixels and values."""
    side = meta["factor"]
    cells = (
        "Maps show every pixel"
        if side == 1
        else f"Maps show cells of {side} × {side} pixels: the mean of soil moisture and of its uncertainty, the network that most"
        " pixels have, and flags that at least half of the pixels have"
    )
    return f"{cells}; values are in steps of {meta['step']:g} m³ m⁻³."


def _render(shown: dict[str, Any]) -> str:
    loader = jinja2.FileSystemLoader(FOLDER)
    room = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return room.get_template("page.html.j2").render(**shown)
