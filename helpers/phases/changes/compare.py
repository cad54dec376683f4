"""Two rounds side by side: goals, maturity, segments on the frozen card, movement, statuses, pilot and verdict."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers.phases.changes.result import Changes, GoalChange

# Results of a round that the next round compares with its own.
NAMES = ("as_of", "goal_checks", "maturity", "movement", "segment_card", "statuses", "plan", "evaluation", "learning")
_MATURITY_KEY = ["dimension", "name", "table", "column"]
_NOBODY = "–"


def since(earlier: Mapping[str, Any], current: Mapping[str, Any]) -> Changes | None:
    """Compare a round with the one before it.

    Parameters
    ----------
    earlier, current : results of the two rounds by name (of ``NAMES``); None or absent where there is none.

    Returns
    -------
    The changes; None when there is no earlier round.
    """
    if earlier.get("as_of") is None:
        return None
    cards = earlier.get("segment_card"), current.get("segment_card")
    # A letter means the same only on the same card.
    same_card = cards[0] is not None and cards[0] == cards[1]
    moves = _pair(earlier, current, "movement") if same_card else None
    statuses = _pair(earlier, current, "statuses")
    return Changes(
        then=date.fromisoformat(earlier["as_of"]["as_of"]),
        now=date.fromisoformat(current["as_of"]["as_of"]),
        goals=goal_changes(earlier.get("goal_checks"), current.get("goal_checks")),
        maturity=maturity_change(earlier.get("maturity"), current.get("maturity")),
        segments=sizes(*moves, "segment_now") if moves else _no_sizes("segment"),
        same_card=same_card,
        moved=movement(*moves) if moves else {},
        statuses=sizes(*statuses, "status") if statuses else _no_sizes("status"),
        pilot=earlier.get("plan"),
        verdict=_verdict(earlier.get("plan"), current.get("evaluation")),
    )


def goal_changes(before: pd.DataFrame | None, now: pd.DataFrame | None) -> tuple[GoalChange, ...]:
    """Return each goal of this round with its figure in the last one, found by the figure it is steered on."""
    if now is None:
        return ()
    figures = {} if before is None else {(row.kpi, row.customer_group): row.baseline for row in before.itertuples()}
    changes = []
    for row in now.itertuples():
        then, target = float(figures.get((row.kpi, row.customer_group), float("nan"))), float(row.target)
        # The way to the target is judged from where the goal stood; a goal without a past, from where it stands.
        upward = target >= then if then == then else target >= row.baseline
        reached = row.baseline >= target if upward else row.baseline <= target
        closer = row.baseline > then if upward else row.baseline < then
        changes.append(GoalChange(row.name, row.kpi, then, float(row.baseline), target, bool(reached), bool(closer)))
    return tuple(changes)


def maturity_change(before: pd.DataFrame | None, now: pd.DataFrame | None) -> pd.DataFrame:
    """Return the mean level per dimension of the measures that both rounds have: dimension, before, current."""
    if before is None or now is None:
        return pd.DataFrame(columns=["dimension", "before", "current"])
    columns = [*_MATURITY_KEY, "level"]
    both = before[columns].merge(now[columns], on=_MATURITY_KEY, suffixes=("_before", "_now")).dropna()
    levels = both.groupby("dimension")[["level_before", "level_now"]].mean().astype(float).reset_index()
    return levels.set_axis(["dimension", "before", "current"], axis=1)


def sizes(before: pd.DataFrame, now: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the customers per kind in both rounds: the kind, before, current."""
    counted = pd.DataFrame({"before": before[column].value_counts(), "current": now[column].value_counts()})
    table = counted.fillna(0).astype(int).rename_axis(column.removesuffix("_now")).sort_index().reset_index()
    return table[table.iloc[:, 0] != _NOBODY].reset_index(drop=True)


def movement(before: pd.DataFrame, now: pd.DataFrame) -> dict[str, int]:
    """Return how many customers rose, fell, stayed, came or went between the segments of two rounds.

    Both rounds used the same card, so a letter means the same; A is the highest.
    """
    both = (
        before[["customer_id", "segment_now"]]
        .merge(now[["customer_id", "segment_now"]], on="customer_id", how="outer", suffixes=("_before", "_after"))
        .fillna(_NOBODY)
    )
    then, after = both["segment_now_before"], both["segment_now_after"]
    in_before, in_now = then != _NOBODY, after != _NOBODY
    moves = {
        "rose": in_before & in_now & (after < then),
        "fell": in_before & in_now & (after > then),
        "stayed": in_before & in_now & (after == then),
        "came": ~in_before & in_now,
        "went": in_before & ~in_now,
    }
    return {name: int(mask.sum()) for name, mask in moves.items()}


def _verdict(plan: Mapping[str, Any] | None, evaluation: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if plan is None or evaluation is None:
        return None
    judged = evaluation.get("pilot_id")
    return dict(evaluation) if judged in (None, plan["pilot_id"]) else None


def _pair(earlier: Mapping[str, Any], current: Mapping[str, Any], name: str) -> tuple[Any, Any] | None:
    pair = earlier.get(name), current.get(name)
    return None if any(result is None for result in pair) else pair


def _no_sizes(kind: str) -> pd.DataFrame:
    return pd.DataFrame(columns=[kind, "before", "current"])
