"""Whether a client's last round still stands: told from hashes alone, in milliseconds, without any imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.clients import notebooks_folder
from helpers.files import file_hash, read_json
from helpers.fingerprints import code_hash, environment_hash, notebooks_hash, same_files
from helpers.history import read_status
from helpers.records import Order, RoundRecord


def still_stands(order: Order) -> RoundRecord | None:
    """Return the record of the last round where nothing it rests on has changed; None where it must be run.

    Parameters
    ----------
    order : the client, and how it would be run.
    """
    status = read_status(order.home)
    if order.force or status is None or status["status"] != "done" or not status["report"]:
        return None
    report = order.home / status["report"]
    run = read_json(report.parent / "run.json")
    if not run or run["code"] != _code() or not _same(order, run, report.parent):
        return None
    notebooks = [{**one, "seconds": 0.0, "taken_over": True} for one in status["notebooks"]]
    wanted = {name: status[name] for name in ("client", "status", "reason")}
    return RoundRecord.from_json(
        wanted | {"report": str(report), "notebooks": notebooks, "seconds": 0.0, "changed": ()}
    )


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
        "helpers": code_hash(), "notebooks": notebooks_hash(notebooks_folder()), "packages": environment_hash(),
    }  # fmt: skip
