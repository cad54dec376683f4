"""Boundaries of planned looks: as published, and spending the level exactly."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from helpers.statistics import sequential


def test_boundary_for_five_looks_as_published():
    # Lan and DeMets spending of O'Brien-Fleming type, as tabled by the programs ld98 and gsDesign.
    assert sequential.boundary(5) == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), abs=2e-4)
    assert sequential.boundary(1) == pytest.approx((1.95996,), abs=1e-5)


def test_a_boundary_stays_the_same_from_release_to_release():
    """A pilot is planned with one release and read with another: no figure of the plan may move."""
    assert sequential.boundary(5) == pytest.approx((4.87688495, 3.35701187, 2.68027908, 2.28981524, 2.03103012), abs=5e-8)


def test_boundary_spends_the_level_exactly():
    rng = np.random.default_rng(5)
    path = rng.normal(size=(400_000, 3)).cumsum(axis=1) / np.sqrt([1, 2, 3])
    crossed = (np.abs(path) > np.array(sequential.boundary(3))).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.0015)


def test_all_is_spent_when_all_is_known():
    assert sequential.spent(1.0) == pytest.approx(0.05) and sequential.spent(1.0, 0.10) == pytest.approx(0.10)
    assert sequential.spent(0.5) == pytest.approx(0.00305, abs=1e-5)  # ld98, first of two looks


def test_one_to_twenty_looks_can_be_planned():
    assert sequential.boundary(20)[0] == pytest.approx(9.955, abs=1e-3) and sequential.boundary(20)[-1] == pytest.approx(2.1228, abs=2e-4)
    strict = sequential.boundary(10, 0.0001)
    assert all(later < earlier for earlier, later in zip(strict, strict[1:], strict=False)) and strict[-1] > 3.89
    for looks in (0, 21):
        with pytest.raises(ValueError, match=f"looks must be 1 to 20, got {looks}"):
            sequential.boundary(looks)


def test_a_look_is_read_at_the_level_of_its_border():
    assert sequential.level_of_look(1, 5) == pytest.approx(1.08e-6, rel=0.01)
    assert sequential.level_of_look(5, 5) == pytest.approx(0.04226, abs=2e-5)
    assert sequential.level_of_look(1, 1, 0.10) == pytest.approx(0.10)
    for look in (0, 3):
        with pytest.raises(ValueError, match=f"look must be 1 to 2, got {look}"):
            sequential.level_of_look(look, 2)


def test_a_look_is_done_on_its_day():
    days = [date(2026, 7, 31), date(2026, 8, 31)]
    assert [sequential.looks_done(days, date(2026, 7, day)) for day in (30, 31)] == [0, 1]
    assert sequential.looks_done(days, date(2026, 9, 1)) == 2
