"""A file that nobody has declared → how it is written and what its columns may be, with the evidence; no table is guessed."""

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError
from helpers.core.wording import _
from helpers.sources.draft.dialect import Layout, delimited
from helpers.sources.draft.excerpt import excerpt
from helpers.sources.draft.kinds import Column, blanked, seen_column
from helpers.sources.draft.records import SeenColumn, SeenFile
from helpers.sources.draft.shapes import source_like
from helpers.sources.draft.sheets import MOST_ROWS, TypedTable, parquet, sheets
from helpers.sources.draft.spaced import spaced
from helpers.sources.limits import MOST_COLUMNS, TooMuch
from helpers.sources.packed import kind_of, wrong_kind
from helpers.sources.webevents.log import is_log

_LONGEST_NAME = 300
_RULED = re.compile(r"^\|(?:\s*:?-{2,}:?\s*\|)+\s*$", re.MULTILINE)
_TOGETHER, _HEAD_ROWS = 50, 4_000  # rows of a large file are taken in runs; the first ones are all taken
_REFUSED = {
    "ole": lambda: _("it is locked or an old .xls: save it as xlsx or CSV without a password"),
    "pdf": lambda: _("it is a PDF: export the data as CSV or xlsx"),
}


def looked_at(path: Path) -> tuple[SeenFile, ...]:
    """Return how a file is written and what its columns may be; one record per sheet of a workbook that is a table.

    Parameters
    ----------
    path : text in lines (plain, gz or zip), a workbook, parquet, a web server's log or an export of GA4.

    Raises
    ------
    AimError : it is no table, with what to do in one sentence.
    """
    try:
        there, is_folder = path.is_file() and path.stat().st_size, path.is_dir()
    except (OSError, ValueError):  # no name that a file can have
        there = is_folder = False
    if is_folder:
        raise AimError(_("{path} is a folder: name one of the files in it.").format(path=str(path)[:200]))
    if not there:
        raise AimError(_("{path}: expected a file that exists and is not empty.").format(path=str(path)[:200]))
    try:
        return _by_kind(path)
    except AimError:
        raise
    except TooMuch as error:
        raise AimError(_("{file}: expected {what}. {fix}").format(file=path.name[:60], what=error.expected, fix=error.fix)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(path, error) from None
    except Exception as error:  # whatever a broken file makes its reader stumble over
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> AimError:
    kind = type(error).__name__
    return AimError(
        _("{file}: expected a table that can be read; it is damaged or no table ({kind}): export it again.").format(
            file=path.name[:60], kind=kind
        )
    )


def _by_kind(path: Path) -> tuple[SeenFile, ...]:
    kind = kind_of(path)
    if kind in _REFUSED:
        raise AimError(f"{path.name[:60]}: {_REFUSED[kind]()}.")
    if kind == "parquet":
        table = parquet(path)
        return (_typed(path, table, "parquet"),) if table else (_web(path, "ga4", {}),)
    if kind == "zip" and _office(path):
        tables, left_out = sheets(path)
        if not tables:
            raise AimError(_("{file}: none of its sheets is a table: a row of names with rows below it.").format(file=path.name[:60]))
        return tuple(_typed(path, table, "xlsx", left_out) for table in tables)
    return (_text(path, kind or "no"),)


def _office(path: Path) -> bool:
    """Whether a zip is a workbook or another document of an office program; the latter are refused as no workbook."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    return any(name.startswith("xl/") or name in ("mimetype", "content.xml", "[Content_Types].xml") for name in names)


def _text(path: Path, packed: str) -> SeenFile:
    packing = {"packed": packed} if packed != "no" else {}
    problems = wrong_kind(path, source_like(file=path.name, format="csv", packed=packed)) if packing else []
    if problems:
        raise AimError(str(problems[0]))
    part = excerpt(path, packed)
    start = part.texts[0].lstrip()
    if is_log(start[:100_000].splitlines()[:50]):
        return _web(path, "combined_log", packing, whole=part.whole)
    if start[0] in "{[":
        if '"event_timestamp"' in start[:100_000] and '"event_name"' in start[:100_000]:
            return _web(path, "ga4", packing, whole=part.whole)
        raise AimError(_("{file}: it is JSON: export the data as CSV, xlsx or parquet.").format(file=path.name[:60]))
    if start[0] == "<":
        what = _("it is a web page or XML, whatever its name says: open it in Excel and save it as xlsx or CSV")
        raise AimError(f"{path.name[:60]}: {what}.")
    # The line under the names in a page of notes, | --- | --- |, stands in no export.
    layout = None if _RULED.search(start[:100_000]) else delimited(part.texts, part.ends)
    if layout is None or len(layout.names) == 1:
        layout = spaced(part.texts, part.ends) or layout
    if layout is None:
        raise AimError(
            _("{file}: expected rows; most lines have other cells than the first, as in a program or letter.").format(file=path.name[:60])
        )
    if len(layout.names) > MOST_COLUMNS or max(map(len, layout.names)) > _LONGEST_NAME:
        raise AimError(_("{file}: expected a header of at most {most} short names.").format(file=path.name[:60], most=f"{MOST_COLUMNS:,}"))
    block = packing | ({"encoding": part.encoding} if part.encoding != "utf-8-sig" else {})
    evidence = [part.evidence] if part.evidence else []
    seen = _seen(path, layout, block, evidence, whole=part.whole)
    if [column.kind for column in seen.columns] in (["text"], ["empty"]):
        raise AimError(
            _("{file}: expected columns; its lines are text that no delimiter parts, as in a program or a letter.").format(
                file=path.name[:60]
            )
        )
    return seen


def _web(path: Path, form: str, packing: dict[str, Any], whole: bool = False) -> SeenFile:
    sentence = _("Lines of a web server's log, in the combined form.") if form == "combined_log" else _("Events as GA4 exports them.")
    return SeenFile(path, {"file": path.name, "format": form, **packing}, (), 0, whole, (sentence,))


def _typed(path: Path, table: TypedTable, form: str, left_out: Sequence[str] = ()) -> SeenFile:
    evidence = [_("Cells have types of their own."), *left_out]
    if not table.whole:
        evidence.append(_("Only a part of the rows was looked at."))
    return _seen(
        path, table.layout, {"format": form}, evidence, table.whole, table.numbers if form == "parquet" else frozenset(), table.numbers
    )


def _seen(
    path: Path,
    layout: Layout,
    block: dict[str, Any],
    evidence: list[str],
    whole: bool,
    no_dates: frozenset[int] = frozenset(),
    numbers: frozenset[int] = frozenset(),
) -> SeenFile:
    rows = _spread(layout.rows)
    # What a column is follows from every row that was read, what is given on from a part of them.
    everything = [*zip(*layout.rows, strict=True)] if rows else [()] * len(layout.names)
    sample = [*zip(*rows, strict=True)] if rows else everything
    columns = [
        seen_column(name, [cell.strip() for cell in cells], [cell.strip() for cell in column], "number" if i in no_dates else "")
        for i, (name, cells, column) in enumerate(zip(layout.names, sample, everything, strict=True))
    ]
    columns = [column for column in _in_one_dialect(columns, numbers) if column.seen.name]
    words = sorted({word for column in columns for word in column.asks.get("empty_words", ())})
    signs = sorted({sign for column in columns for sign in column.asks.get("number_signs", ())})
    minuses = [column.asks["minus"] for column in columns if "minus" in column.asks]
    found = {"minus": max(minuses, key=minuses.count)} if minuses else {}
    found |= {"number_signs": signs} if signs else {}
    found |= {"empty_words": words} if words else {}
    if words:
        evidence.append(_("{words} stand for an empty cell, in every column.").format(words=", ".join(words)))
    sentences = (*evidence, *layout.evidence, *(f"{column.seen.name}: {column.seen.kind}, {column.evidence}" for column in columns))
    seen = tuple(blanked(column.seen, words) for column in columns)
    written = {"file": path.name, **block, **layout.declares, **found}
    return SeenFile(path, written, seen, len(rows), whole and len(rows) == len(layout.rows), sentences, layout.preset)


def _in_one_dialect(columns: list[Column], numbers: frozenset[int]) -> list[Column]:
    """Let columns in which no mark stands, and cells that are numbers by themselves, follow the marks of the others."""
    texts = [column for i, column in enumerate(columns) if column.seen.kind == "number" and i not in numbers and not column.free_decimal]
    decided = [column.seen.readings[0] for column in texts if len(column.seen.readings) == 1]
    if not decided:
        return columns
    pair = max(decided, key=decided.count)

    def follow(i: int, column: Column) -> SeenColumn:
        if column.seen.kind != "number" or not column.free_decimal and i not in numbers:
            return column.seen
        written = tuple(cell.replace(".", pair[0]) for cell in column.seen.cells) if i in numbers else column.seen.cells
        thousands = column.seen.readings[0][1]
        return replace(column.seen, cells=written, readings=((pair[0], "" if thousands == pair[0] else thousands),))

    return [replace(column, seen=follow(i, column)) for i, column in enumerate(columns)]


def _spread(rows: list[list[str]]) -> list[list[str]]:
    """Return at most ``MOST_ROWS`` rows: the first ones, and runs of neighbours evenly through the rest."""
    if len(rows) <= MOST_ROWS:
        return rows
    rest = rows[_HEAD_ROWS:]
    runs = [rest[at : at + _TOGETHER] for at in range(0, len(rest), _TOGETHER)]
    wanted = (MOST_ROWS - _HEAD_ROWS) // _TOGETHER
    return rows[:_HEAD_ROWS] + [row for i in range(wanted) for row in runs[i * len(runs) // wanted]]
