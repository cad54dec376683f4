"""Drafts of client.yml from shops that nobody declared: right, asked or left out, never silently wrong; and every draft reads."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.core.errors import UserMistakes
from helpers.sources import read_sources
from helpers.sources.draft.looking import looked_at
from helpers.sources.draft.names import name_score
from helpers.sources.draft.proposing import drafted
from helpers.tables.declared import Source
from tests.support.doors_worlds.outside_test import write_outside_test
from tests.support.draft_worlds import World, world
from tests.support.everybody_worlds import write_everybody
from tests.support.left_out_worlds import CONTRACTS, LINES, write_contracts, write_lines, write_shop_with_groups
from tests.support.mail_worlds import write_mail_shop
from tests.support.seeds import every
from tests.support.till_worlds import write_repeats, write_till

TRAPS = (
    "",
    "two dates",
    "total is a quantity",
    "bare numbers",
    "net and gross",
    "two customers",
    "many files",
    "early days",
    "prefix",
    "key per order",
    "order totals",
    "no names",
    "whole amounts",
    "thousands",
)
SEEDS = range(700, 705)


def draft_of(shop: World, answers: dict[str, str] | None = None):
    return drafted(shop.folder, [seen for path in sorted(shop.folder.glob("*.csv")) for seen in looked_at(path)], answers or {})


def tables_of(shop: World, draft) -> dict[str, pd.DataFrame]:
    with read_sources(shop.folder, [Source.model_validate(block) for block in draft.sources]) as intake:
        return intake.tables


def verdicts(shop: World, draft) -> dict[str, str]:
    """Return per table of the truth: right, asked (a question or reason names what is not as it is) or wrong, with the columns."""
    tables, asked = tables_of(shop, draft), {question.name.split(" ")[0] for question in draft.questions}
    whole_files = [name for name in draft.left_out if ", column" not in name]
    found = {}
    for name, truth in shop.truth.items():
        if name not in tables:
            found[name] = "asked" if "table" in asked or whole_files else "wrong: no such table"
            continue
        wrong = [column for column in truth if column in tables[name] and not same(truth[column], tables[name][column], shop, column)]
        missing = [column for column in truth if column not in tables[name]]
        about = {"order_date": "date_format", "created_date": "date_format", "order_amount": "decimal", "line_amount": "decimal"}
        silent = [column for column in wrong if not {column, about.get(column, column)} & asked]
        silent += [column for column in missing if len(whole_files) == len(draft.left_out)]
        found[name] = f"wrong: {silent}" if silent else "asked" if wrong or missing else "right"
    assert set(tables) <= set(shop.truth) or draft.questions or draft.left_out
    return found


def same(truth: pd.Series, given: pd.Series, shop: World, column: str) -> bool:
    if len(truth) != len(given):
        return False
    if column.endswith("date"):
        return sorted(pd.to_datetime(truth)) == sorted(given.dt.normalize())
    if truth.dtype.kind in "fi":
        return bool(np.allclose(np.sort(truth.to_numpy(float)), np.sort(given.to_numpy(float))))
    if truth.dtype == bool:
        return int(truth.sum()) == int(given.fillna(False).sum())
    return Counter(truth.astype(str)) == Counter(given.astype(str).str.removeprefix("ERP-0"))


@pytest.mark.parametrize("trap", every(["total is a quantity", ""], 2))
def test_a_shop_is_read_as_it_is_and_what_is_no_table_of_ours_is_left_out_with_a_reason(trap: str, tmp_path: Path):
    shop = world(tmp_path, 700, trap)
    (tmp_path / "weather.csv").write_text("station;mm;sun\n" + "".join(f"S{i % 7};{i % 13};{i % 5}\n" for i in range(60)), encoding="utf-8")
    draft = draft_of(shop)
    assert draft.left_out["weather.csv"] and "weather.csv" not in [block["file"] for block in draft.sources]
    assert set(verdicts(shop, draft).values()) == {"right"}


@pytest.mark.drill
def test_nothing_is_silently_wrong_in_shops_of_five_languages(tmp_path: Path):
    counted, wrong = Counter(), []
    for trap in TRAPS:
        for seed in SEEDS:
            folder = tmp_path / f"{trap}-{seed}".replace(" ", "_")
            folder.mkdir()
            shop = world(folder, seed, trap)
            draft = draft_of(shop)
            for table, verdict in verdicts(shop, draft).items():
                counted[verdict.split(":")[0]] += 1
                if verdict.startswith("wrong"):
                    wrong.append((trap, seed, table, verdict))
    print(dict(counted))
    assert not wrong, wrong
    assert counted["right"] >= 0.75 * counted.total()


@pytest.mark.parametrize(
    ("trap", "seed"), [pytest.param(trap, seed, marks=pytest.mark.drill) for trap, seed in (("early days", 701), ("two dates", 700))]
)
def test_every_answer_reads_and_is_applied(trap: str, seed: int, tmp_path: Path):
    shop = world(tmp_path, seed, trap)
    draft = draft_of(shop)
    question = draft.questions[0]
    assert question.usual in question.choices
    for value in question.choices:
        again = draft_of(shop, {question.name: value})
        assert question.name not in [other.name for other in again.questions]
        tables_of(shop, again)
        if value != question.usual:
            assert again.sources != draft.sources


@pytest.mark.parametrize(
    ("name", "table", "ours"),
    [
        ("Kundennr.", "orders", "customer_id"),
        ("kundnummer", "orders", "customer_id"),
        ("N° client", "orders", "customer_id"),
        ("CustomerNo", "orders", "customer_id"),
        ("Klant-nr", "orders", "customer_id"),
        ("Rechnungsdatum", "orders", "order_date"),
        ("Montant HT", "orders", "order_amount"),
        ("E-Mail-Adresse", "customers", "email"),
        ("Geräte", "usage", "devices"),
        ("Geraete", "usage", "devices"),
        ("Avböjt reklam", "customers", "opted_out"),
    ],
)
def test_names_in_five_languages(name: str, table: str, ours: str):
    assert name_score(name, table, ours) >= 0.8


def test_a_name_of_something_else_is_none():
    assert name_score("Klantnaam", "orders", "customer_id") < 0.5 and name_score("Versandkosten", "orders", "order_amount") < 0.3


@pytest.mark.parametrize(("seed", "control"), [(1, "A"), pytest.param(2, "Original", marks=pytest.mark.drill)])
def test_a_test_of_another_tool_is_read_with_its_outcomes_and_control(seed: int, control: str, tmp_path: Path):
    write_outside_test(tmp_path, seed, people=900)
    draft = drafted(tmp_path, [seen for path in sorted(tmp_path.iterdir()) for seen in looked_at(path)])
    assert sorted(block["table"] for block in draft.sources) == ["outcomes", "test_assignment"]
    assert draft.settings["evaluation"]["test"] == {"control": control, "metric": "revenue"}
    assert any("written down before the start" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize("share", every([0.4, 0.02], 2))
def test_rows_without_a_customer_stay_and_are_told(share: float, tmp_path: Path):
    lines = ["order id;customer id;order date;amount"]
    lines += [
        f"T{n};{'' if n % 100 < 100 * share else 7000 + n % 90};2024-{1 + n % 12:02}-{1 + n % 28:02};{20 + n % 70},50" for n in range(600)
    ]
    (tmp_path / "orders.csv").write_text("\n".join(lines))
    draft = drafted(tmp_path, looked_at(tmp_path / "orders.csv"))
    assert "set_aside" not in draft.sources[0] and not draft.questions
    assert any("name no customer" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize("name", every(["Datum", "Geb.datum"], 2))
def test_days_of_birth_are_not_the_first_days_of_customers(tmp_path: Path, name: str):
    lines = [f"Klantnr;Naam;Postcode;{name}"]
    lines += [f"{8000 + n};Bakker {n};{1000 + 7 * n};{1 + n % 28:02}-{1 + n % 12:02}-{1945 + n % 60}" for n in range(240)]
    (tmp_path / "klanten.csv").write_text("\n".join(lines))
    draft = drafted(tmp_path, looked_at(tmp_path / "klanten.csv"))
    assert "created_date" not in draft.sources[0]["columns"]
    assert "Geb" not in str(draft.sources) and "datum" not in str(draft.sources[0].get("extra", {}))


@pytest.mark.parametrize(
    ("name", "words", "gone"),
    [
        ("Status", ("storniert", "bezahlt"), 40),
        pytest.param("Geannuleerd", ("Ja", "Nee"), 40, marks=pytest.mark.drill),
        pytest.param("Status", ("betald", "skickad"), 0, marks=pytest.mark.drill),
    ],
)
def test_cancelled_orders_are_set_aside_and_asked_about(tmp_path: Path, name: str, words: tuple[str, str], gone: int):
    rows = [f"O{n:04d};C{n % 90:03d};{n % 28 + 1:02d}-{n % 12 + 1:02d}-2025;{n},50;{words[0] if n < 40 else words[1]}" for n in range(400)]
    path = tmp_path / "bestellingen.csv"
    path.write_text("\n".join([f"Bestelnummer;Klantnummer;Besteldatum;Bedrag;{name}", *rows]), encoding="utf-8")
    draft = drafted(tmp_path, looked_at(path))
    assert draft.rows == (400 - gone,)
    asked = [question for question in draft.questions if question.name.startswith("cancelled")]
    assert len(asked) == (gone > 0)
    for question in asked:
        assert drafted(tmp_path, looked_at(path), {question.name: "keep"}).rows == (400,)


@pytest.mark.parametrize("orders_by", every(["email", "number"], 2))
def test_customers_are_joined_by_the_address_where_no_number_does(tmp_path: Path, orders_by: str):
    write_mail_shop(tmp_path, 1, orders_by, people=120)
    draft = drafted(tmp_path, [seen for path in sorted(tmp_path.iterdir()) for seen in looked_at(path)])
    keys = {block["file"]: block["columns"]["customer_id"] for block in draft.sources}
    assert not any("ids" in block for block in draft.sources)
    if orders_by == "email":
        assert keys == dict.fromkeys(("customers.csv", "subscribers.csv", "orders.csv"), "E-mail")
        assert any("e-mail address" in doubt for doubt in draft.doubts)
    else:
        assert keys == dict.fromkeys(("customers.csv", "orders.csv"), "Customer number") and "subscribers.csv" in draft.left_out


@pytest.mark.parametrize(
    ("language", "multiplies"), [("fi", False), *(pytest.param(*way, marks=pytest.mark.drill) for way in (("da", False), ("pl", True)))]
)
def test_a_till_in_a_language_nobody_listed_is_lines_of_receipts(tmp_path: Path, language: str, multiplies: bool):
    lines = write_till(tmp_path, language, 2, receipts=150, multiplies=multiplies)
    (path,) = tmp_path.iterdir()
    draft = drafted(tmp_path, looked_at(path))
    names = path.read_text(encoding="utf-8").splitlines()[0].split(";")
    (block,) = draft.sources
    assert (block["table"], draft.rows) == ("order_lines", (lines,))
    ours = ("order_id", "order_date", "product_id", "product_name", "line_amount")
    assert {name: block["columns"][name] for name in ours} == dict(zip(ours, [*names[:4], names[-1]], strict=True))
    assert [question.name for question in draft.questions] == ([] if language == "da" else [f"table {path.name}"])


def test_a_till_that_scans_a_product_as_often_as_it_is_bought_is_read_too(tmp_path: Path):
    """No column tells the lines of a receipt apart: then nothing is taken from the shape of its lines, and the names speak."""
    lines = write_till(tmp_path, "da", 3, receipts=200, multiplies=False)
    (path,) = tmp_path.iterdir()
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *(row for row in rows for _scan in range(3))]) + "\n", encoding="utf-8")
    draft = drafted(tmp_path, looked_at(path))
    assert [block["table"] for block in draft.sources] in (["order_lines"], []) and draft.rows in ((3 * lines,), ())


def test_a_list_of_people_and_states_is_no_table_of_quotes_or_tests(tmp_path: Path):
    rows = [f"lid{n}@post.be;2024-0{1 + n % 9}-11;{('actief', 'gestopt')[n % 2]};G{n % 3}" for n in range(200)]
    (tmp_path / "lijst.csv").write_text("\n".join(["Adres;Datum;Status;Groep", *rows]), encoding="utf-8")
    draft = drafted(tmp_path, looked_at(tmp_path / "lijst.csv"))
    assert [block["table"] for block in draft.sources] == ["customers"]


def test_an_address_that_stands_as_a_header_stays_there(tmp_path: Path):
    rows = [f"C{n};jan{n}@web.nl;1{n:03};Gent" for n in range(80)]
    (tmp_path / "customers.csv").write_text("\n".join(["Klantnr;jan.peeters@web.nl;Postcode;Plaats", *rows]), encoding="utf-8")
    (seen,) = looked_at(tmp_path / "customers.csv")
    assert [column.name for column in seen.columns] == ["Klantnr", "column_2", "Postcode", "Plaats"] == list(seen.block["header"])
    assert seen.rows == 80 and "peeters" not in f"{seen.block}{seen.evidence}"


@pytest.mark.parametrize(
    "case",
    every(
        [{"late": 17}, {"late": 140, "corrected": 9}, {"late": 60, "corrected": 5, "customers": True}, {"late": 0, "other_till": True}], 4
    ),
)
def test_order_lines_in_two_files_count_once_and_two_tills_stay_apart(tmp_path: Path, case: dict):
    lines, cents = write_repeats(tmp_path, 3, **case)
    draft = drafted(tmp_path, [seen for path in sorted(tmp_path.iterdir()) for seen in looked_at(path)])
    with read_sources(tmp_path, [Source.model_validate(block) for block in draft.sources]) as intake:
        amounts = intake.tables["order_lines"]["line_amount"]
        assert intake.doubts == ()
        assert sum(receipt.rows_used for receipt in intake.receipts) == len(amounts)
    assert (len(amounts), round(100 * amounts.sum())) == (lines, cents)
    assert any("exported twice" in doubt for doubt in draft.doubts) == ("other_till" not in case)


def test_reading_doubts_orders_of_two_files_that_nobody_declared_and_refuses_a_name_of_none(tmp_path: Path):
    lines, _cents = write_repeats(tmp_path, 5, late=20, corrected=5)
    columns = {"order_id": "Bonnr", "order_date": "Datum", "product_id": "Artikelnr", "line_amount": "Regelbedrag"}
    old, new = ({"table": "order_lines", "file": name, "columns": columns} for name in ("lines_old.csv", "lines_new.csv"))
    with read_sources(tmp_path, [Source.model_validate(block) for block in (old, new)]) as intake:
        (doubt,) = intake.doubts
        in_both = intake.tables["order_lines"].groupby("order_id")["order_date"].size()
    assert doubt.kind == "orders_twice" and doubt.serious and doubt.of == len(in_both) + doubt.rows
    once = [Source.model_validate(block) for block in (old | {"repeated_in": ["lines_new.csv"]}, new)]
    with read_sources(tmp_path, once) as intake:
        assert intake.doubts == () and len(intake.tables["order_lines"]) == lines
    wrong = [Source.model_validate(block) for block in (new | {"repeated_in": ["lines_new.csv"]}, old)]
    with pytest.raises(UserMistakes, match="later source"):
        read_sources(tmp_path, wrong)


def test_two_tills_that_give_one_number_to_two_customers_stop_the_draft(tmp_path: Path):
    write_repeats(tmp_path, 3, late=0, other_till=True, customers=True)
    with pytest.raises(UserMistakes, match="one customer per order"):
        drafted(tmp_path, [seen for path in sorted(tmp_path.iterdir()) for seen in looked_at(path)])


def test_a_number_on_most_orders_is_set_aside_and_asked_about(tmp_path: Path):
    rows = [
        f"O{n:05};{'99999' if n % 5 < 2 else 2000 + n * 7 % 311};2024-{1 + n % 12:02}-{1 + n % 28:02};{9 + n % 40},50" for n in range(1500)
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["Order ID;Customer ID;Order date;Amount", *rows]), encoding="utf-8")
    draft = drafted(tmp_path, looked_at(path))
    assert draft.rows == (1500,) and draft.sources[0]["ids"] == {"customer_id": {"nobody": ("99999",)}}
    assert [question.name for question in draft.questions] == ["guest orders"]


@pytest.mark.parametrize("plan", every([False, True], 2))
def test_without_orders_the_last_day_of_all_dated_columns_is_the_one_to_look_back_from(tmp_path: Path, plan: bool):
    ends = "Contract tot" if plan else "Uitgeschreven"
    rows = []
    for n in range(300):
        joined, left = date(2023, 1, 1) + timedelta(days=n * 535 // 299), date(2023, 9, 1) + timedelta(days=n % 80 * 13 // 2)
        end = date(2027, 1, 1) + timedelta(days=n * 5) if plan else left if n % 3 == 0 else None
        rows.append(f"L{n:03};{9000 + n};{joined:%d-%m-%Y};{f'{end:%d-%m-%Y}' if end else ''};{n % 60},95")
    (tmp_path / "leden.csv").write_text("\n".join([f"Lidnr;Postcode;Inschrijfdatum;{ends};Contributie", *rows]), encoding="utf-8")
    draft = drafted(tmp_path, looked_at(tmp_path / "leden.csv"))
    assert draft.settings["as_of"] == (date(2024, 6, 19) if plan else date(2025, 1, 26))
    assert any("as_of follows" in doubt for doubt in draft.doubts) == (not plan)


def read_folder(folder: Path, answers: dict[str, str] | None = None):
    return drafted(folder, [seen for path in sorted(folder.iterdir()) for seen in looked_at(path)], answers)


@pytest.mark.parametrize(
    ("language", "products"), [("da", True), ("es", False), *(pytest.param(language, True, marks=pytest.mark.drill) for language in LINES)]
)
def test_cancelled_lines_are_set_aside_and_asked_about(tmp_path: Path, language: str, products: bool):
    stay = write_lines(tmp_path, language, 3, products=products)
    draft = read_folder(tmp_path)
    assert draft.sources[0]["table"] == ("order_lines" if products else "orders") and draft.rows == (stay,)
    assert [question.name for question in draft.questions if question.name.startswith("cancelled")] == ["cancelled verkoop.csv"]


def test_a_word_of_cancelling_that_no_rule_looks_at_is_told(tmp_path: Path):
    lines = [f"O{n};C{n % 40};2024-{1 + n % 12:02}-{1 + n % 28:02};{n % 90},50;paid;{('ok', 'cancelled')[n % 9 == 0]}" for n in range(200)]
    lines = [f"{line};{'storno' if n % 11 == 0 else 'ok'}" for n, line in enumerate(lines)]
    (tmp_path / "orders.csv").write_text("\n".join(["Order ID;Customer ID;Order date;Amount;Status;Shop;Depot", *lines]))
    draft = read_folder(tmp_path)
    assert draft.rows == (200 - 23,) and any("Depot says storno" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize("language", ["de", *(pytest.param(language, marks=pytest.mark.drill) for language in CONTRACTS)])
def test_a_list_that_says_who_left_is_customers_and_asked_about_first(tmp_path: Path, language: str):
    write_contracts(tmp_path, language, 1)
    draft = read_folder(tmp_path)
    (block,), label = draft.sources, CONTRACTS[language][0].split(";")[-1]
    assert block["table"] == "customers" and {"column": label, "kind": "flag"} in block["extra"].values()
    assert draft.questions[0].name == "table bestand.csv" and any("predictions.label" in doubt for doubt in draft.doubts)
    if language == "de":
        assert read_folder(tmp_path, {"table bestand.csv": "orders"}).sources[0]["table"] == "orders"


def test_the_same_columns_with_customers_who_come_again_are_orders(tmp_path: Path):
    write_contracts(tmp_path, "en", 1, again=True)
    draft = read_folder(tmp_path)
    assert draft.sources[0]["table"] == "orders" and any("churn" in doubt for doubt in draft.doubts)


def test_groups_of_customers_stay_beside_orders_under_their_own_letters(tmp_path: Path):
    write_shop_with_groups(tmp_path)
    draft = read_folder(tmp_path)
    assert draft.sources[0]["extra"] == {"soort_bezoeken": {"column": "Soort bezoeken", "kind": "text"}}
    assert "klanten.csv, column Voornaam" in draft.left_out


@pytest.mark.parametrize("one_file", [False, True])
def test_outcomes_of_everybody_are_those_of_who_converted(tmp_path: Path, one_file: bool):
    converted = write_everybody(tmp_path, 1, people=600, one_file=one_file)
    draft = read_folder(tmp_path)
    tables = {block["table"]: (block, rows) for block, rows in zip(draft.sources, draft.rows, strict=True)}
    block, rows = tables["outcomes"]
    assert (rows, tables["test_assignment"][1]) == (converted, 600)
    assert block["decimal"] == "." and block["columns"]["outcome_date"] == "converted_at" and block["set_aside"][0]["equals"] == ("0",)
    assert draft.settings["evaluation"]["test"] == {"control": "control", "metric": "revenue"} and not draft.left_out
    assert any("did not convert" in doubt for doubt in draft.doubts)


@pytest.mark.parametrize(("flag", "table"), [("gekündigt", "customers"), ("bezahlt", "orders")])
def test_a_yes_with_its_day_is_no_outcome_of_a_test_by_itself(tmp_path: Path, flag: str, table: str):
    key = "Kundennummer" if table == "customers" else "Bestellnummer;Kundennummer;Bestelldatum"
    keys = [f"{700 + n}" if table == "customers" else f"B{n};{700 + n % 40};2023-0{1 + n % 9}-11" for n in range(120)]
    rows = [f"{keys[n]};{n % 70},50;{n % 4 == 0:d};{'2024-03-1' + str(n % 9) if n % 4 == 0 else ''}" for n in range(120)]
    (tmp_path / "liste.csv").write_text("\n".join([f"{key};Betrag;{flag};{flag} am", *rows]), encoding="utf-8")
    assert [block["table"] for block in read_folder(tmp_path).sources] == [table]
