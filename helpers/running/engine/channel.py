"""A conversation in records over a socket: a length, then JSON. What processes of the engine say to each other."""

import contextlib
import json
import select
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")
_READ_BYTES = 1 << 18


class RecordTooLarge(Exception):
    """A record is larger than the other side allows."""


class Channel:
    """One end of a conversation in records over a connected stream socket, which this object owns from now on."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.received = 0
        self._buffer = bytearray()

    def send(self, record: dict[str, Any]) -> None:
        """Send one record (OSError when the other side is gone)."""
        body = json.dumps(record, default=str).encode()
        self.connection.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self, timeout: float | None = None, limit: int | None = None) -> dict[str, Any]:
        """Return the next record, waiting for so many seconds, and as long as it takes for None.

        Raises
        ------
        TimeoutError : nothing whole arrived in time; what arrived is kept for the next call.
        EOFError : the other side is gone.
        RecordTooLarge : the next record is larger than the limit in bytes; None accepts any.
        """
        while True:
            body = self._whole_body(limit)
            if body is not None:
                return json.loads(body)
            if not self._readable(timeout):
                raise TimeoutError
            self._read()

    def close(self) -> None:
        """End the conversation."""
        self.connection.close()

    def hang_up(self) -> None:
        """End the conversation from another thread than the one that receives: that one gets EOFError."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _whole_body(self, limit: int | None) -> bytes | None:
        """Take the next record out of the buffer; None while a part of it has not arrived."""
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        if limit is not None and length > limit:
            raise RecordTooLarge
        end = _LENGTH.size + length
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[_LENGTH.size : end])
        del self._buffer[:end]
        return body

    def _readable(self, timeout: float | None) -> bool:
        # poll, where there is one: select refuses file descriptors above 1023, which a large batch reaches.
        if not hasattr(select, "poll"):
            return bool(select.select([self.connection], [], [], timeout)[0])
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(0, timeout) * 1000))

    def _read(self) -> None:
        try:
            chunk = self.connection.recv(_READ_BYTES)
        except ConnectionError:
            chunk = b""
        if not chunk:
            raise EOFError
        self.received += len(chunk)
        self._buffer += chunk
