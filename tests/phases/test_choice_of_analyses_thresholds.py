"""Where phase 4 turns: the order of the analyses, the bands of its pictures, and what is read of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core import wording
from helpers.core.results import Gate, RunContext, Verdict
from helpers.phases import choice_of_analyses
from helpers.phases.choice_of_analyses import story
from helpers.phases.choice_of_analyses.dilemmas import sheet
from helpers.phases.choice_of_analyses.overview import Overview

CONTEXT = RunContext(date(2023, 12, 31), 7)


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")


def ranked(kinds: dict[str, str], wanted=(), needed=(), opportunities: pd.DataFrame | None = None):
    gates = {name: Gate(Verdict(kind, kind), "needs", "has", "reason", "unlock", "instead", "seen") for name, kind in kinds.items()}
    return choice_of_analyses.ranked(gates, {name: name for name in kinds}, wanted, needed, opportunities)


def order(*arguments, **named) -> list[str]:
    return [offer.analysis for offer in ranked(*arguments, **named)]


# ---- The order ----


def test_what_may_run_beats_what_is_asked():
    assert order({"asked": "not_yet", "careful": "caution", "free": "go"}, wanted=["asked"]) == ["free", "careful", "asked"]


def test_the_client_goes_before_the_use_case_and_that_before_the_goals():
    goals = pd.DataFrame({"analyses": ["served"], "contribution": [1.0], "goals": ["Grow"]})
    kinds = dict.fromkeys(("nothing", "served", "needed", "second", "first"), "go")
    assert order(kinds, ["first", "second"], ["needed"], goals) == ["first", "second", "needed", "served", "nothing"]


@pytest.mark.parametrize(("contribution", "first"), [(0.5, "a"), (0.501, "b")])
def test_more_help_for_the_goals_goes_first_and_a_tie_keeps_the_workbook(contribution, first):
    goals = pd.DataFrame({"analyses": ["a", "b"], "contribution": [0.5, contribution], "goals": ["Grow", "Keep"]})
    assert order({"a": "go", "b": "go"}, opportunities=goals)[0] == first


def test_the_test_of_the_pilot_stands_last_whatever_speaks_for_it():
    assert order({"pilot": "go", "a": "not_yet"}, wanted=["pilot"]) == ["a", "pilot"]


@pytest.mark.parametrize(("open_", "named"), [(3, True), (4, False)])
def test_three_analyses_are_named_in_the_heading_and_four_counted(open_, named):
    kinds = {f"x{i}": "go" for i in range(open_)} | {"y": "not_yet"}
    assert ("x0" in story.heading(ranked(kinds))) is named


@pytest.mark.parametrize(("kind", "rank"), [("go", 6), ("caution", 6), ("not_yet", 7)])
def test_a_finding_without_any_analysis_stands_one_back(kind, rank):
    assert story.finding(ranked({"a": kind}), overview()).rank == rank


@pytest.mark.parametrize(("score", "allowed"), [(-3, False), (-2, True), (2, True), (3, False)])
def test_scores_go_from_minus_2_to_2(score, allowed):
    if allowed:
        assert choice_of_analyses.Settings(dilemmas={"ease_or_influence": score}).dilemmas.ease_or_influence == score
    else:
        with pytest.raises(ValidationError):
            choice_of_analyses.Settings(dilemmas={"ease_or_influence": score})


@pytest.mark.parametrize(("score", "side"), [(-1, "first"), (0, None), (1, "second"), (None, None)])
def test_a_score_leans_from_one_on(score, side):
    assert sheet().dilemmas[0].side(score) == side


# ---- The pictures ----


def overview(**frames) -> Overview:
    empty = pd.DataFrame({"share_of_customers": [0.0], "share_of_revenue": [0.0]})
    blank = {"months": pd.DataFrame(), "concentration": empty, "retention": pd.DataFrame(), "heat": pd.DataFrame(), "left_out_days": 0}
    return Overview(**{**blank, **frames})


def heat_of(recency_days: list[int], frequency: list[int]) -> np.ndarray:
    customers = pd.DataFrame({"recency_days": recency_days, "frequency": frequency, "monetary": 1.0})
    orders = pd.DataFrame({"order_date": pd.to_datetime([]), "order_amount": [], "customer_id": []})
    return choice_of_analyses.overview(orders, customers, CONTEXT).heat.to_numpy()


def test_the_bands_of_recency():
    days = [0, 29, 30, 89, 90, 179, 180, 364, 365, 729, 730, 4000]
    assert heat_of(days, [1] * 12)[:, 0].tolist() == [2, 2, 2, 2, 2, 2]


def test_the_bands_of_frequency():
    assert heat_of([5] * 8, [1, 2, 3, 4, 5, 9, 10, 90])[0].tolist() == [1, 1, 2, 2, 2]


@pytest.mark.parametrize(("days", "gone"), [(364, "0"), (365, "100")])
def test_silent_is_a_year_or_longer(days, gone):
    text = story.recency_frequency_sentence(overview(heat=pd.DataFrame(heat_of([days], [1])))).text
    assert f"{gone} % have not ordered" in text.replace("\u00a0", " ")


@pytest.mark.parametrize(("months", "compared"), [(23, False), (24, True)])
def test_two_whole_years_are_compared(months, compared):
    frame = pd.DataFrame({"revenue": 100.0}, index=pd.date_range("2022-01-01", periods=months, freq="MS"))
    assert ("brought" in story.revenue_sentence(overview(months=frame)).text) is compared


@pytest.mark.parametrize(("last_year", "text"), [(99.0, "1 % less"), (100.0, "0 % more"), (101.0, "1 % more")])
def test_an_equal_year_is_no_less(last_year, text):
    months = pd.date_range("2022-01-01", periods=24, freq="MS")
    frame = pd.DataFrame({"revenue": [100.0] * 12 + [last_year] * 12}, index=months)
    assert text in story.revenue_sentence(overview(months=frame)).text.replace("\u00a0", " ")


def test_the_top_tenth_is_a_tenth():
    shares = pd.DataFrame({"share_of_customers": [0.0, 0.09, 0.1, 0.11, 1.0], "share_of_revenue": [0.0, 0.3, 0.5, 0.6, 1.0]})
    assert overview(concentration=shares).top_tenth_share == pytest.approx(0.5)


@pytest.mark.parametrize(("as_of", "months", "left_out"), [(date(2023, 12, 31), 2, 0), (date(2023, 12, 30), 1, 30)])
def test_the_running_month_is_left_out_until_its_last_day(as_of, months, left_out):
    orders = pd.DataFrame({"order_date": pd.to_datetime(["2023-11-30", "2023-12-01"]), "order_amount": 1.0, "customer_id": ["a", "b"]})
    customers = pd.DataFrame({"recency_days": [1], "frequency": [1], "monetary": [1.0]})
    seen = choice_of_analyses.overview(orders, customers, RunContext(as_of, 7))
    assert (len(seen.months), seen.left_out_days, seen.retention.empty) == (months, left_out, months == 1)


def test_twelve_quarters_of_new_customers_are_followed():
    days = pd.date_range("2019-01-15", "2023-12-15", freq="QS") + pd.Timedelta(days=3)
    orders = pd.DataFrame({"order_date": days, "order_amount": 1.0, "customer_id": [f"c{i}" for i in range(len(days))]})
    customers = pd.DataFrame({"recency_days": [1], "frequency": [1], "monetary": [1.0]})
    assert len(days) == 19
    assert len(choice_of_analyses.overview(orders, customers, CONTEXT).retention) == 12


def test_who_never_ordered_is_in_no_picture_of_buyers():
    assert heat_of([5, 5], [0, 1]).sum() == 1
    customers = pd.DataFrame({"recency_days": [5, 5], "frequency": [0, 1], "monetary": [0.0, 1.0]})
    no_orders = pd.DataFrame({"order_date": pd.to_datetime([]), "order_amount": [], "customer_id": []})
    assert choice_of_analyses.overview(no_orders, customers, CONTEXT).customers == 1


def test_new_customers_are_followed_to_the_last_finished_quarter():
    days = pd.to_datetime(["2023-07-05", "2023-10-05"])
    orders = pd.DataFrame({"order_date": days, "order_amount": 1.0, "customer_id": ["a", "b"]})
    customers = pd.DataFrame({"recency_days": [1], "frequency": [1], "monetary": [1.0]})
    retention = choice_of_analyses.overview(orders.iloc[[0, 1, 1]].assign(customer_id=["a", "b", "a"]), customers, CONTEXT).retention
    assert retention.iloc[0].tolist() == [1.0, 1.0]
    assert retention.iloc[1, 0] == 1.0 and np.isnan(retention.iloc[1, 1])
