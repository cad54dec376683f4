"""What ``aim explain`` says: any key of client.yml, any table and column, or what there is to be explained."""

import re
import textwrap

from helpers.client.keys import Key, keys
from helpers.core.errors import AimError, did_you_mean, printable
from helpers.tables import CUSTOMER_TABLE, TABLES, Column

_WIDTH = 100
_TABLES = {**TABLES, CUSTOMER_TABLE.name: CUSTOMER_TABLE}


def explained(word: str) -> str:
    """Return what a word means, for the terminal (AimError where nothing is called so).

    Parameters
    ----------
    word : a key with the keys around it or only its end, such as "sources.decimal", "sources[].ids.zero_pad" or "holdout_share"; a
        table such as "order_lines", or a column of one; "" for a list of what there is.
    """
    # aim check names places such as sources.2.decimal.
    wanted = re.sub(r"\[\d*\]|\.\d+(?=\.|$)", "", word.strip()).strip(".")
    if not wanted:
        top = [_line(key) for key in keys() if "." not in key.name]
        tables = [f"  {table.name:<18} a row is {table.row}" for table in _TABLES.values()]
        heading = "Keys of client.yml (aim explain KEY, such as sources.decimal):"
        return "\n".join([heading, *top, "", "Tables (aim explain orders):", *tables])
    known = {key.plain: key for key in keys()}
    parts = [_key(known[wanted])] if wanted in known else []
    if wanted in _TABLES:
        table = _TABLES[wanted]
        lines = [*_wrapped("", f"Table {table.name}: a row is {table.row}."), "Columns, for sources.columns:"]
        parts.append("\n".join([*lines, *(line for column in table.columns for line in _column(column))]))
    ending = [key for name, key in known.items() if name.endswith(f".{wanted}")] if not parts else []
    columns = _columns(wanted) if not parts else []
    if len(ending) == 1:
        parts.append(_key(ending[0]))
    elif ending:
        parts.append("\n".join([f"Several keys are called {wanted}:", *map(_line, ending)]))
    parts += ["\n".join(columns)] if columns else []
    if not parts:
        names = {name for key in known for name in (key, key.rpartition(".")[2])} | set(_TABLES)
        names |= {name for table in _TABLES.values() for name in table.names}
        near = did_you_mean(wanted, sorted(names))
        raise AimError(f"There is no key, table or column {printable(word)[:60]!r}. {near} aim explain lists the sections.")
    return "\n\n".join(parts)


def _key(key: Key) -> str:
    inner = [other for other in keys() if other.plain.rpartition(".")[0] == key.plain]
    lines = [key.name, *_wrapped("", key.meaning)]
    lines += _wrapped("Kind:    ", key.kind)
    if not inner or "a record with the keys" not in key.allowed:
        lines += _wrapped("Allowed: ", key.allowed)
    lines += _wrapped("Default: ", key.default)
    if inner:
        return "\n".join([*lines, "Its keys:", *(_line(other) for other in inner)])
    return "\n".join([*lines, "  Example:", textwrap.indent(key.example, "    ")])


def _columns(word: str) -> list[str]:
    """Return what a column means, such as order_status or orders.order_status, with the tables that hold it."""
    table, _dot, column = word.rpartition(".")
    held = {name: _TABLES[name].column(column) for name in _TABLES if name == (table or name) and column in _TABLES[name].names}
    tables: dict[str, list[str]] = {}
    for name, known in held.items():
        tables.setdefault("\n".join(_column(known)), []).append(name)
    return [line for text, names in tables.items() for line in (text, *_wrapped("A column of: ", ", ".join(names)))]


def _column(column: Column) -> list[str]:
    # A flag reads yes and no; a customer table's ranges are those of its columns.
    facts = ", ".join(filter(None, (column.kind, column.unit, column.allowed, "needed" if column.required else "")))
    return _wrapped(f"{column.name:<20} ", f"{column.meaning} ({facts})")


def _line(key: Key) -> str:
    return textwrap.shorten(f"{key.plain:<24} {key.meaning}", _WIDTH, placeholder=" …").replace(key.plain, f"  {key.plain:<24}", 1)


def _wrapped(start: str, text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=f"  {start}", subsequent_indent="  " + " " * len(start), break_long_words=False)
