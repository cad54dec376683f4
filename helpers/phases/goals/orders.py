"""Orders made ready for KPIs: one row per order, nothing after the as-of date, whole months marked."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.core.results import RunContext

# An export seldom starts or ends on the very day a month does; a week is our convention.
SLACK_DAYS = 7
SLACK = pd.Timedelta(days=SLACK_DAYS)
YEAR = pd.DateOffset(months=12)


@dataclass(frozen=True)
class OrderBook:
    """The orders of a client as the KPIs read them.

    Parameters
    ----------
    orders : one row per order (order_id, customer_id or missing, order_day, order_amount).
    as_of : midnight of the as-of date; orders of that day are in.
    first_day, last_day : first and last day with an order; None when there are none.
    undated_rows : rows left out because the date cannot be read or lies after the as-of date.
    """

    orders: pd.DataFrame
    as_of: pd.Timestamp
    first_day: pd.Timestamp | None
    last_day: pd.Timestamp | None
    undated_rows: int = 0

    @property
    def months_of_history(self) -> int:
        """Whole months between the first order and the as-of date."""
        if self.first_day is None:
            return 0
        return months_between(self.first_day, self.as_of + pd.Timedelta(days=1))

    def window(self, end: pd.Timestamp) -> pd.DataFrame:
        """Return the orders of the 12 months that end on (and include) a day."""
        days = self.orders["order_day"]
        return self.orders[(days > end - YEAR) & (days <= end)]

    @property
    def whole_months(self) -> pd.PeriodIndex:
        """Months that the orders cover from begin to end, oldest first.

        A month is whole when it had ended by the as-of date, the first order lies before its
        eighth day, and the last order no more than a week before its end (our convention).
        """
        if self.first_day is None:
            return pd.PeriodIndex([], freq="M")
        months = pd.period_range(self.first_day, self.last_day, freq="M")
        starts, ends = months.to_timestamp(), months.to_timestamp(how="end").normalize()
        whole = (starts + SLACK > self.first_day) & (ends <= min(self.as_of, self.last_day + SLACK))
        return months[np.asarray(whole)]


def months_between(start: pd.Timestamp, end: pd.Timestamp) -> int:
    """Return the number of whole months from one day to another (0 when end is not later)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - int(end.day < start.day))


def order_book(tables: Mapping[str, pd.DataFrame], context: RunContext) -> OrderBook:
    """Return the orders of a client up to the round's date; with an empty frame when there is nothing to count."""
    as_of = pd.Timestamp(context.as_of)
    raw = tables.get("orders")
    frame = _typed(pd.DataFrame() if raw is None else raw)
    dated = frame[frame["order_day"].notna() & (frame["order_day"] <= as_of)]
    if dated.empty:
        return OrderBook(dated, as_of, None, None, len(frame))
    orders = _one_row_each(dated)
    first, last = orders["order_day"].min(), orders["order_day"].max()
    return OrderBook(orders, as_of, first, last, len(frame) - len(dated))


def _typed(raw: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(len(raw)))
    missing = pd.Series([None] * len(raw), dtype="object")
    for name in ("order_id", "customer_id"):
        given = raw[name].reset_index(drop=True) if name in raw else missing
        # Blank ids are missing ids; anything else is compared as text.
        text = given.astype("string").str.strip()
        frame[name] = text.mask(text == "")
    when = raw["order_date"] if "order_date" in raw else missing
    frame["order_day"] = pd.to_datetime(when.reset_index(drop=True), errors="coerce").dt.normalize()
    amount = raw["order_amount"] if "order_amount" in raw else missing
    frame["order_amount"] = pd.to_numeric(amount.reset_index(drop=True), errors="coerce").fillna(0.0).astype(float)
    return frame


def _one_row_each(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.sort_values(["order_id", "customer_id", "order_day", "order_amount"], kind="stable")
    if frame["order_id"].isna().any() or not frame["order_id"].duplicated().any():
        return frame.reset_index(drop=True)
    grouped = frame.groupby("order_id", sort=True)
    return grouped.agg(
        customer_id=("customer_id", "first"), order_day=("order_day", "min"), order_amount=("order_amount", "sum")
    ).reset_index()
