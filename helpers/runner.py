"""One client's round from exports to report: prepare, run the notebooks in order, render, put in place."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.clients import ROOT
from helpers.config import load_client
from helpers.errors import AimError
from helpers.execution import NOTEBOOKS, NotebookRecord, Status, run_notebook
from helpers.phases import PHASES, Phase, writer_of
from helpers.prepare import input_hashes, prepare
from helpers.rendering import render_round
from helpers.runs import Round, file_hash, heal_folder, json_bytes, replace_folder, write_atomic

Progress = Callable[[str, NotebookRecord | None], None]
_STACK = ("pandas", "numpy", "scikit-learn", "papermill", "nbconvert", "nbclient", "matplotlib", "seaborn", "pyarrow")


@dataclass(frozen=True)
class RoundRecord:
    """How a client's round ended.

    Parameters
    ----------
    client : name of the client's folder.
    status : "done", or the worst status of its notebooks.
    reason : one sentence on what happened; empty when all is well.
    report : the report, where there is one (after a failure: the previous one).
    notebooks : how each notebook ended.
    seconds : wall time of the round.
    """

    client: str
    status: Status
    reason: str
    report: Path | None
    notebooks: tuple[NotebookRecord, ...] = ()
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """True when the round gave a new report."""
        return self.status == "done"


def run_round(client: Path, reports: Path, progress: Progress = lambda name, record: None) -> RoundRecord:
    """Run one client's round and put its report in place.

    Parameters
    ----------
    client : the client's folder.
    reports : folder of all reports.
    progress : called before (record None) and after every notebook.

    Returns
    -------
    How it ended. A failed round leaves the previous one as it was; what it did is kept in
    ``reports/<client>/last-attempt``.
    """
    started = time.monotonic()
    home = Path(reports) / client.name
    try:
        config = load_client(client)
        place = home / config.as_of.isoformat()
        heal_folder(place)
        work = _fresh(home / f".{place.name}.work")
        prepare(client, config, Round(work))
    except AimError as error:
        sentence = str(error).splitlines()[0]
        return RoundRecord(client.name, "failed", sentence, _previous(home), seconds=time.monotonic() - started)
    records = _run_phases(client, work, progress)
    bad = next((record for record in records if not record.good), None)
    if bad is None:
        write_atomic(work / "report.html", render_round(work, config).encode())
    record = RoundRecord(
        client.name, bad.status if bad else "done", f"{bad.notebook}: {bad.reason}" if bad else _said(records),
        place / "report.html" if bad is None else _previous(home), tuple(records), round(time.monotonic() - started, 2),
    )  # fmt: skip
    write_atomic(work / "run.json", json_bytes(_run_record(client, config, record, Round(work))))
    replace_folder(work, place if bad is None else home / "last-attempt")
    return record


def _run_phases(client: Path, work: Path, progress: Progress) -> list[NotebookRecord]:
    records: list[NotebookRecord] = []
    for phase in PHASES:
        progress(phase.notebook, None)
        blocked = _blocked_by(phase, records)
        record = (
            NotebookRecord(phase.notebook, "not run", f"It needs what {blocked} did not give.")
            if blocked
            else run_notebook(phase, client, work)
        )
        progress(phase.notebook, record)
        records.append(record)
    return records


def _blocked_by(phase: Phase, records: list[NotebookRecord]) -> str:
    """Name the failed notebook whose result this phase may not do without."""
    bad = {record.notebook for record in records if not record.good}
    if "findings" in phase.reads and bad:
        return min(bad)
    writers = [writer_of(name) for name in (*phase.reads, *phase.may_read)]
    return next((writer.notebook for writer in writers if writer and writer.notebook in bad), "")


def _said(records: list[NotebookRecord]) -> str:
    short = [record.notebook for record in records if record.status == "not enough data"]
    return f"Not enough data for {', '.join(short)}." if short else ""


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _previous(home: Path) -> Path | None:
    found = sorted(home.glob("[0-9]*/report.html"))
    return found[-1] if found else None


def _run_record(client: Path, config: Any, record: RoundRecord, round_: Round) -> dict[str, Any]:
    """What was read and written, with what, and how it ended: run.json."""
    written = sorted(path for path in round_.folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {
        "client": client.name,
        "as_of": config.as_of,
        "round": config.round_number,
        "seed": config.seed,
        "status": record.status,
        "reason": record.reason,
        "seconds": record.seconds,
        "notebooks": [one.to_json() for one in record.notebooks],
        "read": input_hashes(client, config),
        "code": {"helpers": tree_hash(ROOT / "helpers"), "notebooks": tree_hash(NOTEBOOKS)},
        "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _STACK},
        "written": {path.relative_to(round_.folder).as_posix(): file_hash(path) for path in written},
    }


def tree_hash(folder: Path) -> str:
    """Return one SHA-256 over all source files of a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
