"""Boundaries of planned looks: as published, and spending the level exactly."""

import numpy as np
import pytest

from helpers.statistics import sequential


def test_boundary_for_five_looks_as_published():
    # Lan and DeMets spending of O'Brien-Fleming type, as tabled by the programs ld98 and gsDesign.
    assert sequential.boundary(5) == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), abs=2e-4)
    assert sequential.boundary(1) == pytest.approx((1.95996,), abs=1e-5)


def test_boundary_spends_the_level_exactly():
    rng = np.random.default_rng(5)
    path = rng.normal(size=(400_000, 3)).cumsum(axis=1) / np.sqrt([1, 2, 3])
    crossed = (np.abs(path) > np.array(sequential.boundary(3))).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.0015)
