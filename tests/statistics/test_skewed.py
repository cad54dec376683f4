"""Intervals of amounts of which a few are large: the truth is held as often as they say, and nothing of their own units matters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm, norm

from benchmarks.kpi_simulation import covered
from helpers.statistics import skewed


def test_even_amounts_have_the_textbooks_interval():
    """Without skewness and with the kurtosis of the normal, Hall's correction is none and Satterthwaite's freedom is n - 1 or nearly."""
    values = 50 + 10 * norm.ppf((np.arange(2_000) + 0.5) / 2_000)
    half = 1.9612 * values.std(ddof=1) / np.sqrt(2_000)
    assert skewed.ratio_interval(values, np.ones(2_000)) == pytest.approx((50 - half, 50 + half), abs=0.002)


def test_a_few_large_amounts_move_the_interval_up():
    values = lognorm(1.0).ppf((np.arange(200) + 0.5) / 200)
    low, high = skewed.ratio_interval(values, np.ones(200))
    middle, half = values.mean(), 1.972 * values.std(ddof=1) / np.sqrt(200)
    assert middle - half < low < middle and high > middle + half
    # Debts instead of amounts turn it round.
    assert skewed.ratio_interval(-values, np.ones(200)) == pytest.approx((-high, -low))


def test_the_unit_of_the_amounts_does_not_matter():
    values = lognorm(1.0).ppf((np.arange(150) + 0.5) / 150)
    counts = 1 + np.arange(150) % 4
    assert skewed.ratio_interval(values * 100, counts) == pytest.approx([100 * end for end in skewed.ratio_interval(values, counts)])
    assert skewed.top_share_interval(values * 100) == pytest.approx(skewed.top_share_interval(values))


def test_customers_who_are_alike_leave_no_doubt():
    assert skewed.ratio_interval(np.full(120, 0.1), np.full(120, 3.0)) == pytest.approx((0.1 / 3, 0.1 / 3))
    assert skewed.ratio_interval([1.0, 3.0] * 60, np.ones(120))[0] < 2


def test_a_share_stays_a_share():
    low, high = skewed.top_share_interval([1.0] * 99 + [1000.0])
    assert 0 <= low < 0.9 and high == 1


@pytest.mark.parametrize(("spread", "needed"), [(1.09, 100), (1.11, 400)])
def test_very_uneven_amounts_need_four_times_as_many(spread, needed):
    values = np.exp(np.tile([-spread, spread], 60))
    assert skewed.customers_needed(np.r_[values, 0.0, -5.0]) == needed
    assert skewed.customers_needed([0.0]) == 100


def test_the_median_lies_between_the_values_that_a_fair_coin_leaves():
    """Between the 40th and 61st of 100 values (Conover 1999, table of the sign test), up to what is interpolated."""
    low, high = skewed.median_interval(np.arange(1.0, 101.0))
    assert 40 < low < 41 and 60 < high < 61 and low + high == pytest.approx(101)


@pytest.mark.drill
@pytest.mark.parametrize("customers", [100, 400])
def test_95_percent_is_95_percent_of_uneven_amounts(customers):
    for kpi, (answered, held) in covered("customer", 0.7, customers, 1_000, seed=9).items():
        assert answered == 1 and 0.93 <= held <= 0.97, kpi
