"""One source opened: its cells as they stand, its rows in use, and what every opener says of a file whose columns do not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.core.errors import Problem, did_you_mean
from helpers.sources.limits import too_wide
from helpers.sources.problems import place
from helpers.tables.declared import Source
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import Decision, Receipt, SetAside

LINE = "__line"


@dataclass(frozen=True)
class Raw:
    """One source opened: its cells as an ibis table, not yet read as numbers or dates.

    Parameters
    ----------
    table : the cells; None when there are problems.
    names : their column name to the column of ``table``.
    problems : what is wrong with the file as a whole.
    word : "line" or "row", what messages count; "" where the source has no order.
    unmapped : columns of the file that client.yml does not use.
    notes : anything worth saying in the receipt.
    apart : lines that became no rows, by reason: torn ones where client.yml allows that, pictures and errors of a log.
    marks : of the unmapped columns those that may mark credit notes, as in ``names``.
    lasting : True when the cells may be read again and again without cost, as in parquet or a database.
    """

    table: Any
    names: dict[str, str]
    problems: tuple[Problem, ...] = ()
    word: str = "line"
    unmapped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lasting: bool = False
    apart: tuple[SetAside, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One source's rows in use (canonical columns and ``__line``), ready to be put together with those of others.

    ``decisions`` say what was done to its ids, ``doubts`` what a column that no table takes says against its amounts.
    """

    rows: Any
    source: Source
    receipt: Receipt
    decisions: tuple[Decision, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def problem(self, key: str, expected: str, fix: str) -> Problem:
        """Return a problem of its ids."""
        return Problem(self.source.origin, f"column {self.source.columns[key]}", "", expected, fix)


def refused(problems: list[Problem]) -> Raw:
    """Return a source that could not be opened."""
    return Raw(None, {}, tuple(problems))


def missing_columns(header: list[str], source: Source, line: int, word: str = "line") -> list[Problem]:
    """Return one problem for every column that client.yml uses and the file does not have once; ``line`` is that of its header."""
    problems = too_wide(header, source)
    for name in source.theirs if not problems else ():
        if header.count(name) == 0:
            fix = did_you_mean(name, [known for known in header if known]) or "Correct the name in client.yml."
            problems.append(Problem(source.file, f"header, {place(line, name, word)}", name, "this column, which client.yml maps", fix))
        elif header.count(name) > 1:
            fix = "Rename one of the two in the export, or leave one out."
            problems.append(Problem(source.file, f"header, {place(line, name, word)}", name, "each column name once", fix))
    return problems


def others(header: list[str], source: Source) -> tuple[str, ...]:
    """Return the columns of a file that client.yml does not use."""
    return tuple(name for name in header if name and name not in source.theirs)
