from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.core.results import Refusal, RunContext
from helpers.phases import evaluation
from helpers.phases.evaluation import certainty, conversions, revenue, story
from helpers.phases.evaluation.tables import arms_table, criteria_table
from helpers.phases.evaluation.verdict import Proposal
from helpers.statistics.intervals import newcombe
from tests.support import evaluation_worlds as worlds


def textbook(treated: int, treated_people: int, holdout: int, holdout_people: int) -> tuple[float, float]:
    """The textbook's interval of a difference, with which the published figures were made."""
    rate, base = treated / treated_people, holdout / holdout_people
    half = stats.norm.ppf(0.975) * np.sqrt(rate * (1 - rate) / treated_people + base * (1 - base) / holdout_people)
    return rate - base - half, rate - base + half


HILLSTROM = Path(__file__).parents[3] / "shared/data/hillstrom/hillstrom.csv.gz"
MOMENT = RunContext(date(2026, 12, 31), 7)
START = date(2026, 7, 1)


def plan(**keys) -> dict:
    return {
        "pilot_id": "p-2026-06-30",
        "name": "Voucher",
        "holdout_share": 0.5,
        "variants": ["treated"],
        "start_date": START.isoformat(),
        "stop_date": (START + timedelta(days=60)).isoformat(),
        "look_dates": [(START + timedelta(days=days)).isoformat() for days in (30, 60)],
        "alpha": 0.05,
        "last_alpha": 0.049,
        "power": 0.8,
        "hoped_rise": 0.2,
        "base_rate": 0.1,
        "margin_share": 0.3,
        "contact_cost": 0.1,
        "fixed_cost": 10.0,
        "break_even_uplift": 0.002,
        "main_metric": "conversion",
        "criteria": [{"measure": "conversion_uplift", "at_least": 0.0, "at_most": None, "surely": True}],
    } | keys


def world(treated_rate=0.1, holdout_rate=0.1, people=4000, holdout=0.5, seed=1, only: str | None = None) -> dict:
    """Return an assignment and outcomes; ``only`` keeps the effect to one group."""
    rng = np.random.default_rng(seed)
    held = np.arange(people) < round(people * holdout)
    group = rng.choice(["small", "large"], people)
    affected = ~held & ((group == only) if only else True)
    bought = rng.random(people) < np.where(affected, treated_rate, holdout_rate)
    ids = np.array([f"c{number:05d}" for number in range(people)])
    assignment = pd.DataFrame(
        {
            "pilot_id": "p-2026-06-30",
            "customer_id": ids,
            "stratum": "all",
            "group_name": group,
            "treatment": np.where(held, "holdout_group", "treated"),
            "before_monetary": rng.lognormal(3, 1, people),
        }
    )
    days = pd.to_timedelta(rng.integers(0, 60, bought.sum()), "D")
    outcomes = pd.DataFrame(
        {
            "customer_id": ids[bought],
            "outcome_date": pd.Timestamp(START) + days,
            "outcome": "order",
            "outcome_amount": rng.lognormal(4, 1, bought.sum()),
        }
    )
    return {"assignment": assignment, "outcomes": outcomes}


def read(tables: dict, context: RunContext = MOMENT, settings=None, **keys) -> evaluation.result.Result:
    return evaluation.evaluate(tables, settings or evaluation.Settings(permutations=999), context, plan(**keys))


# Newcombe (1998), table II, method 10: difference of 56/70 and 48/80, 9/10 and 3/10, 10/10 and 0/10, and so on.
@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 10), 0.6075, 1.0),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
    ],
)
def test_published_intervals(counts, low, high):
    assert newcombe(*counts, 0.05) == pytest.approx((low, high), abs=6e-5)


def test_test_and_interval_cannot_disagree():
    for counts in ((30, 500, 18, 500), (25, 300, 40, 320), (3, 50, 3, 50)):
        comparison = conversions.compare_conversions(*counts)
        low, high = newcombe(*counts, max(comparison.p_value * 1.001, 1e-12))
        inside = newcombe(*counts, comparison.p_value * 0.999)
        if comparison.difference:
            assert low > 0 or high < 0
            assert inside[0] <= 0 <= inside[1]


def test_revenue_test_agrees_with_all_permutations():
    amounts = np.array([0, 0, 3.0, 10.0, 0, 25.0, 1.0, 0, 7.0, 2.0])
    treated = np.array([1, 0, 1, 1, 0, 1, 0, 0, 1, 0], bool)
    ours = revenue.compare_revenue(amounts, treated, alpha=0.05, permutations=50_000, seed=1)
    welch = stats.permutation_test(
        (amounts[treated], amounts[~treated]),
        lambda x, y, axis: stats.ttest_ind(x, y, equal_var=False, axis=axis).statistic,
        n_resamples=np.inf,
        vectorized=True,
    )
    assert ours.p_value == pytest.approx(welch.pvalue, abs=0.01)
    assert ours.difference == pytest.approx(amounts[treated].mean() - amounts[~treated].mean())


def test_revenue_interval_moves_with_the_amounts_and_leaves_out_zero_with_the_test():
    rng = np.random.default_rng(2)
    treated = np.arange(600) < 300
    for shift in (0.0, 0.3, 0.6):
        amounts = rng.lognormal(0, 1, 600) + shift * treated
        interval = revenue.compare_revenue(amounts, treated, alpha=0.05, permutations=1999, seed=1)
        assert (interval.low > 0 or interval.high < 0) == (interval.p_value <= 0.05)
        moved = revenue.compare_revenue(amounts + 5 * treated, treated, alpha=0.05, permutations=1999, seed=1)
        assert (moved.low - 5, moved.high - 5) == pytest.approx((interval.low, interval.high), abs=0.02)


def test_revenue_does_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(3)
    amounts, treated = np.where(rng.random(500) < 0.2, rng.lognormal(3, 1, 500), 0), rng.random(500) < 0.9
    turn = rng.permutation(500)
    keys = {"alpha": 0.05, "permutations": 999, "seed": 4}
    assert revenue.compare_revenue(amounts, treated, **keys) == revenue.compare_revenue(amounts[turn], treated[turn], **keys)


def test_the_past_takes_out_what_it_explains():
    rng = np.random.default_rng(4)
    before = rng.normal(size=20_000)
    amounts = 0.6 * before + 0.8 * rng.normal(size=20_000)
    adjusted, left = revenue.adjusted_by_before(amounts, before)
    assert left == pytest.approx(1 - 0.36, abs=0.02)  # 1 less the squared correlation (Deng et al. 2013)
    assert adjusted.mean() == pytest.approx(amounts.mean())
    assert revenue.adjusted_by_before(amounts, np.ones(20_000))[1] == 1.0


def test_planted_effect_is_found_where_it_is_and_not_where_it_is_not():
    result = read(world(treated_rate=0.2, only="small"))
    by = result.segments.set_index("segment")
    assert by.loc["small", "p_holm"] < 0.001 < 0.05 < by.loc["large", "p_holm"]
    assert by.loc["small", "low"] < 0.1 < by.loc["small", "high"]
    assert result.judgement.kind == "worked" and result.judgement.decision == "go"
    assert [(proposal.change, proposal.segment) for proposal in result.proposals] == [("begin_with", "small")]
    none = read(world())
    assert none.judgement.kind in ("unknown", "not_enough") and not (none.segments["p_holm"] < 0.05).any()


@pytest.mark.parametrize(
    ("rates", "kind", "decision"), [((0.2, 0.1), "worked", "go"), ((0.05, 0.1), "harmed", "no_go"), ((0.003, 0.003), "unknown", "wait")]
)
def test_verdicts(rates, kind, decision):
    result = read(world(*rates), break_even_uplift=0.05 if kind == "worked" else None)
    assert (result.judgement.kind, result.judgement.decision) == (kind, decision) or kind == "unknown"
    text = "\n".join(record.to_text() for record in records_of(result))
    assert "{" not in text
    json.dumps(story.finding(result).to_json())


def records_of(result) -> list:
    return [
        story.answer(result),
        certainty.reached_sentence(result),
        arms_table(result),
        certainty.balance_sentence(result),
        story.segments_sentence(result),
        story.evolution_sentence(result),
        criteria_table(result),
        story.actions(result),
        certainty.how_sure(result),
        evaluation.charts.rates(result),
    ]


def test_an_effect_that_cannot_pay_is_not_enough():
    result = read(world(0.1, 0.1, people=40_000), break_even_uplift=0.05)
    assert (result.judgement.kind, result.judgement.decision) == ("not_enough", "no_go")


def test_few_conversions_are_too_little_data_and_say_what_it_takes():
    result = read(world(0.02, 0.02, people=300))
    assert result.conversions is None and result.revenue is None
    assert result.judgement.kind == "too_little" and result.judgement.people_needed > 1000
    assert "too few" in story.answer(result).heading
    assert not result.segments["readable"].any()


def test_before_the_first_look_nothing_is_judged_and_between_looks_only_the_last_look_counts():
    tables = world(treated_rate=0.3)
    early = read(tables, RunContext(START + timedelta(days=20), 7))
    assert early.judgement.kind == "too_early" and early.conversions is None
    at_look = read(tables, RunContext(START + timedelta(days=30), 7))
    later = read(tables, RunContext(START + timedelta(days=50), 7))
    assert at_look.conversions == later.conversions and later.look == 1
    assert at_look.alpha == pytest.approx(0.00305, abs=1e-5)


def test_uneven_arms_stop_the_reading():
    tables = world(treated_rate=0.3)
    gone = tables["assignment"][tables["assignment"]["treatment"] == "treated"].index[:300]
    tables["assignment"] = tables["assignment"].drop(gone)
    result = read(tables)
    assert not result.ratio.holds and result.ratio.p_value < 0.001
    assert result.conversions is None and result.judgement.kind == "ratio" and result.judgement.decision == "wait"
    assert [proposal.change for proposal in result.proposals] == ["repair_draw"]


def test_without_outcomes_the_answer_says_what_to_bring_back():
    tables = world()
    for missing in ({}, {"outcomes": tables["outcomes"].iloc[:0]}):
        refusal = evaluation.evaluate({"assignment": tables["assignment"]} | missing, evaluation.Settings(), MOMENT, plan())
        assert isinstance(refusal, Refusal)
        assert all(column in refusal.gate.unlock for column in evaluation.gate.OUTCOME_COLUMNS)
        assert "bring them back" in refusal.heading and "left out" in refusal.gate.unlock
    assert isinstance(evaluation.evaluate({}, evaluation.Settings(), MOMENT, None), Refusal)


def test_everyone_counts_where_the_draw_put_them():
    tables = world(treated_rate=0.3)
    treated = tables["assignment"].query("treatment == 'treated'")["customer_id"]
    held = tables["assignment"].query("treatment != 'treated'")["customer_id"]
    shown = pd.concat([treated.iloc[: len(treated) // 2], held.iloc[:20]])
    with_reach = read(tables | {"exposures": pd.DataFrame({"customer_id": shown, "shown_time": pd.Timestamp(START)})})
    assert with_reach.reached == {"treated_reached": 0.5, "holdout_reached": 0.01}
    assert with_reach.conversions == read(tables).conversions


def test_equal_outcomes_and_equal_orders_are_all_counted():
    tables = world(people=400)
    first = tables["outcomes"].iloc[[0]]
    tables["outcomes"] = pd.concat([tables["outcomes"], first, first])
    row = read(tables).table.set_index("customer_id").loc[first["customer_id"].item()]
    assert row["conversions"] == 3 and row["revenue"] == pytest.approx(3 * first["outcome_amount"].item())


def test_unlike_arms_are_pointed_out():
    tables = world()
    treated = tables["assignment"]["treatment"] == "treated"
    tables["assignment"].loc[treated, "before_monetary"] *= 1.5
    result = read(tables)
    assert not result.balance.set_index("feature").loc["before_monetary", "even"]
    assert read(world()).balance["even"].all()


def test_money_is_margin_less_cost():
    result = read(world(treated_rate=0.2))
    wanted = 2000 * 0.3 * result.revenue.difference - (2000 * 0.1 + 10)
    assert result.money.net == pytest.approx(wanted) and result.money.low < wanted < result.money.high


def test_evolution_compares_with_the_same_months_of_last_year():
    tables = world(people=400)
    days = pd.date_range("2025-01-01", "2026-12-31", freq="D")
    rng = np.random.default_rng(6)
    orders = pd.DataFrame(
        {
            "order_id": range(8000),
            "customer_id": rng.choice(tables["assignment"]["customer_id"], 8000),
            "order_date": rng.choice(days, 8000),
            "order_amount": 10.0,
        }
    )
    table = read(tables | {"orders": orders}).evolution
    assert table["period"].unique().tolist() == ["before", "during", "after"]
    july = table[(table["month"] == "2026-07-01") & (table["arm"] == "treated")].iloc[0]
    treated = set(tables["assignment"].query("treatment == 'treated'")["customer_id"])
    then = orders[orders["order_date"].between("2025-07-01", "2025-07-31")]["customer_id"]
    assert july["last_year"] == pytest.approx(len(treated & set(then)) / 200)
    assert july["low"] < july["rate"] < july["high"]


def test_sample_ratio_false_alarms_are_rare_and_exact():
    for people in (400, 2000, 10_000):
        for share in (0.5, 0.1):
            assert worlds.false_alarms(people, share) <= 0.002
    assert not evaluation.sample_ratio.sample_ratio({"a": 5500, "b": 4500}, {"a": 1, "b": 1}).holds
    with pytest.raises(ValueError, match="no arm called x"):
        evaluation.sample_ratio.sample_ratio({"x": 1}, {"a": 1})


@pytest.fixture(scope="module")
def hillstrom() -> pd.DataFrame:
    if not HILLSTROM.exists():
        pytest.skip("the Hillstrom data is not in ../shared/data")
    return pd.read_csv(HILLSTROM)


def test_hillstrom_as_a_client(hillstrom):
    ids = [f"row{number:05d}" for number in range(len(hillstrom))]  # there is no key: equal rows are different people
    names = {"No E-Mail": "holdout_group", "Mens E-Mail": "mens", "Womens E-Mail": "womens"}
    assignment = pd.DataFrame(
        {
            "pilot_id": "p-2026-06-30",
            "customer_id": ids,
            "stratum": "all",
            "treatment": hillstrom["segment"].map(names),
            "before_monetary": hillstrom["history"],
        }
    )
    bought = hillstrom["conversion"] == 1
    outcomes = pd.DataFrame(
        {"customer_id": pd.Series(ids)[bought], "outcome_date": pd.Timestamp(START), "outcome_amount": hillstrom["spend"][bought]}
    )
    result = read({"assignment": assignment, "outcomes": outcomes}, variants=["mens", "womens"], holdout_share=1 / 3, look_dates=None)
    assert len(result.table) == 64_000 and result.ratio.p_value == pytest.approx(0.904, abs=5e-4)
    arms = result.profile.set_index("arm")
    assert arms["people"].to_dict() == {"mens": 21307, "womens": 21387, "holdout_group": 21306}
    assert arms["rate"].round(6).to_dict() == {"mens": 0.012531, "womens": 0.008837, "holdout_group": 0.005726}
    assert arms["revenue_per_person"].round(4).to_dict() == {"mens": 1.4226, "womens": 1.0772, "holdout_group": 0.6528}
    by = result.variants.set_index("segment")
    for arm, lift, low, high in (("womens", 0.311, 0.150, 0.472), ("mens", 0.681, 0.500, 0.861)):
        counts = (arms.loc[arm, "converted"], arms.loc[arm, "people"], 122, 21306)
        assert 100 * by.loc[arm, "difference"] == pytest.approx(lift, abs=5e-4)
        # The published intervals are the textbook ones; Newcombe's lie within 0.004 points of them.
        assert [100 * end for end in textbook(*counts)] == pytest.approx([low, high], abs=6e-4)
        assert [100 * by.loc[arm, end] for end in ("low", "high")] == pytest.approx([low, high], abs=4e-3)
    assert result.judgement.kind == "worked" and result.revenue.p_value < 0.01


@pytest.mark.parametrize("change", ["scale_up", "stop", "repeat_larger", "repeat_longer", "only_segment"])
def test_a_proposal_names_its_pilot_and_can_stand_alone(change):
    text = story.proposal_text(Proposal(change, segment="A"), "autumn-card")
    assert "“autumn-card”" in text
