"""Several sources of one table put together: one key, one record, and a declared rule which one wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.raw import LINE
from helpers.sources.store import Store
from helpers.tables import Table
from helpers.tables.declared import Source
from helpers.tables.receipts import Receipt, SetAside

_SOURCE, _KEEP = "__source", "__keep"
_REASONS = {
    "first": lambda: _("The same key stands twice; the first record read is used."),
    "last": lambda: _("The same key stands twice; the last record read is used."),
    "newest": lambda: _("The same key stands twice; the newest record is used."),
    "fullest": lambda: _("The same key stands twice; the record with the most cells filled is used."),
}


@dataclass(frozen=True)
class Part:
    """One source's rows in use, ready to be put together with those of others.

    Parameters
    ----------
    rows : ibis table with the canonical columns and ``__line``.
    source : its block in client.yml.
    receipt : what became of its rows so far.
    """

    rows: Any
    source: Source
    receipt: Receipt


def merged(parts: list[Part], table: Table, store: Store) -> tuple[Any, list[Receipt], list[Problem]]:
    """Put the sources of one table together.

    Parameters
    ----------
    parts : the sources, in the order of client.yml.
    table : the canonical table they fill.
    store : the embedded engine, where sources of several engines meet.

    Returns
    -------
    The table (ibis), the receipts with duplicates counted as set aside, and the problems.
    """
    together = _union(parts, store) if len(parts) > 1 else parts[0].rows.mutate(**{_SOURCE: 0})
    receipts = [part.receipt for part in parts]
    rule = parts[0].source.duplicates
    doubles = _doubles(together, table) if table.key else 0
    if doubles and rule == "refuse":
        return together, receipts, [_double_problem(together, doubles, parts, table)]
    if doubles:
        ranked = together.mutate(**{_KEEP: _rank(together, rule, table) == 0})
        receipts = _with_losers(ranked, receipts, rule, table)
        together = ranked.filter(ranked[_KEEP]).drop(_KEEP)
    return together.drop(_SOURCE, LINE), receipts, []


def _union(parts: list[Part], store: Store) -> Any:
    import ibis

    tables = [store.here(part.rows).mutate(**{_SOURCE: i}) for i, part in enumerate(parts)]
    types = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    aligned = []
    for table in tables:  # every table gets the columns of all, empty where it has none of its own
        aligned.append(table.select(**{name: table[name] if name in table.columns else ibis.null(kind) for name, kind in types.items()}))
    return ibis.union(*aligned, distinct=False)


def _doubles(together: Any, table: Table) -> int:
    counting = together.aggregate(rows=together.count(), keys=together[table.key[0]].nunique())
    counted = counting.get_backend().to_pyarrow(counting).to_pylist()[0]
    return int(counted["rows"]) - int(counted["keys"])


def _double_problem(together: Any, doubles: int, parts: list[Part], table: Table) -> Problem:
    key = table.key[0]
    counts = together.group_by(key).aggregate(n=together.count(), line=together[LINE].max())
    counting = counts.filter(counts.n > 1).order_by(key).limit(1)
    first = counting.get_backend().to_pyarrow(counting).to_pylist()[0]
    files = ", ".join(dict.fromkeys(part.source.origin for part in parts))
    theirs = parts[0].source.columns[key]
    at = f"line {first['line']}, column {theirs}" if first["line"] is not None else f"column {theirs}"
    fix = f"Remove the {doubles} doubles, or declare duplicates: newest (or first, last, fullest) in client.yml."
    return Problem(files, at, str(first[key]), f"each {key} once", fix)


def _rank(together: Any, rule: str, table: Table) -> Any:
    import ibis

    read = [together[_SOURCE], together[LINE]]
    order = {
        "first": read,
        "last": [column.desc() for column in read],
        "newest": ([ibis.desc(together[table.when].fill_null(ibis.timestamp("1900-01-01")))] if table.when in together.columns else [])
        + read,
        "fullest": [
            ibis.desc(sum(together[name].notnull().cast("int64") for name in table.names if name in together.columns)),
            *read,
        ],
    }[rule]
    return ibis.row_number().over(group_by=[together[name] for name in table.key], order_by=order)


def _with_losers(ranked: Any, receipts: list[Receipt], rule: str, table: Table) -> list[Receipt]:
    lost = ranked.filter(~ranked[_KEEP])
    money = exact_sum(lost[table.money]) if table.money in lost.columns else lost.count() * 0
    counting = lost.group_by(_SOURCE).aggregate(rows=lost.count(), money=money)
    for row in counting.get_backend().to_pyarrow(counting).to_pylist():
        receipt, amount = receipts[row[_SOURCE]], amount_of(row["money"])
        gone = SetAside(_("duplicate"), _REASONS[rule](), int(row["rows"]), amount)
        receipts[row[_SOURCE]] = replace(
            receipt,
            rows_used=receipt.rows_used - gone.rows,
            amount_used=round(receipt.amount_used - amount, 2),
            set_aside=(*receipt.set_aside, gone),
        )
    return receipts
