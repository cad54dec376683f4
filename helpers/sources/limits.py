"""What one export may ask of this machine: line, columns and size; more is refused in one sentence, never tried."""

import numpy as np

from helpers.core.errors import Problem
from helpers.sources.problems import place
from helpers.tables.declared import Source

MOST_LINE_BYTES = 2_000_000  # the engine's own limit; a cell of Excel holds 32,767 characters
MOST_COLUMNS = 16_384  # as many as Excel has
MOST_TEXT_BYTES = 1_000_000_000  # read line by line; in memory it becomes several times as much
_ENGINES = ("duckdb", "_duckdb", "psycopg", "pyspark", "py4j", "pyarrow", "ibis", "sqlglot")


class TooMuch(Exception):
    """An export asks for more (``got``) than is allowed (``expected``); ``fix`` says what to do."""

    def __init__(self, got: str, expected: str, fix: str):
        super().__init__(got)
        self.got, self.expected, self.fix = got, expected, fix

    def problem(self, source: Source) -> Problem:
        """Return it as a problem of a source."""
        return Problem(source.origin, "", self.got, self.expected, self.fix)


def long_line(raw: bytes, source: Source, lines_before: int = 0) -> list[Problem]:
    """Return a problem where a line of a file, or of a part that begins with one, is longer than any export writes."""
    if len(raw) <= MOST_LINE_BYTES:
        return []
    octets = np.frombuffer(raw, dtype=np.uint8)
    ends = np.flatnonzero((octets == 10) | (octets == 13))
    lengths = np.diff(ends, prepend=-1, append=len(raw))
    longest = int(lengths.argmax())
    if lengths[longest] <= MOST_LINE_BYTES:
        return []
    line = lines_before + 1 + int((octets[: ends[longest - 1] + 1] == 10).sum() if longest else 0)
    fix = "A line break is missing, or this is no table: export it again."
    got = f"{lengths[longest] / 1e6:,.0f} MB without a line break"
    return [Problem(source.file, place(line), got, f"lines of at most {MOST_LINE_BYTES / 1e6:,.0f} MB", fix)]


def too_wide(names: list[str], source: Source) -> list[Problem]:
    """Return a problem where a file has more columns than any export."""
    if len(names) <= MOST_COLUMNS:
        return []
    fix = "Look for a wrong delimiter, or export fewer columns."
    return [Problem(source.origin, "", f"{len(names):,} columns", f"at most {MOST_COLUMNS:,} columns", fix)]


def ended_by_engine(error: Exception) -> bool:
    """Tell whether an error comes from an engine that reads, and not from this workbook."""
    return type(error).__module__.split(".")[0] in _ENGINES


def unfinished(source: Source, error: Exception) -> Problem:
    """Return the problem of a source that an engine could not read to its end.

    Its own words are left out: they may repeat what stands in the file.
    """
    kind = type(error).__name__
    if "memory" in kind.lower():
        fix = "It needs more memory than the engine may use: set AIM_MEMORY on this machine, or export less."
    elif "cancel" in kind.lower() or "timeout" in kind.lower():
        fix = "The server ended the query since it took too long: ask for less, or make a table of it there."
    else:
        fix = f"It is damaged, or not what it says it is ({kind}): export it again, or look at the query."
    return Problem(source.origin, "", "", "an export that can be read to its end", fix)
