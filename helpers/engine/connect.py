"""How other processes reach a template process: the one of ``aim lab``, or one of their own."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.engine.environment import ENVIRONMENT
from helpers.engine.frames import Frames
from helpers.engine.surroundings import private_folder

ADDRESS = "AIM_TEMPLATE"  # where the template process of `aim lab` listens
MODULES = ("helpers.notebook", "helpers.runner")
_START_SECONDS = 120.0
_lock = threading.Lock()
_shared: Template | None = None


class Unreachable(Exception):
    """No template process answers."""


@dataclass
class Template:
    """A template process that can be given jobs.

    Parameters
    ----------
    path : the unix socket on which it listens.
    process : the process, where it is ours.
    """

    path: Path
    process: subprocess.Popen | None = None

    def call(self, function: str, **arguments: Any) -> Frames:
        """Have a clean process call ``module:function(frames, **arguments)``; return the conversation."""
        frames = self._connect()
        frames.send({"call": function, "arguments": arguments})
        return frames

    def kernel(self, arguments: dict[str, Any]) -> RemoteChild:
        """Return a new kernel."""
        frames = self._connect()
        frames.send({"kernel": arguments})
        return RemoteChild(frames.receive(_START_SECONDS)["pid"], frames)

    def close(self) -> None:
        """End the process, where it is ours, and everything it runs."""
        if self.process is None:
            return
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self.process is None or self.process.poll() is None

    def _connect(self) -> Frames:
        until = time.monotonic() + _START_SECONDS
        while True:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.connect(str(self.path))
                return Frames(connection)
            except OSError:
                connection.close()
                if self.process is None or not self.alive() or time.monotonic() > until:
                    raise Unreachable(f"No template process answers at {self.path}.") from None
                time.sleep(0.01)


@dataclass
class RemoteChild:
    """A kernel that is a child of the template process; used as ``fork.Child`` is."""

    pid: int
    frames: Frames
    status: int | None = None

    def wait(self, seconds: float) -> int | None:
        """Return how the kernel ended, where the template process could say so."""
        return self.status

    def end(self) -> None:
        """Hang up: the template process ends the kernel."""
        self.frames.close()


def start() -> Template:
    """Start a template process that lives as long as this process, at most."""
    folder = private_folder()
    command = [sys.executable, "-m", "helpers.engine.template", str(folder / "t"), *MODULES]
    root = Path(__file__).resolve().parents[2]
    paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join(paths)}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    return Template(folder / "t", process)


def start_or_join() -> Template:
    """Return the template process of ``aim lab`` where there is one, else a new one."""
    lab = os.environ.get(ADDRESS)
    return Template(Path(lab)) if lab and Path(lab).exists() else start()


def shared() -> Template:
    """Return the template process of ``aim lab`` where there is one, else one for this whole process."""
    global _shared
    lab = os.environ.get(ADDRESS)
    if lab and Path(lab).exists():
        return Template(Path(lab))
    with _lock:
        if _shared is None or not _shared.alive():
            _shared = start()
            atexit.register(_shared.close)
        return _shared
