"""run.json: what a round read and wrote, with what; and what is new in it since the last one."""

import importlib.metadata
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

from helpers.client.config import ClientConfig
from helpers.core.files import file_hash, files_in, read_json
from helpers.core.records import NotebookRecord, RunRequest
from helpers.core.wording import _
from helpers.running.fingerprints import earlier_hashes, files_as_they_are, workbook_hashes
from helpers.running.freshness import FOLDER as STEPS
from helpers.running.past_runs import finished_rounds
from helpers.running.rounds import Round
from helpers.workbook import PHASES

_STACK = ("pandas", "numpy", "scikit-learn", "papermill", "nbconvert", "nbclient", "matplotlib", "seaborn", "pyarrow")


def run_record(request: RunRequest, config: ClientConfig, round_: Round, records: list[NotebookRecord]) -> dict[str, Any]:
    """Return what run.json says of a round at work and of how each notebook ended, but for how the round itself did."""
    folder = round_.folder
    written = [path for path in files_in(folder) if path.name != "run.json" and path.parent.name != STEPS]
    # Of all notebooks: any of them may rest on what an earlier round kept.
    names = tuple(sorted({name for phase in PHASES for name in phase.reads_earlier}))
    return {
        "client": request.home.name,
        "as_of": config.as_of,
        "round": config.round_number,
        "seed": config.seed,
        "notebooks": [asdict(record) for record in records],
        "read": files_as_they_are(request.client, config),
        "earlier": {"names": names, "rounds": earlier_hashes(request.home, config.as_of.isoformat(), names)},
        "code": workbook_hashes(),
        "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _STACK},
        "written": {path.relative_to(folder).as_posix(): file_hash(path) for path in written},
    }


def changes(home: Path, new: dict[str, Any]) -> tuple[str, ...]:
    """Return what is new in a round, by its record, compared with the client's last one, as short sentences."""
    rounds = finished_rounds(home)
    old = read_json(rounds[-1] / "run.json") if rounds else None
    if not old:
        return (_("First report"),)
    sentences = []
    if str(new["as_of"]) != old["as_of"]:
        sentences.append(_("New date: {day}").format(day=new["as_of"]))
    files = sorted(name for name, content in new["read"].items() if old["read"].get(name) != content)
    exports = [name for name in files if name != "client.yml"]
    if exports:
        sentences.append(_("New data: {files}").format(files=", ".join(exports)))
    if "client.yml" in files:
        sentences.append(_("Other settings"))
    if new["code"] != old["code"]:
        sentences.append(_("Another version of the workbook"))
    notes = {phase.title: f"artefacts/findings/{phase.notebook}.json" for phase in PHASES}
    chapters = [title for title, name in notes.items() if old["written"].get(name) != new["written"].get(name)]
    if chapters:
        sentences.append(_("Says something else: {chapters}").format(chapters=", ".join(chapters)))
    return tuple(sentences)
