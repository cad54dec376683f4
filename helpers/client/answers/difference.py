"""The fewest changes that turn one content into another, applied to the text that holds it."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import Any

from helpers.client.answers.edits import insert_item, remove, set_value
from helpers.client.config.yaml_text import Path_

NAMES = ("name", "what", "id", "file")  # keys by which a person knows an item of a list


def rewritten(text: str, path: Path_, old: Any, new: Any) -> str:
    """Return the text with the content at a path changed from ``old`` to ``new``.

    Parameters
    ----------
    text : YAML with a mapping at its top; holds ``old`` at ``path``.
    path : keys, and positions in lists.
    old, new : text, lists and dicts; None for nothing.
    """
    if old == new:
        return text
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        return _record(text, path, old, new)
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return _items(text, path, old, new)
    return set_value(text, path, new)


def _record(text: str, path: Path_, old: dict, new: dict) -> str:
    for key in old:
        if key in new:
            text = rewritten(text, (*path, key), old[key], new[key])
    for key in new:
        if key not in old:
            text = set_value(text, (*path, key), new[key])
    for key in old:
        if key not in new:
            text = remove(text, (*path, key))
    return text


def _items(text: str, path: Path_, old: list, new: list) -> str:
    """Match items by their name, so that one that goes takes no other's comments; from the last to the first."""
    matcher = SequenceMatcher(None, [_known(one) for one in old], [_known(one) for one in new], autojunk=False)
    for _kind, start, end, first, last in reversed(matcher.get_opcodes()):
        paired = min(end - start, last - first)
        for at in range(last - 1, first + paired - 1, -1):
            text = insert_item(text, path, start + paired, new[at])
        for at in range(end - 1, start + paired - 1, -1):
            text = remove(text, (*path, at))
        for at in range(paired - 1, -1, -1):
            text = rewritten(text, (*path, start + at), old[start + at], new[first + at])
    return text


def _known(value: Any) -> str:
    """Return by what an item is known: its name where it has one, else all of it."""
    named = [value[key] for key in NAMES if value.get(key)] if isinstance(value, dict) else []
    return json.dumps(named[:1] or value, sort_keys=True, default=str)
