"""What colours mean, the same on all maps: perceptually uniform scales of Crameri, classes of Okabe and Ito.

Both are distinct to the colour-blind. What is no value has a colour of its own: sea, land without a value, land of which
a layer has nothing to say, and what was not tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cmcrameri.cm
import numpy as np
from matplotlib.colors import Colormap, to_rgb
from numpy.typing import NDArray

SEA, COAST, WATER = "#dfe8f0", "#444444", "#5b8db8"
NO_VALUE, NOTHING_TO_SAY, NOT_TESTED = "#c4c4c4", "#f4f1ea", "#998fa0"
HATCHED = "#4d4d4d"
BLUE, ORANGE, SKY, GREEN = "#0072b2", "#e69f00", "#56b4e9", "#009e73"
YELLOW, RED, PINK, BLACK = "#f0e442", "#d55e00", "#cc79a7", "#000000"
GREY = "#777777"
CLASSES = (BLUE, ORANGE, SKY, GREEN, YELLOW, RED, PINK, BLACK)
VOLUME = "m³ m⁻³"
Limits = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """How a kind of quantity is drawn.

    colours  name of the scale
    centred  whether 0 is in its middle
    limits   of the scale, where they follow from the quantity and not from the values
    """

    colours: str
    centred: bool = False
    limits: Limits | None = None

    @property
    def scale(self) -> Colormap:
        return getattr(cmcrameri.cm, self.colours)


KINDS: Mapping[str, Kind] = {
    "soil_moisture": Kind("imola_r"),  # dry yellow, wet blue
    "uncertainty": Kind("lajolla_r"),  # the darker, the less is known
    "difference": Kind("vik_r", centred=True),  # drier red, wetter blue
    "trend": Kind("vik_r", centred=True),
    "correlation": Kind("vik_r", centred=True, limits=(-1.0, 1.0)),
    "score": Kind("batlow", limits=(0.0, 1.0)),  # of 1 at best
    "error": Kind("lajolla_r"),
    "season": Kind("romaO", limits=(0.0, 36.0)),  # time of the year: December meets January
    "amount": Kind("acton_r"),  # precipitation, days, numbers of cases
    "share": Kind("bamako_r", limits=(0.0, 1.0)),
}


def limits_of(
    fields: Sequence[NDArray[np.floating]], kind: str, outside: float = 0.02, step: float | None = None
) -> Limits:
    """Limits of a scale for some fields: all but `outside` of the values at either end, rounded outward to whole steps."""
    fixed, centred = KINDS[kind].limits, KINDS[kind].centred
    if fixed:
        return fixed
    known = np.concatenate([field[np.isfinite(field)].ravel() for field in fields]).astype(np.float64)
    if not known.size:
        return (-1.0, 1.0) if centred else (0.0, 1.0)
    if centred:
        known = np.abs(known)
    low, high = (float(end) for end in np.quantile(known, [outside, 1 - outside]))
    if centred:
        low = 0.0
    if high <= low:
        low, high = min(low, float(known.min())), max(high, float(known.max()))
    step = step or _round_step((high - low) or abs(high) or 1.0)
    first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    low, high = round(float(first * step), 12), round(float(max(last, first + 1) * step), 12)
    return (-high, high) if centred else (low, high)


def _round_step(span: float) -> float:
    """1, 2 or 5 times a power of ten, a tenth to a fourth of a span."""
    power = 10.0 ** np.floor(np.log10(span / 10))
    return float(next(power * k for k in (1, 2, 5, 10) if span / (power * k) <= 10))


def beyond(fields: Sequence[NDArray[np.floating]], limits: Limits) -> str:
    """At which ends of a scale there are values outside: `neither`, `min`, `max` or `both`, as colour bars say it."""
    low = any(bool((field < limits[0]).any()) for field in fields)
    high = any(bool((field > limits[1]).any()) for field in fields)
    return "both" if low and high else "min" if low else "max" if high else "neither"


def class_colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each of some names, which depends on the list alone: the same in all years and on all maps.

    The first eight have the colours of CLASSES, every further eight those mixed with white or black.
    """
    return {name: _toned(CLASSES[k % len(CLASSES)], _tone(k // len(CLASSES))) for k, name in enumerate(names)}


def _tone(turn: int) -> float:
    """How pale (up to 1) or dark (down to −1) a turn of colours is; 0 the first, and two turns that follow each other differ."""
    strength = 0.2 + 0.5 * ((turn + 1) // 2 * 0.618034 % 1)  # by the golden section, which fills a range evenly
    return 0.0 if turn == 0 else strength if turn % 2 else -strength


def _toned(colour: str, tone: float) -> str:
    """A colour brought nearer to white (tone up to 1) or to black (down to −1)."""
    if tone == 0:
        return colour
    red, green, blue = to_rgb(GREY if colour == BLACK else colour)
    end = 1.0 if tone > 0 else 0.0
    mixed = (part + (end - part) * abs(tone) for part in (red, green, blue))
    return "#" + "".join(f"{round(255 * part):02x}" for part in mixed)
