"""The next round opened: the settings of this one are kept beside it, and client.yml looks back from a later day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from helpers.client.answers.store import as_written, changed_text, read_answers
from helpers.client.config.load import FILE, load_client
from helpers.core.clients import earlier_settings
from helpers.core.errors import AimError
from helpers.core.files import write_atomic
from helpers.core.records import ROUNDS

_UP = "../../"
_DUCKDB = "duckdb:"
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
    kept : client.yml as it will be kept for the present round, with its own line ends.
    opened : client.yml as it will be.
    history_from : where the history begins, for both rounds: a day stays a day.
    """

    folder: Path
    before: date
    day: date
    number: int
    kept: bytes
    opened: bytes
    history_from: date | None

    @property
    def kept_at(self) -> Path:
        """Where the settings of the present round are kept."""
        return self.folder / ROUNDS / self.before.isoformat() / FILE

    def open(self) -> None:
        """Write both files; killed in between, the same call goes on from there."""
        write_atomic(self.kept_at, self.kept)
        write_atomic(self.folder / FILE, self.opened)


def next_round(folder: Path, day: date) -> NextRound:
    """Return the next round of a client, which looks back from a later day; nothing is written.

    Raises
    ------
    UserMistakes : client.yml holds mistakes.
    AimError : the day is not after the present round's, the folder keeps a round that is over, other settings are kept for that
        round already, or client.yml is written in a way that cannot be changed from here.
    """
    if folder.parent.name == ROUNDS:
        raise AimError(f"{folder.name} is a round that is over: name the client's own folder, {folder.parent.parent.name}.")
    earlier_settings(folder)  # none of them is a link to another place
    config = load_client(folder)
    if day <= config.as_of:
        raise AimError(f"{folder.name}: its round looks back from {config.as_of}; the next one must be after that, not {day}.")
    answers = read_answers(folder)
    kept = as_written(folder, changed_text(answers, _moved(answers.content)))
    changes: dict[str, Any] = {"as_of": day.isoformat(), "round_number": str(config.round_number + 1)}
    content = answers.with_changes(changes)
    for path in _OF_ONE_ROUND:
        section = content if len(path) == 1 else content.get(path[0])
        if isinstance(section, dict):
            section.pop(path[-1], None)
    opened = as_written(folder, changed_text(answers, content))
    round_ = NextRound(folder, config.as_of, day, config.round_number + 1, kept, opened, config.history_from)
    if round_.kept_at.is_file() and round_.kept_at.read_bytes() != kept:
        raise AimError(f"{folder.name}: {ROUNDS}/{config.as_of}/{FILE} is there already and says something else: move one of the two away.")
    return round_


def _moved(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content of client.yml for a folder two floors below: its files are named from there."""
    sources = [source | _from_below(source) for source in content.get("sources") or []]
    return content | ({"sources": sources} if sources else {})


def _from_below(source: dict[str, Any]) -> dict[str, str]:
    file, url = source.get("file") or "", source.get("url") or ""
    if file and not Path(file).is_absolute():
        return {"file": _UP + file}
    if url.startswith(_DUCKDB) and not Path(url.removeprefix(_DUCKDB)).is_absolute():
        return {"url": _DUCKDB + _UP + url.removeprefix(_DUCKDB)}
    return {}
