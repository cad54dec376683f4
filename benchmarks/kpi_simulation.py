"""Measure how often the 95 % intervals of the KPIs hold the truth, and write the table in docs/simulations.md.

python -m benchmarks.kpi_simulation [--runs 800] [--write]
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.phases.goals.figures import SAMPLED, Range, intervals, per_customer, sampled_figures

DOCS = Path(__file__).resolve().parents[1] / "docs" / "simulations.md"
BEGIN, END = "<!-- kpis: written by benchmarks/kpi_simulation.py -->", "<!-- kpis: end -->"
# Where the unevenness lies: each order has an amount of its own, each customer a level, or each customer a whole year's spend.
WORLDS = ("order", "customer", "spend")
_MANY = 400_000


def orders(world: str, sigma: float, customers: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return orders of a year: 1 + Poisson(1.5) of each customer, with log-normal amounts.

    Parameters
    ----------
    world : one of ``WORLDS``.
    sigma : standard deviation of the logarithm of the amounts.
    """
    count = 1 + rng.poisson(1.5, customers)
    whose = np.repeat(np.arange(customers), count)
    amounts = rng.lognormal(4, sigma, len(whose) if world == "order" else customers)
    if world != "order":
        amounts = (amounts / count if world == "spend" else amounts)[whose]
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 365, len(whose)), unit="D")
    return pd.DataFrame({"customer_id": whose, "order_day": days, "order_amount": amounts})


def covered(world: str, sigma: float, customers: int, runs: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return per KPI the share of clients that get an interval, and the share of these whose interval holds the truth."""
    truth = _truth(world, sigma)
    rng = np.random.default_rng(seed)
    made = [intervals(orders(world, sigma, customers, rng)) for _run in range(runs)]
    return {name: _share([ranges[name] for ranges in made], truth[name]) for name in SAMPLED}


@cache
def _truth(world: str, sigma: float) -> dict[str, float]:
    people = per_customer(orders(world, sigma, _MANY, np.random.default_rng(0)))
    return sampled_figures(*(people[name].to_numpy(float) for name in ("orders", "revenue", "days_between")))


def _share(ranges: list[Range], truth: float) -> tuple[float, float]:
    answered = [kpi for kpi in ranges if not kpi.needed]
    return len(answered) / len(ranges), float(np.mean([kpi.low <= truth <= kpi.high for kpi in answered])) if answered else float("nan")


def main() -> None:
    """Print the table, and write it where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=800)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = ["| uneven by | σ | customers | " + " | ".join(SAMPLED) + " |", "|---|--:|--:|" + "--:|" * len(SAMPLED)]
    for world in WORLDS:
        for sigma in (0.7, 1.5):
            for customers in (30, 100, 400):
                cells = covered(world, sigma, customers, options.runs, customers).values()
                shown = [
                    "needs more" if read < 0.2 else f"{held:.1%}" + ("" if read == 1 else f" ({read:.0%} read)") for read, held in cells
                ]
                rows.append(f"| {world} | {sigma} | {customers} | " + " | ".join(shown) + " |")
                print(rows[-1], flush=True)
    if options.write:
        before, rest = DOCS.read_text(encoding="utf-8").split(BEGIN, 1)
        DOCS.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
