"""The rounds of a client, one after the other: date, status, goals against target, pilot, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpers.core.wording import _, day, number
from helpers.phases.goals.words import shown


@dataclass(frozen=True)
class RoundLine:
    """What is told of one round.

    Parameters
    ----------
    as_of : its date; ``status`` : how it ended.
    goals, pilot, verdict, learnt : one line each; empty where there is nothing to tell.
    """

    as_of: str
    status: str
    goals: tuple[str, ...]
    pilot: str
    verdict: str
    learnt: str


def line_of(as_of: str, status: str, kept: Mapping[str, Any]) -> RoundLine:
    """Return what is told of a round.

    Parameters
    ----------
    as_of : its date (ISO); ``status`` : as in run.json.
    kept : its results by name: goal_checks, plan, evaluation, learning; None or absent where there is none.
    """
    return RoundLine(as_of, status, _goals(kept), _pilot(kept.get("plan")), _judged(kept.get("evaluation")), _learnt(kept))


def listed(lines: Sequence[RoundLine]) -> str:
    """Return the rounds as text, oldest first."""
    told = []
    for one in lines:
        told.append(f"{one.as_of}  {one.status}")
        told += [f"    {part}" for part in (*one.goals, one.pilot, one.verdict, one.learnt) if part]
    return "\n".join(told)


def _goals(kept: Mapping[str, Any]) -> tuple[str, ...]:
    checks = kept.get("goal_checks")
    if checks is None:
        return ()
    text = _("goal {name}: {now}, target {target} by {by}")
    return tuple(
        text.format(name=row.name, now=shown(row.kpi, row.baseline), target=shown(row.kpi, row.target), by=row.by or "–")
        for row in checks.itertuples(name="Goal")
    )


def _pilot(plan: Mapping[str, Any] | None) -> str:
    if plan is None:
        return ""
    return _("pilot {pilot}: {start} to {stop}, {treated} treated, {held} left out").format(
        pilot=plan["pilot_id"],
        start=_day(plan["start_date"]),
        stop=_day(plan["stop_date"]),
        treated=number(plan["treated_people"]),
        held=number(plan["holdout_people"]),
    )


def _judged(evaluation: Mapping[str, Any] | None) -> str:
    if evaluation is None:
        return ""
    decision = {"go": _("go"), "no_go": _("no-go"), "wait": _("wait")}.get(evaluation.get("decision", ""), "")
    pilot = evaluation.get("pilot_id", "")
    told = _("verdict on {pilot}: {headline}") if pilot else _("verdict: {headline}")
    return told.format(pilot=pilot, headline=evaluation["headline"]) + (f" ({decision})" if decision else "")


def _learnt(kept: Mapping[str, Any]) -> str:
    learnt = kept.get("learning")
    if not learnt:
        return ""
    best = max(sorted(learnt["weights"]), key=lambda name: learnt["weights"][name])
    return _("weights learnt: {option} is shown most").format(option=best)


def _day(text: str) -> str:
    return day(date.fromisoformat(str(text)[:10]))
