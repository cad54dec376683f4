"""A data frame shown as pandas shows it, turned into a table in the style of the report."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from helpers.report.fragments import Foreign, Piece

MOST_ROWS = 60
_PANDAS = '<table border="1" class="dataframe">'
_CELLS, _AROUND = {"th", "td"}, {"table", "thead", "tbody", "tr"}


def frame(html: str, caption: str) -> Piece:
    """Return pandas' own HTML of a simple frame as a piece.

    Raises
    ------
    Foreign
        Not a frame of pandas, more than 60 rows, more than one line of headers, or tags in cells.
    """
    start, stop = html.find(_PANDAS), html.rfind("</table>")
    if start < 0 or stop < start:
        raise Foreign("not a frame")
    reader = _Cells()
    reader.feed(html[start : stop + len("</table>")])
    reader.close()
    head, rows = reader.rows[:1], reader.rows[1:]
    if not head or len(rows) > MOST_ROWS or any(len(row) != len(head[0]) for row in rows):
        raise Foreign("not a simple frame")
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head[0])
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    table = f'<table><caption class="aim-hidden">{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    return Piece("table", f'<section class="aim-table"><div class="aim-scroll">{table}</div></section>')


def _row(cells: list[str]) -> str:
    rest = "".join(f"<td{_side(cell)}>{escape(cell)}</td>" for cell in cells[1:])
    return f'<th scope="row">{escape(cells[0])}</th>{rest}'


def _side(cell: str) -> str:
    return ' class="aim-number"' if cell.lstrip("-")[:1].isdigit() or cell == "NaN" else ""


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CELLS and not {"colspan", "rowspan"} & {name for name, __ in attrs} and self.rows:
            self.rows[-1].append("")
            self._inside = True
        elif tag == "tr":
            self.rows.append([])
        elif tag not in _AROUND:
            raise Foreign(f"<{tag}> in a frame")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in _CELLS

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data
