"""``aim check``: every mistake in a client's folder, looked for in a process that may not take the machine with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import click

from helpers.core.clients import earlier_settings, find_client
from helpers.core.errors import AimError, Problem, UserMistakes
from helpers.core.records import Limits

_USUAL = Limits()


class Listener(Protocol):
    """Receives records of what is being done."""

    def send(self, record: dict[str, Any]) -> None:
        """Take one record."""


@click.command()
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    default=_USUAL.notebook_seconds / 60,
    show_default=True,
    help="Longest time for one client.",
)
@click.option(
    "--memory",
    type=click.IntRange(256),
    default=_USUAL.memory_mb,
    show_default=True,
    help="Most memory for one client, in megabytes.",
)
def check(clients: tuple[str, ...], minutes: float, memory: int) -> None:
    """List every mistake in a client's folder, before any notebook runs.

    Only reads, and only what lies in the client's folder. Exit code 1 where there are mistakes.
    """
    limits = Limits(notebook_seconds=60 * minutes, cell_seconds=60 * minutes, memory_mb=memory)
    total = 0
    for name in clients:
        problems = _problems(find_client(name), limits)
        total += len(problems)
        for problem in problems:
            click.echo(f"{name}: {problem}")
        click.echo(f"{name}: {len(problems)} mistakes." if problems else f"{name}: no mistakes found.")
    sys.exit(1 if total else 0)


def _problems(folder: Path, limits: Limits) -> list[Problem]:
    """Have the folder checked in a process of its own, and name the file that took too much where that process was ended."""
    from helpers.running.engine.job_process import run_limited_job
    from helpers.running.engine.limits import KernelEnded

    reading = "client.yml"
    problems: list[dict[str, str]] = []
    try:
        for record in run_limited_job("helpers.commands.check:check_job", {"folder": str(folder)}, limits):
            reading = record.get("reading", reading)
            problems = record.get("end", problems)
    except KernelEnded as ending:
        expected = {
            "timed out": f"a file that is read within {limits.notebook_seconds / 60:g} minutes",
            "out of memory": f"a file that is read with {limits.memory_mb:,} MB of memory",
        }.get(ending.status, "a file that can be read to its end")
        fix = "Nothing was kept of it. Export less, or allow more: aim check --minutes and --memory."
        return [Problem(reading, "", "", expected, fix)]
    return [Problem(**problem) for problem in problems]


def check_job(lines: Listener, folder: str) -> list[dict[str, str]]:
    """Return every mistake as plain JSON values; what the process of its own is asked for.

    Parameters
    ----------
    lines : receives which export is being read.
    folder : the client's folder.
    """
    problems = check_client(Path(folder), lambda origin: lines.send({"reading": origin}))
    return [asdict(problem) for problem in problems]


def check_client(folder: Path, begin: Callable[[str], None] = lambda origin: None) -> tuple[Problem, ...]:
    """Return every mistake in client.yml and in the files it names.

    Parameters
    ----------
    folder : the client's folder.
    begin : is called with the file, table or query whose reading begins.
    """
    # Here and not above: the command itself answers without importing what reads data.
    from helpers.client.config import read_client
    from helpers.sources.intake import read_source, read_sources

    try:
        earlier_settings(folder)
    except AimError as error:
        return (Problem("client.yml", "", "", "a folder of the client's own", str(error)),)
    loaded = read_client(folder)
    problems = list(loaded.problems)
    if loaded.config is None:
        for i, source in loaded.sources:
            begin(source.origin)
            problems += read_source(folder, source, i)
        return tuple(problems)
    if not loaded.config.sources:
        fix = "Add one block per export; aim new shows what a block holds."
        return (Problem("client.yml", "key sources", "", "at least one source", fix),)
    try:
        read_sources(folder, loaded.config.sources, begin).store.close()
    except UserMistakes as error:
        problems += error.problems
    return tuple(problems)
