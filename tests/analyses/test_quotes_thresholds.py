"""Every number that decides what is said about quotes, just below and just above it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.quotes import analysis, effort, model
from helpers.analyses.quotes.gate import gate_of
from helpers.analyses.quotes.shares import compare
from tests.analyses.test_quotes import book_of
from tests.support.quote_worlds import AS_OF


def decided(won: int, lost: int, **columns) -> pd.DataFrame:
    """Return decided quotes, each of a customer of its own, one asked each day."""
    count = won + lost
    usual = {
        "customer_id": [f"c{place:04d}" for place in range(count)],
        "status": ["won" if place * won // count != (place + 1) * won // count else "lost" for place in range(count)],
        "asked": AS_OF - pd.to_timedelta(np.arange(count)[::-1] + 100, unit="D"),
        "amount": 100.0,
        "amount_band": 0.0,
        "relation": "new",
        "days": 5.0,
        "hours": np.nan,
    }
    return pd.DataFrame({**usual, **columns})


def book(frame: pd.DataFrame):
    return SimpleNamespace(quotes=frame, judged=frame, mature_days=10.0, edges=())


@pytest.mark.parametrize(
    ("won", "lost", "kind", "missing"),
    [(20, 29, "not_yet", "1 more"), (20, 30, "caution", ""), (9, 60, "not_yet", "1 more"), (10, 60, "caution", "")]
    + [(60, 9, "not_yet", "1 more"), (60, 10, "caution", ""), (99, 100, "caution", ""), (100, 100, "go", "")],
)
def test_50_decided_with_10_won_and_10_lost_open_the_gate_and_200_open_it_wide(won, lost, kind, missing):
    gate = gate_of(book(decided(won, lost)))
    assert gate.verdict.kind == kind and missing in gate.unlock


def dated(days: list[int], ago: int = 1000) -> float:
    return book_of([(f"q{n:03d}", f"c{n:03d}", ago, 10.0, "lost", day) for n, day in enumerate(days)]).mature_days


def test_a_quote_is_old_once_95_of_100_decisions_were_taken_from_20_dated_decisions_on():
    assert dated([*range(1, 102)]) == 96  # the 96th of 101 is the quantile of 0.95
    assert dated([5] * 19) == 90 and dated([5] * 20) == 5


def test_of_young_quotes_only_quick_decisions_are_known_so_they_do_not_count_for_the_age():
    old = [(f"a{n:03d}", f"a{n}", 500, 10.0, "lost", n + 1) for n in range(100)]
    young = [(f"b{n:03d}", f"b{n}", 30, 10.0, "lost", 5) for n in range(300)]
    assert book_of(old + young).mature_days == 96  # with the young ones it would be 81


@pytest.mark.parametrize(("days", "relation"), [(364, None), (365, "new")])
def test_after_a_year_of_orders_a_customer_can_be_called_new(days, relation):
    orders = pd.DataFrame(
        {"order_id": ["o"], "customer_id": ["z"], "order_date": [AS_OF - pd.Timedelta(days=days + 10)], "order_amount": 1.0}
    )
    value = book_of([("q", "a", 10, 5.0, "open", None)], orders=orders).quotes["relation"].iloc[0]
    assert (None if pd.isna(value) else value) == relation


@pytest.mark.parametrize(("small", "groups"), [(19, {"x", "other"}), (20, {"x", "y"})])
def test_groups_under_20_quotes_are_taken_together(small, groups):
    frame = decided(30, 30)
    table, _p = compare(frame, pd.Series(["y"] * small + ["x"] * (60 - small)))
    assert set(table["group"]) == groups


@pytest.mark.parametrize(("known", "measure"), [(49, "contacts"), (50, "hours")])
def test_hours_count_where_half_of_the_quotes_have_them(known, measure):
    frame = decided(50, 50, hours=np.where(np.arange(100) < known, 2.0, np.nan))
    contacts = pd.DataFrame({"customer_id": ["c0000"], "contact_date": [AS_OF]})
    assert effort.effort_of(book(frame), contacts).measure == measure


def test_hours_are_compared_within_fifths_of_the_days_to_a_decision():
    frame = decided(50, 50, hours=2.0, days=np.arange(100.0))
    strata = effort.effort_of(book(frame), None).strata
    assert strata.value_counts().sort_index().tolist() == [20, 20, 19, 20, 21]  # edges in two figures


@pytest.mark.parametrize(("later", "judged"), [(49, False), (50, True)])
def test_a_model_is_judged_on_50_quotes_or_not_at_all(later, judged, monkeypatch):
    monkeypatch.setattr(model, "LEARNT_SHARE", (300 - later + 0.5) / 299)
    assert model.judge(book(decided(150, 150))).judged == later * judged


@pytest.mark.parametrize(("rare", "judged"), [(9, False), (10, True)])
def test_a_model_is_judged_on_10_of_either_outcome_or_not_at_all(rare, judged):
    frame = decided(150, 150)
    later = np.arange(300) >= 179  # the earlier six tenths
    frame["status"] = np.where(later, np.where(np.arange(300) >= 300 - rare, "won", "lost"), frame["status"])
    assert (len(model.judge(book(frame)).scores) > 0) == judged


def test_judged_are_the_later_four_tenths_and_a_small_group_weighs_against_ten_average_quotes():
    assert model.judge(book(decided(150, 150))).judged == 121  # with the day on which it begins
    assert model._towards(0.5, np.ones(10)) == 0.75


def test_a_difference_stands_out_below_two_in_a_hundred(monkeypatch):
    frame = decided(30, 30, customer_code=["x"] * 30 + ["y"] * 30, sector="s", quote_owner="v")
    spent = pd.Series(np.nan, frame.index)
    table = pd.DataFrame({"group": ["x", "y"], "quotes": 30, "won": [25, 5], "rate": [0.8, 0.2], "shrunk": 0.5})
    for p_value, stands_out in ((0.021, False), (0.0199, True)):
        named = table.assign(chance_low=0.4, chance_high=0.6), p_value
        answers = {True: named, False: (table[:1], np.nan)}
        monkeypatch.setattr(analysis, "compare", lambda _quotes, groups, _strata, known=answers: known[groups.isin(["x"]).any()])
        profile = analysis._profile(book(frame), effort.Effort("", spent, spent, ()), False)
        assert profile["stands_out"].any() == stands_out


@pytest.mark.parametrize(("ago", "asked"), [(364, 1), (365, 0)])
def test_a_year_of_quotes_is_365_days(ago, asked):
    rows = [(f"q{n:03d}", f"c{n}", 900, 10.0, "won" if n % 2 else "lost", 5) for n in range(40)]
    frame = book_of([*rows, ("q900", "x", ago, 10.0, "lost", 3), ("q901", "y", ago, 20.0, "lost", 3)])
    quotes = frame.quotes.assign(expected_amount=np.nan)
    spent = pd.Series(np.nan, quotes.index)
    assert analysis._quality(frame, quotes, effort.Effort("", spent, spent, ()))["test_quotes"] == asked
