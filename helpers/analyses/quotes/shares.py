"""Shares won, and whether groups differ by more than luck: customers, not quotes, are what could have been others.

A customer who asks often is not many customers. Intervals linearise the share as a ratio over customers (Cochran 1977,
Sampling Techniques, chapter 9); groups are compared by the score test with customers as clusters (Rotnitzky and Jewell 1990).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import chi2, t

from helpers.statistics.intervals import critical_value

LEAST_GROUP = 20  # decided quotes; smaller groups are taken together (our convention)
Floats = NDArray[np.float64]


def mean_and_interval(values: Floats, customers: pd.Series, weight: Floats | None = None) -> tuple[float, float, float]:
    """Return the mean of a figure per quote and its 95 % interval; without a weight (or with zeros only) each counts once."""
    weight = np.ones(len(values)) if weight is None or not weight.any() else weight
    mean = float(np.average(values, weights=weight))
    sums = _sums(weight * (values - mean), customers)
    half = t.ppf(0.975, max(len(sums) - 1, 1)) * np.sqrt(_corrected(len(sums)) * (sums**2).sum()) / weight.sum()
    return mean, mean - half, mean + half


def share_won(quotes: pd.DataFrame, weight: Floats | None = None) -> tuple[float, float, float]:
    """Return the share of decided quotes that was won, and its 95 % interval; ``weight`` is such as the amount of each."""
    share, _low, high = mean_and_interval(won(quotes), quotes["customer_id"], weight)
    # On the logit scale the ends stay between 0 and 1.
    half = (high - share) / max(share * (1 - share), 1e-9)
    middle = logit(np.clip(share, 1e-9, 1 - 1e-9))
    return share, float(expit(middle - half)), float(expit(middle + half))


def won(quotes: pd.DataFrame) -> Floats:
    """Return 1 for every quote that was won, else 0."""
    return (quotes["status"] == "won").to_numpy(float)


def compare(quotes: pd.DataFrame, groups: pd.Series, strata: pd.Series | None = None) -> tuple[pd.DataFrame, float]:
    """Return groups of decided quotes side by side, and the p-value of their differing.

    Parameters
    ----------
    quotes, groups : decided quotes and the group of each; without a group they are left out, in a small one "other".
    strata : within which the groups are compared, such as equally long decisions; None for none.

    Returns
    -------
    Frame with group, quotes, won, rate (within strata: the average plus how far it lies above them), shrunk (drawn to the average
    as far as luck would move it), chance_low and chance_high (between which luck alone keeps the rate, 95 %); and the p-value, NaN
    where there are fewer than two groups.
    """
    quotes, groups = quotes[groups.notna()], groups.dropna()
    groups = groups.astype(object).where(groups.map(groups.value_counts()) >= LEAST_GROUP, "other")
    outcome = pd.Series(won(quotes), quotes.index)
    within = pd.Series(0, quotes.index) if strata is None else strata[quotes.index]
    residual, average = outcome - outcome.groupby(within).transform("mean"), outcome.mean()
    table = outcome.groupby(groups).agg(quotes="size", won="sum").assign(rate=average + residual.groupby(groups).mean())
    table = table.rename_axis("group").reset_index()
    if len(table) < 2:
        return table, float("nan")
    member = pd.get_dummies(groups, dtype=float)[table["group"]]
    centred = member - member.groupby(within).transform("mean")
    score = centred.mul(residual, axis=0)
    sums = _sums(score, quotes["customer_id"])
    spread = _corrected(len(sums)) * sums.T @ sums
    half = critical_value() * np.sqrt(np.diag(spread)) / table["quotes"]
    table = table.assign(shrunk=_shrunk(table, average), chance_low=(average - half).clip(0), chance_high=(average + half).clip(upper=1))
    total, free = score.sum().to_numpy(), np.linalg.matrix_rank(spread)
    return table, float(chi2.sf(total @ np.linalg.pinv(spread, hermitian=True) @ total, free)) if free else float("nan")


def _sums(scores, customers: pd.Series):
    return (pd.DataFrame(scores) if np.ndim(scores) > 1 else pd.Series(scores)).groupby(customers.to_numpy()).sum().to_numpy()


def _corrected(customers: int) -> float:
    return customers / max(customers - 1, 1)


def _shrunk(table: pd.DataFrame, average: float) -> pd.Series:
    """Return rates drawn to the average by the method of moments (Morris 1983)."""
    by_luck = average * (1 - average) / table["quotes"]
    between = max(0.0, float(np.average((table["rate"] - average) ** 2 - by_luck, weights=table["quotes"])))
    return average + between / (between + by_luck) * (table["rate"] - average)
