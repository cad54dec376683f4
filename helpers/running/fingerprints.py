"""Hashes that say whether anything a result rests on has changed: code, notebooks, packages, files."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from helpers.core.clients import ROOT
from helpers.core.files import file_hash

HELPERS = ROOT / "helpers"
_NO_SOURCE = ("__pycache__", ".ipynb_checkpoints")


def digest(content: Any) -> str:
    """Return the SHA-256 of plain JSON values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


@cache
def code_hash() -> str:
    """Return one SHA-256 over all sources of the helpers, as they were when this process first asked.

    A process asks before it imports them: should a source change in between, the next run sees
    another hash and runs again.
    """
    found = hashlib.sha256()
    for path in sorted(HELPERS.rglob("*")):
        if path.is_file() and not any(part in _NO_SOURCE for part in path.parts):
            found.update(path.relative_to(HELPERS).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


@cache
def environment_hash() -> str:
    """Return one SHA-256 over Python's version, the machine's kind, and every installed package's version."""
    packages = {folder.name for path in map(Path, sys.path) if path.is_dir() for folder in path.glob("*.dist-info")}
    return digest([sys.version, platform.machine(), sys.platform, sorted(packages)])


def notebook_hash(path: Path) -> str:
    """Return the SHA-256 of what a person wrote in a notebook: not its outputs, not its layout."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [(one["cell_type"], "".join(one["source"]), one.get("metadata", {}).get("tags", [])) for one in cells]
    return digest(kept)


def notebooks_hash(folder: Path) -> str:
    """Return one SHA-256 over all notebooks of a folder."""
    return digest({path.name: notebook_hash(path) for path in sorted(folder.glob("*.ipynb"))})


def same_files(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Tell whether files are all there with the content they had.

    Parameters
    ----------
    folder : where they are.
    hashes : path relative to the folder, to SHA-256.
    """
    try:
        return all(file_hash(folder / name) == one for name, one in hashes.items())
    except OSError:
        return False
