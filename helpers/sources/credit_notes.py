"""Words by which systems mark credit notes and returns, and the marked rows whose amounts have no minus."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from helpers.sources.asking import frame, words
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
FEW_VALUES = 12  # a column with more is no kind of document
MARKED_ROWS, MARKED_SHARE, MARKED_POSITIVE = 5, 0.3, 0.5  # least rows; most of all rows; least of them without a minus


def credit_words(values: Iterable[Any]) -> list[str]:
    """Return those of a column's different values, the most frequent first, that mark a credit note or return."""
    texts = {value: value.strip().lower().replace("_", " ") for value in values if isinstance(value, str) and value.strip()}
    clear, part = rf"\b{words('credit_notes')}\b|^{words('returns')}$", rf"\b{words('partly')}"
    marks = [value for value, text in texts.items() if re.search(clear, text) and not re.search(part, text)]
    if re.fullmatch(words("invoices"), next(iter(texts.values()), "")):
        marks += [value for value, text in texts.items() if re.fullmatch(words("brief_credit_notes"), text)]
    return marks


def may_mark(name: str, cells: Sequence[Any]) -> bool:
    """Tell whether a column that is not mapped may mark credit notes: few values, one of them such a word.

    Where a database holds the cells, and none are at hand, its name decides.
    """
    if not len(cells):
        return bool(re.search(words("kind_columns"), name.lower()))
    if len(set(cells[:2_000])) > FEW_VALUES or len(values := set(cells)) > FEW_VALUES:
        return False
    return bool(credit_words(sorted(values - {None}, key=lambda value: (-sum(cell == value for cell in cells[:2_000]), str(value)))))


def unsigned(rows: Any, mark: str, name: str, amount: Any, table: str) -> Iterator[Doubt]:
    """Yield the doubt of rows (an ibis table) that a column marks as credit notes, and whose amounts have no minus.

    ``mark`` is the column that may mark them, ``name`` what the export calls it, ``table`` what the rows become.
    """
    kinds = rows.group_by(mark).aggregate(n=rows.count(), positive=(amount > 0).sum(), amount=amount.sum(where=amount > 0))
    kinds = frame(kinds.order_by(kinds["n"].desc(), mark).limit(FEW_VALUES + 1))
    if len(kinds) > FEW_VALUES:
        return
    hit = kinds[kinds[mark].isin(credit_words(kinds[mark]))]
    rows_hit, positive = int(hit["n"].sum()), int(hit["positive"].sum())
    if positive >= MARKED_ROWS and positive >= MARKED_POSITIVE * rows_hit and rows_hit <= MARKED_SHARE * kinds["n"].sum():
        yield Doubt("positive_refunds", table, positive, rows_hit, float(hit["amount"].sum()), name)
