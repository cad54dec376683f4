"""What the tests of engine and batch share: the tiny workbook, and a template process that knows it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.core.records import Limits, RunRequest
from helpers.running.engine import connect
from tests.conftest import ROOT
from tests.running.engine import tiny

QUICK = Limits(notebook_seconds=60, cell_seconds=60, memory_mb=1500, output_mb=5)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Iterator[Path]:
    """The tiny workbook's notebooks, as this process and those it starts see them."""
    folder = tiny.write_notebooks(tmp_path_factory.mktemp("tiny") / "notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIM_NOTEBOOKS", str(folder))
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setattr(connect, "MODULES", (*connect.MODULES, "tests.running.engine.tiny_phases"))
        tiny.use(patch.setattr)
        yield folder


@pytest.fixture(scope="module")
def template(workbook: Path) -> Iterator[connect.Template]:
    """A warm template process that every batch of the module joins, as inside ``aim lab``."""
    started = connect.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(connect.ADDRESS, str(started.path))
        yield started
    started.close()


@pytest.fixture
def request_for(tmp_path: Path):
    """Makes a client of the tiny workbook, and the request to run it."""

    def make(name: str = "shop", limits: Limits = QUICK, reports: Path | None = None, **client: str) -> RunRequest:
        folder = tiny.write_client(tmp_path / "data" / name, **client)
        return RunRequest(folder, reports or tmp_path / "reports", limits=limits)

    return make


def processes_with(mark: str) -> list[int]:
    """Return the other living processes with a mark in their command line or first environment."""
    pids = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            known = (path / "cmdline").read_bytes() + (path / "environ").read_bytes()
            alive = "State:\tZ" not in (path / "status").read_text()
        except OSError:
            continue
        if mark.encode() in known and alive and int(path.name) != os.getpid():
            pids.append(int(path.name))
    return pids


def in_thread(work) -> threading.Thread:
    """Start some work beside the test."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
