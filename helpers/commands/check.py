"""``aim check``: every mistake in a client's folder, looked for in a process that may not take the machine with it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from helpers.core.clients import find_client
from helpers.core.errors import Problem
from helpers.core.records import Limits

_USUAL = Limits()


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
    found = 0
    for name in clients:
        problems = _problems(find_client(name), limits)
        found += len(problems)
        for problem in problems:
            click.echo(f"{name}: {problem}")
        click.echo(f"{name}: {len(problems)} mistakes." if problems else f"{name}: no mistakes found.")
    sys.exit(1 if found else 0)


def _problems(folder: Path, limits: Limits) -> list[Problem]:
    from helpers.running.engine.limited import limited
    from helpers.running.engine.limits import KernelEnded

    reading = "client.yml"
    try:
        for said in limited("helpers.commands.checking:check_job", {"folder": str(folder)}, limits):
            reading = said.get("reading", reading)
    except KernelEnded as ended:
        expected = {
            "timed out": f"a file that is read within {limits.notebook_seconds / 60:g} minutes",
            "out of memory": f"a file that is read with {limits.memory_mb:,} MB of memory",
        }.get(ended.status, "a file that can be read to its end")
        fix = "Nothing was kept of it. Export less, or allow more: aim check --minutes and --memory."
        return [Problem(reading, "", "", expected, fix)]
    return [Problem(**problem) for problem in said["end"]]
