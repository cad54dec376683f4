"""``aim rerun``: one phase again, and whatever its result changes; without the imports inside ``aim lab``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from helpers.commands.telling import Teller, closing_table
from helpers.core.clients import find_client, notebooks_folder, reports_folder
from helpers.core.errors import AimError, did_you_mean
from helpers.core.records import Order


@click.command()
@click.argument("client")
@click.argument("phase")
def rerun(client: str, phase: str) -> None:
    """Run one phase of a client again (such as 41), and refresh the report.

    The phases before it are taken over where nothing changed; those after it run again where its
    result is another one.
    """
    from helpers.running.batch import run_batch

    order = Order(find_client(client), Path(reports_folder()), force=(_notebook(phase),))
    (record,) = run_batch([order], 1, Teller(1))
    click.echo(closing_table([record]))
    sys.exit(0 if record.good else 1)


def _notebook(wanted: str) -> str:
    names = sorted(path.stem for path in notebooks_folder().glob("*.ipynb"))
    for name in names:
        if wanted in (name, *name.split("_", 1)):
            return name
    raise AimError(f"There is no phase {wanted!r}. {did_you_mean(wanted, names)}")
