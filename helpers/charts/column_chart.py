"""Values as heights: vertical columns for values in an order of their own."""

from collections.abc import Sequence
from math import isnan

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.charts.bar_chart import bars, position_of, span, value_labels
from helpers.charts.figure import DESCENT_INCHES, EDGE, GAP, LINE_INCHES, Formatter, describe, picture, sheet, width_of
from helpers.charts.theme import GREY, INK, SOFT, WIDTH_INCHES, accent
from helpers.core.wording import _, number
from helpers.story import Picture

HEIGHT_INCHES = 2.6


def columns(
    labels: Sequence[str], values: Sequence[float], *, caption: str, highlight: int | str | None = None, formatter: Formatter = number
) -> Picture:
    """Return vertical columns, for values in an order of their own (months, steps, classes).

    Names that do not fit below their column are left out evenly when they are short; long names
    turn the picture into horizontal bars.

    Parameters
    ----------
    labels, values : one column each, left to right; NaN leaves a gap.
    caption, highlight, formatter : as for ``bars``.
    """
    labels, values = [str(label) for label in labels], [float(value) for value in values]
    pitch = (WIDTH_INCHES - 2 * EDGE) / max(len(labels), 1)
    widest = max((width_of(label) for label in labels), default=0)
    if widest + 0.12 > pitch and max(len(label) for label in labels) > 10:
        return bars(labels, values, caption=caption, highlight=highlight, formatter=formatter)
    marked = position_of(highlight, labels)
    words = value_labels(values, formatter)
    figure, axes = sheet(HEIGHT_INCHES)
    place = _upright(values)
    shown = _values_shown(values, words, pitch, marked)
    every = max(1, -(-round((widest + 0.16) * 1000) // round(pitch * 1000)))
    for at, value in enumerate(values):
        middle = EDGE + pitch * (at + 0.5)
        _column(axes, middle, min(pitch * 0.72, 0.9), place, value, marked is None or at == marked)
        if at in shown:
            _value(axes, middle, place, value, words[at], at == marked)
        if at % every == 0:
            x = _kept_inside(middle, width_of(labels[at]))
            floor = HEIGHT_INCHES - EDGE - DESCENT_INCHES
            axes.text(x, floor, labels[at], ha="center", va="baseline", color=SOFT)
    axes.plot([EDGE, WIDTH_INCHES - EDGE], [place(0)] * 2, color=GREY, linewidth=0.8)
    table = pd.DataFrame({_("What"): labels, _("Value"): words})
    return picture(figure, caption, describe(caption, labels, values, formatter), table)


def _upright(values: list[float]):
    least, most = span(values)
    start = HEIGHT_INCHES - EDGE - LINE_INCHES - GAP - (LINE_INCHES + GAP if least < 0 else 0)
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
        _kept_inside(middle, width_of(words, bold)),
        y,
        words,
        ha="center",
        va="top" if below else "bottom",
        color=accent() if bold else INK,
        fontweight="bold" if bold else "normal",
    )


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
