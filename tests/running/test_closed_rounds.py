"""Rounds one after the other: earlier settings are run first, and no round ever rewrites an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.core.files import file_hash, files_in
from helpers.core.records import RunRequest
from helpers.running.batch import run_batch
from helpers.running.past_runs import read_status
from helpers.running.runner import run_round
from tests.conftest import SMALL_CLIENT

pytestmark = pytest.mark.slow


@pytest.fixture
def two_rounds(small_client: Path) -> Path:
    """The small client, with the settings of an earlier round kept beside those of now."""
    earlier = small_client / "rounds" / "2023-06-30"
    earlier.mkdir(parents=True)
    first = SMALL_CLIENT.replace("as_of: 2023-12-31", "as_of: 2023-06-30").replace("orders.csv", "../../orders.csv")
    (earlier / "client.yml").write_text(first, encoding="utf-8")
    return small_client


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files_in(folder)}


@pytest.mark.drill
def test_an_earlier_round_is_made_once_and_never_touched_again(two_rounds: Path, tmp_path: Path, monkeypatch):
    reports = tmp_path / "reports"
    assert run_round(RunRequest(two_rounds, reports)).good
    home = reports / two_rounds.name
    assert sorted(path.parent.name for path in home.glob("[0-9]*/run.json")) == ["2023-06-30", "2023-12-31"]
    first = content(home / "2023-06-30")
    assert "report.html" in first

    # Data that came later, and another run: the first round stays byte for byte what it was.
    with (two_rounds / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write("6;20/12/2023;00012;70,00\n")
    assert run_round(RunRequest(two_rounds, reports)).good
    assert content(home / "2023-06-30") == first

    # The settings of now turned back to the earlier day: that round is closed.
    settings = two_rounds / "client.yml"
    settings.write_text(SMALL_CLIENT.replace("as_of: 2023-12-31", "as_of: 2023-06-30"), encoding="utf-8")
    refused = run_round(RunRequest(two_rounds, reports))
    assert not refused.good and "is closed" in refused.reason and "2023-12-31" in refused.reason
    assert content(home / "2023-06-30") == first

    # Both rounds are in the list.
    settings.write_text(SMALL_CLIENT, encoding="utf-8")
    monkeypatch.setenv("AIM_REPORTS", str(reports))
    result = CliRunner().invoke(main, ["history", str(two_rounds)])
    listed = [line[:10] for line in result.output.splitlines() if line[0] == "2"]
    assert result.exit_code == 0 and listed == ["2023-06-30", "2023-12-31"]


@pytest.mark.drill
def test_a_closed_round_stands_in_a_batch_whatever_has_changed_since(two_rounds: Path, tmp_path: Path):
    reports, earlier_settings = tmp_path / "reports", two_rounds / "rounds" / "2023-06-30"
    requests = [RunRequest(earlier_settings, reports), RunRequest(two_rounds, reports)]
    assert all(record.good for record in run_batch(requests))
    first = content(reports / two_rounds.name / "2023-06-30")

    # A month later: both settings read the same export, and it has grown.
    with (two_rounds / "orders.csv").open("a", encoding="utf-8") as lines:
        lines.write("6;20/12/2023;00012;70,00\n")
    earlier, now = run_batch(requests)
    assert earlier.good and now.good and all(notebook.taken_over for notebook in earlier.notebooks)
    assert "exports have been overwritten" in earlier.reason and "overwritten" not in now.reason
    assert not all(notebook.taken_over for notebook in now.notebooks)
    assert content(reports / two_rounds.name / "2023-06-30") == first
    assert read_status(reports / two_rounds.name)["report"].startswith("2023-12-31")


def test_a_mistake_in_kept_settings_is_named(two_rounds: Path, tmp_path: Path):
    (two_rounds / "rounds" / "2023-06-30" / "client.yml").write_text("as_of: never\n", encoding="utf-8")
    record = run_round(RunRequest(two_rounds, tmp_path / "reports"))
    assert not record.good and "as_of" in record.reason


def test_a_client_without_rounds_has_no_history(small_client: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    result = CliRunner().invoke(main, ["history", str(small_client)])
    assert result.exit_code == 0 and "no finished round yet" in result.output
