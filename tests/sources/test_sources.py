"""Exports are read as declared, or refused with the place and the fix; nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.client.config.schema import Source
from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.sources.ids import repaired
from helpers.sources.store import Store
from tests.conftest import SMALL_ORDERS
from tests.support.receipts import rows_set_aside

COLUMNS = {"order_id": "Order", "order_date": "Datum", "customer_id": "Klant", "order_amount": "Bedrag"}


def belgian(**changes) -> Source:
    keys = {
        "table": "orders",
        "file": "orders.csv",
        "delimiter": ";",
        "decimal": ",",
        "thousands": ".",
        "date_format": "%d/%m/%Y",
        "columns": COLUMNS,
    }
    return Source.model_validate(keys | changes)


def read_text(folder: Path, text: str | bytes, **changes) -> pd.DataFrame:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "orders.csv").write_bytes(raw)
    return read_sources(folder, [belgian(**changes)]).tables["orders"]


def refusal(folder: Path, text: str | bytes, **changes) -> str:
    with pytest.raises(UserMistakes) as caught:
        read_text(folder, text, **changes)
    return "\n".join(map(str, caught.value.problems))


def test_ids_survive_byte_for_byte_and_numbers_are_exact(tmp_path: Path):
    orders = read_text(tmp_path, SMALL_ORDERS)
    assert orders["customer_id"].tolist() == ["00012", "00012", "7E5", "00099", "7E5"]
    assert orders["order_amount"].tolist() == [1250.50, 100.0, 80.25, -20.0, 10.0]
    assert orders["order_date"].iloc[0] == pd.Timestamp("2023-02-01")


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("12.50", "a number"),  # a point is a thousands mark here: 1250 would be a silent error
        ("1.2.3", "a number"),
        ("1,250.50", "a number"),
        ("NaN", "a number"),
        ("1e308", "a number"),
        ("5-", "a number"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_with_their_line(tmp_path: Path, cell: str, word: str):
    said = refusal(tmp_path, SMALL_ORDERS.replace("100,00", cell))
    assert "orders.csv, line 3, column Bedrag" in said and repr(cell) in said and word in said


def test_all_mistakes_of_a_file_are_listed(tmp_path: Path):
    text = SMALL_ORDERS.replace("100,00", "x").replace("15/03/2023", "2023-03-15").replace("80,25", "y")
    said = refusal(tmp_path, text)
    assert said.count("orders.csv, line") == 2 and "line 3, column Datum: got '2023-03-15'" in said
    assert "lines 3, 4, column Bedrag: got 'x, y'" in said


def test_equal_mistakes_are_one_line_with_three_examples_and_their_number(tmp_path: Path):
    body = "".join(f"{i};01/01/2023;K{i};x\n" for i in range(50))
    said = refusal(tmp_path, "Order;Datum;Klant;Bedrag\n" + body)
    assert said.count("column Bedrag") == 1 and "lines 2, 3, 4 and 47 more, column Bedrag: got 'x'" in said


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "a header and rows"),
        ("Order;Datum;Klant;Bedrag\n1;01/02/2023;K;1;\n", "4 cells"),  # an extra ';' would shift every column
        ("Order;Datum;Klant;Bedrag\n1;01/02/2023;K\n", "4 cells"),
        ("Order;Datum;Klant;Klant\n1;01/02/2023;K;1\n", "each column name once"),
        ("Order,Datum,Klant,Bedrag\n1,01/02/2023,K,1\n", "this column"),
        ('Order;Datum;Klant;Bedrag\n1;01/02/2023;"K"x;1\n', "well-formed quotes"),
        ("Order;Datum;Klant;Bedrag\n1;01/02/2023;K\x00;1\n", "control characters"),
        ("Order;Datum;Klant;Bedrag\n1;;K;1\n", "not an empty cell"),
        ("Order;Datum;Klant;Bedrag\n1;01/02/2023;K;1\n1;01/02/2023;L;2\n", "each order_id once"),
        ("Order;Datum;Klant;Bedrag\n1;01/02/1823;K;1\n", "a date of the form"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, text: str, word: str):
    assert word in refusal(tmp_path, text)


def test_wrong_encoding_names_the_line(tmp_path: Path):
    said = refusal(tmp_path, "Order;Datum;Klant;Bedrag\n1;01/02/2023;Liège;1\n".encode("cp1252"))
    assert "line 2" in said and "cp1252" in said


def test_words_for_none_are_no_customer_but_stay_text_elsewhere(tmp_path: Path):
    text = (
        "Order;Datum;Klant;Bedrag;Kanaal\n1;01/02/2023;NA;1;NA\n2;01/02/2023;None;1;None\n3;01/02/2023;null;1;null\n4;01/02/2023;N1;1;-\n"
    )
    orders = read_text(tmp_path, text, columns=COLUMNS | {"channel": "Kanaal"})
    assert orders["customer_id"].isna().tolist() == [True, True, True, False]
    assert orders["channel"].tolist() == ["NA", "None", "null", "-"]


def test_a_broken_line_inside_quotes_keeps_the_line_numbers(tmp_path: Path):
    text = 'Order;Datum;Klant;Bedrag\n1;01/02/2023;"a\nb";1\n2;01/02/2023;K;x\n'
    assert "line 4, column Bedrag" in refusal(tmp_path, text)


def test_rows_set_aside_reconcile_to_the_cent(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(SMALL_ORDERS, encoding="utf-8")
    rules = [
        {"name": "returns", "column": "order_amount", "at_most": "0", "reason": "Money back."},
        {"name": "first", "column": "order_id", "equals": ["1"], "apply": "false"},
        {"name": "odd ids", "column": "customer_id", "matches": r"\d+E\d+"},
    ]
    intake = read_sources(tmp_path, [belgian(set_aside=rules)])
    (receipt,) = intake.receipts
    assert (receipt.rows_read, receipt.rows_used, rows_set_aside(receipt)) == (5, 2, 3)
    assert receipt.amount_read == pytest.approx(receipt.amount_used + sum(one.amount for one in receipt.set_aside))
    assert [one.rows for one in receipt.set_aside] == [1, 0, 2]


def test_flags_need_a_declared_meaning(tmp_path: Path):
    (tmp_path / "c.csv").write_text("Klant;Mail\nK1;Ja\nK2;Nee\nK3;\n", encoding="utf-8")
    keys = {"table": "customers", "file": "c.csv", "columns": {"customer_id": "Klant", "consent": "Mail"}}
    with pytest.raises(UserMistakes, match="yes or no"):
        read_sources(tmp_path, [Source.model_validate(keys)])
    mapped = Source.model_validate(keys | {"values": {"consent": {"Ja": "yes", "Nee": "no"}}})
    consent = read_sources(tmp_path, [mapped]).tables["customers"]["consent"]
    assert consent.tolist() == [True, False, pd.NA]


def test_unmapped_columns_are_named_and_not_read(tmp_path: Path):
    (tmp_path / "orders.csv").write_text(SMALL_ORDERS.replace("Klant", "Rekening"), encoding="utf-8")
    columns = {ours: theirs for ours, theirs in COLUMNS.items() if ours != "customer_id"}
    intake = read_sources(tmp_path, [belgian(columns=columns)])
    assert intake.receipts[0].unmapped_columns == ("Rekening",)
    assert "customer_id" not in intake.tables["orders"]


def test_id_repair():
    from helpers.tables.declared import IdRepair

    def repair(ids: list, rule: IdRepair) -> list:
        with Store() as store:
            held = store.add(pd.DataFrame({"ids": pd.array(ids, dtype="str")}))
            return held.select(ids=repaired(held["ids"], rule)).to_pyarrow().column("ids").to_pylist()

    assert repair(["KL-000104", "104", None], IdRepair(strip_prefix="KL-", zero_pad=6)) == ["000104", "000104", None]
    assert repair(["a-b.1", "12345678"], IdRepair(drop="-.", upper=True, zero_pad=4)) == ["0AB1", "12345678"]


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
cells = st.tuples(texts, st.decimals(-(10**7), 10**7, places=2), st.dates(date(1900, 1, 1), date(2099, 12, 31)))


@settings(max_examples=10, deadline=None)
@given(rows=st.lists(cells, min_size=1, max_size=30))
def test_what_is_written_in_the_declared_form_is_read_back(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("written")
    lines = ["Order;Datum;Klant;Bedrag"]
    for i, (text, amount, day) in enumerate(rows):
        quoted = '"' + text.replace('"', '""') + '"'
        money = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        lines.append(f"{i};{day:%d/%m/%Y};{quoted};{money}")
        lines[-1] = lines[-1].replace(f"{day:%d/%m/%Y}", f"{day.day:02}/{day.month:02}/{day.year:04}")
    columns = {"order_id": "Order", "order_date": "Datum", "channel": "Klant", "order_amount": "Bedrag"}
    read = read_text(folder, "\r\n".join(lines) + "\r\n", columns=columns)
    assert read["order_amount"].tolist() == [float(amount) for _, amount, _ in rows]
    assert [day.date() for day in read["order_date"]] == [day for _, _, day in rows]
    wanted = [text if text.strip() else None for text, _, _ in rows]
    assert [None if pd.isna(cell) else cell for cell in read["channel"]] == wanted
