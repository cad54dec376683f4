"""Looking at files that nobody declared: what is said of them must make the real reader give the true table."""

import gzip
import random
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.core.errors import AimError
from helpers.sources.draft.looking import looked_at
from helpers.sources.draft.records import SeenFile
from helpers.sources.intake import read_sources
from helpers.tables.declared import Source
from tests.support.seeds import every, seeds
from tests.support.written_files import KINDS, OURS, Order, Writing, by_place, orders, workbook

READ = ("Belgian", "American, all quoted", "title, totals and a note", "no header", "minus in brackets", "UTF-16 with tabs")
SHARED = Path(__file__).parents[3] / "shared" / "data"


def read(path: Path, seen: SeenFile) -> list[tuple]:
    """Read a file as it was seen; our columns are told by their place."""
    places = [seen.columns[i] for i in range(len(OURS))]
    decimal, thousands = places[3].readings[0]
    columns = dict(zip(OURS, (column.name for column in places), strict=True))
    form = places[1].readings[0]
    source = Source(**seen.block, table="orders", columns=columns, decimal=decimal, thousands=thousands, date_format=form)
    with read_sources(path.parent, [source]) as intake:
        frame = intake.tables["orders"]
    return sorted((a, b.date(), c, d, e) for a, b, c, d, e in frame[list(OURS)].itertuples(index=False, name=None))


def seen_right(kind: str, seed: int, folder: Path) -> tuple[Path, SeenFile, list[Order]]:
    """Write a kind of file and look at it: its columns must be of the right kinds, with one reading each."""
    table = orders(seed, KINDS[kind])
    path = KINDS[kind].write(folder / "export.csv", table)
    (seen,) = looked_at(path)
    assert [column.kind for column in seen.columns] == ["id", "date", "id", "number", "text", "number"]
    assert [len(seen.columns[i].readings) for i in (1, 3, 5)] == [1, 1, 1]
    assert seen.rows == len(table) and seen.whole
    return path, seen, table


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_seen_as_what_it_is(kind: str, tmp_path: Path):
    writing = KINDS[kind]
    _path, seen, table = seen_right(kind, 3, tmp_path)
    assert seen.block.get("delimiter", ";") == writing.delimiter
    assert seen.columns[0].cells == tuple(order.order_id for order in table)
    assert seen.columns[4].cells == tuple(order.channel for order in table)
    assert seen.columns[1].cells == tuple(order.day.strftime(writing.day) for order in table)
    assert ("header" in seen.block) == (writing.header is None or len(set(writing.header)) < 6)


@pytest.mark.parametrize("kind", every(READ, 2))
def test_what_is_seen_makes_the_reader_give_the_true_table(kind: str, tmp_path: Path):
    path, seen, table = seen_right(kind, 4, tmp_path)
    assert read(path, seen) == sorted(order.true for order in table)


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(100, 105))
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_with_fresh_seeds_is_read_right(kind: str, seed: int, tmp_path: Path):
    path, seen, table = seen_right(kind, seed, tmp_path)
    assert read(path, seen) == sorted(order.true for order in table)


@pytest.mark.parametrize("seed", range(3))
def test_readings_that_both_fit_are_both_given(seed: int, tmp_path: Path):
    writing = replace(KINDS["Belgian"], whole_amounts=True)
    table = [
        replace(order, day=order.day.replace(day=order.day.day % 12 + 1), amount=1000 + abs(order.amount))
        for order in orders(seed, writing)
    ]
    (seen,) = looked_at(writing.write(tmp_path / "export.csv", table))
    assert set(seen.columns[1].readings) == {"%d/%m/%Y", "%m/%d/%Y"}
    assert set(seen.columns[3].readings) == {(",", "."), (".", "")}
    late = [*table, replace(table[0], day=table[0].day.replace(day=28), amount=1_234_567.0)]
    (seen,) = looked_at(writing.write(tmp_path / "export.csv", late))
    assert seen.columns[1].readings == ("%d/%m/%Y",) and seen.columns[3].readings == ((",", "."),)


def written(tmp_path: Path, text: str) -> SeenFile:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (seen,) = looked_at(tmp_path / "a.csv")
    return seen


def days(seed: int, count: int = 300) -> list[date]:
    rng = random.Random(seed)
    return [date(2010, 1, 5) + timedelta(days=rng.randrange(900)) for _ in range(count)]


def test_dates_with_a_few_impossible_cells_stay_dates_and_the_misfits_are_counted(tmp_path: Path):
    cells = [f"{day:%Y%m%d}" for day in days(1)]
    cells[7], cells[90], cells[200] = "0", "32154", "20100230"
    seen = written(tmp_path, "id,order_dt\n" + "".join(f"SO{i},{cell}\n" for i, cell in enumerate(cells)))
    assert (seen.column("order_dt").kind, seen.column("order_dt").readings) == ("date", ("%Y%m%d",))
    assert "order_dt: date, dates of the form %Y%m%d; 3 of 300 cells do not fit, such as 0, 32154, 20100230" in seen.evidence
    worse = [cell if i % 9 else "32154" for i, cell in enumerate(cells)]
    assert written(tmp_path, "id,order_dt\n" + "".join(f"SO{i},{cell}\n" for i, cell in enumerate(worse))).column("order_dt").kind != "date"


@pytest.mark.parametrize(
    ("name", "cell", "kind", "readings"),
    [
        ("at", lambda day, i: f"{day}T10:{i % 60:02}:00{'Z' if i % 2 else '+02:00'}", "date", ("%Y-%m-%dT%H:%M:%S%z",)),
        ("at", lambda day, i: f"{day} 10:{i % 60:02}{'' if i % 3 else ':30'}", "date", (("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"),)),
        ("at", lambda day, i: f'"{day:%b %d, %Y} {i % 12 + 1:02}:05 {"pm" if i % 2 else "am"}"', "date", ("%b %d, %Y %I:%M %p",)),
        ("at", lambda day, i: f"{day:%d.%m.%y}", "date", ("%d.%m.%y",)),
        ("Datum", lambda day, i: f"{44000 + i}", "date", ("excel",)),
        ("Klant", lambda day, i: f"{44000 + i}", "id", ()),
        ("Postcode", lambda day, i: f"{i:05}", "id", ()),
        ("Klantnr", lambda day, i: f"{17000 + i}.0", "id", ()),
        ("invoice", lambda day, i: f"{'C' if i == 5 else ''}{536000 + i}", "id", ()),
        ("chance", lambda day, i: f"{i / 7000!r}", "number", ((".", ""),)),
        ("share", lambda day, i: f'"0,{100 + i}"', "number", ((",", ""),)),
        ("small", lambda day, i: f"{i + 1}e-05", "number", ((".", ""), (",", ""))),
        ("sum", lambda day, i: f'"{i + 1},000"', "number", ((".", ","), (",", ""))),
        ("rate", lambda day, i: f"{i / 10:.1f}%", "number", ((".", ""),)),
        ("news", lambda day, i: "Ja" if i % 3 else "Nee", "flag", ()),
        ("active", lambda day, i: str(i % 2), "flag", ()),
        ("sent", lambda day, i: "1", "number", None),
        ("note", lambda day, i: "", "empty", ()),
        ("town", lambda day, i: ("Gent", "Sint-Niklaas", "Hasselt")[i % 3], "text", ()),
        ("mail", lambda day, i: f"p{i % 40}@shop.example", "id", ()),
    ],
)
def test_kinds_and_readings_of_columns(name: str, cell: Any, kind: str, readings: Any, tmp_path: Path):
    column = written(tmp_path, f"nr,{name}\n" + "".join(f"A{i},{cell(day, i)}\n" for i, day in enumerate(days(2)))).column(name)
    assert column.kind == kind
    assert readings is None or set(column.readings) == set(readings) or kind == "number" and set(column.readings) <= set(readings)
    assert kind != "date" or column.readings[0] == readings[0]


def test_words_for_empty_count_where_numbers_or_dates_stand(tmp_path: Path):
    rows = "".join(f"{i + 1000};{'0000-00-00' if i % 5 == 0 else day};{'NA' if i % 7 == 0 else i};NO\n" for i, day in enumerate(days(3)))
    seen = written(tmp_path, "id;created;v;land\n" + rows)
    assert seen.block["empty_words"] == ["0000-00-00", "NA"]
    assert [column.kind for column in seen.columns[:3]] == ["id", "date", "number"]
    assert seen.column("v").cells[0] == "" and seen.column("created").cells[5] == ""


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("seed", range(2))
def test_columns_by_place_are_found_with_what_stands_in_them(header: bool, seed: int, tmp_path: Path):
    writing = Writing(thousands=".", day="%d.%m.%Y %H:%M", largest=99_000.0)
    table = orders(seed, writing)
    (seen,) = looked_at(by_place(tmp_path / "a.txt", table, writing, header))
    assert seen.block["format"] == "fixed_width" and len(seen.block["starts"]) == 6 and ("header" in seen.block) == (not header)
    assert [column.kind for column in seen.columns] == ["id", "date", "id", "number", "text", "number"]
    assert seen.columns[3].cells == tuple(writing.money(order.amount) for order in table)


def test_columns_parted_by_blanks(tmp_path: Path):
    seen = written(tmp_path, "".join(f" {i:05} {day:%Y%m%d}  {i % 9} {i * 1.5:8.2f}\r\n" for i, day in enumerate(days(4))))
    assert seen.block["format"] == "spaces" and seen.block["header"] == [f"column_{i}" for i in range(1, 5)]
    assert [column.kind for column in seen.columns] == ["id", "date", "number", "number"]
    commas = written(
        tmp_path, "".join(f" {i:05} {day:%Y%m%d}  {i % 9} {i * 1.5:8.2f}\r\n".replace(".", ",") for i, day in enumerate(days(4)))
    )
    assert commas.block["format"] == "spaces" and commas.columns[3].readings == ((",", ""),)


@pytest.mark.parametrize("seed", seeds(3))
def test_the_sheet_that_is_a_table_is_read_right(seed: int, tmp_path: Path):
    table = orders(seed, KINDS["few rows"])
    path = workbook(tmp_path / "export.xlsx", table, seed)
    (seen,) = looked_at(path)
    assert seen.block["sheet"] == "Orders" and seen.block["skip_lines"] == 2
    assert any("Read me" in sentence for sentence in seen.evidence)
    assert read(path, seen) == sorted(order.true for order in table)


def test_a_large_file_is_decided_by_what_stands_far_behind_in_little_time(tmp_path: Path):
    rows = 150_000
    first = date(2021, 1, 1)

    def day(i: int) -> str:
        there = first + timedelta(days=i // 400)
        return f"{there.replace(day=there.day % 12 + 1) if i < rows // 2 else there:%d/%m/%Y}"

    text = "nr;datum;klant;bedrag;omschrijving\n" + "".join(
        f"B{i:07};{day(i)};K{i % 977:05};{i % 9000},50;Stoel, rood {i % 77}\n" for i in range(rows)
    )
    for name, raw in (("a.csv", text.encode()), ("a.csv.gz", gzip.compress(text.encode(), 1))):
        (tmp_path / name).write_bytes(raw)
        begun = time.process_time()
        (seen,) = looked_at(tmp_path / name)
        assert time.process_time() - begun < 8
        assert seen.column("datum").readings == ("%d/%m/%Y",)
        assert not seen.whole and 15_000 <= seen.rows <= 20_000


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old .xls"),
        (b'[{"a": 1}]', "JSON"),
        (b"<html><table></table></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "binary file"),
        (b"PK\x03\x04broken", "damaged"),
        (b"Dear Sir,\n\nthank you for your letter, and the rest, of last week.\nWe shall see.\n\nYours,\nA. Person\n", "letter"),
        (b"import os\n\n\ndef main(a, b):\n    print(a, b)\n    return [a, b, 3]\n\n\nmain(1, 2)\n", "program"),
        (b"8acafc7154ebf689cec34a495e0765d9\n", "letter"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, what: str, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(AimError, match=what) as refusal:
        looked_at(tmp_path / "a.csv")
    assert "a.csv" in str(refusal.value) and len(str(refusal.value)) < 300


def test_a_line_that_was_cut_off_is_no_total(tmp_path: Path):
    rows = "".join(f"{i + 1000};a;{day};3,50\n" for i, day in enumerate(days(5)))
    seen = written(tmp_path, "id;naam;d;bedrag\n" + rows + "1999;a;20")
    assert "skip_last" not in seen.block and any("another number of cells" in sentence for sentence in seen.evidence)


@pytest.mark.parametrize("count", [6, 300])
def test_totals_are_told_from_rows_in_small_and_large_tables(count: int, tmp_path: Path):
    rows = "".join(f"V{i + 1000};K{i % 5};{day};{i},50\n" for i, day in enumerate(days(6, count)))
    head = "nr;klant;d;bedrag\n"
    assert written(tmp_path, f"{head}{rows}Totaal;;;9.876,00\n").block["skip_last"] == 1
    assert written(tmp_path, f"{head}{rows}Grand Total;;;9.876,00\n;;;\nExported by the shop;;;\n").block["skip_last"] == 3
    assert "skip_last" not in written(tmp_path, f"{head}{rows}V9999;K3;{days(6)[0]};9,50\n").block


def test_a_file_of_very_many_columns_is_refused_at_once(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(b";".join(b"c%d" % i for i in range(60_000)) + b"\n" + b"1\n")
    begun = time.process_time()
    with pytest.raises(AimError):
        looked_at(tmp_path / "a.csv")
    assert time.process_time() - begun < 5


@pytest.mark.skipif(not SHARED.exists(), reason="the public data stands beside the repository")
def test_public_files_are_seen_as_what_they_are():
    (cdnow,) = looked_at(SHARED / "cdnow" / "CDNOW_sample.txt")
    assert cdnow.block["format"] == "spaces" and cdnow.columns[2].readings == ("%Y%m%d",)
    (spend,) = looked_at(SHARED / "eu_dialect" / "HMRC_spending_over_25000_for_September_2018.csv")
    assert spend.column("Amount").readings == ((".", ","),) and spend.column("Transaction number").kind == "id"
    (retail,) = looked_at(SHARED / "eu_dialect" / "online_retail_2010-12_eu_cp1252.csv.gz")
    assert retail.block == {"file": retail.path.name, "packed": "gz", "encoding": "cp1252"}
    assert [retail.column(name).kind for name in ("InvoiceNo", "CustomerID", "Quantity")] == ["id", "id", "number"]
