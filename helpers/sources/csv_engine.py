"""Large CSVs: checked in one pass for what an engine reads in silence, then read by DuckDB as text.

DuckDB in strict mode refuses broken lines but accepts stray quotes inside unquoted cells, control
characters and foreign encodings; the pass before it refuses those, and writes what is not UTF-8 anew.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from helpers.core.errors import Problem
from helpers.sources.credit_notes import may_mark
from helpers.sources.csv_text import csv_rows, quote_problems
from helpers.sources.limits import MOST_LINE_BYTES, TooMuch, long_line
from helpers.sources.packed import pieces
from helpers.sources.problems import place, shown
from helpers.sources.raw import LINE, Raw, missing_columns, others, refused
from helpers.sources.store import Store
from helpers.sources.text import decoded
from helpers.tables.declared import Source

_CHUNK = 1 << 24
_HEAD = 1 << 16
_AT = re.compile(r"CSV Error on Line: (\d+)")
_ORIGINAL = re.compile(r"Original Line: (.*)")


def open_large(path: Path, source: Source, store: Store) -> Raw:
    """Open a large CSV, plain or gz, as text columns of the embedded engine: its cells, or the first problem of the file."""
    try:
        return _opened(path, source, store)
    except TooMuch as error:
        return refused([error.problem(source)])
    except (zlib.error, EOFError, OSError) as error:
        fix = f"It is damaged ({type(error).__name__}): export it again."
        return refused([Problem(source.file, "", "", "a complete file", fix)])


def _opened(path: Path, source: Source, store: Store) -> Raw:
    header, first_line, problems = _header(path, source)
    problems = problems or missing_columns(header, source, first_line - 1)
    if problems:
        return refused(problems)
    plain = store.folder / "plain.utf8"
    same = source.packed == "no" and source.encoding.lower() in ("utf-8", "utf-8-sig", "utf8", "ascii")
    broken, records, problems = _checked(path, header, first_line, source, None if same else plain)
    if problems:
        return refused(problems)
    used = {name: f"c{header.index(name)}" for name in source.theirs}
    table, problem = _kept(_read(store.readable(path) if same else plain, header, first_line, source, store), header, source, store)
    if problem:
        return refused([problem])
    rows = int(table.count().execute())
    if rows != records:  # such as a title that ends its line in another way than the rows
        fix = "Make all line ends of the file the same, or declare reader: text."
        return refused([Problem(source.file, "", f"{rows:,} rows by the engine", f"the {records:,} rows that the file holds", fix)])
    # The engine numbers the rows it keeps from 0 on, in the order of the file.
    numbered = table.mutate(**{LINE: table.rowid() + (1 if broken else first_line)})
    unmapped = others(header, source)
    marks = {name: f"c{header.index(name)}" for name in unmapped if may_mark(name, ())}
    return Raw(numbered, used, (), "row" if broken else "line", unmapped, marks=marks)


def _header(path: Path, source: Source) -> tuple[list[str], int, list[Problem]]:
    start = next(pieces(path, source), b"")[:_HEAD]
    whole = start[: start.rfind(b"\n") + 1] or start
    # Only the header: the line after it may be the first half of a quoted cell with a line break.
    lines = whole.splitlines(keepends=True)
    first_lines = lines[source.skip_lines : source.skip_lines + 1]
    separator = bool(first_lines) and first_lines[0].lstrip(b'\xef\xbb\xbf"').lower().startswith(b"sep=")
    lines = lines[: source.skip_lines + 1 + int(separator)]
    text, problems, _ = decoded(b"".join(lines), source)
    if problems:
        return [], 1, problems
    rows, problems = csv_rows(text, source.model_copy(update={"trailing_delimiter": True, "skip_last": 0}))
    if not rows.header:
        return [], 1, problems
    first = rows.header_line if source.header else rows.header_line + 1
    return rows.header, first, []


def _checked(path: Path, header: list[str], first_line: int, source: Source, copy: Path | None) -> tuple[bool, int, list[Problem]]:
    """Return whether cells hold line breaks, how many rows there are, and the problems of the first part that has any."""
    broken, line, records = False, 0, 0
    out = copy.open("w", encoding="utf-8", newline="") if copy else None
    try:
        for part in _parts(path, source):
            problems = long_line(part, source)
            if not problems:
                text, problems, _ = decoded(part, source)
            problems = problems or (quote_problems(text, 0, source, header) if source.quote else [])
            if problems:
                return broken, records, [_moved(problem, line) for problem in problems]
            if source.quote and source.quote in text:
                broken = broken or any(line.count(source.quote) % 2 for line in text.split("\n"))
            records += _records(part, source, skipped=max(0, first_line - 1 - line))
            line += text.count("\n")
            if out:
                out.write(text)
    finally:
        if out:
            out.close()
    return broken, records, []


def _records(part: bytes, source: Source, skipped: int) -> int:
    """Return how many rows stand in a part of whole lines, blank ones and the first ``skipped`` lines left out."""
    octets = np.frombuffer(part, dtype=np.uint8)
    ends = np.flatnonzero(octets == 10)
    ends = ends if len(ends) else np.flatnonzero(octets == 13)  # some systems end lines so
    starts = ends[skipped - 1] + 1 if 0 < skipped <= len(ends) else 0 if not skipped else len(octets)
    ends = ends[skipped:]
    if len(source.quote) == 1:  # a line break within quotes ends no row
        ends = ends[np.searchsorted(np.flatnonzero(octets[starts:] == ord(source.quote)) + starts, ends) % 2 == 0]
    if starts < len(octets) and (not len(ends) or ends[-1] < len(octets) - 1):
        ends = np.append(ends, len(octets))  # the last line of a file may not be ended
    begins = np.concatenate([[starts], ends[:-1] + 1]).astype(int)
    length = ends - begins
    only_return = (length == 1) & (octets[np.minimum(begins, len(octets) - 1)] == 13)
    return int(((length > 0) & ~only_return).sum()) if len(ends) else 0


def _parts(path: Path, source: Source) -> Iterator[bytes]:
    """Yield the file in parts of whole lines; a quoted cell with a line break is never cut."""
    if source.encoding.lower().startswith("utf-16"):
        yield b"".join(pieces(path, source))
        return
    quote = source.quote.encode(source.encoding.replace("-sig", "")) if source.quote else b""
    rest = b""
    for piece in pieces(path, source):
        rest += piece
        if len(rest) < _CHUNK:
            continue
        cut = _last_end(rest, quote)
        if not cut and len(rest) > _CHUNK + 2 * MOST_LINE_BYTES:
            fix = f"A quote {source.quote} is never closed, or line breaks are missing: export it again."
            raise TooMuch("", "records with line breaks between them", fix)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _last_end(part: bytes, quote: bytes) -> int:
    """Return where the last line ends that is not within a quoted cell; 0 where none does."""
    octets = np.frombuffer(part, dtype=np.uint8)
    ends = np.flatnonzero(octets == 10)
    if len(quote) == 1:  # a line ends where the quotes before it are in pairs
        ends = ends[np.searchsorted(np.flatnonzero(octets == quote[0]), ends) % 2 == 0]
    return int(ends[-1]) + 1 if len(ends) else 0


def _moved(problem: Problem, lines: int) -> Problem:
    # The encoding check takes the column from the first line of its part, which later is not the header.
    moved = re.sub(r"line (\d+)", lambda m: f"line {int(m.group(1)) + lines}", problem.place)
    return Problem(problem.file, moved, problem.got, problem.expected, problem.fix)


def _read(path: Path, header: list[str], first_line: int, source: Source, store: Store) -> Any:
    width = len(header) + int(source.trailing_delimiter)
    options: dict[str, Any] = {"quote": source.quote, "escape": source.quote} if source.quote else {"quote": "", "escape": ""}
    return store.backend.read_csv(
        path,
        delim=source.delimiter,
        header=False,
        skip=first_line - 1,
        auto_detect=False,
        strict_mode=True,
        null_padding=False,
        ignore_errors=False,
        hive_partitioning=False,
        columns={f"c{i}": "VARCHAR" for i in range(width)},
        **options,
    )


def _kept(table: Any, header: list[str], source: Source, store: Store) -> tuple[Any, Problem | None]:
    """Read the file into a table of text, once and on all cores; or return what broke it."""
    import duckdb

    try:
        return store.keep(table), None
    except duckdb.Error as error:
        message = str(error)
        at, original = _AT.search(message), _ORIGINAL.search(message)
        fix = "Look for a missing or extra delimiter, a broken line, or a wrong delimiter in client.yml."
        got = shown(original.group(1)) if original else ""
        where = place(int(at.group(1)) if at else None, header[-1])
        return None, Problem(source.file, where, got, f"{len(header)} cells", fix)
