"""Values as lengths: horizontal bars, and vertical columns for values in an order of their own."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.story import Picture
from helpers.wording import _, between, number

from .paper import DESCENT_INCHES, LINE_INCHES, Formatter, describe, level, picture, sheet, width_of, wrap
from .theme import GREY, INK, SOFT, WIDTH_INCHES, accent

GAP = 0.08  # inches between a mark and its words
EDGE = 0.04  # inches that stay white at the rim
LABEL_INCHES = 2.5  # the widest column of names
BAR_INCHES = 0.26


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    caption: str,
    alt: str | None = None,
    highlight: int | str | None = None,
    formatter: Formatter = number,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
) -> Picture:
    """Return horizontal bars with their names at the left and their values at the end.

    Parameters
    ----------
    labels, values : one bar each, drawn from top to bottom; NaN is written as "–".
    caption : what is drawn, unit, period.
    highlight : position or label of the bar the sentence speaks of.
    formatter : value to words, such as ``wording.percent``.
    low, high : ends of an interval per bar, drawn as a thin line.
    """
    labels, values = [str(label) for label in labels], [float(value) for value in values]
    lows, highs = (_ends(ends, values) for ends in (low, high))
    marked = labels.index(highlight) if isinstance(highlight, str) else highlight
    names = [wrap(label, LABEL_INCHES, at == marked) for at, label in enumerate(labels)]
    words = [formatter(value) if not isnan(value) else "–" for value in values]
    pitches = [max(_pitch(len(labels)), LINE_INCHES * (1 + name.count("\n")) + 0.1) for name in names]
    figure, axes = sheet(max(sum(pitches), LINE_INCHES) + 2 * EDGE)
    left = EDGE + max((width_of(name, at == marked) for at, name in enumerate(names)), default=0) + GAP
    place = _scale(left, values, lows, highs, words)
    top = EDGE
    for at, pitch in enumerate(pitches):
        chosen = marked is None or at == marked
        _bar(axes, top + pitch / 2, place, values[at], (lows[at], highs[at]), chosen, low is not None)
        _words(axes, left - GAP, top + pitch / 2, names[at], "right", at == marked, SOFT)
        end, side = _end(place, values[at], lows[at], highs[at])
        _words(axes, end, top + pitch / 2, words[at], side, at == marked, INK)
        top += pitch
    axes.plot([place(0)] * 2, [EDGE, top], color=GREY, linewidth=0.8, solid_capstyle="butt")
    table = _table(labels, words, (low, high), formatter)
    return picture(figure, caption, describe(caption, labels, values, formatter, alt), table)


def _ends(ends: Sequence[float] | None, values: list[float]) -> list[float]:
    return [float(end) for end in ends] if ends is not None else list(values)


def _pitch(count: int) -> float:
    return 0.42 if count <= 15 else 0.32


def _scale(left: float, values: list[float], lows: list[float], highs: list[float], words: list[str]):
    """Return the function that takes a value to its place on the paper, in inches."""
    known = [value for value in (*values, *lows, *highs) if not isnan(value)]
    least, most = min([0.0, *known]), max([0.0, *known])
    negative = [width_of(w, True) for w, value in zip(words, values, strict=True) if value < 0]
    other = [width_of(w, True) for w, value in zip(words, values, strict=True) if not value < 0]
    start = left + (max(negative) + 2 * GAP if negative else 0)
    stop = WIDTH_INCHES - EDGE - (max(other) + GAP if other else 0)
    per_inch = (stop - start) / (most - least) if most > least else 0.0
    return lambda value: start + (value - least) * per_inch


def _bar(axes: Axes, middle: float, place, value: float, ends, chosen: bool, interval: bool) -> None:
    if isnan(value):
        return
    start, stop = sorted((place(0), place(value)))
    thick = BAR_INCHES
    colour = accent() if chosen else GREY
    axes.add_patch(Rectangle((start, middle - thick / 2), stop - start, thick, facecolor=colour, linewidth=0))
    if interval and not any(isnan(end) for end in ends):
        axes.plot([place(end) for end in ends], [middle] * 2, color=INK, linewidth=1.4)


def _end(place, value: float, low: float, high: float) -> tuple[float, str]:
    known = [end for end in (value, low, high) if not isnan(end)] or [0.0]
    if value < 0:
        return place(min(known)) - GAP, "right"
    return place(max(known)) + GAP, "left"


def _words(axes: Axes, x: float, y: float, words: str, side: str, bold: bool, colour: str) -> None:
    axes.text(
        x, y, words, ha=side, va=level(words), color=accent() if bold else colour,
        fontweight="bold" if bold else "normal", linespacing=1.2,
    )  # fmt: skip


def _table(labels: list[str], words: list[str], ends, formatter: Formatter) -> pd.DataFrame:
    table = pd.DataFrame({_("What"): labels, _("Value"): words})
    if ends[0] is not None and ends[1] is not None:
        table[_("Likely range")] = [
            between(formatter(low), formatter(high)) for low, high in zip(*ends, strict=True)
        ]
    return table


def columns(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    caption: str,
    alt: str | None = None,
    highlight: int | str | None = None,
    formatter: Formatter = number,
    height_inches: float = 2.6,
) -> Picture:
    """Return vertical columns, for values in an order of their own (months, steps, classes).

    Names that do not fit below their column are left out evenly when they are short; long names
    turn the picture into horizontal bars.

    Parameters
    ----------
    labels, values : one column each, left to right; NaN leaves a gap.
    caption, alt, highlight, formatter : as for ``bars``.
    height_inches : height of the paper.
    """
    labels, values = [str(label) for label in labels], [float(value) for value in values]
    pitch = (WIDTH_INCHES - 2 * EDGE) / max(len(labels), 1)
    widest = max((width_of(label) for label in labels), default=0)
    if widest + 0.12 > pitch and max(len(label) for label in labels) > 10:
        return bars(labels, values, caption=caption, alt=alt, highlight=highlight, formatter=formatter)
    marked = labels.index(highlight) if isinstance(highlight, str) else highlight
    words = [formatter(value) if not isnan(value) else "–" for value in values]
    figure, axes = sheet(height_inches)
    place = _upright(height_inches, values)
    shown = _values_shown(values, words, pitch, marked)
    every = max(1, -(-round((widest + 0.16) * 1000) // round(pitch * 1000)))
    for at, value in enumerate(values):
        middle = EDGE + pitch * (at + 0.5)
        _column(axes, middle, min(pitch * 0.72, 0.9), place, value, marked is None or at == marked)
        if at in shown:
            _value(axes, middle, place, value, words[at], at == marked)
        if at % every == 0:
            x = _kept_inside(middle, width_of(labels[at]))
            floor = height_inches - EDGE - DESCENT_INCHES
            axes.text(x, floor, labels[at], ha="center", va="baseline", color=SOFT)
    axes.plot([EDGE, WIDTH_INCHES - EDGE], [place(0)] * 2, color=GREY, linewidth=0.8)
    table = pd.DataFrame({_("What"): labels, _("Value"): words})
    return picture(figure, caption, describe(caption, labels, values, formatter, alt), table)


def _upright(height: float, values: list[float]):
    known = [value for value in values if not isnan(value)]
    least, most = min([0.0, *known]), max([0.0, *known])
    start = height - EDGE - LINE_INCHES - GAP - (LINE_INCHES + GAP if least < 0 else 0)
    stop = EDGE + LINE_INCHES + GAP
    per_inch = (start - stop) / (most - least) if most > least else 0.0
    return lambda value: start - (value - least) * per_inch


def _column(axes: Axes, middle: float, wide: float, place, value: float, chosen: bool) -> None:
    if isnan(value):
        return
    top, bottom = sorted((place(0), place(value)))
    colour = accent() if chosen else GREY
    axes.add_patch(Rectangle((middle - wide / 2, top), wide, bottom - top, facecolor=colour, linewidth=0))


def _value(axes: Axes, middle: float, place, value: float, words: str, bold: bool) -> None:
    below = value < 0
    y = place(value if value == value else 0) + (GAP / 2 if below else -GAP / 2)
    axes.text(
        _kept_inside(middle, width_of(words, bold)), y, words, ha="center", va="top" if below else "bottom",
        color=accent() if bold else INK, fontweight="bold" if bold else "normal",
    )  # fmt: skip


def _values_shown(values: list[float], words: list[str], pitch: float, marked: int | None) -> set[int]:
    """Return which columns carry their value: all where they fit, else the marked, largest, smallest."""
    if max((width_of(word, True) for word in words), default=0) + 0.08 <= pitch:
        return set(range(len(values)))
    known = [at for at, value in enumerate(values) if value == value]
    if not known:
        return set()
    wanted = [max(known, key=lambda at: values[at]), min(known, key=lambda at: values[at])]
    chosen: list[int] = []
    for at in [marked, *wanted] if marked is not None else wanted:
        room = [(width_of(words[at], True) + width_of(words[o], True)) / 2 + 0.1 for o in chosen]
        if all(abs(at - o) * pitch > need for o, need in zip(chosen, room, strict=True)):
            chosen.append(at)
    return set(chosen)


def _kept_inside(middle: float, wide: float) -> float:
    return min(max(middle, EDGE + wide / 2), WIDTH_INCHES - EDGE - wide / 2)
