"""Pictures of learning: the weights, the places, the slider, and the weeks to adapt."""

from helpers import charts
from helpers.core.wording import _, number, percent
from helpers.phases.learning.result import Result
from helpers.story import Picture

MOST_OPTIONS = 12


def weights(result: Result) -> Picture:
    """Draw the weight of each option, the largest first."""
    table = result.table.sort_values(["weight", "option"], ascending=[False, True]).head(MOST_OPTIONS)
    return charts.bars(
        table["option"].tolist(),
        table["weight"].tolist(),
        caption=_("Chance with which each option is shown in the next batch, largest first"),
        highlight=0,
        formatter=lambda value: percent(value, 1),
    )


def positions(result: Result) -> Picture | None:
    """Draw how much each place is looked at; None where that is not measured."""
    table = result.positions.table
    if result.positions.source != "randomised" or table["effect"].isna().any():
        return None
    return charts.bars(
        [_("place {n}").format(n=number(position)) for position in table["position"]],
        table["effect"].tolist(),
        caption=_("Successes of the same option by place, against the first place, with 95 % intervals"),
        highlight=int(table["effect"].to_numpy().argmin()),
        formatter=percent,
        low=table["low"].tolist(),
        high=table["high"].tolist(),
    )


def adapting(result: Result) -> Picture:
    """Draw the share that goes to good options, week by week."""
    table = result.simulation.weekly.set_index("week")
    name = _("good options")
    return charts.lines(
        table[["good_share"]].rename(columns={"good_share": name}),
        caption=_("Share of what is shown that goes to good options, by week of learning, with 80 % of the runs in the band"),
        highlight=name,
        formatter=percent,
        bands={name: (table["low"], table["high"])},
    )


def slider(result: Result) -> Picture | None:
    """Draw what the log says of each place of the slider; None where it says nothing of any."""
    table = result.sliders.dropna(subset=["estimate"])
    if table.empty:
        return None
    return charts.bars(
        [_("{share} popularity").format(share=percent(place)) for place in table["place"]],
        table["estimate"].tolist(),
        caption=_("Successes per row that each place of the slider would have brought, with 95 % intervals"),
        highlight=int(table["estimate"].to_numpy().argmax()),
        formatter=lambda value: percent(value, 2),
        low=table["low"].tolist(),
        high=table["high"].tolist(),
    )
