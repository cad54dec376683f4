"""From a client's folder to the canonical tables, with a receipt per file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.config.schema import Source
from helpers.errors import Problem, UserMistakes, did_you_mean
from helpers.receipts import Receipt, SetAside
from helpers.sources.files import read_file
from helpers.sources.parse import parse_column
from helpers.sources.set_aside import apply_rules, rule_problems
from helpers.tables import TABLES, Column, Table


@dataclass(frozen=True)
class Intake:
    """Everything that was read: the tables by name, and what became of each file."""

    tables: dict[str, pd.DataFrame]
    receipts: tuple[Receipt, ...]


def read_sources(folder: Path, sources: Iterable[Source]) -> Intake:
    """Read every export of a client.

    Parameters
    ----------
    folder : the client's folder.
    sources : the source blocks of client.yml.

    Returns
    -------
    The tables and receipts.

    Raises
    ------
    UserMistakes : with every problem in every file.
    """
    parts, receipts, problems = [], [], []
    for i, source in enumerate(sources):
        frame, receipt, found = read_source(folder, source, i)
        problems += found
        if receipt is not None:
            parts.append((source.table, frame))
            receipts.append(receipt)
    if problems:
        raise UserMistakes(problems)
    tables = {
        name: pd.concat([frame for table, frame in parts if table == name], ignore_index=True)
        for name in TABLES
        if any(table == name for table, _ in parts)
    }
    problems = [one for name, frame in tables.items() for one in _key_problems(frame, TABLES[name], receipts)]
    if problems:
        raise UserMistakes(problems)
    return Intake(tables, tuple(receipts))


def read_source(folder: Path, source: Source, i: int) -> tuple[pd.DataFrame, Receipt | None, list[Problem]]:
    """Read one export into its canonical table.

    Parameters
    ----------
    folder : the client's folder.
    source, i : the source's block in client.yml, and its place in the list from 0.

    Returns
    -------
    The typed rows in use, the receipt (None when there are problems), and the problems.
    """
    table, place = TABLES[source.table], f"key sources.{i + 1}"
    problems = _mapping_problems(source, table, place)
    raw, found = read_file(Path(folder) / source.file, source)
    problems += found
    if problems:
        return raw, None, problems
    frame, problems = _typed(raw, source, table)
    if problems:
        return frame, None, problems
    frame = _with_amount(frame, table)
    used, set_aside = apply_rules(frame, source, table.money)
    problems = _empty_problems(used, source, table)
    return used, _receipt(frame, used, set_aside, source, table, raw.attrs["unmapped"]), problems


def _mapping_problems(source: Source, table: Table, place: str) -> list[Problem]:
    known = [*table.names]
    problems = [
        Problem("client.yml", f"{place}.columns", name, f"a column of our table {table.name}", did_you_mean(name, known))
        for name in source.columns
        if name not in known
    ]
    problems += [
        Problem("client.yml", f"{place}.columns", "", f"the column {name}, which {table.name} needs",
                "Map it to the column of the export that holds it.")
        for name in table.required
        if name not in source.columns and not _can_compute(name, source)
    ]  # fmt: skip
    return problems + rule_problems(source, [*source.columns, *source.extra], place)


def _can_compute(name: str, source: Source) -> bool:
    return name == "line_amount" and {"quantity", "unit_price"} <= set(source.columns)


def _typed(raw: pd.DataFrame, source: Source, table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    columns: dict[str, pd.Series] = {}
    problems: list[Problem] = []
    for ours, theirs in source.columns.items():
        columns[ours], found = parse_column(raw[theirs], table.column(ours), theirs, source)
        problems += found
    for ours, theirs in source.extra.items():
        columns[ours], found = parse_column(raw[theirs], Column(ours, "number", ""), theirs, source)
        problems += found
    return pd.DataFrame(columns, index=raw.index), problems


def _with_amount(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    if table.name == "order_lines" and "line_amount" not in frame and {"quantity", "unit_price"} <= set(frame):
        # Money is kept to the cent per line, as an invoice would print it.
        return frame.assign(line_amount=(frame["quantity"] * frame["unit_price"]).round(2))
    return frame


def _empty_problems(used: pd.DataFrame, source: Source, table: Table) -> list[Problem]:
    problems = []
    for name in table.required:
        lines = used.index[used[name].isna()] if name in used else []
        if len(lines):
            fix = f"Fill it in, or set such rows aside with a rule: column {name}, empty: true."
            place = f"line {lines[0]}, column {source.columns[name]} (and {len(lines) - 1} more)"
            problems.append(Problem(source.file, place, "", "a value, not an empty cell", fix))
    return problems


def _key_problems(frame: pd.DataFrame, table: Table, receipts: list[Receipt]) -> list[Problem]:
    if not table.key:
        return []
    twice = frame[list(table.key)][frame.duplicated(list(table.key), keep="first")]
    if twice.empty:
        return []
    files = ", ".join(one.file for one in receipts if one.table == table.name)
    fix = f"Remove the {len(twice)} doubles, or set them aside with a rule in client.yml."
    return [Problem(files, f"column {table.key[0]}", str(twice.iloc[0, 0]), f"each {table.key[0]} once", fix)]


def _receipt(
    frame: pd.DataFrame, used: pd.DataFrame, set_aside: tuple[SetAside, ...], source: Source, table: Table,
    unmapped: tuple[str, ...],
) -> Receipt:  # fmt: skip
    amounts = [float(one[table.money].sum()) if table.money in one else 0.0 for one in (frame, used)]
    days = used[table.when].dropna() if table.when in used else pd.Series(dtype="datetime64[us]")
    return Receipt(
        table=table.name,
        file=source.file,
        system=source.system,
        rows_read=len(frame),
        rows_used=len(used),
        set_aside=set_aside,
        amount_read=round(amounts[0], 2),
        amount_used=round(amounts[1], 2),
        completeness={name: float(used[name].notna().mean()) if len(used) else 0.0 for name in used},
        unmapped_columns=unmapped,
        first_day=days.min().date().isoformat() if len(days) else None,
        last_day=days.max().date().isoformat() if len(days) else None,
    )
