"""Where the client stands: every KPI of the last 12 months, how sure it is, and its own past."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.goals import history
from helpers.phases.goals.conversion import Conversion, conversion
from helpers.phases.goals.figures import Range, intervals, per_customer, ratio_range, window_figures
from helpers.phases.goals.orders import YEAR, OrderBook, order_book
from helpers.phases.goals.settings import KPIS, Settings, Unit

MONTHS_IN_WINDOW = 12
MONTHS_BEFORE_NEW = 12  # a customer not seen for so long before counts as new (our convention)
FEWEST_WINDOWS = 3
# An older last order means that the export is late, not that trade stopped (our convention).
STALE_DAYS = 31
LONGEST_GAP_DAYS = 60  # a sixth of the window: of longer gaps the window leaves out too many (our convention)
# Web events over eleven months pass for a year; below that the season decides the share (our convention).
DAYS_OF_A_YEAR_ONLINE = 330


@dataclass(frozen=True)
class Kpi:
    """One KPI as of the round's date.

    Parameters
    ----------
    name, unit, better : which figure; its unit; "up" or "down".
    current : the figure in the window; missing when it cannot be measured.
    low, high : 95 % interval; missing for counts and sums, which are simply what happened, and where too few are there for one.
    base : customers (visitors for conversion) behind it.
    needed : how many must be behind it for an interval that covers 95 %; 0 where it has one or is counted.
    history_low, history_high, windows : lowest and highest rolling year so far, and their number.
    reason : "" when measured and sound; "short_history", "few_customers", "long_gaps" or "stale" when to be read with care;
        "no_orders", "no_customers", "no_lines", "no_past", "no_repeat", "no_web_events" or "no_conversion_event" when missing.
    """

    name: str
    unit: Unit
    better: Literal["up", "down"]
    current: float
    low: float = math.nan
    high: float = math.nan
    base: int = 0
    needed: int = 0
    history_low: float = math.nan
    history_high: float = math.nan
    windows: int = 0
    reason: str = ""

    @property
    def measured(self) -> bool:
        """True when there is a figure."""
        return not math.isnan(self.current)


@dataclass(frozen=True)
class KpiBook:
    """All KPIs of a client, in a fixed order, with their history.

    Parameters
    ----------
    window_end : last day of the 12 months.
    months_of_history : whole months between first order and as-of date.
    monthly, rolling, seasonality : frames of ``helpers.phases.goals.history``.
    facts : plain numbers that the checks name (orders without a customer, days since the last order …).
    """

    kpis: tuple[Kpi, ...]
    window_end: pd.Timestamp
    months_of_history: int
    monthly: pd.DataFrame
    rolling: pd.DataFrame
    seasonality: pd.DataFrame
    conversion: Conversion | None
    facts: Mapping[str, float]

    def kpi(self, name: str) -> Kpi:
        """Return one KPI by name (KeyError when there is none)."""
        return {kpi.name: kpi for kpi in self.kpis}[name]

    @property
    def table(self) -> pd.DataFrame:
        """One row per KPI, with the fields of ``Kpi`` but ``better`` (``kpi`` is its name)."""
        return pd.DataFrame([asdict(kpi) for kpi in self.kpis]).drop(columns="better").rename(columns={"name": "kpi"})


def kpis(tables: Mapping[str, pd.DataFrame], context: RunContext, settings: Settings | None = None) -> KpiBook:
    """Return the KPIs of the 12 months up to the as-of date, from orders, customer_table and further tables that may all be absent.

    A rolling year ends on the as-of date itself, so a month that has only begun does not pull a figure down; months are compared only
    when whole.
    """
    settings = settings or Settings()
    book = order_book(tables, context)
    window = book.window(book.as_of)
    rolling = history.rolling(book)
    people = len(per_customer(window))
    web = conversion(tables, context, settings.conversion_events)
    ranges = intervals(window)
    point = window_figures(window, history.first_orders(book), book.as_of - YEAR)
    if not people:  # what an order is worth needs no customer: each order then stands for itself
        single = order_book({"orders": tables["orders"].assign(customer_id=tables["orders"]["order_id"])}, context) if len(window) else book
        alone = single.window(single.as_of)
        point["order_value"] = window_figures(alone, history.first_orders(single), book.as_of - YEAR)["order_value"]
        ranges = intervals(alone)
        rolling = rolling.assign(order_value=history.rolling(single)["order_value"])
    measured = [_order_kpi(name, point, ranges, rolling, book, people) for name in KPIS if name not in ("basket_size", "conversion")]
    months = history.monthly(book)
    return KpiBook(
        kpis=(*measured, _basket_kpi(tables.get("order_lines"), context), _web_kpi(web)),
        window_end=book.as_of,
        months_of_history=book.months_of_history,
        monthly=months,
        rolling=rolling,
        seasonality=history.seasonality(months),
        conversion=web,
        facts=_facts(tables, book, window),
    )


def _order_kpi(
    name: str, point: Mapping[str, float], ranges: Mapping[str, Range], rolling: pd.DataFrame, book: OrderBook, people: int
) -> Kpi:
    interval = ranges.get(name, Range(base=people))
    if name == "days_between_orders" and point[name] > LONGEST_GAP_DAYS:
        interval = Range(base=interval.base)  # of slower buyers the window shows the shorter gaps only
    reason = _reason(name, point[name], book, people, interval)
    current = math.nan if reason in ("no_orders", "no_customers", "no_past") else point[name]
    past = rolling[name].dropna() if current == current or reason != "no_customers" else rolling[name].iloc[:0]
    years = [*past, current] if not math.isnan(current) else list(past)
    return Kpi(
        name,
        *KPIS[name],
        current,
        **asdict(interval),
        history_low=min(years) if len(past) >= FEWEST_WINDOWS else math.nan,
        history_high=max(years) if len(past) >= FEWEST_WINDOWS else math.nan,
        windows=len(past),
        reason=reason,
    )


def _reason(name: str, current: float, book: OrderBook, people: int, interval: Range) -> str:
    if book.first_day is None:
        return "no_orders"
    unnamed = people == 0 and len(book.window(book.as_of)) > 0
    if people == 0 and name not in (("revenue", "orders", "order_value") if unnamed else ("revenue", "orders", "active_customers")):
        return "no_customers"
    if name == "new_customers":
        before = book.months_of_history - MONTHS_IN_WINDOW
        return "no_past" if before < 1 else "short_history" if before < MONTHS_BEFORE_NEW else ""
    if math.isnan(current):
        return "no_repeat" if name == "days_between_orders" else "few_customers"
    if book.months_of_history < MONTHS_IN_WINDOW:
        return "short_history"
    if (book.as_of - book.last_day).days > STALE_DAYS:
        return "stale"
    if name == "days_between_orders" and current > LONGEST_GAP_DAYS:
        return "long_gaps"
    return "few_customers" if interval.needed else ""


def _basket_kpi(lines: pd.DataFrame | None, context: RunContext) -> Kpi:
    """Return the lines per order of the 12 months; an order that names nobody stands for itself."""
    if lines is not None:
        day = lines["order_date"].dt.normalize()
        lines = lines[(day > pd.Timestamp(context.as_of) - YEAR) & (day <= pd.Timestamp(context.as_of))]
    if lines is None or lines.empty:
        return Kpi("basket_size", *KPIS["basket_size"], math.nan, reason="no_lines")
    whose = lines["customer_id"].fillna(lines["order_id"]) if "customer_id" in lines else lines["order_id"]
    counted = lines.groupby(whose)["order_id"].agg(["size", "nunique"]).astype(float)
    interval = ratio_range(counted["size"].to_numpy(), counted["nunique"].to_numpy())
    mean = float(counted["size"].sum() / counted["nunique"].sum())
    reason = "few_customers" if interval.needed else ""
    return Kpi("basket_size", *KPIS["basket_size"], mean, **asdict(interval), reason=reason)


def _web_kpi(web: Conversion | None) -> Kpi:
    if web is None or not web.source:
        reason = "no_web_events" if web is None else "no_conversion_event"
        return Kpi("conversion", *KPIS["conversion"], math.nan, reason=reason)
    low, high = web.interval
    reason = "short_history" if web.days < DAYS_OF_A_YEAR_ONLINE else ""
    return Kpi("conversion", *KPIS["conversion"], web.rate, low, high, web.visitors, reason=reason)


def _facts(tables: Mapping[str, pd.DataFrame], book: OrderBook, window: pd.DataFrame) -> dict[str, float]:
    nobody = window["customer_id"].isna()
    revenue = window["order_amount"].sum()
    customer_table = tables.get("customer_table")
    known = 0 if customer_table is None else len(customer_table)
    earlier = set(per_customer(book.window(book.as_of - YEAR))["customer_id"])
    now = per_customer(window)
    return {
        "orders": float((window["order_amount"] > 0).sum()),
        "orders_without_customer": float(nobody.sum()),
        "revenue_share_without_customer": float(window.loc[nobody, "order_amount"].sum() / revenue) if revenue else 0.0,
        "known_customers": float(known),
        "customers_in_both_years": float(now["customer_id"].isin(earlier).sum()),
        "repeat_customers": float((now["orders"] >= 2).sum()),
        "days_since_last_order": float((book.as_of - book.last_day).days) if book.last_day is not None else math.nan,
        "undated_rows": float(book.undated_rows),
        "partial_months": float((~history.monthly(book)["complete"].astype(bool)).sum()),
    }
