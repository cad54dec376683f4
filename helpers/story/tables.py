"""A frame as a table that people read: unit in the header, numbers to the right, one row at most marked."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd

from helpers.core import wording
from helpers.core.errors import did_you_mean
from helpers.core.results import Verdict
from helpers.core.wording import _, number
from helpers.story.base import verdict_text
from helpers.story.text_table import Cell, Column, Row, Sorted, TextTable

MISSING = "–"
WIDE = 5  # more columns than this, notes among them, and the table can be scrolled with the keyboard
LONG = 28  # a text cell with more letters than this gets a column wide enough to read
FORMATS: dict[str, Callable[[Any], str]] = {
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
_NUMBERS = {"number", "number1", "number2", "money", "money2", "percent", "percent1"}
_ids_shown = False


def show_ids(allowed: bool) -> None:
    """Allow customer numbers in tables from now on, where the client did; forbidden, rows are only numbered."""
    global _ids_shown
    _ids_shown = allowed


class Table(TextTable):
    """A frame as people read it: its words are made here, and only they reach the output.

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
    ValueError : a format that does not exist, or a column the frame does not have.
    """

    frame: pd.DataFrame

    def __init__(
        self, frame: pd.DataFrame, caption: str, columns: Mapping[str, tuple[str, str]], highlight: int | None = None, first: int = 10
    ):
        _check(frame, columns)
        shown = {name: head for name, head in columns.items() if _has_words(frame[name], head[1])}
        notes = {name: header for name, (header, form) in shown.items() if form == "note"}
        heads = {name: head for name, head in shown.items() if name not in notes}
        cells = [_cells(frame[name], header, form) for name, (header, form) in heads.items()]
        below = [_notes(frame[name], header) for name, header in notes.items()]
        super().__init__(
            caption,
            tuple(Column(header, _side(frame[name], form)) for name, (header, form) in heads.items()),
            tuple(
                Row(tuple(column[at] for column in cells), tuple(column[at] for column in below if column[at])) for at in range(len(frame))
            ),
            highlight,
            first,
            scrolls=len(shown) > WIDE,
        )
        object.__setattr__(self, "frame", frame)  # beside the fields of the record: it is never written out


def figures_table(frame: pd.DataFrame, caption: str, most: int = 120) -> TextTable | None:
    """Return the figures that a picture draws, as a table; None where there are none.

    Parameters
    ----------
    frame : the figures, as numbers or as words.
    caption : that of the picture.
    most : rows that are kept, ten years of months; more is a data set, not a reading aid, and the caption says so.
    """
    if frame.empty:
        return None
    words = [[_figure(value) for value in frame.iloc[:most, position]] for position in range(frame.shape[1])]
    columns = [Column(str(name), _figures_side(texts)) for name, texts in zip(frame.columns, words, strict=True)]
    if len(frame) > most:
        caption = _("{caption}: the first {n} of {all} rows").format(caption=caption, n=number(most), all=number(len(frame)))
    return TextTable(caption, columns, [Row(cells) for cells in zip(*words, strict=True)], first=most)


def _check(frame: pd.DataFrame, columns: Mapping[str, tuple[str, str]]) -> None:
    for name, (__, form) in columns.items():
        if name not in frame.columns:
            raise ValueError(f"no column {name!r} in the frame. {did_you_mean(name, [str(known) for known in frame.columns])}")
        if form not in FORMATS:
            raise ValueError(f"no format {form!r}. {did_you_mean(form, list(FORMATS))}")


def _has_words(column: pd.Series, form: str) -> bool:
    """Return False for a text column that holds no word at all: it is not shown."""
    return form not in ("text", "note") or column.empty or any(_missing(value) or str(value) for value in column)


def _side(column: pd.Series, form: str) -> Literal["", "number", "long"]:
    if form in _NUMBERS:
        return "number"
    longest = max((len(str(value)) for value in column if not _missing(value)), default=0)
    return "long" if form == "text" and longest > LONG else ""


def _cells(column: pd.Series, header: str, form: str) -> list[Cell]:
    """Return the words of a column, with what the report sorts by where the words would sort wrongly."""
    if form == "id" and not _ids_shown:
        return [_("no. {place}").format(place=wording.number(place)) for place in range(1, len(column) + 1)]
    if form == "verdict":
        return [value if isinstance(value, Verdict) else _text(value, header, form) for value in column]
    texts = [_text(value, header, form) for value in column]
    if form in _NUMBERS or form == "date":
        return [Sorted(text, _sort_key(value, form)) for text, value in zip(texts, column, strict=True)]
    return list(texts)


def _text(value: Any, header: str, form: str) -> str:
    if _missing(value):
        return MISSING
    if form.startswith("money") and wording.currency_sign() in header:
        return wording.number(value, 2 if form == "money2" else 0)
    return str(FORMATS[form](value))


def _sort_key(value: Any, form: str) -> str:
    if _missing(value):
        return ""
    return f"{value:%Y%m%d}" if form == "date" else f"{float(value):.10g}"


def _notes(column: pd.Series, header: str) -> list[str]:
    return ["" if _missing(value) or not str(value) else f"{header}: {value}" for value in column]


def _missing(value: Any) -> bool:
    return not isinstance(value, Verdict) and pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _figure(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return wording.number(value, 0 if float(value).is_integer() else 2)
    return str(value)


def _figures_side(texts: list[str]) -> Literal["", "number"]:
    """Return "number" for a column of numbers, also where they were written out already."""
    bare = [text.removeprefix(wording.currency_sign()).lstrip("-−\u00a0 ") for text in texts]
    return "number" if all(text[:1].isdigit() or text in ("", MISSING) for text in bare) else ""
