"""Pictures of phase 3: claim beside evidence per dimension, and how full the fields are."""

import pandas as pd

from helpers import charts
from helpers.core.wording import _, percent
from helpers.phases.data_maturity import words
from helpers.phases.data_maturity.analysis import Maturity
from helpers.story import Picture


def profile(result: Maturity) -> Picture:
    """Return the profile: per dimension the claimed level with its spread, and the measured level."""
    frame = result.profile
    figure, axes = charts.blank(height_inches=0.42 * len(frame) + 0.9)
    places = range(len(frame))
    for at, row in zip(places, frame.itertuples(), strict=True):
        axes.plot([0, 4], [at, at], color=charts.LINE, linewidth=1, zorder=1)
        if row.answers:
            if row.measures:
                axes.plot([row.claimed, row.evidence], [at, at], color=charts.GREY, linewidth=5, zorder=2)
            axes.plot([row.lowest, row.highest], [at, at], color=charts.SOFT, linewidth=1.2, zorder=3)
            axes.plot(
                row.claimed, at, "o", markersize=9, markerfacecolor="white", markeredgecolor=charts.SOFT, markeredgewidth=1.6, zorder=4
            )
        if row.measures:
            axes.plot(row.evidence, at, "D", markersize=8, color=charts.accent(), zorder=5)
    axes.set_yticks(list(places), [words.dimension(name) for name in frame.index])
    axes.set_xticks(range(5), [str(level) for level in range(5)])
    axes.set_xlabel(_("Level: ○ claimed (line: lowest to highest answer), ◆ measured"))
    axes.set_xlim(-0.2, 4.2)
    axes.set_ylim(len(frame) - 0.5, -0.5)
    axes.tick_params(length=0)
    caption = _("Data maturity per dimension, level 0 to 4: claimed beside measured")
    rows = [
        (
            words.dimension(name),
            words.level(row["claimed"]) if row["answers"] else _("not answered yet"),
            words.level(row["evidence"]) if row["measures"] else _("not measurable"),
        )
        for name, row in result.profile.iterrows()
    ]
    table = pd.DataFrame(rows, columns=[_("Dimension"), _("Claimed"), _("Measured")])
    alt = caption + ": " + "; ".join(f"{row[0]} {row[1]} / {row[2]}" for row in table.itertuples(index=False)) + "."
    return charts.picture(figure, caption, alt, table)


def fields(result: Maturity) -> Picture | None:
    """Return how full the customer fields that matter are; None without a customer list."""
    shown = [measure for measure in result.measures if measure.name in ("filled", "consent_known")]
    if not shown:
        return None
    shown.sort(key=lambda measure: (measure.figure, measure.column))
    caption = _("Share of customers for whom the field is filled, emptiest first")
    return charts.bars(
        [words.plain_name(measure.column) for measure in shown],
        [measure.figure for measure in shown],
        caption=caption,
        highlight=0,
        formatter=percent,
    )
