"""Weights that learn: every option gets shown as often as it may still be the best one, and never not at all.

Batched Thompson sampling (Thompson 1933; Chapelle and Li 2011) on Beta-Bernoulli options, with the top-two rule of
Russo (2016, 2020): half of the share goes to the best of the other options, which finds the best one sooner; once one
option is the best with a chance of 95 % that ends (our convention: then finding out is done). An option shown in a
place that is looked at half as often counts as half shown (position-based model: Lagrée, Vernade and Cappé 2016). The
floor is our convention: without it an option that was unlucky early would never be tried again, and no later log
could judge it.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.phases.learning.settings import Settings
from helpers.statistics.intervals import beta_interval

DRAWS = 20_000
TOP_TWO_SHARE = 0.5
SURE = 0.95  # chance to be the best from which finding out is done (our convention)
FORMAT = 1


def option_rates(log: pd.DataFrame, effects: Mapping[int, float], settings: Settings) -> pd.DataFrame:
    """Return what is known of each option.

    Parameters
    ----------
    log : from ``read_log``.
    effects : how much each place is looked at, 1 for the first.

    Returns
    -------
    One row per option in alphabetical order: option, shown, successes, looked_at (shown, corrected for the place),
    rate (per look; drawn towards the mean of all options), low, high (95 % credible), now (share of the log).

    """
    looks = log["position"].map(effects).astype(float)
    table = (
        log.assign(looks=looks)
        .groupby("option")
        .agg(shown=("success", "size"), successes=("success", "sum"), looked_at=("looks", "sum"))
        .reset_index()
        .sort_values("option", ignore_index=True)
    )
    a, b = posterior(table["successes"].to_numpy(), table["looked_at"].to_numpy(), settings)
    low, high = beta_interval(a, b)
    return table.assign(rate=a / (a + b), low=low, high=high, now=table["shown"] / table["shown"].sum())


def posterior(successes: np.ndarray, looked_at: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Return the two parameters of the Beta of each option; the prior has the mean rate of all options.

    The prior weighs as much as ``prior_successes`` successes would take at that rate (empirical Bayes, our
    convention).
    """
    # A half and one keep the mean off zero in a log without successes; corrected for the position, looks may be fewer
    # than successes.
    mean = (successes.sum() + 0.5) / (max(looked_at.sum(), successes.sum()) + 1)
    a = settings.prior_successes + successes
    b = settings.prior_successes * (1 - mean) / mean + np.maximum(looked_at - successes, 0.0)
    return a, b


def next_weights(table: pd.DataFrame, settings: Settings, seed: int) -> pd.Series:
    """Return the weight of each option for the next batch; they sum to 1 and respect the floor.

    Parameters
    ----------
    table : from ``option_rates``.
    seed : seed of the draws.
    """
    a, b = posterior(table["successes"].to_numpy(), table["looked_at"].to_numpy(), settings)
    # Each draw is one world that the log allows; the share of worlds in which an option wins is its chance to be best.
    drawn = np.random.default_rng(seed).beta(a, b, size=(DRAWS, len(a)))
    best = np.bincount(drawn.argmax(axis=1), minlength=len(a)) / DRAWS
    return pd.Series(with_floor(explored(best, settings), settings.floor), index=table["option"], name="weight")


def explored(best: np.ndarray, settings: Settings) -> np.ndarray:
    """Return the share of each option, before the floor, from the chances to be the best (last axis: options)."""
    if settings.method == "thompson":
        return best
    return np.where(best.max(axis=-1, keepdims=True) < SURE, top_two(best), best)


def top_two(best: np.ndarray) -> np.ndarray:
    """Return the shares of top-two sampling from the chances to be the best (Russo 2016; last axis: options).

    Half of the time the option that won the draw is shown, half of the time the winner among the others.

    """
    count = best.shape[-1]
    if count < 2:
        return np.ones_like(best)
    # A chance of 1 leaves nothing for a runner-up; the smallest step away from it does.
    chance = (best + 1e-9) / (1 + 1e-9 * count)
    odds = chance / (1 - chance)
    runner_up = chance * (odds.sum(axis=-1, keepdims=True) - odds)
    shares = TOP_TWO_SHARE * chance + (1 - TOP_TWO_SHARE) * runner_up
    return shares / shares.sum(axis=-1, keepdims=True)


def effective_floor(floor: float, options: int) -> float:
    """Return the floor that is kept: as declared, at most half of an equal share."""
    return min(floor, 0.5 / options)


def with_floor(share: np.ndarray, floor: float) -> np.ndarray:
    """Return shares of which none is below the floor (last axis: options); they still sum to 1."""
    count = share.shape[-1]
    lowest = effective_floor(floor, count)
    return lowest + (1 - count * lowest) * share


def weights_file(weights: Mapping[str, float], effects: Mapping[int, float], made_on: date, settings: Settings) -> bytes:
    """Return the small file that a mailing tool or site reads: JSON, the same bytes for the same weights.

    It holds ``format``, ``made_on``, ``use_until`` (after it, show every option equally often), ``weights`` (option
    to chance, summing to 1), ``floor`` and ``position_effect``. To show an option, draw one with these chances and
    log the chance that was used as ``treatment_probability``.
    """
    rounded = {name: round(float(weight), 6) for name, weight in sorted(weights.items())}
    # What rounding leaves over goes to the largest, so that the chances still sum to exactly one.
    largest = max(rounded, key=lambda option: rounded[option])
    rounded[largest] = round(rounded[largest] + 1 - sum(rounded.values()), 6)
    content = {
        "format": FORMAT,
        "made_on": made_on.isoformat(),
        "use_until": (made_on + timedelta(days=settings.batch_days)).isoformat(),
        "weights": rounded,
        "floor": round(effective_floor(settings.floor, len(rounded)), 6),
        "position_effect": {str(place): round(float(effect), 4) for place, effect in sorted(effects.items())},
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
