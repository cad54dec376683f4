"""The answers of client.yml: read, checked while they are typed, and written back."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from helpers.client.answers.rewriting import rewritten
from helpers.client.config import FILE, mistakes_in
from helpers.client.config.yaml_text import Path_, parse_yaml
from helpers.core.errors import AimError, Problem, UserMistakes
from helpers.core.files import write_atomic
from helpers.core.wording import _

MARK = "\ufeff"  # some editors begin a file with it


@dataclass(frozen=True)
class Answers:
    """What client.yml held when it was read: as text with "\\n" at line ends, as nested dicts and lists, and the line of every key.

    Every value of the content is the text that was typed.
    """

    folder: Path
    text: str
    content: dict[str, Any]
    lines: Mapping[Path_, int]

    def at(self, key: str) -> Any:
        """Return what stands at a key such as "goals.culture"; None where nothing does."""
        content: Any = self.content
        for step in key.split("."):
            content = content.get(step) if isinstance(content, dict) else None
        return deepcopy(content)

    def with_changes(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the content with some keys set, and those set to nothing removed."""
        content = deepcopy(self.content)
        for key, value in changes.items():
            *above, last = key.split(".")
            section = content
            for step in above:
                if not isinstance(section.get(step), dict):
                    section[step] = {}
                section = section[step]
            if value is None:
                section.pop(last, None)
            else:
                section[last] = value
        return content

    def mistakes(self, changes: Mapping[str, Any]) -> tuple[tuple[Path_, Problem], ...]:
        """Return the mistakes that client.yml would hold with these changes, each with the path of its key, as when it is read."""
        return mistakes_in(self.with_changes(changes), self.lines)


def read_answers(folder: Path) -> Answers:
    """Read a client's client.yml as it was typed (UserMistakes where it is no YAML)."""
    text = _text_of(folder)
    content, lines = parse_yaml(text)
    return Answers(Path(folder), text, content, lines)


def save(answers: Answers, changes: Mapping[str, Any]) -> Answers:
    """Write changes into client.yml; everything else keeps its place, comments included. Return the answers as they stand now.

    Parameters
    ----------
    answers : what was read before.
    changes : key such as "goals.goals" to its new content; None removes the key.

    Raises
    ------
    AimError : the file was changed by somebody else in the meantime, the changes hold a mistake, or this
        file's form does not allow them.
    """
    if _text_of(answers.folder) != answers.text:
        raise AimError(_("client.yml was changed in the meantime: run this cell again, then fill in what is new."))
    for _path, problem in answers.mistakes(changes):
        raise AimError(str(problem))
    text = changed_text(answers, answers.with_changes(changes))
    if text != answers.text:
        write_atomic(answers.folder / FILE, as_written(answers.folder, text))
    return read_answers(answers.folder)


def changed_text(answers: Answers, wanted: dict[str, Any]) -> str:
    """Return the text with the content wanted, read back to be sure (AimError where that does not say the same)."""
    try:
        text = rewritten(answers.text, answers.content, wanted)
        is_right = _without_nothing(parse_yaml(text)[0]) == _without_nothing(wanted)
    except (UserMistakes, YAMLError, LookupError, ValueError):  # a form of YAML that nobody thought of
        is_right = False
    if not is_right:
        raise AimError(_("This client.yml is written in a way that cannot be changed from here: edit it by hand."))
    return text


def as_written(folder: Path, text: str) -> bytes:
    """Return a text, with "\\n" at line ends, as bytes with the line ends and the mark at its start that the folder's client.yml has."""
    raw = (Path(folder) / FILE).read_bytes()
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    if raw.startswith(MARK.encode()):
        text = MARK + text
    return text.encode("utf-8")


def _text_of(folder: Path) -> str:
    text = (Path(folder) / FILE).read_bytes().decode("utf-8-sig")
    return text.replace("\r\n", "\n")


def _without_nothing(content: Any) -> Any:
    """Return the content without empty keys, which say the same as keys that are not there."""
    if isinstance(content, dict):
        section = {key: _without_nothing(value) for key, value in content.items()}
        return {key: value for key, value in section.items() if value not in (None, {}, [])}
    return [_without_nothing(item) for item in content] if isinstance(content, list) else content
