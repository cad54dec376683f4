"""From files that were looked at to a client.yml that reads: names, then cells, then proof by reading; the rest is asked or left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.wording import _
from helpers.sources.draft import entries
from helpers.sources.draft.content import NEARLY, Content, Contents
from helpers.sources.draft.entries import BUYING, Entry, table_of
from helpers.sources.draft.joint import Joint, joint
from helpers.sources.draft.keys import LINKED, ids_of, met_shares
from helpers.sources.draft.marks import OTHER_STATUS, STATUS, Marks, decided_marks, marks_of
from helpers.sources.draft.names import own_name
from helpers.sources.draft.placing import LISTED, TABLE_MARGIN, Meets, Placed, placings
from helpers.sources.draft.proof import Mended, mended, read, unused_columns
from helpers.sources.draft.questions import LEAVE_OUT, column_questions, table_question
from helpers.sources.draft.records import Draft, Question, SeenFile
from helpers.sources.draft.settings import settings_of
from helpers.sources.presets import presets
from helpers.tables import TABLES
from helpers.tables.declared import WEB_FORMATS

_ZONES = (*(f"Europe/{city}" for city in ("Brussels", "Amsterdam", "Berlin", "Paris", "Stockholm", "London")), "UTC")
_MOST_GROUPS = 6  # columns that group customers and are kept beside orders (our convention)
_SAMPLED, _SAMPLED_MET = 10_000, 0.2  # from so many persons on, the share that must meet (our convention)


def drafted(folder: Path, files: Sequence[SeenFile], answers: Mapping[str, str] | None = None) -> Draft:
    """Return a client.yml that reads, as far as the files tell.

    Parameters
    ----------
    folder : where the files are.
    files : what was seen in them.
    answers : what a person has said, by the name of the question.

    Raises
    ------
    AimError : nothing at all can be used.
    """
    answers = dict(answers or {})
    given = [_with_own_names(seen) for seen in sorted(files, key=lambda seen: (seen.path.name, str(seen.block.get("sheet", ""))))]
    usual = decided_marks(given)
    every_entry = [Entry(seen, seen.label, Contents(seen)) for seen in given]
    # What each file looks like by itself, before the ids of the others are known.
    alone = [(entry, next(iter(_placings(entry, {}, answers)), None)) for entry in every_entry]
    by_address = entries.joined_by_address(alone)
    answers = {f"customer_id {label}": column for label, column in by_address.items()} | answers
    alone = [(entry, best if entry.label not in by_address else next(iter(_placings(entry, {}, answers)), None)) for entry, best in alone]
    twins = [Entry(entry.seen, f"{entry.label} outcomes", entry.contents) for entry, best in alone if best and _holds_both(entry, best)]
    every_entry += twins
    answers = {f"table {twin.label}": "outcomes" for twin in twins} | answers
    listed = entries.keys_of_lists(folder, alone)
    tested = entries.people_in_tests(alone)
    proposals = [_proposal(folder, entry, usual, listed, answers, tested) for entry in every_entry]
    left = {entry.label: entry.why_not for entry in proposals if entry.block is None}
    used = sorted((entry for entry in proposals if entry.block), key=lambda entry: (list(TABLES).index(table_of(entry)), entry.label))
    bought = any(table_of(entry) in BUYING for entry in used)
    for entry in used:
        _with_extras(folder, entry, usual, answers, groups_only=bought)
    together = joint(folder, [(entry.label, entry.proof) for entry in used if entry.proof], answers)
    if not together.blocks:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in (left | together.left_out).items())
        raise AimError(_("None of these files can be used. {reasons}").format(reasons=reasons))
    if by_address and together.blocks:
        doubt = _("Customers are known by their e-mail address, the one thing that customers and orders share: {files}.")
        together.doubts.append(doubt.format(files=", ".join(by_address)))
    left |= together.left_out
    by_label = {entry.label: entry for entry in used}
    kept = [by_label[label] for label in together.labels]
    for entry, block in zip(kept, together.blocks, strict=True):
        left |= unused_columns(entry.seen, entry.label, entry.proof, block) if entry not in twins else {}
        together.doubts += entries.not_looked_at(entry, left) + entries.a_list_of_people(entry, block, bought)
    for entry in twins:
        if entry not in kept or entry.block is None:
            continue
        columns = [*entry.block["columns"].values(), *(own["column"] for own in entry.block["extra"].values())]
        left = {name: reason for name, reason in left.items() if name not in {f"{entry.seen.label}, column {column}" for column in columns}}
    return _as_draft(kept, together, [entry for entry in proposals if entry.block], left, answers)


def _as_draft(kept: Sequence[Entry], together: Joint, asking: Sequence[Entry], left: dict[str, str], answers: Mapping[str, str]) -> Draft:
    settings, reasons, questions = settings_of(together, [entry.seen for entry in kept], answers)
    for i, entry in enumerate(kept):
        reasons |= {f"sources.{i}.{key}": text for key, text in entry.reasons.items()}
    reasons |= together.reasons
    asked = [question for entry in asking for question in entry.questions] + [*together.questions, *questions]
    doubts = [doubt for entry in kept if entry.proof for doubt in entry.proof.doubts]
    doubts = list(dict.fromkeys([*_without_customers(together, kept), *doubts, *together.doubts]))
    asked = list({question.name: question for question in asked}.values())
    asked.sort(key=lambda question: (-question.weight, question.name))
    return Draft(settings, tuple(together.blocks), reasons, tuple(asked), tuple(doubts), left, together.rows)


def _holds_both(entry: Entry, best: Placed) -> bool:
    """Tell whether who was put in which arm and what came of everybody stand in one file."""
    return best.table == "test_assignment" and bool(entry.contents.everybody[0])


def _without_customers(together: Joint, kept: Sequence[Entry]) -> list[str]:
    """Return the doubt of every file of orders that names no customer although a list of customers lies beside it."""
    if not any(block["table"] == "customers" for block in together.blocks):
        return []
    text = _("{file}: no column of it names a customer of the list, so its orders belong to nobody. Is there one? Then write customer_id.")
    return [
        text.format(file=entry.label)
        for entry, block in zip(kept, together.blocks, strict=True)
        if block["table"] in BUYING
        and not {"customer_id", "person_id"} & set(block.get("columns", {}))
        and not _by_its_order(block, together)
    ]


def _by_its_order(block: Mapping[str, Any], together: Joint) -> bool:
    """Tell whether lines get their customer from the orders."""
    return block["table"] == "order_lines" and any(other["table"] == "orders" for other in together.blocks)


def _with_own_names(seen: SeenFile) -> SeenFile:
    """Return a file whose columns each have a name of their own: of two called Datum the second becomes "Datum 2"."""
    names = [column.name for column in seen.columns]
    if len(set(names)) == len(names) or seen.block.get("format") == "parquet":
        return seen
    own: list[str] = []
    for name in names:
        base, number = name or _("column"), 1 + sum(re.sub(r" [0-9]+$", "", known) == (name or _("column")) for known in own)
        own.append(base if number == 1 and base not in own else f"{base} {number}")
    lines = {} if seen.block.get("header") else {"skip_lines": int(seen.block.get("skip_lines", 0)) + 1}
    columns = tuple(replace(column, name=name) for column, name in zip(seen.columns, own, strict=True))
    return replace(seen, columns=columns, block={**seen.block, **lines, "header": tuple(own)})


def _of_a_test(entry: Entry, likely: Sequence[Placed], tested: frozenset[str]) -> list[Placed]:
    """Return a file as outcomes of a test, where all in it were in the test and it says what each row is; else nothing."""
    everybody = bool(entry.contents.everybody[0])
    found = [placed for placed in likely if placed.table == "outcomes" and ("outcome" in placed.columns or everybody)]
    if not tested or not found or likely[0].table not in ("orders", "outcomes", *(("customers",) if everybody else ())):
        return []
    people = set(entry.contents[found[0].columns["customer_id"]].filled)
    # Of a long list only a sample was looked at.
    least = NEARLY if len(tested) < _SAMPLED else _SAMPLED_MET
    return found[:1] if len(people & tested) >= least * len(people) else []


def _placings(entry: Entry, meets: Meets, answers: Mapping[str, str]) -> list[Placed]:
    end = f" {entry.label}"
    forced = {name.removesuffix(end): value for name, value in answers.items() if name.endswith(end) and value != LEAVE_OUT}
    found = placings(entry.seen, entry.contents, meets, forced)
    return [placed for placed in found if placed.table == forced["table"]] or found if "table" in forced else found


def _proposal(
    folder: Path,
    entry: Entry,
    usual: Mapping[str, Any],
    lists: Mapping[str, tuple[str, frozenset[str]]],
    answers: Mapping[str, str],
    tested: frozenset[str],
) -> Entry:
    seen = entry.seen
    if seen.block.get("format") in WEB_FORMATS:
        return _web_log(folder, entry, answers)
    if seen.preset and _from_preset(folder, entry):
        return entry
    others = {key: frozenset().union(*(ids for label, (of, ids) in lists.items() if label != entry.label and of == key)) for key in LISTED}
    meets = {key: met_shares(entry.contents, key, ids) for key, ids in others.items()}
    likely = _placings(entry, meets, answers)
    if not likely:
        entry.why_not = _("Its columns are those of none of our tables.") if seen.columns else _("It holds no columns.")
        return entry
    near = [placed for placed in likely if placed.score >= likely[0].score - TABLE_MARGIN]
    near = near if f"table {entry.label}" in answers else _of_a_test(entry, likely, tested) or near
    if any(answers.get(f"{name} {entry.label}") == LEAVE_OUT for name in ("table", *near[0].columns)):
        entry.why_not = _("Left out as answered.")
        return entry
    for placed in near:
        proof, marks = _tried(folder, seen, placed, usual, answers)
        if proof.block is not None:
            entry.block, entry.proof, entry.placed, entry.reasons = proof.block, proof, placed, dict(marks.reasons)
            columns = column_questions(seen, entry.label, placed, answers)
            entry.questions = [*columns, *marks.questions, *table_question(entry.label, near, placed, answers)]
            entry.questions = _that_read(folder, entry, meets, usual, answers)
            return entry
        entry.why_not = entry.why_not or proof.left_out[""]
    return entry


def _tried(
    folder: Path,
    seen: SeenFile,
    placed: Placed,
    usual: Mapping[str, Any],
    answers: Mapping[str, str],
    extra: Mapping[str, tuple[str, str]] | None = None,
) -> tuple[Mended, Marks]:
    extra = extra or _status_beside(seen, placed)
    marks = marks_of(seen, placed, usual, answers, extra)
    block = {"table": placed.table, **seen.block, **marks.keys, "columns": dict(placed.columns)}
    if extra:
        block["extra"] = {own: name if kind == "number" else {"column": name, "kind": kind} for own, (name, kind) in extra.items()}
    words = (*seen.block.get("empty_words", ()), *marks.keys.get("empty_words", ()))
    block |= {"empty_words": tuple(dict.fromkeys(words))} if words else {}
    block |= {"number_rows": True} if placed.numbered else {}
    if seen.block.get("format") == "parquet":  # most of its days have a type, and no form
        typed = mended(folder, {key: value for key, value in block.items() if key not in ("date_format", "date_formats")})
        if typed.block is not None and not typed.left_out and "unreadable" not in typed.block:
            return typed, marks
    if placed.table == "outcomes" and not extra:
        return _of_those_who_did(folder, block, Contents(seen)), marks
    return mended(folder, block), marks


def _of_those_who_did(folder: Path, block: dict[str, Any], contents: Contents) -> Mended:
    """Return the outcomes without the rows of those who did nothing, where an export lists everybody; they may be nearly all."""
    column, _moment, no = contents.everybody
    if not column:
        return mended(folder, block)
    own = f"{own_name(column)}_said" if own_name(column) in TABLES["outcomes"].names else own_name(column)
    rule = {"name": _("did not convert"), "column": own, "equals": no, "reason": _("These people did not convert.")}
    block = block | {"extra": {own: {"column": column, "kind": "text"}}, "set_aside": (*block.get("set_aside", ()), rule)}
    intake, problems = read(folder, [block])
    if intake is None:
        return Mended(None, {"": problems[0].safe})
    with intake:
        doubt = _("{file}: {column} says who did not convert: {rows} rows are set aside, and those people stay in the test.")
        rows = sum(gone.rows for gone in intake.receipts[0].set_aside)
        doubts = (doubt.format(file=block["file"], column=column, rows=f"{rows:,}"),)
        return Mended(block, {}, doubts, ids_of(intake.relations["outcomes"], LINKED))


def _status_beside(seen: SeenFile, placed: Placed) -> dict[str, tuple[str, str]]:
    """Return the column that says which orders were cancelled, where none of the table's own columns does: it is kept for the rule."""
    columns = placed.columns
    if placed.table not in BUYING or STATUS in columns and Content(seen.column(columns[STATUS])).cancelled:
        return {}
    saying = [column.name for column in seen.columns if column.name not in columns.values() and Content(column).cancelled]
    own = OTHER_STATUS if STATUS in TABLES[placed.table].names else STATUS
    return {own: (saying[0], "text")} if saying else {}


def _that_read(folder: Path, entry: Entry, meets: Meets, usual: Mapping[str, Any], answers: Mapping[str, str]) -> list[Question]:
    """Return the questions with those answers only that read; one with a single answer left is none."""
    asked = []
    for question in entry.questions:
        choices = {}
        for value, meaning in question.choices.items():
            if value in (question.usual, LEAVE_OUT):
                choices[value] = meaning
                continue
            with_it = {**answers, question.name: value}
            likely = _placings(entry, meets, with_it)
            if likely and _tried(folder, entry.seen, likely[0], usual, with_it)[0].block is not None:
                choices[value] = meaning
        if len(choices) > 1:
            asked.append(replace(question, choices=choices))
    return asked


def _web_log(folder: Path, entry: Entry, answers: Mapping[str, str]) -> Entry:
    name = f"time_zone {entry.label}"
    zone = answers.get(name, _ZONES[0])
    block = {"table": "web_events", **entry.seen.block} | ({} if zone == _ZONES[0] else {"time_zone": zone})
    entry.proof = mended(folder, block)
    entry.block, entry.why_not = entry.proof.block, entry.proof.left_out.get("", "")
    if name not in answers:
        text = _("{file}: by which clock does the client live?").format(file=entry.label)
        question = Question(name, text, {zone: zone for zone in _ZONES}, _ZONES[0], _("The usual setting; days begin by this clock."), 4.0)
        entry.questions = [question]
    return entry


def _from_preset(folder: Path, entry: Entry) -> bool:
    """Propose a known system's block where its columns are there and it reads."""
    preset = presets()[entry.seen.preset]
    there = {column.name for column in entry.seen.columns}
    columns = {ours: theirs for ours, theirs in preset.source.get("columns", {}).items() if theirs in there}
    block = {**preset.block(str(entry.seen.block["file"])), **entry.seen.block, "columns": columns}
    proof = mended(folder, block)
    if proof.block is None:
        return False
    entry.block, entry.proof = proof.block, proof
    entry.reasons["table"] = _("The header is that of {title}.").format(title=preset.title)
    return True


def _with_extras(folder: Path, entry: Entry, usual: Mapping[str, Any], answers: Mapping[str, str], groups_only: bool) -> None:
    """Keep the customers' own columns: all where there are no orders, as they decide the marks too; else a few that group them."""
    if table_of(entry) != "customers" or entry.placed is None or entry.block is None:
        return
    mapped = set(entry.placed.columns.values())
    kinds = {"number": "number", "date": "date", "flag": "flag", "text": "text", "id": "text"}
    extra: dict[str, tuple[str, str]] = {}
    births: dict[str, str] = {}
    for column in entry.seen.columns:
        name, content = own_name(column.name), entry.contents[column.name]
        if content.births:
            births[column.name] = _("It seems to be a day of birth: personal, and not needed.")
            continue
        kind = "flag" if content.flags else "number" if content.numeric and column.kind != "date" else kinds.get(column.kind, "")
        wanted = not groups_only or content.leaving or len(extra) < _MOST_GROUPS and content.groups
        if wanted and column.name not in mapped and kind and name not in {*extra, *TABLES["customers"].names}:
            extra[name] = column.name, kind
    if groups_only and not extra:
        return
    proof, marks = _tried(folder, entry.seen, entry.placed, usual, answers, extra)
    if proof.block is not None:
        entry.block, entry.proof, entry.reasons = proof.block, proof, dict(marks.reasons)
        entry.questions += [question for question in marks.questions if question.name not in {q.name for q in entry.questions}]
    if entry.proof is not None:
        entry.proof.left_out.update(births)
