"""Many clients at once: one process each, as many as there are cores; one client's trouble stays its own."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from helpers.clients import ROUNDS
from helpers.engine import connect
from helpers.engine.environment import ENVIRONMENT
from helpers.engine.fork import can_fork
from helpers.engine.frames import Frames
from helpers.engine.surroundings import sweep
from helpers.errors import AimError
from helpers.history import read_status, write_status
from helpers.index_page import write_index
from helpers.records import NotebookRecord, Order, RoundRecord
from helpers.unchanged import still_stands
from helpers.wording import _


@dataclass(frozen=True)
class Word:
    """One word on how the batch goes.

    Parameters
    ----------
    client : whose round it is about.
    notebook : the notebook it is about; empty when it is about the whole round.
    record : how the notebook or round ended; None when it starts.
    done, total : clients that are finished, and all of them.
    seconds_left : a guess at the seconds to the end; None while nothing is known.
    """

    client: str
    notebook: str
    record: NotebookRecord | RoundRecord | None
    done: int
    total: int
    seconds_left: float | None = None


Tell = Callable[[Word], None]


def cores() -> int:
    """Return how many rounds may run side by side: the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_batch(
    orders: Sequence[Order], workers: int | None = None, tell: Tell = lambda word: None, warm: bool = False
) -> list[RoundRecord]:
    """Run the rounds of many clients side by side, and write the index page.

    Parameters
    ----------
    orders : one per client, or several rounds of one client, earliest first; they run one after another.
    workers : rounds that run at the same time; as many as cores when None.
    tell : is called, in this thread, for every notebook and round that starts or ends.
    warm : keep the template process for the next batch of this process.

    Returns
    -------
    How each round ended, in the order of the orders. One that another process was killed in has
    failed; it never stops the others.
    """
    _refuse_doubles(orders)
    board = _Board(orders, workers or cores(), tell)
    waiting: list[Order] = []
    for order in orders:
        # A round rests on the client's earlier ones: where one of those runs, it is looked at again.
        early = any(one.home == order.home for one in waiting)
        standing = None if early else still_stands(order)
        if standing is None:
            waiting.append(order)
        else:
            board.finish(order, standing)
    if waiting:
        sweep()
        _run_waiting(waiting, board, warm)
    for reports in dict.fromkeys(order.reports for order in orders):
        with contextlib.suppress(OSError):  # a full disk is in the records already
            write_index(Path(reports))
    return [board.records[order.client] for order in orders]


def _refuse_doubles(orders: Sequence[Order]) -> None:
    owners: dict[Path, Path] = {}
    for order in orders:
        owner = order.client.parent.parent if order.client.parent.name == ROUNDS else order.client
        if owners.setdefault(order.home, owner) != owner:
            sentence = _("Two clients are called {name}: their reports would be one.")
            raise AimError(sentence.format(name=order.home.name))


def _run_waiting(orders: list[Order], board: _Board, warm: bool) -> None:
    """Run rounds in threads that only wait; the work is done in other processes."""
    words: queue.Queue[tuple[Order, dict[str, Any]]] = queue.Queue()
    host = _Host(warm)
    groups: dict[Path, list[Order]] = {}
    for order in orders:
        groups.setdefault(order.home, []).append(order)
    pool = ThreadPoolExecutor(min(board.workers, len(groups)))
    try:
        # The longest first: a long one that starts last would be waited for alone.
        for group in sorted(groups.values(), key=lambda group: -board.guess(group[-1])):
            pool.submit(host.run, group, words)
        left = len(orders)
        while left:
            order, word = words.get()
            left -= board.hear(order, word)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        host.close()


class _Host:
    """Where rounds are run: in children of a template process, or in processes started one by one."""

    def __init__(self, warm: bool) -> None:
        self._forks, self._warm = can_fork(), warm
        start = partial(connect.shared, workbook=True) if warm else connect.start_or_join
        self._template = start() if self._forks else None
        self._conversations: list[Frames] = []
        self._processes: list[subprocess.Popen] = []
        self._lock = threading.Lock()

    def run(self, orders: list[Order], words: queue.Queue) -> None:
        """Run a client's rounds one after another, and pass on what they say; the last word of each holds ``end``."""
        for order in orders:
            self._run(order, words)

    def _run(self, order: Order, words: queue.Queue) -> None:
        try:
            for word in self._forked(order) if self._forks else self._started(order):
                words.put((order, word))
                if "end" in word or "broken" in word:
                    return
            gone = _("Its process was killed in the middle; perhaps the machine ran out of memory.")
        except Exception as error:  # a thread that ended without a word would be waited for in vain
            gone = _("It could not be run: {error}.").format(error=type(error).__name__)
        words.put((order, {"end": lost(order, gone).to_json()}))

    def close(self) -> None:
        """End everything that still runs."""
        with self._lock:
            for frames in self._conversations:
                frames.hang_up()
            for process in self._processes:
                process.kill()
        if self._template is not None and not self._warm:
            self._template.close()

    def _forked(self, order: Order):
        frames = self._template.call("helpers.runner:round_job", order=order.to_json())
        with self._lock:
            self._conversations.append(frames)
        try:
            while True:
                yield frames.receive()
        except EOFError:
            return
        finally:
            frames.close()

    def _started(self, order: Order):
        root = str(Path(__file__).resolve().parent.parent)
        process = subprocess.Popen(
            [sys.executable, "-m", "helpers.engine.job"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])},
        )  # fmt: skip
        with self._lock:
            self._processes.append(process)
        job = {"modules": connect.MODULES, "call": "helpers.runner:round_job", "arguments": {"order": order.to_json()}}
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()  # left open: its end tells the process that nobody waits any more
        for line in process.stdout:
            yield json.loads(line)
        process.wait()


class _Board:
    """Keeps what is known of a batch, and tells it."""

    def __init__(self, orders: Sequence[Order], workers: int, tell: Tell):
        self.records: dict[Path, RoundRecord] = {}
        self.workers = workers
        self._orders, self._tell = orders, tell
        self._worked: list[float] = []
        self._started = time.monotonic()

    def guess(self, order: Order) -> float:
        """Return the seconds a round will take: what it took last time, else the mean of the others."""
        last = (read_status(order.home) or {}).get("worked", 0.0)
        return last or (sum(self._worked) / len(self._worked) if self._worked else 0.0)

    def hear(self, order: Order, word: dict[str, Any]) -> bool:
        """Take in what a round says; True when it was its last word."""
        if "end" in word:
            self.finish(order, RoundRecord.from_json(word["end"]))
            return True
        if "broken" in word:
            said = _("It could not be run: {error}.").format(error=word["broken"])
            self.finish(order, lost(order, said))
            return True
        record = NotebookRecord(**word["record"]) if word["record"] else None
        self._say(order, word["notebook"], record)
        return False

    def finish(self, order: Order, record: RoundRecord) -> None:
        """Take in how a round ended."""
        self.records[order.client] = record
        if record.seconds:
            self._worked.append(record.seconds)
        self._say(order, "", record)

    def _say(self, order: Order, notebook: str, record: NotebookRecord | RoundRecord | None) -> None:
        done, total = len(self.records), len(self._orders)
        self._tell(Word(order.home.name, notebook, record, done, total, self._left()))

    def _left(self) -> float | None:
        guesses = [self.guess(order) for order in self._orders if order.client not in self.records]
        if not guesses or not all(guesses):
            return None
        return max(sum(guesses) / self.workers, max(guesses) if len(guesses) < self.workers else 0.0)


def lost(order: Order, sentence: str) -> RoundRecord:
    """Return, and keep, the record of a round whose process is gone.

    Parameters
    ----------
    order : what was to be run.
    sentence : what is known of why.
    """
    status = read_status(order.home) or {}
    report = order.home / status["report"] if status.get("report") else None
    record = RoundRecord(order.home.name, "kernel died", sentence, report)
    write_status(order.home, record)
    return record
