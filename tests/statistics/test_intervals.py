"""Published intervals reproduced, for counts and for arrays of them; nothing without trials."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.statistics.intervals import (
    beta_interval,
    critical_value,
    difference_and_interval,
    level_of,
    newcombe,
    share_and_interval,
    wilson,
)

# Newcombe 1998a, table I (method 3): hits, trials, low, high.
SHARES = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
# Newcombe 1998b, table II (method 10): the eight pairs (a) to (h) that he compares.
DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]


@pytest.mark.parametrize(("hits", "trials", "low", "high"), SHARES)
def test_published_intervals_of_shares(hits: int, trials: int, low: float, high: float):
    assert share_and_interval(hits, trials) == pytest.approx((hits / trials, low, high), abs=6e-5)


@pytest.mark.parametrize("row", DIFFERENCES, ids=str)
def test_published_intervals_of_differences(row: tuple):
    *counts, low, high = row
    difference = counts[0] / counts[1] - counts[2] / counts[3]
    assert difference_and_interval(*counts) == pytest.approx((difference, low, high), abs=6e-5)


@pytest.mark.filterwarnings("error")
def test_arrays_are_read_element_by_element():
    hits, trials = np.array([81, 15, 0]), np.array([263, 148, 0])
    low, high = wilson(hits, trials)
    assert low[:2] == pytest.approx([0.2553, 0.0624], abs=6e-5) and high[:2] == pytest.approx([0.3662, 0.1605], abs=6e-5)
    assert math.isnan(low[2]) and math.isnan(high[2])
    low, _ = newcombe(np.array([56, 9]), np.array([70, 10]), np.array([48, 3]), np.array([80, 10]))
    assert low == pytest.approx([0.0524, 0.1705], abs=6e-5)
    assert all(math.isnan(end) for end in (*share_and_interval(0, 0), *difference_and_interval(1, 2, 0, 0)))


def test_a_level_and_its_critical_value_are_the_same_thing():
    assert level_of(1.959964) == pytest.approx(0.05, abs=1e-6) and level_of(0) == 1
    narrow, wide = wilson(30, 100, level_of(1.0)), wilson(30, 100, level_of(3.0))
    assert wide[0] < narrow[0] < 0.3 < narrow[1] < wide[1]


def test_a_critical_value_and_the_interval_of_a_beta():
    assert critical_value() == pytest.approx(1.959964, abs=1e-6) and critical_value(0.10) == pytest.approx(1.644854, abs=1e-6)
    # Gelman et al. 2013, section 2.4: 437 girls of 980 births, uniform prior.
    assert beta_interval(438, 544) == (pytest.approx(0.415, abs=5e-4), pytest.approx(0.477, abs=5e-4))
    low, high = beta_interval(np.array([1.0, 1.0]), np.array([1.0, 9.0]))
    assert low == pytest.approx([0.025, 0.0028], abs=1e-4) and high == pytest.approx([0.975, 0.3363], abs=1e-4)


@given(st.integers(1, 2_000), st.integers(1, 2_000), st.data())
def test_intervals_hold_their_share_and_stay_within_bounds(trials: int, other: int, data: st.DataObject):
    hits, other_hits = data.draw(st.integers(0, trials)), data.draw(st.integers(0, other))
    share, low, high = share_and_interval(hits, trials)
    assert -1e-12 <= low <= share + 1e-12 and share - 1e-12 <= high <= 1 + 1e-12
    difference, low, high = difference_and_interval(hits, trials, other_hits, other)
    turned = difference_and_interval(other_hits, other, hits, trials)
    assert -1 - 1e-12 <= low <= difference + 1e-12 <= high + 2e-12 <= 1 + 3e-12
    assert turned == pytest.approx((-difference, -high, -low), abs=1e-12)
