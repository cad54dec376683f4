"""Phase 2 as a whole: the ranking, the choice, and what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.opportunities.ranking import GoalLike, RankedOpportunity, availability, rank
from helpers.phases.opportunities.settings import Settings
from helpers.tables import TABLES

# What the catalogue says of the use case stands in the choice as it stands there.
FROM_CATALOGUE = ("id", "title", "kind", "moments", "channels", "need", "kpis", "analyses", "pilot", "metric")


@dataclass(frozen=True)
class Choice:
    """The chosen use case ("keep the problem small": one at a time), beside what the catalogue says of it.

    Parameters
    ----------
    by : "client" when client.yml names it; "proposal" when it is only the first in rank.
    who, why : who chose it and why, in the client's words; empty for a proposal.
    possible, missing : False when a needed column is missing; those columns, as "table.column".
    goals : names of the goals it serves.
    """

    id: str
    title: str
    kind: str
    moments: tuple[str, ...]
    channels: tuple[str, ...]
    need: str
    kpis: tuple[str, ...]
    analyses: tuple[str, ...]
    pilot: str
    metric: str
    by: Literal["client", "proposal"]
    who: str = ""
    why: str = ""
    place: int = 1
    possible: bool = True
    missing: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)


def chosen_analyses(record: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the analyses that the chosen use case (the artefact "choice") needs; none where nothing is chosen."""
    return tuple((record or {}).get("analyses", ()))


def choose(ranking: Sequence[RankedOpportunity], settings: Settings) -> Choice | None:
    """Return the use case that client.yml names, else the first in rank that is possible, as a proposal; None where there is none."""
    named = next((opportunity for opportunity in ranking if opportunity.entry.id == settings.chosen), None)
    if named is not None:
        return _choice(named, "client", settings.chosen_by, settings.chosen_why)
    first = next((opportunity for opportunity in ranking if opportunity.possible), None)
    return None if first is None else _choice(first, "proposal", "", "")


def _choice(opportunity: RankedOpportunity, by: Literal["client", "proposal"], who: str, why: str) -> Choice:
    entry = opportunity.entry
    return Choice(
        **{name: getattr(entry, name) for name in FROM_CATALOGUE},
        by=by,
        who=who,
        why=why,
        place=opportunity.place,
        possible=opportunity.possible,
        missing=tuple(f"{table}.{column}" for table, column in opportunity.missing),
        goals=opportunity.goals,
    )


_RANKED = ("contribution", "data", "ease", "effort", "feasibility", "score", "possible")


@dataclass(frozen=True)
class Opportunities:
    """What phase 2 computed: every opportunity, best first, and the one use case; None when none is possible.

    ``goals`` is the number of goals the ranking rests on, ``available`` the frame of ``availability``.
    """

    ranking: tuple[RankedOpportunity, ...]
    choice: Choice | None
    goals: int
    available: pd.DataFrame
    settings: Settings

    @property
    def table(self) -> pd.DataFrame:
        """One row per opportunity: place, id, title, kind, parts, score, possible, missing, goals, analyses."""
        rows = []
        for opportunity in self.ranking:
            entry = {name: getattr(opportunity.entry, name) for name in ("id", "title", "kind")}
            ranked = {name: getattr(opportunity, name) for name in _RANKED}
            missing = " ".join(f"{table}.{column}" for table, column in opportunity.missing)
            lists = {"missing": missing, "goals": "; ".join(opportunity.goals), "analyses": " ".join(opportunity.entry.analyses)}
            rows.append({"place": opportunity.place} | entry | ranked | lists)
        return pd.DataFrame(rows)

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


READS = (*TABLES,)


def review(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext, goals: Sequence[GoalLike] = ()) -> Opportunities:
    """Return the whole of phase 2, for the goals of phase 1; nothing here depends on the round's context, and nothing is drawn."""
    ranking = rank(tables, goals, settings)
    return Opportunities(ranking, choose(ranking, settings), len(goals), availability(tables), settings)
