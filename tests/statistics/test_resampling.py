"""Draws again: intervals of their middle, draws of customers, p-values that are never zero."""

from __future__ import annotations

import math

import numpy as np
import pytest

from helpers.statistics.resampling import bootstrap_counts, holm, least_p_values, percentile_interval, permutation_p_values


def test_the_middle_of_the_draws():
    draws = np.arange(1001)[::-1]
    assert percentile_interval(draws) == pytest.approx((25.0, 975.0), abs=1e-9)
    assert percentile_interval(draws, (0.1, 0.9)) == pytest.approx((100.0, 900.0), abs=1e-9)


def test_as_many_customers_are_drawn_as_there_are():
    counts = bootstrap_counts(50, 2_000, np.random.default_rng(1))
    assert counts.shape == (2_000, 50) and (counts.sum(axis=1) == 50).all()
    # Without putting back every customer would come up once; with it the count is nearly Poisson.
    assert counts.mean(axis=0) == pytest.approx(np.ones(50), abs=0.1) and counts.var() == pytest.approx(0.98, abs=0.02)
    assert (counts == bootstrap_counts(50, 2_000, np.random.default_rng(1))).all()


def test_no_p_value_of_permutations_is_zero():
    permuted = np.array([1.0, 2.0, 3.0, 4.0])
    assert permutation_p_values(9.0, permuted) == (pytest.approx(1 / 5), pytest.approx(1.0))
    assert permutation_p_values(0.0, permuted) == (pytest.approx(1.0), pytest.approx(1 / 5))
    large, small = permutation_p_values(np.array([[3.0], [0.5]]), np.array([permuted, permuted]))
    assert large == pytest.approx([3 / 5, 1.0]) and small == pytest.approx([4 / 5, 1 / 5])


def test_the_last_digits_of_a_sum_make_no_difference():
    equal = np.array([1 - 9e-10, 1 + 9e-10])
    assert permutation_p_values(1.0, equal) == (1.0, 1.0)
    assert permutation_p_values(1.0, np.array([1 - 3e-9, 1 - 3e-9]))[0] == pytest.approx(1 / 3)
    assert permutation_p_values(1.0, np.array([1.0, 1.0]), near=0.0) == (1.0, 1.0)
    assert permutation_p_values(1.0, equal, near=1e-12) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_claims_that_are_one_are_corrected_for_once_and_unlike_ones_as_by_holm():
    draws = np.arange(40)
    alike = np.c_[draws, draws, draws][::-1]
    assert least_p_values(alike) == pytest.approx([1 / 40] * 3)
    # The largest of each of two claims lies in two different draws, so that two of forty draws go as far in either.
    unlike = np.c_[draws[::-1], np.roll(draws, 5)]
    assert least_p_values(unlike) == pytest.approx([2 / 40, 5 / 40])


def test_a_claim_of_several_is_false_no_more_often_than_asked():
    rng = np.random.default_rng(3)
    common = rng.normal(size=(400, 100, 1))
    sets = np.round(5 * (common + rng.normal(size=(400, 100, 4))))
    false = np.mean([min(least_p_values(counts)) <= 0.05 for counts in sets])
    assert 0.02 < false < 0.08


def test_holm_as_in_the_paper():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert math.isnan(holm([float("nan"), 0.5])[0]) and holm([float("nan"), 0.5])[1] == 0.5
    assert holm([0.6, 0.7]) == [1.0, 1.0] and holm([]) == []
