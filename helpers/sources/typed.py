"""One source's cells → the canonical columns, with the rows that do not fit and the rule that sets a row aside."""

from dataclasses import dataclass
from typing import Any

import ibis

from helpers.sources.money import cents
from helpers.sources.parse import Parsed, cleaned, parsed
from helpers.sources.raw import LINE, Raw
from helpers.sources.set_aside import UNREADABLE, USED, rule_number
from helpers.sources.store import Store
from helpers.tables import Column, Table
from helpers.tables.declared import Source

RULE, WORKED_OUT = "__rule", "__worked_out"


@dataclass(frozen=True)
class Typed:
    """A source read into its canonical columns, the firm's own last.

    Parameters
    ----------
    rows : ibis table with our columns, ``__line``, ``__rule`` and one ``__wrong_…`` per column; computed once
        where reading again would cost.
    cells : the same rows, not computed, with their cells as ``__cell_…`` for messages.
    doubtful : money columns of text, whose amounts may be thousands in disguise.
    """

    rows: Any
    cells: Any
    raw: Raw
    columns: tuple[Column, ...]
    doubtful: tuple[str, ...]


def typed(raw: Raw, source: Source, table: Table, store: Store) -> Typed:
    """Read every mapped column of a source; the embedded engine computes text once."""
    columns = tuple(table.column(ours) for ours in source.columns)
    columns += source.own_columns
    place = {column.name: raw.names[source.kept[column.name]] for column in columns}
    # Engines copy an expression into every place that uses it: as a column of its own it is computed once.
    cells = raw.table.mutate(**{f"__clean_{column.name}": cleaned(raw.table[place[column.name]], column, source) for column in columns})
    line = raw.table[LINE] if LINE in raw.table.columns else ibis.null("int64")
    read = {column.name: parsed(cells[f"__clean_{column.name}"], column, source) for column in columns}
    values = _signed({name: parsed_column.value for name, parsed_column in read.items()}, raw, source, table)
    worked_out: dict[str, Any] = {}
    if table.name == "order_lines" and {"quantity", "unit_price"} <= set(values):
        product = cents(values["quantity"] * values["unit_price"])
        if "line_amount" not in values:
            values["line_amount"] = product
            columns += (table.column("line_amount"),)
        else:  # a single empty cell among filled ones
            blank = values["line_amount"].isnull() & ~read["line_amount"].wrong & product.notnull()
            values["line_amount"] = ibis.ifelse(blank, product, values["line_amount"])
            worked_out[WORKED_OUT] = blank
    columns += tuple(table.column(ours) for ours in source.constants)
    values |= {ours: ibis.literal(value) for ours, value in source.constants.items()}
    wide = {**values, LINE: line, **_flags(read), **worked_out}
    wide |= {f"__cell_{name}": cells[place[name]] for name in read}
    if table.money in values:
        wide |= {f"__mark_{mark}": cells[mark] for mark in raw.marks.values() if cells[mark].type().is_string()}
    wide_table = cells.select(**wide)
    wrong = {name: wide_table[f"__wrong_{name}"] for name in read}
    wide_table = wide_table.mutate(**{RULE: rule_number(wide_table, source, wrong)})
    if source.unreadable == "set_aside":
        wide_table = _unreadable_apart(wide_table, list(read), source, table)
    rows = wide_table.drop(*(f"__cell_{name}" for name in read))
    if not raw.lasting:
        rows = store.keep(rows)
    doubtful = tuple(name for name, parsed_column in read.items() if parsed_column.doubt)
    return Typed(rows, wide_table, raw, columns, doubtful)


def _unreadable_apart(rows: Any, names: list[str], source: Source, table: Table) -> Any:
    """Set aside the rows whose cell in a needed column cannot be read; in other columns only the cell counts as empty."""
    needed = [name for name in names if name in table.needed(names) or name == table.money]
    torn = ibis.literal(False)
    for name in needed:
        torn = torn | rows[f"__wrong_{name}"]
    others = [name for name in names if name not in needed]
    # Ids and texts keep a cell that cannot be right, for messages: here it goes.
    emptied = {name: ibis.ifelse(rows[f"__wrong_{name}"], ibis.null(rows[name].type()), rows[name]) for name in others}
    changed = {RULE: ibis.ifelse((rows[RULE] == USED) & torn, UNREADABLE, rows[RULE])} | emptied
    changed |= {f"__lost_{name}": rows[f"__wrong_{name}"] for name in names}
    changed |= {f"__wrong_{name}": ibis.literal(False) for name in names}
    return rows.mutate(**changed)


def _flags(read: dict[str, Parsed]) -> dict[str, Any]:
    flags = {f"__wrong_{name}": parsed_column.wrong for name, parsed_column in read.items()}
    flags |= {f"__steps_{name}": parsed_column.steps for name, parsed_column in read.items() if parsed_column.steps is not None}
    for name, parsed_column in read.items():
        if parsed_column.doubt:
            flags[f"__marked_{name}"], flags[f"__three_{name}"] = parsed_column.doubt
    return flags


def _signed(values: dict[str, Any], raw: Raw, source: Source, table: Table) -> dict[str, Any]:
    """Make the amounts of returns and credit notes negative, where client.yml says which rows they are."""
    if not source.returns.column:
        return values
    back = raw.table[raw.names[source.returns.column]].cast("string").strip().isin(source.returns.equals).fill_null(False)
    turned = {name: ibis.ifelse(back, -values[name].abs(), values[name]) for name in (table.money, "quantity") if name in values}
    return values | turned
