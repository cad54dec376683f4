"""One question to the engine per source: how many rows, how much money, what does not fit, what is empty."""

from typing import Any

import ibis

from helpers.core.wording import _, listing, number, plural
from helpers.sources.asking import records
from helpers.sources.ids import STEPS
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.set_aside import UNREADABLE, USED, hits
from helpers.sources.typed import RULE, WORKED_OUT, Typed
from helpers.tables import Table
from helpers.tables.declared import Source
from helpers.tables.receipts import Decision, Receipt, SetAside

TOTALS = (
    "^[ ]*(?:grand |general |sub[- ]?|eind|end|gesamt|zwischen|algemeen )?"
    "(?:total|totals|totaal|totale|totaux|summe|summa|somme|suma|totalt|gesamt|insgesamt|samlet|sum)(?: .*|[ :.]*)$"
)


Profile = dict[str, Any]  # what the engine counted in one source, by short names


def profile(typed_source: Typed, source: Source, table: Table) -> Profile:
    """Count everything that the receipt and the problems of one source need, in one pass."""
    rows = typed_source.rows
    used = rows[RULE] == USED
    aggregates = {"read": rows.count(), "used": used.sum()}
    if table.money in rows.columns:
        aggregates["money read"] = exact_sum(rows[table.money])
    for column in typed_source.columns:
        aggregates |= _about(column.name, column.kind, typed_source, used, table)
    if source.unreadable == "set_aside":
        aggregates |= _unreadable(typed_source, table)
    if WORKED_OUT in rows.columns:
        aggregates["worked out"] = (rows[WORKED_OUT] & used).sum()
    for i, rule in enumerate(source.set_aside):
        hit = rows[RULE] == i
        if not rule.apply:
            left = used | (rows[RULE] > i)
            hit = left & hits(rows[rule.column], rule, _wrong(rows, rule.column))
        aggregates[f"rule {i}"] = hit.sum()
        if table.money in rows.columns:
            aggregates[f"rule money {i}"] = exact_sum(rows[table.money], where=hit)
    if table.money in rows.columns:
        aggregates["money used"] = exact_sum(rows[table.money], where=used)
    if table.when in rows.columns:
        aggregates["first"] = rows[table.when].min(where=used)
        aggregates["last"] = rows[table.when].max(where=used)
    short = {f"a{i}": aggregate for i, aggregate in enumerate(aggregates.values())}
    values = dict(zip(aggregates, records(rows.aggregate(**short))[0].values(), strict=True))
    return {name: 0 if value is None and name not in ("first", "last") else value for name, value in values.items()}


def _unreadable(typed_source: Typed, table: Table) -> dict[str, Any]:
    """Count the rows set aside as unreadable, their money where that can be read, and the cells lost per column."""
    rows = typed_source.rows
    gone = rows[RULE] == UNREADABLE
    aggregates = {"unreadable": gone.sum(), "unreadable money": rows.count() * 0}
    if table.money in rows.columns:
        aggregates["unreadable money"] = exact_sum(rows[table.money], where=gone)
    lost = {column.name: rows[f"__lost_{column.name}"] for column in typed_source.columns if f"__lost_{column.name}" in rows.columns}
    return aggregates | {f"lost {name}": (hit & ((rows[RULE] == USED) | gone)).sum() for name, hit in lost.items()}


def lost_cells(counted: Profile) -> dict[str, int]:
    """Return how many cells per column could not be read and were let go, where client.yml allows that."""
    return {name.removeprefix("lost "): int(n) for name, n in counted.items() if name.startswith("lost ") and n}


def is_total(ids: Any) -> Any:
    """Return which ids (an ibis column) are a word such as Total; the first letter is looked at first, for speed."""
    may = ids.left(1).isin(tuple("AEGISTZ aegistz"))
    return ibis.ifelse(may, ids.lower().re_search(TOTALS), False).fill_null(False)


def _wrong(rows: Any, name: str) -> Any:
    # A column that was worked out, not read, has no wrong cells: no row has a rule below USED.
    return rows[f"__wrong_{name}"] if f"__wrong_{name}" in rows.columns else rows[RULE] < USED


def _about(name: str, kind: str, typed_source: Typed, used: Any, table: Table) -> dict[str, Any]:
    rows = typed_source.rows
    value, wrong = rows[name], _wrong(rows, name)
    # A row set aside may be broken, but not its money: the sums must reconcile.
    counted = wrong if name == table.money else wrong & used
    aggregates = {f"wrong {name}": counted.sum(), f"filled {name}": (value.notnull() & used).sum()}
    if name in table.needed([column.name for column in typed_source.columns]) or name == table.money:
        aggregates[f"empty {name}"] = (value.isnull() & ~wrong & used).sum()
    if kind == "id" and value.type().is_string():
        aggregates[f"totals {name}"] = (is_total(value) & used).sum()
    if f"__steps_{name}" in rows.columns:
        aggregates |= {f"{step} {name}": ((rows[f"__steps_{name}"] & bit > 0) & used).sum() for step, bit in STEPS.items()}
    if name in typed_source.doubtful:
        aggregates[f"marked {name}"], aggregates[f"three {name}"] = rows[f"__marked_{name}"].sum(), rows[f"__three_{name}"].sum()
    return aggregates


def receipt(counted: Profile, typed_source: Typed, source: Source, table: Table) -> Receipt:
    """Return what became of one source, from what was counted."""
    used = int(counted["used"])
    dates = [counted.get(name) for name in ("first", "last")]
    filled = {column.name: int(counted[f"filled {column.name}"]) / used if used else 0.0 for column in typed_source.columns}
    return Receipt(
        table=table.name,
        file=source.origin,
        system=source.system,
        rows_read=int(counted["read"]) + sum(lost.rows for lost in typed_source.raw.apart),
        rows_used=used,
        set_aside=(*(_record(i, counted, source) for i in range(len(source.set_aside))), *_lost_rows(counted, typed_source, source)),
        amount_read=amount_of(counted.get("money read")),
        amount_used=amount_of(counted.get("money used")),
        completeness=filled,
        unmapped_columns=typed_source.raw.unmapped,
        first_day=dates[0].date().isoformat() if dates[0] is not None else None,
        last_day=dates[1].date().isoformat() if dates[1] is not None else None,
        notes=(*typed_source.raw.notes, *_notes(counted), *_zone_note(typed_source, source)),
    )


def _lost_rows(counted: Profile, typed_source: Typed, source: Source) -> tuple[SetAside, ...]:
    rows = int(counted.get("unreadable", 0))
    if not rows:
        return typed_source.raw.apart
    lost = {source.columns.get(name, name): n for name, n in lost_cells(counted).items()}
    reason = _("A needed cell cannot be read. Cells that cannot be read, by column: {columns}.").format(
        columns=listing([f"{name} {number(n)}" for name, n in lost.items()])
    )
    return (*typed_source.raw.apart, SetAside(_("unreadable"), reason, rows, amount_of(counted.get("unreadable money"))))


def _notes(counted: Profile) -> tuple[str, ...]:
    notes = []
    if counted.get("worked out"):
        many = "{n} empty amounts were worked out as quantity times price."
        notes.append(plural("{n} empty amount was worked out as quantity times price.", many, int(counted["worked out"])))
    lost = lost_cells(counted)
    if lost and not counted.get("unreadable"):
        columns = listing([f"{name} {number(n)}" for name, n in lost.items()])
        notes.append(_("Cells that cannot be read count as empty, by column: {columns}.").format(columns=columns))
    return tuple(notes)


def _zone_note(typed_source: Typed, source: Source) -> tuple[str, ...]:
    for column in typed_source.columns:
        if column.kind in ("date", "time") and column.name in source.kept:
            raw = typed_source.raw
            kind = raw.table[raw.names[source.kept[column.name]]].type()
            written = kind.is_string() and any("%z" in form for form in source.date_forms(column.name))
            if written or kind.is_timestamp() and kind.timezone:
                return (_("Times that say their zone were brought to the clock of {zone}.").format(zone=source.time_zone),)
    return ()


def id_decisions(counted: Profile, typed_source: Typed, source: Source, table: Table) -> tuple[Decision, ...]:
    """Return what was done to the ids of one source, step by step."""
    return tuple(
        Decision(step, table.name, source.origin, column.name, rows)
        for column in typed_source.columns
        for step in STEPS
        if (rows := int(counted.get(f"{step} {column.name}", 0)))
    )


def _record(i: int, counted: Profile, source: Source) -> SetAside:
    rule, rows = source.set_aside[i], int(counted[f"rule {i}"])
    if rule.apply:
        return SetAside(rule.name, rule.reason, rows, amount_of(counted.get(f"rule money {i}")))
    reason = _("{reason} Kept by choice: {n} rows.").format(reason=rule.reason, n=number(rows)).strip()
    return SetAside(rule.name, reason, 0, 0.0)
