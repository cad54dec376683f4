"""The verdict in words: worked, did not, or cannot be known yet; what it brought in money; where and when."""

import math

from helpers.core.results import Refusal, Verdict
from helpers.core.wording import _, between, day, listing, money, number, percent
from helpers.phases.evaluation.criteria import by_the_estimate_only
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.plan import called
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.story.figures import money_range, p_words
from helpers.phases.evaluation.story.stopped import stopped
from helpers.phases.evaluation.story.where import arms_text, margin_assumed, money_by_arm, which_arms
from helpers.phases.evaluation.verdict import CLAIMS, STOPPED
from helpers.story import Answer, Reasoned
from helpers.story.criteria import measure_names

# An effect that stays this much of itself after an early stop needs no sentence (our convention).
LITTLE_LESS = 0.98


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return the verdict in one sentence for the manager, and why."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    return verdict_answer(result)


def verdict_answer(result: Result) -> Answer:
    """Return the verdict on a pilot that could be read, in one sentence, and why."""
    if result.judgement.kind == "arms_differ":
        sentences = (losses_unchecked(result), arms_text(result), *money_by_arm(result))
        return Answer(headline(result), tuple(sentence for sentence in sentences if sentence), verdict(result))
    in_order = (
        (carrier(result), revenue_sentence(result), difference(result))
        if result.plan.get("main_metric") == "revenue"
        else (difference(result), carrier(result), revenue_sentence(result))
    )
    sentences = (
        losses_unchecked(result),
        no_plan(result),
        not_met(result),
        *in_order,
        early_stop(result),
        money_brought(result),
        what_it_takes(result),
    )
    return Answer(headline(result), tuple(sentence for sentence in sentences if sentence), verdict(result))


def headline(result: Result) -> str:
    """Return the verdict as a full sentence."""
    kind, name = result.judgement.kind, called(result.plan)
    texts = {
        "worked": _("“{name}” worked: {effect}"),
        "harmed": _("“{name}” did harm: {effect}"),
        "not_enough": _("“{name}” did not do enough to pay: {effect}"),
        "failed": _("“{name}” did not meet what was set before the start: {effect}"),
        "unknown": _("Whether “{name}” worked cannot be known yet: {effect}"),
        "too_early": _("It is too early to judge “{name}”: the first planned look is on {day}"),
        "too_little": _("Whether “{name}” worked cannot be known yet: too few people converted"),
        "ratio": _("“{name}” cannot be judged: its groups do not have the sizes that were planned"),
        "drift": _("“{name}” cannot be judged: the split between its groups changed over time"),
        "attrition": _("“{name}” cannot be judged: more people were lost in one of its groups than in the other"),
        "arms_differ": _("The arms of “{name}” differ: {effect}"),
        "described": _("“{name}” can only be described, since not all of its plan was written down: {effect}"),
    }
    look = result.judgement.next_look
    text = texts[kind].format(name=name, effect=_effect(result), day=day(look) if look else "–")
    if result.judgement.losses_unchecked and kind in CLAIMS:
        text = _("Whether “{name}” worked cannot be decided yet: nothing shows whether people were lost on the way back").format(name=name)
    return text


def _effect(result: Result) -> str:
    """Return the main difference in a few words."""
    if result.judgement.kind == "arms_differ":
        return which_arms(result)
    if result.plan.get("main_metric") == "revenue" and result.revenue:
        return _("{extra} a person, somewhere from {range}").format(
            extra=money(result.revenue.difference, 2), range=money_range(result.revenue.low, result.revenue.high, 2)
        )
    if not result.conversions:
        return "–"
    rates, plan = result.conversions, result.plan
    text = _("{treated} of the treated converted against {held} of those left out")
    if plan.get("control"):
        text = _("{treated} converted in {arms} against {held} in {control}")
    shares = {"treated": percent(rates.treated_rate, 1), "held": percent(rates.holdout_rate, 1)}
    return text.format(**shares, arms=plan.get("arms"), control=plan.get("control"))


def verdict(result: Result) -> Verdict:
    """Return go, no-go or wait, from the criteria set before the start."""
    if result.judgement.kind == "described":
        return Verdict("caution", _("described only"))
    if result.judgement.losses_unchecked:
        return Verdict("caution", _("losses not checked"))
    if result.judgement.kind == "arms_differ":
        return Verdict("caution", _("arm by arm"))
    if result.judgement.decision == "go" and any(map(by_the_estimate_only, result.criteria.itertuples())):
        return Verdict("go", _("go, in part by the estimate only"))
    return {"go": Verdict("go", _("go")), "no_go": Verdict("not_yet", _("no-go")), "wait": Verdict("caution", _("wait"))}[
        result.judgement.decision
    ]


def no_plan(result: Result) -> str:
    """Return what a test is worth of which no plan was written down; empty where one was."""
    if result.judgement.kind != "described":
        return ""
    uneven = _("Its arms are not of one size, and no shares were declared (evaluation.test.shares): whether people were lost is not known.")
    missing = result.plan["undeclared"]
    if not missing:
        return uneven
    text = _("This is a description, not a test of a claim: it may have been looked at until it looked good. Not declared: {keys}.")
    undeclared = text.format(keys=listing([f"evaluation.test.{key}" for key in missing]))
    return undeclared if result.ratio.holds else f"{uneven} {undeclared}"


def losses_unchecked(result: Result) -> str:
    """Return that nothing could show a loss of people, and what would; empty where it was checked."""
    if not result.judgement.losses_unchecked:
        return ""
    text = _(
        "Whether people were lost on the way back cannot be checked: bring a table in which everybody of the test stands (customers, or "
        "visits as a kind of outcome), or say that all came back (evaluation.test.everybody_counted)."
    )
    if result.judgement.kind in CLAIMS:
        text += " " + _("If nobody was lost: {effect}.").format(effect=_effect(result))
    return text


def carrier(result: Result) -> str:
    """Return that one person carries the result on revenue, and what it is without; empty where nobody does."""
    if result.carried is None:
        return ""
    text = _("One person carries the result on revenue: without this person it is {extra} a person, somewhere from {range}.")
    rest = result.carried
    return text.format(extra=money(rest.difference, 2), range=money_range(rest.low, rest.high, 2))


def difference(result: Result) -> str:
    """Return the difference of the rates with its interval, or why there is none."""
    if result.judgement.kind in STOPPED:
        return stopped(result)
    if result.conversions is None:
        converted = int(result.table["converted"].sum())
        return _("{n} of {people} people converted up to {day}; that is too little data for a test.").format(
            n=number(converted), people=number(len(result.table)), day=day(result.until)
        )
    rates = result.conversions
    text = _(
        "That is {points} percentage points, and the truth lies somewhere from {range} (p {p}; it rests on {treated} of {n_treated} "
        "people who converted against {held} of {n_held})."
    )
    counts = {"treated": rates.treated, "n_treated": rates.treated_people, "held": rates.holdout, "n_held": rates.holdout_people}
    return text.format(
        points=number(100 * rates.difference, 2),
        range=between(number(100 * rates.low, 2), number(100 * rates.high, 2)),
        p=p_words(rates.p_value),
        **{name: number(count) for name, count in counts.items()},
    )


def revenue_sentence(result: Result) -> str:
    """Return the difference in revenue with its interval, and on how many buyers it rests; empty where it was not read."""
    if result.revenue is None:
        return ""
    people = result.table
    if result.plan.get("compare"):
        people = people[people["treatment"].isin([HOLDOUT, result.plan["compare"]])]
    buyers = people["revenue"].ne(0).groupby(people["treated"]).sum()
    text = _(
        "In revenue it is {extra} a person, somewhere from {range} (p {p}; it rests on {treated} buyers against {held} of those left out)."
    )
    return text.format(
        extra=money(result.revenue.difference, 2),
        range=money_range(result.revenue.low, result.revenue.high, 2),
        p=p_words(result.revenue.p_value),
        treated=number(int(buyers[True])),
        held=number(int(buyers[False])),
    )


def early_stop(result: Result) -> str:
    """Return what the effect is worth that was found before the last look; empty where the pilot did not stop early."""
    main = result.revenue if result.plan.get("main_metric") == "revenue" else result.conversions
    # What hardly moves is not worth a sentence (NaN, without an early stop, is not below either).
    if main is None or not abs(result.put_right) < LITTLE_LESS * abs(main.difference):
        return ""
    text = _(
        "A test that stops at an early look shows more than there is: allowing for that, the effect is about {effect}, as likely more as "
        "less; what it brings in money is less in the same way."
    )
    in_money = result.plan.get("main_metric") == "revenue"
    points = _("{points} percentage points").format(points=number(100 * result.put_right, 2))
    return text.format(effect=money(result.put_right, 2) if in_money else points)


def not_met(result: Result) -> str:
    """Return the criteria that are surely not met where they decide; empty where none does."""
    if result.judgement.decision != "no_go" or not result.criteria["ruled_out"].any():
        return ""
    names = measure_names()
    measures = [names[measure] for measure in result.criteria.loc[result.criteria["ruled_out"].astype(bool), "measure"].unique()]
    return _("Surely not met, of what was set before the start: {measures}.").format(measures=listing(measures))


def money_brought(result: Result) -> str:
    """Return the money with its interval."""
    if math.isnan(result.money.cost) and result.revenue:
        return _("What it cost is not declared (evaluation.test.contact_cost), so whether it pays cannot be said.")
    if math.isnan(result.money.net):
        read = result.look and result.judgement.kind not in STOPPED
        return _("Too few people bought to say what it brought in money.") if read else ""
    text = _("After a cost of {cost} it brought {net} of margin, somewhere from {range}.").format(
        cost=money(result.money.cost), net=money(result.money.net), range=money_range(result.money.low, result.money.high)
    )
    return " ".join([text, *margin_assumed(result.plan)])


def what_it_takes(result: Result) -> str:
    """Return what it would take to know; empty when it is known."""
    judgement = result.judgement
    if judgement.ruled_out:
        text = _("A rise of {rise}, as was hoped for, lies outside that range: more people would not find it.")
        return text.format(rise=percent(float(result.plan["hoped_rise"])))
    if judgement.kind not in ("unknown", "too_little", "too_early") or not judgement.people_needed:
        return ""
    rise = percent(float(result.plan["hoped_rise"]))
    text = _("To see a rise of {rise} it takes {n} people; this pilot has {have}.").format(
        rise=rise, n=number(judgement.people_needed), have=number(len(result.table))
    )
    if judgement.next_look is None:
        return text
    return text + " " + _("The next planned look is on {day}.").format(day=day(judgement.next_look))
