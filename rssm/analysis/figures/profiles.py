"""Means over latitude, of all months and month by month, beside the reference's (Fig. S12a in kind)."""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.colors import Normalize

from rssm.analysis.means_file import Profile, read_profile
from rssm.analysis.specs import FigureSpec
from rssm.atlas.colours import BLUE, KINDS, ORANGE, VOLUME, limits_of
from rssm.atlas.scale_bar import colour_bar
from rssm.atlas.sheet import STYLE, keep, sheet

COLUMNS = ("product", "latitude", "mean", *(f"month_{month:02d}" for month in range(1, 13)))


def latitude_profiles(means: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw them: lines of the mean, and month × latitude of the data set and of the reference.

    means  of the data set, and of the reference if there is one
    """
    names = [name for name in (spec.name, spec.reference) if name]
    profiles = dict(zip(names, map(read_profile, means), strict=True))
    limits = limits_of([profile.mean[1:] for profile in profiles.values()], "soil_moisture")
    with matplotlib.rc_context(STYLE):
        figure = sheet(3.2 + 3.2 * len(names), 4.2)
        axes = figure.subplots(1, 1 + len(names), sharey=True, width_ratios=[1.0] + [1.2] * len(names))
        for (name, profile), colour in zip(profiles.items(), (BLUE, ORANGE), strict=False):
            axes[0].plot(profile.mean[0], profile.latitude, color=colour, linewidth=1.0, label=name)
        axes[0].set(xlabel=f"mean ({VOLUME})", ylabel="latitude (° N)", title="all months")
        axes[0].legend(loc="best")
        for axis, (name, profile) in zip(axes[1:], profiles.items(), strict=True):
            _months(axis, profile, limits)
            axis.set_title(f"{name}, by month")
        colour_bar(list(axes[1:]), "soil_moisture", limits, VOLUME, "both")
        figure.suptitle("Mean over the land of each row of pixels", x=0.01, ha="left", fontsize=9)
        keep(figure, COLUMNS, (row for name, profile in profiles.items() for row in _rows(name, profile)), out)


def _months(axes: Any, profile: Profile, limits: tuple[float, float]) -> None:
    """Month × latitude."""
    kind, half = KINDS["soil_moisture"], abs(float(profile.latitude[0] - profile.latitude[-1])) / 2
    edge = half / max(len(profile.latitude) - 1, 1)
    extent = (0.5, 12.5, float(profile.latitude[-1]) - edge, float(profile.latitude[0]) + edge)
    picture = np.ma.masked_invalid(profile.mean[1:].T)
    axes.imshow(
        picture, cmap=kind.scale, norm=Normalize(*limits), extent=extent, aspect="auto", interpolation="nearest"
    )
    axes.set_xticks(range(1, 13), labels=[name[0] for name in list(month_abbr)[1:]])


def _rows(name: str, profile: Profile) -> Iterator[tuple[Any, ...]]:
    for latitude, means in zip(profile.latitude.tolist(), profile.mean.T.tolist(), strict=True):
        if any(value == value for value in means):
            yield (name, latitude, *means)
