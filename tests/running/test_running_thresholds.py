"""Limits, and what is told of a run's time: just below, at and just above each."""

from __future__ import annotations

import resource
import socket
from pathlib import Path

import pytest

from helpers.commands.terminal import _duration
from helpers.core.records import GOOD, Limits, NotebookRecord, RoundRecord, RunRequest
from helpers.running import progress as progress_module
from helpers.running.engine import limits as limits_module
from helpers.running.engine import workspace
from helpers.running.engine.channel import Channel, RecordTooLarge
from helpers.running.engine.limits import KernelEnded, Watch, limit_memory
from helpers.running.index_page import page
from helpers.running.progress import Progress
from helpers.running.runner import _blocked_by
from helpers.workbook import phase_named

LIMITS = Limits(notebook_seconds=100, cell_seconds=40, memory_mb=10, output_mb=1)


def test_the_usual_limits():
    assert Limits() == Limits(notebook_seconds=900, cell_seconds=600, memory_mb=3000, output_mb=50)
    assert GOOD == ("done", "not enough data")


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """A clock that stands until a test moves it, and a process that uses no memory."""
    now = [1000.0]
    monkeypatch.setattr(limits_module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(limits_module, "memory_of", lambda pids: 0)
    return now


@pytest.mark.parametrize(("seconds", "ends"), [(40.0, False), (40.1, True)])
def test_a_cell_may_take_as_long_as_its_limit(clock: list[float], seconds: float, ends: bool):
    watch = Watch(LIMITS, lambda: ())
    clock[0] += seconds
    if not ends:
        watch.check()
        return
    with pytest.raises(KernelEnded, match="One cell took longer than its limit of 40 seconds") as ended:
        watch.check()
    assert ended.value.status == "timed out"


@pytest.mark.parametrize(("seconds", "ends"), [(100.0, False), (100.1, True)])
def test_a_notebook_may_take_as_long_as_its_limit(clock: list[float], seconds: float, ends: bool):
    watch = Watch(LIMITS, lambda: ())
    clock[0] += seconds
    watch.new_cell()
    if not ends:
        watch.check()
        return
    with pytest.raises(KernelEnded, match="The notebook took longer than its limit of 100 seconds"):
        watch.check()


@pytest.mark.parametrize(("used", "ends"), [(10 << 20, False), ((10 << 20) + 1, True)])
def test_a_client_may_use_as_much_memory_as_its_limit(clock: list[float], monkeypatch, used: int, ends: bool):
    monkeypatch.setattr(limits_module, "memory_of", lambda pids: used)
    watch = Watch(LIMITS, lambda: ())
    if not ends:
        watch.check()
        return
    with pytest.raises(KernelEnded, match="more memory than its limit of 10 MB") as ended:
        watch.check()
    assert ended.value.status == "out of memory"


def test_memory_is_looked_at_ten_times_a_second(clock: list[float], monkeypatch):
    looks = []
    monkeypatch.setattr(limits_module, "memory_of", lambda pids: looks.append(clock[0]) or 0)
    watch = Watch(LIMITS, lambda: ())
    for _ in range(10):
        watch.check()
        clock[0] += 0.0625
    assert len(looks) == 5
    assert watch.pause() == pytest.approx(0.1)
    clock[0] += 1000
    assert watch.pause() == 0


def test_the_wall_stands_two_gigabytes_behind_the_limit(monkeypatch, tmp_path: Path):
    walls = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, wall: walls.append((kind, wall)))
    monkeypatch.setattr(limits_module, "Path", lambda name: tmp_path / "missing")
    limit_memory(3000)
    limit_memory(0)
    assert walls == [(resource.RLIMIT_DATA, (5048 * 1024 * 1024, 5048 * 1024 * 1024))]


@pytest.mark.parametrize(("limit", "fits"), [(16, False), (17, True)])
def test_a_record_may_be_as_large_as_the_limit(limit: int, fits: bool):
    ours, theirs = (Channel(connection) for connection in socket.socketpair())
    theirs.send({"text": "12345"})  # 17 bytes as JSON
    if fits:
        assert ours.receive(1, limit) == {"text": "12345"}
    else:
        with pytest.raises(RecordTooLarge):
            ours.receive(1, limit)
    ours.close()
    theirs.close()


@pytest.mark.parametrize(("length", "own"), [(60, True), (61, False)])
def test_a_long_temporary_folder_is_no_place_for_sockets(length: int, own: bool, monkeypatch):
    wanted = "/" + "x" * (length - 1)
    monkeypatch.setattr(workspace.tempfile, "gettempdir", lambda: wanted)
    assert workspace._base() == Path(wanted if own else "/tmp")


@pytest.mark.parametrize(("seconds", "text"), [(89.4, "89 s"), (89.9, "90 s"), (90, "2 min"), (149, "2 min"), (151, "3 min")])
def test_a_duration_is_in_minutes_from_ninety_seconds(seconds: float, text: str):
    assert _duration(seconds) == text


@pytest.mark.parametrize(
    ("took_last_time", "workers", "left"),
    [((10.0, 20.0, 30.0), 2, 30.0), ((10.0, 20.0, 30.0), 3, 20.0), ((10.0, 50.0), 3, 50.0), ((10.0, 0.0), 1, None)],
    ids=["shared by two", "as many as workers", "the longest decides", "one is unknown"],
)
def test_what_is_left_is_shared_by_the_workers(monkeypatch, took_last_time, workers: int, left: float | None):
    requests = [RunRequest(Path(f"client-{i}"), Path("reports")) for i in range(len(took_last_time))]
    last = {request.home: {"worked": seconds} for request, seconds in zip(requests, took_last_time, strict=True)}
    monkeypatch.setattr(progress_module, "read_status", last.get)
    events: list = []
    assert not Progress(requests, workers, events.append).record(requests[0], {"record": {"notebook": "10_goals", "status": "done"}})
    assert events[0].seconds_left == left and (events[0].done, events[0].total) == (0, len(requests))


def test_a_round_that_never_ran_takes_as_long_as_the_others(monkeypatch):
    requests = [RunRequest(Path(f"client-{i}"), Path("reports")) for i in range(3)]
    monkeypatch.setattr(progress_module, "read_status", lambda home: None)
    progress = Progress(requests, 1, lambda event: None)
    assert progress.expected_seconds(requests[2]) == 0
    for request, seconds in zip(requests, (10.0, 20.0), strict=False):
        assert progress.record(request, {"end": RoundRecord("client", "done", "", None, seconds=seconds).to_json()})
    assert progress.expected_seconds(requests[2]) == 15


def test_failures_stand_first_on_the_index_page():
    statuses = [
        {"client": name, "status": status, "reason": "", "since": "", "changed": [], "report": ""}
        for name, status in (
            ("a", "done"),
            ("b", "failed"),
            ("c", "timed out"),
            ("d", "kernel died"),
            ("e", "not run"),
            ("f", "out of memory"),
        )
    ]
    text = page(statuses)
    assert sorted("abcdef", key=lambda name: text.index(f'<th scope="row">{name}</th>')) == list("dfcbea")
    assert "6 clients · 5 need a look" in text


def test_a_notebook_waits_for_what_it_reads_and_for_nothing_else():
    failed = [NotebookRecord("41_clusters", "failed")]
    assert _blocked_by(phase_named("50"), failed) == "41_clusters"
    assert _blocked_by(phase_named("00"), failed) == "41_clusters", "the summary needs all of them"
    assert _blocked_by(phase_named("42"), failed) == ""
    assert _blocked_by(phase_named("50"), [NotebookRecord("41_clusters", "not enough data")]) == ""
