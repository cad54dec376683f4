"""How the reader's problems are worded: file, line, column, value, what was expected, how to mend it."""

from collections.abc import Iterable

from helpers.core.errors import Problem, condensed

SHOWN = 20  # problems of one kind that are looked at; the rest is counted
_LONGEST = 80


def place(line: int | None, column: str = "", word: str = "line") -> str:
    """Return "line 12, column Datum"; ``word`` is "row" in a workbook or table, and parts that are not known are left out."""
    parts = ([f"{word} {line}"] if line is not None else []) + ([f"column {column}"] if column else [])
    return ", ".join(parts)


def shown(value: object) -> str:
    """Return a value short enough for a message."""
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def first_and_rest(problems: Iterable[Problem], count: int) -> list[Problem]:
    """Return ``count`` problems of one kind, of which the first are given, in one line per column: places, values, how many."""
    return condensed([problem for problem, _ in zip(problems, range(SHOWN), strict=False)], count)
