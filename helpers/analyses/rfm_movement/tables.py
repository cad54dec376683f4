"""The tables of the movement, as people read them."""

import pandas as pd

from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.result import Movement
from helpers.core.wording import _, between, currency_sign, money, number
from helpers.story import Table


def group_table(result: Movement) -> Table:
    """Return the six change groups with revenue and what chance gives."""
    frame = result.profile.assign(
        name=[words.group_name(group) for group in result.profile["change_group"]],
        meaning=[words.group_meaning(group) for group in result.profile["change_group"]],
        chance=[
            "–" if row.change_group == "new" else between(number(row.customers_by_chance_low), number(row.customers_by_chance_high))
            for row in result.profile.itertuples()
        ],
        unusual=[_unusual(result, group) for group in result.profile["change_group"]],
    )
    money_head = currency_sign()
    return Table(
        frame,
        _("Change groups; revenue is per year"),
        {
            "name": (_("Group"), "text"),
            "meaning": (_("Who"), "text"),
            "customers": (_("Customers"), "number"),
            "share": (_("Share"), "percent"),
            "chance": (_("By chance"), "text"),
            "unusual": (_("Against their own rhythm"), "text"),
            "revenue_before": (_("Revenue before, {c}").format(c=money_head), "money"),
            "revenue_now": (_("Revenue now, {c}").format(c=money_head), "money"),
        },
    )


def _unusual(result: Movement, group: str) -> str:
    """Return how many of a group moved further than their own rhythm brings them once in ten, and how many do by chance."""
    chance = result.chance.get(group)
    if chance is None:
        return "–"
    return _("{n}; chance {span}").format(n=number(chance.figure), span=between(number(chance.low), number(chance.high)))


def segment_table(result: Movement) -> Table:
    """Return the segments now, with the medians of the four measures."""
    sign = currency_sign()
    return Table(
        result.segments,
        _("Segments in the current period; – is without orders"),
        {
            "segment": (_("Segment"), "text"),
            "customers_before": (_("Customers before"), "number"),
            "customers_now": (_("Customers now"), "number"),
            "median_recency_days": (_("Days since last order, median"), "number"),
            "median_frequency_per_month": (_("Orders per month, median"), "number2"),
            "median_monetary_per_year": (_("Spend per year, median, {c}").format(c=sign), "money"),
            "median_tenure_days": (_("Days as a customer, median"), "number"),
            "revenue_now": (_("Revenue per year, {c}").format(c=sign), "money"),
        },
    )


def score_table(result: Movement) -> Table:
    """Return the declared cuts of the scores: the other way of reading RFM(T), beside the segments."""
    rows = [
        {"name": words.measure_name(name), **{f"cut{i}": _cut(name, cut) for i, cut in enumerate(cuts, 1)}}
        for name, cuts in result.card.score_cuts.items()
    ]
    columns = {"name": (_("Measure"), "text")}
    columns |= {f"cut{i}": (_("Cut {n}").format(n=number(i)), "text") for i in range(1, 5)}
    return Table(pd.DataFrame(rows), _("Scores 1 to 5: the cuts between them; equal values share a score"), columns)


def _cut(measure: str, cut: float) -> str:
    return money(cut) if measure == "monetary_per_year" else number(cut, 0 if measure.endswith("_days") else 2)
