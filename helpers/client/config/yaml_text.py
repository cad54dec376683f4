"""YAML read as text: the schema says what a value is, YAML never guesses.

YAML turns NO into False, 007 into 7 and 12:30 into 750. Here every plain value stays the text that
was typed, with its line number; pydantic makes numbers, flags and dates of it where the schema says so.
"""

import re
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from helpers.core.errors import Problem, UserMistakes

Path_ = tuple[str | int, ...]
EMPTY_WORDS = {"", "~", "null", "Null", "NULL"}
# A client.yml is a page or two; more is a mistake or an attack.
MAX_BYTES = 1_000_000
_DEEPEST = 30
# Only such text can be deeper: many brackets, many "- - -" or "? ? ?" on a line, or an indentation beyond any real file's.
_DEEP = re.compile(r"(?:[\[{][^\[\]{}]*){20}|(?:[-?:] +){10}|^ {60}", re.MULTILINE)
_FOLD = "\a"  # what ruamel.yaml puts where a folded text (>) was broken; a file itself cannot hold it
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def read_yaml(path: Path, shown_as: str = "client.yml") -> tuple[dict[str, Any], dict[Path_, int]]:
    """Read a YAML file, called so in messages, as nested dicts, lists and text (UserMistakes where it is not one mapping of these).

    Returns
    -------
    The content, and the line of every key and list item by its path.
    """
    return parse_yaml(_text_of(path, shown_as), shown_as)


def parse_yaml(text: str, shown_as: str = "client.yml") -> tuple[dict[str, Any], dict[Path_, int]]:
    """Read YAML given as text; parameters, returns and errors as for ``read_yaml``."""
    return deepcopy(_parsed(text, shown_as))


@lru_cache(maxsize=16)  # every notebook of a round reads the same client.yml, in a child of a process that has read it
def _parsed(text: str, shown_as: str) -> tuple[dict[str, Any], dict[Path_, int]]:
    unseen = _UNSEEN.search(text)
    if unseen:
        line = text[: unseen.start()].count("\n") + 1
        fix = "Write the file anew in an editor; it may be no text at all."
        raise UserMistakes([Problem(shown_as, f"line {line}", "", "text without control characters", fix)])
    try:
        node = _compose(text, shown_as)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        fix = "Check the indentation and the colons around this line."
        raise UserMistakes([Problem(shown_as, f"line {line}", "", "valid YAML", fix)]) from None
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, NotImplementedError) as error:
        # ruamel raises more than its own errors on text that is no YAML at all.
        raise UserMistakes([Problem(shown_as, "", "", "valid YAML", f"It cannot be read ({type(error).__name__}).")]) from None
    lines: dict[Path_, int] = {}
    problems: list[Problem] = []
    content = _plain(node, (), lines, problems, shown_as) if node is not None else {}
    if not isinstance(content, dict):
        problems.append(Problem(shown_as, "line 1", "", "keys with values, such as 'as_of: 2024-06-30'"))
    if problems:
        raise UserMistakes(problems)
    return content, lines


def _text_of(path: Path, shown_as: str) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise UserMistakes([Problem(shown_as, "", "", "a file under 1 MB", "Move data out of client.yml.")])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "Save the file as UTF-8 in your editor."
        raise UserMistakes([Problem(shown_as, "", "", "text in UTF-8", fix)]) from error


def _compose(text: str, shown_as: str) -> Node | None:
    depth = 0
    for event in YAML(typ="rt").parse(text) if "*" in text or _DEEP.search(text) else ():
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > _DEEPEST:
            expected = f"at most {_DEEPEST} levels of keys within keys"
            raise UserMistakes([Problem(shown_as, f"line {event.start_mark.line + 1}", "", expected)])
        if isinstance(event, AliasEvent):
            line = event.start_mark.line + 1
            expected = "plain values (aliases with * are not used here)"
            raise UserMistakes([Problem(shown_as, f"line {line}", f"*{event.anchor[:40]}", expected)])
    return YAML(typ="rt").compose(text)


def _plain(node: Node, path: Path_, lines: dict, problems: list[Problem], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        plain_empty = node.style is None and node.value in EMPTY_WORDS
        return None if plain_empty else node.value.replace(_FOLD, "")
    if isinstance(node, SequenceNode):
        return [_plain(child, (*path, i), lines, problems, file) for i, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    content: dict[str, Any] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem(file, f"line {key_node.start_mark.line + 1}", "", "a plain word as key"))
            continue
        key = str(key_node.value)
        if key in content:
            place = f"line {key_node.start_mark.line + 1}"
            problems.append(Problem(file, place, key[:60], "each key once", "Remove one of the two."))
        content[key] = _plain(child, (*path, key), lines, problems, file)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return content
