"""Recency, frequency, monetary and tenure of every customer at the end of a period.

Published (Anna Pops case, `RFM(T)`): days since the last purchase; orders per month since the first
purchase; total revenue; days since becoming a customer. Our choices: rates are taken over the time a
customer was there *within* the period (at least three months), and revenue is put on a year, because
36 months and 12 months of total revenue cannot be held against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from helpers.analyses.rfm_movement.periods import Period
from helpers.tables import DAYS_PER_MONTH


@dataclass(frozen=True)
class Purchases:
    """All orders as arrays, sorted, so that no result depends on the order of the rows.

    Parameters
    ----------
    customers : customer ids, sorted; ``code`` points into it.
    code, day, amount : per order: customer, day since 1970, net amount.
    first_day : per customer the day of the first order with a positive amount.
    """

    customers: np.ndarray
    code: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    first_day: np.ndarray

    def moved(self, day: np.ndarray) -> Purchases:
        """Return the same orders on other days."""
        return replace(self, day=day)


NEVER = np.iinfo(np.int64).max


def collect_purchases(orders: pd.DataFrame, customer_ids: pd.Series, as_of: date) -> Purchases:
    """Return the orders of the given customers up to ``as_of``.

    An order of zero or less (a return, a credit note) lowers the revenue but is no occasion on which the
    customer bought: it counts for neither recency nor frequency (our convention).

    Parameters
    ----------
    orders : canonical orders: customer_id, order_date, order_amount.
    customer_ids : the customers of the round; orders of others are left out.
    as_of : last day that is used.
    """
    frame = orders[["customer_id", "order_date", "order_amount"]].dropna()
    dates = pd.to_datetime(frame["order_date"]).dt.normalize()
    if getattr(dates.dt, "tz", None) is not None:
        dates = dates.dt.tz_localize(None)
    customers = np.array(sorted(set(customer_ids.dropna())), dtype=object)
    code = pd.Index(customers).get_indexer(frame["customer_id"])
    day = ((dates - pd.Timestamp("1970-01-01")) // pd.Timedelta(days=1)).to_numpy(np.int64)
    amount = frame["order_amount"].to_numpy(float)
    # -1 is the code of who is no customer of the round.
    used = (code >= 0) & (day <= (pd.Timestamp(as_of) - pd.Timestamp("1970-01-01")).days)
    code, day, amount = code[used], day[used], amount[used]
    # One fixed order: sums of amounts then never differ in the last digit with the order of the rows.
    order = np.lexsort((amount, day, code))
    code, day, amount = code[order], day[order], amount[order]
    return Purchases(customers, code, day, amount, _first_days(code, day, amount, len(customers)))


def _first_days(code: np.ndarray, day: np.ndarray, amount: np.ndarray, size: int) -> np.ndarray:
    first = np.full(size, NEVER)
    bought = amount > 0
    np.minimum.at(first, code[bought], day[bought])
    return first


def measure(purchases: Purchases, period: Period, shortest_months: float) -> dict[str, np.ndarray]:
    """Return the measures of every customer at the end of ``period``, from the orders in it.

    Parameters
    ----------
    purchases : all orders.
    period : the days that count.
    shortest_months : rates are taken over at least this many months (or the period, if shorter).

    Returns
    -------
    Arrays by name, one value per customer: ``orders``, ``monetary``, and the four features of
    ``settings.FEATURES``; the features are missing (NaN) for who did not order in the period.
    """
    size = len(purchases.customers)
    inside = (purchases.day >= period.first_day) & (purchases.day <= period.last_day)
    # Returns count in the revenue, but nobody bought on that day.
    buys = inside & (purchases.amount > 0)
    orders = np.bincount(purchases.code[buys], minlength=size)
    monetary = np.bincount(purchases.code[inside], weights=purchases.amount[inside], minlength=size)
    last = np.full(size, -1, dtype=np.int64)
    np.maximum.at(last, purchases.code[buys], purchases.day[buys])
    known = np.minimum(purchases.first_day, period.last_day)
    least = min(shortest_months * DAYS_PER_MONTH, period.days)
    # Days that the customer was there within the period: rates over fewer than ``least`` would take one order for a habit.
    exposure = np.maximum(period.last_day + 1 - np.maximum(known, period.first_day), least)
    active = orders > 0
    return {
        "orders": orders,
        "monetary": monetary,
        "recency_days": np.where(active, period.last_day - last, np.nan).astype(float),
        "frequency_per_month": np.where(active, orders / exposure * DAYS_PER_MONTH, np.nan),
        "monetary_per_year": np.where(active, monetary / exposure * 12 * DAYS_PER_MONTH, np.nan),
        "tenure_days": np.where(active, period.last_day - known, np.nan).astype(float),
    }


def revenue_per_year(measures: Mapping[str, np.ndarray], period: Period) -> np.ndarray:
    """Return the revenue of every customer in a period, put on a year so that periods can be held against each other."""
    return measures["monetary"] * 12 / period.months
