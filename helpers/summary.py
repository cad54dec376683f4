"""The first page: what was learned, how sure it is, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.results import Action, Finding, KeyFigure
from helpers.story import Actions, Answer, KeyFigures, Sentence
from helpers.wording import _

MOST_FIGURES = 4
MOST_ACTIONS = 3


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


def summarise(findings: Mapping[str, Finding]) -> Summary:
    """Choose what the first page says, by the ranks that the findings carry.

    Parameters
    ----------
    findings : what each notebook found, by notebook.

    Returns
    -------
    The summary. Equal ranks keep the order of the notebooks.
    """
    names = list(findings)
    by_rank = sorted(findings.values(), key=lambda one: one.rank)
    first = by_rank[0]
    figures = sorted((f for name in names for f in findings[name].key_figures), key=lambda one: one.rank)
    actions = sorted((a for name in names for a in findings[name].actions), key=lambda one: one.rank)
    second = [one.headline.rstrip(".") + "." for one in by_rank[1:2]]
    why = (*first.why[:2], *second)
    return Summary(first.headline, why[:3], tuple(_unique(figures)[:MOST_FIGURES]), tuple(_unique(actions)[:MOST_ACTIONS]))


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


def _unique(records: list) -> list:
    return list(dict.fromkeys(records))
