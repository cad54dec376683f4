"""How a batch goes, on the terminal: one line per step for one client, one line per client for many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers.core.records import NotebookRecord, RoundRecord

if TYPE_CHECKING:
    from helpers.running.progress import ProgressEvent


class ProgressPrinter:
    """Prints what happens in a batch as it comes: with one client every notebook gets a line, with more every client."""

    def __init__(self, clients: int, to_stderr: bool = False):
        self._alone, self._to_stderr = clients == 1, to_stderr

    def __call__(self, event: ProgressEvent) -> None:
        """Print one event."""
        if isinstance(event.record, NotebookRecord) and self._alone:
            record = event.record
            took = "as before" if record.taken_over else f"{record.seconds:.1f} s"
            line = f"    {record.notebook:<20} {record.status:<16} {took:>9}  {record.reason}"
            click.echo(line.rstrip(), err=self._to_stderr)
        elif isinstance(event.record, RoundRecord) and not self._alone:
            click.echo(_client_line(event, event.record), err=self._to_stderr)


def _client_line(event: ProgressEvent, record: RoundRecord) -> str:
    counter = f"[{event.done}/{event.total}]"
    took = "as before" if not record.seconds else f"{record.seconds:.1f} s"
    left = f"about {_duration(event.seconds_left)} left" if event.seconds_left else ""
    return f"{counter:>9} {event.client:<28} {record.status:<16} {took:>9}  {left}".rstrip()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def closing_table(records: Sequence[RoundRecord]) -> str:
    """Return the table that ends a run: client, status, what happened, report."""
    here = Path.cwd()
    rows = [("client", "status", "what happened", "report")]
    for record in sorted(records, key=lambda record: record.good):  # what failed first
        path = record.report
        report = str(path.relative_to(here) if path and path.is_relative_to(here) else path or "none")
        note = report if record.good or not record.report else f"{report} (previous)"
        took = f"{record.seconds:.0f} s" if record.seconds else "nothing has changed"
        rows.append((record.client, record.status, record.reason or took, note))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(["", lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
