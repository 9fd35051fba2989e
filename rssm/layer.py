"""A layer of a data set: one declaration that feeds every writer and reader, whatever the method.

A real layer is packed once, as whole steps of `scale`, and the same numbers go into every format; what is written
differs from what was computed by at most half a step (`error`), or by nothing where packing is float32. Layers of codes
and counts are exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # a plan reads declarations, and needs no arrays
    import numpy as np
    from numpy.typing import NDArray

Packing = Literal["int16", "float32"]
MISSING = -32768  # of a packed layer, and nodata of GeoTIFF, where no other layer reaches it
STEP = 1e-4
LARGEST = {"u1": 2**8 - 1, "u2": 2**16 - 1, "u4": 2**32 - 1, "i1": 2**7 - 1, "i2": 2**15 - 1, "i4": 2**31 - 1}
WATER = "volume_fraction_of_condensed_water_in_soil"
SIGMA = f"{WATER} standard_error"
QUALITY, STATUS, COUNT = "quality_flag", "status_flag", "number_of_observations"  # standard names of CF


@dataclass(frozen=True)
class Layer:
    """One layer.

    dtype      of the stored numbers
    low, high  smallest and largest value; what lies beyond is stored as the limit
    real       values are real numbers with gaps (NaN), packed by `STEP`; else whole numbers without gaps
    comment    may hold {period}, what a step is called
    codes      number → its name, of a layer of codes
    bits       number of one bit → what it says, of a layer of flags
    of         estimates of a tile that the layer is the weighted sum of → weights; none: the estimate of its own name
    """

    name: str
    title: str
    units: str
    dtype: str
    low: float
    high: float
    real: bool = False
    standard_name: str | None = None
    comment: str | None = None
    codes: tuple[tuple[int, str], ...] = ()
    bits: tuple[tuple[int, str], ...] = ()
    of: tuple[tuple[str, float], ...] = ()

    @property
    def estimates(self) -> tuple[tuple[str, float], ...]:
        """Estimates of a tile that it is the weighted sum of, with their weights."""
        return self.of or ((self.name, 1.0),)

    @property
    def error(self) -> float:
        """Largest difference between a stored value and the one computed, packed as int16."""
        return STEP / 2 if self.real else 0.0

    def stored_dtype(self, packing: Packing) -> np.dtype[Any]:
        """Type of the stored numbers."""
        import numpy as np

        return np.dtype("f4" if self.real and packing == "float32" else self.dtype)

    def scale(self, packing: Packing) -> float | None:
        """Step of the stored numbers, None where they are the values."""
        return STEP if self.real and packing == "int16" else None

    def missing(self, packing: Packing) -> float | int | None:
        """Stored number of a gap, None for a layer without gaps."""
        if not self.real:
            return None
        return MISSING if packing == "int16" else math.nan

    def pack(self, values: NDArray[Any], packing: Packing) -> NDArray[Any]:
        """Values as they are stored."""
        import numpy as np

        if values.dtype == self.stored_dtype(packing) and not self.real:
            return values
        limited = np.clip(values, self.low, self.high)
        if not self.real or packing == "float32":
            return limited.astype(self.stored_dtype(packing))
        steps = np.rint(limited * np.float32(1 / STEP))
        return np.where(np.isnan(steps), np.float32(MISSING), steps).astype(self.dtype)

    def unpack(self, stored: NDArray[Any], packing: Packing) -> NDArray[Any]:
        """Stored numbers as values."""
        import numpy as np

        if self.scale(packing) is None:
            return stored
        return np.where(stored == MISSING, np.float32(np.nan), stored.astype(np.float32) * np.float32(STEP))

    def bit(self, meaning: str) -> int:
        """Number of the bit that says something; 0 where none says it."""
        return next((bit for bit, said in self.bits if said == meaning), 0)

    def meanings(self, number: int) -> list[str]:
        """What the flags in a number say."""
        return [said for bit, said in self.bits if number & bit == bit]


def real(name: str, title: str, standard_name: str, comment: str, low: float = 0.0, **named: Any) -> Layer:
    """A layer of real numbers up to 1, in m³ m⁻³ if they have no sign; `named` as in `Layer`."""
    return Layer(name, title, "m3 m-3" if low == 0 else "1", "i2", low, 1.0, True, standard_name, comment, **named)


def whole(
    name: str, title: str, dtype: str, standard_name: str, comment: str | None = None, low: int = 0, **named: Any
) -> Layer:
    """A layer of whole numbers: counts, codes or flags; `named` as in `Layer`."""
    units, high = "1" if standard_name == COUNT else "", LARGEST[dtype]
    return Layer(name, title, units, dtype, low, high, False, standard_name, comment, **named)
