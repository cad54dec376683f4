"""Every limit of privacy, just below and just above: who may be written to, how a pseudonym and a list must look."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest

from helpers import privacy

AS_OF = date(2026, 6, 30)


def over_the_cap(*ages: int, **caps: int) -> bool:
    """Tell whether a person is over the cap who got messages so many days ago."""
    days = [pd.Timestamp(AS_OF) - pd.Timedelta(days=age) for age in ages]
    campaigns = pd.DataFrame({"customer_id": "a", "sent_date": days})
    return bool(privacy.over_the_cap(pd.Series(["a"]), campaigns, AS_OF, **caps)[0])


def test_at_most_two_messages_in_seven_days():
    assert not over_the_cap(6) and over_the_cap(5, 6)
    assert not over_the_cap(5, 7)  # the seventh day back is the sixth before today
    assert over_the_cap(0, 0) and not over_the_cap(0, -1)  # what is dated later is not known yet
    assert not over_the_cap(5, 6, in_7_days=3) and over_the_cap(4, 5, 6, in_7_days=3)


def test_at_most_four_messages_in_thirty_days():
    assert not over_the_cap(8, 15, 29) and over_the_cap(8, 15, 20, 29)
    assert not over_the_cap(8, 15, 20, 30)
    assert not over_the_cap(8, 15, 20, 29, in_30_days=5) and over_the_cap(8, 9, 15, 20, 29, in_30_days=5)


def test_without_messages_only_a_cap_of_none_is_over():
    nobody = pd.Series(["a"])
    assert not privacy.over_the_cap(nobody, None, AS_OF, in_7_days=1)[0]
    assert privacy.over_the_cap(nobody, None, AS_OF, in_7_days=0)[0] and privacy.over_the_cap(nobody, None, AS_OF, in_30_days=0)[0]


def test_own_customers_have_bought_at_least_once():
    people = pd.DataFrame({"consent": [None, None, None], "frequency": [0, 1, None]})
    assert privacy.has_consent(people, "own_customers").tolist() == [False, True, False]


def test_a_key_has_32_bytes_and_a_pseudonym_16_to_64_digits():
    assert len(privacy.pseudonym("a", b"k" * 32)) == 24
    with pytest.raises(ValueError, match="at least 32 bytes, got 31"):
        privacy.pseudonym("a", b"k" * 31)
    assert [len(privacy.pseudonym("a", b"k" * 32, length=length)) for length in (16, 64)] == [16, 64]
    for length in (15, 65):
        with pytest.raises(ValueError, match=f"16 to 64 digits, got {length}"):
            privacy.pseudonym("a", b"k" * 32, length=length)


def test_a_telephone_number_has_7_to_15_digits():
    assert privacy.safe_cell("+32 11 11") == "'+32 11 11"
    assert privacy.safe_cell("+32 111 11") == "3211111"
    assert privacy.safe_cell("+32 111 111 111 1111") == "321111111111111"
    assert privacy.safe_cell("+32 111 111 111 11111") == "'+32 111 111 111 11111"


def test_an_excel_sheet_holds_a_million_rows_less_the_header(monkeypatch):
    class Long:
        def __init__(self, rows: int):
            self.rows = rows

        def __len__(self) -> int:
            return self.rows

    with pytest.raises(ValueError, match="an Excel sheet holds 1,048,575 rows"):
        privacy.safe_xlsx(Long(1_048_576))
    with pytest.raises(AttributeError):  # so many rows would be written
        privacy.safe_xlsx(Long(1_048_575))


def test_a_sheet_has_a_name_of_31_letters_and_a_cell_32767():
    raw = privacy.safe_xlsx(pd.DataFrame({"a": ["x" * 32_768]}), sheet="n" * 32)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["n" * 31] and len(book.active["A2"].value) == 32_767
