"""``aim inspect``: what a file looks like, with the evidence, what is ambiguous, and the block for client.yml.

A proposal, never a decision: what is read is what client.yml declares. The delimiter, the quotes and the
lines before the header come from DuckDB's sniffer, the best that was measured (92 % right on messy files).
"""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.core.errors import AimError, printable
from helpers.core.files import scratch
from helpers.sources.guesses import Guess, guess, our_name
from helpers.sources.limits import MOST_COLUMNS
from helpers.sources.packed import kind_of
from helpers.sources.presets import Preset, recognised, yaml_block
from helpers.sources.store import lock_down
from helpers.sources.webevents.log import is_log
from helpers.tables import TABLES

_SAMPLE_BYTES, _SAMPLE_ROWS, _LOG_LINES = 2_000_000, 2_000, 50
_LONGEST_NAME = 300


@dataclass(frozen=True)
class Inspection:
    """What was seen in one file.

    Parameters
    ----------
    block : the proposed source block of client.yml.
    evidence : sentences that say why.
    ambiguous : sentences that say what the file alone cannot decide.
    preset : the system's export that it looks like, or None.
    """

    block: dict[str, Any]
    evidence: tuple[str, ...]
    ambiguous: tuple[str, ...]
    preset: Preset | None

    def text(self) -> str:
        """Return everything as text for the terminal; the block can be pasted under ``sources:``."""
        parts = ["Seen:", *(f"  - {sentence}" for sentence in self.evidence)]
        parts += ["Ambiguous, decide before you use it:", *(f"  - {sentence}" for sentence in self.ambiguous)] if self.ambiguous else []
        if self.preset:
            parts += [f"Looks like: {self.preset.title} ({self.preset.sure}).", *(f"  - {sentence}" for sentence in self.preset.traps)]
        parts = [printable(part) for part in parts]
        return "\n".join([*parts, "", "Proposed for client.yml, under sources:", "", yaml_block(self.block)])


def inspect(path: Path) -> Inspection:
    """Look at a file and propose its source block.

    Parameters
    ----------
    path : a CSV (plain, gz or zip), workbook or parquet file.

    Raises
    ------
    AimError : the file is none of these, or there is none.
    """
    name = path.name[:60]
    try:
        there, is_folder = path.is_file() and path.stat().st_size, path.is_dir()
    except (OSError, ValueError):  # no name that a file can have
        there = is_folder = False
    if is_folder:
        raise AimError(f"{str(path)[:200]} is a folder: name one of the files in it.")
    if not there:
        raise AimError(f"{str(path)[:200]}: expected a file that exists and is not empty.")
    try:
        return _looked_at(path)
    except AimError:
        raise
    except Exception as error:  # whatever a broken file makes its reader stumble over
        raise AimError(f"{name}: expected a table that can be read; it is damaged or no table ({type(error).__name__}).") from None


def inspect_job(lines: Any, file: str) -> dict[str, str]:
    """Return the same as text, or the sentence that says why not; what a process of its own is asked for.

    Parameters
    ----------
    lines : hears nothing here; every job is given it.
    file : the file's path.
    """
    try:
        return {"text": inspect(Path(file)).text()}
    except AimError as error:
        return {"error": str(error)}


def _looked_at(path: Path) -> Inspection:
    kind = kind_of(path)
    if kind in ("ole", "pdf"):
        raise AimError(f"{path.name} is locked, an old .xls or a PDF: export it as CSV, xlsx or parquet without a password.")
    if kind == "parquet":
        return _typed(path, "parquet", *_parquet_columns(path))
    if kind == "zip" and _is_workbook(path):
        return _workbook(path)
    return _text(path, kind)


def _text(path: Path, kind: str) -> Inspection:
    start = _start(path, kind)
    if not start or b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise AimError(
            f"{path.name[:60]}: expected text in lines; it {'is a program or another binary file' if start else 'is empty inside'}."
        )
    encoding, evidence, ambiguous = _encoding(start)
    text = start.decode(encoding, "replace")
    if len(start) >= _SAMPLE_BYTES:
        if "\n" not in text:
            raise AimError(f"{path.name[:60]}: expected lines; the first {_SAMPLE_BYTES // 10**6} MB hold no line break.")
        text = text[: text.rfind("\n") + 1]
    if is_log(text.splitlines()[:_LOG_LINES]):
        log = {"table": "web_events", "file": path.name, "format": "combined_log"} | ({"packed": kind} if kind in ("gz", "zip") else {})
        evidence.append("lines of a web server's log, in the combined format")
        return Inspection(log, tuple(evidence), ("time_zone: the clock the client lives by, such as Europe/Stockholm",), None)
    known = _known_header(text)
    dialect, skipped = known or _sniffed(text)
    reason = "the columns of a known system" if known else "DuckDB's sniffer"
    evidence.append(f"delimiter {dialect['delimiter']!r}, {skipped} lines before the header ({reason})")
    rows = [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter=dialect["delimiter"], quotechar=dialect["quote"] or '"') if row
    ]
    rows = rows[skipped:] if len(rows) > skipped else rows
    if not rows or len(rows[0]) > MOST_COLUMNS or max(map(len, rows[0])) > _LONGEST_NAME:
        raise AimError(f"{path.name[:60]}: expected a header of 1 to {MOST_COLUMNS:,} short names, and rows.")
    header, body = rows[0], [row for row in rows[1 : _SAMPLE_ROWS + 1] if len(row) == len(rows[0])]
    odd = sum(len(row) != len(header) for row in rows[1 : _SAMPLE_ROWS + 1])
    if odd > len(body):
        raise AimError(f"{path.name[:60]}: expected rows; most lines have other cells than the first, as in a program or letter.")
    if odd:
        ambiguous.append(f"{odd} of the first rows have another number of cells than the header ({len(header)}).")
    block: dict[str, Any] = {"table": "orders", "file": path.name}
    block |= {"packed": kind} if kind in ("gz", "zip") else {}
    block |= {"encoding": encoding, "delimiter": dialect["delimiter"]}
    block |= {"skip_lines": skipped} if skipped else {}
    guesses = [guess(name, [row[i] for row in body]) for i, name in enumerate(header)]
    if [column.kind for column in guesses] == ["text"]:
        raise AimError(f"{path.name[:60]}: expected columns; its lines are text that no delimiter parts, as in a program or a letter.")
    return _inspection(block, guesses, evidence, ambiguous)


def _start(path: Path, kind: str) -> bytes:
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) != 1:
                raise AimError(f"{path.name[:60]}: expected one file in the zip, got {len(archive.infolist())}: unpack it.")
            with archive.open(archive.infolist()[0]) as file:
                return file.read(_SAMPLE_BYTES)
    with gzip.open(path) if kind == "gz" else path.open("rb") as file:
        return file.read(_SAMPLE_BYTES)


def _encoding(start: bytes) -> tuple[str, list[str], list[str]]:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", ["the mark of UTF-16 at the start"], []
    whole = start[: start.rfind(b"\n") + 1] or start
    try:
        text = whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = whole[: error.start].count(b"\n") + 1
        around = whole[max(0, error.start - 8) : error.start + 8].decode("cp1252", "replace")
        return "cp1252", [f"not UTF-8: line {line} holds {around!r}, which fits cp1252 (Excel in Western Europe)"], []
    if text.isascii():
        return "utf-8-sig", ["only plain letters: utf-8 and cp1252 read it the same so far"], []
    return "utf-8-sig", ["valid UTF-8 with accents"], []


def _known_header(text: str) -> tuple[dict[str, str], int] | None:
    """Return the dialect under which one of the first lines is the header of a known system's export."""
    for skipped, line in enumerate(text.splitlines()[:6]):
        for delimiter in ";,\t|":
            header = next(csv.reader([line], delimiter=delimiter), [])
            if recognised(header):
                return {"delimiter": delimiter, "quote": '"'}, skipped
    return None


def _sniffed(text: str) -> tuple[dict[str, str], int]:
    import duckdb

    with scratch("inspect") as folder:
        copy = Path(folder) / "sample.csv"
        copy.write_text(text, encoding="utf-8", newline="")
        try:
            with duckdb.connect() as engine:
                lock_down(engine, [copy])
                row = engine.execute("SELECT Delimiter, Quote, SkipRows FROM sniff_csv(?, all_varchar = true)", [str(copy)]).fetchone()
        except duckdb.Error:
            row = None
    if row is None:
        raise AimError("No delimiter fits all lines: open the file in an editor and declare it by hand.")
    delimiter, quote, skipped = row
    return {"delimiter": delimiter, "quote": quote if quote and len(quote) == 1 and quote.isprintable() else '"'}, int(skipped)


def _inspection(block: dict[str, Any], guesses: list[Guess], evidence: list[str], ambiguous: list[str]) -> Inspection:
    preset = recognised(column.name for column in guesses)
    evidence += [f"{column.name}: {column.kind}, {column.evidence}" for column in guesses]
    for column in guesses:
        ambiguous += _questions(column)
    if preset:
        known = {ours: theirs for ours, theirs in preset.source.get("columns", {}).items() if theirs in {column.name for column in guesses}}
        ours: dict[str, Any] = {key: block[key] for key in ("encoding", "delimiter", "packed", "skip_lines", "format") if key in block}
        block = {**preset.block(block["file"]), **ours, "columns": known}
        return Inspection(block, tuple(evidence), (*ambiguous, *_not_placed(block)), preset)
    block |= _marks(guesses)
    taken: set[str] = set()
    columns = {}
    for column in guesses:
        name = our_name(column, taken)
        if name:
            taken.add(name)
            columns[name] = column.name
    block["table"] = "order_lines" if {"quantity", "product_id"} & taken else "orders" if "order_id" in taken else "customers"
    if block["table"] == "order_lines" and "order_amount" in columns:
        columns = {("line_amount" if ours == "order_amount" else ours): theirs for ours, theirs in columns.items()}
    block = {**block, "columns": columns}
    return Inspection(block, tuple(evidence), (*ambiguous, *_not_placed(block)), None)


def _not_placed(block: dict[str, Any]) -> list[str]:
    """Return a sentence for every column that the table needs and no column was recognised as."""
    table = TABLES[block["table"]]
    missing = [name for name in table.required if name not in block["columns"]]
    if table.name == "order_lines" and not ({"line_amount"} <= {*block["columns"]} or {"quantity", "unit_price"} <= {*block["columns"]}):
        missing.append("line_amount")
    meaning = {column.name: column.meaning for column in table.columns}
    return [f"{name} ({meaning[name]}): {table.name} needs it, no column was recognised; map one under columns." for name in missing]


def _questions(column: Guess) -> list[str]:
    if column.kind == "date" and len(column.readings) > 1:
        return [f"{column.name}: every date fits {' and '.join(column.readings)}; ask who made the export."]
    if column.kind == "number" and len(column.readings) > 1:
        readings = " and ".join(f"decimal {decimal!r} with thousands {thousands!r}" for decimal, thousands in column.readings)
        return [f"{column.name}: every number fits {readings}; compare one amount with the system."]
    return []


def _marks(guesses: list[Guess]) -> dict[str, Any]:
    """Return the marks and date form that suit the most columns."""
    numbers = [column.readings[0] for column in guesses if column.kind == "number"]
    marked = [column for column in numbers if column[1]] or numbers
    decimal, thousands = max(marked, key=marked.count) if marked else (",", "")
    dates = [column.readings[0] for column in guesses if column.kind == "date"]
    return {"decimal": decimal, "thousands": thousands} | ({"date_format": dates[0]} if dates else {})


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.startswith("xl/") for name in archive.namelist())


def _workbook(path: Path) -> Inspection:
    from helpers.sources.packed import wrong_kind
    from helpers.tables.declared import Source

    problems = wrong_kind(path, Source(table="orders", file=path.name, format="xlsx"))
    if problems:
        raise AimError(str(problems[0]))
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    sheet = book[book.sheetnames[0]]
    rows = [[("" if cell is None else str(cell)) for cell in row] for row in sheet.iter_rows(max_row=_SAMPLE_ROWS, values_only=True)]
    book.close()
    skipped = next((i for i, row in enumerate(rows) if sum(map(bool, row)) >= max(sum(map(bool, other)) for other in rows[:20])), 0)
    inspection = _typed(path, "xlsx", rows[skipped], rows[skipped + 1 :])
    block = dict(inspection.block) | ({"skip_lines": skipped} if skipped else {})
    many = f"{len(book.sheetnames)} sheets: {', '.join(book.sheetnames)}; the first was looked at."
    block |= {"sheet": book.sheetnames[0]} if len(book.sheetnames) > 1 else {}
    return Inspection(block, inspection.evidence, (*inspection.ambiguous, *([many] if len(book.sheetnames) > 1 else [])), inspection.preset)


def _parquet_columns(path: Path) -> tuple[list[str], list[list[str]]]:
    import pyarrow.parquet as pq

    batch = next(pq.ParquetFile(path).iter_batches(_SAMPLE_ROWS), None)
    if batch is None:
        raise AimError(f"{path.name[:60]}: expected rows; the parquet file holds none.")
    rows = [["" if cell is None else str(cell) for cell in row.values()] for row in batch.to_pylist()]
    return batch.schema.names, rows


def _typed(path: Path, form: str, header: list[str], rows: list[list[str]]) -> Inspection:
    guesses = [guess(name, [row[i] for row in rows if i < len(row)]) for i, name in enumerate(header) if name]
    return _inspection({"table": "orders", "file": path.name, "format": form}, guesses, [f"a {form} file: cells have their own types"], [])
