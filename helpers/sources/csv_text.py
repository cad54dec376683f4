"""Text read line by line, by delimiters, blanks or places: nothing is guessed, every cell keeps its bytes and its line."""

import csv
import io
import re
from dataclasses import dataclass
from typing import TypeVar

from helpers.core.errors import Problem
from helpers.sources.problems import first_and_rest, place, shown
from helpers.tables.declared import SPACED_FORMATS, Source

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_GAP = re.compile(r"\S {2,}\S")
_PURPOSE = 0.5  # share of lines in which two columns touch, from which on they do so on purpose (our convention)
T = TypeVar("T")
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Rows:
    """The cells of a text: header, rows, the line on which each row begins, and how many lines were too torn to be rows."""

    header: list[str]
    body: list[list[str]]
    lines: list[int]
    header_line: int
    notes: tuple[str, ...] = ()
    torn: int = 0


def csv_rows(text: str, source: Source) -> tuple[Rows, list[Problem]]:
    """Split a text into cells: the rows, and the problems; rows are not to be used where there are problems."""
    spaced = source.format in SPACED_FORMATS
    text, skipped, problems = _without_preamble(text, source)
    problems += quote_problems(text, skipped, source) if source.quote and not spaced else []
    if problems:
        return Rows([], [], [], 1), problems
    rows, lines = spaced_rows(text, skipped, source) if spaced else _split(text, skipped, source)
    if source.header:
        rows, lines = [list(source.header), *rows], [skipped + 1, *lines]
    if not rows:
        fix = "The file is empty: export it again."
        return Rows([], [], [], 1), [Problem(source.file, "line 1", "", "a header and rows", fix)]
    body, body_lines = rows[1:], lines[1:]
    if source.skip_last:
        body, body_lines = body[: -source.skip_last], body_lines[: -source.skip_last]
    header = rows[0]
    if source.starts and len(header) != len(source.starts):
        fix = "Correct starts in client.yml; where the names are wider than their columns, declare skip_lines and header."
        return Rows([], [], [], 1), [_length_problem(lines[0], header, [""] * len(source.starts), fix, source)]
    if source.trailing_delimiter:
        header = header[:-1] if header[-1] == "" else header
        body = [row[:-1] if len(row) == len(header) + 1 and row[-1] == "" else row for row in body]
    empty = [i for i, row in enumerate(body) if not any(cell.strip() for cell in row)]
    if empty:
        body, body_lines = _left_out(body, empty), _left_out(body_lines, empty)
    notes = (f"{len(empty)} rows hold nothing at all and were not counted.",) if empty else ()
    torn = [i for i, row in enumerate(body) if len(row) != len(header)]
    if source.unreadable == "set_aside" and 0 < len(torn) <= source.unreadable_share * len(body):
        body, body_lines = _left_out(body, torn), _left_out(body_lines, torn)
    else:
        torn = []
    return Rows(header, body, body_lines, lines[0], notes, len(torn)), _length_problems(header, body, body_lines, source)


def _left_out(entries: list[T], places: list[int]) -> list[T]:
    gone = set(places)
    return [entry for i, entry in enumerate(entries) if i not in gone]


def quote_problems(text: str, skipped: int, source: Source, header: list[str] | None = None) -> list[Problem]:
    """Return a problem for every record with a quote mark where none can be.

    Python's csv accepts a quote in the middle of an unquoted cell; such a cell can hide a broken one. So many lines are ``skipped``
    before the text; where no ``header`` is given, its first line holds the names.
    """
    if source.quote not in text:
        return []
    q, d = re.escape(source.quote), re.escape(source.delimiter)
    cell = rf"(?:{q}(?:[^{q}]|{q}{q})*+{q}|[^{q}{d}\r\n]*+)"
    record = rf"{cell}(?:{d}{cell})*+(?:\r\n|\n|\r)"
    sound, cells = re.compile(rf"(?:{record})*+"), re.compile(rf"(?:{cell}{d})*+")
    text = text if text.endswith(("\n", "\r")) else text + "\n"
    bad, at, counted, line = [], sound.match(text).end(), 0, skipped + 1  # type: ignore[union-attr]
    while at < len(text):
        line_end = _LINE_END.search(text, at)
        end = line_end.start() if line_end else len(text)
        good = cells.match(text, at).group()  # type: ignore[union-attr]
        line, counted = line + len(_LINE_END.findall(text, counted, at)), at
        bad.append((line, text[at:end], good.count(source.delimiter)))
        following = end + 2 if text[end : end + 2] == "\r\n" else end + 1
        at = sound.match(text, following).end() if following < len(text) else len(text)  # type: ignore[union-attr]
    names = header or re.match(r"[^\r\n]*", text).group().split(source.delimiter)  # type: ignore[union-attr]
    fix = f"Mend the quotes on this line, or declare quote: '' in client.yml if {source.quote} is an ordinary character."
    problems = (
        Problem(source.file, place(line, names[min(i, len(names) - 1)].strip(source.quote)), shown(record), "well-formed quotes", fix)
        for line, record, i in bad
    )
    return first_and_rest(problems, len(bad))


def _without_preamble(text: str, source: Source) -> tuple[str, int, list[Problem]]:
    rest, skipped = text, 0
    for _ in range(source.skip_lines):
        line_end = re.search(r"\r\n|\n|\r", rest)
        rest, skipped = (rest[line_end.end() :], skipped + 1) if line_end else ("", skipped)
    first = re.match(r"[^\r\n]*", rest).group()  # type: ignore[union-attr]
    separator = _SEPARATOR_LINE.fullmatch(first.strip()) if source.format == "csv" else None
    if separator is None:
        return rest, skipped, []
    if separator.group(1) != source.delimiter:
        fix = f"Declare delimiter: '{separator.group(1)}' in client.yml."
        expected = f"the delimiter {source.delimiter!r}"
        return rest, skipped, [Problem(source.file, place(skipped + 1, "1"), first, expected, fix)]
    return re.sub(r"^[^\r\n]*(?:\r\n|\n|\r|$)", "", rest, count=1), skipped + 1, []


def _split(text: str, skipped: int, source: Source) -> tuple[list[list[str]], list[int]]:
    plain = {"quoting": csv.QUOTE_NONE} if not source.quote else {"quotechar": source.quote}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter, strict=True, **plain)
    rows, lines, begun = [], [], skipped + 1
    for row in reader:
        if row:
            rows.append(row)
            lines.append(begun)
        begun = skipped + reader.line_num + 1
    return rows, lines


def _length_problems(header: list[str], body: list[list[str]], lines: list[int], source: Source) -> list[Problem]:
    width = len(header)
    wrong = [(line, row) for row, line in zip(body, lines, strict=True) if len(row) != width]
    one_more = [row for _, row in wrong if len(row) == width + 1 and row[-1].strip() == ""]
    if source.starts:
        fix = "Correct starts in client.yml, or this line in the export; where columns touch, export it with a blank between them."
    elif source.format == "spaces":
        fix = "A cell with a blank in it, or an empty one, needs quotes; where columns stand below each other, declare format: fixed_width."
    elif wrong and len(one_more) == len(body):
        fix = "Declare trailing_delimiter: true in client.yml."
    elif width == 1:
        fix = "Declare the delimiter of this file in client.yml: its header is one cell only."
    else:
        fix = "Look for a missing or extra delimiter, a broken line, or a wrong delimiter in client.yml."
    problems = (_length_problem(line, row, header, fix, source) for line, row in wrong)
    return first_and_rest(problems, len(wrong))


def _length_problem(line: int, row: list[str], header: list[str], fix: str, source: Source) -> Problem:
    column = header[min(len(row), len(header)) - 1]
    got = f"{len(row)} cells: {shown((' | ' if source.format in SPACED_FORMATS else source.delimiter).join(row))}"
    expected = f"{len(header)} cells"
    if source.starts:
        begin = ", ".join(map(str, source.starts))
        expected += f" that begin at {begin}: each line reaches the last, no cell goes on where the next begins, no tabs"
    return Problem(source.file, place(line, column), got, expected, fix)


def spaced_rows(text: str, skipped: int, source: Source) -> tuple[list[list[str]], list[int]]:
    """Split a text of ``spaces`` or ``fixed_width`` into cells: the rows and the line of each in a file with so many lines ``skipped``.

    A line that does not fit is a row of fewer cells than there are columns: those before the place where it does not fit, and the
    rest of the line. Blank lines are left out.
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
