"""Phase 4: the first pictures, the order of the analyses and why, the headline, and the dilemmas sheet."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core import wording
from helpers.core.results import Gate, RunContext, Verdict
from helpers.phases import choice_of_analyses
from helpers.phases.choice_of_analyses import story, tables
from helpers.phases.choice_of_analyses.dilemmas import conflicts_in, quick_and_safe, sheet, translatable
from helpers.phases.choice_of_analyses.ranking import served_goals
from helpers.sources.customers import customer_table

MOMENT = RunContext(date(2023, 12, 31), 7)


def gate(kind: str, unlock: str = "more customers") -> Gate:
    return Gate(Verdict(kind, kind), "needs", "has", "reason", "" if kind == "go" else unlock, "rank by spend", "seen")


def offers(**kinds: str):
    gates = {name: gate(kind) for name, kind in kinds.items()}
    return choice_of_analyses.ranked(gates, {name: name.capitalize() for name in kinds}, (), ())


def orders(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "order_date", "order_amount"])
    return frame.assign(order_date=pd.to_datetime(frame["order_date"]))


@pytest.fixture(autouse=True)
def english():
    wording.use("en", "EUR")


# ---- The pictures ----


def test_the_pictures_count_by_hand():
    table = orders(
        [
            ("1", "a", "2023-01-10", 100.0),
            ("2", "a", "2023-05-02", 300.0),
            ("3", "b", "2023-01-20", 50.0),
            ("4", "c", "2023-11-30", 150.0),
            ("5", None, "2023-11-30", 25.0),
        ]
    )
    overview = choice_of_analyses.overview(table, customer_table({"orders": table}, MOMENT.as_of), MOMENT)
    assert overview.months.loc["2023-01-01", ["revenue", "customers"]].tolist() == [150, 2]
    assert overview.months.loc["2023-02-01"].tolist() == [0, 0]  # an empty month is a month
    assert overview.months.loc["2023-11-01"].tolist() == [175, 1]  # nobody's order counts as money only
    assert overview.heat.to_numpy().sum() == 3 and overview.heat.iloc[:, 0].sum() == 2  # b and c bought once
    assert overview.concentration["share_of_revenue"].round(4).tolist() == [0, 0.6667, 0.9167, 1]
    first = overview.retention.loc[pd.Period("2023Q1")]
    assert first[0] == 1 and first[1] == 0.5  # of a and b, a came back in the second quarter


def test_an_unfinished_month_is_left_out_and_counted():
    table = orders([("1", "a", "2023-11-10", 100.0), ("2", "a", "2023-12-02", 900.0)])
    context = RunContext(date(2023, 12, 9), 7)
    overview = choice_of_analyses.overview(table, customer_table({"orders": table}, context.as_of), context)
    assert overview.months["revenue"].tolist() == [100] and overview.left_out_days == 9
    assert "9 days" in story.how_sure(offers(clusters="go"), overview).to_text()


def test_a_client_without_orders_has_pictures_and_words():
    table = orders([]).astype({"order_amount": float, "customer_id": str})
    overview = choice_of_analyses.overview(table, customer_table({}, MOMENT.as_of), MOMENT)
    for reading in (story.revenue_sentence, story.concentration_sentence, story.retention_sentence, story.recency_frequency_sentence):
        assert reading(overview).text and "nan" not in reading(overview).text and "–" not in reading(overview).text
    assert story.answer(offers(clusters="not_yet"), overview).heading == "No analysis can be trusted on this data yet"
    assert story.finding(offers(clusters="not_yet"), overview).key_figures == ()  # there is no revenue to share out


@pytest.mark.parametrize(("factor", "word"), [(1.5, "50 % more"), (0.5, "50 % less")])
def test_two_years_are_compared_in_a_whole_sentence(factor, word):
    months = pd.date_range("2022-01-01", periods=24, freq="MS") + pd.Timedelta(days=4)
    amounts = np.where(np.arange(24) < 12, 100.0, 100.0 * factor)
    table = orders([(str(i), "a", day, amount) for i, (day, amount) in enumerate(zip(months, amounts, strict=True))])
    overview = choice_of_analyses.overview(table, customer_table({"orders": table}, MOMENT.as_of), MOMENT)
    assert word in story.revenue_sentence(overview).text.replace("\u00a0", " ")


# ---- Order and headline ----


def test_what_may_run_comes_first_then_client_use_case_goals_and_the_test_last():
    kinds = {"a": "go", "b": "not_yet", "c": "go", "d": "go", "e": "caution", "f": "go", "pilot": "go"}
    gates = {name: gate(kind) for name, kind in kinds.items()}
    ranking = pd.DataFrame({"analyses": ["d e", "d", ""], "contribution": [0.9, 0.4, 1.0], "goals": ["Grow; Keep", "Other", "Grow"]})
    ranking = choice_of_analyses.ranked(gates, {name: name for name in kinds}, ["f", "b"], ["c"], ranking)
    assert [offer.analysis for offer in ranking] == ["f", "c", "d", "a", "e", "b", "pilot"]
    assert [offer.wanted_by for offer in ranking] == ["client", "use case", "goals", "", "goals", "client", ""]
    assert story.because(ranking[2]) == "It helps your goal: Grow."
    text = story.order_sentence(ranking).text
    assert text.startswith("Start with f. You asked for it.") and "b was wanted but must wait: more customers." in text


def test_an_analysis_helps_as_much_as_the_best_opportunity_that_needs_it():
    ranking = pd.DataFrame({"analyses": ["x", "x y"], "contribution": [0.2, 0.7], "goals": ["A", "B"]})
    assert served_goals(ranking) == {"x": (0.7, ("B",)), "y": (0.7, ("B",))}
    assert served_goals(ranking.assign(goals="")) == {} == served_goals(None)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ({"clusters": "go"}, "Your data carries the analysis Clusters"),
        ({"clusters": "go", "pilot": "caution"}, "Your data carries the analysis Clusters"),
        ({"clusters": "go", "movement": "go"}, "Your data carries all 2 analyses"),
        ({"clusters": "caution", "movement": "go"}, "Your data carries all 2 analyses, 1 with care"),
        ({"clusters": "go", "movement": "not_yet"}, "Your data carries 1 of 2 analyses: Clusters"),
        ({"a": "go", "b": "go", "c": "go", "d": "go", "e": "not_yet"}, "Your data carries 4 of 5 analyses"),
        ({"clusters": "not_yet", "pilot": "go"}, "No analysis can be trusted on this data yet"),
    ],
)
def test_the_headline_reads_well_for_one_and_for_many(kinds, words):
    assert story.heading(offers(**kinds)) == words


def test_the_gate_table_shows_all_rows_with_what_would_be_seen():
    table = tables.gate_table(offers(clusters="go", movement="not_yet", pilot="caution"))
    page = table.to_html()
    assert "aim-more" not in page  # nothing hidden behind "show all"
    assert page.count("What would be seen on your data: seen") == 3 and "Allowed now: rank by spend" in page


def test_what_is_allowed_meanwhile_is_said_per_analysis():
    text = story.gate_sentence(offers(clusters="go", movement="not_yet")).to_text()
    assert text == "Instead of Movement: rank by spend"
    assert "Nothing has to wait" in story.gate_sentence(offers(clusters="go")).to_text()


# ---- The dilemmas ----


def test_the_sheet_holds_the_dilemmas_of_the_method_with_what_each_answer_implies():
    assert [dilemma.id for dilemma in sheet().dilemmas] == [
        "incremental_or_disruptive",
        "project_or_process",
        "one_or_many_applications",
        "suite_or_best_of_breed",
        "open_or_closed_source",
        "ease_or_influence",
        "agility_or_maintenance",
    ]
    texts = translatable()
    assert all(text.strip() for text in texts) and not any(sign.isdigit() for text in texts for sign in text)
    for dilemma in sheet().dilemmas:
        assert dilemma.first.implies != dilemma.second.implies and dilemma.first.next != dilemma.second.next


def test_scores_are_checked_against_the_sheet():
    assert choice_of_analyses.Settings(dilemmas={"ease_or_influence": "-1"}).dilemmas.ease_or_influence == -1
    for wrong in ({"ease_or_influence": 3}, {"speed": 1}):
        with pytest.raises(ValidationError):
            choice_of_analyses.Settings(dilemmas=wrong)


def test_every_score_has_its_own_words():
    words = {}
    for score in (None, -2, -1, 0, 1, 2):
        row = tables.dilemma_table(choice_of_analyses.Settings(dilemmas={"project_or_process": score}).dilemmas).frame.iloc[1]
        words[score] = (row["choice"], row["implies"], row["next"])
    assert words[None] == ("not answered yet", "", "")
    assert words[-2][0] == "project" and words[-1][0] == "rather project" and words[-2][1:] == words[-1][1:]
    assert words[0][0] == "undecided" and "decide after the pilot" in words[0][2]
    assert words[2][0] == "process" and "owner" in words[2][2]


def test_conflicting_answers_are_named_and_speed_and_risk_counted():
    given = {"one_or_many_applications": 2, "agility_or_maintenance": 1, "incremental_or_disruptive": -2}
    assert len(conflicts_in(given)) == 1
    assert quick_and_safe(given) == (1, 3)
    text = story.dilemma_sentences(choice_of_analyses.Settings(dilemmas=given).dilemmas).to_text()
    assert "3 of 7 dilemmas" in text and "1 of 3 answers" in text and "little maintenance are hard" in text
    empty = story.dilemma_sentences(choice_of_analyses.Settings().dilemmas).to_text()
    assert "not answered yet" in empty and "analyses.dilemmas in client.yml" in empty
