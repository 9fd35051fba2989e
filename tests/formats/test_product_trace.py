"""From a pixel back to native files, through a made-up run of the tests' own plan."""

import json
import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from rssm.calendar import DEKADS
from rssm.commands import trace
from rssm.commands.trace import trace_of
from rssm.commands.trace_pixel import Traced
from rssm.config.load import read_yaml
from rssm.errors import InputError
from rssm.grid import Region
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.product.year import product_year
from rssm.workflow.methods import scope_of
from tests import made_inputs

DEKAD = DEKADS.parse("2015D20")
NATIVE = "c_gls_SWI10_201507111200_GLOBE_ASCAT_V3.1.1.nc"


def with_gap_and_snow(fields):
    """Made-up maps with a gap at row 5, column 5, and snow at row 0, column 0."""

    def changed(*arguments):
        made = fields(*arguments)
        made["SIM-1"]["value"][5, 5], made["SIM-1"]["network"][5, 5] = np.nan, -1
        made["SNOW"]["value"][0, 0] = 1
        return made

    return changed


@pytest.fixture(scope="module")
def run(tmp_path_factory, pytestconfig):
    """Results of one dekad, a network file and one native file."""
    root, results = pytestconfig.rootpath, tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made_inputs, "dekad_fields", with_gap_and_snow(made_inputs.dekad_fields))
        land = str(root / "resources" / "land.tif")
        made = made_inputs.make_inputs(results, Region(40, 41, -2, 2), range(DEKAD, DEKAD + 1), land)
    product_year("2015", **made.inputs, spec=made.spec, out=made.out)
    trained = Subnetworks.empty(1, 1, 7, 4)
    trained.status[:], trained.points[:], trained.rmse[:] = 0, 100, 0.05
    for network in ("NN1-1", "NN1-2"):
        path = results / "networks" / network / "N40W002.nc"
        path.parent.mkdir(parents=True)
        store.write(path, trained, ["a", "b", "c", "d"], ["N40W002"], {"network": network})
    index = results / "maps" / "ASCAT-SWI" / "2015.json"
    listed = json.loads(index.read_text())
    listed["maps"]["2015D20"]["files"] = [NATIVE]
    pin = {"bytes": 5, "sha256": sha256(b"moist").hexdigest()}
    listed["native"] = {f"ASCAT-SWI/2015/{NATIVE}": pin}
    index.write_text(json.dumps(listed))
    native = results / "archive" / "ASCAT-SWI" / "2015" / NATIVE
    native.parent.mkdir(parents=True)
    native.write_text("moist")
    config, _ = read_yaml(root / "config" / "tiny.yaml")
    product = {"estimate": "chain", "fill": {"method": "ring"}}
    return scope_of(config | {"product": product, "inputs": {"root": str(results / "archive")}}, root), results


def lines(run, lon=-1.44, lat=40.55):
    return list(trace_of(*run, lon, lat, every_file=False).lines(DEKAD))


def test_a_pixel_leads_to_its_native_files(run):
    text = "\n".join(lines(run))
    digest = sha256(b"moist").hexdigest()[:16]
    assert "row 394, column 1785, zone N40W002" in text
    assert f"{NATIVE}  sha256 {digest}… as before" in text
    assert "network   NN1-" in text and "(ok, 300 points, held-out RMSE 0.0500 m³ m⁻³)" in text
    assert "target  SMAP_E: 2015D10–" in text
    for path in ("product/geotiff/RSSSM_2015D20.tif", "maps/SIM-1/SIM-1_2015D20.tif", "networks/NN1-"):
        assert str(run[1] / path) in text


def test_a_filled_pixel_leads_to_those_it_was_filled_from(run):
    text = "\n".join(lines(run, -1.45, 40.45))
    assert "fill_distance         1_pixels" in text and "network_used          none" in text
    listed = re.search(r"filled    with the mean of simulated pixels 1 away, .*?: (.*) \(° E, ° N\)", text)[1]
    around = {(lon, lat) for lon in (-1.55, -1.45, -1.35) for lat in (40.55, 40.45, 40.35)} - {(-1.45, 40.45)}
    assert {tuple(map(float, place.split())) for place in listed.split("; ")} == around
    assert "network   NN1-" in text and "The way back from the first" in text


def test_a_pixel_as_json_says_what_its_lines_say(run, capsys, monkeypatch):
    scope, results = run[:2]
    monkeypatch.setattr(trace, "scope_in", lambda files: scope)
    assert trace.main(["-1.45", "40.45", "2015D20", "--results", str(results), "--json"]) == 0
    found = Traced.model_validate_json(capsys.readouterr().out)
    assert found.way == lines(run, -1.45, 40.45)
    assert (found.step, found.zone, found.lon) == ("2015D20", "N40W002", -1.45)
    assert found.layers["fill_distance"] == "1_pixels" and found.layers["network_used"] == "none"
    assert "gap_filled" in found.layers["flags"] and found.layers["blocked_rmse"] is None
    shown = next(line for line in found.way if line.strip().startswith("soil_moisture"))
    assert shown.split()[1] == f"{found.layers['soil_moisture']:.4f}"


def test_longitudes_are_printed_as_they_were_asked_for(run):
    shown = [line for line in lines(run, 358.55, 40.45) if "counted over open land" in line]
    assert "358.45 40.45" in shown[0] and "-1.55" not in shown[0]


def test_a_masked_pixel_leads_to_the_masks(run):
    text = "\n".join(lines(run, -1.95, 40.95))
    assert "flags                 snow_ice_observed" in text and "network   " not in text
    assert "mask    SNOW: " in text and "SNOW-CLIMATOLOGY" not in text


def test_a_map_that_was_changed_since_is_named(run):
    path = Path(run[1] / "maps" / "SIM-1" / "SIM-1_2015D20.tif")
    kept = path.read_bytes()
    try:
        path.write_bytes(kept + b" ")
        assert any("simulated" in line and "CHANGED since it was listed" in line for line in lines(run))
    finally:
        path.write_bytes(kept)
    assert not any("CHANGED" in line for line in lines(run))


def test_a_native_file_that_was_changed_since_or_is_gone_is_named(run):
    path = run[1] / "archive" / "ASCAT-SWI" / "2015" / NATIVE
    try:
        path.write_text("moister")
        text = "\n".join(lines(run))
        assert f"{NATIVE}  CHANGED since: 7 bytes, was 5" in text and "1 native file, 1 CHANGED since" in text
    finally:
        path.write_text("moist")
    path.rename(path.with_suffix(".away"))
    try:
        text = "\n".join(lines(run))
        assert f"{NATIVE}  MISSING" in text and "1 native file, 1 MISSING" in text
    finally:
        path.with_suffix(".away").rename(path)


def test_a_place_outside_is_refused(run):
    with pytest.raises(InputError, match="does not hold this place"):
        lines(run, lon=10)
    with pytest.raises(InputError, match="latitude 85 is not within"):
        lines(run, lat=85)
