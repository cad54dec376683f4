"""A picture that is read as well as seen: caption, alternative text, and the same figures."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import pandas as pd

from helpers.core import wording
from helpers.core.wording import _
from helpers.story.base import Record, escape, section

MOST_FIGURES = 60  # rows of figures kept with a picture; more is a data set, not a reading aid


@dataclass(frozen=True, eq=False)
class Picture(Record):
    """A picture with its caption.

    Parameters
    ----------
    png : the picture, as PNG.
    caption : what is drawn, unit, period; stands above the picture.
    alt : what the picture says, for those who do not see it; never empty.
    width, height : size on the page, in CSS pixels (the file may hold more pixels).
    table : the same figures, at most 60 rows are kept; text is shown as it is.

    Raises
    ------
    ValueError
        The alternative text is empty.
    """

    png: bytes
    caption: str
    alt: str
    width: int
    height: int
    table: pd.DataFrame | None = None
    role = "picture"

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a picture needs an alternative text: one sentence that says what it shows")

    def to_html(self) -> str:
        """Return the figure with its caption, and the figures it draws in closed details."""
        source = "data:image/png;base64," + b64encode(self.png).decode("ascii")
        image = f'<img src="{source}" alt="{escape(self.alt)}" width="{self.width}" height="{self.height}">'
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        return section(self.role, f'<figure>{caption}<div class="aim-frame">{image}</div>{self._figures()}</figure>')

    def _figures(self) -> str:
        if self.table is None or self.table.empty:
            return ""
        shown = self.table.head(MOST_FIGURES)
        sides = [_side(shown.iloc[:, at]) for at in range(shown.shape[1])]
        named = zip(sides, shown.columns, strict=True)
        heads = "".join(f'<th scope="col"{side}>{escape(name)}</th>' for side, name in named)
        rows = "".join(_row(row, sides) for row in shown.itertuples(index=False))
        title = escape(_("Show the figures"))
        caption = f'<caption class="aim-hidden">{escape(self.caption)}</caption>'
        table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return f'<details class="aim-data"><summary>{title}</summary><div class="aim-scroll">{table}</div></details>'

    def to_text(self) -> str:
        """Return caption and alternative text."""
        return f"{self.caption}\n{self.alt}"


def _row(row: tuple, sides: list[str]) -> str:
    cells = [
        (f"<td{side}>" if at else f'<th scope="row"{side}>') + escape(_shown(value)) + ("</td>" if at else "</th>")
        for at, (value, side) in enumerate(zip(row, sides, strict=True))
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _side(column: pd.Series) -> str:
    """Return the class of a column of numbers, also where they were written out already."""
    words = [_shown(value) for value in column]
    bare = [word.removeprefix(wording.currency_sign()).lstrip("-−\u00a0 ") for word in words]
    numeric = all(word[:1].isdigit() or word in ("", "–") for word in bare)
    return ' class="aim-number"' if words and numeric else ""


def _shown(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return wording.number(value, 0 if float(value).is_integer() else 2)
    return str(value)
