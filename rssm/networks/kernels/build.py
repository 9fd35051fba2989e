"""Every kernel that jobs call, as a C function, compiled all compiled into one object file."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from rssm.files import atomic
from rssm.networks.kernels.apply import apply_part
from rssm.networks.kernels.codes import DIMENSIONS
from rssm.networks.kernels.compiled import c_function, compiled, object_code, skip_machine_code
from rssm.networks.kernels.memory import begin, pointer, zeros
from rssm.networks.kernels.recipe import Recipe
from rssm.networks.kernels.zone import Results, Zones, train_zone

f4, f8, i1, i4, i8, u1, u8, b1 = np.float32, np.float64, np.int8, np.int32, np.int64, np.uint8, np.uint64, np.bool_
WORDS = 1 + DIMENSIONS  # of an array: its address and its lengths


@compiled
def axis(arrays, k, kind):  # type: ignore[no-untyped-def]
    """Array number k, of one dimension."""
    at = WORDS * k
    return carray(pointer(arrays[at]), (arrays[at + 1],), kind)


@compiled
def plane(arrays, k, kind):  # type: ignore[no-untyped-def]
    """Array number k, of two dimensions."""
    at = WORDS * k
    return carray(pointer(arrays[at]), (arrays[at + 1], arrays[at + 2]), kind)


@compiled
def cube(arrays, k, kind):  # type: ignore[no-untyped-def]
    """Array number k, of three dimensions."""
    at = WORDS * k
    return carray(pointer(arrays[at]), (arrays[at + 1], arrays[at + 2], arrays[at + 3]), kind)


@compiled
def block(arrays, k, kind):  # type: ignore[no-untyped-def]
    """Array number k, of four dimensions."""
    at = WORDS * k
    return carray(pointer(arrays[at]), (arrays[at + 1], arrays[at + 2], arrays[at + 3], arrays[at + 4]), kind)


@compiled
def train(scratch, integers, a):  # type: ignore[no-untyped-def]
    """Train a zone. Integers: the zone. Arrays: as `Zones`, `Recipe` and `Results` name them."""
    zones = Zones(cube(a, 0, f4), plane(a, 1, f4), plane(a, 2, f4), axis(a, 3, u1), axis(a, 4, i8), plane(a, 5, u8),
                  axis(a, 6, i4), axis(a, 7, i1))  # fmt: skip
    r = axis(a, 8, f8)
    recipe = Recipe(
        int(r[0]),
        int(r[1]),
        int(r[2]),
        int(r[3]),
        r[4],
        r[5],
        int(r[6]),
        int(r[7]),
        int(r[8]),
        int(r[9]),
        int(r[10]),
        r[11],
        int(r[12]),
    )
    out = Results(
        block(a, 9, f4), cube(a, 10, f4), cube(a, 11, f4), plane(a, 12, f4),
        plane(a, 13, f8), plane(a, 14, f8), plane(a, 15, f4), plane(a, 16, f4), plane(a, 17, f8), plane(a, 18, f8),
        cube(a, 19, i4), cube(a, 20, f4), cube(a, 21, f4), plane(a, 22, i4), plane(a, 23, f4), plane(a, 24, f4),
        plane(a, 25, i1),
    )  # fmt: skip
    train_zone(scratch, integers[0], zones, recipe, out)


@compiled
def apply(scratch, integers, a):  # type: ignore[no-untyped-def]
    """Apply subnetworks to points. Integers: first point, last, whether inputs are clipped. Arrays: as `predict`."""
    networks = (
        block(a, 0, f4), cube(a, 1, f4), plane(a, 2, f4), plane(a, 3, f4),
        plane(a, 4, b1), plane(a, 5, f4), plane(a, 6, f4), plane(a, 7, b1),
    )  # fmt: skip
    x, zone_index, estimates, outside = plane(a, 8, f4), axis(a, 9, i8), plane(a, 10, f4), axis(a, 11, f4)
    apply_part(scratch, integers[0], integers[1], integers[2], networks, x, zone_index, estimates, outside)


@compiled
def probe(scratch, integers, a):  # type: ignore[no-untyped-def]
    """Sum the items of an array, each times its place, from what scratch memory holds; see `loader.sound`."""
    numbers, out = plane(a, 0, f4), axis(a, 1, f8)
    copy = zeros(begin(scratch), numbers.shape, np.float64)
    for i in range(numbers.shape[0]):
        for j in range(numbers.shape[1]):
            copy[i, j] = numbers[i, j] * (integers[0] * i + integers[1] * j)
            out[0] += copy[i, j]


KERNELS = {"train": train, "apply": apply, "probe": probe}


def compile_all(path: str, quick: str) -> None:
    """Compile every kernel into the object file `path`; quick: "quick", or "plain" without help from numba's insides."""
    if quick == "quick":
        skip_machine_code()
    code = object_code(KERNELS)
    with atomic(path) as beside:
        beside.write_bytes(code)


def compiled_here() -> dict[str, Any]:
    """Every kernel compiled in this process by numba alone, by name; whoever holds it keeps the machine code."""
    return {name: c_function(kernel) for name, kernel in KERNELS.items()}
