"""The files of a draft: what is proposed for each, and what they say of one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.core.errors import printable
from helpers.core.wording import _
from helpers.sources.draft.content import Contents
from helpers.sources.draft.keys import address_keys
from helpers.sources.draft.placing import LISTED, Placed, one_row_each
from helpers.sources.draft.proof import Mended, mended
from helpers.sources.draft.records import Question, SeenFile

BUYING = ("orders", "order_lines")


@dataclass
class Entry:
    """What is proposed for one file."""

    seen: SeenFile
    label: str
    contents: Contents
    block: dict[str, Any] | None = None
    proof: Mended | None = None
    placed: Placed | None = None
    questions: list[Question] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    why_not: str = ""


def not_looked_at(entry: Entry, left: Mapping[str, str]) -> list[str]:
    """Return the doubt of every column of orders that is not used although it says what was cancelled or who left."""
    if table_of(entry) not in BUYING:
        return []
    text = _("{file}: column {column} says {words}, and nothing looks at it: those rows count like the others. Write a set_aside rule.")
    unused = {name: content for name, content in entry.contents.items() if f"{entry.label}, column {name}" in left}
    said = {name: content.cancelled or content.filled[:1] for name, content in unused.items() if content.cancelled or content.leaving}
    return [text.format(file=entry.label, column=name, words=", ".join(map(printable, words[:5]))) for name, words in said.items()]


def a_list_of_people(entry: Entry, block: Mapping[str, Any], bought: bool) -> list[str]:
    """Return the doubts of a list that might have been read as orders, and of a column that says who left."""
    if entry.placed is None or block["table"] != "customers":
        return []
    doubts = []
    if any(question.name == f"table {entry.label}" for question in entry.questions) and one_row_each(entry.placed, entry.contents):
        text = _("{file}: one row is taken for one customer, not for one order: no customer stands twice and no column names an order.")
        doubts.append(text.format(file=entry.label))
    text = _("{file}: {column} says who left. It is what predictions.label can predict (column: {own}, positive: yes).")
    for own, kept in block.get("extra", {}).items():
        column = kept["column"] if isinstance(kept, Mapping) else kept
        if entry.contents[column].leaving:
            doubts.append(text.format(file=entry.label, column=column, own=own))
    return doubts


def keys_of_lists(folder: Path, alone: Sequence[tuple[Entry, Placed | None]]) -> dict[str, tuple[str, frozenset[str]]]:
    """Return the key and the ids of every file that is a list of customers or products, by the file's label."""
    lists = {}
    for entry, likely in alone:
        key = next((key for key, table in LISTED.items() if likely and likely.table == table), "")
        if likely and key and not likely.numbered:
            block = {"table": likely.table, **entry.seen.block, "columns": {key: likely.columns[key]}, "duplicates": "first"}
            # What was seen of a small file is all of it; only a large one is read for this.
            seen = frozenset(entry.contents[likely.columns[key]].filled) if entry.seen.whole else frozenset()
            lists[entry.label] = key, seen or mended(folder, block).ids.get(key, frozenset())
    return lists


def joined_by_address(alone: Sequence[tuple[Entry, Placed | None]]) -> dict[str, str]:
    """Return the column of e-mail addresses that joins customers and orders where no number does, by the file's label."""
    placed = {entry.label: best for entry, best in alone if best and not entry.seen.preset}
    contents = {entry.label: entry.contents for entry, _best in alone}
    lists = {label: best for label, best in placed.items() if best.table == "customers"}
    numbers = {label: best.columns.get("customer_id", "") for label, best in lists.items()}
    buying = {label: contents[label] for label, best in placed.items() if best.table in ("orders", "order_lines")}
    return address_keys({label: contents[label] for label in lists}, numbers, buying)


def people_in_tests(alone: Sequence[tuple[Entry, Placed | None]]) -> frozenset[str]:
    """Return who stands in a file that says which arm of a test each person was put in."""
    sets = [entry.contents[best.columns["customer_id"]].filled for entry, best in alone if best and best.table == "test_assignment"]
    return frozenset().union(*sets)


def table_of(entry: Entry) -> str:
    """Return the table that a file is proposed for; empty where none is."""
    return entry.block["table"] if entry.block else ""
