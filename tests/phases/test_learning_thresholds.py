"""Where learning changes its mind: just below, at, and just above each of its thresholds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.core.results import RunContext
from helpers.phases import learning
from helpers.phases.learning.log import weeks_of
from helpers.phases.learning.off_policy import _blocks, forecasts
from helpers.phases.learning.weights import effective_floor, explored, posterior
from helpers.statistics.intervals import level_of, wilson

CONTEXT = RunContext(date(2026, 6, 30), 7)
SETTINGS = learning.Settings()
FIRST = pd.Timestamp("2026-06-01")


def exposures(options: list[str], clicked: list[bool], **columns) -> pd.DataFrame:
    times = FIRST + pd.to_timedelta(np.arange(len(options)), "min")
    names = [f"C{number:04d}" for number in range(len(options))]
    frame = {"customer_id": names, "shown_time": times, "item": options, "clicked": clicked, "treatment_probability": 0.5}
    return pd.DataFrame(frame | columns)


def log_of(*cells: tuple[str, int, int, int], chance: float = 0.5) -> pd.DataFrame:
    """Make a log with, per option and position, how often it was shown and how often it was a success."""
    parts = [
        pd.DataFrame({"option": option, "position": position, "success": (np.arange(shown) < hits).astype(float)})
        for option, position, shown, hits in cells
    ]
    log = pd.concat(parts, ignore_index=True)
    return log.assign(customer_id=[f"C{number:04d}" for number in range(len(log))], chance=chance)


# ---- May it learn ----


@pytest.mark.parametrize(
    ("rows", "options", "successes", "kind"),
    [(199, 2, 10, "not_yet"), (200, 2, 10, "go"), (201, 2, 10, "go"), (200, 1, 10, "not_yet"), (200, 2, 1, "go"), (200, 2, 0, "not_yet")],
)
def test_two_hundred_rows_two_options_and_one_success_open_the_gate(rows, options, successes, kind):
    shown = exposures(["ab"[row % options] for row in range(rows)], [row < successes for row in range(rows)])
    log = learning.log.read_log({"exposures": shown}, SETTINGS)
    assert learning.gate.may_we(log, SETTINGS).verdict.kind == kind


@pytest.mark.parametrize(("chance", "kind"), [(0.0, "caution"), (0.001, "go"), (1.0, "go"), (1.001, "caution"), (None, "caution")])
def test_every_row_needs_a_chance_between_nothing_and_one(chance, kind):
    shown = exposures(["a", "b"] * 100, [True, False] * 100)
    shown.loc[7, "treatment_probability"] = chance
    log = learning.log.read_log({"exposures": shown}, SETTINGS)
    assert learning.gate.may_we(log, SETTINGS).verdict.kind == kind
    value = learning.off_policy.value_of_weights(log, {"a": 0.5, "b": 0.5}, SETTINGS, 1)
    assert (value.reason == "chance") == (kind == "caution")


@pytest.mark.parametrize(("days", "success"), [(0.0, 1.0), (6.99, 1.0), (7.0, 1.0), (7.01, 0.0), (-0.01, 0.0)])
def test_an_outcome_within_a_week_is_a_success(days, success):
    outcomes = pd.DataFrame({"customer_id": ["C0000"], "outcome_date": [FIRST + pd.Timedelta(days=days)]})
    tables = {"exposures": exposures(["a"], [False]), "outcomes": outcomes}
    log = learning.log.read_log(tables, learning.Settings(success="outcomes"))
    assert log["success"].tolist() == [success]


def test_a_log_lasts_a_day_at_least():
    for hours, weeks in ((0, 1 / 7), (24, 1 / 7), (48, 2 / 7), (336, 2.0)):
        assert weeks_of(pd.DataFrame({"when": [FIRST, FIRST + pd.Timedelta(hours=hours)]})) == pytest.approx(weeks)


# ---- Positions ----


@pytest.mark.parametrize(("first", "second", "used"), [(100, 9, 1.0), (100, 10, 0.1), (9, 90, 1.0), (10, 90, 2.0)])
def test_ten_successes_in_both_places_give_an_effect(first, second, used):
    log = log_of(("a", 1, 500, first), ("a", 2, 500, second), ("b", 1, 500, 0), ("b", 2, 500, 0))
    positions = learning.positions.position_effects(log, learning.Settings(positions="randomised"))
    assert positions.effects == {1: 1.0, 2: pytest.approx(used)}


def test_an_effect_that_may_be_chance_is_not_used():
    randomised = learning.Settings(positions="randomised")
    # The ends of the interval against one: 0.997 above, 1.009 above, 0.9997 below, 1.008 below.
    for second, used in ((76, 0.76), (77, 1.0), (126, 1.0), (127, 1.27)):
        log = log_of(("a", 1, 500, 100), ("a", 2, 500, second), ("b", 1, 500, 0), ("b", 2, 500, 0))
        assert learning.positions.position_effects(log, randomised).effects[2] == pytest.approx(used)


@pytest.mark.parametrize(("declared", "used"), [(0.04, 0.05), (0.05, 0.05), (0.06, 0.06), (2.0, 2.0)])
def test_effects_beyond_belief_are_cut(declared, used):
    settings = learning.Settings(positions="declared", position_effect={2: declared})
    log = log_of(("a", 1, 10, 1), ("a", 2, 10, 1), ("b", 1, 10, 1), ("b", 2, 10, 1))
    assert learning.positions.position_effects(log, settings).effects[2] == used


@pytest.mark.parametrize(("extra", "source"), [(49, "randomised"), (50, "randomised"), (51, "contradicted"), (53, "contradicted")])
def test_options_spread_as_chance_does_once_in_a_thousand_contradict_a_draw(extra, source):
    log = log_of(("a", 1, 200 + extra, 20), ("a", 2, 200, 20), ("b", 1, 200, 20), ("b", 2, 200 + extra, 20))
    positions = learning.positions.position_effects(log, learning.Settings(positions="randomised"))
    assert positions.source == source
    assert learning.positions.position_effects(log, SETTINGS).source == "unknown"


# ---- Weights ----


def test_finding_out_is_done_at_ninety_five_percent():
    assert explored(np.array([0.95, 0.05]), SETTINGS).tolist() == [0.95, 0.05]
    assert explored(np.array([0.9499, 0.0501]), SETTINGS) == pytest.approx([0.5, 0.5])
    assert explored(np.array([0.9499, 0.0501]), learning.Settings(method="thompson")).tolist() == [0.9499, 0.0501]


def test_half_of_the_room_goes_to_the_runner_up():
    # 0.6: half of 0.6, and the runner-up of 0.3 and 0.1 when these won.
    wanted = 0.5 * 0.6 + 0.5 * 0.6 * (0.3 / 0.7 + 0.1 / 0.9)
    assert learning.weights.top_two(np.array([0.6, 0.3, 0.1]))[0] == pytest.approx(wanted)
    assert learning.weights.top_two(np.array([1.0])).tolist() == [1.0]


@pytest.mark.parametrize(("floor", "options", "kept"), [(0.05, 2, 0.05), (0.05, 10, 0.05), (0.05, 11, 0.5 / 11), (0.3, 2, 0.25)])
def test_the_floor_is_at_most_half_of_an_equal_share(floor, options, kept):
    assert effective_floor(floor, options) == kept
    assert learning.weights.with_floor(np.r_[1.0, np.zeros(options - 1)], floor)[-1] == pytest.approx(kept)


def test_the_prior_weighs_as_much_as_one_success():
    a, b = posterior(np.array([10.0, 0.0]), np.array([90.0, 9.0]), SETTINGS)
    mean = 10.5 / 100
    assert a.tolist() == [11.0, 1.0] and b == pytest.approx([(1 - mean) / mean + 80, (1 - mean) / mean + 9])


def test_weights_come_from_twenty_thousand_draws():
    table = pd.DataFrame({"option": ["a", "b", "c"], "successes": [10, 9, 8], "looked_at": [100.0, 100.0, 100.0]})
    weights = learning.weights.next_weights(table, learning.Settings(method="thompson", floor=0), seed=1)
    assert (weights * 20_000).tolist() == pytest.approx((weights * 20_000).round().tolist(), abs=1e-6)
    assert weights["a"] == pytest.approx(0.4813, abs=1e-3)


def test_the_weights_file_has_a_format_and_an_end():
    content = json.loads(learning.weights.weights_file({"a": 1 / 3, "b": 2 / 3}, {1: 1.0}, date(2026, 6, 30), SETTINGS))
    assert (content["format"], content["use_until"], content["floor"]) == (1, "2026-07-07", 0.05)
    assert content["weights"] == {"a": 0.333333, "b": 0.666667}


# ---- What the weights are worth ----


def test_a_forecast_mixes_twenty_rows_of_the_overall_rate():
    log = log_of(("a", 1, 80, 20), ("b", 1, 20, 0))
    assert forecasts(log) == {"a": pytest.approx((20 + 4) / 100), "b": pytest.approx(4 / 40)}


@pytest.mark.parametrize(("unseen", "reason"), [(0.0, ""), (0.01, ""), (0.0101, "unseen")])
def test_one_percent_may_go_to_options_never_shown(unseen, reason):
    log = log_of(("a", 1, 200, 20), ("b", 1, 200, 20))
    assert learning.off_policy.value_of_weights(log, {"a": 0.5, "b": 0.5 - unseen, "z": unseen}, SETTINGS, 1).reason == reason


@pytest.mark.parametrize(("shown", "reason"), [(99, "few"), (100, ""), (101, "")])
def test_a_log_must_be_worth_a_hundred_rows(shown, reason):
    value = learning.off_policy.value_of_weights(log_of(("a", 1, shown, 30), ("b", 1, 300, 90)), {"a": 1.0}, SETTINGS, 1)
    assert value.effective == pytest.approx(shown) and value.reason == reason


@pytest.mark.parametrize(("others", "reason"), [(9_900, ""), (9_901, "share")])
def test_a_log_must_be_worth_a_hundredth_of_its_rows(others, reason):
    log = log_of(("a", 1, 100, 30), ("b", 1, others, 3_000))
    assert learning.off_policy.value_of_weights(log, {"a": 1.0}, learning.Settings(resamples=200), 1).reason == reason


@pytest.mark.parametrize(
    ("hits", "others", "reason"), [(19, 40, "successes"), (20, 40, ""), (21, 40, ""), (30, 9, "successes"), (30, 10, "")]
)
def test_a_log_must_be_worth_twenty_successes_at_the_rate_of_the_weights_and_of_the_log(hits, others, reason):
    # 400 rows count; in all there are 800, of which 39 successes are a rate too low for twenty in 400.
    value = learning.off_policy.value_of_weights(log_of(("a", 1, 400, hits), ("b", 1, 400, others)), {"a": 1.0}, SETTINGS, 1)
    assert value.successes == pytest.approx(min(hits, (hits + others) / 2)) and value.reason == reason
    assert ("successes any figure" in learning.story.reason(value, SETTINGS)) == (reason == "successes") if reason else value.known


def test_rows_of_one_customer_count_for_less():
    log = log_of(("a", 1, 400, 40), ("b", 1, 400, 40))
    twice = pd.concat([log, log], ignore_index=True)
    single, double = (learning.off_policy.value_of_weights(frame, {"a": 1.0}, SETTINGS, 1) for frame in (log, twice))
    assert double.effective == pytest.approx(2 * single.effective) and double.successes == pytest.approx(single.successes)
    assert double.snips == pytest.approx(single.snips, rel=0.05)


def test_the_interval_is_wilsons_for_the_variance_of_the_draws():
    low, high = learning.off_policy.value_of_weights(log_of(("a", 1, 400, 40), ("b", 1, 400, 40)), {"a": 1.0}, SETTINGS, 1).snips[1:]
    # Forty of four hundred, at the quantile of t with 39 degrees of freedom: 2.0227.
    expected = wilson(40, 400, level_of(2.0227))
    assert (low, high) == pytest.approx((float(expected[0]), float(expected[1])), rel=0.03)


def test_equal_weights_are_no_news_and_others_are_beside_what_chance_gives():
    log = log_of(("a", 1, 400, 60), ("b", 1, 400, 20))
    same = learning.off_policy.value_of_weights(log, {"a": 0.5, "b": 0.5}, SETTINGS, 1).same_for_all
    assert same.p_value == 1 and same.low == same.high == pytest.approx(0.1) and not same.beaten
    better = learning.off_policy.value_of_weights(log, {"a": 1.0}, SETTINGS, 1).same_for_all
    assert better.beaten and better.figure == pytest.approx(0.15) and better.expected == pytest.approx(0.1)
    # Forty of eighty successes among the half that counts, with the hypergeometric spread: 4.24.
    assert better.high == pytest.approx(0.1 + 1.96 * 4.245 / 400, abs=1e-4)


@pytest.mark.parametrize(("low", "high", "written"), [(0.05, 0.0999, False), (0.05, 0.1, False), (0.1, 0.2, False), (0.1001, 0.2, True)])
def test_no_weights_are_handed_on_unless_they_are_known_to_bring_more(learnt, low, high, written):
    before, after = replace(learnt.after, snips=(0.1, 0.0, 1.0)), replace(learnt.after, snips=(0.1, low, high), reason="")
    result = replace(learnt, before=before, after=after)
    assert (result.file is not None) == written and bool(result.record["weights"]) == written
    unknown = replace(result, after=replace(after, reason="successes"))
    assert unknown.file is None and unknown.record["weights"] == {} and unknown.record["worth"] is None
    assert "no weights file" in learning.story.headline(unknown)
    told_to_put = "weights.json" in learning.story.actions(result).actions[0].text
    assert told_to_put == written


@pytest.mark.parametrize(("shown", "word"), [(0.5, "can learn"), (0.55, "can learn"), (0.6, "wrong chances")])
def test_chances_that_are_not_those_of_the_log_are_refused(shown, word):
    options = np.where(np.random.default_rng(3).permutation(1_000) < 1_000 * shown, "a", "b").tolist()
    log = learning.log.read_log({"exposures": exposures(options, [True, False] * 500)}, SETTINGS)
    gate = learning.gate.may_we(log, SETTINGS)
    assert gate.verdict.word == word and ("more often than its logged chance" in gate.reason or "less often" in gate.reason) == (
        shown > 0.55
    )


def test_a_rare_or_later_option_is_no_wrong_chance():
    rng = np.random.default_rng(5)
    rare = rng.choice(["a", "b", "c"], 1_000, p=[0.699, 0.3, 0.001])
    shown = exposures(rare.tolist(), [True, False] * 500, treatment_probability=pd.Series(rare).map({"a": 0.699, "b": 0.3, "c": 0.001}))
    later = rng.choice(["a", "b"], 2_000).tolist() + rng.choice(["a", "b", "c", "d"], 1_000).tolist()
    chances = np.r_[np.full(2_000, 0.5), np.full(1_000, 0.25)]
    for frame in (shown, exposures(later, [True, False, False] * 1_000, treatment_probability=chances)):
        assert learning.gate.may_we(learning.log.read_log({"exposures": frame}, SETTINGS), SETTINGS).verdict.word == "can learn"


def test_many_customers_are_drawn_in_two_thousand_blocks():
    for rows, blocks in ((1_999, 1_999), (2_000, 2_000), (2_001, 2_000)):
        customers = pd.Series([f"C{row:04d}" for row in range(rows)])
        assert len(_blocks(np.ones((rows, 1)), customers, 1)) == blocks


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.1, 0.2, "not sure"), (0.1001, 0.2, "better"), (0.05, 0.1, "not sure"), (0.05, 0.0999, "worse")]
)
def test_the_verdict_at_its_borders(learnt, low, high, verdict):
    before, after = replace(learnt.after, snips=(0.1, 0.0, 1.0)), replace(learnt.after, snips=(0.1, low, high), reason="")
    assert learning.story.verdict(replace(learnt, before=before, after=after)).word == verdict
    refused = replace(after, reason="few")
    assert learning.story.verdict(replace(learnt, before=before, after=refused)).word == "cannot be known"


@pytest.fixture(scope="module")
def learnt() -> learning.result.Result:
    shown = exposures(["a", "b"] * 100, [True, False] * 100)
    return learning.learn({"exposures": shown}, learning.Settings(weeks=4, runs=20, resamples=200), CONTEXT)


# ---- The weeks that learning takes ----


@pytest.mark.parametrize(("second", "good_options"), [(0.1, 2), (0.095, 2), (0.0949, 1)])
def test_an_option_within_a_twentieth_of_the_best_is_good(second, good_options):
    simulation = learning.simulator.simulate(
        pd.Series({"a": 0.1, "b": second, "c": 0.01}), 100, learning.Settings(weeks=4, runs=20), seed=1
    )
    assert simulation.weekly["good_share"].iloc[0] == pytest.approx(good_options / 3)


def test_weights_have_adapted_when_good_options_get_four_fifths():
    # Shown equally, three good options of four get 75 % from the first week on; four fifths of what a floor leaves them are
    # 0.8 times 94 %, 93.75 % or 93 %. With ten looks a week nothing more is found out.
    rates = pd.Series({"a": 0.1, "b": 0.1, "c": 0.1, "d": 0.09})
    for floor, week in ((0.06, None), (0.0625, 1), (0.07, 1)):
        assert learning.simulator.simulate(rates, 10, learning.Settings(weeks=4, runs=20, floor=floor), seed=1).weeks_to_adapt == week


def test_a_run_draws_a_hundred_and_fifty_worlds():
    settings = learning.Settings(weeks=4, runs=20, method="thompson", floor=0)
    weekly = learning.simulator.simulate(pd.Series({"a": 0.11, "b": 0.1}), 200, settings, seed=1).weekly
    assert weekly["good_share"].iloc[1:].between(0.5, 0.95).all()
    assert (weekly["good_share"] * 150 * 20).tolist() == pytest.approx((weekly["good_share"] * 150 * 20).round().tolist(), abs=1e-6)


def test_weights_are_renewed_when_a_batch_is_over():
    rates = pd.Series({"a": 0.5, "b": 0.01})
    changed = {}
    for days in (7, 8, 14, 15):
        simulation = learning.simulator.simulate(rates, 2_000, learning.Settings(weeks=4, runs=20, batch_days=days), seed=1)
        changed[days] = (simulation.weekly["good_share"] > 0.6).tolist()
    assert changed[7] == [False, True, True, True]
    assert changed[8] == changed[14] == [False, False, True, True] and changed[15] == [False, False, False, True]


def test_defaults_are_those_of_the_handbook():
    assert SETTINGS.model_dump(include={*DEFAULTS}) == DEFAULTS


DEFAULTS = {
    "outcome_days": 7,
    "floor": 0.05,
    "batch_days": 7,
    "prior_successes": 1.0,
    "judge_share": 0.5,
    "least_effective": 100,
    "least_successes": 20,
    "least_effective_share": 0.01,
    "resamples": 1000,
    "margin_share": 0.3,
    "weeks": 26,
    "runs": 60,
}
