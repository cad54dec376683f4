"""How the reader's problems are worded: file, line, column, value, what was expected, how to mend it."""

from collections.abc import Iterable

from helpers.core.errors import Problem, condensed

SHOWN = 20  # problems of one kind that are looked at; the rest is counted
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


def first_and_rest(problems: Iterable[Problem], count: int) -> list[Problem]:
    """Return the problems of one kind as one line per column: the first places and values, and how many there are.

    Parameters
    ----------
    problems : problems of one kind, at least the first few.
    count : how many there are in all.
    """
    return condensed([problem for problem, _ in zip(problems, range(SHOWN), strict=False)], count)
