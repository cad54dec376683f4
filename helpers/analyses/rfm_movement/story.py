"""What the movement says: answer, sentences and the finding; how sure it is stands in ``certainty``."""

from dataclasses import replace

import pandas as pd

from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.certainty import leading, verdict
from helpers.analyses.rfm_movement.result import ABSENT, Movement
from helpers.core.results import Action, Chance, Finding, KeyFigure
from helpers.core.wording import _, between, day, listing, money, number, percent, plural
from helpers.story import Actions, Answer, Sentence
from helpers.story.chance import chance_words

RANK = {"sleeping": 3, "needs_attention": 4, "growing": 5}  # of their figures


def _group(result: Movement, group: str) -> pd.Series:
    return result.profile.set_index("change_group").loc[group]


def headline(result: Movement) -> str:
    """Return the finding as one sentence: the number that was held against chance, and what chance alone would give."""
    claim = leading(result)
    chance = result.chance[claim]
    if not chance.beaten:
        return _("No more customers slid, fell asleep or grew than chance alone would move")
    text = {
        "falling": _("{n} buy clearly less than their own rhythm explains; chance alone would give {span}"),
        "sleeping": _("{n} fell asleep against their own rhythm; chance alone would give {span}"),
        "needs_attention": _("{n} slid to a lower segment against their own rhythm; chance alone would give {span}"),
        "growing": _("{n} buy clearly more than their own rhythm explains; chance alone would give {span}"),
    }[claim]
    customers = plural("{n} customer", "{n} customers", int(chance.figure))
    return text.format(n=customers, span=between(number(chance.low), number(chance.high)))


def why(result: Movement) -> tuple[str, ...]:
    """Return the sentences that support the headline: all who fell and all who grew, with the revenue that chance alone would show."""
    fell = result.profile[result.profile["change_group"].isin(["needs_attention", "sleeping"])]
    growing, chance = _group(result, "growing"), result.chance[leading(result)]
    return (
        _("Counted is who moved so far as their own rhythm brings them once in ten: {n}.").format(n=number(chance.figure))
        + " "
        + chance_words(chance, number),
        _("In all {n} slid or fell asleep: {money} of revenue a year less; chance alone would show {by_chance} less.").format(
            n=plural("{n} customer", "{n} customers", int(fell["customers"].sum())),
            money=money(-fell["revenue_change"].sum()),
            by_chance=money(max(0.0, -fell["revenue_change_by_chance"].sum())),
        ),
        _("{n} grew: {money} a year more; chance alone would show {by_chance} more.").format(
            n=plural("{n} customer", "{n} customers", int(growing["customers"])),
            money=money(growing["revenue_change"]),
            by_chance=money(max(0.0, growing["revenue_change_by_chance"])),
        ),
    )


def answer(result: Movement) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def periods_sentence(result: Movement) -> Sentence:
    """Return which periods are compared and what was left out."""
    text = _("Compared are {a} to {b} with {c} to {d}.").format(
        a=day(result.periods.comparison.start),
        b=day(result.periods.comparison.end),
        c=day(result.periods.current.start),
        d=day(result.periods.current.end),
    )
    if result.periods.dropped_days:
        text += " " + _("The last {days} are left out: a month that is not complete would make customers look asleep.").format(
            days=plural("{n} day", "{n} days", result.periods.dropped_days)
        )
    return Sentence(text)


def segments_sentence(result: Movement) -> Sentence:
    """Return what the highest segment weighs."""
    top = result.segments.iloc[0]
    revenue = result.segments["revenue_now"].sum()
    return Sentence(
        _("Segment {letter} holds {share} of the customers who ordered and brings {revenue} of the revenue of the current period.").format(
            letter=top["segment"],
            share=percent(top["share_now"]),
            revenue=percent(top["revenue_now"] / revenue if revenue > 0 else float("nan")),
        )
    )


def movement_sentence(result: Movement) -> Sentence:
    """Return the largest step down between two segments, by revenue."""
    matrix = result.matrix
    # Letters fall with the value, so a later letter is a lower segment; ABSENT stands below all of them.
    falls = matrix[(matrix["segment_before"] < matrix["segment_now"]) | (matrix["segment_now"] == ABSENT)]
    falls = falls[falls["segment_before"] != ABSENT]
    if not len(falls) or falls["customers"].sum() == 0:
        return Sentence(_("Nobody moved to a lower segment."))
    falls = falls[falls["customers"] > falls["customers_by_chance_high"]]
    if not len(falls) or not result.chance["falling"].beaten:
        return Sentence(_("No step to a lower segment was taken by more customers than chance alone would move."))
    costliest = falls.loc[falls["revenue_change"].idxmin()]
    segment_now = _("no orders") if costliest["segment_now"] == ABSENT else costliest["segment_now"]
    return Sentence(
        _("The costliest step is from {before} to {now}: {n}, {money} of revenue a year; chance alone gives {low}.").format(
            before=costliest["segment_before"],
            now=segment_now,
            n=plural("{n} customer", "{n} customers", int(costliest["customers"])),
            money=money(-costliest["revenue_change"]),
            low=between(number(costliest["customers_by_chance_low"]), number(costliest["customers_by_chance_high"])),
        )
    )


def chance_sentence(result: Movement) -> Sentence:
    """Return how much of the movement is more than chance."""
    quality = result.quality
    text = _(
        "Of the customers who ordered in both periods {kept} kept their segment; if nobody had changed, chance alone would give "
        "{low} to {high}."
    )
    return Sentence(
        text.format(
            kept=percent(quality["share_same_segment"]),
            low=percent(quality["share_same_segment_by_chance_low"]),
            high=percent(quality["share_same_segment_by_chance_high"]),
        )
    )


def news_sentence(result: Movement) -> Sentence:
    """Return in which change groups more customers moved against their own rhythm than chance gives."""
    groups = [
        _("{group} ({n} against {low} to {high})").format(
            group=words.group_name(group), n=number(chance.figure), low=number(chance.low), high=number(chance.high)
        )
        for group in RANK
        if (chance := _claim(result, group)).beaten
    ]
    if not groups:
        return Sentence(_("In no change group did more customers move against their own rhythm than chance alone would move."))
    return Sentence(_("Moved further than their own rhythm explains, beyond chance: {groups}.").format(groups=listing(groups)))


def actions(result: Movement) -> Actions:
    """Return what to do with it; that nothing is to be done where no more customers move than by chance."""
    nothing = Action(_("Nothing to do now: no more customers moved than chance alone moves."), verdict(result).word)
    return Actions(finding(result).actions or (nothing,))


def finding(result: Movement) -> Finding:
    """Return the finding of the phase."""
    chance = result.chance[leading(result)]
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=3, chance=chance)


def _figures(result: Movement) -> tuple[KeyFigure, ...]:
    """Return the numbers that were held against chance, not the size of the groups."""
    text = _("{group}: {meaning}, further than their own rhythm explains")
    return tuple(
        KeyFigure(
            number(result.chance[group].figure),
            text.format(group=words.group_name(group), meaning=words.group_meaning(group)),
            chance_words(result.chance[group], number, with_how=False),
            rank,
            _claim(result, group),
        )
        for group, rank in RANK.items()
    )


def _claim(result: Movement, group: str) -> Chance:
    """Return the claim on a group beside chance; not beaten where the group as a whole is smaller than chance makes it."""
    chance = result.chance[group]
    return replace(chance, p_value=1.0) if _group(result, group)["direction"] == "fewer" else chance


def _actions(result: Movement) -> tuple[Action, ...]:
    """Return the advice for the groups in which more customers moved than chance alone moves: the others ask for nothing."""
    text = _("{group}: {advice}, for the {n} who moved further than their own rhythm explains")
    advice = []
    for rank, group in enumerate(("needs_attention", "growing", "sleeping"), 3):
        chance = _claim(result, group)
        if chance.beaten:
            customers = plural("{n} customer", "{n} customers", int(chance.figure))
            sentence = text.format(group=words.group_name(group), advice=words.group_advice(group), n=customers)
            advice.append(Action(sentence, chance_words(chance, number, with_how=False), _("this month"), rank, chance))
    return tuple(advice)
