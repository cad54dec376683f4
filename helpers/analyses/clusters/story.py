"""The customer groups in words: every sentence is made from the result."""

from __future__ import annotations

from pandas import Series

from helpers.analyses.clusters import naming
from helpers.analyses.clusters.certainty import how_sure, nature, steadiness, verdict
from helpers.analyses.clusters.room import Result
from helpers.analyses.clusters.scale_words import scale_sentence
from helpers.analyses.clusters.tables_shown import evidence_table, groups_table, rules_table, scales_table
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, money, number, percent, plural
from helpers.story import Actions, Answer, KeyFigures, Sentence

__all__ = [
    "actions",
    "answer",
    "evidence_sentence",
    "evidence_table",
    "figures",
    "finding",
    "group_sentences",
    "groups_table",
    "headline",
    "how_sure",
    "key_figures",
    "leading",
    "nature",
    "rules_table",
    "scales_sentences",
    "scales_table",
    "steadiness",
    "to_do",
    "verdict",
    "why",
]


def headline(result: Result) -> str:
    """Return the finding as one sentence: where the revenue sits, with its numbers.

    The sentence names the group that brings the most revenue for its size, unless no group brings
    clearly more than its share of customers.
    """
    best = leading(result)
    groups = plural("{n} group of customers", "{n} groups of customers", result.quality["clusters"])
    if best is None:
        return _("{groups}, and each brings about its share of revenue").format(groups=groups)
    text = _("{groups}; “{name}” are {share} of the customers and bring {revenue} of the revenue")
    return text.format(groups=groups, name=best["name"], share=_share(best["share"]), revenue=percent(best["revenue_share"]))


def _share(share: float) -> str:
    return percent(share, 1 if share < 0.1 else 0)


def leading(result: Result) -> Series | None:
    """Return the group that brings most revenue beyond its share of customers.

    None when no group is ahead by at least 5 points (our convention).
    """
    groups = result.groups
    ahead = (groups["revenue_share"] - groups["share"]).fillna(0.0)
    return groups.loc[ahead.idxmax()] if ahead.max() >= 0.05 else None


def answer(result: Result) -> Answer:
    """Return the chapter's answer: the finding, and what supports it."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences under the headline: nature of the groups, how sure, large accounts."""
    said = [nature(result), steadiness(result)]
    large = result.quality["large_accounts"]
    if large:
        share = result.profile["revenue_share"].iloc[-1]
        text = _("{accounts} stand apart: they bring {share} of the revenue and are looked after by name.")
        said.append(
            text.format(
                share=percent(share),
                accounts=plural("{n} very large account", "{n} very large accounts", large),
            )
        )
    return tuple(said)


def group_sentences(result: Result) -> tuple[Sentence, ...]:
    """Return one sentence per group: what marks it, and the short rule that finds it back."""
    everyone = result.table.loc[~result.table["large_account"], list(result.features)].median()
    said = []
    for place, row in enumerate(result.groups.itertuples()):
        marks = naming.marks_in_words(result.groups.iloc[place], everyone, result.features)
        text = _("{name}: {customers}, {share} of the revenue. {marks}")
        said.append(
            Sentence(
                text.format(
                    name=row.name,
                    customers=plural("{n} customer", "{n} customers", row.customers),
                    share=percent(row.revenue_share),
                    marks=marks,
                )
            )
        )
    return tuple(said)


def evidence_sentence(result: Result) -> Sentence:
    """Say what the evidence proposes, and whether that is what was used."""
    quality = result.quality
    if quality["declared"] and quality["proposed"] != quality["clusters"]:
        text = _("You declared {used} groups; by itself the evidence would propose {proposed}.")
    elif quality["declared"]:
        text = _("You declared {used} groups, and the evidence proposes the same number.")
    else:
        text = _("The evidence proposes {proposed} groups, and these were used.")
    return Sentence(text.format(used=number(quality["clusters"]), proposed=number(quality["proposed"])))


def scales_sentences(result: Result) -> tuple[Sentence, ...]:
    """Say what the raw scale does, and which scale is recommended and why."""
    return tuple(Sentence(text) for text in scale_sentence(result))


def key_figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the figures that the summary may show."""
    quality, best = result.quality, leading(result)
    kind = _("natural groups") if quality["natural_here"] else _("a useful cut, not natural groups")
    first = (
        ()
        if best is None
        else (
            KeyFigure(
                percent(best["revenue_share"]),
                _("of revenue from “{name}”, {share} of the customers").format(name=best["name"], share=_share(best["share"])),
                _("counted, not estimated"),
                3,
            ),
        )
    )
    return (
        *first,
        KeyFigure(number(quality["clusters"]), _("groups of customers"), kind, 4),
        KeyFigure(
            percent(quality["sure_share"]),
            _("of customers have a sure group"),
            _("the same in at least {certain} of {times} resamples").format(
                certain=percent(result.settings.certain_share), times=number(result.settings.resamples)
            ),
            6,
        ),
    )


def actions(result: Result) -> tuple[Action, ...]:
    """Return what to do with the groups."""
    said: list[Action] = []
    if result.quality["large_accounts"]:
        text = _("Give each of the {accounts} a named contact and a plan of its own.")
        said.append(
            Action(
                text.format(accounts=plural("{n} very large account", "{n} very large accounts", result.quality["large_accounts"])),
                _("counted, not estimated"),
                rank=3,
            )
        )
    best = leading(result)
    if best is not None:
        text = _("Plan this year's approach to “{name}” first: {customers} bring {revenue}.")
        said.append(
            Action(
                text.format(
                    name=best["name"],
                    revenue=money(best["revenue"]),
                    customers=plural("{n} customer", "{n} customers", best["customers"]),
                ),
                verdict(result).word,
                rank=4,
            )
        )
    unsure = int((result.table["sure"] < result.settings.certain_share).sum())
    if unsure:
        text = _("Do not fix the approach of {customers} near a border by their group alone.")
        said.append(
            Action(
                text.format(customers=plural("{n} customer", "{n} customers", unsure)),
                _("their group changes with the draw"),
                rank=7,
            )
        )
    return tuple(said)


def finding(result: Result) -> Finding:
    """Return the record for the summary, the report and the next round."""
    return Finding(headline(result), why(result), verdict(result), key_figures(result), actions(result), rank=3)


def figures(result: Result) -> KeyFigures:
    """Return the key figures as a record to show."""
    return KeyFigures(key_figures(result))


def to_do(result: Result) -> Actions:
    """Return the actions as a record to show."""
    return Actions(actions(result))
