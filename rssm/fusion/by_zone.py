"""What fusion learnt, as maps of zones that a scientist can read: errors, gains, correlations and weights of products."""

from __future__ import annotations

from collections.abc import Sequence

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.files import Kind
from rssm.fusion.fits import OF_PIXELS, OF_X, read_fits
from rssm.fusion.learnt import Learnt, read_learnt
from rssm.fusion.store import Matched, read_matched
from rssm.grid import parse_corner

BY_ZONE = Kind("what fusion learnt, by zone")
OF_PRODUCTS = {  # field of `Matched` → name, what it is, units
    "error": ("error", "standard deviation of the product's error after matching, by triple collocation", "m3 m-3"),
    "gain": ("gain", "spread of the product over that of what it was matched to, median of pixels", "units of the product per m3 m-3"),
    "correlation": ("correlation", "correlation with what it was matched to, departures from pixels' means", "1"),
    "weight": ("weight", "weight of the product where all products are there", "1"),
    "common": ("common", "pixels x dekads that product and reference share", "1"),
    "status": ("status", "how the product was matched", ""),
}  # fmt: skip
OF_FITS = {  # the same of the joint fit
    "error": ("joint_error", "standard deviation of the product's error, by the joint fit", "units of the product"),
    "gain": ("joint_gain", "gain of the product against the hidden soil moisture", "units of the product per m3 m-3"),
    "correlation": ("joint_correlation", "correlation with the hidden soil moisture", "1"),
    "status": ("joint_status", "what became of the product in the joint fit", ""),
}
OF_ROUNDS = {
    "season": ("chain_share_in_season", "share of the chain of rounds in the season", "1"),
    "departures": ("chain_share_in_departures", "share of the chain of rounds in departures from the season", "1"),
}
OF_ZONES = {
    "mse": ("matched_rmse", "root mean square difference of the matched products from the target, never learnt from", "m3 m-3")
}  # fmt: skip
STATUSES = {
    "status": "no_value matched_to_target matched_to_average_of_matched not_matched",
    "joint_status": "no_value attached too_few_values constant too_few_values_where_anything_is_known",
}


def by_zone(matched: Sequence[str], fitted: Sequence[str], learnt: Sequence[str], out: Sequence[str]) -> None:
    """Write one file of all tiles; matched, fitted (or nothing) and learnt: their files, tile by tile in one order."""
    zones = [part for path in matched for part in read_matched(path, without=("value", "curve", "held_out"))]
    fits = [part for path in fitted for part in read_fits(path, without=(*OF_X, *OF_PIXELS))]
    fused = [read_learnt(path) for path in learnt]
    names = [part.zones[0] for part in zones]
    if names != [name for tile in fused for name in tile.zones] or (fits and names != [fit.zone for fit in fits]):
        raise InputError("matched, fitted and fused tiles hold different zones; make them again.")
    place = _Places.of(names)
    with BY_ZONE.created(out[0]) as file:
        file.setncatts({"Conventions": "CF-1.11", "title": "What fusion of chain and matched products learnt, by zone"})
        place.lay_out(file)
        for dimension, values in (("product", zones[0].products), ("round", fused[0].rounds)):
            file.createDimension(dimension, len(values))
            file.createVariable(dimension, str, (dimension,))[:] = np.array(values, object)
        for field, about in OF_PRODUCTS.items():
            place.write(file, ("product",), about, _of_products(zones, field))
        for field, about in OF_FITS.items() if fits else ():
            place.write(file, ("product",), about, np.stack([getattr(fit.joint.model, field) for fit in fits], axis=1))
        for field, about in OF_ROUNDS.items():
            place.write(file, ("round",), about, _of_rounds(fused, field))
        for field, about in OF_ZONES.items():
            place.write(file, (), about, np.sqrt([getattr(part, field)[0] for part in zones]))
        for name in STATUSES.keys() & file.variables.keys():
            codes = np.arange(len(STATUSES[name].split()), dtype=np.float32)
            file[name].setncatts({"flag_values": codes, "flag_meanings": STATUSES[name]})


def _of_products(zones: Sequence[Matched], field: str) -> NDArray[np.float32]:
    """A field of all zones (product, zone), of the control where there are chains."""
    columns = [getattr(part, field)[0 if field == "error" else slice(None)].reshape(-1) for part in zones]
    return np.stack(columns, axis=1).astype(np.float32)


def _of_rounds(tiles: Sequence[Learnt], field: str) -> NDArray[np.float32]:
    return np.concatenate([getattr(tile, field) for tile in tiles], axis=1)


class _Places:
    """Where zones lie on a map of one-degree zones, north to south."""

    def __init__(self, south: NDArray[np.intp], west: NDArray[np.intp]) -> None:
        self.lat, self.lon = np.arange(south.max(), south.min() - 1, -1), np.arange(west.min(), west.max() + 1)
        self.row, self.column = self.lat[0] - south, west - self.lon[0]

    @classmethod
    def of(cls, names: Sequence[str]) -> _Places:
        corners = np.array([parse_corner(name) for name in names], np.intp)
        return cls(corners[:, 0], corners[:, 1])

    def lay_out(self, file: netCDF4.Dataset) -> None:
        for name, values, units in (("lat", self.lat, "degrees_north"), ("lon", self.lon, "degrees_east")):
            file.createDimension(name, values.size)
            variable = file.createVariable(name, "f8", (name,))
            variable.setncatts({"units": units, "long_name": f"{name} of the middle of the zone"})
            variable[:] = values + 0.5

    def write(
        self, file: netCDF4.Dataset, first: tuple[str, ...], about: tuple[str, str, str], values: NDArray
    ) -> None:
        """One variable from its values (…, zone)."""
        name, meaning, units = about
        laid = np.full((*values.shape[:-1], self.lat.size, self.lon.size), np.nan, np.float32)
        laid[..., self.row, self.column] = values
        variable = file.createVariable(name, "f4", (*first, "lat", "lon"), fill_value=np.float32(np.nan), zlib=True)
        variable.setncatts({"long_name": meaning} | ({"units": units} if units else {}))
        variable[:] = laid
