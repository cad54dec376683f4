"""Limits of the words that every room uses, just below and just above."""

from __future__ import annotations

import pytest

from helpers.core import wording
from helpers.core.errors import did_you_mean


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")
    yield
    wording.use("en", "EUR")


def test_nearly_all_is_not_all():
    assert wording.nearly(0.99) == "99\u00a0%" and wording.nearly(1.0) == "100\u00a0%"
    assert wording.nearly(0.9901) == "more than 99\u00a0%" and wording.nearly(0.9999) == "more than 99\u00a0%"


def test_short_money_changes_its_unit():
    assert [wording.money_short(amount) for amount in (999, 1_000, 999_999)] == ["€\u00a0999", "€\u00a01\u00a0k", "€\u00a01,000\u00a0k"]
    assert wording.money_short(1e6) == "€\u00a01.0\u00a0m" and wording.money_short(99.9e6) == "€\u00a099.9\u00a0m"
    assert wording.money_short(100e6) == "€\u00a0100\u00a0m" and wording.money_short(1e9) == "€\u00a01.0\u00a0bn"


def test_a_suggestion_shares_more_than_half_of_its_letters():
    assert did_you_mean("abcxy", ["abcde"]) == "Did you mean 'abcde'?"
    assert did_you_mean("abcxyz", ["abcdef"]) == "Allowed: abcdef."


def test_at_most_twelve_allowed_words_are_listed():
    words = [f"w{number:02d}" for number in range(13)]
    assert did_you_mean("?", words[:12]) == "Allowed: " + ", ".join(words[:12]) + "."
    assert did_you_mean("?", words) == "Allowed, among others: " + ", ".join(words[:12]) + "."
    assert did_you_mean("?", []) == ""
