"""What learning would cost this client: its own options, traffic and rates, played week by week.

The rates read from the log are taken for the truth; every run starts without knowledge and learns in batches, as the
mailing tool or site would. Our conventions: an option within 5 % of the best rate counts as good; weights have
adapted in the first week in which good options get 80 % of all that the floor leaves them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.phases.learning.settings import Settings
from helpers.phases.learning.weights import effective_floor, explored, posterior, with_floor

DRAWS = 150
GOOD = 0.95  # of the best rate: an option from there on counts as good (our convention)
ADAPTED = 0.8  # of what the floor leaves them, that good options get (our convention)


@dataclass(frozen=True)
class Simulation:
    """A played future.

    Parameters
    ----------
    weekly : per week: week, good_share (mean over the runs), low, high (10 % to 90 % of the runs), lost, lost_equal
        (successes lost so far against always showing the best: by learning, by showing all equally often).
    weeks_to_adapt : first week in which the weights have adapted; None when not within the weeks played.
    lost, lost_equal : the same at the end.
    floor_a_week : successes lost a week to the floor alone, for as long as it is kept.
    per_week : looks a week.
    """

    weekly: pd.DataFrame
    weeks_to_adapt: int | None
    lost: float
    lost_equal: float
    floor_a_week: float
    per_week: int


def simulate(rates: pd.Series, per_week: float, settings: Settings, seed: int) -> Simulation:
    """Play the weeks.

    Parameters
    ----------
    rates : success rate per option (index), in the first place.
    per_week : options shown in a week, counted in looks at the first place.
    settings : weeks, runs, method, floor and batch_days.
    seed : seed of the draws.
    """
    # Sorted, so that the order in which options were counted does not change the draws.
    truth = rates.sort_index().to_numpy(float)
    good = truth >= GOOD * truth.max()
    shares = _play(truth, max(int(round(per_week)), 1), settings, np.random.default_rng(seed))
    share_of_good = shares[:, :, good].sum(axis=2)
    missed = ((truth.max() - truth) * shares).sum(axis=2).mean(axis=1) * per_week
    missed_equally = float(truth.max() - truth.mean()) * per_week
    weeks = np.arange(1, settings.weeks + 1)
    weekly = pd.DataFrame(
        {
            "week": weeks,
            "good_share": share_of_good.mean(axis=1),
            "low": np.quantile(share_of_good, 0.1, axis=1),
            "high": np.quantile(share_of_good, 0.9, axis=1),
            "lost": missed.cumsum(),
            "lost_equal": missed_equally * weeks,
        }
    )
    floor = effective_floor(settings.floor, len(truth))
    most_for_good = with_floor(good / good.sum(), settings.floor)[good].sum()
    adapted = np.flatnonzero(weekly["good_share"] >= ADAPTED * most_for_good)
    return Simulation(
        weekly=weekly,
        weeks_to_adapt=int(adapted[0]) + 1 if len(adapted) else None,
        lost=float(weekly["lost"].iloc[-1]),
        lost_equal=float(weekly["lost_equal"].iloc[-1]),
        floor_a_week=floor * float((truth.max() - truth).sum()) * per_week,
        per_week=max(int(round(per_week)), 1),
    )


def _play(truth: np.ndarray, per_week: int, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Return the share of each option: week, run, option."""
    shape = (settings.runs, len(truth))
    successes, shown = np.zeros(shape), np.zeros(shape)
    weeks, share = [], np.full(shape, 1 / len(truth))
    days_since_batch = 0
    for _week in range(settings.weeks):
        weeks.append(share)
        shown_now = rng.multinomial(per_week, share)
        successes, shown = successes + rng.binomial(shown_now, truth), shown + shown_now
        days_since_batch += 7
        if days_since_batch >= settings.batch_days:
            share, days_since_batch = _learn(successes, shown, settings, rng), 0
    return np.stack(weeks)


def _learn(successes: np.ndarray, shown: np.ndarray, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    betas = [posterior(run_successes, run_shown, settings) for run_successes, run_shown in zip(successes, shown, strict=True)]
    a, b = np.stack([a for a, _b in betas]), np.stack([b for _a, b in betas])
    # Far fewer draws than for real weights: the mean over many runs evens that out.
    winners = rng.beta(a[:, None, :], b[:, None, :], size=(len(a), DRAWS, a.shape[1])).argmax(axis=2)
    best = np.stack([np.bincount(row, minlength=a.shape[1]) for row in winners]) / DRAWS
    return with_floor(explored(best, settings), settings.floor)
