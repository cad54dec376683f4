"""Rows set aside by a declared rule: counted, with their money, never lost."""

import re
from functools import cache
from typing import Any

import ibis

from helpers.core.errors import Problem, did_you_mean
from helpers.tables.declared import SetAsideRule, Source

UNREADABLE = 1_000  # the number of rows set aside because a needed cell cannot be read; there are at most 100 rules
USED = -1  # the number of the rule that set a row aside; this when none did


def rule_number(table: Any, source: Source, wrong: dict[str, Any]) -> Any:
    """Return, per row of a typed table, the number of the first applied rule that sets it aside, or ``USED``.

    A cell that does not fit (``wrong``, by column) is not empty.
    """
    cells = {rule.column: table[f"__cell_{rule.column}"] for rule in source.set_aside if f"__cell_{rule.column}" in table.columns}
    branches = [
        (hits(table[rule.column], rule, wrong[rule.column], cells.get(rule.column)), i)
        for i, rule in enumerate(source.set_aside)
        if rule.apply
    ]
    return ibis.cases(*branches, else_=USED).cast("int64") if branches else ibis.literal(USED).cast("int64")


def hits(values: Any, rule: SetAsideRule, wrong: Any, cell: Any = None) -> Any:
    """Return which rows a rule looks for in a typed column (an ibis column of true and false).

    Where a cell does not fit (``wrong``), rules about words look at it as it stands in the export (``cell``).
    """
    if rule.unreadable:
        return wrong
    if rule.empty:
        return values.isnull() & ~wrong
    if rule.at_most is not None:
        return (values <= rule.at_most).fill_null(False)
    if rule.at_least is not None:
        return (values >= rule.at_least).fill_null(False)
    text = values if values.type().is_string() else values.cast("string")
    if cell is not None and not values.type().is_string() and cell.type().is_string():
        text = wrong.ifelse(cell, text)
    if rule.equals:
        hit = text.isin(rule.equals)
    elif rule.other_than:
        hit = ~text.isin(rule.other_than)
    elif rule.starts_with:
        hit = text.startswith(rule.starts_with[0])
        for start in rule.starts_with[1:]:
            hit = hit | text.startswith(start)
    else:
        hit = text.re_search(f"^(?:{rule.matches})$")
    return hit.fill_null(False)


def rule_problems(source: Source, known: list[str], place: str) -> list[Problem]:
    """Return one problem for every rule that names a column the source does not map, or that no engine reads."""
    expected = "a column that this source maps"
    problems = [
        Problem("client.yml", f"{place}.set_aside {rule.name!r}", rule.column, expected, did_you_mean(rule.column, known))
        for rule in source.set_aside
        if rule.column not in known
    ]
    looking = [rule for rule in source.set_aside if rule.matches and not _every_engine_reads(rule.matches)]
    fix = "Write it without looking ahead or back, and without what only Python knows."
    expected = "a pattern that every engine reads"
    return problems + [Problem("client.yml", f"{place}.set_aside {rule.name!r}", rule.matches, expected, fix) for rule in looking]


@cache
def _every_engine_reads(pattern: str) -> bool:
    """Tell whether the engine, which knows the fewest patterns, reads one."""
    import duckdb

    try:
        with duckdb.connect() as engine:
            engine.execute("SELECT regexp_matches('', ?)", [f"^(?:{pattern})$"])
    except duckdb.Error:
        return False
    return not re.search(r"\(\?[=!<]|\\[1-9]", pattern)
