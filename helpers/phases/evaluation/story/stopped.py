"""Why a pilot is not read: arms of other sizes than planned, a split that changed, people lost on one side."""

from collections.abc import Mapping
from typing import Any

from helpers.core.wording import _, day, listing, month, number, percent
from helpers.phases.evaluation.attrition import Attrition
from helpers.phases.evaluation.drift import SplitOverTime
from helpers.phases.evaluation.plan import arm_name
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.story.figures import p_words


def stopped(result: Result) -> str:
    """Return what stops the reading, in figures."""
    kind = result.judgement.kind
    if kind == "drift" and result.drift:
        return _drift(result.drift, result.plan)
    if kind == "attrition" and result.attrition:
        return _lost(result.attrition, result.plan)
    return _sizes(result)


def _sizes(result: Result) -> str:
    """Return the sizes of the arms against the planned ones."""
    counted = ", ".join(
        _("{arm} {n} instead of {wanted}").format(arm=arm_name(arm, result.plan), n=number(n), wanted=number(result.ratio.wanted[arm]))
        for arm, n in result.ratio.counted.items()
    )
    text = _("Sizes as counted: {counted}. By chance alone this hardly ever happens (p {p}).")
    return text.format(counted=counted, p=p_words(result.ratio.p_value))


def _drift(drift: SplitOverTime, plan: Mapping[str, Any]) -> str:
    """Return how far the split moved, and why that stops the reading."""
    shown = month if drift.period == "M" else day
    text = _(
        "Of the people who came in from {first} on, {least} were put in {arm}; of those from {last} on, {most}. By chance alone this "
        "hardly ever happens (p {p}). The arms are then of different times, and a difference between the times looks like an effect."
    )
    (first, least), (last, most) = sorted((drift.lowest, drift.highest))
    facts = {"first": shown(first), "least": percent(least), "last": shown(last), "most": percent(most)}
    return text.format(**facts, arm=arm_name(drift.arm, plan), p=p_words(drift.p_value))


def _lost(lost: Attrition, plan: Mapping[str, Any]) -> str:
    """Return in which arm people were lost, and where that shows."""
    places = {
        "customer_table": _("stand in the customer table"),
        "exposures": _("stand in the log of what was shown"),
        "outcomes": _("stand in the outcomes, with a row of any kind"),
        "orders_before": _("have an order from before the start"),
        "outcomes_before": _("have an outcome from before the start"),
    }
    parts = [_("{share} ({arm})").format(share=percent(share, 1), arm=arm_name(arm, plan)) for arm, share in lost.shares.items()]
    text = _(
        "These shares of their people {place}: {shares}. By chance alone this hardly ever happens (p {p}), and whatever was lost with "
        "them would look like an effect."
    )
    return text.format(place=places[lost.source], shares=listing(parts), p=p_words(lost.p_value))
