from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.results import Refusal, RunContext
from helpers.phases import pilot
from helpers.phases.pilot import power
from helpers.phases.pilot.pace import Pace
from helpers.statistics.intervals import newcombe

AS_OF = date(2026, 6, 30)
MOMENT = RunContext(AS_OF, 7)


def population(rng: np.random.Generator, size: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return customers, groups and contact history in which every kind of flaw occurs."""
    ids = [f"C{number:05d}" for number in range(size)]
    customers = pd.DataFrame(
        {
            "customer_id": ids,
            "monetary": rng.lognormal(5, 1, size),
            "frequency": rng.integers(0, 9, size),
            "recency_days": rng.integers(0, 400, size).astype(float),
            "consent": rng.choice(np.array(["yes", "no", None, "", "?", True], dtype=object), size),
            "opted_out": rng.choice(np.array(["yes", None, False, "no", "x"], dtype=object), size),
            "email": rng.choice(np.array(["a@x.example", None, ""], dtype=object), size),
        }
    )
    groups = pd.DataFrame({"customer_id": ids, "group": rng.integers(1, 4, size)})
    groups["group_name"] = groups["group"].map({1: "small", 2: "middle", 3: "large"})
    sent = rng.integers(0, 3 * size)
    campaigns = pd.DataFrame(
        {
            "campaign_id": "x",
            "customer_id": rng.choice(ids, sent),
            "sent_date": pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(-5, 45, sent), "D"),
        }
    )
    return customers, groups, campaigns


CHANNELS = [{"name": "email", "needs": "email", "columns": ["customer_id", "email"]}, {"name": "postcard"}]


def made(seed: int = 0, size: int = 900, **keys) -> pilot.analysis.Result:
    customers, groups, campaigns = population(np.random.default_rng(seed), size)
    room = pilot.Settings(channels=CHANNELS, **keys)
    return pilot.make({"customer_table": customers, "groups": groups, "campaigns": campaigns}, room, MOMENT)


def _lists_are_clean(seed: int, size: int) -> int:
    """Check every list of one random population by hand, without the functions under test."""
    customers, groups, campaigns = population(np.random.default_rng(seed), size)
    room = pilot.Settings(channels=CHANNELS, groups=("small", "2"))
    tables = {"customer_table": customers, "groups": groups, "campaigns": campaigns}
    result = pilot.make(tables, room, MOMENT)
    if isinstance(result, Refusal):
        return 0
    listed = pd.concat([target_list.frame for target_list in pilot.target_lists(result.assignment, result.people, result.plan, room)])
    row = customers.set_index("customer_id").loc[listed["customer_id"]]
    assert all(consent is True or consent == "yes" for consent in row["consent"])
    assert all(opted_out is None or opted_out is False or opted_out == "no" for opted_out in row["opted_out"])
    assert set(groups.set_index("customer_id").loc[listed["customer_id"], "group"]) <= {1, 2}
    age = (pd.Timestamp(AS_OF) - campaigns["sent_date"]).dt.days
    for days, most in ((7, 2), (30, 4)):
        counts = campaigns.loc[(age >= 0) & (age < days), "customer_id"].value_counts()
        assert (counts.reindex(listed["customer_id"]).fillna(0) + 1 <= most).all()
    assert not listed["customer_id"].duplicated().any()
    left_out = result.assignment.loc[result.assignment["treatment"] == pilot.assignment.HOLDOUT, "customer_id"]
    assert not set(left_out) & set(listed["customer_id"])
    return len(listed)


@given(st.integers(0, 2**32 - 1), st.integers(30, 400))
@settings(max_examples=20, deadline=None)
def test_nobody_is_on_a_list_against_the_rules(seed, size):
    _lists_are_clean(seed, size)


@pytest.mark.slow
@pytest.mark.parametrize("draws", [5, pytest.param(100, marks=pytest.mark.drill)])
def test_nobody_is_on_a_list_against_the_rules_in_thousands_of_populations(draws: int):
    rules = pilot.Settings()
    listed = 0
    # So many draws of a hundred populations of 60: every rule is per person, so they go in one frame.
    for seed in range(draws):
        customers, groups, campaigns = population(np.random.default_rng(seed), 100 * 60)
        people, _funnel, _recipients = pilot.eligibility.eligible(customers, rules, AS_OF, groups=groups, campaigns=campaigns)
        assert people["consent"].isin(["yes", True]).all()
        assert (people["opted_out"].isna() | people["opted_out"].isin(["no", False])).all()
        listed += len(people)
        age = (pd.Timestamp(AS_OF) - campaigns["sent_date"]).dt.days
        for days, most in ((7, 2), (30, 4)):
            counts = campaigns.loc[(age >= 0) & (age < days), "customer_id"].value_counts()
            assert counts.reindex(people["customer_id"]).fillna(0).max() + 1 <= most
    assert listed > 1_000 * draws
    assert sum(_lists_are_clean(seed, 200) for seed in range(2 * draws)) > 10 * draws


def test_funnel_counts_who_is_lost_at_each_step():
    customers = pd.DataFrame(
        {
            "customer_id": list("abcdef"),
            "consent": ["yes", "yes", "yes", None, "no", "yes"],
            "opted_out": [None, "yes", None, None, None, None],
        }
    )
    campaigns = pd.DataFrame({"customer_id": ["c", "c"], "sent_date": [AS_OF, AS_OF]})
    groups = pd.DataFrame({"customer_id": list("abcde"), "group": [1] * 5, "group_name": ["g"] * 5})
    people, funnel, _recipients = pilot.eligibility.eligible(
        customers, pilot.Settings(groups=("g",)), AS_OF, groups=groups, campaigns=campaigns
    )
    assert people["customer_id"].tolist() == ["a"]
    assert dict(zip(funnel["step"], funnel["lost"], strict=True)) == {"known": 0, "group": 1, "consent": 2, "opted_out": 1, "caps": 1}
    assert funnel["people"].tolist() == [6, 5, 3, 2, 1]


def test_too_few_people_is_a_reasoned_refusal():
    customers = pd.DataFrame({"customer_id": [str(number) for number in range(50)]})
    refusal = pilot.make({"customer_table": customers}, pilot.Settings(), MOMENT)
    assert isinstance(refusal, Refusal) and "50" in refusal.gate.unlock
    assert "consent" in refusal.gate.unlock.lower()


def draw(ids: list[str], strata_of: list[str], earlier=None, **keys) -> pd.DataFrame:
    people = pd.DataFrame({"customer_id": ids, "stratum": strata_of})
    given_keys = {"seed": 7, "holdout_share": 0.2, "assigned_on": AS_OF} | keys
    return pilot.assignment.assign(people, "p", earlier=earlier, **given_keys)


@given(st.integers(1, 400), st.integers(1, 5), st.floats(0.05, 0.9), st.randoms())
@settings(max_examples=20, deadline=None)
def test_same_people_under_shuffled_rows_and_balanced_strata(size, kinds, share, random):
    rows = [(f"c{number}", f"s{number % kinds}") for number in range(size)]
    first = draw([r[0] for r in rows], [r[1] for r in rows], holdout_share=share)
    random.shuffle(rows)
    again = draw([r[0] for r in rows], [r[1] for r in rows], holdout_share=share)
    pd.testing.assert_frame_equal(first, again)
    assert pilot.assignment.balance_of_draw(first, share)["off"].abs().max() < 1


@given(st.integers(1, 200), st.integers(0, 300), st.floats(0.05, 0.9))
@settings(max_examples=20, deadline=None)
def test_later_people_move_nobody_and_keep_the_balance(size, more, share):
    rows = [(f"c{number}", f"s{number % 3}") for number in range(size)]
    extra = [(f"a{number}", f"s{number % 4}") for number in range(more)]
    first = draw(*map(list, zip(*rows, strict=True)), holdout_share=share)
    both = draw(*map(list, zip(*(rows + extra), strict=True)), holdout_share=share, earlier=first)
    pd.testing.assert_frame_equal(both.iloc[:size], first)
    assert len(both) == size + more
    assert pilot.assignment.balance_of_draw(both, share)["off"].abs().max() < 1


def test_adding_a_thousand_customers_moves_nobody():
    result = made(size=3000)
    customers, groups, _campaigns = population(np.random.default_rng(99), 4000)
    people = customers.merge(groups, on="customer_id")
    grown = pilot.extend(result.assignment, result.plan, people, date(2026, 7, 15))
    before = result.assignment.set_index("customer_id")["treatment"]
    assert len(grown) >= len(before) + 1000
    assert (grown.set_index("customer_id")["treatment"].loc[before.index] == before).all()
    assert set(grown["assigned_on"]) == {pd.Timestamp(AS_OF), pd.Timestamp("2026-07-15")}


def test_every_person_has_the_same_chance_whatever_the_stratum():
    ids, strata_of = [f"c{number}" for number in range(30)], ["a"] * 7 + ["b"] * 23
    held = np.array([(draw(ids, strata_of, seed=seed)["treatment"] == pilot.assignment.HOLDOUT) for seed in range(600)])
    order = np.argsort(ids)
    # Four standard errors of a share of 20 % over 600 draws.
    assert np.abs(held.mean(axis=0) - 0.2).max() < 4 * np.sqrt(0.16 / 600), order
    # Two people of one stratum are not tied to each other: their covariance is that of drawing without putting back.
    together = np.corrcoef(held[:, 15], held[:, 20])[0, 1]
    assert abs(together - -1 / 22) < 4 / np.sqrt(600)


def test_variants_share_the_treated_equally():
    drawn = draw([f"c{number}" for number in range(1000)], ["s"] * 1000, variants=("a", "b", "c"), holdout_share=0.1)
    counts = drawn["treatment"].value_counts()
    assert counts[pilot.assignment.HOLDOUT] == 100 and counts[["a", "b", "c"]].tolist() == [300, 300, 300]


@pytest.mark.parametrize(("rate", "wanted"), [(0.02, 1.61), (0.05, 0.91), (0.1, 0.59), (0.2, 0.38)])
def test_five_hundred_per_arm_sees_only_large_rises(rate, wanted):
    assert pilot.power.smallest_rise(rate, 500, 500) == pytest.approx(wanted, rel=0.015)


@pytest.mark.parametrize(("rate", "per_arm"), [(0.02, 21066), (0.05, 8142), (0.1, 3834), (0.2, 1680)])
def test_published_sample_sizes(rate, per_arm):
    assert pilot.power.people_needed(rate, 0.2) == pytest.approx(2 * per_arm, rel=0.004)


@pytest.mark.parametrize("holdout_share", [0.1, 0.3, 0.5])
def test_a_pilot_of_the_size_asked_for_sees_the_rise_hoped_for(holdout_share):
    people = power.people_needed(0.05, 0.5, holdout_share=holdout_share)
    holdout = round(people * holdout_share)
    rng, pilots = np.random.default_rng(3), 6_000
    converted = rng.binomial(people - holdout, 0.075, pilots), rng.binomial(holdout, 0.05, pilots)
    low, _high = newcombe(converted[0], np.full(pilots, people - holdout), converted[1], np.full(pilots, holdout))
    # Three standard errors of a share of 80 % over 6,000 pilots are 1.5 points.
    assert (low > 0).mean() == pytest.approx(0.8, abs=0.0155)
    assert power.smallest_rise(0.05, people - holdout, holdout) == pytest.approx(0.5, rel=0.01)


def test_pace_and_length():
    def pace(days: int) -> Pace:
        return Pace(days / 100, "people", 1_000, 400, days)

    curve = power.duration_curve(pace, 5000, 5000, most_days=60, alpha=0.05, power=0.8)
    assert curve.set_index("days").loc[28, "base_rate"] == pytest.approx(0.28)
    assert curve["smallest_rise"].is_monotonic_decreasing
    days = power.days_needed(curve, 0.2)
    assert curve.set_index("days").loc[days, "smallest_rise"] <= 0.2 < curve.set_index("days").loc[days - 7, "smallest_rise"]
    assert power.days_needed(curve, 0.001) is None


def test_break_even_and_cost():
    result = made(contact_cost=0.5, fixed_cost=100, margin_share=0.25)
    plan = result.plan
    reachable = result.people.merge(result.assignment[["customer_id", "treatment"]], on="customer_id")
    assert plan.cost == pytest.approx(100 + 0.5 * (reachable["treatment"] != pilot.assignment.HOLDOUT).sum())
    earned = plan.break_even_uplift * plan.treated_people * plan.order_value * 0.25
    assert earned == pytest.approx(plan.cost)


def test_plan_travels_as_json_and_names_itself_once():
    result = made(name="Win back!", looks=3)
    plan = json.loads(json.dumps(result.plan.to_json(), allow_nan=False))
    assert plan["pilot_id"] == "win-back-2026-06-30" == result.assignment["pilot_id"].unique().item()
    assert plan["look_dates"][-1] == plan["stop_date"] and len(plan["look_dates"]) == 3
    again = made(name="Win back!", looks=3)
    pd.testing.assert_frame_equal(result.assignment, again.assignment)


def test_a_pilot_that_goes_on_keeps_its_days_and_its_strata():
    customers, groups, campaigns = population(np.random.default_rng(5), 900)
    tables = {"customer_table": customers, "groups": groups, "campaigns": campaigns}
    first = pilot.make(tables, pilot.Settings(looks=3, strata=("monetary",)), MOMENT)
    written = json.loads(json.dumps(first.plan.to_json()))
    later = RunContext(date(2026, 7, 31), 7)
    richer = customers.assign(monetary=customers["monetary"] * 3)
    tables = {**tables, "customer_table": richer, "assignment": first.assignment}
    second = pilot.make(tables, pilot.Settings(looks=3, strata=("monetary",)), later, None, written)
    for name in ("pilot_id", "start_date", "stop_date", "look_dates", "strata_cuts"):
        assert getattr(second.plan, name) == getattr(first.plan, name), name
    assert second.plan.as_of == date(2026, 7, 31)
    stayed = second.assignment[first.assignment.columns].iloc[: len(first.assignment)]
    pd.testing.assert_frame_equal(stayed[["customer_id", "treatment"]], first.assignment[["customer_id", "treatment"]])
    anew = pilot.make(tables | {"assignment": None}, pilot.Settings(looks=3, strata=("monetary",)), later)
    assert anew.plan.start_date > first.plan.start_date


def test_lists_hold_declared_columns_only_and_say_draft_until_released():
    customers, groups, campaigns = population(np.random.default_rng(3), 900)
    tables = {"customer_table": customers, "groups": groups, "campaigns": campaigns}
    draft = pilot.Settings(channels=CHANNELS)
    result = pilot.make(tables, draft, MOMENT)
    email, postcard = pilot.target_lists(result.assignment, result.people, result.plan, draft)
    assert list(email.frame) == ["release", "pilot_id", "treatment", "customer_id", "email"]
    assert list(postcard.frame) == ["release", "pilot_id", "treatment", "customer_id"]
    assert email.stem.startswith("DRAFT-") and email.frame["release"].str.startswith("DRAFT").all()
    assert email.frame["email"].eq("a@x.example").all() and len(postcard.frame)
    for when, sure in ((date(2026, 7, 1), True), (date(2026, 6, 1), False)):
        released = draft.model_copy(update={"approved_by": "An Peeters", "approved_on": when})
        first_list = pilot.target_lists(result.assignment, result.people, result.plan, released)[0]
        assert first_list.released is sure and first_list.stem.startswith("DRAFT") is not sure
        assert ("An Peeters" in first_list.frame["release"].iloc[0]) is sure
    # Who objected since is on no list, and keeps the place in the assignment.
    gone = email.frame["customer_id"].iloc[0]
    left = result.people[result.people["customer_id"] != gone]
    later = pilot.target_lists(result.assignment, left, result.plan, draft)
    assert gone not in set(later[0].frame["customer_id"]) and gone in set(result.assignment["customer_id"])


def test_serving_table_has_one_row_per_assigned_customer():
    result = made()
    table = pilot.serving_table(result.assignment)
    assert list(table) == ["pilot_id", "customer_id", "treatment"] and table["customer_id"].is_unique
    assert len(table) == len(result.assignment)


def test_the_page_for_marketing_says_on_what_ground_people_are_written_to_and_what_must_not_get_worse():
    note = "Letters to firms; decided by the head of sales."
    rows = dict(row.cells for row in pilot.tables.marketing_page(made(consent_note=note, guard_metrics=("opt_out_rate",))).parts[0].rows)
    assert rows["Why they may be written to"] == note and rows["Must not get worse"] == "share that objects"
    bare = dict(row.cells for row in pilot.tables.marketing_page(made(guard_metrics=())).parts[0].rows)
    assert not {"Why they may be written to", "Must not get worse"} & set(bare)


@pytest.mark.parametrize("keys", [{}, {"contact_cost": 1.0}, {"base_rate": 0.02, "hoped_rise": 0.01}, {"days": 21, "looks": 5}])
def test_the_story_can_be_told(keys):
    result = made(message="a voucher", **keys)
    records = [
        pilot.story.answer(result),
        pilot.story.funnel_sentence(result),
        pilot.story.curve_sentence(result),
        pilot.tables.marketing_page(result),
        pilot.tables.it_page(result),
        pilot.certainty.how_sure(result),
        pilot.story.actions(result),
        pilot.story.hypothesis(result.plan),
        pilot.charts.funnel(result),
    ]
    text = "\n".join(record.to_text() for record in records)
    assert "{" not in text and "nan" not in text.lower().split()
    assert result.plan.pilot_id in text
    json.dumps(pilot.story.finding(result).to_json())
    assert (pilot.story.verdict(result.plan).kind == "go") == (result.plan.smallest_rise <= result.plan.hoped_rise)


@pytest.mark.parametrize(
    "bad",
    [
        {"variants": ["a", "a"]},
        {"variants": ["holdout_group"]},
        {"criteria": [{"measure": "net_money"}]},
        {"holdout": 0.5},
        {"channels": [{"name": "a"}, {"name": "a"}]},
    ],
)
def test_settings_refuse_what_cannot_be(bad):
    with pytest.raises(ValueError):
        pilot.Settings(**bad)
