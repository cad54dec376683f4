"""The days on which customers ordered, and two clocks to count them by: the calendar, and how busy all customers were."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

TOGETHER_DAYS = 35  # days taken together, so that chance is not taken for a season
MEAN_ORDERS = 5.0  # orders at the mean pace that every such stretch counts besides its own
QUIET = 0.1  # of the usual orders of a day
CLOSED_BEFORE_DAYS = 112  # in which the busiest four weeks say what is usual
CLOSED_DAYS, CLOSED_ORDERS = 7, 20  # days in a row, in which at least so many orders are missing
MOST_CLOSED = 0.25  # of the history
CLOSED_PACE = 0.02  # of a usual day
THERE_GAPS = 3  # a customer was there until so many of his mean gaps after the last order (all these: our conventions)


@dataclass(frozen=True)
class Visits:
    """The days on which each customer ordered, sorted by customer and day.

    Parameters
    ----------
    customers : ids, sorted.
    code, day : place of the customer, and number of the day; 0 is the first day of all.
    through, first : number of the day we look, and the date of day 0.
    """

    customers: pd.Index
    code: np.ndarray
    day: np.ndarray
    through: int
    first: pd.Timestamp

    def ends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return first and last day and number of days of each customer."""
        start = np.flatnonzero(np.diff(self.code, prepend=-1))
        number = np.diff(np.append(start, len(self.code)))
        return self.day[start], self.day[start + number - 1], number


def visits_of(orders: pd.DataFrame, through: pd.Timestamp) -> Visits:
    """Return each customer's days of order, each once.

    Parameters
    ----------
    orders : customer_id and order_day; rows after ``through`` are ignored.
    through : the day we look.
    """
    past = orders.loc[orders["order_day"] <= through, ["customer_id", "order_day"]].drop_duplicates()
    past = past.sort_values(["customer_id", "order_day"])
    code, customers = pd.factorize(past["customer_id"], sort=True)
    first = past["order_day"].min() if len(past) else through
    day = (past["order_day"] - first).dt.days.to_numpy()
    return Visits(pd.Index(customers, name="customer_id"), code, day, int((through - first).days), first)


def calendar(visits: Visits) -> np.ndarray:
    """Return the time passed at the end of each day, when every day counts the same but those on which the shop was closed."""
    return np.cumsum(np.where(closed_days(visits), CLOSED_PACE, 1.0))


def closed_days(visits: Visits) -> np.ndarray:
    """Return True for each day of a stretch in which hardly anybody orders: a holiday, a closure, an export that ends early.

    In such a stretch nobody is silent by choice. Where so much of the history is quiet, it is a season: see ``market``.
    """
    days = visits.through + 1
    orders = pd.Series(np.bincount(visits.day, minlength=days).astype(float))
    usual = orders.rolling(28, min_periods=14).mean().shift(1).rolling(CLOSED_BEFORE_DAYS, min_periods=1).max().fillna(0.0)
    quiet = (orders <= QUIET * usual) & (usual > 0)
    stretch = (quiet != quiet.shift()).cumsum()
    length, missed = quiet.groupby(stretch).transform("size"), usual.groupby(stretch).transform("sum")
    closed = (quiet & (length >= CLOSED_DAYS) & (missed >= CLOSED_ORDERS)).to_numpy()
    return closed if closed.mean() <= MOST_CLOSED else np.zeros(days, dtype=bool)


def market(visits: Visits) -> np.ndarray:
    """Return the time passed at the end of each day, when days count as their customers ordered: in a closed season none does.

    The pace of a day is orders per customer who was there, of five weeks together, drawn towards the mean.
    """
    first, last, number = visits.ends()
    days, gaps = visits.through + 1, number - 1
    typical = (last - first).sum() / max(1, gaps.sum())
    until = np.minimum(last + np.ceil(THERE_GAPS * (last - first + typical) / (gaps + 1)).astype(int) + 1, days)
    there = np.cumsum(np.bincount(first, minlength=days + 1) - np.bincount(until, minlength=days + 1))[:days]
    # First orders say how fast a shop grows, not how busy its customers are.
    orders = np.bincount(visits.day[np.diff(visits.code, prepend=-1) == 0], minlength=days)
    expected = there * orders.sum() / max(1, there.sum())
    window = np.ones(min(TOGETHER_DAYS, days))
    pace = (np.convolve(orders, window, "same") + MEAN_ORDERS) / (np.convolve(expected, window, "same") + MEAN_ORDERS)
    return np.cumsum(pace / pace.mean())


def ahead(clock: np.ndarray, days: int) -> np.ndarray:
    """Return the clock with so many days more, each as fast as fifty-two weeks before, or as on average where that is not known."""
    pace = np.diff(clock, prepend=0.0)
    season = pace[-364:] if len(pace) >= 364 else np.ones(364)
    return np.append(clock, clock[-1] + np.cumsum(np.resize(season, days)))
