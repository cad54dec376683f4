"""A job in a process of its own (``engine.job``), for whoever cannot fork or must not trust what is read."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

from helpers.core.records import Limits
from helpers.running.engine.limits import Watch, death
from helpers.running.engine.workspace import child_environment, remove_leftovers


def start_job(
    call: str, arguments: dict[str, Any], modules: tuple[str, ...] = (), memory_mb: int = 0, quiet: bool = False
) -> subprocess.Popen:
    """Start a process that calls ``module:function(lines, **arguments)``; ``sent_by`` gives what it sends.

    Parameters
    ----------
    call : module and function.
    arguments : plain JSON values.
    modules : what the process imports first.
    memory_mb : most private memory it may take, in megabytes; 0 for no limit.
    quiet : throw away what it prints to standard error.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "helpers.running.engine.job"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None,
        env=child_environment(),
    )
    assert process.stdin is not None
    job = {"modules": modules, "call": call, "memory_mb": memory_mb, "arguments": arguments}
    process.stdin.write(json.dumps(job).encode() + b"\n")
    process.stdin.flush()  # left open: its end tells the process that nobody waits any more
    return process


def sent_by(process: subprocess.Popen) -> Iterator[bytes]:
    """Yield the lines of JSON that a job sends; the last holds ``end``."""
    assert process.stdout is not None
    yield from process.stdout


def run_limited_job(call: str, arguments: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """Call ``module:function(lines, **arguments)`` in another process, and yield what it sends, last ``{"end": what it returns}``.

    The process is ended when it takes more time or memory than it may; its folders are removed.

    Raises
    ------
    KernelEnded : a limit was passed, or the process ended by itself before its last record.
    """
    remove_leftovers()
    process = start_job(call, arguments, memory_mb=limits.memory_mb, quiet=True)
    try:
        yield from _watched(process, Watch(limits, lambda: (process.pid,)))
    finally:
        process.kill()
        process.wait()
        remove_leftovers()


def _watched(process: subprocess.Popen, watch: Watch) -> Iterator[dict[str, Any]]:
    lines: queue.Queue[bytes] = queue.Queue()

    def pass_on() -> None:
        for line in sent_by(process):
            lines.put(line)
        lines.put(b"")  # stands for: the process ended without a last record

    threading.Thread(target=pass_on, daemon=True).start()
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
