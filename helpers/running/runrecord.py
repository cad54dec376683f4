"""run.json: what a round read and wrote, with what; and what is new in it since the last one."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import Any

from helpers.client.config import ClientConfig
from helpers.core.clients import notebooks_folder
from helpers.core.files import file_hash, files_in, read_json
from helpers.core.records import NotebookRecord, Order
from helpers.core.wording import _
from helpers.running.fingerprints import code_hash, environment_hash, notebooks_hash
from helpers.running.history import rounds
from helpers.running.resume import STEPS, earlier_hashes
from helpers.running.rounds import Round
from helpers.workbook import PHASES

_STACK = (
    "pandas",
    "numpy",
    "scikit-learn",
    "papermill",
    "nbconvert",
    "nbclient",
    "matplotlib",
    "seaborn",
    "pyarrow",
)


def run_record(order: Order, config: ClientConfig, round_: Round, records: list[NotebookRecord]) -> dict[str, Any]:
    """Return what run.json says of a round, but for how it ended.

    Parameters
    ----------
    order : the client, and how it was run.
    config : its checked client.yml.
    round_ : the round at work.
    records : how each notebook ended.
    """
    folder = round_.folder
    written = [path for path in files_in(folder) if path.name != "run.json" and path.parent.name != STEPS]
    names = tuple(sorted({name for phase in PHASES for name in phase.reads_earlier}))
    return {
        "client": order.home.name,
        "as_of": config.as_of,
        "round": config.round_number,
        "seed": config.seed,
        "notebooks": [one.to_json() for one in records],
        "read": inputs_as_they_are(order.client, [source.file for source in config.sources if source.file])
        | {source.origin: "a database, read anew each time" for source in config.sources if source.url},
        "earlier": {"names": names, "rounds": earlier_hashes(round_, names)},
        "code": {"helpers": code_hash(), "notebooks": notebooks_hash(notebooks_folder()), "packages": environment_hash()},
        "versions": _versions(),
        "written": {path.relative_to(folder).as_posix(): file_hash(path) for path in written},
    }


def inputs_as_they_are(client: Path, files: list[str]) -> dict[str, str]:
    """Return the SHA-256 of client.yml and of every input file, by name."""
    return {name: file_hash(Path(client) / name) for name in ("client.yml", *files)}


def changes(home: Path, new: dict[str, Any]) -> tuple[str, ...]:
    """Return what is new in a round compared with the client's last one, as short sentences.

    Parameters
    ----------
    home : the client's folder under reports/.
    new : the record of the round.
    """
    found = rounds(home)
    old = read_json(found[-1] / "run.json") if found else None
    if not old:
        return (_("First report"),)
    said = [_("New date: {day}").format(day=new["as_of"])] if str(new["as_of"]) != old["as_of"] else []
    files = sorted(name for name, one in new["read"].items() if old["read"].get(name) != one)
    if [name for name in files if name != "client.yml"]:
        said.append(_("New data: {files}").format(files=", ".join(name for name in files if name != "client.yml")))
    if "client.yml" in files:
        said.append(_("Other settings"))
    if new["code"] != old["code"]:
        said.append(_("Another version of the workbook"))
    chapters = _chapters(old, new)
    return (*said, _("Says something else: {chapters}").format(chapters=", ".join(chapters))) if chapters else (*said,)


def _chapters(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Name the chapters whose finding is another one."""

    def finding(record: dict[str, Any], notebook: str) -> str | None:
        return record["written"].get(f"artefacts/findings/{notebook}.json")

    return [one.title for one in PHASES if finding(old, one.notebook) != finding(new, one.notebook)]


def _versions() -> dict[str, str]:
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _STACK}
