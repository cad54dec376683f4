"""The KPI figures of one window of orders, and their 95 % intervals.

A customer is active when the window holds at least one order with an amount above zero; credit
notes lower the revenue but are no orders (our convention).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.statistics import skewed
from helpers.statistics.intervals import share_and_interval

# Figures with an interval: they describe customers who may come in other mixes next year. Counts
# and sums are simply what happened, so they have none.
SAMPLED = ("repeat_rate", "revenue_per_customer", "order_value", "days_between_orders", "top_share")
COUNTED = ("active_customers", "new_customers", "revenue", "orders")
# For what no single customer can turn: a share of customers, a median (our convention).
FEWEST_CUSTOMERS = 10


def per_customer(orders: pd.DataFrame) -> pd.DataFrame:
    """Return one row per active customer of a window (rows of ``OrderBook.orders``); rows without a customer are left out.

    Returns
    -------
    Frame sorted by customer_id: customer_id, orders (count), revenue (net), days_between (mean days
    between the customer's order days; missing for one order day).
    """
    known = orders[orders["customer_id"].notna()]
    bought = known[known["order_amount"] > 0]
    counted = bought.groupby("customer_id", sort=True).agg(
        orders=("order_day", "size"), order_days=("order_day", "nunique"), first=("order_day", "min"), last=("order_day", "max")
    )
    revenue = known.groupby("customer_id", sort=True)["order_amount"].sum()
    span = (counted["last"] - counted["first"]).dt.days.astype(float)
    gaps = (counted["order_days"] - 1).astype(float)
    counted["revenue"] = revenue.reindex(counted.index).astype(float)
    counted["days_between"] = (span / gaps).where(gaps > 0)
    return counted.reset_index()[["customer_id", "orders", "revenue", "days_between"]]


def sampled_figures(orders: np.ndarray, revenue: np.ndarray, days_between: np.ndarray) -> dict[str, float]:
    """Return the figures that have an interval, from one number per customer each.

    ``top_share`` is the share of revenue of the tenth of customers (rounded up) who bring most; it
    needs ten customers and a revenue above zero, else it is missing.
    """
    n = len(orders)
    if n == 0:
        return dict.fromkeys(SAMPLED, math.nan)
    total, top = float(revenue.sum()), math.ceil(n / 10)
    largest = np.partition(revenue, n - top)[-top:]
    gaps = days_between[~np.isnan(days_between)]
    return {
        "repeat_rate": float(np.mean(orders >= 2)),
        "revenue_per_customer": total / n,
        "order_value": total / float(orders.sum()),
        "days_between_orders": float(np.median(gaps)) if len(gaps) else math.nan,
        "top_share": float(largest.sum()) / total if n >= FEWEST_CUSTOMERS and total > 0 else math.nan,
    }


def window_figures(orders: pd.DataFrame, first_orders: pd.Series, start: pd.Timestamp) -> dict[str, float]:
    """Return all order KPIs of the days after ``start`` as plain numbers; first orders are those in all data."""
    people = per_customer(orders)
    new = (first_orders.reindex(people["customer_id"]) > start).sum()
    counted = {"active_customers": float(len(people)), "new_customers": float(new), "revenue": float(orders["order_amount"].sum())}
    counted["orders"] = float((orders["order_amount"] > 0).sum())
    return counted | sampled_figures(*_arrays(people))


@dataclass(frozen=True)
class Range:
    """The 95 % interval of a figure, or what it still needs.

    Parameters
    ----------
    low, high : its ends; missing where too few customers are there.
    base, needed : customers it rests on, and how many it needs; 0 where it has them.
    """

    low: float = math.nan
    high: float = math.nan
    base: int = 0
    needed: int = 0


def intervals(orders: pd.DataFrame) -> dict[str, Range]:
    """Return the 95 % interval of every sampled figure of a window's orders, or how many customers it needs.

    Customers are what differs, not orders: the orders of one customer go together. Methods: ``statistics.skewed``, and Wilson's
    interval of a share.
    """
    bought, revenue, days_between = _arrays(per_customer(orders))
    gaps = days_between[~np.isnan(days_between)]
    return {
        "repeat_rate": _range(len(bought), FEWEST_CUSTOMERS, lambda: share_and_interval(int((bought >= 2).sum()), len(bought))[1:]),
        "revenue_per_customer": ratio_range(revenue, np.ones(len(revenue))),
        "order_value": ratio_range(revenue, bought),
        "days_between_orders": _range(len(gaps), FEWEST_CUSTOMERS, lambda: skewed.median_interval(gaps)),
        # Where returns outweigh purchases nobody brings a share of the revenue.
        "top_share": _range(
            len(bought) if revenue.sum() > 0 else 0, skewed.customers_needed(revenue), lambda: skewed.top_share_interval(revenue)
        ),
    }


def ratio_range(amounts: np.ndarray, counts: np.ndarray) -> Range:
    """Return the interval of a sum of amounts per count, both by customer, or how many customers it needs."""
    return _range(len(amounts), skewed.FEWEST, lambda: skewed.ratio_interval(amounts, counts))


def _range(base: int, needed: int, interval: Callable[[], tuple[float, float]]) -> Range:
    return Range(*interval(), base) if base >= needed else Range(base=base, needed=needed)


def _arrays(people: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    orders, revenue, days_between = (people[name].to_numpy(dtype=float) for name in ("orders", "revenue", "days_between"))
    return orders, revenue, days_between
