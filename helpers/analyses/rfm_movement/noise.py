"""The noise floor: how much movement chance alone would show.

Even when nobody's behaviour changes, customers change segment: five orders in three years may fall one
way or another. We ask how often, by drawing the days of every customer's orders again (our own design; the
reasoning is that of a randomisation test under a Poisson process: given how many orders a customer placed,
with an unchanged pace each of them may lie anywhere in the time the customer was there). What is kept: the
customers, their number of orders, every amount, and the day of a first order. What is drawn: the days of all
other orders in the two periods. A movement is news when the observed number lies outside what 99 % of the
re-draws give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from helpers.analyses.rfm_movement.measures import Purchases
from helpers.analyses.rfm_movement.periods import Periods

CENTRAL = 0.99
# Our convention: one customer's move is marked when 2.5 % of the draws or less go as far the same way,
# which is 5 % for both ways together.
RARE = 0.025


@dataclass(frozen=True)
class Clock:
    """How fast the time of the shop runs: the cumulated pace at the end of each day from ``first_day``."""

    first_day: int
    total: np.ndarray

    def at(self, day: np.ndarray) -> np.ndarray:
        """Return the cumulated pace before ``day``."""
        return np.r_[0.0, self.total][np.asarray(day) - self.first_day]

    def day_of(self, pace: np.ndarray) -> np.ndarray:
        """Return the day on which the cumulated pace is reached."""
        step = np.searchsorted(self.total, pace, side="right")
        return self.first_day + np.minimum(step, len(self.total) - 1)


def market_clock(periods: Periods, declared: str) -> bool:
    """Return whether re-draws follow how busy all customers were: declared, or when a period is not whole
    years.
    """
    if declared != "auto":
        return declared == "market"
    return any(round(period.months) % 12 for period in (periods.comparison, periods.current))


def redraw(bought: Purchases, periods: Periods, market: bool, draws: int, seed: int) -> Iterator[Purchases]:
    """Yield the orders on re-drawn days, ``draws`` times.

    Parameters
    ----------
    bought : the real orders.
    periods : the two periods; orders outside them, and those of new customers, stay where they are.
    market : True draws days as busy as all customers together were; False draws every day alike.
    draws, seed : number of re-draws; seed of ``numpy.random.default_rng``.
    """
    start, end = periods.comparison.first_day, periods.current.last_day
    free = _free_orders(bought, periods)
    entry = np.where(bought.first_day >= start, bought.first_day + 1, start)
    clock = _clock(bought, periods, free, entry) if market else _calendar(start, end)
    low = clock.at(np.clip(entry[bought.code[free]], start, end))
    width = clock.total[-1] - low
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        day = bought.day.copy()
        day[free] = clock.day_of(low + rng.random(len(low)) * width)
        yield bought.moved(day)


def _free_orders(bought: Purchases, periods: Periods) -> np.ndarray:
    """Return True for orders in the two periods that are no first order and not of a new customer."""
    first = bought.first_day[bought.code]
    inside = (bought.day >= periods.comparison.first_day) & (bought.day <= periods.current.last_day)
    return inside & (bought.day > first) & (first < periods.current.first_day)


def _calendar(start: int, end: int) -> Clock:
    return Clock(start, np.arange(1, end - start + 2, dtype=float))


def _clock(bought: Purchases, periods: Periods, free: np.ndarray, entry: np.ndarray) -> Clock:
    """Return the clock of the market: orders per day for each customer who was there on that day."""
    start, end = periods.comparison.first_day, periods.current.last_day
    orders = np.bincount(bought.day[free] - start, minlength=end - start + 1)
    old = entry[bought.first_day < periods.current.first_day]
    there = np.cumsum(np.bincount(np.clip(old, start, end) - start, minlength=end - start + 1))
    pace = orders / np.maximum(there, 1)
    return Clock(start, np.cumsum(pace)) if pace.sum() > 0 else _calendar(start, end)


def bounds(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean and the central 99 % of counts over the re-draws (first axis)."""
    low, high = np.quantile(counts, [(1 - CENTRAL) / 2, (1 + CENTRAL) / 2], axis=0)
    return counts.mean(axis=0), np.floor(low), np.ceil(high)
