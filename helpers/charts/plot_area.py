"""The plotted field of a figure: where a value stands in inches, its ticks and their words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.charts.figure import DESCENT_INCHES, EDGE, GAP, LINE_INCHES, width_of
from helpers.charts.theme import GREY, LINE, SOFT, WIDTH_INCHES
from helpers.core.wording import _, number

TICK_GAP = 0.15  # clear of the lowest word at the left
AXIS_INCHES = LINE_INCHES + TICK_GAP + EDGE  # the room that tick words below a field take


@dataclass(frozen=True)
class PlotArea:
    """The field between left, right, top and bottom (inches), and the values at its rims."""

    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, value):
        """Return where a value, or an array of them, stands from left to right."""
        return self.left + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.right - self.left)

    def up(self, value):
        """Return where a value, or an array of them, stands from top to bottom."""
        return self.bottom - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.bottom - self.top)


def rim(values: np.ndarray, margin: float = 0.0) -> tuple[float, float]:
    """Return the least and largest known value, apart from each other, with a margin (share)."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    room = (high - low) * margin
    return low - room, high + room


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values from at or below ``low`` to at or above ``high``."""
    return [float(value) for value in MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)]


def plain(places: Sequence[float]) -> list[str]:
    """Return tick values as numbers with as many decimals as their step needs."""
    step = min(np.diff(places)) if len(places) > 1 else 1.0
    digits = next((d for d in range(4) if abs(round(step, d) - step) < 1e-9), 4)
    return [number(place, digits) for place in places]


def short(value: float) -> str:
    """Return a value in few letters, for ticks that have little room: "20 k", "1.5 m"."""
    for step, mark in ((1e9, _("bn")), (1e6, _("m")), (1e3, _("k"))):
        if abs(value) >= step:
            return f"{number(value / step, 0 if value % step == 0 else 1)}\u00a0{mark}"
    return plain([0.0, value])[1] if value % 1 else number(value)


def y_axis(axes: Axes, area: PlotArea, places: Sequence[float], words: Sequence[str]) -> None:
    """Draw light lines at the tick values, with their words at the left."""
    for place, word in zip(places, words, strict=True):
        y = area.up(place)
        axes.plot([area.left, area.right], [y, y], color=LINE, linewidth=0.8, zorder=0)
        axes.text(area.left - GAP, y, word, ha="right", va="center_baseline", color=SOFT)


def x_axis(axes: Axes, area: PlotArea, places: Sequence[float], words: Sequence[str]) -> None:
    """Write tick words below the field, leaving out those that would touch their neighbour."""
    axes.plot([area.left, area.right], [area.bottom] * 2, color=GREY, linewidth=0.8, zorder=1)
    edge, base = 0.0, area.bottom + TICK_GAP + LINE_INCHES - DESCENT_INCHES
    for place, word in zip(places, words, strict=True):
        wide = width_of(word)
        middle = min(max(float(area.across(place)), EDGE + wide / 2), WIDTH_INCHES - EDGE - wide / 2)
        if middle - wide / 2 < edge:
            continue
        axes.text(middle, base, word, ha="center", va="baseline", color=SOFT)
        edge = middle + wide / 2 + 0.15
