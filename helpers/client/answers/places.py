"""Where things stand in a YAML text: the spans of keys, values and items, by path."""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from helpers.client.config.yaml_text import Path_


@dataclass(frozen=True)
class Place:
    """One value in the text.

    Parameters
    ----------
    text : the whole text.
    node : the value.
    parent : the mapping or sequence that holds it; None for the whole document.
    at : its position among the parent's entries.
    """

    text: str
    node: Node
    parent: CollectionNode | None
    at: int = 0

    @property
    def start(self) -> int:
        """First sign of the value."""
        return self.end if _is_blank(self.node) else self.node.start_mark.index

    @property
    def end(self) -> int:
        """The sign after the value, without the comments and empty lines that follow it."""
        if not _is_blank(self.node):
            return end_of(self.node, self.text)
        return self.colon if isinstance(self.parent, MappingNode) else _after_dash(self.node, self.text)

    @property
    def head(self) -> int:
        """First sign of the entry: of its key, or of the dash (in a flow: of the item)."""
        if isinstance(self.parent, MappingNode):
            return self.parent.value[self.at][0].start_mark.index
        return self.start if self.parent.flow_style else self.text.rindex("-", 0, self.start + 1)

    @property
    def colon(self) -> int:
        """The sign after the colon of the key."""
        return _after_colon(self.parent.value[self.at][0], self.text)


def find(text: str, path: Path_) -> tuple[Place, Path_]:
    """Return the deepest place of a path that exists, and what of the path is left.

    Parameters
    ----------
    text : YAML with a mapping at its top.
    path : keys, and positions (from 0) in lists.
    """
    place = Place(text, YAML(typ="rt").compose(text), None)
    for depth, step in enumerate(path):
        following = _child(place, step)
        if following is None:
            return place, path[depth:]
        place = following
    return place, ()


def _child(place: Place, step: str | int) -> Place | None:
    node = place.node
    if isinstance(node, MappingNode):
        keys = [str(key.value) for key, _value in node.value]
        if step not in keys:
            return None
        at = keys.index(step)
        return Place(place.text, node.value[at][1], node, at)
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return Place(place.text, node.value[step], node, step)
    return None


def end_of(node: Node, text: str) -> int:
    """Return the sign after a value; of a block, after its last line that holds something."""
    if isinstance(node, ScalarNode) or node.flow_style:
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())
        return node.end_mark.index
    last = node.value[-1]
    key, value = last if isinstance(last, tuple) else (None, last)
    if not _is_blank(value):
        return end_of(value, text)
    return _after_colon(key, text) if key is not None else _after_dash(value, text)


def _is_blank(node: Node) -> bool:
    """Tell whether nothing is written; the parser then says where the next thing stands, not where this would."""
    return isinstance(node, ScalarNode) and not node.style and node.value == ""


def _after_colon(key: Node, text: str) -> int:
    return text.index(":", key.end_mark.index) + 1


def _after_dash(item: Node, text: str) -> int:
    return text.rindex("-", 0, item.start_mark.index) + 1


def line_start(text: str, index: int) -> int:
    """Return where the line of a sign begins."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Return where the line of a sign ends, before its line break."""
    found = text.find("\n", index)
    return len(text) if found < 0 else found
