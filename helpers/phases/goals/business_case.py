"""The business case: low, middle and high, with every assumption named with its source."""

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.phases.goals.kpis import KpiBook
from helpers.phases.goals.settings import Assumption, BusinessCase

BENEFITS = ("customers_reached", "extra_orders", "order_value", "margin_share")
COSTS = ("cost_once", "cost_per_year")
SCENARIOS = ("low", "middle", "high")
# Assumptions that a measured KPI stands in for while the client leaves them out.
MEASURED = {"customers_reached": "active_customers", "order_value": "order_value"}


@dataclass(frozen=True)
class AssumptionLine:
    """One assumption as it enters the case.

    Parameters
    ----------
    name : key in goals.business_case.
    low, middle, high : its values; missing when nobody answered and the data cannot tell.
    origin : "client", "data" or "missing".
    source : the client's own words on where it comes from; empty for "data" and "missing".
    """

    name: str
    low: float
    middle: float
    high: float
    origin: Literal["client", "data", "missing"]
    source: str = ""


@dataclass(frozen=True)
class Case:
    """What it would bring, added up over years.

    Parameters
    ----------
    net : yield less cost by scenario; missing while an assumption is missing.
    swing : one row per assumption: assumption, net_low, net_high (that one at its low and high, the
        others in the middle), swing; largest first. Empty while an assumption is missing.
    missing : keys of client.yml still to be answered.
    """

    lines: tuple[AssumptionLine, ...]
    net: dict[str, float]
    swing: pd.DataFrame
    missing: tuple[str, ...]
    years: int

    @property
    def answered(self) -> bool:
        """True when every assumption has its three numbers."""
        return not self.missing


def business_case(given: BusinessCase, book: KpiBook) -> Case:
    """Return the business case from the client's assumptions; KPIs stand in for customers_reached and order_value left out.

    Our convention: yield = customers reached x extra orders x order value x margin share x years;
    cost = cost once + cost per year x years. The low scenario takes the low yield and the high
    cost, so that it is the careful one; no discounting.
    """
    lines = tuple(_line(name, getattr(given, name), book) for name in (*BENEFITS, *COSTS))
    by_name = {line.name: line for line in lines}
    missing = tuple(f"goals.business_case.{line.name}" for line in lines if line.origin == "missing")
    net = {}
    # The low scenario pays the high cost and the other way round, so that low is the careful end.
    for scenario, cost_scenario in zip(SCENARIOS, reversed(SCENARIOS), strict=True):
        benefits = {name: getattr(by_name[name], scenario) for name in BENEFITS}
        costs = {name: getattr(by_name[name], cost_scenario) for name in COSTS}
        net[scenario] = _net(benefits | costs, given.years)
    return Case(lines=lines, net=net, swing=_swing(by_name, given.years), missing=missing, years=given.years)


def _line(name: str, given: Assumption, book: KpiBook) -> AssumptionLine:
    if given.low is not None and given.middle is not None and given.high is not None:
        return AssumptionLine(name, given.low, given.middle, given.high, "client", given.source)
    stand_in = MEASURED.get(name)
    # Without a range the data cannot tell how low or high it may lie: then somebody has to say.
    if stand_in is not None and book.kpi(stand_in).measured and not book.kpi(stand_in).needed:
        kpi = book.kpi(stand_in)
        # A counted figure has no interval: it is its own low and high.
        low = kpi.current if math.isnan(kpi.low) else kpi.low
        high = kpi.current if math.isnan(kpi.high) else kpi.high
        return AssumptionLine(name, low, kpi.current, high, "data")
    return AssumptionLine(name, math.nan, math.nan, math.nan, "missing")


def _net(numbers: dict[str, float], years: int) -> float:
    benefits = math.prod(numbers[name] for name in BENEFITS) * years
    return benefits - (numbers["cost_once"] + numbers["cost_per_year"] * years)


def _swing(lines: dict[str, AssumptionLine], years: int) -> pd.DataFrame:
    middle = {name: line.middle for name, line in lines.items()}
    columns = ["assumption", "net_low", "net_high", "swing"]
    if any(math.isnan(number) for number in middle.values()):
        return pd.DataFrame(columns=columns)
    rows = []
    for name, line in lines.items():
        low, high = (_net(middle | {name: end}, years) for end in (line.low, line.high))
        rows.append((name, low, high, abs(high - low)))
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["swing", "assumption"], ascending=[False, True], ignore_index=True)
