"""The leakage guard refuses planted leaks of every kind and lets honest features through."""

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.predictions import guard, windows
from tests.analyses.test_predictions import AS_OF, shop

THROUGH = pd.Timestamp(AS_OF) - pd.Timedelta(days=91)
END = pd.Timestamp(AS_OF)


def first_days(orders, through):
    return orders[orders["order_day"] <= through].groupby("customer_id")["order_day"].min()


def bought_after(orders, through):
    """What nobody can know at the cut-off."""
    later = orders.loc[orders["order_day"] > through, "customer_id"].unique()
    index = first_days(orders, through).index
    return pd.Series(index.isin(later).astype(float), index=index)


def recency_to_the_end(tables, through):
    return (END - tables["orders"].groupby("customer_id")["order_day"].max()).dt.days.astype(float)


def monetary_with_future(tables, through):
    return tables["orders"].groupby("customer_id")["order_amount"].sum()


def label_copy(tables, through):
    return bought_after(tables["orders"], through)


def label_shifted(tables, through):
    noise = np.random.default_rng(1).normal(0, 0.4, len(bought_after(tables["orders"], through)))
    return bought_after(tables["orders"], through) * 3 - 7 + noise


def target_encoding(tables, through):
    label = bought_after(tables["orders"], through)
    shelf = label.index.str[-1]
    return label.groupby(shelf).transform("mean")


def future_contacts(tables, through):
    return tables["contacts"].groupby("customer_id").size().astype(float)


def last_order_date_after(tables, through):
    return tables["orders"].groupby("customer_id")["order_day"].max()


def tenure_with_future(tables, through):
    by = tables["orders"].groupby("customer_id")["order_day"]
    return (by.max() - by.min()).dt.days.astype(float)


def ordered_by_outcome(tables, through):
    label = bought_after(tables["orders"], through).sort_values(kind="stable")
    return pd.Series(np.arange(len(label), dtype=float), index=label.index)


def scaled_with_future(tables, through):
    past = tables["orders"][tables["orders"]["order_day"] <= through].groupby("customer_id")["order_amount"].sum()
    return past / tables["orders"]["order_amount"].mean()


def rank_among_future(tables, through):
    return tables["orders"].groupby("customer_id").size().rank()


LEAKS = [
    recency_to_the_end,
    monetary_with_future,
    label_copy,
    label_shifted,
    target_encoding,
    future_contacts,
    last_order_date_after,
    tenure_with_future,
    ordered_by_outcome,
    scaled_with_future,
    rank_among_future,
]


@pytest.fixture(scope="module")
def tables():
    known = windows.known_orders(shop(), AS_OF)
    contacts = known.rename(columns={"order_day": "contact_date"})[["customer_id", "contact_date"]]
    return {"orders": known, "contacts": contacts}


@pytest.fixture(scope="module")
def outcome(tables):
    return bought_after(tables["orders"], THROUGH)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_leak_in_a_recipe_is_refused(tables, leak):
    leaks = guard.time_travel({leak.__name__: leak}, tables, THROUGH)
    assert [refused.column for refused in leaks] == [leak.__name__]
    with pytest.raises(guard.LeakFound, match=leak.__name__):
        guard.refuse_leaks(leaks)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_leak_in_a_finished_column_is_refused(tables, outcome, leak):
    """Under the name of an honest feature, or as a date."""
    honest = windows.features_at(tables["orders"], THROUGH)
    column = leak(tables, THROUGH).reindex(honest.index)
    name = "last_order_date" if leak is last_order_date_after else "monetary"
    leaks = guard.check_columns(honest.assign(**{name: column}), guard.own_recipes(), tables, THROUGH, outcome)
    assert name in {refused.column for refused in leaks}


def test_a_column_without_recipe_is_refused(tables, outcome):
    features = windows.features_at(tables["orders"], THROUGH).assign(mystery=1.0)
    leaks = guard.check_columns(features, guard.own_recipes(), tables, THROUGH, outcome)
    assert [(leak.column, leak.check) for leak in leaks] == [("mystery", "no recipe")]


def test_customer_numbers_in_order_of_outcome_are_refused(tables, outcome):
    """The list was numbered after the fact: buyers first."""
    features = windows.features_at(tables["orders"], THROUGH)
    order = outcome.sort_values(ascending=False, kind="stable").index
    names = {old: f"{place:06d}" for place, old in enumerate(order)}
    leaks = guard.too_good(features.rename(index=names), outcome.rename(index=names))
    assert "order of the customer numbers" in {leak.column for leak in leaks}


def test_honest_features_pass(tables, outcome):
    features = windows.features_at(tables["orders"], THROUGH)
    assert guard.time_travel(guard.own_recipes(), tables, THROUGH) == []
    assert guard.check_columns(features, guard.own_recipes(), tables, THROUGH, outcome) == []
    guard.refuse_leaks([])
