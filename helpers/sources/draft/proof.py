"""Proposals proved by reading: what does not read is mended, or leaves with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from helpers.core.errors import AimError, Problem, UserMistakes
from helpers.core.wording import _
from helpers.sources.draft.keys import BUYING, LINKED, buyers_of, ids_of
from helpers.sources.draft.marks import CANCELLED
from helpers.sources.draft.records import SeenFile
from helpers.sources.intake import Intake, read_sources
from helpers.tables import TABLES
from helpers.tables.declared import WEB_FORMATS, Source

_ROUNDS = 25
_MOST_EMPTY, _MOST_DOUBLE = 0.2, 0.02  # of the rows: more than this set aside, and the file is not what it was taken for


@dataclass(frozen=True)
class Mended:
    """A source block that reads, or why none does.

    Parameters
    ----------
    block : the block; None where nothing reads.
    left_out : columns that had to go, with the reason; under "" why all of it had to.
    doubts : sentences about what was done to make it read.
    ids : the different ids of its key and of the lists it is joined with, by our column.
    buyers : orders and rows per customer, of a table of orders or lines.
    last_day : the last one in the table's time column, as ISO text; "" where there is none.
    """

    block: dict[str, Any] | None
    left_out: dict[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    buyers: dict[str, tuple[int, int]] = field(default_factory=dict)
    last_day: str = ""


def as_source(block: Mapping[str, Any]) -> Source | None:
    """Return a block as a source; None where this version knows no such keys."""
    try:
        return Source.model_validate(dict(block))
    except ValidationError:
        return None


def read(folder: Path, blocks: Sequence[Mapping[str, Any]]) -> tuple[Intake | None, tuple[Problem, ...]]:
    """Read blocks together; return the tables, or what stops them."""
    sources = [as_source(block) for block in blocks]
    wrong = [i for i, source in enumerate(sources) if source is None]
    if wrong:
        return None, tuple(Problem(str(blocks[i].get("file", "")), "", "", "a way of writing that is read") for i in wrong)
    try:
        return read_sources(folder, [source for source in sources if source]), ()
    except UserMistakes as error:
        return None, error.problems
    except AimError as error:
        return None, (Problem("", "", "", str(error)),)


def mended(folder: Path, block: Mapping[str, Any]) -> Mended:
    """Return a block that reads by itself: mended, without what cannot be read, or nothing with the reason."""
    now = dict(block)
    left: dict[str, str] = {}
    doubts: list[str] = []
    for _round in range(_ROUNDS):
        intake, problems = read(folder, [now])
        if intake is not None:
            with intake:
                receipt = intake.receipts[0]
                relation = intake.relations[now["table"]]
                ids = ids_of(relation, LINKED)
                buyers = buyers_of(relation) if now["table"] in BUYING else {}
            apart = {gone.rule: gone.rows for gone in receipt.set_aside if gone.rows}
            if not receipt.rows_used:
                return Mended(None, {"": _("No row of it can be used.")})
            for rule, rows in apart.items():
                if now.get("format") in WEB_FORMATS and rule != "unreadable":
                    continue  # a log names every part of a page and every error; its receipt counts them
                if rule == CANCELLED:
                    continue
                limit = _MOST_DOUBLE if rule == _("duplicate") else _MOST_EMPTY
                if rows > limit * receipt.rows_read:
                    reason = _("{rows} of {read} rows would have to be set aside ({rule}).")
                    return Mended(None, {"": reason.format(rows=rows, read=receipt.rows_read, rule=rule)})
                doubts.append(_("{file}: {rows} rows are set aside ({rule}).").format(file=receipt.file, rows=rows, rule=rule))
            notes = (f"{receipt.file}: {note}" for note in receipt.notes)
            return Mended(now, left, (*doubts, *notes), ids, buyers, receipt.last_day or "")
        changed = _changed(now, problems, left)
        if changed is None:
            return Mended(None, left | {"": problems[0].safe})
        now = changed
    return Mended(None, left | {"": problems[0].safe})


def _changed(block: dict[str, Any], problems: Sequence[Problem], left: dict[str, str]) -> dict[str, Any] | None:
    """Return the block with its first problem mended; None where nothing can be done."""
    table, columns = TABLES[block["table"]], dict(block.get("columns", {}))
    placed = [(problem, ours) for problem in problems if (ours := _ours(problem, block))]
    for problem, ours in placed:
        if problem.expected.startswith("a value, not an empty cell"):
            return _with_rule(block, {"name": f"no {ours}", "column": ours, "empty": True, "reason": _("The cell is empty.")})
        if problem.expected.startswith("an id, not a row of totals"):
            words = tuple(dict.fromkeys(problem.got.split(", ")))
            return _with_rule(block, {"name": "totals", "column": ours, "equals": words, "reason": _("A row of totals.")})
        if problem.expected.startswith("each ") and problem.expected.endswith(" once") and "duplicates" not in block:
            return block | {"duplicates": "newest" if table.when in columns and table.name != "orders" else "first"}
        if "look like thousands" in problem.expected and not block.get("three_decimals"):
            return block | {"three_decimals": True}
    if "unreadable" not in block and placed:
        return block | {"unreadable": "set_aside"}
    free = [(problem.count, ours, problem) for problem, ours in placed if ours not in table.needed(columns) and ours != table.money]
    free += [
        (p.count, o, p)
        for p, o in placed
        if table.name == "order_lines" and o == "line_amount" and {"quantity", "unit_price"} <= set(columns)
    ]
    if not free:
        return None
    _count, ours, problem = max(free, key=lambda entry: (entry[0], entry[1]))
    mapped = "columns" if ours in columns else "extra"
    theirs = block[mapped][ours]
    left[theirs if isinstance(theirs, str) else theirs["column"]] = problem.safe
    rest = {name: value for name, value in block[mapped].items() if name != ours}
    rules = tuple(rule for rule in block.get("set_aside", ()) if rule["column"] != ours)
    kept = {key: value for key, value in block.items() if key not in (mapped, "set_aside", "unreadable")}
    for key in ("values", "ids", "date_formats"):
        if ours in kept.get(key, {}):
            kept[key] = {name: value for name, value in kept[key].items() if name != ours}
            kept = {name: value for name, value in kept.items() if name != key or value}
    return kept | ({mapped: rest} if rest or mapped == "columns" else {}) | ({"set_aside": rules} if rules else {})


def _ours(problem: Problem, block: Mapping[str, Any]) -> str:
    match = re.search(r"columns? (.*?)(?: \(and [0-9,]+ more\)| and [0-9]+ more)?$", problem.place)
    if not match:
        return ""
    for ours, theirs in {**block.get("columns", {}), **block.get("extra", {})}.items():
        if match.group(1) in (ours, theirs if isinstance(theirs, str) else theirs.get("column")):
            return ours
    return ""


def _with_rule(block: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any] | None:
    rules = tuple(block.get("set_aside", ()))
    return None if rule in rules or len(rules) > 10 else block | {"set_aside": (*rules, rule)}


def unused_columns(seen: SeenFile, label: str, proof: Mended | None, block: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of a file that a source does not read, each with the reason, by label of file and column."""
    source = as_source(block)
    used = set(source.theirs) if source else set()
    reasons = proof.left_out if proof else {}
    left = {}
    for column in seen.columns:
        if column.name in used or block.get("format") in WEB_FORMATS:
            continue
        reason = reasons.get(column.name, "") or (
            _("No cell of it is filled.") if column.kind == "empty" else _("No column of ours takes it.")
        )
        left[f"{label}, column {column.name}"] = reason
    return left
