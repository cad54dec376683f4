"""The evaluation told: worked, did not, or cannot be known yet; the money; the checks; what to change next
round."""

from __future__ import annotations

import math
from typing import Any

from helpers.evaluation.charts import arm_name
from helpers.evaluation.room import Result
from helpers.evaluation.verdict import Proposal
from helpers.results import Action, Finding, KeyFigure, Refusal, Verdict
from helpers.story import Actions, Answer, HowSure, Reasoned, Sentence, Table
from helpers.wording import _, between, currency_sign, day, money, month, number, percent


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return the verdict in one sentence for the manager, and why."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    why = tuple(text for text in (difference(result), pays(result), takes(result)) if text)
    return Answer(headline(result), why, verdict(result))


def headline(result: Result) -> str:
    """Return the verdict as a full sentence."""
    kind, name = result.judgement.kind, _name(result)
    texts = {
        "worked": _("The pilot “{name}” worked: {effect}"),
        "harmed": _("The pilot “{name}” did harm: {effect}"),
        "not_enough": _("The pilot “{name}” did not do enough to pay: {effect}"),
        "unknown": _("Whether the pilot “{name}” worked cannot be known yet: {effect}"),
        "too_early": _("It is too early to judge the pilot “{name}”: the first planned look is on {day}"),
        "too_little": _("Whether the pilot “{name}” worked cannot be known yet: too few people converted"),
        "ratio": _("The pilot “{name}” cannot be judged: the two groups do not have the sizes that were drawn"),
    }
    look = result.judgement.next_look
    return texts[kind].format(name=name, effect=_effect(result), day=day(look) if look else "–")


def _name(result: Result) -> str:
    return str(result.plan.get("name") or result.plan["pilot_id"])


def _effect(result: Result) -> str:
    """Return the main difference in a few words."""
    if result.plan.get("main_metric") == "revenue" and result.revenue:
        return _("{extra} a person, somewhere from {range}").format(
            extra=money(result.revenue.difference, 2),
            range=_money_range(result.revenue.low, result.revenue.high, 2),
        )
    if not result.conversions:
        return "–"
    read = result.conversions
    return _("{treated} of the treated converted against {held} of those left out").format(
        treated=percent(read.treated_rate, 1), held=percent(read.holdout_rate, 1)
    )


def verdict(result: Result) -> Verdict:
    """Return go, no-go or wait, from the criteria set before the start."""
    return {
        "go": Verdict("go", _("go")),
        "no_go": Verdict("not_yet", _("no-go")),
        "wait": Verdict("caution", _("wait")),
    }[result.judgement.decision]


def difference(result: Result) -> str:
    """Return the difference of the rates with its interval, or why there is none."""
    if not result.ratio.holds:
        counted = ", ".join(
            _("{arm} {n} instead of {wanted}").format(
                arm=arm_name(arm), n=number(n), wanted=number(result.ratio.wanted[arm])
            )
            for arm, n in result.ratio.counted.items()
        )
        return _("Sizes as counted: {counted}. By chance alone this hardly ever happens (p = {p}).").format(
            counted=counted, p=number(result.ratio.p_value, 6)
        )
    if result.conversions is None:
        converted = int(result.table["converted"].sum())
        return _("{n} of {people} people converted up to {day}; that is too little data for a test.").format(
            n=number(converted), people=number(len(result.table)), day=day(result.until)
        )
    read = result.conversions
    return _("That is {points} percentage points, and the truth lies somewhere from {range}.").format(
        points=number(100 * read.difference, 2),
        range=between(number(100 * read.low, 2), number(100 * read.high, 2)),
    )


def pays(result: Result) -> str:
    """Return the money with its interval."""
    if math.isnan(result.money.net):
        return _("Too few people bought to say what it brought in money.") if result.look else ""
    return _("After a cost of {cost} it brought {net} of margin, somewhere from {range}.").format(
        cost=money(result.money.cost),
        net=money(result.money.net),
        range=_money_range(result.money.low, result.money.high),
    )


def _money_range(low: float, high: float, digits: int = 0) -> str:
    words = [money(one, digits) if math.isfinite(one) else _("unknown") for one in (low, high)]
    return between(*words)


def takes(result: Result) -> str:
    """Return what it would take to know; empty when it is known."""
    judgement = result.judgement
    if judgement.kind not in ("unknown", "too_little", "too_early") or not judgement.people_needed:
        return ""
    rise = percent(float(result.plan.get("hoped_rise") or 0.2))
    text = _("To see a rise of {rise} it takes {n} people; this pilot has {have}.").format(
        rise=rise, n=number(judgement.people_needed), have=number(len(result.table))
    )
    if judgement.next_look is None:
        return text
    return text + " " + _("The next planned look is on {day}.").format(day=day(judgement.next_look))


def reached(result: Result) -> Sentence:
    """Return who was really reached."""
    shares = result.reached
    if math.isnan(shares["treated_reached"]):
        return Sentence(
            _(
                "Who was really reached is not known: no exposures were brought back, so everyone "
                "assigned counts."
            )
        )
    text = _(
        "{treated} of the treated were really reached, and {held} of those left out all the same; "
        "everyone counts "
        "where the draw put them."
    ).format(treated=percent(shares["treated_reached"]), held=percent(shares["holdout_reached"], 1))
    return Sentence(text)


def arms_table(result: Result) -> Table:
    """Return the arms side by side."""
    frame = result.profile.assign(arm=result.profile["arm"].map(arm_name))
    return Table(
        frame,
        _("The arms side by side, up to {day}").format(day=day(result.until)),
        {
            "arm": (_("Arm"), "text"),
            "people": (_("People"), "number"),
            "converted": (_("Converted"), "number"),
            "rate": (_("Share converted"), "percent1"),
            "revenue_per_person": (_("Revenue per person, {sign}").format(sign=currency_sign()), "money2"),
            "reached": (_("Really reached"), "percent"),
        },
    )


def balance_sentence(result: Result) -> Sentence:
    """Return whether the arms were alike before the start."""
    table = result.balance
    if table.empty:
        return Sentence(
            _("What was known of the people before the start was not kept, so balance cannot be checked.")
        )
    off = table[~table["even"].astype(bool)]
    if off.empty:
        return Sentence(
            _("Before the start the arms were alike in all {n} features that are known.").format(
                n=number(len(table))
            )
        )
    return Sentence(
        _(
            "Before the start the arms differed in {n} of {all} features known, more than chance "
            "would do; read "
            "the result with care."
        ).format(n=number(len(off)), all=number(len(table)))
    )


def segments_sentence(result: Result) -> Sentence:
    """Return in which segments an effect is proven, after correction for how many were looked at."""
    table = result.segments[result.segments["readable"].astype(bool)]
    if table.empty:
        return Sentence(_("No segment has enough conversions to be read on its own."))
    proven = table[table["p_holm"] <= result.alpha]
    if proven.empty:
        return Sentence(
            _(
                "In none of {n} segments that can be read is an effect of its own proven, once so many looks "
                "are allowed for."
            ).format(n=number(len(table)))
        )
    parts = "; ".join(
        _("{segment}: {points} percentage points").format(
            segment=row.segment, points=number(100 * row.difference, 1)
        )
        for row in proven.itertuples()
    )
    return Sentence(
        _("An effect of its own is proven in {n} of {all} segments ({parts}).").format(
            n=number(len(proven)), all=number(len(table)), parts=parts
        )
    )


def segments_table(result: Result) -> Table:
    """Return the readings per segment."""
    frame = result.segments.sort_values("people", ascending=False, kind="stable").reset_index(drop=True)
    return Table(
        frame,
        _("Conversions per segment, treated against left out"),
        {
            "segment": (_("Segment"), "text"),
            "people": (_("People"), "number"),
            "treated_rate": (_("Treated"), "percent1"),
            "holdout_rate": (_("Left out"), "percent1"),
            "difference": (_("Difference"), "percent1"),
            "low": (_("from"), "percent1"),
            "high": (_("to"), "percent1"),
            "readable": (_("Enough data"), "yesno"),
        },
    )


def evolution_sentence(result: Result) -> Sentence:
    """Return how the months of the pilot compare with the same months of the year before."""
    mine = result.evolution[(result.evolution["arm"] == "treated") & (result.evolution["period"] == "during")]
    mine = mine.dropna(subset=["last_year"])
    if mine.empty:
        return Sentence(
            _(
                "The data do not reach back to the same months of the year before, so a season "
                "cannot be told apart; the "
                "comparison with those left out does not need it."
            )
        )
    first, last = mine["month"].iloc[0], mine["month"].iloc[-1]
    return Sentence(
        _(
            "From {first} to {last} on average {now} of the treated converted a month, against "
            "{then} in the same "
            "months a year before; only the comparison with those left out shows a cause."
        ).format(
            first=month(first),
            last=month(last),
            now=percent(float(mine["rate"].mean()), 1),
            then=percent(float(mine["last_year"].mean()), 1),
        )
    )


def criteria_table(result: Result) -> Table:
    """Return go / no-go criterion by criterion, as set before the start."""
    names = {
        "conversion_uplift": _("extra share that converts"),
        "revenue_per_person": _("extra revenue per person"),
        "net_money": _("extra margin less cost"),
        "opt_out_rate": _("share that objects"),
        "reached_share": _("share that was reached"),
    }
    words = {
        "met": Verdict("go", _("met")),
        "not_met": Verdict("not_yet", _("not met")),
        "unknown": Verdict("caution", _("not known")),
    }
    frame = result.criteria.copy()
    frame["wanted"] = [_bound(row) for row in result.criteria.itertuples()]
    frame["found"] = [_amount(row.measure, row.estimate) for row in result.criteria.itertuples()]
    frame["measure"], frame["answer"] = frame["measure"].map(names), frame["answer"].map(words)
    return Table(
        frame,
        _("Go or no-go: the criteria set before the start"),
        {
            "measure": (_("What is judged"), "text"),
            "wanted": (_("Wanted"), "text"),
            "found": (_("Found"), "text"),
            "answer": (_("Answer"), "verdict"),
        },
    )


def _bound(row) -> str:
    least = row.at_least is not None and row.at_least == row.at_least
    pattern = (
        _("surely at least {x}")
        if least and row.surely
        else _("at least {x}")
        if least
        else (_("surely at most {x}") if row.surely else _("at most {x}"))
    )
    return pattern.format(x=_amount(row.measure, row.at_least if least else row.at_most))


def _amount(measure: str, value: float) -> str:
    if measure in ("net_money", "revenue_per_person"):
        return money(value, 2 if measure == "revenue_per_person" else 0)
    return percent(value, 1)


def proposal_text(one: Proposal) -> str:
    """Return a proposal for the next round's goals as a sentence."""
    texts = {
        "scale_up": _("Send it to everyone who may be written to, and keep a small group left out"),
        "stop": _("Stop it for {segment}") if one.segment else _("Stop it"),
        "repeat_larger": _("Repeat it with {people} people")
        if one.people
        else _("Repeat it with more people"),
        "repeat_longer": _("Let it run to its planned end before deciding"),
        "try_other_message": _("Try another message or a cheaper channel"),
        "repair_draw": _("Find out where people were lost or moved, and draw again"),
        "only_segment": _("Repeat it for {segment} only, where it seems to work"),
        "begin_with": _("Begin with {segment}, where it is proven to work"),
    }
    return texts[one.change].format(segment=one.segment, people=number(one.people))


def actions(result: Result | Refusal) -> Actions:
    """Return what to do with the verdict: the proposals for the next round."""
    if isinstance(result, Refusal):
        return Actions((Action(result.gate.unlock, _("certain"), rank=3),))
    return Actions(
        tuple(
            Action(proposal_text(one), verdict(result).word, _("next round"), rank=2 + place)
            for place, one in enumerate(result.proposals)
        )
    )


def how_sure(result: Result) -> HowSure:
    """Return how it was computed, the checks, the looks, and the limits."""
    looks = len(result.plan["look_dates"])
    parts = {
        _("Method"): [
            _(
                "Everyone counts where the draw put them, reached or not. Shares: Newcombe's "
                "interval. Revenue: the treatments "
                "are dealt out again by chance many times (permutation test), because a few large "
                "orders mislead every "
                "usual test."
            ),
            _(
                "Look {look} of {looks}, read at a level of {alpha}, so that all looks together "
                "alarm falsely in {whole} of "
                "cases."
            ).format(
                look=number(result.look),
                looks=number(looks),
                alpha=percent(result.alpha, 2),
                whole=percent(float(result.plan.get("alpha") or 0.05)),
            ),
        ],
        _("Checks"): [
            _(
                "Sizes of the arms against the plan: p = {p}; a deviation of {points} percentage "
                "points would nearly surely "
                "be seen."
            ).format(p=number(result.ratio.p_value, 3), points=number(100 * result.ratio.detectable, 1)),
            balance_sentence(result).text,
        ],
        _("Limits"): [
            _("An effect after {day} is not in these figures.").format(day=day(result.until)),
        ],
    }
    left = result.quality["variance_left"]
    if left == left and left < 1:
        parts[_("Checks")].append(
            _("The spend before explains {share} of the differences in revenue between people.").format(
                share=percent(1 - left)
            )
        )
    return HowSure(parts)


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(
            result.heading,
            (result.gate.reason,),
            result.gate.verdict,
            actions=tuple(actions(result).actions),
            rank=7,
        )
    told = answer(result)
    rank = 1 if result.judgement.decision in ("go", "no_go") else 3
    return Finding(
        told.heading,
        tuple(told.sentences),
        told.verdict,
        figures(result),
        tuple(actions(result).actions),
        rank,
    )


def figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the key figures."""
    found = []
    if result.conversions:
        read = result.conversions
        found.append(
            KeyFigure(
                _("{points} points").format(points=number(100 * read.difference, 1)),
                _("percentage points more converted"),
                _("from {range}").format(
                    range=between(number(100 * read.low, 1), number(100 * read.high, 1))
                ),
                rank=2,
            )
        )
    if not math.isnan(result.money.net):
        found.append(
            KeyFigure(
                money(result.money.net),
                _("margin less cost of the pilot"),
                _("from {range}").format(range=_money_range(result.money.low, result.money.high)),
                rank=2,
            )
        )
    return tuple(found)


def record(result: Result) -> dict[str, Any]:
    """Return what the next round reads of this verdict, as plain JSON values."""
    quality = {name: None if figure != figure else figure for name, figure in result.quality.items()}
    return {
        "pilot_id": str(result.plan["pilot_id"]),
        "kind": result.judgement.kind,
        "decision": result.judgement.decision,
        "headline": headline(result),
        "until": result.until.isoformat(),
        "quality": quality,
    }
