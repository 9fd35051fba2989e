"""The same network in torch, eager as SoMo.ml's code of origin has it: run by `bench.somo.speed` with a python that has torch.

PYTHON torch_rival.py PROBLEM.npz RESULT.npz
"""

from __future__ import annotations

import sys
from time import process_time
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]

torch.set_num_threads(1)


def states(p: dict[str, Any], x: Any, opened: Any) -> list[Any]:
    """h (sequence, unit) of every step of x (step, sequence, dynamic)."""
    h = c = torch.zeros_like(opened)
    bias, out = p["bias"].expand(x.shape[1], -1), []
    for now in x:
        f, o, g = (torch.addmm(bias, h, p["weight_hh"]) + now @ p["weight_ih"]).chunk(3, 1)
        c = torch.sigmoid(f) * c + opened * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        out.append(h)
    return out


def main() -> None:
    """Train on the batches of a problem, then run one of them without gradients."""
    given = np.load(sys.argv[1])
    p = {k[2:]: torch.tensor(given[k], requires_grad=True) for k in given if k.startswith("p_")}
    x, s = torch.tensor(given["x"]).permute(0, 1, 3, 2).contiguous(), torch.tensor(given["s"]).permute(0, 2, 1)
    y, kept, share = (torch.tensor(given[k]) for k in ("y", "kept", "share"))
    scored = y.shape[1]
    adam, losses, seconds = torch.optim.Adam(p.values(), lr=float(given["rate"])), [], []
    for n in range(len(x)):
        start = process_time()
        opened = torch.sigmoid(torch.addmm(p["bias_s"], s[n], p["weight_sh"]))
        last = torch.stack(states(p, x[n], opened)[-scored:])
        output = (last * kept[n].T) @ p["head"] + p["head_bias"]
        loss = ((output - y[n]) ** 2 * share[n]).sum()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1.0)
        adam.step()
        seconds.append(process_time() - start)
        losses.append(float(loss.detach()))
    with torch.no_grad():
        runs = []
        for columns in given["columns"]:
            part = x[0, :, :columns].contiguous()
            opened = torch.sigmoid(torch.addmm(p["bias_s"], s[0, :columns], p["weight_sh"]))
            best = np.inf
            for _ in range(3):
                start = process_time()
                torch.stack(states(p, part, opened)) @ p["head"]
                best = min(best, process_time() - start)
            runs.append(part.shape[0] * part.shape[1] / best)
    np.savez(sys.argv[2], losses=losses, seconds=seconds, runs=runs)


if __name__ == "__main__":
    main()
