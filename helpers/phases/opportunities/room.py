"""Phase 2 as a whole: the ranking, the choice, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.opportunities.availability import availability
from helpers.phases.opportunities.choice import Choice, choose
from helpers.phases.opportunities.ranking import GoalLike, Ranked, rank
from helpers.phases.opportunities.settings import Settings
from helpers.tables import TABLES

READS = (*TABLES, "goal_checks")


@dataclass(frozen=True)
class _Goal:
    name: str
    stage: str | None
    kpi: str
    priority: int


@dataclass(frozen=True)
class Opportunities:
    """What phase 2 found.

    Parameters
    ----------
    ranking : every opportunity, best first.
    choice : the one use case; None when none is possible.
    goals : number of goals the ranking rests on.
    available : frame of ``availability``.
    settings : the settings used.
    """

    ranking: tuple[Ranked, ...]
    choice: Choice | None
    goals: int
    available: pd.DataFrame
    settings: Settings

    @property
    def table(self) -> pd.DataFrame:
        """One row per opportunity: place, id, title, kind, parts, score, possible, missing, goals, analyses."""
        return pd.DataFrame(
            [
                {
                    "place": one.place,
                    "id": one.entry.id,
                    "title": one.entry.title,
                    "kind": one.entry.kind,
                    "contribution": one.contribution,
                    "data": one.data,
                    "ease": one.ease,
                    "effort": one.effort,
                    "feasibility": one.feasibility,
                    "score": one.score,
                    "possible": one.possible,
                    "missing": " ".join(f"{table}.{column}" for table, column in one.missing),
                    "goals": "; ".join(one.goals),
                    "analyses": " ".join(one.entry.analyses),
                }
                for one in self.ranking
            ]
        )

    def waiting_for(self) -> pd.DataFrame:
        """Return which missing data keeps how many opportunities waiting, most first.

        Frame: table, column (empty where the whole table is missing), opportunities, ids.
        """
        waiting: dict[tuple[str, str], set[str]] = {}
        rows = self.available["rows"]
        for one in self.ranking:
            for table, column in one.missing:
                whole = rows[(table, column)] == 0
                waiting.setdefault((table, "" if whole else column), set()).add(one.entry.id)
        found = [(*pair, len(ids), tuple(sorted(ids))) for pair, ids in waiting.items()]
        found.sort(key=lambda row: (-row[2], row[0], row[1]))
        return pd.DataFrame(found, columns=["table", "column", "opportunities", "ids"])


def review(
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
    context: RunContext,
    goals: Sequence[GoalLike] | None = None,
) -> Opportunities:
    """Return the whole of phase 2.

    Parameters
    ----------
    tables : the client's canonical tables; "goal_checks" (written by phase 1) is read when ``goals``
        is not given.
    settings : section ``opportunities`` of client.yml; all keys optional.
    context : the round's context; nothing here depends on it, and nothing is drawn.
    goals : the goals of phase 1, such as ``goals.Settings.goals``.
    """
    found = tuple(goals) if goals is not None else _goals(tables.get("goal_checks"))
    ranking = rank(tables, found, settings)
    return Opportunities(ranking, choose(ranking, settings), len(found), availability(tables), settings)


def _goals(checks: pd.DataFrame | None) -> tuple[GoalLike, ...]:
    if checks is None or checks.empty:
        return ()
    return tuple(
        _Goal(
            str(row.name_ or row.place),
            row.stage if isinstance(row.stage, str) else None,
            row.kpi,
            int(row.priority),
        )
        for row in checks.rename(columns={"name": "name_"}).itertuples(index=False)
    )
