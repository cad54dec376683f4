"""Opened by hand, a notebook runs on the sample exactly as in a batch: same defaults, same results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.core.clients import notebooks_folder
from helpers.core.records import RunRequest
from helpers.running.engine.workspace import ONE_THREAD
from helpers.running.rounds import Round
from helpers.running.runner import run_round
from tests.conftest import SAMPLES

pytestmark = pytest.mark.slow


def run_all_cells(name: str, folder: Path) -> nbformat.NotebookNode:
    """Run every cell in a fresh kernel, as Run All in JupyterLab does: nothing is passed in."""
    notebook = nbformat.read(notebooks_folder() / f"{name}.ipynb", as_version=4)
    return NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()


@pytest.mark.drill
def test_a_notebook_opened_first_completes_its_draft_and_gives_what_the_batch_gives(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "by-hand"))
    monkeypatch.delenv("AIM_CLIENT", raising=False)
    executed = run_all_cells("50_pilot", tmp_path)
    assert not [o for cell in executed.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    draft = Round(tmp_path / "by-hand" / "office-interiors" / "draft")
    batch = run_round(RunRequest(SAMPLES / "office-interiors", tmp_path / "batch"))
    assert batch.good, batch
    for name in ("customer_table.parquet", "groups.parquet", "assignment.parquet", "plan.json", "choice.json"):
        same = (batch.report.parent / "artefacts" / name).read_bytes()
        assert (draft.artefacts / name).read_bytes() == same, name


THREADS_BEFORE_AND_AFTER = """
import json, os
from threadpoolctl import threadpool_info
from helpers import workbook
from helpers.notebook import open_phase
threads = lambda: [library["num_threads"] for library in threadpool_info()]
before = threads()
open_phase("10_goals", "office-interiors", "round")
print(json.dumps([before, threads(), {name: os.environ[name] for name in NAMES}]))
"""


def test_a_kernel_started_by_hand_computes_on_one_thread(tmp_path: Path):
    # K-Means on two busy cores took 32 seconds instead of 5 where the libraries chose the number of threads themselves.
    environment = os.environ | dict.fromkeys(ONE_THREAD, "3")
    code = f"NAMES = {list(ONE_THREAD)}\n{THREADS_BEFORE_AND_AFTER}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    before, after, variables = json.loads(done.stdout)
    assert 3 in before, "the libraries are loaded, and listen to the environment"
    assert set(after) == {1} and len(after) == len(before)
    assert variables == ONE_THREAD
