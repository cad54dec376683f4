"""A table that people read: unit in the header, numbers to the right, one row at most marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.core import wording
from helpers.core.errors import did_you_mean
from helpers.core.results import Verdict
from helpers.core.wording import _
from helpers.story.base import Record, escape, section, verdict_html, verdict_text

MISSING = "–"
LONG = 28  # a text cell with more letters than this gets a column wide enough to read
WIDE = 5  # more columns than this and the table can be scrolled with the keyboard
FORMATS = {
    "text": str,
    "note": str,
    "number": wording.number,
    "number1": lambda value: wording.number(value, 1),
    "number2": lambda value: wording.number(value, 2),
    "money": wording.money,
    "money2": lambda value: wording.money(value, 2),
    "percent": wording.percent,
    "percent1": lambda value: wording.percent(value, 1),
    "date": wording.day,
    "id": str,
    "verdict": verdict_text,
    "yesno": lambda value: _("yes") if value else _("no"),
}
_ids_shown = False
_AT_THE_RIGHT = {"number", "number1", "number2", "money", "money2", "percent", "percent1"}


def show_ids(allowed: bool) -> None:
    """Allow or forbid customer numbers in tables from now on; forbidden, rows are only numbered.

    Parameters
    ----------
    allowed : True where the client declared that its report may show customer numbers.
    """
    global _ids_shown
    _ids_shown = allowed


@dataclass(frozen=True, eq=False)
class Table(Record):
    """A frame as people read it.

    Parameters
    ----------
    frame : the rows, in the order in which they are shown; never changed.
    caption : what the table says, with unit and period.
    columns : frame column to (header with its unit, format); only these are shown, in this order.
        Formats: "text", "number", "number1", "number2" (decimals), "money", "money2", "percent",
        "percent1" (shares 0 to 1), "date", "verdict" (the cell holds a ``Verdict``), "yesno", "id" (a
        customer number: shown only where the client allowed it, else the place in the exported list).
        A text column in which every cell is an empty text is left out. A "note" is a sentence that
        stands below its row, over the whole width.
        Money loses its sign in the cells where the header already names the currency.
    highlight : position (from 0) of the one row that the sentence speaks of.
    first : rows shown before "show all" (all rows are in the page, and all are printed).

    Raises
    ------
    ValueError
        A format that does not exist, or a column the frame does not have.
    """

    frame: pd.DataFrame
    caption: str
    columns: Mapping[str, tuple[str, str]]
    highlight: int | None = None
    first: int = 10
    role = "table"

    def __post_init__(self) -> None:
        for column, (__, form) in self.columns.items():
            if column not in self.frame.columns:
                known = [str(name) for name in self.frame.columns]
                raise ValueError(f"no column {column!r} in the frame. {did_you_mean(column, known)}")
            if form not in FORMATS:
                raise ValueError(f"no format {form!r}. {did_you_mean(form, list(FORMATS))}")

    def to_html(self) -> str:
        """Return the table in a frame that scrolls where it is too wide."""
        heads = "".join(
            f'<th scope="col"{self._side(column)}>{escape(header)}</th>' for column, (header, form) in self._shown.items() if form != "note"
        )
        rows = [self._row(at) for at in range(len(self.frame))]
        parts = [rows[: self.first], rows[self.first :]]
        body = f"<tbody>{''.join(parts[0])}</tbody>"
        if parts[1]:
            body += f'<tbody class="aim-more">{"".join(parts[1])}</tbody>'
        caption = f"<caption>{escape(self.caption)}</caption>"
        table = f"<table>{caption}<thead><tr>{heads}</tr></thead>{body}</table>"
        wide = f' role="region" tabindex="0" aria-label="{escape(self.caption)}"'
        scroll = wide if len(self._shown) > WIDE else ""
        return section(self.role, f'<div class="aim-scroll"{scroll}>{table}</div>')

    def _row(self, at: int) -> str:
        cells = []
        notes = ""
        for place, (column, (header, form)) in enumerate(self._shown.items()):
            value = self._value(column, form, at)
            if form == "note":
                notes += self._note(header, value)
                continue
            tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
            shown = _cell_html(value, header, form)
            cells.append(f"<{tag}{scope}{self._side(column)}{_sort_key(value, form)}>{shown}</{tag}>")
        mark = ' class="aim-mark"' if at == self.highlight else ""
        return f"<tr{mark}>{''.join(cells)}</tr>{notes}"

    def _note(self, header: str, value: Any) -> str:
        width = sum(form != "note" for __, form in self._shown.values())
        said = "" if _missing(value) or not str(value) else escape(f"{header}: {value}")
        return f'<tr class="aim-note"><td colspan="{width}"><div>{said}</div></td></tr>' if said else ""

    @cached_property
    def _shown(self) -> Mapping[str, tuple[str, str]]:
        """The columns without the text columns that hold no word at all."""
        return {
            column: head
            for column, head in self.columns.items()
            if head[1] not in ("text", "note") or self.frame.empty or any(_missing(one) or str(one) for one in self.frame[column])
        }

    def _value(self, column: str, form: str, at: int) -> Any:
        if form == "id" and not _ids_shown:
            return _("no. {place}").format(place=wording.number(at + 1))
        return self.frame[column].iloc[at]

    def _side(self, column: str) -> str:
        form = self.columns[column][1]
        if form in _AT_THE_RIGHT:
            return ' class="aim-number"'
        long = form == "text" and max(map(len, _words(self.frame[column])), default=0) > LONG
        return ' class="aim-long"' if long else ""

    def to_text(self) -> str:
        """Return the caption and the rows, columns under each other."""
        heads = [header for header, __ in self._shown.values()]
        forms = [form for __, form in self._shown.values()]
        rows = [
            [_cell_text(self._value(c, form, at), header, form) for c, (header, form) in self._shown.items()]
            for at in range(len(self.frame))
        ]
        wide = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if form in _AT_THE_RIGHT else cell.ljust(width)
                for cell, width, form in zip(row, wide, forms, strict=True)
            ).rstrip()
            for row in [heads, *rows]
        ]
        return "\n".join([self.caption, *lines])


def _words(column: pd.Series) -> list[str]:
    return ["" if _missing(value) else str(value) for value in column]


def _missing(value: Any) -> bool:
    return not isinstance(value, Verdict) and pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _sort_key(value: Any, form: str) -> str:
    """Return what the report sorts by where the shown text would sort wrongly."""
    if form in ("text", "note", "verdict", "yesno", "id"):
        return ""
    if _missing(value):
        return ' data-sort=""'
    return f' data-sort="{value:%Y%m%d}"' if form == "date" else f' data-sort="{float(value):.10g}"'


def _cell_text(value: Any, header: str, form: str) -> str:
    if _missing(value):
        return MISSING
    if form.startswith("money") and _names_currency(header):
        return wording.number(value, 2 if form == "money2" else 0)
    return str(FORMATS[form](value))


def _names_currency(header: str) -> bool:
    return wording.currency_sign() in header


def _cell_html(value: Any, header: str, form: str) -> str:
    if form == "verdict" and isinstance(value, Verdict):
        return verdict_html(value)
    return escape(_cell_text(value, header, form))
