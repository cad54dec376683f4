"""The sample client of case C holds what its TRUTH.json says, and the personas come back from it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import personas
from helpers.core.results import RunContext
from helpers.tables.web import canonical

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FOLDER = SAMPLE / "college"
TRUTH = json.loads((FOLDER / "TRUTH.json").read_text(encoding="utf-8"))
COLUMNS = {
    "visitor_id": "Profiel-ID",
    "event_time": "Tijdstip",
    "page_path": "Volledig pad",
    "event_type": "Type gebeurtenis",
    "device": "Toestel",
    "screen": "Schermresolutie",
    "operating_system": "Besturingssysteem",
    "browser_language": "Taal besturingssysteem",
    "web_place": "Plaats",
}
WRITTEN = (
    ("Generatiestudent", ("bachelor", "studiekeuze", "infodag", "kot", "onthaaldag")),
    ("Zij-instromer", ("avondonderwijs", "afstandsleren", "verkort", "vrijstelling", "werken")),
    ("Personeelslid", ("personeel", "webmail", "lesrooster", "verlof")),
    ("Bedrijf", ("bedrijven", "stageplaats", "jobbeurs", "onderzoek")),
    ("Pers", ("persbericht", "logo", "woordvoerder", "beeldmateriaal")),
)


def read(name):
    """All text: an export says nothing about types."""
    return pd.read_csv(FOLDER / name, sep=";", encoding="utf-8-sig", dtype=str)


@pytest.fixture(scope="module")
def events():
    frame = read("web_events.csv").rename(columns={theirs: ours for ours, theirs in COLUMNS.items()})
    return canonical(frame.assign(event_time=pd.to_datetime(frame["event_time"], format="%d-%m-%Y, %H:%M:%S")))


@pytest.fixture(scope="module")
def outcomes():
    frame = read("conversies.csv").set_axis(["customer_id", "outcome_date", "outcome"], axis=1)
    return frame.assign(outcome_date=pd.to_datetime(frame["outcome_date"], format="%d-%m-%Y, %H:%M:%S"))


@pytest.fixture(scope="module")
def planted():
    return read("truth_visitors.csv").set_index("Profiel-ID")["Persona"]


@pytest.fixture(scope="module")
def result(events, outcomes):
    given = [personas.Persona(name=name, words=words) for name, words in WRITTEN]
    settings = personas.Settings(personas=given, outcome_paths=tuple(TRUTH["outcome_paths"]), halves=4, references=2)
    return personas.run({"web_events": events, "outcomes": outcomes}, settings, RunContext(date(2022, 9, 30), 2022))


def test_counts_are_what_the_truth_says(events, outcomes, planted):
    assert len(events) == TRUTH["events"] and (events["event_type"] == "pageview").sum() == TRUTH["page_views"]
    assert len(outcomes) == TRUTH["outcomes"] and len(planted) == TRUTH["visitors"]
    assert events["visitor_id"].nunique() == TRUTH["visitors"] + len(TRUTH["robots"])
    assert planted.value_counts().to_dict() == {name: one["visitors"] for name, one in TRUTH["personas"].items()}


def test_planted_personas_come_back(result, planted):
    table = result.table[result.table["segment"] > 0]
    assert result.quality["segments"] == len(TRUTH["personas"])
    assert len(table) > 0.9 * TRUTH["visitors"]
    assert adjusted_rand_score(planted[table["customer_id"]], table["segment"]) >= 0.8


def test_each_persona_has_its_planted_words_among_its_top_ten(result):
    top = result.words[result.words["rank"] <= 10].merge(result.profile[["segment", "persona"]], on="segment")
    for name, one in TRUTH["personas"].items():
        assert set(one["words"]) <= set(top.loc[top["persona"] == name, "word"]), name


def test_every_persona_is_recognised_but_the_one_nobody_is(result):
    matched = set(result.matches.loc[result.matches["matched"], "persona"])
    assert matched == set(TRUTH["personas"]) and TRUTH["persona_without_visitors"] not in matched


def test_robots_and_noise_are_recognised(result):
    assert result.quality["robots"] == len(TRUTH["robots"]) and result.quality["noise"] == TRUTH["noise"]
    assert not result.table["customer_id"].isin(TRUTH["robots"]).any()


def test_conversions_are_counted_per_persona_and_no_thank_you_page_is_a_word(result, planted, outcomes):
    by = result.profile.set_index("persona")["converted"]
    for name, one in TRUTH["personas"].items():
        assert by[name] == pytest.approx(one["converted"], abs=6)
    assert not {"bedankt", "inschrijving", "bericht"} & set(result.words["word"])
    assert by["Personeelslid"] <= 2


def test_generator_is_byte_identical_and_small(tmp_path):
    subprocess.run([sys.executable, str(SAMPLE / "generators" / "college.py"), str(tmp_path)], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 4_000_000
