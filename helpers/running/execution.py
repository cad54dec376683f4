"""One notebook executed in a kernel of its own, and how it really ended.

papermill marks every cell "completed" when a kernel is killed, and only warns about an unknown
parameter. So its marks are not trusted: a notebook is done when its own end marker says so.
"""

import time
import zlib
from pathlib import Path
from typing import Any

import nbformat

from helpers.core import errors
from helpers.core.clients import notebooks_folder
from helpers.core.files import write_atomic
from helpers.core.records import Engine, Limits, NotebookRecord, Status
from helpers.core.wording import _
from helpers.running.engine.limits import KernelEnded, over_memory
from helpers.running.rounds import Round
from helpers.workbook import Phase

PARAMETERS = ("client", "run_dir")
USUAL = Limits()


def run_notebook(phase: Phase, client: Path, run_dir: Path, limits: Limits = USUAL, engine: Engine = "aim") -> NotebookRecord:
    """Execute one notebook into a round.

    Parameters
    ----------
    phase : which notebook.
    client : the client's folder.
    run_dir : the round's folder; the executed notebook goes into its ``notebooks/``.
    limits : how long it may take, and how much memory and output.
    engine : "aim" forks a child of a process that has done the imports; "plain" starts a kernel.

    Returns
    -------
    How it ended; never an exception for what happens inside the notebook.
    """
    started = time.monotonic()
    round_ = Round(Path(run_dir))
    round_.forget_end(phase.notebook)
    template = nbformat.read(notebooks_folder() / f"{phase.notebook}.ipynb", as_version=4)
    problem = _parameter_problem(template)
    if problem:
        return NotebookRecord(phase.notebook, "failed", problem)
    executed, error = _execute(template, phase, {"client": str(client), "run_dir": str(run_dir)}, limits, engine)
    write_atomic(round_.folder / "notebooks" / f"{phase.notebook}.ipynb", nbformat.writes(_clean(executed)).encode())
    status, reason = _verdict(error, executed, round_.ended(phase.notebook), limits)
    return NotebookRecord(phase.notebook, status, reason, round(time.monotonic() - started, 2))


def _parameter_problem(notebook: nbformat.NotebookNode) -> str:
    """papermill only logs an unknown parameter, and the notebook runs on with its default: here that is a failure."""
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    names = {line.split("=")[0].strip() for cell in tagged for line in cell.source.splitlines() if "=" in line}
    unknown = sorted(set(PARAMETERS) ^ names)
    sentence = _("The parameters cell must set exactly {wanted}; not so: {unknown}.")
    return sentence.format(wanted=", ".join(PARAMETERS), unknown=", ".join(unknown)) if unknown else ""


def _execute(
    template: nbformat.NotebookNode, phase: Phase, parameters: dict[str, str], limits: Limits, engine: Engine
) -> tuple[nbformat.NotebookNode, BaseException | None]:
    """Run the notebook through papermill; return it as executed, and the error that ended it."""
    from papermill.engines import papermill_engines
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from helpers.running.engine.engines import register

    register(papermill_engines)
    # What papermill.execute_notebook does, without its files: their paths may hold braces, which it would format.
    notebook = parameterize_notebook(load_notebook_node(template), parameters)
    kernel = papermill_engines.nb_kernel_name(engine, notebook)
    try:
        papermill_engines.execute_notebook_with_engine(
            engine,
            notebook,
            kernel_name=kernel,
            limits=limits,
            own_folder=True,
            seed=zlib.crc32(phase.notebook.encode()),
            progress_bar=False,
            autosave_cell_every=0,
            start_timeout=120,
        )
    except Exception as error:
        return notebook, error
    return notebook, None


def _verdict(
    error: BaseException | None, executed: nbformat.NotebookNode, ended: dict[str, Any] | None, limits: Limits
) -> tuple[Status, str]:
    if isinstance(error, KernelEnded):
        return error.status, str(error)
    if type(error).__name__ == "NoSuchKernel":
        return "failed", _("It asks for the kernel {name}, which is not installed.").format(name=repr(getattr(error, "name", "")))
    if error is not None:
        return "failed", _("It could not be run: {error}.").format(error=type(error).__name__)
    cell_error = _cell_error(executed)
    if cell_error is not None and cell_error["ename"] == "MemoryError":
        return "out of memory", over_memory(limits)
    # EndOfPhase ends a notebook on purpose, and SystemExit is judged by the end marker below.
    if cell_error is not None and cell_error["ename"] not in ("EndOfPhase", "SystemExit"):
        return "failed", _reason(cell_error)
    if ended is None:
        return "failed", _("The notebook stopped before its last cell.")
    return ended["status"], ended["reason"]


def _cell_error(executed: nbformat.NotebookNode) -> dict[str, Any] | None:
    """Return the error that ended the notebook, with the number of its cell."""
    for cell in executed.cells:
        if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", []):
            for output in cell.outputs:
                if output.output_type == "error":
                    return {"ename": output.ename, "evalue": output.evalue, "cell": cell.execution_count}
    return None


def _reason(cell_error: dict[str, Any]) -> str:
    if hasattr(errors, cell_error["ename"]):  # our own sentences are made for the reader, and hold no personal data
        return str(cell_error["evalue"]).splitlines()[0]
    if cell_error["ename"] == "OSError" and "[Errno 28]" in cell_error["evalue"]:
        return _("The disk is full.")
    sentence = _("{error} in the cell numbered {cell}: open the executed notebook to see more.")
    return sentence.format(error=cell_error["ename"], cell=cell_error["cell"])


def _clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between two equal runs, and the paths of this machine."""
    notebook.metadata.pop("papermill", None)
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i:02d}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _whole_streams(cell.outputs)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = "# parameters of this run: see run.json"
    return notebook


def _whole_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join pieces of one stream: where they were cut is a matter of time."""
    whole: list[nbformat.NotebookNode] = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole
