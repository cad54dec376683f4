"""Sources that meet on a key: is it the same customer, what does each bring, who is right where they differ?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import ibis

from helpers.core.errors import Problem
from helpers.sources.agreement import agreement, are_the_same
from helpers.sources.asking import counts, frame, records
from helpers.sources.key_search import proposal
from helpers.sources.money import amount_of, exact_sum
from helpers.sources.raw import LINE, Part
from helpers.sources.store import Store
from helpers.sources.text import plain
from helpers.tables import Table
from helpers.tables.receipts import Decision

_THEIRS = "__theirs_"


@dataclass(frozen=True)
class Joined:
    """Two sources joined.

    Parameters
    ----------
    table : one record per key.
    rows_met, amount_met : rows of the later source whose record stood there already.
    rows_unmet, amount_unmet : its rows that could not be a record of their own.
    decisions : cells brought, and cells on which the two differ.
    """

    table: Any
    rows_met: int
    amount_met: float
    rows_unmet: int
    amount_unmet: float
    decisions: tuple[Decision, ...]


def relation_of(earlier: Sequence[Part], part: Part, keys_met: int, table: Table) -> tuple[Literal["stack", "join"], list[Problem]]:
    """Return how a source goes with those of its table before it, in which ``keys_met`` of its keys stand, and what speaks against it.

    Declared, or evident: a source that brings more other columns than it repeats completes records; one that repeats the
    columns holds further records. Records of the same key must then be the same (``agreement``), else the two systems use
    one number for different customers, and joining them would be wrong without anybody seeing it.
    """
    if not earlier:
        return "stack", []
    own = set(part.source.kept) - {*table.key}
    known = {name for before in earlier for name in before.source.kept} - {*table.key}
    completes = len(own - known) > len(own & known)
    kind = part.source.combine
    if kind == "join" or (kind == "auto" and completes):
        return "join", _unmet(earlier, part, keys_met, table)
    if not keys_met:
        return "stack", []
    if kind == "stack":
        return "stack", [_same_number(earlier, part, keys_met, table, "each source its own records, as combine: stack says")]
    if not are_the_same(agreement(earlier, part, table)):
        expected = "records that agree with each other: their other columns agree no more than chance would have it"
        return "stack", [_same_number(earlier, part, keys_met, table, expected)]
    return "join", []


def joined(base: Any, part: Part, first: Part, table: Table, store: Store) -> Joined:
    """Join a source to the records of those before it (``base``, one per key); ``first`` is named where an earlier one is right.

    A cell is the earlier source's, where it has one, else the later one's; the other way round in the columns that the later one wins.
    """
    key = table.key[0]
    theirs = part.rows.drop(LINE).rename({_THEIRS + name: name for name in part.rows.columns if name != LINE})
    both = store.keep(base.join(theirs, base[key] == theirs[_THEIRS + key], how="outer"))
    in_base, in_part = both[key].notnull(), both[_THEIRS + key].notnull()
    names = [name for name in part.rows.columns if name not in (key, LINE)]
    shared = [name for name in names if name in base.columns]
    money = _THEIRS + table.money if table.money and table.money in part.rows.columns else ""
    alone = in_part & ~in_base
    asked = {"met": (in_base & in_part).sum(), "alone": alone.sum()}
    if money:
        asked |= {"met money": exact_sum(both[money], where=in_base & in_part), "alone money": exact_sum(both[money], where=alone)}
    for name in names:
        brought = both[_THEIRS + name].notnull()
        if name in shared:
            asked[f"differs {name}"] = (both[name].notnull() & brought & (plain(both[name]) != plain(both[_THEIRS + name]))).sum()
        brought = brought & both[name].isnull() if name in shared else brought
        asked[f"brings {name}"] = (brought & in_base).sum()
    (answer,) = records(both.aggregate(**{f"a{i}": what for i, what in enumerate(asked.values())}))
    counted = {name: int(value or 0) for name, value in zip(asked, answer.values(), strict=True)}
    # A source without what every record needs, such as the day of an order, cannot make a record.
    completes_only = any(name not in part.rows.columns for name in table.required)
    kept = both.filter(in_base) if completes_only else both
    columns = {key: _first(kept, key, _THEIRS + key)}
    for name in [name for name in base.columns if name != key]:
        pair = (_THEIRS + name, name) if name in part.source.wins else (name, _THEIRS + name)
        columns[name] = _first(kept, *pair) if name in shared else kept[name]
    columns |= {name: kept[_THEIRS + name] for name in names if name not in shared}
    unmet = counted["alone"] if completes_only else 0
    return Joined(
        store.keep(kept.select(**columns)),
        counted["met"],
        amount_of(counted.get("met money")),
        unmet,
        amount_of(counted.get("alone money")) if completes_only else 0.0,
        tuple(_decisions(names, counted, part, first, table)),
    )


def _first(rows: Any, name: str, other: str) -> Any:
    return ibis.coalesce(rows[name], rows[other])


def _decisions(names: list[str], counted: dict[str, int], part: Part, first: Part, table: Table) -> list[Decision]:
    found = [Decision("joined", table.name, part.source.origin, table.key[0], counted["met"], first.source.origin)]
    for name in names:
        for what in ("brings", "differs"):
            rows = counted.get(f"{what} {name}", 0)
            if rows:
                winner = part if name in part.source.wins else first
                found.append(Decision(what, table.name, part.source.origin, name, rows, winner.source.origin))
    return found


def _unmet(earlier: Sequence[Part], part: Part, keys_met: int, table: Table) -> list[Problem]:
    """Return the problem of a join that meets too little, with the rule that would mend it where one does."""
    key = table.key[0]
    listed = ibis.union(*(before.rows.select(key) for before in earlier), distinct=False)
    smaller = int(min(counts(side, n=side[key].nunique())["n"] for side in (part.rows, listed)))
    if keys_met >= part.source.least_met * smaller:
        return []
    ours, theirs = (frame(side.select(key))[key].tolist() for side in (part.rows, listed))
    fix = proposal(ours, set(theirs), key, part.source, earlier[0].source)
    fix = fix or (
        "No small rule makes them meet. If these are other records, declare combine: stack; "
        + (
            f"if so few really meet, least_met: {keys_met / smaller:.2f}."
            if keys_met >= 0.01 * smaller > 0
            else "else look at both columns."
        )
    )
    return [part.problem(key, f"ids that meet those of {earlier[0].source.origin}: {keys_met:,} of {smaller:,} do", fix)]


def _same_number(earlier: Sequence[Part], part: Part, keys_met: int, table: Table, expected: str) -> Problem:
    key = table.key[0]
    fix = (
        f"{keys_met:,} of its ids also stand in {earlier[0].source.origin}. If they mean others, tell them apart with "
        f"ids: {{{key}: {{add_prefix: B-}}}} in every source that uses them; if they are the same, declare combine: join."
    )
    return part.problem(key, expected, fix)
