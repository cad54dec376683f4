"""A table of values as shades: light is little, dark is much."""

from math import ceil

import numpy as np
import pandas as pd
import seaborn
from matplotlib.colors import LinearSegmentedColormap, to_hex

from helpers.charts.figure import DESCENT_INCHES, EDGE, GAP, LINE_INCHES, Formatter, describe, picture, sheet, width_of, wrap, write
from helpers.charts.theme import SOFT, TEXT_POINTS, WIDTH_INCHES, accent, mix, on
from helpers.core.wording import _, number
from helpers.story import Picture

LABEL_INCHES, CELL_INCHES, SMALLEST_POINTS = 2.2, 0.42, 8


def heatmap(frame: pd.DataFrame, *, caption: str, formatter: Formatter = number, row_label: str = "", column_label: str = "") -> Picture:
    """Return a grid of shades with the values written in it where they fit.

    Parameters
    ----------
    frame : numbers; index and columns are the names; NaN stays white.
    caption : what is drawn, unit, period.
    formatter : value to words in the cells.
    row_label, column_label : what the rows and the columns are; may be empty.
    """
    values = frame.to_numpy(dtype=float)
    rows = [wrap(name, LABEL_INCHES) for name in frame.index]
    left = EDGE + max([width_of(name) for name in rows] + [width_of(row_label)], default=0) + GAP
    cell = min((WIDTH_INCHES - EDGE - left) / max(frame.shape[1], 1), 1.4)
    heads, upright = _heads([str(name) for name in frame.columns], cell)
    tallest = max((width_of(h) if upright else LINE_INCHES * (1 + h.count("\n")) for h in heads), default=0)
    top = EDGE + tallest + GAP + (LINE_INCHES + GAP if row_label or column_label else 0)
    tall = max([CELL_INCHES, *(LINE_INCHES * (1 + name.count("\n")) + 0.06 for name in rows)])
    words = [[formatter(value) if np.isfinite(value) else "–" for value in row] for row in values]
    points = _fitting([word for row in words for word in row], cell)
    bottom = top + tall * max(len(rows), 1)
    figure, paper = sheet(bottom + EDGE + (0 if points else LINE_INCHES + GAP))
    _draw(figure, values, (left, top, cell, tall))
    every = max(1, ceil(LINE_INCHES / cell)) if upright else 1  # where upright names would touch
    for at, head in list(enumerate(heads))[::every]:
        middle = left + cell * (at + 0.5)
        _head(paper, middle, top - GAP, head, upright)
    for at, name in enumerate(rows):
        middle = top + tall * (at + 0.5)
        write(paper, left - GAP, middle, name, "right")
        if points:
            _values(paper, values, words[at], at, (left, middle, cell), points)
    paper.text(left - GAP, EDGE, row_label, ha="right", va="top", color=SOFT)
    paper.text(left, EDGE, column_label, ha="left", va="top", color=SOFT)
    if not points:
        low, high = map(formatter, _reach(values))
        paper.text(left, bottom + GAP, _("light: {low}, dark: {high}").format(low=low, high=high), ha="left", va="top", color=SOFT)
    paper.set_zorder(2)
    paper.patch.set_alpha(0)
    flat = [(f"{r} / {c}", frame.loc[r, c]) for r in frame.index for c in frame.columns] if frame.size else []
    description = describe(caption, [name for name, __ in flat], [float(v) for __, v in flat], formatter)
    table = pd.DataFrame(words, columns=[str(name) for name in frame.columns])
    table.insert(0, row_label or _("What"), [str(name) for name in frame.index], allow_duplicates=True)
    return picture(figure, caption, description, table)


def _draw(figure, values: np.ndarray, place: tuple[float, float, float, float]) -> None:
    """Let seaborn draw the shades in a field of the paper given in inches."""
    left, top, cell, tall = place
    if not values.size:
        return
    wide, high = figure.get_size_inches()
    field = (left / wide, 1 - (top + tall * values.shape[0]) / high, cell * values.shape[1] / wide, tall * values.shape[0] / high)
    low, high_value = _reach(values)
    seaborn.heatmap(
        values,
        ax=figure.add_axes(field),
        cmap=_shades(),
        vmin=low,
        vmax=high_value,
        cbar=False,
        mask=~np.isfinite(values),
        linewidths=1.5,
        linecolor="white",
        xticklabels=False,
        yticklabels=False,
    )


def _shades() -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("house", [mix(accent(), 0.06), accent()])


def _reach(values: np.ndarray) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    low = min(low, 0.0) if high > 0 else low
    return low, high if high > low else low + 1.0


def _heads(names: list[str], cell: float) -> tuple[list[str], bool]:
    """Return the heads, on several lines where their words fit the column, else upright."""
    words = [word for name in names for word in name.split()]
    if all(width_of(word) <= cell - 0.06 for word in words):
        return [wrap(name, cell - 0.06) for name in names], False
    return [name if width_of(name) <= LABEL_INCHES else _cut(name) for name in names], True


def _head(paper, middle: float, floor: float, head: str, upright: bool) -> None:
    """Write the name of a column above it; names of one line share a base line."""
    if upright:
        paper.text(middle, floor, head, rotation=90, ha="center", va="bottom", color=SOFT)
        return
    for above, line in enumerate(reversed(head.split("\n"))):
        base = floor - DESCENT_INCHES - above * LINE_INCHES
        paper.text(middle, base, line, ha="center", va="baseline", color=SOFT)


def _cut(name: str) -> str:
    while name and width_of(name + "…") > LABEL_INCHES:
        name = name[:-1]
    return name.rstrip() + "…"


def _fitting(words: list[str], cell: float) -> float:
    """Return the type size at which every value fits its cell; 0 where none does."""
    for points in range(TEXT_POINTS, SMALLEST_POINTS - 1, -1):
        if all(width_of(word, points=points) <= cell - 0.08 for word in set(words)):
            return points
    return 0


def _values(paper, values: np.ndarray, words: list[str], row: int, place, points: float) -> None:
    left, middle, cell = place
    low, high = _reach(values)
    for at, word in enumerate(words):
        value = values[row, at]
        ground = to_hex(_shades()((value - low) / (high - low))) if np.isfinite(value) else "#ffffff"
        paper.text(left + cell * (at + 0.5), middle, word, ha="center", va="center_baseline", color=on(ground), fontsize=points)
