"""Two hundred times kill -9 at a random moment: nothing half-written, and the batch goes on from there.

Each client's data changes from drill to drill between two versions, whose reports are known from
runs that nobody disturbed. After every kill, whatever stands in a client's folder must be one of
the two, whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pandas as pd
import pytest

from helpers.core.files import file_hash
from helpers.core.records import RunRequest
from helpers.running.batch import run_batch
from helpers.running.engine import connect
from tests.conftest import ROOT
from tests.running.engine import tiny
from tests.running.engine.conftest import processes_with

pytestmark = [pytest.mark.slow, pytest.mark.drill, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
VERSIONS = {"A": "250,50", "B": "999,00"}
KILLS_IN_A_BATCH, KILLS_OF_THE_COMMAND = 176, 24


def whole_state(request: RunRequest, known: dict[str, dict[str, str]]) -> str:
    """Return which version stands in a client's folder; fail when it is not whole."""
    place = request.home / "2023-12-31"
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    hashes = {name: file_hash(place / name) for name in record["written"]}
    assert hashes == record["written"], "a file is not what run.json says"
    for path in place.rglob("*"):
        assert not path.name.startswith(".writing-"), path
        if path.suffix in (".json", ".ipynb"):
            json.loads(path.read_text(encoding="utf-8"))
        if path.suffix == ".parquet":
            pd.read_parquet(path)
    versions = [name for name, written in known.items() if written == hashes]
    assert versions, "it is neither the old nor the new version"
    return versions[0]


def known_versions(request: RunRequest) -> dict[str, dict[str, str]]:
    """Run both versions undisturbed; return the hashes of all they write."""
    known = {}
    for name, amount in VERSIONS.items():
        tiny.write_orders(request.client, amount)
        assert run_batch([request])[0].good
        known[name] = json.loads((request.home / "2023-12-31" / "run.json").read_text())["written"]
    assert known["A"] != known["B"]
    return known


def keep_killing(template: connect.Template, over: threading.Thread, dice: random.Random) -> int:
    """Kill processes of the batch at random moments until it is over; return how many."""
    killed = 0
    while over.is_alive():
        time.sleep(dice.uniform(0.02, 0.5))
        pids = [pid for pid in processes_with(str(template.path.parent)) if pid != template.process.pid]
        if pids and over.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(pids), signal.SIGKILL)
                killed += 1
    return killed


def drill(requests: list[RunRequest], template: connect.Template, kills: int, seed: int) -> None:
    """Kill so many times in a row of batches, then let the last one end."""
    dice = random.Random(seed)
    known = {request.client: known_versions(request) for request in requests}
    killed, batches, version = 0, 0, "B"
    while killed < kills:
        batches += 1
        assert batches <= kills, "hardly anything is there to be killed"
        version = dice.choice(list(VERSIONS))
        for request in requests:
            tiny.write_orders(request.client, VERSIONS[version])
        over = threading.Thread(target=run_batch, args=(requests, 2))
        over.start()
        killed += keep_killing(template, over, dice)
        over.join(60)
        assert not over.is_alive(), "the batch hangs after a kill"
        for request in requests:
            whole_state(request, known[request.client])
    assert all(record.good for record in run_batch(requests, 2)), "the batch goes on from where it was killed"
    for request in requests:
        assert whole_state(request, known[request.client]) == version
        assert not list(request.home.glob(".2*")), "no work is left beside the round"


def test_kills_of_single_processes_in_a_batch(request_for, template):
    drill([request_for(name) for name in ("one", "two", "three", "four")], template, KILLS_IN_A_BATCH, seed=1)


def test_kills_of_the_command_itself(request_for, workbook, tmp_path, monkeypatch):
    """The command, its template process, or everything at once; nothing survives the command for long."""
    requests = [request_for("one"), request_for("two")]
    known = {request.client: known_versions(request) for request in requests}
    dice, mark = random.Random(2), f"AIM_DRILL={tmp_path.name}"
    monkeypatch.delenv(connect.ADDRESS, raising=False)  # a template process of its own
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    setup = "from helpers.running.engine import connect; connect.MODULES += ('tests.running.engine.tiny_phases',)"
    command = [sys.executable, "-c", f"{setup}; from helpers.__main__ import main; main()", "run", "--all"]
    environment = os.environ | {"AIM_DRILL": tmp_path.name}
    for _ in range(KILLS_OF_THE_COMMAND):
        version = dice.choice(list(VERSIONS))
        for request in requests:
            tiny.write_orders(request.client, VERSIONS[version])
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(dice.uniform(0.1, 5.0))
        alive = processes_with(mark)
        targets = {"command": [process.pid], "all": alive, "one": [dice.choice(alive)] if alive else []}
        for pid in targets[dice.choice(["command", "command", "all", "one"])]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=60)
        assert within(6, lambda: not processes_with(mark)), "a process outlived the command"
        for request in requests:
            whole_state(request, known[request.client])
    last = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert last.returncode == 0, last.stdout + last.stderr
    assert [whole_state(request, known[request.client]) for request in requests] == [version] * 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
@pytest.mark.parametrize("joined", [False, True], ids=["alone", "inside aim lab"])
def test_stopping_ends_everything_and_says_so(how, joined, request_for, template, tmp_path, monkeypatch):
    request_for("one", first="import time; time.sleep(600)")
    if not joined:
        monkeypatch.delenv(connect.ADDRESS)
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", "run", "one"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"AIM_DRILL": tmp_path.name},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )
    mark = str(template.path.parent) if joined else f"AIM_DRILL={tmp_path.name}"
    least = 1 if joined else 2  # besides those that are there anyway: the command and its template process
    assert within(60, lambda: len(processes_with(mark)) >= least + 2), "the notebook never started"
    process.send_signal(how)
    _, printed = process.communicate(timeout=20)
    assert process.returncode == 130 and "goes on from here" in printed and "Traceback" not in printed
    assert within(5, lambda: len(processes_with(mark)) <= int(joined)), "something is left"
    assert not (tmp_path / "reports" / "one" / "2023-12-31").exists()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()
