"""Many clients at once: one process each, as many as there are cores; one client's trouble stays its own."""

from __future__ import annotations

import contextlib
import os
import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.core.clients import ROUNDS
from helpers.core.errors import AimError
from helpers.core.records import Order, RoundRecord
from helpers.core.wording import _
from helpers.running.engine.surroundings import sweep
from helpers.running.hosting import Host
from helpers.running.index_page import write_index
from helpers.running.progress import Board, Tell
from helpers.running.unchanged import still_stands


def cores() -> int:
    """Return how many rounds may run side by side: the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_batch(orders: Sequence[Order], workers: int | None = None, tell: Tell = lambda word: None, warm: bool = False) -> list[RoundRecord]:
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
    board = Board(orders, workers or cores(), tell)
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


def _run_waiting(orders: list[Order], board: Board, warm: bool) -> None:
    """Run rounds in threads that only wait; the work is done in other processes."""
    words: queue.Queue[tuple[Order, dict[str, Any]]] = queue.Queue()
    host = Host(warm)
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
