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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.running.engine.channel import Channel
from helpers.running.engine.workspace import child_environment, private_folder

ADDRESS = "AIM_TEMPLATE"  # where the template process of `aim lab` listens
LISTENING = "AIM_TEMPLATE_LISTENS"  # tells a template process which open socket is its own
MODULES = ("helpers.notebook", "helpers.running.runner")
_START_SECONDS = 120.0
_lock = threading.Lock()
_shared: dict[bool, Template] = {}


class Unreachable(Exception):
    """No template process answers."""


@dataclass
class Template:
    """A template process that can be given jobs: the unix socket on which it listens, and the process where it is ours."""

    path: Path
    process: subprocess.Popen | None = None

    def call(self, function: str, **arguments: Any) -> Channel:
        """Have a clean process call ``module:function(channel, **arguments)``; return the conversation."""
        channel = self._connect()
        channel.send({"call": function, "arguments": arguments})
        return channel

    def kernel(self, arguments: dict[str, Any]) -> RemoteChild:
        """Return a new kernel."""
        channel = self._connect()
        channel.send({"kernel": arguments})
        return RemoteChild(channel.receive(_START_SECONDS)["pid"], channel)

    def close(self) -> None:
        """End the process, where it is ours, and everything it runs."""
        if self.process is None:
            return
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.close()  # its end tells the process to leave in order
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def _connect(self) -> Channel:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(self.path))
        except OSError as error:
            connection.close()
            raise Unreachable(f"No template process answers at {self.path}.") from error
        return Channel(connection)


@dataclass
class RemoteChild:
    """A kernel that is a child of the template process; used as ``fork.Child`` is."""

    pid: int
    channel: Channel
    status: int | None = None

    def wait(self, seconds: float) -> int | None:
        """Return how the kernel ended, where the template process could say so."""
        return self.status

    def end(self) -> None:
        """Hang up: the template process ends the kernel."""
        self.channel.close()


def start(modules: tuple[str, ...] | None = None) -> Template:
    """Start a template process with modules (None: the workbook's) beside the usual packages; it lives as long as this one, at most."""
    folder = private_folder()
    command = [sys.executable, "-P", "-m", "helpers.running.engine.template", str(folder / "t")]
    command += MODULES if modules is None else modules
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        # Listening from now on: whoever connects waits in the queue until the imports are done.
        listener.bind(str(folder / "t"))
        listener.listen(128)
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=child_environment() | {LISTENING: str(listener.fileno())},
            start_new_session=True,
            pass_fds=(listener.fileno(),),
        )
    return Template(folder / "t", process)


def start_or_join() -> Template:
    """Return the template process of ``aim lab`` where there is one, else a new one."""
    return _of_lab() or start()


def _of_lab() -> Template | None:
    lab = os.environ.get(ADDRESS)
    return Template(Path(lab)) if lab and Path(lab).exists() else None


def shared(workbook: bool) -> Template:
    """Return a template process for this whole process, started when it is first needed.

    With the workbook it has imported the helpers too (the one of ``aim lab`` where there is one). Without them
    a notebook of anybody else finds nothing of ours: the helpers set matplotlib's style, for one.
    """
    of_lab = _of_lab() if workbook else None
    if of_lab:
        return of_lab
    with _lock:
        known = _shared.get(workbook)
        if known is None or known.process is None or known.process.poll() is not None:
            known = _shared[workbook] = start(MODULES if workbook else ())
            atexit.register(known.close)
        return known
