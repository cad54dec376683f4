"""Where the rounds of a batch are run: in children of a template process, or in processes started one by one."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

from helpers.core.records import Order
from helpers.core.wording import _
from helpers.running.engine import connect
from helpers.running.engine.environment import ENVIRONMENT
from helpers.running.engine.fork import can_fork
from helpers.running.engine.frames import Frames
from helpers.running.progress import lost


class Host:
    """Runs rounds in other processes; this one only listens.

    Parameters
    ----------
    warm : keep the template process for the next batch of this process.
    """

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
        frames = self._template.call("helpers.running.runner:round_job", order=order.to_json())
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
        root = str(Path(__file__).resolve().parents[2])
        process = subprocess.Popen(
            [sys.executable, "-m", "helpers.running.engine.job"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])},
        )
        with self._lock:
            self._processes.append(process)
        job = {"modules": connect.MODULES, "call": "helpers.running.runner:round_job", "arguments": {"order": order.to_json()}}
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()  # left open: its end tells the process that nobody waits any more
        for line in process.stdout:
            yield json.loads(line)
        process.wait()
