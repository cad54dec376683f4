"""Which steps of a round need not run again, because nothing they rest on has changed.

A step is the preparation, a notebook or the report. When it is done, ``steps/<name>.json`` in the
round keeps a key over all it rests on (code, notebook, packages, what it reads by content), the
settings it looked at, and the hash of every file it wrote. The record is written last: a step
that was killed has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.client.config import ClientConfig
from helpers.core.files import WRITING, file_hash, files_in, json_bytes, read_json, write_atomic
from helpers.running.fingerprints import code_hash, digest, environment_hash, same_files
from helpers.running.rounds import Round, earlier_rounds
from helpers.workbook import Phase

STEPS = "steps"
COMMON = ("client", "as_of", "history_from", "round_number", "seed")  # settings that every step may look at


@dataclass(frozen=True)
class Step:
    """One step of a round, and what it rests on.

    Parameters
    ----------
    name : the notebook, "prepared" or "report".
    round : the round at work.
    config : the client's checked client.yml.
    rests_on : everything but the settings, as plain JSON values.
    """

    name: str
    round: Round
    config: ClientConfig
    rests_on: Mapping[str, Any]

    def recorded(self) -> dict[str, Any] | None:
        """Return the record of this step where all it rests on and all it wrote are as they were."""
        record = read_json(self._path)
        if not isinstance(record, dict) or record.get("key") != self._key():
            return None
        if record["settings"] != settings_hashes(self.config, tuple(record["settings"])):
            return None
        return record if same_files(self.round.folder, record["wrote"]) else None

    def forget(self) -> None:
        """Remove what this step left behind, before it runs again."""
        record = read_json(self._path) or {}
        self._path.unlink(missing_ok=True)
        for name in record.get("wrote", {}):
            (self.round.folder / name).unlink(missing_ok=True)

    def keep(self, wrote: list[Path], settings: tuple[str, ...], ended: Mapping[str, Any]) -> None:
        """Keep that the step is done.

        Parameters
        ----------
        wrote : the files it wrote.
        settings : the sections of client.yml it looked at, besides the common ones.
        ended : how it ended, as plain JSON values.
        """
        folder = self.round.folder
        record = {
            "key": self._key(),
            "settings": settings_hashes(self.config, (*COMMON, *settings)),
            "wrote": {path.relative_to(folder).as_posix(): file_hash(path) for path in wrote},
            "ended": dict(ended),
        }
        write_atomic(self._path, json_bytes(record))

    def _key(self) -> str:
        return digest([self.name, code_hash(), environment_hash(), self.rests_on])

    @property
    def _path(self) -> Path:
        return self.round.folder / STEPS / f"{self.name}.json"


def settings_hashes(config: ClientConfig, sections: tuple[str, ...]) -> dict[str, str]:
    """Return the SHA-256 of sections of client.yml, by name."""
    plain = config.model_dump(mode="json")
    return {name: digest(plain.get(name)) for name in sorted(set(sections))}


def upstream(phase: Phase, round_: Round) -> dict[str, Any]:
    """Return the hashes of all that a notebook may read: tables, results, findings, earlier rounds."""
    found: dict[str, Any] = {name: _kept(round_, name) for name in (*phase.reads, *phase.may_read)}
    if "findings" in phase.reads:
        findings = (round_.artefacts / "findings").glob("*.json")
        found["findings"] = {path.stem: file_hash(path) for path in sorted(findings) if path.stem != phase.notebook}
    if phase.reads_earlier:
        found["earlier"] = earlier_hashes(round_, phase.reads_earlier)
    return found


def earlier_hashes(round_: Round, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the hashes of results of the client's earlier rounds, by round and name."""
    return {one.folder.name: {name: _kept(one, name) for name in names} for one in earlier_rounds(round_)}


def _kept(round_: Round, name: str) -> str | None:
    for ending in (".parquet", ".json"):
        path = round_.artefacts / f"{name}{ending}"
        if path.is_file():
            return file_hash(path)
    return None


def seen(folder: Path, content: bool = False) -> dict[str, Any]:
    """Return what stands in a round at work: per file its identity, or the hash of its content."""
    found = {}
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(f"{STEPS}/") and name not in ("run.json", "report.html"):
            state = path.stat()
            found[name] = file_hash(path) if content else (state.st_ino, state.st_mtime_ns, state.st_size)
    return found


def files_since(folder: Path, before: Mapping[str, Any]) -> list[Path]:
    """Return the files that were written since ``seen`` looked."""
    return [folder / name for name, state in seen(folder).items() if before.get(name) != state]


def drop_strays(folder: Path) -> None:
    """Remove files that no finished step wrote: half-written ones, and those of a step that was killed."""
    records = [read_json(path) or {} for path in (folder / STEPS).glob("*.json")]
    owned = {name for record in records for name in record.get("wrote", {})}
    for path in files_in(folder):
        name = path.relative_to(folder)
        if path.name.startswith(WRITING) or (name.parts[0] != STEPS and name.as_posix() not in owned):
            path.unlink()
