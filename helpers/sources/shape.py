"""The shape of a client's exports, asked of the engine that holds them: sizes, months, shares, no single value of a person."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import ibis
import pandas as pd

from helpers.sources.asking import frame
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt
from helpers.tables.shapes import Shape, TableShape
from helpers.tables.sketches import sketch

# Columns whose few values say how a firm works; never one that may name a person.
_FEW = ("order_status", "quote_status", "channel", "currency", "contact_type", "country", "customer_code", "event_type")
_MOST_VALUES = 30
_DAYS = 400  # that hold rows
_DAMAGE = "Ã[\u0080-¿]|â‚¬|\ufffd"


def shape_of(tables: Mapping[str, Any], receipts: Iterable[Receipt], salt: str = "") -> Shape:
    """Return the shape of a client's exports, from its canonical tables (ibis) before any window in time.

    ``salt`` is text that is the client's own, for the hashes of ids.
    """
    receipts = tuple(receipts)
    unmapped = {receipt.file.replace("../", ""): tuple(sorted(receipt.unmapped_columns)) for receipt in receipts}
    shapes = {name: _table(name, tables[name]) for name in sorted(tables)}
    lists = {name: _ids(tables[name], TABLES[name].key[0]) for name in ("customers", "products") if name in tables}
    for name in shapes:
        rows = _rows_by_source(receipt for receipt in receipts if receipt.table == name)
        shapes[name] = replace(shapes[name], ids=sketch(lists.get(name, ()), salt), sources=rows)
    buyers: set[str] = set().union(*(_ids(tables[name], "customer_id") for name in ("orders", "order_lines") if name in tables))
    listed = len(buyers & lists["customers"]) / len(buyers) if buyers and "customers" in lists else None
    return Shape(shapes, unmapped, salt, listed, sketch(buyers | lists.get("customers", set()), salt))


def _ids(rows: Any, column: str) -> set[str]:
    if column not in rows.columns:
        return set()
    return set(frame(rows.filter(rows[column].notnull()).select(id=rows[column]).distinct())["id"])


def _rows_by_source(receipts: Iterable[Receipt]) -> dict[str, int]:
    rows: Counter[str] = Counter()
    for receipt in receipts:
        rows[receipt.system or re.sub("[0-9]+", "#", receipt.file.replace("../", ""))] += receipt.rows_read
    return dict(rows)


def _table(name: str, rows: Any) -> TableShape:
    contract = TABLES[name]
    known = [column for column in contract.columns if column.name in rows.columns]
    asked = {"rows": rows.count()} | {f"filled {column.name}": rows[column.name].count() for column in known}
    flags = [column.name for column in known if column.kind == "flag"]
    asked |= {f"yes {flag}": (rows[flag]).sum() for flag in flags}
    texts = [column.name for column in known if column.kind == "text"]
    asked |= {f"damaged {text}": rows[text].re_search(_DAMAGE).sum() for text in texts}
    money = contract.money if contract.money in rows.columns else ""
    if money:
        asked["negative"] = (rows[money] < 0).sum()
    if contract.when in rows.columns:
        asked["last day"] = rows[contract.when].max()
    answer = frame(rows.aggregate(**{f"a{i}": what for i, what in enumerate(asked.values())})).iloc[0]
    counted = {what: value for what, value in zip(asked, answer, strict=True)}
    size = max(int(counted["rows"]), 1)
    filled = {column.name: int(counted[f"filled {column.name}"]) for column in known}
    when = contract.when if contract.when in rows.columns else ""
    months, middle = _months(rows, when, money)
    return TableShape(
        rows=int(counted["rows"]),
        months=months,
        filled={column: round(n / size, 6) for column, n in filled.items()},
        values={column: counts for column in _FEW if column in filled and (counts := _values(rows, column))},
        middle=middle,
        negative=round(float(counted["negative"] or 0) / size, 6) if money and counted["rows"] else 0.0,
        yes={flag: round(float(counted[f"yes {flag}"] or 0) / filled[flag], 6) for flag in flags if filled[flag]},
        damaged=round(sum(float(counted[f"damaged {text}"] or 0) for text in texts) / max(sum(filled[text] for text in texts), 1), 6),
        days=_days(rows, when),
        last_day="" if pd.isna(counted.get("last day")) else f"{counted['last day']:%Y-%m-%d}",
    )


def _months(rows: Any, when: str, money: str) -> tuple[dict[str, int], dict[str, float]]:
    if not when:
        return {}, {}
    known = rows.filter(rows[when].notnull())
    if money:  # a column of its own: Spark takes no condition on a median
        known = known.mutate(__positive=(known[money] > 0).ifelse(known[money], ibis.null("float64")))
    more = {"middle": known["__positive"].median()} if money else {}
    monthly = frame(known.group_by(month=known[when].truncate("M")).aggregate(n=known.count(), **more).order_by("month"))
    names = [f"{month:%Y-%m}" for month in monthly["month"]]
    middle = dict(zip(names, monthly["middle"].fillna(0.0).round(4), strict=True)) if money else {}
    return dict(zip(names, map(int, monthly["n"]), strict=True)), middle


def _days(rows: Any, when: str) -> dict[str, int]:
    if not when:
        return {}
    known = rows.filter(rows[when].notnull())
    daily = known.group_by(day=known[when].truncate("D")).aggregate(n=known.count())
    last = frame(daily.order_by(daily["day"].desc()).limit(_DAYS)).sort_values("day")
    return dict(zip((f"{day:%Y-%m-%d}" for day in last["day"]), map(int, last["n"]), strict=True))


def _values(rows: Any, column: str) -> dict[str, int]:
    known = rows.filter(rows[column].notnull())
    counted = frame(known.group_by(value=known[column]).aggregate(n=known.count()).order_by("value").limit(_MOST_VALUES + 1))
    return {} if len(counted) > _MOST_VALUES else dict(zip(counted["value"], map(int, counted["n"]), strict=True))
