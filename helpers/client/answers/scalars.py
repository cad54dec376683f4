"""Plain values as YAML text that reads back as exactly what was meant."""

from __future__ import annotations

import json
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode, SequenceNode

from helpers.client.config.yaml_text import parse_yaml
from helpers.core.errors import UserMistakes

INLINE = 96  # records longer than this stand below their key, one line per entry


def scalar(value: Any) -> str:
    """Return one value as YAML: as it is where that reads back the same, else in quotes.

    Parameters
    ----------
    value : text, number, flag or date; None is an empty value.
    """
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _reads_back_plain(text):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)


def inline(value: Any) -> str:
    """Return a value on one line: records in braces, lists in brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    return scalar(value)


def below(value: dict | list, indent: int) -> list[str]:
    """Return a record or a list of records as lines, each indented by so many spaces."""
    pad = " " * indent
    if isinstance(value, dict):
        return [line for key, one in value.items() for line in entry(key, one, indent)]
    lines = []
    for one in value:
        if isinstance(one, dict) and one:
            first, *rest = below(one, indent + 2)
            lines += [f"{pad}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{pad}- {inline(one)}")
    return lines


def entry(key: str, value: Any, indent: int) -> list[str]:
    """Return ``key: value`` as lines."""
    head = f"{' ' * indent}{scalar(key)}:"
    if stands_below(value, indent + len(head)):
        return [head, *below(value, indent + 2)]
    shown = inline(value)
    return [f"{head} {shown}" if shown else head]


def stands_below(value: Any, used: int = 0) -> bool:
    """Tell whether a value takes lines of its own: a list of records, or a record too long for one line."""
    if isinstance(value, list):
        return any(isinstance(one, (dict, list)) for one in value) or len(inline(value)) + used > INLINE
    return isinstance(value, dict) and bool(value) and len(inline(value)) + used > INLINE


def _reads_back_plain(text: str) -> bool:
    """Ask the reader itself, in a block and in a flow, since the two have different rules."""
    if not text or text != text.strip() or not text.isprintable():
        return False
    try:
        content, _lines = parse_yaml(f"k: {text}\n")
        inside = YAML(typ="rt").compose(f"[{text}]")
    except (UserMistakes, YAMLError):
        return False
    plain = isinstance(inside, SequenceNode) and len(inside.value) == 1 and isinstance(inside.value[0], ScalarNode)
    return content == {"k": text} and plain and inside.value[0].value == text and inside.value[0].style is None
