"""The job that looks at exports and drafts their client.yml, for a process that may not take the machine with it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.sources.draft.records import Draft, Question, SeenFile


@dataclass(frozen=True)
class Sight:
    """What was seen in one file or sheet, in words for the terminal.

    Parameters
    ----------
    file : its name.
    rows : rows looked at.
    whole : True when that is all of them.
    preset : title of the system's export that it looks like; "" for none.
    evidence : sentences that say why it is read so.
    """

    file: str
    rows: int
    whole: bool
    preset: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Drafted:
    """A draft with what it rests on."""

    draft: Draft
    seen: tuple[Sight, ...] = ()


def draft_job(lines: Any, folder: str, files: Sequence[str], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return a draft as plain JSON values, or the sentence that says why there is none.

    Parameters
    ----------
    lines : receives which file is being looked at; "" once all are read together.
    folder : where the files lie.
    files : their names.
    answers : what a person answered, by the names of the questions.

    Returns
    -------
    ``draft`` and ``seen``, or ``error``; ``drafted_from`` makes records of them.
    """
    # Here and not above: the command that waits for this process imports nothing that reads data.
    from helpers.sources.draft.looking import looked_at
    from helpers.sources.draft.proposing import drafted
    from helpers.sources.presets import presets

    seen: list[SeenFile] = []
    no_tables: dict[str, str] = {}
    contents: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (len(file), file)):
        lines.send({"reading": file})
        with (Path(folder) / file).open("rb") as opened:
            first = contents.setdefault(hashlib.file_digest(opened, "sha256").hexdigest(), file)
        if first != file:
            no_tables[file] = f"it is the same file as {first}, which is used"
            continue
        try:
            seen += looked_at(Path(folder) / file)
        except AimError as error:
            no_tables[file] = str(error).removeprefix(f"{file}: ")
    lines.send({"reading": ""})
    if not seen:
        return {"error": " ".join(["None of the files is a table that can be read.", *list(no_tables.values())[:3]])}
    try:
        record = asdict(drafted(Path(folder), seen, answers))
    except AimError as error:
        return {"error": str(error)}
    record["left_out"] = no_tables | record["left_out"]
    titles = {name: preset.title for name, preset in presets().items()}
    sights = [Sight(_shown(file.path, file.block), file.rows, file.whole, titles.get(file.preset, ""), file.evidence) for file in seen]
    return {"draft": record, "seen": [asdict(sight) for sight in sights]}


def drafted_from(record: Mapping[str, Any]) -> Drafted:
    """Return what ``draft_job`` returned, as records.

    Raises
    ------
    AimError : it found nothing that can be used.
    """
    if "error" in record:
        raise AimError(record["error"])
    draft = dict(record["draft"])
    for name in ("sources", "doubts", "rows"):
        draft[name] = tuple(draft[name])
    draft["questions"] = tuple(Question(**question) for question in draft["questions"])
    return Drafted(Draft(**draft), tuple(Sight(**{**sight, "evidence": tuple(sight["evidence"])}) for sight in record["seen"]))


def _shown(path: Path, block: Mapping[str, Any]) -> str:
    return f"{path.name}, sheet {block['sheet']}" if block.get("sheet") else path.name
