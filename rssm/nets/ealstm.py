"""An entity-aware LSTM: a memory of days whose input gate sees only what never changes at a place.

    f, o = σ(W [h, x, 1])    g = tanh(W [h, x, 1])    i = σ(statics · weight_sh + bias_s)
    c ← cap · f c + i g      h = o tanh c             y = head · h + head_bias

It is numpy alone: a step is one product of matrices and a dozen sweeps over arrays that stay in the cache. Sequences are
columns, (…, sequence), so that every gate is one unbroken piece of memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]


@dataclass(frozen=True)
class EaLstm:
    """Weights, float32, which training changes in place. Gates stand in the order f, o, g.

    weight_ih  (dynamic, 3 · unit)
    weight_hh  (unit, 3 · unit)
    weight_sh  (static, unit)
    bias       (3 · unit,)
    bias_s     (unit,)
    head       (unit,)
    head_bias  (1,)
    cap        largest share of the memory that a step may keep
    """

    weight_ih: F4
    weight_hh: F4
    weight_sh: F4
    bias: F4
    bias_s: F4
    head: F4
    head_bias: F4
    cap: float = 1.0

    @property
    def units(self) -> int:
        return int(self.head.size)

    @property
    def arrays(self) -> dict[str, F4]:
        """Weights by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "cap"}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.floating]], cap: float) -> EaLstm:
        """The network of stored weights."""
        names = [field.name for field in fields(cls) if field.name != "cap"]
        return cls(**{name: np.ascontiguousarray(arrays[name], np.float32) for name in names}, cap=cap)


def initial(
    dynamic: int, static: int, units: int, forget_bias: float, cap: float, uniform: NDArray[np.float64]
) -> EaLstm:
    """A network before learning: orthogonal input weights, identities from step to step, no biases but the forget gate's.

    uniform  at least (dynamic + static + 1) · 3 · units numbers in (0, 1) to start from
    """
    sizes = (dynamic * 3 * units, static * units, units)
    parts = np.split(uniform[: sum(sizes)], np.cumsum(sizes)[:-1])
    bias = np.zeros(3 * units, np.float32)
    bias[:units] = forget_bias
    return EaLstm(
        weight_ih=_orthogonal(parts[0].reshape(dynamic, 3 * units)),
        weight_hh=np.tile(np.eye(units, dtype=np.float32), 3),
        weight_sh=_orthogonal(parts[1].reshape(static, units)),
        bias=bias,
        bias_s=np.zeros(units, np.float32),
        head=((2 * parts[2] - 1) / np.sqrt(units)).astype(np.float32),
        head_bias=np.zeros(1, np.float32),
        cap=cap,
    )


def _orthogonal(uniform: NDArray[np.float64]) -> F4:
    """Rows (or columns, of a tall matrix) at right angles, of length 1."""
    tall = uniform.T if uniform.shape[0] < uniform.shape[1] else uniform
    q, r = np.linalg.qr(tall - 0.5)
    q = q * np.sign(np.diag(r))  # or its signs would be the library's choice
    return np.ascontiguousarray(q.T if tall is not uniform else q, np.float32)


class Memory:
    """Arrays that outlast a call: fresh ones of this size cost as much time as a third of the arithmetic."""

    def __init__(self) -> None:
        self._kept: dict[str, F4] = {}

    def array(self, name: str, *shape: int) -> F4:
        """An array of that shape, of any content; the one of that name before it is lost."""
        size = prod(shape)
        if name not in self._kept or self._kept[name].size < size:
            self._kept[name] = np.empty(size, np.float32)
        return self._kept[name][:size].reshape(shape)


class Trace(NamedTuple):
    """All that `backward` needs of `forward`.

    joined   (step + 1, unit + dynamic + 1, sequence) h before each step, x, 1
    gates    (step, 3 · unit, sequence) f without its cap, o, g
    cell     (step + 1, unit, sequence) c before each step
    squashed (step, unit, sequence) tanh c after each step
    opened   (unit, sequence) i
    outputs  (unit, sequence) head of each sequence, without the units that it does without
    """

    joined: F4
    gates: F4
    cell: F4
    squashed: F4
    opened: F4
    outputs: F4

    @property
    def hidden(self) -> F4:
        """(step, unit, sequence) h after each step."""
        return self.joined[1:, : self.opened.shape[0]]


def forward(
    net: EaLstm,
    x: F4,
    statics: F4,
    kept: F4 | None = None,
    since: int = 0,
    start: tuple[F4, F4] | None = None,
    memory: Memory | None = None,
) -> tuple[F4, Trace]:
    """Output (step − since, sequence) of the steps from `since` on, and the trace of all steps.

    x        (step, dynamic, sequence)
    statics  (static, sequence)
    kept     (unit, sequence) factor of each unit in the output: 0, or 1 / share kept; None: 1
    start    h and c (unit, sequence) before the first step; None: 0
    memory   that the trace lies in, until the next call with it
    """
    array = (memory or Memory()).array
    (steps, dynamic, columns), units = x.shape, net.units
    weights = _joined_weights(net)
    joined = array("joined", steps + 1, units + dynamic + 1, columns)
    joined[:-1, units:-1], joined[:, -1] = x, 1
    gates, squashed = array("gates", steps, 3 * units, columns), array("squashed", steps, units, columns)
    cell = array("cell", steps + 1, units, columns)
    joined[0, :units], cell[0] = (0, 0) if start is None else start
    opened, scratch = input_gate(net, statics), np.empty((units, columns), np.float32)
    outputs = np.repeat(net.head[:, None], columns, 1) if kept is None else net.head[:, None] * kept
    y = np.empty((steps - since, columns), np.float32)
    for t in range(steps):
        _cell(weights, net.cap, joined[t], gates[t], cell[t], opened, cell[t + 1], scratch)
        h = joined[t + 1, :units]
        np.tanh(cell[t + 1], out=squashed[t])
        np.multiply(gates[t, units : 2 * units], squashed[t], out=h)
        if t >= since:
            np.multiply(h, outputs, out=scratch)
            np.sum(scratch, axis=0, out=y[t - since])
    y += net.head_bias
    return y, Trace(joined, gates, cell, squashed, opened, outputs)


def _joined_weights(net: EaLstm) -> F4:
    """(3 · unit, unit + dynamic + 1) for [h, x, 1]; halved for f and o, because σ(z) = (1 + tanh(z / 2)) / 2."""
    weights = np.concatenate([net.weight_hh, net.weight_ih, net.bias[None]]).T.copy()
    weights[: 2 * net.units] *= 0.5
    return weights


def input_gate(net: EaLstm, statics: F4) -> F4:
    """i (unit, sequence) of statics (static, sequence)."""
    return (0.5 + 0.5 * np.tanh(0.5 * (net.weight_sh.T @ statics + net.bias_s[:, None]))).astype(np.float32)


def _cell(weights: F4, cap: float, joined: F4, gates: F4, before: F4, opened: F4, after: F4, scratch: F4) -> None:
    """One step: gates, and the memory after it."""
    units = before.shape[0]
    np.matmul(weights, joined, out=gates)
    np.tanh(gates, out=gates)
    sigmoids = gates[: 2 * units]
    sigmoids *= np.float32(0.5)
    sigmoids += np.float32(0.5)
    np.multiply(gates[:units], before, out=after)
    if cap != 1:
        after *= np.float32(cap)
    np.multiply(opened, gates[2 * units :], out=scratch)
    after += scratch


def backward(net: EaLstm, trace: Trace, statics: F4, slope: F4, kept: F4 | None = None) -> dict[str, F4]:
    """Gradients of all weights, by name, from the slope (step, sequence) of a loss along the output of the last steps."""
    units, columns = trace.opened.shape
    dynamic = trace.joined.shape[1] - units - 1
    weights = np.concatenate([net.weight_hh, net.weight_ih, net.bias[None]]).T
    back = np.ascontiguousarray(weights[:, :units].T)
    total, part = np.zeros(weights.shape, np.float32), np.empty(weights.shape, np.float32)
    dh, dc, di, dhead = (np.zeros((units, columns), np.float32) for _ in range(4))
    dz, scratch = np.empty((3 * units, columns), np.float32), np.empty((units, columns), np.float32)
    since = len(trace.gates) - len(slope)
    for t in range(len(trace.gates) - 1, -1, -1):
        if t >= since:
            np.multiply(trace.outputs, slope[t - since], out=scratch)
            dh += scratch
            np.multiply(trace.hidden[t], slope[t - since], out=scratch)
            dhead += scratch
        _cell_back(net.cap, trace, t, dh, dc, di, dz, scratch)
        np.matmul(back, dz, out=dh)
        np.matmul(dz, trace.joined[t].T, out=part)
        total += part
    ds = di * trace.opened * (1 - trace.opened)
    return {
        "weight_ih": total[:, units : units + dynamic].T,
        "weight_hh": total[:, :units].T,
        "weight_sh": statics @ ds.T,
        "bias": total[:, -1],
        "bias_s": ds.sum(axis=1),
        "head": (dhead if kept is None else dhead * kept).sum(axis=1),
        "head_bias": np.array([slope.sum()]),
    }


def _cell_back(cap: float, trace: Trace, t: int, dh: F4, dc: F4, di: F4, dz: F4, scratch: F4) -> None:
    """One step back: the slope along the gates' sums into `dz`, along the memory before the step into `dc`."""
    units, one = dh.shape[0], np.float32(1)
    f, o, g = (trace.gates[t, k * units : (k + 1) * units] for k in range(3))
    df, do, dg = (dz[k * units : (k + 1) * units] for k in range(3))
    squashed = trace.squashed[t]
    dh *= o  # dh o (1 − tanh² c) for the memory, dh o (1 − o) tanh c for the output gate
    np.multiply(dh, squashed, out=scratch)
    np.subtract(one, o, out=do)
    do *= scratch
    scratch *= squashed
    dc += dh
    dc -= scratch
    np.multiply(dc, g, out=scratch)
    di += scratch
    scratch *= g  # dc i (1 − g²)
    np.subtract(dc, scratch, out=dg)
    dg *= trace.opened
    dc *= f  # dc f (1 − f) c
    if cap != 1:
        dc *= np.float32(cap)
    np.subtract(one, f, out=df)
    df *= dc
    df *= trace.cell[t]


class Runner:
    """A network that runs on, with a state that outlasts the call: what simulation needs, without a trace.

    Its columns are fixed: the last bits of a product of matrices may depend on how many there are.
    """

    def __init__(self, net: EaLstm, statics: F4) -> None:
        """statics  (static, sequence)"""
        units, columns = net.units, statics.shape[1]
        self.net, self.weights, self.opened = net, _joined_weights(net), input_gate(net, statics)
        self.joined = np.ones((units + net.weight_ih.shape[0] + 1, columns), np.float32)
        self.hidden = self.joined[:units]
        self.hidden[:] = 0
        self.memory, self._after = (np.zeros((units, columns), np.float32) for _ in range(2))
        self._gates, self._scratch = (np.empty((n * units, columns), np.float32) for n in (3, 1))

    def run(self, x: F4) -> F4:
        """Output (step, sequence) of x (step, dynamic, sequence); where x is NaN there is none, and the state stays."""
        units = self.net.units
        y = np.empty((len(x), x.shape[2]), np.float32)
        missing = np.asarray(np.isnan(x).any(axis=1))
        for t in range(len(x)):
            gap = missing[t] if missing[t].any() else None
            kept = None if gap is None else self.hidden[:, gap].copy()
            self.joined[units:-1] = x[t] if gap is None else np.where(gap, 0, x[t])
            _cell(
                self.weights,
                self.net.cap,
                self.joined,
                self._gates,
                self.memory,
                self.opened,
                self._after,
                self._scratch,
            )
            np.tanh(self._after, out=self._scratch)
            np.multiply(self._gates[units : 2 * units], self._scratch, out=self.hidden)
            if gap is not None:
                self.hidden[:, gap], self._after[:, gap] = kept, self.memory[:, gap]
            self.memory, self._after = self._after, self.memory
            np.matmul(self.net.head, self.hidden, out=y[t])
        y += self.net.head_bias
        y[missing] = np.nan
        return y
