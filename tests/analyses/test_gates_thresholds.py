"""What the gates of several analyses share: where steadiness begins, and which number of groups is taken."""

from __future__ import annotations

import pytest

from helpers.analyses.steadiness import STABLE, STEADY, Steadiness, most_steady


@pytest.mark.parametrize(("weakest", "steady"), [(0.5999, False), (0.6, True), (0.6001, True)])
def test_a_group_can_be_trusted_from_an_overlap_of_60_percent_on(weakest, steady):
    assert Steadiness(3, weakest).steady is steady


def test_the_borders_are_those_that_were_published():
    assert (STEADY, STABLE) == (0.6, 0.75)  # Hennig (2007), Cluster-wise assessment of cluster stability


@pytest.mark.parametrize(
    ("overlaps", "groups"),
    [
        ((0.9, 0.7, 0.61), 4),  # the most groups that stay
        ((0.9, 0.7, 0.59), 3),
        ((0.5, 0.3, 0.4), 2),  # none stays: the one that comes nearest
        ((0.3, 0.3, 0.5), 4),
    ],
)
def test_the_most_groups_that_stay_are_taken(overlaps, groups):
    trials = [Steadiness(number, overlap) for number, overlap in zip((2, 3, 4), overlaps, strict=True)]
    assert most_steady(trials).groups == groups
