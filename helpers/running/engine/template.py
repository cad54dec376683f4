"""The template process: imports once, then forks a child for every job that others send it.

``python -m helpers.running.engine.template PATH MODULE...`` imports the modules, listens on the unix socket
PATH (which ``connect.start`` made for it), and dies when whoever started it does (its standard input
ends). Each connection is one job in a child of its own: ``{"kernel": arguments}`` for a kernel,
``{"call": "module:function", ...}`` for work in a clean process. When the sources of the helpers change
it starts itself anew.
"""

import contextlib
import fcntl
import importlib
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from helpers.running.engine.channel import Channel
from helpers.running.engine.connect import LISTENING
from helpers.running.engine.fork import Child, fork, set_clean
from helpers.running.engine.preload import preload
from helpers.running.fingerprints import code_hash

_GRACE_SECONDS = 3.0


def main(arguments: list[str]) -> None:
    """Serve jobs until standard input ends."""
    path, *modules = arguments
    code_hash()  # before the imports: whatever changes after this moment counts as changed
    listener = socket.socket(fileno=int(os.environ.pop(LISTENING)))
    preload(tuple(modules))
    set_clean(True)
    imported_from = _newest_source()
    children: dict[int, Child] = {}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        watched: list[Any] = [0, listener]
        ready = select.select(watched, [], [], 1.0)[0]
        children = {pid: child for pid, child in children.items() if child.ended() is None}
        if 0 in ready:
            break
        if listener in ready:
            if _newest_source() != imported_from and not children:
                _start_anew(listener, arguments)
            child = fork(_work, clean=True, connection=listener.accept()[0])
            children[child.pid] = child
    _end_all(children)
    Path(path).unlink(missing_ok=True)
    os._exit(0)  # at once: leaving in order would only take the imported libraries apart


def _work(channel: Channel) -> None:
    signal.signal(signal.SIGTERM, _leave)
    job = channel.receive(timeout=10)
    if "kernel" in job:
        _relay(channel, job["kernel"])
        return
    _end_with(channel.connection)
    module, name = job["call"].split(":")
    function = getattr(importlib.import_module(module), name)
    channel.send({"end": function(channel, **job["arguments"])})


def _end_with(connection: socket.socket) -> None:
    """Leave as soon as the other side hangs up, even in the middle of a long cell."""

    def look(*_: object) -> None:
        with contextlib.suppress(BlockingIOError):
            if not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                _leave()

    signal.signal(signal.SIGIO, look)
    fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)


def _leave(*_: object) -> None:
    raise SystemExit(143)  # so that every `with` on the way out is left in order


def _relay(channel: Channel, arguments: dict[str, Any]) -> None:
    """Stand between a kernel and a client that is not its parent, until one of them is gone."""
    from helpers.running.engine import kernel

    child = fork(lambda to_parent: kernel.serve(to_parent, **arguments))
    channel.send({"pid": child.pid})
    sides = {channel.connection: child.channel.connection, child.channel.connection: channel.connection}
    with contextlib.suppress(OSError):
        while True:
            for side in select.select(list(sides), [], [])[0]:
                chunk = side.recv(1 << 18)
                if not chunk:
                    raise BrokenPipeError
                sides[side].sendall(chunk)
    ended = child.wait(1) if child.ended() is None else child.ended()
    with contextlib.suppress(OSError):
        channel.send({"ended": ended})
    child.end()


def _end_all(children: dict[int, Child]) -> None:
    """Tell the children to leave; the system ends those that do not when this process is gone."""
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < until and any(child.ended() is None for child in children.values()):
        time.sleep(0.02)


def _newest_source() -> float:
    """Return when the newest source file of the helpers was changed."""
    home = Path(__file__).resolve().parents[2]
    return max(path.stat().st_mtime for path in home.rglob("*") if path.suffix in (".py", ".yml", ".j2", ".css", ".js"))


def _start_anew(listener: socket.socket, arguments: list[str]) -> None:
    """Become a process with the new sources; the waiting client stays in the queue."""
    listener.set_inheritable(True)
    environment = os.environ | {LISTENING: str(listener.fileno())}
    os.execve(sys.executable, [sys.executable, "-P", "-m", "helpers.running.engine.template", *arguments], environment)


if __name__ == "__main__":
    main(sys.argv[1:])
