"""Rules for messages: the plan keeps consent, objection and caps; advice says what is known and what is not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core.results import RunContext
from helpers.phases import messages
from helpers.phases.messages import which_message

TODAY = date(2024, 6, 3)
MOMENT = RunContext(TODAY, 4)
STATUSES = ("new", "loyal", "hesitant", "about to leave", "gone")


def rule(**given):
    return {"message": "hello", "channel": "e-mail", **given}


def person(customer_id="a", **given):
    return {"customer_id": customer_id, "status": "hesitant", "since": pd.Timestamp(TODAY), "consent": True, "opted_out": False, **given}


def plan(people, rules, campaigns=None, **settings):
    return messages.rules.plan(pd.DataFrame(people), campaigns, messages.Settings(rules=rules, **settings), MOMENT)


def test_a_rule_reaches_who_it_names_and_paper_takes_longer():
    people = [person("a"), person("b", status="loyal")]
    planned = plan(people, [rule(status=["hesitant"], channel="postcard"), rule(status=["loyal"])]).messages
    card, mail = planned[planned["customer_id"] == "a"].iloc[0], planned[planned["customer_id"] == "b"].iloc[0]
    assert (card["arrive_date"] - card["decide_date"]).days == 5
    assert mail["arrive_date"] == pd.Timestamp("2024-06-04")
    assert len(planned) == 2


def test_value_band_group_wait_and_validity():
    people = [person("a", value_band="A"), person("b", value_band="C"), person("c", value_band="A", since=pd.Timestamp("2023-01-01"))]
    planned = plan(people, [rule(value_bands=["A"], wait_days=10)]).messages
    assert planned["customer_id"].tolist() == ["a"]
    assert planned["arrive_date"].tolist() == [pd.Timestamp("2024-06-13")]


def test_digital_first_then_paper():
    planned = plan([person()], [rule(), rule(message="card", channel="postcard", wait_days=14)]).messages
    assert planned["message"].tolist() == ["hello", "card"]
    assert planned["arrive_date"].diff().dt.days.iloc[1] >= 7


@pytest.mark.parametrize(
    "given, reason", [({"consent": None}, "no consent"), ({"consent": False}, "no consent"), ({"opted_out": True}, "opted out")]
)
def test_without_consent_nobody_is_written_to(given, reason):
    planned = plan([person(**given)], [rule()])
    assert planned.messages.empty and planned.held["reason"].tolist() == [reason]


def test_what_was_sent_counts_for_the_caps_but_a_control_arm_does_not():
    sent = pd.DataFrame({"customer_id": "a", "sent_date": pd.to_datetime(["2024-06-01", "2024-06-02"]), "message": "news"})
    assert plan([person()], [rule()], sent).held["reason"].tolist() == ["cap"]
    assert len(plan([person()], [rule()], sent, control="news").messages) == 1


def test_what_is_planned_for_later_counts_too():
    later = pd.DataFrame({"customer_id": "a", "sent_date": pd.to_datetime(["2024-06-06", "2024-06-07"])})
    assert plan([person()], [rule()], later).messages.empty


def broken(plan_, people, history, caps):
    """Every way in which a plan could break a promise, counted without the code under test."""
    sent = plan_.messages
    may = {p["customer_id"]: p["consent"] is True and p["opted_out"] is not True for p in people}
    wrong = sum(not may[customer] for customer in sent["customer_id"])
    for customer, days in sent.groupby("customer_id")["arrive_date"]:
        new = [int(day.value // 86_400_000_000_000) for day in days.astype("datetime64[ns]")]
        every = sorted([*new, *history.get(customer, [])])
        for length, most in ((7, caps[0]), (30, caps[1])):
            for day in every:
                window = [sent_on for sent_on in every if day <= sent_on < day + length]
                # What the client did before is not ours to mend; a window with a message of ours must hold.
                wrong += len(window) > most and any(n in window for n in new)
    return wrong


def random_populations(rng, populations=20):
    """Twenty populations that share rules and caps: people, their history, rules, campaigns, caps."""
    base = (pd.Timestamp(TODAY) - pd.Timestamp("1970-01-01")).days
    people, history, rows = [], {}, []
    for population in range(populations):
        for number in range(int(rng.integers(1, 6))):
            customer = f"p{population}-{number}"
            people.append(
                person(
                    customer,
                    status=STATUSES[rng.integers(5)],
                    consent=[True, True, False, None][rng.integers(4)],
                    opted_out=[False, False, True, None][rng.integers(4)],
                    since=pd.Timestamp(TODAY) - pd.Timedelta(days=int(rng.integers(0, 60))),
                )
            )
            days = base + rng.integers(-35, 20, size=int(rng.integers(0, 5)))
            history[customer] = [int(day) for day in days]
            rows += [(customer, np.datetime64(int(day), "D")) for day in days]
    channels = ("sales letter", "e-mail", "postcard", "SMS")
    rules = [
        rule(
            channel=channels[rng.integers(4)],
            wait_days=int(rng.integers(0, 40)),
            status=[STATUSES[rng.integers(5)]] if rng.random() < 0.4 else [],
        )
        for _n in range(int(rng.integers(1, 5)))
    ]
    campaigns = pd.DataFrame(rows, columns=["customer_id", "sent_date"]).astype({"sent_date": "datetime64[us]"})
    return people, history, rules, campaigns, (int(rng.integers(0, 4)), int(rng.integers(0, 6)))


def check_populations(batches):
    messages_sent = 0
    for number in range(batches):
        people, history, rules, campaigns, caps = random_populations(np.random.default_rng(number))
        planned = plan(people, rules, campaigns, caps={"in_7_days": caps[0], "in_30_days": caps[1]})
        assert not broken(planned, people, history, caps), number
        messages_sent += len(planned.messages)
    return messages_sent


def test_no_cap_opt_out_or_consent_is_broken_quick():
    assert check_populations(40) > 200


def test_a_broken_promise_would_be_seen():
    """The count above is not blind: a plan against the caps or without consent is noticed."""
    day = pd.Timestamp("2024-06-10")
    made = pd.DataFrame({"customer_id": "a", "arrive_date": [day, day + pd.Timedelta(days=3)]})
    assert broken(messages.rules.Plan(made, made), [person()], {}, (1, 9)) > 0
    assert broken(messages.rules.Plan(made, made), [person(consent=None)], {}, (9, 9)) > 0
    assert broken(messages.rules.Plan(made, made), [person()], {}, (2, 2)) == 0


@pytest.mark.drill
def test_no_cap_opt_out_or_consent_is_broken_on_10_000_populations():
    assert check_populations(500) > 2_500


def sent(group, message, n, hits, day="2024-03-04"):
    names = [f"{group}-{message}-{day}-{number}" for number in range(n)]
    rows = {"customer_id": names, "message": message, "sent_date": pd.Timestamp(day), "responded": np.arange(n) < hits, "group": group}
    return pd.DataFrame(rows)


def read(*waves, groups=(), seed=1):
    """Return rates and choices of some waves."""
    past = pd.concat(waves)
    per_day = which_message.responses_per_day(past, past.set_index("customer_id")["group"])
    rates = which_message.response_rates(per_day, seed)
    return rates, which_message.choices(per_day, rates, list(groups), seed)


def test_few_contacts_are_drawn_towards_the_other_messages_of_the_group():
    days = [f"2024-03-{4 + ago:02d}" for ago in range(4)]
    waves = [sent("x", name, 500, hits, on) for name, hits in (("card", 25), ("news", 23)) for on in days]
    rates, _choices = read(*waves, sent("x", "sms", 10, 4))
    rates = rates.set_index("message")
    assert rates.loc["sms", "rate"] == 0.4 and 0.05 < rates.loc["sms", "shrunk_rate"] < 0.3
    assert abs(rates.loc["card", "shrunk_rate"] - 0.05) < 0.01
    given = rates.loc[["card", "news"]]
    assert (given["low"] < given["shrunk_rate"]).all() and (given["shrunk_rate"] < given["high"]).all()
    assert rates.loc["sms", ["low", "high"]].isna().all()


def test_few_contacts_do_not_pass_for_many():
    """Four of thirty against none of thirty: likely the better one, and far from certain."""
    (choice,) = read(sent("x", "card", 30, 4), sent("x", "sms", 30, 0), groups=["x"])[1]
    assert 0.85 < choice.chance_best < 0.97 and choice.verdict == "test these two"
    rates, _choices = read(sent("x", "card", 30, 5))
    assert rates["chance_best"].tolist() == [1.0] and rates["low"].isna().all()


def test_alike_messages_are_drawn_together_and_different_ones_stay_apart():
    alike, _choices = read(*(sent("x", name, 200, hits) for name, hits in (("a", 18), ("b", 20), ("c", 22))))
    apart, _choices = read(*(sent("x", name, 200, hits) for name, hits in (("a", 4), ("b", 20), ("c", 60))))
    assert np.ptp(alike["shrunk_rate"]) < 0.5 * np.ptp(alike["rate"])
    assert np.ptp(apart["shrunk_rate"]) > 0.85 * np.ptp(apart["rate"])


def test_a_clear_winner_a_close_race_and_no_history():
    waves = sent("x", "card", 1500, 150), sent("x", "sms", 1500, 60), sent("y", "card", 200, 12), sent("y", "sms", 200, 11)
    clear, close, unknown = read(*waves, groups=["x", "y", "z"])[1]
    assert (clear.best, clear.verdict) == ("card", "probably best") and clear.chance_best > 0.99
    assert clear.chance.figure == pytest.approx(0.06) and clear.chance.beaten
    assert close.verdict == "test these two" and {close.best, close.runner_up} == {"card", "sms"} and close.per_message > 500
    assert unknown.verdict == "nobody knows yet" and unknown.per_message > 500 and unknown.chance is None
    for choice in (clear, close, unknown):
        assert "{" not in messages.story.choice_sentence(choice).text
    assert "Chance alone would give" in messages.story.choice_sentence(clear).text


def test_a_good_day_is_no_good_message():
    """Equal on every day, but one went out mostly on the good day; and two that never went out together."""
    days = [("card", 900, 90, 4), ("sms", 100, 10, 4), ("card", 100, 3, 5), ("sms", 900, 27, 5)]
    (choice,) = read(*(sent("x", name, n, hits, f"2024-03-0{day}") for name, n, hits, day in days), groups=["x"])[1]
    assert choice.chance_best > 0.99 and choice.verdict == "test these two"
    (apart,) = read(sent("x", "card", 900, 90, "2024-03-04"), sent("x", "sms", 900, 30, "2024-03-05"), groups=["x"])[1]
    assert apart.verdict == "never on one day" and apart.chance is None
    assert "the day may be the reason" in messages.story.choice_sentence(apart).text


def test_several_groups_are_corrected_for():
    """A lead that is news for one group alone is none where five were looked at."""
    waves = [wave for name in "abcde" for wave in (sent(name, "card", 500, 45 if name == "a" else 30), sent(name, "sms", 500, 30))]
    alone, *_rest = read(*waves[:2], groups=["a"])[1]
    among, *_rest = read(*waves, groups=list("abcde"))[1]
    assert alone.chance.p_value < among.chance.p_value <= 5 * alone.chance.p_value + 1e-9


def test_status_of_today_is_not_the_status_of_the_day():
    people = pd.DataFrame([person("x-card-2024-03-04-0", status="loyal"), person("x-sms-2024-03-04-0", status="gone")])
    past = pd.concat([sent("x", "card", 600, 60), sent("x", "sms", 600, 20)]).assign(campaign_id="spring").drop(columns="group")
    advice = messages.advise(people, {"campaigns": past}, messages.Settings(rules=[rule()]), MOMENT)
    assert advice.rates["group"].unique().tolist() == ["all customers"] and advice.rates["sent"].tolist() == [600, 600]
    (action,) = messages.story.finding(advice).actions
    assert action.text == "Send card to all customers" and action.chance.beaten


def test_size_of_test_as_published():
    # Per arm at alpha .05 and power .80: 5 % base + 20 % relative, 20 % + 20 % (facts, checked with statsmodels); at .85 that is
    # (1.960 + 1.036)^2 / (1.960 + 0.842)^2 = 1.144 as many.
    assert messages.which_message.people_per_message(0.05, 0.06) == pytest.approx(1.144 * 8142, rel=0.005)
    assert messages.which_message.people_per_message(0.20, 0.24) == pytest.approx(1.144 * 1680, rel=0.005)


def test_uplift_finds_whom_a_message_changes_and_does_not_where_there_is_nothing():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"recency_days": rng.integers(1, 300, 8000), "kind": rng.choice(["family", "city"], 8000)})
    treated = rng.integers(0, 2, 8000)
    base = np.where(frame["recency_days"] < 60, 0.25, 0.05)
    planted = np.where((frame["kind"] == "family") & (frame["recency_days"] > 100), 0.15, 0.0)
    planted_there = messages.uplift.uplift(frame, treated, rng.random(8000) < base + planted * treated, 1)
    assert planted_there.verdict == "beats both" and planted_there.effect_low < planted.mean() < planted_there.effect_high
    flat = messages.uplift.uplift(frame, treated, rng.random(8000) < base + 0.05 * treated, 1)
    assert flat.verdict == "nothing shown"
    assert "nothing that can be shown" in messages.story.uplift_sentence(flat).text


def test_too_few_responses_say_so():
    rng = np.random.default_rng(3)
    small = messages.uplift.uplift(pd.DataFrame({"recency_days": np.arange(200.0)}), rng.integers(0, 2, 200), rng.random(200) < 0.1, 1)
    assert small.verdict == "too few" and "too few" in messages.story.uplift_sentence(small).text
    assert "nobody knows" in messages.story.uplift_sentence(None).text


def test_without_campaigns_nobody_knows_yet():
    people = pd.DataFrame([person("a"), person("b", status="loyal")])
    advice = messages.advise(people, {}, messages.Settings(rules=[rule()]), MOMENT)
    assert {choice.verdict for choice in advice.choices} == {"nobody knows yet"} and advice.uplift is None
    assert messages.story.answer(advice).heading and messages.story.finding(advice).headline
    assert messages.story.plan_table(advice).to_text()
    assert messages.story.how_sure(advice, messages.Settings()).to_text()


def test_a_wrong_key_or_channel_is_refused():
    for wrong in ({"rule": []}, {"rules": [rule(channel="fax")]}, {"rules": [rule(status=["asleep"])]}):
        with pytest.raises(ValidationError):
            messages.Settings(**wrong)
