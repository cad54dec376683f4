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
from helpers.running.history import LOCK, read_status
from helpers.running.runner import run_order
from helpers.running.unchanged import still_stands
from tests.running.engine import tiny

pytestmark = [pytest.mark.slow, pytest.mark.drill]
RAN, OLD = False, True


def taken_over(record) -> dict[str, bool]:
    return {one.notebook: one.taken_over for one in record.notebooks}


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def test_clients_run_side_by_side_and_words_come(order, template):
    words = []
    orders = [order(name) for name in ("a", "b", "c")]
    records = run_batch(orders, 2, words.append)
    assert [one.client for one in records] == ["a", "b", "c"] and all(one.good for one in records), records
    ended = [word for word in words if word.record is not None and not isinstance(word.record, NotebookRecord)]
    assert [word.done for word in ended] == [1, 2, 3] and {word.total for word in words} == {3}
    assert any(word.seconds_left for word in words)
    for one in records:
        assert f"10_goals of {one.client}" in one.report.read_text(encoding="utf-8")


def test_nothing_runs_again_when_nothing_changed(order, template):
    one = order()
    (first,) = run_batch([one])
    before = hashes(first.report.parent)
    (again,) = run_batch([one])
    assert again.good and again.seconds == 0 and set(taken_over(again).values()) == {OLD}
    assert hashes(first.report.parent) == before
    (forced,) = run_batch([dataclasses.replace(one, force=("all",))])
    assert set(taken_over(forced).values()) == {RAN}
    assert hashes(first.report.parent) == before, "the same exports give the same bytes"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        # new data: the tables differ, so every notebook that reads them runs
        (lambda one, nb: tiny.write_orders(one.client, "999,00"), {"10_goals": RAN, "41_clusters": RAN, "00_summary": OLD}),
        # one section of client.yml: only the notebook that looks at it runs
        (
            lambda one, nb: _append(one.client / "client.yml", "clusters: {clusters: 3}\n"),
            {"10_goals": OLD, "41_clusters": RAN, "00_summary": OLD},
        ),
        # a comment changes nothing that counts
        (lambda one, nb: _append(one.client / "client.yml", "# only a remark\n"), {"10_goals": OLD, "41_clusters": OLD, "00_summary": OLD}),
        # one notebook
        (lambda one, nb: _edit(nb / "00_summary.ipynb"), {"10_goals": OLD, "41_clusters": OLD, "00_summary": RAN}),
        # a result that was tampered with is not believed
        (
            lambda one, nb: _append(one.home / "2023-12-31" / "artefacts" / "kpis.json", " "),
            {"10_goals": RAN, "41_clusters": OLD, "00_summary": OLD},
        ),
    ],
    ids=["data", "section", "comment", "notebook", "tampered"],
)
def test_only_what_rests_on_a_change_runs_again(change, expected, order, template, workbook):
    one = order()
    assert run_batch([one])[0].good
    assert still_stands(one)
    change(one, workbook)
    assert still_stands(one) is None
    (record,) = run_batch([one])
    assert record.good and taken_over(record) == expected
    assert still_stands(one)


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _edit(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] += " (edited)"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_an_older_version_of_the_code_does_not_count(order, template, monkeypatch):
    one = order()
    assert run_batch([one])[0].good
    monkeypatch.setattr("helpers.running.unchanged.code_hash", lambda: "another")
    assert still_stands(one) is None


def test_a_failed_client_leaves_the_others_and_its_previous_report(order, template):
    one, other = order("one"), order("other")
    run_batch([one, other])
    report = (one.home / "2023-12-31" / "report.html").read_bytes()
    again = dataclasses.replace(order("one", first="raise ValueError('customer 00123 is wrong')"), force=("10_goals",))
    bad, good = run_batch([again, other])
    assert bad.status == "failed" and bad.reason.startswith("10_goals: ValueError") and "00123" not in bad.reason
    assert good.good and good.seconds == 0
    assert bad.report.read_bytes() == report
    order("one")
    assert run_batch([again])[0].good and not (one.home / "last-attempt").exists()


def test_the_index_page_puts_failures_first_and_links_reports(order, template, tmp_path):
    orders = [order("good"), order("wrong", first="raise KeyError('x')"), order("<b>odd")]
    run_batch(orders)
    text = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert text.index("wrong") < text.index("good/2023-12-31/report.html")
    assert "KeyError in the cell numbered 4" in text and "First report" in text and "1 needs a look" in text
    assert "<b>odd" not in text and "&lt;b&gt;odd" in text and "default-src 'none'" in text
    since = read_status(orders[0].home)["since"]
    assert since in text
    tiny.write_orders(orders[0].client, "1,00")
    run_batch(orders[:1])
    assert "New data: orders.csv" in (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")


def test_the_same_client_is_not_run_twice_at_once(order, template):
    one = order()
    with locked(one.home / LOCK):
        record = run_order(one)
    assert record.status == "failed" and "Another process" in record.reason


def test_two_clients_of_one_name_are_refused(order, tmp_path):
    one = order()
    with pytest.raises(AimError, match="Two clients are called shop"):
        run_batch([one, dataclasses.replace(one, client=tmp_path / "elsewhere" / "shop")])


def test_without_forks_the_results_are_the_same(order, template, workbook, monkeypatch, tmp_path):
    one = order()
    (forked,) = run_batch([one])
    monkeypatch.setenv("AIM_NO_FORK", "1")
    (plain,) = run_batch([dataclasses.replace(one, reports=tmp_path / "other")])
    assert plain.good, plain
    assert hashes(plain.report.parent) == hashes(forked.report.parent)
