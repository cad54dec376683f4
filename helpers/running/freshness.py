"""Does it still stand? The one place that answers it: for a client's last round, a step, a draft, a closed round.

What stands is taken over, what does not is run again. Nothing here counts times or versions: a thing stands when
the hashes of all it rests on (``fingerprints``) are those that were kept when it was made, and what it wrote is
still there as it was written. Told in milliseconds, since nothing heavy is imported.

- A **round** rests on code, notebooks, packages, client.yml, the input files and the client's earlier rounds.
- A **step** rests on less, so that one changed setting runs one notebook again and not all of them.
- A **closed round**, which a later one has read, stands whatever has changed since: the later one rests on it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.core.files import read_json
from helpers.core.records import NotebookRecord, RoundRecord, RunRequest
from helpers.running.fingerprints import LIVE, earlier_hashes, same_files, settings_hashes, workbook_hashes
from helpers.running.past_runs import finished_rounds, read_status
from helpers.running.steps import Step

if TYPE_CHECKING:
    from helpers.running.rounds import Round

DRAFT = "prepared"  # record in which a draft keeps the hashes of what was read into it


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
