"""Groups of customers without orders: features of any kind, and what is said where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import clusters
from helpers.analyses.clusters.features import prepare
from helpers.analyses.clusters.scale import learn
from helpers.analyses.kinds import LEAST_SHARE, MOST_VALUES, as_numbers
from helpers.core.results import Refusal, RunContext
from tests.support.half_clients import AS_OF, customers_with_label
from tests.support.seeds import seeds

CONTEXT = RunContext(AS_OF, 1)
QUICK = {"resamples": 10, "evidence_resamples": 5, "references": 9, "starts": 3}


def settings(*features: str) -> clusters.Settings:
    return clusters.Settings.model_validate(QUICK | ({"features": list(features)} if features else {}))


def two_kinds(seed: int, customers: int = 300) -> pd.DataFrame:
    """Customers of two kinds: old ones on a small plan, new ones on a large plan, far apart in minutes."""
    rng = np.random.default_rng(seed)
    table = customers_with_label(seed, customers=customers)
    new = rng.random(customers) < 0.4
    table["minutes"] = np.where(new, rng.normal(600, 40, customers), rng.normal(60, 10, customers))
    table["plan"] = np.where(new, "large", "small")
    table["created_date"] = pd.Timestamp(AS_OF) - pd.to_timedelta(np.where(new, 60, 1500) + rng.integers(0, 40, customers), unit="D")
    return table.assign(new=new)


@pytest.mark.parametrize("seed", seeds(2))
def test_planted_kinds_are_found_and_told_without_a_word_of_spend(seed: int):
    table = two_kinds(seed)
    result = clusters.run({"customer_table": table}, settings("minutes", "plan", "created_date"), CONTEXT)
    by_group = pd.crosstab(result.table.merge(table, on="customer_id")["new"], result.table["group"])
    assert result.quality["clusters"] == 2 and (by_group.min() == 0).all() and result.quality["natural_here"]
    assert set(result.features) == {"minutes", "plan = small", "days since created_date"}
    told = " ".join([clusters.story.headline(result), *clusters.story.why(result), *result.profile["name"]])
    told += " ".join(sentence.text for sentence in clusters.story.group_sentences(result))
    assert "spend" not in told and "revenue" not in told and "buyers" not in told
    for draw in (clusters.charts.groups_flat, clusters.charts.profile_heatmap, clusters.charts.revenue_bars):
        assert draw(result) is not None
    assert "mean_monetary" not in clusters.tables.groups_table(result).columns
    assert isinstance(clusters.audit(result, table, settings(), CONTEXT), Refusal)


@pytest.mark.parametrize("seed", seeds(2))
def test_customers_of_one_kind_have_no_natural_groups(seed: int):
    result = clusters.run({"customer_table": customers_with_label(seed)}, settings("minutes", "age", "plan", "abroad"), CONTEXT)
    assert isinstance(result, Refusal) or result.quality["natural"] == 0


def test_without_declared_features_the_gate_names_what_there_is():
    gate = clusters.requires({"customer_table": customers_with_label(1)}, settings(), CONTEXT)
    assert gate.closed and "clusters.features" in gate.unlock and "minutes" in gate.unlock and "none with an order" in gate.has


def test_a_declared_feature_that_is_not_there_is_named_with_what_may_be_meant():
    tables = {"customer_table": customers_with_label(1)}
    gate = clusters.requires(tables, settings("minuts"), CONTEXT)
    assert gate.closed and "Minuts" in gate.reason and "'minutes'" in gate.reason
    assert any("'minutes'" in note for note in prepare(tables, settings("minuts", "age"), AS_OF).notes)


def test_a_text_becomes_its_frequent_values_a_flag_one_and_a_date_days():
    letters = pd.Series(list("aaabbc") * 100, name="x")
    assert list(as_numbers(letters, None).columns) == ["x = a", "x = b", "x = c"]
    assert list(as_numbers(letters[letters != "c"], None).columns) == ["x = a"]  # of two values one says both
    many = pd.Series([f"v{n}" for n in range(MOST_VALUES + 3)] * 20 + ["rare"], name="x")
    assert len(as_numbers(many, None).columns.columns) == MOST_VALUES and LEAST_SHARE * len(many) > 1
    assert as_numbers(pd.Series(pd.array([True, None], dtype="boolean"), name="f"), None).columns["f = yes"].tolist()[0] == 1.0
    day = as_numbers(pd.Series([pd.Timestamp(AS_OF) - pd.Timedelta(days=3), pd.NaT], name="d"), AS_OF)
    assert day.columns["days since d"].tolist()[0] == 3.0 and day.missing == 0.5


@pytest.mark.parametrize("scale", ["standard", "log", "rank"])
def test_a_text_counts_at_most_as_much_as_a_number_on_every_scale(scale):
    rng = np.random.default_rng(1)
    values = np.eye(4)[rng.integers(0, 4, 500)]
    variance = learn(features := np.column_stack([rng.lognormal(size=500), values]), scale).apply(features).var(axis=0)
    assert variance[0] == pytest.approx(1) and variance[1:].sum() <= 1
