"""Packed files: judged by declared size and ratio before a byte is unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.core.errors import Problem
from helpers.sources.limits import MOST_TEXT_BYTES, TooMuch
from helpers.tables.declared import Source

# Exports shrink 5 to 20 times, repetitive ones up to 60 (our measurements); bombs shrink 200 times and more.
MOST_RATIO = 100
SMALL_BYTES = 20_000_000  # below this the ratio says nothing
MOST_BYTES = 8_000_000_000
MOST_WORKBOOK_BYTES = 600_000_000
MOST_PARTS = 20_000  # of a zip or workbook
MOST_MEMBERS = 400_000  # of a gz: bgzip makes one of every 64 kB
_ENTRY_BYTES = 100  # of a zip's list for one part: 46 and its name
_CHUNK = 1 << 22
_KINDS = {b"PK\x03\x04": "zip", b"\x1f\x8b": "gz", b"\xd0\xcf\x11\xe0": "ole", b"PAR1": "parquet", b"%PDF": "pdf"}
_FIXES = {
    "zip": "Declare format: xlsx for a workbook, or packed: zip for a packed CSV, in client.yml.",
    "gz": "Declare packed: gz in client.yml.",
    "parquet": "Declare format: parquet in client.yml.",
    "": "Declare format: csv and packed: no in client.yml.",
}


def kind_of(path: Path) -> str:
    """Return what a file's first bytes say it is: zip, gz, ole, parquet, pdf, or "" for text."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), "")


def wrong_kind(path: Path, source: Source) -> list[Problem]:
    """Return a problem when a file is not the kind that client.yml declares, or is locked or a bomb."""
    kind, file = kind_of(path), source.file
    wanted = {"xlsx": "zip", "parquet": "parquet"}.get(source.format) or {"no": "", "gz": "gz", "zip": "zip"}[source.packed]
    if kind == "ole":
        fix = "Remove the password, or save it as a new .xlsx or CSV without one."
        return [Problem(file, "line 1", "", "a file without a password (an old .xls is not read either)", fix)]
    if kind != wanted:
        fix = _FIXES.get(kind, "Export the data as CSV, xlsx or parquet.")
        return [Problem(file, "line 1", kind or "text", f"a file of the kind {wanted or 'text'}", fix)]
    if kind == "zip":
        return _zip_problems(path, file, MOST_WORKBOOK_BYTES if source.format == "xlsx" else MOST_BYTES, source)
    return _size_problems(file, _gz_size(path), path.stat().st_size, MOST_BYTES) if kind == "gz" else []


def unpacked(path: Path, source: Source) -> bytes:
    """Return the content of a file that ``wrong_kind`` let through.

    Raises
    ------
    TooMuch : it is, or grows, larger than may be read line by line.
    """
    size, parts = 0, []
    for part in pieces(path, source):
        size += len(part)
        if size > MOST_TEXT_BYTES:
            instead = "Declare reader: engine in client.yml, or export it" if source.format == "csv" else "Export it as CSV, or"
            fix = f"{instead} in parts."
            raise TooMuch("", f"at most {MOST_TEXT_BYTES / 1e6:,.0f} MB where a file is read line by line", fix)
        parts.append(part)
    return b"".join(parts)


def pieces(path: Path, source: Source) -> Iterator[bytes]:
    """Yield the content of a file that ``wrong_kind`` let through, in parts of any length.

    Raises
    ------
    TooMuch : it unpacks to more than its size allows, or has too many parts.
    """
    if source.packed == "zip":
        with zipfile.ZipFile(path) as archive, archive.open(_exports_in(archive)[0]) as file:
            yield from iter(lambda: file.read(_CHUNK), b"")
    elif source.packed == "gz":
        yield from _within(_gz_pieces(path), max(SMALL_BYTES, MOST_RATIO * path.stat().st_size))
    else:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")


def _within(parts: Iterator[bytes], most: int) -> Iterator[bytes]:
    size, most = 0, min(most, MOST_BYTES)
    for part in parts:
        size += len(part)
        if size > most:
            fix = "Export it as parquet, or in parts. It was not unpacked."
            raise TooMuch("more than it says", f"at most {most / 1e6:,.0f} MB unpacked", fix)
        yield part


def _gz_pieces(path: Path) -> Iterator[bytes]:
    """Yield what a gz file holds, member after member; Python's own reader neither counts them nor stops."""
    members, packed, engine = 0, b"", None
    with path.open("rb") as file:
        while packed or (packed := file.read(_CHUNK)):
            if engine is None:
                members, engine = members + 1, zlib.decompressobj(wbits=31)
            if members > MOST_MEMBERS:
                raise TooMuch("", f"at most {MOST_MEMBERS:,} parts in a packed file", "Pack it again, in one part.")
            out = engine.decompress(packed, _CHUNK)
            packed = engine.unconsumed_tail
            if engine.eof:
                packed, engine = engine.unused_data.lstrip(b"\0"), None  # some programs pad with zeros
            if out:
                yield out
    if engine is not None:
        raise EOFError


def parquet_problems(about: Any, path: Path, source: Source) -> list[Problem]:
    """Return a problem where a parquet file declares, in its metadata (``about``), far more than its bytes can hold."""
    declared = max(sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups)), about.num_rows)
    return _size_problems(source.file, declared, path.stat().st_size, 50 * MOST_BYTES)


def _zip_problems(path: Path, file: str, most: int, source: Source) -> list[Problem]:
    try:
        if _directory_bytes(path) > MOST_PARTS * _ENTRY_BYTES:
            return [Problem(file, "line 1", "", f"at most {MOST_PARTS:,} parts in a packed file", "Export it again.")]
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return [Problem(file, "line 1", "", "a complete file", "It is damaged: export it again.")]
    if any(part.flag_bits & 1 for part in parts):
        return [Problem(file, "line 1", "", "a file without a password", "Unpack it, or export it without one.")]
    if source.format != "xlsx":
        with zipfile.ZipFile(path) as archive:
            parts = _exports_in(archive)
    if source.format != "xlsx" and len(parts) != 1:
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


def _exports_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files of a zip, without its folders and what a Mac puts beside them."""
    return [part for part in archive.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]


def _directory_bytes(path: Path) -> int:
    """Return the size that a zip declares for its list of parts, which Python reads whole; 0 where there is none."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 16) - 22))
        end = file.read()
        at, locator = end.rfind(b"PK\x05\x06"), end.rfind(b"PK\x06\x07")
        if locator >= 0:  # a zip of the larger kind: its list is described elsewhere, and Python believes that place
            file.seek(int.from_bytes(end[locator + 8 : locator + 16], "little"))
            return int.from_bytes(file.read(56)[40:48], "little")
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def _gz_size(path: Path) -> int:
    """Return the size that a gz file declares for its last member; what it unpacks to is counted while it does."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4))
        return int.from_bytes(file.read(4), "little")
