"""How sure the movement is, and how it was computed, in words."""

from helpers.analyses.rfm_movement import words
from helpers.analyses.rfm_movement.noise_floor import CENTRAL, UNUSUAL
from helpers.analyses.rfm_movement.result import Movement
from helpers.core.results import Verdict
from helpers.core.wording import _, listing, number, percent
from helpers.story import HowSure


def leading(result: Movement) -> str:
    """Return the claim that the chapter leads with: the first that says more than chance alone, else that customers fall."""
    claims = ("falling", "sleeping", "needs_attention", "growing")
    return next((claim for claim in claims if claim in result.chance and result.chance[claim].beaten), "falling")


def verdict(result: Movement) -> Verdict:
    """Return how far the movement is news: caution where none of its claims says more than chance alone."""
    if result.chance[leading(result)].beaten:
        return Verdict("go", _("more than chance"))
    return Verdict("caution", _("hardly more than chance"))


def how_sure(result: Movement) -> HowSure:
    """Return method, settings, checks and limits of the movement."""
    return HowSure(
        {_("Method"): _method(), _("Settings"): _settings(result), _("Checks"): _checks(result), _("Limits"): [*result.notes, *_limits()]}
    )


def _method() -> list[str]:
    return [
        _("Recency is days since the last order, frequency orders per month since the first, tenure days as a customer."),
        _("Spend is put on a year, because periods of different length are held against each other."),
        _("A customer's value is the weighted mean of these measures, each as a standardised logarithm."),
        _("The segments are the stretches of that value with the least spread inside them (K-Means in one dimension)."),
        _("Nobody who is better in every measure stands in a lower segment, and equal customers share a segment."),
        _("The meaning of the segments is kept on a card, so that a letter means the same in the next round."),
        _("A customer without orders in a period stands below the lowest segment."),
    ]


def _settings(result: Movement) -> list[str]:
    card = result.card
    total = sum(card.weights.values())
    weights = [
        _("{name} {share}").format(name=words.measure_name(name), share=percent(weight / total)) for name, weight in card.weights.items()
    ]
    return [
        _("What counts in the value: {weights}.").format(weights=listing(weights)),
        _("The segment card was made from {n} customers, up to {date}.").format(n=number(card.customers), date=card.made_on),
    ]


def _checks(result: Movement) -> list[str]:
    quality = result.quality
    return [
        _(
            "Chance: the gaps between every customer's orders are put in another order, {n} times, as if the rhythm had stayed the same."
        ).format(n=number(quality["redraws"])),
        _("First orders, amounts and numbers of orders stay as they are."),
        _("A movement is called news when it lies outside what {share} of these draws give.").format(share=percent(CENTRAL)),
        _("{n} steps between segments are news in that sense.").format(n=number(quality["pairs_news"])),
    ]


def _limits() -> list[str]:
    return [
        _("The draws suppose that a customer's gaps come in no particular order; long spells of much and little are taken for a move."),
        _(
            "A single customer's move is marked when {share} of the draws or fewer go as far: chance marks many too, so only their "
            "number together is news."
        ).format(share=percent(UNUSUAL)),
        _("A customer who ordered only once has no pace: falling asleep is then never news."),
    ]
