"""The catalogue: what each product is, where its files lie, and how to read them. One entry per product, no code.

Nothing heavy is imported: the workflow reads the catalogue whenever it plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from rssm.calendar import CALENDARS, STATIC, days_of
from rssm.config.derive import OF_YEARS, Derive
from rssm.config.pattern_fields import pattern_mistakes
from rssm.config.reading import FIND_GRIDS, FIND_TIMES, READER_OPTIONS, Error, Options, Reader, Rule, Strict, Test
from rssm.config.sources import Get
from rssm.config.texts import LabelText, Name
from rssm.config.yaml_file import dotted, read_yaml
from rssm.errors import InputError

Kind = Literal["soil_moisture", "factor", "mask", "reference", "station", "brightness_temperature", "forcing"]
Step = Literal["day", "8day", "dekad", "month", "year", "static"]
GridId = Literal[
    "ease2_m09",
    "ease2_m36",
    "ease2_m25",
    "ease1_25km",
    "latlon_0.05",
    "latlon_0.1",
    "latlon_0.25",
    "latlon_0.25_gldas",
    "latlon_0.5",
    "latlon_1/112",
    "latlon_1/60",
    "era5land",
    "era5",
]


def _label(label: str) -> str:
    """A label of time, checked."""
    try:
        days_of(label)
    except InputError as error:
        raise ValueError(str(error)) from None
    return label


Label = Annotated[LabelText, AfterValidator(_label)]


class Product(Strict):
    """One product of the archive: what it is, where its files lie, how to read and screen them."""

    id: str = Field("", description="The catalogue's key; filled in when the catalogue is read.")
    title: str = Field(description="Name for people.")
    kind: Kind = Field(description="What the pipeline does with it.")
    sensor: str = Field(description="Sensor or model; networks rank by the number of different ones.")
    algorithm: str = Field(description="Retrieval algorithm or processing; errors are shared within one.")
    reader: Reader | None = Field(
        description="Format of the files: a module of rssm.archive.readers. Empty where none reads maps from them "
        "(stations)."
    )
    derive: Derive | None = Field(
        None, description="How maps follow from those of other products; such a product has no files and no reader."
    )
    files: str = Field(
        "",
        description="Pattern of the file names below the archive's root: `*`, `?`, {year}, {date:%Y%m%d} (codes %Y %m "
        "%d %j %H %M %S), {orbit:A|D} (one of these), {cell} and {tile} (parts of the globe), {version} and other names (any text; the newest version wins). "
        "A file that holds many days and says which (readers cf, points, grib) needs no date in its name.",
    )
    variables: dict[str, str | list[str]] = Field(
        default_factory=dict,
        description="Role (value, error, or one that `keep` tests) → name in the file; of a list the first that the "
        "file has. A group and its variable are joined by /.",
    )
    identity: dict[str, str | list[str]] = Field(
        default_factory=dict,
        description="Global attribute of the file → what it says in this product's files (`*` any text; of a list one). "
        "A file that says otherwise is refused, one that says nothing is not. A group and its attribute are joined by /.",
    )
    units: str = Field(description="Unit of the values that a reader returns; soil moisture is m3 m-3.")
    file_units: list[str] = Field(
        [],
        description="Units that the file may state; a file that states another is refused. Empty: any that `multiply` "
        "turns into `units`, and any that is not known.",
    )
    multiply: float = Field(1.0, description="File's unit → `units`: 0.01 for per cent.")
    scale: dict[str, float] = Field(
        default_factory=dict,
        description="Role → scale of the stored numbers. Used where the file has none; a file that says otherwise is "
        "refused, because its version is not the one described here.",
    )
    offset: dict[str, float] = Field(default_factory=dict, description="Role → offset, as `scale`.")
    fill: list[float] = Field([], description="Stored numbers that mean missing, in addition to those the file names.")
    codes: dict[float, float] = Field(
        default_factory=dict, description="Stored code → value, for maps of classes; other codes are missing."
    )
    valid_range: tuple[float, float] = Field(
        description="Smallest and largest possible value (`units`); outside it a value is set missing and counted."
    )
    keep: Rule = Field(default_factory=dict, description="Quality rule: role → test, or a list of them; all must pass.")
    strict: Rule = Field(
        default_factory=dict,
        description="Tests in addition to `keep` where the configuration asks for strict quality; one on a role that `keep` "
        "tests too takes its place.",
    )
    error: Error = Field(default_factory=lambda: Error(), description="Error where the files hold none.")
    span: tuple[Label, Label | None] = Field(
        description="First and last dekad, month, year or day used, both included; null: still running."
    )
    step: Step = Field(description="Period that one value of the product stands for.")
    maps: Literal["day", "3day", "dekad", "month", "year", "static"] = Field(
        "dekad", description="Period of the maps made of it; factors that change slowly are mapped by month or year."
    )
    maps_in: Literal["step", "year"] = Field(
        "step",
        description="Files of the maps. step: each map is one; year: those of a year are layers of one, as maps of days "
        "or of 3 days must be.",
    )
    depth: tuple[float, float] | None = Field(
        None,
        description="Upper and lower end of the soil that it tells of, m; empty: the surface. A data set of several depths is "
        "held against those that reach through the middle of each.",
    )
    stamp: Literal["first", "after", "end"] = Field(
        "first",
        description="first: the date in the name is a day of the period; after: the first day after it; end: times in the file "
        "are the ends of hours, so that midnight belongs to the day before, as of ERA5's accumulations.",
    )
    reduce: Literal["mean", "std"] = Field(
        "mean", description="What of finer cells a pixel gets: their mean, or their standard deviation."
    )
    outside_span: Literal["missing", "nearest_year", "fail"] = Field(
        "missing", description="What a period outside `span` gets: nothing, the nearest year's value, or a refusal."
    )
    native_grid: GridId | None = Field(
        None,
        description="Grid of the values (rssm.archive.grids); a file on another is refused. Empty: the files say it "
        "(readers cf, geotiff, hdf4, grib), or values are on points (points).",
    )
    options: Options = Field(default_factory=lambda: Options(), description="What only this reader needs to know.")
    version: str = Field(description="Version that the paper used.")
    licence: str = Field(description="Terms of use.")
    doi: str | None = Field(None, description="DOI of the data set (without resolver), if it has one.")
    cite: str = Field(description="Reference of the data or the algorithm.")
    get: Get | None = Field(None, description="Where it is got (`rssm where`).")

    def rule(self, strict: bool = False) -> list[tuple[str, Test]]:
        """The quality rule as it applies: (role, test) of each, all of which must pass."""
        tests = {**self.keep, **self.strict} if strict else self.keep
        return [(role, test) for role, some in tests.items() for test in (some if isinstance(some, list) else [some])]

    def tested(self, strict: bool = False) -> list[str]:
        """Roles that the quality rule looks at, each once."""
        looked_at = (name for role, test in self.rule(strict) for name in (role, *test.roles()))
        return list(dict.fromkeys(looked_at))

    def names(self, role: str) -> list[str]:
        """Candidates for a role's name in the file, best first; none where the role is not declared."""
        names = self.variables.get(role, [])
        return [names] if isinstance(names, str) else list(names)

    @model_validator(mode="after")
    def _consistent(self) -> Product:
        self._check_time()
        if self.valid_range[0] >= self.valid_range[1]:
            raise ValueError(f"valid_range: {self.valid_range[0]:g} is not below {self.valid_range[1]:g}")
        if self.kind == "soil_moisture" and self.units not in ("m3 m-3", "saturation"):
            expected = "soil moisture is in 'm3 m-3', or 'saturation' to be multiplied by porosity"
            raise ValueError(f"units: {self.units!r}; {expected}")
        self._check_roles()
        self._check_pattern()
        self._check_options()
        return self

    def _check_time(self) -> None:
        first, last = self.span
        if last is not None and days_of(last)[1] < days_of(first)[0]:
            raise ValueError(f"span: {last} lies before {first}")
        if (self.step == STATIC) != (self.maps == STATIC) and self.reader is not None:
            raise ValueError(f"maps: {self.maps}, but step is {self.step}; static products have static maps")
        if self.maps in ("day", "3day") and self.maps_in == "step":
            raise ValueError(f"maps_in: maps of {self.maps} steps would be too many files; set maps_in to year")
        if self.maps in ("year", STATIC) and self.maps_in == "year":
            raise ValueError(f"maps_in: there is one map for each {self.maps}; leave maps_in out")
        if self.outside_span == "nearest_year" and self.maps != STATIC and CALENDARS[self.maps].steps_per_year is None:
            raise ValueError(f"outside_span: nearest_year needs maps of dekads, months or years, not {self.maps} steps")

    def _check_roles(self) -> None:
        if self.reader is None:
            return
        if self.native_grid is None and self.reader not in FIND_GRIDS:
            raise ValueError(f"native_grid: a product with the reader {self.reader} needs one")
        if "value" not in self.variables and self.reader != "geotiff":
            raise ValueError("variables: the role 'value' is missing")
        for place in ("keep", "strict", "scale", "offset"):
            rule = self.tested() if place == "keep" else self.tested(strict=True) if place == "strict" else None
            for role in getattr(self, place) if rule is None else rule:
                if role not in self.variables and not (self.reader == "geotiff" and role == "value"):
                    raise ValueError(
                        f"{place}: no variable has the role {role!r} (there are {', '.join(self.variables)})"
                    )

    def _check_pattern(self) -> None:
        if self.derive:
            if self.files or self.reader:
                raise ValueError("derive: a product that is derived from others has neither files nor reader")
            if (self.derive.formula in OF_YEARS) != (self.maps == STATIC):
                raise ValueError(f"maps: {self.maps}, which {self.derive.formula} does not make")
            return
        finds_times = self.reader in FIND_TIMES or self.reader is None
        if mistake := next(pattern_mistakes(self.files, self.step, finds_times), ""):
            raise ValueError(f"files: {mistake} (the pattern is {self.files!r})")

    def _check_options(self) -> None:
        known = READER_OPTIONS.get(self.reader or "", set())
        changed = self.options.model_dump(exclude_defaults=True)
        if foreign := sorted(changed.keys() - known):
            raise ValueError(f"options: reader {self.reader} does not know {', '.join(foreign)}")
        uses = any("{overpass}" in name for role in self.variables for name in self.names(role))
        if uses != bool(self.options.overpasses):
            raise ValueError(
                "options.overpasses: expected together with {overpass} in a variable's name, and only then"
            )


def _named(raw: Any) -> Any:
    """Give each entry its own key as `id`."""
    if not isinstance(raw, Mapping):
        return raw
    return {key: {**entry, "id": key} if isinstance(entry, Mapping) else entry for key, entry in raw.items()}


Catalogue = Annotated[dict[Name, Product], BeforeValidator(_named)]
_ADAPTER: TypeAdapter[dict[str, Product]] = TypeAdapter(Catalogue)


def load_catalogue(path: str | Path, changes: Mapping[str, Any] | None = None) -> dict[str, Product]:
    """Read and check a catalogue; `changes` (product → fields) are laid over it. All mistakes are reported at once."""
    raw, _ = read_yaml(path)
    for product, fields in (changes or {}).items():
        raw[product] = {**raw.get(product, {}), **fields} if isinstance(fields, Mapping) else fields
    try:
        read = _ADAPTER.validate_python(raw)
    except ValidationError as error:
        raise InputError(catalogue_mistakes(path, error)) from None
    if mistakes := list(_derivations(read)):
        raise InputError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return read


def _derivations(catalogue: Mapping[str, Product]) -> Iterator[str]:
    """What is wrong with products that follow from others: one that is not there, in other steps, or a circle."""
    for name, product in catalogue.items():
        for source in product.derive.of if product.derive else ():
            if source not in catalogue:
                yield f"{name}.derive.of: {source!r} is not in the catalogue"
            elif name in sources_of(catalogue, source):
                yield f"{name}.derive.of: {source} follows from {name} itself"
            elif product.maps != STATIC and catalogue[source].maps != product.maps:
                yield f"{name}.derive.of: {source} has maps of {catalogue[source].maps}, expected {product.maps}"


def sources_of(catalogue: Mapping[str, Product], name: str) -> list[str]:
    """The product, and all from which its maps follow, nearest first."""
    found = [name]
    for one in found:
        derive = catalogue[one].derive if one in catalogue else None
        found += [source for source in (derive.of if derive else ()) if source not in found]
    return found


def catalogue_mistakes(path: str | Path, error: ValidationError) -> str:
    """One line per mistake: file, place, what is wrong, what was found."""
    lines = []
    for mistake in error.errors():
        place = dotted(mistake["loc"])
        found = mistake["input"]
        shown = f" (found {found!r})" if not isinstance(found, dict | BaseModel) else ""
        lines.append(f"{path}: {place}: {mistake['msg'].removeprefix('Value error, ')}{shown}")
    return "\n".join(lines)
