"""Customers in three dimensions. On paper depth misleads: draw the flat companion beside it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from mpl_toolkits.mplot3d import Axes3D

from helpers.charts.figure import picture, sheet, wrap
from helpers.charts.plot_area import rim, short
from helpers.charts.scatter_plot import Scale, counts, medians
from helpers.charts.share_chart import key, key_places
from helpers.charts.theme import GREY, LINE, SOFT, accent, kind_colours
from helpers.core.wording import _, plural
from helpers.story import Picture

FIELD_INCHES = 4.5
ELEVATION, AZIMUTH = 18, -58  # degrees: from where the room is looked at


def scatter_3d(frame: pd.DataFrame, kinds: Sequence[str], *, caption: str, labels: Sequence[str]) -> Picture:
    """Return points in a room of three measures on scales of orders of magnitude; rows with a NaN are left out.

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
