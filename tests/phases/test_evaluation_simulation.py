"""The evaluation holds its level: 5,000 pilots with a known truth per cell, fixed seeds (tabled in docs/simulations.md)."""

from __future__ import annotations

import pytest

from helpers.phases.evaluation.settings import Settings
from tests.support import evaluation_worlds as worlds

pytestmark = pytest.mark.slow
CELLS = [(n, holdout) for n in worlds.PEOPLE_PER_ARM for holdout in worlds.HOLDOUTS]


def test_the_study_uses_the_rules_of_the_report():
    keys = Settings.model_fields
    assert keys["least_conversions"].default == worlds.LEAST_CONVERSIONS
    assert keys["least_buyers"].default == worlds.LEAST_BUYERS


def holds(cell: worlds.Cell) -> bool:
    """Alarms between 4.0 and 6.0 % and coverage of at least 93.9 % among what is read; or hardly anything is read."""
    return cell.too_little or (0.04 <= cell.alarms <= 0.06 and cell.covers >= 0.939)


@pytest.mark.parametrize(("per_arm", "holdout"), CELLS)
@pytest.mark.parametrize("rate", [0.02, 0.05, 0.1])
def test_conversions_hold_their_level(per_arm, holdout, rate):
    assert holds(worlds.conversions(per_arm, holdout, rate))
    for rise in (0.2, -0.2):
        cell = worlds.conversions(per_arm, holdout, rate, rise)
        assert cell.too_little or cell.covers >= 0.939


@pytest.mark.parametrize(
    ("per_arm", "holdout"), [pytest.param(*cell, marks=pytest.mark.drill) if cell[0] >= 5000 else cell for cell in CELLS]
)
@pytest.mark.parametrize("skew", worlds.SKEWS)
def test_revenue_holds_its_level(per_arm, holdout, skew):
    assert holds(worlds.revenue(per_arm, holdout, worlds.SKEWS[skew]))
    for effect in ((0.2, 0.1), (-0.2, -0.1)):
        cell = worlds.revenue(per_arm, holdout, worlds.SKEWS[skew], *effect)
        assert cell.too_little or cell.covers >= 0.939


@pytest.mark.parametrize(("per_arm", "holdout"), CELLS)
def test_five_planned_looks_keep_the_level(per_arm, holdout):
    assert worlds.five_looks(per_arm, holdout, 0.1) <= 0.06


@pytest.mark.parametrize("holdout", [0.5])
def test_five_planned_looks_at_skewed_revenue_keep_the_level(holdout):
    assert worlds.five_looks_revenue(3000, holdout, worlds.SKEWS["mild"], runs=1000) <= 0.065


@pytest.mark.parametrize(("per_arm", "holdout"), CELLS)
def test_sample_ratio_hardly_ever_stops_a_sound_pilot(per_arm, holdout):
    assert worlds.false_alarms(2 * per_arm, holdout) <= 0.002
