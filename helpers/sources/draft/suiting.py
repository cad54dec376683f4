"""How well the cells of a column suit one of our columns, and what cells tell by themselves."""

import numpy as np

from helpers.sources.draft.content import MOST, NEARLY, PATTERNS, Content
from helpers.sources.draft.names import plain, word_list
from helpers.tables import Column, Table

_ARMS = 6  # a test has from two to so many (our convention)
_PEOPLE = ("customer_id", "person_id", "visitor_id")  # what an e-mail address can name


def suits(content: Content, ours: Column, table: Table) -> float:
    """Return how well cells suit one of our columns, 0 (they cannot be it) to 1.

    Parameters
    ----------
    content : the cells.
    ours, table : canonical column and table.
    """
    if not content.filled:
        return 0.0
    by_kind = {"id": _as_id, "date": _as_date, "time": _as_date, "flag": _as_flag, "text": _as_text}
    return by_kind.get(ours.kind, _as_number)(content, ours, table)


def _as_id(content: Content, ours: Column, table: Table) -> float:
    kind = content.column.kind
    if kind == "date" and not content.digits or content.flags and len(content.filled) > 5 or content.fraction:
        return 0.0
    spaced = content.share(r".*\S\s\S.*")
    text = 0.4 if spaced > 0.3 else 1.0
    if content.addresses:
        if ours.name not in _PEOPLE:
            return 0.0
        text = 0.6
    if ours.name in table.key:
        # A key may stand twice by mistake, never in every third row.
        return text * (1.0 if content.distinct >= NEARLY else 0.6 if content.distinct >= 0.8 else 0.0)
    if ours.name in ("product_variant_of", "pilot_id", "test_id", "campaign_id") or table.name == "external":
        return text if ours.name != "external_key" else 1.0
    if len(content.filled) >= 30 and content.values < 3 and ours.required:
        return 0.2
    return text


def _as_date(content: Content, ours: Column, table: Table) -> float:
    if content.births:
        return 0.0
    if content.column.kind == "date":
        return 1.0
    dated = content.share(r"[0-9]{1,4}[-/. ][0-9A-Za-zéû]{1,9}[-/. ][0-9]{1,4}.*")
    return 0.9 if dated >= NEARLY else 0.7 if dated >= MOST else 0.0


def _as_number(content: Content, ours: Column, table: Table) -> float:
    if content.column.kind == "date" and not content.digits or not content.numeric:
        return 0.0
    if ours.kind == "count" and content.share(r"[^-]*[.,][0-9]{1,2}") > 0.02:
        return 0.0
    numbers = content.numbers[~np.isnan(content.numbers)]
    if (
        ours.low is not None
        and len(numbers)
        and numbers.min() < ours.low
        or ours.high is not None
        and len(numbers)
        and numbers.max() > ours.high
    ):
        return 0.0
    if content.padded:
        return 0.1
    if ours.kind == "money" and content.digits and ours.name == table.money and len(numbers):
        # Prices in whole crowns there are, but a piece count hardly passes ten.
        return 0.9 if np.median(numbers) > 20 and len(set(numbers)) > 10 else 0.5
    return 1.0


def _as_flag(content: Content, ours: Column, table: Table) -> float:
    return 1.0 if content.flags else 0.0


def _as_text(content: Content, ours: Column, table: Table) -> float:
    if ours.name in PATTERNS:
        share = content.share(PATTERNS[ours.name])
        return 1.0 if share >= MOST else 0.5 if share >= 0.5 else 0.0
    if content.column.kind == "date" or content.fraction or ours.name == "arm" and not 2 <= content.values <= _ARMS:
        return 0.0
    if ours.choices:
        return (
            1.0
            if content.words("quote_status", "won") + content.words("quote_status", "lost") > 0.1
            else 0.6
            if content.distinct < 0.1
            else 0.0
        )
    if content.flags and content.values > 1:
        # A yes or no may be the status of an order: cancelled or not.
        return 0.9 if ours.name == "order_status" else 0.2
    if ours.name in ("customer_name", "product_name"):
        return 0.3 if content.numeric else 1.0 if content.share(r".*[A-Za-zÀ-ÿ]{3}.*") > 0.5 else 0.5
    few = content.values <= max(12, 0.5 * len(content.filled))
    return 0.4 if content.numeric and ours.name != "region" else 1.0 if few else 0.5


def told_by_cells(content: Content, ours: Column, table: Table) -> float:
    """Return how sure the cells alone make it that a column is one of ours."""
    if ours.name in ("email", "page_path", "user_agent", "screen"):
        return 0.9 if content.share(PATTERNS[ours.name]) >= NEARLY else 0.0
    if ours.name in ("treatment", "arm"):
        named = {plain(cell) for cell in set(content.some)} & (word_list("control") | {"treated", "treatment"})
        return 0.9 if named and (ours.name == "treatment" or 2 <= content.values <= _ARMS) else 0.0
    return 0.0
