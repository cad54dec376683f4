"""What the movement says: answer, sentences, tables, how sure, and the finding."""

from __future__ import annotations

from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.analysis import ABSENT, Movement
from helpers.analyses.rfm_movement.shown import group_table, score_table, segment_table
from helpers.analyses.rfm_movement.sure import how_sure
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, day, listing, money, number, percent, plural
from helpers.story import Actions, Answer, KeyFigures, Sentence


def _row(result: Movement, group: str):
    return result.profile.set_index("change_group").loc[group]


def verdict(result: Movement) -> Verdict:
    """Return how far the movement is news: caution when chance alone keeps as many customers in their
    segment.
    """
    found = result.quality
    kept = found["share_same_segment"]
    if kept > found["share_same_segment_by_chance_high"]:
        return Verdict("go", _("steadier than chance"))
    if kept < found["share_same_segment_by_chance_low"]:
        return Verdict("go", _("moving more than chance"))
    return Verdict("caution", _("hardly more than chance"))


def headline(result: Movement) -> str:
    """Return the finding as one sentence with its number."""
    falling = _row(result, "needs_attention")["customers"] + _row(result, "sleeping")["customers"]
    lost = -(_row(result, "needs_attention")["revenue_change"] + _row(result, "sleeping")["revenue_change"])
    return _("{n} slid or fell asleep: {money} of revenue a year less than before").format(
        n=plural("{n} customer", "{n} customers", int(falling)), money=money(lost)
    )


def why(result: Movement) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    growing = _row(result, "growing")
    fell = result.profile[result.profile["change_group"].isin(["needs_attention", "sleeping"])]
    return (
        _("{n} grew, and bring {money} a year more.").format(
            n=plural("{n} customer", "{n} customers", int(growing["customers"])),
            money=money(growing["revenue_change"]),
        ),
        _("Chance alone would show {money} less from customers who seem to fall.").format(
            money=money(max(0.0, -fell["revenue_change_by_chance"].sum()))
        ),
        chance_sentence(result).text,
    )


def answer(result: Movement) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def periods_sentence(result: Movement) -> Sentence:
    """Return which periods are compared and what was left out."""
    told = _("Compared are {a} to {b} with {c} to {d}.").format(
        a=day(result.periods.comparison.start),
        b=day(result.periods.comparison.end),
        c=day(result.periods.current.start),
        d=day(result.periods.current.end),
    )
    if result.periods.dropped_days:
        told += " " + _("The last {days} are left out: a month that is not complete would make customers look asleep.").format(
            days=plural("{n} day", "{n} days", result.periods.dropped_days)
        )
    return Sentence(told)


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
    falls = matrix[(matrix["segment_before"] < matrix["segment_now"]) | (matrix["segment_now"] == ABSENT)]
    falls = falls[falls["segment_before"] != ABSENT]
    if not len(falls) or falls["customers"].sum() == 0:
        return Sentence(_("Nobody moved to a lower segment."))
    most = falls.loc[falls["revenue_change"].idxmin()]
    target = _("no orders") if most["segment_now"] == ABSENT else most["segment_now"]
    return Sentence(
        _("The costliest step is from {before} to {now}: {n}, {money} of revenue a year; chance alone gives {low}.").format(
            before=most["segment_before"],
            now=target,
            n=plural("{n} customer", "{n} customers", int(most["customers"])),
            money=money(-most["revenue_change"]),
            low=between(number(most["customers_by_chance_low"]), number(most["customers_by_chance_high"])),
        )
    )


def chance_sentence(result: Movement) -> Sentence:
    """Return how much of the movement is more than chance."""
    found = result.quality
    return Sentence(
        _(
            "Of the customers who ordered in both periods {kept} kept their segment; if nobody had changed, "
            ""
            "chance alone "
            "would give {low} to {high}."
        ).format(
            kept=percent(found["share_same_segment"]),
            low=percent(found["share_same_segment_by_chance_low"]),
            high=percent(found["share_same_segment_by_chance_high"]),
        )
    )


def news_sentence(result: Movement) -> Sentence:
    """Return which change groups are larger or smaller than chance gives."""
    rows = result.profile[(result.profile["change_group"] != "new") & result.profile["news"]]
    if not len(rows):
        return Sentence(_("No change group is larger or smaller than chance alone would make it."))
    told = [
        _("{group} ({n} against {low} to {high})").format(
            group=words.group_name(row.change_group),
            n=number(row.customers),
            low=number(row.customers_by_chance_low),
            high=number(row.customers_by_chance_high),
        )
        for row in rows.itertuples()
    ]
    return Sentence(_("Not explained by chance: {groups}.").format(groups=listing(told)))


def key_figures(result: Movement) -> KeyFigures:
    """Return the figures for the summary."""
    return KeyFigures(finding(result).key_figures)


def actions(result: Movement) -> Actions:
    """Return what to do with it."""
    return Actions(finding(result).actions)


def finding(result: Movement) -> Finding:
    """Return the finding of the phase."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=3)


def _figures(result: Movement) -> tuple[KeyFigure, ...]:
    rank = {"sleeping": 3, "needs_attention": 4, "growing": 5}
    return tuple(
        KeyFigure(
            number(_row(result, group)["customers"]),
            words.group_name(group) + ": " + words.group_meaning(group),
            words.against_chance(_row(result, group)["direction"]),
            rank[group],
        )
        for group in rank
    )


def _actions(result: Movement) -> tuple[Action, ...]:
    told = []
    for rank, group in enumerate(("needs_attention", "growing", "sleeping"), 3):
        row = _row(result, group)
        if row["customers"]:
            told.append(
                Action(
                    _("{group}, {n}: {advice}; begin with the {news} whose move is hardly chance").format(
                        group=words.group_name(group),
                        n=plural("{n} customer", "{n} customers", int(row["customers"])),
                        advice=words.group_advice(group),
                        news=number(row["customers_news"]),
                    ),
                    words.against_chance(row["direction"]),
                    _("this month"),
                    rank,
                )
            )
    return tuple(told)


__all__ = [
    "actions",
    "answer",
    "chance_sentence",
    "finding",
    "group_table",
    "headline",
    "how_sure",
    "key_figures",
    "movement_sentence",
    "news_sentence",
    "periods_sentence",
    "score_table",
    "segment_table",
    "segments_sentence",
    "verdict",
    "why",
]
