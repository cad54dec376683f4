"""How the KPIs went before: per month, per rolling year, and what the season does to them."""

import pandas as pd

from helpers.phases.goals.figures import COUNTED, SAMPLED, window_figures
from helpers.phases.goals.orders import YEAR, OrderBook

MONTHS_FOR_SEASON = 24
ROLLING_COLUMNS = (*COUNTED, *SAMPLED)


def first_orders(book: OrderBook) -> pd.Series:
    """Return the day of each customer's first order (amount above zero), by customer_id."""
    bought = book.orders[book.orders["customer_id"].notna() & (book.orders["order_amount"] > 0)]
    return bought.groupby("customer_id", sort=True)["order_day"].min()


def monthly(book: OrderBook) -> pd.DataFrame:
    """Return one row per month that the orders touch.

    Returns
    -------
    Frame indexed by the month's first day: orders, revenue, active_customers, new_customers,
    order_value, complete (False for a month that the data does not cover from begin to end).
    """
    columns = ["orders", "revenue", "active_customers", "new_customers", "order_value", "complete"]
    if book.first_day is None:
        return pd.DataFrame(columns=columns, index=pd.DatetimeIndex([], name="month"))
    months = pd.period_range(book.first_day, book.last_day, freq="M")
    orders = book.orders.assign(month=book.orders["order_day"].dt.to_period("M"))
    bought = orders[orders["order_amount"] > 0]
    frame = pd.DataFrame(index=months)
    frame["orders"] = bought.groupby("month").size()
    frame["revenue"] = orders.groupby("month")["order_amount"].sum()
    frame["active_customers"] = bought.groupby("month")["customer_id"].nunique()
    frame["new_customers"] = first_orders(book).dt.to_period("M").value_counts()
    frame = frame.astype(float).fillna(0.0)
    frame["order_value"] = (frame["revenue"] / frame["orders"]).where(frame["orders"] > 0)
    frame["complete"] = frame.index.isin(book.whole_months)
    return frame.set_axis(months.to_timestamp().rename("month"))[columns]


def rolling(book: OrderBook) -> pd.DataFrame:
    """Return the KPIs of every 12 whole months in a row, by the last day of the window.

    ``new_customers`` is missing where fewer than 12 months lie before the window: a customer not
    seen earlier in so short a past may well be an old one.
    """
    whole = book.whole_months
    ends = [month.to_timestamp(how="end").normalize() for month in whole[11:]]
    firsts = first_orders(book)
    rows = []
    for end in ends:
        row = window_figures(book.window(end), firsts, end - YEAR)
        # Not even a year lies before this window, so an old customer would look new.
        if end - YEAR - YEAR < whole[0].to_timestamp() - pd.Timedelta(days=1):
            row["new_customers"] = float("nan")
        rows.append(row)
    index = pd.DatetimeIndex(ends, name="window_end")
    return pd.DataFrame(rows, index=index, columns=list(ROLLING_COLUMNS), dtype=float)


def seasonality(months: pd.DataFrame) -> pd.DataFrame:
    """Return the revenue of each calendar month against an average month, from whole months; empty below two years of them.

    Returns
    -------
    Frame by calendar month (1 to 12): index (1 is an average month) and years (how many years it
    rests on). Ratio to the centred 12-month moving average, median per calendar month, scaled to a
    mean of 1: the classical decomposition.
    """
    whole = months.loc[months["complete"].astype(bool), "revenue"].astype(float)
    empty = pd.DataFrame({"index": [], "years": []}, index=pd.Index([], name="calendar_month"))
    if len(whole) < MONTHS_FOR_SEASON:
        return empty
    # A mean of 12 months lies between two months; the mean of two neighbours is centred on one.
    trend = whole.rolling(12).mean().shift(-6)
    centred = (trend + trend.shift(1)) / 2
    ratio = (whole / centred).where(centred > 0).dropna()
    by_month = ratio.groupby(ratio.index.month).agg(["median", "size"])
    if len(by_month) < 12:
        return empty
    scaled = by_month["median"] / by_month["median"].mean()
    frame = pd.DataFrame({"index": scaled, "years": by_month["size"]})
    return frame.rename_axis("calendar_month")
