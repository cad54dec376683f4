"""The round folder: where results are kept, and the rule that a notebook uses only what it declares.

A round is ``reports/<client>/<as_of>/``. Work is done beside it and put in its place in one step,
so that a failed run never harms the report that was there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.core.errors import MissingArtefact, UndeclaredAccess
from helpers.core.files import json_bytes, write_atomic
from helpers.core.results import Finding
from helpers.running.past_runs import finished_rounds
from helpers.workbook import PHASES, Phase, writer_of

FINDINGS = "findings"  # what a phase declares that reads the finding of every notebook
ENDED = "ended"  # record in which a notebook says how it ended; only this proves that it did


@dataclass(frozen=True)
class Round:
    """One round's folder, and the results kept in it by name."""

    folder: Path

    @property
    def artefacts(self) -> Path:
        """Folder of the results that travel between notebooks."""
        return self.folder / "artefacts"

    def has(self, name: str) -> bool:
        """Tell whether a result of this name is kept."""
        return self._frame(name).is_file() or self._record(name).is_file()

    def keep(self, name: str, content: pd.DataFrame | Mapping[str, Any]) -> Path:
        """Keep a frame (as parquet) or a record (as JSON) under a name; return the path of the file."""
        if isinstance(content, pd.DataFrame):
            write_atomic(self._frame(name), content.to_parquet(index=False))
            return self._frame(name)
        write_atomic(self._record(name), json_bytes(content))
        return self._record(name)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a kept frame (MissingArtefact when there is none)."""
        if not self._frame(name).is_file():
            raise MissingArtefact(_missing(name))
        return pd.read_parquet(self._frame(name))

    def record(self, name: str) -> Any:
        """Return a kept record (MissingArtefact when there is none)."""
        if not self._record(name).is_file():
            raise MissingArtefact(_missing(name))
        return json.loads(self._record(name).read_text(encoding="utf-8"))

    def content(self, name: str) -> pd.DataFrame | Any:
        """Return a kept frame or record, whichever it is."""
        return self.frame(name) if self._frame(name).is_file() else self.record(name)

    def finding(self, notebook: str) -> Finding | None:
        """Return what a notebook found; None when it has not said so."""
        path = self.artefacts / FINDINGS / f"{notebook}.json"
        return Finding.from_json(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None

    def findings(self) -> dict[str, Finding]:
        """Return what every notebook found, by notebook, in the order in which they run."""
        findings = {phase.notebook: self.finding(phase.notebook) for phase in PHASES}
        return {notebook: finding for notebook, finding in findings.items() if finding is not None}

    def keep_finding(self, notebook: str, finding: Finding) -> None:
        """Keep what a notebook found."""
        write_atomic(self.artefacts / FINDINGS / f"{notebook}.json", json_bytes(finding.to_json()))

    def ended(self, notebook: str) -> dict[str, Any] | None:
        """Return how a notebook says it ended; None when it never came to its end."""
        path = self.artefacts / ENDED / f"{notebook}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def keep_end(self, notebook: str, status: str, reason: str = "", settings: Iterable[str] | None = None) -> None:
        """Keep the end marker of a notebook.

        Parameters
        ----------
        status : "done" or "not enough data".
        reason : one sentence; empty when done.
        settings : the sections of client.yml it looked at; None when that is not known.
        """
        record = {"status": status, "reason": reason, "settings": sorted(settings) if settings is not None else None}
        write_atomic(self.artefacts / ENDED / f"{notebook}.json", json_bytes(record))

    def forget_end(self, notebook: str) -> None:
        """Remove the end marker, before a notebook runs again."""
        (self.artefacts / ENDED / f"{notebook}.json").unlink(missing_ok=True)

    def _frame(self, name: str) -> Path:
        return self.artefacts / f"{name}.parquet"

    def _record(self, name: str) -> Path:
        return self.artefacts / f"{name}.json"


@dataclass(frozen=True)
class DeclaredAccess:
    """A round as one notebook may use it: only the names its line in ``workbook`` declares."""

    round: Round
    phase: Phase

    def read(self, name: str) -> pd.DataFrame | Any | None:
        """Return a frame or record; None for an optional one that is not there, and for "findings" those of every notebook.

        Raises
        ------
        UndeclaredAccess : the name is not among the phase's reads.
        MissingArtefact : a needed result is not there yet.
        """
        self._demand(name, (*self.phase.reads, *self.phase.optional), "reads {name}")
        if name == FINDINGS:
            return self.round.findings()
        if name in self.phase.optional and not self.round.has(name):
            return None
        return self.round.content(name)

    def earlier(self, name: str, match: Mapping[str, str]) -> pd.DataFrame | Any | None:
        """Return what the newest earlier round of this client kept under a name; None where none did.

        Parameters
        ----------
        name : a frame or record that the phase declares among ``reads_earlier`` (else UndeclaredAccess).
        match : keys of the record, or columns of the frame, and what they must hold.
        """
        self._demand(name, self.phase.reads_earlier, "reads {name} of earlier rounds")
        for round_ in reversed(earlier_rounds(self.round)):
            if round_.has(name):
                content = round_.content(name)
                if all(_holds(content, key, text) for key, text in match.items()):
                    return content
        return None

    def keep(self, name: str, content: pd.DataFrame | Mapping[str, Any]) -> None:
        """Keep a result (UndeclaredAccess when the phase does not declare it)."""
        self._demand(name, self.phase.writes, "writes {name}")
        self.round.keep(name, content)

    def _demand(self, name: str, declared: Iterable[str], use: str) -> None:
        if name not in declared:
            used = use.format(name=repr(name))
            raise UndeclaredAccess(f"{self.phase.notebook} does not declare that it {used}: add it to its line in helpers/workbook.py.")


def earlier_rounds(round_: Round) -> list[Round]:
    """Return the finished rounds of the same client before this one, whose date its preparation kept as ``as_of``, oldest first."""
    as_of = round_.record("as_of")["as_of"]
    return [Round(folder) for folder in finished_rounds(round_.folder.parent) if folder.name < as_of]


def _holds(content: Any, key: str, text: str) -> bool:
    if isinstance(content, pd.DataFrame):
        return key in content and bool((content[key].astype("str") == text).any())
    return str(content.get(key)) == text


def _missing(name: str) -> str:
    writer = writer_of(name)
    if writer is None:
        return f"The table {name!r} is not there: none of the client's sources fills it."
    return f"The result {name!r} is not there yet: run {writer.notebook} first."
