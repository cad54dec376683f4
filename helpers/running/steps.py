"""The steps of a round (the preparation, the notebooks, the report), and the record each leaves when it is done.

``steps/<name>.json`` in the round keeps a key over all that the step rests on (code, notebook, packages, what it
reads by content), the settings it looked at, and the hash of every file it wrote. The record is written last: a
step that was killed has none. Whether a record still holds is answered in ``freshness``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.core.files import WRITING, file_hash, files_in, json_bytes, read_json, write_atomic
from helpers.running.fingerprints import code_hash, digest, environment_hash, settings_hashes

if TYPE_CHECKING:
    from helpers.client.config import ClientConfig
    from helpers.running.rounds import Round

FOLDER = "steps"
PREPARED, REPORT = "prepared", "report"
# Settings that every step may look at.
_COMMON = ("client", "as_of", "history_from", "round_number", "seed")
_RUN_RECORD, _REPORT = "run.json", "report.html"


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

    @property
    def key(self) -> str:
        """One SHA-256 over the code and all that the step rests on, but for the settings."""
        return digest([self.name, code_hash(), environment_hash(), self.rests_on])

    def record(self) -> dict[str, Any] | None:
        """Return what the step kept when it was last done; None where it never was."""
        record = read_json(self._path)
        return record if isinstance(record, dict) else None

    def keep(self, wrote: list[Path], settings: tuple[str, ...], ended: Mapping[str, Any]) -> None:
        """Keep that the step is done: what it wrote, which sections of client.yml it looked at beside the common ones, and how it ended."""
        folder = self.round.folder
        record = {
            "key": self.key,
            "settings": settings_hashes(self.config, (*_COMMON, *settings)),
            "wrote": {path.relative_to(folder).as_posix(): file_hash(path) for path in wrote},
            "ended": dict(ended),
        }
        write_atomic(self._path, json_bytes(record))

    def forget(self) -> None:
        """Remove what this step left behind, before it runs again."""
        record = self.record() or {}
        # The record first: killed in between, the step counts as not done.
        self._path.unlink(missing_ok=True)
        for name in record.get("wrote", {}):
            (self.round.folder / name).unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        return self.round.folder / FOLDER / f"{self.name}.json"


class WatchedConfig:
    """A client's settings, which remember what was looked at: a change elsewhere needs no new run."""

    def __init__(self, config: ClientConfig):
        self._config = config
        self.looked_at: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._config, name)
        keys = type(self._config).model_fields
        # A method, such as model_dump, may look at anything: then it counts as all of it.
        self.looked_at |= {name} if name in keys else set(keys)
        return value


def file_states(folder: Path, content: bool = False) -> dict[str, Any]:
    """Return what stands in a round at work: per file its identity, or the hash of its content."""
    states: dict[str, Any] = {}
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(f"{FOLDER}/") and name not in (_RUN_RECORD, _REPORT):
            status = path.stat()
            states[name] = file_hash(path) if content else (status.st_ino, status.st_mtime_ns, status.st_size)
    return states


def files_written_since(folder: Path, before: Mapping[str, Any]) -> list[Path]:
    """Return the files that were written since ``file_states`` looked."""
    return [folder / name for name, state in file_states(folder).items() if before.get(name) != state]


def remove_strays(folder: Path) -> None:
    """Remove files that no finished step wrote: half-written ones, and those of a step that was killed."""
    records = [read_json(path) or {} for path in (folder / FOLDER).glob("*.json")]
    owned = {name for record in records for name in record.get("wrote", {})}
    for path in files_in(folder):
        name = path.relative_to(folder)
        if path.name.startswith(WRITING) or (name.parts[0] != FOLDER and name.as_posix() not in owned):
            path.unlink()
