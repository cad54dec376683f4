"""Movement: shops in which nobody changes, and the same shops with customers who halve their buying in the current year."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import rfm_movement
from helpers.core.results import Refusal, RunContext
from helpers.sources.customers import customer_table

AS_OF = date(2023, 12, 31)
START = pd.Timestamp("2019-01-01")
DAYS, CURRENT = 1826, 1461  # five years, of which the last is the current period
CUSTOMERS = 400


def orders(
    kind: str, seed: int, losing: float = 0.0, customers: int = CUSTOMERS, keeps: float = 0.5, current_day: int = CURRENT
) -> pd.DataFrame:
    """Return the orders of a shop.

    Parameters
    ----------
    kind : "poisson" (at any time), "regular" (gaps vary by a fifth), "seasonal" (three quarters of all orders in November and
        December), "opposite" (nine in ten orders in January and February, or in July and August) or "growing" (as many customers
        again every year).
    losing : share of the customers who halve their buying in the current period.
    keeps, current_day : share of the orders that these keep, and the day from which on they lose the others.
    """
    rng = np.random.default_rng(seed)
    per_year = np.exp(rng.normal(np.log(6), 0.6, customers))
    joined = _joined(kind, customers, rng)
    loses = rng.random(customers) < losing
    parts = []
    for customer in range(customers):
        days = _days(kind, per_year[customer], joined[customer], rng)
        if loses[customer]:
            # Every second order of the current period, so that a rhythm stays one.
            current = np.flatnonzero(days >= current_day)
            days = np.delete(days, current[rng.integers(2) :: 2] if kind == "regular" else current[rng.random(len(current)) >= keeps])
        amounts = rng.lognormal(np.log(60), 0.5, len(days)) * np.exp(rng.normal(0, 0.4))
        parts.append((np.full(len(days), customer), days, amounts))
    whose, day, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pd.DataFrame(
        {
            "customer_id": np.array([f"C{number:04d}" for number in range(customers)])[whose],
            "order_date": START + pd.to_timedelta(day, unit="D"),
            "order_amount": amount,
            "order_id": [f"O{place:06d}" for place in range(len(day))],
        }
    )


def _joined(kind: str, customers: int, rng: np.random.Generator) -> np.ndarray:
    if kind == "growing":
        return (DAYS * np.log2(1 + rng.random(customers))).astype(int)
    return np.where(rng.random(customers) < 0.7, -365, rng.integers(0, DAYS, customers))


def _days(kind: str, per_year: float, joined: int, rng: np.random.Generator) -> np.ndarray:
    """Return the days of a customer's orders; who joined in the window orders on that day."""
    if kind == "regular":
        gap = 365 / per_year
        steps = np.maximum(1, rng.normal(gap, gap / 5, int(3 * per_year * 6 + 20)))
        days = np.cumsum(np.r_[joined if joined >= 0 else joined + rng.random() * 300, steps])
    else:
        days = np.r_[joined, rng.integers(joined, DAYS, rng.poisson(per_year * (DAYS - joined) / 365))]
        if kind == "seasonal":
            late = rng.random(len(days)) < 0.75
            days = np.where(late, days // 365 * 365 + rng.integers(304, 365, len(days)), days)
        elif kind == "opposite":
            season = (rng.random(len(days)) < 0.9) & (days > joined)
            days = np.where(season, days // 365 * 365 + rng.integers(0, 60, len(days)) + 181 * rng.integers(2), days)
    days = np.sort(days.astype(int))
    return days[(days >= max(joined, 0)) & (days < DAYS)]


def claims(kind: str, losing: float, seed: int) -> bool:
    """Return whether the first page would claim movement of whole years."""
    return _claims(orders(kind, seed, losing), seed, AS_OF, rfm_movement.Settings())


def claims_of_part_years(since: str, through: str, settings: rfm_movement.Settings, losing: float, seed: int) -> bool:
    """Return whether the first page would claim movement of a shop with two opposite seasons, whose periods are no whole years.

    Parameters
    ----------
    since, through : first and last day of the orders (ISO).
    settings : the periods.
    losing : share of the customers who stop in the current period.
    """
    as_of = date.fromisoformat(through)
    current = pd.Timestamp(through) + pd.Timedelta(days=1) - pd.DateOffset(months=settings.current_months)
    made = orders("opposite", seed, losing, keeps=0.0, current_day=(current - START).days)
    return _claims(made[made["order_date"].between(since, through)], seed, as_of, settings)


def _claims(made: pd.DataFrame, seed: int, as_of: date, settings: rfm_movement.Settings) -> bool:
    """Return whether a headline, figure, action or the verdict says more than chance."""
    tables = {"orders": made, "customer_table": customer_table({"orders": made}, as_of)}
    result = rfm_movement.run(tables, settings, RunContext(as_of, seed))
    if isinstance(result, Refusal):
        return False
    return bool(beaten_claims(rfm_movement.story.finding(result))) or rfm_movement.certainty.verdict(result).kind == "go"


OPPOSITE = {
    "eighteen months of orders": ("2022-03-01", "2023-08-31", rfm_movement.Settings()),
    "the last half year": ("2019-01-01", "2023-12-31", rfm_movement.Settings(current_months=6)),
    "half years of a year of orders": ("2022-05-01", "2023-04-30", rfm_movement.Settings(comparison_months=6, current_months=6)),
    "half years": ("2019-01-01", "2023-12-31", rfm_movement.Settings(comparison_months=6, current_months=6)),
}
KINDS = {"poisson": "orders at any time", "regular": "regular reorderers", "seasonal": "a strong season", "growing": "a growing shop"}
WORLDS = (
    *(World(f"{name}, nobody changes", partial(claims, kind, 0.0)) for kind, name in KINDS.items()),
    *(World(f"{name}, a fifth halves its buying", partial(claims, kind, 0.2), planted=True) for kind, name in KINDS.items()),
    *(World(f"two opposite seasons, {name}, nobody changes", partial(claims_of_part_years, *of, 0.0)) for name, of in OPPOSITE.items()),
    World(
        "two opposite seasons, the last half year, a quarter stops",
        partial(claims_of_part_years, *OPPOSITE["the last half year"], 0.25),
        planted=True,
    ),
)
