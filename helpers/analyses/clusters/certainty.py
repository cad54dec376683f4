"""How sure the customer groups are, and how they were computed, in words."""

from __future__ import annotations

from helpers.analyses.clusters import naming
from helpers.analyses.clusters.features import words
from helpers.analyses.clusters.room import Result
from helpers.analyses.clusters.scale_words import SCALE_NAMES
from helpers.analyses.clusters.structure import EMPTY_ENOUGH
from helpers.core.results import Verdict
from helpers.core.wording import _, between, number, percent, plural
from helpers.story import HowSure

STABLE, SHAKY = 0.75, 0.6


def verdict(result: Result) -> Verdict:
    """Return how far the groups can be trusted (limits of Hennig 2007)."""
    weakest = result.quality["weakest"]
    if weakest >= STABLE:
        return Verdict("go", _("stable"))
    return Verdict("caution", _("partly stable") if weakest >= SHAKY else _("unsure"))


def nature(result: Result) -> str:
    """Say whether these are natural groups, or a useful cut through customers without borders."""
    quality = result.quality
    here = plural("{n} group", "{n} groups", quality["clusters"])
    if quality["natural_here"]:
        text = _(
            "These are natural groups: between any two of them there are {empty} fewer customers than "
            "inside them, more than chance leaves open."
        )
        return text.format(empty=percent(quality["emptiness"]))
    if quality["natural"]:
        text = _("The data show {natural} natural groups; the {here} here are your own choice.")
        return text.format(natural=number(quality["natural"]), here=here)
    if quality["emptiness"] >= EMPTY_ENOUGH:
        text = _(
            "The {here} lie well apart, but that is not proof of natural groups: the smallest has {smallest}. Read them as a useful cut."
        )
        smallest = plural("{n} customer", "{n} customers", int(result.groups["customers"].min()))
        return text.format(here=here, smallest=smallest)
    text = _(
        "There are no natural groups here: we found no clear gap between groups of customers. The {here} "
        "are a useful cut, and customers near a border are much alike."
    )
    return text.format(here=here)


def steadiness(result: Result) -> str:
    """Say how much of the groups stays when the customers are drawn again."""
    quality = result.quality
    text = _(
        "When the customers are drawn again {times} times, the least steady group keeps {weakest} of its "
        "make-up, and {sure} of the customers stay in their group at least {certain} of the time."
    )
    return text.format(
        times=number(result.settings.resamples),
        weakest=percent(quality["weakest"]),
        sure=percent(quality["sure_share"]),
        certain=percent(result.settings.certain_share),
    )


def how_sure(result: Result) -> HowSure:
    """Return the closed part: method, settings, checks and limits."""
    quality, settings = result.quality, result.settings
    method = _(
        "K-Means on {features} ({scale}). The number of groups is judged by resamples (adjusted Rand "
        "index and "
        "Hennig's cluster-wise Jaccard), by the space between groups against copies of the data without "
        "structure, by the smallest group and by a short rule; the silhouette is shown, but never decides."
    )
    checks = [
        steadiness(result),
        _("Overall agreement with the resamples: {mean} (middle 80 %: {spread}; 1 is the same, 0 is chance).").format(
            mean=number(quality["agreement"], 2),
            spread=between(number(quality["agreement_low"], 2), number(quality["agreement_high"], 2)),
        ),
        _("A rule with at most {depth} conditions puts {share} of the customers in the right group.").format(
            depth=number(naming.DEPTH), share=percent(quality["fidelity"])
        ),
    ]
    if quality["sample_same"] < 1 or quality["fitted_on"] < quality["customers"] - quality["large_accounts"]:
        checks.append(
            _("The groups were fitted on {n} customers; a second sample gives {share} of all customers the same group.").format(
                n=number(quality["fitted_on"]), share=percent(quality["sample_same"], 1)
            )
        )
    limits = [
        _("The groups describe what customers did in this period; they do not say why, or what comes next."),
        *result.notes,
    ]
    chosen = _("declared") if quality["declared"] else _("from the evidence")
    used = _("{clusters} groups ({chosen}), {times} resamples, {references} copies without structure.").format(
        clusters=number(quality["clusters"]),
        chosen=chosen,
        times=number(settings.resamples),
        references=number(settings.references),
    )
    return HowSure(
        {
            _("Method"): method.format(features=words(result.features), scale=SCALE_NAMES[settings.scale]()),
            _("Settings"): used,
            _("Checks"): checks,
            _("Limits"): limits,
        }
    )
