"""Where the rounds of a batch are run: in children of a template process, or in processes started one by one."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

from helpers.core.records import RunRequest
from helpers.core.wording import _
from helpers.running.engine import connect
from helpers.running.engine.channel import Channel
from helpers.running.engine.fork import can_fork
from helpers.running.engine.job_process import sent_by, start_job
from helpers.running.progress import lost_round

_ROUND_JOB = "helpers.running.runner:round_job"


class Host:
    """Runs rounds in other processes; this one only listens. Warm, it keeps the template process for the next batch of this process."""

    def __init__(self, warm: bool) -> None:
        self._warm = warm
        start = partial(connect.shared, workbook=True) if warm else connect.start_or_join
        self._template = start() if can_fork() else None
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
