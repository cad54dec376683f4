"""Logs and GA4 exports as sources: every line accounted for, robots apart, and nobody's address, e-mail or session anywhere."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime
from pathlib import Path

import crawleruseragents
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.client.config import load_client
from helpers.core.errors import UserMistakes
from helpers.running.prepare import prepare
from helpers.running.rounds import Round
from helpers.sources import read_sources
from helpers.tables import web
from helpers.tables.declared import Source
from helpers.tables.web.noise import names_itself
from helpers.tables.web.paths import is_file, without_people
from tests.support.seeds import seeds
from tests.support.server_logs import BROWSERS, PROGRAMS, secrets_of, server_log

SEEDS = seeds(3)
LOG = {"table": "web_events", "format": "combined_log", "time_zone": "Europe/Brussels"}


def client(folder: Path, file: str, form: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "client.yml").write_text(f"as_of: 2026-04-30\nsources:\n  - {{table: web_events, file: {file}, format: {form}}}\n")
    return folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_of_a_log_is_accounted_for_and_names_nobody(tmp_path: Path, seed: int, packed: bool):
    log = server_log(seed)
    text = ("\n".join(log.lines) + "\n").encode()
    name = "access.log.gz" if packed else "access.log"
    folder = client(tmp_path / "site", name, "combined_log")
    (folder / name).write_bytes(gzip.compress(text) if packed else text)
    place = Round(tmp_path / "round")
    prepare(folder, load_client(folder), place)
    (receipt,) = place.record("receipts")["receipts"]
    apart = {rule["rule"]: rule["rows"] for rule in receipt["set_aside"]}
    assert (receipt["rows_read"], receipt["rows_used"]) == (len(log.lines), log.pages)
    assert apart == {"not pages": log.not_pages, "not shown": log.not_shown, "unreadable": log.unreadable}
    events = place.frame("web_events")
    robots = web.is_robot(web.only_meant(events), ())
    people = events[~events["visitor_id"].isin(robots.index[robots])]
    assert (len(people), people["visitor_id"].nunique()) == (log.human_pages, log.human_visitors)
    assert events["event_time"].min() >= pd.Timestamp("2026-03-01 13:00")  # noon in Greenwich is one o'clock in Brussels
    kept = b"\n".join(path.read_bytes() for path in place.folder.rglob("*") if path.is_file()) + events.to_csv().encode()
    assert [secret for secret in log.secrets if secret.encode() in kept] == []


def test_a_log_with_too_many_odd_lines_is_refused_with_their_numbers(tmp_path: Path):
    lines = server_log(1).lines
    (tmp_path / "a.log").write_text("\n".join(["odd", *lines[:30], "odder"]) + "\n")
    with pytest.raises(UserMistakes, match="lines 1, 32.*2 of 32 lines are not"):
        read_sources(tmp_path, [Source.model_validate(LOG | {"file": "a.log"})])


@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_ga4_events_keep_their_moment_in_the_clients_zone(tmp_path: Path, form: str):
    moment = datetime(2026, 7, 1, 21, 30, 5, tzinfo=UTC)
    rows = [
        {"event_timestamp": int(moment.timestamp() * 1e6) + i, "event_name": "page_view", "user_pseudo_id": f"{i % 7}.1"}
        for i in range(300)
    ]
    rows += rows[:3]  # the intraday table repeats the daily one
    path = tmp_path / "events"
    if form == "json":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        frame = pd.DataFrame(rows)
        frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path)
    source = Source.model_validate({"table": "web_events", "file": "events", "format": "ga4", "time_zone": "Europe/Stockholm"})
    with read_sources(tmp_path, [source]) as intake:
        events, (receipt,) = intake.tables["web_events"], intake.receipts
    assert (receipt.rows_read, receipt.rows_used, receipt.set_aside[0].rows) == (303, 300, 3)
    assert events["event_time"].dt.strftime("%Y-%m-%d %H:%M:%S").unique().tolist() == ["2026-07-01 23:30:05"]


def test_the_kept_list_of_robots_is_caught_and_no_browser_is():
    agents = [agent for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA for agent in entry["instances"]]
    assert sum(map(names_itself, agents)) >= 0.99 * len(agents) and len(agents) > 1_000
    assert all(map(names_itself, PROGRAMS)) and not any(map(names_itself, BROWSERS))


places = st.sampled_from(
    [
        "/mijn/{}/x",
        "/a?email={}&b=1",
        "/a;jsessionid={}",
        "/a?sid={}",
        "/{}",
        "/reset/{}?utm_medium=mail",
        "/zoek?q=van+{}",
        "/a?next=%2Fb%2F{}",
    ]
)


@settings(max_examples=400, deadline=None)
@given(places, st.integers(0, 10**6), st.integers(0, 2))
def test_nothing_that_points_at_a_person_stays_in_an_address(place: str, seed: int, encoded: int):
    for secret in secrets_of(random.Random(seed)):
        text = secret
        for _ in range(encoded):
            text = text.replace("%", "%25").replace("@", "%40").replace(".", "%2E")
        page = web.split_pages(pd.Series([place.format(text)]))["page_path"].iloc[0]
        for shown in (page, without_people(place.format(text))):
            assert secret not in shown and text not in shown


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/opleidingen/bachelor-in-de-verpleegkunde",
        "/nieuws/2026/05/open-dag-12-mei",
        "/product/iphone-15-pro-max",
        "/Over-Ons/Team",
        "/kleding/dames/maat-38",
        "/category/b2b",
        "/{email}/x",
        "/artikel/12345",
    ],
)
def test_ordinary_paths_stay_as_they_are(path: str):
    assert without_people(path) == path


@pytest.mark.parametrize(
    ("path", "part"), [("/a/b.css", True), ("/a.JPG", True), ("/robots.txt", True), ("/a.html", False), ("/css", False)]
)
def test_parts_of_a_page_are_no_pages(path: str, part: bool):
    assert is_file(path) == part
