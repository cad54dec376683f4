"""The contracts of ``tables`` as pandera schemas: the last gate before a table is kept.

The reader refuses with file, line and value; the contract then holds for whatever engine the table
comes from, and for the customer table, which no reader made.
"""

from dataclasses import replace
from typing import Any

from helpers.core.errors import Problem
from helpers.tables.columns import Column, Table

_TYPES = {"id": "string", "text": "string", "number": "float64", "count": "int64", "money": "float64", "flag": "boolean"}


def contract(table: Table, key: bool = True) -> Any:
    """Return the pandera schema of a canonical table, for ibis tables of any engine.

    Needed columns are there and filled, numbers are in their range, the key stands once; columns of the firm's own are let through.
    ``key`` False leaves out the key, for tables whose keys the reader counted already.
    """
    import pandera.ibis as pandera

    columns = {column.name: _column(column, pandera) for column in table.columns}
    return pandera.DataFrameSchema(columns, name=table.name, unique=list(table.key) if key and table.key else None)


def breaches(relation: Any, table: Table, key: bool = True) -> list[Problem]:
    """Return where an ibis table breaks its contract; none for every table the reader let through. ``key`` is as in ``contract``."""
    from pandera.errors import SchemaErrors

    needed = table.needed(relation.columns)
    table = replace(table, columns=tuple(replace(column, required=column.name in needed) for column in table.columns))
    try:
        contract(table, key).validate(relation, lazy=True)
    except SchemaErrors as error:
        failures = [failure for kinds in error.message.values() for listed in kinds.values() for failure in listed]
        rules = [(failure.get("column"), " ".join(str(failure.get("error", "")).split())[:160]) for failure in failures]
        return [Problem(f"our table {table.name}", f"column {column}", "", f"what its contract says: {rule}") for column, rule in rules]
    return []


def _column(column: Column, pandera: Any) -> Any:
    import ibis

    checks = []
    low = 0 if column.kind == "count" and column.low is None else column.low
    if low is not None:
        checks.append(pandera.Check.ge(low))
    if column.high is not None:
        checks.append(pandera.Check.le(column.high))
    if column.choices:
        checks.append(pandera.Check.isin(column.choices))
    # Engines differ in how finely they keep time, so that a moment's type is not compared.
    kind = ibis.dtype(_TYPES[column.kind]) if column.kind in _TYPES else None
    return pandera.Column(kind, checks or None, nullable=not column.required, required=column.required)
