"""A segment stands out only where its effect is another than elsewhere, in points and in per cent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from helpers.statistics.interaction import apart

PEOPLE = np.full(3, 10_000)


def test_two_segments_are_compared_by_the_difference_of_their_differences():
    compared = apart([1_200, 1_000], [10_000] * 2, [1_000, 1_000], [10_000] * 2)
    # 1.2 times as many and none more: in per cent they differ less, relative to the error, than in points (z = 3.26).
    z = np.log(1.2) / np.sqrt(0.88 / 1_200 + 3 * 0.9 / 1_000)
    # Both comparisons are the same one, so Holm doubles its p-value.
    assert compared.p_values == pytest.approx([2 * 2 * norm.sf(z)] * 2, rel=0.02) and z == pytest.approx(3.11, abs=0.01)
    assert compared.elsewhere == pytest.approx([0.0, 0.02])


def test_equal_in_points_or_equal_in_per_cent_is_no_segment_to_begin_with():
    base = np.array([400, 1_000, 3_000])
    for rise in (np.full(3, 200), base * 0.25):
        assert (apart(base + rise, PEOPLE, base, PEOPLE).p_values > 0.2).all()
    # More in points and less in per cent: the scales disagree.
    assert (apart(base + np.array([200, 300, 600]), PEOPLE, base, PEOPLE).p_values > 0.2).all()
    assert apart(base + np.array([200, 200, 2_000]), PEOPLE, base, PEOPLE).p_values[2] < 1e-6


def test_small_segments_are_drawn_towards_the_others():
    treated, people = np.array([1_200, 1_200, 60, 1_100]), np.array([10_000, 10_000, 300, 10_000])
    shrunken = apart(treated, people, people * 0.1, people).shrunken
    assert 0.01 < shrunken[3] < shrunken[0] < 0.02 + 1e-3 and shrunken[2] < 0.09


def test_nobody_and_everybody_can_be_compared():
    compared = apart([0, 50, 10], [50, 50, 50], [0, 50, 10], [50, 50, 50])
    assert np.isfinite(compared.p_values).all() and (compared.p_values > 0.5).all()


@pytest.mark.parametrize("rise", ["points", "per cent", "none"])
def test_where_the_effect_is_equal_hardly_ever_a_segment_stands_out(rise):
    rng, worlds = np.random.default_rng(5), 1_000
    base, people, left_out = np.array([0.05, 0.1, 0.15, 0.2, 0.25]), np.array([4_000, 2_000, 1_500, 900, 500]), 0.3
    up = {"points": np.full(5, 0.03), "per cent": 0.3 * base, "none": np.zeros(5)}[rise]
    arms = (people * (1 - left_out)).astype(int), (people * left_out).astype(int)
    treated, holdout = rng.binomial(arms[0], base + up, (worlds, 5)), rng.binomial(arms[1], base, (worlds, 5))
    named = [(apart(x, arms[0], y, arms[1]).p_values <= 0.05).any() for x, y in zip(treated, holdout, strict=True)]
    # Five of a hundred at most, and three standard errors of that.
    assert np.mean(named) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)
