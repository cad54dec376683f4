"""The four pictures that every client with orders can have, as frames."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.core.results import RunContext
from helpers.tables import ORDERS, empty

# Bands a marketing manager reads at once; our convention.
RECENCY_EDGES_DAYS = (0, 30, 90, 180, 365, 730, np.inf)
FREQUENCY_EDGES = (1, 2, 3, 5, 10, np.inf)
_COHORT_QUARTERS = 12


@dataclass(frozen=True)
class Overview:
    """What can be seen before any model.

    Parameters
    ----------
    months : index month start; columns revenue, customers; whole months only.
    concentration : share_of_customers (0 to 1, by falling spend) and share_of_revenue.
    retention : rows first-order quarter, columns quarters since; share of the cohort that ordered.
    heat : rows recency band edges, columns frequency band edges; number of customers.
    left_out_days : days of the last, unfinished month that are not in ``months``.
    unnamed_orders : orders per month of ``months``, where none of them names its customer; None where one does or there are none.
    """

    months: pd.DataFrame
    concentration: pd.DataFrame
    retention: pd.DataFrame
    heat: pd.DataFrame
    left_out_days: int
    unnamed_orders: pd.Series | None = None

    @property
    def customers(self) -> int:
        """Customers who ordered."""
        return len(self.concentration) - 1

    @property
    def top_tenth_share(self) -> float:
        """Share of revenue that comes from the tenth of customers who spend most."""
        return float(np.interp(0.1, self.concentration["share_of_customers"], self.concentration["share_of_revenue"]))


def overview(orders: pd.DataFrame | None, customer_table: pd.DataFrame, context: RunContext) -> Overview:
    """Return the four pictures as frames; months after the last whole month are left out, and their days counted."""
    if orders is None:
        orders = empty(ORDERS)
    buyers = customer_table[customer_table["frequency"] > 0]
    months, left_out = _months(orders, context)
    unnamed = None
    if len(orders) and orders["customer_id"].isna().all():
        unnamed = orders.groupby(orders["order_date"].dt.to_period("M").dt.to_timestamp()).size().reindex(months.index, fill_value=0)
    return Overview(months, _concentration(buyers), _retention(orders, context), _heat(buyers), left_out, unnamed)


def _months(orders: pd.DataFrame, context: RunContext) -> tuple[pd.DataFrame, int]:
    last_day = pd.Timestamp(context.as_of)
    whole_until = last_day if last_day.is_month_end else last_day.replace(day=1) - pd.Timedelta(days=1)
    inside = orders[orders["order_date"].dt.normalize() <= whole_until]
    per_month = inside.groupby(inside["order_date"].dt.to_period("M"))
    frame = pd.DataFrame({"revenue": per_month["order_amount"].sum(), "customers": per_month["customer_id"].nunique()})
    if len(frame):
        frame = frame.reindex(pd.period_range(frame.index.min(), frame.index.max(), freq="M"), fill_value=0)
    frame.index = frame.index.to_timestamp() if len(frame) else pd.DatetimeIndex([])
    return frame.rename_axis("month"), 0 if last_day.is_month_end else last_day.day


def _concentration(buyers: pd.DataFrame) -> pd.DataFrame:
    spend = buyers["monetary"].clip(lower=0).sort_values(ascending=False, ignore_index=True)
    total = spend.sum()
    share = spend.cumsum() / total if total > 0 else spend
    n = max(len(spend), 1)
    customers = np.arange(0, len(spend) + 1) / n
    return pd.DataFrame({"share_of_customers": customers, "share_of_revenue": np.concatenate([[0.0], share])})


def _retention(orders: pd.DataFrame, context: RunContext) -> pd.DataFrame:
    known = orders[orders["customer_id"].notna()]
    quarter = known["order_date"].dt.to_period("Q")
    as_of = pd.Timestamp(context.as_of)
    # The running quarter is not finished: its low shares would look like customers leaving.
    finished = quarter.notna() if as_of.is_quarter_end else quarter < as_of.to_period("Q")
    known, quarter = known[finished], quarter[finished]
    first = quarter.groupby(known["customer_id"]).transform("min")
    since = (quarter.astype("int64") - first.astype("int64")).rename("since")
    active = known.groupby([first.rename("first"), since])["customer_id"].nunique().unstack("since")
    active = active.iloc[-_COHORT_QUARTERS:, :_COHORT_QUARTERS]
    if active.empty:
        return active
    age = active.index.max().ordinal - np.array([quarter.ordinal for quarter in active.index])
    return active.div(active[0], axis=0).fillna(0.0).where(active.columns.to_numpy()[None, :] <= age[:, None])


def _heat(buyers: pd.DataFrame) -> pd.DataFrame:
    recency = pd.cut(buyers["recency_days"], RECENCY_EDGES_DAYS, right=False, labels=list(RECENCY_EDGES_DAYS[:-1]))
    frequency = pd.cut(buyers["frequency"], FREQUENCY_EDGES, right=False, labels=list(FREQUENCY_EDGES[:-1]))
    return pd.crosstab(recency, frequency, dropna=False)
