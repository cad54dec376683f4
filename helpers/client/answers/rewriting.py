"""The fewest changes to a YAML text that turn its content into another; every other sign stays as it is.

ruamel.yaml says where each key and item stands, and writes what is new. A round trip of the whole file would do for the files
of the samples, but would lay out anew what somebody aligned by hand, and lose the comments that hang on what goes.
"""

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, TypeGuard

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from helpers.client.answers.yaml_values import below, inline, stands_below

NAMES = ("name", "what", "id", "file")  # keys by which a person knows an item of a list


def rewritten(text: str, old: dict, new: dict) -> str:
    """Return YAML text, with "\\n" at line ends, whose content (nested dicts, lists and text) was changed from old to new.

    At its top stands a mapping, or nothing but comments.
    """
    root = YAML(typ="rt").compose(text)
    if not isinstance(root, MappingNode):
        return f"{text}{below(new, 0)}\n" if new else text
    edits = _Edits(text)
    edits.record(root, old, new)
    return edits.applied()


@dataclass(frozen=True)
class Entry:
    """A key with its value, or an item of a list, as the signs from ``start`` up to ``end``.

    ``mark`` is the sign after its colon or dash; in a list in brackets, where the item starts.
    """

    start: int
    mark: int
    end: int
    value: Node


class _Edits:
    """Pieces of a text to be replaced, collected in one walk over its content."""

    def __init__(self, text: str):
        self.text = text
        self.pieces: list[tuple[int, int, str]] = []

    def applied(self) -> str:
        """Return the text with every piece replaced."""
        parts, done = [], 0
        for start, end, piece in sorted(self.pieces, key=lambda piece: piece[:2]):
            parts += [self.text[done:start], piece]
            done = max(done, end)
        return "".join(parts) + self.text[done:]

    def record(self, node: CollectionNode, old: dict, new: dict) -> None:
        """Change a record; new keys stand at its end."""
        entries = dict(zip(old, self._entries(node), strict=True))
        for key, entry in entries.items():
            if key in new:
                self._change(entry, node, old[key], new[key])
        added = {key: value for key, value in new.items() if key not in old and value is not None}
        staying = [entry for key, entry in entries.items() if key in new]
        if added and node.flow_style:
            self._put(staying[-1].end, f", {inline(added)[1:-1]}")
        elif added:
            first = next(iter(entries.values()))
            column = first.start - self._line_start(first.start)
            gap = "\n\n" if column == 0 else "\n"  # a new section of the file stands apart
            lines = gap.join(below({key: value}, column) for key, value in added.items())
            if staying:
                self._put(self._line_end(staying[-1].end), gap + lines)
            else:
                # What is new takes the place of the first key.
                self._put(first.start, lines[column:], self._line_end(first.end))
        stays = [key in new for key in entries]
        if added and not staying:
            stays[0] = True
        self._remove(node, list(entries.values()), stays)

    def items(self, node: CollectionNode, old: list, new: list) -> None:
        """Change a list. Items are matched by their name, so that one that goes takes no other's comments."""
        entries = self._entries(node)
        stays = [True] * len(old)
        matcher = SequenceMatcher(None, [_name(item) for item in old], [_name(item) for item in new], autojunk=False)
        for _kind, start, end, first, last in matcher.get_opcodes():
            paired = min(end - start, last - first)
            for offset in range(paired):
                self._change(entries[start + offset], node, old[start + offset], new[first + offset])
            stays[start + paired : end] = [False] * (end - start - paired)
            if first + paired < last:
                self._insert(node, entries, start + paired, new[first + paired : last])
        self._remove(node, entries, stays)

    def _insert(self, node: CollectionNode, entries: list[Entry], at: int, items: list) -> None:
        """Put items before the one that stands at a position (or behind the last)."""
        shown = ", ".join(inline(item) for item in items)
        first_line = self._line_start(entries[0].start)
        lines = below(items, entries[0].start - first_line)
        if node.flow_style and at:
            self._put(entries[at - 1].end, f", {shown}")
        elif node.flow_style:
            self._put(entries[0].start, f"{shown}, ")
        elif at:
            # Right behind the item before, so that the comments above the next one stay with that.
            self._put(self._line_end(entries[at - 1].end), "\n" + lines)
        else:
            self._put(first_line, lines + "\n")

    def _remove(self, node: CollectionNode, entries: list[Entry], stays: list[bool]) -> None:
        """Take out what does not stay; comments inside it go with it, others stay."""
        first = entries[0].start
        behind_a_dash = not node.flow_style and self.text[self._line_start(first) : first].strip()
        for at, entry in enumerate(entries):
            start = self._line_start(entry.start)
            if stays[at]:
                continue
            if node.flow_style and not any(stays[at:]):
                self._put(entries[at - 1].end, "", entry.end)
            elif node.flow_style or (behind_a_dash and not any(stays[:at])):
                self._put(entry.start, "", entries[at + 1].start)  # the dash stays, for the next key
            else:
                # With the line break before it: what is put behind the line before must not go with it.
                self._put(max(start - 1, 0), "", self._line_end(entry.end) + (start == 0))

    def _change(self, entry: Entry, parent: CollectionNode, old: Any, new: Any) -> None:
        if old == new:
            return
        value = entry.value
        if isinstance(value, MappingNode) and isinstance(new, dict) and new and (old.keys() & new.keys() or _is_block(value)):
            self.record(value, old, new)
        elif isinstance(value, SequenceNode) and isinstance(new, list) and old and new:
            self.items(value, old, new)
        elif isinstance(parent, MappingNode) and not parent.flow_style:
            self._replace_below_key(entry, new)
        else:
            blank = _is_blank(value)
            self._put(entry.mark if blank else value.start_mark.index, " " * blank + inline(new), entry.end)

    def _replace_below_key(self, entry: Entry, new: Any) -> None:
        """Replace the value of a key in a block; a comment on the line of the key stays there."""
        column = entry.start - self._line_start(entry.start)
        lines = "\n" + below(new, column + 2) if stands_below(new, entry.mark - self._line_start(entry.start)) else ""
        shown = "" if lines or new is None else inline(new)
        if _is_block(entry.value):
            first_line_end, end = self._line_end(entry.mark), self._line_end(entry.end)
            self._put(entry.mark, f" {shown}" if shown else "")
            self._put(first_line_end, lines, end)
            return
        # The spaces between colon and value are the writer's own.
        start = entry.mark if _is_blank(entry.value) or not shown else entry.value.start_mark.index
        self._put(start, f" {shown}" if shown and start == entry.mark else shown, entry.end)
        self._put(self._line_end(entry.end), lines)

    def _put(self, start: int, piece: str, end: int | None = None) -> None:
        self.pieces.append((start, start if end is None else end, piece))

    def _entries(self, node: CollectionNode) -> list[Entry]:
        entries = []
        for child in node.value:
            key, value = child if isinstance(child, tuple) else (None, child)
            if key is not None:
                start, mark = key.start_mark.index, self.text.index(":", key.end_mark.index) + 1
            elif node.flow_style:
                start = mark = value.start_mark.index
            else:
                start = self.text.rindex("-", 0, value.start_mark.index)
                mark = start + 1
            entries.append(Entry(start, mark, self._end(value, mark), value))
        return entries

    def _end(self, node: Node, mark: int) -> int:
        """Return the sign after a value; of a block, after its last line that holds something."""
        if _is_blank(node):
            return mark  # the parser says where the next thing stands, not where this would
        if _is_block(node):
            return self._entries(node)[-1].end
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return node.start_mark.index + len(self.text[node.start_mark.index : node.end_mark.index].rstrip())
        return node.end_mark.index

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _name(item: Any) -> str:
    """Return by what an item is known: its name where it has one, else all of it."""
    names = [item[key] for key in NAMES if item.get(key)] if isinstance(item, dict) else []
    return json.dumps(names[:1] or item, sort_keys=True, default=str)


def _is_block(node: Node) -> TypeGuard[CollectionNode]:
    return isinstance(node, CollectionNode) and not node.flow_style


def _is_blank(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value == ""
