"""How all figures look, and how they are kept: SVG, PNG, and what they show beside them as CSV or NetCDF.

The same figure is the same file: no dates, no versions, no random names.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray

from rssm.files import Kind, atomic
from rssm.grid import Area

STYLE = {
    "svg.hashsalt": "rssm",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "savefig.dpi": 150,
    "hatch.linewidth": 0.6,
}
MAPPED = Kind("map of a figure")


def sheet(width: float, height: float) -> Figure:
    """An empty figure; sizes in inches."""
    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.06))


def keep(figure: Figure, columns: Sequence[str], rows: Iterable[Sequence[Any]], out: Sequence[str]) -> None:
    """Write a figure and its data.

    out  SVG, PNG, CSV
    """
    _pictures(figure, out)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    with atomic(out[2]) as beside:
        beside.write_text(text.getvalue(), encoding="utf-8")


def keep_map(
    figure: Figure, fields: Mapping[str, NDArray[Any]], area: Area, units: Mapping[str, str], out: Sequence[str]
) -> None:
    """Write a figure of maps and its data.

    fields  name → what a map shows (row, column)
    units   name → its unit, as CF writes it; `1` where it says nothing
    out     SVG, PNG, NetCDF
    """
    _pictures(figure, out)
    window = area.window
    with MAPPED.created(out[2]) as file:
        file.setncatts({"Conventions": "CF-1.11", "grid": area.grid_id})
        centres = {
            "lat": (area.grid.row_centres(window), "latitude", "degrees_north"),
            "lon": (area.grid.column_centres(window), "longitude", "degrees_east"),
        }
        for name, (values, standard, unit) in centres.items():
            file.createDimension(name, values.size)
            axis = file.createVariable(name, "f8", (name,))
            axis.setncatts({"standard_name": standard, "units": unit})
            axis[:] = values
        for name, values in fields.items():
            kind = values.astype(np.float32) if values.dtype.kind == "f" else values.astype(np.int32)
            fill = {"fill_value": np.nan} if values.dtype.kind == "f" else {}
            layer = file.createVariable(name, kind.dtype, ("lat", "lon"), zlib=True, complevel=1, **fill)
            layer.units = units.get(name, "1")
            layer[:] = kind


def _pictures(figure: Figure, out: Sequence[str]) -> None:
    """SVG and PNG."""
    with matplotlib.rc_context(STYLE):
        figure.draw_without_rendering()
        figure.set_layout_engine(None)  # laid out once, not for every format: savefig would draw it for that once more
        with atomic(out[0]) as beside:
            figure.savefig(beside, metadata={"Date": None, "Creator": "rssm"})
        with atomic(out[1]) as beside:
            figure.savefig(beside, metadata={"Software": None})


def _cell(value: Any) -> Any:
    """Six digits of a number; nothing where there is none."""
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return value
