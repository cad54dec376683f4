"""The audit of the firm's own code, and the decisions that come back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import clusters
from helpers.analyses.clusters import audit_story, certainty, charts
from helpers.analyses.clusters.agreement import adjusted_rand_index, permutation_agreement
from helpers.core.results import Refusal, RunContext
from tests.analyses.test_clusters import settings, three_kinds

MOMENT = RunContext(date(2021, 6, 30), 42)


def audited(table: pd.DataFrame, **keys):
    chosen = settings(clusters=3, **keys)
    result = clusters.run({"customer_table": table}, chosen, MOMENT)
    return result, clusters.audit(result, table, chosen, MOMENT)


def with_wrong_codes() -> tuple[pd.DataFrame, set[str], set[str]]:
    """Three kinds with fitting codes, but five of the largest coded C and four of the smallest coded A."""
    table = three_kinds().sort_values(["kind", "customer_id"]).reset_index(drop=True)
    low, high = table.index[table["kind"] == 2][:5], table.index[table["kind"] == 0][:4]
    table.loc[low, "customer_code"], table.loc[high, "customer_code"] = "C", "A"
    return table, set(table.loc[low, "customer_id"]), set(table.loc[high, "customer_id"])


def test_planted_disagreements_are_exactly_the_list():
    table, low, high = with_wrong_codes()
    _result, audit = audited(table)
    listed = audit.disagreements
    assert set(listed.loc[listed["kind"] == "underrated", "customer_id"]) == low
    assert set(listed.loc[listed["kind"] == "overrated", "customer_id"]) == high
    spend = table.set_index("customer_id")["monetary"]
    assert audit.at_stake("underrated") == pytest.approx(spend[list(low)].sum())
    assert listed["revenue_at_stake"].is_monotonic_decreasing
    assert (listed["decision"] == "").all() and listed["reason"].str.len().gt(20).all()
    assert audit.agreement.beyond_chance and certainty.audit_verdict(audit).kind == "go"


def test_cross_table_and_shares_count_every_customer_also_those_without_a_code():
    table, *_ = with_wrong_codes()
    table.loc[table.index[:7], "customer_code"] = [np.nan, "", "  ", None, np.nan, "", ""]
    _result, audit = audited(table)
    assert audit.cross.to_numpy().sum() == len(table) and audit.cross[""].sum() == 7
    assert audit.shares.sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    assert audit.customers == len(table) - 7
    assert "no code" in clusters.tables.cross_table(audit).to_text()


def test_codes_dealt_out_by_chance_agree_no_more_than_chance():
    rng = np.random.default_rng(1)
    beyond = 0
    for _draw in range(40):
        cross = pd.crosstab(rng.integers(0, 3, 200), rng.integers(0, 4, 200)).to_numpy()
        beyond += permutation_agreement(cross, int(rng.integers(1e6))).beyond_chance
    assert beyond <= 6  # 5 % of 40 is 2; more than 6 has a chance below 1 %


def test_the_agreement_is_the_one_of_scikit_learn():
    rng = np.random.default_rng(2)
    ours, theirs = rng.integers(0, 4, 300), rng.integers(0, 3, 300)
    theirs[:150] = ours[:150] % 3
    assert adjusted_rand_index(pd.crosstab(ours, theirs).to_numpy()) == pytest.approx(adjusted_rand_score(ours, theirs))


def test_only_customers_with_a_sure_group_are_listed():
    rng = np.random.default_rng(3)
    table = three_kinds().assign(
        monetary=rng.lognormal(6, 1, 240),
        contacts=rng.poisson(8, 240),
        frequency=1 + rng.poisson(6, 240),
        customer_code=rng.choice(list("ABC"), 240),
    )
    result, audit = audited(table)
    assert audit.set_aside > 0
    assert (audit.disagreements["sure"] >= 0.9).all()
    sure = result.table.set_index("customer_id")["sure"]
    assert (sure[audit.disagreements["customer_id"]] >= 0.9).all()
    assert "not sure enough" in " ".join(audit_story.why(audit))


def test_a_code_that_runs_backwards_is_said():
    table = three_kinds().assign(customer_code=lambda customers: np.array(list("ABC"))[customers["kind"]])
    _result, audit = audited(table)
    assert audit.direction < -0.9
    assert certainty.audit_verdict(audit).word == "runs backwards"
    _result, right = audited(table, code_order=("C", "B", "A"))
    assert right.direction > 0.9 and right.disagreements.empty


def test_codes_outside_the_declared_order_are_left_out_and_said():
    table = three_kinds()
    table.loc[:4, "customer_code"] = "X"
    _result, audit = audited(table, code_order=("A", "B", "C"))
    assert audit.customers == 235 and any("5 customers" in note for note in audit.notes)


@pytest.mark.parametrize("code", [None, "", "A"])
def test_without_two_codes_the_audit_refuses_with_a_reason(code):
    _result, answer = audited(three_kinds().assign(customer_code=code))
    assert isinstance(answer, Refusal) and answer.gate.closed


def test_without_the_column_the_audit_refuses():
    _result, answer = audited(three_kinds().drop(columns="customer_code"))
    assert isinstance(answer, Refusal) and "no code of your own" in answer.gate.reason


def test_the_audit_leaves_its_inputs_alone_and_does_not_mind_row_order():
    table, *_ = with_wrong_codes()
    before = table.copy(deep=True)
    _result, audit = audited(table)
    pd.testing.assert_frame_equal(table, before)
    _result, again = audited(table.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(audit.disagreements, again.disagreements)
    assert audit.agreement == again.agreement


def test_the_audit_can_be_said_and_drawn():
    _result, audit = audited(with_wrong_codes()[0])
    for part in (
        audit_story.answer(audit),
        clusters.tables.cross_table(audit),
        *audit_story.mix_sentences(audit),
        clusters.tables.disagreements_table(audit),
        certainty.audit_how_sure(audit),
    ):
        assert part.to_html() and "{" not in part.to_text()
    assert "9 customers" in audit_story.headline(audit)
    assert charts.code_shares(audit).png.startswith(b"\x89PNG")
    record = audit_story.finding(audit)
    assert type(record).from_json(record.to_json()) == record


def test_decisions_come_back_checked():
    _result, audit = audited(with_wrong_codes()[0])
    ids = audit.disagreements["customer_id"].tolist()
    back = pd.DataFrame(
        {
            "customer_id": [*ids[:5], "NOBODY", ids[5], ids[5]],
            "decision": ["Change ", "keep", "", np.nan, "chnge", "keep", "keep", "later"],
            "new_code": ["A", "", "", "", "A", "", "", ""],
        }
    )
    got = clusters.read_decisions(audit.disagreements, back, audit.codes)
    assert got.table.to_dict("records") == sorted(
        [{"customer_id": ids[0], "decision": "change", "new_code": "A"}, {"customer_id": ids[1], "decision": "keep", "new_code": ""}],
        key=lambda row: row["customer_id"],
    )
    assert len(got.mistakes) == 3
    assert any("Did you mean 'change'?" in mistake for mistake in got.mistakes)
    assert set(got.open_ids) == set(ids[2:])


def test_a_new_code_must_exist_and_columns_must_be_there():
    _result, audit = audited(with_wrong_codes()[0])
    back = audit.disagreements.head(1).assign(decision="change", new_code="Z")
    assert "not one of yours" in clusters.read_decisions(audit.disagreements, back, audit.codes).mistakes[0]
    broken = clusters.read_decisions(audit.disagreements, back.drop(columns="decision"), audit.codes)
    assert "lacks the column" in broken.mistakes[0] and len(broken.open_ids) == len(audit.disagreements)
