"""What a round rests on, as hashes: code, packages, notebooks, input files, settings, results, earlier rounds.

Whether anything has changed is answered in ``freshness``; what is hashed, and how, only here. Nothing heavy is
imported: a process asks for the hash of the code before it imports that code.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.core.clients import ROOT, notebooks_folder
from helpers.core.files import file_hash
from helpers.running.past_runs import finished_rounds

if TYPE_CHECKING:
    from helpers.client.config import ClientConfig
    from helpers.running.rounds import Round
    from helpers.workbook import Phase

HELPERS = ROOT / "helpers"
# Stands in place of a hash: no file, so nothing says whether a database still holds what it held.
LIVE = "a database, read anew each time"
_NO_SOURCE = ("__pycache__", ".ipynb_checkpoints")


def digest(content: Any) -> str:
    """Return the SHA-256 of plain JSON values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def same_files(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Tell whether files in a folder are all there with the content they had; ``hashes`` gives the SHA-256 by relative path."""
    try:
        return all(file_hash(folder / name) == expected for name, expected in hashes.items())
    except OSError:
        return False


# ---- The workbook itself ----


@cache
def code_hash() -> str:
    """Return one SHA-256 over all sources of the helpers, as they were when this process first asked.

    A process asks before it imports them: should a source change in between, the next run sees
    another hash and runs again.
    """
    total = hashlib.sha256()
    for path in sorted(HELPERS.rglob("*")):
        if path.is_file() and not any(part in _NO_SOURCE for part in path.parts):
            total.update(path.relative_to(HELPERS).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


@cache
def environment_hash() -> str:
    """Return one SHA-256 over Python's version, the machine's kind, and every installed package's version."""
    packages = {folder.name for path in map(Path, sys.path) if path.is_dir() for folder in path.glob("*.dist-info")}
    return digest([sys.version, platform.machine(), sys.platform, sorted(packages)])


def notebook_hash(path: Path) -> str:
    """Return the SHA-256 of what a person wrote in a notebook: not its outputs, not its layout."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return digest([(cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])) for cell in cells])


def workbook_hashes() -> dict[str, str]:
    """Return the SHA-256 of the helpers, of all notebooks, and of the packages; run.json keeps them as ``code``."""
    notebooks = {path.name: notebook_hash(path) for path in sorted(notebooks_folder().glob("*.ipynb"))}
    return {"helpers": code_hash(), "notebooks": digest(notebooks), "packages": environment_hash()}


# ---- What the client gave ----


def settings_hashes(config: ClientConfig, sections: tuple[str, ...]) -> dict[str, str]:
    """Return the SHA-256 of sections of client.yml, by name."""
    plain = config.model_dump(mode="json")
    return {name: digest(plain.get(name)) for name in sorted(set(sections))}


def input_hashes(folder: Path, config: ClientConfig) -> dict[str, str]:
    """Return the SHA-256 of every input file that a client's checked client.yml names, by name; ``LIVE`` stands for a database."""
    from helpers.sources.places import file_of  # imports the engines that read data

    files = {source.file: file_of(folder, source.file, "") for source in config.sources if source.file}
    # A file that is missing or not allowed is named by the reader, with all other mistakes; it is not opened.
    hashes = {name: file_hash(path) if isinstance(path, Path) else "" for name, path in files.items()}
    return hashes | {source.origin: LIVE for source in config.sources if source.url}


def files_as_they_are(client: Path, config: ClientConfig) -> dict[str, str]:
    """Return the SHA-256 of client.yml and of every input file byte by byte; run.json keeps them as ``read``."""
    names = ["client.yml", *(source.file for source in config.sources if source.file)]
    return {name: file_hash(client / name) for name in names} | {source.origin: LIVE for source in config.sources if source.url}


# ---- What this round and earlier ones hold ----


def artefact_hash(folder: Path, name: str) -> str | None:
    """Return the SHA-256 of a round's result; None where it has none of this name."""
    for ending in (".parquet", ".json"):
        path = folder / "artefacts" / f"{name}{ending}"
        if path.is_file():
            return file_hash(path)
    return None


def earlier_hashes(home: Path, day: str, names: tuple[str, ...]) -> dict[str, dict[str, str | None]]:
    """Return the hashes of results by name that a client's rounds before a day (yyyy-mm-dd) hold, by round."""
    folders = [folder for folder in finished_rounds(home) if folder.name < day]
    return {folder.name: {name: artefact_hash(folder, name) for name in names} for folder in folders}


def read_hashes(phase: Phase, round_: Round) -> dict[str, Any]:
    """Return the hashes of all that a notebook may read: tables, results, findings, earlier rounds."""
    hashes: dict[str, Any] = {name: artefact_hash(round_.folder, name) for name in (*phase.reads, *phase.optional)}
    if "findings" in phase.reads:
        findings = (round_.artefacts / "findings").glob("*.json")
        hashes["findings"] = {path.stem: file_hash(path) for path in sorted(findings) if path.stem != phase.notebook}
    if phase.reads_earlier:
        hashes["earlier"] = earlier_hashes(round_.folder.parent, round_.record("as_of")["as_of"], phase.reads_earlier)
    return hashes
