"""The ranking: contribution to this client's goals x data really there x effort, with reasons.

Every part lies between 0 and 1. The rank follows the weighted geometric mean of the parts, so that
an opportunity that fails on one of them cannot be carried by the others (our convention).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from helpers.phases.opportunities.catalogue import Opportunity
from helpers.phases.opportunities.settings import Settings, Weights
from helpers.tables import TABLES
from helpers.tables.receipts import filled

# What a goal gets from an opportunity that moves its figure, and from one that meets its stage (our convention).
FOR_KPI = 0.6
FOR_STAGE = 0.4
NEUTRAL_CONTRIBUTION = 0.5  # while no goals are answered, all contribute alike
# A column that is wholly missing stops an opportunity; half of its data part remains, so that the
# opportunities waiting for data still stand in an order.
WHEN_MISSING = 0.5


class GoalLike(Protocol):
    """What the ranking reads of a goal: its name, its stage of the funnel if any, its figure, and its priority (5 is most, 1 least)."""

    name: str
    stage: str | None
    kpi: str
    priority: int


@dataclass(frozen=True)
class RankedOpportunity:
    """One opportunity with its place and the ground for it.

    Parameters
    ----------
    place : 1 is first.
    entry : the entry of the catalogue.
    contribution, data, ease : the three parts, 0 to 1.
    fit : fit for whom the client sells to (0 to 1); it is a factor of ``contribution``.
    score : weighted geometric mean of the parts.
    effort : 1 to 5, the client's own where given.
    goals : names of the goals it serves, by weight.
    missing : needed (table, column) pairs that are not there or wholly empty.
    thin : needed (table, column, filled share) that are there but not full enough.
    """

    place: int
    entry: Opportunity
    contribution: float
    data: float
    ease: float
    fit: float
    score: float
    effort: int
    goals: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    thin: tuple[tuple[str, str, float], ...]

    @property
    def possible(self) -> bool:
        """True when no needed column is missing."""
        return not self.missing

    @property
    def feasibility(self) -> float:
        """Data and ease together, 0 to 1 (their geometric mean)."""
        return math.sqrt(self.data * self.ease)


def availability(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per column of every canonical table; a client's absent tables are simply not there.

    Returns
    -------
    Frame indexed by (table, column): rows, filled_share (0 where absent or where the table has no rows).
    """
    tables = {**tables, **_lines_with_products(tables)}
    rows = []
    for table in TABLES.values():
        frame = tables.get(table.name)
        for column in table.names:
            count = len(frame) if frame is not None else 0
            filled_rows = int(filled(frame[column]).sum()) if frame is not None and column in frame else 0
            rows.append((table.name, column, count, filled_rows / count if count else 0.0))
    return pd.DataFrame(rows, columns=["table", "column", "rows", "filled_share"]).set_index(["table", "column"])


def _lines_with_products(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the order lines with what the products say of theirs, as the analyses read them; nothing where either is not there."""
    lines, products = tables.get("order_lines"), tables.get("products")
    if lines is None or products is None or "product_id" not in lines:
        return {}
    known = products.drop_duplicates("product_id").set_index("product_id")
    joined = {column: lines["product_id"].map(known[column]) for column in known if column in TABLES["order_lines"].names}
    return {"order_lines": lines.assign(**{name: lines[name].fillna(of) if name in lines else of for name, of in joined.items()})}


def rank(tables: Mapping[str, pd.DataFrame], goals: Sequence[GoalLike], settings: Settings) -> tuple[RankedOpportunity, ...]:
    """Return the opportunities in order, best first; those that lack data after those that do not.

    Without goals every opportunity contributes alike.
    """
    available = availability(tables)
    opportunities = [_judge(entry, available, goals, settings) for entry in settings.entries]
    opportunities.sort(key=_order)
    return tuple(replace(opportunity, place=place) for place, opportunity in enumerate(opportunities, start=1))


def _order(opportunity: RankedOpportunity) -> tuple[bool, float, float, int, str]:
    """Return what sorts best first: possible, score, contribution, little effort; the id, so that ties stand still."""
    return not opportunity.possible, -opportunity.score, -opportunity.contribution, opportunity.effort, opportunity.entry.id


def _judge(entry: Opportunity, available: pd.DataFrame, goals: Sequence[GoalLike], settings: Settings) -> RankedOpportunity:
    fit = {"business": entry.b2b, "consumers": entry.b2c, "both": (entry.b2b + entry.b2c) / 2}[settings.customers]
    share, names = _contribution(entry, goals)
    data, missing, thin = _data(entry, available, settings.enough_filled)
    effort = settings.effort.get(entry.id, entry.effort)
    ease = (6 - effort) / 5
    contribution = share * fit
    score = _score(contribution, data, ease, settings.weights)
    return RankedOpportunity(
        place=0,  # set once all are in order
        entry=entry,
        contribution=contribution,
        data=data,
        ease=ease,
        fit=fit,
        score=score,
        effort=effort,
        goals=names,
        missing=missing,
        thin=thin,
    )


def _contribution(entry: Opportunity, goals: Sequence[GoalLike]) -> tuple[float, tuple[str, ...]]:
    if not goals:
        return NEUTRAL_CONTRIBUTION, ()
    served = []
    for goal in goals:
        match = FOR_KPI * (goal.kpi in entry.kpis) + FOR_STAGE * (goal.stage in entry.moments)
        served.append((goal.priority * match, goal.name))
    total = sum(goal.priority for goal in goals)
    names = [name for weight, name in sorted(served, key=lambda pair: -pair[0]) if weight > 0]
    return sum(weight for weight, _name in served) / total, tuple(dict.fromkeys(names))


def _data(
    entry: Opportunity, available: pd.DataFrame, enough: float
) -> tuple[float, tuple[tuple[str, str], ...], tuple[tuple[str, str, float], ...]]:
    if not entry.needs:
        return 1.0, (), ()
    shares = {pair: float(available.loc[pair, "filled_share"]) for pair in entry.needs}
    missing = tuple(pair for pair, share in shares.items() if share == 0)
    thin = tuple((*pair, share) for pair, share in shares.items() if 0 < share < enough)
    full = sum(min(1.0, share / enough) for share in shares.values()) / len(shares)
    return full * (WHEN_MISSING if missing else 1.0), missing, thin


def _score(contribution: float, data: float, ease: float, weights: Weights) -> float:
    parts = ((contribution, weights.goals), (data, weights.data), (ease, weights.effort))
    total = sum(weight for _part, weight in parts)
    # The logarithm below knows no zero: a part that fails wholly takes the whole score down.
    if any(part == 0 and weight > 0 for part, weight in parts):
        return 0.0
    return math.exp(sum(weight * math.log(part) for part, weight in parts if weight > 0) / total)
