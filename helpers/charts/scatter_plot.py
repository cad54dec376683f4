"""Customers as points: two measures, kinds by colour, a third measure by size; or three measures in a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from mpl_toolkits.mplot3d import Axes3D

from helpers.charts.figure import EDGE, GAP, LINE_INCHES, picture, sheet, size_of, width_of, wrap
from helpers.charts.plot_area import AXIS_INCHES, PlotArea, plain, rim, short, ticks, x_axis, y_axis
from helpers.charts.share_chart import key, key_places
from helpers.charts.theme import GREY, INK, LINE, SOFT, WIDTH_INCHES, accent, kind_colours
from helpers.core.wording import _, number, plural
from helpers.story import Picture

HEIGHT_INCHES = 4.2
Spots = tuple[np.ndarray, np.ndarray, np.ndarray]  # x and y on their scales, and whether both are known
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in inches
FIELD_INCHES = 4.5  # height of a room of three measures
ELEVATION, AZIMUTH = 18, -58  # degrees: from where the room is looked at
SMALLEST, LARGEST = 14.0, 420.0  # area of a point, in points squared


@dataclass(frozen=True)
class Scale:
    """How a measure becomes a place: as it is, or by its order of magnitude.

    The log scale is log10; where a value is 0 it is log10(1 + value), so that nothing is lost.
    """

    log: bool
    shift: float = 0.0

    @classmethod
    def of(cls, values: np.ndarray, log: bool) -> Scale:
        """Return the scale that can show all of the values."""
        known = values[np.isfinite(values)]
        return cls(log, 1.0 if log and known.size and known.min() <= 0 else 0.0)

    def __call__(self, values):
        """Return the values' places on the scale."""
        if not self.log:
            return np.asarray(values, float)
        return np.log10(np.clip(np.asarray(values, float), 0, None) + self.shift)

    def ticks(self, low: float, high: float, words: Callable[[float], str] | None = None) -> tuple[list[float], list[str]]:
        """Return places within low and high, and the numbers that stand there."""
        if not self.log:
            inside = [place for place in ticks(low, high) if low <= place <= high]
            return inside, [words(place) for place in inside] if words else plain(inside)
        least = 0 if self.shift else -4  # beside a zero, parts of one would stand on top of each other
        factors = (1, 2, 5) if high - low < 2 else (1,)
        steps = [0.0] * bool(self.shift) + [k * 10.0**p for p in range(least, 13) for k in factors]
        inside = [step for step in steps if (step or self.shift) and low <= float(self(step)) <= high]
        digits = [0 if step >= 1 or step == 0 else int(np.ceil(-np.log10(step))) for step in inside]
        labels = [words(step) for step in inside] if words else list(map(number, inside, digits))
        return [float(self(step)) for step in inside], labels


def scatter(
    x: Sequence[float],
    y: Sequence[float],
    *,
    kinds: Sequence[str] | None = None,
    sizes: Sequence[float] | None = None,
    caption: str,
    x_label: str,
    y_label: str,
    labels: Sequence[str] | None = None,
    log_x: bool = False,
    log_y: bool = False,
) -> Picture:
    """Return points, one per pair of values; pairs with a NaN are left out.

    Parameters
    ----------
    x, y : the two measures.
    kinds : the kind of each point; the first six kinds have a colour, in order of first appearance.
    sizes : a third measure, shown as the area of the point.
    x_label, y_label : the measures with their unit.
    labels : a name per point, empty where it has none; left out where it would touch another.
    log_x, log_y : True for a scale of orders of magnitude (0 can be shown).
    """
    xs, ys = np.asarray(x, float), np.asarray(y, float)
    known = np.isfinite(xs) & np.isfinite(ys)
    named = list(dict.fromkeys(str(kind) for kind in kinds)) if kinds is not None else []
    across, up = Scale.of(xs[known], log_x), Scale.of(ys[known], log_y)
    places, key_height = key_places(named)
    x_rim, y_rim = rim(across(xs[known]), 0.05), rim(up(ys[known]), 0.06)
    at_x, at_y = across.ticks(*x_rim), up.ticks(*y_rim)
    height = HEIGHT_INCHES + key_height
    y_name = wrap(y_label, WIDTH_INCHES - 2 * EDGE)
    left = EDGE + max((width_of(word) for word in at_y[1]), default=0) + GAP
    top = key_height + EDGE + LINE_INCHES * (1 + y_name.count("\n")) + GAP
    area = PlotArea(left, WIDTH_INCHES - EDGE, top, height - AXIS_INCHES - LINE_INCHES - GAP, x_rim, y_rim)
    figure, axes = sheet(height)
    key(axes, named, kind_colours(len(named)), places)
    axes.text(EDGE, key_height + EDGE, y_name, ha="left", va="top", color=SOFT)
    axes.text(area.right, height - EDGE, wrap(x_label, area.right - EDGE), ha="right", va="bottom", color=SOFT)
    y_axis(axes, area, *at_y)
    x_axis(axes, area, *at_x)
    _points(axes, area, (across(xs), up(ys), known), kinds, named, sizes)
    if labels is not None:
        _labels(axes, area, (across(xs), up(ys), known), labels)
    points = plural("{n} point", "{n} points", int(known.sum()))
    sentence = _("{caption}: {points}; from left to right {x}, from bottom to top {y}.")
    said = sentence.format(caption=caption, points=points, x=x_label, y=y_label)
    of_kind = [str(kind) for kind in kinds] if kinds is not None and named else [_("All")] * len(xs)
    table = medians(of_kind, np.column_stack([xs, ys]), known, (x_label, y_label))
    return picture(figure, caption, f"{said} {counts(kinds, named, known)}".strip(), table)


def _points(axes: Axes, area: PlotArea, spots: Spots, kinds, named: list[str], sizes) -> None:
    x, y, known = spots
    point_sizes = np.full(len(x), 26.0)
    if sizes is not None:
        low, high = rim(np.asarray(sizes, float))
        point_sizes = SMALLEST + (LARGEST - SMALLEST) * np.nan_to_num((np.asarray(sizes, float) - low) / (high - low))
    colour = dict(zip(named, kind_colours(len(named)), strict=True))
    order = [at for at in np.argsort(-point_sizes, kind="stable") if known[at]]  # small ones stay visible
    inks = [colour[str(kinds[at])] if kinds is not None else accent() for at in order]
    axes.scatter(
        area.across(x[order]), area.up(y[order]), s=point_sizes[order], c=inks, alpha=0.75, linewidths=0.4, edgecolors="white", zorder=3
    )


def _labels(axes: Axes, area: PlotArea, spots: Spots, labels: Sequence[str]) -> None:
    """Write names beside their points where there is room within the field and between the names."""
    x, y, known = spots
    taken: list[Rectangle] = []
    for at in np.flatnonzero(known).tolist():
        words = str(labels[at] or "")
        if not words:
            continue
        wide, tall = size_of(words)
        middle, level = float(area.across(x[at])), float(area.up(y[at]))
        for right, down in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)):
            start = middle + right * 0.12 - (0 if right > 0 else wide if right < 0 else wide / 2)
            upper = level + down * 0.16 - tall / 2
            place = (start, upper, start + wide, upper + tall)
            inside = start >= area.left and place[2] <= area.right and upper >= area.top and place[3] <= area.bottom
            if inside and not any(_touch(place, neighbour) for neighbour in taken):
                axes.text(start, upper, words, ha="left", va="top", color=INK, zorder=4)
                taken.append(place)
                break


def _touch(first: Rectangle, second: Rectangle) -> bool:
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def counts(kinds, named: list[str], known: np.ndarray) -> str:
    """Return how many points each kind has, in words; empty without kinds."""
    if not named:
        return ""
    of = pd.Series([str(kind) for kind in kinds])[known].value_counts()
    return "; ".join(f"{name}: {number(of.get(name, 0))}" for name in named) + "."


def medians(kinds: Sequence[str], values: np.ndarray, known: np.ndarray, labels: Sequence[str]) -> pd.DataFrame:
    """Return the middle of each kind (median) per measure, of the known points: the figures that the eye reads off the picture."""
    parts = pd.DataFrame(values)[known].groupby(pd.Series(kinds)[known], sort=False)
    rows = [[name, number(len(part)), *map(number, part.median())] for name, part in parts]
    heads = [_("What"), _("Points"), *(_("{measure}, median").format(measure=label) for label in labels)]
    return pd.DataFrame(rows, columns=heads)


def scatter_3d(frame: pd.DataFrame, kinds: Sequence[str], *, caption: str, labels: Sequence[str]) -> Picture:
    """Return points in a room of three measures on scales of orders of magnitude; rows with a NaN are left out.

    On paper depth misleads: draw the flat companion beside it.

    Parameters
    ----------
    frame : three numeric columns.
    kinds : the kind of each row; the first six kinds have a colour, in order of first appearance.
    labels : the three measures with their unit.
    """
    values = frame.iloc[:, :3].to_numpy(dtype=float)
    known = np.isfinite(values).all(axis=1)
    kinds = [str(kind) for kind in kinds]
    named = list(dict.fromkeys(kinds))
    scales = [Scale.of(values[known, at], log=True) for at in range(3)]
    spots = np.column_stack([scale(values[:, at]) for at, scale in enumerate(scales)])
    places, key_height = key_places(named)
    figure, paper = sheet(FIELD_INCHES + key_height)
    key(paper, named, kind_colours(len(named)), places)
    share = FIELD_INCHES / (FIELD_INCHES + key_height)
    room = Axes3D(figure, (-0.05, 0.0, 1.1, share + 0.06), elev=ELEVATION, azim=AZIMUTH)
    figure.add_axes(room)
    room.set_box_aspect((1.45, 1.25, 0.95), zoom=1.0)
    room.patch.set_alpha(0)  # the room overlaps the key, which must stay visible
    _walls(room, spots[known], scales, labels)
    colour = dict(zip(named, kind_colours(len(named)) if len(named) > 1 else [accent()], strict=True))
    crowd = pd.Series(kinds).map(pd.Series(kinds).value_counts()).to_numpy()
    # The rarest kind is drawn last, on top.
    order = [at for at in np.argsort(-crowd, kind="stable") if known[at]]
    room.scatter(
        *spots[order].T, c=[colour[kinds[at]] for at in order], s=22, alpha=0.8, linewidths=0.3, edgecolors="white", depthshade=False
    )
    points = plural("{n} point", "{n} points", int(known.sum()))
    sentence = _("{caption}: {points} by {first}, {second} and {third}.")
    said = sentence.format(caption=caption, points=points, first=labels[0], second=labels[1], third=labels[2])
    table = medians(kinds, values, known, labels)
    return picture(figure, caption, f"{said} {counts(kinds, named, known)}".strip(), table)


def _walls(room: Axes3D, spots: np.ndarray, scales: list[Scale], labels: Sequence[str]) -> None:
    """Draw light walls, ticks as plain numbers, and the name of each measure."""
    for axis, name, at in zip("xyz", labels, range(3), strict=True):
        low, high = rim(spots[:, at] if len(spots) else np.array([0.0, 1.0]), 0.04)
        getattr(room, f"set_{axis}lim")(low, high)
        places, words = scales[at].ticks(low, high, short)
        getattr(room, f"set_{axis}ticks")(places, words)
        getattr(room, f"set_{axis}label")(wrap(name, 2.4), color=SOFT, labelpad=9 if axis != "z" else 7)
        drawn = getattr(room, f"{axis}axis")
        drawn.set_pane_color((1, 1, 1, 0))
        drawn.line.set_color(GREY)
        drawn._axinfo["grid"].update({"color": LINE, "linewidth": 0.7})
        drawn._axinfo["tick"].update({"inward_factor": 0.0, "outward_factor": 0.0})
    room.tick_params(pad=1, colors=SOFT)
