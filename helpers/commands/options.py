"""Options that several commands share, and what a run's end tells a scheduler."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import click

from helpers.core.records import Limits, RoundRecord

_USUAL = Limits()
# Exit codes of aim run, the gravest last: of several clients the gravest counts.
EXIT_CODES: dict[str, int] = {"refused": 3, "held back": 4, "failed": 1}


def limit_options(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command ``--minutes``, for one "client" or "notebook", and ``--memory``."""

    def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
        minutes = click.option(
            "--minutes",
            type=click.FloatRange(min=0, min_open=True),
            default=_USUAL.notebook_seconds / 60,
            show_default=True,
            help=f"Longest time for one {what}.",
        )
        memory = click.option(
            "--memory",
            type=click.IntRange(256),
            default=_USUAL.memory_mb,
            show_default=True,
            help="Most memory for one client, in megabytes.",
        )
        return minutes(memory(command))

    return with_options


def limits_of(minutes: float, memory: int) -> Limits:
    """Return the limits that the two options ask for."""
    return Limits(notebook_seconds=60 * minutes, cell_seconds=60 * minutes, memory_mb=memory)


def exit_code(records: Sequence[RoundRecord]) -> int:
    """Return what a scheduler reads: 0 all well, 3 an input was refused, 4 one was held back, 1 something failed."""
    kinds = {record.status if record.status in EXIT_CODES else "failed" for record in records if not record.good}
    return next((code for kind, code in reversed(EXIT_CODES.items()) if kind in kinds), 0)


def result(records: Sequence[RoundRecord]) -> dict[str, Any]:
    """Return the outcome of a run as plain JSON values, for a scheduler: ``exit_code``, ``counts`` of clients by status, ``rounds``."""
    told = ("client", "status", "reason", "mistakes", "seconds", "report", "changed")
    rounds = [{name: values[name] for name in told} for values in (record.to_json() for record in records)]
    return {"exit_code": exit_code(records), "counts": dict(Counter(record.status for record in records)), "rounds": rounds}
