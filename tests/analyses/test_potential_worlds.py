"""Untapped potential in worlds with a known truth: equal firms stay silent, planted gaps are found with their euros."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.worlds import beaten_claims
from benchmarks.worlds.potential import AS_OF, Firms, claims, coverage
from helpers.analyses import potential
from helpers.analyses.potential.features import YEARS_BEFORE, features
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.results import Refusal, RunContext

QUICK = potential.Settings(draws=40)
MOMENT = RunContext(AS_OF, 3)


def run(firms: Firms, seed: int = 3) -> tuple[UntappedPotential | Refusal, float]:
    tables, unused = firms.tables(seed)
    return potential.run(tables, QUICK, MOMENT), unused


def test_equal_firms_leave_no_euros_lying_in_one_year():
    result, _unused = run(Firms(noise=0.5))
    finding = potential.story.finding(result)
    assert not result.chance.beaten and not beaten_claims(finding)
    assert "beyond chance" in finding.headline and "€" not in finding.headline
    assert result.table["unused_potential"].sum() == 0 and not len(result.named_list("unused"))
    assert potential.charts.unused(result) is None and potential.tables.potential_table(result) is None
    assert "reached_potential" not in potential.tables.segment_table(result).columns
    assert "bring the year before" in potential.certainty.how_sure(result).to_text()


def test_a_planted_gap_is_found_in_one_year_with_its_euros():
    result, unused = run(Firms(noise=0.2, behind=0.25))
    quality = result.quality
    assert result.chance.p_value == 0.01  # none of 99 worlds goes as far
    assert quality["unused_potential_low"] <= unused <= quality["unused_potential_high"]
    assert quality["unused_potential"] == pytest.approx(unused, rel=0.15)
    listed = result.named_list("unused")
    assert listed["reached_potential"].median() == pytest.approx(0.5, abs=0.1) and 60 <= len(listed) <= 110
    assert result.backtest is None and "lasting_share" not in quality


def test_what_lasts_is_told_from_years_and_the_list_of_a_year_ago_came_true():
    result, unused = run(Firms(noise=0.3, years=3, behind=0.3, gap=0.6))
    quality, backtest = result.quality, result.backtest
    assert result.chance.beaten and quality["unused_potential_low"] <= unused <= quality["unused_potential_high"]
    assert quality["lasting_share"] == pytest.approx(0.3 * 0.7 * np.log(0.4) ** 2 / (0.3 * 0.7 * np.log(0.4) ** 2 + 0.09), abs=0.1)
    # Shrunk euros do not come back by themselves.
    assert backtest.came_true == pytest.approx(backtest.predicted, rel=0.2) and backtest.still_behind > 0.9
    assert "listed a year ago" in " ".join(potential.story.why(result))
    assert "bring the year before" not in potential.certainty.how_sure(result).to_text()


def test_good_and_bad_years_that_do_not_last_leave_no_euros_lying():
    result, _unused = run(Firms(noise=0.5, years=2))
    assert not result.chance.beaten and result.backtest is None


def test_where_the_size_of_most_is_unknown_it_refuses_and_says_how_many_are_needed():
    refused, _unused = run(Firms(noise=0.2, known=0.3))
    assert isinstance(refused, Refusal) and "can be compared" in refused.gate.reason and "200 customers or more" in refused.gate.unlock


def test_firms_of_unknown_size_are_left_out_and_said():
    result, _unused = run(Firms(noise=0.2, known=0.7))
    assert not result.chance.beaten and 250 < result.quality["compared_customers"] < 310
    assert any("are not compared" in note for note in result.notes)
    assert result.table.loc[result.table["employees"].isna(), "potential"].isna().all()


def test_years_before_by_hand():
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "c", "c", "d"],
            "order_id": ["1", "2", "3", "4", "5", "6"],
            "order_date": pd.to_datetime(["2021-01-05", "2023-03-01", "2022-06-01", "2022-01-01", "2022-12-31", "2023-05-05"]),
            "order_amount": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0],
        }
    )
    customers = pd.DataFrame({"customer_id": list("abcd")})
    frame = features({"orders": orders, "customer_table": customers}, QUICK, MOMENT).set_index("customer_id")
    assert frame[YEARS_BEFORE[0]].tolist() == pytest.approx([0.0, 30.0, 90.0, np.nan], nan_ok=True)
    assert frame[YEARS_BEFORE[1]].tolist() == pytest.approx([10.0, np.nan, np.nan, np.nan], nan_ok=True)
    assert frame[YEARS_BEFORE[2]].isna().all()  # the orders do not reach so far back


@pytest.mark.parametrize(("first_day", "known"), [("2022-01-31", True), ("2022-02-01", False)])
def test_a_year_before_must_be_covered_but_for_its_first_month(first_day, known):
    orders = pd.DataFrame(
        {"customer_id": ["a", "a"], "order_id": ["1", "2"], "order_date": pd.to_datetime([first_day, "2023-05-05"]), "order_amount": 5.0}
    )
    frame = features({"orders": orders, "customer_table": pd.DataFrame({"customer_id": ["a"]})}, QUICK, MOMENT)
    assert frame[YEARS_BEFORE[0]].notna().all() == known


@pytest.mark.drill
@pytest.mark.parametrize("firms", [Firms(noise=0.2, behind=0.25), Firms(noise=0.5, years=3, behind=0.25)])
def test_intervals_cover_the_planted_euros(firms):
    answered, covered, _width = coverage(firms, range(50))
    assert answered >= 40 and covered >= 0.86 * answered  # 95 %, less what chance moves in 50


@pytest.mark.drill
@pytest.mark.parametrize("noise", [0.2, 0.5, 0.9])
def test_equal_firms_get_no_claim(noise):
    assert sum(claims(Firms(noise=noise), seed) for seed in range(50)) <= 6
