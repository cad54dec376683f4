"""``aim demo``: where it writes, and when it opens a browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.core import clients
from helpers.core.records import RoundRecord


@pytest.fixture
def demo(tmp_path: Path, monkeypatch):
    """The command, with a run that ends as a test says, and the pages that it opens."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.chdir(tmp_path)

    def call(*words: str, display: str = ":0", platform: str = "linux", status: str = "done"):
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

        def run_batch(requests, workers, listener):
            (request,) = requests
            report = request.home / "2021-06-30" / "report.html" if status == "done" else None
            return [RoundRecord(request.home.name, status, "" if report else "The disk is full.", report)]

        monkeypatch.setattr("helpers.running.batch.run_batch", run_batch)
        return CliRunner().invoke(main, ["demo", *words]), opened

    return call


def test_the_report_lies_below_the_working_folder_and_is_opened(demo, tmp_path):
    result, opened = demo()
    report = tmp_path / "aim-demo" / "office-interiors" / "2021-06-30" / "report.html"
    assert result.exit_code == 0 and str(report) in result.output and "aim new my-shop --from" in result.output
    assert opened == [report.as_uri()]


def test_it_goes_into_the_folder_that_is_given(demo, tmp_path):
    result, opened = demo("eerste blik é")
    assert str(tmp_path / "eerste blik é") in result.output and "%20blik%20%C3%A9/" in opened[0]


@pytest.mark.parametrize(("words", "display"), [(["--no-open"], ":0"), ([], "")])
def test_no_browser_where_none_is_wanted_or_can_be_seen(demo, words, display):
    result, opened = demo(*words, display=display)
    assert result.exit_code == 0 and opened == [] and "The report:" in result.output


def test_macs_have_a_display(demo):
    assert len(demo(display="", platform="darwin")[1]) == 1


def test_a_run_that_fails_says_why(demo):
    result, opened = demo(status="failed")
    assert result.exit_code == 1 and "There is no report: The disk is full." in result.output and opened == []


def test_without_a_clone_clients_and_reports_lie_in_the_working_folder(tmp_path, monkeypatch):
    for name in ("AIM_DATA", "AIM_REPORTS", "AIM_NOTEBOOKS"):
        monkeypatch.delenv(name, raising=False)
    inside = (clients.data_folder(), clients.reports_folder(), clients.notebooks_folder())
    assert {path.parent for path in inside} == {clients.ROOT}
    monkeypatch.setattr(clients, "IN_CLONE", False)
    monkeypatch.chdir(tmp_path)
    assert (clients.data_folder(), clients.reports_folder()) == (tmp_path / "data", tmp_path / "reports")
    monkeypatch.setenv("AIM_REPORTS", "elsewhere")
    assert clients.reports_folder() == tmp_path / "elsewhere"


def test_without_a_clone_the_sample_is_copied_before_it_is_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    sample = clients.find_client(clients.SAMPLE)
    assert clients.writable_client(clients.SAMPLE) == sample
    monkeypatch.setattr(clients, "IN_CLONE", False)
    own = clients.writable_client(clients.SAMPLE)
    assert own == tmp_path / "data" / clients.SAMPLE == clients.find_client(clients.SAMPLE) == clients.writable_client(clients.SAMPLE)
    assert {path.name: path.read_bytes() for path in own.iterdir()} == {path.name: path.read_bytes() for path in sample.iterdir()}
