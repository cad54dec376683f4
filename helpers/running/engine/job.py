"""One job in a process of its own, for systems that cannot fork: ``python -m helpers.running.engine.job``.

The job comes as one line of JSON on standard input, what it sends goes out as lines of JSON. When
standard input ends, nobody waits any more, and the process ends itself with all it started.
"""

import importlib
import json
import os
import signal
import sys
import threading
from typing import Any


class Lines:
    """The way out for records, while whatever else is printed goes to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def send(self, record: dict[str, Any]) -> None:
        """Send one record."""
        self._out.write(json.dumps(record, default=str) + "\n")
        self._out.flush()


def main() -> None:
    """Do the job."""
    from helpers.running.fingerprints import code_hash

    code_hash()  # before the imports: whatever changes after this moment counts as changed
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lines = Lines()
    if job.get("memory_mb"):
        from helpers.running.engine.limits import limit_memory

        limit_memory(job["memory_mb"])
    for name in job["modules"]:
        importlib.import_module(name)
    module, name = job["call"].split(":")
    function = getattr(importlib.import_module(module), name)
    lines.send({"end": function(lines, **job["arguments"])})


def _end_with_parent() -> None:
    sys.stdin.read()
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGTERM)
    os._exit(1)


if __name__ == "__main__":
    main()
