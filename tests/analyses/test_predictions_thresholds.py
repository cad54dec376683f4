"""Every number that decides what is foretold and how sure that is, just below and just above it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import leaving
from helpers.analyses.predictions import (
    Settings,
    btyd,
    certainty,
    detect,
    gate,
    guard,
    holdout,
    judging,
    labels,
    measures,
    models,
    reasons,
    result,
    rolling,
    value,
    windows,
)
from helpers.analyses.predictions.judging import EventCounts
from helpers.core.results import Gate, RunContext, Verdict

AS_OF = date(2024, 12, 31)
END = pd.Timestamp(AS_OF)


def known(days_ago: list[int], customer: str = "a", amount: float = 10.0) -> pd.DataFrame:
    """Return one customer's orders, so many days before the end."""
    days = [END - pd.Timedelta(days=days) for days in days_ago]
    orders = pd.DataFrame({"customer_id": customer, "order_date": days, "order_amount": amount})
    return windows.known_orders(orders, AS_OF)


# ---- The gate ----


def gate_with(monkeypatch, counts: EventCounts, low: float | None = 0.6, history: int = 1000, **keys) -> Gate:
    trial = None if low is None else detect.Detectable(0.7, low, 0.8, 500)
    monkeypatch.setattr(gate, "counts_at", lambda event, orders, days: counts)
    monkeypatch.setattr(gate, "detectable", lambda event, orders, days, seed: trial)
    orders = known([history, 0]).rename(columns={"order_day": "order_date"})
    return gate.requires({"orders": orders}, Settings(**keys), RunContext(AS_OF, 1))


@pytest.mark.parametrize(
    ("customers", "least", "windows_", "low", "kind"),
    [
        (99, 50, 5, 0.6, "not_yet"),
        (100, 50, 5, 0.6, "caution"),
        (250, 19, 5, 0.6, "not_yet"),
        (250, 20, 5, 0.6, "caution"),
        (250, 50, 1, 0.6, "not_yet"),
        (250, 50, 2, 0.6, "go"),
        (249, 50, 5, 0.6, "caution"),
        (250, 49, 5, 0.6, "caution"),
        (251, 51, 3, 0.6, "go"),
        (250, 50, 5, 0.5, "caution"),
        (250, 50, 5, 0.501, "go"),
        (250, 50, 5, None, "caution"),
    ],
)
def test_100_customers_with_20_of_each_open_the_gate_and_250_with_50_above_chance_lift_the_caution(
    monkeypatch, customers, least, windows_, low, kind
):
    assert gate_with(monkeypatch, EventCounts(customers, least, windows_), low).verdict.kind == kind


@pytest.mark.parametrize(("history", "kind"), [(145, "not_yet"), (146, "go")])
def test_two_periods_of_four_weeks_after_ninety_days_are_the_least_history(monkeypatch, history, kind):
    assert gate_with(monkeypatch, EventCounts(500, 100, 2), history=history).verdict.kind == kind


@pytest.mark.parametrize(("history", "opens"), [(819, False), (820, True)])
def test_a_time_ahead_that_the_client_asks_for_needs_two_of_it_after_ninety_days(monkeypatch, history, opens):
    said = gate_with(monkeypatch, EventCounts(500, 100, 2), history=history, horizon_days=365)
    assert said.closed is not opens
    if not opens:
        assert "365 days ahead" in said.reason and "You need 27 months" in said.unlock
    assert not gate_with(monkeypatch, EventCounts(500, 100, 2), history=200).closed  # nothing asked for: what the history carries


def test_a_period_that_the_client_made_short_is_tried_all_the_same(monkeypatch):
    assert gate_with(monkeypatch, EventCounts(500, 100, 2), horizon_days=27).verdict.kind == "go"


def test_a_short_history_names_the_day_that_unlocks_it(monkeypatch):
    closed = gate_with(monkeypatch, EventCounts(500, 100, 2), history=100)
    assert "15 February 2025" in closed.unlock  # 22 September 2024 and 90 + 2 × 28 days


def test_with_two_periods_it_is_customers_that_are_missing(monkeypatch):
    assert gate_with(monkeypatch, EventCounts(99, 50, 2)).reason.startswith("Too few customers")
    assert gate_with(monkeypatch, EventCounts(99, 50, 1)).reason.startswith("The history is too short")


@pytest.mark.parametrize(("customers", "least", "enough"), [(99, 20, False), (100, 20, True), (100, 19, False), (101, 21, True)])
def test_an_event_needs_100_customers_with_20_of_each(customers, least, enough):
    assert EventCounts(customers, least, 2).enough is enough


@pytest.mark.parametrize(("customers", "came_back", "enough"), [(99, 20, False), (100, 19, False), (100, 20, True)])
def test_a_rhythm_needs_100_customers_of_whom_20_came_back(customers, came_back, enough):
    ids = [f"c{number}" for number in [*range(customers), *range(came_back)]]
    days = [END - pd.Timedelta(days=60)] * customers + [END] * came_back
    orders = pd.DataFrame({"customer_id": ids, "order_day": days, "order_amount": 1.0})
    assert gate.have_rhythm(orders) is enough
    assert not gate.have_rhythm(orders.assign(order_day=END))  # twice on one day is no rhythm


def test_where_only_outcomes_are_missing_the_rhythm_alone_is_said(monkeypatch):
    monkeypatch.setattr(gate, "have_rhythm", lambda known: True)
    only = gate_with(monkeypatch, EventCounts(100, 0, 2))
    assert only.verdict == Verdict("caution", "rhythm only") and not only.closed
    assert gate_with(monkeypatch, EventCounts(100, 0, 1)).closed


# ---- Looking back ----


@pytest.mark.parametrize(("first", "fits"), [(145, False), (146, True)])
def test_a_cut_off_has_ninety_days_of_history_before_it(first, fits):
    assert (windows.cut_offs(known([first, 0]), AS_OF, 28, 4) is not None) is fits


@pytest.mark.parametrize(("history", "reads_gap"), [(729, False), (730, True), (731, True)])
def test_the_gap_is_a_feature_from_two_years_of_history(history, reads_gap):
    assert ("expected_gap_days" in windows.columns_for(known([history, 0]))) is reads_gap


def test_the_expected_gap_counts_the_gap_of_the_shop_once():
    days = pd.to_datetime(["2024-01-01", "2024-01-01"])
    frame = pd.DataFrame({"first": days, "last": pd.to_datetime(["2024-01-31", "2024-01-11"]), "days": [4, 2]})
    # Shop: 40 days over 4 gaps = 10. Own: (30 + 10) / (3 + 1) and (10 + 10) / (1 + 1).
    assert windows.expected_gap_days(frame).tolist() == [10.0, 10.0]
    frame["last"] = pd.to_datetime(["2024-01-31", "2024-01-31"])
    assert windows.expected_gap_days(frame).tolist() == [pytest.approx((30 + 15) / 4), pytest.approx((30 + 15) / 2)]


@pytest.mark.parametrize(("first", "covered"), [(363, False), (364, True), (365, True)])
def test_last_year_is_fifty_two_weeks_ago(first, covered):
    assert windows.covers_last_year(known([first, 0]), END) is covered


@pytest.mark.parametrize(("days_ago", "count"), [(364, 0), (363, 1), (350, 1), (349, 0)])
def test_as_last_year_counts_the_same_fourteen_days(days_ago, count):
    assert windows.bought_last_year(known([days_ago]), pd.Index(["a"]), END, 14).tolist() == [count]


def test_without_borders_of_the_client_there_are_five_bands():
    features = pd.DataFrame({"monetary_year": np.arange(11.0)})
    assert labels.band_edges(features, ()).tolist() == pytest.approx([2, 4, 6, 8])


def test_bands_of_spend_start_at_their_border():
    bands = labels.value_band(pd.DataFrame({"monetary_year": [99.9, 100.0, 500.0]}), np.array([100.0, 500.0]))
    assert bands.tolist() == [0, 1, 2]


# ---- The model ----


def sample(customers: int, hits: int) -> models.Sample:
    frame = pd.DataFrame({"frequency": np.ones(customers)}, index=[f"c{number}" for number in range(customers)])
    return models.Sample(frame, (np.arange(customers) < hits).astype(int), np.zeros(customers, dtype="datetime64[ns]"))


@pytest.mark.parametrize(
    ("customers", "hits", "from_customers", "why"),
    [
        (99, 49, 0, "too_few"),
        (100, 50, 0, "wins"),
        (101, 50, 0, "wins"),
        (101, 51, 0, "wins"),
        (999, 500, 1000, "too_few"),
        (1000, 500, 1000, "wins"),
        (1000, 951, 1000, "too_few"),
        (1000, 950, 1000, "wins"),
    ],
)
def test_boosting_is_tried_with_ten_of_either_outcome_per_fold(monkeypatch, customers, hits, from_customers, why):
    monkeypatch.setattr(models, "boosting_lead", lambda *_: (0.1, 0.05, 0.15))
    assert models.choose(sample(customers, hits), 1, from_customers).why == why


@pytest.mark.parametrize(("rows_each", "why"), [(49, "too_few"), (50, "wins")])
def test_boosting_is_tried_from_fifty_customers_whatever_the_client_sets(monkeypatch, rows_each, why):
    monkeypatch.setattr(models, "boosting_lead", lambda *_: (0.1, 0.05, 0.15))
    once = sample(rows_each, rows_each // 2)
    thrice = models.Sample(pd.concat([once.features] * 3), np.tile(once.outcome, 3), np.tile(once.through, 3))
    assert models.choose(thrice, 1, 0).why == why


@pytest.mark.parametrize(("low", "name", "why"), [(0.0, "logistic", "not_shown"), (0.001, "boosting", "wins")])
def test_boosting_wins_only_beyond_chance(monkeypatch, low, name, why):
    monkeypatch.setattr(models, "boosting_lead", lambda *_: (0.1, low, 0.2))
    assert models.choose(sample(200, 100), 1, 0)[:2] == (name, why)


def rankings(**better: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return 400 outcomes and what each method foretells of them, by how much it knows (0: nothing)."""
    rng = np.random.default_rng(4)
    outcome = (np.arange(400) % 2).astype(int)
    knows = {name: 0.0 for name in ("logistic", "boosting", *models.RULES)} | better
    scores = {name: signal * outcome + rng.normal(size=400) for name, signal in knows.items()}
    return outcome, scores | {"base rate": np.full(400, 0.5)}


@pytest.mark.parametrize(
    ("better", "choice", "chosen", "why"),
    [
        ({"logistic": 1.5, "recency only": 0.5}, "logistic", "logistic", "too_few"),
        ({"logistic": 0.6, "recency only": 0.5}, "logistic", "recency only", "rule"),
        ({"boosting": 1.5, "logistic": 0.5}, "boosting", "boosting", "wins"),
        ({"boosting": 0.0, "logistic": 1.5}, "boosting", "logistic", "not_shown"),
        ({"boosting": -0.5, "logistic": 0.3, "rhythm only": 0.5}, "boosting", "rhythm only", "rule"),
        ({"logistic": -1.5}, "logistic", "base rate", "nothing"),
        ({}, "boosting", "base rate", "nothing"),
    ],
    ids=str,
)
def test_the_judged_period_has_a_veto(better, choice, chosen, why):
    outcome, scores = rankings(**better)
    boosting = "wins" if choice == "boosting" else "too_few"
    used = judging.verdict_of(outcome, scores, models.ModelChoice(choice, boosting, None))
    assert (used.chosen, used.why) == (chosen, why) and used.chance.beaten is (why != "nothing")


def test_a_rule_looks_at_its_one_feature_and_the_base_rate_at_none():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.lognormal(3, 1, (200, len(windows.FEATURES))), columns=windows.FEATURES)
    learn = models.Sample(frame, (frame["silence_gaps"] > 20).to_numpy(dtype=int), np.zeros(200, dtype="datetime64[ns]"))
    other = frame.assign(**{name: 1.0 for name in windows.FEATURES if name != "silence_gaps"})
    rule = models.fit_rule(learn, "rhythm only")
    assert np.array_equal(rule.probability(frame), rule.probability(other)) and np.ptp(rule.probability(frame)) > 0.5
    base = models.fit_rule(learn, "base rate").probability(frame)
    assert base == pytest.approx(np.full(200, learn.outcome.mean()))


def test_no_customer_is_judged_by_a_model_that_learnt_from_him():
    frame = pd.DataFrame({name: 1.0 for name in windows.FEATURES}, index=[f"c{number}" for number in range(100)])
    outcome = (np.arange(100) % 4 == 0).astype(int)
    sample_of_all = models.Sample(frame, outcome, np.zeros(100, dtype="datetime64[ns]"))
    unseen = models.unseen_probability(sample_of_all, sample_of_all, "base rate", windows.FEATURES, 1, None)
    assert np.corrcoef(unseen, outcome)[0, 1] < -0.02  # the share of the others is lower where this one counts


@pytest.mark.parametrize(("customers", "came_true", "off"), [(200, 87, False), (200, 86, True), (2000, 901, False), (2000, 899, True)])
def test_a_group_is_off_beyond_five_points_and_beyond_chance(customers, came_true, off):
    outcome = (np.arange(customers) < came_true).astype(int)
    for gaps, name in ((1.0, "on time"), (1.01, "late"), (2.0, "late"), (2.01, "silent")):
        people = models.Sample(pd.DataFrame({"silence_gaps": np.full(customers, gaps)}), outcome, outcome)
        table = judging.calibration_by_silence(people, np.full(customers, 0.5))
        assert table[["silence", "customers", "off"]].values.tolist() == [[name, customers, off]]


@pytest.mark.parametrize(("days", "shift"), [(342, 0.0), (343, 0.7), (364, 0.7), (385, 0.7), (386, 0.0)])
def test_a_season_is_the_same_within_three_weeks(days, shift):
    assert models.season_shift({END - pd.Timedelta(days=days): 0.7}, END) == shift


def test_the_interval_of_an_auc_is_the_95_percent_of_delong():
    outcome, score = np.array([1, 1, 1, 0, 0, 0]), np.array([6.0, 5, 2, 4, 3, 1])
    auc, low, high = measures.auc_interval(outcome, score)
    # Placements of hits 1, 1, 1/3 and of misses 2/3, 2/3, 1: variance 4/27 / 3 + 1/27 / 3.
    assert auc == pytest.approx(7 / 9)
    assert low == pytest.approx(7 / 9 - 1.959964 * np.sqrt(5 / 81), abs=1e-6) and high == 1.0


# ---- The trial of the gate ----


def test_the_trial_draws_twelve_times_from_1500_customers_and_reports_eight_in_ten(monkeypatch):
    aucs = iter(np.arange(100) / 100)
    monkeypatch.setattr(detect, "samples", lambda *_: None)
    monkeypatch.setattr(detect, "_auc_of_draw", lambda *_: next(aucs))
    orders = pd.DataFrame({"customer_id": [f"c{number}" for number in range(1600)], "order_day": END, "order_amount": 1.0})
    trial = detect.detectable(labels.events(Settings())[0], orders, windows.CutOffs((END,), END, END), 1)
    assert trial.customers == 1500
    assert (trial.auc, trial.low, trial.high) == pytest.approx((0.055, 0.011, 0.099))


# ---- The leakage guard ----


@pytest.mark.parametrize(("customers", "refused"), [(19, False), (20, True)])
def test_too_good_is_asked_from_twenty_of_each_kind(customers, refused):
    outcome = pd.Series([1] * customers + [0] * 40, index=[f"c{number}" for number in range(customers + 40)])
    leaks = guard.too_good(pd.DataFrame({"copy": outcome.astype(float)}), outcome)
    assert ("copy" in {leak.column for leak in leaks}) is refused


@pytest.mark.parametrize(("swaps", "refused"), [(4, True), (5, False)])
def test_an_auc_of_99_percent_is_too_good(swaps, refused):
    """20 with and 20 without the event: each customer without it that ranks above one with it costs 1 / 400."""
    score = np.r_[np.arange(100, 120), np.arange(20)].astype(float)
    score[20] = 100 + swaps - 0.5  # above so many of those with the event
    outcome = pd.Series([1] * 20 + [0] * 20, index=[f"x{number % 7}y{number}" for number in range(40)])
    leaks = guard.too_good(pd.DataFrame({"score": score}, index=outcome.index), outcome)
    assert ("score" in {leak.column for leak in leaks}) is refused


# ---- Customer value ----


@pytest.mark.parametrize(
    ("history", "repeaters", "before", "too_little"),
    [(363, 100, 100, True), (364, 100, 100, False), (364, 99, 100, True), (364, 100, 99, True), (365, 101, 101, False)],
)
def test_value_needs_twice_the_holdout_and_a_hundred_who_came_back(history, repeaters, before, too_little):
    assert value.too_little_history(history, 182, repeaters, before) is too_little


def checked(error=0.1, error_same=0.2, miss=1.0, miss_same=2.0, gap=0.0) -> holdout.Holdout:
    return holdout.Holdout(pd.DataFrame(), error, error_same, miss, miss_same, gap)


def outcome_of(leave=0.1, alive=0.5, dependence=0.0, border=(), **check) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return value.guards(btyd.BgNbd(1.0, 1.0, leave, 1 - leave, 0.0, border), alive, checked(**check), dependence)


@pytest.mark.parametrize(
    ("case", "refused", "cautions"),
    [
        ({}, (), ()),
        ({"leave": 0.0049}, ("degenerate_corner",), ()),
        ({"leave": 0.0051}, (), ()),
        ({"alive": 0.9901}, ("degenerate_corner",), ()),
        ({"alive": 0.99}, (), ()),
        ({"border": ("a",)}, ("degenerate_corner",), ()),
        ({"error": 0.5, "error_same": 0.6}, (), ()),
        ({"error": -0.5, "error_same": 0.6}, (), ()),
        ({"error": 0.501, "error_same": 0.6}, ("loses_to_same_as_before",), ()),
        ({"error": 0.2, "error_same": -0.2, "miss": 2.0}, (), ()),
        ({"error": -0.201}, (), ("barely_beats_same_as_before",)),
        ({"miss": 2.01}, (), ("barely_beats_same_as_before",)),
        ({"error": 0.201, "miss": 2.01}, ("loses_to_same_as_before",), ()),
        ({"gap": 0.35}, (), ()),
        ({"gap": 0.351}, (), ("cohorts_differ",)),
        ({"dependence": 0.2}, (), ()),
        ({"dependence": 0.201}, (), ("spend_goes_with_frequency",)),
        ({"dependence": 0.4}, (), ("spend_goes_with_frequency",)),
        ({"dependence": 0.401}, ("spend_goes_with_frequency",), ()),
    ],
    ids=str,
)
def test_the_guards_of_customer_value(case, refused, cautions):
    assert outcome_of(**case) == (refused, cautions)


@pytest.mark.parametrize(("history", "holdouts"), [(729, 1), (730, 2), (911, 2), (912, 3), (2000, 3)])
def test_earlier_forecasts_of_a_year_start_half_a_year_apart_after_half_a_year(history, holdouts):
    orders = pd.concat([known([history, 10], f"c{number}") for number in range(100)])
    assert len(rolling.holdout_days(orders, END, 365)) == holdouts
    assert (history >= rolling.needed_days(365)) is (holdouts >= 2)
    assert not rolling.holdout_days(orders[orders["customer_id"] != "c7"], END, 365)


def test_the_next_error_is_read_off_the_earlier_ones_the_newest_most():
    noise = np.full(3, 0.01)
    level, half = rolling.prediction(np.array([0.2, 0.2, 0.2]), noise, 0.01)
    assert level == pytest.approx(0.2) and half > 1.96 * np.sqrt(0.01 + 0.01 / 2)
    assert rolling.prediction(np.array([0.2, 0.0, 0.0]), noise, 0.01)[0] > 0.08  # the mean of all three is 0.067
    wandering = rolling.prediction(np.array([0.6, 0.3, 0.0]), noise, 0.01)
    assert wandering[0] > 0.45 and wandering[1] > 1.4 * half


def test_a_range_of_half_to_either_side_says_nothing(monkeypatch):
    orders = pd.concat([known([1000, 500, 100], f"c{number}") for number in range(100)])
    expected = pd.Series(5.0, index=orders["customer_id"].unique())

    def span(half: float):
        monkeypatch.setattr(rolling, "prediction", lambda errors, noise, ahead: (float(errors[0]), half))
        return rolling.rolling_span(orders, END, 365, lambda day: expected, 500.0)

    assert span(np.log(1.501)) is None
    found = span(np.log(1.499))
    # Each customer spent 10 where 5 was expected: the next forecast is doubled.
    assert (found.factor, found.high, found.holdouts) == (pytest.approx(2.0), pytest.approx(1.499), 3)


def test_the_search_ends_at_its_borders_and_says_when_it_touches_them(monkeypatch):
    starts = ((0.0, 0.0),)
    assert btyd._minimise(lambda logs: logs.sum(), starts).x.tolist() == [-12.0, -12.0]
    assert btyd._minimise(lambda logs: -logs.sum(), starts).x.tolist() == [14.0, 14.0]
    at = np.array([-11.96, -11.94, 13.94, 13.96])
    monkeypatch.setattr(btyd, "_minimise", lambda loss, starts: SimpleNamespace(x=at, fun=1.0))
    assert btyd.fit_bg_nbd([1.0], [1.0], [2.0]).at_border == ("r", "b")


def test_customers_of_the_holdout_are_shown_by_repeat_orders(monkeypatch):
    people = pd.DataFrame(
        {"repeat_orders": [0, 1, 2, 3, 5, 6], "first_to_last_weeks": 1.0, "weeks": 2.0, "first_day": END - pd.Timedelta(days=400)},
        index=list("abcdef"),
    )
    monkeypatch.setattr(btyd, "summary", lambda orders, through: people)
    monkeypatch.setattr(btyd, "fit_bg_nbd", lambda *past: None)
    monkeypatch.setattr(btyd, "expected_orders", lambda model, weeks, *past: np.ones(6))
    table = holdout.holdout(known([10]), END, 182).table
    assert dict(zip(table["group"], table["customers"], strict=True)) == {"0": 1, "1": 1, "2": 1, "3-5": 2, "6+": 1, "all": 6}


# ---- Words that depend on a number ----


def judged(calibration_error: float = 0.01) -> SimpleNamespace:
    return SimpleNamespace(calibration_error=calibration_error, horizon_days=91)


def check_of(called: int, back: int) -> leaving.Check:
    table = pd.DataFrame({"status": ["gone"], "customers": [called], "back": [back], "share_back": [0.0], "low": [0.0], "high": [1.0]})
    return leaving.Check(END, 182, table)


@pytest.mark.parametrize(
    ("check", "kind", "word"),
    [
        (None, "caution", "too few to check it by"),
        (check_of(19, 0), "caution", "too few to check it by"),
        (check_of(20, 2), "go", "checked on your own history"),
        (check_of(20, 3), "caution", "many called gone came back"),
        (check_of(30, 3), "go", "checked on your own history"),
    ],
    ids=str,
)
def test_go_is_said_where_of_twenty_called_gone_at_most_a_tenth_came_back(check, kind, word):
    assert certainty.verdict(SimpleNamespace(checked=check)) == Verdict(kind, word)


@pytest.mark.parametrize(("error", "notes"), [(0.05, 0), (0.0501, 1)])
def test_probabilities_more_than_five_points_off_are_a_ranking_only(error, notes):
    plain = Gate(Verdict("go", "go"), "", "", "")
    assert len(result.limits_of(known([1]), {"buy_again": judged(calibration_error=error)}, Settings(), plain)) == notes


@pytest.mark.parametrize(("horizon", "notes"), [(90, 1), (91, 0)])
def test_a_shortened_horizon_is_said(horizon, notes):
    shortened = judged()
    shortened.horizon_days = horizon
    assert len(result.limits_of(known([1]), {"buy_again": shortened}, Settings(), Gate(Verdict("go", "go"), "", "", ""))) == notes


@pytest.mark.parametrize(("slope", "named"), [(0.099, False), (0.101, True)])
def test_a_feature_is_named_from_a_tenth_in_log_odds(slope, named):
    def probability(features, through=None):
        return 1 / (1 + np.exp(-slope * features["frequency"].to_numpy()))

    model = SimpleNamespace(columns=("frequency",), probability=probability)
    words = reasons.reasons(model, pd.DataFrame({"frequency": [1.0, 1.0, 2.0]}, index=list("xyz")))
    assert words["z"].startswith("higher because there are 2 orders") is named


def test_what_a_client_gets_who_sets_nothing():
    assert Settings().model_dump() == {
        "label": None,
        "horizon_days": 91,
        "training_windows": 4,
        "value_bands": (),
        "contact_cost": 5.0,
        "margin_share": 0.4,
        "contact_effect": 0.1,
        "contact_top": 0,
        "boosting_from_customers": 1000,
        "new_days": 60,
        "hesitant_from": 0.5,
        "leaving_from": 0.75,
        "gone_from": 0.9,
        "value_horizon_days": 365,
        "value_holdout_days": 182,
    }
