"""How sure the customer groups and the audit of the own code are, and how they were computed, in words."""

from helpers.analyses.clusters import naming
from helpers.analyses.clusters.code_audit import Audit
from helpers.analyses.clusters.features import words
from helpers.analyses.clusters.result import Result
from helpers.analyses.clusters.scale import scale_name
from helpers.analyses.clusters.structure import EMPTY_ENOUGH
from helpers.analyses.steadiness import STABLE, STEADY
from helpers.core.results import Verdict
from helpers.core.wording import _, between, number, percent, plural
from helpers.story import HowSure

FITS = 0.5  # our convention: from this agreement on the code follows the groups well


def verdict(result: Result) -> Verdict:
    """Return how far the groups can be trusted (limits of Hennig 2007)."""
    weakest = result.quality["weakest"]
    if weakest >= STABLE:
        return Verdict("go", _("stable"))
    return Verdict("caution", _("partly stable") if weakest >= STEADY else _("unsure"))


def nature(result: Result) -> str:
    """Say whether these are natural groups, or a useful cut through customers without borders."""
    quality = result.quality
    groups = plural("{n} group", "{n} groups", quality["clusters"])
    if quality["natural_here"]:
        text = _(
            "These are natural groups: between any two of them there are {empty} fewer customers than "
            "inside them, more than chance leaves open."
        )
        return text.format(empty=percent(quality["emptiness"]))
    if quality["natural"]:
        text = _("The data show {natural} natural groups; the {here} here are your own choice.")
        return text.format(natural=number(quality["natural"]), here=groups)
    if quality["emptiness"] >= EMPTY_ENOUGH:
        text = _(
            "The {here} lie well apart, but that is not proof of natural groups: the smallest has {smallest}. Read them as a useful cut."
        )
        smallest = plural("{n} customer", "{n} customers", int(result.groups["customers"].min()))
        return text.format(here=groups, smallest=smallest)
    text = _(
        "There are no natural groups here: we found no clear gap between groups of customers. The {here} "
        "are a useful cut, and customers near a border are much alike."
    )
    return text.format(here=groups)


def stability_sentence(result: Result) -> str:
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
    """Return the closed part on the groups: method, settings, checks and limits."""
    return HowSure(
        {
            _("Method"): _method(result),
            _("Settings"): _settings(result),
            _("Checks"): _checks(result),
            _("Limits"): [
                _("The groups describe what customers did in this period; they do not say why, or what comes next."),
                *result.notes,
            ],
        }
    )


def _method(result: Result) -> str:
    text = _(
        "K-Means on {features} ({scale}). The number of groups is judged by resamples (adjusted Rand index and "
        "Hennig's cluster-wise Jaccard), by the space between groups against copies of the data without "
        "structure, by the smallest group and by a short rule; the silhouette is shown, but never decides."
    )
    return text.format(features=words(result.features), scale=scale_name(result.settings.scale))


def _settings(result: Result) -> str:
    return _("{clusters} groups ({chosen}), {times} resamples, {references} copies without structure.").format(
        clusters=number(result.quality["clusters"]),
        chosen=_("declared") if result.quality["declared"] else _("from the evidence"),
        times=number(result.settings.resamples),
        references=number(result.settings.references),
    )


def _checks(result: Result) -> list[str]:
    quality = result.quality
    checks = [
        stability_sentence(result),
        _("Overall agreement with the resamples: {mean} (middle 80 %: {spread}; 1 is the same, 0 is chance).").format(
            mean=number(quality["agreement"], 2), spread=between(number(quality["agreement_low"], 2), number(quality["agreement_high"], 2))
        ),
        _("A rule with at most {depth} conditions puts {share} of the customers in the right group.").format(
            depth=number(naming.DEPTH), share=percent(quality["fidelity"])
        ),
    ]
    if quality["sample_same"] < 1 or quality["fitted_on"] < quality["customers"] - quality["large_accounts"]:
        text = _("The groups were fitted on {n} customers; a second sample gives {share} of all customers the same group.")
        checks.append(text.format(n=number(quality["fitted_on"]), share=percent(quality["sample_same"], 1)))
    return checks


def audit_verdict(audit: Audit) -> Verdict:
    """Return in a word how well the firm's own code fits what customers do."""
    if not audit.agreement.beyond_chance:
        return Verdict("not_yet", _("no better than chance"))
    if not audit.ranked:
        return Verdict("caution", _("not a ranking"))
    if audit.agreement.index >= FITS and audit.direction > 0:
        return Verdict("go", _("fits"))
    return Verdict("caution", _("too coarse") if audit.direction > 0 else _("runs backwards"))


def audit_how_sure(audit: Audit) -> HowSure:
    """Return the closed part on the audit: method, checks and limits."""
    agreement = audit.agreement
    checks = [
        _("Adjusted Rand index {index}; with the codes dealt out anew 999 times, 95 % lie in {chance}.").format(
            index=number(agreement.index, 3), chance=between(number(agreement.chance_low, 3), number(agreement.chance_high, 3))
        ),
        _("Strength of the relation (Cramér's V, corrected): {strength}.").format(strength=number(agreement.strength, 2)),
    ]
    if audit.ranked:
        checks.append(_("Rank correlation of code and group: {direction}.").format(direction=number(audit.direction, 2)))
    return HowSure(
        {
            _("Method"): _(
                "Code and group are both laid along a ladder from the lowest to the highest customer. A customer "
                "is listed when the two places are far apart and the group is sure."
            ),
            _("Checks"): checks,
            _("Limits"): [
                _("A low code can be right for a customer with little potential left; that is why a person decides."),
                *audit.notes,
            ],
        }
    )
