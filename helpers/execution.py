"""One notebook executed in a kernel of its own, and an honest word on how it ended.

papermill marks every cell "completed" when a kernel is killed, and only warns about an unknown
parameter. So nothing it says is trusted: a notebook is done when its own end marker says so.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat

from helpers.clients import ROOT
from helpers.phases import Phase
from helpers.runs import Round, write_atomic

Status = Literal["done", "not enough data", "failed", "timed out", "kernel died", "not run"]
GOOD: tuple[Status, ...] = ("done", "not enough data")
NOTEBOOKS = ROOT / "notebooks"
PARAMETERS = ("client", "run_dir")


@dataclass(frozen=True)
class NotebookRecord:
    """How one notebook of a round ended.

    Parameters
    ----------
    notebook : its name.
    status : "done", "not enough data", "failed", "timed out", "kernel died" or "not run".
    reason : one sentence; empty when done.
    seconds : wall time.
    """

    notebook: str
    status: Status
    reason: str = ""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """True when the notebook said what it could say."""
        return self.status in GOOD

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)


def run_notebook(phase: Phase, client: Path, run_dir: Path, cell_seconds: int = 600) -> NotebookRecord:
    """Execute one notebook into a round.

    Parameters
    ----------
    phase : which notebook.
    client : the client's folder.
    run_dir : the round's folder; the executed notebook goes into its ``notebooks/``.
    cell_seconds : longest time for one cell.

    Returns
    -------
    How it ended; never an exception for what happens inside the notebook.
    """
    started = time.monotonic()
    round_ = Round(Path(run_dir))
    round_.forget_end(phase.notebook)
    template = nbformat.read(NOTEBOOKS / f"{phase.notebook}.ipynb", as_version=4)
    problem = _parameter_problem(template)
    if problem:
        return NotebookRecord(phase.notebook, "failed", problem)
    executed, error = _execute(template, phase, client, run_dir, cell_seconds)
    write_atomic(round_.folder / "notebooks" / f"{phase.notebook}.ipynb", nbformat.writes(_clean(executed)).encode())
    status, reason = _verdict(error, round_.ended(phase.notebook))
    return NotebookRecord(phase.notebook, status, reason, round(time.monotonic() - started, 2))


def _parameter_problem(notebook: nbformat.NotebookNode) -> str:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    names = {line.split("=")[0].strip() for cell in tagged for line in cell.source.splitlines() if "=" in line}
    unknown = sorted(set(PARAMETERS) ^ names)
    return f"The parameters cell must set exactly {', '.join(PARAMETERS)}; not so: {', '.join(unknown)}." if unknown else ""


def _execute(template, phase: Phase, client: Path, run_dir: Path, cell_seconds: int):
    """Run the notebook through papermill; return it as executed, and the error that ended it."""
    import tempfile

    import papermill

    with tempfile.TemporaryDirectory(prefix="aim-") as folder:
        # Paths here hold no braces: papermill would format them.
        before, after = Path(folder) / "in.ipynb", Path(folder) / "out.ipynb"
        nbformat.write(template, before)
        error: BaseException | None = None
        try:
            papermill.execute_notebook(
                before, after, parameters={"client": str(client), "run_dir": str(run_dir)},
                progress_bar=False, execution_timeout=cell_seconds, start_timeout=120,
                request_save_on_cell_execute=False, autosave_cell_every=0,
            )  # fmt: skip
        except Exception as caught:
            error = caught
        executed = nbformat.read(after, as_version=4) if after.is_file() else template
    return executed, error


def _verdict(error: BaseException | None, ended: dict[str, Any] | None) -> tuple[Status, str]:
    kind = type(error).__name__ if error else ""
    if kind == "DeadKernelError":
        return "kernel died", "The kernel stopped in the middle: perhaps the memory ran out."
    if kind == "CellTimeoutError":
        return "timed out", "A cell took longer than its time limit."
    if error is not None and getattr(error, "ename", "") != "EndOfPhase":
        return "failed", _reason(error)
    if ended is None:
        return "failed", "The notebook stopped before its last cell."
    return ended["status"], ended["reason"]


def _reason(error: BaseException) -> str:
    name = getattr(error, "ename", type(error).__name__)
    from helpers import errors

    if hasattr(errors, name):  # our own sentences are made for the reader, and hold no personal data
        return str(getattr(error, "evalue", error)).splitlines()[0]
    cell = getattr(error, "exec_count", None)
    where = f" in the cell numbered {cell}" if cell else ""
    return f"{name}{where}: open the executed notebook to see more."


def _clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between two equal runs, and the paths of this machine."""
    notebook.metadata.pop("papermill", None)
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i:02d}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = "# parameters of this run: see run.json"
    return notebook
