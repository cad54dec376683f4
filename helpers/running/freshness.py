"""Does it still stand? The steps of a round, the record each leaves, and the one place that says what may be taken over.

What stands is taken over, what does not is run again. Nothing here counts times or versions: a thing stands when
the hashes of all it rests on (``fingerprints``) are those that were kept when it was made, and what it wrote is
still there as it was written. Told in milliseconds, since nothing heavy is imported.

- A **round** rests on code, notebooks, packages, client.yml, the input files and the client's earlier rounds.
- A **step** (the preparation, a notebook, the report) rests on less, so that one changed setting runs one notebook again and
  not all of them. ``steps/<name>.json`` in the round keeps a key over all that it rests on, the settings it looked at, and the
  hash of every file it wrote. The record is written last: a step that was killed has none.
- A **closed round**, which a later one has read, stands whatever has changed since: the later one rests on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.core.files import WRITING, file_hash, files_in, json_bytes, read_json, write_atomic
from helpers.core.records import NotebookRecord, RoundRecord, RunRequest
from helpers.running.fingerprints import (
    LIVE,
    code_hash,
    digest,
    earlier_hashes,
    environment_hash,
    same_files,
    settings_hashes,
    workbook_hashes,
)
from helpers.running.past_runs import finished_rounds, read_status

if TYPE_CHECKING:
    from helpers.client.config import ClientConfig
    from helpers.running.rounds import Round

DRAFT = "prepared"  # record in which a draft keeps the hashes of what was read into it
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


def standing_round(request: RunRequest) -> RoundRecord | None:
    """Return the record of the client's finished round where nothing it rests on has changed; None where it must be run."""
    status = read_status(request.home)
    if request.force or status is None or status["status"] != "done":
        return None
    for place in reversed(finished_rounds(request.home)):
        run = read_json(place / "run.json")
        if run and run["status"] == "done" and _round_stands(request, run, place):
            return taken_over(request, run, place)
    return None


def _round_stands(request: RunRequest, run: dict[str, Any], place: Path) -> bool:
    # The cheapest question first: hashing what a round wrote takes longest.
    return (
        run["code"] == workbook_hashes()
        and same_files(Path(request.client), run["read"])
        and run["earlier"]["rounds"] == earlier_hashes(request.home, place.name, run["earlier"]["names"])
        and same_files(place, run["written"])
    )


def taken_over(request: RunRequest, run: dict[str, Any], place: Path) -> RoundRecord:
    """Return the record of a client's finished round, with its run.json and folder, that stands as it is."""
    notebooks = tuple(NotebookRecord(**notebook | {"seconds": 0.0, "taken_over": True}) for notebook in run["notebooks"])
    return RoundRecord(request.home.name, "done", run["reason"], place / "report.html", notebooks)


def standing_step(step: Step) -> dict[str, Any] | None:
    """Return the record of a step where all it rests on and all it wrote are as they were; None where it must run."""
    # Nothing says whether a database still holds what it held, so what reads one always runs. The notebooks
    # behind it rest on the tables that come out, and still stand where those are the same.
    if LIVE in step.rests_on.get("inputs", {}).values():
        return None
    record = step.record()
    stands = (
        record is not None
        and record.get("key") == step.key
        and record["settings"] == settings_hashes(step.config, tuple(record["settings"]))
        and same_files(step.round.folder, record["wrote"])
    )
    return record if stands else None


def draft_stands(round_: Round, inputs: dict[str, str]) -> bool:
    """Tell whether the same, by its hashes, was read into a draft before; never where a database was."""
    return LIVE not in inputs.values() and round_.has(DRAFT) and round_.record(DRAFT) == inputs


def exports_overwritten(client: Path, run: dict[str, Any]) -> bool:
    """Tell whether the exports of a closed round, by its run.json, are no longer what it read."""
    # Kept settings name files from two floors below the client's folder.
    read = {name.removeprefix("../../"): content for name, content in run["read"].items() if content != LIVE}
    return not same_files(client, {name: content for name, content in read.items() if name != "client.yml"})


def closed_by(home: Path, place: Path) -> str:
    """Return the day of the round that has read a client's finished one, and so closed it; empty where none has."""
    if not (place / "run.json").is_file():
        return ""
    for later in finished_rounds(home):
        run = read_json(later / "run.json") or {}
        if later.name > place.name and place.name in run.get("earlier", {}).get("rounds", {}):
            return later.name
    return ""
