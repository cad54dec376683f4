"""Files read as text: nothing is guessed, every cell keeps its bytes and its line.

A reader returns a frame of text columns under *their* names, whose index is the line in the file.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from helpers.config.schema import Source
from helpers.errors import Problem, did_you_mean

SHOWN = 20  # problems of one kind that are listed; the rest is counted


def read_file(path: Path, source: Source) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the mapped columns of one export.

    Parameters
    ----------
    path : the file.
    source : its block in client.yml.

    Returns
    -------
    The frame (index: line in the file, columns: their names; ``attrs["unmapped"]`` names the columns
    that were not read) and the problems found; the frame is empty when there are problems.
    """
    if not path.is_file():
        near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        fix = did_you_mean(path.name, near) or "Put the file there, or correct the key 'file'."
        return pd.DataFrame(), [Problem("client.yml", f"source {source.table}, key file", source.file, "a file that exists", fix)]
    wanted = [*source.columns.values(), *source.extra.values()]
    if source.format == "parquet":
        return _read_parquet(path, source, wanted)
    return _read_csv(path, source, wanted)


def missing_columns(found: list[str], wanted: list[str], file: str) -> list[Problem]:
    """Return one problem for every wanted column that the file does not have."""
    return [
        Problem(file, "header", name, "this column, which client.yml maps", did_you_mean(name, found))
        for name in dict.fromkeys(wanted)
        if name not in found
    ]


def _read_parquet(path: Path, source: Source, wanted: list[str]) -> tuple[pd.DataFrame, list[Problem]]:
    found = pq.read_schema(path).names
    problems = missing_columns(found, wanted, source.file)
    if problems:
        return pd.DataFrame(), problems
    frame = pd.read_parquet(path, columns=list(dict.fromkeys(wanted))).set_axis(range(1, pq.read_metadata(path).num_rows + 1))
    frame.attrs["unmapped"] = tuple(name for name in found if name not in wanted)
    return frame, []


def _read_csv(path: Path, source: Source, wanted: list[str]) -> tuple[pd.DataFrame, list[Problem]]:
    text, problem = _decode(path.read_bytes(), source)
    if problem:
        return pd.DataFrame(), [problem]
    rows, lines, problems = _rows(text, source)
    if problems:
        return pd.DataFrame(), problems
    header, body = rows[0], rows[1:]
    problems = _header_problems(header, source) + missing_columns(header, wanted, source.file)
    problems += _length_problems(body, lines[1:], len(header), source.file)
    if problems:
        return pd.DataFrame(), problems
    columns = list(zip(*body, strict=True)) if body else [()] * len(header)
    frame = pd.DataFrame({name: pd.array(columns[header.index(name)], dtype="str") for name in dict.fromkeys(wanted)})
    frame = frame.set_axis(lines[1:])
    frame.attrs["unmapped"] = tuple(name for name in header if name not in wanted)
    return frame, []


def _decode(raw: bytes, source: Source) -> tuple[str, Problem | None]:
    try:
        text = raw.decode(source.encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fix = "Declare another encoding, such as cp1252 or utf-8-sig, in client.yml."
        return "", Problem(source.file, f"line {line}", "", f"text in {source.encoding}", fix)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return "", Problem(source.file, f"line {line}", "", "text without NUL characters", "Export the file again.")
    return text, None


def _rows(text: str, source: Source) -> tuple[list[list[str]], list[int], list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter, quotechar=source.quote, strict=True)
    rows, lines, begun = [], [], 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(begun)
            begun = reader.line_num + 1
    except csv.Error as error:
        fix = f"Look at the {source.quote} marks on this line: {error}."
        return [], [], [Problem(source.file, f"line {begun}", "", "well-formed quotes", fix)]
    if not rows:
        return [], [], [Problem(source.file, "line 1", "", "a header and rows", "The file is empty: export it again.")]
    return rows, lines, []


def _header_problems(header: list[str], source: Source) -> list[Problem]:
    twice = sorted({name for name in header if header.count(name) > 1})
    return [Problem(source.file, "header", name, "each column name once", "Rename one of the two.") for name in twice]


def _length_problems(body: list[list[str]], lines: list[int], width: int, file: str) -> list[Problem]:
    wrong = [(line, len(row)) for row, line in zip(body, lines, strict=True) if len(row) != width]
    fix = "Look for a missing or extra delimiter, or a wrong delimiter in client.yml."
    shown = [Problem(file, f"line {line}", f"{n} cells", f"{width} cells", fix) for line, n in wrong[:SHOWN]]
    return shown + rest_of(file, len(wrong))


def rest_of(file: str, count: int) -> list[Problem]:
    """Return the line that counts the problems not shown, where there are any."""
    left = count - SHOWN
    return [Problem(file, "", "", f"the same for {left} more rows")] if left > 0 else []
