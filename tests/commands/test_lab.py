"""``aim lab``: what a kernel finds there, and that nothing of it stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from helpers.running.engine.workspace import ONE_THREAD

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of unix")
DRILL = pytest.mark.drill


def until(answer: Callable[[], object], seconds: float = 60) -> object:
    """Return the first answer that is one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := answer():
            return value
        time.sleep(0.1)
    raise AssertionError("nothing came")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[subprocess.Popen]:
    """A running ``aim lab`` without a browser, which knows nothing of this computer's settings."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text("c.ServerApp.open_browser = False\nc.ServerApp.port = 0\n")
    folders = {f"JUPYTER_{name.upper()}_DIR": str(tmp_path / name) for name in ("config", "data", "runtime")}
    environment = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", "lab", "office-interiors"],
        env=environment | folders | {"IPYTHONDIR": str(tmp_path / "ipython")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    family = []
    try:
        yield process
    finally:
        if process.poll() is None:
            family = psutil.Process(process.pid).children(recursive=True)
            process.kill()
        for member in family:
            member.kill()


def start_kernel(runtime: Path) -> None:
    """Have the server that writes its address into a folder start a kernel."""
    server = json.loads(until(lambda: next((path.read_text() for path in runtime.glob("jpserver-*.json")), "")))
    assert server["hostname"] in ("localhost", "127.0.0.1"), "reached from this computer only"
    request = urllib.request.Request(f"{server['url']}api/kernels", b"{}", {"Authorization": f"token {server['token']}"}, method="POST")
    until(lambda: _answers(request))


def _answers(request: urllib.request.Request) -> bool:
    try:
        return urllib.request.urlopen(request, timeout=30).status == 201
    except OSError:
        return False  # the address is written a moment before the server listens


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=DRILL), pytest.param(signal.SIGHUP, marks=DRILL)])
def test_a_kernel_computes_on_one_thread_and_a_signal_ends_all_there_is(lab: subprocess.Popen, tmp_path: Path, sent: signal.Signals):
    start_kernel(tmp_path / "runtime")
    family = psutil.Process(lab.pid).children(recursive=True)
    kernel = next(process for process in family if "ipykernel_launcher" in " ".join(process.cmdline()))
    environment = kernel.environ()
    assert {name: environment.get(name) for name in ONE_THREAD} == ONE_THREAD
    template = Path(environment["AIM_TEMPLATE"]).parent
    assert template.is_dir()

    lab.send_signal(sent)
    assert lab.wait(30) == 128 + sent
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not template.exists()
