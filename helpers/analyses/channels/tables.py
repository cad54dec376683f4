"""The tables of the channels, as people read them."""

from helpers.analyses.channels.measures import NONE
from helpers.analyses.channels.result import Channels
from helpers.core.wording import _, between, currency_sign, day, number
from helpers.story import Table

MOST_STEPS = 8


def channel_table(result: Channels) -> Table:
    """Return the key figures of each channel in the current period."""
    sign = currency_sign()
    return Table(
        result.profile,
        _("Channels in the period up to {end}, beside the period before").format(end=day(result.end)),
        {
            "channel": (_("Channel"), "text"),
            "orders": (_("Orders"), "number"),
            "orders_before": (_("Orders before"), "number"),
            "customers": (_("Known customers"), "number"),
            "mean_order": (_("Mean order, {c}").format(c=sign), "money"),
            "revenue": (_("Revenue, {c}").format(c=sign), "money"),
            "revenue_share": (_("Share of revenue"), "percent"),
        },
    )


def several_table(result: Channels) -> Table:
    """Return who buys in one channel only and who in several."""
    only = _("{channel} only")
    groups = result.several.groups
    frame = groups.assign(
        name=[
            _("several channels") if label == NONE else only.format(channel=result.names[label]) for label in groups["label"].astype(int)
        ],
        share=groups["customers"] / groups["customers"].sum(),
    )
    sign = currency_sign()
    return Table(
        frame.sort_values("customers", ascending=False, kind="stable", ignore_index=True),
        _("Customers by the channels they bought in, in the period up to {end}").format(end=day(result.end)),
        {
            "name": (_("Bought in"), "text"),
            "customers": (_("Customers"), "number"),
            "share": (_("Share"), "percent"),
            "orders_each": (_("Orders per customer"), "number1"),
            "spend_each": (_("Spend per customer, {c}").format(c=sign), "money"),
        },
    )


def step_table(result: Channels) -> Table | None:
    """Return the largest moves between main channels, with what chance gives; None without movement."""
    if result.movement is None or result.movement.steps.empty:
        return None
    steps = result.movement.steps.head(MOST_STEPS)
    names = (*result.names, _("no main channel"))
    frame = steps.assign(
        before=[names[label] for label in steps["label_before"].astype(int)],
        now=[names[label] for label in steps["label_now"].astype(int)],
        chance=[between(number(row.low), number(row.high)) for row in steps.itertuples()],
    )
    return Table(
        frame,
        _("Customers whose main channel (more than half of their purchases) is another one now"),
        {
            "before": (_("Before"), "text"),
            "now": (_("Now"), "text"),
            "customers": (_("Customers"), "number"),
            "chance": (_("By chance"), "text"),
        },
    )
