"""Tables of scores as NetCDF: one row a number, columns of words and of numbers; xarray and pandas open them as they are.

Words are stored once, and rows hold their places: `flag_meanings` names them, in the order of the numbers from 0 on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.files import Kind
from rssm.validation.statistics.status import Status

SCORES = Kind("scores")
Column = NDArray[Any]
Table = dict[str, Column]
NOTHING = "-"  # a word that is not there


def table_of(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Table:
    """Rows as columns.

    columns  name → type: `word`, `status`, or one of numpy's
    """
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = {"word": object, "status": np.int8}
    return {
        name: np.array(values, kinds.get(kind, kind))
        for (name, kind), values in zip(columns.items(), cells, strict=True)
    }


def write_tables(path: str | Path, tables: Mapping[str, Table], about: Mapping[str, Any]) -> None:
    """Write tables, each as a group of its own.

    about  global attributes
    """
    with SCORES.created(path) as file:
        file.setncatts(dict(about))
        for name, table in tables.items():
            group = file.createGroup(name)
            group.createDimension("row", len(next(iter(table.values()))))
            for column, values in table.items():
                words = None
                if values.dtype == object:
                    words, values = _coded(values)
                elif values.dtype == np.int8:
                    words = [status.word for status in Status]
                variable = group.createVariable(column, values.dtype, ("row",), zlib=True)
                if values.dtype == np.int8:
                    variable.setncatts({"flag_values": np.array(list(Status), np.int8)})
                elif words is not None:
                    variable.setncatts({"flag_values": np.arange(len(words), dtype=values.dtype)})
                if words is not None:
                    variable.setncatts({"flag_meanings": " ".join(words)})
                variable[:] = values


def read_table(path: str | Path, name: str) -> Table:
    """Read a table; columns of words and statuses come back as words."""
    with SCORES.opened(path) as file:
        out = {}
        for column, variable in file[name].variables.items():
            values = variable[:]
            if "flag_meanings" in variable.ncattrs():
                words = np.array(str(variable.flag_meanings).split(), object)
                values = words[np.searchsorted(np.atleast_1d(variable.flag_values), values)] if len(words) else values
            out[column] = values
        return out


def _coded(words: Column) -> tuple[list[str], NDArray[np.int32]]:
    """The different words, and which of them each is; blanks become underscores, or they could not be distinguished."""
    known: dict[str, int] = {}
    codes = [known.setdefault(word or NOTHING, len(known)) for word in words.tolist()]
    return [word.replace(" ", "_") for word in known], np.array(codes, np.int32)
