"""Numbers, money and dates in the client's language; the setting holds from cell to cell."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date

import pytest

from helpers.core import wording


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")
    yield
    wording.use("en", "EUR")


def test_numbers_money_and_dates_in_english():
    assert wording.number(1662.4) == "1,662" and wording.number(0.125, 2) == "0.12"
    assert wording.money(1376600) == "€\u00a01,376,600" and wording.money(-5, 2) == "-€\u00a05.00"
    assert wording.percent(0.3214, 1) == "32.1\u00a0%"
    assert wording.day(date(2021, 6, 30)) == "30 June 2021"
    assert wording.listing(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("amount", "said"), [(17.1e6, "€\u00a017.1\u00a0m"), (340_000, "€\u00a0340\u00a0k"), (85, "€\u00a085"), (2.5e9, "€\u00a02.5\u00a0bn")]
)
def test_short_money(amount, said):
    assert wording.money_short(amount) == said


def test_what_is_not_known_is_a_dash():
    nothing = float("nan")
    assert {wording.number(nothing), wording.money(nothing), wording.percent(nothing), wording.money_short(nothing)} == {"–"}


def test_other_languages_have_their_own_marks_and_currency():
    wording.use("nl", "SEK")
    assert wording.number(1234.5, 1) == "1.234,5" and "SEK" in wording.money(10)
    assert wording.day(date(2021, 6, 30)) == "30 juni 2021"


def test_the_setting_holds_in_another_context():
    """A notebook's cells may each run in a context of their own; the client's currency must reach all of them."""
    copy_context().run(wording.use, "en", "SEK")
    assert "SEK" in wording.money(10)


def test_only_languages_with_a_catalogue_can_be_chosen():
    assert wording.languages()[0] == "en"
