"""Logs of options that do equally well, twins in which one does better, and other weights read from logs of all kinds.

python -m benchmarks.worlds.learning prints how often the 95 % ranges hold the truth (the table of docs/simulations.md).
"""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.core.results import Refusal, RunContext
from helpers.phases import learning
from helpers.phases.learning.off_policy import PolicyValue, value_of_weights

CONTEXT = RunContext(date(2026, 6, 30), 7)
SETTINGS = learning.Settings(weeks=4, runs=20, resamples=400)


def exposures(rates: np.ndarray, chances: np.ndarray, rows: int, seed: int, customers: int = 0) -> pd.DataFrame:
    """Return a log of options drawn with these chances.

    Parameters
    ----------
    rates : success rate per option, or (two, options): of the earlier and of the later half.
    customers : how many, each with a level of their own and many rows; 0 for a new one in each row.
    """
    rng = np.random.default_rng([seed, rows])
    option, half = rng.choice(len(chances), rows, p=chances), np.arange(rows) * 2 // rows
    customer = rng.integers(customers, size=rows) if customers else np.arange(rows)
    level = rng.gamma(2, 0.5, customers)[customer] if customers else np.ones(rows)
    rate = np.broadcast_to(rates, (2, len(chances)))[half, option]
    return pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in customer],
            "shown_time": pd.Timestamp("2026-05-01") + pd.to_timedelta(np.arange(rows), "min"),
            "item": [f"banner {place:02d}" for place in option],
            "position": 1,
            "treatment_probability": np.asarray(chances)[option],
            "clicked": rng.random(rows) < np.minimum(rate * level, 1),
        }
    )


def claims_better(rates: np.ndarray, chances: np.ndarray, rows: int, seed: int, customers: int = 0) -> bool:
    """Return whether the first page says that new weights would do better, or worse."""
    result = learning.learn({"exposures": exposures(rates, chances, rows, seed, customers)}, SETTINGS, CONTEXT)
    return not isinstance(result, Refusal) and bool(beaten_claims(learning.story.finding(result)))


def finds_better(rates: np.ndarray, chances: np.ndarray, rows: int, seed: int) -> bool:
    """Return whether the verdict is "better", beyond chance, and the weights file is written."""
    result = learning.learn({"exposures": exposures(rates, chances, rows, seed)}, SETTINGS, CONTEXT)
    finding = learning.story.finding(result)
    return result.is_better and finding.chance is not None and finding.chance.beaten and result.file is not None


def hands_on(rates: np.ndarray, chances: np.ndarray, rows: int, seed: int) -> bool:
    """Return whether a weights file is written."""
    return learning.learn({"exposures": exposures(rates, chances, rows, seed)}, SETTINGS, CONTEXT).file is not None


def same_as_shown(rates: np.ndarray, chances: np.ndarray, rows: int, seed: int) -> bool:
    """Return whether weights that are those of the log are said to be other than chance."""
    value = value_of(rates, chances, chances, rows, seed)
    return value.same_for_all is not None and value.same_for_all.beaten


def value_of(rates: np.ndarray, chances: np.ndarray, weights: np.ndarray, rows: int, seed: int, customers: int = 0) -> PolicyValue:
    """Return what other weights are said to be worth."""
    log = learning.log.read_log({"exposures": exposures(rates, chances, rows, seed, customers)}, SETTINGS)
    return value_of_weights(log, {f"banner {place:02d}": weight for place, weight in enumerate(weights)}, SETTINGS, seed)


EVEN, UNEVEN = np.full(4, 0.25), np.array([0.1, 0.2, 0.3, 0.4])
EQUAL, ONE_BETTER = np.full(4, 0.1), np.array([0.22, 0.1, 0.1, 0.1])
TURNED = np.array([[0.25, 0.1, 0.1, 0.1], [0.02, 0.1, 0.1, 0.1]])
WORLDS = [
    World("equal options, shown equally", partial(claims_better, EQUAL, EVEN, 4_000)),
    World("equal options, shown unequally", partial(claims_better, EQUAL, UNEVEN, 4_000)),
    World("equal options, each customer with many rows", partial(claims_better, EQUAL, UNEVEN, 4_000, customers=200)),
    World("equal options, rare successes", partial(claims_better, EQUAL / 20, UNEVEN, 8_000)),
    World("new weights are those of the log", partial(same_as_shown, ONE_BETTER, UNEVEN, 4_000)),
    World("the best option turned bad: a file is written", partial(hands_on, TURNED, EVEN, 6_000)),
    World("successes too rare to know: a file is written", partial(hands_on, ONE_BETTER / 40, EVEN, 4_000)),
    World("one option does twice as well", partial(finds_better, ONE_BETTER, EVEN, 4_000), planted=True),
    World("one option does twice as well, shown unequally", partial(finds_better, ONE_BETTER, UNEVEN, 6_000), planted=True),
]


def main() -> None:
    """Print how often the ranges hold the truth, by how often things succeed and how far the weights are from what was shown."""
    far = np.array([0.85, 0.05, 0.05, 0.05])
    kinds = {"near": (np.full(4, 0.25), np.array([0.4, 0.2, 0.2, 0.2]), 0), "far": (UNEVEN, far, 0), "customers": (UNEVEN, far, 300)}
    print("| success rate | rows | weights | given | ranges that hold the truth | estimated by rows alone, refused now |")
    print("|--:|--:|---|--:|--:|--:|")
    for rate in (0.003, 0.03, 0.1):
        for rows in (1_500, 6_000):
            for kind, (chances, weights, customers) in kinds.items():
                rates = rate * np.array([1.5, 1.2, 0.8, 0.5])
                truth = float(weights @ rates)
                values = [value_of(rates, chances, weights, rows, seed, customers) for seed in range(200)]
                holds = np.array([value.snips[1] <= truth <= value.snips[2] for value in values])
                known = np.array([value.known for value in values])
                rows_only = np.array([value.reason == "successes" for value in values])
                covered = f"{holds[known].mean():.1%}" if known.mean() >= 0.2 else "refused"
                print(f"| {rate:.1%} | {rows:,} | {kind} | {known.mean():.0%} | {covered} | {rows_only.mean():.0%} |", flush=True)


if __name__ == "__main__":
    main()
