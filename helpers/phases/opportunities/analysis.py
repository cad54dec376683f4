"""Phase 2 as a whole: the ranking, the choice, and what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.opportunities.choice import choose
from helpers.phases.opportunities.ranking import GoalLike, availability, rank
from helpers.phases.opportunities.result import Opportunities
from helpers.phases.opportunities.settings import Settings
from helpers.tables import TABLES

READS = (*TABLES, "goal_checks")


@dataclass(frozen=True)
class _Goal:
    name: str
    stage: str | None
    kpi: str
    priority: int


def review(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    context: RunContext,
    goals: Sequence[GoalLike] | None = None,
) -> Opportunities:
    """Return the whole of phase 2.

    Parameters
    ----------
    tables : the client's canonical tables; "goal_checks" (written by phase 1) is read when ``goals`` is not given.
    settings : section ``opportunities`` of client.yml; all keys optional.
    context : the round's context; nothing here depends on it, and nothing is drawn.
    goals : the goals of phase 1, such as ``goals.Settings.goals``.
    """
    answered = tuple(goals) if goals is not None else _goals(tables.get("goal_checks"))
    ranking = rank(tables, answered, settings)
    return Opportunities(ranking, choose(ranking, settings), len(answered), availability(tables), settings)


def _goals(checks: pd.DataFrame | None) -> tuple[GoalLike, ...]:
    if checks is None or checks.empty:
        return ()
    return tuple(
        _Goal(
            str(row.name or row.place),
            row.stage if isinstance(row.stage, str) else None,
            row.kpi,
            int(row.priority),
        )
        for row in checks.itertuples(index=False)
    )
