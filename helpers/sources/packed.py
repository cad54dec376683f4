"""Packed files: judged by declared size and ratio before a byte is unpacked."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from helpers.declared import Source
from helpers.errors import Problem

# Exports shrink 5 to 20 times, repetitive ones up to 60 (our measurements); bombs shrink 200 times and more.
MOST_RATIO = 100
SMALL_BYTES = 20_000_000  # below this the ratio says nothing
MOST_BYTES = 8_000_000_000
MOST_WORKBOOK_BYTES = 600_000_000
_KINDS = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gz", b"\xd0\xcf\x11\xe0": "ole", b"PAR1": "parquet", b"%PDF": "pdf"}


def kind_of(path: Path) -> str:
    """Return what a file's first bytes say it is: zip, gz, ole, parquet, pdf, or "" for text."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), "")


def wrong_kind(path: Path, source: Source) -> list[Problem]:
    """Return a problem when a file is not the kind that client.yml declares, or is locked or a bomb.

    Parameters
    ----------
    path : the file.
    source : its block in client.yml.
    """
    kind, file = kind_of(path), source.file
    wanted = {"xlsx": "zip", "parquet": "parquet"}.get(source.format) or {"no": "", "gz": "gz", "zip": "zip"}[
        source.packed
    ]
    if kind == "ole":
        fix = "Remove the password, or save it as a new .xlsx or CSV without one."
        return [Problem(file, "line 1", "", "a file without a password (an old .xls is not read either)", fix)]
    if kind != wanted:
        fix = _kind_fix(kind)
        return [Problem(file, "line 1", kind or "text", f"a file of the kind {wanted or 'text'}", fix)]
    if kind == "zip":
        return _zip_problems(path, file, MOST_WORKBOOK_BYTES if source.format == "xlsx" else MOST_BYTES, source)
    return _size_problems(file, _gz_size(path), path.stat().st_size, MOST_BYTES) if kind == "gz" else []


def unpacked(path: Path, source: Source) -> bytes:
    """Return the content of a file that ``wrong_kind`` let through; never more than was declared."""
    if source.packed == "zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.infolist()[0])
    if source.packed == "gz":
        most = max(SMALL_BYTES, MOST_RATIO * path.stat().st_size)
        with gzip.open(path) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise zlib.error("larger than it says")
        return content
    return path.read_bytes()


def _kind_fix(kind: str) -> str:
    return {
        "zip": "Declare format: xlsx for a workbook, or packed: zip for a packed CSV, in client.yml.",
        "gz": "Declare packed: gz in client.yml.",
        "parquet": "Declare format: parquet in client.yml.",
        "": "Declare format: csv and packed: no in client.yml.",
    }.get(kind, "Export the data as CSV, xlsx or parquet.")


def _zip_problems(path: Path, file: str, most: int, source: Source) -> list[Problem]:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        return [Problem(file, "line 1", "", "a complete file", "It is damaged: export it again.")]
    if any(part.flag_bits & 1 for part in parts):
        return [Problem(file, "line 1", "", "a file without a password", "Unpack it, or export it without one.")]
    if source.format == "csv" and len(parts) != 1:
        fix = "Unpack it and give one block per file in client.yml."
        return [Problem(file, "line 1", f"{len(parts)} files", "one file in the zip", fix)]
    return _size_problems(file, sum(part.file_size for part in parts), path.stat().st_size, most)


def _size_problems(file: str, unpacked_size: int, packed_size: int, most: int) -> list[Problem]:
    ratio = unpacked_size / max(packed_size, 1)
    if unpacked_size <= most and (unpacked_size <= SMALL_BYTES or ratio <= MOST_RATIO):
        return []
    fix = "Export it as CSV or parquet, or in parts. It was not unpacked."
    got = f"{unpacked_size / 1e6:,.0f} MB, {ratio:,.0f} times its packed size"
    return [Problem(file, "line 1", got, f"at most {most / 1e6:,.0f} MB and {MOST_RATIO} times", fix)]


def _gz_size(path: Path) -> int:
    """Return the size that a gz file declares in its last four bytes (of its last part)."""
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little")
