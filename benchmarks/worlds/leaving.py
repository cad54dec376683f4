"""Shops in which nobody leaves, whatever their rhythm, and twins in which a quarter leaves every year: who is said to be late or gone."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import predictions
from helpers.analyses.leaving import LATE
from helpers.analyses.predictions.result import Result
from helpers.core.results import Refusal, RunContext
from tests.support.rhythm_worlds import RhythmWorld, rhythm_world

LEAVING_PER_YEAR = 0.25
MOST_BACK = 0.1  # of those called gone, within a year
FOUND = 0.6  # of those who stopped three of their own gaps ago


def _result(world: RhythmWorld, seed: int) -> Result | Refusal:
    return predictions.run({"orders": world.orders}, predictions.Settings(), RunContext(world.as_of, seed))


def _false_claim(world: RhythmWorld, seed: int) -> bool:
    """Whether the first page names leavers, of whom more than one in ten comes back within a year."""
    result = _result(world, seed)
    if isinstance(result, Refusal) or not beaten_claims(predictions.story.finding(result, predictions.Settings())):
        return False
    late = result.table.loc[result.table["status"].isin(LATE), "customer_id"]
    return world.back_within(late, 365) > MOST_BACK


def _found(world: RhythmWorld, seed: int) -> bool:
    """Whether leavers are claimed, at most one in ten called gone comes back, and most of those who stopped long ago are called."""
    result = _result(world, seed)
    if isinstance(result, Refusal) or not beaten_claims(predictions.story.finding(result, predictions.Settings())):
        return False
    status = result.table.set_index("customer_id")["status"]
    silent = (pd.Timestamp(world.as_of) - world.stopped.reindex(status.index)).dt.days
    long_ago = (silent >= 3 * world.gap_days.reindex(status.index)) & (status != "bought once")
    right = (status[long_ago] == "gone").mean() >= FOUND if long_ago.any() else True
    return bool(right) and world.back_within(status.index[status == "gone"], 365) <= MOST_BACK


def _world(name: str, kind: str, years: float, growing: bool = False) -> list[World]:
    def claims(judge: Callable[[RhythmWorld, int], bool], leaving: float) -> Callable[[int], bool]:
        return lambda seed: judge(rhythm_world(kind, seed, years=years, leaving_per_year=leaving, growing=growing), seed)

    return [
        World(f"{name}, nobody leaves", claims(_false_claim, 0.0)),
        World(f"{name}, a quarter leaves a year", claims(_found, LEAVING_PER_YEAR), planted=True),
    ]


WORLDS = (
    *_world("all buy in December", "december", 7),
    *_world("weekly shopping", "weekly", 2),
    *_world("regular firms, monthly", "monthly", 3),
    *_world("irregular buyers of a growing shop", "irregular", 4, growing=True),
    *_world("a season from April to September", "seasonal", 4),
    *_world("weekly and December buyers", "mixed", 5),
    *_world("most buy once", "once", 4),
)
