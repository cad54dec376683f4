"""Where the files of a client may lie: in the client's folder, or where the operator of this machine allows it.

client.yml comes from outside, so it may not choose what is opened. Links are followed before a place is judged.
"""

import os
from pathlib import Path

from helpers.core.errors import Problem, did_you_mean
from helpers.core.records import client_home

ALLOWED = "AIM_FOLDERS"  # further folders, set on this machine and never in client.yml, as in PATH
_CONFIG = "client.yml"


def file_of(folder: Path, name: str, key: str) -> Path | Problem:
    """Return the file that a key of client.yml names, or the problem with it; nothing is opened.

    ``name`` is relative to the client's folder, or to the folder in its ``rounds/`` that keeps an earlier client.yml.
    """
    try:
        path = (Path(folder) / name).resolve()
        allowed = any(path.is_relative_to(place) for place in allowed_folders(folder))
        there = allowed and path.is_file()
    except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, or links in a circle
        return Problem(_CONFIG, key, name[:60], "the name of a file", "Correct the name.")
    if not allowed:
        fix = f"Put the file there; the operator of this machine may allow other folders in {ALLOWED}."
        return Problem(_CONFIG, key, name[:200], "a file inside the client's folder", fix)
    if not there:
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        fix = did_you_mean(path.name, near) or "Put the file there, or correct the name."
        return Problem(_CONFIG, key, name[:200], "a file that exists", fix)
    return path


def allowed_folders(folder: Path) -> list[Path]:
    """Return the folders that the files of a client may lie in, links resolved; parameter as for ``file_of``."""
    others = os.environ.get(ALLOWED, "").split(os.pathsep)
    return [_home(Path(folder)), *(Path(other).expanduser().resolve() for other in others if other)]


def _home(folder: Path) -> Path:
    """Return the client's folder; kept settings of an earlier round lie two floors below it."""
    folder = folder.resolve()
    home = client_home(folder)
    return home if (home / _CONFIG).is_file() else folder
