"""What is wrong with a source's rows, with the cells themselves: asked only when something is."""

from typing import Any

from helpers.core.errors import Problem
from helpers.sources.asking import records
from helpers.sources.dates import SERIAL
from helpers.sources.problems import SHOWN, first_and_rest, place, shown
from helpers.sources.profile import Profile, is_total
from helpers.sources.raw import LINE
from helpers.sources.set_aside import USED
from helpers.sources.typed import RULE, Typed
from helpers.tables import Column, Table
from helpers.tables.declared import Source


def row_problems(counted: Profile, typed_source: Typed, source: Source, table: Table) -> list[Problem]:
    """Return every problem in a source's cells, the first 20 per column and the count of the rest."""
    problems: list[Problem] = []
    for column in typed_source.columns:
        if f"__wrong_{column.name}" in typed_source.rows.columns:
            problems += _unfit(int(counted[f"wrong {column.name}"]), column, typed_source, source, table)
    if problems:
        return problems
    for column in typed_source.columns:
        problems += _empty(int(counted.get(f"empty {column.name}", 0)), column, typed_source, source)
        problems += _totals(int(counted.get(f"totals {column.name}", 0)), column, typed_source, source)
        # Every amount with a decimal mark has exactly three decimals.
        if 0 < counted.get(f"marked {column.name}", 0) == counted.get(f"three {column.name}"):
            problems += _thousands(column, typed_source, source)
    return problems


def _unfit(count: int, column: Column, typed_source: Typed, source: Source, table: Table) -> list[Problem]:
    if not count:
        return []
    wrong = typed_source.cells[f"__wrong_{column.name}"]
    if column.name != table.money:
        wrong = wrong & (typed_source.cells[RULE] == USED)
    expected, fix = _expectation(column, source)
    return _cells(count, wrong, column, typed_source, source, expected, fix)


def _cells(count: int, which: Any, column: Column, typed_source: Typed, source: Source, expected: str, fix: str) -> list[Problem]:
    problems = (
        Problem(source.origin, _place(row, column, typed_source, source), shown(row["cell"]), expected, fix)
        for row in _rows(typed_source, which, column)
    )
    return first_and_rest(problems, count)


def _empty(count: int, column: Column, typed_source: Typed, source: Source) -> list[Problem]:
    if not count:
        return []
    cells = typed_source.cells
    empty = cells[column.name].isnull() & (cells[RULE] == USED)
    fix = f"Fill it in, or set such rows aside with a rule: column: {column.name}, empty: true."
    first = _rows(typed_source, empty, column)[:1]
    at = _place(first[0], column, typed_source, source) if first else ""
    return [Problem(source.origin, f"{at} (and {count - 1} more)", "", "a value, not an empty cell", fix)]


def _totals(count: int, column: Column, typed_source: Typed, source: Source) -> list[Problem]:
    if not count:
        return []
    cells = typed_source.cells
    hit = is_total(cells[column.name]) & (cells[RULE] == USED)
    fix = f"Declare skip_last in client.yml, or set it aside with a rule: column: {column.name}, equals: […]."
    return _cells(count, hit, column, typed_source, source, "an id, not a row of totals", fix)


def _thousands(column: Column, typed_source: Typed, source: Source) -> list[Problem]:
    fix = f"Declare thousands: '{source.decimal}' and the other decimal mark in client.yml, or three_decimals: true."
    expected = "amounts of which not every one has three decimals: these look like thousands"
    row = _rows(typed_source, typed_source.cells[f"__three_{column.name}"], column)[0]
    return [Problem(source.origin, _place(row, column, typed_source, source), shown(row["cell"]), expected, fix)]


def _rows(typed_source: Typed, which: Any, column: Column) -> list[dict[str, Any]]:
    cell = f"__cell_{column.name}"
    wanted = typed_source.cells.mutate(__which=which)
    wanted = wanted.filter(wanted["__which"])
    named = {"line": wanted[LINE], "cell": wanted[cell].cast("string") if cell in wanted.columns else wanted[column.name]}
    return records(wanted.select(**named).order_by("line").limit(SHOWN))


def _place(row: dict[str, Any], column: Column, typed_source: Typed, source: Source) -> str:
    return place(row["line"], source.kept.get(column.name, column.name), typed_source.raw.word)


def _expectation(column: Column, source: Source) -> tuple[str, str]:
    if column.kind in ("date", "time"):
        forms = source.date_forms(column.name)
        forms_allowed = " or ".join("a day number of Excel" if form == SERIAL else f"the form {form}" for form in forms)
        fix = "Correct the date, or the date_format in client.yml."
        if any("%z" in form for form in forms) and "time_zone" not in source.model_fields_set:
            fix = f"Declare time_zone in client.yml if these times are not of {source.time_zone}; else correct them, or the date_format."
        return f"a date of {forms_allowed}, in one reading", fix
    if column.kind in ("number", "money", "count"):
        return _number_words(column, source), "Correct the cell, or the marks in client.yml."
    if column.choices:
        return f"one of {', '.join(column.choices)}", f"Add the word under values: {column.name}: in client.yml."
    if column.kind in ("id", "text"):
        return "an id that Excel kept whole", "Excel has destroyed this id: export it again with the column as text."
    return "yes or no", f"Add the value under values: {column.name}: in client.yml."


def _number_words(column: Column, source: Source) -> str:
    words = "a whole number, not negative" if column.kind == "count" else "a number"
    words += f" with decimal mark {source.decimal!r}"
    words += f" and thousands mark {source.thousands!r}" if source.thousands else " and no thousands mark"
    if column.low is not None or column.high is not None:
        words += f", from {column.low or 0:g} on" if column.high is None else f", from {column.low or 0:g} to {column.high:g}"
    return words
