"""Leads on the same people: what the lot gives, for one way and for the best of several."""

import numpy as np
import pytest
from scipy.stats import binomtest

from helpers.statistics.nulls import lead_by_lot


@pytest.mark.parametrize(("wins", "losses"), [(12, 4), (9, 6), (30, 10), (5, 5)])
def test_for_one_way_it_is_the_sign_test(wins, losses):
    """Of yes and no, sign-flipping is McNemar's exact test on the people for whom the two ways differ."""
    ahead = np.concatenate([np.ones(wins), -np.ones(losses), np.zeros(84)])
    chance = lead_by_lot(ahead, 1)
    exact = binomtest(wins, wins + losses, alternative="greater").pvalue
    assert chance.p_value == pytest.approx(exact, abs=0.03) and chance.figure == pytest.approx((wins - losses) / len(ahead))
    # A thousand cases, the data among them.
    assert chance.p_value * 1_000 == pytest.approx(round(chance.p_value * 1_000), abs=1e-9)


def test_the_best_of_several_leads_further_by_chance():
    rng = np.random.default_rng(2)
    ways = rng.choice((-1.0, 0.0, 1.0), (6, 200))
    ways = ways[np.argsort(-ways.mean(axis=1))]
    assert lead_by_lot(ways, 1).p_value > lead_by_lot(ways[0], 1).p_value
    alone = sum(lead_by_lot(rng.choice((-1.0, 0.0, 1.0), 200), draw).beaten for draw in range(40))
    assert alone <= 6  # 5 % of 40 is 2; more than 6 has a chance below 1 %


def test_without_a_difference_there_is_no_lead():
    chance = lead_by_lot(np.zeros(50), 1)
    assert (chance.figure, chance.high, chance.p_value) == (0.0, 0.0, 1.0)
