"""Where and when it worked, in words: by arm, by segment, by month."""

import math
from collections.abc import Mapping
from typing import Any

from helpers.core.wording import _, between, listing, money, month, number, percent
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.story.figures import money_range, p_words
from helpers.phases.evaluation.verdict import SEGMENT_LEVEL
from helpers.story import Sentence


def which_arms(result: Result) -> str:
    """Return which arms worked, which did harm, and of which it cannot be known."""
    texts = {"worked": _("{arms} worked"), "harmed": _("{arms} did harm"), "not_enough": _("{arms} did not do enough to pay")}
    by_text: dict[str, list[str]] = {}
    for arm, of_arm in result.arm_verdicts.items():
        by_text.setdefault(texts.get(of_arm.judgement.kind, _("of {arms} it cannot be known yet")), []).append(arm)
    return "; ".join(text.format(arms=listing(arms)) for text, arms in by_text.items())


def money_by_arm(result: Result) -> list[str]:
    """Return what each of several arms brought in money, with its interval."""
    text = _("After its cost {arm} brought {net} of margin, somewhere from {range}.")
    known = {arm: verdict.money for arm, verdict in result.arm_verdicts.items() if not math.isnan(verdict.money.net)}
    said = [text.format(arm=arm, net=money(of.net), range=money_range(of.low, of.high)) for arm, of in known.items()]
    return said + margin_assumed(result.plan) if said else []


def margin_assumed(plan: Mapping[str, Any]) -> list[str]:
    """Return on which margin the money rests where nobody declared one; nothing where one was."""
    if not plan.get("margin_assumed"):
        return []
    text = _("This takes {share} of revenue as margin, an assumption: none is declared (evaluation.test.margin_share).")
    return [text.format(share=percent(float(plan["margin_share"])))]


def arms_sentence(result: Result) -> Sentence | None:
    """Return how far each of several arms is from the control, corrected for how many there are; None for one arm."""
    return None if result.variants.empty else Sentence(arms_text(result))


def arms_text(result: Result) -> str:
    """Return the same as text."""
    in_money = result.plan.get("main_metric") == "revenue"
    text = _("{arm}: {difference} percentage points, from {range} (p {p} after correction for {n} arms; {people} people with the control)")
    if in_money:
        text = _("{arm}: {difference} a person, from {range} (p {p} after correction for {n} arms; {people} people with the control)")
    parts = []
    for row in result.variants.itertuples():
        ends = money_range(row.low, row.high, 2) if in_money else between(number(100 * row.low, 2), number(100 * row.high, 2))
        extra = money(row.difference, 2) if in_money else number(100 * row.difference, 2)
        facts = {
            "difference": extra,
            "range": ends,
            "p": p_words(row.p_holm),
            "people": number(row.people),
            "n": number(len(result.variants)),
        }
        parts.append((text if row.readable else _("{arm}: too little data")).format(arm=row.segment, **facts))
    return "; ".join(parts) + "."


def segments_sentence(result: Result) -> Sentence:
    """Return in which segments an effect is proven, after correction for how many were looked at."""
    table = result.segments[result.segments["readable"].astype(bool)]
    if table.empty:
        return Sentence(_("No segment has enough conversions to be read on its own."))
    proven = table[table["p_holm"] <= result.alpha]
    if proven.empty:
        text = _("In none of {n} segments that can be read is an effect of its own proven, once so many looks are allowed for.")
        return Sentence(text.format(n=number(len(table))))
    parts = "; ".join(
        _("{segment}: {points} percentage points").format(segment=row.segment, points=number(100 * row.difference, 1))
        for row in proven.itertuples()
    )
    text = _("An effect of its own is proven in {n} of {all} segments ({parts}).")
    apart = float(proven["p_apart"].min())
    if len(table) > len(proven) and apart > SEGMENT_LEVEL:
        text = _(
            "An effect of its own is proven in {n} of {all} segments ({parts}); that the effect is another one in the others is not "
            "proven (p {p})."
        )
    return Sentence(text.format(n=number(len(proven)), all=number(len(table)), parts=parts, p=p_words(apart)))


def evolution_sentence(result: Result) -> Sentence:
    """Return how the months of the pilot compare with the same months of the year before."""
    months = result.evolution[(result.evolution["arm"] == "treated") & (result.evolution["period"] == "during")]
    months = months.dropna(subset=["last_year"])
    if months.empty:
        return Sentence(
            _(
                "The data do not reach back to the same months of the year before, so a season cannot be told apart; the "
                "comparison with those left out does not need it."
            )
        )
    text = _(
        "From {first} to {last} on average {now} of the treated converted a month, against {then} in the same "
        "months a year before; only the comparison with those left out shows a cause."
    )
    return Sentence(
        text.format(
            first=month(months["month"].iloc[0]),
            last=month(months["month"].iloc[-1]),
            now=percent(float(months["rate"].mean()), 1),
            then=percent(float(months["last_year"].mean()), 1),
        )
    )
