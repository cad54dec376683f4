"""The command ``aim``: thin; all work is done in the rooms it calls."""

from __future__ import annotations

import click

from helpers.commands import check, history, inspect, lab, new, rerun, run
from helpers.core.clients import own_clients, reports_folder, sample_clients
from helpers.core.errors import AimError


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


@main.command(name="list")
def list_() -> None:
    """List the clients, their last round and its status."""
    from helpers.running.history import last_round

    for kind, folders in (("own", own_clients()), ("sample", sample_clients())):
        for folder in folders:
            last = last_round(reports_folder() / folder.name)
            click.echo(f"{folder.name:<28} {kind:<7} {last}")


for _command in (run, check, rerun, history, lab, inspect, new):
    main.add_command(_command)


if __name__ == "__main__":
    main()
