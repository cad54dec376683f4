"""The one use case that is chosen, and the record of it that travels to phases 4 to 6."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from helpers.phases.opportunities.ranking import RankedOpportunity
from helpers.phases.opportunities.settings import Settings

# What the catalogue says of the use case stands in the choice as it stands there.
FROM_CATALOGUE = ("id", "title", "kind", "moments", "channels", "need", "kpis", "analyses", "pilot", "metric")


@dataclass(frozen=True)
class Choice:
    """The chosen use case ("keep the problem small": one at a time).

    Parameters
    ----------
    id, title, kind, moments, channels, need, kpis, analyses, pilot, metric : from the catalogue.
    by : "client" when client.yml names it; "proposal" when it is only the first in rank.
    who, why : who chose it and why, in the client's words; empty for a proposal.
    place : its place in the ranking.
    possible : False when a needed column is missing.
    missing : those columns, as "table.column".
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
    """Return the analyses that the chosen use case needs; none where nothing is chosen.

    Parameters
    ----------
    record : the artefact "choice", as ``Choice.to_json`` wrote it.
    """
    return tuple((record or {}).get("analyses", ()))


def choose(ranking: Sequence[RankedOpportunity], settings: Settings) -> Choice | None:
    """Return the use case that client.yml names, else the first in rank as a proposal.

    Parameters
    ----------
    ranking : the opportunities in order; those that are possible stand first.
    settings : section ``opportunities`` of client.yml.

    Returns
    -------
    The choice; None when there is no opportunity at all, or none is possible and none is named.
    """
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
