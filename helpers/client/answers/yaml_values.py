"""Content as YAML that reads back as exactly what was meant: ruamel.yaml writes it, every value as the text that was typed."""

from io import StringIO
from textwrap import dedent, indent
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.resolver import BaseResolver

from helpers.client.config.yaml_text import EMPTY_WORDS

INLINE = 96  # records longer than this stand below their key, one line per entry
_ENDLESS = 10**9  # a line is never broken
_MAP, _SEQ, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str"))


def inline(content: Any) -> str:
    """Return content on one line: records in braces, lists in brackets; nothing for None."""
    # Between brackets, because a text alone would be written as a document with an end.
    return "" if content is None else _dumped(_node([content], block=False))[1:-1].strip()


def below(content: dict | list, column: int) -> str:
    """Return a record or a list as lines, each indented to a column."""
    return indent(dedent(_dumped(_node(content, block=True, column=column))), " " * column)


def stands_below(content: Any, column: int = 0) -> bool:
    """Tell whether content takes lines of its own: a list of records, or what is too long for its line, where it begins at a column."""
    if isinstance(content, list) and any(isinstance(item, (dict, list)) for item in content):
        return True
    return isinstance(content, (dict, list)) and bool(content) and column + len(inline(content)) > INLINE


def _node(content: Any, block: bool, column: int = 0) -> Node:
    if isinstance(content, dict):
        pairs = []
        for key, value in ((key, value) for key, value in content.items() if value is not None):
            value_column = column + len(str(key)) + 1
            pairs.append((_scalar(key), _node(value, block and stands_below(value, value_column), column + 2)))
        return MappingNode(_MAP, pairs, flow_style=not block)
    if isinstance(content, (list, tuple)):
        items = [_node(item, block and isinstance(item, dict) and bool(item), column + 2) for item in content]
        return SequenceNode(_SEQ, items, flow_style=not block)
    return _scalar(content)


def _scalar(value: Any) -> ScalarNode:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # ?0 and ": x" would be read as keys, and ruamel.yaml does not quote them.
    if value is not None and (text in EMPTY_WORDS or text.startswith(("?", ":")) and text.isprintable()):
        return ScalarNode(_TEXT, text, style="'")
    # Only double quotes can hold a line break or a sign that nobody sees.
    return ScalarNode(_TEXT, text, style=None if text.isprintable() else '"')


def _dumped(node: Node) -> str:
    yaml = YAML(typ="rt")
    yaml.width = _ENDLESS
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    # Without this, ruamel.yaml would put quotes around 007 and 2024-06-30; our reader takes every plain value as text.
    yaml.Resolver = lambda version, loader: BaseResolver(loader)
    lines = StringIO()
    yaml.serialize(node, lines)
    return lines.getvalue().rstrip("\n")
