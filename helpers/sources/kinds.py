"""Columns that come with types of their own (parquet, databases), and own columns of several sources: do the kinds fit?"""

from collections.abc import Sequence
from typing import Any

from helpers.core.errors import Problem
from helpers.sources.files import kind_of_column
from helpers.sources.raw import Raw
from helpers.tables.declared import Source


def kind_problems(raw: Raw, source: Source) -> list[Problem]:
    """Return a problem for every used column whose own type cannot become our kind of column, such as a nested one."""
    problems = []
    for theirs, name in raw.names.items():
        kind, expected = raw.table[name].type(), kind_of_column(theirs, source)
        if not _fits(kind, expected):
            fix = "Write it as plain columns in the export." if kind.is_nested() else "Map another column, or export it as text."
            problems.append(
                Problem(source.origin, f"column {theirs}", str(kind)[:80], f"a column of {_WORDS.get(expected, expected)}", fix)
            )
    return problems


_WORDS = {
    "id": "text or whole numbers",
    "date": "dates",
    "time": "dates or times",
    "flag": "yes or no",
    "number": "numbers",
    "money": "amounts",
    "count": "whole numbers",
}


def _fits(kind: Any, expected: str) -> bool:
    if kind.is_string() or kind.is_null():
        return True
    if kind.is_nested() or kind.is_binary() or kind.is_interval():
        return False
    dated = kind.is_timestamp() or kind.is_date()
    if expected in ("date", "time"):
        return dated or kind.is_numeric() and not kind.is_boolean()
    return not (dated or kind.is_time()) if expected in ("number", "money", "count") else True


def own_kind_problems(sources: Sequence[Source]) -> list[Problem]:
    """Return a problem for every own column of a table to which two sources give two kinds."""
    kinds: dict[tuple[str, str], Source] = {}
    problems = []
    for source in sources:
        for name, extra in source.extra.items():
            first = kinds.setdefault((source.table, name), source)
            if first.extra[name].kind != extra.kind:
                expected = f"the kind {first.extra[name].kind}, as {first.origin} says of {name}"
                problems.append(Problem(source.origin, f"key extra.{name}", extra.kind, expected, "Give it one kind in all sources."))
    return problems
