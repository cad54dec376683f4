"""Many clients at once: one process each, as many as there are cores; one client's trouble stays its own."""

import contextlib
import os
import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.records import RoundRecord, RunRequest, client_home
from helpers.core.wording import _
from helpers.running.engine.workspace import remove_leftovers
from helpers.running.freshness import standing_round
from helpers.running.hosting import Host
from helpers.running.index_page import write_index
from helpers.running.progress import Progress, ProgressListener


def cores() -> int:
    """Return how many rounds may run side by side: the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_batch(
    requests: Sequence[RunRequest], workers: int | None = None, listener: ProgressListener = lambda event: None, warm: bool = False
) -> list[RoundRecord]:
    """Run the rounds of many clients side by side, and write the index page.

    Parameters
    ----------
    requests : one per client, or several rounds of one client, earliest first; they run one after another.
    workers : rounds that run at the same time; as many as cores when None.
    listener : is called, in this thread, for every notebook and round that ends.
    warm : keep the template process for the next batch of this process.

    Returns
    -------
    How each round ended, in the order of the requests. One that another process was killed in has
    failed; it never stops the others.
    """
    _refuse_doubles(requests)
    progress = Progress(requests, workers or cores(), listener)
    waiting: list[RunRequest] = []
    for request in requests:
        # A round rests on the client's earlier ones: where one of those runs, it is looked at again.
        earlier_runs = any(earlier.home == request.home for earlier in waiting)
        standing = None if earlier_runs else standing_round(request)
        if standing is None:
            waiting.append(request)
        else:
            progress.finish(request, standing)
    if waiting:
        remove_leftovers()
        _run_waiting(waiting, progress, warm)
    for reports in dict.fromkeys(request.reports for request in requests):
        with contextlib.suppress(OSError):  # a full disk is in the records already
            write_index(Path(reports))
    return [progress.records[request.client] for request in requests]


def _refuse_doubles(requests: Sequence[RunRequest]) -> None:
    owners: dict[Path, Path] = {}
    for request in requests:
        owner = client_home(request.client)
        if owners.setdefault(request.home, owner) != owner:
            raise AimError(_("Two clients are called {name}: their reports would be one.").format(name=request.home.name))


def _run_waiting(requests: list[RunRequest], progress: Progress, warm: bool) -> None:
    """Run rounds in threads that only wait; the work is done in other processes."""
    messages: queue.Queue[tuple[RunRequest, dict[str, Any]]] = queue.Queue()
    host = Host(warm)
    by_client: dict[Path, list[RunRequest]] = {}
    for request in requests:
        by_client.setdefault(request.home, []).append(request)
    pool = ThreadPoolExecutor(min(progress.workers, len(by_client)))
    try:
        # The longest first: a long one that starts last would be waited for alone.
        for rounds in sorted(by_client.values(), key=lambda rounds: -progress.expected_seconds(rounds[-1])):
            pool.submit(host.run, rounds, messages)
        left = len(requests)
        while left:
            request, message = messages.get()
            left -= progress.record(request, message)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        host.close()
