"""A batch on a Dask cluster: a scheduler and two workers, one of which is killed in the middle."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.running.batch import run_batch
from tests.conftest import ROOT
from tests.running.engine.conftest import in_thread, processes_with
from tests.running.engine.test_batch import hashes

pytest.importorskip("distributed", reason="needs the optional part 'dask'")
pytestmark = pytest.mark.integration
SLOW = "import time; time.sleep(2)"


@pytest.fixture
def cluster(workbook, tmp_path, monkeypatch):
    """The address of a scheduler, and its two worker processes."""
    monkeypatch.setenv("AIM_DRILL", tmp_path.name)
    address = tmp_path / "address.json"
    module = [sys.executable, "-m"]
    scheduler = subprocess.Popen(
        [*module, "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", address, "--host", "127.0.0.1"],
        cwd=ROOT,
    )
    setup = tmp_path / "setup_worker.py"
    setup.write_text("from helpers.running.engine import connect\nconnect.MODULES += ('tests.running.engine.tiny_phases',)\n")
    workers = [
        subprocess.Popen(
            [
                *module,
                "distributed.cli.dask_worker",
                "--scheduler-file",
                address,
                "--no-nanny",
                "--nthreads",
                "1",
                "--preload",
                setup,
                "--local-directory",
                tmp_path / f"worker-{n}",
                "--no-dashboard",
            ],
            cwd=ROOT,
        )
        for n in range(2)
    ]
    until = time.monotonic() + 60
    while not address.exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    yield json.loads(address.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.mark.parametrize("kind", ["path", "url"])
def test_a_killed_worker_costs_nothing_but_time(kind, request_for, cluster, tmp_path: Path):
    from helpers.running.distributed import run_on_dask

    address, workers = cluster
    requests = [request_for(f"client-{n}", first=SLOW) for n in range(5)]
    reports = str(tmp_path / "shared") if kind == "path" else f"file://{tmp_path / 'shared'}"
    events = []

    def kill_one() -> None:
        until = time.monotonic() + 120
        while len(events) < 1 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        os.kill(workers[0].pid, signal.SIGKILL)

    killer = in_thread(kill_one)
    records = run_on_dask(address, requests, reports, events.append)
    killer.join(10)
    assert workers[0].poll() is not None and workers[1].poll() is None, "one of the two workers was killed"
    assert all(record.good for record in records) and len(events) == 5, records
    alone = run_batch([dataclasses.replace(request, reports=tmp_path / "alone") for request in requests], 2)
    for record in alone:
        place = Path(record.client) / "2023-12-31"
        assert hashes(tmp_path / "shared" / place) == hashes(tmp_path / "alone" / place)
    assert "client-4/2023-12-31/report.html" in (tmp_path / "shared" / "index.html").read_text()
    again = run_on_dask(address, requests, reports)
    assert all(notebook.taken_over for record in again for notebook in record.notebooks), "nothing has changed"


def test_a_cluster_that_is_not_there_is_one_sentence(request_for):
    from helpers.core.errors import AimError
    from helpers.running.distributed import run_on_dask

    with pytest.raises(AimError, match="No Dask scheduler answers"):
        run_on_dask("tcp://127.0.0.1:9", [request_for()], "/nowhere", wait_seconds=2)


def test_workers_leave_nothing_behind(request_for, cluster, tmp_path):
    from helpers.running.distributed import run_on_dask

    address, workers = cluster
    assert run_on_dask(address, [request_for()], str(tmp_path / "shared"))[0].good
    for process in workers:
        process.kill()
    until = time.monotonic() + 8
    while len(processes_with(f"AIM_DRILL={tmp_path.name}")) > 1 and time.monotonic() < until:
        time.sleep(0.1)
    assert len(processes_with(f"AIM_DRILL={tmp_path.name}")) <= 1, "only the scheduler is left"
