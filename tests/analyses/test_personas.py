"""Web personas: planted kinds of visitors come back, and nothing hostile or too early gets in."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import personas
from helpers.analyses.personas import charts, features, matching, story, words
from helpers.analyses.personas.events import prepare
from helpers.core.results import Refusal, RunContext
from helpers.statistics.intervals import difference_and_interval, share_and_interval

MOMENT = RunContext(date(2026, 10, 1), 7)
KINDS = {
    "zorg": ("verpleegkunde", "ziekenhuis", "stage"),
    "techniek": ("robots", "lassen", "energie"),
    "bedrijf": ("jobbeurs", "vacature", "samenwerken"),
}
FAST = {"halves": 4, "references": 2, "most_segments": 5}


def site(visitors=360, seed=1):
    """Three kinds of visitors with pages of their own; every third page is for everybody."""
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(visitors):
        kind = list(KINDS)[at % 3]
        start = pd.Timestamp("2026-09-01") + pd.Timedelta(minutes=int(rng.integers(40_000)))
        for step in range(int(rng.integers(4, 8))):
            page = str(rng.choice(KINDS[kind])) if rng.random() < 0.7 else str(rng.choice(["contact", "home", "nieuws"]))
            path = f"/{kind}/{page}" if page in KINDS[kind] else f"/{page}"
            rows.append((f"v{at:04d}", start + pd.Timedelta(minutes=step), path, "pageview"))
    return pd.DataFrame(rows, columns=["visitor_id", "event_time", "page_path", "event_type"])


@pytest.fixture(scope="module")
def events():
    return site()


@pytest.fixture(scope="module")
def result(events):
    given = [
        personas.Persona(name="Zorg", words=("verpleegkunde", "ziekenhuis", "patient")),
        personas.Persona(name="Pers", words=("persbericht", "logo")),
    ]
    return personas.run({"web_events": events}, personas.Settings(personas=given, **FAST), MOMENT)


def kinds_of(table):
    return [int(one[1:]) % 3 for one in table["customer_id"]]


def test_planted_kinds_come_back_with_their_number(result):
    assert result.quality["segments"] == 3 and result.quality["natural"]
    assert adjusted_rand_score(kinds_of(result.table), result.table["segment"]) > 0.95
    assert result.quality["agreement"] > 0.95


def test_topics_find_them_too(events):
    found = personas.run({"web_events": events}, personas.Settings(method="topics", segments=3, **FAST), MOMENT)
    assert adjusted_rand_score(kinds_of(found.table), found.table["segment"]) > 0.9


def test_words_distinguish_and_are_not_merely_frequent(result):
    for _, part in result.words.groupby("segment"):
        top = set(part.sort_values("rank")["word"].head(4))
        assert any(top == {kind, *pages} for kind, pages in KINDS.items())
    assert not result.words["word"].isin(["contact", "nieuws"]).any()
    assert "home" not in set(result.words["word"]) | set(result.serving["words"])


def test_persona_is_matched_by_its_words_and_an_absent_one_is_not(result):
    matched = result.matches[result.matches["matched"]]
    assert matched["persona"].tolist() == ["Zorg"]
    assert matched["score"].iloc[0] == pytest.approx(2 / 3)
    assert "Pers" in story.personas(result)


def test_same_seed_and_other_row_order_give_the_same(events, result):
    shuffled = events.sample(frac=1, random_state=3).reset_index(drop=True)
    again = personas.run({"web_events": shuffled}, result.settings, MOMENT)
    pd.testing.assert_frame_equal(again.table, result.table)
    pd.testing.assert_frame_equal(again.words, result.words)
    assert again.serving == result.serving


def test_input_is_not_changed(events):
    before = events.copy(deep=True)
    personas.run({"web_events": events}, personas.Settings(segments=3, **FAST), MOMENT)
    pd.testing.assert_frame_equal(events, before)


def test_equal_behaviour_gives_the_equal_segment(events):
    twin = events[events["visitor_id"] == "v0001"].assign(visitor_id="v9999")
    found = personas.run({"web_events": pd.concat([events, twin])}, personas.Settings(**FAST), MOMENT).table
    by = found.set_index("customer_id")["segment"]
    assert by["v0001"] == by["v9999"]


@pytest.mark.parametrize("how", ["by type", "by path", "by the table of outcomes"])
def test_no_outcome_event_is_among_the_features(events, how):
    done = events.groupby("visitor_id").tail(1).iloc[::4].assign(page_path="/bedankt/geheimwoord", event_type="aanvraag")
    both = pd.concat([events, done])
    settings = {
        "by type": {"outcome_events": ("Aanvraag",)},
        "by path": {"outcome_paths": ("/bedankt",)},
    }.get(how, {})
    outcomes = pd.DataFrame({"customer_id": done["visitor_id"], "outcome": "aanvraag", "outcome_date": done["event_time"]})
    tables = {"web_events": both} | ({"outcomes": outcomes} if "table" in how else {})
    ready = prepare(tables, personas.Settings(page_events=("pageview", "aanvraag"), **settings))
    built = features.build(ready.views, personas.Settings())
    assert not {"bedankt", "geheimwoord"} & set(built.vocabulary.words)
    assert not ready.views["page_path"].str.contains("bedankt").any()
    assert ready.converted == frozenset(done["visitor_id"])


def test_a_page_only_converters_see_is_suspected(events):
    seen = events.drop_duplicates("visitor_id").iloc[:20]
    leak = seen.assign(page_path="/klaar/dankjewel", event_time=seen["event_time"] + pd.Timedelta(minutes=9))
    outcomes = pd.DataFrame({"customer_id": leak["visitor_id"], "outcome": "x", "outcome_date": leak["event_time"]})
    found = personas.run(
        {"web_events": pd.concat([events, leak]), "outcomes": outcomes},
        personas.Settings(segments=3, **FAST),
        MOMENT,
    )
    assert any("/klaar/dankjewel" in note for note in found.notes)


def test_too_few_visitors_are_refused_with_what_is_missing():
    found = personas.run({"web_events": site(20)}, personas.Settings(), MOMENT)
    assert isinstance(found, Refusal) and "80" in found.gate.unlock
    assert isinstance(personas.run({}, personas.Settings(), MOMENT), Refusal)
    alike = site(300).assign(page_path="/een/pagina")
    assert isinstance(personas.run({"web_events": alike}, personas.Settings(), MOMENT), Refusal)


def test_one_visitor_and_no_pages_are_refused_not_broken(events):
    one = events[events["visitor_id"] == "v0001"]
    assert isinstance(personas.run({"web_events": one}, personas.Settings(), MOMENT), Refusal)
    assert isinstance(personas.run({"web_events": events.drop(columns="page_path")}, personas.Settings(), MOMENT), Refusal)


HOSTILE = (
    "/<script>alert(1)</script>",
    "/" + "a" * 10_000,
    "/" + "woord-" * 2_000,
    "/🎉🔥",
    "/%3Cscript%3E%00%FF",
    "/%E0%A4%A",
    "/\u202egnp.exe",
    "/<img src=x onerror=alert(1)>",
    "/__proto__/constructor",
)


def test_hostile_paths_harm_neither_cloud_nor_report(events):
    rng = np.random.default_rng(2)
    bad = events[events["visitor_id"].isin(events["visitor_id"].unique()[:120])].copy()
    bad["page_path"] = [str(one) for one in rng.choice(HOSTILE, len(bad))]
    both = pd.concat([events, bad.assign(event_time=bad["event_time"] + pd.Timedelta(seconds=5))])
    found = personas.run({"web_events": both}, personas.Settings(segments=3, **FAST), MOMENT)
    assert found.words["word"].str.len().max() <= 30
    pictures = charts.clouds(found)
    html = "".join(
        one.to_html()
        for one in (
            *pictures,
            story.answer(found),
            story.profile_table(found),
            *(story.sheet(found, n) for n in (1, 2, 3)),
            story.words_table(found, 1),
        )
    )
    assert "<script" not in html and "onerror=alert" not in html.replace("&lt;img src=x onerror=alert", "")
    assert all(one.png.startswith(b"\x89PNG") and 0 < len(one.png) < 300_000 for one in pictures)


def test_cloud_is_the_same_bytes_every_time_and_says_what_it_shows(result):
    one, two = charts.cloud(result, 1), charts.cloud(result, 1)
    assert one.png == two.png
    assert result.words["word"].iloc[0] in one.alt and len(one.table.rows) == (result.words["segment"] == 1).sum()


def test_every_picture_and_record_can_be_made(result):
    for one in (
        charts.sizes(result),
        charts.times(result),
        charts.accuracy(result),
        story.answer(result),
        story.matches_table(result),
        story.accuracy_table(result),
        story.how_sure(result),
        story.actions(result),
        story.key_figures(result),
        *story.sentences(result),
    ):
        assert one.to_html() and one.to_text()
    assert charts.conversion(result) is None and charts.devices(result) is None
    assert story.finding(result).to_json()["headline"] == story.headline(result)
    json.dumps(result.serving)


def test_conversion_has_the_published_intervals():
    assert share_and_interval(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)  # Newcombe 1998a, table 1
    assert difference_and_interval(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)  # 1998b, table 2, (a)


def test_log_odds_is_zero_without_difference_and_antisymmetric_for_two():
    seen = sparse.csr_array(np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=float))
    same = words.log_odds(seen, np.array([0, 0, 1, 1]), 2, 10)
    apart = words.log_odds(seen, np.array([0, 1, 0, 1]), 2, 10)
    assert np.abs(same).max() < 1e-9
    assert apart[0] == pytest.approx(-apart[1]) and apart[0, 0] > 0 > apart[0, 1]


def test_word_forms_match_only_by_a_long_start():
    assert matching.same("student", "studenten") and not matching.same("kot", "kotelet")


MSWEB = Path(__file__).parents[3] / "shared" / "data" / "msweb" / "anonymous-msweb.data"


@pytest.mark.slow
@pytest.mark.skipif(not MSWEB.exists(), reason="the public data msweb is not on this machine")
def test_a_real_site_gives_stable_segments_with_readable_words():
    titles, rows, case = {}, [], ""
    for line in MSWEB.read_text(encoding="latin-1").splitlines():
        kind, *cells = line.split(",")
        if kind == "A":
            titles[cells[0]] = "/" + cells[2].strip('"').replace("/", " ")
        elif kind == "C":
            case = "u" + cells[1]
        elif kind == "V":
            rows.append((case, titles[cells[0]]))
    frame = pd.DataFrame(rows, columns=["visitor_id", "page_path"]).assign(event_time=pd.Timestamp("1998-02-01"))
    ignore = ("microsoft", "information", "site")
    settings = personas.Settings(ignore_words=ignore, context=(), robot_pages=10_000, halves=5, most_segments=10)
    found = personas.run({"web_events": frame}, settings, MOMENT)
    assert found.quality["visitors"] == 32_711 and found.quality["views"] == 98_654
    assert found.quality["agreement"] >= 0.8 and found.quality["weakest"] >= 0.75
    assert found.words.groupby("segment").size().min() >= 5
    print(
        found.evidence.round(2),
        found.quality,
        found.profile[["name", "visitors", "stability", "words"]].to_string(),
    )
