"""Trends and seasons of made-up series whose answers are known: `python -m bench.analysis_known` prints the tables of
docs/analysis.md.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.specs import Correlation
from rssm.analysis.statistics.fourier import Seasonal, fitted
from rssm.analysis.statistics.peaks import apart, extremes
from rssm.analysis.statistics.trend import trends

F64 = NDArray[np.float64]
KINDS: tuple[Correlation, ...] = tuple(reversed(get_args(Correlation)))  # none, hamed_rao, ar1
SEASONS, YEARS, CELLS = 36, 16, 2000


def main() -> None:
    """Print both tables."""
    rng = np.random.default_rng(5)
    print(f"| n | rho | {' | '.join(KINDS)} | found: {' | found: '.join(KINDS)} |")
    for n, series in ((16, 20_000), (192, 500)):
        for rho in (0.0, 0.2, 0.4, 0.6, 0.8):
            noise = lasting(rng.normal(size=(n, series)), rho)
            risen = noise + np.arange(n)[:, None] / (n - 1) * 2
            cells = [f"{(trends(noise, 6, 0.05, kind).p < 0.05).mean():.3f}" for kind in KINDS]
            cells += [f"{(trends(risen, 6, 0.05, kind).p < 0.05).mean():.2f}" for kind in KINDS]
            print(f"| {n} | {rho:g} | {' | '.join(cells)} |")
    columns = [season(rho) for rho in (0.0, 0.6)]
    for name in columns[0]:
        print(f"| {name} | {' | '.join(column[name] for column in columns)} |")


def lasting(noise: F64, rho: float) -> F64:
    """Noise (step, series) of which a share lasts from step to step."""
    for k in range(1, len(noise)):
        noise[k] = rho * noise[k - 1] + np.sqrt(1 - rho**2) * noise[k]
    return noise


def season(rho: float) -> dict[str, str]:
    """How well known peaks and ranges are found: sixteen years of dekads, a fifth of them missing."""
    rng, time = np.random.default_rng(11), np.arange(SEASONS * YEARS) % SEASONS + 1.0
    peak, amplitude = rng.uniform(0.5, 36.5, CELLS), rng.uniform(0.03, 0.1, CELLS)
    noise = lasting(np.random.default_rng(12).normal(0, 0.03, (time.size, CELLS)), rho)
    values = 0.2 + amplitude * np.cos(2 * np.pi * (time[:, None] - peak) / SEASONS) + noise
    values[rng.random(values.shape) < 0.2] = np.nan
    sums = Seasonal(SEASONS, CELLS)
    for step, row in enumerate(values):
        sums.add(step, step % SEASONS, row)
    fit = fitted(sums, 0.05)
    found = extremes(fit)
    off, wide = apart(found.peak, peak, SEASONS), found.range - 2 * amplitude
    return {
        "time of the peak: RMSE, bias (dekads)": f"{np.sqrt(np.mean(off**2)):.2f}, {off.mean():+.2f}",
        "its stated standard error (dekads)": f"{found.peak_error.mean():.2f}",
        "peaks within 1 and 1.96 of these": _within(off, found.peak_error),
        "range: RMSE, bias (m³ m⁻³)": f"{np.sqrt(np.mean(wide**2)):.4f}, {wide.mean():+.4f}",
        "ranges within 1 and 1.96 standard errors": _within(wide, found.range_error),
        "one term taken, as it was made of one": f"{(fit.terms == 1).mean():.1%}",
    }


def _within(error: F64, stated: F64) -> str:
    return f"{(abs(error) < stated).mean():.0%}, {(abs(error) < 1.96 * stated).mean():.0%}"


if __name__ == "__main__":
    main()
