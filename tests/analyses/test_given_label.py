"""A label that customers carry: what is refused as known only afterwards, what is found, and what is said where nothing is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.analyses.kinds import as_numbers
from helpers.analyses.predictions import Settings, given_label, label_guard, label_story, requires, run
from helpers.analyses.predictions.given_label import NEEDED, outcome_of
from helpers.analyses.predictions.label_guard import LEAST, LateColumn, late_columns, one_sided
from helpers.analyses.predictions.label_pairs import too_good_together
from helpers.analyses.predictions.label_result import LabelResult
from helpers.analyses.predictions.settings import GivenLabel
from helpers.commands.check import check_client
from helpers.core.results import Refusal, RunContext
from tests.support.half_clients import AS_OF, customers_with_label, write_customers
from tests.support.label_worlds import HONEST, LEAKS, PAIRS, column_of
from tests.support.seeds import every, seeds

LABEL = Settings.model_validate({"label": {"column": "left"}})


def learnt(seed: int, settings: Settings = LABEL, **world) -> LabelResult | Refusal | None:
    return given_label({"customer_table": customers_with_label(seed, **world)}, settings, RunContext(AS_OF, seed))


def refused(result) -> set[str]:
    return {late.column for late in result.late if late.refused}


def suspect(name: str, seed: int, customers: int = 500, rate: float = 0.25) -> LateColumn | None:
    """Return what the guard says of one column beside a label."""
    rng = np.random.default_rng(seed)
    left, joined = rng.random(customers) < rate, pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(40, 2500, customers), unit="D")
    column = column_of(name, left, joined, rng).rename(name)
    numbers = as_numbers(column, AS_OF).columns
    filled = {name: numbers.fillna(numbers.median()).fillna(0.0)}
    late = late_columns(column.to_frame(), filled, left.astype(int), seed, pd.DataFrame({"created_date": joined}))
    return late[0] if late else None


@pytest.mark.parametrize("leak", every(LEAKS, 2))
def test_every_column_known_only_afterwards_is_refused_or_asked_about(leak: str):
    assert suspect(leak, 0)


@pytest.mark.parametrize("column", every(HONEST, 3))
def test_no_honest_column_of_usual_strength_is_refused(column: str):
    late = suspect(column, 0)
    assert late is None or not late.refused


@pytest.mark.parametrize(
    ("auc", "high", "date", "refused_or_asked"),
    [
        (0.95, 0.97, False, True),
        (0.949, 0.97, False, False),
        (0.9, 0.92, True, True),
        (0.899, 0.92, True, False),
        (0.7, 0.75, False, False),
        (0.699, 0.75, False, None),
        (0.74, 0.749, False, None),
    ],
)
def test_a_column_is_too_good_from_95_and_asked_about_where_it_may_reach_75(monkeypatch, auc, high, date, refused_or_asked):
    monkeypatch.setattr(label_guard, "_auc_alone", lambda *_: (auc, 0.6, high))
    rng = np.random.default_rng(1)
    column = pd.Series(rng.normal(size=200), name="x")
    column = pd.Timestamp(AS_OF) - pd.to_timedelta((column * 100).round() + 500, unit="D") if date else column
    late = late_columns(column.to_frame(), {"x": column.to_frame()}, np.arange(200) % 2, 1, pd.DataFrame())
    assert [column.refused for column in late] == ([] if refused_or_asked is None else [refused_or_asked])


@pytest.mark.drill
@pytest.mark.parametrize(("customers", "rate"), [(400, 0.25), (1000, 0.25), (2000, 0.1), (1000, 0.5)])
def test_leaks_are_refused_or_asked_about_and_honest_columns_not_refused_in_twenty_worlds(customers: int, rate: float):
    seen = {name: [suspect(name, seed, customers, rate) for seed in range(100, 120)] for name in (*LEAKS, *HONEST)}
    missed = {name: sum(late is None for late in seen[name]) for name in LEAKS}
    assert max(missed.values()) <= 1 and sum(missed.values()) <= 3, missed
    wrongly = {name: sum(late is not None and late.refused for late in seen[name]) for name in HONEST}
    assert max(wrongly.values()) <= 2 and sum(wrongly.values()) <= 4, wrongly


@pytest.mark.parametrize("leak", ["reason", "months_used"])
def test_a_column_known_only_afterwards_is_refused_by_name_and_the_model_goes_on_without_it(leak: str):
    result = learnt(0, leak=leak)
    assert refused(result) == {leak} and leak not in result.features and result.better and not result.asked
    said = " ".join(label_story.why(result))
    assert leak.replace("_", " ") in said and "looks as if it was known only afterwards and was left out" in said
    assert result.methods.set_index("method")["auc"].max() < 0.95  # the twin without the leak gives about 0.75


def test_a_strong_column_is_learnt_from_and_asked_about_until_the_client_says_so():
    asked = learnt(0, leak="usage")
    assert asked.asked == ("usage",) and "usage" in asked.features and label_story.verdict(asked).kind == "caution"
    assert label_story.headline(asked).startswith("If usage were known before")
    assert "Was it known before?" in label_story.why(asked)[0] and "Without usage" in label_story.why(asked)[1]
    assert 0.6 < asked.auc_without < asked.methods.set_index("method").loc[asked.chosen, "auc"]
    said = learnt(0, Settings.model_validate({"label": {"column": "left", "known_before": ["usage"]}}), leak="usage")
    assert not said.late and label_story.headline(said).startswith("“left” can be") and label_story.verdict(said).kind == "go"


def learnt_with_pair(pair: str, seed: int, leak: bool, known_before: tuple[str, ...] = ()) -> LabelResult:
    table = customers_with_label(seed, unknown=0)
    rng = np.random.default_rng(seed)
    table = table.assign(**PAIRS[pair]((table["left"] == "yes").to_numpy(), pd.DatetimeIndex(table["created_date"]), rng, leak)).drop(
        columns="created_date"
    )
    settings = Settings.model_validate({"label": {"column": "left", "known_before": list(known_before)}})
    return given_label({"customer_table": table}, settings, RunContext(AS_OF, seed))


@pytest.mark.parametrize(
    ("pair", "names"), [("invoices", {"tenure_months", "invoices"}), ("flags", {"flag_a", "flag_b"}), ("total", {"monthly", "total"})]
)
def test_columns_that_only_together_know_the_label_are_asked_about_by_name(pair: str, names: set[str]):
    leak, clean = learnt_with_pair(pair, 0, True), learnt_with_pair(pair, 0, False)
    assert not clean.late
    assert names & {*leak.asked, *refused(leak)} and label_story.verdict(leak).kind != "go"
    if leak.better and leak.asked:
        assert label_story.headline(leak).startswith("If ") and "known before" in " ".join(label_story.why(leak))
    silent = learnt_with_pair(pair, 0, True, ("tenure_months", "invoices", "flag_a", "flag_b", "monthly", "total"))
    assert not silent.late


@pytest.mark.parametrize(
    ("auc", "low", "alone", "late"),
    [
        (0.95, 0.0, [0.9], True),
        (0.949, 0.0, [0.9], False),
        (0.8, 0.101, [0.6, 0.6], True),
        (0.8, 0.1, [0.6, 0.6], False),
        (0.8, 0.12, [0.65] * 6, False),  # six honest columns add up to that
    ],
)
def test_a_model_is_too_good_from_95_or_where_it_leads_by_more_than_its_columns_explain(auc, low, alone, late):
    assert too_good_together(auc, low, alone) == late


def test_a_column_that_stands_still_on_one_side_does_not_follow_a_date():
    rng = np.random.default_rng(1)
    day, outcome = rng.uniform(0, 2000, 400), np.arange(400) % 4 == 0
    still = np.where(outcome, 0.0, rng.uniform(1, 50, 400))
    still[np.flatnonzero(outcome)[:3]] = 1.0  # not quite constant
    assert not list(label_guard.apart(still, day, outcome.astype(int), "signup"))
    assert list(label_guard.apart(np.where(outcome, day * 0.5, day), day, outcome.astype(int), "signup"))


def test_what_the_client_knows_to_be_known_before_is_not_refused():
    settings = Settings.model_validate({"label": {"column": "left", "known_before": ["fee"]}})
    assert "fee" in learnt(0, settings, leak="fee").features


def test_where_no_model_beats_the_best_column_by_more_than_chance_that_column_is_used():
    table = customers_with_label(2, leak="score").drop(columns=["minutes", "plan", "abroad", "complaint", "created_date", "age"])
    result = given_label({"customer_table": table}, LABEL, RunContext(AS_OF, 2))
    assert result.auc_lead_low <= 0 and result.chosen == "single column" and result.better and len(result.scores) == 60
    assert "so the rule is used. The best column is score." in " ".join(label_story.why(result))
    ranks = result.scores.merge(table.astype({"customer_id": str}), on="customer_id")[["probability", "score"]].corr("spearman")
    assert abs(ranks.iloc[0, 1]) > 0.999


@pytest.mark.drill
def test_clean_twins_are_left_in_peace_and_a_planted_signal_is_found():
    results = [learnt(seed) for seed in range(50)]
    assert sum(bool(refused(result)) for result in results) <= 1
    assert sum(result.better for result in results) >= 48


@pytest.mark.drill
def test_a_label_of_chance_is_foretold_in_hardly_any_world():
    results = [learnt(seed, signal=0.0) for seed in range(50)]
    assert sum(result.better for result in results) <= 1 and sum(bool(result.late) for result in results) <= 1


@pytest.mark.parametrize("seed", seeds(2))
def test_a_planted_signal_is_found_and_those_whose_label_is_not_known_are_scored(seed: int):
    table = customers_with_label(seed)
    result = given_label({"customer_table": table}, LABEL, RunContext(AS_OF, seed))
    assert result.better and not result.late and label_story.verdict(result).kind != "not_yet"
    assert set(result.scores["customer_id"]) == set(table.loc[table["left"].isna(), "customer_id"]) and result.unknown == 60
    assert result.scores["probability"].is_monotonic_decreasing and result.scores["probability"].between(0, 1).all()
    assert "Scores are written for the 60" in label_story.scored(result)


@pytest.mark.parametrize("seed", seeds(2))
def test_a_label_of_chance_is_no_better_than_the_base_rate_and_writes_no_scores(seed: int):
    result = learnt(seed, signal=0.0)
    assert not result.better and result.scores.empty and not result.late
    assert "no better than the base rate" in label_story.headline(result)
    assert "guesses" in label_story.scored(result)


def test_where_everybody_carries_the_label_there_is_nobody_to_score():
    result = learnt(1, unknown=0)
    assert result.scores.empty and "nobody to score" in label_story.scored(result)


def test_rows_in_another_order_give_the_same_scores():
    table = customers_with_label(3)
    one, other = (
        given_label({"customer_table": rows}, LABEL, RunContext(AS_OF, 3)) for rows in (table, table.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(one.scores, other.scores)


@pytest.mark.parametrize("short", [0, 1])
def test_twenty_of_each_side_must_be_held_out(short: int):
    table = customers_with_label(1, customers=600, unknown=0)
    positive = table.index[table["left"] == "yes"][NEEDED - short :]
    table = table.drop(index=positive)
    settings, tables = LABEL, {"customer_table": table}
    gate = requires(tables, settings, RunContext(AS_OF, 1))
    assert gate.closed == bool(short)
    if short:
        assert "1 more" in gate.unlock and "not enough data" in gate.reason
        assert isinstance(given_label(tables, settings, RunContext(AS_OF, 1)), Refusal)
        assert run(tables, settings, RunContext(AS_OF, 1)).gate == gate


def test_a_label_that_is_not_there_is_named_with_what_may_be_meant():
    settings = Settings.model_validate({"label": {"column": "lefd"}})
    gate = requires({"customer_table": customers_with_label(1)}, settings, RunContext(AS_OF, 1))
    assert gate.closed and "lefd" in gate.reason and "'left'" in gate.unlock


def test_without_a_label_nothing_is_learnt():
    assert learnt(1, Settings()) is None


def test_columns_declared_as_known_afterwards_or_not_among_the_features_are_not_learnt_from():
    settings = Settings.model_validate({"label": {"column": "left", "leave_out": ["abroad"]}})
    assert "abroad" not in learnt(1, settings).features
    settings = Settings.model_validate({"label": {"column": "left", "features": ["abroad", "minutes"]}})
    assert set(learnt(1, settings).features) == {"abroad", "minutes"}


def test_what_was_computed_from_orders_is_not_learnt_from():
    table = customers_with_label(1)
    table["recency_days"] = np.where(table["left"] == "yes", 400.0, 10.0)
    result = given_label({"customer_table": table}, LABEL, RunContext(AS_OF, 1))
    assert "recency_days" not in (*result.features, *refused(result))


@pytest.mark.parametrize(
    ("values", "positive", "expected"),
    [
        (["Yes ", "no", "", None], "yes", [1, 0, None, None]),
        ([True, False, None], "yes", [1, 0, None]),
        ([1.0, 0.0, np.nan], "yes", [1, 0, None]),
        (["left", "stays", "gone"], "left", [1, 0, 0]),
        (["yes", "perhaps", "1"], "yes", [1, 0, 0]),
        (["yes", "no", "Unknown", " onbekend", "N/A", "-", "?", "okänd", "inconnu", "nvt", "unbekannt"], "yes", [1, 0] + [None] * 9),
        (["yes", "no", "pending", "open", 1], "yes", [1, 0, None, None, 1]),
        (["open", "closed", "unknown"], "open", [1, 0, None]),  # the word that was declared is never unknown
    ],
)
def test_a_label_is_read_as_people_write_it(values, positive, expected):
    given = outcome_of(pd.Series(values, dtype=object), GivenLabel(column="x", positive=positive))
    assert [None if pd.isna(value) else int(value) for value in given] == expected


def test_words_for_not_known_are_scored_and_counted_and_several_values_for_no_are_named():
    table = customers_with_label(1)
    table["left"] = table["left"].fillna("Unknown")
    table.loc[table.index[table["left"] == "no"][:30], "left"] = "moved"
    result = given_label({"customer_table": table}, LABEL, RunContext(AS_OF, 1))
    assert result.unknown == len(result.scores) == 60 and result.not_known == {"unknown": 60} and result.no_values == ("no", "moved")
    said = " ".join(label_story.why(result))
    assert "“unknown” in left is read as not known (60 customers)" in said and "“no” and “moved”" in said
    assert not label_story.label_read(learnt(1))


def test_a_mark_is_refused_from_a_tenth_of_its_side_a_purity_of_95_percent_and_odds_that_are_surely_20():
    outcome = np.r_[np.ones(200), np.zeros(800)].astype(int)

    def marked(of_leavers: int, of_stayers: int):
        rows = np.zeros(1000, dtype=bool)
        rows[:of_leavers], rows[200 : 200 + of_stayers] = True, True
        return one_sided(rows, outcome)

    assert marked(LEAST - 1, 0) is None
    assert not marked(19, 0).refused and marked(60, 0).refused  # rare, then a tenth
    assert not marked(20, 0).refused  # of a tenth, with odds that might be smaller than 20
    assert marked(95, 5).refused and not marked(95, 6).refused
    assert not marked(60, 24).refused and marked(60, 35) is None  # odds of 14, and of 9
    # Of a label that nearly everybody has, a column is one-sided by itself: that proves nothing.
    assert one_sided(np.arange(1000) % 3 == 0, np.r_[np.zeros(20), np.ones(980)].astype(int)) is None


@pytest.mark.parametrize(
    ("label", "named"),
    [
        ({"column": "letf"}, "label.column: got 'letf'"),
        ({"column": "left", "leave_out": ["reasn"]}, "Did you mean 'reason'?"),
        ({"column": "left", "known_before": ["agee"]}, "Did you mean 'age'?"),
        ({"column": "left", "features": ["agee", "plan"]}, "Did you mean 'age'?"),
        ({"column": "left", "features": ["age"], "leave_out": ["reason"]}, ""),
    ],
)
def test_a_label_that_is_no_column_is_named_before_anything_runs(tmp_path, label: dict, named: str):
    write_customers(tmp_path / "bank", 3, customers=120)
    file = tmp_path / "bank" / "client.yml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    settings["predictions"] = {"label": label}
    file.write_text(yaml.safe_dump(settings), encoding="utf-8")
    problems = [str(problem) for problem in check_client(tmp_path / "bank").problems]
    assert len(problems) == (1 if named else 0) and all(named in problem for problem in problems), problems
