"""How long a notebook may take, how much memory and output: watched from outside, so that nothing escapes."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psutil

from helpers.core.records import Limits
from helpers.core.wording import _

Ending = Literal["timed out", "out of memory", "kernel died", "failed"]
_LOOK_EVERY = 0.1  # seconds between two looks at the memory
_RESERVED_MB = 2048


class KernelEnded(Exception):
    """The kernel is gone: it went by itself, or a limit was passed.

    Parameters
    ----------
    status : "timed out", "out of memory", "kernel died" or "failed".
    sentence : why, for people.
    code : with which the process ended by itself, where that is known; 1 is an error of the code that ran in it.
    """

    def __init__(self, status: Ending, sentence: str, code: int | None = None):
        super().__init__(sentence)
        self.status: Ending = status
        self.code = code


class Watch:
    """Looks at the clock and at the memory while a notebook runs; ``pids`` gives the processes that count, with all they started."""

    def __init__(self, limits: Limits, pids: Callable[[], tuple[int, ...]]):
        self.limits = limits
        self._pids = pids
        self._started = self._cell_started = time.monotonic()
        self._looked = 0.0

    def new_cell(self) -> None:
        """Start the clock of the next cell."""
        self._cell_started = time.monotonic()

    def pause(self) -> float:
        """Return for how many seconds nobody needs to look."""
        now = time.monotonic()
        ends = (self._started + self.limits.notebook_seconds, self._cell_started + self.limits.cell_seconds)
        return max(0.0, min(_LOOK_EVERY, *(end - now for end in ends)))

    def check(self) -> None:
        """Raise KernelEnded when a limit is passed."""
        now = time.monotonic()
        for started, seconds, sentence in (
            (self._started, self.limits.notebook_seconds, _("The notebook took longer than its limit of {seconds} seconds.")),
            (self._cell_started, self.limits.cell_seconds, _("One cell took longer than its limit of {seconds} seconds.")),
        ):
            if now > started + seconds:
                raise KernelEnded("timed out", sentence.format(seconds=f"{seconds:g}"))
        if now - self._looked >= _LOOK_EVERY:
            self._looked = now
            if memory_of(self._pids()) > self.limits.memory_mb << 20:
                raise KernelEnded("out of memory", over_memory(self.limits))


def over_memory(limits: Limits) -> str:
    """Return the sentence on a notebook that wanted too much memory."""
    return _("It needed more memory than its limit of {limit} MB.").format(limit=limits.memory_mb)


def too_much_output(limits: Limits) -> KernelEnded:
    """Return the ending of a notebook that printed too much."""
    sentence = _("It printed or drew more than its limit of {limit} MB.").format(limit=limits.output_mb)
    return KernelEnded("failed", sentence)


def death(status: int | None) -> KernelEnded:
    """Return the ending of a kernel that went by itself (status as ``Child.ended`` gives it)."""
    if status == -9:
        sentence = _("Its process was killed in the middle; perhaps the machine ran out of memory.")
    elif status is not None and status < 0:
        sentence = _("Its process ended in the middle, with signal {number}.").format(number=-status)
    elif status is not None:
        sentence = _("Its process ended in the middle, with code {number}.").format(number=status)
    else:
        sentence = _("Its process ended in the middle.")
    return KernelEnded("kernel died", sentence, status)


def memory_of(pids: tuple[int, ...]) -> int:
    """Return the bytes in memory of processes and of all that they started (0 for those that are gone).

    Memory that a forked child shares with its parent counts for the child only.
    """
    total, waiting = 0, list(pids)
    while waiting:
        pid = waiting.pop()
        # A process may end between being listed and being looked at: it uses nothing then.
        with contextlib.suppress(psutil.Error, OSError, ValueError):
            total += psutil.Process(pid).memory_info().rss
            waiting += _children(pid)
    return total


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")  # psutil would look at every process of the machine, ten times a second
    if listed.exists():
        return [int(child) for child in listed.read_text().split()]
    return [child.pid for child in psutil.Process(pid).children()]


def limit_memory(megabytes: int) -> None:
    """Set a wall behind the limit that ``Watch`` looks at; where memory runs short, this process is the first to go.

    The wall stands further out, since libraries reserve address space that they never fill (DuckDB a gigabyte).
    """
    if os.name == "nt" or not megabytes:
        return
    import resource

    wall = (megabytes + _RESERVED_MB) << 20
    resource.setrlimit(resource.RLIMIT_DATA, (wall, wall))
    score = Path("/proc/self/oom_score_adj")
    if score.exists():
        score.write_text("1000")
