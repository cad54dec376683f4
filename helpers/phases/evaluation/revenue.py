"""Revenue of treated people against the holdout group, on amounts that are far from normal.

Most people buy nothing and a few spend much, so the usual t-intervals lie: with a holdout of one in ten and no effect
at all, Welch's test alarms in 11 to 20 % of cases. Dealing the treatments out again by chance (a permutation test)
keeps its level whatever the skew, because it copies what the pilot really did. The statistic is the difference
divided by its standard error, so that the interval also holds when the treatment changes the spread.

Sources: Fisher (1935) and Pitman (1937) for the test; Janssen (1997) and Chung and Romano (2013) for dividing by the
standard error; Garthwaite (1996) for turning a permutation test round into an interval; Deng, Xu, Kohavi and Walker
(2013) for CUPED. How well it holds is measured in docs/simulations.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.statistics.resampling import permutation_p_values

# Above this spread of buyers' amounts (standard deviation over mean) a few of them decide everything.
HEAVY_SPREAD = 1.3
HEAVY_FACTOR = 4
_MOST_DRAWS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Shift:
    """The difference in revenue per person: treated minus holdout group.

    Parameters
    ----------
    difference : in money per person.
    low, high : ends of the interval; infinite where the permutations cannot resolve so strict a level.
    p_value : two-sided permutation p-value.
    """

    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class PermutedSums:
    """Sums over who is dealt "treated" in each permutation; the last axis is the permutation.

    Parameters
    ----------
    total, square : of the amounts and of their squares.
    shared : of the amounts of the truly treated among them; overlap : how many of them are truly treated.
    """

    total: np.ndarray
    square: np.ndarray
    shared: np.ndarray
    overlap: np.ndarray


@dataclass(frozen=True)
class TotalSums:
    """Sums over everyone (``total``, ``square``) and over the truly treated (``treated``, ``treated_square``)."""

    total: np.ndarray
    square: np.ndarray
    treated: np.ndarray
    treated_square: np.ndarray
    n_treated: int
    n_holdout: int


def compare_revenue(amounts: np.ndarray, treated: np.ndarray, *, alpha: float, permutations: int, seed: int) -> Shift:
    """Compare revenue per person by a permutation test and the interval that goes with it.

    Parameters
    ----------
    amounts : revenue per person, zero for who bought nothing; shape (people,).
    treated : True for treated; same shape, at least two of both kinds.
    alpha : two-sided level, such as 0.05.
    permutations : how often the treatments are dealt out again.
    seed : seed of the permutations.

    Returns
    -------
    The shift. The interval holds every effect that the test at level ``alpha`` does not reject, so it leaves out zero
    when the p-value is at most alpha.
    """
    # In an order of its own, so that the order of the rows does not change who is dealt what.
    order = np.lexsort((amounts, treated))
    amounts, treated = np.asarray(amounts, float)[order], np.asarray(treated, bool)[order]
    difference = float(amounts[treated].mean() - amounts[~treated].mean())
    totals = _totals(amounts, treated)
    permuted = _permuted(amounts, treated, permutations, np.random.default_rng(seed))
    spread = float(np.sqrt(amounts[treated].var() / treated.sum() + amounts[~treated].var() / (~treated).sum()))
    # Everybody spent the same: there is no chance in the difference.
    if spread == 0:
        return Shift(difference, difference, difference, 1.0 if difference == 0 else 0.0)
    above, below = tails(permuted, totals, 0.0)
    low = _end(lambda effect: float(tails(permuted, totals, effect)[0]), difference, -spread, alpha / 2)
    high = _end(lambda effect: float(tails(permuted, totals, effect)[1]), difference, spread, alpha / 2)
    return Shift(difference, low, high, min(1.0, 2 * min(float(above), float(below))))


def buyers_needed(amounts: np.ndarray, least: int) -> np.ndarray:
    """Return how many buyers the smaller arm must expect: four times as many where amounts are very uneven.

    Our convention, from docs/simulations.md: from 15 buyers on (60, where amounts are very uneven) alarms and coverage are what they
    promise, in arms of one size and with one person in ten left out. The rule looks at both arms together.

    Parameters
    ----------
    amounts : revenue per person, zero for who bought nothing; the last axis is people.
    least : buyers needed where amounts are not very uneven.
    """
    buyers = np.maximum((amounts != 0).sum(axis=-1), 1)
    mean = amounts.sum(axis=-1, dtype=float) / buyers
    variance = np.maximum((np.asarray(amounts, float) ** 2).sum(axis=-1) / buyers - mean**2, 0)
    # Where returns outweigh purchases a spread over the mean says nothing, and care is taken.
    heavy = (mean <= 0) | (np.sqrt(variance) > HEAVY_SPREAD * np.abs(mean))
    return np.where(heavy, HEAVY_FACTOR * least, least)


def tails(permuted: PermutedSums, totals: TotalSums, effect: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the one-sided p-values of "the true effect is this": that it is larger, and that it is smaller.

    The amounts may belong to one data set or to many (a leading axis). No p-value is zero, because the treatments as
    they really were dealt count as one permutation (Phipson and Smyth 2010).
    """
    statistics = _statistic(permuted, totals, effect)
    as_dealt = PermutedSums(totals.treated, totals.treated_square, totals.treated, np.asarray(float(totals.n_treated)))
    return permutation_p_values(_statistic(as_dealt, totals, effect), statistics)


def _statistic(permuted: PermutedSums, totals: TotalSums, effect: float) -> np.ndarray:
    """Return Welch's statistic of each permutation, after taking ``effect`` off the truly treated."""
    n, m = totals.n_treated, totals.n_holdout
    treated = permuted.total - effect * permuted.overlap
    holdout = totals.total - effect * n - treated
    treated_square = permuted.square - 2 * effect * permuted.shared + effect**2 * permuted.overlap
    holdout_square = totals.square - 2 * effect * totals.treated + effect**2 * n - treated_square
    variance = (treated_square - treated**2 / n) / (n - 1) / n + (holdout_square - holdout**2 / m) / (m - 1) / m
    return (treated / n - holdout / m) / np.sqrt(np.maximum(variance, 1e-300))


def _end(tail: Callable[[float], float], start: float, step: float, wanted: float) -> float:
    """Walk from ``start`` by doubling steps until the tail falls to ``wanted``, then halve down to the border."""
    for _turn in range(12):
        if tail(start + step) <= wanted:
            break
        step *= 2
    else:
        return float(np.copysign(np.inf, step))
    inside, outside = start, start + step
    for _turn in range(40):
        middle = (inside + outside) / 2
        if tail(middle) <= wanted:
            outside = middle
        else:
            inside = middle
    return float(inside)


def _totals(amounts: np.ndarray, treated: np.ndarray) -> TotalSums:
    of_treated = amounts[treated]
    return TotalSums(
        total=np.asarray(amounts.sum()),
        square=np.asarray((amounts**2).sum()),
        treated=np.asarray(of_treated.sum()),
        treated_square=np.asarray((of_treated**2).sum()),
        n_treated=int(treated.sum()),
        n_holdout=int((~treated).sum()),
    )


def _permuted(amounts: np.ndarray, treated: np.ndarray, permutations: int, rng: np.random.Generator) -> PermutedSums:
    """Deal the treatments again.

    Only people with an amount are dealt one by one; those with zero are alike, so the number of them that falls to
    the treated is drawn from its exact (hypergeometric) distribution. A million people who bought nothing cost
    nothing.
    """
    bought = amounts != 0
    n_buyers, n_others, n_treated = int(bought.sum()), int((~bought).sum()), int(treated.sum())
    treated_others = int((treated & ~bought).sum())
    facts = np.column_stack([amounts, amounts**2, amounts * treated, treated])[bought]
    # So many permutations at a time that the table of draws stays small in memory.
    step = max(1, _MOST_DRAWS_AT_ONCE // max(1, n_buyers))
    parts = []
    for start in range(0, permutations, step):
        size = min(step, permutations - start)
        buyers_dealt = rng.hypergeometric(n_buyers, n_others, n_treated, size)
        is_dealt = rng.random((size, n_buyers), dtype=np.float32).argsort(axis=1) < buyers_dealt[:, None]
        overlap_of_others = rng.hypergeometric(treated_others, n_others - treated_others, n_treated - buyers_dealt)
        sums = is_dealt.astype(float) @ facts
        sums[:, 3] += overlap_of_others
        parts.append(sums)
    total, square, shared, overlap = np.concatenate(parts).T
    return PermutedSums(total, square, shared, overlap)


def adjusted_by_before(amounts: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, float]:
    """Take out of the revenue what the spend before the pilot already told (CUPED, Deng et al. 2013).

    The slope is taken over all people together, so that dealing the treatments again leaves it as it is and the
    permutation test stays exact.

    Parameters
    ----------
    amounts, before : revenue in and before the pilot per person; shape (people,).

    Returns
    -------
    The adjusted revenue with the same mean, and the share of the variance that is left (1 = the past told nothing).

    """
    spread = float(np.var(before))
    # A past that is the same for all explains nothing.
    if spread == 0 or float(np.var(amounts)) == 0:
        return np.asarray(amounts, float), 1.0
    slope = float(np.cov(amounts, before, bias=True)[0, 1]) / spread
    adjusted = amounts - slope * (before - before.mean())
    return adjusted, float(np.var(adjusted) / np.var(amounts))
