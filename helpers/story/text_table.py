"""A table whose cells are words already: what is shown, and nothing else of the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from helpers.core.results import Verdict
from helpers.story.base import NOTEBOOK, Place, Record, attribute, escape, section, verdict_html, verdict_text


@dataclass(frozen=True)
class Column:
    """The head of a column, and how its cells stand: "number" at the right, "long" wide enough to read."""

    header: str
    side: Literal["", "number", "long"] = ""

    @property
    def mark(self) -> str:
        """The class attribute of the column's cells."""
        return f' class="aim-{self.side}"' if self.side else ""


@dataclass(frozen=True)
class Sorted:
    """A cell that the report sorts by something else than its words: a number, or a day as 20210630; empty where unknown."""

    text: str
    sort: str


Cell = str | Sorted | Verdict


@dataclass(frozen=True)
class Row:
    """The cells of a row, and the sentences that stand below it over the whole width."""

    cells: Sequence[Cell]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class TextTable(Record):
    """A table as it is shown.

    Parameters
    ----------
    caption : what the table says, with unit and period.
    columns, rows : every row has one cell per column.
    highlight : position (from 0) of the one row that the sentence speaks of.
    first : rows shown before "show all" (all rows are in the page, and all are printed).
    scrolls : wide: the keyboard can reach it, to scroll it sideways.

    Raises
    ------
    ValueError : no column, or a row with more or fewer cells than there are columns.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    highlight: int | None = None
    first: int = 10
    scrolls: bool = False
    kind: Literal["table"] = field(default="table", kw_only=True)

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs a column")
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"every row of a table needs {len(self.columns)} cells, one per column")

    def to_html(self, place: Place = NOTEBOOK) -> str:
        """Return the table in a frame that scrolls where it is too wide."""
        reachable = f' role="region" tabindex="0" aria-label="{attribute(self.caption)}"' if self.scrolls else ""
        return section(self.kind, f'<div class="aim-scroll"{reachable}>{self.bare_html()}</div>')

    def bare_html(self, hide_caption: bool = False) -> str:
        """Return the table alone; a hidden caption is for those who listen to the page."""
        heads = "".join(f'<th scope="col"{column.mark}>{escape(column.header)}</th>' for column in self.columns)
        rows = [self._row_html(position) for position in range(len(self.rows))]
        shown, more = rows[: self.first], rows[self.first :]
        body = f"<tbody>{''.join(shown)}</tbody>"
        if more:
            body += f'<tbody class="aim-more">{"".join(more)}</tbody>'
        hidden = ' class="aim-hidden"' if hide_caption else ""
        return f"<table><caption{hidden}>{escape(self.caption)}</caption><thead><tr>{heads}</tr></thead>{body}</table>"

    def _row_html(self, position: int) -> str:
        row = self.rows[position]
        inner = []
        for column, cell in zip(self.columns, row.cells, strict=True):
            sort = f' data-sort="{attribute(cell.sort)}"' if isinstance(cell, Sorted) else ""
            words = verdict_html(cell) if isinstance(cell, Verdict) else escape(_cell_text(cell))
            inner.append(f"{column.mark}{sort}>{words}")
        first, *others = inner
        cells = f'<th scope="row"{first}</th>' + "".join(f"<td{cell}</td>" for cell in others)
        mark = ' class="aim-mark"' if position == self.highlight else ""
        width = len(self.columns)
        notes = "".join(f'<tr class="aim-note"><td colspan="{width}"><div>{escape(note)}</div></td></tr>' for note in row.notes)
        return f"<tr{mark}>{cells}</tr>{notes}"

    def to_text(self) -> str:
        """Return the caption and the rows, columns under each other, notes below their row."""
        heads = [column.header for column in self.columns]
        table = [heads, *([_cell_text(cell) for cell in row.cells] for row in self.rows)]
        widths = [max(len(text) for text in texts) for texts in zip(*table, strict=True)]
        lines = [self._line(texts, widths) for texts in table]
        for row, line in zip(self.rows, range(1, len(lines)), strict=True):
            lines[line] = "\n".join([lines[line], *row.notes])
        return "\n".join([self.caption, *lines])

    def _line(self, texts: Sequence[str], widths: Sequence[int]) -> str:
        padded = [
            text.rjust(width) if column.side == "number" else text.ljust(width)
            for column, text, width in zip(self.columns, texts, widths, strict=True)
        ]
        return "  ".join(padded).rstrip()


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, Verdict):
        return verdict_text(cell)
    return cell.text if isinstance(cell, Sorted) else cell
