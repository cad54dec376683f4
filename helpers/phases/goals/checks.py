"""Whether a goal can be steered on: what it lacks, and whether history has ever shown its target."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from helpers.core.results import RunContext
from helpers.phases.goals.kpis import KpiBook
from helpers.phases.goals.settings import Goal

ProblemKind = Literal[
    "no_name",
    "no_stage",
    "no_own_kpi",
    "no_baseline",
    "no_target",
    "no_date",
    "date_past",
    "no_owner",
    "target_worse",
    "outside_history",
    "history_too_short",
    "within_noise",
    "baseline_differs",
]
# Those that make a goal impossible to steer on; the others ask for a conversation.
SERIOUS = frozenset({"no_baseline", "no_target", "date_past", "target_worse", "no_own_kpi"})


# A client who rounds its own baseline is not contradicted (our convention).
NEAR_SHARE = 0.05


@dataclass(frozen=True)
class GoalProblem:
    """One thing to mend about a goal; ``facts`` hold the numbers that the sentence names."""

    kind: ProblemKind
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def serious(self) -> bool:
        """True when the goal cannot be steered on before this is mended."""
        return self.kind in SERIOUS


@dataclass(frozen=True)
class GoalCheck:
    """One goal with its baseline and what is wrong with it, most serious first.

    Parameters
    ----------
    place : key of client.yml, such as "goals.goals[0]".
    baseline, baseline_from : where it stands now, from "data", "client" or "" when there is none.
    change : target minus baseline as a share of the baseline; missing without either.
    """

    goal: Goal
    place: str
    baseline: float
    baseline_from: Literal["data", "client", ""]
    change: float
    problems: tuple[GoalProblem, ...]

    @property
    def sound(self) -> bool:
        """True when nothing serious is wrong."""
        return not any(problem.serious for problem in self.problems)


def check_goals(goals: Sequence[Goal], book: KpiBook, context: RunContext) -> tuple[GoalCheck, ...]:
    """Return every goal with its baseline and problems, in the order of client.yml.

    A baseline measured from the data goes before the client's own, except for a named customer
    group, for which the data gives no figure of its own here: the client's number is then used.
    """
    return tuple(_check_goal(goal, place, book, context) for place, goal in enumerate(goals))


def _check_goal(goal: Goal, place: int, book: KpiBook, context: RunContext) -> GoalCheck:
    baseline, low, high, source = _baseline(goal, book)
    change = (goal.target - baseline) / abs(baseline) if goal.target is not None and baseline else math.nan
    problems = (*_missing(goal, baseline, context), *_target(goal, book, baseline, low, high, source), *_difference(goal, book))
    ordered = tuple(sorted(problems, key=lambda problem: not problem.serious))
    return GoalCheck(goal, f"goals.goals[{place}]", baseline, source, change, ordered)


def _baseline(goal: Goal, book: KpiBook) -> tuple[float, float, float, Literal["data", "client", ""]]:
    measured = book.kpi(goal.kpi) if goal.kpi != "own" and not goal.customer_group else None
    if measured is not None and measured.measured:
        return measured.current, measured.low, measured.high, "data"
    if goal.baseline is not None:
        return goal.baseline, math.nan, math.nan, "client"
    return math.nan, math.nan, math.nan, ""


def _missing(goal: Goal, baseline: float, context: RunContext) -> list[GoalProblem]:
    problems = []
    if goal.kpi == "own" and not goal.own_kpi:
        problems.append(GoalProblem("no_own_kpi"))
    if math.isnan(baseline):
        problems.append(GoalProblem("no_baseline"))
    if goal.target is None:
        problems.append(GoalProblem("no_target"))
    if not goal.owner.strip():
        problems.append(GoalProblem("no_owner"))
    if not goal.name.strip():
        problems.append(GoalProblem("no_name"))
    if goal.stage is None:
        problems.append(GoalProblem("no_stage"))
    if goal.by is None:
        problems.append(GoalProblem("no_date"))
    elif goal.by <= context.as_of:
        problems.append(GoalProblem("date_past", {"days": (context.as_of - goal.by).days}))
    return problems


def _target(goal: Goal, book: KpiBook, baseline: float, low: float, high: float, source: str) -> list[GoalProblem]:
    if goal.target is None or math.isnan(baseline):
        return []
    problems = []
    better = goal.better or (book.kpi(goal.kpi).better if goal.kpi != "own" else "up")
    gain = goal.target - baseline if better == "up" else baseline - goal.target
    if gain <= 0:
        problems.append(GoalProblem("target_worse", {"baseline": baseline, "target": goal.target}))
    if source != "data":
        return problems
    kpi = book.kpi(goal.kpi)
    if math.isnan(kpi.history_low):
        problems.append(GoalProblem("history_too_short", {"windows": kpi.windows}))
    elif not kpi.history_low <= goal.target <= kpi.history_high:
        facts = {"low": kpi.history_low, "high": kpi.history_high, "windows": kpi.windows}
        problems.append(GoalProblem("outside_history", facts))
    if gain > 0 and low <= goal.target <= high:
        problems.append(GoalProblem("within_noise", {"low": low, "high": high}))
    return problems


def _difference(goal: Goal, book: KpiBook) -> list[GoalProblem]:
    """Say so when the client's own baseline is not what the data shows (more than 5 % and the interval)."""
    if goal.kpi == "own" or goal.customer_group or goal.baseline is None:
        return []
    kpi = book.kpi(goal.kpi)
    if not kpi.measured:
        return []
    inside = kpi.low <= goal.baseline <= kpi.high  # False for counts, whose interval is missing
    near = math.isclose(goal.baseline, kpi.current, rel_tol=NEAR_SHARE)
    return [] if inside or near else [GoalProblem("baseline_differs", {"client": goal.baseline, "data": kpi.current})]
