"""The rounds of a client, one after the other: date, status, goals against target, pilot, verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from helpers.core.wording import _, day, number
from helpers.phases.goals.words import kpi_value


@dataclass(frozen=True)
class RoundLine:
    """What the list of rounds says of one.

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


def line_of(as_of: str, status: str, results: Mapping[str, Any]) -> RoundLine:
    """Return what the list says of a round.

    Parameters
    ----------
    as_of : its date (ISO); ``status`` : as in run.json.
    results : its results by name: goal_checks, plan, evaluation, learning; None or absent where there is none.
    """
    return RoundLine(as_of, status, _goals(results), _pilot(results.get("plan")), _verdict(results.get("evaluation")), _learnt(results))


def listed(lines: Sequence[RoundLine]) -> str:
    """Return the rounds as text, oldest first."""
    rows = []
    for line in lines:
        rows.append(f"{line.as_of}  {line.status}")
        rows += [f"    {part}" for part in (*line.goals, line.pilot, line.verdict, line.learnt) if part]
    return "\n".join(rows)


def _goals(results: Mapping[str, Any]) -> tuple[str, ...]:
    checks = results.get("goal_checks")
    if checks is None:
        return ()
    sentence = _("goal {name}: {now}, target {target} by {by}")
    return tuple(
        sentence.format(name=row.name, now=kpi_value(row.kpi, row.baseline), target=kpi_value(row.kpi, row.target), by=row.by or "–")
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


def _verdict(evaluation: Mapping[str, Any] | None) -> str:
    if evaluation is None:
        return ""
    decision = {"go": _("go"), "no_go": _("no-go"), "wait": _("wait")}.get(evaluation.get("decision", ""), "")
    pilot = evaluation.get("pilot_id", "")
    sentence = _("verdict on {pilot}: {headline}") if pilot else _("verdict: {headline}")
    return sentence.format(pilot=pilot, headline=evaluation["headline"]) + (f" ({decision})" if decision else "")


def _learnt(results: Mapping[str, Any]) -> str:
    learnt = results.get("learning")
    # Weights that were judged worse, or could not be judged, are not handed on.
    if not learnt or not learnt["weights"]:
        return ""
    best = max(sorted(learnt["weights"]), key=lambda name: learnt["weights"][name])
    return _("weights learnt: {option} is shown most").format(option=best)


def _day(text: str) -> str:
    return day(date.fromisoformat(str(text)[:10]))
