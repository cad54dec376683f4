"""How the lines of a text are cut into cells: delimiter and quote, what stands before the header and after the rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.core.wording import _
from helpers.sources.csv_text import quote_problems
from helpers.sources.draft.shapes import Shapes, is_footer, rises, source_like
from helpers.sources.limits import MOST_COLUMNS
from helpers.sources.personal import names_person
from helpers.sources.presets import recognised

DELIMITERS = ";,\t|"
_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t]*(?:\r\n|\n|\r|$)', re.IGNORECASE)
_NUMBERLIKE = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,' \u00a0\u202f:/-]*\)?\s?[^\w\s]?")
_COLUMNS = re.compile(r"\S {2,}\S|^\s*(?:\d\S*\s+){2,}\d")  # cells of a text that blanks part, where its lines are cut by a decimal comma
_MOST_ROWS = 0.8  # share of the rows below the header that must have as many cells as it (our convention)
_FEW = 0.5  # share of records that must have as many cells as most (our convention), else the text is no table
_PREAMBLE, _FOOTER = 40, 20  # rows among which the header and the totals are looked for


@dataclass(frozen=True)
class Record:
    """One row of cells, and the line of its text on which it begins, from 0."""

    cells: list[str]
    line: int


@dataclass
class Layout:
    """A text as a table: what the source must declare, the names, and the rows of every part of the text."""

    declares: dict[str, Any]
    names: list[str]
    rows: list[list[str]]
    evidence: list[str] = field(default_factory=list)
    preset: str = ""


def delimited(texts: Sequence[str], ends: bool) -> Layout | None:
    """Return how a text is cut by a delimiter; None where no delimiter fits its lines.

    Parameters
    ----------
    texts : parts of the file in its order, whole lines each; the first is its start.
    ends : whether the last part is the file's end.
    """
    separator = _SEPARATOR.match(texts[0])
    texts = [texts[0][separator.end() :], *texts[1:]] if separator else list(texts)
    known = _known_header(texts[0])
    start = _start(texts[0])
    scores = {mark: _score(start, mark) for mark in DELIMITERS}
    delimiter = separator.group(1) if separator else known or max(DELIMITERS, key=lambda mark: scores[mark])
    single = not separator and not known and scores[delimiter] < _FEW
    if single:
        delimiter = ";"
    quote = _quote(start, delimiter)
    parts = [records(text, delimiter, quote) for text in texts]
    if not parts[0] or len(parts[0][0].cells) > MOST_COLUMNS or single and max(len(record.cells) for record in parts[0]) > 1:
        return None
    declares: dict[str, Any] = {"delimiter": delimiter} if delimiter != ";" else {}
    declares |= {"quote": quote} if quote != '"' else {}
    layout = table_of(parts, ends, declares, skipped=1 if separator else 0)
    if layout and not single:
        layout.evidence.insert(0, _("Cells are parted by {mark}.").format(mark={"\t": "tab"}.get(delimiter, delimiter)))
    return layout


def records(text: str, delimiter: str, quote: str) -> list[Record]:
    """Split a text into records; blank lines are left out."""
    plain: dict[str, Any] = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    reader, rows, line = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **plain), [], 0
    try:
        for cells in reader:
            if cells:
                rows.append(Record(cells, line))
            line = reader.line_num
    except csv.Error:
        return rows
    return rows


def table_of(parts: list[list[Record]], ends: bool, declares: dict[str, Any], skipped: int = 0) -> Layout | None:
    """Find the header, the rows and what stands after them.

    Parameters
    ----------
    parts : the records of every part of the text.
    ends : whether the last part is the file's end.
    declares : what is known of the source; what is found is added.
    skipped : lines that stand before the text.
    """
    first = parts[0]
    everything = [record.cells for part in parts for record in part]
    width = _width(everything)
    if sum(len(cells) == width for cells in everything) < _FEW * len(everything) and len(everything) > 3:
        return None
    body = [cells for cells in everything if len(cells) == width]
    shapes = Shapes(body[:: max(1, len(body) // 1_000)])
    at, has_header = _header(first, width, shapes)
    names = list(first[at].cells) if has_header else [f"column_{i}" for i in range(1, width + 1)]
    layout = Layout(dict(declares), names, [])
    empty_last = all(not cells[-1].strip() for cells in everything[at + has_header :] if len(cells) == width) and width > 2
    if empty_last and (len(names) == width - 1 or not names[-1].strip() or not has_header):
        layout.declares["trailing_delimiter"] = True
        layout.evidence.append(_("Every line ends in one delimiter too many."))
        names = names[: width - 1]
    elif has_header and len(names) == width - 1:  # R leaves out the name of the first column, the number of the row
        numbers = rises([cells[0].strip() for cells in body[:50]])
        names = ["", *names] if numbers else [f"column_{i}" for i in range(1, width + 1)]
    begin = at + has_header
    units = 0
    while has_header and units < 2 and begin + units < len(first) - 1 and shapes.no_row(first[begin + units].cells):
        units += 1
    begin += units
    preset = recognised(names)
    layout.preset = preset.name if preset else ""
    numbered = {i for i, name in enumerate(names) if not name.strip() and rises([cells[i] for cells in body[1:50]])}
    unique = _unique(names, numbered) if not layout.preset else names
    line = first[at].line
    if not has_header or units or unique != list(first[at].cells[: len(names)]):
        layout.declares["header"] = unique
        line = first[begin].line if begin < len(first) else line + 1
        layout.evidence.append(
            _("No line holds the names of the columns: they are numbered.")
            if not has_header
            else _("Some names of columns are empty, double, in two lines or of a person: they are named here.")
        )
    layout.names = unique
    if line:
        layout.declares["skip_lines"] = line + skipped
        layout.evidence.append(_("{count} lines stand before the table.").format(count=line))
    rows = [record.cells for record in first[begin:]] + [record.cells for part in parts[1:] for record in part]
    last = _footer(rows, width, shapes) if ends else 0
    if last:
        layout.declares["skip_last"] = last
        layout.evidence.append(_("The last {count} lines hold totals or notes.").format(count=last))
        rows = rows[:-last]
    fitting = [cells[: len(names)] for cells in rows if len(cells) == width or len(cells) == len(names)]
    if len(fitting) < _MOST_ROWS * len(rows):
        return None
    filled = [cells for cells in fitting if any(cell.strip() for cell in cells)]
    if len(fitting) < len(rows):
        layout.evidence.append(
            _("{count} of {total} lines have another number of cells than the header ({width}).").format(
                count=len(rows) - len(fitting), total=len(rows), width=len(names)
            )
        )
    layout.rows = filled
    return layout


def _start(text: str) -> str:
    if len(text) <= 300_000:
        return text
    return text[: text.rfind("\n", 0, 300_000) + 1] or text[:300_000]


def _score(text: str, delimiter: str) -> float:
    """Return how well a delimiter cuts a text: share of records of the most usual width, times how clean their cells are."""
    rows = [record.cells for record in records(text, delimiter, '"')][:2_000]
    width = _width(rows)
    if width < 2:
        return 0.0
    fitting = [cells for cells in rows if len(cells) == width]
    others = [mark for mark in DELIMITERS if mark != delimiter]
    sample = fitting[:: max(1, len(fitting) // 200)]
    if any(sum(_COLUMNS.search(cell) is not None for cell in column) > 0.8 * len(sample) for column in zip(*sample, strict=True)):
        return 0.0
    cells = [cell for row in sample for cell in row]
    clean = sum(0.2 if any(mark in cell for mark in others) and not _plain(cell) else 1.0 for cell in cells) / len(cells)
    return len(fitting) / len(rows) * clean * (1 - 1 / (width + 20))


def _plain(cell: str) -> bool:
    return _NUMBERLIKE.fullmatch(cell.strip()) is not None or ", " in cell or "; " in cell


def _width(rows: Sequence[Sequence[str]]) -> int:
    """Return the most usual number of cells; of equals the largest."""
    widths = Counter(len(cells) for cells in rows)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _quote(text: str, delimiter: str) -> str:
    def broken(quote: str) -> int:
        source = source_like(file="", delimiter=delimiter, quote=quote)
        return len(quote_problems(text, 0, source))

    cells = [cell for record in records(text, delimiter, "")[:500] for cell in record.cells if cell]
    single = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in cells)
    if single > 0.3 * len(cells) and not broken("'"):
        return "'"
    if not broken('"'):
        return '"'

    def even(quote: str) -> float:
        rows = [record.cells for record in records(text, delimiter, quote)]
        return sum(len(cells) == _width(rows) for cells in rows) / max(len(rows), 1)

    return "" if even("") >= max(even('"'), 0.99) and not any(cell[0] == cell[-1] == '"' for cell in cells if len(cell) > 1) else '"'


def _known_header(text: str) -> str:
    """Return the delimiter under which one of the first lines is the header of a known system's export; "" for none."""
    for line in text[:100_000].splitlines()[:6]:
        for delimiter in DELIMITERS:
            if recognised(next(csv.reader([line], delimiter=delimiter), [])):
                return delimiter
    return ""


def _header(rows: list[Record], width: int, shapes: Shapes) -> tuple[int, bool]:
    """Return the place of the header among the first rows, or that of the first row of data, and which of the two it is."""
    near = [
        i
        for i, record in enumerate(rows[:_PREAMBLE])
        if len(record.cells) in (width, width - 1) or len(record.cells) == width + 1 and not record.cells[-1]
    ]
    near = [i for i in near if len(rows[i].cells) > 1 or width == 1] or [0]
    for i in near[:6]:
        if recognised(rows[i].cells):
            return i, True
    filled = {i: sum(bool(cell.strip()) for cell in rows[i].cells) for i in near}
    full = [i for i in near if filled[i] >= 0.7 * width] or [max(near, key=lambda i: filled[i])]
    for i in full[:6]:
        if shapes.is_header(rows[i].cells) is not False:
            return i, True
    data = next(i for i in near if len(rows[i].cells) == width)
    return data, False


def _footer(rows: list[list[str]], width: int, shapes: Shapes) -> int:
    """Return how many rows at the end are totals, notes or blank; a row that was cut off is none of them."""
    count = 0
    for i, cells in enumerate(reversed(rows[-_FOOTER:]), start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not is_footer(cells, width, shapes) or i >= len(rows):
            break
        count = i
    return count


def _unique(names: Sequence[str], unnamed: set[int]) -> list[str]:
    """Return names that are filled, stand once and are nobody's address; the number of the row needs none."""
    unique: dict[str, None] = {}
    for i, name in enumerate(names):
        plain = name if (name.strip() or i in unnamed) and not names_person(name) else f"column_{i + 1}"
        times = next(n for n in range(1, len(names) + 2) if (plain if n == 1 else f"{plain}_{n}") not in unique)
        unique[plain if times == 1 else f"{plain}_{times}"] = None
    return [*unique]
