# ruff: noqa: E501
"""Bombs and broken files: one sentence each, within a bound of memory, disk and time, by every reader and by ``aim check``."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.client.config import read_client
from helpers.client.config.yaml_text import parse_yaml
from helpers.commands.check import check_client, checked
from helpers.core.errors import AimError, UserMistakes
from helpers.core.files import WRITING
from helpers.core.records import Limits
from helpers.sources import read_sources
from helpers.sources.limits import MOST_LINE_BYTES, long_line
from helpers.sources.packed import pieces, unpacked
from helpers.tables.declared import Source
from tests.conftest import ROOT, SMALL_CLIENT

HEAD = b"Order;Datum;Klant;Bedrag\n"
ROW = b"1;01/02/2023;00012;1.250,50\n"


def _many_members(path: Path) -> None:
    member = gzip.compress(ROW * 120_000, 9)
    path.write_bytes(gzip.compress(HEAD) + member * 480)  # some 5 MB that become 1.6 GB; the last member says 3 MB


def _empty_members(path: Path) -> None:
    path.write_bytes(gzip.compress(HEAD + ROW) + gzip.compress(b"") * 420_000)


def _lying_trailer(path: Path) -> None:
    raw = gzip.compress(HEAD + ROW * 4_000_000, 9)
    path.write_bytes(raw[:-4] + struct.pack("<I", 100))


def _cut_off(path: Path) -> None:
    path.write_bytes(gzip.compress(HEAD + ROW * 1_000)[:-40])


def _many_parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(65_000):
            archive.writestr(f"a-name-of-thirty-characters-{i:06}", b"")


def _long_last_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(HEAD + ROW * 100)
        for _ in range(200):
            file.write(b"x" * 1_000_000)


def _never_closed(path: Path) -> None:
    path.write_bytes(HEAD + b'2;01/02/2023;"0001;5\n' + ROW * 2_400_000)


def _far_cells(path: Path) -> None:
    rows = "".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(1, 200_000))
    _workbook(path, f"<sheetData>{rows}</sheetData>")


def _entities(path: Path) -> None:
    lines = "".join(f'<!ENTITY l{i} "{"&l" + str(i - 1) + ";" if i else "ha"}{"&l" + str(i - 1) + ";" if i else "ha"}">' for i in range(40))
    _workbook(path, '<sheetData><row r="1"><c r="A1" t="str"><v>&l39;</v></c></row></sheetData>', f"<!DOCTYPE x [{lines}]>")


def _workbook(path: Path, sheet: str, before: str = "") -> None:
    import openpyxl

    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
                content = f'<?xml version="1.0"?>{before}<worksheet xmlns="{main}">{sheet}</worksheet>'.encode()
            new.writestr(part.filename, content)


def _same_rows(path: Path) -> None:
    column = pa.DictionaryArray.from_arrays(np.zeros(3_000_000, dtype="int8"), ["1"])
    frame = pa.table({name: column for name in ("Order", "Klant", "Bedrag", "Datum")})
    with pq.ParquetWriter(path, frame.schema) as writer:
        for _ in range(40):
            writer.write_table(frame)


def _half_parquet(path: Path) -> None:
    pd.DataFrame({name: ["1"] * 5_000 for name in ("Order", "Datum", "Klant", "Bedrag")}).to_parquet(path)
    raw = bytearray(path.read_bytes())
    raw[200:900] = bytes(random.Random(3).randbytes(700))
    path.write_bytes(bytes(raw))


def _wide(path: Path) -> None:
    path.write_bytes(HEAD.strip() + b"".join(b";c%d" % i for i in range(100_000)) + b"\n")


def _inch_marks(path: Path) -> None:
    path.write_bytes(HEAD + b'1;01/02/2023;00"12;5\n' * 300_000)


def _larger_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(70_000):
            archive.writestr(f"{i:030}", b"")


BOMBS: dict[str, tuple[Callable[[Path], None], dict[str, str]]] = {
    "gz of many members, by lines": (_many_members, {"packed": "gz", "reader": "text"}),
    "gz of many members, by the engine": (_many_members, {"packed": "gz", "reader": "engine"}),
    "gz of empty members": (_empty_members, {"packed": "gz"}),
    "gz that lies about its size": (_lying_trailer, {"packed": "gz", "reader": "engine"}),
    "gz cut off, by lines": (_cut_off, {"packed": "gz", "reader": "text"}),
    "gz cut off, by the engine": (_cut_off, {"packed": "gz", "reader": "engine"}),
    "a quote in every row, by lines": (_inch_marks, {"reader": "text"}),
    "zip of the larger kind with many parts": (_larger_zip, {"packed": "zip"}),
    "zip of many parts": (_many_parts, {"packed": "zip"}),
    "last line of 200 MB, by lines": (_long_last_line, {"reader": "text"}),
    "last line of 200 MB, by the engine": (_long_last_line, {"reader": "engine"}),
    "quote never closed, by the engine": (_never_closed, {"reader": "engine"}),
    "quote never closed, by lines": (_never_closed, {"reader": "text"}),
    "workbook with cells far to the right": (_far_cells, {"format": "xlsx"}),
    "workbook with nested entities": (_entities, {"format": "xlsx"}),
    "parquet of equal rows": (_same_rows, {"format": "parquet"}),
    "parquet with broken pages": (_half_parquet, {"format": "parquet"}),
    "a hundred thousand columns, by lines": (_wide, {"reader": "text"}),
    "a hundred thousand columns, by the engine": (_wide, {"reader": "engine"}),
}


@contextmanager
def measured(folder: Path) -> Iterator[dict[str, float]]:
    """Measure the most that this machine's temporary folder holds, and the most memory of processes started here."""
    import psutil

    most, done = {"disk": 0.0, "memory": 0.0}, threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
            most["disk"] = max(most["disk"], sum(sizes) / 1e6)
            for child in psutil.Process().children(recursive=True):
                try:
                    most["memory"] = max(most["memory"], child.memory_info().rss / 1e6)
                except psutil.Error:
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield most
    finally:
        done.set()
        watcher.join()


def client_with(folder: Path, keys: dict[str, str]) -> Path:
    """Make a client whose only export is ``export``."""
    folder.mkdir()
    lines = SMALL_CLIENT.replace("file: orders.csv", "file: export" + "".join(f"\n    {key}: {value}" for key, value in keys.items()))
    (folder / "client.yml").write_text(lines)
    return folder


# These need the limit of memory or time that only a process of its own has, or take long even when refused at once: drills only.
ONLY_MEASURED = (
    "a hundred thousand columns, by the engine",
    "gz of many members, by the engine",
    "gz of empty members",
    "quote never closed, by lines",
    "parquet of equal rows",
    "workbook with cells far to the right",
)


@pytest.mark.parametrize("name", [name for name in BOMBS if name not in ONLY_MEASURED])
def test_a_bomb_ends_in_one_sentence(name: str, tmp_path: Path):
    make, keys = BOMBS[name]
    folder = client_with(tmp_path / "client", keys)
    make(folder / "export")
    problems = check_client(folder).problems
    assert len(problems) == 1 or name.startswith("a quote in every row")
    assert len(str(problems[0])) < 500 and "export" in str(problems[0])


@pytest.mark.drill
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_one_sentence_within_bounds(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make, keys = BOMBS[name]
    folder = client_with(tmp_path / "client", keys)
    make(folder / "export")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    with measured(scratch) as most:
        problems = checked(folder, Limits(60, 60, 2_500)).problems
    assert len(problems) == 1 or name.startswith("a quote in every row")
    assert len(str(problems[0])) < 500
    assert "export" in str(problems[0])
    assert most["memory"] < 2_700 and most["disk"] < 700, most
    assert not list(scratch.glob("aim-*"))


@pytest.mark.drill
def test_check_names_the_file_that_takes_too_long_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = client_with(tmp_path / "client", {"reader": "text"})
    (folder / "export").write_bytes(HEAD + ROW * 3_000_000)
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (problem,) = checked(folder, Limits(60, 60, 400)).problems
    assert problem.file == "export" and "400 MB of memory" in problem.expected
    (problem,) = checked(folder, Limits(0.2, 0.2, 3_000)).problems
    assert "minutes" in problem.expected
    assert not list(scratch.glob("aim-*"))


def test_a_long_line_is_named_just_beyond_the_limit():
    source = Source(table="orders", file="a.csv")
    right = b"head\r\n" + b"x" * (MOST_LINE_BYTES - 1) + b"\n" + b"y\n" * 10
    assert long_line(right, source) == []
    (problem,) = long_line(b"head\n\n" + b"x" * (MOST_LINE_BYTES + 1) + b"\n", source, lines_before=7)
    assert "line 10" in problem.place
    assert long_line((b"x" * 1_000_000 + b"\r") * 4, source) == []


def test_members_and_padding_of_a_gz_are_read_whole(tmp_path: Path):
    source = Source(table="orders", file="a.gz", packed="gz")
    rng = random.Random(5)
    parts = [rng.randbytes(rng.randrange(0, 300_000)) for _ in range(9)]
    content = b"".join(gzip.compress(part) for part in parts) + b"\0" * 512
    (tmp_path / "a.gz").write_bytes(content)
    assert unpacked(tmp_path / "a.gz", source) == b"".join(parts)
    for broken in (content[:-600], content[:30], b"\x1f\x8b", gzip.compress(b"a") + b"rest"):
        (tmp_path / "b.gz").write_bytes(broken)
        with pytest.raises((EOFError, zlib.error)):
            b"".join(pieces(tmp_path / "b.gz", source))


HOSTILE: dict[str, bytes] = {
    "nothing but zeros": b"\0" * 3_000_000,
    "nothing but line ends": b"\n" * 10_000,
    "no line end": b"x" * 3_000_000,
    "gz cut off": gzip.compress(HEAD * 5_000)[:60],
    "gz of nothing": gzip.compress(b""),
    "gz of something else": b"\x1f\x8b\x08\x00" + b"x" * 100,
    "zip of nothing": b"PK\x05\x06" + b"\0" * 18,
    "zip cut off": b"PK\x03\x04" + b"x" * 100,
    "parquet cut off": b"PAR1" + b"x" * 100 + b"PAR1",
    "old workbook": b"\xd0\xcf\x11\xe0" + b"x" * 5_000,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400,
    "many columns": b";".join(b"c%d" % i for i in range(60_000)) + b"\n" + b"1\n",
    "quotes": b'a;b\n"' + b'""' * 200_000 + b"\n",
    "utf-16 of half a character": b"\xff\xfe" + b"a\0;\0b\0\n\0\x00",
    "half a byte order mark": b"\xff\xfe",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_looked_at_or_refused_in_one_sentence(name: str, tmp_path: Path):
    looked_at = pytest.importorskip("helpers.sources.draft.looking").looked_at
    path = tmp_path / "a.csv"
    path.write_bytes(HOSTILE[name])
    begun = time.perf_counter()
    try:
        seen = looked_at(path)
    except AimError as error:
        assert len(str(error)) < 300 and "a.csv" in str(error)
    else:
        assert seen and all(len(sentence) < 400 for file in seen for sentence in file.evidence)
    assert time.perf_counter() - begun < 30


YAML = {
    "deep list": "[" * 50_000,
    "deep keys": "{" * 50_000,
    "deep dashes": "- " * 20_000 + "x",
    "deep questions": "? " * 20_000,
    "deep indentation": "".join(" " * i + "k:\n" for i in range(400)),
    "nul": "as_of: 2023\0-12-31",
    "control": "a: \x1b[2J",
    "another version": "%YAML 9.9\n---\nas_of: 2023-12-31",
    "a tag": "as_of: !!python/object:os.system x",
    "key of keys": "? [a, b]\n: c",
    "alias": "a: &x [1]\nb: *x",
    "bad escape": 'a: "\\xZZ"',
    "half a character": 'a: "\\uD800"',
    "two documents": "--- a\n--- b",
    "quote never closed": "a: '" + "x" * 5_000,
    "anchor": "&" * 10_000,
    "binary": "".join(map(chr, range(32))),
}


@pytest.mark.parametrize("name", YAML)
def test_a_broken_client_yml_is_named(name: str, tmp_path: Path):
    (tmp_path / "client.yml").write_text(YAML[name], encoding="utf-8", errors="surrogatepass")
    begun = time.perf_counter()
    problems = check_client(tmp_path).problems
    assert problems and all(len(str(problem)) < 400 for problem in problems)
    assert time.perf_counter() - begun < 10


def test_whatever_is_typed_into_a_client_yml_ends_in_sentences():
    base = (ROOT / "data" / "sample" / "office-interiors" / "client.yml").read_text(encoding="utf-8")
    rng = random.Random(11)
    for _ in range(150):
        text = list(base[: rng.randrange(200, 3_000)])
        for _ in range(rng.randrange(1, 8)):
            text[rng.randrange(len(text))] = rng.choice("\0\t\n:-?[]{}*&!|>'\"%@`#,\x85\u2028\ufeff 0aé😀\\")
        try:
            parse_yaml("".join(text))
        except UserMistakes as error:
            assert error.problems


BEYOND = {
    "as_of: 9999-12-31": "as_of: 2023-12-31",
    "as_of: 0001-01-01": "as_of: 2023-12-31",
    "seed: 99999999999": "seed: 7",
    f"name: {'n' * 300}": "name: Small shop",
}


@pytest.mark.parametrize("hostile", BEYOND)
def test_what_nothing_can_compute_with_is_refused(hostile: str, small_client: Path):
    path = small_client / "client.yml"
    path.write_text(path.read_text().replace(BEYOND[hostile], hostile))
    (problem,) = read_client(small_client).problems
    assert "line" in problem.place and len(str(problem)) < 300


@pytest.mark.parametrize(
    "line",
    [
        "goals: {goals: [{name: a, by: 9999-12-31}]}",
        f"pilot: {{name: {'p' * 300}}}",
        f"pilot: {{message: {'m' * 3000}}}",
        "pilot: {days: 999999999}",
        "pilot: {start_in_days: 999999999}",
        "evaluation: {pre_period_days: 999999999}",
        "goals: {goals: [{name: a, target: 1e300}]}",
        "goals: {goals: [{name: a, target: nan}]}",
        "goals: {goals: [{name: a, target: inf}]}",
        f"goals: {{goals: [{{name: a, target: {'9' * 5000}}}]}}",
        "round_number: 99999999999999999999",
        f"{'k' * 300}: 1",
    ],
)
def test_values_beyond_any_client_are_named(line: str, small_client: Path):
    path = small_client / "client.yml"
    path.write_text(path.read_text() + line + "\n")
    problems = read_client(small_client).problems
    assert problems and all(len(str(problem)) < 400 for problem in problems)


def test_names_of_clients_are_names(small_client: Path):
    from helpers.core.clients import find_client

    for name in ("x" * 300, "a\0b", "~nobody-here/x", "../" * 200):
        with pytest.raises(AimError):
            find_client(name)
    assert not list(small_client.glob(f"{WRITING}*"))


def read_rows(folder: Path, content: bytes, name: str = "a.csv", **keys: object) -> int:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    source = Source.model_validate({"table": "customers", "columns": {"customer_id": "Klant"}, "file": name, "duplicates": "first", **keys})
    with read_sources(folder, [source]) as intake:
        return intake.receipts[0].rows_read


ENDS = {"same": (b"\n", b"\n"), "returns": (b"\r\n", b"\r\n"), "title in another": (b"\n", b"\r\n"), "rows in another": (b"\r\n", b"\n")}


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("title", [b"", b"Report of today", b"sep=;"])
@pytest.mark.parametrize("last", [True, False])
def test_the_engine_keeps_every_row_or_says_so(ends: str, title: bytes, last: bool, tmp_path: Path):
    first, rest = ENDS[ends]
    rows = [b"%d;x%d" % (i, i) for i in range(50)]
    body = rest.join([b"Klant;Naam", *rows]) + (rest if last else b"")
    content = (title + first if title else b"") + body
    keys = {"skip_lines": 1 if title.startswith(b"Report") else 0}
    assert read_rows(tmp_path, content, reader="text", **keys) == 50
    try:
        assert read_rows(tmp_path, content, reader="engine", **keys) == 50
    except UserMistakes as error:
        assert "reader: text" in str(error) and ends in ("title in another", "rows in another")


def test_line_breaks_in_cells_and_blank_lines_are_counted_as_the_engine_does(tmp_path: Path):
    content = b'Klant;Naam\r\n1;"a\nb"\r\n\r\n2;"c\r\nd"\r\n3;"e"\r\n'
    assert read_rows(tmp_path, content, reader="engine") == read_rows(tmp_path, content, reader="text") == 3


@pytest.mark.parametrize("name", ["Klant=WRONG/x.csv", "c0=WRONG/x.csv"])
def test_no_folder_name_becomes_a_column(name: str, tmp_path: Path):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_bytes(b"Klant;Naam\n1;a\n")
    source = Source.model_validate({"table": "customers", "columns": {"customer_id": "Klant"}, "file": name, "reader": "engine"})
    with read_sources(tmp_path, [source]) as intake:
        assert intake.tables["customers"]["customer_id"].tolist() == ["1"]
    pd.DataFrame({"Klant": ["1"]}).to_parquet(tmp_path / name)
    with read_sources(tmp_path, [source.model_copy(update={"format": "parquet"})]) as intake:
        assert intake.tables["customers"]["customer_id"].tolist() == ["1"]


@pytest.mark.parametrize("numbers", [(1, 3, 2), (1, 2, 2), (1, 2, -3), (2, 3, 4), (1, 2, 3)])
def test_rows_of_a_workbook_are_numbered_upwards(numbers: tuple[int, ...], tmp_path: Path):
    cells = ["Klant", "a", "b"]
    rows = "".join(f'<row r="{n}"><c t="inlineStr"><is><t>{cell}</t></is></c></row>' for n, cell in zip(numbers, cells, strict=True))
    _workbook(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    content = (tmp_path / "a.xlsx").read_bytes()
    skipped = numbers[0] - 1
    if list(numbers) == sorted(set(numbers)) and numbers[0] > 0:
        assert read_rows(tmp_path, content, "a.xlsx", format="xlsx", skip_lines=skipped) == 2
    else:
        with pytest.raises(UserMistakes, match="numbered upwards"):
            read_rows(tmp_path, content, "a.xlsx", format="xlsx")


def test_a_zip_from_a_mac_holds_one_export(tmp_path: Path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("export/", b"")
        archive.writestr("__MACOSX/export/._a.csv", b"x")
        archive.writestr("export/a.csv", b"Klant;Naam\n1;a\n2;b\n")
    assert read_rows(tmp_path, packed.getvalue(), "a.zip", packed="zip") == 2


def test_utf_16_is_read_where_the_engine_was_asked_for(tmp_path: Path):
    content = "Klant;Naam\r\n1;é\r\n2;b\r\n".encode("utf-16")
    assert read_rows(tmp_path, content, encoding="utf-16", reader="engine") == 2


@pytest.mark.parametrize("size", range(2, 12))
def test_a_packed_file_of_a_few_bytes_is_damaged(size: int, tmp_path: Path):
    with pytest.raises(UserMistakes):
        read_rows(tmp_path, gzip.compress(b"x")[:size], "a.gz", packed="gz")


@pytest.mark.parametrize(
    "keys",
    [
        {"encoding": "idna"}, {"encoding": "punycode"}, {"encoding": "unicode_escape"}, {"encoding": "undefined"}, {"delimiter": '"'},
        {"extra": {"__line": "Naam"}}, {"extra": {"CUSTOMER_ID": "Naam"}}, {"number_signs": ["a"] * 300},
        {"set_aside": [{"name": "x", "column": "customer_id", "starts_with": ["a"] * 1_000}]},
    ],
    ids=str,
)  # fmt: skip
def test_keys_that_no_reader_can_follow_are_refused(keys: dict):
    with pytest.raises(ValueError, match="validation error"):
        Source.model_validate({"table": "customers", "columns": {"customer_id": "Klant"}, "file": "a.csv", **keys})


@pytest.mark.parametrize("pattern", ["K1\\Z", "(?P<a>x)(?P=a)", "a(?=b)", "x{1,5000}", "(a)\\1"])
def test_a_pattern_that_only_python_knows_is_named(pattern: str, tmp_path: Path):
    rule = {"name": "odd", "column": "customer_id", "matches": pattern}
    with pytest.raises(UserMistakes, match="set_aside 'odd'.*every engine reads"):
        read_rows(tmp_path, b"Klant;Naam\n1;a\n", set_aside=[rule])


@pytest.mark.drill
def test_a_view_that_never_ends_ends_at_what_may_be_spilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import duckdb

    with duckdb.connect(tmp_path / "big.duckdb") as database:
        database.execute("CREATE VIEW big AS SELECT hash(i)::VARCHAR || hash(i + 1)::VARCHAR AS nr FROM range(600000) t(i)")
    monkeypatch.setenv("AIM_SPILL", "3MB")
    block = {"table": "customers", "columns": {"customer_id": "nr"}, "url": "duckdb:big.duckdb", "sql_table": "big"}
    with pytest.raises(UserMistakes, match="AIM_SPILL|can be read to its end"):
        read_sources(tmp_path, [Source.model_validate(block)] * 2).store.close()
