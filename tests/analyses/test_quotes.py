"""Quotes: nothing claimed where nothing is, the planted found, every row accounted for, the sample's figures by plain pandas."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analyses import quotes
from helpers.analyses.quotes.book import read_book
from helpers.analyses.quotes.effort import effort_of
from helpers.analyses.quotes.shares import compare
from helpers.client.config import load_client
from helpers.core.errors import UserMistakes
from helpers.core.results import Refusal, RunContext
from helpers.sources import read_sources
from helpers.sources.customers import customer_table
from tests.conftest import SAMPLES
from tests.support.order_tables import orders_from_lines
from tests.support.quote_worlds import AS_OF, CONTEXT, quote_world

OFFICE = SAMPLES / "office-interiors"


def run(tables, **chosen) -> quotes.Quotes:
    return quotes.run({name: tables[name] for name in quotes.READS if name in tables}, quotes.Settings(**chosen), CONTEXT)


def claims(result: quotes.Quotes) -> set[str]:
    return set(result.profile.loc[result.profile["stands_out"], "field"])


def book_of(rows, **tables):
    """Return the book of a few quotes: (id, customer, days before the round's date, amount, status, days to the decision)."""
    columns = ["quote_id", "customer_id", "ago", "quote_amount", "quote_status", "days"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["quote_date"] = AS_OF - pd.to_timedelta(frame.pop("ago"), unit="D")
    frame["decided_date"] = frame["quote_date"] + pd.to_timedelta(frame.pop("days"), unit="D")
    extra = tables.pop("extra", {})
    return read_book({"quotes": frame.assign(**extra), **tables}, quotes.Settings(), CONTEXT)


# ---- Nothing is claimed where there is nothing ----


@pytest.mark.slow
@pytest.mark.drill
@pytest.mark.parametrize("world", [{}, {"own_chance": 1.0}, {"lost_sooner": True}, {"lost_sooner": True, "hours": True}])
def test_of_a_hundred_worlds_without_anything_at_most_five_claim_something(world):
    results = [run(quote_world(5_000 + seed, **world), by_owner=True) for seed in range(100)]
    assert sum(bool(claims(result)) for result in results) <= 5
    assert sum(result.judgement.beats for result in results) <= 5


@pytest.mark.slow
@pytest.mark.parametrize("hours", [False, True])
def test_effort_that_only_gathers_by_living_is_not_claimed_though_the_naive_comparison_would(hours):
    naive, claimed = 0, 0
    for seed in range(5):
        tables = quote_world(70 + seed, lost_sooner=True, hours=hours)
        result = run(tables)
        claimed += "effort" in claims(result)
        judged = result.book.judged
        pairs = judged[["customer_id", "asked", "decided"]].reset_index().merge(tables["contacts"], on="customer_id")
        living = pairs[pairs["contact_date"].between(pairs["asked"], pairs["decided"])].groupby("index").size()
        spent = judged["hours"] if hours else living.reindex(judged.index, fill_value=0)
        naive += compare(judged, (spent > spent.median()).astype(str))[1] < 0.02
    assert naive == 5 and claimed == 0


def test_a_world_without_anything_says_so():
    result = run(quote_world(1))
    assert not claims(result) and result.method == "average"
    assert "no group differs by more than luck" in quotes.story.answer(result).heading
    assert quotes.certainty.verdict(result).kind == "caution"


# ---- What is planted is found ----


@pytest.mark.slow
def test_customers_who_win_more_are_found_and_the_simple_rule_that_says_so_is_used():
    for seed in range(5):
        result = run(quote_world(300 + seed, new_rate=0.15, existing_rate=0.45))
        assert "relation" in claims(result) and not result.judgement.beats and result.method == "relation"
        rates = result.profile[result.profile["field"] == "relation"].set_index("group")["rate"]
        assert rates["new"] == pytest.approx(0.15, abs=0.07) and rates["existing"] == pytest.approx(0.45, abs=0.09)
    waiting = result.quotes[result.quotes["chance"].notna()].groupby("relation")["chance"].mean()
    assert waiting["existing"] > waiting["new"] + 0.15


def test_a_model_is_used_where_it_beats_both_rules_on_later_quotes():
    tables = quote_world(7, 4_000, 1_500, new_rate=0.15, existing_rate=0.45, large_rate=0.02)
    result = run(tables, amount_bands=[20_000])
    assert result.judgement.beats and result.method == "model"
    assert result.judgement.expected == pytest.approx(result.judgement.won, rel=0.15)
    large = result.quotes["amount"] >= 20_000
    assert result.quotes.loc[large, "chance"].mean() < 0.12 < result.quotes.loc[~large, "chance"].mean()


def test_what_happens_after_the_judging_begins_does_not_change_what_was_learnt():
    tables = quote_world(8, 1_500, 500)
    later = tables["quotes"]["quote_date"] >= AS_OF - pd.Timedelta(days=300)
    flipped = tables["quotes"]["quote_status"].map({"won": "lost", "lost": "won", "open": "open"})
    other = {**tables, "quotes": tables["quotes"].assign(quote_status=tables["quotes"]["quote_status"].where(~later, flipped))}
    assert run(tables).judgement.expected == pytest.approx(run(other).judgement.expected)
    assert run(tables).judgement.won != run(other).judgement.won


# ---- Every row is accounted for ----


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", None]),
            st.integers(-20, 400),
            st.sampled_from([100.0, 250.0, 0.0, np.nan]),
            st.sampled_from(["won", "lost", "open", "later", None]),
            st.one_of(st.none(), st.integers(-5, 90)),
        ),
        max_size=40,
    )
)
def test_won_lost_and_open_are_the_rows_less_those_set_aside(rows):
    book = book_of([(f"q{place:03d}", *row) for place, row in enumerate(rows)])
    counts = book.quotes["status"].value_counts()
    assert counts.get("won", 0) + counts.get("lost", 0) + counts.get("open", 0) == len(rows) - sum(book.set_aside.values())
    assert not (book.quotes["decided"] > AS_OF).any() and not (book.quotes["asked"] > AS_OF).any()


def test_a_quote_sent_again_is_the_same_request_and_an_order_makes_it_won():
    orders = pd.DataFrame({"order_id": ["o1"], "customer_id": ["a"], "order_date": [AS_OF - pd.Timedelta(days=70)], "order_amount": 1.0})
    rows = [
        ("q1", "a", 100, 50.0, "lost", 3),
        ("q2", "a", 96, 50.0, "won", 9),
        ("q3", "a", 80, 50.0, "lost", 2),
        ("q4", "a", 78, 60.0, "lost", 5),
    ]
    book = book_of(rows, orders=orders, extra={"order_id": [None, None, "o1", None], "effort_hours": [1.0, 2.0, 4.0, np.nan]})
    kept = book.quotes.set_index("quote_id")
    assert list(kept.index) == ["q2", "q3", "q4"] and book.set_aside["revisions"] == 1 and book.assumed["close"] == 1
    assert kept.loc["q2", ["status", "days", "hours"]].tolist() == ["won", 13, 3.0]
    assert kept.loc["q3", ["status", "days"]].tolist() == ["won", 10] and book.assumed["won_by_order"] == 1


def test_what_was_decided_after_the_round_is_open_and_the_order_of_the_quote_makes_nobody_an_existing_customer():
    days = [AS_OF - pd.Timedelta(days=ago) for ago in (900, 101, 50)]
    orders = pd.DataFrame({"order_id": ["o0", "o1", "o2"], "customer_id": ["z", "a", "b"], "order_date": days, "order_amount": 1.0})
    rows = [("q1", "a", 100, 50.0, "won", 3), ("q2", "a", 40, 70.0, "lost", 41), ("q3", "b", 45, 70.0, "open", None)]
    book = book_of(rows, orders=orders, extra={"order_id": ["o1", None, None]})
    kept = book.quotes.set_index("quote_id")
    assert kept["status"].to_dict() == {"q1": "won", "q2": "open", "q3": "open"} and book.assumed["decided_later"] == 1
    assert kept["relation"].to_dict() == {"q1": "new", "q2": "existing", "q3": "existing"}


def test_customers_who_ask_often_are_not_many_customers():
    alone = pd.DataFrame({"customer_id": [f"c{n}" for n in range(80)], "status": ["won"] * 40 + ["lost"] * 40})
    often = alone.assign(customer_id=np.repeat([f"c{n}" for n in range(8)], 10))
    groups = pd.Series(["x"] * 30 + ["y"] * 50)
    assert compare(alone, groups)[1] < 1e-6 < 0.01 < compare(often, groups)[1]


def test_contacts_count_from_the_day_of_asking_to_fourteen_days_after():
    book = book_of([(f"q{n}", "a", 100 + n, 10.0 + n, "lost", days) for n, days in enumerate([14, 15, 30])])
    contacts = pd.DataFrame({"customer_id": "a", "contact_date": AS_OF - pd.to_timedelta([101, 100, 86, 85], unit="D")})
    effort = effort_of(book, contacts)
    assert effort.measure == "contacts" and effort.spent.loc[book.quotes["quote_id"] == "q0"].tolist() == [2.0]
    assert effort.band.isna().tolist() == [False, False, True]  # sorted by day: the last was decided within the fourteen days


def test_quotes_that_can_be_compared_by_nothing_still_have_a_chance():
    bare = {"quotes": quote_world(3)["quotes"].assign(quote_amount=50.0, quote_owner=None)}
    result = run(bare)
    assert result.profile["field"].tolist() == ["all"] and quotes.charts.groups(result) is None and quotes.charts.effort(result) is None
    assert "no group differs" in quotes.story.answer(result).to_text() and "not recorded" in quotes.story.answer(result).to_text()
    assert (
        quotes.tables.groups_table(result).to_text()
        and quotes.tables.open_table(result).to_text()
        and quotes.story.open_sentence(result).text
    )


def test_no_quotes_are_a_reasoned_refusal():
    tables = {name: table for name, table in quote_world(1).items() if name != "quotes"}
    refusal = run(tables)
    assert isinstance(refusal, Refusal) and "50" in refusal.gate.unlock


# ---- The sample ----


@pytest.fixture(scope="module")
def office():
    """The sample client's quotes as the workbook sees them."""
    config = load_client(OFFICE)
    with read_sources(OFFICE, config.sources) as intake:
        tables = intake.tables
    tables["orders"] = orders_from_lines(tables["order_lines"])
    context = RunContext(config.as_of, config.seed)
    known = {**tables, "customer_table": customer_table(tables, config.as_of)}
    return quotes.run({name: known[name] for name in quotes.READS}, config.quotes, context)


def plain() -> pd.DataFrame:
    raw = pd.read_csv(OFFICE / "erp_offertes.csv", sep=";", encoding="cp1252", dtype=str, keep_default_na=False)
    status = raw["Status"].map({"Gewonnen": "won", "Verloren": "lost", "Vervallen": "lost", "Openstaand": "open"})
    asked = pd.to_datetime(raw["Offertedatum"], format="%d/%m/%Y")
    decided = pd.to_datetime(raw["Beslist op"], format="%d/%m/%Y")
    return pd.DataFrame({"status": status, "asked": asked, "decided": decided, "key": raw["Klantnummer"] + raw["Bedrag"]})


@pytest.mark.slow
def test_the_samples_figures_by_plain_pandas(office):
    raw = plain().sort_values(["key", "asked"])
    again = raw.groupby("key")["asked"].diff().dt.days <= 7
    requests = raw.assign(first=raw["asked"].where(~again).ffill())[~again.shift(-1, fill_value=False)]
    assert len(requests) == office.quality["quotes"] == len(raw) - office.quality["set_aside_revisions"]
    for status, count in requests["status"].value_counts().items():
        assert office.quality[status] == count
    age = (pd.Timestamp(date(2021, 6, 30)) - requests["first"]).dt.days
    days = (requests["decided"] - requests["first"]).dt.days
    mature = np.ceil(days[age >= days.quantile(0.95)].quantile(0.95))
    judged = requests[(age >= mature) & (requests["status"] != "open")]
    assert office.quality["mature_days"] == mature and office.quality["judged"] == len(judged)
    assert office.quality["rate"] == pytest.approx((judged["status"] == "won").mean())
    assert office.quality["old_open"] == ((age >= mature) & (requests["status"] == "open")).sum()


@pytest.mark.slow
def test_what_is_planted_in_the_sample_is_found(office):
    facts = json.loads((OFFICE / "TRUTH.json").read_text())["quotes"]
    assert len(plain()) == facts["rows"]
    assert {"relation", "amount_band"} <= claims(office)
    large = office.profile[(office.profile["field"] == "amount_band") & (office.profile["group"] == 3)].iloc[0]
    assert large["stands_out"] and large["rate"] < 0.2
    assert office.quality["effort_on_lost"] > 0.6 and office.judgement.beats
    listed = office.named_list("next")
    assert listed["expected_per_effort"].is_monotonic_decreasing and listed["quote_id"].is_unique and not listed["chance"].isna().any()


@pytest.mark.slow
def test_a_word_that_is_no_status_is_a_mistake_that_names_those_allowed(office, tmp_path):
    folder = shutil.copytree(OFFICE, tmp_path / "office-interiors")
    text = (folder / "client.yml").read_text().replace("Vervallen: lost, ", "")
    (folder / "client.yml").write_text(text)
    with pytest.raises(UserMistakes) as mistakes:
        read_sources(folder, load_client(folder).sources)
    assert "one of open, won, lost" in str(mistakes.value) and "values: quote_status" in str(mistakes.value)


def never_closed(seed: int, share: float) -> dict[str, pd.DataFrame]:
    """Return a firm that leaves a share of its lost quotes open for ever."""
    tables = quote_world(seed)
    lost = tables["quotes"].index[tables["quotes"]["quote_status"] == "lost"]
    left = np.random.default_rng(seed).choice(lost, int(share * len(lost)), replace=False)
    tables["quotes"].loc[left, "quote_status"] = "open"
    tables["quotes"].loc[left, "decided_date"] = pd.NaT
    return tables


def test_losses_that_nobody_closed_are_part_of_the_headline_and_of_what_is_expected():
    for seed in range(2):
        plain_world, hidden = run(quote_world(seed)), run(never_closed(seed, 0.6))
        assert not plain_world.hides_losses and hidden.hides_losses
        assert hidden.quality["rate"] > 0.4 and abs(hidden.quality["rate_if_old_lost"] - 0.3) < 0.05
        answer = quotes.story.answer(hidden)
        assert "probably lost" in answer.heading and answer.verdict.word == "losses not recorded"
        assert hidden.quotes["chance"].mean() == pytest.approx(plain_world.quotes["chance"].mean(), abs=0.07)


def test_a_tenth_of_old_quotes_left_open_is_said():
    base = run(quote_world(1))
    for old, judged, hides in ((100, 900, True), (99, 901, False)):
        assert replace(base, quality=base.quality | {"old_open": old, "judged": judged}).hides_losses is hides


@pytest.mark.parametrize(
    ("won", "lost", "measure"), [(1.0, 0.0, "contacts"), (1.0, 0.33, "contacts"), (1.0, 0.85, "hours"), (0.4, 0.4, "contacts")]
)
def test_hours_count_only_where_won_and_lost_quotes_have_them_alike(won: float, lost: float, measure: str):
    tables = quote_world(2, hours=True)
    table, rng = tables["quotes"], np.random.default_rng(1)
    for status, share in (("won", won), ("lost", lost)):
        without = table.index[(table["quote_status"] == status) & (rng.random(len(table)) >= share)]
        table.loc[without, "effort_hours"] = 0.0  # as a form does that nobody filled
    tables["contacts"] = pd.DataFrame({"customer_id": ["c0001"], "contact_date": [AS_OF], "contact_type": "visit"})
    assert run(tables).effort.measure == measure
