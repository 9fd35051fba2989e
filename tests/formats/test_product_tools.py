"""Programs of others open the data set: every example of the user guide runs, and prints the value that was written."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
import xarray as xr

from rssm.product.formats.layers import BY_NAME, LAYERS, Codes, layers_with
from rssm.product.formats.styles import styles

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "product.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(python|sh|r)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
QGIS = "from qgis.core import QgsApplication\napp = QgsApplication([], False)\napp.initQgis()\n{}\nimport os, sys\nsys.stdout.flush()\nos._exit(0)"
WITHOUT_VALUE = ("sha256sum",)
SYSTEM_PYTHON = "/usr/bin/python3"  # QGIS comes with the system's own


@pytest.fixture(scope="module")
def folder(product, tmp_path_factory):
    """A copy, because examples leave files behind."""
    return Path(shutil.copytree(product.folder, tmp_path_factory.mktemp("tools") / "product"))


@pytest.fixture(scope="module")
def value(product):
    """The pixel that every example asks for."""
    with xr.open_dataset(product.netcdf[1]) as year:
        return float(year["soil_moisture"].sel(lat=40.25, lon=-1.25, method="nearest").sel(time="2015-04-21"))


def title(example):
    return f"{example[0]}-{re.sub(r'[^a-z0-9]+', '-', example[1].split(chr(10))[0].lower())[:30]}"


def command(language, text):
    """How to run an example; skips where its program is not installed."""
    if language == "r":
        need("Rscript", [["Rscript", "-e", "library(terra)"]])
        return ["Rscript", "-e", text]
    if language == "sh":
        need(*dict.fromkeys(line.split()[0] for line in text.splitlines()))
        return ["bash", "-e", "-c", text]
    if "qgis" in text:
        need(SYSTEM_PYTHON, [[SYSTEM_PYTHON, "-c", "import qgis.core"]])
        return [SYSTEM_PYTHON, "-c", QGIS.format(text)]
    modules = re.findall(r"^(?:import|from) ([\w, ]+?)(?: as| import|$)", text, re.MULTILINE)
    for module in (name.strip() for names in modules for name in names.split(",")):
        if find_spec(module) is None:
            pytest.skip(f"Python package {module} is not installed")
    return [sys.executable, "-c", text]


def need(*programs):
    """Skip unless all programs are there; a list of commands must succeed."""
    for program in programs:
        if isinstance(program, list):
            if any(
                subprocess.run(trial, capture_output=True, env=plain(), check=False).returncode for trial in program
            ):
                pytest.skip(f"{' '.join(program[0])} fails here")
        elif shutil.which(program, path=plain()["PATH"]) is None:
            pytest.skip(f"{program} is not installed")


def plain():
    """Surroundings in which a program finds itself, this environment's `rssm`, and no screen."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return os.environ | {"PATH": path, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("example", EXAMPLES, ids=title)
def test_an_example_of_the_guide_runs_and_prints_the_value(example, folder, value):
    run = command(*example)
    surroundings = plain()
    if run[0] == SYSTEM_PYTHON or "gdal_calc" in example[1]:
        surroundings.pop("PYTHONPATH", None)
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, env=surroundings, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    if example[1].startswith(WITHOUT_VALUE):
        return
    printed = [float(number) for number in re.findall(r"-?\d+\.\d+", done.stdout)]
    assert any(abs(number - value) < 1e-6 for number in printed), done.stdout[-2000:]


def test_examples_are_many_and_begin_with_the_guide():
    assert len(EXAMPLES) >= 9 and {language for language, _ in EXAMPLES} == {"python", "sh", "r"}


def test_the_guide_names_every_file(product):
    rows = GUIDE.partition("| file | what |")[2].partition("\n\n")[0]
    patterns = re.findall(r"`([^`]+)`", "".join(line.split("|")[1] for line in rows.splitlines()[2:]))
    shapes = [
        p.replace("YYYY", "[12]???").replace("DNN", "D??").replace("LAYER", "*").replace("VERSION", "*")
        + ("*" if p.endswith("/") else "")
        for p in patterns
    ]
    found = [str(p.relative_to(product.folder)) for p in product.folder.rglob("*") if p.is_file()]
    assert len(found) > 100
    assert [name for name in found if not any(fnmatch.fnmatch(name, shape) for shape in shapes)] == []
    not_made_here = ["derived/RSSSM_climatology.nc", "derived/RSSSM_anomaly_YYYY.nc", "quicklook/RSSSM_YYYY.png"]
    missing = [p for p, s in zip(patterns, shapes, strict=True) if not fnmatch.filter(found, s)]
    assert sorted(missing) == sorted(not_made_here)


# ----- what programs of others asked for ------------------------------------------------------------------------------


def test_time_has_no_limit_so_that_nco_can_join_years(product):
    for path in (product.netcdf[1], product.month):
        with xr.open_dataset(path) as data:
            assert data.encoding["unlimited_dims"] == {"time"}
            assert data["time_bnds"].encoding["chunksizes"] == data["time_bnds"].shape


def test_no_layer_is_a_signed_byte(product):
    """GDAL before 3.7 reads -1 of such a byte as 255, and so do QGIS and R."""
    assert {np.dtype(layer.dtype).str for layer in LAYERS} <= {"<i2", "|u1", "<u2"}
    with rasterio.open(f"netcdf:{product.netcdf[1]}:fill_distance") as source:
        assert source.dtypes[0] == "int16" and source.read(5).min() == -1


def test_styles_name_every_code_and_span_values(product):
    layers = {layer.name: layer for layer in layers_with(Codes(["NN1-1", "NN<2>"], ["1"], 2))}
    for name, text in styles(list(layers.values())).items():
        renderer = ElementTree.fromstring(text).find("pipe/rasterrenderer")
        assert [layer.name for layer in LAYERS].index(name) + 1 == int(renderer.get("band"))
        if renderer.get("type") == "paletted":
            entries = {int(entry.get("value")): entry for entry in renderer.iter("paletteEntry")}
            assert {k: e.get("label") for k, e in entries.items()} == dict(layers[name].codes)
            assert len({e.get("color") for e in entries.values()}) == len(entries)
            assert all((e.get("alpha") == "0") == (k < 0) for k, e in entries.items())
        else:
            values = [float(item.get("value")) for item in renderer.iter("item")]
            assert values == sorted(values) and values[0] == 0 and values[-1] <= BY_NAME[name].high
    written = {path.stem for path in (product.folder / "qgis").iterdir()}
    assert written == set(styles(layers_with(Codes([], [], 0))))
    assert 'label="NN1-2"' in (product.folder / "qgis" / "network_used.qml").read_text()
