"""Serving: the scorers in Python and JavaScript and the vectorised one give the same answer."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import personas
from helpers.analyses.personas import features, serving
from helpers.analyses.personas.events import prepare
from helpers.analyses.personas.serving import table as serving_table
from helpers.core.results import RunContext
from tests.analyses.test_personas import FAST, HOSTILE, site

HERE = Path(serving.__file__).parent
DRIVER = """
const { score } = require(process.argv[1]);
const { table, visits } = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(visits.map((visit) => score(table, visit.pages, visit.context))));
"""


@pytest.fixture(scope="module")
def result():
    frame = site().assign(device=lambda events: np.where(events["page_path"].str.contains("techniek"), "Mobile", "computer"))
    return personas.run({"web_events": frame}, personas.Settings(segments=3, serving_words=20, **FAST), RunContext(date(2026, 10, 1), 1))


def random_visits(table, count):
    """Visits of real words, hostile paths and any letters of Unicode."""
    rng = np.random.default_rng(5)
    words, devices = list(table["words"]), ["mobile", "Computer", "tablet", "__proto__", ""]

    def page():
        drawn = rng.random()
        if drawn < 0.6:
            path = "/".join(str(word) for word in rng.choice(words, rng.integers(1, 4)))
            return f"/{path}.html?x=1" if rng.random() < 0.2 else f"/{path.upper() if rng.random() < 0.2 else path}/"
        if drawn < 0.8:
            return str(rng.choice(HOSTILE))[:500]
        return "".join(chr(int(code)) for code in rng.integers(32, 0x24F, rng.integers(0, 30))) + "%c3%a9%zz"

    return [{"pages": [page() for _ in range(rng.integers(0, 5))], "context": {"device": str(rng.choice(devices))}} for _ in range(count)]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine: the JavaScript scorer is not run")
def test_both_scorers_agree_on_ten_thousand_random_visits(result):
    table = json.loads(json.dumps(result.serving))
    visits = random_visits(table, 10_000)
    node = subprocess.run(
        ["node", "-e", DRIVER, str(HERE / "scorer.js")],
        input=json.dumps({"table": table, "visits": visits}),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    ours = [serving.score(table, visit["pages"], visit["context"]) for visit in visits]
    assert json.loads(node.stdout) == ours
    assert len({answer["segment"] for answer in ours}) == 4  # every segment and the standard content occur


def test_vectorised_scoring_is_the_reference(result):
    frame = site(60, seed=9)
    settings = result.settings
    views = prepare({"web_events": frame}, settings).views
    ids = np.unique(views["visitor_id"].to_numpy(dtype=object))
    vocabulary = features.build(prepare({"web_events": site()}, settings).views, settings).vocabulary
    matrix = features.matrix_for(views, ids, vocabulary, settings)
    segment, margin = serving_table.answers(result.serving, matrix, vocabulary)
    part = features.daypart(views["event_time"])
    for at, visitor in enumerate(ids):
        own = views["visitor_id"] == visitor
        if part[own].nunique() > 1:
            continue
        answer = serving.score(result.serving, views.loc[own, "page_path"].tolist(), {"daypart": part[own].iloc[0]})
        assert (answer["segment"] or 0) == segment[at]
        assert answer["margin"] == pytest.approx(margin[at], abs=1e-9)


def test_unknown_visitor_gets_the_standard_content(result):
    for pages in ([], ["/nergens"], ["/contact"]):
        answer = serving.score(result.serving, pages, {})
        assert answer["segment"] is None and answer["content"] == result.settings.standard_content


def test_accuracy_grows_with_pages_and_is_stated_with_its_range(result):
    table = result.check.table
    assert table["pages"].tolist() == [1, 2, 3]
    assert table["accuracy"].min() > 0.75 and (table["largest"] < 0.5).all() and result.check.serves
    # Personal content waits until the site knows: it fits more often than if everybody got it at once.
    assert (table["accuracy"] >= table["without_margin"]).all()
    assert ((table["low"] <= table["accuracy"]) & (table["accuracy"] <= table["high"])).all()
    assert (table["visitors"] <= result.quality["assigned"]).all()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("https://x.example/Opleidingen/Verpleeg-kunde.html?utm=1", [("opleidingen", False), ("verpleeg", True), ("kunde", True)]),
        ("/caf%C3%A9/", [("café", True)]),
        ("/%FF/a%zz", [("zz", True)]),
        ("/2022/12345/ab", [("ab", True)]),
        ("/" + "x" * 31, []),
        ("", []),
        ("/_under_score", [("under", True), ("score", True)]),
    ],
)
def test_paths_become_words(path, words):
    assert serving.page_words(path) == words


def test_scorers_are_at_most_a_hundred_lines():
    for name in ("scorer.py", "scorer.js"):
        assert len((HERE / name).read_text().splitlines()) <= 100


def test_table_has_a_weight_for_every_segment(result):
    table = result.serving
    assert len(table["words"]) <= 20
    assert all(len(weights) == len(table["segments"]) for weights in [*table["words"].values(), *table["context"].values()])
    assert pd.Series([segment["id"] for segment in table["segments"]]).tolist() == [1, 2, 3]
