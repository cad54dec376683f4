"""The first page: what was learned, how sure it is, and what to do first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.core.results import Action, Finding, KeyFigure, says_more_than_chance
from helpers.core.wording import _
from helpers.story import Actions, Answer, KeyFigures, Sentence
from helpers.tables.doubts import Doubt

MOST_FIGURES = 4
MOST_ACTIONS = 3
# What is unsure may not lead: its rank falls behind that of a sure finding (our convention).
_LESS_SURE = {"go": 0, "caution": 3, "not_yet": 6}


@dataclass(frozen=True)
class Summary:
    """What stands on the first page.

    Parameters
    ----------
    headline : the finding that matters most, as a full sentence.
    why : three sentences at most.
    figures : three to five figures, each with what it is and how sure.
    actions : at most three things to do, each with its certainty.
    """

    headline: str
    why: tuple[str, ...]
    figures: tuple[KeyFigure, ...]
    actions: tuple[Action, ...]


def summarise(findings: Mapping[str, Finding], doubts: Sequence[Doubt] = ()) -> Summary:
    """Choose what the first page says, by the ranks that the findings carry.

    Parameters
    ----------
    findings : what each notebook found, by notebook.
    doubts : what is doubtful in the exports; a serious one stands before every finding.

    Returns
    -------
    The summary. Equal ranks keep the order of the notebooks; a finding that is unsure stands back, and so
    do its figures and actions. What does not beat chance is not on the page.
    """
    claims = (finding for finding in findings.values() if says_more_than_chance(finding))
    by_rank = sorted(claims, key=lambda finding: finding.rank + _step_back(finding))
    first = by_rank[0] if by_rank else Finding(_("Nothing that was looked for shows more than chance alone would give"))
    second = [finding.headline.rstrip(".") + "." for finding in by_rank[1:2]]
    headline, why = first.headline, (*first.why[:2], *second)
    serious = [doubt for doubt in doubts if doubt.serious]
    if serious:
        headline, why = _("Check first: {seen}").format(seen=serious[0].seen), (serious[0].effect, first.headline.rstrip(".") + ".", *why)
    return Summary(
        headline,
        why[:3],
        _first([(figure, finding) for finding in findings.values() for figure in finding.key_figures], MOST_FIGURES),
        _first([(action, finding) for finding in findings.values() for action in finding.actions], MOST_ACTIONS),
    )


def answer(summary: Summary) -> Answer:
    """Return the headline with its sentences."""
    return Answer(summary.headline, summary.why)


def figures(summary: Summary) -> KeyFigures:
    """Return the figures of the first page."""
    return KeyFigures(summary.figures)


def actions(summary: Summary) -> Actions | Sentence:
    """Return what to do first."""
    if not summary.actions:
        return Sentence(_("Nothing needs doing before the next round."))
    return Actions(summary.actions)


def finding(summary: Summary) -> Finding:
    """Return the record of the summary itself."""
    return Finding(summary.headline, summary.why, None, summary.figures, summary.actions, rank=1)


def _step_back(finding: Finding) -> int:
    return _LESS_SURE[finding.verdict.kind] if finding.verdict else 0


def _first(records: list[tuple[KeyFigure | Action, Finding]], most: int) -> tuple:
    """Return the first records by rank, each once; what says no more than chance stays in its chapter."""
    claims = [pair for pair in records if says_more_than_chance(pair[0])]
    in_order = sorted(claims, key=lambda pair: pair[0].rank + _step_back(pair[1]))
    return tuple(dict.fromkeys(record for record, _finding in in_order))[:most]
