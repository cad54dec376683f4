"""What is known of a batch while it runs: who is done, how it ended, how long it still takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.core.records import NotebookRecord, Order, RoundRecord
from helpers.core.wording import _
from helpers.running.history import read_status, write_status


@dataclass(frozen=True)
class Word:
    """One word on how the batch goes.

    Parameters
    ----------
    client : whose round it is about.
    notebook : the notebook it is about; empty when it is about the whole round.
    record : how the notebook or round ended; None when it starts.
    done, total : clients that are finished, and all of them.
    seconds_left : a guess at the seconds to the end; None while nothing is known.
    """

    client: str
    notebook: str
    record: NotebookRecord | RoundRecord | None
    done: int
    total: int
    seconds_left: float | None = None


Tell = Callable[[Word], None]


class Board:
    """Keeps what is known of a batch, and tells it.

    Parameters
    ----------
    orders : all rounds of the batch.
    workers : rounds that run at the same time.
    tell : is called for every notebook and round that starts or ends.
    """

    def __init__(self, orders: Sequence[Order], workers: int, tell: Tell):
        self.records: dict[Path, RoundRecord] = {}
        self.workers = workers
        self._orders, self._tell = orders, tell
        self._worked: list[float] = []
        self._started = time.monotonic()

    def guess(self, order: Order) -> float:
        """Return the seconds a round will take: what it took last time, else the mean of the others."""
        last = (read_status(order.home) or {}).get("worked", 0.0)
        return last or (sum(self._worked) / len(self._worked) if self._worked else 0.0)

    def hear(self, order: Order, word: dict[str, Any]) -> bool:
        """Take in what a round says; True when it was its last word."""
        if "end" in word:
            self.finish(order, RoundRecord.from_json(word["end"]))
            return True
        if "broken" in word:
            said = _("It could not be run: {error}.").format(error=word["broken"])
            self.finish(order, lost(order, said))
            return True
        record = NotebookRecord(**word["record"]) if word["record"] else None
        self._say(order, word["notebook"], record)
        return False

    def finish(self, order: Order, record: RoundRecord) -> None:
        """Take in how a round ended."""
        self.records[order.client] = record
        if record.seconds:
            self._worked.append(record.seconds)
        self._say(order, "", record)

    def _say(self, order: Order, notebook: str, record: NotebookRecord | RoundRecord | None) -> None:
        done, total = len(self.records), len(self._orders)
        self._tell(Word(order.home.name, notebook, record, done, total, self._left()))

    def _left(self) -> float | None:
        guesses = [self.guess(order) for order in self._orders if order.client not in self.records]
        if not guesses or not all(guesses):
            return None
        return max(sum(guesses) / self.workers, max(guesses) if len(guesses) < self.workers else 0.0)


def lost(order: Order, sentence: str) -> RoundRecord:
    """Return, and keep, the record of a round whose process is gone.

    Parameters
    ----------
    order : what was to be run.
    sentence : what is known of why.
    """
    status = read_status(order.home) or {}
    report = order.home / status["report"] if status.get("report") else None
    record = RoundRecord(order.home.name, "kernel died", sentence, report)
    write_status(order.home, record)
    return record
