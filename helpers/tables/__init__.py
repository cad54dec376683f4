"""The canonical tables: column, type, unit, meaning and allowed range; and what became of every file."""

from helpers.tables.canonical import CUSTOMER_TABLE, CUSTOMERS, EXPOSURES, ORDER_LINES, ORDERS, TABLES, WEB_EVENTS, data_dictionary
from helpers.tables.columns import Column, Table, dtypes, empty

__all__ = [
    "CUSTOMERS",
    "CUSTOMER_TABLE",
    "Column",
    "EXPOSURES",
    "ORDERS",
    "ORDER_LINES",
    "TABLES",
    "Table",
    "WEB_EVENTS",
    "data_dictionary",
    "dtypes",
    "empty",
]
