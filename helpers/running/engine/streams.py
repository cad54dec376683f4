"""stdout and stderr of a kernel in a forked child: what Python prints, and what others print past it."""

import codecs
import io
import os
import select
import sys
import threading
import time
from typing import Any

# What is printed waits until it is this much, or this old, so that a loop does not send a message per print.
_MOST_WAITING = 1 << 16
_LONGEST_WAIT_SECONDS = 0.2


class Stream(io.TextIOBase):
    """A text stream ("stdout" or "stderr") whose content a session sends as outputs of the running cell.

    Both streams have one lock, so that messages do not mix.
    """

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, session: Any, name: str, lock: threading.RLock):
        self.session, self.name, self._lock = session, name, lock
        self._parent: dict[str, Any] = {}
        self._waiting: list[str] = []
        self._length = 0
        self._sent_at = time.monotonic()
        self._pipe: int | None = None
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def set_parent(self, parent: dict[str, Any]) -> None:
        """Say to which cell the text belongs from now on."""
        self._parent = parent["header"]

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Let a text wait, and send what waits when it is much or old."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._waiting.append(text)
            self._length += len(text)
            if self._length > _MOST_WAITING or time.monotonic() - self._sent_at > _LONGEST_WAIT_SECONDS:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what waits."""
        with self._lock:
            text = "".join(self._waiting)
            self._waiting, self._length, self._sent_at = [], 0, time.monotonic()
            if text:
                self.session.send(None, "stream", {"name": self.name, "text": text}, parent=self._parent)

    def watch(self, descriptor: int) -> None:
        """Take over what is written to a file descriptor, past Python."""
        read_end, write_end = os.pipe()
        os.dup2(write_end, descriptor)
        os.close(write_end)
        self._pipe = read_end

        def keep_reading() -> None:
            while self._read_ready(read_end, None):
                pass

        threading.Thread(target=keep_reading, daemon=True).start()

    def catch_up(self) -> None:
        """Send all that was written so far, by Python and past it."""
        while self._pipe is not None and self._read_ready(self._pipe, 0):
            pass
        self.flush()

    def _read_ready(self, pipe: int, timeout: float | None) -> bool:
        """Read once; False when there was nothing to read."""
        if not select.select([pipe], [], [], timeout)[0]:
            return False
        with self._lock:
            # The other thread may have read it between the first look and the lock.
            if not select.select([pipe], [], [], 0)[0]:
                return timeout is None
            self.write(self._decode(os.read(pipe, _MOST_WAITING)))
        return True


def take_over_output(session: Any) -> tuple[Stream, Stream]:
    """Return stdout and stderr for a kernel, which take over what Python, subprocesses and compiled code print."""
    lock = threading.RLock()
    sys.stdout, sys.stderr = streams = Stream(session, "stdout", lock), Stream(session, "stderr", lock)
    for descriptor, stream in enumerate(streams, 1):
        stream.watch(descriptor)
    return streams
