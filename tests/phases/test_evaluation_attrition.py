"""People who are lost on the way back, more of them in one arm, stop the reading; a clean twin is read."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.phases import evaluation
from helpers.phases.evaluation.attrition import attrition
from tests.phases.test_evaluation import START, certainty, read, story, world
from tests.support.attrition_worlds import PLACES, lossy_world
from tests.support.external_tests import external_test, judged, with_kind_of_one_arm, with_visits, without_rows, words
from tests.support.seeds import seeds


@pytest.mark.parametrize("seed", seeds(3))
@pytest.mark.parametrize("place", PLACES)
def test_one_sided_loss_is_stopped_wherever_it_shows_and_a_loss_on_both_sides_is_not(place: str, seed: int):
    lost, clean = read(lossy_world(seed, place, {"treated": 0.2})), read(lossy_world(seed, place, {"treated": 0.2, "holdout_group": 0.2}))
    assert (lost.judgement.kind, lost.judgement.decision, lost.conversions) == ("attrition", "wait", None)
    assert lost.attrition.source == place and lost.attrition.p_value < 0.001
    text = story.answer(lost).to_text()
    assert "more people were lost in one of its groups" in text and "{" not in text and "(treated)" in text
    assert [proposal.change for proposal in lost.proposals] == ["repair_draw"]
    assert clean.judgement.kind != "attrition" and clean.attrition.holds
    assert "As many people came back of each arm" in certainty.how_sure(clean).to_text()


def test_what_may_be_the_effect_itself_is_no_loss():
    # Twice as many of the treated buy; buyers only stand in the outcomes, and in a customer table made of orders.
    tables = world(0.3, 0.15)
    bought = tables["outcomes"][["customer_id"]].drop_duplicates()
    assert read(tables).attrition is None and "not known" in certainty.how_sure(read(tables)).to_text()
    plan = {"start_date": START.isoformat(), "undeclared": []}
    assert attrition(tables["assignment"], {"customer_table": bought}, plan, "") is None
    assert not attrition(tables["assignment"], {"customer_table": bought}, {"start_date": START.isoformat()}, "").holds
    # A log of what was shown without the people left out says nothing of a loss.
    shown = tables["assignment"].query("treatment == 'treated'").assign(shown_time=pd.Timestamp(START))
    assert attrition(tables["assignment"], {"exposures": shown[["customer_id", "treatment", "shown_time"]]}, plan, "") is None


def test_a_loss_is_held_against_chance_as_strictly_as_sizes():
    people = pd.DataFrame({"customer_id": np.arange(1000).astype(str), "treatment": np.repeat(["treated", "holdout_group"], 500)})

    def after(lost: int, also: int = 40) -> evaluation.attrition.Attrition:
        gone = np.r_[np.arange(lost), 500 + np.arange(also)]
        return attrition(people, {"customer_table": people.drop(index=gone)}, {"start_date": START}, "")

    assert after(72).holds and not after(74).holds
    assert after(74).p_value == pytest.approx(0.000717, abs=1e-6) and after(74).shares == {"treated": 0.852, "holdout_group": 0.92}
    # A table in which less than 70 % of every arm stand is not meant to hold everybody of a test made elsewhere.
    for also, looked_at in ((150, True), (151, False)):
        gone = people.drop(index=np.r_[np.arange(200), 500 + np.arange(also)])
        assert (attrition(people, {"customer_table": gone}, {"start_date": START, "undeclared": []}, "") is not None) == looked_at


ORDERS = {"outcome": "order"}


@pytest.mark.parametrize("seed", seeds(2))
def test_a_test_made_elsewhere_decides_nothing_where_no_table_could_show_a_loss(seed: int):
    lost = judged(without_rows(external_test(seed, rates={"page A": 0.2, "page B": 0.2}), {"page B": 0.3}), everybody_counted=False)
    assert (lost.judgement.kind, lost.judgement.decision, lost.judgement.losses_unchecked) == ("harmed", "wait", True)
    text, finding = words(lost), evaluation.story.finding(lost)
    assert "did harm" not in text and "Stop " not in text and "losses not checked" in text and "{" not in text
    assert finding.why[0].startswith("Whether people were lost on the way back cannot be checked") and finding.rank == 3
    assert finding.key_figures == () and [proposal.change for proposal in lost.proposals] == ["check_losses"]
    assert not evaluation.certainty.by_chance(lost, lost.conversions).beaten
    # The client says that all came back, or brings a row of everybody: then the same test is judged, and a clean one gets its go.
    clean = external_test(seed, rates={"page A": 0.1, "page B": 0.2})
    for tables, said in ((clean, True), (with_visits(clean), False)):
        result = judged(tables, everybody_counted=said, settings=ORDERS)
        assert (result.judgement.kind, result.judgement.decision) == ("worked", "go") and evaluation.story.finding(result).chance.beaten
    traces_of_few = with_visits(clean, share=0.01)
    assert judged(traces_of_few, everybody_counted=False, settings=ORDERS).judgement.losses_unchecked


@pytest.mark.parametrize("seed", seeds(2))
def test_a_loss_shows_where_no_arm_is_whole_and_an_effect_is_no_loss(seed: int):
    clean = external_test(seed, rates={"page A": 0.1, "page B": 0.3})
    shown = [
        judged(with_visits(clean, lost), settings=ORDERS, everybody_counted=False).judgement.kind
        for lost in ({"page A": 0.03, "page B": 0.23}, {"page A": 0.03, "page B": 0.03})
    ]
    assert shown == ["attrition", "worked"]
    # Three quarters have a visit, and buyers come into the table by buying.
    assert judged(with_visits(clean, share=0.75, seed=seed), settings=ORDERS, everybody_counted=False).judgement.kind == "worked"


def test_rows_that_one_arm_alone_can_have_and_orders_after_the_assignment_are_no_trace():
    better = external_test(1, rates={"page A": 0.2, "page B": 0.3})
    assert judged(with_kind_of_one_arm(better, "page B"), settings=ORDERS).judgement.kind == "worked"
    for arm_share, looked_at in ((0.11, True), (0.09, False)):
        both = with_kind_of_one_arm(with_kind_of_one_arm(better, "page B", share=1.0), "page A", share=arm_share)
        people = both["test_assignment"].rename(columns={"arm": "treatment"})
        kinds = both | {"outcomes": both["outcomes"].query("outcome == 'delivered'")}
        assert (attrition(people, kinds, {"start_date": START, "undeclared": []}, "order") is not None) == looked_at
    late = judged(better, starts=date(2026, 3, 16))
    assert late.attrition is None and late.judgement.kind == "worked"


def test_the_smallest_loss_that_would_be_seen_is_told():
    people = pd.DataFrame({"customer_id": np.arange(1000).astype(str), "treatment": np.repeat(["treated", "holdout_group"], 500)})
    half = attrition(people, {"customer_table": people.iloc[::2]}, {"start_date": START}, "")
    # Two shares of a half, of 500 people each: (3.29 + 0.84) standard errors of 0.0316, as a share of a half.
    assert half.detectable == pytest.approx(4.132 * 0.03162 / 0.5, abs=1e-3) and not half.sees
    whole = attrition(people, {"customer_table": people}, {"start_date": START}, "")
    assert whole.detectable < 0.02 and whole.sees


@pytest.mark.drill
def test_losses_of_a_fifth_are_stopped_in_99_of_100_and_clean_pilots_in_3_of_1000():
    stopped = {share: 0 for share in (0.2, 0.3)}
    for seed in range(100):
        for share in stopped:
            place = PLACES[seed % len(PLACES)]
            stopped[share] += _checked(lossy_world(9000 + seed, place, {("treated", "holdout_group")[seed % 2]: share}))
    assert min(stopped.values()) >= 99, stopped
    clean = sum(
        _checked(lossy_world(20_000 + seed, PLACES[seed % len(PLACES)], {"treated": 0.1, "holdout_group": 0.1})) for seed in range(1000)
    )
    assert clean <= 3, clean


def _checked(tables: dict[str, pd.DataFrame]) -> bool:
    """Return whether the check stops the reading; the outcome that counts is "order"."""
    checked = attrition(tables["assignment"], tables, {"start_date": START}, "order")
    return checked is not None and not checked.holds
