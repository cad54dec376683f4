"""``aim lab``: JupyterLab for a workshop, with the engine warm beside it."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from helpers.core.clients import ROOT, find_client


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
    warm = {connect.ADDRESS: str(template.path)} if template else {}
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={ROOT}", "--LabApp.default_url=/lab/tree/notebooks"]
    try:
        sys.exit(subprocess.call(command, env=os.environ | {"AIM_CLIENT": str(folder)} | warm))
    finally:
        if template:
            template.close()
