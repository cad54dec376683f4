"""Names and meanings of the change groups and measures, as people read them."""

from helpers.core.wording import _


def group_name(group: str) -> str:
    """Return the name of a change group."""
    return {
        "top": _("Top"),
        "new": _("New"),
        "needs_attention": _("Needs attention"),
        "growing": _("Growing"),
        "loyal": _("Loyal"),
        "sleeping": _("Sleeping"),
        "not_judged": _("Not judged"),
        "away": _("Away since before"),
    }[group]


def group_meaning(group: str) -> str:
    """Return who is in a change group."""
    return {
        "top": _("were and stay in the highest segment"),
        "new": _("ordered for the first time in the current period"),
        "needs_attention": _("moved to a lower segment"),
        "growing": _("moved to a higher segment, or came back"),
        "loyal": _("stayed in their segment"),
        "sleeping": _("fell back to the lowest segment, or stopped ordering in the current period"),
        "not_judged": _("no order up to the end of the current period"),
        "away": _("no order in either period"),
    }[group]


def group_advice(group: str) -> str:
    """Return what a change group asks for."""
    return {
        "top": _("keep them: personal service, first to see what is new"),
        "new": _("welcome them and help them to a second order"),
        "needs_attention": _("ask what changed, with a personal message"),
        "growing": _("thank them and show what fits what they bought"),
        "loyal": _("keep the rhythm; suggest one thing more"),
        "sleeping": _("one message to wake them, then stop spending"),
        "not_judged": _("wait for their first order"),
        "away": _("nothing changed lately: no news of this period"),
    }[group]


def measure_name(feature: str) -> str:
    """Return the name of one of the four measures."""
    return {
        "recency_days": _("days since the last order"),
        "frequency_per_month": _("orders per month"),
        "monetary_per_year": _("spend per year"),
        "tenure_days": _("days as a customer"),
    }[feature]
