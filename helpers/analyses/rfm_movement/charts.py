"""Pictures of the movement: flow between segments, groups against chance."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from helpers import charts
from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.result import ABSENT, Movement
from helpers.core.wording import _, money_short, number
from helpers.story import Picture

BOX, GAP = 0.05, 0.025  # share of the width and of the height of the picture
LEFT, RIGHT = 0.08, 0.87  # where the boxes begin, as share of the width


def groups(result: Movement) -> Picture:
    """Return the customers per change group, with what chance gives as an interval."""
    frame = result.profile[result.profile["change_group"] != "new"]
    return charts.bars(
        [words.group_name(group) for group in frame["change_group"]],
        frame["customers"],
        caption=_("Customers per change group; the line is what chance alone gives"),
        low=frame["customers_by_chance_low"].tolist(),
        high=frame["customers_by_chance_high"].tolist(),
        interval=_("By chance alone"),
        highlight=words.group_name("needs_attention"),
    )


def revenue(result: Movement) -> Picture:
    """Return the change of revenue per year per change group."""
    return charts.bars(
        [words.group_name(group) for group in result.profile["change_group"]],
        result.profile["revenue_change"],
        caption=_("Revenue per year: current period less comparison period, per change group"),
        formatter=money_short,
        highlight=words.group_name("sleeping"),
    )


def flow(result: Movement) -> Picture:
    """Return the flow of customers between the segments, before at the left and now at the right."""
    order = [*result.card.letters, ABSENT]
    matrix = result.matrix[(result.matrix["segment_before"] != ABSENT) | (result.matrix["segment_now"] != ABSENT)]
    counts = matrix.pivot(index="segment_before", columns="segment_now", values="customers")
    counts = counts.reindex(index=order, columns=order).fillna(0)
    figure, axes = charts.blank(height_inches=4.2)
    axes.set(xlim=(0, 1), ylim=(1.04, -0.1))
    axes.axis("off")
    _draw_flow(axes, counts, order)
    caption = _("Customers moving between segments; orange goes down, green goes up, – is without orders")
    alt = _("{caption}. {kept} of {all} customers stay in their segment.").format(
        caption=caption, kept=number(np.trace(counts)), all=number(counts.to_numpy().sum())
    )
    table = counts.astype(int).rename_axis(None, axis=1).reset_index(names=_("Before"))
    return charts.picture(figure, caption, alt, table)


def _draw_flow(axes: Axes, counts: pd.DataFrame, order: list[str]) -> None:
    scale = (1 - GAP * (len(order) - 1)) / max(counts.to_numpy().sum(), 1)
    left, right = _tops(counts.sum(axis=1), scale), _tops(counts.sum(axis=0), scale)
    _boxes(axes, counts.sum(axis=1), left, scale, LEFT, "right")
    _boxes(axes, counts.sum(axis=0), right, scale, RIGHT, "left")
    axes.text(LEFT + BOX, -0.03, _("before"), ha="right", va="bottom", color=charts.SOFT)
    axes.text(RIGHT, -0.03, _("now"), ha="left", va="bottom", color=charts.SOFT)
    down, up = charts.kind_colours(3)[1:3]
    for row, before in enumerate(order):
        for column, now in enumerate(order):
            height = counts.loc[before, now] * scale
            if height <= 0:
                continue
            if row == column:
                colour = charts.GREY
            else:
                colour = down if column > row else up
            _ribbon(axes, left[before], right[now], height, colour)
            # The next band starts where this one ends, on either side.
            left[before] += height
            right[now] += height


def _tops(sizes: pd.Series, scale: float) -> dict[str, float]:
    tops, top = {}, 0.0
    for name, size in sizes.items():
        tops[str(name)] = top
        top += size * scale + GAP
    return tops


def _boxes(axes: Axes, sizes: pd.Series, tops: dict[str, float], scale: float, x: float, side: str) -> None:
    for name, size in sizes.items():
        top = tops[str(name)]
        axes.add_patch(Rectangle((x, top), BOX, size * scale, facecolor=charts.SOFT, linewidth=0))
        place = x - 0.01 if side == "right" else x + BOX + 0.01
        axes.text(place, top + size * scale / 2, f"{name}  {number(size)}", ha=side, va="center", color=charts.INK)


def _ribbon(axes: Axes, top_left: float, top_right: float, height: float, colour: str) -> None:
    """Draw one band as a smooth step (a cosine, so that it leaves and arrives level)."""
    way = np.linspace(0, 1, 40)
    x = LEFT + BOX + way * (RIGHT - LEFT - BOX)
    y = top_left + (top_right - top_left) * (1 - np.cos(np.pi * way)) / 2
    axes.fill_between(x, y, y + height, color=colour, alpha=0.55, linewidth=0)
