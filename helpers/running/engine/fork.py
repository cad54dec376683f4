"""Children of a process that has only imported: forked in a millisecond, gone with their parent.

Forking is safe only from a process that never fitted a model, opened a database or made a zmq
context: OpenMP, polars and DuckDB hang in the children of one that did. So such a process says
that it is clean, and whoever is about to do work forks first.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from helpers.running.engine.channel import Channel

_PR_SET_PDEATHSIG = 1
_clean = False


def can_fork() -> bool:
    """Tell whether forked children are to be had here (AIM_NO_FORK=1 says no)."""
    # macOS has fork, but Accelerate and Objective-C do not survive it.
    return sys.platform.startswith("linux") and not os.environ.get("AIM_NO_FORK")


def is_clean() -> bool:
    """Tell whether this process has only imported, so that it may fork."""
    return _clean


def set_clean(clean: bool) -> None:
    """Declare whether this process has only imported; its children inherit it."""
    global _clean
    _clean = clean


@dataclass
class Child:
    """A forked process, whose process group has its id, and the conversation with it."""

    pid: int
    channel: Channel
    _status: int | None = None

    def ended(self) -> int | None:
        """Return how it ended (0 is well, -9 is killed); None while it lives."""
        if self._status is None:
            with contextlib.suppress(ChildProcessError):
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self._status = os.waitstatus_to_exitcode(status) if pid else None
        return self._status

    def wait(self, seconds: float) -> int | None:
        """Return how it ended, waiting for it; None when it still lives after so many seconds."""
        until = time.monotonic() + seconds
        with _waiter(self.pid) as wait_at_most:
            while self.ended() is None and time.monotonic() < until:
                wait_at_most(until - time.monotonic())
        return self._status

    def end(self) -> int | None:
        """Kill it with all it started, and return how it ended."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.channel.close()
        return self.wait(5)


@contextlib.contextmanager
def _waiter(pid: int) -> Iterator[Callable[[float], object]]:
    """Give a function that waits for the end of a process, at most so many seconds."""
    try:
        handle = os.pidfd_open(pid)
    except (AttributeError, OSError):  # an old system, or the process is gone already
        yield lambda seconds: time.sleep(min(seconds, 0.01))
        return
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        yield lambda seconds: poll.poll(max(0.0, seconds) * 1000)
    finally:
        os.close(handle)


def fork(work: Callable[[Channel], None], clean: bool = False, connection: socket.socket | None = None) -> Child:
    """Fork a child that works, with its end of the conversation, and ends: it never returns to the caller.

    Parameters
    ----------
    clean : the child only forks others, and so stays clean.
    connection : the child's end of the conversation; by default it converses with this process.
    """
    ours, theirs = (connection, connection) if connection else socket.socketpair()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        return Child(pid, Channel(ours))
    status = 70
    try:
        _become_child(parent, theirs, clean)
        channel = Channel(theirs)
        work(channel)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException as error:
        with contextlib.suppress(Exception):
            traceback.print_exc()
            channel.send({"broken": type(error).__name__})
    finally:
        # At once: whatever stands above the fork in the stack belongs to the parent, and must not run twice.
        os._exit(status)


def _become_child(parent: int, connection: socket.socket, clean: bool) -> None:
    os.setpgid(0, 0)
    die_with_parent(parent)
    set_clean(clean)
    for name in ("SIGINT", "SIGTERM", "SIGCHLD", "SIGPIPE", "SIGHUP", "SIGIO"):
        signal.signal(getattr(signal, name), signal.SIG_IGN if name == "SIGPIPE" else signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    _close_all_but(connection.fileno())


def die_with_parent(parent: int) -> None:
    """Have the system kill this process when its parent dies (Linux; elsewhere nothing happens)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(70)


def _close_all_but(descriptor: int) -> None:
    """A child holds no connection of its relatives, so that their end is seen at once."""
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, 4096)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
