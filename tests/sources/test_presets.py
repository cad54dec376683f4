"""Every preset reads an export in its system's shape: right totals, nothing lost, recognised by its columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from helpers.__main__ import main
from helpers.client.config.yaml_text import parse_yaml
from helpers.sources import read_sources
from helpers.sources.draft.records import Draft
from helpers.sources.draft.short_text import client_yml
from helpers.sources.presets import presets
from helpers.tables.declared import Source
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
def test_the_export_is_recognised(name: str, tmp_path: Path):
    looked_at = pytest.importorskip("helpers.sources.draft.looking").looked_at
    assert [file.preset for file in looked_at(written(name, tmp_path))] == [name]


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


def test_every_block_survives_yaml():
    for preset in PRESETS.values():
        block = preset.block(f"{preset.name}.csv")
        content, _ = parse_yaml(client_yml(Draft({"as_of": "2024-06-30"}, (block,)), "shop"))
        assert Source.model_validate(content["sources"][0]) == Source.model_validate(block)


def test_new_from_a_system_fills_the_sources(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("AIM_DATA", str(tmp_path))
    result = CliRunner().invoke(main, ["new", "my-shop", "--from", "shopify"])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "my-shop" / "client.yml").read_text(encoding="utf-8")
    content, _ = parse_yaml(text)
    assert [one["table"] for one in content["sources"]] == ["customers", "order_lines"]
    assert [Source.model_validate(one) for one in content["sources"]] and "# - Shopify, orders: There is no customer number" in text
    assert "Did you mean 'shopify'" in CliRunner().invoke(main, ["new", "another", "--from", "shoppify"]).output
    assert [path.name for path in tmp_path.iterdir()] == ["my-shop"]


@pytest.mark.parametrize("name", ["hubspot-persons", "salesforce-persons"])
def test_contacts_with_a_company_are_persons_of_it(name: str, tmp_path: Path):
    path = written(name, tmp_path)
    assert PRESETS[name].source["table"] == "persons" and PRESETS[name.replace("persons", "contacts")].source["table"] == "customers"
    with read_sources(tmp_path, [Source.model_validate(PRESETS[name].block(path.name))]) as intake:
        persons = intake.tables["persons"]
    # A contact without a company is read all the same.
    assert persons["customer_id"].notna().tolist() == [True, False]
