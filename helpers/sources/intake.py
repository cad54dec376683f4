"""From a client's exports and databases to the canonical tables, with a receipt per source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.core.errors import Problem, UserMistakes, did_you_mean
from helpers.privacy.pseudonyms import client_key, pseudonym
from helpers.sources.credit_notes import unsigned
from helpers.sources.database import open_database
from helpers.sources.dates import SERIAL, UnknownForm, form_of
from helpers.sources.doubts.repeats import Repeated
from helpers.sources.files import open_file
from helpers.sources.frames import changed_in_parts, frame_of
from helpers.sources.id_case import in_one_case
from helpers.sources.key_coverage import merge_record, unmet_links, with_firms
from helpers.sources.kinds import kind_problems, own_kind_problems
from helpers.sources.limits import TooMuch, ended_by_engine, unfinished
from helpers.sources.merge import Merged, merged
from helpers.sources.personal import personal_problems
from helpers.sources.places import file_of
from helpers.sources.profile import Profile, id_decisions, lost_cells, profile, receipt
from helpers.sources.raw import LINE, Part, Raw
from helpers.sources.refusals import row_problems
from helpers.sources.row_numbers import numbered, numbering_problems, with_row_numbers
from helpers.sources.set_aside import USED, rule_problems
from helpers.sources.store import Store
from helpers.sources.typed import RULE, typed
from helpers.tables import TABLES, Table, dtypes
from helpers.tables.declared import Source
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import Receipt
from helpers.tables.web import canonical

MANY_EVENTS = 1_000  # of one visitor only: then the column does not name visitors


@dataclass(frozen=True)
class Intake:
    """Everything that was read: the tables by name as ibis tables of their engines, and what became of each source.

    A context manager; ``store`` is the embedded engine that the tables of files live in, ``merge`` the record of how the
    tables fit together (``key_coverage.merge_record``), ``doubts`` what columns that no table takes say, ``repeated`` which
    sources of order lines hold the same orders.
    """

    relations: dict[str, Any]
    receipts: tuple[Receipt, ...]
    store: Store
    merge: dict[str, Any] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    repeated: tuple[Repeated, ...] = ()

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables in memory, typed as their contracts say."""
        return {name: frame_of(relation, dtypes(TABLES[name])) for name, relation in self.relations.items()}


def read_sources(folder: Path, sources: Iterable[Source], begin: Callable[[str], None] = lambda origin: None) -> Intake:
    """Return the tables and receipts of all sources of a client, to be closed when done; ``begin`` is told what is read next.

    Raises
    ------
    UserMistakes : with every problem in every source.
    """
    sources = tuple(sources)
    if not sources:
        fix = "Add one block per export; aim new shows what a block holds."
        raise UserMistakes([Problem("client.yml", "key sources", "", "at least one source", fix)])
    store = Store(_files(folder, sources))
    try:
        return _read(folder, sources, store, begin)
    except BaseException:
        store.close()
        raise


def read_source(folder: Path, source: Source, i: int) -> list[Problem]:
    """Return every problem of one source, block ``i`` of client.yml from 0, looked at by itself."""
    with Store(_files(folder, [source])) as store:
        return _part(folder, source, i, store)[1]


def _files(folder: Path, sources: Iterable[Source]) -> list[Path]:
    """Return the files that the engine may open; a place that is not allowed is named when its source is read."""
    paths = (file_of(folder, source.file, "") for source in sources if source.file)
    return [path for path in paths if isinstance(path, Path)]


def _read(folder: Path, sources: tuple[Source, ...], store: Store, begin: Callable[[str], None]) -> Intake:
    parts: dict[str, list[Part]] = {}
    problems = own_kind_problems(sources) + numbering_problems(sources)
    for i, source in enumerate(sources):
        begin(source.origin)
        part, more = _part(folder, source, i, store)
        problems += more
        if part is not None:
            parts.setdefault(source.table, []).append(part)
    if problems:
        raise UserMistakes(problems)
    parts = in_one_case(parts, store)
    buying = [*parts.get("orders", ()), *parts.get("order_lines", ())]
    tables = {name: _put_together(parts[name], TABLES[name], store, buying) for name in TABLES if name in parts}
    problems = [problem for merged_table in tables.values() for problem in merged_table.problems]
    if problems:
        raise UserMistakes(problems)
    relations, unplaced = with_firms({name: merged_table.table for name, merged_table in tables.items()}, store)
    if unplaced:
        raise UserMistakes(unplaced)
    if "web_events" in relations:
        relations["web_events"] = _without_people(relations["web_events"], folder, parts["web_events"][0].source, store)
    # ``merged`` gives the receipts of a table in the order of its sources: here they return to the order of client.yml.
    in_order = []
    for i, source in enumerate(sources):
        place_in_table = sum(earlier.table == source.table for earlier in sources[:i])
        in_order.append(tables[source.table].receipts[place_in_table])
    decisions = [decision for name in tables for part in parts[name] for decision in part.decisions]
    decisions += [decision for merged_table in tables.values() for decision in merged_table.decisions]
    record = merge_record(relations, in_order, store, decisions)
    problems = unmet_links(record["links"], relations, sources)
    if problems:
        raise UserMistakes(problems)
    doubts = tuple(doubt for name in tables for part in parts[name] for doubt in part.doubts)
    doubts += tuple(doubt for merged_table in tables.values() for doubt in merged_table.doubts)
    pairs = tuple(pair for merged_table in tables.values() for pair in merged_table.repeated)
    return Intake(relations, tuple(in_order), store, record, doubts, pairs)


def _without_people(events: Any, folder: Path, source: Source, store: Store) -> Any:
    """Return web events in their clean form: here, and only here, for logs and tables alike, before anything is kept."""
    key = client_key(folder)
    events = changed_in_parts(events, lambda frame: canonical(frame, lambda text: pseudonym(text, key)), TABLES["web_events"], store)
    whom = [name for name in ("visitor_id", "ip_address") if name in events.columns]
    seen = events.aggregate(rows=events.count(), **{name: events[name].nunique() for name in whom}).execute().iloc[0]
    if seen["rows"] >= MANY_EVENTS and 1 in [seen[name] for name in whom]:
        got = f"all {seen['rows']:,} events are of one visitor"
        fix = "A load balancer may stand in front of the site: let its log name the address it was asked from, or map another column."
        raise UserMistakes([Problem(source.origin, "", "", f"visitors who can be told apart: {got}", fix)])
    return events


def _put_together(parts: list[Part], table: Table, store: Store, buying: list[Part]) -> Merged:
    try:
        return merged(parts, table, store, buying)
    except TooMuch as error:
        problem = error.problem(parts[0].source)
    except Exception as error:
        if not ended_by_engine(error):
            raise
        problem = unfinished(parts[0].source, error)
    return Merged(None, [], [problem])


def _part(folder: Path, source: Source, i: int, store: Store) -> tuple[Part | None, list[Problem]]:
    given, source = source, numbered(source)
    problems = _mapping_problems(source, TABLES[source.table], f"key sources.{i + 1}")
    try:
        raw = with_row_numbers((open_file if given.file else open_database)(folder, given, store), source)
        problems += raw.problems or kind_problems(raw, source)
        return (None, problems) if problems else _judged(raw, source, store)
    except TooMuch as error:
        return None, [*problems, error.problem(source)]
    except Exception as error:  # whatever a hostile file makes its reader stumble over: the other sources are still read
        return None, [*problems, unfinished(source, error)]


def _judged(raw: Raw, source: Source, store: Store) -> tuple[Part | None, list[Problem]]:
    table = TABLES[source.table]
    typed_source = typed(raw, source, table, store)
    counted = profile(typed_source, source, table)
    problems = row_problems(counted, typed_source, source, table)
    if not problems and source.unreadable == "set_aside":
        problems = _too_unreadable(raw, counted, source, store)
    if problems:
        return None, problems
    used = typed_source.rows.filter(typed_source.rows[RULE] == USED)
    if problems := personal_problems(used, source, store):
        return None, problems
    rows = used.select(*(column.name for column in typed_source.columns), LINE)
    decisions = id_decisions(counted, typed_source, source, table)
    # What columns that are not mapped say against the amounts: credit notes without a minus.
    marks = {name: f"__mark_{mark}" for name, mark in raw.marks.items() if f"__mark_{mark}" in used.columns}
    doubts = tuple(doubt for name, mark in marks.items() for doubt in unsigned(used, mark, name, used[table.money], table.name))
    return Part(rows, source, receipt(counted, typed_source, source, table), decisions, doubts), []


def _too_unreadable(raw: Raw, counted: Profile, source: Source, store: Store) -> list[Problem]:
    """Return the problems of a source in which more cells cannot be read than client.yml allows."""
    lost = max([int(counted["unreadable"]), *lost_cells(counted).values()])
    if lost <= source.unreadable_share * max(int(counted["read"]), 1):
        return []
    share = f"{lost:,} of {int(counted['read']):,} rows cannot be read"
    problem = Problem(source.origin, "", "", f"at most {source.unreadable_share:.2%} unreadable rows (unreadable_share): {share}")
    strict = source.model_copy(update={"unreadable": "refuse"})
    return [problem, *_judged(raw, strict, store)[1]]


def _mapping_problems(source: Source, table: Table, place: str) -> list[Problem]:
    unmapped = "Map it to the column of the export that holds it."
    problems = [
        Problem("client.yml", f"{place}.columns", name, f"a column of our table {table.name}", did_you_mean(name, list(table.names)))
        for name in source.columns
        if name not in table.names
    ]
    texts = [column.name for column in table.columns if column.kind == "text"]
    problems += [
        Problem("client.yml", f"{place}.constants", name, f"a text column of our table {table.name}", did_you_mean(name, texts))
        for name in source.constants
        if name not in texts
    ]
    problems += [
        Problem("client.yml", f"{place}.columns", "", f"the column {name}, which {table.name} needs", unmapped)
        for name in (table.required if source.combine != "join" else table.key)
        # The customer of a contact or message to a person is looked up (``persons.with_firms``).
        if name not in source.columns and (table.name == "persons" or name in table.needed(source.columns))
    ]
    if table.name == "order_lines" and "line_amount" not in source.columns and not {"quantity", "unit_price"} <= set(source.columns):
        fix = "Map line_amount, or quantity and unit_price."
        problems.append(Problem("client.yml", f"{place}.columns", "", "the amount of a line", fix))
    return problems + _form_problems(source, place) + rule_problems(source, [*source.kept], place)


def _form_problems(source: Source, place: str) -> list[Problem]:
    problems = []
    for name in source.kept:
        for form in source.date_forms(name):
            try:
                undated = form != SERIAL and form_of(form).undated
            except UnknownForm as error:
                fix = "Use %Y %y %m %d %b %H %I %M %S %f %p %z and plain characters, such as %d/%m/%Y."
                problems.append(Problem("client.yml", f"{place}.date_format", form, f"a form that is read, not {error}", fix))
                continue
            if undated and source.year is None:
                fix = "Declare year: in client.yml, for dates written without one."
                problems.append(Problem("client.yml", f"{place}.date_format", form, "a form with a year", fix))
    return list(dict.fromkeys(problems))
