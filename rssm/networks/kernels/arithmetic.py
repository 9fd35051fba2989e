"""Arithmetic on one block of points: what takes the time, written so that it fills the vector registers.

A block holds its points side by side: one row per input (feature-major, the last input is the constant 1 that
carries the bias) and one row per hidden node. The number of inputs is known only at run time; hidden nodes come in
groups of seven and inputs in groups of four (two in `products`), which is what the registers hold at once; rows are
padded with zeros up to that.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.blocks import GROUP
from rssm.networks.kernels.compiled import compiled

f32 = np.float32
F32 = NDArray[np.float32]


@compiled
def tanh(x: np.float32) -> np.float32:
    """Rational approximation of tanh, right to 3e-7."""
    x = min(max(x, f32(-7.9053111)), f32(7.9053111))
    s = x * x
    p = s * f32(-2.76076847742355e-16) + f32(2.00018790482477e-13)
    p = s * p + f32(-8.60467152213735e-11)
    p = s * p + f32(5.12229709037114e-08)
    p = s * p + f32(1.48572235717979e-05)
    p = s * p + f32(6.37261928875436e-04)
    p = s * p + f32(4.89352455891786e-03)
    q = s * f32(1.19825839466702e-06) + f32(1.18534705686654e-04)
    q = s * q + f32(2.26843463243900e-03)
    q = s * q + f32(4.89352518554385e-03)
    return x * p / q


@compiled
def activate(weights: F32, x: F32, h: F32, n: int) -> None:
    """h = tanh(weights @ x) for the first n points: weights (hidden, input), x (input, point), h (hidden, point)."""
    for k in range(weights.shape[0]):
        row = h[k]
        for p in range(n):
            row[p] = f32(0)
        for j in range(0, weights.shape[1], 4):
            w0, w1, w2, w3 = weights[k, j], weights[k, j + 1], weights[k, j + 2], weights[k, j + 3]
            x0, x1, x2, x3 = x[j], x[j + 1], x[j + 2], x[j + 3]
            for p in range(n):
                row[p] += w0 * x0[p] + w1 * x1[p] + w2 * x2[p] + w3 * x3[p]
        for p in range(n):
            row[p] = tanh(row[p])


@compiled
def products(a: F32, b: F32, columns: int, n: int, out: NDArray[np.float64]) -> None:
    """out += a @ b.T over the first n points: a (multiple of 7, point), b (≥ columns, point), columns even."""
    for i in range(0, a.shape[0], GROUP):
        a0, a1, a2, a3, a4, a5, a6 = a[i], a[i + 1], a[i + 2], a[i + 3], a[i + 4], a[i + 5], a[i + 6]
        for j in range(0, columns, 2):
            b0, b1 = b[j], b[j + 1]
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = f32(0)
            t0 = t1 = t2 = t3 = t4 = t5 = t6 = f32(0)
            for p in range(n):
                u, v = b0[p], b1[p]
                s0 += a0[p] * u
                s1 += a1[p] * u
                s2 += a2[p] * u
                s3 += a3[p] * u
                s4 += a4[p] * u
                s5 += a5[p] * u
                s6 += a6[p] * u
                t0 += a0[p] * v
                t1 += a1[p] * v
                t2 += a2[p] * v
                t3 += a3[p] * v
                t4 += a4[p] * v
                t5 += a5[p] * v
                t6 += a6[p] * v
            for k, s in enumerate((s0, s1, s2, s3, s4, s5, s6)):
                out[i + k, j] += s
            for k, t in enumerate((t0, t1, t2, t3, t4, t5, t6)):
                out[i + k, j + 1] += t


@compiled
def weigh(w: F32, h: F32, n: int, out: F32, sums: NDArray[np.float64]) -> None:
    """out = w · h for every row of h, and sums += their sums over the first n points."""
    for k in range(out.shape[0]):
        row, product = h[k], out[k]
        total = f32(0)
        for p in range(n):
            value = w[p] * row[p]
            product[p] = value
            total += value
        sums[k] += total


@compiled
def residuals(v: F32, bias: np.float32, h: F32, y: F32, n: int, r: F32) -> None:
    """r = y − bias − v @ h for the first n points; v padded with zeros to a multiple of 7."""
    for p in range(n):
        r[p] = y[p] - bias
    for k in range(0, v.shape[0], GROUP):
        h0, h1, h2, h3, h4, h5, h6 = h[k], h[k + 1], h[k + 2], h[k + 3], h[k + 4], h[k + 5], h[k + 6]
        v0, v1, v2, v3, v4, v5, v6 = v[k], v[k + 1], v[k + 2], v[k + 3], v[k + 4], v[k + 5], v[k + 6]
        for p in range(n):
            r[p] -= v0 * h0[p] + v1 * h1[p] + v2 * h2[p] + v3 * h3[p] + v4 * h4[p] + v5 * h5[p] + v6 * h6[p]


@compiled
def weighted_square(w: F32, r: F32, n: int) -> np.float32:
    """Sum of w r² over the first n points; r becomes w r."""
    total = f32(0)
    for p in range(n):
        value = w[p] * r[p]
        total += value * r[p]
        r[p] = value
    return total


@compiled
def slopes(v: F32, h: F32, r: F32, n: int, out: F32) -> None:
    """out = r v (1 − h²): how the residual sum responds to the input of each hidden node."""
    for k in range(out.shape[0]):
        row, slope, vk = h[k], out[k], v[k]
        for p in range(n):
            slope[p] = r[p] * vk * (f32(1) - row[p] * row[p])
