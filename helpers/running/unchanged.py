"""Whether a client's last round still stands: told from hashes alone, in milliseconds, without any imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.core.clients import notebooks_folder
from helpers.core.files import file_hash, read_json
from helpers.core.records import NotebookRecord, Order, RoundRecord
from helpers.running.fingerprints import code_hash, environment_hash, notebooks_hash, same_files
from helpers.running.history import read_status, rounds


def still_stands(order: Order) -> RoundRecord | None:
    """Return the record of the finished round where nothing it rests on has changed; None where it must be run.

    Parameters
    ----------
    order : the client, and how it would be run.
    """
    status = read_status(order.home)
    if order.force or status is None or status["status"] != "done":
        return None
    for place in reversed(rounds(order.home)):
        run = read_json(place / "run.json")
        if run and run["status"] == "done" and run["code"] == _code() and _same(order, run, place):
            return taken_over(order, run, place)
    return None


def taken_over(order: Order, run: dict[str, Any], place: Path) -> RoundRecord:
    """Return the record of a finished round that stands as it is.

    Parameters
    ----------
    order : the client.
    run : the round's run.json.
    place : the round's folder.
    """
    notebooks = tuple(NotebookRecord(**one | {"seconds": 0.0, "taken_over": True}) for one in run["notebooks"])
    return RoundRecord(order.home.name, "done", run["reason"], place / "report.html", notebooks)


def _same(order: Order, run: dict[str, Any], place: Path) -> bool:
    inputs = same_files(Path(order.client), run["read"])
    return inputs and _earlier(order.home, place, run["earlier"]) and same_files(place, run["written"])


def _earlier(home: Path, place: Path, recorded: dict[str, Any]) -> bool:
    """Tell whether the client's earlier rounds are those that were there."""
    folders = sorted(one.parent for one in home.glob("[0-9]*/run.json") if one.parent.name < place.name)
    found = {folder.name: {name: _kept(folder, name) for name in recorded["names"]} for folder in folders}
    return found == recorded["rounds"]


def _kept(folder: Path, name: str) -> str | None:
    for ending in (".parquet", ".json"):
        path = folder / "artefacts" / f"{name}{ending}"
        if path.is_file():
            return file_hash(path)
    return None


def _code() -> dict[str, str]:
    return {
        "helpers": code_hash(),
        "notebooks": notebooks_hash(notebooks_folder()),
        "packages": environment_hash(),
    }
