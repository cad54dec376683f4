"""The command ``aim``: thin; all work is done in the rooms it calls."""

from __future__ import annotations

import sys

import click

from helpers.clients import find_client, own_clients, reports_folder, sample_clients
from helpers.commands import history, inspect, lab, new, rerun, run
from helpers.errors import AimError


class _Plain(click.Group):
    """A group whose user mistakes end in one sentence, never in a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except AimError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Plain)
@click.version_option(package_name="aim-workbook", prog_name="aim")
def main() -> None:
    """The AIM workbook: from a client's exports to a report, through the six phases."""


@main.command()
@click.argument("clients", nargs=-1, required=True, metavar="CLIENT...")
def check(clients: tuple[str, ...]) -> None:
    """List every mistake in a client's folder, before any notebook runs."""
    from helpers.checking import check_client

    found = 0
    for name in clients:
        problems = check_client(find_client(name))
        found += len(problems)
        for problem in problems:
            click.echo(f"{name}: {problem}")
        click.echo(f"{name}: {len(problems)} mistakes." if problems else f"{name}: no mistakes found.")
    sys.exit(1 if found else 0)


@main.command(name="list")
def list_() -> None:
    """List the clients, their last round and its status."""
    from helpers.history import last_round

    for kind, folders in (("own", own_clients()), ("sample", sample_clients())):
        for folder in folders:
            last = last_round(reports_folder() / folder.name)
            click.echo(f"{folder.name:<28} {kind:<7} {last}")


for _command in (run, rerun, history, lab, inspect, new):
    main.add_command(_command)


if __name__ == "__main__":
    main()
