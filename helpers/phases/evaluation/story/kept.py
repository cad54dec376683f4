"""What is kept of the verdict: for the summary, and for the next round."""

from __future__ import annotations

import math
from typing import Any

from helpers.core.results import Finding, KeyFigure, Refusal
from helpers.core.wording import _, between, money, number
from helpers.phases.evaluation.room import Result
from helpers.phases.evaluation.story.in_short import answer, headline, money_range
from helpers.phases.evaluation.story.next_round import actions


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(
            result.heading,
            (result.gate.reason,),
            result.gate.verdict,
            actions=tuple(actions(result).actions),
            rank=7,
        )
    told = answer(result)
    rank = 1 if result.judgement.decision in ("go", "no_go") else 3
    return Finding(
        told.heading,
        tuple(told.sentences),
        told.verdict,
        figures(result),
        tuple(actions(result).actions),
        rank,
    )


def figures(result: Result) -> tuple[KeyFigure, ...]:
    """Return the key figures."""
    found = []
    if result.conversions:
        read = result.conversions
        found.append(
            KeyFigure(
                _("{points} points").format(points=number(100 * read.difference, 1)),
                _("percentage points more converted"),
                _("from {range}").format(range=between(number(100 * read.low, 1), number(100 * read.high, 1))),
                rank=2,
            )
        )
    if not math.isnan(result.money.net):
        found.append(
            KeyFigure(
                money(result.money.net),
                _("margin less cost of the pilot"),
                _("from {range}").format(range=money_range(result.money.low, result.money.high)),
                rank=2,
            )
        )
    return tuple(found)


def record(result: Result) -> dict[str, Any]:
    """Return what the next round reads of this verdict, as plain JSON values."""
    quality = {name: None if figure != figure else figure for name, figure in result.quality.items()}
    return {
        "pilot_id": str(result.plan["pilot_id"]),
        "kind": result.judgement.kind,
        "decision": result.judgement.decision,
        "headline": headline(result),
        "until": result.until.isoformat(),
        "quality": quality,
    }
