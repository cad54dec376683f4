"""``aim next``: this round's settings kept, the next round opened; for a batch only where the new exports pass."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers.commands.check import checked
from helpers.core import wording
from helpers.core.clients import find_client, reports_folder, writable_client
from helpers.core.errors import AimError, HeldBack, UserMistakes
from helpers.core.records import Limits, RoundRecord, Status

if TYPE_CHECKING:
    from helpers.client.next_round import NextRound


@click.command(name="next")
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day the next round looks back from, as yyyy-mm-dd.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def next_(clients: tuple[str, ...], day: datetime, dry_run: bool) -> None:
    """Open the next round of clients: keep this round's settings under rounds/, and look back from a later day.

    The exports may have been overwritten by newer ones of the same name: a finished round stays as it is.
    """
    folders = list(dict.fromkeys((find_client if dry_run else writable_client)(name) for name in clients))
    opened = [_opened(folder, day.date(), reports_folder()) for folder in folders]  # all of them, before one is written
    for round_ in opened:
        if not dry_run:
            round_.open()
        verb = "would open" if dry_run else "opened"
        click.echo(f"{round_.folder.name}: {verb} round {round_.number}, as of {round_.day}.")
        click.echo(f"    The settings of {round_.before} are kept in {round_.kept_at.relative_to(round_.folder)}.")
        if round_.history_from:
            click.echo(f"    history_from stays {round_.history_from}.")


def _opened(folder: Path, day: date, reports: Path) -> NextRound:
    """Return the next round; AimError where the present one has no report yet: its exports are about to be overwritten."""
    from helpers.client.next_round import next_round
    from helpers.running.past_runs import is_finished

    round_ = next_round(folder, day)
    if not is_finished(reports / folder.name, round_.before):
        raise HeldBack(f"{folder.name}: the round of {round_.before} is not finished. First: aim run {folder.name}")
    return round_


def _pass_or_stop(folder: Path, day: date, limits: Limits, reports: Path) -> None:
    """Read the exports as of a day; raise what refuses them or holds them back."""
    found = checked(folder, limits, day, reports)
    wording.use()  # a batch speaks for all its clients
    if found.problems:
        raise UserMistakes(found.problems)
    from helpers.running.export_changes import hold_back

    try:
        hold_back(found.changes, ())
    except HeldBack as error:  # this round's client.yml accepts for this round only
        raise HeldBack(f"{error} To accept it, open the round first: aim next {folder.name} --as-of {day}") from None


def _ending(error: Exception) -> tuple[Status, str, int]:
    if isinstance(error, UserMistakes):
        return "refused", error.problems[0].safe, sum(problem.count for problem in error.problems)
    if isinstance(error, AimError):
        return ("held back" if isinstance(error, HeldBack) else "failed"), str(error).splitlines()[0], 0
    return "failed", f"The next round could not be opened: {type(error).__name__}.", 0  # no path, no value: this text stays


def open_rounds(folders: list[Path], day: date, limits: Limits, reports: Path) -> dict[Path, RoundRecord]:
    """Open the next round, as of a day, of every client whose round is older; ``limits`` hold for reading one client's exports.

    Returns
    -------
    By folder, the record of a client that is refused or held back: its client.yml and its report stay as they are.
    """
    from helpers.client.config import load_client
    from helpers.running.past_runs import previous_report, write_status

    held: dict[Path, RoundRecord] = {}
    for folder in folders:
        try:
            if load_client(folder).as_of < day:
                round_ = _opened(folder, day, reports)
                _pass_or_stop(folder, day, limits, reports)
                round_.open()
        except Exception as error:  # whatever is wrong with one client never stops the others
            home = reports / folder.name
            status, reason, mistakes = _ending(error)
            held[folder] = RoundRecord(folder.name, status, reason, previous_report(home), mistakes=mistakes)
            write_status(home, held[folder])
    return held
