"""Logs and GA4 exports as sources: every line accounted for, robots apart, and nobody's address, e-mail or session anywhere."""

from __future__ import annotations

import gzip
import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import crawleruseragents
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.__main__ import main
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
from tests.support.web_addresses import bare, personal_addresses

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


@pytest.mark.parametrize("form", ["json", "array", "one line", "csv", "parquet"])
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
    elif form == "array":
        path.write_text("\ufeff" + json.dumps(rows, indent=1))
    elif form == "one line":
        path.write_text(json.dumps(rows))
    else:
        frame = pd.DataFrame(rows)
        frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path)
    source = Source.model_validate({"table": "web_events", "file": "events", "format": "ga4", "time_zone": "Europe/Stockholm"})
    with read_sources(tmp_path, [source]) as intake:
        events, (receipt,) = intake.tables["web_events"], intake.receipts
    assert (receipt.rows_read, receipt.rows_used, receipt.set_aside[0].rows) == (303, 300, 3)
    assert events["event_time"].dt.strftime("%Y-%m-%d %H:%M:%S").unique().tolist() == ["2026-07-01 23:30:05"]


def test_events_that_come_twice_count_once_however_far_apart(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("helpers.sources.webevents.opening.EVENTS_AT_ONCE", 10)
    rows = [{"event_timestamp": 1_780_000_000_000_000 + i, "event_name": "page_view", "user_pseudo_id": f"{i % 7}.1"} for i in range(100)]
    (tmp_path / "e.json").write_text("".join(json.dumps(row) + "\n" for row in rows + rows))
    with read_sources(tmp_path, [Source.model_validate({"table": "web_events", "file": "e.json", "format": "ga4"})]) as intake:
        assert (len(intake.tables["web_events"]), intake.receipts[0].set_aside[0].rows) == (100, 100)


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        ("ga4", "[\n]\n", "events as GA4 exports them, at least one"),
        ("ga4", "a,b\n1,2\n", "1 of 1 lines are not"),
        ("ga4", json.dumps([{"name": "x"}] * 3), "3 of 3 lines are not"),
        ("combined_log", '1.2.3.4 - - [12/Apr/2026:14:50:12 +0200] "GET /a.css HTTP/1.1" 200 5\n' * 9, r"lines 1 to 9.*not pages: 9"),
        ("combined_log", '1.2.3.4 - - [12/Apr/2026:14:50:12 +0200] "GET /a HTTP/1.1" 404 5\n' * 9, r"lines 1 to 9.*not shown: 9"),
    ],
)
def test_a_file_of_which_nothing_is_an_event_is_refused(tmp_path: Path, form: str, text: str, said: str):
    (tmp_path / "e").write_text(text)
    source = Source.model_validate({"table": "web_events", "file": "e", "format": form, "unreadable_share": 0.1})
    with pytest.raises(UserMistakes, match=said):
        read_sources(tmp_path, [source])


@pytest.mark.parametrize("front", ["", "shop.example:443 "])
def test_a_load_balancer_that_hides_all_visitors_is_said(tmp_path: Path, front: str):
    lines = [f'{front}{{}} - - [12/Apr/2026:14:50:12 +0200] "GET /a HTTP/1.1" 200 5 "-" "{agent}"' for agent in BROWSERS] * 200
    source = Source.model_validate(LOG | {"file": "a.log"})
    (tmp_path / "a.log").write_text("\n".join(lines).replace("{}", "10.0.0.7"))
    with pytest.raises(UserMistakes, match="visitors who can be told apart: all 1,400 events are of one visitor"):
        read_sources(tmp_path, [source])
    (tmp_path / "a.log").write_text("\n".join(line.format(f"81.2.{i % 250}.1") for i, line in enumerate(lines)))
    with read_sources(tmp_path, [source]) as intake:
        assert intake.tables["web_events"]["visitor_id"].nunique() >= 250


def planted_export(folder: Path, form: str, seed: int) -> list[str]:
    """Write a log, a GA4 export or a table of page views full of personal values; return these as they may stand nowhere."""
    planted = [value for value in personal_addresses(seed, 4) if " " not in value.address]
    rng = random.Random(seed)
    people = [
        (f"81.{i % 200}.{rng.randrange(250)}.{rng.randrange(100, 250)}", f"session{rng.randrange(10**12)}") for i in range(len(planted))
    ]
    mails = [f"bezoeker{i}%40firma{rng.randrange(10**5)}.be" for i in range(len(planted))]
    moments = pd.date_range("2026-03-01 08:00", periods=len(planted), freq="min", tz="UTC")
    if form == "combined_log":
        lines = (
            f'{ip} - {mails[i]} [{moments[i]:%d/%b/%Y:%H:%M:%S %z}] "GET {value.address} HTTP/1.1" 200 5 "https://x.example/?m={mails[i]}"'
            f' "{BROWSERS[i % 7]} ({mails[i]})"'
            for i, (value, (ip, _)) in enumerate(zip(planted, people, strict=True))
        )
    else:
        rows = pd.DataFrame({"page": [value.address for value in planted], "who": mails, "at": moments})
        rows["ip"], rows["session"] = zip(*people, strict=True)
        lines = iter(rows.to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S").splitlines())
        if form == "ga4":
            names = {
                "at": "event_timestamp",
                "who": "user_pseudo_id",
                "page": "event_params.page_location",
                "session": "event_params.ga_session_id",
            }
            rows = rows.assign(at=moments.as_unit("us").astype("int64"), event_name="page_view").rename(columns=names)
            lines = (json.dumps(row) for row in rows.drop(columns="ip").to_dict("records"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "export").write_text("\n".join(lines) + "\n")
    columns = "{visitor_id: who, event_time: at, page_path: page, ip_address: ip, session_id: session}"
    columns += ", delimiter: ',', date_format: '%Y-%m-%d %H:%M:%S'"
    kind = f"columns: {columns}" if form == "table" else f"format: {form}"
    (folder / "client.yml").write_text(f"as_of: 2026-04-30\nsources:\n  - {{table: web_events, file: export, {kind}}}\n")
    secrets = [bare(text) for pair in people for text in pair] + [bare(unquote(mail)) for mail in mails]
    return secrets + [max(value.pieces, key=len) for value in planted if max(map(len, value.pieces)) >= 8]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", ["combined_log", "ga4", "table"])
def test_tougher_values_stand_in_nothing_that_is_kept(tmp_path: Path, form: str, seed: int):
    secrets = planted_export(tmp_path / "site", form, seed)
    place = Round(tmp_path / "round")
    prepare(tmp_path / "site", load_client(tmp_path / "site"), place)
    events = place.frame("web_events")
    assert len(events) > 100
    texts = [events.drop(columns=["visitor_id", "session_id", "ip_address"], errors="ignore").to_csv(), *events["visitor_id"].unique()]
    texts += [path.read_text() for path in place.folder.rglob("*.json")]
    kept = {bare(unquote(unquote(unquote(cell)))) for text in texts for cell in re.split(r"[,\n]", text)}
    assert [secret for secret in secrets if any(secret in cell for cell in kept)] == []


@pytest.mark.drill
@pytest.mark.parametrize("form", ["combined_log", "ga4", "table"])
def test_tougher_values_stand_in_no_report(tmp_path: Path, form: str, monkeypatch):
    secrets = planted_export(tmp_path / "data" / "site", form, 77)
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    ran = CliRunner().invoke(main, ["run", "site"])
    files = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    assert any(path.name == "report.html" for path in files), ran.output
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in files if path.suffix not in (".parquet", ".png")]
    words = {bare(word) for text in [*texts, ran.output] for word in re.split(r"[\s,;\"'<>/]", unquote(unquote(text)))}
    whole = {secret for secret in secrets if len(secret) > 8}
    assert [secret for secret in whole if any(secret in word for word in words if len(word) < 300)] == []


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


@pytest.mark.parametrize("host", ["", "shop.example:443 "])
def test_a_log_is_known_by_its_lines_and_read(tmp_path: Path, host: str):
    world = server_log(3)
    (tmp_path / "access.log").write_text("".join(f"{host}{line}\n" for line in world.lines), encoding="utf-8")
    (seen,) = pytest.importorskip("helpers.sources.draft.looking").looked_at(tmp_path / "access.log")
    assert seen.block == {"file": "access.log", "format": "combined_log"} and not seen.columns
    with read_sources(tmp_path, [Source.model_validate({"table": "web_events", **seen.block})]) as intake:
        assert len(intake.tables["web_events"])
