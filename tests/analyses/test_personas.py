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
from helpers.analyses.personas import certainty, charts, features, log_odds, matching, persona_sheet, story, tables
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
        personas.Persona(name="Zorg", words=("zorg", "verpleegkunde", "ziekenhuis", "stage", "patient")),
        personas.Persona(name="Pers", words=("persbericht", "logo")),
    ]
    return personas.run({"web_events": events}, personas.Settings(personas=given, **FAST), MOMENT)


def kinds_of(table):
    return [int(visitor[1:]) % 3 for visitor in table["customer_id"]]


def test_planted_kinds_come_back_with_their_number(result):
    assert result.quality["segments"] == 3 and result.quality["natural"]
    assert adjusted_rand_score(kinds_of(result.table), result.table["segment"]) > 0.95
    assert result.quality["agreement"] > 0.95


def test_topics_find_them_too(events):
    topics = personas.run({"web_events": events}, personas.Settings(method="topics", segments=3, **FAST), MOMENT)
    assert adjusted_rand_score(kinds_of(topics.table), topics.table["segment"]) > 0.9


def test_words_distinguish_and_are_not_merely_frequent(result):
    for _, part in result.words.groupby("segment"):
        top = set(part.sort_values("rank")["word"].head(4))
        assert any(top == {kind, *pages} for kind, pages in KINDS.items())
    assert not result.words["word"].isin(["contact", "nieuws"]).any()
    assert "home" not in set(result.words["word"]) | set(result.serving["words"])


def test_persona_is_matched_by_its_words_and_an_absent_one_is_not(result):
    matched = result.matches[result.matches["matched"]]
    assert matched["persona"].tolist() == ["Zorg"]
    assert matched["score"].iloc[0] == pytest.approx(4 / 5) and matched["by_chance"].iloc[0] < 0.7 and matched["p_value"].iloc[0] < 0.05
    assert "Pers" in story.personas_sentence(result)


def test_without_kinds_nothing_is_claimed_or_served(events):
    """The same pages, each opened by anybody: personas of the site's own words are not recognised, and no table is written."""
    rng = np.random.default_rng(5)
    shuffled = events.assign(page_path=rng.permutation(events["page_path"]))
    given = [
        personas.Persona(name=name, words=(name, *words))
        for name, words in zip("zt", (("robots", "stage"), ("lassen", "vacature")), strict=True)
    ]
    nothing = personas.run({"web_events": shuffled}, personas.Settings(personas=given, segments=3, **FAST), MOMENT)
    found = story.finding(nothing)
    assert not nothing.matches["matched"].any() and nothing.serving is None
    assert "form no kinds" in found.headline and not found.chance.beaten and found.verdict.kind == "caution"
    assert not any(claim.chance.beaten for claim in (*found.key_figures, *found.actions) if claim.chance)
    assert "no table for the site is written" in story.within_visit_sentence(nothing)


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
    table = personas.run({"web_events": pd.concat([events, twin])}, personas.Settings(**FAST), MOMENT).table
    segment_of = table.set_index("customer_id")["segment"]
    assert segment_of["v0001"] == segment_of["v9999"]


@pytest.mark.parametrize("how", ["by type", "by path", "by the table of outcomes"])
def test_no_outcome_event_is_among_the_features(events, how):
    done = events.groupby("visitor_id").tail(1).iloc[::4].assign(page_path="/bedankt/geheimwoord", event_type="aanvraag")
    both = pd.concat([events, done])
    settings = {"by type": {"outcome_events": ("Aanvraag",)}, "by path": {"outcome_paths": ("/bedankt",)}}.get(how, {})
    outcomes = pd.DataFrame({"customer_id": done["visitor_id"], "outcome": "aanvraag", "outcome_date": done["event_time"]})
    tables = {"web_events": both} | ({"outcomes": outcomes} if "table" in how else {})
    prepared = prepare(tables, personas.Settings(page_events=("pageview", "aanvraag"), **settings))
    built = features.build(prepared.views, personas.Settings())
    assert not {"bedankt", "geheimwoord"} & set(built.vocabulary.words)
    assert not prepared.views["page_path"].str.contains("bedankt").any()
    assert prepared.converted == frozenset(done["visitor_id"])


def test_a_page_only_converters_see_is_suspected(events):
    seen = events.drop_duplicates("visitor_id").iloc[:20]
    leak = seen.assign(page_path="/klaar/dankjewel", event_time=seen["event_time"] + pd.Timedelta(minutes=9))
    outcomes = pd.DataFrame({"customer_id": leak["visitor_id"], "outcome": "x", "outcome_date": leak["event_time"]})
    with_leak = personas.run({"web_events": pd.concat([events, leak]), "outcomes": outcomes}, personas.Settings(segments=3, **FAST), MOMENT)
    assert any("/klaar/dankjewel" in note for note in with_leak.notes)


def test_too_few_visitors_are_refused_with_what_is_missing():
    refusal = personas.run({"web_events": site(20)}, personas.Settings(), MOMENT)
    assert isinstance(refusal, Refusal) and "80" in refusal.gate.unlock
    assert isinstance(personas.run({}, personas.Settings(), MOMENT), Refusal)
    alike = site(300).assign(page_path="/een/pagina")
    assert isinstance(personas.run({"web_events": alike}, personas.Settings(), MOMENT), Refusal)


def test_one_visitor_and_no_pages_are_refused_not_broken(events):
    single = events[events["visitor_id"] == "v0001"]
    assert isinstance(personas.run({"web_events": single}, personas.Settings(), MOMENT), Refusal)
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
    bad["page_path"] = [str(path) for path in rng.choice(HOSTILE, len(bad))]
    both = pd.concat([events, bad.assign(event_time=bad["event_time"] + pd.Timedelta(seconds=5))])
    attacked = personas.run({"web_events": both}, personas.Settings(segments=3, **FAST), MOMENT)
    assert attacked.words["word"].str.len().max() <= 30
    pictures = charts.clouds(attacked)
    html = "".join(
        record.to_html()
        for record in (
            *pictures,
            story.answer(attacked),
            tables.profile_table(attacked),
            *(persona_sheet.sheet(attacked, segment) for segment in (1, 2, 3)),
            tables.words_table(attacked, 1),
        )
    )
    assert "<script" not in html and "onerror=alert" not in html.replace("&lt;img src=x onerror=alert", "")
    assert all(picture.png.startswith(b"\x89PNG") and 0 < len(picture.png) < 300_000 for picture in pictures)


def test_cloud_is_the_same_bytes_every_time_and_says_what_it_shows(result):
    picture, again = charts.cloud(result, 1), charts.cloud(result, 1)
    assert picture.png == again.png
    assert result.words["word"].iloc[0] in picture.alt and len(picture.table.rows) == (result.words["segment"] == 1).sum()


def test_every_picture_and_record_can_be_made(result):
    for record in (
        charts.sizes(result),
        charts.times(result),
        charts.accuracy(result),
        story.answer(result),
        tables.matches_table(result),
        tables.accuracy_table(result),
        certainty.how_sure(result),
        story.actions(result),
        *story.sentences(result),
    ):
        assert record.to_html() and record.to_text()
    assert charts.conversion(result) is None and charts.devices(result) is None
    assert story.finding(result).to_json()["headline"] == story.headline(result)
    json.dumps(result.serving)


def test_conversion_has_the_published_intervals():
    assert share_and_interval(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)  # Newcombe 1998a, table 1
    assert difference_and_interval(56, 70, 48, 80) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)  # 1998b, table 2, (a)


def test_log_odds_is_zero_without_difference_and_antisymmetric_for_two():
    seen = sparse.csr_array(np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=float))
    same = log_odds.log_odds(seen, np.array([0, 0, 1, 1]), 2, 10)
    different = log_odds.log_odds(seen, np.array([0, 1, 0, 1]), 2, 10)
    assert np.abs(same).max() < 1e-9
    assert different[0] == pytest.approx(-different[1]) and different[0, 0] > 0 > different[0, 1]


def test_word_forms_match_only_by_a_long_start():
    assert matching.same("student", "studenten") and not matching.same("kot", "kotelet")


MSWEB = Path(__file__).parents[3] / "shared" / "data" / "msweb" / "anonymous-msweb.data"


@pytest.mark.drill
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
    segmented = personas.run({"web_events": frame}, settings, MOMENT)
    assert segmented.quality["visitors"] == 32_711 and segmented.quality["views"] == 98_654
    assert segmented.quality["agreement"] >= 0.8 and segmented.quality["weakest"] >= 0.75
    assert segmented.words.groupby("segment").size().min() >= 5
    print(segmented.evidence.round(2), segmented.quality, segmented.profile[["name", "visitors", "stability", "words"]].to_string())
