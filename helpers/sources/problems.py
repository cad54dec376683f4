"""How the reader's problems are worded: file, line, column, value, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.core.errors import Problem

SHOWN = 20  # problems of one kind that are listed; the rest is counted
_LONGEST = 80


def place(line: int | None, column: str = "", word: str = "line") -> str:
    """Return "line 12, column Datum"; parts that are not known are left out.

    Parameters
    ----------
    line : line in the file, from 1; None where the source has no lines.
    column : the column's name in the file.
    word : "line", or "row" in a workbook or table.
    """
    parts = ([f"{word} {line}"] if line is not None else []) + ([f"column {column}"] if column else [])
    return ", ".join(parts)


def shown(value: object) -> str:
    """Return a value short enough for a message."""
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def first_and_rest(problems: Iterable[Problem], count: int, file: str) -> list[Problem]:
    """Return the first problems of one kind, and one line that counts the others.

    Parameters
    ----------
    problems : problems of one kind, at least the first 20.
    count : how many there are in all.
    file : the file they stand in.
    """
    listed = [problem for problem, _ in zip(problems, range(SHOWN), strict=False)]
    left = count - len(listed)
    return listed + ([Problem(file, "", "", f"the same for {left} more rows")] if left > 0 else [])
