# ruff: noqa: E501
"""Public data read to the cent: a Belgian Excel's export of a wholesaler, and a grocer's tables joined."""

from __future__ import annotations

from datetime import date

import pytest

from helpers.sources import read_sources
from helpers.sources.customers import customer_table
from helpers.sources.key_coverage import merge_record
from helpers.tables.declared import Source
from tests.conftest import shared_data
from tests.support.order_tables import orders_from_lines

BELGIAN = {
    "table": "order_lines",
    "file": "online_retail_2010-12_eu_cp1252.csv.gz",
    "packed": "gz",
    "encoding": "cp1252",
    "delimiter": ";",
    "decimal": ",",
    "date_format": "%d/%m/%Y %H:%M",
    "columns": {
        "order_id": "InvoiceNo",
        "order_date": "InvoiceDate",
        "customer_id": "CustomerID",
        "product_id": "StockCode",
        "product_name": "Description",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "country": "Country",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["text", "engine"])
def test_a_belgian_export_reads_to_the_cent(reader: str):
    folder = shared_data("eu_dialect")
    with read_sources(folder, [Source.model_validate({**BELGIAN, "reader": reader})]) as intake:
        lines, (receipt,) = intake.tables["order_lines"], intake.receipts
    assert receipt.rows_read == len(lines) == 42_481
    assert round(lines["line_amount"].sum(), 2) == receipt.amount_read == 748_957.02
    assert lines["customer_id"].nunique() == 948
    assert int(lines["customer_id"].isna().sum()) == 15_631
    table = customer_table({"orders": orders_from_lines(lines)}, date(2010, 12, 31))
    assert len(table) == 948


@pytest.mark.slow
def test_a_grocers_tables_join_with_their_known_gaps():
    folder = shared_data("complete_journey")
    # R wrote some ids as powers of ten (9e+05), all their digits kept: declared, else they are refused.
    ids = {"ids": {"order_id": {"powers_of_ten": True}, "product_id": {"powers_of_ten": True}}}
    sources = [
        {
            "table": "order_lines",
            "file": "transactions_sample.parquet",
            "format": "parquet",
            **ids,
            "columns": {
                "order_id": "basket_id",
                "customer_id": "household_id",
                "order_date": "transaction_timestamp",
                "product_id": "product_id",
                "quantity": "quantity",
                "line_amount": "sales_value",
            },
        },
        {
            "table": "products",
            "file": "products.parquet",
            "format": "parquet",
            **ids,
            "columns": {"product_id": "product_id", "product_group": "department", "product_name": "product_category"},
        },
        {
            "table": "customers",
            "file": "demographics.parquet",
            "format": "parquet",
            "columns": {"customer_id": "household_id", "size_class": "household_size"},
        },
    ]
    with read_sources(folder, [Source.model_validate(one) for one in sources]) as intake:
        record = merge_record(intake.relations, intake.receipts, intake.store)
        lines = intake.tables["order_lines"]
    links = {(one["table"], one["list"]): one for one in record["links"]}
    households = links["order_lines", "customers"]
    assert len(lines) == 75_000 and households["keys"] == 2_377
    assert households["listed"] == 801 and households["both"] <= 801
    products = links["order_lines", "products"]
    assert 0 < products["orphan_rows"] < 0.005 * products["rows"]
    assert int((lines["quantity"] == 0).sum()) == 416
