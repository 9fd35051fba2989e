"""What the readers of CF files share: variables with named dimensions, their attributes, and those of the file.

HDF5 files are read through h5py: the NetCDF library reads every attribute when it opens a file, and a damaged one may
keep it busy forever. Classic files go through netCDF4.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import failures_of_libraries
from rssm.archive.damage.file_format import check_format
from rssm.archive.damage.hdf5_attributes import attributes_of, global_text, read_attribute
from rssm.archive.listing import Found
from rssm.archive.readers.chunks import is_numbers, read_part
from rssm.archive.readers.decode import ASKED_FOR, text_of

_EMPTY_SCALE = "This is a netCDF dimension but not a netCDF variable"


@dataclass(frozen=True)
class Variable:
    """One array of numbers of an open file; dimensions are named by the paths of their coordinates."""

    path: str
    source: Any  # h5py.Dataset or netCDF4.Variable

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return _dimensions(self.path, self.source) if isinstance(self.source, h5py.Dataset) else self.source.dimensions

    def says(self, attribute: str) -> bool:
        """Whether it has an attribute, which is not read."""
        source = self.source
        return attribute in (source.attrs if isinstance(source, h5py.Dataset) else source.ncattrs())

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.source.shape)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def group(self) -> str:
        """Path of its group, with a / at its end unless it is empty."""
        return self.path[: len(self.path) - len(self.name)]

    @cached_property
    def attributes(self) -> dict[str, Any]:
        """What says how the numbers are meant."""
        if isinstance(self.source, h5py.Dataset):
            return attributes_of(self.source, ASKED_FOR)
        return {name: self.source.getncattr(name) for name in self.source.ncattrs()}

    def __getitem__(self, index: Any) -> NDArray[Any]:
        """Stored numbers; classic files have no unsigned types and say so in an attribute."""
        cells = (slice(None),) * len(self.shape) if index is Ellipsis else index
        numbers = read_part(self.source, cells) if isinstance(self.source, h5py.Dataset) else self.source[cells]
        numbers = np.asarray(numbers)
        if numbers.dtype.kind == "i" and text_of(self.attributes.get("_Unsigned", "")).lower() == "true":
            return numbers.view(f"u{numbers.dtype.itemsize}")
        return numbers


class Variables(Mapping[str, Variable]):
    """Numeric variables of an open file by their path."""

    @abstractmethod
    def said(self, name: str) -> str:
        """A global attribute as text, empty where there is none; the name of a group and a / may stand before it."""

    @abstractmethod
    def attributes_at(self, path: str, names: Collection[str]) -> dict[str, Any]:
        """Attributes with one of these names of a variable of any kind; empty where there is no such variable."""

    @abstractmethod
    def texts(self, path: str) -> list[str]:
        """Values of a variable of texts, or of rows of letters; empty where there is no such variable."""


@contextmanager
def open_cf(found: Found) -> Iterator[Variables]:
    """Variables of a file by their path, while it is open."""
    kind = check_format(found.path, "HDF5", "NetCDF-3")
    with failures_of_libraries():
        if kind == "HDF5":
            with h5py.File(found.path, "r", locking=False) as file:
                yield _Hdf5(file)
        else:
            import netCDF4  # not for every job: it starts slowly

            with netCDF4.Dataset(found.path, "r") as data:
                data.set_auto_maskandscale(False)  # masking by the library would hide codes and believe wrong ranges
                yield _Classic(data)


class _Classic(Variables):
    """Numeric variables of a classic NetCDF file."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._variables = {
            name: Variable(name, variable) for name, variable in data.variables.items() if variable.dtype.kind in "iuf"
        }

    def said(self, name: str) -> str:
        return text_of(self._data.getncattr(name)) if name in self._data.ncattrs() else ""

    def attributes_at(self, path: str, names: Collection[str]) -> dict[str, Any]:
        variable = self._data.variables.get(path)
        return (
            {name: variable.getncattr(name) for name in variable.ncattrs() if name in names}
            if variable is not None
            else {}
        )

    def texts(self, path: str) -> list[str]:
        variable = self._data.variables.get(path)
        return _texts(variable[...]) if variable is not None and variable.dtype.kind == "S" else []

    def __getitem__(self, path: str) -> Variable:
        return self._variables[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


class _Hdf5(Variables):
    """Numeric data sets of an HDF5 file by their path, opened when asked for."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._paths: list[str] = []  # an object of two names is visited once, and links are not
        self._opened: dict[str, Variable] = {}
        file.visit(self._paths.append)

    def said(self, name: str) -> str:
        return global_text(self._file, name)

    def attributes_at(self, path: str, names: Collection[str]) -> dict[str, Any]:
        item = self._file.get(path)
        return attributes_of(item, names) if isinstance(item, h5py.Dataset) else {}

    def texts(self, path: str) -> list[str]:
        item = self._file.get(path)
        known = isinstance(item, h5py.Dataset) and item.shape is not None and h5py.check_string_dtype(item.dtype)
        return _texts(item[...]) if known else []

    def __getitem__(self, path: str) -> Variable:
        if path not in self._opened:
            item = self._file[path] if path in self._paths or path in self._file else None
            if not is_numbers(item):
                raise KeyError(path)
            self._opened[path] = Variable(path, item)
        return self._opened[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    @cached_property
    def _listed(self) -> list[str]:
        return [path for path in self._paths if path in self and not _is_bare(self[path])]


def _texts(values: Any) -> list[str]:
    """Texts of an array of them; letters along a last dimension are joined."""
    array = np.ma.filled(values, b"") if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
    if array.dtype == "S1" and array.ndim:
        return [text_of(b"".join(row)) for row in array.reshape(-1, array.shape[-1]).tolist()]
    return [text_of(text) for text in array.ravel().tolist()]


def _dimensions(path: str, item: h5py.Dataset) -> tuple[str, ...]:
    """Paths of the scales of a data set; a dimension without one is called after its length."""
    names = [f"{length} cells" for length in item.shape]
    if "DIMENSION_LIST" in item.attrs:
        for position, references in enumerate(read_attribute(item, "DIMENSION_LIST")):
            if len(references) and position < len(names):
                names[position] = h5py.h5r.get_name(references[0], item.id).decode().lstrip("/")
    elif "REFERENCE_LIST" in item.attrs and item.ndim == 1:
        names = [path]
    return tuple(names)


def coordinate_of(there: Variables, variable: Variable, dimension: str) -> Variable | None:
    """The 1-D variable along a dimension and of its name."""
    for path in (dimension, f"{variable.path.rpartition('/')[0]}/{dimension}"):
        if path in there and there[path].dimensions == (dimension,):
            return None if _is_bare(there[path]) else there[path]
    return None


def kind_of(coordinate: Variable) -> str:
    """`x`, `y` or `t`, from name and units; empty for anything else."""
    name, units = coordinate.name.lower(), units_of(coordinate)
    if name in ("time", "valid_time") or " since " in units:
        return "t"
    if name == "y" or name.startswith("lat") or units.startswith("degrees_n"):
        return "y"
    if name == "x" or name.startswith("lon") or units.startswith("degrees_e"):
        return "x"
    return ""


def units_of(variable: Variable) -> str:
    """Units of a variable, in small letters."""
    return next((text_of(variable.attributes[n]).lower() for n in ("units", "Units") if n in variable.attributes), "")


def _is_bare(variable: Variable) -> bool:
    """Whether a data set only stands for a dimension that has no coordinates."""
    if not isinstance(variable.source, h5py.Dataset) or not variable.says("NAME"):
        return False
    return text_of(read_attribute(variable.source, "NAME")).startswith(_EMPTY_SCALE)
