"""Exports without an id: a row's number in the file takes its place, and the row meets no other file."""

from collections.abc import Sequence
from dataclasses import replace

import ibis

from helpers.core.errors import Problem
from helpers.core.wording import _
from helpers.sources.raw import LINE, Raw
from helpers.tables.declared import NUMBERED, Source

ROW = "(row number)"  # how messages call the column that the export does not have
_WHAT = {
    "customers": lambda: _("The export has no id: each row counts as a customer, named after its row, who cannot be found in other files."),
    "orders": lambda: _("The export has no id: each row counts as an order, named after its row."),
    "order_lines": lambda: _("The export has no id: each row counts as an order of its own, so that nothing is seen as bought together."),
    "quotes": lambda: _("The export has no id: each row counts as a quote, named after its row."),
}


def numbered(source: Source) -> Source:
    """Return a source's block with the number of the row mapped to the id, where client.yml says ``number_rows``."""
    return source.model_copy(update={"columns": {NUMBERED[source.table]: ROW, **source.columns}}) if source.number_rows else source


def with_row_numbers(raw: Raw, source: Source) -> Raw:
    """Return a source as opened with the number of each row as text ("row 17"), and what that means as a note."""
    if not source.number_rows or raw.problems:
        return raw
    table = raw.table.mutate(__row=ibis.literal("row ") + raw.table[LINE].cast("string"))
    notes = (_WHAT[source.table](), _("The numbers of rows change from export to export: next month nothing is known of these again."))
    return replace(raw, table=table, names={**raw.names, ROW: "__row"}, notes=(*raw.notes, *notes))


def numbering_problems(sources: Sequence[Source]) -> list[Problem]:
    """Return a problem for every numbered source beside one that names the same id: the two could never meet.

    Several files of one table may number their rows where ``ids`` gives each another prefix.
    """
    problems = []
    for i, source in enumerate(sources):
        key = NUMBERED.get(source.table, "")
        others = [other for j, other in enumerate(sources) if j != i and source.number_rows]
        naming = [other for other in others if key in other.columns]
        same = [other for other in others if other.number_rows and NUMBERED[other.table] == key and _prefix(other) == _prefix(source)]
        if naming:
            expected = f"an id in this file: {naming[0].origin} names {key}, and a row's number meets no {key}"
            fix = f"Export it with its {key} and map that under columns, or leave out one of the two files."
            problems.append(Problem(source.origin, "key number_rows", "true", expected, fix))
        elif same:
            expected = f"numbers that {same[0].origin} does not use as well"
            fix = f"Give each of these sources a prefix of its own, such as ids: {{{key}: {{add_prefix: '{i + 1} '}}}}."
            problems.append(Problem(source.origin, "key number_rows", "true", expected, fix))
    return problems


def _prefix(source: Source) -> str:
    rule = source.ids.get(NUMBERED[source.table])
    return rule.add_prefix if rule else ""
