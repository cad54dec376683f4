"""How sure the potential is, and how it was computed."""

from helpers.analyses.potential import words
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.results import Verdict
from helpers.core.wording import _, listing, number, percent
from helpers.story import HowSure

WIDE = 4  # our convention: a high estimate beyond four times the low one is rough


def verdict(result: UntappedPotential) -> Verdict:
    """Return how far the potential can be trusted: by how wide its range is."""
    quality = result.quality
    wide = quality["unused_potential_high"] > WIDE * max(quality["unused_potential_low"], 1)
    return Verdict("caution", _("rough")) if wide else Verdict("go", _("usable"))


def how_sure(result: UntappedPotential) -> HowSure:
    """Return method, settings, checks and limits of the potential."""
    return HowSure(
        {
            _("Method"): _method(result),
            _("Settings"): _settings(result),
            _("Checks"): _checks(result),
            _("Limits"): [*result.notes, *_limits()],
        }
    )


def _method(result: UntappedPotential) -> list[str]:
    return [
        _(
            "A customer's potential is what only {share} of comparable customers exceed (quantile regression on the logarithm of revenue)."
        ).format(share=percent(1 - result.quality["peer_level"])),
        _("Reached potential is revenue over that potential, at most {all}.").format(all=percent(1)),
        _("Low and high take a lower and a higher level of comparable customers, at the outer ends of what re-drawn customers give."),
        _("Segments come from K-Means on purchases, brands, refills, contacts and reached potential; size and usage weigh less."),
        _("Contacts against orders is a Poisson regression with robust intervals, with size, usage and sector held equal."),
    ]


def _settings(result: UntappedPotential) -> list[str]:
    clustered_on = listing([words.feature_name(name) for name in result.clustered_on])
    compared_on = listing([words.feature_name(name) for name in result.compared_on])
    return [_("The segments use {names}.").format(names=clustered_on), _("Comparable means alike in {names}.").format(names=compared_on)]


def _checks(result: UntappedPotential) -> list[str]:
    quality = result.quality
    return [
        _("{share} of the customers buy at or above their potential; the method aims at {aim}.").format(
            share=percent(quality["share_at_or_above_potential"]), aim=percent(1 - quality["peer_level"])
        ),
        _("Half of the customers lie closer than {n} to the centre of their segment (0 is its border, 1 its centre).").format(
            n=number(quality["median_closeness"], 2)
        ),
    ]


def _limits() -> list[str]:
    return [
        _("The potential is a comparison, not a forecast: nobody will win all of it."),
        _("It shows what others like this customer buy from you; what customers buy elsewhere is not in the data."),
        _("Where nobody in a kind of firm buys much, its potential looks small."),
        _("K-Means always gives the number of segments that was asked for."),
    ]
