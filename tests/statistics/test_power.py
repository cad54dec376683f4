"""How many people it takes: counted out for the test that reads it, and beside what Cohen and Fleiss tabled."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from helpers.statistics.intervals import newcombe
from helpers.statistics.power import (
    arcsine_effect,
    chance_to_see,
    customers_per_arm,
    needed_z,
    people_for_rates,
    people_per_group,
    smallest_rate_seen,
)


def test_a_difference_of_2_8_standard_errors_is_seen_four_times_in_five():
    assert needed_z() == pytest.approx(2.8016, abs=1e-4)
    assert needed_z(0.05, 0.5) == pytest.approx(1.9600, abs=1e-4)  # as often missed as seen
    assert needed_z(0.01, 0.8) == pytest.approx(3.4175, abs=1e-4)
    assert needed_z(0.05, 0.9) == pytest.approx(3.2415, abs=1e-4)


def test_the_arcsine_effect_as_tabled():
    # Cohen 1988, table 6.2.2: phi of .40, .50 and .60 are 1.369, 1.571 and 1.772.
    assert arcsine_effect(0.6, 0.4) == pytest.approx(0.403, abs=1e-3) and arcsine_effect(0.4, 0.6) == pytest.approx(-0.403, abs=1e-3)
    assert arcsine_effect(0.6, 0.5) == pytest.approx(0.201, abs=1e-3)


@pytest.mark.parametrize(("rate", "people", "other_rate", "other_people"), [(0.5, 40, 0.2, 25), (0.2, 40, 0.5, 25), (0.9, 12, 0.4, 50)])
@pytest.mark.parametrize("least", [0, 5])
def test_the_chance_to_see_a_difference_is_that_of_every_pair_of_counts(rate, people, other_rate, other_people, least):
    hits, other_hits = np.meshgrid(np.arange(people + 1), np.arange(other_people + 1), indexing="ij")
    low, high = newcombe(hits, np.full_like(hits, people), other_hits, np.full_like(hits, other_people), 0.04)
    seen = (low > 0) if rate > other_rate else (high < 0)
    seen &= (hits + other_hits) * min(people, other_people) >= least * (people + other_people)
    chances = np.outer(binom.pmf(np.arange(people + 1), people, rate), binom.pmf(np.arange(other_people + 1), other_people, other_rate))
    ours = chance_to_see(rate, people, other_rate, other_people, alpha=0.04, least=least)
    assert ours == pytest.approx((chances * seen).sum(), abs=1e-6) and 0.01 < ours < 0.95


@pytest.mark.parametrize("base_rate", [0.02, 0.1, 0.4])
def test_arms_of_one_size_take_what_the_textbook_says_and_uneven_ones_a_little_more(base_rate):
    other = base_rate * 1.2
    for share, least, most in ((0.5, 0.995, 1.01), (0.3, 0.995, 1.03), (0.1, 0.99, 1.04)):
        textbook = (needed_z() / arcsine_effect(other, base_rate)) ** 2 * (1 / share + 1 / (1 - share))
        people = people_for_rates(other, base_rate, holdout_share=share)
        assert least * textbook < people < most * textbook
        for size, is_enough in ((people, True), (round(0.99 * people), False)):
            holdout = round(size * share)
            assert (chance_to_see(other, size - holdout, base_rate, holdout) >= 0.8) == is_enough


def test_more_people_for_a_stricter_level_and_a_surer_sight():
    usual = people_for_rates(0.12, 0.10)
    assert people_for_rates(0.12, 0.10, alpha=0.01) == pytest.approx(1.488 * usual, rel=0.01)
    assert people_for_rates(0.12, 0.10, power=0.9) == pytest.approx(1.339 * usual, rel=0.01)


@pytest.mark.parametrize(("base_rate", "treated", "holdout"), [(0.02, 900, 100), (0.1, 500, 500), (0.6, 60, 40)])
def test_the_smallest_rate_seen_is_seen_four_times_in_five(base_rate, treated, holdout):
    rate = smallest_rate_seen(base_rate, treated, holdout)
    assert chance_to_see(rate, treated, base_rate, holdout) == pytest.approx(0.8, abs=0.01)


def test_no_rate_is_seen_where_not_even_everybody_would_be():
    assert smallest_rate_seen(0.9, 5, 5) == smallest_rate_seen(0.1, 10, 0) == np.inf
    # Ten conversions have to be expected in the smaller arm: nine people can't have them, whatever the treated do.
    assert smallest_rate_seen(0.5, 10_000, 9) == np.inf > smallest_rate_seen(0.5, 10_000, 30)
    assert chance_to_see(0.5, 0, 0.1, 10) == 0


def test_people_per_group_as_tabled():
    # Fleiss 1981, table A.3, without the correction for continuity.
    assert people_per_group(0.05, 0.06) == pytest.approx(8142, rel=0.005)
    assert people_per_group(0.20, 0.24) == pytest.approx(1680, rel=0.005)
    assert people_per_group(0.20, 0.24) == people_per_group(0.24, 0.20)
    assert people_per_group(0.20, 0.24) < people_per_group(0.20, 0.24, power=0.9) < people_per_group(0.20, 0.24, alpha=0.01, power=0.9)


def test_customers_per_arm_for_means_as_tabled():
    # Cohen 1988, table 2.4.1: d = 0.20 takes 393 in each group, and d = 0.50 takes 63 under the normal distribution.
    assert customers_per_arm(variance=1, difference=0.2) == 393
    assert customers_per_arm(variance=4, difference=1.0) == 63
    assert customers_per_arm(variance=1, difference=-0.2) == 393
