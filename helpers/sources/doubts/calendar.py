"""Doubts about time: a month imported twice, months and days that are missing, days that cannot be."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from helpers.sources.asking import channel_parts, counts, frame
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_ORDERS = 100
TWICE, USUALLY_TWICE = 0.8, 0.3  # share of a month's rows that stand twice, and in the other months
MONTH_GONE, MONTH_BUSY = 0.05, 20  # share of what the month usually holds; orders a month from which a gap is seen
MONTHS_GONE, HOLIDAYS = 2, (7, 8)  # longest gap, and months of closing, where no other year tells a gap from a season
QUIET_TIMES, QUIET_DAYS = 10.0, 14  # times the usual longest gap, and days, from which the end of the export is seen
STRAY_SHARE, STRAY_DAYS = 0.01, 365  # few orders, far from the others
MONTH_DAYS = 0.995
AT_A_PACE, PACE_GAPS = 0.9, 3  # share of the gaps that are the customer's usual one, of customers with so many


def calendar_doubts(orders: Any, lines: Any, as_of: date) -> Iterator[Doubt]:
    """Yield what is doubtful about the days of orders, as the round looks back from a day (ibis tables; ``lines`` may be None)."""
    days = frame(orders.group_by(day=orders["order_date"].truncate("D")).aggregate(n=orders.count()).order_by("day"))
    days = days.dropna()
    if days["n"].sum() < LEAST_ORDERS:
        return
    usual = _without_strays(days)
    stray = days[~days["day"].isin(usual["day"])]
    if len(stray):
        years = sorted({day.year for day in stray["day"]})
        yield Doubt("stray_dates", "orders", int(stray["n"].sum()), int(days["n"].sum()), 0.0, ", ".join(map(str, years[:6])))
    yield from _days_of_month(usual, orders)
    for part in channel_parts(lines if lines is not None else orders):
        twice = [*_twice(part, "order_lines" if lines is not None else "orders")]
        yield from twice
        if twice:
            break
    yield from _months_missing(usual)
    yield from _days_missing(usual, as_of)


def _without_strays(days: pd.DataFrame) -> pd.DataFrame:
    """Return the days from which the bulk of the orders is not parted by a long silence."""
    gaps = days["day"].diff().dt.days
    share = days["n"].cumsum() / days["n"].sum()
    usual = days
    for place in gaps[gaps > STRAY_DAYS].index:
        before = share.loc[place - 1] if place in share.index and place > 0 else 0.0
        if before <= STRAY_SHARE:
            usual = usual[usual["day"] >= days["day"].loc[place]]
        elif 1 - before <= STRAY_SHARE:
            usual = usual[usual["day"] < days["day"].loc[place]]
    return usual


def _days_of_month(days: pd.DataFrame, orders: Any) -> Iterator[Doubt]:
    if days["day"].dt.to_period("M").nunique() < 3:
        return
    for name, hit in (("1st", days["day"].dt.is_month_start), ("last day", days["day"].dt.is_month_end)):
        if days.loc[hit, "n"].sum() >= MONTH_DAYS * days["n"].sum() and not _bills(orders):
            yield Doubt("days_of_month", "orders", int(days["n"].sum()), int(days["n"].sum()), 0.0, name)


def _bills(orders: Any) -> bool:
    """Tell whether customers come at a pace of their own, with as many orders each time: bills. Totals of what people bought do not."""
    if "customer_id" not in orders.columns:
        return False
    months = orders.group_by("customer_id", month=orders["order_date"].truncate("M")).aggregate(n=orders.count())
    visits = frame(months.order_by("customer_id", "month").limit(200_000)).dropna()
    number = visits["month"].dt.year * 12 + visits["month"].dt.month
    gaps = visits.assign(gap=number.groupby(visits["customer_id"]).diff()).dropna()
    paces = gaps.groupby(["customer_id", "gap", "n"]).size().groupby("customer_id").agg(["max", "sum"])
    paces = paces[paces["sum"] >= PACE_GAPS]
    return bool(len(paces)) and paces["max"].sum() >= AT_A_PACE * paces["sum"].sum()


def _twice(rows: Any, table: str) -> Iterator[Doubt]:
    """Look for a month nearly all of whose rows have a twin on the same day, whatever their numbers."""
    names = [name for name in ("customer_id", "product_id", "quantity", "line_amount", "order_amount") if name in rows.columns]
    if len(names) < 2:
        return
    held = rows.mutate(day=rows["order_date"].truncate("D"))
    equal = held.group_by("day", *names).aggregate(n=held.count())
    # An even number of twins: two imports of an order that stood there twice by itself give four.
    paired = equal.mutate(month=equal["day"].truncate("M"), twin=(equal["n"] % 2 == 0).ifelse(equal["n"], 0))
    months = frame(paired.group_by("month").aggregate(rows=paired["n"].sum(), twins=paired["twin"].sum()).order_by("month"))
    share = months["twins"] / months["rows"]
    hit = months[(share >= TWICE) & (months["rows"] >= MONTH_BUSY)]
    others = share.drop(hit.index)
    if not len(hit) or (len(others) and others.median() > USUALLY_TWICE):
        return
    if not len(others):  # no month to compare with: twins within one order are a habit of the system
        orders = held.group_by("day", *names).aggregate(n=held.count(), low=held["order_id"].min(), high=held["order_id"].max())
        if counts(orders, apart=orders["n"].sum(where=orders["low"] != orders["high"]))["apart"] < TWICE * months["rows"].sum():
            return
    detail = ", ".join(f"{month:%Y-%m}" for month in hit["month"].head(4)) + (" …" if len(hit) > 4 else "")
    yield Doubt("month_twice", table, int(hit["twins"].sum()) // 2, int(hit["rows"].sum()), 0.0, detail)


def _months_missing(days: pd.DataFrame) -> Iterator[Doubt]:
    """Look for months with hardly an order that are no season: the same month of other years is busy, and so are those around."""
    months = days.groupby(days["day"].dt.to_period("M"))["n"].sum()
    months = months.reindex(pd.period_range(months.index.min(), months.index.max(), freq="M"), fill_value=0)
    busy = months[months > 0].median()
    open_months = months[months > MONTH_GONE * busy]
    gone = []
    for month, n in months.iloc[1:-1].items():
        before, after = open_months[open_months.index < month].tail(1), open_months[open_months.index > month].head(1)
        if not len(before) or not len(after) or busy < MONTH_BUSY:
            continue
        same = [months[other] for other in months.index if other.month == month.month and other != month]
        usual = min(before.iloc[0], after.iloc[0], *([pd.Series(same).median()] if same else []))
        gap = (after.index[0] - before.index[0]).n - 1
        no_season = same or (n == 0 and gap <= MONTHS_GONE and month.month not in HOLIDAYS)
        if n <= MONTH_GONE * usual and usual >= 0.25 * busy and no_season:
            gone.append(str(month))
    if gone:
        yield Doubt("month_missing", "orders", len(gone), len(months), 0.0, ", ".join(gone[:6]))


def _days_missing(days: pd.DataFrame, as_of: date) -> Iterator[Doubt]:
    before = days[days["day"] <= pd.Timestamp(as_of)]
    if len(before) < 10:
        return
    gaps = before["day"].diff().dt.days.dropna()
    quiet = (pd.Timestamp(as_of) - before["day"].max()).days
    longest = float(gaps.quantile(0.99))
    if quiet >= QUIET_DAYS and quiet >= QUIET_TIMES * max(longest, 1.0) and quiet > gaps.max():
        yield Doubt("days_missing", "orders", quiet, round(longest), 0.0, f"{before['day'].max():%Y-%m-%d}")
