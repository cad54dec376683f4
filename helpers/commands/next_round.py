"""``aim next``: this round's settings kept, the next round opened; for a batch only where the new exports pass."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from helpers.commands.check import checked
from helpers.core.clients import find_client, reports_folder
from helpers.core.errors import AimError, HeldBack, UserMistakes
from helpers.core.records import Limits, RoundRecord, Status


@click.command(name="next")
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day the next round looks back from, as yyyy-mm-dd.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def next_(clients: tuple[str, ...], day: datetime, dry_run: bool) -> None:
    """Open the next round of clients: keep this round's settings under rounds/, and look back from a later day.

    The exports may have been overwritten by newer ones of the same name: a finished round stays as it is.
    """
    from helpers.client.next_round import next_round

    opened = [next_round(find_client(name), day.date()) for name in clients]  # all of them, before one is written
    for round_ in opened:
        if not dry_run:
            round_.open()
        verb = "would open" if dry_run else "opened"
        click.echo(f"{round_.folder.name}: {verb} round {round_.number}, as of {round_.day}.")
        click.echo(f"    The settings of {round_.before} are kept in {round_.kept_at.relative_to(round_.folder)}.")


def _pass_or_stop(folder: Path, day: date, limits: Limits) -> None:
    """Read the exports as of a day; raise what refuses them or holds them back."""
    problems, _doubts, changes = checked(folder, limits, day)
    if problems:
        raise UserMistakes(problems)
    from helpers.running.export_changes import hold_back

    hold_back([asdict(change) for change in changes], ())


def _ending(error: AimError) -> tuple[Status, int]:
    if isinstance(error, UserMistakes):
        return "refused", sum(problem.count for problem in error.problems)
    return ("held back" if isinstance(error, HeldBack) else "failed"), 0


def open_rounds(folders: list[Path], day: date, limits: Limits) -> dict[Path, RoundRecord]:
    """Open the next round of every client whose round is older; return the records of those that cannot go on.

    Parameters
    ----------
    folders : the clients' folders.
    day : the day the new rounds look back from.
    limits : what reading one client's exports may use.

    Returns
    -------
    By folder, the record of a client that is refused or held back: its client.yml and its report stay as they are.
    """
    from helpers.client.config import load_client
    from helpers.client.next_round import next_round
    from helpers.running.past_runs import previous_report, write_status

    held: dict[Path, RoundRecord] = {}
    for folder in folders:
        try:
            if load_client(folder).as_of < day:
                round_ = next_round(folder, day)
                _pass_or_stop(folder, day, limits)
                round_.open()
        except AimError as error:
            home = reports_folder() / folder.name
            status, mistakes = _ending(error)
            held[folder] = RoundRecord(folder.name, status, str(error).splitlines()[0], previous_report(home), mistakes=mistakes)
            write_status(home, held[folder])
    return held
