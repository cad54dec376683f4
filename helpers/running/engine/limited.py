"""A job in a process of its own, ended when it takes more time or memory than it may; its folders are swept."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.core.records import Limits
from helpers.running.engine.environment import ENVIRONMENT
from helpers.running.engine.limits import Watch, death
from helpers.running.engine.surroundings import sweep

_ROOT = Path(__file__).resolve().parents[3]


def limited(call: str, arguments: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """Call ``module:function(lines, **arguments)`` in another process, and yield what it sends.

    Parameters
    ----------
    call : module and function.
    arguments : plain JSON values.
    limits : seconds and memory that it may use.

    Yields
    ------
    What the function sends, and last ``{"end": what it returns}``.

    Raises
    ------
    KernelEnded : a limit was passed, or the process ended by itself before its last word.
    """
    sweep()
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.running.engine.job"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | ENVIRONMENT | {"PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")])},
    )
    try:
        job = {"modules": [], "call": call, "memory_mb": limits.memory_mb, "arguments": arguments}
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()  # left open: its end tells the process that nobody waits any more
        yield from _watched(process, Watch(limits, lambda: (process.pid,)))
    finally:
        process.kill()
        process.wait()
        sweep()


def _watched(process: subprocess.Popen, watch: Watch) -> Iterator[dict[str, Any]]:
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_pass_on, args=(process, lines), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=max(watch.pause(), 0.01))
        except queue.Empty:
            watch.check()
            continue
        if not line:
            raise death(process.wait())
        record = json.loads(line)
        yield record
        if "end" in record:
            return


def _pass_on(process: subprocess.Popen, lines: queue.Queue[bytes]) -> None:
    for line in process.stdout:
        lines.put(line)
    lines.put(b"")
