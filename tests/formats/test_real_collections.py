"""Cell files of a collection become one product: each pixel takes the nearest point of all cells, with all retrievals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from test_real_cells import decoded, entry

from rssm.archive.listing import list_files, resolve_duplicates
from rssm.archive.readers import collection
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.maps import Layers

HAWAII = Region(18, 23, -161, 7)
NAMES = ["SMAP_V9", "SMOS_105_ASC", "ERA5_LAND", "ASCAT_H113", "ASCAT_H119"]


def collected(name: str, maps: str = "dekad") -> Product:
    changes = {"id": name, "kind": "soil_moisture", "files": f"{name}/{{cell}}.nc", "native_grid": None, "maps": maps}
    changes |= {"units": "m3 m-3", "span": ("2000D01", None), "error": {"constant": 0.04}}
    changes |= {"maps_in": "step" if maps == "dekad" else "year"}
    return Product.model_validate(entry(name).model_dump() | changes)


def maps_of(product: Product, real: Path, steps: list[int]) -> list[Layers]:
    files, plain = list_files(real / "cells", product, 2017), Ingest(sigma=None)
    made = composites(product, files, steps, region=HAWAII, grid=GRID, ingest=plain)
    return [layers for _, layers, _ in made]


@pytest.mark.parametrize("maps", ["dekad", "3day", "day"])
@pytest.mark.parametrize("name", NAMES)
def test_each_pixel_of_a_collection(real: Path, name: str, maps: str) -> None:
    product, calendar = collected(name, maps), CALENDARS[maps]
    first = calendar.of(date(2017, 5, 1))
    steps = [first, first + 1]
    found = maps_of(product, real, steps)
    xs, ys, owners, days, values = [], [], [], [], []
    for path in sorted((real / "cells" / name).glob("*.nc")):
        x, y, point, (day, value) = decoded(path, name)
        owners.append(np.asarray(point) + sum(axis.size for axis in xs))
        xs.append(x), ys.append(y)  # type: ignore[func-returns-value]
        days.append(day), values.append(value)  # type: ignore[func-returns-value]
    x, y, owner, day, value = (np.concatenate(parts) for parts in (xs, ys, owners, days, values))
    usable = np.flatnonzero((np.abs(y) <= 90) & (np.abs(x) <= 360))
    reach = np.degrees(8.0 / 6371.0)
    for step, layers in zip(steps, found, strict=True):
        low, high = calendar.start(step).toordinal(), calendar.end(step).toordinal()
        here = np.flatnonzero((day >= low) & (day <= high) & np.isfinite(value) & (value <= 1))
        count = np.bincount(owner[here], minlength=x.size)
        total = np.bincount(owner[here], value[here], x.size)
        for (i, j), number in np.ndenumerate(layers["value"]):
            longitude, latitude = -161 + 0.1 * j + 0.05, 23 - 0.1 * i - 0.05
            to_east = np.sin(np.radians(x[usable] - longitude) / 2) ** 2 * np.cos(np.radians(y[usable]))
            to_north = np.sin(np.radians(y[usable] - latitude) / 2) ** 2
            away = np.degrees(2 * np.arcsin(np.sqrt(to_north + to_east * np.cos(np.radians(latitude)))))
            near = usable[away <= min(away.min() + 2e-5, reach)]  # four nodes of ERA5-Land are as near as each other
            said = {(0, "nan")} if near.size == 0 else set()
            said |= {(int(count[k]), f"{total[k] / count[k]:.4f}" if count[k] else "nan") for k in near}
            assert any(layers["n_obs"][i, j] == n and _same(number, text) for n, text in said), (i, j)
        if maps == "dekad":
            assert np.isfinite(layers["value"]).sum() >= 10


def _same(number: float, text: str) -> bool:
    return bool(np.isnan(number)) if text == "nan" else abs(number - float(text)) < 1e-4


def test_cells_stand_side_by_side_and_versions_do_not(real: Path, tmp_path: Path) -> None:
    files = list_files(real / "cells", collected("SMAP_V9"), 2017)
    assert [file.name for file in resolve_duplicates(collected("SMAP_V9"), files)[0]] == ["0165.nc", "0166.nc"]
    for name in ("0165_v1", "0165_v2", "0166_v1"):
        (tmp_path / f"{name}.nc").touch()
    product = Product.model_validate(collected("SMAP_V9").model_dump() | {"files": "{cell}_{version}.nc"})
    kept, dropped = resolve_duplicates(product, list_files(tmp_path, product))
    assert [file.name for file in kept] == ["0165_v2.nc", "0166_v1.nc"]
    assert [file.name for file in dropped] == ["0165_v1.nc"]


def test_a_file_is_read_once_a_job(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real_open = collection.open_cf
    monkeypatch.setattr(collection, "open_cf", lambda found: opened.append(found.name) or real_open(found))
    steps = list(CALENDARS["dekad"].year(2017))
    maps_of(collected("SMAP_V9"), real, steps)
    assert sorted(opened) == ["0165.nc", "0166.nc"]


def test_a_step_alone_is_the_step_of_a_year(real: Path) -> None:
    year = list(CALENDARS["dekad"].year(2017))
    (alone,) = maps_of(collected("SMOS_105_ASC"), real, [year[12]])
    among = maps_of(collected("SMOS_105_ASC"), real, year)[12]
    for name, layer in alone.items():
        assert_array_equal(layer, among[name])


def test_every_number_of_a_year_is_accounted_for(real: Path) -> None:
    product, steps = collected("SMAP_V9"), list(CALENDARS["dekad"].year(2017))
    files, plain = list_files(real / "cells", product, 2017), Ingest(sigma=None)
    records = [r for _, _, r in composites(product, files, steps, region=HAWAII, grid=GRID, ingest=plain)]
    numbers = np.zeros(4, int)
    for path in sorted((real / "cells/SMAP_V9").glob("*.nc")):
        _, _, _, (days, kept) = decoded(path, "SMAP_V9")
        with netCDF4.Dataset(path) as data:
            data.set_auto_mask(False)
            stored = np.asarray(data["soil_moisture"][:])
        of_year = (days >= date(2017, 1, 1).toordinal()) & (days <= date(2017, 12, 31).toordinal())
        missing, ranged, good = stored == -9999, (stored >= 0) & (stored <= 1), np.isfinite(kept)
        for k, mask in enumerate((good, ranged & ~good, ~missing & ~ranged, missing)):
            numbers[k] += np.count_nonzero(mask & of_year)
    names = ("valid", "screened", "out_of_range", "missing")
    assert [sum(int(str(r.get(name, 0))) for r in records) for name in names] == numbers.tolist()
