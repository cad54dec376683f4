"""One change in a YAML text at a time, everything else kept sign for sign: comments, quotes, empty lines.

A round trip through objects loses comments that hang on what is replaced or removed. Here ruamel.yaml
only says where things stand, and the text is changed there.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode

from helpers.client.answers.places import Place, end_of, find, line_end, line_start
from helpers.client.answers.scalars import below, entry, inline, stands_below
from helpers.client.config.yaml_text import Path_


def set_value(text: str, path: Path_, value: Any) -> str:
    """Return the text with a value at a path; what is missing on the way is made.

    Parameters
    ----------
    text : YAML with a mapping at its top.
    path : keys, and positions in lists; a position must exist.
    value : text, number, list or dict.
    """
    place, left = find(text, path)
    if not left:
        return _replace(place, value)
    value = _nested(left[1:], value)
    if isinstance(place.node, MappingNode):
        return _add_key(place, str(left[0]), value)
    return _replace(place, {str(left[0]): value})  # the key was there, without a value


def insert_item(text: str, path: Path_, at: int, value: Any) -> str:
    """Return the text with an item put into a list, before the item now at ``at`` (or at its end)."""
    place, left = find(text, path)
    if left or isinstance(place.node, ScalarNode) or not place.node.value:
        return set_value(text, path, [value])
    node = place.node
    before = at > 0
    neighbour = Place(text, node.value[at - 1 if before else 0], node, at - 1 if before else 0)
    if node.flow_style:
        index = neighbour.end if before else neighbour.start
        return _spliced(text, index, index, f", {inline(value)}" if before else f"{inline(value)}, ")
    lines = "\n".join(below([value], _column(text, neighbour.head)))
    if before:
        index = line_end(text, neighbour.end)
        return _spliced(text, index, index, "\n" + lines)
    index = line_start(text, neighbour.head)
    return _spliced(text, index, index, lines + "\n")


def remove(text: str, path: Path_) -> str:
    """Return the text without a key or an item; comments inside it go with it, others stay."""
    place, left = find(text, path)
    if left or place.parent is None:
        return text
    node = place.parent
    if len(node.value) == 1:
        return set_value(text, path[:-1], {} if isinstance(node, MappingNode) else [])
    if node.flow_style:
        return _remove_from_flow(place)
    if text[line_start(text, place.head) : place.head].strip():  # it stands behind a dash, which must stay
        following = node.value[place.at + 1][0].start_mark.index
        return _spliced(text, place.head, following, "")
    end = line_end(text, place.end)
    return _spliced(text, line_start(text, place.head), min(end + 1, len(text)), "")


def _replace(place: Place, value: Any) -> str:
    text, parent = place.text, place.parent
    in_flow = parent is not None and parent.flow_style
    if isinstance(parent, MappingNode) and not in_flow:
        return _replace_below_key(place, value)
    shown = inline(value)
    start, end = place.start, place.end
    space = " " if isinstance(parent, MappingNode) and text[start - 1 : start] == ":" else ""
    return _spliced(text, start, end, space + shown)


def _replace_below_key(place: Place, value: Any) -> str:
    """Replace the value of a key in a block; a comment on the line of the key stays there."""
    text = place.text
    column = _column(text, place.head)
    if isinstance(place.node, ScalarNode) and place.start > place.colon and not stands_below(value, column):
        return _spliced(text, place.start, place.end, inline(value))
    start, end = place.colon, max(place.colon, place.end)
    here = line_end(text, start)
    if not stands_below(value, column):
        cut = _spliced(text, start, end, "") if end <= here else _spliced(text, here, end, "")
        shown = inline(value)
        return _spliced(cut, start, start, f" {shown}" if shown else "")
    lines = "\n" + "\n".join(below(value, column + 2))
    if end <= here:
        text = _spliced(text, start, end, "")
        here = line_end(text, start)
        return _spliced(text, here, here, lines)
    return _spliced(text, here, end, lines)


def _add_key(place: Place, key: str, value: Any) -> str:
    text, node = place.text, place.node
    if node.flow_style:
        index = end_of(node.value[-1][1], text) if node.value else place.end - 1
        return _spliced(text, index, index, f"{', ' if node.value else ''}{inline({key: value})[1:-1]}")
    column = node.value[0][0].start_mark.column
    index = line_end(text, place.end)
    gap = "\n\n" if place.parent is None else "\n"  # a new section of the file stands apart
    return _spliced(text, index, index, gap + "\n".join(entry(key, value, column)))


def _remove_from_flow(place: Place) -> str:
    nodes = place.parent.value
    if place.at + 1 < len(nodes):
        following = nodes[place.at + 1]
        until = (following[0] if isinstance(following, tuple) else following).start_mark.index
        return _spliced(place.text, place.head, until, "")
    before = nodes[place.at - 1]
    since = end_of(before[1] if isinstance(before, tuple) else before, place.text)
    return _spliced(place.text, since, place.end, "")


def _nested(path: Path_, value: Any) -> Any:
    for step in reversed(path):
        value = {str(step): value}
    return value


def _column(text: str, index: int) -> int:
    return index - line_start(text, index)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]
