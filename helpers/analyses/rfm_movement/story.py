"""What the movement says: answer, sentences and the finding; how sure it is stands in ``certainty``."""

from dataclasses import replace

import pandas as pd

from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.certainty import verdict
from helpers.analyses.rfm_movement.result import ABSENT, Movement
from helpers.core.results import Action, Chance, Finding, KeyFigure
from helpers.core.wording import _, between, day, listing, money, number, percent, plural
from helpers.story import Actions, Answer, Sentence
from helpers.story.chance import chance_words


def _group(result: Movement, group: str) -> pd.Series:
    return result.profile.set_index("change_group").loc[group]


def headline(result: Movement) -> str:
    """Return the finding as one sentence with its number: those who fell, or those who grew where only they are more than chance."""
    sliding, asleep = _group(result, "needs_attention"), _group(result, "sleeping")
    falling = sliding["customers"] + asleep["customers"]
    if _leading(result) == "growing":
        growing = _group(result, "growing")
        text = _("{n} grew, more than chance alone would move: {money} of revenue a year more than before")
        return text.format(n=plural("{n} customer", "{n} customers", int(growing["customers"])), money=money(growing["revenue_change"]))
    if not result.chance["falling"].beaten:
        text = _("{n} slid or fell asleep, no more than chance alone would move")
        return text.format(n=plural("{n} customer", "{n} customers", int(falling)))
    lost = -(sliding["revenue_change"] + asleep["revenue_change"])
    return _("{n} slid or fell asleep: {money} of revenue a year less than before").format(
        n=plural("{n} customer", "{n} customers", int(falling)), money=money(lost)
    )


def _leading(result: Movement) -> str:
    """Return the claim that the chapter leads with: growing only where it beats chance and falling does not."""
    return "growing" if _claim(result, "growing").beaten and not result.chance["falling"].beaten else "falling"


def why(result: Movement) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    growing = _group(result, "growing")
    fell = result.profile[result.profile["change_group"].isin(["needs_attention", "sleeping"])]
    return (
        _("{n} customers buy clearly less: so far, their own rhythm brings each of them once in ten.").format(
            n=number(result.chance["falling"].figure)
        )
        + " "
        + chance_words(result.chance["falling"], number),
        _("Chance alone would show {money} less from customers who seem to fall.").format(
            money=money(max(0.0, -fell["revenue_change_by_chance"].sum()))
        ),
        _("{n} grew, and bring {money} a year more.").format(
            n=plural("{n} customer", "{n} customers", int(growing["customers"])), money=money(growing["revenue_change"])
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
    if not len(falls):
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
    """Return which change groups are larger or smaller than chance gives."""
    rows = result.profile[(result.profile["change_group"] != "new") & result.profile["news"]]
    if not len(rows):
        return Sentence(_("No change group is larger or smaller than chance alone would make it."))
    groups = [
        _("{group} ({n} against {low} to {high})").format(
            group=words.group_name(row.change_group),
            n=number(row.customers),
            low=number(row.customers_by_chance_low),
            high=number(row.customers_by_chance_high),
        )
        for row in rows.itertuples()
    ]
    return Sentence(_("Not explained by chance: {groups}.").format(groups=listing(groups)))


def actions(result: Movement) -> Actions:
    """Return what to do with it; that nothing is to be done where no more customers move than by chance."""
    nothing = Action(_("Nothing to do now: no more customers moved than chance alone moves."), verdict(result).word)
    return Actions(finding(result).actions or (nothing,))


def finding(result: Movement) -> Finding:
    """Return the finding of the phase."""
    chance = result.chance[_leading(result)]
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=3, chance=chance)


def _figures(result: Movement) -> tuple[KeyFigure, ...]:
    rank = {"sleeping": 3, "needs_attention": 4, "growing": 5}
    return tuple(
        KeyFigure(
            number(_group(result, group)["customers"]),
            words.group_name(group) + ": " + words.group_meaning(group),
            _further(result.chance[group]),
            rank[group],
            _claim(result, group),
        )
        for group in rank
    )


def _claim(result: Movement, group: str) -> Chance:
    """Return the claim on a group beside chance; not beaten where the group as a whole is smaller than chance makes it."""
    chance = result.chance[group]
    return replace(chance, p_value=1.0) if _group(result, group)["direction"] == "fewer" else chance


def _further(chance: Chance) -> str:
    text = _("{n} of them moved as far as their own rhythm brings them once in ten.").format(n=number(chance.figure))
    return text + " " + chance_words(chance, number, with_how=False)


def _actions(result: Movement) -> tuple[Action, ...]:
    """Return the advice for the groups in which more customers moved than chance alone moves: the others ask for nothing."""
    text = _("{group}, {n}: {advice}; begin with the {news} who moved furthest against their own rhythm")
    advice = []
    for rank, group in enumerate(("needs_attention", "growing", "sleeping"), 3):
        row, chance = _group(result, group), _claim(result, group)
        if not chance.beaten:
            continue
        sentence = text.format(
            group=words.group_name(group),
            n=plural("{n} customer", "{n} customers", int(row["customers"])),
            advice=words.group_advice(group),
            news=number(chance.figure),
        )
        advice.append(Action(sentence, chance_words(chance, number, with_how=False), _("this month"), rank, chance))
    return tuple(advice)
