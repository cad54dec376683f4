"""Predictions: shops in which nothing can be foretold, whose customers changed, or whose history is short; and their twins.

The range of customer value is held against what the same customers spent in the year after.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.analyses.predictions import Settings, requires
from helpers.analyses.predictions.judging import Judged, judge
from helpers.analyses.predictions.labels import Event, events
from helpers.analyses.predictions.models import MODELS
from helpers.analyses.predictions.value import CustomerValue, customer_value
from helpers.analyses.predictions.windows import cut_offs, known_orders
from helpers.core.results import RunContext

from . import World

AS_OF = date(2024, 12, 31)
YEAR = 365


def shop(
    seed: int, customers: int = 1500, days: int = 3 * YEAR, ahead: int = 0, joining: float = 1.0, demand: float = 0.0, mixed: bool = True
) -> pd.DataFrame:
    """Return orders of customers who buy at random at their own rate, for a lifetime of their own (as Pareto/NBD has it).

    Parameters
    ----------
    seed : of the world; customers : who bought first before the as-of day; days : of history; ahead : days after it.
    joining : how many times as many join on the last day as on the first.
    demand : growth of everybody's rate, as a share per year.
    mixed : rates and order values differ between customers, and they leave; otherwise all are alike and stay.
    """
    rng = np.random.default_rng(seed)
    share = rng.random(customers)
    growth = np.log(joining)
    first = days * (np.log1p(share * np.expm1(growth)) / growth if growth else share)
    per_day = rng.gamma(1.5, 1 / 90, customers) if mixed else np.full(customers, 1 / 60)
    last = first + (rng.exponential(500, customers) if mixed else np.inf)
    size = rng.gamma(4.0, 15.0, customers) if mixed else np.full(customers, 60.0)
    most = np.exp(demand * (days + ahead) / YEAR) if demand > 0 else 1.0
    drawn = rng.poisson(per_day * most * (days + ahead))
    who = np.repeat(np.arange(customers), drawn)
    day = rng.random(len(who)) * (days + ahead)
    kept = (day > first[who]) & (day < last[who]) & (rng.random(len(who)) * most < np.exp(demand * day / YEAR))
    who, day = np.r_[np.arange(customers), who[kept]], np.r_[first, day[kept]]
    frame = pd.DataFrame({"customer_id": [f"c{number:05}" for number in who], "day": np.floor(day)})
    frame["order_amount"] = np.round(size[who] * rng.gamma(4.0, 0.25, len(who)), 2) + 0.01
    frame["order_date"] = pd.Timestamp(AS_OF) + pd.to_timedelta(frame["day"] - days, unit="D")
    return frame.sort_values(["customer_id", "day"], ignore_index=True).drop(columns="day")


@lru_cache(maxsize=1000)
def value_of(seed: int, **world: float) -> tuple[CustomerValue, float]:
    """Return the customer value of a shop, and what its customers spent in the year after."""
    orders = shop(seed, ahead=YEAR, **world)
    later = orders["order_date"] > pd.Timestamp(AS_OF)
    return customer_value(known_orders(orders[~later], AS_OF), AS_OF, Settings(value_horizon_days=YEAR)), float(
        orders.loc[later, "order_amount"].sum()
    )


def judged(orders: pd.DataFrame, days: int = 91, label=None) -> Judged:
    """Return how well buying again is foretold; ``label`` takes the place of what came true."""
    known, settings = known_orders(orders, AS_OF), Settings()
    event = events(settings)[0]
    if label is not None:
        event = Event("buy_again", days, label(event.label))
    return judge(event, known, cut_offs(known, AS_OF, days, settings.training_windows), settings, seed=1)


def uses_a_model(found: Judged) -> bool:
    """Say whether a model is used, which claims that it beats every simple rule."""
    return found.chosen in MODELS and found.chance.beaten


def nothing_predictable(seed: int) -> bool:
    """Everybody buys at the same rate and stays: any list that is said to rank better than chance is a false claim."""
    return judged(shop(seed, customers=600, mixed=False)).why != "nothing"


def labels_by_lot(seed: int) -> bool:
    """What came true is dealt out again among the customers of each cut-off."""
    rng = np.random.default_rng(seed)

    def dealt(label):
        def outcome(known, features, through):
            true = label(known, features, through)
            return pd.Series(rng.permutation(true.to_numpy()), index=true.index)

        return outcome

    return judged(shop(seed, customers=800), label=dealt).why != "nothing"


def another_time(seed: int, turned: bool = True) -> bool:
    """Until the last cut-off those come back who order often and much; after it, who does is turned round (or, in the twin, is not)."""
    rng = np.random.default_rng(seed)

    def both(label):
        def outcome(known, features, through):
            often = np.log1p(features[["frequency", "monetary", "tenure_days"]].to_numpy())
            score = ((often - often.mean(0)) / often.std(0)) @ np.array([1.0, -1.0, 0.8])
            last = through > pd.Timestamp(AS_OF) - pd.Timedelta(days=100)
            odds = (-1.0 if last and turned else 1.0) * score
            return pd.Series((rng.random(len(odds)) < 1 / (1 + np.exp(-odds))).astype(int), index=features.index)

        return outcome

    return uses_a_model(judged(shop(seed, customers=800), label=both))


def a_year_ahead_of_one_year(seed: int, days: int = YEAR) -> bool:
    """A file of one year is asked for a year ahead, or for six weeks in the twin: it may say something only in the twin."""
    orders = shop(seed, customers=800, days=YEAR, joining=1.0)
    return not requires({"orders": orders}, Settings(horizon_days=days), RunContext(AS_OF, 1)).closed


def missed(**world):
    """Return a claim: the range of customer value is given and does not hold what came."""

    def claims(seed: int) -> bool:
        value, came = value_of(seed, **world)
        return not value.refused and not value.low <= came <= value.high

    return claims


def held(**world):
    """Return a claim: the range is given, reaches less than half to either side, and holds what came."""

    def claims(seed: int) -> bool:
        value, came = value_of(seed, **world)
        return not value.refused and value.low <= came <= value.high and value.high < 1.5 * value.expected

    return claims


SHOPS = {"stationary": {}, "joined by ever more": {"joining": 8.0}, "growing by a quarter a year": {"demand": 0.25}}
WORLDS = (
    World("everybody alike", nothing_predictable),
    World("labels by lot", labels_by_lot),
    World("customers who turned round", another_time),
    World("customers who did not turn round", lambda seed: another_time(seed, turned=False), planted=True),
    World("a year ahead of a year's file", a_year_ahead_of_one_year),
    World("six weeks ahead of a year's file", lambda seed: a_year_ahead_of_one_year(seed, 42), planted=True),
    *(World(f"value of a shop, {name}: outside its range", missed(**world)) for name, world in SHOPS.items()),
    World("value of a shop, shrinking by a fifth a year: outside its range", missed(demand=-0.2)),
    *(World(f"value of a shop, {name}: within a range that says something", held(**world), planted=True) for name, world in SHOPS.items()),
)
