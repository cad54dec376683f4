"""Made-up pilots with a known truth, many at once, for the simulation study of the evaluation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from helpers.phases.evaluation.revenue import PermutedSums, TotalSums, adjusted_by_before, buyers_needed, tails
from helpers.phases.evaluation.sample_ratio import ratio_p_value
from helpers.statistics.intervals import newcombe
from helpers.statistics.sequential import level_of_look

PEOPLE_PER_ARM = (200, 1000, 5000)
HOLDOUTS = (0.5, 0.1)
SKEWS = {"mild": 0.7, "heavy": 1.5}  # standard deviation of the logarithm of an amount
BUYERS = 0.05
LEAST_CONVERSIONS, LEAST_BUYERS = 10, 15
CHUNK, PERMUTATIONS = 250, 999


@dataclass(frozen=True)
class Cell:
    """What came of a cell of the study: runs, share of runs that were read, share of alarms and of covering among these."""

    runs: int
    read: float
    alarms: float
    covers: float

    @property
    def too_little(self) -> bool:
        """True when fewer than one run in five could be read."""
        return self.read < 0.2


def arms(per_arm: int, holdout: float) -> tuple[int, int]:
    """Return treated and left-out people of a pilot with twice ``per_arm`` people."""
    held = round(2 * per_arm * holdout)
    return 2 * per_arm - held, held


def conversions(per_arm: int, holdout: float, rate: float, rise: float = 0.0, runs: int = 5000, seed: int = 1) -> Cell:
    """Run pilots whose treatment raises the rate by ``rise`` (relative)."""
    rng = np.random.default_rng(seed)
    treated, held = arms(per_arm, holdout)
    converted, converted_held = rng.binomial(treated, rate * (1 + rise), runs), rng.binomial(held, rate, runs)
    read = (converted + converted_held) * min(treated, held) / (treated + held) >= LEAST_CONVERSIONS
    low, high = newcombe(converted[read], treated, converted_held[read], held)
    truth = rate * rise
    return _cell(runs, int(read.sum()), ((low > 0) | (high < 0)).sum(), ((low <= truth) & (truth <= high)).sum())


def revenue(per_arm: int, holdout: float, sigma: float, rise: float = 0.0, dearer: float = 0.0, runs: int = 5000, seed: int = 1) -> Cell:
    """Run pilots whose treatment makes more people buy (``rise``) and makes them spend more (``dearer``)."""
    rng = np.random.default_rng(seed)
    treated, held = arms(per_arm, holdout)
    truth = BUYERS * np.exp(sigma**2 / 2) * ((1 + rise) * (1 + dearer) - 1)
    read = alarms = covers = 0
    for _chunk in range(runs // CHUNK):
        amounts = _amounts(rng, CHUNK, treated, held, sigma, rise, dearer)
        buyers = (amounts > 0).sum(axis=1)
        amounts = amounts[buyers * min(treated, held) / (treated + held) >= buyers_needed(amounts, LEAST_BUYERS)]
        if not len(amounts):
            continue
        permuted, totals = permuted_sums(amounts, treated, _redealt(rng, treated, held))
        read += len(amounts)
        alarms += int((np.minimum(*tails(permuted, totals, 0.0)) <= 0.025).sum())
        covers += int((np.minimum(*tails(permuted, totals, truth)) > 0.025).sum())
    return _cell(runs, read, alarms, covers)


def five_looks(per_arm: int, holdout: float, rate: float, looks: int = 5, runs: int = 5000, seed: int = 1) -> float:
    """Return how often pilots without effect alarm at any of the planned looks."""
    rng = np.random.default_rng(seed)
    treated, held = arms(per_arm, holdout)
    converted = rng.multinomial(treated, [*[rate / looks] * looks, 1 - rate], runs)[:, :looks].cumsum(axis=1)
    converted_held = rng.multinomial(held, [*[rate / looks] * looks, 1 - rate], runs)[:, :looks].cumsum(axis=1)
    alarm = np.zeros(runs, bool)
    for look in range(looks):
        in_all = converted[:, look] + converted_held[:, look]
        read = in_all * min(treated, held) / (treated + held) >= LEAST_CONVERSIONS
        low, high = newcombe(converted[:, look], treated, converted_held[:, look], held, level_of_look(look + 1, looks))
        alarm |= read & ((low > 0) | (high < 0))
    return float(alarm.mean())


def five_looks_revenue(per_arm: int, holdout: float, sigma: float, looks: int = 5, runs: int = 5000, seed: int = 1) -> float:
    """Return how often pilots without effect alarm on revenue at any of the planned looks."""
    rng = np.random.default_rng(seed)
    treated, held = arms(per_arm, holdout)
    alarms = 0
    for _chunk in range(runs // CHUNK):
        final = _amounts(rng, CHUNK, treated, held, sigma, 0.0, 0.0)
        bought_at = rng.integers(1, looks + 1, final.shape, dtype=np.int8)
        is_dealt, alarm = _redealt(rng, treated, held), np.zeros(CHUNK, bool)
        for look in range(1, looks + 1):
            amounts = np.where(bought_at <= look, final, np.float32(0))
            read = (amounts > 0).sum(axis=1) * min(treated, held) / (treated + held) >= buyers_needed(amounts, LEAST_BUYERS)
            permuted, totals = permuted_sums(amounts, treated, is_dealt)
            alarm |= read & (np.minimum(*tails(permuted, totals, 0.0)) <= level_of_look(look, looks) / 2)
        alarms += int(alarm.sum())
    return alarms / runs


def sharpened(per_arm: int, holdout: float, runs: int = 2000, seed: int = 1) -> tuple[float, float]:
    """Return alarms without effect after taking out the spend before, and the mean share of variance left."""
    rng = np.random.default_rng(seed)
    treated, held = arms(per_arm, holdout)
    alarms, left = 0, []
    for _chunk in range(runs // CHUNK):
        liking = rng.lognormal(0, 1, (CHUNK, treated + held))
        before = rng.poisson(0.3 * liking) * 50.0
        after = rng.poisson(0.3 * liking) * 50.0
        sharper = [adjusted_by_before(amounts, past) for amounts, past in zip(after, before, strict=True)]
        left += [share for _adjusted, share in sharper]
        permuted, totals = permuted_sums(np.array([adjusted for adjusted, _share in sharper]), treated, _redealt(rng, treated, held))
        alarms += int((np.minimum(*tails(permuted, totals, 0.0)) <= 0.025).sum())
    return alarms / runs, float(np.mean(left))


def _amounts(rng, count: int, treated: int, held: int, sigma: float, rise: float, dearer: float) -> np.ndarray:
    people = treated + held
    is_treated = np.arange(people) < treated
    bought = rng.random((count, people), dtype=np.float32) < np.where(is_treated, BUYERS * (1 + rise), BUYERS)
    amounts = np.zeros((count, people), np.float32)
    amounts[bought] = rng.lognormal(0, sigma, int(bought.sum()))
    amounts[:, :treated] *= 1 + dearer
    return amounts


def _redealt(rng, treated: int, held: int) -> np.ndarray:
    """Return who is dealt "treated" in each permutation; drawn anew per chunk, so that its own luck averages out."""
    is_dealt = np.ones((PERMUTATIONS, treated + held), np.float32)
    left_out = np.argpartition(rng.random(is_dealt.shape, dtype=np.float32), held, axis=1)[:, :held]
    np.put_along_axis(is_dealt, left_out, 0, axis=1)
    return is_dealt


def permuted_sums(amounts: np.ndarray, n_treated: int, is_dealt: np.ndarray) -> tuple[PermutedSums, TotalSums]:
    """Return the sums of many data sets under the same permutations.

    Parameters
    ----------
    amounts : shape (data sets, people); the first ``n_treated`` people are the treated.
    is_dealt : 0 or 1, shape (permutations, people): who is dealt "treated".
    """
    squares, first = amounts**2, slice(0, n_treated)
    permuted = PermutedSums(
        total=(amounts @ is_dealt.T).astype(float),
        square=(squares @ is_dealt.T).astype(float),
        shared=(amounts[:, first] @ is_dealt[:, first].T).astype(float),
        overlap=is_dealt[:, first].sum(axis=1).astype(float),
    )
    sums = [part.sum(axis=1, dtype=float, keepdims=True) for part in (amounts, squares, amounts[:, first], squares[:, first])]
    return permuted, TotalSums(*sums, n_treated, amounts.shape[1] - n_treated)


def false_alarms(people: int, holdout_share: float, *, stop: float = 0.001) -> float:
    """Return how often the check of the sample ratio of two arms stops a reading although nothing is wrong; exact.

    The draw itself keeps the shares almost exactly, so this is the chance when people were lost at random afterwards.
    """
    counts = np.arange(people + 1)
    chance = binom.pmf(counts, people, holdout_share)
    planned = np.array([holdout_share, 1 - holdout_share])
    # Only counts in the tails can stop the reading: the others need no test.
    tail = counts[(chance < stop) & (chance > 1e-12)]
    stops = [count for count in tail if ratio_p_value(np.array([count, people - count]), planned) < stop]
    return float(chance[stops].sum())


def _cell(runs: int, read: int, alarms: int, covers: int) -> Cell:
    return Cell(runs, read / runs, float(alarms / max(1, read)), float(covers / max(1, read)))
