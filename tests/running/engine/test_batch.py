"""A batch: every client its own, nothing unchanged runs again, and the index page says how it went."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from helpers.core.errors import AimError
from helpers.core.files import file_hash, locked
from helpers.core.records import NotebookRecord
from helpers.running.batch import run_batch
from helpers.running.freshness import standing_round
from helpers.running.past_runs import LOCK, read_status
from helpers.running.runner import run_round
from tests.running.engine import tiny

pytestmark = [pytest.mark.slow, pytest.mark.drill]
RAN, OLD = False, True


def taken_over(record) -> dict[str, bool]:
    return {notebook.notebook: notebook.taken_over for notebook in record.notebooks}


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_clients_run_side_by_side_and_events_come(request_for, template):
    events = []
    requests = [request_for(name) for name in ("a", "b", "c")]
    records = run_batch(requests, 2, events.append)
    assert [record.client for record in records] == ["a", "b", "c"] and all(record.good for record in records), records
    ended = [event for event in events if event.record is not None and not isinstance(event.record, NotebookRecord)]
    assert [event.done for event in ended] == [1, 2, 3] and {event.total for event in events} == {3}
    assert any(event.seconds_left for event in events)
    for record in records:
        assert f"10_goals of {record.client}" in record.report.read_text(encoding="utf-8")


def test_nothing_runs_again_when_nothing_changed(request_for, template):
    request = request_for()
    (first,) = run_batch([request])
    before = hashes(first.report.parent)
    (again,) = run_batch([request])
    assert again.good and again.seconds == 0 and set(taken_over(again).values()) == {OLD}
    assert hashes(first.report.parent) == before
    (forced,) = run_batch([dataclasses.replace(request, force=("all",))])
    assert set(taken_over(forced).values()) == {RAN}
    assert hashes(first.report.parent) == before, "the same exports give the same bytes"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # new data: the tables differ, so every notebook that reads them runs
        (lambda request, folder: tiny.write_orders(request.client, "999,00"), {"10_goals": RAN, "41_clusters": RAN, "00_summary": OLD}),
        # one section of client.yml: only the notebook that looks at it runs
        (
            lambda request, folder: _append(request.client / "client.yml", "clusters: {clusters: 3}\n"),
            {"10_goals": OLD, "41_clusters": RAN, "00_summary": OLD},
        ),
        # a comment changes nothing that counts
        (
            lambda request, folder: _append(request.client / "client.yml", "# only a remark\n"),
            {"10_goals": OLD, "41_clusters": OLD, "00_summary": OLD},
        ),
        # one notebook
        (lambda request, folder: _edit(folder / "00_summary.ipynb"), {"10_goals": OLD, "41_clusters": OLD, "00_summary": RAN}),
        # a result that was tampered with is not believed
        (
            lambda request, folder: _append(request.home / "2023-12-31" / "artefacts" / "kpis.json", " "),
            {"10_goals": RAN, "41_clusters": OLD, "00_summary": OLD},
        ),
    ],
    ids=["data", "section", "comment", "notebook", "tampered"],
)
def test_only_what_rests_on_a_change_runs_again(change, expected, request_for, template, workbook):
    request = request_for()
    assert run_batch([request])[0].good
    assert standing_round(request)
    change(request, workbook)
    assert standing_round(request) is None
    (record,) = run_batch([request])
    assert record.good and taken_over(record) == expected
    assert standing_round(request)


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _edit(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] += " (edited)"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_an_older_version_of_the_code_does_not_count(request_for, template, monkeypatch):
    request = request_for()
    assert run_batch([request])[0].good
    monkeypatch.setattr("helpers.running.fingerprints.code_hash", lambda: "another")
    assert standing_round(request) is None


def test_a_failed_client_leaves_the_others_and_its_previous_report(request_for, template):
    request, other = request_for("one"), request_for("other")
    run_batch([request, other])
    report = (request.home / "2023-12-31" / "report.html").read_bytes()
    again = dataclasses.replace(request_for("one", first="raise ValueError('customer 00123 is wrong')"), force=("10_goals",))
    bad, good = run_batch([again, other])
    assert bad.status == "failed" and bad.reason.startswith("10_goals: ValueError") and "00123" not in bad.reason
    assert good.good and good.seconds == 0
    assert bad.report.read_bytes() == report
    request_for("one")
    assert run_batch([again])[0].good and not (request.home / "last-attempt").exists()


def test_the_index_page_puts_failures_first_and_links_reports(request_for, template, tmp_path):
    requests = [request_for("good"), request_for("wrong", first="raise KeyError('x')"), request_for("<b>odd")]
    run_batch(requests)
    text = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert text.index("wrong") < text.index("good/2023-12-31/report.html")
    assert "KeyError in the cell numbered 4" in text and "First report" in text and "1 needs a look" in text
    assert "<b>odd" not in text and "&lt;b&gt;odd" in text and "default-src 'none'" in text
    since = read_status(requests[0].home)["since"]
    assert since in text
    tiny.write_orders(requests[0].client, "1,00")
    run_batch(requests[:1])
    assert "New data: orders.csv" in (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")


def test_the_same_client_is_not_run_twice_at_once(request_for, template):
    request = request_for()
    with locked(request.home / LOCK):
        record = run_round(request)
    assert record.status == "failed" and "Another process" in record.reason


def test_two_clients_of_one_name_are_refused(request_for, tmp_path):
    request = request_for()
    with pytest.raises(AimError, match="Two clients are called shop"):
        run_batch([request, dataclasses.replace(request, client=tmp_path / "elsewhere" / "shop")])


def test_without_forks_the_results_are_the_same(request_for, template, workbook, monkeypatch, tmp_path):
    request = request_for()
    (forked,) = run_batch([request])
    monkeypatch.setenv("AIM_NO_FORK", "1")
    (plain,) = run_batch([dataclasses.replace(request, reports=tmp_path / "other")])
    assert plain.good, plain
    assert hashes(plain.report.parent) == hashes(forked.report.parent)
