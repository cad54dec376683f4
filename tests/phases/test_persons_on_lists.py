"""What leaves the house where firms have persons: one row per person who may be written to, one arm per firm."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analyses import next_offer
from helpers.analyses.next_offer import tables as offer_tables
from helpers.core.results import Refusal, RunContext
from helpers.phases import messages, pilot
from helpers.phases.evaluation.people import with_opt_outs
from helpers.sources.customers import with_contact_details
from tests.analyses.test_next_offer import MOMENT as OFFER_MOMENT
from tests.analyses.test_next_offer import world as offer_world
from tests.privacy.test_persons import BASES, pairs
from tests.support.firm_worlds import AS_OF, firm_world

CONTEXT = RunContext(AS_OF, 7)
PERSONAL = {"email", "phone", "customer_name"}


def listed(result: pilot.analysis.Result, rules: pilot.Settings, people: pd.DataFrame | None = None) -> pd.DataFrame:
    chosen = result.recipients if people is None else people
    return pd.concat([one.frame for one in pilot.target_lists(result.assignment, chosen, result.plan, rules)])


@given(st.integers(0, 2**32 - 1), st.sampled_from(BASES))
@settings(max_examples=6, deadline=None)
def test_the_pilots_list_is_that_of_the_truth_and_a_firm_is_in_one_arm(seed, basis):
    world, rules = firm_world(seed, 150), pilot.Settings(consent_basis=basis)
    truth = world.allowed(basis)
    result = pilot.make(world.tables, rules, CONTEXT)
    if isinstance(result, Refusal):
        assert len({firm for firm, _person in truth}) < 20
        return
    assert result.funnel["people"].iloc[-1] == len({firm for firm, _person in truth})
    assert result.funnel["persons"].iloc[-1] == sum(person is not None for _firm, person in truth)
    assert result.funnel["persons"].iloc[0] == sum(map(len, world.at_firms().values()))
    assert result.funnel["lost"].sum() == len(world.firms) - result.funnel["people"].iloc[-1]
    assert result.assignment["customer_id"].is_unique
    arm = result.assignment.set_index("customer_id")["treatment"]
    rows = listed(result, rules)
    assert pairs(rows) == {(firm, person) for firm, person in truth if arm[firm] != pilot.assignment.HOLDOUT}
    assert len(rows) == len(pairs(rows)) and not PERSONAL & set(rows)
    assert result.persons == rows["person_id"].notna().sum()


def test_one_person_per_firm_with_the_firms_flags_gives_the_same_pilot_as_no_persons():
    world = firm_world(5, 300)
    twins = world.firms[["customer_id", "consent", "opted_out"]].assign(person_id="p" + world.firms["customer_id"], role="buyer")
    blank = world.firms.assign(consent=None, opted_out=None)
    sent = world.campaigns.drop(columns="person_id")
    before = pilot.make({"customer_table": world.firms, "campaigns": sent}, pilot.Settings(), CONTEXT)
    after = pilot.make({"customer_table": blank, "campaigns": sent, "persons": twins}, pilot.Settings(), CONTEXT)
    pd.testing.assert_frame_equal(before.assignment, after.assignment)
    pd.testing.assert_frame_equal(before.funnel, after.funnel.drop(columns="persons"))
    assert before.plan == after.plan
    assert before.recipients is before.people and "person_id" not in listed(before, pilot.Settings())
    assert listed(before, pilot.Settings())["customer_id"].tolist() == listed(after, pilot.Settings())["customer_id"].tolist()


def test_an_address_on_a_list_is_the_persons_own_and_only_where_declared():
    world = firm_world(8, 200)
    customers = world.firms[["customer_id"]].assign(email="firm@x.example", customer_name="Firm")
    mail = pilot.Settings(channels=[{"name": "email", "needs": "email", "columns": ["customer_name", "email"]}, {"name": "post"}])
    result = pilot.make(world.tables, mail, CONTEXT)
    people = with_contact_details(result.recipients, customers, world.persons)
    email, post = (one.frame for one in pilot.target_lists(result.assignment, people, result.plan, mail))
    own = world.persons.set_index("person_id")["email"]
    named = email[email["person_id"].notna()]
    assert len(named) and (named["email"] == named["person_id"].map(own)).all()
    assert (email.loc[email["person_id"].isna(), "email"] == "firm@x.example").all()
    assert own.reindex(post["person_id"].dropna()).isna().all() and not PERSONAL & set(post)


def test_every_contact_is_paid_for():
    world, rules = firm_world(9, 200), pilot.Settings(contact_cost=10)
    result = pilot.make(world.tables, rules, CONTEXT)
    assert result.plan.cost == 10 * len(listed(result, rules)) > 10 * result.plan.treated_people


def statuses(world) -> pd.DataFrame:
    return world.firms[["customer_id", "frequency"]].assign(status="hesitant", since=pd.Timestamp(AS_OF))


@given(st.integers(0, 2**32 - 1), st.sampled_from(BASES))
@settings(max_examples=15, deadline=None)
def test_the_messages_go_to_the_persons_of_the_truth(seed, basis):
    world = firm_world(seed, 60)
    rules = messages.Settings(rules=[{"message": "hello", "channel": "e-mail", "status": ["hesitant"]}], basis=basis)
    people = messages.analysis.people_of(statuses(world), world.firms)
    past = world.campaigns[world.campaigns["sent_date"] <= pd.Timestamp(AS_OF)]
    plan = messages.advise(people, {"campaigns": past, "persons": world.persons}, rules, CONTEXT).plan
    assert set(plan.messages) >= {"customer_id", "person_id", "role"} and not PERSONAL & set(plan.messages)
    allowed = world.allowed(basis, caps=None)
    assert pairs(plan.messages) <= allowed and len(plan.messages) == len(pairs(plan.messages))
    held = plan.held.groupby("reason")["customer_id"].size()
    assert pairs(plan.messages) | pairs(plan.held[plan.held["reason"] == "cap"]) == allowed
    everyone = sum(max(len(persons), 1) for persons in world.at_firms().values())
    assert len(plan.messages) + held.sum() == everyone


def test_caps_count_per_person_where_the_message_names_one():
    firms = pd.DataFrame({"customer_id": ["f"], "consent": [None], "frequency": 1, "status": "gone", "since": pd.Timestamp(AS_OF)})
    persons = pd.DataFrame({"person_id": ["a", "b"], "customer_id": "f", "consent": True})
    rules = messages.Settings(rules=[{"message": "hello", "channel": "e-mail", "status": ["gone"]}])
    for named, sent_to in ((["a", "a"], ["b"]), ([None, None], []), (["a", None], ["a", "b"][1:])):
        past = pd.DataFrame({"campaign_id": "x", "customer_id": "f", "person_id": named, "sent_date": pd.Timestamp(AS_OF)})
        assert messages.rules.plan(firms, past, rules, CONTEXT, persons).messages["person_id"].tolist() == sent_to
    unnamed = pd.DataFrame({"campaign_id": "x", "customer_id": "f", "sent_date": [pd.Timestamp(AS_OF)] * 2})
    assert messages.rules.plan(firms, unnamed, rules, CONTEXT, persons).messages.empty


def test_a_coupon_is_the_firms_and_its_persons_are_told():
    tables, _missing = offer_world()
    firms = tables["customer_table"]
    several = [firms[["customer_id"]].assign(person_id=firms["customer_id"] + letter, role="buyer") for letter in "ab"]
    persons = pd.concat(several, ignore_index=True).assign(consent=lambda frame: frame["person_id"].str.endswith("a"), opted_out=False)
    plain = next_offer.run({**tables, "customer_table": firms.assign(consent=True)}, next_offer.Settings(), OFFER_MOMENT)
    result = next_offer.run(
        {**tables, "customer_table": firms.assign(consent=True), "persons": persons}, next_offer.Settings(), OFFER_MOMENT
    )
    coupons = offer_tables.coupon_list(result)
    assert coupons.columns.tolist() == ["customer_id", "person_id", "role", "kind", "item", "discount", "reason"]
    assert len(coupons) and (coupons["person_id"] == coupons["customer_id"] + "a").all()
    expected = offer_tables.coupon_list(plain)
    assert coupons.drop(columns=["person_id", "role"]).sort_values(["customer_id", "kind"]).to_dict("records") == expected.sort_values(
        ["customer_id", "kind"]
    ).to_dict("records")


@pytest.mark.parametrize("now, opted_out", [(1, False), (2, True)])
def test_one_person_more_who_objects_is_an_opt_out_of_the_pilot(now, opted_out):
    people = pd.DataFrame({"customer_id": ["f"], "objecting_persons": [1]})
    table = pd.DataFrame({"customer_id": ["f"], "opted_out": [False], "objecting_persons": [now]})
    assert with_opt_outs(people, table)["opted_out_now"].tolist() == [opted_out]
