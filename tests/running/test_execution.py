"""Every way a notebook can end is called what it is, and the previous report survives."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.core.files import write_atomic
from helpers.core.records import Limits, RunRequest
from helpers.running import execution, runner
from helpers.running.rounds import Round
from helpers.workbook import phase_named

pytestmark = pytest.mark.slow
CLUSTERS = phase_named("41")

ENDINGS = {
    "done": ("marker('done')", "done", ""),
    "not enough data": (
        "marker('not enough data')\nfrom helpers.core.errors import EndOfPhase\nraise EndOfPhase('ends here')",
        "not enough data",
        "",
    ),
    "exception": ("raise ValueError('customer 00123 is wrong')", "failed", "ValueError"),
    "own sentence": ("from helpers.core.errors import AimError\nraise AimError('Put the file there.')", "failed", "Put the file there."),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "kernel died", "in the middle"),
    "sys.exit": ("import sys\nsys.exit(0)", "failed", "before its last cell"),
    "os._exit": ("import os\nos._exit(0)", "kernel died", "in the middle"),
    "endless": ("while True:\n    pass", "timed out", "limit of 2 seconds"),
    "no end marker": ("1 + 1", "failed", "before its last cell"),
}
MARKER = """
from pathlib import Path
from helpers.running.rounds import Round
def marker(status):
    Round(Path(run_dir)).keep_end("41_clusters", status, "")
"""


def write_notebook(folder: Path, source: str, parameters: str = 'client = ""\nrun_dir = ""') -> None:
    folder.mkdir(exist_ok=True)
    cells = [new_code_cell(parameters, metadata={"tags": ["parameters"]}), new_code_cell(MARKER), new_code_cell(source)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "41_clusters.ipynb")


@pytest.mark.parametrize("case", ENDINGS)
def test_every_ending_has_its_status(case: str, tmp_path: Path, small_client: Path, monkeypatch):
    source, status, reason = ENDINGS[case]
    write_notebook(tmp_path / "nb", source)
    monkeypatch.setenv("AIM_NOTEBOOKS", str(tmp_path / "nb"))
    record = execution.run_notebook(CLUSTERS, small_client, tmp_path / "round", Limits(cell_seconds=10 if case != "endless" else 2))
    assert record.status == status, record
    assert reason in record.reason
    assert "00123" not in record.reason, "a reason must not carry customer ids"


def test_a_mistyped_parameter_is_refused(tmp_path: Path, small_client: Path, monkeypatch):
    write_notebook(tmp_path / "nb", "1", parameters='client = ""\nrundir = ""')
    monkeypatch.setenv("AIM_NOTEBOOKS", str(tmp_path / "nb"))
    record = execution.run_notebook(CLUSTERS, small_client, tmp_path / "round")
    assert record.status == "failed" and "rundir" in record.reason


def test_a_failed_round_leaves_the_previous_report(tmp_path: Path, small_client: Path, monkeypatch):
    write_notebook(tmp_path / "nb", "raise ValueError('no')")
    monkeypatch.setenv("AIM_NOTEBOOKS", str(tmp_path / "nb"))
    monkeypatch.setattr(runner, "PHASES", (CLUSTERS,))
    place = tmp_path / "reports" / "small-shop" / "2023-12-31"
    write_atomic(place / "report.html", b"previous")
    write_atomic(place / "run.json", b"{}")
    record = runner.run_round(RunRequest(small_client, tmp_path / "reports"))
    assert record.status == "failed" and record.report == place / "report.html"
    assert (place / "report.html").read_bytes() == b"previous"
    attempt = Round(tmp_path / "reports" / "small-shop" / "last-attempt")
    assert '"failed"' in (attempt.folder / "run.json").read_text()


def test_mistakes_in_the_folder_end_the_round_before_any_kernel(tmp_path: Path, small_client: Path):
    (small_client / "orders.csv").unlink()
    record = runner.run_round(RunRequest(small_client, tmp_path / "reports"))
    assert record.status == "refused" and "orders.csv" in record.reason and record.notebooks == ()
