"""``aim check``: every mistake in a client's folder, looked for in a process that may not take the machine with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import click

from helpers.commands.options import limit_options, limits_of
from helpers.core.clients import earlier_settings, find_client
from helpers.core.errors import AimError, Problem, UserMistakes, condensed
from helpers.core.records import Limits
from helpers.tables.doubts import Doubt, confirmed


class Listener(Protocol):
    """Receives records of what is being done."""

    def send(self, record: dict[str, Any]) -> None:
        """Take one record."""


@click.command()
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
@limit_options("client")
def check(clients: tuple[str, ...], minutes: float, memory: int) -> None:
    """List every mistake in a client's folder, before any notebook runs.

    Only reads, and only what lies in the client's folder. Exit code 1 where there are mistakes.
    """
    limits = limits_of(minutes, memory)
    total = 0
    for name in clients:
        problems, doubts = _problems(find_client(name), limits)
        count = sum(problem.count for problem in problems)
        total += count
        for problem in problems:
            click.echo(f"{name}: {problem}")
        click.echo(f"{name}: {count} mistakes." if problems else f"{name}: no mistakes found.")
        for doubt in doubts:
            click.echo(f"{name}: {_doubted(doubt)}")
    sys.exit(1 if total else 0)


def _doubted(doubt: Doubt) -> str:
    if doubt.confirmed:
        return f"confirmed ({doubt.kind}): {doubt.seen}"
    weight = "doubtful" if not doubt.serious else "doubtful, and stands on page 1"
    return f"{weight} ({doubt.kind}): {doubt.seen} {doubt.effect}\n    To mend it: {doubt.mend}\n    If it is right: {doubt.confirm}"


def _problems(folder: Path, limits: Limits) -> tuple[list[Problem], list[Doubt]]:
    """Have the folder checked in a process of its own, and name the file that took too much where that process was ended."""
    from helpers.running.engine.job_process import run_limited_job
    from helpers.running.engine.limits import KernelEnded

    reading = "client.yml"
    ended: dict[str, list[dict[str, Any]]] = {}
    try:
        for record in run_limited_job("helpers.commands.check:check_job", {"folder": str(folder)}, limits):
            reading = record.get("reading", reading)
            ended = record.get("end", ended)
    except KernelEnded as ending:
        expected = {
            "timed out": f"a file that is read within {limits.notebook_seconds / 60:g} minutes",
            "out of memory": f"a file that is read with {limits.memory_mb:,} MB of memory",
        }.get(ending.status, "a file that can be read to its end")
        fix = "Nothing was kept of it. Export less, or allow more: aim check --minutes and --memory."
        return [Problem(reading, "", "", expected, fix)], []
    return condensed(Problem(**problem) for problem in ended["problems"]), [Doubt(**doubt) for doubt in ended["doubts"]]


def check_job(lines: Listener, folder: str) -> dict[str, list[dict[str, Any]]]:
    """Return every mistake and every doubt as plain JSON values; what the process of its own is asked for.

    Parameters
    ----------
    lines : receives which export is being read.
    folder : the client's folder.
    """
    doubts: list[Doubt] = []
    problems = check_client(Path(folder), lambda origin: lines.send({"reading": origin}), doubts.append)
    return {"problems": [asdict(problem) for problem in problems], "doubts": [asdict(doubt) for doubt in doubts]}


def check_client(
    folder: Path, begin: Callable[[str], None] = lambda origin: None, doubted: Callable[[Doubt], None] = lambda doubt: None
) -> tuple[Problem, ...]:
    """Return every mistake in client.yml and in the files it names.

    Parameters
    ----------
    folder : the client's folder.
    begin : is called with the file, table or query whose reading begins.
    doubted : is called with every doubt, where there is no mistake.
    """
    # Here and not above: the command itself answers without importing what reads data.
    from helpers.client.config import read_client
    from helpers.core import wording
    from helpers.sources.customers import with_orders
    from helpers.sources.doubts import find_doubts
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
    wording.use(loaded.config.client.language, loaded.config.client.currency)
    try:
        with read_sources(folder, loaded.config.sources, begin) as intake:
            doubts = find_doubts(with_orders(intake.relations), loaded.config.as_of)
    except UserMistakes as error:
        return (*problems, *error.problems)
    for doubt in confirmed(doubts, loaded.config.confirmed):
        doubted(doubt)
    return tuple(problems)
