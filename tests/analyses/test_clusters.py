"""The customer groups: planted truth found, and the contract of an analysis kept."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import clusters
from helpers.analyses.clusters import certainty, charts, story, tables
from helpers.analyses.clusters.features import large_accounts
from helpers.analyses.clusters.kmeans import fit_kmeans, nearest_centre
from helpers.analyses.clusters.scale import decided_by, learn
from helpers.analyses.clusters.stability import bootstrap_stability, share_of_resamples_alike
from helpers.core.results import Refusal, RunContext
from helpers.story import Picture
from tests.conftest import SAMPLES

MOMENT = RunContext(date(2021, 6, 30), 42)
OFFICE = SAMPLES / "office-interiors"
QUICK = {"resamples": 10, "evidence_resamples": 5, "references": 9, "starts": 5, "most_clusters": 4}


def settings(**keys) -> clusters.Settings:
    return clusters.Settings(**{**QUICK, **keys})


def three_kinds(size: int = 80, seed: int = 1) -> pd.DataFrame:
    """Three kinds of customers far apart on every feature; column ``kind`` is the truth."""
    rng = np.random.default_rng(seed)
    kind = np.repeat([0, 1, 2], size)
    middle = np.array([[200, 3, 2], [4_000, 12, 10], [60_000, 60, 60]])[kind]
    points = middle * np.exp(rng.normal(0, 0.2, (3 * size, 3)))
    table = pd.DataFrame(points, columns=["monetary", "contacts", "frequency"])
    table[["contacts", "frequency"]] = table[["contacts", "frequency"]].round().clip(lower=1)
    table.insert(0, "customer_id", [f"K{number:04d}" for number in rng.permutation(3 * size)])
    return table.assign(kind=kind, customer_code=np.array(list("CBA"))[kind])


def run(table: pd.DataFrame, **keys):
    return clusters.run({"customer_table": table}, settings(**keys), MOMENT)


@pytest.fixture(scope="module")
def groups() -> clusters.Result:
    return run(three_kinds())


def test_planted_kinds_are_found_and_called_natural(groups):
    truth = three_kinds().set_index("customer_id")["kind"]
    got = groups.table.set_index("customer_id")["group"]
    assert groups.quality["natural"] == groups.quality["clusters"] == 3
    assert groups.quality["natural_here"]
    assert (got == truth.reindex(got.index) + 1).all()  # group 1 spends least
    assert "natural groups: between any two" in " ".join(story.why(groups))


def test_result_keeps_the_contract(groups):
    assert groups.table.columns[0] == "customer_id"
    assert groups.table["customer_id"].is_unique and len(groups.table) == 240
    assert groups.profile["customers"].sum() == 240
    assert groups.profile["mean_monetary"].is_monotonic_increasing
    assert groups.profile["revenue_share"].sum() == pytest.approx(1)
    assert groups.table["sure"].between(0, 1).all()
    assert groups.profile["name"].is_unique
    assert all(isinstance(value, (int, float, bool)) for value in groups.quality.values())


def test_inputs_are_left_alone_and_row_order_and_index_do_not_matter(groups):
    table = three_kinds()
    before = table.copy(deep=True)
    run(table)
    pd.testing.assert_frame_equal(table, before)
    again = run(table.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(again.table, groups.table)
    pd.testing.assert_frame_equal(again.evidence, groups.evidence)
    pd.testing.assert_frame_equal(again.profile, groups.profile)


def test_another_seed_draws_other_resamples():
    table = three_kinds()
    table["monetary"] = np.random.default_rng(0).lognormal(6, 1.2, len(table))
    first = clusters.run({"customer_table": table}, settings(clusters=4), MOMENT)
    other = clusters.run({"customer_table": table}, settings(clusters=4), RunContext(MOMENT.as_of, 43))
    assert not np.allclose(first.evidence["agreement"], other.evidence["agreement"])


def test_equal_behaviour_gives_the_equal_group_and_the_equal_certainty():
    table = three_kinds()
    rng = np.random.default_rng(5)
    table["frequency"] = rng.integers(1, 4, len(table))
    table["contacts"] = rng.integers(0, 3, len(table))
    table["monetary"] = rng.integers(1, 6, len(table)) * 100.0
    got = run(table, clusters=4).table
    together = got.groupby(["monetary", "contacts", "frequency"])
    assert (together["group"].nunique() == 1).all()
    assert (together["sure"].nunique() == 1).all()


def test_a_row_stands_by_itself():
    """A customer's group must not depend on who stands beside it in memory."""
    rng = np.random.default_rng(2)
    points, centres = rng.normal(size=(257, 3)), rng.normal(size=(5, 3))
    alone = np.array([nearest_centre(points[[row]], centres)[0] for row in range(len(points))])
    assert (alone == nearest_centre(points, centres)).all()


def test_a_declared_number_of_groups_is_a_useful_cut_where_there_is_no_structure():
    rng = np.random.default_rng(4)
    table = three_kinds().assign(monetary=rng.lognormal(6, 1, 240), contacts=rng.poisson(8, 240), frequency=1 + rng.poisson(6, 240))
    result = run(table, clusters=4)
    assert result.quality["natural"] == 0 and result.quality["clusters"] == 4
    assert "useful cut" in certainty.nature(result)
    assert len(result.profile) == 4


def test_declared_groups_that_are_not_the_natural_ones_are_said_to_be_your_choice():
    result = run(three_kinds(), clusters=2)
    assert result.quality["natural"] == 3 and not result.quality["natural_here"]
    assert "your own choice" in certainty.nature(result)


@pytest.mark.parametrize("rows", [0, 1, 49])
def test_too_few_customers_is_a_reasoned_refusal(rows):
    answer = run(three_kinds().head(rows))
    assert isinstance(answer, Refusal)
    assert answer.gate.closed and answer.gate.instead and answer.gate.unlock
    assert clusters.requires({"customer_table": three_kinds().head(rows)}, settings(), MOMENT).closed


def test_customers_who_are_all_alike_are_a_reasoned_refusal():
    alike = three_kinds().assign(monetary=10.0, contacts=2, frequency=1)
    answer = run(alike)
    assert isinstance(answer, Refusal) and "alike" in answer.gate.reason


def test_no_repeat_buyers_leaves_orders_out_with_a_note():
    result = run(three_kinds().assign(frequency=1))
    assert result.features == ("monetary", "contacts")
    assert any("Orders" in note for note in result.notes)


def test_without_contacts_the_groups_are_made_without_them_and_say_so():
    result = run(three_kinds().drop(columns="contacts"))
    assert result.features == ("monetary", "frequency")
    assert any("Contacts is not in the data" in note for note in result.notes)
    assert charts.groups_3d(result) is None
    assert isinstance(charts.groups_flat(result), Picture)


def test_a_thinned_picture_says_how_many_customers_it_shows(groups, monkeypatch):
    assert "are drawn" not in charts.groups_flat(groups).caption
    monkeypatch.setattr(charts, "POINTS_AT_MOST", 60)
    caption = charts.groups_flat(groups).caption
    assert f"60 of {len(groups.table)} customers are drawn" in caption


def test_people_without_an_order_take_no_part():
    table = three_kinds()
    prospects = table.head(30).assign(customer_id=[f"P{number}" for number in range(30)], frequency=0, monetary=np.nan)
    result = run(pd.concat([table, prospects]))
    assert len(result.table) == 240 and not result.table["customer_id"].str.startswith("P").any()


def test_a_giant_is_named_and_does_not_bend_the_groups():
    table = three_kinds()
    giant = table.head(1).assign(customer_id="GIANT", monetary=9e7, contacts=500, frequency=900)
    result = run(pd.concat([table, giant]))
    row = result.table.set_index("customer_id").loc["GIANT"]
    assert row["large_account"] and row["group"] == 4 and row["sure"] == 1
    assert result.profile["customers"].tolist() == [80, 80, 80, 1]
    assert "very large account" in " ".join(story.why(result))
    off = run(pd.concat([table, giant]), large_accounts="off")
    assert off.quality["large_accounts"] == 0 and not off.table["large_account"].any()


def test_many_giants_are_a_group_and_no_exceptions():
    spend = np.r_[np.full(100, 1.0), np.full(30, 1_000.0)]
    assert not large_accounts(spend, settings())[0].any()
    spend = np.r_[np.full(299, 1.0), 1_000.0]
    assert large_accounts(spend, settings())[0].tolist() == [False] * 299 + [True]


def test_raw_lets_spend_decide_nearly_everything_and_log_does_not():
    table = three_kinds()
    features = table[["monetary", "contacts", "frequency"]].to_numpy()
    assert decided_by(features)[0] > 0.999
    assert decided_by(learn(features, "log").apply(features)) == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("name", ["raw", "standard", "log", "rank"])
def test_every_scale_keeps_the_order_of_customers(name):
    rng = np.random.default_rng(3)
    points = np.column_stack([rng.normal(0, 100, 200), rng.integers(0, 4, 200)])
    scaled = learn(points, name).apply(points)
    for place in range(2):
        order = np.argsort(points[:, place], kind="stable")
        assert (np.diff(scaled[order, place]) >= 0).all()
        equal = points[:, 1] == 1
        assert len(np.unique(scaled[equal, 1])) == 1


def test_recommended_scale_is_never_one_that_a_single_feature_decides(groups):
    scales = groups.scales.set_index("scale")
    assert scales["recommended"].sum() == 1
    assert scales.loc["raw", "dominated"] and not scales.loc["raw", "recommended"]


def test_how_sure_is_low_at_a_border_and_high_in_the_middle():
    rng = np.random.default_rng(6)
    points = rng.normal(size=(400, 1))
    fit = fit_kmeans(points, 2, 1)
    border = fit.centres.mean()
    sure = share_of_resamples_alike(
        np.array([[border + 0.001], [border + 2.0]]),
        nearest_centre(np.array([[border + 0.001], [border + 2.0]]), fit.centres),
        bootstrap_stability(points, fit, 40, 1),
    )
    assert sure[0] < 0.8 and sure[1] == 1


def test_beyond_the_sample_everyone_gets_a_group_and_the_agreement_is_stated():
    table = three_kinds(600)
    result = run(table, fit_sample=1_000)
    truth = table.set_index("customer_id")["kind"].reindex(result.table["customer_id"])
    assert result.quality["fitted_on"] == 1_000 and len(result.table) == 1_800
    assert result.quality["sample_same"] > 0.99
    assert adjusted_rand_score(truth, result.table["group"]) > 0.99
    assert "second sample" in certainty.how_sure(result).to_text()


def test_names_can_be_declared_and_a_wrong_count_is_noted():
    named = run(three_kinds(), clusters=3, names=("Brons", "Zilver", "Goud"))
    assert named.profile["name"].tolist() == ["Brons", "Zilver", "Goud"]
    wrong = run(three_kinds(), clusters=3, names=("Brons",))
    assert wrong.profile["name"].nunique() == 3 and wrong.notes


def test_a_feature_that_says_more_than_spend_names_the_group():
    table = three_kinds()
    rng = np.random.default_rng(8)
    late = np.repeat([0, 1], 120)
    table["recency_days"] = np.where(late, 400, 10) * np.exp(rng.normal(0, 0.1, 240))
    table["monetary"] = rng.lognormal(6, 0.3, 240)
    table["frequency"] = 2
    result = run(table, features=("recency_days",), clusters=2)
    assert any("long not seen" in name or "recently active" in name for name in result.profile["name"])


def test_the_headline_is_true_to_the_profile(groups):
    profile = groups.profile
    best = profile.loc[(profile["revenue_share"] - profile["share"]).idxmax()]
    assert best["name"] in story.headline(groups)
    assert f"{round(100 * best['revenue_share'])}\u00a0%" in story.headline(groups)


def test_a_flat_client_gets_a_headline_without_a_hero():
    rng = np.random.default_rng(2)
    flat = three_kinds().assign(monetary=1000.0 + rng.normal(0, 1, 240), frequency=2)
    assert "about its share" in story.headline(run(flat, features=("contacts",), clusters=2))


def test_everything_that_is_said_and_drawn_can_be_shown(groups):
    parts = [
        story.answer(groups),
        tables.groups_table(groups),
        *story.group_sentences(groups),
        tables.rules_table(groups),
        tables.evidence_table(groups),
        story.evidence_sentence(groups),
        tables.scales_table(groups),
        *story.scale_sentences(groups),
        certainty.how_sure(groups),
    ]
    for part in parts:
        assert part.to_html() and "{" not in part.to_text() and "nan" not in part.to_text()
    for draw in (charts.groups_3d, charts.groups_flat, charts.profile_heatmap, charts.revenue_bars, charts.evidence_over_k):
        picture = draw(groups)
        assert picture.png.startswith(b"\x89PNG") and picture.alt


def test_the_finding_survives_the_journey_to_the_summary(groups):
    record = story.finding(groups)
    assert type(record).from_json(record.to_json()) == record


def test_rules_say_how_far_they_hold(groups):
    assert groups.rules.fidelity == 1
    text = tables.rules_table(groups).to_text()
    assert "100\u00a0% of the group" in text


def test_every_key_of_the_settings_is_described():
    for name, field in clusters.Settings.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize(
    "wrong",
    [
        {"clusters": 1},
        {"clusters": "many"},
        {"scale": "cubic"},
        {"colour": "red"},
        {"fewest_clusters": 6, "most_clusters": 3},
        {"features": ["a", "a"]},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError):
        clusters.Settings(**wrong)


@pytest.mark.skipif(not (OFFICE / "truth_groups.csv").exists(), reason="the sample client is not there")
@pytest.mark.parametrize("scale", ["raw", "standard"])
def test_the_published_groups_of_case_a_come_back_exactly(scale):
    table, truth = office()
    result = clusters.run({"customer_table": table}, settings(scale=scale, clusters=4, large_accounts="off"), MOMENT)
    got = result.table.set_index("customer_id")["group"]
    assert (got == truth.reindex(got.index)).all()
    profile = result.profile
    assert profile["customers"].tolist() == [1662, 107, 19, 4]
    assert profile["mean_monetary"].tolist() == pytest.approx([10_283, 147_345, 605_008, 1_376_600], rel=0.01)
    assert profile["mean_contacts"].tolist() == pytest.approx([8, 33, 72, 125], rel=0.01)
    assert profile["mean_frequency"].tolist() == pytest.approx([4, 24, 83, 132], rel=0.01)
    if scale == "raw":
        assert "more than 99" in story.scale_sentences(result)[0].text


def office() -> tuple[pd.DataFrame, pd.Series]:
    """The sample client's customer table, made by hand from its exports, and the planted groups."""

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(OFFICE / name, sep=";", encoding="cp1252", dtype=str)

    orders, contacts, truth = read("erp_orders.csv"), read("crm_contacten.csv"), read("truth_groups.csv")
    amount = orders["Nettobedrag"].str.replace(".", "").str.replace(",", ".").astype(float)
    customer = pd.to_numeric(orders["Debiteur"], errors="coerce")
    orders = orders.assign(amount=amount, customer_id=[f"KL-{number:06.0f}" for number in customer])
    table = orders.groupby("customer_id").agg(monetary=("amount", "sum"), frequency=("Ordernummer", "nunique"))
    table = table.loc[table.index.isin(truth["Klantnummer"])].reset_index()
    table["contacts"] = table["customer_id"].map(contacts["Klantnummer"].value_counts()).fillna(0)
    return table, truth.set_index("Klantnummer")["Groep"].astype(int)
