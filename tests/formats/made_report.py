"""A report of a made-up data set, of a toy Earth or of the Earth, with all tables or with none, and texts meant to break it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rssm.config.toy import Toy
from rssm.grid import Area
from rssm.report.report import report
from rssm.report.specs import Choice, PackSpec, ReportSpec, Source
from rssm.report.year import report_year

HOSTILE = "</script><script>window.harmed = 1</script><img src=x onerror=\"window.harmed = 2\"> & 'quotes' {{ 7 * 7 }}"
CAPTIONS = Path(__file__).resolve().parents[2] / "workflow" / "report"
ARCHIVE = """product\tyear\tmaps_complete\tmaps_partial\tmaps_missing\tfiles\tsuperseded\tskipped\tbytes\tshare_on_land\tvalues_valid\tvalues_missing\tvalues_out_of_range\tvalues_screened\tvalues_denoised\twhat_was_skipped
ASCAT-SWI\t2014\t6\t0\t0\t6\t0\t1\t900\t0.8\t70\t1\t0\t5\t0\tbroken <b>file</b>
ASCAT-SWI\t2015\t12\t0\t0\t12\t0\t0\t900\t0.6\t70\t1\t0\t5\t0\t-
SMOS-IC\t2015\t0\t0\t12\t0\t0\t0\t0\t-\t0\t0\t0\t0\t0\t-
"""
ROUNDS = """round\tlevel\tname\tdekads\tzones\tsubnetworks\tpoints\tr2_median\trmse_median\tcoverage\tnamed
1\tround\t1\t18\t12\t24\t1000\t0.5\t0.05\t0.9\t-
1\tnetwork\tNN1-1\t18\t12\t12\t500\t0.5\t0.05\t0.9\t0.7
1\tnetwork\tNN1-2\t18\t0\t0\t0\t-\t-\t-\t-
"""
SHARE = "level\tname\tmaps\tland\tvalued\tshare\ndata set\tdata set\t18\t100\t90\t0.9\n"
SKILL = """world,seed,period,method,r,rmse,ubrmse,bias,anomaly_r,n
paper,1,all,rsssm,0.81,0.05,0.04,0.01,0.6,900
paper,1,all,cdf_tc,0.78,0.05,0.04,0.01,0.6,900
paper,1,all,climatology,0.66,0.05,0.04,0.01,,900
paper,1,all,ASCAT-SWI,0.7,0.08,0.06,0.01,0.5,900
paper,1,all,SMOS-IC,0.6,0.08,0.06,0.01,0.5,900
paper,1,1,rsssm,0.82,0.05,0.04,0.01,0.6,900
"""
SCORES = """# Scores against stations

Values with their 95 % intervals.

## Overall accuracy

| product | n | r2 |
|---|---|---|
| RSSSM | 90 | **0.589*** (0.489 to 0.670) |
| A<B | 90 | 0.4 |
"""
DROPPED = "network\tstation\treason\tsteps\trecords\nTOY\tone\tflag C03\t-\t7\nTOY\ttwo\tflag C03\t2\t3\nTOY\ttwo\tsnow or ice\t1\t1\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#08c"/></svg>'
BENCHMARK = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n{}\t0\t{}\t-\t-\t-\t-\t-\t-\t{}\n"


def specification(area: Area, toy: bool, calendar: str = "dekad") -> ReportSpec:
    source = Source("ASCAT-SWI", "predictor", HOSTILE, "V3", "2007D01 – open", "free", "Someone 1999", None)
    missing = Source("SMOS-IC", "predictor", "SMOS", "V2", "2010D16 – open", "free", "Other 2010", "10.1/x")
    choice = Choice("chains", "8", "1", HOSTILE)
    networks = {"NN1-1": ("ASCAT-SWI", "SMOS-IC"), "NN1-2": ("ASCAT-SWI",)}
    known = area, calendar, "rsssm", "product", "2014D31", "2015D12", 1, networks
    left_out = {"validation": (HOSTILE,)}
    return ReportSpec(*known, (choice,), (source, missing), left_out, (("networks", ("train",)),), toy)


def made_report(
    product,
    folder: Path,
    land: str,
    toy: bool = False,
    full: bool = True,
    factor: int = 1,
    depths: Mapping[str, str] | None = None,
) -> Path:
    """The page of a published data set; `full`: with all tables; `depths`: of soil, by their folders below validation/."""
    area = product.made.spec.area
    pack = PackSpec(area, "dekad", factor, 0.001, Toy() if toy else None)
    years = []
    for netcdf in product.netcdf:
        year = Path(netcdf).stem[-4:]
        years.append(str(folder / "years" / f"{year}.json"))
        report_year(year, [netcdf], [land], pack, years[-1:])
    tables = (
        _written(folder / "tables", {"archive.tsv": ARCHIVE, "rounds.tsv": ROUNDS, "land_share.tsv": SHARE})
        if full
        else []
    )
    tables += _written(folder / "tables", {"skill.csv": SKILL}) if full and toy else []
    figures = {f"figures/{name}.svg": SVG for name in ("stations", "scatter_SMAP_E")}
    judged = {"scores.md": SCORES, "dropped.tsv": DROPPED, **figures} if full else {}
    validation = [path for depth in depths or {"": ""} for path in _written(folder / "validation" / depth, judged)]
    plan = _written(folder / "analysis", {"figures/timeline.svg": SVG, "figures/mean.svg": SVG}) if full else []
    jobs = {
        "train/NN1-1/N40W001.tsv": BENCHMARK.format(2, 150, 1.5),
        "train/NN1-2/N40W001.tsv": BENCHMARK.format(3, 90, 2),
    }
    jobs |= {"publish.tsv": BENCHMARK.format(0.5, "-", "-")}
    _written(folder / "benchmarks", jobs if full else {})
    release, out = str(product.folder / "release.json"), folder / "report.html"
    spec = replace(specification(area, toy), depths=dict(depths or {}))
    rest = {"captions": [str(CAPTIONS)], "benchmarks": [str(folder / "benchmarks")], "spec": spec}
    report(years, [land], tables, [release], validation, plan, **rest, out=[str(out)])
    return out


def _written(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]
