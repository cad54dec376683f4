"""Values as lengths: horizontal bars."""

from collections.abc import Iterable, Sequence
from math import isnan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.charts.figure import EDGE, GAP, LINE_INCHES, Formatter, describe, picture, sheet, width_of, wrap, write
from helpers.charts.theme import GREY, INK, SOFT, WIDTH_INCHES, accent
from helpers.core.wording import _, between, number
from helpers.story import Picture

LABEL_INCHES = 2.5  # the widest column of names
BAR_INCHES = 0.26


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    caption: str,
    highlight: int | str | None = None,
    formatter: Formatter = number,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    interval: str = "",
) -> Picture:
    """Return horizontal bars with their names at the left and their values at the end.

    Parameters
    ----------
    labels, values : one bar each, drawn from top to bottom; NaN is written as "–".
    caption : what is drawn, unit, period.
    highlight : position or label of the bar the sentence speaks of.
    formatter : value to words, such as ``wording.percent``.
    low, high : ends of an interval per bar, drawn as a thin line.
    interval : what it is called in the figures; empty for the likely range of the bar's own value.
    """
    labels, values = [str(label) for label in labels], [float(value) for value in values]
    lows, highs = ([float(end) for end in ends] if ends is not None else values for ends in (low, high))
    marked = position_of(highlight, labels)
    names = [wrap(label, LABEL_INCHES, at == marked) for at, label in enumerate(labels)]
    words = value_labels(values, formatter)
    pitch = 0.42 if len(labels) <= 15 else 0.32
    pitches = [max(pitch, LINE_INCHES * (1 + name.count("\n")) + 0.1) for name in names]
    figure, axes = sheet(max(sum(pitches), LINE_INCHES) + 2 * EDGE)
    left = EDGE + max((width_of(name, at == marked) for at, name in enumerate(names)), default=0) + GAP
    place = _scale(left, values, lows, highs, words)
    top = EDGE
    for at, pitch in enumerate(pitches):
        chosen = marked is None or at == marked
        _bar(axes, top + pitch / 2, place, values[at], (lows[at], highs[at]), chosen, low is not None)
        bold = at == marked
        write(axes, left - GAP, top + pitch / 2, names[at], "right", accent() if bold else SOFT, bold)
        end, side = _end(place, values[at], lows[at], highs[at])
        write(axes, end, top + pitch / 2, words[at], side, accent() if bold else INK, bold)
        top += pitch
    axes.plot([place(0)] * 2, [EDGE, top], color=GREY, linewidth=0.8, solid_capstyle="butt")
    table = pd.DataFrame({_("What"): labels, _("Value"): words})
    if low is not None and high is not None:
        table[interval or _("Likely range")] = [between(formatter(least), formatter(most)) for least, most in zip(low, high, strict=True)]
    return picture(figure, caption, describe(caption, labels, values, formatter), table)


def position_of(highlight: int | str | None, labels: list[str]) -> int | None:
    """Return the position of the value the sentence speaks of, given as position or label; None for none."""
    return labels.index(highlight) if isinstance(highlight, str) else highlight


def value_labels(values: list[float], formatter: Formatter) -> list[str]:
    """Return the values in words; NaN is written as "–"."""
    return [formatter(value) if not isnan(value) else "–" for value in values]


def span(values: Iterable[float]) -> tuple[float, float]:
    """Return the smallest and the largest known value; zero is always among them."""
    known = [0.0, *(value for value in values if not isnan(value))]
    return min(known), max(known)


def _scale(left: float, values: list[float], lows: list[float], highs: list[float], words: list[str]):
    """Return the function that takes a value to its place on the paper, in inches."""
    least, most = span((*values, *lows, *highs))
    negative = [width_of(w, True) for w, value in zip(words, values, strict=True) if value < 0]
    positive = [width_of(w, True) for w, value in zip(words, values, strict=True) if not value < 0]
    start = left + (max(negative) + 2 * GAP if negative else 0)
    stop = WIDTH_INCHES - EDGE - (max(positive) + GAP if positive else 0)
    per_inch = (stop - start) / (most - least) if most > least else 0.0
    return lambda value: start + (value - least) * per_inch


def _bar(axes: Axes, middle: float, place, value: float, ends, chosen: bool, interval: bool) -> None:
    if isnan(value):
        return
    start, stop = sorted((place(0), place(value)))
    colour = accent() if chosen else GREY
    axes.add_patch(Rectangle((start, middle - BAR_INCHES / 2), stop - start, BAR_INCHES, facecolor=colour, linewidth=0))
    if interval and not any(isnan(end) for end in ends):
        axes.plot([place(end) for end in ends], [middle] * 2, color=INK, linewidth=1.4)


def _end(place, value: float, low: float, high: float) -> tuple[float, str]:
    known = [end for end in (value, low, high) if not isnan(end)] or [0.0]
    if value < 0:
        return place(min(known)) - GAP, "right"
    return place(max(known)) + GAP, "left"
