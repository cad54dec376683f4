"""Consent belongs to persons: a firm may be written to while one of its persons may, counted a second time by plain loops."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.privacy import has_consent, has_opted_out, recipients, with_firm_flags
from tests.support.firm_worlds import firm_world

BASES = ("consent", "own_customers", "company_addresses")


def pairs(rows: pd.DataFrame) -> set[tuple[str, str | None]]:
    return {(firm, None if pd.isna(person) else person) for firm, person in zip(rows["customer_id"], rows["person_id"], strict=True)}


def may(rows: pd.DataFrame, basis: str) -> pd.DataFrame:
    return rows[has_consent(rows, basis) & ~has_opted_out(rows)]


@given(st.integers(0, 2**32 - 1), st.sampled_from(BASES))
@settings(max_examples=20, deadline=None)
def test_recipients_are_those_of_the_truth_and_the_firms_flags_say_the_same(seed, basis):
    world = firm_world(seed, 60)
    truth = world.allowed(basis, caps=None)
    assert pairs(may(recipients(world.firms, world.persons), basis)) == truth
    flagged = with_firm_flags(world.firms, world.persons)
    assert flagged["customer_id"].tolist() == world.firms["customer_id"].tolist()
    assert set(may(flagged, basis)["customer_id"]) == {firm for firm, _person in truth}
    # Derived a second time, from flags that were derived, nothing changes for anybody.
    assert pairs(may(recipients(flagged, world.persons), basis)) == truth


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_every_person_is_accounted_for(seed):
    world = firm_world(seed, 60)
    everyone = recipients(world.firms, world.persons)
    unplaced = ~world.persons["customer_id"].isin(world.firms["customer_id"])
    firms_without = [firm for firm, persons in world.at_firms().items() if not persons]
    assert everyone["person_id"].notna().sum() + unplaced.sum() == len(world.persons)
    assert everyone.loc[everyone["person_id"].isna(), "customer_id"].tolist() == firms_without
    assert not everyone.duplicated(["customer_id", "person_id"]).any()


def firm(**flags) -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": ["f"], "consent": [None], "opted_out": [None], "frequency": [1], **{k: [v] for k, v in flags.items()}}
    )


def people(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["consent", "opted_out"], dtype=object)
    return frame.assign(person_id=[f"p{place}" for place in range(len(rows))], customer_id="f")


@pytest.mark.parametrize(
    "of_firm, of_persons, written_to",
    [
        ({}, [("yes", None), ("no", None), (None, None)], ["p0"]),  # one of three
        ({}, [("yes", "yes"), ("yes", None)], ["p1"]),  # an objection binds one person
        ({"opted_out": True}, [("yes", None)], []),  # the firm's objection binds all
        ({"consent": False}, [("yes", None)], []),  # the firm's no beats
        ({"consent": True}, [(None, None)], []),  # the firm's yes is nobody's yes
        ({}, [("yes", "yes"), ("no", None)], []),  # nobody is left
    ],
)
def test_what_firm_and_person_say(of_firm, of_persons, written_to):
    persons = people(*of_persons)
    assert may(recipients(firm(**of_firm), persons), "consent")["person_id"].tolist() == written_to
    flagged = with_firm_flags(firm(**of_firm), persons)
    assert len(may(flagged, "consent")) == bool(written_to)
    assert flagged["objecting_persons"].tolist() == [2 * bool(of_firm.get("opted_out")) // 2 or sum(o == "yes" for _c, o in of_persons)]


def test_an_objection_follows_the_person_to_the_other_number_and_the_other_firm():
    firms = pd.DataFrame({"customer_id": ["f", "g"]})
    persons = pd.DataFrame(
        {
            "person_id": ["p1", "p2", "p3"],
            "customer_id": ["f", "g", "g"],
            "email": ["An@x.example", " an@X.example", "bo@x.example"],
            "consent": True,
            "opted_out": [True, None, None],
        }
    )
    assert may(recipients(firms, persons), "consent")["person_id"].tolist() == ["p3"]
    # Without an address nothing says that two numbers are one person.
    assert len(may(recipients(firms, persons.drop(columns="email")), "consent")) == 2


def test_without_persons_firms_stay_as_they_are():
    world = firm_world(3, 40)
    assert recipients(world.firms, None) is world.firms and with_firm_flags(world.firms, None) is world.firms
    nobody = with_firm_flags(world.firms, world.persons.iloc[:0])
    for basis in BASES:
        assert may(nobody, basis)["customer_id"].tolist() == may(world.firms, basis)["customer_id"].tolist()
