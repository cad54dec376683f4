"""How sure the segments are, and how they were computed, in words."""

from helpers.analyses.personas.result import Result
from helpers.analyses.personas.tables import evidence_table
from helpers.analyses.steadiness import STABLE
from helpers.core.results import Verdict
from helpers.core.wording import _, number, percent
from helpers.story import HowSure
from helpers.story.chance import chance_words

PARTLY_STABLE = 0.6  # our convention: from this agreement of two halves on


def verdict(result: Result) -> Verdict:
    """Return how far the segments can be trusted (0.75: Hennig 2007; structure: shuffled copies)."""
    if result.quality["weakest"] >= STABLE and result.quality["natural"] and result.check.has_kinds:
        return Verdict("go", _("stable"))
    return Verdict("caution", _("partly stable") if result.quality["agreement"] >= PARTLY_STABLE else _("unsure"))


def stability_sentence(result: Result) -> str:
    """Say whether other visitors would give the same segments."""
    quality = result.quality
    text = _(
        "Made from one half of the visitors and from the other, the segments agree to {agreement} (1 is the same, "
        "0 is chance), and of the ten strongest words {words} come back."
    ).format(agreement=number(quality["agreement"], 2), words=percent(quality["words_kept"]))
    if quality["natural"]:
        return text
    return text + " " + _("Shuffled events do nearly as well or a segment is unsteady: read the segments as a cut, not as kinds of people.")


def how_sure(result: Result) -> HowSure:
    """Return the closed part: method, checks, limits."""
    return HowSure(
        {
            _("Method"): _method(result),
            _("Checks"): evidence_table(result),
            _("Limits"): [
                *result.notes,
                _("A visitor is a browser: one person with a telephone and a computer counts twice, and a shared computer counts once."),
                _("Accuracy within a visit is judged on pages that follow, for visitors who had no part in the segments."),
                *([chance_words(result.check.structure, percent)] if result.check.structure else []),
            ],
        }
    )


def _method(result: Result) -> str:
    quality = result.quality
    if quality["declared"]:
        return _(
            "Words come from the paths of pages and count once per visitor. The number of segments was declared; the halves propose {n}."
        ).format(n=number(quality["proposed"]))
    return _(
        "Words come from the paths of pages and count once per visitor. Visitors with like "
        "words form a segment; {segments} were looked for because every one of them comes back in random halves."
    ).format(segments=number(quality["segments"]))
