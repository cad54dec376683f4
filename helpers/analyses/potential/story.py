"""What the potential says: answer, sentences, tables, how sure, and the finding."""

from __future__ import annotations

import math

import pandas as pd

from helpers.analyses.potential import words
from helpers.analyses.potential.analysis import UntappedPotential
from helpers.analyses.potential.shown import effort_table, potential_table, segment_table
from helpers.analyses.potential.sure import how_sure
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, listing, money, number, percent, plural
from helpers.story import Actions, Answer, KeyFigures, Sentence


def _most_unused(result: UntappedPotential) -> pd.DataFrame:
    """Return the segments with the most unused euros that together hold at least half of them."""
    order = result.profile.sort_values(["unused_potential", "segment"], ascending=[False, True])
    before = order["unused_potential"].cumsum() - order["unused_potential"]
    return order[before < order["unused_potential"].sum() / 2]


def _named(result: UntappedPotential, rows: pd.DataFrame) -> list[str]:
    names = dict(zip(result.profile["segment"], words.names(result.profile), strict=True))
    return [_("“{name}”").format(name=names[number]) for number in rows["segment"]]


def about(amount: float) -> str:
    """Return an amount in three figures: an estimate is not exact to the euro."""
    if not amount or math.isnan(amount):
        return money(amount)
    return money(round(amount, 2 - math.floor(math.log10(abs(amount)))))


def _range(result: UntappedPotential) -> str:
    found = result.quality
    return between(about(found["unused_potential_low"]), about(found["unused_potential_high"]))


def verdict(result: UntappedPotential) -> Verdict:
    """Return how far the potential can be trusted: by how wide its range is."""
    found = result.quality
    wide = found["unused_potential_high"] > 4 * max(found["unused_potential_low"], 1)
    return Verdict("caution", _("rough")) if wide else Verdict("go", _("usable"))


def headline(result: UntappedPotential) -> str:
    """Return the finding as one sentence with its number."""
    return _("Your customers reach {share} of their potential; about {money} of revenue a year is left lying").format(
        share=percent(result.quality["reached_potential"]), money=about(result.quality["unused_potential"])
    )


def why(result: UntappedPotential) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    rows = _most_unused(result)
    told = [
        _("Most of it lies with {names}.").format(names=listing(_named(result, rows))),
        _("The range is {range}: by what the upper {low} or the upper {high} of comparable customers buy.").format(
            range=_range(result),
            low=percent(1 - result.quality["peer_low"]),
            high=percent(1 - result.quality["peer_high"]),
        ),
    ]
    if result.effort.dead_contacts > 0:
        told.append(dead_sentence(result).text)
    return tuple(told)


def answer(result: UntappedPotential) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def compared_sentence(result: UntappedPotential) -> Sentence:
    """Return on what customers are compared."""
    return Sentence(
        _("Customers are compared with others of the same {names}.").format(
            names=listing([words.feature_name(name) for name in result.compared_on])
        )
    )


def segments_sentence(result: UntappedPotential) -> Sentence:
    """Return the segment that brings most for its size."""
    first = result.profile.iloc[0]
    return Sentence(
        _("{name} are {share} of the customers and bring {revenue} of the revenue; they reach {reached} of their potential.").format(
            name=_named(result, result.profile.head(1))[0],
            share=percent(first["share"], 1),
            revenue=percent(first["revenue"] / max(result.profile["revenue"].sum(), 1)),
            reached=percent(first["reached_potential"]),
        )
    )


def brands_sentence(result: UntappedPotential) -> Sentence:
    """Return where other brands and missing refills stand in the way."""
    profile = result.profile.dropna(subset=["third_party_share"])
    if not len(profile):
        return Sentence(_("Whose brand the products are is not recorded, so brands cannot be compared."))
    behind = profile[profile["reached_potential"] <= result.quality["reached_potential"]]
    row = behind[behind["third_party_share"] > 0.5].sort_values(["third_party_share", "segment"], ascending=[False, True])
    if not len(row):
        return Sentence(_("In no segment that stays behind do third-party brands have more than half of the revenue."))
    told = _("{name} spend {third} on third-party brands").format(
        name=_named(result, row.head(1))[0], third=percent(row.iloc[0]["third_party_share"])
    )
    refill = row.iloc[0]["refill_share"]
    if not math.isnan(refill):
        told += " " + _("and {refill} on refills").format(refill=percent(refill))
    return Sentence(told + ".")


def effort_sentence(result: UntappedPotential) -> Sentence:
    """Return what contacts go with, said as an association."""
    found = result.effort
    if math.isnan(found.ratio):
        return Sentence(_("Contacts against orders cannot be told: contacts are not recorded, or all customers get the same."))
    return Sentence(
        _(
            "Customers contacted twice as often placed {ratio} times the orders ({low} to {high}), size and "
            ""
            ""
            "usage being equal. "
            "This goes together; it does not show that contacts bring orders."
        ).format(ratio=number(found.ratio, 2), low=number(found.low, 2), high=number(found.high, 2))
    )


def wasted_sentence(result: UntappedPotential) -> Sentence | None:
    """Return who is contacted often and orders seldom; None where no contact is recorded."""
    found = result.effort
    if not found.all_contacts:
        return None
    if not found.often_seldom:
        return Sentence(_("Nobody is contacted often while ordering seldom."))
    told = _("{n} were contacted often and ordered seldom: {contacts} contacts in a year").format(
        n=plural("{n} customer", "{n} customers", found.often_seldom),
        contacts=number(found.often_seldom_contacts),
    )
    if found.often_seldom_cost > 0:
        told += " " + _("for {money}").format(money=money(found.often_seldom_cost))
    return Sentence(told + ".")


def dead_sentence(result: UntappedPotential) -> Sentence | None:
    """Return what goes to dead records; None where no contact is recorded."""
    found = result.effort
    if not found.all_contacts:
        return None
    if not found.dead_contacts:
        return Sentence(_("No contacts went to dead records."))
    told = _("{contacts} of {all} contacts went to {n} without an order or a device").format(
        contacts=number(found.dead_contacts),
        all=number(found.all_contacts),
        n=plural("{n} dead record", "{n} dead records", found.dead),
    )
    if found.dead_cost > 0:
        told += ": " + _("{money} a year").format(money=money(found.dead_cost))
    return Sentence(told + ".")


def experiment_sentence(result: UntappedPotential) -> Sentence:
    """Return the experiment that would tell what contacts bring."""
    needed, live = result.effort.experiment_per_arm, result.quality["live_customers"]
    if math.isnan(needed):
        return Sentence(_("An experiment on contacts needs customers who are contacted and order."))
    told = _(
        "An experiment would tell: draw by lot who is contacted half as often for a year; {n} customers "
        "per group show a "
        "difference of {effect} in orders."
    ).format(n=number(needed), effect=percent(result.effort.experiment_effect))
    if 2 * needed > live:
        told += " " + _("With {live} customers only a larger difference will show.").format(live=number(live))
    return Sentence(told)


def key_figures(result: UntappedPotential) -> KeyFigures:
    """Return the figures for the summary."""
    return KeyFigures(finding(result).key_figures)


def actions(result: UntappedPotential) -> Actions:
    """Return what to do with it."""
    return Actions(finding(result).actions)


def finding(result: UntappedPotential) -> Finding:
    """Return the finding of the phase."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=2)


def _figures(result: UntappedPotential) -> tuple[KeyFigure, ...]:
    found = [
        KeyFigure(about(result.quality["unused_potential"]), _("unused potential per year"), _range(result), 2),
        KeyFigure(
            percent(result.quality["reached_potential"]),
            _("of the potential is reached"),
            verdict(result).word,
            4,
        ),
    ]
    if result.effort.dead_contacts:
        spent = money(result.effort.dead_cost) if result.effort.dead_cost > 0 else number(result.effort.dead_contacts)
        meaning = _("budget now going to dead records") if result.effort.dead_cost > 0 else _("contacts now going to dead records")
        found.append(KeyFigure(spent, meaning, _("counted"), 5))
    return tuple(found)


def _actions(result: UntappedPotential) -> tuple[Action, ...]:
    told = []
    for row, name in zip(_most_unused(result).itertuples(), _named(result, _most_unused(result)), strict=True):
        customers = plural("{n} customer", "{n} customers", row.customers)
        advice = words.advice(row.kind, row.marks)
        text = _("{name} ({n}): {advice}").format(name=name, n=customers, advice=advice)
        told.append(Action(text, verdict(result).word, _("next campaign"), 3))
    if result.effort.dead_contacts:
        told.append(
            Action(
                _("Take {n} out of the campaigns").format(n=plural("{n} dead record", "{n} dead records", result.effort.dead)),
                _("counted"),
                _("at once"),
                2,
            )
        )
    if result.effort.often_seldom and not math.isnan(result.effort.experiment_per_arm):
        told.append(
            Action(
                _("Test by lot whether fewer contacts cost orders, before spending differently"),
                _("open question"),
                _("a year"),
                5,
            )
        )
    return tuple(told)


__all__ = [
    "actions",
    "answer",
    "brands_sentence",
    "compared_sentence",
    "dead_sentence",
    "effort_sentence",
    "effort_table",
    "experiment_sentence",
    "finding",
    "headline",
    "how_sure",
    "key_figures",
    "potential_table",
    "segment_table",
    "segments_sentence",
    "verdict",
    "wasted_sentence",
    "why",
]
