"""The command ``aim``: thin; all work is done in the rooms it calls."""

import click

from helpers.commands import check, demo, explain, history, lab, list_clients, new, next_, rerun, run
from helpers.core.errors import AimError


class _Plain(click.Group):
    """A group whose user mistakes end in one sentence, never in a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; end a mistake of the user in its sentence."""
        try:
            return super().invoke(context)
        except AimError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Plain)
@click.version_option(package_name="aim-workbook", prog_name="aim")
def main() -> None:
    """The AIM workbook: from a client's exports to a report, through the six phases."""


for _command in (demo, new, explain, check, run, rerun, list_clients, history, next_, lab):
    main.add_command(_command)


if __name__ == "__main__":
    main()
