"""How many people it takes: as tabled by Cohen and by Fleiss, and as statsmodels solves it."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers.statistics.power import arcsine_effect, customers_per_arm, needed_z, people_for_rates, people_per_group


def test_a_difference_of_2_8_standard_errors_is_seen_four_times_in_five():
    assert needed_z() == pytest.approx(2.8016, abs=1e-4)
    assert needed_z(0.05, 0.5) == pytest.approx(1.9600, abs=1e-4)  # as often missed as seen
    assert needed_z(0.01, 0.8) == pytest.approx(3.4175, abs=1e-4)
    assert needed_z(0.05, 0.9) == pytest.approx(3.2415, abs=1e-4)


def test_the_arcsine_effect_as_tabled():
    # Cohen 1988, table 6.2.2: phi of .40, .50 and .60 are 1.369, 1.571 and 1.772.
    assert arcsine_effect(0.6, 0.4) == pytest.approx(0.403, abs=1e-3) and arcsine_effect(0.4, 0.6) == pytest.approx(-0.403, abs=1e-3)
    assert arcsine_effect(0.6, 0.5) == pytest.approx(0.201, abs=1e-3)


def test_people_for_two_shares_as_tabled():
    # Cohen 1988, table 6.4.1: a small effect, h = 0.20, takes 392 in each group at 5 % and 80 %.
    other = np.sin(np.pi / 4 - 0.1) ** 2
    assert people_for_rates(0.5, other) == 785
    assert people_for_rates(other, 0.5) == 785
    assert people_for_rates(0.5, other, holdout_share=0.2) == 1227
    assert people_for_rates(0.5, other, alpha=0.01) == 1168
    assert people_for_rates(0.5, other, power=0.9) == 1051


def test_people_for_two_shares_as_statsmodels_solves_it():
    effect = proportion_effectsize(0.12, 0.10)
    larger_arm = NormalIndPower().solve_power(effect, alpha=0.05, power=0.8, ratio=0.25)
    assert people_for_rates(0.12, 0.10, holdout_share=0.2) == pytest.approx(1.25 * larger_arm, abs=1)


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
