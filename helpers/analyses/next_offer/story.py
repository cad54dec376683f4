"""The next offer in words: every sentence is made from the result."""

from __future__ import annotations

from helpers.analyses.next_offer.precompute import Arithmetic
from helpers.analyses.next_offer.room import Result
from helpers.analyses.next_offer.show import (
    bundles_table,
    coupons_table,
    left_out,
    methods_table,
    offers_table,
    profile_table,
    weights_sentence,
    weights_table,
)
from helpers.analyses.next_offer.words import method_name
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, money, number, percent, plural
from helpers.story import Actions, Answer, HowSure, KeyFigures, Sentence

__all__ = [
    "actions",
    "answer",
    "bundled",
    "bundles_table",
    "coupons_table",
    "finding",
    "headline",
    "how_sure",
    "judged",
    "key_figures",
    "left_out",
    "methods_table",
    "offers_table",
    "planned",
    "prepared",
    "profile_table",
    "sentences",
    "verdict",
    "weights_sentence",
    "weights_table",
    "why",
]


def verdict(result: Result) -> Verdict:
    """Return how far the offers can be trusted."""
    if result.quality["beats_popularity"]:
        return Verdict("go", _("beats popularity"))
    return Verdict("caution", _("no better than popularity"))


def headline(result: Result) -> str:
    """Return the finding as one sentence with its numbers."""
    quality = result.quality
    if not quality["judged_on"]:
        return _("{n} customers have a next offer; no later period has judged it yet").format(n=number(quality["customers"]))
    text = _("Of the customers who bought something new, {rate} bought one of their {n} suggestions, against {plain} by popularity")
    if not quality["beats_popularity"]:
        text = _("No method beats popularity: {plain} of the customers who bought something new bought one of the {n} most popular groups")
    return text.format(
        rate=percent(quality["hit_rate"]),
        n=number(result.settings.suggestions),
        plain=percent(quality["popularity"]),
    )


def answer(result: Result) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    return tuple(text for text in (judged(result), planned(result), bundled(result)) if text)


def judged(result: Result) -> str:
    """Say how the methods were judged, and by how much the one in use is ahead."""
    quality = result.quality
    if not quality["judged_on"]:
        return ""
    text = _("The methods saw nothing of the last {days} days, in which {n} customers bought a group that was new to them.").format(
        days=number(quality["later_days"]), n=number(quality["judged_on"])
    )
    if not quality["beats_popularity"]:
        return text + " " + _("What most customers buy is used, since nothing does better beyond chance.")
    return (
        text
        + " "
        + _("Best is “{method}”, {points} percentage points ahead of popularity ({range}).").format(
            method=method_name(quality["used"]),
            points=number(100 * quality["better"], 1),
            range=between(number(100 * quality["better_low"], 1), number(100 * quality["better_high"], 1)),
        )
    )


def planned(result: Result) -> str:
    """Say what the coupon plan is expected to bring and cost, and on what that rests."""
    totals = result.plan.totals
    if not totals["coupons"]:
        return _("No coupon fits the rules of the plan.")
    given = {
        "coupons": plural("{n} coupon", "{n} coupons", totals["coupons"]),
        "customers": plural("{n} customer", "{n} customers", totals["customers"]),
    }
    if result.plan.coupons["spend"].isna().all():
        text = _("The plan gives {coupons} to {customers}; its cost is not known without amounts.")
        return text.format(**given)
    if result.judgement.new_rate != result.judgement.new_rate:
        text = _(
            "The plan gives {coupons} to {customers} at a cost of at most {cost}; how many will be used is not "
            "known, so every coupon is counted as used."
        )
        return text.format(**given, cost=money(totals["cost_if_all_redeem"]))
    text = _(
        "The plan gives {coupons} to {customers}; about {redeemed} would be used at a cost of {cost}, as often as "
        "such groups were bought in the later period without a coupon."
    )
    redeemed, cost = number(totals["expected_redemptions"]), money(totals["expected_cost"])
    return text.format(**given, redeemed=redeemed, cost=cost)


def bundled(result: Result) -> str:
    """Say how the bundles did on the later period."""
    if result.bundles is None or result.bundles.table.empty:
        return ""
    check = result.bundles.check.set_index("what")
    ranked, seller = check.loc["ranked"], check.loc["best_seller"]
    if not ranked["orders"]:
        return _("{n} bundles obey the rules; no later order holds their main products.").format(n=number(len(result.bundles.table)))
    return _(
        "{n} bundles obey the rules; later, {rate} of the orders with the main product held the added "
        "one, against "
        "{seller} for the best seller of its group."
    ).format(
        n=number(len(result.bundles.table)),
        rate=percent(ranked["conversion"], 1),
        seller=percent(seller["conversion"], 1),
    )


def prepared(arithmetic: Arithmetic) -> Sentence:
    """Say whether the offers are prepared beforehand or computed when asked.

    Parameters
    ----------
    arithmetic : see ``precompute.arithmetic``; with seconds where somebody measured them.
    """
    text = _("That is a table of {rows} rows and about {mega} MB").format(
        rows=number(arithmetic.rows), mega=number(arithmetic.size_bytes / 1e6, 1)
    )
    if arithmetic.seconds == arithmetic.seconds:
        text += ", " + _("computed in {minutes} minutes").format(minutes=number(arithmetic.seconds / 60, 1))
    if arithmetic.prepare:
        return Sentence(text + ": " + _("prepare it at night, and let the site look it up."))
    return Sentence(text + ": " + _("too much to prepare; compute it at the moment somebody asks."))


def _figures(result: Result) -> tuple[KeyFigure, ...]:
    quality = result.quality
    if not quality["judged_on"]:
        return ()
    sure = _("likely {range}").format(range=between(percent(quality["low"]), percent(quality["high"])))
    return (KeyFigure(percent(quality["hit_rate"]), _("of new purchases foreseen by the suggestions"), sure, 4),)


def key_figures(result: Result) -> KeyFigures:
    """Show the figures of the chapter."""
    return KeyFigures(_figures(result))


def _actions(result: Result) -> tuple[Action, ...]:
    sure, found = verdict(result).word, []
    if len(result.profile) and result.profile["offered"].iloc[0]:
        first = result.profile.iloc[0]
        found.append(
            Action(
                _("Offer “{item}” to the {n} customers who lack it among their like.").format(
                    item=first["item"], n=number(first["offered"])
                ),
                sure,
                rank=3,
            )
        )
    totals = result.plan.totals
    if totals["coupons"]:
        found.append(
            Action(
                _("Send the coupons to {n} customers and nothing to the {held} of the holdout; compare both after {days} days.").format(
                    n=number(totals["customers"]),
                    held=number(totals["holdout"]),
                    days=number(result.quality["later_days"]),
                ),
                _("measured by lot"),
                rank=3,
            )
        )
    return tuple(found)


def actions(result: Result) -> Actions:
    """Return what to do with the offers."""
    return Actions(_actions(result))


def how_sure(result: Result) -> HowSure:
    """Return the closed part: method, checks, limits."""
    judgement = result.judgement
    limits = [
        *result.notes,
        _("A suggestion that was bought would often have been bought without it: only the holdout tells."),
    ]
    if judgement.familiar_pairs and judgement.familiar_rate == judgement.familiar_rate:
        limits.append(
            _(
                "{rate} of familiar groups were bought again in {days} days without a coupon: discounts "
                "on them are "
                "mostly given to customers who would have come anyway."
            ).format(rate=percent(judgement.familiar_rate), days=number(judgement.days))
        )
    return HowSure(
        {
            _("Method"): _(
                "Only groups that a customer does not buy yet are suggested, within the sector where "
                "there is one. "
                "A method is used only when it beats popularity on a later period it has not seen."
            ),
            _("Checks"): methods_table(result),
            _("Limits"): limits,
        }
    )


def sentences(result: Result) -> tuple[Sentence, ...]:
    """Return the sentences that read the outcome."""
    return tuple(Sentence(text) for text in why(result))


def finding(result: Result) -> Finding:
    """Return the record for summary, report and next round."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), 4)
