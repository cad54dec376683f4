"""Fourteen ways to fail: each stays with its client, is called what it is, and within its time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from helpers.core.records import Limits, RoundRecord
from helpers.running.batch import run_batch
from helpers.running.runner import run_round
from tests.running.engine import tiny
from tests.running.engine.conftest import processes_with

pytestmark = [pytest.mark.slow, pytest.mark.drill, pytest.mark.skipif(os.name == "nt", reason="needs signals")]
LIMIT = 4
LIMITS = Limits(notebook_seconds=LIMIT, cell_seconds=60, memory_mb=900, output_mb=5)

# what the first notebook does → the client's status, and part of the reason
IN_NOTEBOOK = {
    "exception": ("raise ValueError('00123')", "failed", "ValueError in the cell numbered"),
    "sys.exit": ("import sys; sys.exit(0)", "failed", "before its last cell"),
    "os._exit": ("import os; os._exit(0)", "kernel died", "ended in the middle"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "kernel died", "was killed"),
    "memory": ("held = [bytearray(50_000_000) for _ in range(1000)]", "out of memory", "900 MB"),
    "memory of a child": (
        "import subprocess as s, sys; code = 'x = bytearray(350_000_000); input()'; "
        "held = [s.Popen([sys.executable, '-c', code], stdin=s.PIPE) for _ in range(4)]; held[0].wait()",
        "out of memory",
        "900 MB",
    ),
    "endless loop": ("exec('while True: pass')", "timed out", f"limit of {LIMIT} seconds"),
    "endless C call": ("sum(range(10**14))", "timed out", f"limit of {LIMIT} seconds"),
    "huge output": ("exec('while True: print(\"x\" * 10_000)')", "failed", "more than its limit of 5 MB"),
    "huge picture": ("from IPython.display import display, HTML; display(HTML('x' * 20_000_000))", "failed", "5 MB"),
}
THREAD = "import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()"
PROCESS = "import subprocess; subprocess.Popen(['sleep', '1000'])"


def in_a_batch(request_for, tmp_path: Path) -> dict[str, RoundRecord]:
    """Run all failing clients and sound ones in one batch; return each record."""
    requests = [request_for(name, LIMITS, first=does) for name, (does, _, _) in IN_NOTEBOOK.items()]
    requests += [request_for("thread left running", LIMITS, last=THREAD), request_for("process left running", LIMITS, last=PROCESS)]
    requests += [request_for("sound", LIMITS), request_for("input deleted", LIMITS), request_for("mistyped key", LIMITS)]
    (tmp_path / "data" / "input deleted" / "orders.csv").unlink()
    settings = tmp_path / "data" / "mistyped key" / "client.yml"
    settings.write_text(settings.read_text() + "sedd: 3\n")
    return {record.client: record for record in run_batch(requests, 4)}


def test_each_failure_stays_with_its_client(request_for, template, tmp_path):
    records = in_a_batch(request_for, tmp_path)
    for name, (_, status, reason) in IN_NOTEBOOK.items():
        record = records[name]
        assert (record.status, reason in record.reason) == (status, True), record
        assert record.seconds < LIMIT + 10 and record.report is None and "00123" not in record.reason
        assert [notebook.status for notebook in record.notebooks][1:] == ["not run", "not run"]
    for name in ("sound", "thread left running", "process left running"):
        assert records[name].good and records[name].seconds < LIMIT + 10, records[name]
    assert records["input deleted"].status == "refused" and "orders.csv" in records["input deleted"].reason
    assert records["mistyped key"].status == "refused" and "Did you mean 'seed'?" in records["mistyped key"].reason
    assert not subprocess.run(["pgrep", "-f", "^sleep 1000$"], capture_output=True).stdout, "a process was left behind"
    assert len(processes_with(str(template.path.parent))) <= 1, "only the template process is left"


def test_a_mistyped_parameter_is_refused(request_for, template, tmp_path, monkeypatch):
    folder = tiny.write_notebooks(tmp_path / "notebooks", parameters='client = ""\nrundir = ""')
    monkeypatch.setenv("AIM_NOTEBOOKS", str(folder))
    record = run_round(request_for())
    assert record.status == "failed" and "rundir" in record.reason


def test_a_missing_kernel_is_named(request_for, template, tmp_path, monkeypatch):
    monkeypatch.setenv("AIM_NOTEBOOKS", str(tiny.write_notebooks(tmp_path / "notebooks", kernel="julia-9")))
    record = run_round(request_for())
    assert record.status == "failed" and "julia-9" in record.reason and "not installed" in record.reason


def test_a_folder_that_cannot_be_written(request_for, template, tmp_path):
    good, bad = request_for("good"), request_for("bad")
    bad.home.parent.mkdir()
    bad.home.write_text("in the way")  # works for root too, who may write into any folder
    records = {record.client: record for record in run_batch([good, bad])}
    assert records["good"].good and records["bad"].status == "failed" and "refused" in records["bad"].reason


def test_a_full_disk_keeps_the_previous_report(request_for, template, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("a small disk can only be made by root")
    try:
        good, full = request_for("good"), request_for("full", reports=disk)
        assert all(record.good for record in run_batch([good, full]))
        report = (full.home / "2023-12-31" / "report.html").read_bytes()
        (disk / "ballast").write_bytes(bytes(disk_left(disk) - 30_000))
        for request in (good, full):
            tiny.write_orders(request.client, "77,00")
        records = {record.client: record for record in run_batch([good, full])}
        assert records["good"].good and records["full"].status == "failed", records
        assert "disk is full" in records["full"].reason
        assert (full.home / "2023-12-31" / "report.html").read_bytes() == report
        (disk / "ballast").unlink()
        assert run_batch([full])[0].good
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def disk_left(folder: Path) -> int:
    state = os.statvfs(folder)
    return state.f_bavail * state.f_frsize
