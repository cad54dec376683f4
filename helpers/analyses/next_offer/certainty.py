"""How sure: whether the offers beat what is popular, on purchases that no method has seen."""

from helpers.analyses.next_offer.methods import method_name
from helpers.analyses.next_offer.result import Result
from helpers.analyses.next_offer.tables import methods_table
from helpers.core.results import Verdict
from helpers.core.wording import _, between, number, percent
from helpers.story import HowSure
from helpers.story.chance import chance_words


def verdict(result: Result) -> Verdict:
    """Return how far the offers can be trusted."""
    if result.quality["beats_popularity"]:
        return Verdict("go", _("beats popularity"))
    if not foreseen(result):
        return Verdict("caution", _("no better than chance"))
    return Verdict("caution", _("no better than popularity"))


def foreseen(result: Result) -> bool:
    """Return whether the suggestions hit more often than groups drawn by lot; True where no later period could tell."""
    return result.judgement.hits is None or result.judgement.hits.beaten


def judged(result: Result) -> str:
    """Say how the methods were judged, and by how much the one in use is ahead."""
    quality, judgement = result.quality, result.judgement
    if not quality["judged_on"]:
        return ""
    text = _("The methods saw nothing of the last {days} days, in which {n} customers bought a group that was new to them.").format(
        days=number(quality["later_days"]), n=number(quality["judged_on"])
    )
    if not quality["beats_popularity"]:
        used = _("What most customers buy is used, since nothing does better beyond chance.")
        return " ".join([text, used, *([chance_words(judgement.hits, percent)] if judgement.hits else [])])
    lead = _("Best is “{method}”, {points} percentage points ahead of popularity ({range}).").format(
        method=method_name(quality["used"]),
        points=number(100 * quality["better"], 1),
        range=between(number(100 * quality["better_low"], 1), number(100 * quality["better_high"], 1)),
    )
    by_chance = [chance_words(judgement.lead, lambda share: number(100 * share, 1))] if judgement.lead else []
    return " ".join([text, lead, *by_chance])


def how_sure(result: Result) -> HowSure:
    """Return the closed part: method, checks, limits."""
    judgement = result.judgement
    limits = [*result.notes, _("A suggestion that was bought would often have been bought without it: only the holdout tells.")]
    if judgement.familiar_pairs and judgement.familiar_rate == judgement.familiar_rate:
        limits.append(
            _(
                "{rate} of familiar groups were bought again in {days} days without a coupon: discounts "
                "on them are mostly given to customers who would have come anyway."
            ).format(rate=percent(judgement.familiar_rate), days=number(judgement.days))
        )
    return HowSure(
        {
            _("Method"): _(
                "Only groups that a customer does not buy yet are suggested, within the sector where "
                "there is one. A method is used only when it beats popularity on a later period it has not seen."
            ),
            _("Checks"): methods_table(result),
            _("Limits"): limits,
        }
    )
