"""Empirical Bayes: the published shrinkage of baseball averages, and intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.shrinkage import shrunk

# Efron and Morris (1975), table 1: hits of 18 players in their first 45 times at bat, and their average over the rest of the season.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
SEASON = np.array(
    [0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303, 0.264, 0.226, 0.285, 0.316, 0.200]
)


def test_baseball_averages_shrink_as_published():
    averages = HITS / 45
    result = shrunk(averages, averages.mean() * (1 - averages.mean()) / 45)
    loss = ((result.means - SEASON) ** 2).sum() / ((averages - SEASON) ** 2).sum()
    assert result.prior_mean == pytest.approx(0.265, abs=0.002)
    assert loss < 0.4  # a third of the error is left (their 3.5 times better)
    assert np.all(np.diff(result.means) <= 1e-12)


def test_unequal_variances_shrink_by_what_each_rests_on():
    result = shrunk([1.0, 1.0, -1.0, -1.0, np.nan], [0.01, 1.0, 0.01, 1.0, 1.0])
    assert abs(result.means[0]) > abs(result.means[1]) + 0.1
    assert result.means[4] == pytest.approx(result.prior_mean) and result.sds[4] ** 2 > result.prior_variance


def test_two_known_estimates_are_enough():
    assert shrunk([1.0, 3.0, np.nan], 1.0).prior_mean == pytest.approx(2.0)


def test_equal_estimates_have_nearly_no_spread_of_their_own():
    assert shrunk([3.0] * 50, 1.0).prior_variance < 0.1


def test_draws_have_the_posterior_means_and_spreads():
    rng = np.random.default_rng(1)
    result = shrunk(rng.normal(0, 1, 30), rng.uniform(0.1, 2, 30))
    draws = result.draws(20_000, rng)
    assert draws.mean(axis=0) == pytest.approx(result.means, abs=0.05)
    assert draws.std(axis=0) == pytest.approx(result.sds, abs=0.05)


@pytest.mark.parametrize(("spread", "most"), [(0.3, 1.0), (1.0, 0.97)])
def test_intervals_from_draws_cover(spread, most):
    rng = np.random.default_rng(5)
    covered = []
    for _world in range(60):
        truth, variances = rng.normal(2, spread, 40), rng.uniform(0.2, 1.5, 40)
        low, high = np.quantile(shrunk(rng.normal(truth, np.sqrt(variances)), variances).draws(300, rng), (0.025, 0.975), axis=0)
        covered.append(((low <= truth) & (truth <= high)).mean())
    assert 0.93 <= np.mean(covered) <= most


@pytest.mark.parametrize(("estimates", "variances"), [([1.0], 1.0), ([1.0, np.nan], 1.0), ([1.0, 2.0], 0.0), ([1.0, 2.0], [1.0, np.nan])])
def test_too_little_is_refused(estimates, variances):
    with pytest.raises(ValueError, match="two known estimates"):
        shrunk(estimates, variances)
