"""Where the messages change their mind: just below, at, and just above each of their thresholds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.core.results import RunContext
from helpers.phases import messages
from helpers.phases.messages import which_message
from helpers.phases.messages.analysis import before_the_message, ordered_after
from helpers.phases.messages.uplift import verdict

TODAY = pd.Timestamp("2024-06-03")
CONTEXT = RunContext(date(2024, 6, 3), 4)


def day(ago: int) -> pd.Timestamp:
    return TODAY - pd.Timedelta(days=ago)


def planned(sent: list[int] | None = None, since: int = 0, settings: dict | None = None, **rule) -> messages.rules.Plan:
    """Plan an e-mail to one person whose status began so many days ago, and who got messages so many days ago."""
    person = pd.DataFrame([{"customer_id": "a", "status": "hesitant", "since": day(since), "consent": True, "opted_out": False}])
    campaigns = pd.DataFrame({"customer_id": "a", "sent_date": [day(ago) for ago in sent]}) if sent else None
    rules = [{"message": "hello", "channel": "e-mail", **rule}]
    return messages.rules.plan(person, campaigns, messages.Settings(rules=rules, **(settings or {})), CONTEXT)


@pytest.mark.parametrize(
    ("sent", "fits"),
    [
        ([0], True),  # arrives tomorrow: one in that week, and the new one are two
        ([0, 5], False),
        ([0, 6], True),  # seven days before it arrives is not in its week any more
        ([0, 8, 15], True),  # three in the month, and the new one are four
        ([0, 8, 15, 28], False),
        ([0, 8, 15, 29], True),
    ],
)
def test_contact_caps(sent, fits):
    plan = planned(sent)
    assert len(plan.messages) == int(fits) and plan.held["reason"].tolist() == ([] if fits else ["cap"])


@pytest.mark.parametrize(("since", "goes"), [(60, True), (61, False)])
def test_a_status_is_an_occasion_for_sixty_days(since, goes):
    assert len(planned(since=since).messages) == int(goes)
    assert len(planned(since=since - 30, valid_days=30).messages) == int(goes)


def test_nothing_arrives_today_and_nothing_after_the_planned_days():
    assert planned(wait_days=0).messages["arrive_date"].tolist() == [pd.Timestamp("2024-06-04")]
    assert planned(wait_days=1).messages["arrive_date"].tolist() == [pd.Timestamp("2024-06-04")]
    assert planned(wait_days=2).messages["arrive_date"].tolist() == [pd.Timestamp("2024-06-05")]
    assert len(planned(wait_days=30).messages) == 1 and len(planned(wait_days=31).messages) == 0


@pytest.mark.parametrize(("channel", "days"), [("sales letter", 7), ("postcard", 5), ("e-mail", 0), ("SMS", 0)])
def test_paper_is_handed_over_earlier(channel, days):
    row = planned(wait_days=20, channel=channel).messages.iloc[0]
    assert (row["arrive_date"] - row["decide_date"]).days == days


def per_day(*cells: tuple[str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["group", "message", "sent", "responses"]).assign(day=TODAY)


def on_days(*cells: tuple[str, str, int, int], days: int = 60) -> pd.DataFrame:
    """The same contacts on so many days that are alike."""
    frame = per_day(*cells)
    parts = [frame.assign(day=day(ago), sent=frame["sent"] / days, responses=frame["responses"] / days) for ago in range(days)]
    return which_message.response_rates(pd.concat(parts, ignore_index=True), seed=1)


def rates(*cells: tuple[str, str, int, int]) -> pd.DataFrame:
    return which_message.response_rates(per_day(*cells), seed=1)


def choice(*cells: tuple[str, str, int, int], group: str = "x") -> which_message.Choice:
    (found,) = which_message.choices(per_day(*cells), rates(*cells), [group], seed=1)
    return found


@pytest.mark.parametrize(
    ("responses", "chance", "p_value", "verdict"),
    [
        (30, 0.50, 1.0, "test these two"),
        (47, 0.907, 0.058, "test these two"),
        (50, 0.943, 0.027, "probably best"),
        (60, 0.993, 0.001, "probably best"),
    ],
)
def test_a_message_is_called_the_best_where_its_lead_is_more_than_chance(responses, chance, p_value, verdict):
    race = choice(("x", "card", 500, responses), ("x", "sms", 500, 30))
    assert race.chance_best == pytest.approx(chance, abs=0.02) and race.verdict == verdict
    assert race.chance.p_value == pytest.approx(p_value, abs=0.012)
    # Twenty thousand draws, two thousand deals: both are whole numbers of them.
    assert race.chance_best * 20_000 == pytest.approx(round(race.chance_best * 20_000), abs=1e-6)
    assert race.chance.p_value * 2_000 == pytest.approx(round(race.chance.p_value * 2_000), abs=1e-6)


@pytest.mark.parametrize(
    ("chance_best", "beats_chance", "word"),
    [(0.9, True, "probably best"), (0.8999, True, "test these two"), (0.9, False, "test these two"), (1.0, False, "test these two")],
)
def test_best_takes_ninety_percent_and_more_than_chance(chance_best, beats_chance, word):
    assert which_message.verdict_of(chance_best, beats_chance) == word


@pytest.mark.parametrize(("contacts", "responses", "given"), [(100, 10, True), (100, 1, True), (99, 10, False), (99, 90, False)])
def test_a_range_is_given_from_a_hundred_contacts(contacts, responses, given):
    assert on_days(("x", "card", contacts, responses))["low"].notna().tolist() == [given]


@pytest.mark.parametrize(("days", "given"), [(3, False), (4, True)])
def test_a_range_takes_four_mailing_days(days, given):
    assert on_days(("x", "card", 1_000, 100), days=days)["low"].notna().tolist() == [given]


def test_days_that_differ_widen_the_range():
    alike = pd.DataFrame({"group": "x", "message": "card", "day": [day(ago) for ago in range(4)], "sent": 2_000, "responses": 120})
    apart = alike.assign(responses=[60, 180, 90, 150])
    widths = [(of["high"] - of["low"]).iloc[0] for of in (which_message.response_rates(frame, 1) for frame in (alike, apart))]
    assert widths[1] > 4 * widths[0]


def test_the_range_of_a_message_is_its_own():
    """Jeffreys' interval: Beta(1/2 + responses, 1/2 + the others); to the end where nobody or everybody responded."""
    low, high = (
        on_days(("x", "card", 200, 20), ("x", "sms", 500, 0), ("x", "news", 500, 500), days=1_000)
        .set_index("message")[["low", "high"]]
        .T.to_numpy()
    )
    assert (low[0], high[0]) == pytest.approx((0.0642, 0.1471), abs=1e-3)
    # Of the messages in order of their names: nobody responded to the last, everybody to the second.
    assert (low[1], high[1]) == pytest.approx((0.995, 1.0), abs=1e-4) and (low[2], high[2]) == pytest.approx((0, 0.005), abs=1e-4)


def test_without_history_a_test_starts_from_the_usual_rate():
    only = ("x", "card", 500, 40)
    assert choice(only, group="z").per_message == 2531  # from 5 % to 7 %
    assert choice(only).best == "card" and choice(only).per_message == pytest.approx(3675, rel=0.02)  # from 8 % to 10 %
    close = choice(("x", "card", 500, 30), ("x", "sms", 500, 30))
    assert close.per_message == pytest.approx(2921, rel=0.03)  # from 6 % to 8 %: the smallest gain worth finding


def test_rates_of_nobody_and_of_everybody_can_be_planned_for():
    assert messages.which_message.people_per_message(0.0, 0.01) == messages.which_message.people_per_message(0.0001, 0.01)
    assert messages.which_message.people_per_message(0.5, 1.0) == messages.which_message.people_per_message(0.5, 0.9999)
    with pytest.raises(ValueError, match="two equal rates"):
        messages.which_message.people_per_message(0.1, 0.1)


def two_arms(responses: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """A test of 150 people per arm, of whom so many of the control group and sixty of the treated respond."""
    features = pd.DataFrame({"recency_days": (np.arange(300) * 37) % 97, "kind": np.where(np.arange(300) % 3, "a", "b")})
    treated = np.arange(300) % 2
    in_arm = np.random.default_rng(6).permutation(150)[np.arange(300) // 2]
    return features, treated, np.where(treated == 1, in_arm < 60, in_arm < responses)


def test_fifty_responses_per_arm_are_enough_and_forty_nine_are_not():
    few = messages.uplift.uplift(*two_arms(49), seed=1)
    assert (few.verdict, few.responses) == ("too few", 49)
    enough = messages.uplift.uplift(*two_arms(50), seed=1)
    assert (enough.verdict, enough.responses) == ("nothing shown", 50)
    # Three hundred bootstraps: the chance is a whole number of them.
    assert 0 < enough.chance_beats_random < 1
    assert enough.chance_beats_random * 300 == pytest.approx(round(enough.chance_beats_random * 300), abs=1e-9)
    # Five folds, three times, with the same penalty: the scores are these and no others.
    assert (enough.scores[0], enough.scores[1], enough.scores.mean()) == pytest.approx((0.05293, 0.01710, 0.06932), abs=1e-4)


@pytest.mark.parametrize(
    ("random", "response", "word"),
    [(0.95, 0.95, "beats both"), (0.9499, 1.0, "nothing shown"), (1.0, 0.9499, "nothing shown"), (1.0, 1.0, "beats both")],
)
def test_uplift_is_ahead_from_ninety_five_percent(random, response, word):
    assert verdict(random, response) == word


def test_only_orders_before_the_message_describe_who_gets_it():
    sent = pd.DataFrame({"customer_id": ["a", "b"], "sent_date": [day(10), day(10)]})
    orders = pd.DataFrame({"customer_id": "a", "order_date": [day(12), day(11), day(10), day(9)], "order_amount": [1.0, 2.0, 4.0, 8.0]})
    features = before_the_message(sent, orders)
    assert features.to_dict("list") == {"recency_days": [1.0, 3650.0], "frequency": [2.0, 0.0], "monetary": [3.0, 0.0]}


@pytest.mark.parametrize(("ordered", "responded"), [(21, 0.0), (20, 1.0), (7, 1.0), (6, 0.0)])
def test_an_order_within_fourteen_days_is_a_response(ordered, responded):
    sent = pd.DataFrame({"customer_id": ["a"], "sent_date": [day(20)]})
    orders = pd.DataFrame({"customer_id": ["a"], "order_date": [day(ordered)]})
    assert ordered_after(sent, orders, 14).tolist() == [responded]


def test_defaults_are_those_of_the_handbook():
    settings = messages.Settings()
    assert (settings.caps.in_7_days, settings.caps.in_30_days) == (2, 4)
    assert (settings.plan_days, settings.response_days, settings.smallest_gain) == (30, 14, 0.02)
    assert (
        messages.settings.Rule(message="m", channel="SMS").valid_days == 60
        and messages.settings.Rule(message="m", channel="SMS").wait_days == 0
    )
