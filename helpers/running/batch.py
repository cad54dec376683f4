"""Many clients at once: one process each, as many as there are cores; one client's trouble stays its own."""

import contextlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.records import RoundRecord, RunRequest, client_home
from helpers.core.wording import _
from helpers.running.engine import connect
from helpers.running.engine.channel import Channel
from helpers.running.engine.fork import can_fork
from helpers.running.engine.job_process import sent_by, start_job
from helpers.running.engine.workspace import remove_leftovers
from helpers.running.freshness import standing_round
from helpers.running.index_page import write_index
from helpers.running.progress import Progress, ProgressListener, lost_round

_ROUND_JOB = "helpers.running.runner:round_job"


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
    How each round ended, in the order of the requests. One that was killed in the middle has failed; it never stops the others.
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


class Host:
    """Runs rounds in other processes; this one only listens. Warm, it keeps the template process for the next batch of this process."""

    def __init__(self, warm: bool) -> None:
        self._warm = warm
        self._template: connect.Template | None = None
        if can_fork():
            self._template = connect.shared(workbook=True) if warm else connect.start_or_join()
        self._channels: list[Channel] = []
        self._processes: list[subprocess.Popen] = []
        self._lock = threading.Lock()

    def run(self, requests: list[RunRequest], messages: queue.Queue[tuple[RunRequest, dict[str, Any]]]) -> None:
        """Run a client's rounds one after another, and pass on their messages; the last of each holds ``end`` or ``broken``."""
        for request in requests:
            self._run(request, messages)

    def _run(self, request: RunRequest, messages: queue.Queue[tuple[RunRequest, dict[str, Any]]]) -> None:
        try:
            for message in self._started(request) if self._template is None else self._forked(request, self._template):
                messages.put((request, message))
                if "end" in message or "broken" in message:
                    return
            reason = _("Its process was killed in the middle; perhaps the machine ran out of memory.")
        except Exception as error:  # a thread that ended without a last message would be waited for in vain
            reason = _("It could not be run: {error}.").format(error=type(error).__name__)
        messages.put((request, {"end": lost_round(request, reason).to_json()}))

    def close(self) -> None:
        """End everything that still runs."""
        with self._lock:
            for channel in self._channels:
                channel.hang_up()
            for process in self._processes:
                process.kill()
        if self._template is not None and not self._warm:
            self._template.close()

    def _forked(self, request: RunRequest, template: connect.Template) -> Iterator[dict[str, Any]]:
        channel = template.call(_ROUND_JOB, request=request.to_json())
        with self._lock:
            self._channels.append(channel)
        try:
            while True:  # until the other side is gone
                yield channel.receive()
        except EOFError:
            return
        finally:
            channel.close()

    def _started(self, request: RunRequest) -> Iterator[dict[str, Any]]:
        process = start_job(_ROUND_JOB, {"request": request.to_json()}, connect.MODULES)
        with self._lock:
            self._processes.append(process)
        for line in sent_by(process):
            yield json.loads(line)
        process.wait()
