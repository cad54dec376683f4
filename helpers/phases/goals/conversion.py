"""Conversion of the web site: visitors who ordered, of all visitors, in the last 12 months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.goals.orders import YEAR
from helpers.statistics.intervals import wilson
from helpers.tables.web import of_people


@dataclass(frozen=True)
class Conversion:
    """Visitors and conversions of a window.

    Parameters
    ----------
    visitors, converted : distinct visitor ids in the window, and those with a conversion.
    source : "events" (a conversion event), "outcomes" (a known visitor's outcome on or after the
        first visit) or "" when nothing tells a conversion.
    days : days between first and last event in the window, both counted.
    monthly : share per month, indexed by the month's first day.
    """

    visitors: int
    converted: int
    source: str
    days: int
    monthly: pd.Series

    @property
    def rate(self) -> float:
        """Share of visitors who converted; missing without visitors or without a source."""
        return self.converted / self.visitors if self.visitors and self.source else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        low, high = wilson(self.converted, self.visitors if self.source else 0)
        return float(low), float(high)


def conversion(tables: Mapping[str, pd.DataFrame], context: RunContext, events: Sequence[str]) -> Conversion | None:
    """Return the conversion in the 12 months up to the as-of date; None without web events.

    ``events`` are the values of event_type that count as a conversion, compared without regard to case.
    """
    raw = tables.get("web_events")
    if raw is None or raw.empty:
        return None
    visits = _visits(of_people(raw), pd.Timestamp(context.as_of))
    if visits.empty:
        return None
    converts, source = _conversions(visits, tables.get("outcomes"), {event.lower() for event in events}, context)
    visits = visits.assign(converts=converts)
    by_visitor = visits.groupby("visitor_id")["converts"].max()
    by_month = visits.groupby([visits["day"].dt.to_period("M"), "visitor_id"])["converts"].max().groupby(level=0).mean()
    days = int((visits["day"].max() - visits["day"].min()).days) + 1
    history = by_month.set_axis(by_month.index.to_timestamp()) if source else pd.Series(dtype=float)
    return Conversion(len(by_visitor), int(by_visitor.sum()), source, days, history)


def _visits(raw: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    frame = pd.DataFrame({"visitor_id": raw["visitor_id"].astype("string")})
    frame["day"] = pd.to_datetime(raw["event_time"], errors="coerce").dt.normalize()
    for name in ("event_type", "customer_id"):
        frame[name] = raw[name].astype("string") if name in raw else pd.array([pd.NA] * len(raw), dtype="string")
    inside = (frame["day"] <= as_of) & (frame["day"] > as_of - YEAR) & frame["visitor_id"].notna()
    return frame[inside].sort_values(["visitor_id", "day"], kind="stable").reset_index(drop=True)


def _conversions(visits: pd.DataFrame, outcomes: pd.DataFrame | None, events: set[str], context: RunContext) -> tuple[pd.Series, str]:
    by_event = visits["event_type"].str.lower().isin(events).fillna(False).astype(bool)
    if by_event.any():
        return by_event, "events"
    # Without a conversion event, a known visitor's outcome on or after the visit tells it.
    known = visits["customer_id"].notna()
    if outcomes is None or outcomes.empty or not known.any():
        return pd.Series(False, index=visits.index), ""
    when = pd.to_datetime(outcomes["outcome_date"], errors="coerce")
    last = when[when <= pd.Timestamp(context.as_of) + pd.Timedelta(days=1)]
    days = last.dt.normalize().groupby(outcomes["customer_id"].astype("string")).max()
    last = pd.Series(days.reindex(visits["customer_id"]).to_numpy(), index=visits.index)
    return (last >= visits["day"]).astype(bool), "outcomes"
