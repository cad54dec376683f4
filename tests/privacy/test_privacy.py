from __future__ import annotations

import io
import string
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import privacy
from helpers.core.errors import UserMistakes

# Known ways to make a spreadsheet compute, after OWASP and public collections of CSV injection payloads.
PAYLOADS = (
    "=1+1",
    "=1+1\n",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "=cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "-cmd|'/C calc'!A0",
    "@cmd|'/C calc'!A0",
    '=HYPERLINK("http://x.example","click")',
    '=IMPORTXML("http://x.example","//a")',
    '=WEBSERVICE("http://x.example")',
    '=DDE("cmd";"/C calc";"x")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "'=1+1",
    '"=1+1',
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\x00=1+1",
    "=2+5+cmd|' /C calc'!A0",
    "+32+cmd|x",
    "-2+3+cmd|' /C calc'!A0",
    "=@SUM(1)",
    "a;=1+1",
    "a\n=1+1",
    "a\t+1+1",
    "%0A=1+1",
    "|calc",
    "\u2212cmd",
)
STARTS = set("=+-@\t\r\n＝＋－＠\u2212|%")


def cells_of_csv(raw: bytes, separator: str = ",") -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(raw), dtype=str, sep=separator, keep_default_na=False, encoding="utf-8-sig")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_starts_a_formula_in_csv(payload):
    for separator in ",;":
        raw = privacy.safe_csv(pd.DataFrame({"name": [payload], payload: ["x"]}), separator=separator)
        table = cells_of_csv(raw, separator)
        for text in (table.iloc[0, 0], table.columns[1]):
            assert text.lstrip('\ufeff\u200b\u00a0 "')[0] not in STARTS
            # A spreadsheet with another list separator, or one that breaks at the line, starts a new cell
            # there.
            for mark in ";\t\n":
                assert all(part.strip()[:1] not in STARTS for part in text.split(mark))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_payload_is_text_in_excel(payload):
    book = openpyxl.load_workbook(io.BytesIO(privacy.safe_xlsx(pd.DataFrame({payload: [payload]}))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert all(cell.quotePrefix for cell in cells)


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("+32 470 12 34 56", "32470123456"),
        ("+31 (0)20-123 45 67", "310201234567"),
        ("0470 12 34 56", "0470 12 34 56"),
        ("-5", "-5"),
        ("-1.234,50", "-1.234,50"),
        ("-1,234.50", "-1,234.50"),
        ("+5", "+5"),
        ("O'Neil", "O'Neil"),
        ("info@x.example", "info@x.example"),
        ("A-1", "A-1"),
        ("", ""),
    ],
)
def test_telephone_numbers_and_amounts_stay_usable(given_text, wanted):
    assert privacy.safe_cell(given_text) == wanted


def test_real_amounts_stay_numbers():
    frame = pd.DataFrame({"amount": [-12.5, 3.0], "phone": ["+32 470 12 34 56", "=1"]})
    sheet = openpyxl.load_workbook(io.BytesIO(privacy.safe_xlsx(frame))).active
    assert [sheet["A2"].value, sheet["A2"].data_type] == [-12.5, "n"]
    assert sheet["B2"].value == "+32 470 12 34 56"
    assert pd.read_csv(io.BytesIO(privacy.safe_csv(frame)))["amount"].tolist() == [-12.5, 3.0]
    assert privacy.safe_frame(frame)[1]["changed"].tolist() == [0, 2]


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_text_starts_a_formula(text):
    safe = privacy.safe_cell(text)
    harmless = safe.lstrip("+-").replace(" ", "").replace(".", "").replace(",", "").replace("'", "").replace("\u00a0", "")
    assert not safe or safe[0] not in "=@\t\r\n" and (safe[0] not in "+-" or harmless.isdigit())


@given(st.lists(st.text(alphabet=string.printable, max_size=8), max_size=5))
@settings(max_examples=40, deadline=None)
def test_files_are_the_same_bytes_for_the_same_list(values):
    frame = pd.DataFrame({"name": pd.Series(values, dtype=object)})
    assert privacy.safe_csv(frame) == privacy.safe_csv(frame.copy())
    assert privacy.safe_xlsx(frame) == privacy.safe_xlsx(frame.copy())


def test_excel_file_holds_no_time_of_writing():
    raw = privacy.safe_xlsx(pd.DataFrame({"a": ["x"]}))
    properties = openpyxl.load_workbook(io.BytesIO(raw)).properties
    assert {properties.created.year, properties.modified.year} == {1980}


def test_pseudonyms_need_a_key_and_keep_who_is_who():
    names = [privacy.pseudonym(text, b"k" * 32) for text in ("a", "b", "a")]
    assert names[0] == names[2] != names[1] and len(names[0]) == 24
    assert privacy.pseudonym("a", b"k" * 32) != privacy.pseudonym("a", b"l" * 32)
    with pytest.raises(ValueError, match="32 bytes"):
        privacy.pseudonym("a", b"short")


def test_a_clients_key_is_made_once_for_its_owner_only(tmp_path: Path):
    (tmp_path / "rounds" / "2024-01-31").mkdir(parents=True)
    assert privacy.client_key(tmp_path) != privacy.client_key(tmp_path) and not (tmp_path / "pseudonym.key").exists()
    key = privacy.client_key(tmp_path, make=True)
    assert privacy.client_key(tmp_path) == key == privacy.client_key(tmp_path / "rounds" / "2024-01-31")
    assert (tmp_path / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "pseudonym.key").write_text("nonsense")
    with pytest.raises(UserMistakes, match="Put back the file"):
        privacy.client_key(tmp_path)


def test_missing_consent_is_a_no_and_an_objection_beats_all():
    people = pd.DataFrame(
        {
            "consent": ["yes", "no", None, "", "maybe", True, 1.0],
            "frequency": [1, 1, 1, 0, 1, 0, 0],
            "opted_out": [None, "yes", "no", "", "??", False, True],
        }
    )
    assert privacy.has_consent(people).tolist() == [True, False, False, False, False, True, True]
    assert privacy.has_consent(people, "own_customers").tolist() == [True, False, True, False, True, True, True]
    assert privacy.has_consent(people, "company_addresses").tolist() == [True, False, True, True, True, True, True]
    # An answer that is filled in and not understood counts as an objection.
    assert privacy.has_opted_out(people).tolist() == [False, True, False, False, True, False, True]


def test_caps_count_messages_of_the_last_days_only():
    as_of = date(2026, 6, 30)
    days = {
        "two this week": [0, 6],
        "one this week": [6, 7],
        "four this month": [8, 15, 20, 29],
        "long ago": [30] * 9,
        "next week": [-3] * 9,
    }
    rows = [(who, pd.Timestamp(as_of) - pd.Timedelta(days=age)) for who, ages in days.items() for age in ages]
    campaigns = pd.DataFrame(rows, columns=["customer_id", "sent_date"])
    over = privacy.over_the_cap(pd.Series([*days, "nobody"]), campaigns, as_of)
    assert over.tolist() == [True, False, True, False, False, False]
    assert not privacy.over_the_cap(pd.Series(["a"]), None, as_of).any()
