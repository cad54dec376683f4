"""What comes in by client.yml alone: text by blanks or position, own columns of every kind, rows without id, zones, parquet's types."""

from __future__ import annotations

import io
import os
import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from helpers.core.errors import UserMistakes
from helpers.phases.data_maturity.story import put_together
from helpers.sources import read_sources
from helpers.sources.customers import customer_table
from helpers.sources.frames import keep_parquet
from helpers.tables import CUSTOMERS, dtypes
from helpers.tables.declared import Source
from tests.support.seeds import every

CDNOW = Path(os.environ.get("AIM_PUBLIC_DATA", "no such folder")) / "cdnow" / "CDNOW_sample.txt"
NAMES = {"customer_id": "id", "place": "town", "employees": "staff"}
TOWNS = ("Gent", "Liège", "Bad Homburg", "Sint-Niklaas", "Åmål", "")
EXTRA = {
    "points": "pts",
    "ward": {"column": "ward", "kind": "text"},
    "since": {"column": "since", "kind": "date"},
    "club": {"column": "club", "kind": "flag"},
}


def customers(seed: int, rows: int = 60) -> list[tuple[str, str, str]]:
    rng = random.Random(seed)
    return [(f"{i:05}", rng.choice(TOWNS), str(rng.randrange(1, 900))) for i in range(1, rows + 1)]


def source(**changes) -> Source:
    return Source.model_validate({"table": "customers", "file": "a.txt", "columns": NAMES} | changes)


def read(folder: Path, text: str | bytes, declared: Source, more: tuple[Source, ...] = ()) -> pd.DataFrame:
    (folder / declared.file).write_bytes(text.encode(declared.encoding) if isinstance(text, str) else text)
    with read_sources(folder, [declared, *more]) as intake:
        return intake.tables[declared.table]


def refusal(folder: Path, text: str | bytes, declared: Source, more: tuple[Source, ...] = ()) -> str:
    with pytest.raises(UserMistakes) as caught:
        read(folder, text, declared, more)
    return "\n".join(map(str, caught.value.problems))


def by_place(rows, header: bool = True) -> str:
    lines = [("id", "town", "staff"), *rows] if header else rows
    return "".join(f"{a:<8}{b:<14}{c:>5}\r\n" for a, b, c in lines)


def by_blanks(rows, header: bool = True) -> str:
    lines = [("id", "town", "staff"), *rows] if header else rows
    return "".join(f"  {a}   {b if b and ' ' not in b else chr(34) + b + chr(34)}\t{c} \n" for a, b, c in lines)


PLACES = {"format": "fixed_width", "starts": [0, 8, 22]}


@pytest.mark.parametrize("encoding", every(["cp1252", "utf-8"], 2))
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(("written", "keys"), [(by_place, PLACES), (by_blanks, {"format": "spaces"})])
def test_the_same_customers_come_out_of_every_kind_of_text(tmp_path: Path, written, keys: dict, header: bool, encoding: str):
    rows = customers(3)
    clean = read(tmp_path, "id;town;staff\n" + "".join(";".join(row) + "\n" for row in rows), source())
    names = {} if header else {"header": ["id", "town", "staff"]}
    text = "Export of May\n\n" + written(rows, header) + "Total of all 60\n"
    got = read(tmp_path, text, source(encoding=encoding, skip_lines=2, skip_last=1, **keys, **names))
    pd.testing.assert_frame_equal(got, clean)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("00061   Oudenaarde-Centrum 12\r\n", "town"),  # letters where the next column starts
        ("00061   Gent\r\n", "town"),  # too short
        ("000610001Gent            12\r\n", "id"),
        ("00061\tGent\t12345678901234567\r\n", "id"),
    ],
)
def test_a_line_that_does_not_fit_its_columns_is_named(tmp_path: Path, line: str, column: str):
    text = by_place(customers(4)) + line
    said = refusal(tmp_path, text, source(**PLACES))
    assert f"a.txt, line 62, column {column}: got" in said
    assert "3 cells that begin at 0, 8, 22" in said
    kept = read(tmp_path, text, source(unreadable="set_aside", unreadable_share=0.05, **PLACES))
    assert len(kept) == 60


@pytest.mark.parametrize("starts", [[0, 8, 21], [0, 8, 24], [0, 9, 22], [0, 10, 22], [0, 4, 22], [0, 8, 25]])
@pytest.mark.parametrize("header", [True, False])
def test_columns_that_start_elsewhere_than_declared_never_read_in_silence(tmp_path: Path, starts: list[int], header: bool):
    rows = [(a, b or "Gent", f"{int(c) + 10000}") for a, b, c in customers(5)]
    names = {} if header else {"header": ["id", "town", "staff"]}
    if starts in ([0, 8, 21],):  # a blank more on the left changes no cell
        assert len(read(tmp_path, by_place(rows, header), source(format="fixed_width", starts=starts, **names))) == 60
    else:
        assert "a.txt" in refusal(tmp_path, by_place(rows, header), source(format="fixed_width", starts=starts, **names))


def test_columns_that_touch_in_every_line_are_taken_as_such(tmp_path: Path):
    text = "".join(f"{i:05}{town:<4}{i + 100:05}\n" for i, town in enumerate(("Gent", "Lier", "Genk", "Mol") * 5))
    got = read(tmp_path, text, source(format="fixed_width", starts=[0, 5, 9], header=["id", "town", "staff"]))
    assert got.iloc[3].tolist() == ["00003", "Mol", 103]


@pytest.mark.parametrize("line", ["00061 Bad Homburg 7\n", "00061 7\n", '00061 "Bad Homburg 7\n', '00061 Bad"Homburg 7\n'])
def test_a_line_of_other_than_its_cells_parted_by_blanks_is_named(tmp_path: Path, line: str):
    said = refusal(tmp_path, by_blanks(customers(4)) + line, source(format="spaces"))
    assert "a.txt, line 62, column" in said and "expected 3 cells" in said and "needs quotes" in said


def test_packed_text_reads_too_and_an_unsound_declaration_does_not(tmp_path: Path):
    import gzip

    packed = gzip.compress(by_place(customers(6)).encode())
    assert len(read(tmp_path, packed, source(packed="gz", **PLACES))) == 60
    for keys in (
        {"format": "fixed_width"},
        {"starts": [0, 4]},
        {"format": "fixed_width", "starts": [0, 9, 4]},
        {**PLACES, "header": ["a"]},
    ):
        with pytest.raises(ValidationError):
            source(**keys)


@pytest.mark.skipif(not CDNOW.exists(), reason="the public files are not here")
def test_cdnow_reads_by_its_declaration_alone(tmp_path: Path):
    keys = {
        "table": "orders",
        "decimal": ".",
        "date_format": "%Y%m%d",
        "number_rows": True,
        "header": ["master", "id", "day", "cds", "paid"],
    }
    declared = source(format="spaces", columns={"customer_id": "id", "order_date": "day", "order_amount": "paid"}, **keys)
    orders = read(tmp_path, CDNOW.read_bytes(), declared)
    assert (len(orders), orders["customer_id"].nunique()) == (6919, 2357)
    assert orders["order_amount"].sum() == pytest.approx(sum(float(line.split()[-1]) for line in CDNOW.read_text().splitlines()))
    placed = declared.model_copy(update={"format": "fixed_width", "starts": (0, 6, 11, 20, 23)})
    pd.testing.assert_frame_equal(read(tmp_path, CDNOW.read_bytes(), placed), orders)


TYPED = "id;pts;ward;since;club\n1;1,5;North;03/02/2024;Ja\n2;;;;\n3;-2;12;28/02/2024;Nee\n"


def typed(**changes) -> Source:
    keys = {
        "columns": {"customer_id": "id"},
        "extra": EXTRA,
        "date_formats": {"since": "%d/%m/%Y"},
        "values": {"club": {"Ja": "yes", "Nee": "no"}},
    }
    return source(**keys | changes)


@pytest.mark.parametrize("reader", ["text", "engine"])
def test_own_columns_keep_their_kind_up_to_the_customer_table_and_on_disk(tmp_path: Path, reader: str):
    (tmp_path / "a.txt").write_text(TYPED)
    with read_sources(tmp_path, [typed(reader=reader)]) as intake:
        table = intake.tables["customers"]
        keep_parquet(intake.relations["customers"], dtypes(CUSTOMERS), tmp_path / "kept.parquet")
        whole = customer_table(intake.relations, date(2024, 6, 30))
    kinds = {"points": "float64", "ward": "str", "since": "datetime64[us]", "club": "boolean"}
    for frame in (table, whole, pd.read_parquet(tmp_path / "kept.parquet")):
        assert {name: str(frame[name].dtype) for name in kinds} == kinds
        assert frame["since"].iloc[0] == pd.Timestamp("2024-02-03") and frame["ward"].iloc[2] == "12"
        assert frame["club"].tolist()[0] and frame["club"].isna().tolist() == [False, True, False]


def test_own_columns_of_a_workbook_and_of_parquet_are_those_of_the_text(tmp_path: Path):
    clean = read(tmp_path, TYPED, typed())
    frame = clean.rename(columns={"customer_id": "id", "points": "pts"})
    sheet = frame.assign(club=["yes", None, "no"])
    sheet.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    for file, kind in (("a.xlsx", "xlsx"), ("a.parquet", "parquet")):
        got = read(tmp_path, (tmp_path / file).read_bytes(), typed(file=file, format=kind, values={}))
        pd.testing.assert_frame_equal(got, clean)


@pytest.mark.parametrize(
    ("cell", "name", "words"), [("31/02/2024", "since", "a date"), ("perhaps", "club", "yes or no"), ("x", "pts", "a number")]
)
def test_a_cell_of_another_kind_is_named(tmp_path: Path, cell: str, name: str, words: str):
    bad = pd.read_csv(io.StringIO(TYPED), sep=";", dtype=str, keep_default_na=False)
    bad.loc[2, name] = cell
    said = refusal(tmp_path, bad.to_csv(sep=";", index=False), typed())
    assert f"line 4, column {name}: got {cell!r}" in said and words in said


def test_own_columns_have_names_and_kinds_that_agree(tmp_path: Path):
    for extra in ({"employees": "pts"}, {"recency_days": "pts"}, {"x": {"column": "pts", "kind": "money"}}, {"x": {"kind": "text"}}):
        with pytest.raises(ValidationError):
            typed(extra=extra)
    (tmp_path / "b.txt").write_text(TYPED.replace("\n1;", "\n7;").replace("\n2;", "\n8;").replace("\n3;", "\n9;"))
    other = typed(file="b.txt", extra={"ward": "ward"})
    assert "the kind text, as a.txt says of ward" in refusal(tmp_path, TYPED, typed(), (other,))


def test_a_list_that_only_brings_own_columns_completes_the_other(tmp_path: Path):
    (tmp_path / "b.txt").write_text(TYPED)
    got = read(tmp_path, "id;town\n1;Gent\n2;Lier\n3;Mol\n", source(columns={"customer_id": "id", "place": "town"}), (typed(file="b.txt"),))
    assert got.sort_values("customer_id")["points"].fillna(0).tolist() == [1.5, 0, -2]


ATTRIBUTES = "town;staff\nGent;5\nGent;5\nLier;7\n"
ANONYMOUS = {"columns": {"place": "town", "employees": "staff"}, "number_rows": True}


@pytest.mark.parametrize("reader", ["text", "engine"])
def test_rows_without_id_are_named_after_their_row_and_this_is_said(tmp_path: Path, reader: str):
    (tmp_path / "a.txt").write_text(ATTRIBUTES)
    with read_sources(tmp_path, [source(reader=reader, **ANONYMOUS)]) as intake:
        table = intake.tables["customers"]
        sentences = [str(part.text) for part in put_together(intake.receipts, intake.merge).parts]
    assert table["customer_id"].tolist() == ["row 2", "row 3", "row 4"]
    assert any("a.txt: The export has no id" in text for text in sentences) and any("next month" in text for text in sentences)


def test_a_numbered_customer_meets_no_other_file(tmp_path: Path):
    orders = {"table": "orders", "file": "o.csv", "columns": {"order_id": "o", "order_date": "d", "order_amount": "a"}}
    (tmp_path / "o.csv").write_text("o;d;a;c\n1;2024-01-02;5;row 2\n")
    numbered = source(**ANONYMOUS)
    naming = Source.model_validate({**orders, "columns": orders["columns"] | {"customer_id": "c"}})
    assert "o.csv names customer_id, and a row's number meets no customer_id" in refusal(tmp_path, ATTRIBUTES, numbered, (naming,))
    assert len(read(tmp_path, ATTRIBUTES, numbered, (Source.model_validate(orders),))) == 3  # baskets that name nobody
    with pytest.raises(ValidationError):
        source(number_rows=True)  # and an id as well
    with pytest.raises(ValidationError):
        source(table="products", number_rows=True, columns={"brand": "b"})


def test_months_without_order_ids_are_told_apart_by_a_prefix(tmp_path: Path):
    keys = {"table": "orders", "number_rows": True, "columns": {"order_date": "d", "order_amount": "a"}}
    text = "d;a\n2024-01-02;5\n2024-01-03;6\n"
    (tmp_path / "b.csv").write_text(text.replace("-01-", "-02-"))
    first, second = ({**keys, "file": name} for name in ("a.csv", "b.csv"))
    said = refusal(tmp_path, text, Source.model_validate(first), (Source.model_validate(second),))
    assert "a prefix of its own, such as ids: {order_id: {add_prefix: '1 '}}" in said
    second["ids"] = {"order_id": {"add_prefix": "feb "}}
    got = read(tmp_path, text, Source.model_validate(first), (Source.model_validate(second),))
    assert sorted(got["order_id"]) == ["feb row 2", "feb row 3", "row 2", "row 3"]


ORDERS = {
    "table": "orders",
    "file": "a.txt",
    "delimiter": ",",
    "decimal": ".",
    "columns": {"order_id": "o", "order_date": "d", "order_amount": "a"},
}


@pytest.mark.parametrize("zone", every(["Europe/Brussels", "Europe/Stockholm", "Europe/London", "America/New_York"], 3))
@pytest.mark.parametrize("reader", ["text", "engine"])
def test_times_of_mixed_zones_come_to_the_clock_of_the_client(tmp_path: Path, zone: str, reader: str):
    rng = random.Random(11)
    moments = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 366)) for _ in range(200)]
    zones = [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-4, minutes=-30))]
    written = [moment.astimezone(rng.choice(zones)).isoformat().replace("+00:00", "Z") for moment in moments]
    text = "o,d,a\n" + "".join(f"{i},{when},1.5\n" for i, when in enumerate(written))
    got = read(tmp_path, text, Source.model_validate(ORDERS | {"date_format": "%Y-%m-%dT%H:%M:%S%z", "time_zone": zone, "reader": reader}))
    assert [when.to_pydatetime() for when in got["order_date"]] == [
        moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in moments
    ]


def test_a_clock_that_is_not_the_clients_is_asked_about(tmp_path: Path):
    keys = ORDERS | {"date_format": "%Y-%m-%d %H:%M:%S %z"}
    home = "o,d,a\n1,2024-01-02 10:00:00 +0100,5\n2,2024-07-02 10:00:00 +0200,5\n3,2024-07-02 23:00:00 UTC,5\n"
    assert read(tmp_path, home, Source.model_validate(keys))["order_date"].dt.day.tolist() == [2, 2, 3]
    said = refusal(tmp_path, home.replace("+0100", "-0500"), Source.model_validate(keys))
    assert "line 2" in said and "Declare time_zone" in said


@pytest.mark.parametrize("reader", ["text", "engine"])
def test_floats_as_python_prints_them_are_amounts(tmp_path: Path, reader: str):
    rng = random.Random(5)
    floats = [0.0048649999999999995, 1e-05, 0.1 + 0.2, -3.0000000000000004, 0.0, -0.0, 123456789.125]
    floats += [rng.uniform(-1, 1) * 10.0 ** rng.randrange(-12, 9) for _ in range(300)]
    text = "o,d,a,x\n" + "".join(f"{i},2024-01-02,{value!r},{value!r}\n" for i, value in enumerate(floats))
    got = read(tmp_path, text, Source.model_validate(ORDERS | {"extra": {"x": "x"}, "reader": reader}))
    assert got["order_amount"].tolist() == floats and got["x"].tolist() == floats


def parquet(folder: Path, **columns) -> bytes:
    plain = {
        "o": pa.array([1, 2, 3]),
        "d": pa.array([date(2024, 1, 2)] * 3),
        "a": pa.array([Decimal("1.20"), Decimal("-3.00"), Decimal("0.05")]),
    }
    pq.write_table(pa.table(plain | columns), folder / "made.parquet")
    return (folder / "made.parquet").read_bytes()


def test_parquet_keeps_its_own_types(tmp_path: Path):
    when = datetime(2024, 6, 30, 22, 30, tzinfo=UTC)
    columns = {f"t{unit}": pa.array([when] * 3, pa.timestamp(unit, "UTC")) for unit in ("ms", "us", "ns")}
    columns |= {
        "s": pa.array(["b", None, "b"]).dictionary_encode(),
        "f": pa.array([True, False, None]),
        "n": pa.array([1.5, float("nan"), 4.0]),
    }
    extra = {name: {"column": name, "kind": "date"} for name in ("tms", "tus", "tns")}
    extra |= {"s": {"column": "s", "kind": "text"}, "f": {"column": "f", "kind": "flag"}, "n": "n"}
    got = read(tmp_path, parquet(tmp_path, **columns), Source.model_validate(ORDERS | {"format": "parquet", "extra": extra}))
    assert got["order_amount"].tolist() == [1.2, -3.0, 0.05] and got["order_id"].tolist() == ["1", "2", "3"]
    assert {str(day) for name in ("tms", "tus", "tns") for day in got[name]} == {"2024-07-01 00:00:00"}  # in Brussels it is July
    assert got["s"].fillna("").tolist() == ["b", "", "b"] and got["f"].isna().tolist() == [False, False, True]
    assert got["n"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (pa.array([{"x": 1}] * 3), "text"),
        (pa.array([[1]] * 3), "number"),
        (pa.array([b"x"] * 3), "text"),
        (pa.array([date(2024, 1, 2)] * 3), "number"),
    ],
)
def test_a_column_of_parquet_that_is_no_plain_one_is_refused_by_name(tmp_path: Path, cells, kind: str):
    declared = Source.model_validate(ORDERS | {"format": "parquet", "extra": {"x": {"column": "odd", "kind": kind}}})
    said = refusal(tmp_path, parquet(tmp_path, odd=cells), declared)
    assert "column odd" in said and "expected a column of" in said
    assert len(read(tmp_path, parquet(tmp_path, odd=cells), Source.model_validate(ORDERS | {"format": "parquet"}))) == 3


def people_and_kinds(seed: int, what: str) -> str:
    """A list with a text beside our columns that holds persons, and, as its clean twin, one that looks like them and is none."""
    rng = np.random.default_rng([17, seed])
    firsts = ("Anna", "Björn", "Chloé", "Dirk", "Els", "Fatima", "Göran", "Hanne")
    lasts = ("Peeters", "van den Berg", "Ström", "O'Brien", "Müller", "Ben-Said", "De Smet")
    persons = [f"{a} {b}" for a in firsts for b in lasts]
    cells = {
        "emails": lambda n: f"mail {n}.x@firm{n}.be please" if n % 10 == 0 else "",
        "phones": lambda n: ("+32 470 {}", "0470/{}", "(02) {}")[n % 3].format("12 34 56"),
        "names": lambda n: persons[n % len(persons)],
        "codes": lambda n: f"{rng.integers(10**9, 10**10)}",
        "dated": lambda n: f"2024-{n % 12 + 1:02}-0{n % 9 + 1} 10:00",
        "kinds": lambda n: ("Gold Card", "Silver Card", "West Flanders", "East Flanders")[n % 4],
        "notes": lambda n: f"order by phone before {n % 12 + 1} @ the desk",
    }[what]
    return "id;memo\n" + "".join(f"{n};{cells(n)}\n" for n in range(56))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("what", "said"),
    [("emails", "e-mail addresses"), ("phones", "telephone numbers"), ("names", "names of persons")]
    + [(clean, "") for clean in ("codes", "dated", "kinds", "notes")],
)
def test_a_text_that_names_persons_is_refused_by_name_and_its_clean_twin_is_kept(tmp_path: Path, what: str, said: str, seed: int):
    declared = source(columns={"customer_id": "id"}, extra={"memo": {"column": "memo", "kind": "text"}})
    text = people_and_kinds(seed, what)
    if not said:
        assert read(tmp_path, text, declared)["memo"].notna().all()
        return
    words = refusal(tmp_path, text, declared)
    assert "extra.memo" in words and said in words and "Peeters" not in words and "470" not in words and "firm" not in words


def test_under_a_header_that_says_name_one_word_is_a_name(tmp_path: Path):
    rows = [f"{n};Aa{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)]
    named = source(columns={"customer_id": "id"}, extra={"memo": {"column": "Voornaam", "kind": "text"}})
    assert "names of persons" in refusal(tmp_path, "id;Voornaam\n" + "\n".join(rows), named)
    coded = source(columns={"customer_id": "id"}, extra={"memo": {"column": "Code", "kind": "text"}})
    assert len(read(tmp_path, "id;Code\n" + "\n".join(rows), coded)) == 60
