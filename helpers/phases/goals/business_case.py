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
    """What it would bring.

    Parameters
    ----------
    lines : the assumptions.
    yields, costs, net : by scenario, over all years; missing while an assumption is missing.
    swing : one row per assumption: assumption, net_low, net_high (that one at its low and high, the
        others in the middle), swing; largest first. Empty while an assumption is missing.
    break_even : extra orders per customer reached at which the case pays for itself in the middle
        scenario; missing while another assumption is missing.
    missing : keys of client.yml still to be answered.
    unsourced : names of answered assumptions without a source.
    years : years added up.
    """

    lines: tuple[AssumptionLine, ...]
    yields: dict[str, float]
    costs: dict[str, float]
    net: dict[str, float]
    swing: pd.DataFrame
    break_even: float
    missing: tuple[str, ...]
    unsourced: tuple[str, ...]
    years: int

    @property
    def answered(self) -> bool:
        """True when every assumption has its three numbers."""
        return not self.missing


def business_case(given: BusinessCase, book: KpiBook) -> Case:
    """Return the business case from the client's assumptions and the measured figures.

    Parameters
    ----------
    given : section goals.business_case of client.yml.
    book : the KPIs; they stand in for customers_reached and order_value when those are left out.

    Notes
    -----
    Our convention: yield = customers reached x extra orders x order value x margin share x years;
    cost = cost once + cost per year x years. The low scenario takes the low yield and the high
    cost, so that it is the careful one; no discounting.
    """
    lines = tuple(_line(name, getattr(given, name), book) for name in (*BENEFITS, *COSTS))
    by_name = {line.name: line for line in lines}
    missing = tuple(f"goals.business_case.{line.name}" for line in lines if line.origin == "missing")
    yields, costs = {}, {}
    # The low scenario pays the high cost and the other way round, so that low is the careful end.
    for scenario, cost_scenario in zip(SCENARIOS, reversed(SCENARIOS), strict=True):
        yields[scenario] = _yield({name: getattr(by_name[name], scenario) for name in BENEFITS}, given.years)
        costs[scenario] = _cost({name: getattr(by_name[name], cost_scenario) for name in COSTS}, given.years)
    unsourced = tuple(line.name for line in lines if line.origin == "client" and not line.source.strip())
    return Case(
        lines=lines,
        yields=yields,
        costs=costs,
        net={scenario: yields[scenario] - costs[scenario] for scenario in SCENARIOS},
        swing=_swing(by_name, given.years),
        break_even=_break_even(by_name, given.years),
        missing=missing,
        unsourced=unsourced,
        years=given.years,
    )


def _line(name: str, given: Assumption, book: KpiBook) -> AssumptionLine:
    if given.low is not None and given.middle is not None and given.high is not None:
        return AssumptionLine(name, given.low, given.middle, given.high, "client", given.source)
    stand_in = MEASURED.get(name)
    if stand_in is not None and book.kpi(stand_in).measured:
        kpi = book.kpi(stand_in)
        # A counted figure has no interval: it is its own low and high.
        low = kpi.current if math.isnan(kpi.low) else kpi.low
        high = kpi.current if math.isnan(kpi.high) else kpi.high
        return AssumptionLine(name, low, kpi.current, high, "data")
    return AssumptionLine(name, math.nan, math.nan, math.nan, "missing")


def _yield(numbers: dict[str, float], years: int) -> float:
    return math.prod(numbers[name] for name in BENEFITS) * years


def _cost(numbers: dict[str, float], years: int) -> float:
    return numbers["cost_once"] + numbers["cost_per_year"] * years


def _net(numbers: dict[str, float], years: int) -> float:
    return _yield(numbers, years) - _cost(numbers, years)


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


def _break_even(lines: dict[str, AssumptionLine], years: int) -> float:
    middle = {name: line.middle for name, line in lines.items()}
    per_extra_order = _yield(middle | {"extra_orders": 1.0}, years)
    if math.isnan(per_extra_order) or per_extra_order <= 0:
        return math.nan
    return _cost(middle, years) / per_extra_order
