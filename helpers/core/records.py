"""What is to be run and how it ended: plain records that travel between processes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Status = Literal["done", "not enough data", "failed", "timed out", "out of memory", "kernel died", "not run", "refused", "held back"]
Engine = Literal["aim", "plain"]
ROUNDS = "rounds"  # folder in a client's folder: <date>/client.yml of each earlier round, as it was
GOOD: tuple[Status, ...] = ("done", "not enough data")


def client_home(folder: Path) -> Path:
    """Return the client's own folder: for a folder in its ``rounds/``, which keeps an earlier client.yml, the one two floors up."""
    folder = Path(folder)
    return folder.parent.parent if folder.parent.name == ROUNDS else folder


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    Parameters
    ----------
    notebook_seconds : wall time of a whole notebook.
    cell_seconds : wall time of one cell.
    memory_mb : memory of a client's processes, in megabytes.
    output_mb : what one notebook may print and draw, in megabytes.
    """

    notebook_seconds: float = 900
    cell_seconds: float = 600
    memory_mb: int = 3000
    output_mb: int = 50


@dataclass(frozen=True)
class RunRequest:
    """What to run, and how.

    Parameters
    ----------
    client, reports : the client's folder, and the folder of all reports.
    engine : "aim" forks a child of a process that has done the imports; "plain" starts a kernel.
    force : notebooks to run even where nothing changed; "all" stands for every step.
    limits : what a notebook may use.
    """

    client: Path
    reports: Path
    engine: Engine = "aim"
    force: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def home(self) -> Path:
        """The client's folder under reports/; of settings kept from an earlier round, that of their client."""
        return Path(self.reports) / client_home(self.client).name

    def forces(self, step: str) -> bool:
        """Tell whether a step has to run even where nothing changed."""
        return step in self.force or "all" in self.force

    def to_json(self) -> dict[str, Any]:
        """Return the request as plain JSON values."""
        return {**asdict(self), "client": str(self.client), "reports": str(self.reports)}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> RunRequest:
        """Rebuild the request that ``to_json`` wrote."""
        paths = {"client": Path(raw["client"]), "reports": Path(raw["reports"])}
        return cls(**{**raw, **paths, "force": tuple(raw["force"]), "limits": Limits(**raw["limits"])})


@dataclass(frozen=True)
class NotebookRecord:
    """How one notebook of a round ended.

    Parameters
    ----------
    notebook : its name.
    status : "done", "not enough data", "failed", "timed out", "out of memory", "kernel died" or "not run".
    reason : one sentence; empty when done.
    seconds : wall time; 0 when it was taken over from the last run.
    taken_over : nothing that it rests on has changed, so its results were taken over.
    """

    notebook: str
    status: Status
    reason: str = ""
    seconds: float = 0.0
    taken_over: bool = False

    @property
    def good(self) -> bool:
        """True when the notebook said what it could say."""
        return self.status in GOOD


@dataclass(frozen=True)
class RoundRecord:
    """How a client's round ended.

    Parameters
    ----------
    client : name of the client's folder.
    status : "done", "refused" (mistakes in client.yml or the exports), "held back" (the exports differ from last time in a way that
        somebody has to look at), or the first bad status of its notebooks.
    reason : one sentence on what happened; empty when all is well.
    report : the report, where there is one (after a failure: the previous one).
    notebooks : how each notebook ended.
    seconds : wall time of the round.
    changed : what is new since the last run, as sentences; empty when nothing is.
    mistakes : how many mistakes were found, where it was refused.
    """

    client: str
    status: Status
    reason: str
    report: Path | None
    notebooks: tuple[NotebookRecord, ...] = ()
    seconds: float = 0.0
    changed: tuple[str, ...] = ()
    mistakes: int = 0

    @property
    def good(self) -> bool:
        """True when the round has an up-to-date report."""
        return self.status == "done"

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return {**asdict(self), "report": str(self.report) if self.report else None}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> RoundRecord:
        """Rebuild the record that ``to_json`` wrote."""
        notebooks = tuple(NotebookRecord(**notebook) for notebook in raw["notebooks"])
        report = Path(raw["report"]) if raw["report"] else None
        return cls(**{**raw, "notebooks": notebooks, "report": report, "changed": tuple(raw["changed"])})
