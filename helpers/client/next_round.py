"""The next round opened: the settings of this one are kept beside it, and client.yml looks back from a later day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from helpers.client.answers.rewriting import rewritten
from helpers.client.answers.store import Answers, read_answers
from helpers.client.config.load import FILE, load_client
from helpers.core.errors import AimError
from helpers.core.files import write_atomic
from helpers.core.records import ROUNDS

_UP = "../../"
# What belongs to one round: who released its lists, and which changes of the exports were accepted for it.
_OF_ONE_ROUND = (("pilot", "approved_by"), ("pilot", "approved_on"), ("accept_changes",))


@dataclass(frozen=True)
class NextRound:
    """A round that can be opened.

    Parameters
    ----------
    folder : the client's folder.
    before, day : the day the present round looks back from, and the new one.
    number : the new round's number.
    kept : client.yml as it will be kept for the present round.
    opened : client.yml as it will be.
    """

    folder: Path
    before: date
    day: date
    number: int
    kept: str
    opened: str

    @property
    def kept_at(self) -> Path:
        """Where the settings of the present round are kept."""
        return self.folder / ROUNDS / self.before.isoformat() / FILE

    def open(self) -> None:
        """Write both files; killed in between, the same call goes on from there."""
        self.kept_at.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self.kept_at, self.kept.encode())
        write_atomic(self.folder / FILE, self.opened.encode())


def next_round(folder: Path, day: date) -> NextRound:
    """Return a client's next round; nothing is written.

    Parameters
    ----------
    folder : the client's folder.
    day : the day it looks back from.

    Raises
    ------
    UserMistakes : client.yml holds mistakes.
    AimError : the day is not after the present round's, or other settings are kept for that round already.
    """
    config = load_client(folder)
    if day <= config.as_of:
        raise AimError(f"{folder.name}: its round looks back from {config.as_of}; the next one must be after that, not {day}.")
    answers = read_answers(folder)
    kept = rewritten(answers.text, answers.content, _moved(answers.content))
    changes: dict[str, Any] = {"as_of": day.isoformat(), "round_number": str(config.round_number + 1)}
    opened = rewritten(answers.text, answers.content, _opened(answers, changes))
    round_ = NextRound(folder, config.as_of, day, config.round_number + 1, kept, opened)
    if round_.kept_at.is_file() and round_.kept_at.read_text(encoding="utf-8-sig") != kept:
        raise AimError(f"{folder.name}: {ROUNDS}/{config.as_of}/{FILE} is there already and says something else: move one of the two away.")
    return round_


def _moved(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of client.yml for a folder two floors below: its files are named from there."""
    sources = [source | {"file": _UP + source["file"]} if _is_beside(source) else source for source in content.get("sources") or []]
    return content | ({"sources": sources} if sources else {})


def _is_beside(source: dict[str, Any]) -> bool:
    return bool(source.get("file")) and not Path(source["file"]).is_absolute()


def _opened(answers: Answers, changes: dict[str, Any]) -> dict[str, Any]:
    content = answers.with_changes(changes)
    for path in _OF_ONE_ROUND:
        section = content if len(path) == 1 else content.get(path[0])
        if isinstance(section, dict):
            section.pop(path[-1], None)
    return content
