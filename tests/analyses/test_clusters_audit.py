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


@pytest.fixture(scope="module")
def groups_of_three_kinds():
    return clusters.run({"customer_table": three_kinds()}, settings(clusters=3), MOMENT)


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
    table = three_kinds().assign(monetary=rng.lognormal(6, 1, 240), contacts=rng.poisson(8, 240), frequency=1 + rng.poisson(6, 240))
    # A code that mostly follows the spend: beyond chance, and wrong for some.
    followed = pd.qcut(table["monetary"], 3, labels=list("CBA")).astype(str)
    table["customer_code"] = np.where(rng.random(240) < 0.85, followed, rng.choice(list("ABC"), 240))
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


def test_a_kind_of_customer_in_words_ranks_nobody():
    """Where the large ones are one kind, the words agree with the groups; that makes them no ranking until somebody says so."""
    kinds = np.array(["Particulier", "Winkel", "Horeca"])
    table = three_kinds().assign(customer_code=lambda customers: kinds[customers["kind"]])
    _result, audit = audited(table)
    assert not audit.ranked and audit.agreement.beyond_chance and audit.disagreements.empty
    record = audit_story.finding(audit)
    assert not record.actions and not record.key_figures and "ranks nobody" in record.headline
    assert "alphabetical" not in " ".join(audit.notes) and "backwards" not in " ".join(audit_story.why(audit))
    assert certainty.audit_verdict(audit).word == "not a ranking" and "{" not in certainty.audit_how_sure(audit).to_text()
    _result, declared = audited(table, code_order=("Horeca", "Winkel", "Particulier"))
    assert declared.ranked and declared.direction > 0.9


@pytest.mark.parametrize(("codes", "ranked"), [("A B C", True), ("1 2 10", True), ("AA B C", False), ("100 200 300", False)])
def test_letters_and_small_numbers_sort_by_themselves(codes, ranked, groups_of_three_kinds):
    table = three_kinds().assign(customer_code=lambda customers: np.array(codes.split()[::-1])[customers["kind"]])
    audit = clusters.audit(groups_of_three_kinds, table, settings(clusters=3), MOMENT)
    assert audit.ranked == ranked and (audit.codes == tuple(codes.split()) or not ranked)
    if codes == "1 2 10":  # numbers may rise or fall with what customers do: that is seen, where letters begin with the best
        rising = table.assign(customer_code=np.array(codes.split())[table["kind"]])
        audit = clusters.audit(groups_of_three_kinds, rising, settings(clusters=3), MOMENT)
        assert audit.ranked and audit.codes == ("10", "2", "1") and audit.direction > 0.9 and "the highest as the best" in audit.notes[0]


@pytest.mark.parametrize("order", [(), ("A", "B", "C")])
def test_at_chance_agreement_nothing_is_advised(order, groups_of_three_kinds):
    claims = 0
    for seed in range(10):
        table = three_kinds().assign(customer_code=np.random.default_rng(seed).choice(list("ABC"), 240))
        audit = clusters.audit(groups_of_three_kinds, table, settings(clusters=3, code_order=order), MOMENT)
        record = audit_story.finding(audit)
        claims += audit.agreement.beyond_chance
        if not audit.agreement.beyond_chance:
            assert audit.disagreements.empty and not record.actions and not record.key_figures and not record.chance.beaten
            assert "chance" in record.headline or not audit.ranked
    assert claims <= 3


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
