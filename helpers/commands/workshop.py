"""``aim lab`` and ``aim rerun``: JupyterLab with the engine warm beside it; one phase again without the imports."""

import contextlib
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from helpers.commands.terminal import ProgressPrinter, closing_table
from helpers.core.clients import IN_CLONE, data_folder, find_client, notebooks_folder, project_folder, reports_folder, writable_client
from helpers.core.errors import AimError, did_you_mean
from helpers.core.files import copy_folder
from helpers.core.records import RunRequest

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, kill, a closed terminal; Windows has no SIGHUP
_CLOSING_SECONDS = 10.0  # JupyterLab takes one or two to close its kernels


@click.command()
@click.argument("client")
def lab(client: str) -> None:
    """Open JupyterLab with a client as the default of every notebook; Ctrl-C closes it with all its kernels.

    In its terminals and cells, ``aim rerun CLIENT 20`` takes half a second more than the work of the phase.
    """
    from helpers.running.engine import connect
    from helpers.running.engine.fork import can_fork
    from helpers.running.engine.workspace import ONE_THREAD

    if find_spec("jupyterlab") is None:
        raise AimError("aim lab needs JupyterLab: pip install '….whl[lab]', the wheel with its extra")
    folder = writable_client(client)
    folders = {"AIM_DATA": data_folder(), "AIM_REPORTS": reports_folder(), "AIM_NOTEBOOKS": _writable_notebooks()}
    # Only noted: raised as an error, a signal could come between the start of a process and the place that ends it.
    received: list[int] = []
    for name in _ENDING:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: received.append(number))
    template = connect.start() if can_fork() else None
    # JupyterLab and all it starts find the template process by this variable.
    warm = {connect.ADDRESS: str(template.path)} if template else {}
    environment = os.environ | ONE_THREAD | {name: str(path) for name, path in folders.items()} | {"AIM_CLIENT": str(folder)} | warm
    # A session of its own: what the terminal sends comes here only, and JupyterLab is told to close in order.
    jupyter = subprocess.Popen(_jupyterlab(), env=environment, start_new_session=True)
    while not received and jupyter.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            jupyter.wait(0.2)
    _end_with_all_it_started(jupyter)
    if template:
        template.close()
    sys.exit(128 + received[0] if received else jupyter.returncode)


def _writable_notebooks() -> Path:
    """Return the folder of notebooks to open: those of an installed package are copied to notebooks/ where that is missing."""
    if IN_CLONE or "AIM_NOTEBOOKS" in os.environ:
        return notebooks_folder()
    own = project_folder() / "notebooks"
    if not own.exists():
        copy_folder(notebooks_folder(), own)
        click.echo(f"The notebooks are in {own}: yours to change. aim run goes on with those of the package.")
    return own


def _jupyterlab() -> list[str]:
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={project_folder()}", "--LabApp.default_url=/lab/tree/notebooks"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # JupyterLab does not start for root unless told to: in a container there often is nobody else.
        command += ["--allow-root", "--ServerApp.ip=127.0.0.1"]
    return command


def _end_with_all_it_started(jupyter: subprocess.Popen) -> None:
    """End JupyterLab, which closes its kernels, and then whatever is left: kernels and terminals have sessions of their own."""
    import psutil

    if jupyter.poll() is not None:
        return
    server = psutil.Process(jupyter.pid)
    started = server.children(recursive=True)
    jupyter.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        jupyter.wait(_CLOSING_SECONDS)
    for process in (*started, server):
        with contextlib.suppress(psutil.Error):
            process.kill()
    jupyter.wait()


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
