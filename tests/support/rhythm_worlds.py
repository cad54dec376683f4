"""Shops whose customers have a rhythm: yearly, weekly, monthly, seasonal, mixed; with nobody leaving, or with leavers planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

AS_OF = date(2025, 1, 15)
AFTER_DAYS = 2 * 365  # how long after the as-of day the world goes on, so that who comes back is known


@dataclass(frozen=True)
class RhythmWorld:
    """A shop with a known truth.

    Parameters
    ----------
    orders : the canonical orders up to the as-of day.
    later : those of the two years after it.
    stopped : per customer the day after which no order comes, NaT for who stays (index customer_id).
    gap_days : per customer the true mean gap between orders (index customer_id).
    as_of : the day the round looks back from.
    """

    orders: pd.DataFrame
    later: pd.DataFrame
    stopped: pd.Series
    gap_days: pd.Series
    as_of: date = AS_OF

    def back_within(self, customers, days: int) -> float:
        """Return the share of these customers with an order within so many days after the as-of day."""
        soon = self.later[self.later["order_date"] <= pd.Timestamp(self.as_of) + pd.Timedelta(days=days)]
        return float(pd.Series(list(customers)).isin(soon["customer_id"]).mean()) if len(customers) else 0.0


def _yearly(rng: np.random.Generator, first: int, last: int, skip: float) -> list[int]:
    """Once every December, but for years skipped."""
    start = pd.Timestamp(AS_OF)
    days = []
    for year in range(2010, 2028):
        day = (pd.Timestamp(year=year, month=12, day=int(rng.integers(1, 25))) - start).days
        if first <= day <= last and rng.random() >= skip:
            days.append(day)
    return days


def _renewal(rng: np.random.Generator, first: int, last: int, mean: float, regularity: float) -> list[int]:
    """Gaps of a gamma distribution: its shape is how regular they are (1 is memoryless)."""
    days, day = [], float(first)
    while day <= last:
        days.append(int(day))
        day += max(1.0, rng.gamma(regularity, mean / regularity))
    return days


def _in_season(rng: np.random.Generator, first: int, last: int, mean: float, regularity: float) -> list[int]:
    """A rhythm that rests from October to March."""
    start, days, day = pd.Timestamp(AS_OF), [], float(first)
    while day <= last:
        when = start + pd.Timedelta(days=int(day))
        if 4 <= when.month <= 9:
            days.append(int(day))
        elif when.month >= 10 or when.month <= 3:
            spring = pd.Timestamp(year=when.year + (when.month >= 10), month=4, day=1)
            day = float((spring - start).days + rng.integers(0, int(mean) + 1))
            continue
        day += max(1.0, rng.gamma(regularity, mean / regularity))
    return days


def _habit(kind: str, rng: np.random.Generator):
    """Return one customer's mean gap and what makes the days of order from first to last day."""
    if kind == "mixed":
        kind = str(rng.choice(["weekly", "december"]))
    if kind == "december":
        return 365.0, lambda first, last: _yearly(rng, first, last, 0.08)
    if kind == "seasonal":
        mean = rng.gamma(8, 3.0)
        return mean, lambda first, last: _in_season(rng, first, last, mean, 4.0)
    if kind == "once":
        mean = rng.gamma(4, 25.0)
        return mean, lambda first, last: _renewal(rng, first, first if rng.random() < 0.6 else last, mean, 1.0)
    mean, regularity = {
        "weekly": (rng.gamma(12, 7 / 12), 2.0),
        "monthly": (rng.gamma(20, 30 / 20), 10.0),
        "irregular": (rng.gamma(2, 30.0), 1.0),
    }[kind]
    return mean, lambda first, last: _renewal(rng, first, last, max(mean, 2.0), regularity)


def rhythm_world(
    kind: str, seed: int, customers: int = 400, years: float = 4.0, leaving_per_year: float = 0.0, growing: bool = False
) -> RhythmWorld:
    """Make a shop with a known truth.

    Parameters
    ----------
    kind : "december" (once a year, 8 % of the years skipped), "weekly", "monthly" (regular firms), "irregular", "seasonal"
        (about every 24 days from April to September), "mixed" (weekly and December buyers) or "once" (60 % buy once).
    seed : of the world.
    customers, years : how many, and how long the history is.
    leaving_per_year : chance per year that a customer stops for good; 0 is the world in which nobody leaves.
    growing : customers enter ever faster; otherwise evenly over the first three quarters.
    """
    rng = np.random.default_rng(seed)
    span = int(years * 365)
    rows, stopped, gaps = [], {}, {}
    for number in range(customers):
        customer = f"c{number:05d}"
        share = np.sqrt(rng.random()) if growing else 0.75 * rng.random()
        first = int(-span + share * (span - 1))
        leaves = first + rng.exponential(365 / leaving_per_year) if leaving_per_year else np.inf
        gaps[customer], days_of = _habit(kind, rng)
        days = [day for day in days_of(first, AFTER_DAYS) if day <= leaves]
        rows += [(customer, day) for day in days]
        stopped[customer] = pd.Timestamp(AS_OF) + pd.Timedelta(days=int(leaves)) if leaves < AFTER_DAYS else pd.NaT
    frame = pd.DataFrame(rows, columns=["customer_id", "day"])
    frame["order_date"] = pd.Timestamp(AS_OF) + pd.to_timedelta(frame["day"], unit="D")
    frame["order_amount"] = rng.gamma(4.0, 10.0, len(frame)).round(2)
    frame["order_id"] = [str(place) for place in range(len(frame))]
    columns = ["order_id", "customer_id", "order_date", "order_amount"]
    past = frame["day"] <= 0
    return RhythmWorld(frame.loc[past, columns], frame.loc[~past, columns], pd.Series(stopped), pd.Series(gaps))
