"""The records that travel: verdicts, findings, refusals, and the context of a round.

A finding is a record and not a string in a cell, so that the summary, the report and the next
round can read the same sentence, figure, certainty and action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

VerdictKind = Literal["go", "caution", "not_yet"]


@dataclass(frozen=True)
class RunContext:
    """The day a round looks back from, after which nothing is used, and the seed of every random draw in it."""

    as_of: date
    seed: int


@dataclass(frozen=True)
class Verdict:
    """A judgement ("go", "caution" or "not_yet") in a word that a reader sees, such as "stable", and a sign; never in colour alone."""

    kind: VerdictKind
    word: str

    @property
    def sign(self) -> str:
        """The sign that goes with the word."""
        return {"go": "✓", "caution": "!", "not_yet": "✗"}[self.kind]


# A claim is news when chance alone gives a figure so far out in one case of twenty or less (Fisher 1925; customary).
NEWS = 0.05


@dataclass(frozen=True)
class Chance:
    """What the figure of a claim would be where nothing is there.

    Parameters
    ----------
    figure : the figure that was seen.
    expected, low, high : mean of the figure by chance alone, and the ends of the middle 95 % of it.
    p_value : share of cases in which chance alone goes as far as was seen, above 0 and at most 1.
    how : how chance was let loose, as one sentence, such as "The days of all orders were drawn again."
    """

    figure: float
    expected: float
    low: float
    high: float
    p_value: float
    how: str = ""

    @property
    def beaten(self) -> bool:
        """True when the claim says more than chance alone would."""
        return self.p_value <= NEWS


@dataclass(frozen=True)
class KeyFigure:
    """One figure of the summary: the number as text, what it is, and how sure it is.

    ``rank`` (1 to 9, low first) decides which figures reach the first screen. ``chance`` is what chance alone would give, and
    None for what was counted or decided and claims no pattern. What does not beat chance never reaches the first page.
    """

    figure: str
    meaning: str
    certainty: str = ""
    rank: int = 5
    chance: Chance | None = None


@dataclass(frozen=True)
class Action:
    """Something to do, how sure the advice is, and when or what it unlocks.

    ``rank`` (1 to 9, low first) decides which actions reach the first screen; ``chance`` as in ``KeyFigure``.
    """

    text: str
    certainty: str
    when: str = ""
    rank: int = 5
    chance: Chance | None = None


@dataclass(frozen=True)
class Finding:
    """What one phase found: the record that the report, summary and next round read.

    Parameters
    ----------
    headline : the finding as a full sentence, with its number.
    why : two or three sentences that support it.
    verdict : how far it can be trusted; None where there is nothing to judge.
    key_figures, actions : what the summary may show.
    rank : 1 to 9; the finding with the lowest rank heads the whole report.
    chance : what chance alone would give for the headline, as in ``KeyFigure``.
    """

    headline: str
    why: tuple[str, ...] = ()
    verdict: Verdict | None = None
    key_figures: tuple[KeyFigure, ...] = ()
    actions: tuple[Action, ...] = ()
    rank: int = 5
    chance: Chance | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Finding:
        """Rebuild the record that ``to_json`` wrote."""
        return _FINDINGS.validate_python(raw)


_FINDINGS = TypeAdapter(Finding)


def says_more_than_chance(claim: Finding | KeyFigure | Action) -> bool:
    """Return whether a headline, figure or action may stand on the first page: no claim of a pattern, or one that beats chance."""
    return claim.chance is None or claim.chance.beaten


@dataclass(frozen=True)
class Gate:
    """ "May we?": whether an analysis can say something on this client's data.

    Parameters
    ----------
    verdict : go, caution or not yet.
    needs : what the analysis needs, in words with numbers.
    has : what this client has, in words with numbers.
    reason : one sentence that gives the verdict's ground.
    unlock : what (number or date) would lift a caution or a not-yet; empty on go.
    instead : the simpler thing that is allowed now; empty on go.
    detectable : what could be seen on this client's own data, by resampling or a power computation,
        as one sentence with its numbers; empty where the gate is closed before anything can be tried.
    """

    verdict: Verdict
    needs: str
    has: str
    reason: str
    unlock: str = ""
    instead: str = ""
    detectable: str = ""

    @property
    def closed(self) -> bool:
        """True when the analysis must not run."""
        return self.verdict.kind == "not_yet"


@dataclass(frozen=True)
class Refusal:
    """The answer of an analysis that cannot answer: a first-class result, not an error.

    Its heading says so, with what is missing, as a full sentence; the gate is the one that closed.
    """

    heading: str
    gate: Gate


def merged(findings: Sequence[Finding]) -> Finding:
    """Return several findings of one notebook, at least one, as one: the first leads, all figures and actions stay."""
    figures = tuple(figure for finding in findings for figure in finding.key_figures)
    actions = tuple(action for finding in findings for action in finding.actions)
    return replace(findings[0], key_figures=figures, actions=actions)
