"""Every number that decides what is said about customer groups, just below and just above it."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.clusters import (
    audit_story,
    certainty,
    code_audit,
    detect,
    evidence,
    features,
    gate,
    naming,
    stability,
    story,
    structure,
)
from helpers.analyses.clusters.agreement import Agreement, permutation_agreement
from helpers.analyses.clusters.kmeans import Fit, most_groups
from helpers.analyses.clusters.result import SampleCheck, quality_numbers
from helpers.analyses.clusters.scale import learn
from helpers.analyses.clusters.scale_comparison import dominated, recommended_scale
from helpers.analyses.clusters.settings import Settings
from helpers.core.results import RunContext
from tests.support import gate_worlds as worlds

SETTINGS = Settings()


# ---- How many groups ----


def proof(*rows: tuple[int, float, float, int]) -> pd.DataFrame:
    """Return evidence by hand: groups, overlap of the weakest, readability, customers in the smallest."""
    return pd.DataFrame(rows, columns=["clusters", "weakest", "readability", "smallest"]).assign(natural=False)


@pytest.mark.parametrize(("weakest", "clusters"), [(0.7499, 2), (0.75, 3), (0.7501, 3)])
def test_a_cut_is_stable_from_75_percent_on(weakest, clusters):
    assert evidence.choose_clusters(proof((2, 0.9, 0.9, 100), (3, weakest, 0.9, 100)), 500, SETTINGS).clusters == clusters


@pytest.mark.parametrize(("readability", "clusters"), [(0.7999, 2), (0.8, 3), (0.8001, 3)])
def test_a_cut_is_readable_from_80_percent_on(readability, clusters):
    assert evidence.choose_clusters(proof((2, 0.9, 0.9, 100), (3, 0.9, readability, 100)), 500, SETTINGS).clusters == clusters


@pytest.mark.parametrize(("smallest", "customers", "clusters"), [(9, 500, 2), (10, 500, 3), (10, 1000, 3), (19, 2000, 2), (20, 2000, 3)])
def test_a_group_holds_at_least_ten_customers_and_one_percent(smallest, customers, clusters):
    assert evidence.choose_clusters(proof((2, 0.9, 0.9, 100), (3, 0.9, 0.9, smallest)), customers, SETTINGS).clusters == clusters


def test_no_more_than_five_groups_are_proposed_where_none_are_natural():
    rows = [(clusters, 0.9, 0.9, 100) for clusters in range(2, 9)]
    assert evidence.choose_clusters(proof(*rows), 500, SETTINGS).clusters == 5


def test_where_nothing_is_stable_the_steadiest_useful_cut_is_proposed():
    assert evidence.choose_clusters(proof((2, 0.5, 0.9, 100), (3, 0.6, 0.9, 100), (4, 0.7, 0.9, 9)), 500, SETTINGS).clusters == 3
    assert evidence.choose_clusters(proof((2, 0.5, 0.9, 9), (3, 0.6, 0.9, 9), (6, 0.7, 0.9, 100)), 500, SETTINGS).clusters == 3
    assert evidence.choose_clusters(proof((6, 0.5, 0.9, 100), (7, 0.5, 0.9, 100)), 500, SETTINGS).clusters == 6


@pytest.mark.parametrize(
    ("emptiness", "weakest", "smallest", "natural"),
    [(0.5, 0.75, 10, True), (0.4999, 0.75, 10, False), (0.5, 0.7499, 10, False), (0.5, 0.75, 9, False)],
)
def test_groups_may_be_natural_when_half_empty_in_between_stable_and_not_tiny(emptiness, weakest, smallest, natural):
    row = pd.Series({"emptiness": emptiness, "weakest": weakest, "smallest": smallest})
    assert evidence.may_be_natural(row, 500, SETTINGS) is natural


@pytest.mark.parametrize(("emptiness", "natural"), [(0.7, False), (0.7001, True)])
def test_natural_groups_are_emptier_in_between_than_every_copy(monkeypatch, emptiness, natural):
    monkeypatch.setattr(structure, "reference_emptiness", lambda *_arguments: np.array([0.2, 0.7]))
    table = pd.DataFrame({"clusters": [2], "emptiness": [emptiness], "weakest": [0.9], "smallest": [100]})
    compared = evidence.compare_with_references(table, np.zeros((1, 1)), 500, SETTINGS, 1)
    assert bool(compared["natural"].iloc[0]) is natural


# ---- Structure ----


def along(*counts: int) -> np.ndarray:
    """Return customers on a line between two centres 0 and 1: so many in the middle of each eighth from -1/4 to 5/4."""
    places = -0.25 + 0.125 * (np.arange(12) + 0.5)
    return np.repeat(places, counts)[:, None]


def gap(*counts: int) -> float:
    points = along(*counts)
    return structure.emptiness(points, Fit(np.array([[0.0], [1.0]]), (points[:, 0] > 0.5).astype(int)))


def test_emptiness_is_the_valley_between_two_peaks():
    assert gap(0, 40, 40, 40, 0, 0, 0, 0, 40, 40, 40, 0) == 1
    # In the deepest place 10 + 10 of 40 are left of smoothing: a quarter of 10, half of 10 and a quarter of 10.
    assert gap(40, 40, 40, 40, 10, 10, 10, 40, 40, 40, 40, 40) == pytest.approx(0.75)
    assert gap(*[20] * 12) == pytest.approx(0)


@pytest.mark.parametrize(("hole", "depth"), [(2, 0), (3, 0.25), (4, 0.5), (7, 0.5), (8, 0.25), (9, 0)])
def test_a_valley_is_looked_for_in_the_middle_half_only(hole, depth):
    """An empty eighth keeps half of its two neighbours in smoothing, and takes a quarter of theirs."""
    assert gap(*(0 if place == hole else 40 for place in range(12))) == pytest.approx(depth)


@pytest.mark.parametrize(("left", "right", "depth"), [(-0.24, 1.24, 1), (-0.26, 1.24, 0), (-0.24, 1.26, 0)])
def test_customers_count_up_to_a_quarter_beyond_the_centres(left, right, depth):
    points = np.repeat([left, right], 40)[:, None]
    fit = Fit(np.array([[0.0], [1.0]]), (points[:, 0] > 0.5).astype(int))
    assert structure.emptiness(points, fit) == depth


def test_a_comparison_looks_at_3000_customers():
    assert len(structure.subsample(np.zeros((3_000, 2)), 1)) == 3_000
    assert len(structure.subsample(np.zeros((3_001, 2)), 1)) == 3_000
    assert len(structure.subsample(np.zeros((2_500, 2)), 1)) == 2_500


@pytest.mark.parametrize(("values", "spread"), [([1, 1, 2, 2], True), ([1, 1, 2, 3], False), ([1, 1, 1, 1], False)])
def test_ties_are_spread_where_at_most_half_the_values_differ(values, spread):
    column = np.array(values, dtype=float)[:, None]
    scale = learn(np.array([[1.0], [2.0], [3.0]]), "raw")
    moved = structure.spread_ties(column, scale, 1) != column
    assert moved.any() == spread


@pytest.mark.parametrize(("customers", "bins"), [(25, 10), (100, 10), (225, 15), (3_600, 60), (10_000, 60)])
def test_a_density_has_10_to_60_bins(customers, bins):
    """All but one customer at 0, the last at 1: the first bin holds all others, so its edge shows how wide a bin is."""
    column = np.r_[np.zeros(customers - 1), 1.0]
    edge = structure._draw_single_peaked(column, np.array([1 - 1 / customers]))[0]
    assert edge == pytest.approx(1 / bins)


# ---- Words about how sure ----


def groups_result(**quality) -> SimpleNamespace:
    usual = {"clusters": 3, "natural": 0, "natural_here": False, "emptiness": 0.1, "weakest": 0.8}
    return SimpleNamespace(quality=usual | quality, groups=pd.DataFrame({"customers": [40, 30, 12]}))


@pytest.mark.parametrize(("weakest", "word"), [(0.75, "stable"), (0.7499, "partly stable"), (0.6, "partly stable"), (0.5999, "unsure")])
def test_the_verdict_on_groups(weakest, word):
    verdict = certainty.verdict(groups_result(weakest=weakest))
    assert verdict.word == word and verdict.kind == ("go" if word == "stable" else "caution")


@pytest.mark.parametrize(("emptiness", "words"), [(0.4999, "no clear gap"), (0.5, "lie well apart")])
def test_groups_lie_well_apart_from_half_empty_on(emptiness, words):
    assert words in certainty.nature(groups_result(emptiness=emptiness))


def audited(index: float = 0.3, direction: float = 0.5, p_value: float = 0.001) -> SimpleNamespace:
    return SimpleNamespace(agreement=Agreement(index, -0.01, 0.01, p_value, 0.5), direction=direction, ranked=True)


@pytest.mark.parametrize(
    ("audit", "word"),
    [
        (audited(index=0.5), "fits"),
        (audited(index=0.4999), "too coarse"),
        (audited(index=0.5, direction=0.0), "runs backwards"),
        (audited(index=0.5, direction=0.0001), "fits"),
        (audited(index=0.5, p_value=0.05), "fits"),
        (audited(index=0.5, p_value=0.0501), "no better than chance"),
    ],
)
def test_the_verdict_on_the_own_code(audit, word):
    assert certainty.audit_verdict(audit).word == word


@pytest.mark.parametrize(("index", "words"), [(0.0999, "but little"), (0.1, "Code and group agree 0.10")])
def test_little_agreement_is_below_a_tenth(index, words):
    assert words in audit_story.agreement_sentence(audited(index=index))


@pytest.mark.parametrize(("direction", "backwards"), [(-0.0001, True), (0.0, False), (0.0001, False)])
def test_a_code_runs_backwards_below_0(direction, backwards):
    audit = SimpleNamespace(direction=direction, set_aside=0, count=lambda _kind: 0)
    assert bool(audit_story.disagreement_sentences(audit)) is backwards


def test_the_smallest_p_value_is_one_in_a_thousand():
    agreement = permutation_agreement(np.diag([40, 40, 40]), 1)
    assert agreement.index == 1 and agreement.p_value == 0.001


# ---- The groups in words ----


@pytest.mark.parametrize(("ahead", "named"), [(0.0499, False), (0.05, True), (0.0501, True)])
def test_a_group_is_named_from_five_points_ahead_on(ahead, named):
    groups = pd.DataFrame({"revenue_share": [0.0, ahead, -ahead], "share": [0.0, 0.0, 0.0], "name": list("abc")})
    leading = story.leading(SimpleNamespace(groups=groups))
    assert (leading is not None) is named


def test_a_rule_has_at_most_three_conditions():
    yes_or_no = np.array(list(itertools.product((0.0, 1.0), repeat=4)))
    assert naming.surrogate_tree(yes_or_no, np.arange(16) // 2).fidelity == 1  # eight groups need three questions
    assert naming.surrogate_tree(yes_or_no, np.arange(16)).fidelity == 0.5


@pytest.mark.parametrize(("median", "marked"), [(1_499.0, False), (1_500.0, True), (667.0, False), (666.0, True)])
def test_a_feature_marks_a_group_from_one_and_a_half_times_on(median, marked):
    text = naming.marks_in_words(pd.Series({"median_contacts": median}), pd.Series({"contacts": 1_000.0}), ("contacts",))
    assert ("Set apart" in text) is marked


@pytest.mark.parametrize(("contacts", "name"), [(1_500.0, "Large buyers"), (1_501.6, "Large buyers, much contact")])
def test_a_feature_names_a_group_beyond_one_and_a_half_times(contacts, name):
    profile = pd.DataFrame({"median_monetary": [100.0, 101.0], "median_contacts": [1_000.0, contacts]})
    assert naming.names_for(profile, ("contacts",), ())[1] == name


def test_a_feature_names_a_group_only_where_it_differs_more_than_spend():
    profile = pd.DataFrame({"median_monetary": [1_000.0, 3_000.0], "median_contacts": [1_000.0, 2_900.0]})
    assert naming.names_for(profile, ("contacts",), ())[1] == "Large buyers"
    profile["median_contacts"] = [1_000.0, 3_100.0]
    assert naming.names_for(profile, ("contacts",), ())[1] == "Large buyers, much contact"


# ---- Scales ----


@pytest.mark.parametrize(
    ("shares", "dominates"), [([0.9, 0.1], False), ([0.9001, 0.0999], True), ([0.8, 0.2], False), ([1.0], False), ([0.05, 0.95], True)]
)
def test_a_feature_dominates_beyond_90_percent(shares, dominates):
    assert dominated(np.array(shares)) is dominates


@pytest.mark.parametrize(("share", "words"), [(0.9, "count too"), (0.9001, "hardly count")])
def test_a_raw_feature_is_said_to_decide_beyond_90_percent(share, words):
    raw = pd.Series({"decides_monetary": share, "decides_contacts": 1 - share})
    assert words in story._raw_scale_sentence(("monetary", "contacts"), raw)


@pytest.mark.parametrize(
    ("weakest", "smallest", "dominates", "scale"),
    [
        (0.75, 10, False, "log"),
        (0.7499, 10, False, "rank"),  # not stable: the steadiest
        (0.75, 9, False, "rank"),  # a tiny group
        (0.75, 10, True, "rank"),  # one feature decides
    ],
)
def test_log_is_recommended_where_it_is_stable_roomy_and_fair(weakest, smallest, dominates, scale):
    scales = pd.DataFrame(
        {"scale": ["log", "rank"], "weakest": [weakest, 0.9], "smallest": [smallest, 100], "dominated": [dominates, False]}
    )
    assert recommended_scale(scales, 500, SETTINGS) == scale


@pytest.mark.parametrize(("smallest", "words"), [(9, "no single feature decides there"), (10, "no group is tiny")])
def test_log_is_recommended_for_its_roomy_groups_only_where_they_are(smallest, words):
    scales = pd.DataFrame({"scale": ["log"], "smallest": [smallest], "recommended": [True]})
    result = SimpleNamespace(scales=scales, features=("monetary",), quality={"fitted_on": 500}, settings=SETTINGS)
    assert words in story.scale_sentences(result)[0].text


@pytest.mark.parametrize(("distinct", "numbers"), [(2, [2]), (3, [2, 3]), (9, [2, 3, 4, 5, 6, 7, 8])])
def test_as_many_groups_are_looked_at_as_there_are_kinds_of_customers(distinct, numbers):
    assert evidence._numbers_of_groups(np.arange(40)[:, None] % distinct, SETTINGS) == numbers


# ---- Who takes part ----


@pytest.mark.parametrize(("spend", "large"), [(1.999, 0), (2.0, 1), (2.001, 1)])
def test_a_very_large_account_brings_two_percent_of_revenue(spend, large):
    others = np.full(392, 0.25)  # 98 in all
    assert features.large_accounts(np.r_[others, spend], SETTINGS)[0].sum() == large


@pytest.mark.parametrize(("customers", "large"), [(199, 0), (200, 2), (201, 2)])
def test_at_most_one_percent_are_very_large_accounts(customers, large):
    spend = np.r_[np.full(customers - 2, 1.0), 1_000.0, 1_000.0]
    assert features.large_accounts(spend, SETTINGS)[0].sum() == large


@pytest.mark.parametrize(("distinct", "groups"), [(19, 19), (20, 20), (21, 21), (22, 21)])
def test_groups_are_counted_up_to_one_more_than_can_be_asked_for(distinct, groups):
    assert most_groups(np.arange(distinct)[:, None]) == groups


def test_a_resample_holds_at_most_5000_customers(monkeypatch):
    sizes = []

    def fit(scaled, clusters, seed, starts):
        sizes.append(len(scaled))
        return Fit(np.array([[0.0], [1.0]]), np.zeros(len(scaled), dtype=int))

    monkeypatch.setattr(stability, "fit_kmeans", fit)
    for customers in (4_999, 5_000, 5_001):
        stability.bootstrap_stability(np.zeros((customers, 1)), Fit(np.array([[0.0], [1.0]]), np.zeros(customers, dtype=int)), 1, 1)
    assert sizes == [4_999, 5_000, 5_000]


@pytest.mark.parametrize(("certainty_of_one", "share"), [(0.9, 1.0), (0.8999, 0.5)])
def test_a_group_is_sure_from_90_percent_of_resamples_on(certainty_of_one, share):
    table = pd.DataFrame({"sure": [1.0, certainty_of_one], "large_account": [False, False]})
    rows = pd.DataFrame({"clusters": [2], "emptiness": [0.1]})
    steady = stability.Stability(np.array([0.9]), np.array([0.9, 0.8]), ())
    rules = naming.Rules(1.0, pd.DataFrame())
    quality = quality_numbers(evidence.Choice(2, 0), rows, steady, rules, table, SETTINGS, SampleCheck(2))
    assert quality["sure_share"] == share


@pytest.mark.parametrize(("certainty_of_one", "advised"), [(0.9, False), (0.8999, True)])
def test_an_unsure_group_is_a_warning_below_90_percent_of_resamples(certainty_of_one, advised):
    groups = pd.DataFrame({"revenue_share": [0.5, 0.5], "share": [0.5, 0.5]})
    table = pd.DataFrame({"sure": [1.0, certainty_of_one]})
    result = SimpleNamespace(quality={"large_accounts": 0}, groups=groups, table=table, settings=SETTINGS)
    assert bool(story.actions(result)) is advised


# ---- The gate ----


def buyers(count: int, large: int = 0) -> features.Prepared:
    table = pd.DataFrame({"customer_id": [f"K{number:05d}" for number in range(count)], "monetary": np.arange(count) % 50 + 1.0})
    return features.Prepared(table, ("monetary",), np.arange(count) < large, ())


def verdict_at(monkeypatch, prepared: features.Prepared, weakest: float = 0.9, **keys) -> str:
    monkeypatch.setattr(gate, "detectable", lambda *_arguments: detect.Detectable(2, weakest))
    return gate.gate_of(prepared, Settings(**keys), 1).verdict.kind


@pytest.mark.parametrize(("count", "kind"), [(49, "not_yet"), (50, "caution"), (99, "caution"), (100, "go"), (101, "go")])
def test_25_buyers_for_each_of_two_groups_open_the_gate_and_twice_as_many_lift_the_caution(monkeypatch, count, kind):
    assert verdict_at(monkeypatch, buyers(count)) == kind


def test_very_large_accounts_do_not_count_for_the_gate(monkeypatch):
    assert verdict_at(monkeypatch, buyers(50, large=1)) == "not_yet"
    assert verdict_at(monkeypatch, buyers(51, large=1)) == "caution"


@pytest.mark.parametrize(("declared", "kind"), [(2, "go"), (4, "go"), (5, "caution"), (8, "caution"), (9, "not_yet")])
def test_a_declared_number_of_groups_needs_buyers_for_each(monkeypatch, declared, kind):
    assert verdict_at(monkeypatch, buyers(200), clusters=declared) == kind


@pytest.mark.parametrize(("distinct", "kind"), [(2, "not_yet"), (3, "go")])
def test_there_are_as_many_kinds_of_customers_as_groups(monkeypatch, distinct, kind):
    prepared = buyers(200)
    prepared.buyers["monetary"] = np.arange(200) % distinct + 1.0
    assert verdict_at(monkeypatch, prepared, clusters=3) == kind


@pytest.mark.parametrize(("weakest", "kind"), [(0.5999, "caution"), (0.6, "go")])
def test_groups_that_do_not_stay_are_a_caution(monkeypatch, weakest, kind):
    assert verdict_at(monkeypatch, buyers(100), weakest) == kind


def test_the_trial_looks_at_2000_buyers_eight_times(monkeypatch):
    sizes = []

    def weakest(scaled, monetary, groups, seed):
        sizes.append((len(scaled), groups))
        return 0.9

    monkeypatch.setattr(detect, "_weakest", weakest)
    trials = [detect.detectable(buyers(count), Settings(clusters=3), 1) for count in (1_999, 2_000, 2_001)]
    assert sizes == [(1_999, 3), (2_000, 3), (2_000, 3)]
    assert "drawn again 8 times, the least steady of 3 groups keeps 90" in trials[0].sentence()


@pytest.mark.parametrize(("count", "tried"), [(74, [2]), (75, [2, 3]), (99, [2, 3]), (100, [2, 3, 4]), (500, [2, 3, 4, 5])])
def test_so_many_groups_are_tried_as_there_are_buyers_for(monkeypatch, count, tried):
    groups_tried = []
    monkeypatch.setattr(detect, "_weakest", lambda _scaled, _monetary, groups, _seed: groups_tried.append(groups) or 0.9)
    detect.detectable(buyers(count), SETTINGS, 1)
    assert groups_tried == tried


@pytest.mark.parametrize(("distinct", "weakest"), [(2, 0.0), (3, 1.0)])
def test_a_sample_with_fewer_kinds_of_customers_than_groups_holds_none(distinct, weakest):
    rows = np.arange(60) % distinct * 10.0
    assert detect._weakest(rows[:, None], rows, 3, 1) == pytest.approx(weakest)


# ---- The audit of the own code ----


def audit_of(groups: list[int], codes: list[str], sure: float = 1.0):
    ids = [f"K{number:04d}" for number in range(len(groups))]
    table = pd.DataFrame({"customer_id": ids, "group": groups, "sure": sure, "monetary": 10.0})
    table["group_name"] = table["group"].map({1: "Small buyers", 2: "Large buyers"})
    customers = pd.DataFrame({"customer_id": ids, "customer_code": codes})
    return code_audit.audit(SimpleNamespace(table=table), customers, SETTINGS, RunContext(worlds.MOMENT.as_of, 1))


@pytest.mark.parametrize(("customers", "answered"), [(29, False), (30, True), (31, True)])
def test_thirty_customers_with_a_code_are_audited(customers, answered):
    groups = [1] * 15 + [2] * (customers - 15)
    answer = audit_of(groups, ["B" if group == 1 else "A" for group in groups])
    assert isinstance(answer, code_audit.Audit) is answered


@pytest.mark.parametrize(("best_codes", "listed"), [(12, 28), (4, 0)])
def test_code_and_group_disagree_more_than_a_third_apart(best_codes, listed):
    """Of 100 customers 40 are in the higher group (place 0.8); the code B has place 0.44, or 0.48."""
    codes = ["B"] * (100 - best_codes) + ["A"] * best_codes
    audit = audit_of([1] * 60 + [2] * 40, codes)
    assert len(audit.disagreements) == listed


@pytest.mark.parametrize(("sure", "listed", "set_aside"), [(0.9, 28, 0), (0.8999, 0, 28)])
def test_only_customers_with_a_group_in_90_percent_of_resamples_are_listed(sure, listed, set_aside):
    audit = audit_of([1] * 60 + [2] * 40, ["B"] * 88 + ["A"] * 12, sure)
    assert (len(audit.disagreements), audit.set_aside) == (listed, set_aside)
