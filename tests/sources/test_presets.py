"""Every preset reads an export in its system's shape: right totals, nothing lost, recognised by its columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.client.config.yaml_text import read_yaml
from helpers.core.errors import AimError
from helpers.sources import read_sources
from helpers.sources.guesses import guess
from helpers.sources.inspect import inspect
from helpers.sources.presets import presets, presets_for, yaml_block
from helpers.tables.declared import Source
from tests.conftest import SAMPLES
from tests.sources.preset_exports import EXPORTS
from tests.support.receipts import rows_set_aside

PRESETS = presets()


def written(name: str, folder: Path) -> Path:
    path = folder / f"{name}.{PRESETS[name].source.get('format', 'csv')}"
    path.write_bytes(EXPORTS[name].raw())
    return path


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_reads_its_export_to_the_cent(name: str, tmp_path: Path):
    path, export = written(name, tmp_path), EXPORTS[name]
    with read_sources(tmp_path, [Source.model_validate(PRESETS[name].block(path.name))]) as intake:
        (receipt,) = intake.receipts
    assert (receipt.rows_read, receipt.rows_used) == (export.read, export.used)
    assert receipt.rows_read == receipt.rows_used + rows_set_aside(receipt)
    assert receipt.amount_read == pytest.approx(receipt.amount_used + sum(one.amount for one in receipt.set_aside), abs=0.001)
    if export.amount is not None:
        assert receipt.amount_used == export.amount
    assert PRESETS[name].traps and PRESETS[name].sure in ("solid", "doubtful")


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.recognise])
def test_inspect_recognises_the_export(name: str, tmp_path: Path):
    found = inspect(written(name, tmp_path))
    assert found.preset is not None and found.preset.name == name
    assert PRESETS[name].title in found.text()


def test_what_stands_on_an_orders_first_row_is_filled_down(tmp_path: Path):
    written("shopify-orders", tmp_path)
    with read_sources(tmp_path, [Source.model_validate(PRESETS["shopify-orders"].block("shopify-orders.csv"))]) as intake:
        lines = intake.tables["order_lines"]
    assert lines["order_id"].tolist() == ["#1001", "#1001", "#1002", "#1002"]
    assert lines["customer_id"].tolist() == ["an@example.org"] * 2 + ["bo@example.org"] * 2
    assert lines["product_id"].tolist()[:2] == ["00123", "1E5"]


def test_credits_without_a_sign_and_dates_without_a_year(tmp_path: Path):
    written("datev-bookings", tmp_path)
    with read_sources(tmp_path, [Source.model_validate(PRESETS["datev-bookings"].block("datev-bookings.csv"))]) as intake:
        lines = intake.tables["order_lines"]
    assert lines["line_amount"].tolist() == [1190.0, 107.5, -119.0]
    assert [str(day.date()) for day in lines["order_date"]] == ["2024-01-31", "2024-01-31", "2024-02-02"]


def test_the_block_survives_yaml(tmp_path: Path):
    for preset in PRESETS.values():
        block = preset.block(f"{preset.name}.csv")
        (tmp_path / "x.yml").write_text("sources:\n" + yaml_block(block), encoding="utf-8")
        content, _ = read_yaml(tmp_path / "x.yml")
        assert Source.model_validate(content["sources"][0]) == Source.model_validate(block)


def test_new_from_a_system_fills_the_sources(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("helpers.commands.sources.data_folder", lambda: tmp_path)
    result = CliRunner().invoke(main, ["new", "my-shop", "--from", "shopify"])
    assert result.exit_code == 0, result.output
    content, _ = read_yaml(tmp_path / "my-shop" / "client.yml")
    assert [one["table"] for one in content["sources"]] == ["customers", "order_lines"]
    assert [Source.model_validate(one) for one in content["sources"]]
    with pytest.raises(AimError, match="Did you mean 'shopify'"):
        presets_for("shoppify")


@pytest.mark.parametrize("name", ["hubspot-persons", "salesforce-persons"])
def test_contacts_with_a_company_are_persons_of_it(name: str, tmp_path: Path):
    path = written(name, tmp_path)
    assert inspect(path).block["table"] == "persons" and PRESETS[name.replace("persons", "contacts")].source["table"] == "customers"
    with read_sources(tmp_path, [Source.model_validate(PRESETS[name].block(path.name))]) as intake:
        persons = intake.tables["persons"]
    # A contact without a company is read all the same.
    assert persons["customer_id"].notna().tolist() == [True, False]


def test_inspect_says_what_is_ambiguous(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Order;Datum;Klant;Bedrag\n0012;01/02/2024;K1;1.234\n0013;03/04/2024;K2;5.678\n")
    found = inspect(tmp_path / "a.csv")
    said = "\n".join(found.ambiguous)
    assert "%d/%m/%Y and %m/%d/%Y" in said and "decimal ',' with thousands '.'" in said and "decimal '.'" in said
    assert "0012" not in found.block and "digits with zeros in front" in found.text()


def test_inspect_names_what_the_table_needs_and_it_could_not_place(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Order;Wanneer;Klant;Bedrag\nA12;01/12/2024;K1;1,34\nA13;13/04/2024;K2;5,78\n")
    (missing,) = [sentence for sentence in inspect(tmp_path / "a.csv").ambiguous if "needs it" in sentence]
    assert missing.startswith("order_date (day or moment of the order): orders needs it")
    (tmp_path / "b.csv").write_text("Artikel;Order;Datum;Aantal\nX1a;A12;13/12/2024;2\nX2b;A13;14/12/2024;1\n")
    assert any(sentence.startswith("line_amount (") for sentence in inspect(tmp_path / "b.csv").ambiguous)
    (tmp_path / "c.csv").write_text("Order;Datum;Klant;Bedrag\nA12;13/12/2024;K1;1,34\nA13;14/12/2024;K2;5,78\n")
    assert not any("needs it" in sentence for sentence in inspect(tmp_path / "c.csv").ambiguous)


def test_inspect_proposes_what_reads_the_sample(tmp_path: Path):
    found = inspect(SAMPLES / "office-interiors" / "crm_klanten.csv")
    assert found.block["encoding"] == "cp1252" and found.block["delimiter"] == ";" and found.block["date_format"] == "%d/%m/%Y"
    assert any("not UTF-8: line" in one for one in found.evidence)


def test_one_day_over_twelve_settles_the_form():
    assert guess("Datum", ["01/02/2024", "13/02/2024"]).readings == ("%d/%m/%Y",)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0"])
def test_inspect_refuses_what_it_cannot_read(tmp_path: Path, content: bytes):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(AimError):
        inspect(tmp_path / "x.csv")
