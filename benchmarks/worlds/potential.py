"""Worlds of untapped potential: firms that buy exactly what their size implies, and twins of whom some stay behind by a known gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import potential
from helpers.core.results import Refusal, RunContext
from helpers.sources.customers import customer_table

AS_OF = date(2023, 12, 31)
SETTINGS = potential.Settings()


@dataclass(frozen=True)
class Firms:
    """How firms buy.

    customers : how many; employees say what a firm implies, of a share of the firms they are known.
    noise : standard deviation of the logarithm of a firm's year, drawn anew every year.
    years : of history; orders : mean per firm and year.
    behind, gap : share of the firms that buy less than implied every year, and by which share less.
    """

    customers: int = 400
    noise: float = 0.5
    known: float = 1.0
    years: int = 1
    orders: float = 8.0
    behind: float = 0.0
    gap: float = 0.5

    def tables(self, seed: int) -> tuple[dict[str, pd.DataFrame], float]:
        """Return the tables of one world, and the euros per year that stay unused."""
        rng = np.random.default_rng(seed)
        ids = np.array([f"K{number:05d}" for number in range(self.customers)])
        employees = np.maximum(2, np.rint(rng.lognormal(3.0, 0.8, self.customers)))
        implied = 400 * employees**0.8
        level = np.where(rng.random(self.customers) < self.behind, 1 - self.gap, 1.0)
        luck = rng.normal(0, self.noise, (self.years, self.customers))
        orders = pd.concat([self._year(rng, ids, implied * level * np.exp(luck[back]), 2023 - back) for back in range(self.years)])
        orders["order_id"] = [f"O{number}" for number in range(len(orders))]
        employees[rng.random(self.customers) >= self.known] = np.nan
        listed = pd.DataFrame(
            {"customer_id": ids, "employees": pd.array(employees, "Float64"), "sector": rng.choice(["Hotel", "School"], self.customers)}
        )
        tables = {"orders": orders, "customer_table": customer_table({"orders": orders, "customers": listed}, AS_OF)}
        return tables, float((implied * (1 - level)).sum() * np.exp(self.noise**2 / 2))

    def _year(self, rng: np.random.Generator, ids: np.ndarray, spend: np.ndarray, year: int) -> pd.DataFrame:
        """Return the orders of one year, whose amounts add up to what each firm spends."""
        counts = np.maximum(1, rng.poisson(self.orders, len(ids)))
        parts = rng.uniform(0.5, 1.5, counts.sum())
        firm = np.repeat(np.arange(len(ids)), counts)
        amounts = spend[firm] * parts / np.bincount(firm, parts)[firm]
        days = pd.Timestamp(year, 1, 1) + pd.to_timedelta(rng.integers(0, 365, len(firm)), unit="D")
        return pd.DataFrame({"customer_id": ids[firm], "order_date": days, "order_amount": amounts.round(2)})


def claims(firms: Firms, seed: int) -> bool:
    """Return whether the first page would say that euros are left lying."""
    result = potential.run(firms.tables(seed)[0], SETTINGS, RunContext(AS_OF, seed))
    return not isinstance(result, Refusal) and bool(beaten_claims(potential.story.finding(result)))


NULL = {
    f"equal firms, {years}, log-noise {noise}": Firms(noise=noise, years=count)
    for years, count in (("one year", 1), ("three years", 3))
    for noise in (0.2, 0.5, 0.9)
} | {
    "equal firms, few orders": Firms(noise=0.2, orders=3.0),
    "equal firms, of a third the size is unknown": Firms(noise=0.2, known=0.67),
    "equal firms, of most the size is unknown": Firms(noise=0.2, known=0.3),
}
TWINS = {
    "a quarter buys half, one year, log-noise 0.2": Firms(noise=0.2, behind=0.25),
    "a third buys a fifth, one year, log-noise 0.5": Firms(noise=0.5, behind=0.33, gap=0.8),
    "a quarter buys half, three years, log-noise 0.5": Firms(noise=0.5, years=3, behind=0.25),
    "a third buys a fifth, three years, log-noise 0.9": Firms(noise=0.9, years=3, behind=0.33, gap=0.8),
}
WORLDS = [World(name, partial(claims, firms)) for name, firms in NULL.items()]
WORLDS += [World(name, partial(claims, firms), planted=True) for name, firms in TWINS.items()]
