"""`rssm summary FILE`: what came out of a run of this configuration, from the tables that it left; every run ends with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from shlex import quote
from textwrap import wrap

from pydantic import Field

from rssm.calendar import spoken
from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.errors import InputError
from rssm.paths import Paths
from rssm.product.values.coverage import ALL as ALL_STEPS
from rssm.product.values.land_share import ROUND, TABLE, percent
from rssm.tsv import NOTHING, read_tsv
from rssm.workflow.ending import Ending
from rssm.workflow.methods import ending_of, scope_in
from rssm.workflow.progress.outcome import ALL, files_text
from rssm.workflow.scope import Scope

WIDE, HEAD = 110, 11  # characters of a line, and of what stands before it
FEW, LINES = 5, 3  # products, and lines of a part, that are shown; tables have all


class OfProduct(Answer):
    """A product that was read."""

    name: str = Field(description="Its name.")
    share: float | None = Field(description="Share of land × steps within its span that have a value.")
    years: list[str] = Field(description="Years that were looked for.")
    missing: list[str] = Field(description="Those of which no file was found.")
    skipped: int = Field(description="Files that could not be read and were left out.")


class Summary(Answer):
    """What came out of a run."""

    first: str = Field(description="First step of the period.")
    last: str = Field(description="Its last step.")
    step: str = Field(description="What a step is.")
    bounds: list[float] = Field(description="West, south, east, north of the region; degrees.")
    simulated: float | None = Field(description="Share of land × steps that the run estimated.")
    published: float | None = Field(description="The same of the published files: masked and filled.")
    filled: float | None = Field(description="Share of land × steps that were filled.")
    estimates: dict[str, float | None] = Field(description="Maps that the run made (SIM-1) → share, over their steps.")
    tables: dict[str, float | None] = Field(description="Tables of layers that the data set has → share.")
    products: list[OfProduct] = Field(description="Products that were read, the emptiest first.")
    zones: int = Field(description="Zones of the region that hold land.")
    learnt: dict[str, int] = Field(description="What was learnt (round 1) → number of zones in which it was.")
    places: dict[str, str] = Field(description="What was made → where it lies, as far as it is there.")
    next: list[str] = Field(description="What to type next.")


def summary(scope: Scope, ending: Ending, file: str, folder: str = "") -> Summary:
    """What the tables of a run say, as far as they are there.

    file    its configuration
    folder  of the run, as it is called where people type what comes next, if that is another
    """
    table, region, steps = Path(scope.paths.land_share), scope.region, scope.run.steps
    rows = [row for _, row in read_tsv(table)] if table.is_file() else []
    shares = {(row["level"], row["name"]): _number(row["share"]) for row in rows}
    published, filled = _published(scope.paths)
    places = {what: place for what, place in ending.places()[ALL].items() if files_text([place], {})}
    return Summary(
        first=scope.calendar.label(steps[0]),
        last=scope.calendar.label(steps[-1]),
        step=spoken(scope.calendar.id),
        bounds=[region.west, region.south, region.west + region.degrees, region.north],
        simulated=next((share for (level, _), share in shares.items() if level == "data set"), None),
        published=published,
        filled=filled,
        estimates={name: share for (level, name), share in shares.items() if level == ROUND},
        tables={name: share for (level, name), share in shares.items() if level == TABLE},
        products=_products(scope.paths, {name: share for (level, name), share in shares.items() if level == "product"}),
        zones=sum(len(scope.land_zones(tile)) for tile in scope.tiles.values()),
        learnt=dict(ending.learnt_zones()),
        places=places,
        next=_next(scope.paths, Paths(scope.run.method, folder), file),
    )


def _products(paths: Paths, shares: dict[str, float | None]) -> list[OfProduct]:
    """Products of the table of the archive, or where that is not asked for those with a share, the emptiest first.

    Before there is a table of shares they are means of the archive's years.
    """
    table = Path(paths.report) / "archive.tsv"
    rows = [row for _, row in read_tsv(table)] if table.is_file() else []
    found = []
    for name, group in groupby(rows, key=lambda row: row["product"]):
        own = list(group)
        missing = [row["year"] for row in own if row["files"] == "0"]
        skipped = sum(int(row["skipped"]) for row in own)
        years = [row["year"] for row in own]
        share = shares.get(name) if shares else _mean(_number(row["share_on_land"]) for row in own)
        found.append(OfProduct(name=name, share=share, years=years, missing=missing, skipped=skipped))
    if not table.is_file():
        found = [OfProduct(name=name, share=share, years=[], missing=[], skipped=0) for name, share in shares.items()]
    return sorted(found, key=lambda product: (product.share is None, product.share or 0.0))


def _published(paths: Paths) -> tuple[float | None, float | None]:
    """Shares of the published files: of values, and of those that were filled."""
    table = Path(paths.product) / "coverage.tsv"
    if not table.is_file():
        return None, None
    rows = [row for _, row in read_tsv(table)]
    # the last row sums up all, or each table of layers has a row that does so for it
    whole = rows[-1:] if next(iter(rows[-1].values())) == ALL_STEPS else [r for r in rows if ALL_STEPS in r.values()]
    simulated, filled, land = (sum(int(r.get(name, 0)) for r in whole) for name in ("simulated", "filled", "land"))
    return (simulated + filled) / max(land, 1), filled / max(land, 1)


def _mean(shares: Iterable[float | None]) -> float | None:
    """Of the years that are expected to hold something."""
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def _number(cell: str) -> float | None:
    return None if cell == NOTHING else float(cell)


def _next(paths: Paths, named: Paths, file: str) -> list[str]:
    """What to type next, by what is there; `named` are the paths as people type them."""
    if not Path(paths.release).is_file():
        return [f"rssm run {quote(file)}"]
    store = "" if named == Paths() else f" --store {quote(named.product)}"
    extract = [f"rssm extract --lon LON --lat LAT{store}"] if Path(paths.product, "zarr").is_dir() else []
    return [*extract, f"in Python: import rssm; rssm.open({named.product!r})"]


# -- as text ------------------------------------------------------------------------------------------------------------


def summary_text(found: Summary) -> str:
    """The summary for people, a dozen lines at most; empty where the run has not got so far."""
    if found.simulated is None and found.published is None and not found.estimates:
        return ""
    west, south, east, north = found.bounds
    where = f"{_degrees(south, 'NS')} to {_degrees(north, 'NS')}, {_degrees(west, 'EW')} to {_degrees(east, 'EW')}"
    head = f"{found.first} to {found.last}, {where}. Share of land × {found.step}s with a value:"
    parts = [
        ("data set", _data_set(found)),
        *_estimates(found.estimates),
        ("tables", _tables(found.tables)),
        ("products", _of_products(found.products)),
        ("no file", "; ".join(_missing(found.products))),
        ("left out", _skipped(found.products)),
        ("zones", _zones(found)),
    ]
    return "\n".join([head, *(line for name, text in parts if text for line in _laid(name, text))])


def _laid(name: str, text: str) -> Iterable[str]:
    """A name and its text, broken into lines of which no number loses its sign; what is longer than a few lines is cut."""
    whole = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = wrap(whole, WIDE - HEAD, break_on_hyphens=False, max_lines=LINES, placeholder=" …")
    return (
        f"  {name if not at else '':<{HEAD - 2}}{line}".replace("\N{NO-BREAK SPACE}", " ")
        for at, line in enumerate(lines)
    )


def _data_set(found: Summary) -> str:
    if found.simulated is None or found.published is None:
        what, share = ("estimated", found.simulated) if found.published is None else ("published", found.published)
        return "" if share is None else f"{percent(share)} {what}"
    if not found.filled and found.simulated == round(found.published, 6):  # neither mask nor filling
        return f"{percent(found.published)} published"
    filled = f"; {percent(found.filled)} is filled" if found.filled else ""
    return f"{percent(found.simulated)} estimated, {percent(found.published)} published (masked and filled{filled})"


def _estimates(estimates: dict[str, float | None]) -> Iterable[tuple[str, str]]:
    """Kind of maps that were made, and the shares of each of them by its round."""
    for kind, names in groupby(estimates, key=lambda name: name.rpartition("-")[0] or name):
        yield kind, " · ".join(f"{name.removeprefix(f'{kind}-')}: {percent(estimates[name])}" for name in names)


def _tables(tables: dict[str, float | None]) -> str:
    """Shares of the tables of a data set that has several."""
    return " · ".join(f"{name}: {percent(share)}" for name, share in tables.items()) if len(tables) > 1 else ""


def _of_products(products: Sequence[OfProduct]) -> str:
    shown = [f"{product.name} {percent(product.share)}" for product in products if product.share is not None]
    return f"{len(products)} were read; the emptiest: {', '.join(shown[:FEW])}" if shown else ""


def _missing(products: Sequence[OfProduct]) -> Iterable[str]:
    """Products with the years of which no file was found, the most first."""
    for product in sorted(products, key=lambda product: -len(product.missing)):
        if product.missing == product.years and product.years:
            yield f"{product.name} at all"
        elif product.missing:
            yield f"{product.name} in {years_text(product.missing)}"


def years_text(years: Sequence[str]) -> str:
    """Years, with those that follow one another as one: `2003–2005, 2009`."""
    runs = []
    for _, group in groupby(
        enumerate(years), key=lambda item: int(item[1]) - item[0] if item[1].isdigit() else item[1]
    ):
        run = [year for _, year in group]
        runs.append(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}")
    return ", ".join(runs)


def _skipped(products: Sequence[OfProduct]) -> str:
    bad = [f"{product.skipped:,} of {product.name}" for product in products if product.skipped]
    return f"files that cannot be read: {', '.join(bad)}" if bad else ""


def _zones(found: Summary) -> str:
    """In which of the zones with land nothing was learnt."""
    if not found.learnt:
        return ""
    empty = {what: found.zones - number for what, number in found.learnt.items() if number < found.zones}
    if not empty:
        return f"{found.zones} hold land, all with networks"
    return f"{found.zones} hold land; without a network: " + ", ".join(f"{n} in {what}" for what, n in empty.items())


def _degrees(value: float, sides: str) -> str:
    turned = (value + 180) % 360 - 180 if sides == "EW" and value > 180 else value
    return f"{abs(turned):g}°" + (f" {sides[0] if turned > 0 else sides[1]}" if turned else "")


def next_text(found: Summary) -> str:
    return f"Next: {' · '.join(found.next)}"


def at_the_end(scope: Scope, targets: Collection[str], file: str, folder: str = "") -> tuple[str, str]:
    """What a run that went well ends with, where all maps were asked for: what came out, and what to type next."""
    ending = ending_of(scope)
    if not ending.maps_made & set(targets):
        return "", ""
    found = summary(scope, ending, file, folder)
    return summary_text(found), next_text(found)


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("summary")
    takes_config(parser)
    given = parser.parse_args(arguments)
    file = config_file(given)
    scope = scope_in([file])
    found = summary(scope, ending_of(scope), file)
    if not (text := summary_text(found)):
        raise InputError(f"{scope.paths.results}: no run of {file} has made maps here. Make them with: rssm run {file}")
    if given.json:
        emit(found)
        return 0
    where = " · ".join(f"{what}: {place}" for what, place in found.places.items())
    print(*filter(None, (text, where, next_text(found))), sep="\n")
    return 0
