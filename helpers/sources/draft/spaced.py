"""Text whose cells are parted by runs of blanks, or stand at fixed places in the line: found by what all lines share."""

import re
from collections.abc import Sequence
from typing import Any

from helpers.core.wording import _
from helpers.sources.draft.dialect import Layout, Record, table_of

_LEAST = 0.98  # share of lines that must be cut alike (our convention)
_FEW_LINES = 5
_QUOTED = re.compile(r'"(?:[^"]|"")*"|\S+')
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


def spaced(texts: Sequence[str], ends: bool) -> Layout | None:
    """Return how a text is cut by blanks or by place; None where its lines share neither.

    Parameters
    ----------
    texts : parts of the file in its order, whole lines each; the first is its start.
    ends : whether the last part is the file's end.
    """
    parts = [[(i, line) for i, line in enumerate(re.split(r"\r\n|\n|\r", text)) if line.strip()] for text in texts]
    lines = [line for part in parts for _n, line in part]
    sample = lines[:: max(1, len(lines) // 2_000)]
    if len(lines) < _FEW_LINES or "\t" in "".join(sample[:100]):
        return None
    for cut, declares, evidence in (_by_blanks(sample), _by_place(sample)):
        if cut is None:
            continue
        records = [[Record(cut(line), n) for n, line in part] for part in parts]
        layout = table_of(records, ends, declares)
        if layout and len(layout.names) > 1:
            layout.evidence.insert(0, evidence)
            return layout
    return None


def _by_blanks(lines: list[str]) -> tuple[Any, dict[str, Any], str]:
    widths = [len(_split(line)) for line in lines]
    width = max(set(widths), key=widths.count)
    clocks = [_split(line) for line in lines[:50]]
    timed = any(all(len(cells) > i and _CLOCK.fullmatch(cells[i]) for cells in clocks[1:]) for i in range(width))
    if width < 2 or widths.count(width) < _LEAST * len(lines) - 1 or timed:
        return None, {}, ""
    return _split, {"format": "spaces"}, _("Cells are parted by blanks: every line has {count} of them.").format(count=width)


def _split(line: str) -> list[str]:
    if '"' not in line:
        return line.split()
    return [cell[1:-1].replace('""', '"') if cell[0] == '"' == cell[-1] else cell for cell in _QUOTED.findall(line)]


def _by_place(lines: list[str]) -> tuple[Any, dict[str, Any], str]:
    """Return how lines are cut at places where (nearly) all of them are blank."""
    length = max(map(len, lines))
    usual = [line.ljust(length) for line in lines if len(line.rstrip()) >= 0.5 * length]
    if len(usual) < max(_FEW_LINES, 0.5 * len(lines)) or length > 5_000:
        return None, {}, ""
    most = (1 - _LEAST) * len(usual)
    blank = [sum(line[at] != " " for line in usual) <= most for at in range(length)]
    fields = [(match.start(), match.end()) for match in re.finditer("f+", "".join("b" if is_blank else "f" for is_blank in blank))]
    starts: list[int] = []
    end = 0
    for begin, stop in fields:
        pieces = [line[begin:stop] for line in usual if line[begin:stop].strip()]
        # Where cells end below each other, as amounts do, wider ones may begin in the gap before them.
        left = sum(piece[0] != " " for piece in pieces) >= sum(piece[-1] != " " for piece in pieces)
        narrow = begin - end == 1 and bool(starts)
        # A day and its hour, or the words of a text that never varies, are one column.
        if narrow and (
            sum(_CLOCK.fullmatch(piece.strip()) is not None for piece in pieces) > 0.8 * len(pieces) or _goes_on(lines[0], begin, stop)
        ):
            end = stop
            continue
        starts.append(begin if left or not starts else end + 1)
        end = stop
    if len(starts) < 2:
        return None, {}, ""
    starts[0] = 0
    ends = [*starts[1:], None]

    def cut(line: str) -> list[str]:
        return [line[start:stop].strip() for start, stop in zip(starts, ends, strict=True)]

    return cut, {"format": "fixed_width", "starts": starts}, _("Cells stand at fixed places: {count} columns.").format(count=len(starts))


def _goes_on(header: str, begin: int, stop: int) -> bool:
    """Tell whether no name begins above a piece, where other pieces have one."""
    return bool(re.search(r"[A-Za-z]", header)) and not re.search(r"\d", header) and not header[begin:stop].strip()
