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

import pandas as pd
import pytest

from helpers.batch import run_batch
from helpers.engine import connect
from helpers.files import file_hash
from helpers.records import Order
from tests.conftest import ROOT
from tests.engine import tiny
from tests.engine.conftest import processes_with

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
VERSIONS = {"A": "250,50", "B": "999,00"}
KILLS_IN_A_BATCH, KILLS_OF_THE_COMMAND = 176, 24


def whole_state(order: Order, known: dict[str, dict[str, str]]) -> str:
    """Return which version stands in a client's folder; fail when it is not whole."""
    place = order.home / "2023-12-31"
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    found = {name: file_hash(place / name) for name in record["written"]}
    assert found == record["written"], "a file is not what run.json says"
    for path in place.rglob("*"):
        assert not path.name.startswith(".writing-"), path
        if path.suffix in (".json", ".ipynb"):
            json.loads(path.read_text(encoding="utf-8"))
        if path.suffix == ".parquet":
            pd.read_parquet(path)
    versions = [name for name, hashes in known.items() if hashes == found]
    assert versions, "it is neither the old nor the new version"
    return versions[0]


def known_versions(order: Order) -> dict[str, dict[str, str]]:
    """Run both versions undisturbed; return the hashes of all they write."""
    known = {}
    for name, amount in VERSIONS.items():
        tiny.write_orders(order.client, amount)
        assert run_batch([order])[0].good
        known[name] = json.loads((order.home / "2023-12-31" / "run.json").read_text())["written"]
    assert known["A"] != known["B"]
    return known


def kill_something(template: connect.Template, before: float, dice: random.Random) -> bool:
    """After a while kill one process of the batch at random: a client's, or one that runs a notebook."""
    time.sleep(before)
    found = [pid for pid in processes_with(str(template.path.parent)) if pid != template.process.pid]
    if not found:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(dice.choice(found), signal.SIGKILL)
    return True


def drill(orders: list[Order], template: connect.Template, kills: int, seed: int) -> None:
    """Kill so many times in one stream of batches, then let the last one end."""
    dice = random.Random(seed)
    known = {order.client: known_versions(order) for order in orders}
    killed, tried, version = 0, 0, "B"
    while killed < kills:
        tried += 1
        assert tried < 3 * kills, "hardly anything is there to be killed"
        version = dice.choice(list(VERSIONS))
        for order in orders:
            tiny.write_orders(order.client, VERSIONS[version])
        over = threading.Thread(target=run_batch, args=(orders, 2))
        over.start()
        killed += kill_something(template, dice.uniform(0.05, 1.0), dice)
        over.join(60)
        assert not over.is_alive(), "the batch hangs after a kill"
        for order in orders:
            whole_state(order, known[order.client])
    assert all(record.good for record in run_batch(orders, 2)), "the batch goes on from where it was killed"
    for order in orders:
        assert whole_state(order, known[order.client]) == version
        assert not list(order.home.glob(".2*")), "no work is left beside the round"


def test_kills_of_single_processes_in_a_batch(order, template):
    drill([order("one"), order("two")], template, KILLS_IN_A_BATCH, seed=1)


def test_kills_of_the_command_itself(order, workbook, tmp_path, monkeypatch):
    """The command, its template process, or everything at once; nothing survives the command for long."""
    one, two = order("one"), order("two")
    known = {each.client: known_versions(each) for each in (one, two)}
    dice, mark = random.Random(2), f"AIM_DRILL={tmp_path.name}"
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    command = [sys.executable, "-c", "import tests.engine.tiny; from helpers.__main__ import main; main()", "run", "--all"]
    setup = "from helpers.engine import connect; connect.MODULES += ('tests.engine.tiny',)"
    command[2] = f"{setup}; from helpers.__main__ import main; main()"
    environment = os.environ | {"AIM_DRILL": tmp_path.name}
    for _ in range(KILLS_OF_THE_COMMAND):
        version = dice.choice(list(VERSIONS))
        for each in (one, two):
            tiny.write_orders(each.client, VERSIONS[version])
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(dice.uniform(0.1, 5.0))
        alive = processes_with(mark)
        targets = {"command": [process.pid], "all": alive, "one": [dice.choice(alive)] if alive else []}
        for pid in targets[dice.choice(["command", "command", "all", "one"])]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=60)
        assert gone_within(mark, 6), "a process outlived the command"
        for each in (one, two):
            whole_state(each, known[each.client])
    last = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert last.returncode == 0, last.stdout + last.stderr
    assert [whole_state(each, known[each.client]) for each in (one, two)] == [version] * 2


def test_ctrl_c_ends_everything_and_says_so(order, workbook, tmp_path, monkeypatch):
    order("one", first="import time; time.sleep(600)")
    monkeypatch.setenv("AIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AIM_REPORTS", str(tmp_path / "reports"))
    environment = os.environ | {"AIM_DRILL": tmp_path.name}
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", "run", "one"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while len(processes_with(f"AIM_DRILL={tmp_path.name}")) < 4 and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "goes on from here" in said and "Traceback" not in said
    assert gone_within(f"AIM_DRILL={tmp_path.name}", 5)
    assert not (tmp_path / "reports" / "one" / "2023-12-31").exists()


def gone_within(mark: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while processes_with(mark) and time.monotonic() < until:
        time.sleep(0.05)
    return not processes_with(mark)
