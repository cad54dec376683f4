"""``aim lab`` and ``aim rerun``: JupyterLab with the engine warm beside it; one phase again without the imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from helpers.commands.terminal import ProgressPrinter, closing_table
from helpers.core.clients import ROOT, find_client, notebooks_folder, reports_folder
from helpers.core.errors import AimError, did_you_mean
from helpers.core.records import RunRequest


@click.command()
@click.argument("client")
def lab(client: str) -> None:
    """Open JupyterLab with a client as the default of every notebook.

    In its terminals and cells, ``aim rerun CLIENT 20`` takes half a second more than the work of the phase.
    """
    from helpers.running.engine import connect
    from helpers.running.engine.fork import can_fork

    folder = find_client(client)
    template = connect.start() if can_fork() else None
    # JupyterLab and all it starts find the template process by this variable.
    warm = {connect.ADDRESS: str(template.path)} if template else {}
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks"]
    try:
        sys.exit(subprocess.call(command, env=os.environ | {"AIM_CLIENT": str(folder)} | warm))
    finally:
        if template:
            template.close()


@click.command()
@click.argument("client")
@click.argument("phase")
def rerun(client: str, phase: str) -> None:
    """Run one phase of a client again (such as 41), and refresh the report.

    The phases before it are taken over where nothing changed; those after it run again where its
    result is another one.
    """
    from helpers.running.batch import run_batch

    request = RunRequest(find_client(client), Path(reports_folder()), force=(_notebook(phase),))
    (record,) = run_batch([request], 1, ProgressPrinter(1))
    click.echo(closing_table([record]))
    sys.exit(0 if record.good else 1)


def _notebook(phase: str) -> str:
    """Return the notebook of a phase by its number, its name, or both."""
    notebooks = sorted(path.stem for path in notebooks_folder().glob("*.ipynb"))
    for notebook in notebooks:
        if phase in (notebook, *notebook.split("_", 1)):
            return notebook
    raise AimError(f"There is no phase {phase!r}. {did_you_mean(phase, notebooks)}")
