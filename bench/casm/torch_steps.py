"""The same training in torch, on one core; run by an interpreter that has it: `python torch_steps.py FILE.npz`.

The file holds x, y, sizes, flat (weights as `rssm.nets.mlp` has them), rate, batch, steps. Prints seconds of processor time
and the loss of the last steps.
"""

import sys
import time
from itertools import pairwise

import numpy as np
import torch


def main(path: str) -> None:
    """Train as `bench.casm.speed` does."""
    torch.set_num_threads(1)
    given = np.load(path)
    x, y = (torch.from_numpy(given[name]) for name in ("x", "y"))
    sizes, flat, at = given["sizes"].tolist(), given["flat"], 0
    layers: list[torch.nn.Module] = []
    for rows, columns in pairwise(sizes):
        layer = torch.nn.Linear(rows, columns)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(flat[at : at + rows * columns].reshape(rows, columns).T.copy()))
            layer.bias.copy_(torch.from_numpy(flat[at + rows * columns : at + (rows + 1) * columns]))
        at += (rows + 1) * columns
        layers += [layer, torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    optimiser = torch.optim.Adam(network.parameters(), float(given["rate"]), eps=1e-7, fused=True)
    batch, steps, losses = int(given["batch"]), int(given["steps"]), []
    start = 0.0
    for step in range(-2, steps):
        if step == 0:
            start = time.process_time()  # two steps to warm up, which learn as well
        first = (step + 2) * batch % (len(y) - batch + 1)
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(network(x[first : first + batch])[:, 0], y[first : first + batch])
        loss.backward()
        optimiser.step()
        losses.append(float(loss))
    print(time.process_time() - start, np.mean(losses[-5:]))


if __name__ == "__main__":
    main(sys.argv[1])
