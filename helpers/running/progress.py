"""What is known of a batch while it runs: who is done, how it ended, how long it still takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.core.records import NotebookRecord, RoundRecord, RunRequest
from helpers.core.wording import _
from helpers.running.past_runs import read_status, write_status


@dataclass(frozen=True)
class ProgressEvent:
    """A notebook or a round of a client that ended, and how far the batch is.

    Parameters
    ----------
    done, total : clients that are finished, and all of them.
    seconds_left : a guess at the seconds to the end; None while nothing is known.
    """

    client: str
    record: NotebookRecord | RoundRecord
    done: int
    total: int
    seconds_left: float | None = None


ProgressListener = Callable[[ProgressEvent], None]


class Progress:
    """Keeps what is known of a batch, and tells a listener of every notebook and round that ends."""

    def __init__(self, requests: Sequence[RunRequest], workers: int, listener: ProgressListener):
        self.records: dict[Path, RoundRecord] = {}
        self.workers = workers
        self._requests, self._listener = requests, listener
        self._seconds_of_others: list[float] = []

    def expected_seconds(self, request: RunRequest) -> float:
        """Return the seconds a round will take: what it took last time, else the mean of the others; 0 when unknown."""
        # The last run that did some work: one that took everything over says nothing.
        last = (read_status(request.home) or {}).get("worked", 0.0)
        others = self._seconds_of_others
        return last or (sum(others) / len(others) if others else 0.0)

    def record(self, request: RunRequest, message: dict[str, Any]) -> bool:
        """Take in a message of a running round; True when it was its last."""
        if "end" in message:
            self.finish(request, RoundRecord.from_json(message["end"]))
            return True
        if "broken" in message:
            self.finish(request, lost_round(request, _("It could not be run: {error}.").format(error=message["broken"])))
            return True
        self._pass_on(request, NotebookRecord(**message["record"]))
        return False

    def finish(self, request: RunRequest, record: RoundRecord) -> None:
        """Take in how a round ended."""
        self.records[request.client] = record
        if record.seconds:
            self._seconds_of_others.append(record.seconds)
        self._pass_on(request, record)

    def _pass_on(self, request: RunRequest, record: NotebookRecord | RoundRecord) -> None:
        done, total = len(self.records), len(self._requests)
        self._listener(ProgressEvent(request.home.name, record, done, total, self._seconds_left()))

    def _seconds_left(self) -> float | None:
        waiting = [self.expected_seconds(request) for request in self._requests if request.client not in self.records]
        if not waiting or not all(waiting):
            return None
        # Spread over the workers; but where there are more workers than rounds, the longest decides.
        return max(sum(waiting) / self.workers, max(waiting) if len(waiting) < self.workers else 0.0)


def lost_round(request: RunRequest, reason: str) -> RoundRecord:
    """Return, and keep, the record of a round whose process is gone, with what is known of why as a sentence."""
    status = read_status(request.home) or {}
    report = request.home / status["report"] if status.get("report") else None
    record = RoundRecord(request.home.name, "kernel died", reason, report)
    write_status(request.home, record)
    return record
