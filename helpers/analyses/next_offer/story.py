"""The next offer in words: every sentence is made from the result."""

import pandas as pd

from helpers.analyses.next_offer.analysis import Baskets
from helpers.analyses.next_offer.bundles import what_if
from helpers.analyses.next_offer.certainty import foreseen, judged, verdict
from helpers.analyses.next_offer.precompute import Arithmetic
from helpers.analyses.next_offer.result import Result
from helpers.analyses.next_offer.settings import Weights
from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, money, number, percent, plural
from helpers.story import Actions, Answer, Sentence


def headline(result: Result) -> str:
    """Return the finding as one sentence with its numbers."""
    quality = result.quality
    if not quality["judged_on"]:
        return _("{n} customers have a next offer; no later period has judged it yet").format(n=number(quality["customers"]))
    text = _(
        "Of the customers who bought something new, {rate} bought one of their {n} suggestions, against {plain} with the {n} groups "
        "most popular among those each did not buy yet"
    )
    if not quality["beats_popularity"]:
        text = _(
            "No method beats popularity: of the customers who bought something new, {plain} bought one of the {n} groups most popular "
            "among those they did not buy yet"
        )
    if not foreseen(result):
        text = _(
            "What customers will buy next cannot be foreseen: of those who bought something new, {plain} bought one of the {n} groups "
            "most popular among those they did not buy yet, as chance would have it"
        )
    return text.format(rate=percent(quality["hit_rate"]), n=number(result.settings.suggestions), plain=percent(quality["popularity"]))


def answer(result: Result) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def answer_of_baskets(result: Baskets) -> Answer:
    """Return the answer where there are bundles only."""
    texts = (bundled(result), paired(result.pairs), result.refusal.gate.reason)
    return Answer(_bundles_made(result), tuple(text for text in texts if text), Verdict("caution", _("bundles only")))


def finding_of_baskets(result: Baskets) -> Finding:
    """Return the record where there are bundles only."""
    shown = answer_of_baskets(result)
    action = Action(_("Show the bundles beside their main products, in a part of the shop or the weeks first"), _("to be tested"), rank=4)
    return Finding(shown.heading, tuple(shown.sentences), shown.verdict, actions=(action,), rank=5)


def _bundles_made(result: Baskets) -> str:
    if result.bundles is None:
        pairs = plural("{n} pair is", "{n} pairs are", 0 if result.pairs is None else len(result.pairs))
        return _("{pairs} bought together more often than by chance; offers per customer must wait").format(pairs=pairs)
    made = plural("{n} bundle fits", "{n} bundles fit", len(result.bundles.table))
    return _("{bundles} what is bought together; offers per customer must wait").format(bundles=made)


def why(result: Result) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    return tuple(text for text in (judged(result), planned(result), bundled(result)) if text)


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


def bundled(result: Result | Baskets) -> str:
    """Say how the bundles did on the later period."""
    if result.bundles is None or result.bundles.table.empty:
        return ""
    check = result.bundles.check.set_index("what")
    ranked, seller = check.loc["ranked"], check.loc["best_seller"]
    if not ranked["orders"]:
        return _("{n} bundles obey the rules; no later order holds their main products.").format(n=number(len(result.bundles.table)))
    return _(
        "{n} bundles obey the rules; later, {rate} of the orders with the main product held the added "
        "one, against {seller} for the best seller of its group."
    ).format(n=number(len(result.bundles.table)), rate=percent(ranked["conversion"], 1), seller=percent(seller["conversion"], 1))


def paired(pairs: pd.DataFrame | None) -> str:
    """Name the pair that beats chance most, with how many pairs were looked at; empty where no pairs were."""
    if pairs is None or pairs.empty:
        return ""
    top = pairs.iloc[0]
    return _(
        "“{first}” and “{second}” stand together in {both} orders, against {expected} if everything were bought by "
        "itself; {looked} pairs were looked at."
    ).format(
        first=top["first"],
        second=top["second"],
        both=number(top["both"]),
        expected=number(top["expected"], 1),
        looked=number(top["looked_at"]),
    )


def pairs_sentence(pairs: pd.DataFrame | None) -> Sentence | None:
    """Say what is bought together where no rule says what goes together; None with a rule or without products."""
    if pairs is None:
        return None
    return Sentence(paired(pairs) or _("No pair of products is bought together more often than by chance."))


def prepared(arithmetic: Arithmetic) -> Sentence:
    """Say whether the offers are prepared beforehand or computed when asked."""
    text = _("That is a table of {rows} rows and about {mega} MB").format(
        rows=number(arithmetic.rows), mega=number(arithmetic.size_bytes / 1e6, 1)
    )
    if arithmetic.prepare:
        return Sentence(text + ": " + _("prepare it at night, and let the site look it up."))
    return Sentence(text + ": " + _("too much to prepare; compute it at the moment somebody asks."))


def weights_sentence(result: Result | Baskets, weights: Weights) -> Sentence | None:
    """Say how many first choices other weights would change; None without bundles."""
    if result.bundles is None:
        return None
    frame = what_if(result.bundles, weights)
    return Sentence(
        _("With these weights {n} of {all} first choices change.").format(n=number(int(frame["changed"].sum())), all=number(len(frame)))
    )


def _figures(result: Result) -> tuple[KeyFigure, ...]:
    quality = result.quality
    if not quality["judged_on"]:
        return ()
    certainty = _("likely {range}").format(range=between(percent(quality["low"]), percent(quality["high"])))
    meaning = _("of the customers who bought something new bought one of their suggestions")
    return (KeyFigure(percent(quality["hit_rate"]), meaning, certainty, 4, result.judgement.hits),)


def _actions(result: Result) -> tuple[Action, ...]:
    actions = []
    if len(result.profile) and result.profile["offered"].iloc[0]:
        most_offered = result.profile.iloc[0]
        offer = _("Offer “{item}” to the {n} customers to whom it is suggested.")
        text = offer.format(item=most_offered["item"], n=number(most_offered["offered"]))
        actions.append(Action(text, verdict(result).word, rank=3, chance=result.judgement.hits))
    totals = result.plan.totals
    if totals["coupons"]:
        send = _("Send the coupons to {n} customers and nothing to the {held} of the holdout; compare both after {days} days.")
        text = send.format(n=number(totals["customers"]), held=number(totals["holdout"]), days=number(result.quality["later_days"]))
        certainty = _("{verdict}; at most {cost} if all are used").format(
            verdict=verdict(result).word, cost=money(totals["cost_if_all_redeem"])
        )
        actions.append(Action(text, certainty, rank=3, chance=result.judgement.hits))
    return tuple(actions)


def actions(result: Result) -> Actions:
    """Return what to do with the offers."""
    return Actions(_actions(result))


def sentences(result: Result) -> tuple[Sentence, ...]:
    """Return the sentences that read the outcome."""
    return tuple(Sentence(text) for text in why(result))


def finding(result: Result) -> Finding:
    """Return the record for summary, report and next round."""
    chance = result.judgement.lead if result.quality["beats_popularity"] else result.judgement.hits
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), 4, chance)
