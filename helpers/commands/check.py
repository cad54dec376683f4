"""``aim check``: every mistake in a client's folder, looked for in a process that may not take the machine with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpers.commands.options import EXIT_CODES, limit_options, limits_of
from helpers.core import wording
from helpers.core.clients import earlier_settings, find_client, reports_folder
from helpers.core.errors import AimError, Problem, UserMistakes, condensed, printable
from helpers.core.records import Limits
from helpers.core.wording import plural
from helpers.tables.doubts import Doubt, confirmed
from helpers.tables.shapes import Change

if TYPE_CHECKING:
    from helpers.running.engine.job import Lines


@dataclass(frozen=True)
class Checked:
    """What was found in a client's folder: mistakes, and where there is none doubts and what changed since the last round's exports."""

    problems: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    changes: tuple[Change, ...] = ()


@click.command()
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
@limit_options("client")
def check(clients: tuple[str, ...], minutes: float, memory: int) -> None:
    """List every mistake in a client's folder, before any notebook runs.

    Only reads, and only what lies in the client's folder. Exit code 0 when all is well, 4 when changes of the exports would hold a
    client back, 1 when there are mistakes (of several clients the last named here).
    """
    limits = limits_of(minutes, memory)
    total, held_back = 0, False
    for name in clients:
        found = checked(find_client(name), limits)
        count = sum(problem.count for problem in found.problems)
        total += count
        for problem in found.problems:
            click.echo(f"{name}: {problem}")
        counted = plural("{n} mistake.", "{n} mistakes.", count) if found.problems else "no mistakes found."
        click.echo(f"{name}: {counted}")
        for change in found.changes:
            held_back |= change.serious
            weight = f"holds the client back unless accept_changes: [{change.kind}]" if change.serious else change.kind
            click.echo(f"{name}: changed since the last round ({weight}): {change.sentence}.")
        for doubt in found.doubts:
            click.echo(f"{name}: {_doubted(doubt)}")
    sys.exit(1 if total else EXIT_CODES["held back"] if held_back else 0)


def _doubted(doubt: Doubt) -> str:
    if doubt.confirmed:
        return f"confirmed ({doubt.kind}): {doubt.seen}"
    weight = "doubtful" if not doubt.serious else "doubtful, and stands on page 1"
    # Here the ids may be named: whoever sits at the terminal has the files.
    ids = printable(doubt.act_on and "[" + ", ".join(repr(number) for number in doubt.act_on.split(", ")) + "]")
    mend = re.sub(r"\[the \w+\]", lambda _: ids, doubt.mend) if ids else doubt.mend
    # Keys of a source belong into the block of that export, not to the top of client.yml.
    where = f" (into the block of that export of {doubt.table}, under sources)" if re.match(r"\w+: [\[{]", mend) else ""
    return f"{weight} ({doubt.kind}): {doubt.seen} {doubt.effect}\n    To mend it{where}: {mend}\n    If it is right: {doubt.confirm}"


def checked(folder: Path, limits: Limits, day: date | None = None, reports: Path | None = None) -> Checked:
    """Have a client's folder checked in a process of its own; a file that took too much is named where that process was ended.

    Parameters
    ----------
    folder : the client's folder.
    limits : time and memory that it may take.
    day : the day to look back from; None for that of client.yml.
    reports : the folder of all reports, with the client's earlier rounds; None for the usual one.

    Returns
    -------
    What was found; from then on amounts are in the client's currency.
    """
    from helpers.running.engine.job_process import run_limited_job
    from helpers.running.engine.limits import KernelEnded

    reading, arguments = "client.yml", {"folder": str(folder), "day": day.isoformat() if day else "", "reports": str(reports or "")}
    ended: dict[str, Any] = {}
    try:
        for record in run_limited_job("helpers.commands.check:check_job", arguments, limits):
            reading = record.get("reading", reading)
            ended = record.get("end", ended)
    except KernelEnded as ending:
        expected = {
            "timed out": f"a file that is read within {limits.notebook_seconds / 60:g} minutes",
            "out of memory": f"a file that is read with {limits.memory_mb:,} MB of memory",
        }.get(ending.status, "a file that can be read to its end")
        fix = "Nothing was kept of it. Export less, or allow more: aim check --minutes and --memory."
        return Checked((Problem(reading, "", "", expected, fix),))
    wording.use(**ended["speech"])
    problems = condensed(Problem(**problem) for problem in ended["problems"])
    doubts, changes = ended["doubts"], ended["changes"]
    return Checked(tuple(problems), tuple(Doubt(**doubt) for doubt in doubts), tuple(Change(**change) for change in changes))


def check_job(lines: Lines, folder: str, day: str = "", reports: str = "") -> dict[str, Any]:
    """Return what ``check_client`` finds as plain JSON values, and the client's language and currency; ``lines`` is told what is read."""
    records = asdict(check_client(Path(folder), lambda origin: lines.send({"reading": origin}), day, reports))
    return records | {"speech": asdict(wording.spoken())}


def check_client(folder: Path, begin: Callable[[str], None] = lambda origin: None, day: str = "", reports: str = "") -> Checked:
    """Return every mistake in client.yml and in the files it names, else what is doubtful in them and what changed.

    Parameters
    ----------
    folder : the client's folder.
    begin : is called with the file, table or query whose reading begins.
    day, reports : as for ``checked``, as text; empty for the usual.
    """
    # Here and not above: the command itself answers without importing what reads data.
    from helpers.client.config import read_client
    from helpers.running.export_changes import export_changes
    from helpers.running.prepare import misfits_of
    from helpers.sources.customers import with_orders
    from helpers.sources.doubts import find_doubts
    from helpers.sources.intake import read_source, read_sources
    from helpers.sources.shape import shape_of

    try:
        earlier_settings(folder)
    except AimError as error:
        return Checked((Problem("client.yml", "", "", "a folder of the client's own", str(error)),))
    loaded = read_client(folder)
    problems = list(loaded.problems)
    if loaded.config is None:
        for i, source in loaded.sources:
            begin(source.origin)
            problems += read_source(folder, source, i)
        return Checked(tuple(problems))
    wording.use(loaded.config.client.language, loaded.config.client.currency)
    try:
        with read_sources(folder, loaded.config.sources, begin) as intake:
            tables = with_orders(intake.relations)
            problems += misfits_of(loaded.config, tables)
            as_of = date.fromisoformat(day) if day else loaded.config.as_of
            doubts = confirmed(find_doubts(tables, as_of, loaded.config.client.currency, intake.doubts), loaded.config.confirmed)
            home = Path(reports or reports_folder()) / Path(folder).name
            shape = shape_of(intake.relations, intake.receipts, home.name)
            # What client.yml accepts, it accepts for its own round only.
            accepts = () if day else loaded.config.accept_changes
            found = [replace(change, accepted=change.kind in accepts) for change in export_changes(home, as_of, shape)]
    except UserMistakes as error:
        return Checked((*problems, *error.problems))
    return Checked(tuple(problems), tuple(doubts), tuple(found))
