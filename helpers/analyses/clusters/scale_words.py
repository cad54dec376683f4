"""What a scale does, in words."""

from __future__ import annotations

from helpers.analyses.clusters.evidence import smallest_allowed
from helpers.analyses.clusters.features import word
from helpers.analyses.clusters.room import Result
from helpers.core.wording import _, nearly

SCALE_NAMES = {
    "raw": lambda: _("as they are"),
    "standard": lambda: _("divided by their spread"),
    "log": lambda: _("ratios count"),
    "rank": lambda: _("only the order counts"),
}


def scale_sentence(result: Result) -> tuple[str, ...]:
    """Return what the raw scale lets decide, which scale is recommended and why, and which was used."""
    scales = result.scales.set_index("scale")
    said = []
    if "raw" in scales.index and len(result.features) > 1:
        shares = {name: scales.loc["raw", f"decides_{name}"] for name in result.features}
        first = max(shares, key=shares.get)
        text = _("Taken as they are, {feature} decides {share} of the difference between customers: {reading}")
        reading = _("the other features hardly count.") if shares[first] > 0.9 else _("the other features count too.")
        said.append(text.format(feature=word(first), share=nearly(shares[first]), reading=reading))
    best = scales.index[scales["recommended"]][0]
    reason = {
        "log": _(
            "no single feature decides, no group is tiny, and a difference of ten times counts the same for small and large customers."
        ),
        "rank": _("the groups are steadiest there, although it forgets how much larger one customer is than the next."),
        "standard": _("the groups are steadiest there and no single feature decides."),
        "raw": _("no other scale gives groups that hold."),
    }[best]
    if best == "log" and not _roomy(result, scales.loc[best, "smallest"]):
        reason = _("no single feature decides there.")
    text = _("We recommend the scale “{scale}”: {reason}")
    said.append(text.format(scale=SCALE_NAMES[best](), reason=reason))
    if best != result.settings.scale:
        text = _("The groups in this chapter use the scale “{scale}”, as declared.")
        said.append(text.format(scale=SCALE_NAMES[result.settings.scale]()))
    return tuple(said)


def _roomy(result: Result, smallest: int) -> bool:
    return bool(smallest >= smallest_allowed(result.quality["fitted_on"], result.settings))
