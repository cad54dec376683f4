"""How sure the potential is, and how it was computed."""

from helpers.analyses.potential import words
from helpers.analyses.potential.backtest import Backtest
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.results import Verdict
from helpers.core.wording import _, listing, money_short, number, percent
from helpers.story import HowSure
from helpers.story.chance import chance_words

WIDE = 4  # our convention: a high estimate beyond four times the low one is rough


def verdict(result: UntappedPotential) -> Verdict:
    """Return how far the potential can be trusted: whether chance is beaten, then by how wide its range is."""
    quality = result.quality
    if not result.chance.beaten:
        return Verdict("caution", _("not beyond chance"))
    wide = quality["unused_potential_high"] > WIDE * max(quality["unused_potential_low"], 1)
    return Verdict("caution", _("rough")) if wide else Verdict("go", _("usable"))


def how_sure(result: UntappedPotential) -> HowSure:
    """Return method, settings, checks and limits of the potential."""
    return HowSure(
        {
            _("Method"): _method(result),
            _("Settings"): _settings(result),
            _("Checks"): _checks(result),
            _("Limits"): [*result.notes, *_limits(result)],
        }
    )


def _method(result: UntappedPotential) -> list[str]:
    return [
        _(
            "A customer's potential is what only {share} of comparable customers really exceed, after the luck of single years is "
            "taken out (latent class regression on the logarithm of revenue)."
        ).format(share=percent(1 - result.quality["peer_level"])),
        _("Unused potential is what is expected to be left of it (empirical Bayes); the range holds the truth in 95 of 100 cases."),
        _("Segments come from K-Means on purchases, brands, refills, contacts and reached potential; size and usage weigh less."),
        _("Contacts against orders is a Poisson regression with robust intervals, with size, usage and sector held equal."),
    ]


def _settings(result: UntappedPotential) -> list[str]:
    clustered_on = listing([words.feature_name(name) for name in result.clustered_on])
    compared_on = listing([words.feature_name(name) for name in result.compared_on])
    return [_("The segments use {names}.").format(names=clustered_on), _("Comparable means alike in {names}.").format(names=compared_on)]


def _checks(result: UntappedPotential) -> list[str]:
    quality = result.quality
    checks = [chance_words(result.chance, money_short)]
    if "lasting_share" in quality:
        checks.append(
            _("{share} of the differences between comparable customers last from year to year; the rest comes and goes.").format(
                share=percent(quality["lasting_share"])
            )
        )
    if result.backtest is not None:
        checks.append(backtest_words(result.backtest))
    closeness = number(quality["median_closeness"], 2)
    checks.append(
        _("Half of the customers lie closer than {n} to the centre of their segment (0 is its border, 1 its centre).").format(n=closeness)
    )
    return checks


def backtest_words(backtest: Backtest) -> str:
    """Return what became of the customers who would have been listed a year ago."""
    return _(
        "Of the {n} customers who would have been listed a year ago, {share} bought less than their potential in the year since; "
        "{predicted} were expected to stay unused, and {came_true} did."
    ).format(
        n=number(backtest.listed),
        share=percent(backtest.still_behind),
        predicted=money_short(backtest.predicted),
        came_true=money_short(backtest.came_true),
    )


def _limits(result: UntappedPotential) -> list[str]:
    limits = [
        _("The potential is a comparison, not a forecast: nobody will win all of it."),
        _("It shows what others like this customer buy from you; what customers buy elsewhere is not in the data."),
        _("Where nobody in a kind of firm buys much, its potential looks small."),
        _("A size or use that is not in the data looks like potential, or hides it."),
        _("K-Means always gives the number of segments that was asked for."),
    ]
    if result.quality["years"] == 1:
        limits.insert(
            0, _("From one year alone only a separate group that stays behind can be told from a bad year; bring the year before.")
        )
    return limits
