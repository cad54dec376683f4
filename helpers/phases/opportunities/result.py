"""What phase 2 results in: one record that tables, charts and story read."""

from dataclasses import dataclass

import pandas as pd

from helpers.phases.opportunities.choice import Choice
from helpers.phases.opportunities.ranking import RankedOpportunity
from helpers.phases.opportunities.settings import Settings


@dataclass(frozen=True)
class Opportunities:
    """What phase 2 computed from the data and the answers.

    Parameters
    ----------
    ranking : every opportunity, best first.
    choice : the one use case; None when none is possible.
    goals : number of goals the ranking rests on.
    available : frame of ``availability``.
    settings : the settings used.
    """

    ranking: tuple[RankedOpportunity, ...]
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
                    "place": opportunity.place,
                    "id": opportunity.entry.id,
                    "title": opportunity.entry.title,
                    "kind": opportunity.entry.kind,
                    "contribution": opportunity.contribution,
                    "data": opportunity.data,
                    "ease": opportunity.ease,
                    "effort": opportunity.effort,
                    "feasibility": opportunity.feasibility,
                    "score": opportunity.score,
                    "possible": opportunity.possible,
                    "missing": " ".join(f"{table}.{column}" for table, column in opportunity.missing),
                    "goals": "; ".join(opportunity.goals),
                    "analyses": " ".join(opportunity.entry.analyses),
                }
                for opportunity in self.ranking
            ]
        )

    def waiting_for(self) -> pd.DataFrame:
        """Return which missing data keeps how many opportunities waiting, most first.

        Frame: table, column (empty where the whole table is missing), opportunities, ids.
        """
        waiting: dict[tuple[str, str], set[str]] = {}
        row_counts = self.available["rows"]
        for opportunity in self.ranking:
            for table, column in opportunity.missing:
                table_missing = row_counts[(table, column)] == 0
                waiting.setdefault((table, "" if table_missing else column), set()).add(opportunity.entry.id)
        rows = [(*pair, len(ids), tuple(sorted(ids))) for pair, ids in waiting.items()]
        rows.sort(key=lambda row: (-row[2], row[0], row[1]))
        return pd.DataFrame(rows, columns=["table", "column", "opportunities", "ids"])
