"""Source blocks written as YAML, ready to paste into client.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*|[0-9]+")
_WORDS = {"", "~", "null", "yes", "no", "true", "false", "on", "off"}


def yaml_block(block: Mapping[str, Any], indent: int = 2) -> str:
    """Return one source block as an item of ``sources:``.

    Parameters
    ----------
    block : the keys and values of a ``Source``.
    indent : spaces before the dash.
    """
    pad, lines = " " * indent, []
    for i, (key, value) in enumerate(block.items()):
        start = f"{pad}{'- ' if i == 0 else '  '}{key}:"
        if isinstance(value, Mapping) and key in ("columns", "extra"):
            lines += [start, *(f"{pad}    {ours}: {flow(theirs)}" for ours, theirs in value.items())]
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
            lines += [start, *(f"{pad}    - {flow(one)}" for one in value)]
        else:
            lines.append(f"{start} {flow(value)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """Return a value on one line of YAML; text that YAML could take for something else is quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if "\t" in text:
        return '"' + text.replace("\t", "\\t") + '"'
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else "'" + text.replace("'", "''") + "'"
