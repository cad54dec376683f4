"""Uplift on a real randomised test: MineThatData's e-mail test of 2008 (Hillstrom), read from ../shared/data."""

import pandas as pd
import pytest

from helpers.phases import messages
from tests.conftest import shared_data

FEATURES = ["recency", "history", "mens", "womens", "newbie", "zip_code", "channel"]


@pytest.fixture(scope="module")
def log():
    return pd.read_csv(shared_data("hillstrom") / "hillstrom.csv.gz")


def arm(log, name):
    rows = log[log["segment"].isin([name, "No E-Mail"])]
    return rows[FEATURES], (rows["segment"] == name).to_numpy(), rows


def test_arm_means_and_lifts_are_those_published(log):
    means = log.groupby("segment")[["visit", "conversion", "spend"]].mean()
    assert log["segment"].value_counts().to_dict() == {"Womens E-Mail": 21387, "Mens E-Mail": 21307, "No E-Mail": 21306}
    assert means["visit"].round(4).to_dict() == {"Mens E-Mail": 0.1828, "No E-Mail": 0.1062, "Womens E-Mail": 0.1514}
    assert means.loc["Mens E-Mail", "spend"] - means.loc["No E-Mail", "spend"] == pytest.approx(0.770, abs=5e-4)
    expected = {"Womens E-Mail": (0.00311, 0.00150, 0.00472), "Mens E-Mail": (0.00681, 0.00500, 0.00861)}
    for name, figures in expected.items():
        _features, treated, rows = arm(log, name)
        effect = messages.uplift.effect_of(treated, rows["conversion"].to_numpy())
        assert effect == pytest.approx(figures, abs=5e-5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_womens_mail_is_worth_targeting_by_uplift(log, seed):
    features, treated, rows = arm(log, "Womens E-Mail")
    uplift = messages.uplift.uplift(features, treated, rows["visit"].to_numpy(), seed)
    assert uplift.verdict == "beats both" and uplift.chance_beats_response >= 0.95
    assert uplift.qini["uplift"][0] > uplift.qini["response"][0] and uplift.lead_low > 0
    sentence = messages.story.uplift_sentence(uplift).text
    assert "beats choosing by who responds" in sentence and "certainty of 9" in sentence


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_for_mens_mail_targeting_adds_nothing_that_can_be_shown(log, seed):
    features, treated, rows = arm(log, "Mens E-Mail")
    uplift = messages.uplift.uplift(features, treated, rows["visit"].to_numpy(), seed)
    assert uplift.verdict == "nothing shown" and uplift.lead_low <= 0
    assert "adds nothing that can be shown" in messages.story.uplift_sentence(uplift).text
