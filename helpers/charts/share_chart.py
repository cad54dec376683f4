"""Shares of a whole: bars of 100 % with the shares written in them."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers.charts.bar_chart import BAR_INCHES, LABEL_INCHES
from helpers.charts.figure import EDGE, GAP, LINE_INCHES, picture, sheet, width_of, wrap, write
from helpers.charts.theme import SOFT, WIDTH_INCHES, kind_colours, on
from helpers.core.wording import _, percent
from helpers.story import Picture

MARK = 0.13  # inches, the square before a name in a key


def stacked_shares(frame: pd.DataFrame, *, caption: str) -> Picture:
    """Return one bar of 100 % per row, with a key in words above.

    Parameters
    ----------
    frame : rows are groups, columns are kinds, values are shares 0 to 1 that add up to 1.
    caption : what is drawn, unit, period.
    """
    kinds, groups = [str(kind) for kind in frame.columns], [str(group) for group in frame.index]
    colours = kind_colours(len(kinds))
    names = [wrap(group, LABEL_INCHES) for group in groups]
    places, key_height = key_places(kinds)
    pitches = [max(0.42, LINE_INCHES * (1 + name.count("\n")) + 0.1) for name in names]
    figure, axes = sheet(key_height + sum(pitches) + 2 * EDGE)
    key(axes, kinds, colours, places)
    left = EDGE + max((width_of(name) for name in names), default=0) + GAP
    top = EDGE + key_height
    for at, pitch in enumerate(pitches):
        write(axes, left - GAP, top + pitch / 2, names[at], "right")
        _pieces(axes, left, top + pitch / 2, frame.iloc[at].fillna(0).tolist(), colours)
        top += pitch
    table = frame.apply(lambda column: [percent(value) for value in column])
    table.insert(0, _("What"), groups, allow_duplicates=True)
    largest = [
        _("{group}: mostly {kind} ({share})").format(group=group, kind=row.idxmax(), share=percent(row.max()))
        for group, row in frame.astype(float).fillna(0).head(12).iterrows()
    ]
    return picture(figure, caption, f"{caption}: {'; '.join(largest)}." if largest else f"{caption}.", table)


def _pieces(axes: Axes, left: float, middle: float, shares: list[float], colours: list[str]) -> None:
    whole = WIDTH_INCHES - EDGE - left
    start = left
    for share, colour in zip(shares, colours, strict=True):
        wide = max(share, 0) * whole
        axes.add_patch(Rectangle((start, middle - BAR_INCHES / 2), wide, BAR_INCHES, facecolor=colour, edgecolor="white"))
        label = percent(share)
        if width_of(label) + 0.1 <= wide:
            axes.text(start + wide / 2, middle, label, ha="center", va="center_baseline", color=on(colour))
        start += wide


def key_places(kinds: list[str]) -> tuple[list[tuple[float, float, str]], float]:
    """Return where each name of a key stands (inches from the upper left), and the key's height."""
    places, x, y, lines = [], EDGE, EDGE, 1
    for kind in kinds:
        name = wrap(kind, WIDTH_INCHES - 4 * EDGE - MARK)
        wide = MARK + GAP + width_of(name)
        if x > EDGE and x + wide > WIDTH_INCHES - EDGE:
            x, y, lines = EDGE, y + lines * LINE_INCHES + 0.04, 1
        places.append((x, y, name))
        lines = max(lines, 1 + name.count("\n"))
        x += wide + 0.25
    return places, (y + lines * LINE_INCHES + 0.1) if kinds else 0.0


def key(axes: Axes, kinds: list[str], colours: list[str], places: list[tuple[float, float, str]]) -> None:
    """Draw a key: a square of the colour and the kind's name, on a ``sheet``."""
    for colour, (x, y, name) in zip(colours, places, strict=True):
        middle = y + LINE_INCHES / 2
        axes.add_patch(Rectangle((x, middle - MARK / 2), MARK, MARK, facecolor=colour, linewidth=0))
        # The first line stands level with its square; further lines follow below it.
        for below, line in enumerate(name.split("\n")):
            axes.text(x + MARK + GAP, middle + below * LINE_INCHES, line, ha="left", va="center_baseline", color=SOFT)
