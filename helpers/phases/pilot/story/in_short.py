"""The plan told in short: how many get it, what it could show, and when it pays."""

from __future__ import annotations

from helpers.core.results import Refusal, Verdict
from helpers.core.wording import _, day, money, number, percent
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.room import Result
from helpers.story import Answer, Reasoned, Sentence


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return the chapter's answer: how many get it, how many are left out, and what can be seen by when."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    plan = result.plan
    heading = _("{treated} people get {message}, {held} are left out by chance, and on {stop} we know").format(
        treated=number(plan.treated_people),
        message=plan.message or _("the message"),
        held=number(plan.holdout_people),
        stop=day(plan.stop_date),
    )
    return Answer(heading, (sees(plan), pays(plan)), verdict(plan))


def verdict(plan: Plan) -> Verdict:
    """Return whether the pilot as planned can show what is hoped for."""
    if plan.smallest_rise != plan.smallest_rise:
        return Verdict("caution", _("size unknown"))
    if plan.smallest_rise <= plan.hoped_rise:
        return Verdict("go", _("large enough"))
    return Verdict("caution", _("too small for the rise hoped for"))


def hypothesis(plan: Plan) -> Sentence:
    """Return what is expected, in the client's words or made from the plan."""
    if plan.hypothesis:
        return Sentence(plan.hypothesis)
    return Sentence(
        _("We expect that {message} makes {rise} more of these people convert within {days} days.").format(
            message=plan.message or plan.opportunity or _("the message"),
            rise=percent(plan.hoped_rise),
            days=number(plan.days),
        )
    )


def sees(plan: Plan) -> str:
    """Return the smallest effect that can be seen, and what it would take to see the rise hoped for."""
    if plan.smallest_rise != plan.smallest_rise:
        return _(
            "None of these people converted in the last {days} days, so the size cannot be checked: give the "
            "share you expect in pilot.base_rate."
        ).format(days=number(plan.days))
    if plan.smallest_rise == float("inf"):
        return _("With so few people no rise whatever could be told from chance.")
    text = _(
        "In {days} days about {rate} of them convert anyway; only a rise of {rise} or more ({uplift} of people) would be seen."
    ).format(
        days=number(plan.days),
        rate=percent(plan.base_rate, 1),
        rise=percent(plan.smallest_rise),
        uplift=percent(plan.smallest_uplift, 1),
    )
    if plan.smallest_rise <= plan.hoped_rise or not plan.people_needed:
        return text
    more = _("To see the {hoped} hoped for, it takes {n} people.")
    return text + " " + more.format(hoped=percent(plan.hoped_rise), n=number(plan.people_needed))


def pays(plan: Plan) -> str:
    """Return the cost, and the effect at which it is earned back."""
    if plan.cost == 0:
        return _("No cost is given, so the break-even cannot be computed: fill in pilot.contact_cost and pilot.fixed_cost.")
    if plan.break_even_uplift != plan.break_even_uplift:
        return _("It costs {cost}; without an order value the break-even cannot be computed.").format(cost=money(plan.cost))
    return _(
        "It costs {cost} and pays when {uplift} of the people reached order once more, at {value} per order and a margin of {margin}."
    ).format(
        cost=money(plan.cost),
        uplift=percent(plan.break_even_uplift, 1),
        value=money(plan.order_value),
        margin=percent(plan.margin_share),
    )
