"""The manual's page on archives of one's own: its entries give the maps that it shows; native files are shown as they are."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from test_real_places import mapped

from rssm.commands.inspect import describe
from rssm.config.catalogue import Product
from rssm.errors import InputError
from rssm.grid import Region

PAGE = (Path(__file__).resolve().parents[2] / "docs/own-archive.md").read_text("utf-8")
NATIVE = (".nc", ".nc4", ".h5", ".hdf", ".tif")


def entry(name: str) -> Product:
    """An entry of the page."""
    (block,) = re.findall(rf"```yaml\n({name}:.*?)```", PAGE, re.DOTALL)
    return Product.model_validate(yaml.safe_load(block)[name] | {"id": name})


@pytest.mark.parametrize(
    ("name", "day", "region"),
    [("SWI1KM", date(2017, 6, 1), Region(41, 45, -1, 4)), ("NDVI", date(2021, 8, 13), Region(20, 24, -78, 4))],
)
def test_entries_of_the_page_give_its_maps(real: Path, tmp_path: Path, name: str, day: date, region: Region) -> None:
    values = mapped(entry(name), real, day, region, tmp_path)
    _, shown = PAGE.split(f"Map {name} ", 1)
    row = re.search(r"^value .*?(\d+) +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+)$", shown, re.MULTILINE)
    assert row
    found = (np.isfinite(values).sum(), np.nanmin(values), np.nanmean(values), np.nanmax(values))
    assert found == pytest.approx([float(number) for number in row.groups()], rel=1e-3)


def test_every_native_sample_is_shown(real: Path) -> None:
    """Texts that are missing, groups, HDF4 and HDF5."""
    paths = [path for path in sorted(real.rglob("*")) if path.suffix in NATIVE]
    assert len(paths) > 20
    for path in paths:
        lines = list(describe(path))
        assert len(lines) > 3 and all(isinstance(line, str) for line in lines), path
    (tile,) = (real / "modis").glob("MOD13A2*.hdf")
    shown = "\n".join(describe(tile))
    assert "1 km 16 days NDVI" in shown and "grid MODIS_Grid_16DAY_1km_VI: 1200 rows × 1200 columns, SNSOID" in shown


@pytest.mark.parametrize("name", ["a.hdf", "a.h5"])
def test_what_is_no_native_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match=name):
        list(describe(tmp_path / name))
