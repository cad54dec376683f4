"""The KPI figures of one window of orders, and their 95 % intervals.

A customer is active when the window holds at least one order with an amount above zero; credit
notes lower the revenue but are no orders (our convention).
"""

import math

import numpy as np
import pandas as pd

from helpers.statistics.resampling import MIDDLE_95

# Figures with an interval: they describe customers who may come in other mixes next year. Counts
# and sums are simply what happened, so they have none.
SAMPLED = ("repeat_rate", "revenue_per_customer", "order_value", "days_between_orders", "top_share")
COUNTED = ("active_customers", "new_customers", "revenue", "orders")
FEWEST_CUSTOMERS = 10
_MANY_CUSTOMERS = 20_000
_DRAWS_WHEN_MANY = 200


def per_customer(orders: pd.DataFrame) -> pd.DataFrame:
    """Return one row per active customer of a window.

    Parameters
    ----------
    orders : rows of ``OrderBook.orders``; rows without a customer are left out.

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
    total = float(revenue.sum())
    gaps = days_between[~np.isnan(days_between)]
    return {
        "repeat_rate": float(np.mean(orders >= 2)),
        "revenue_per_customer": total / n,
        "order_value": total / float(orders.sum()),
        "days_between_orders": float(np.median(gaps)) if len(gaps) else math.nan,
        "top_share": _top_share(revenue, total) if n >= FEWEST_CUSTOMERS and total > 0 else math.nan,
    }


def _top_share(revenue: np.ndarray, total: float) -> float:
    top = math.ceil(len(revenue) / 10)
    return float(np.partition(revenue, len(revenue) - top)[-top:].sum()) / total


def window_figures(orders: pd.DataFrame, first_orders: pd.Series, start: pd.Timestamp) -> dict[str, float]:
    """Return all order KPIs of one window as plain numbers.

    Parameters
    ----------
    orders : the window's orders.
    first_orders : customer_id to the day of the first order in all data.
    start : the window holds days after this one.
    """
    people = per_customer(orders)
    new = (first_orders.reindex(people["customer_id"]) > start).sum()
    counted = {"active_customers": float(len(people)), "new_customers": float(new), "revenue": float(orders["order_amount"].sum())}
    counted["orders"] = float((orders["order_amount"] > 0).sum())
    return counted | sampled_figures(*_arrays(people))


def bootstrap_intervals(orders: pd.DataFrame, draws: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of every sampled figure: percentile bootstrap over customers.

    Parameters
    ----------
    orders : the window's orders.
    draws : number of resamples; at most 200 above 20,000 customers, where intervals are narrow.
    seed : seed of the draws, from the round's context.

    Returns
    -------
    Figure name to (low, high); missing values below ten customers. Source of the method: Efron and
    Tibshirani (1993), An Introduction to the Bootstrap, percentile interval.
    """
    people = per_customer(orders)
    n = len(people)
    if n < FEWEST_CUSTOMERS:
        return dict.fromkeys(SAMPLED, (math.nan, math.nan))
    bought, revenue, gaps = _arrays(people)
    rng = np.random.default_rng(seed)
    drawn = []
    # Customers are drawn, not orders: the orders of one customer go together.
    for _draw in range(draws if n <= _MANY_CUSTOMERS else min(draws, _DRAWS_WHEN_MANY)):
        pick = rng.integers(0, n, n)
        drawn.append(sampled_figures(bought[pick], revenue[pick], gaps[pick]))
    frame = pd.DataFrame(drawn)
    low, high = (frame.quantile(end) for end in MIDDLE_95)
    return {name: (float(low[name]), float(high[name])) for name in SAMPLED}


def _arrays(people: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    orders, revenue, days_between = (people[name].to_numpy(dtype=float) for name in ("orders", "revenue", "days_between"))
    return orders, revenue, days_between
