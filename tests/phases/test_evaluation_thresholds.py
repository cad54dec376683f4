"""Where the judgement of a pilot changes its mind: just below, at, and just above each of its thresholds."""

from __future__ import annotations

import math
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, fisher_exact

from helpers.core.results import RunContext
from helpers.phases import evaluation
from helpers.phases.evaluation.balance import balance
from helpers.phases.evaluation.conversions import Difference, compare_conversions, enough_expected
from helpers.phases.evaluation.criteria import answer_of, check_criteria
from helpers.phases.evaluation.drift import homogeneity
from helpers.phases.evaluation.people import between, people_of
from helpers.phases.evaluation.plan import hoped_effect, people_needed, progress_of, with_dates
from helpers.phases.evaluation.readings import read_conversions, read_revenue, without_carrier
from helpers.phases.evaluation.revenue import Shift, buyers_needed, compare_revenue
from helpers.phases.evaluation.story.answer import early_stop
from helpers.phases.evaluation.timeline import evolution
from helpers.phases.evaluation.verdict import judge, people_to_know, proposals, put_right

START, STOP = date(2026, 7, 1), date(2026, 8, 30)
NAN = float("nan")
HALVES = {"treated": 0.5, "holdout_group": 0.5}


def written(**keys) -> dict:
    plan = {
        "pilot_id": "p",
        "holdout_share": 0.5,
        "start_date": START.isoformat(),
        "stop_date": STOP.isoformat(),
        "look_dates": ["2026-07-31", "2026-08-30"],
        "alpha": 0.05,
        "criteria": [],
    }
    return plan | keys


# ---- Are the arms as drawn ----


def test_arms_that_chance_makes_less_often_than_once_in_a_thousand_stop_the_reading():
    fine, uneven = (
        evaluation.sample_ratio.sample_ratio({"treated": 552, "holdout_group": 448}, HALVES),
        {"treated": 553, "holdout_group": 447},
    )
    assert fine.holds and fine.p_value == pytest.approx(0.001115, abs=1e-6)
    assert not evaluation.sample_ratio.sample_ratio(uneven, HALVES).holds
    exactly = evaluation.sample_ratio.sample_ratio(uneven, HALVES).p_value
    assert evaluation.sample_ratio.sample_ratio(uneven, HALVES, stop=exactly).holds
    assert not evaluation.sample_ratio.sample_ratio(uneven, HALVES, stop=exactly * 1.001).holds
    assert evaluation.Settings().ratio_stop == 0.001


def test_what_the_check_of_the_arms_would_notice():
    checked = evaluation.sample_ratio.sample_ratio({"treated": 500, "holdout_group": 500}, HALVES)
    # (3.2905 + 0.8416) standard errors of a half of a thousand
    assert checked.detectable == pytest.approx(4.1321 * math.sqrt(0.25 / 1000), abs=1e-5)
    three = evaluation.sample_ratio.sample_ratio({"a": 400, "b": 300, "c": 300}, {"a": 1, "b": 1, "c": 1})
    assert three.p_value == pytest.approx(4.54e-5, abs=1e-6)  # Pearson: 20 on two degrees of freedom
    assert evaluation.sample_ratio.sample_ratio({"a": 3}, {"a": 1}).p_value == 1.0
    with pytest.raises(ValueError, match="nobody"):
        evaluation.sample_ratio.sample_ratio({"a": 0}, {"a": 1})


@pytest.mark.parametrize(("people", "by_chance"), [(50, 0.6), (200, 0.3), (1800, 0.1), (5000, 0.1)])
def test_features_are_pointed_out_beyond_a_tenth_and_three_standard_errors(people, by_chance):
    frame = pd.DataFrame({"treated": np.arange(2 * people) % 2 == 0, "before_monetary": np.arange(2 * people) // 2})
    assert balance(frame)["by_chance"].item() == pytest.approx(by_chance)
    # Values of +1 and -1 around two means: a spread of exactly one.
    signs = np.where(np.arange(2 * people) // 2 % 2 == 0, 1.0, -1.0)
    for difference, even in ((by_chance * 0.999, True), (by_chance * 1.001, False)):
        assert balance(frame.assign(before_monetary=signs + difference * frame["treated"]))["even"].item() == even


def test_a_difference_of_exactly_the_limit_is_even():
    frame = pd.DataFrame({"treated": [True] * 72 + [False] * 72, "before_monetary": [1.5, -0.5] * 36 + [1.0, -1.0] * 36})
    assert balance(frame)["difference"].item() == 0.5 and balance(frame, limit=0.5)["even"].item()


# ---- Is there enough to read ----


def people(treated: int, holdout: int, converted: int, converted_holdout: int) -> pd.DataFrame:
    count = np.r_[np.arange(treated) < converted, np.arange(holdout) < converted_holdout]
    return pd.DataFrame({"treated": np.r_[np.ones(treated, bool), np.zeros(holdout, bool)], "converted": count})


def test_ten_expected_conversions_in_the_smaller_arm_are_enough():
    for converted, readable in ((19, False), (20, True), (21, True)):
        read = read_conversions(people(500, 500, converted, 0), 0.05, evaluation.Settings())
        assert (read is not None) == readable
    assert read_conversions(people(900, 100, 99, 0), 0.05, evaluation.Settings()) is None
    assert read_conversions(people(900, 100, 100, 0), 0.05, evaluation.Settings()) is not None
    assert read_conversions(people(900, 0, 900, 0), 0.05, evaluation.Settings()) is None
    assert not enough_expected(0, 0, 0, 0) and enough_expected(0, 1, 1, 0)


def spenders(buyers: int, amount: np.ndarray | float = 10.0, size: int = 200) -> pd.DataFrame:
    """A pilot of so many people in two halves, of whom so many bought; treated and left out by turns."""
    revenue = np.zeros(size)
    revenue[:buyers] = amount
    return pd.DataFrame({"treated": np.arange(size) % 2 == 0, "revenue": revenue, "before_revenue": NAN})


def uneven(spread: float, buyers: int) -> np.ndarray:
    """Amounts of so many buyers whose standard deviation is so many times their mean: one in ten spends more."""
    share = 0.1
    dearer = spread / math.sqrt(share * (1 - share))
    many = buyers // 10
    # The mean is 1, so that the spread is the standard deviation itself.
    return np.r_[np.full(many, 1 + (1 - share) * dearer), np.full(buyers - many, 1 - share * dearer)]


def test_fifteen_buyers_in_the_smaller_arm_are_enough_and_four_times_as_many_of_very_uneven_ones():
    settings = evaluation.Settings(permutations=999)
    for buyers, readable in ((29, False), (30, True)):
        assert (read_revenue(spenders(buyers), 0.05, settings, 1)[0] is not None) == readable
    assert buyers_needed(uneven(1.29, 100), 30) == 30 and buyers_needed(uneven(1.31, 100), 30) == 120
    assert buyers_needed(np.array([-5.0, 0.0, 1.0]), 30) == 120
    # A spread over the mean of 0.83 only, but logarithms as far apart as those of a long tail.
    for spread, needed in ((1.19, 30), (1.21, 120)):
        assert buyers_needed(np.exp(np.r_[np.full(50, spread), np.full(50, -spread)]), 30) == needed
    for buyers, readable in ((110, False), (120, True)):
        frame = spenders(buyers, uneven(1.4, buyers), size=400)
        assert (read_revenue(frame, 0.05, settings, 1)[0] is not None) == readable


def test_two_people_per_arm_have_a_spread_and_one_has_none():
    settings = evaluation.Settings(permutations=999).model_copy(update={"least_buyers": 1})
    assert read_revenue(spenders(4, np.array([1.0, 2.0, 3.0, 4.0]), size=4), 0.05, settings, 1)[0] is not None
    assert read_revenue(spenders(3, 1.0, size=3), 0.05, settings, 1) == (None, pytest.approx(NAN, nan_ok=True))


def outcomes_of(ids: list[str], on: date = START) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": ids, "outcome_date": pd.Timestamp(on), "outcome_amount": 1.0})


@pytest.mark.parametrize(("treated", "holdout", "opens"), [(2, 2, True), (1, 2, False), (2, 1, False), (3, 0, False)])
def test_two_people_on_both_sides_open_the_gate(treated, holdout, opens):
    ids = [f"c{number}" for number in range(treated + holdout)]
    treatment = ["treated"] * treated + ["holdout_group"] * holdout
    tables = {"assignment": pd.DataFrame({"customer_id": ids, "treatment": treatment}), "outcomes": outcomes_of(ids[:1])}
    gate = evaluation.gate.may_we(tables, evaluation.Settings(), RunContext(STOP, 1), written())
    assert gate.closed != opens


def test_outcomes_from_the_start_to_the_round_count_both_days_included():
    ids = ["a", "b", "c", "d"]
    tables = {"assignment": pd.DataFrame({"customer_id": ids, "treatment": ["treated", "holdout_group"] * 2})}
    for on, opens in ((START - timedelta(1), False), (START, True), (STOP, True), (STOP + timedelta(1), False)):
        gate = evaluation.gate.may_we(tables | {"outcomes": outcomes_of(["a"], on)}, evaluation.Settings(), RunContext(STOP, 1), written())
        assert gate.closed != opens
    events = pd.DataFrame({"when": pd.to_datetime(["2026-06-30", "2026-07-01", "2026-08-30", "2026-08-31"])})
    assert len(between(events, START, STOP)) == 2


def test_the_spend_before_is_taken_out_where_it_explains_a_twentieth():
    rng = np.random.default_rng(3)
    treated = np.arange(400) % 2 == 0
    amounts = rng.normal(100, 1, 400)
    noise = rng.normal(size=400)
    settings = evaluation.Settings(permutations=999)
    own, noise = (amounts - amounts.mean()) / amounts.std(), noise - noise.mean()
    # Made independent in this very sample, so that the mix explains just what it is meant to.
    noise = noise - own * (noise @ own) / (own @ own)
    raw = compare_revenue(amounts, treated, alpha=0.05, permutations=999, seed=1)
    for explained, sharper in ((0.049, False), (0.051, True)):
        before = math.sqrt(explained) * own + math.sqrt(1 - explained) * noise / noise.std()
        frame = pd.DataFrame({"treated": treated, "revenue": amounts, "before_revenue": before})
        shift, left = read_revenue(frame, 0.05, settings, 1)
        assert left == pytest.approx(1 - explained, abs=1e-6) and (shift != raw) == sharper
        assert read_revenue(frame, 0.05, evaluation.Settings(permutations=999, use_pre_period=False), 1)[0] == raw


def test_only_so_many_days_before_the_start_count_as_the_past():
    orders = pd.DataFrame({"customer_id": "a", "order_amount": [1.0, 2.0, 4.0, 8.0]})
    orders["order_date"] = pd.to_datetime(["2025-06-30", "2025-07-01", "2026-06-30", "2026-07-01"])
    assignment = pd.DataFrame({"customer_id": ["a"], "treatment": ["treated"]})
    events = pd.DataFrame({"customer_id": [], "when": pd.to_datetime([]), "amount": []})
    assert people_of(assignment, events, START, STOP, orders=orders)["before_revenue"].tolist() == [6.0]
    assert evaluation.Settings().pre_period_days == 365


def with_one(amount: float, in_holdout: bool) -> pd.DataFrame:
    """A pilot of 300 treated and 100 left out, all but one of whom buy for about ten."""
    revenue = np.random.default_rng(5).normal(10, 1, 400)
    revenue[399 if in_holdout else 0] = amount
    return pd.DataFrame({"treated": np.arange(400) < 300, "revenue": revenue, "before_revenue": NAN})


@pytest.mark.parametrize(("in_holdout", "least"), [(True, 22), (False, 45)])
def test_one_person_carries_the_revenue_from_a_standard_error_on(in_holdout: bool, least: float):
    settings = evaluation.Settings(permutations=999)
    for amount, carries in ((least * 0.9, False), (least * 1.1, True), (5000.0, True)):
        frame = with_one(amount, in_holdout)
        shift, _left = read_revenue(frame, 0.05, settings, 1)
        without = without_carrier(frame, shift, 0.05, settings, 1)
        assert (without is not None) == carries, (amount, shift, without)
    # However wide the one person makes the interval, what is left without them is named.
    assert shift.high - shift.low > 10 and abs(without.difference) < 0.5


# ---- Did the split change over time ----


def test_small_counts_are_tested_exactly_where_they_may_be_a_surprise():
    exactly_five, below = np.array([[10, 190], [0, 200]]), np.array([[9, 191], [0, 200]])
    assert homogeneity(exactly_five) == pytest.approx(chi2_contingency(exactly_five, correction=False).pvalue)
    assert homogeneity(below) == pytest.approx(fisher_exact(below).pvalue)
    # Far from a surprise Pearson's figure will do.
    dull = np.array([[4, 196], [1, 199]])
    assert homogeneity(dull) == chi2_contingency(dull, correction=False).pvalue > 0.05
    assert homogeneity(np.array([[7, 193], [1, 199]])) == pytest.approx(fisher_exact([[7, 193], [1, 199]]).pvalue)
    # Of more rows and columns tables are drawn: ten thousand with the one that was seen.
    assert homogeneity(np.array([[30, 0, 1], [0, 4, 0], [0, 0, 4]])) == pytest.approx(1 / 10_000)


# ---- Looks ----


@pytest.mark.parametrize(
    ("as_of", "done", "until", "alpha"),
    [
        ("2026-07-30", 0, "2026-07-30", 0.003051),
        ("2026-07-31", 1, "2026-07-31", 0.003051),
        ("2026-08-29", 1, "2026-07-31", 0.003051),
        ("2026-08-30", 2, "2026-08-30", 0.049),
        ("2026-12-31", 2, "2026-08-30", 0.049),
    ],
)
def test_a_look_counts_from_its_day_on(as_of, done, until, alpha):
    progress = progress_of(with_dates(written()), date.fromisoformat(as_of))
    assert (progress.looks_done, progress.until.isoformat()) == (done, until)
    assert progress.alpha == pytest.approx(alpha, abs=1e-5)
    looks = [date(2026, 7, 31), date(2026, 8, 30), None]
    assert progress.next_look == looks[done]


def test_without_looks_the_stop_is_the_only_one():
    progress = progress_of(with_dates(written(look_dates=None)), STOP)
    assert progress.looks_done == 1 and progress.alpha == pytest.approx(0.05, abs=1e-6)


def test_people_needed_follow_the_rise_hoped_for_and_are_not_said_without_one():
    plan = written() | {"hoped_rise": 0.2}
    assert people_needed(people(500, 500, 50, 50), {**plan, "hoped_rise": None}) == 0
    assert people_needed(people(500, 500, 50, 50), plan) == people_to_know(0.1, 0.02, 0.5) == pytest.approx(7670, rel=0.005)
    assert people_needed(people(500, 500, 0, 0), plan) == 0
    assert people_needed(people(500, 500, 0, 0), plan | {"base_rate": 0.1}) == pytest.approx(7670, rel=0.005)


@pytest.mark.parametrize(("rate", "uplift"), [(0.0, 0.1), (1.0, -0.1), (0.5, 0.5), (0.5, -0.5), (0.5, 0.0)])
def test_what_cannot_be_known_needs_no_people(rate, uplift):
    assert people_to_know(rate, uplift, 0.5) == 0
    assert people_to_know(min(max(rate, 0.001), 0.999), uplift * 0.99 or 0.01, 0.5) > 0


# ---- Criteria and verdict ----


@pytest.mark.parametrize(
    ("figure", "least", "most", "surely", "answer"),
    [
        ((0.01, 0.0, 0.02), 0.01, None, False, "met"),
        ((0.0099, 0.0, 0.02), 0.01, None, False, "not_met"),
        ((0.02, 0.0, 0.03), None, 0.02, False, "met"),
        ((0.0201, 0.0, 0.03), None, 0.02, False, "not_met"),
        ((0.02, 0.01, 0.03), 0.01, None, True, "met"),
        ((0.02, 0.0099, 0.03), 0.01, None, True, "unknown"),
        ((0.0, -0.01, 0.01), 0.01, None, True, "unknown"),
        ((0.0, -0.01, 0.0099), 0.01, None, True, "not_met"),
        ((0.01, 0.0, 0.02), 0.0, None, True, "unknown"),
        ((0.01, 0.0001, 0.02), 0.0, None, True, "met"),
        ((0.01, 0.0, 0.02), None, 0.02, True, "met"),
        ((0.01, 0.0, 0.0201), None, 0.02, True, "unknown"),
        ((NAN, NAN, NAN), 0.0, None, False, "unknown"),
        ((0.5, NAN, NAN), 0.0, None, True, "unknown"),
    ],
)
def test_criteria_at_their_border(figure, least, most, surely, answer):
    assert answer_of(figure, least, most, surely) == answer
    plan = {"criteria": [{"measure": "m", "at_least": least, "at_most": most, "surely": surely}]}
    assert check_criteria(plan, {"m": figure})["answer"].tolist() == [answer]
    assert check_criteria(plan, {})["answer"].tolist() == ["unknown"]


def judged(
    low: float, high: float, answers: tuple[str, ...] = (), worthwhile: float = NAN, next_look: date | None = None, ruled_out=(), **keys
):
    measures = ["net_money", "reached_share"][: len(answers)]
    criteria = pd.DataFrame({"measure": measures, "answer": list(answers), "ruled_out": list(ruled_out or [False] * len(answers))})
    known = {"looks_done": 1, "people_needed": 70} | keys
    return judge(Shift(0.0, low, high, 0.5), criteria, next_look=next_look, worthwhile=worthwhile, **known)


def verdict_of(*values, **keys) -> tuple[str, str]:
    judgement = judged(*values, **keys)
    return judgement.kind, judgement.decision


def test_the_kind_of_verdict_at_its_borders():
    assert verdict_of(0.0, 1.0) == ("unknown", "wait") and verdict_of(0.001, 1.0) == ("worked", "go")
    assert verdict_of(-1.0, 0.0) == ("unknown", "wait") and verdict_of(-1.0, -0.001) == ("harmed", "no_go")
    assert verdict_of(-1.0, 0.5, worthwhile=0.5) == ("unknown", "wait")
    assert verdict_of(-1.0, 0.499, worthwhile=0.5) == ("not_enough", "no_go")
    assert verdict_of(-1.0, 0.5, worthwhile=0.0) == ("unknown", "wait")
    for kept in ("ratio", "drift", "attrition"):
        assert verdict_of(0.1, 1.0, kept=kept) == (kept, "wait")
    assert verdict_of(0.1, 1.0, kept="described") == ("described", "wait") and verdict_of(0.1, 1.0, looks_done=0) == ("too_early", "wait")


def test_a_pilot_is_no_go_only_where_a_criterion_is_surely_not_met_and_only_at_the_last_look():
    assert verdict_of(0.1, 1.0, ("met", "met")) == ("worked", "go") and verdict_of(0.1, 1.0, ("met", "unknown")) == ("worked", "wait")
    # An estimate on the wrong side may be chance: no go, and no no-go either.
    assert verdict_of(0.1, 1.0, ("not_met",)) == ("worked", "wait") and verdict_of(-0.1, 1.0, ("not_met",)) == ("unknown", "wait")
    assert verdict_of(0.1, 1.0, ("not_met",), ruled_out=[True]) == ("worked", "no_go")
    assert verdict_of(0.1, 1.0, ("not_met",), ruled_out=[True], next_look=STOP) == ("worked", "wait")
    # The headline says the same as the decision.
    assert verdict_of(-0.1, 1.0, ("not_met",), ruled_out=[True]) == ("not_enough", "no_go")
    assert verdict_of(-0.1, 1.0, ("met", "not_met"), ruled_out=[False, True]) == ("failed", "no_go")
    assert verdict_of(-1.0, -0.1, ("met",), next_look=STOP) == ("harmed", "no_go")


def test_a_rise_outside_the_interval_is_ruled_out_and_needs_no_more_people():
    inside, outside = judged(-0.1, 0.2, hoped=0.2), judged(-0.1, 0.199, hoped=0.2)
    assert (inside.ruled_out, inside.people_needed, outside.ruled_out, outside.people_needed) == (False, 70, True, 0)
    assert not judged(-0.1, 0.2).ruled_out and not judged(0.1, 0.15, hoped=0.2).ruled_out
    changes = [proposals(judgement, pd.DataFrame())[0].change for judgement in (inside, outside)]
    assert changes == ["repeat_larger", "try_other_message"]
    assert hoped_effect(people(10, 10, 0, 5), {}) != hoped_effect(people(10, 10, 0, 5), {})  # nobody hoped for anything
    assert hoped_effect(people(10, 10, 0, 5), {"hoped_rise": 0.5}) == 0.25
    hoped = written() | {"hoped_rise": 0.2}
    assert people_needed(people(3834, 3835, 0, 383), hoped) > 0 == people_needed(people(4000, 4000, 0, 400), hoped)


@pytest.mark.parametrize("kind", ["worked", "unknown", "failed", "too_little", "too_early"])
def test_only_before_its_end_a_pilot_is_to_run_on(kind: str):
    def change(decision: str, next_look: date | None) -> str:
        return proposals(evaluation.verdict.Judgement(kind, decision, next_look=next_look), pd.DataFrame())[0].change

    assert change("wait", STOP) == "repeat_longer" and change("wait", None) != "repeat_longer" != change("no_go", None)


def test_an_effect_found_at_an_early_look_is_put_right():
    plan = with_dates(written())
    # 0.003051 is the level of the first of two looks: its border lies at 2.963 standard errors.
    at_border, far = Shift(2.963, 0.0, 5.926, 0.003), Shift(6.0, 3.037, 8.963, 0.0001)
    assert put_right(at_border, "worked", plan, 1, 0.0030508) == pytest.approx(0, abs=0.1)
    assert put_right(far, "worked", plan, 1, 0.0030508) == pytest.approx(6, abs=0.01)
    between_them = put_right(Shift(3.4, 3.4 - 2.963, 3.4 + 2.963, 0.001), "worked", plan, 1, 0.0030508)
    assert 1.5 < between_them < 3 and put_right(Shift(-3.4, -6.363, -0.437, 0.001), "harmed", plan, 1, 0.0030508) == -between_them
    result = SimpleNamespace(plan={}, revenue=None, conversions=at_border, put_right=0.97 * 2.963)
    assert "as likely more as less" in early_stop(result)
    assert (
        early_stop(SimpleNamespace(**vars(result) | {"put_right": 0.99 * 2.963}))
        == early_stop(SimpleNamespace(**vars(result) | {"put_right": NAN}))
        == ""
    )
    for comparison, kind, look in ((far, "worked", 2), (far, "unknown", 1), (None, "too_little", 1)):
        assert math.isnan(put_right(comparison, kind, plan, look, 0.05))


def segments_of(difference: list[float], p_holm: list[float], p_apart: list[float], elsewhere: list[float]) -> pd.DataFrame:
    names = [chr(97 + row) for row in range(len(difference))]
    own = {"difference": difference, "shrunken": difference, "p_holm": p_holm, "p_apart": p_apart, "elsewhere": elsewhere}
    return pd.DataFrame({"segment": names, "people": 10, "readable": True} | own)


def test_a_segment_is_proven_at_five_percent():
    segments = segments_of([0.1, -0.1], [0.05, 0.05], [0.05, 0.05], [-0.1, 0.1])
    judgement = evaluation.verdict.Judgement("unknown", "wait")
    made = [(proposal.change, proposal.segment) for proposal in proposals(judgement, segments)]
    assert made == [("repeat_larger", ""), ("only_segment", "a"), ("stop", "b")]
    # Either its own effect, or that it is another than elsewhere, is not proven; or it can't be read.
    for unproven in ({"p_holm": 0.0501}, {"p_apart": 0.0501}, {"readable": False}):
        assert [proposal.change for proposal in proposals(judgement, segments.assign(**unproven))] == ["repeat_larger"]
    assert len(proposals(judgement, segments.iloc[:1])) == 1
    harmed = proposals(evaluation.verdict.Judgement("harmed", "no_go"), segments)
    assert [proposal.change for proposal in harmed] == ["stop", "only_segment"]


def test_only_what_is_above_the_rest_is_begun_with_and_the_best_first():
    segments = segments_of([0.05, 0.2, 0.1, -0.2], [0.01] * 4, [0.01] * 4, [0.06, 0.0, 0.0, 0.1])
    made = proposals(evaluation.verdict.Judgement("worked", "go"), segments)
    assert [(proposal.change, proposal.segment) for proposal in made] == [("begin_with", "b"), ("begin_with", "c"), ("stop", "d")]
    assert "20.0 percentage points more convert there, elsewhere 0.0" in evaluation.story.proposal_text(made[0], "x")


def test_an_effect_of_nothing_proves_no_segment():
    nothing = segments_of([0.0, 0.0, 0.1], [0.01, 0.01, 0.9], [0.01] * 3, [0.1, 0.1, 0.0])
    assert len(proposals(evaluation.verdict.Judgement("unknown", "wait"), nothing)) == 1


def test_p_values_reach_far_into_the_tail():
    assert compare_conversions(0, 10, 0, 10).p_value == pytest.approx(1.0)
    assert 0 < compare_conversions(810, 900, 90, 900).p_value < 1e-280
    with pytest.raises(ValueError, match="at least one person"):
        compare_conversions(0, 0, 1, 1)
    difference = compare_conversions(1, 1, 1, 1)
    assert isinstance(difference, Difference) and difference.difference == 0


def test_the_same_seed_gives_the_same_interval_in_every_version():
    # More people than are dealt in one go, so that the size of a go is pinned too.
    amounts = np.round(np.random.default_rng(9).lognormal(3, 1, 2000), 2)
    shift = compare_revenue(amounts, np.arange(2000) % 2 == 0, alpha=0.05, permutations=1100, seed=3)
    assert (shift.low, shift.high, shift.p_value) == pytest.approx((-3.646235, 3.630514, 0.926431), abs=1e-5)


# ---- Months ----


def test_months_shown_are_whole_ones_around_the_pilot():
    assigned = pd.DataFrame({"customer_id": ["a", "b"], "treated": [True, False]})
    days = pd.date_range("2025-01-15", "2027-06-15", freq="MS")
    events = pd.DataFrame({"customer_id": "a", "when": days, "amount": 1.0})
    table = evolution(assigned, events, START, STOP, date(2027, 6, 30))
    assert (table["month"].min(), table["month"].max()) == (pd.Timestamp("2026-01-01"), pd.Timestamp("2027-02-01"))
    periods = table.drop_duplicates("month").set_index("month")["period"]
    assert periods["2026-06"].tolist() == ["before"] and periods["2026-09"].tolist() == ["after"]
    assert periods["2026-07"].tolist() == periods["2026-08"].tolist() == ["during"]
    for as_of, last in ((date(2026, 9, 29), "2026-08-01"), (date(2026, 9, 30), "2026-09-01")):
        assert evolution(assigned, events, START, STOP, as_of)["month"].max() == pd.Timestamp(last)
    assert evolution(assigned, events.iloc[:0], START, STOP, STOP).empty


def test_last_year_is_known_where_the_data_reach_a_year_back():
    assigned = pd.DataFrame({"customer_id": ["a", "b"], "treated": [True, False]})
    events = pd.DataFrame({"customer_id": "a", "when": pd.to_datetime(["2025-07-03", "2026-07-03", "2026-08-03"]), "amount": 1.0})
    table = evolution(assigned, events, START, STOP, date(2026, 12, 31), months=1)
    treated = table[table["arm"] == "treated"].set_index("month")["last_year"]
    assert treated.loc["2026-07-01"] == 1.0 and treated.loc["2026-08-01"] == 0.0 and math.isnan(treated.loc["2026-06-01"])


def test_defaults_are_those_of_the_handbook():
    settings = evaluation.Settings()
    assert (settings.least_conversions, settings.least_buyers, settings.permutations) == (10, 15, 4999)
    assert (settings.imbalance, settings.months_around, settings.segments) == (0.1, 6, ("group_name",))
