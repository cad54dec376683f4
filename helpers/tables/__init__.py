"""The canonical tables: column, type, unit, meaning and allowed range; and what became of every file."""

from helpers.tables.canonical import (
    CUSTOMER_TABLE,
    CUSTOMERS,
    DAYS_PER_MONTH,
    EXPOSURES,
    ORDER_LINES,
    ORDERS,
    TABLES,
    WEB_EVENTS,
    data_dictionary,
)
from helpers.tables.columns import Column, Table, dtypes, empty

__all__ = [
    "CUSTOMERS",
    "CUSTOMER_TABLE",
    "Column",
    "DAYS_PER_MONTH",
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
