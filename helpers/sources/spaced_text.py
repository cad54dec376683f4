"""Lines whose cells are parted by blanks, or by where they stand → cells: nothing is guessed, a line that does not fit is a torn row."""

import re

from helpers.tables.declared import Source

_LINE_END = re.compile(r"\r\n|\n|\r")
_GAP = re.compile(r"\S {2,}\S")
_PURPOSE = 0.5  # share of lines in which two columns touch, from which on they do so on purpose (our convention)


def spaced_rows(text: str, skipped: int, source: Source) -> tuple[list[list[str]], list[int]]:
    """Split a text of ``spaces`` or ``fixed_width`` into cells.

    Parameters
    ----------
    text : the file's content, without the lines that are skipped.
    skipped : how many lines stand before it.
    source : its block in client.yml.

    Returns
    -------
    The rows and the line of each. A line that does not fit is a row of fewer cells than there are columns: those before
    the place where it does not fit, and the rest of the line. Blank lines are left out.
    """
    lines = [(i, line) for i, line in enumerate(_LINE_END.split(text), start=skipped + 1) if line.strip()]
    texts = [line for _, line in lines]
    rows = [_by_blanks(line, source.quote) for line in texts] if source.format == "spaces" else _by_place(texts, source)
    return rows, [i for i, _ in lines]


def _by_blanks(line: str, quote: str) -> list[str]:
    if not quote or quote not in line:
        return re.split("[ \t]+", line.strip(" \t"))
    q = re.escape(quote)
    cell = rf"{q}(?:[^{q}]|{q}{q})*+{q}|[^ \t{q}]++"
    if re.fullmatch(rf"[ \t]*(?:{cell})(?:[ \t]+(?:{cell}))*+[ \t]*", line) is None:
        return [line]
    cells = re.findall(cell, line)
    return [found[1:-1].replace(quote * 2, quote) if found[0] == quote else found for found in cells]


def _by_place(lines: list[str], source: Source) -> list[list[str]]:
    """Cut lines where columns start; a cell may not go on where the next begins, unless the columns touch on purpose."""
    starts = source.starts
    ends = [*starts[1:], None]
    cut = [[line[start:end] for start, end in zip(starts, ends, strict=True)] for line in lines]
    # The first line may be names, which are often wider or narrower than what stands below them.
    below = range(0 if source.header else 1, len(lines))
    touching = {i: [n for n in below if _touch(cut[n], i)] for i in range(1, len(starts))}
    torn = {n: len(starts) - 1 for n, line in enumerate(lines) if len(line) <= starts[-1] or "\t" in line or line[: starts[0]].strip()}
    for i in range(len(starts) - 1, 0, -1):
        on_purpose = len(touching[i]) >= _PURPOSE * max(len(below), 1)
        names = [0] if not source.header and not on_purpose and _touch(cut[0], i) else []
        crossing = [n for n in touching[i] if not on_purpose or _GAP.search(cut[n][i - 1]) or _GAP.search(cut[n][i])]
        torn |= dict.fromkeys([*names, *crossing], i)
    return [
        [cell.strip() for cell in cells]
        if n not in torn
        else [*(cell.strip() for cell in cells[: torn[n] - 1]), lines[n][starts[torn[n] - 1] :].strip()]
        for n, cells in enumerate(cut)
    ]


def _touch(cells: list[str], i: int) -> bool:
    return cells[i - 1][-1:].strip() != "" and cells[i][:1].strip() != ""
