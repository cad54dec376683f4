"""What other weights would have brought, read from the old log before anything is switched.

- IPS: every row counts as often as the new weights would have shown it (Horvitz and Thompson 1952).
- Self-normalised: the same, divided by the sum of the counts (Swaminathan and Joachims 2015); this is the one in the report.
- Doubly robust: a simple forecast per option, corrected by the rows (Dudík, Langford and Li 2011).

The effective sample (Kish 1965) says how many rows the log is really worth for the new weights, and its successes how many of
these are successes: at the rate of the new weights or of the log, whichever is lower. No value is given below 100 rows, 1 % of the
log, or 20 successes: these borders are our judgement, and with them the intervals cover 93 to 97 % (docs/simulations.md).

The variance is that of drawing customers again, not rows, since one customer's rows go together (bootstrap: Efron 1979). The
interval is Wilson's for a share of that variance, with the t-distribution's quantile (Korn and Graubard 1998; Dean and Pagano 2015):
where few succeed, percentiles of the draws end too low.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.phases.learning.settings import Settings
from helpers.statistics.intervals import critical_value, level_of, wilson
from helpers.statistics.resampling import bootstrap_counts

MOST_BLOCKS = 2_000
MOST_UNSEEN = 0.01  # part of new weights that may go to options the log never showed (our convention)
PRIOR_ROWS = 20.0  # rows of the overall rate mixed into each option's forecast (our convention)
NOT_KNOWN = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class PolicyValue:
    """The value of weights, in successes per row.

    Parameters
    ----------
    ips, snips, doubly_robust : the three estimates, each as (estimate, low, high) at 95 %.
    effective : rows that the log is worth for these weights; ``effective_share`` of all its rows.
    successes : successes among them.
    largest : largest weight of one row; ``mean`` : mean weight, 1 when the logged chances are right.
    rows : rows of the log.
    unseen : part of the new weights that goes to options the log never showed.
    reason : "" when the value may be given; "few", "successes", "share", "unseen" or "chance" when it may not.
    same_for_all : what the self-normalised estimate would be if all options did equally well; None where it cannot be weighed.
    """

    ips: tuple[float, float, float]
    snips: tuple[float, float, float]
    doubly_robust: tuple[float, float, float]
    effective: float
    effective_share: float
    successes: float
    largest: float
    mean: float
    rows: int
    unseen: float
    reason: str
    same_for_all: Chance | None = None

    @property
    def known(self) -> bool:
        """True when the log can say what the weights are worth."""
        return not self.reason


def value_of_weights(log: pd.DataFrame, weights: Mapping[str, float], settings: Settings, seed: int) -> PolicyValue:
    """Return what fixed weights would have brought in the rows of a log.

    Parameters
    ----------
    log : from ``read_log``, with the chance of every row.
    weights : option to chance, summing to 1.
    seed : seed of the redrawing.
    """
    target = log["option"].map(weights).fillna(0.0).to_numpy(float)
    forecast = forecasts(log)
    unseen = sum(weight for option, weight in weights.items() if option not in forecast)
    direct = np.full(len(log), sum(weight * forecast.get(option, 0.0) for option, weight in weights.items()))
    return value_of_policy(log, target, direct, settings, seed, float(unseen))


def forecasts(log: pd.DataFrame) -> dict[str, float]:
    """Return the success rate of each option, drawn towards the rate of all."""
    overall = float(log["success"].mean())
    counts = log.groupby("option")["success"].agg(["sum", "size"])
    return ((counts["sum"] + PRIOR_ROWS * overall) / (counts["size"] + PRIOR_ROWS)).to_dict()


def value_of_policy(
    log: pd.DataFrame, target: np.ndarray, direct: np.ndarray, settings: Settings, seed: int, unseen: float = 0.0
) -> PolicyValue:
    """Return what a way of showing would have brought in the rows of a log.

    Parameters
    ----------
    log : from ``read_log``.
    target : per row, the chance with which the new way would have shown this row's option.
    direct : per row, the success rate forecast under the new way.
    unseen : part of the new way that goes to options the log never showed.
    """
    chance = log["chance"].to_numpy(float)
    if not len(log) or np.isnan(chance).any() or (chance <= 0).any() or (chance > 1).any():
        return _unknown(len(log), unseen)
    success = log["success"].to_numpy(float)
    weight = target / chance
    residual = success - log["option"].map(forecasts(log)).to_numpy(float)
    # All three estimates are ratios of sums over rows, so a redrawing only has to add up customers.
    sums = np.column_stack([np.ones(len(log)), weight, weight * success, direct + weight * residual])
    total, squares = weight.sum(), (weight**2).sum()
    effective = float(total**2 / squares) if squares else 0.0
    share, estimate = effective / len(log), float(_snips(sums.sum(axis=0)))
    blocks = _blocks(sums, log["customer_id"], seed)
    drawn = _times_drawn(len(blocks), settings.resamples, seed) @ blocks
    # Rows of one customer that go together are worth less than as many rows of several.
    successes = effective / _rows_together(weight * (success - estimate), log["customer_id"]) * min(estimate, float(success.mean()))
    ips, snips, doubly_robust = (_interval(form, sums.sum(axis=0), drawn, successes) for form in (_ips, _snips, _doubly_robust))
    return PolicyValue(
        ips=ips,
        snips=snips,
        doubly_robust=doubly_robust,
        effective=effective,
        effective_share=share,
        successes=successes,
        largest=float(weight.max()),
        mean=float(weight.mean()),
        rows=len(log),
        unseen=unseen,
        reason=_reason(effective, successes, share, unseen, settings),
        same_for_all=_same_for_all(weight, success, estimate),
    )


def _rows_together(deviation: np.ndarray, customers: pd.Series) -> float:
    """Return how many times the variance of single rows that of whole customers is, at least 1 (design effect: Kish 1965)."""
    of_customers = np.bincount(pd.factorize(customers)[0], weights=deviation)
    return max(1.0, float((of_customers**2).sum() / ((deviation**2).sum() or 1.0)))


def _same_for_all(weight: np.ndarray, success: np.ndarray, estimate: float) -> Chance:
    """Return the estimate beside what it is when the same weights fall on other rows by chance: no option does better than another.

    Mean and variance of the sum of products over all permutations, and its normal limit (Hoeffding 1951).
    """
    spread = float(np.sqrt(((weight - weight.mean()) ** 2).sum() * ((success - success.mean()) ** 2).sum() / max(len(weight) - 1, 1)))
    error, expected = spread / max(weight.sum(), 1e-12), float(success.mean())
    distance = abs(estimate - expected) / error if error > 1e-12 else 0.0
    reach = critical_value() * error
    how = _("The new weights were laid on other rows by chance.")
    return Chance(estimate, expected, float(expected - reach), float(expected + reach), float(2 * norm.sf(distance)), how)


def _unknown(rows: int, unseen: float) -> PolicyValue:
    """Return that nothing can be said: a row without the chance with which it was shown cannot be weighed."""
    return PolicyValue(NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, 0.0, 0.0, 0.0, float("nan"), float("nan"), rows, unseen, "chance")


def _reason(effective: float, successes: float, share: float, unseen: float, settings: Settings) -> str:
    if unseen > MOST_UNSEEN:
        return "unseen"
    if effective < settings.least_effective:
        return "few"
    if successes < settings.least_successes:
        return "successes"
    return "share" if share < settings.least_effective_share else ""


def _ips(sums: np.ndarray) -> np.ndarray:
    return sums[..., 2] / sums[..., 0]


def _snips(sums: np.ndarray) -> np.ndarray:
    return np.divide(sums[..., 2], sums[..., 1], out=np.zeros_like(sums[..., 1]), where=sums[..., 1] > 0)


def _doubly_robust(sums: np.ndarray) -> np.ndarray:
    return sums[..., 3] / sums[..., 0]


def _interval(
    form: Callable[[np.ndarray], np.ndarray], total: np.ndarray, drawn: np.ndarray, successes: float
) -> tuple[float, float, float]:
    estimate, variance = float(form(total)), float(form(drawn).var())
    if not (0 < estimate < 1 and variance > 0):
        return estimate, float("nan"), float("nan")
    # As many rows of a plain share would have this variance.
    rows = estimate * (1 - estimate) / variance
    low, high = wilson(estimate * rows, rows, level_of(float(t.ppf(0.975, max(successes - 1, 1)))))
    return estimate, float(low), float(high)


def _blocks(sums: np.ndarray, customers: pd.Series, seed: int) -> np.ndarray:
    """Add the rows up per customer, and customers at random into at most 2,000 blocks."""
    code, names = pd.factorize(customers, sort=True)
    if len(names) > MOST_BLOCKS:
        code = (np.random.default_rng(seed).permutation(len(names)) % MOST_BLOCKS)[code]
    return np.column_stack([np.bincount(code, weights=column) for column in sums.T])


@lru_cache(maxsize=1)
def _times_drawn(count: int, resamples: int, seed: int) -> np.ndarray:
    """Return how often each block comes up in each redrawing; the same for all that is asked of one log."""
    return bootstrap_counts(count, resamples, np.random.default_rng(seed))
