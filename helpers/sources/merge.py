"""Several sources of one table put together: records joined by key, rows stacked, every decision counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ibis

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.asking import records
from helpers.sources.doubts.repeats import Repeated, without_repeats
from helpers.sources.joining import Joined, joined, relation_of
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.raw import LINE, Part
from helpers.sources.same_customers import same_customers
from helpers.sources.store import Store
from helpers.tables import Table
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import Decision, Receipt, SetAside

_KEEP, _SOURCE = "__keep", "__source"
_REASONS = {
    "first": lambda: _("The same key stands twice; the first record read is used."),
    "last": lambda: _("The same key stands twice; the last record read is used."),
    "newest": lambda: _("The same key stands twice; the newest record is used."),
    "fullest": lambda: _("The same key stands twice; the record with the most cells filled is used."),
}


@dataclass(frozen=True)
class Merged:
    """One canonical table made of all its sources, whose receipts say what doubled or joined.

    ``repeated`` are pairs of sources that hold the same orders, both of which count; ``doubts`` what the sources say together that none
    of them says alone.
    """

    table: Any
    receipts: list[Receipt]
    problems: list[Problem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    repeated: list[Repeated] = field(default_factory=list)
    doubts: tuple[Doubt, ...] = ()


def merged(parts: list[Part], table: Table, store: Store, buying: Sequence[Part] = ()) -> Merged:
    """Put the sources of one table together, in the order of client.yml; those of orders (``buying``) say whose customers order."""
    parts, problems = list(parts), []
    for i, part in enumerate(parts if table.key else ()):
        parts[i], more = _without_doubles(part, table)
        problems += more
    if problems or len(parts) == 1:
        return Merged(parts[0].rows.drop(LINE), [part.receipt for part in parts], problems)
    parts = [replace(part, rows=store.here(part.rows)) for part in parts]
    pairs: list[Repeated] = []
    doubts: tuple[Doubt, ...] = ()
    if table.name == "order_lines":
        parts, problems, pairs, doubts = without_repeats(parts)
    met = _met_earlier(parts, table) if table.key else [0] * len(parts)
    doubtful = same_customers(parts, met, buying, table, store) if table.name == "customers" else {}
    receipts: list[Receipt] = []
    decisions: list[Decision] = []
    stacked: list[Any] = []  # put below each other only when the next join needs it: there may be hundreds of monthly files
    for i, (part, keys_met) in enumerate(zip(parts, met, strict=True)):
        kind, more = relation_of(parts[:i], part, keys_met, table) if table.key else ("stack", [])
        more = more or doubtful.get(i, [])
        problems += more
        if more or kind == "stack":
            stacked.append(part.rows)
            receipts.append(part.receipt)
            continue
        step = joined(_union(stacked), part, parts[0], table, store)
        stacked = [step.table]
        receipts.append(_after_join(part, step))
        decisions += step.decisions
    return Merged(_union(stacked).drop(LINE), receipts, problems, decisions, pairs, doubts)


def _union(tables: list[Any]) -> Any:
    types = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    aligned = []
    for table in tables:  # every table gets the columns of all, empty where it has none of its own
        aligned.append(table.select(**{name: table[name] if name in table.columns else ibis.null(kind) for name, kind in types.items()}))
    return ibis.union(*aligned, distinct=False)


def _met_earlier(parts: list[Part], table: Table) -> list[int]:
    """Return, per source, how many of its keys stand in an earlier one: one question, however many files there are."""
    key = table.key[0]
    keys = [part.rows.select(key=part.rows[key]).mutate(**{_SOURCE: i}) for i, part in enumerate(parts)]
    together = ibis.union(*keys, distinct=False)
    first = together.group_by("key").aggregate(first=together[_SOURCE].min(), times=together.count())
    shared = first.filter(first["times"] > 1).select("key", "first")
    again = together.inner_join(shared, "key")
    again = again.filter(again[_SOURCE] > again["first"]).group_by(_SOURCE).aggregate(n=ibis._.count())
    counts = {row[_SOURCE]: int(row["n"]) for row in records(again)}
    return [counts.get(i, 0) for i in range(len(parts))]


def _after_join(part: Part, step: Joined) -> Receipt:
    """Return the receipt of a joined source: what met an earlier record is no record of its own."""
    used, amount = part.receipt.rows_used - step.rows_met, round(part.receipt.amount_used - step.amount_met, 2)
    joined_up = replace(part.receipt, rows_used=used, amount_used=amount, rows_joined=step.rows_met, amount_joined=step.amount_met)
    reason = _("This source only completes the records of another, and holds no such record there.")
    unmet = SetAside(_("nothing to complete"), reason, step.rows_unmet, step.amount_unmet)
    return joined_up.without(unmet) if step.rows_unmet else joined_up


def _without_doubles(part: Part, table: Table) -> tuple[Part, list[Problem]]:
    """Keep one record per key within a source, by the rule that source declares."""
    (counted,) = records(part.rows.aggregate(rows=part.rows.count(), keys=part.rows[table.key[0]].nunique()))
    doubles, rule = int(counted["rows"]) - int(counted["keys"]), part.source.duplicates
    if not doubles:
        return part, []
    if rule == "refuse":
        return part, [_double_problem(part, doubles, table)]
    ranked = part.rows.mutate(**{_KEEP: _rank(part.rows, rule, table) == 0})
    lost = ranked.filter(~ranked[_KEEP])
    money = exact_sum(lost[table.money]) if table.money in lost.columns else lost.count() * 0
    (counted,) = records(lost.aggregate(rows=lost.count(), money=money))
    gone = SetAside(_("duplicate"), _REASONS[rule](), int(counted["rows"]), amount_of(counted["money"]))
    return replace(part, rows=ranked.filter(ranked[_KEEP]).drop(_KEEP), receipt=part.receipt.without(gone)), []


def _double_problem(part: Part, doubles: int, table: Table) -> Problem:
    key = table.key[0]
    counts = part.rows.group_by(key).aggregate(n=part.rows.count(), line=part.rows[LINE].max())
    (first,) = records(counts.filter(counts.n > 1).order_by(key).limit(1))
    theirs = part.source.columns[key]
    at = f"line {first['line']}, column {theirs}" if first["line"] is not None else f"column {theirs}"
    fix = f"Remove the {doubles} doubles, or declare duplicates: newest (or first, last, fullest) in client.yml."
    return Problem(part.source.origin, at, str(first[key]), f"each {key} once", fix)


def _rank(rows: Any, rule: str, table: Table) -> Any:
    line = rows[LINE]
    order = {
        "first": [line],
        "last": [line.desc()],
        "newest": ([ibis.desc(rows[table.when].fill_null(ibis.timestamp("1900-01-01")))] if table.when in rows.columns else []) + [line],
        "fullest": [ibis.desc(sum(rows[name].notnull().cast("int64") for name in table.names if name in rows.columns)), line],
    }[rule]
    return ibis.row_number().over(group_by=[rows[name] for name in table.key], order_by=order)
