"""What the rows of a table look like, so that a header, a line of units and a total can be told from them."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from helpers.sources.profile import TOTALS
from helpers.tables.declared import Source

_YEAR = re.compile(r"(?:19|20)\d\d")
_TOTAL = re.compile(r"\W*" + TOTALS.removeprefix("^"), re.IGNORECASE)


def source_like(**keys: Any) -> Source:
    """Return a source of which only some keys are known, for what reads one by those keys."""
    return Source.model_construct(**keys)


class Shapes:
    """What the cells of each column look like: digits as 9, letters as a."""

    def __init__(self, rows: Sequence[Sequence[str]]):
        self.columns = [Counter(_shape(cell) for cell in column if cell.strip()) for column in zip(*rows, strict=True)]
        self.values = [Counter(cell for cell in column if cell.strip()) for column in zip(*rows, strict=True)]
        # Columns of numbers, dates, numbered codes: only there a name and a cell can be told apart.
        self.typed = [
            i
            for i, shapes in enumerate(self.columns)
            if shapes and sum(n for shape, n in shapes.items() if "9" in shape) >= 0.8 * shapes.total()
        ]
        # Totals and notes are rows of few cells: they do not decide which columns are always filled.
        filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
        full = [row for row, count in zip(rows, filled, strict=True) if count > 0.5 * max(filled)]
        self.always = [
            i for i, column in enumerate(zip(*full, strict=True)) if sum(bool(cell.strip()) for cell in column) >= 0.95 * len(full)
        ]

    def fits(self, cells: Sequence[str]) -> tuple[int, int]:
        """Return in how many of the typed columns a row looks like the others, and in how many it does not."""
        there = [i for i in self.typed if i < len(cells) and cells[i].strip()]
        like = sum(self._usual(i, _shape(cells[i])) for i in there)
        return like, len(there) - like

    def _usual(self, i: int, shape: str) -> bool:
        return self.columns[i][shape] >= max(2, 0.01 * self.columns[i].total()) or "9" in shape and not re.search("a.*a", shape)

    def no_row(self, cells: Sequence[str]) -> bool:
        """Tell whether a line under the header holds no data: units, or a second line of names."""
        like, unlike = self.fits(cells)
        return unlike >= 2 and like == 0 and not any("9" in _shape(cell) for cell in cells)

    def is_header(self, cells: Sequence[str]) -> bool | None:
        """Tell whether a row holds names; None where the columns do not say."""
        like, unlike = self.fits(cells)
        if len(cells) > 2 and all(_YEAR.fullmatch(cell) for cell in cells[1:]) and rises(cells[1:]):
            return True
        if like or unlike:
            return unlike > like
        repeated = [i for i, cell in enumerate(cells) if i < len(self.values) and self.values[i][cell] >= 3]
        return False if repeated else None


def _shape(cell: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell.strip()))[:40]


def is_footer(cells: list[str], width: int, shapes: Shapes) -> bool:
    """Tell whether a row at the end is a total or a note."""
    filled = [i for i, cell in enumerate(cells) if cell.strip()]
    like, unlike = shapes.fits(cells)
    word = next(
        (_TOTAL.match(cells[i].strip()) is not None and i < len(shapes.values) and shapes.values[i][cells[i]] <= 1 for i in filled), False
    )
    missing = [i for i in shapes.always if i >= len(cells) or not cells[i].strip()]
    if word:
        return bool(missing) or unlike > 0 or len(cells) != width
    if len(cells) != width:  # a note; a row of data that was cut off looks like the others as far as it goes
        return like == 0 or len(filled) <= 0.3 * width and unlike > 0
    return len(missing) >= max(2, 0.6 * len(shapes.always)) or unlike >= max(1, 0.5 * len(shapes.typed)) and len(missing) > 0


def rises(cells: Sequence[str]) -> bool:
    """Tell whether a column is the number of the row, as pandas and R write it without a name."""
    return len(cells) > 1 and all(cell.isdigit() for cell in cells) and all(int(b) - int(a) == 1 for a, b in pairwise(cells))
