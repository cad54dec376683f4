"""The plan in words: how many get it, what it could show, when it pays, and what to do before the start."""

import math

from helpers.core.results import Action, Finding, KeyFigure, Refusal, Verdict
from helpers.core.wording import _, day, listing, money, number, percent, plural
from helpers.phases.pilot.analysis import Result
from helpers.phases.pilot.charts import step_names
from helpers.phases.pilot.lists import TargetList
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.power import is_possible
from helpers.story import Actions, Answer, Reasoned, Sentence


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return the chapter's answer: how many get it, how many are left out, and what can be seen by when."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    return _answer(result)


def _answer(result: Result) -> Answer:
    plan = result.plan
    heading = _("{treated} people get {message}, {held} are left out by chance; the last day is {stop}")
    if result.persons is not None:
        heading = _("{treated} firms, with {persons} persons, get {message}, {held} firms are left out by chance; the last day is {stop}")
    heading = heading.format(
        persons=number(result.persons or 0),
        treated=number(plan.treated_people),
        message=plan.message or _("the message"),
        held=number(plan.holdout_people),
        stop=day(plan.stop_date),
    )
    return Answer(heading, (smallest_effect(plan), pays_when(plan)), verdict(plan))


def verdict(plan: Plan) -> Verdict:
    """Return whether the pilot as planned can show what is hoped for."""
    if plan.base_rate > 0 and not is_possible(plan.base_rate, plan.hoped_rise):
        return Verdict("caution", _("the rise hoped for is impossible"))
    if math.isnan(plan.smallest_rise):
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
            message=plan.message or plan.opportunity or _("the message"), rise=percent(plan.hoped_rise), days=number(plan.days)
        )
    )


def smallest_effect(plan: Plan) -> str:
    """Return the smallest effect that can be seen, and what it would take to see the rise hoped for."""
    if math.isnan(plan.base_rate):
        return pace_not_known(plan)
    if plan.base_rate > 0 and not is_possible(plan.base_rate, plan.hoped_rise):
        return impossible_rise(plan)
    if math.isnan(plan.smallest_rise):
        return _(
            "None of the {people} people counted converted within {days} days, so the size cannot be checked: give the share you expect "
            "in pilot.base_rate."
        ).format(people=number(plan.base_people), days=number(plan.days))
    if math.isinf(plan.smallest_rise):
        return _("With so few people no rise whatever could be told from chance.")
    text = _(
        "In {days} days about {rate} of them convert anyway; only a rise of {rise} or more ({uplift} of people) would be seen."
    ).format(
        days=number(plan.days), rate=percent(plan.base_rate, 1), rise=percent(plan.smallest_rise), uplift=percent(plan.smallest_uplift, 1)
    )
    text += pace_ground(plan)
    if plan.smallest_rise <= plan.hoped_rise or not plan.people_needed:
        return text
    takes = _("To see the {hoped} hoped for, it takes {n} people.")
    return text + " " + takes.format(hoped=percent(plan.hoped_rise), n=number(plan.people_needed))


def pace_ground(plan: Plan) -> str:
    """Return whose orders the base rate was counted from; empty where the client declared it."""
    texts = {
        "rule": _("So did {people} people whom the same rule would have chosen {days} days before."),
        "people": _("So did the {people} of them who were customers {days} days before."),
    }
    if plan.base_from not in texts:
        return ""
    return " " + texts[plan.base_from].format(people=number(plan.base_people), days=number(plan.days))


def pace_not_known(plan: Plan) -> str:
    """Return why nobody knows how many of these people convert anyway, and what would tell."""
    return {
        "hidden": _(
            "This group may have been chosen by the same orders that would be counted, so its customers' last orders say nothing of the "
            "next: bring the orders with their days, or give the share you expect in pilot.base_rate."
        ),
        "short": _(
            "The orders go back {history} days, in which {people} people would have been chosen {days} days ago: too short to say how "
            "many convert anyway. It takes {needed} days of orders, or the share you expect in pilot.base_rate."
        ),
    }.get(
        plan.base_from,
        _(
            "No orders of these people are known, so the size cannot be checked: give the share you expect in pilot.base_rate, and bring "
            "back what came of it as outcomes."
        ),
    ).format(history=number(plan.history_days), people=number(plan.base_people), days=number(plan.days), needed=number(plan.history_needed))


def impossible_rise(plan: Plan) -> str:
    """Return that the rise hoped for is more than everybody, and what could be asked instead."""
    if plan.base_rate >= 1:
        return _(
            "All of these people convert within {days} days anyway, so no rise can be seen: run it for fewer days, or judge revenue per "
            "person (pilot.main_metric)."
        ).format(days=number(plan.days))
    text = _(
        "{rate} of these people convert within {days} days anyway: {hoped} more would be more than everybody. At most {most} more is "
        "possible: hope for less in pilot.hoped_rise, run it for fewer days, or judge revenue per person (pilot.main_metric)."
    )
    return text.format(
        rate=percent(plan.base_rate, 1), days=number(plan.days), hoped=percent(plan.hoped_rise), most=percent(1 / plan.base_rate - 1)
    )


def pays_when(plan: Plan) -> str:
    """Return the cost, and the effect at which it is earned back."""
    if plan.cost == 0:
        return _("No cost is given, so the break-even cannot be computed: fill in pilot.contact_cost and pilot.fixed_cost.")
    if math.isnan(plan.break_even_uplift):
        return _("It costs {cost}; without an order value the break-even cannot be computed.").format(cost=money(plan.cost))
    return _(
        "It costs {cost} and pays when {uplift} of the people reached order once more, at {value} per order and a margin of {margin}."
    ).format(
        cost=money(plan.cost), uplift=percent(plan.break_even_uplift, 1), value=money(plan.order_value), margin=percent(plan.margin_share)
    )


def funnel_sentence(result: Result) -> Sentence:
    """Return where most people are lost on the way into the pilot."""
    steps = result.funnel.iloc[1:]
    known, eligible = int(result.funnel["people"].iloc[0]), int(result.funnel["people"].iloc[-1])
    if int(steps["lost"].sum()) == 0:
        return Sentence(_("All {n} known customers may be in the pilot.").format(n=number(known)))
    worst = steps.loc[steps["lost"].idxmax()]
    text = _('Of {known} known customers {left} may be in the pilot; most are lost at "{step}": {lost}.').format(
        known=number(known), left=number(eligible), step=step_names()[worst["step"]], lost=number(worst["lost"])
    )
    if "persons" in result.funnel:
        known, left = result.funnel["persons"].iloc[[0, -1]]
        more = _("Of {known} persons at these firms {left} may be written to: a firm is in while one of its persons may.")
        text += " " + more.format(known=number(known), left=number(left))
    return Sentence(text)


def curve_sentence(result: Result) -> Sentence:
    """Return how long the pilot should run."""
    plan = result.plan
    if plan.days_needed is not None:
        return Sentence(
            _("At this pace {days} days are enough to see a rise of {rise}.").format(
                days=number(plan.days_needed), rise=percent(plan.hoped_rise)
            )
        )
    if not is_possible(plan.base_rate, plan.hoped_rise):
        return Sentence(impossible_rise(plan))
    return Sentence(
        _("How long it must last cannot be computed: nobody knows how many of these people convert anyway.")
        if math.isnan(plan.base_rate)
        else _("No length up to {days} days is enough to see a rise of {rise} with these people.").format(
            days=number(int(result.curve["days"].max())), rise=percent(plan.hoped_rise)
        )
    )


def lists_sentence(lists: tuple[TargetList, ...]) -> Sentence:
    """Return what lists were made, and whether a person released them."""
    parts = [
        _("{channel}: {people}").format(channel=target_list.channel, people=plural("{n} person", "{n} people", len(target_list.frame)))
        for target_list in lists
    ]
    if all(target_list.released for target_list in lists):
        return Sentence(_("The lists are released: {lists}.").format(lists=listing(parts)))
    return Sentence(
        _("The lists are drafts until a person releases them (pilot.approved_by and pilot.approved_on): {lists}.").format(
            lists=listing(parts)
        )
    )


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(
            result.heading,
            (result.gate.reason,),
            result.gate.verdict,
            actions=(Action(result.gate.instead, _("certain"), result.gate.unlock),),
            rank=6,
        )
    in_short = _answer(result)
    return Finding(in_short.heading, tuple(in_short.sentences), in_short.verdict, figures(result), tuple(actions(result).actions), rank=4)


def figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the key figures of the pilot."""
    plan = result.plan
    rise = percent(plan.smallest_rise) if plan.smallest_rise < float("inf") else "–"
    return (
        KeyFigure(
            number(plan.treated_people + plan.holdout_people),
            _("people in the pilot") if result.persons is None else _("firms in the pilot"),
            _("{n} of them left out by chance").format(n=number(plan.holdout_people)),
            rank=4,
        ),
        KeyFigure(rise, _("smallest rise that can be seen"), _("hoped for: {rise}").format(rise=percent(plan.hoped_rise)), rank=5),
        KeyFigure(money(plan.cost), _("cost of the pilot"), "", rank=6),
    )


def actions(result: Result) -> Actions:
    """Return what to do before the start."""
    plan, steps = result.plan, []
    if plan.smallest_rise > plan.hoped_rise and is_possible(plan.base_rate, plan.hoped_rise):
        steps.append(
            Action(
                _("Take more groups into the pilot or let it run longer"),
                verdict(plan).word,
                _("before {start}").format(start=day(plan.start_date)),
                rank=4,
            )
        )
    steps.append(
        Action(
            _("Release the lists of pilot {pilot}: check them and fill in who approved them").format(pilot=plan.pilot_id),
            _("certain"),
            _("before {start}").format(start=day(plan.start_date)),
            rank=3,
        )
    )
    steps.append(
        Action(
            _("Bring back who was reached and what everybody did, the people left out too"),
            _("certain"),
            _("after {stop}").format(stop=day(plan.stop_date)),
            rank=5,
        )
    )
    return Actions(tuple(steps))
