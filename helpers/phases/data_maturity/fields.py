"""Measured on fields: what is there, how full it is, and whether what is there can be right."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.data_maturity.measures import Measure, moments, share
from helpers.tables import TABLES
from helpers.tables.receipts import filled

CORE_TABLES = ("orders", "customers", "contacts", "order_lines", "web_events")
# Kinds of results: what was sent, who got what of it, what came of it.
RESULT_TABLES = (("campaigns",), ("exposures", "test_assignment"), ("outcomes",))
CHOICES = ("sector", "customer_code", "size_class", "region", "country", "customer_language")
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
QUOTE_DAYS = 180  # our convention: by then a quote has been won or lost
OLDEST = pd.Timestamp("1950-01-01")
FEWEST_SPELLINGS = 20


def field_measures(
    tables: Mapping[str, pd.DataFrame], core: Sequence[str], context: RunContext, decisions: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Measure | None]:
    """Yield what can be measured on single tables and fields; None where there are no rows.

    ``core`` are the fields of customers that matter to the client; ``decisions`` those of the artefact "merge".
    """
    has = [name for name in CORE_TABLES if name in tables and len(tables[name])]
    yield share("tables_there", "all", "", len(has), len(CORE_TABLES), ", ".join(has))
    there = [[name for name in kind if name in tables and len(tables[name])] for kind in RESULT_TABLES]
    results = [", ".join(names) for names in there if names]
    campaigns = tables.get("campaigns")
    if campaigns is not None and "responded" in campaigns and filled(campaigns["responded"]).any():
        results.append("campaign responses")
    yield share("results_recorded", "all", "", len(results), len(RESULT_TABLES) + 1, ", ".join(results))
    yield _quotes(tables.get("quotes"), context)
    customers = tables.get("customers")
    if customers is not None and len(customers):
        yield from _customers(customers, core, context, decisions)
    for name, frame in sorted(tables.items()):
        if name in TABLES and len(frame):
            yield from _table(name, frame, context)


def _quotes(quotes: pd.DataFrame | None, context: RunContext) -> Measure | None:
    """Return the share of quotes with an outcome, of those old enough to have one."""
    if quotes is None:
        return None
    old = quotes[moments(quotes["quote_date"]) <= pd.Timestamp(context.as_of) - pd.Timedelta(days=QUOTE_DAYS)]
    return share("quotes_decided", "quotes", "quote_status", int(old["quote_status"].isin(["won", "lost"]).sum()), len(old))


def _customers(
    customers: pd.DataFrame, core: Sequence[str], context: RunContext, decisions: Sequence[Mapping[str, Any]]
) -> Iterator[Measure | None]:
    there = [field for field in core if field in customers and filled(customers[field]).any()]
    yield share("core_fields_there", "customers", "", len(there), len(core), ", ".join(there))
    for field in core:
        full = int(filled(customers[field]).sum()) if field in customers else 0
        name = "consent_known" if field == "consent" else "filled"
        yield share(name, "customers", field, full, len(customers), _why_empty(field, len(customers), full, decisions))
    yield from _lately(customers, core, context)
    for field in CHOICES:
        if field in customers:
            yield _spelling(customers[field], field)
    if "email" in customers:
        given = customers.loc[filled(customers["email"]), "email"].astype("string").str.strip()
        yield share("valid", "customers", "email", int(given.str.fullmatch(_EMAIL).fillna(False).sum()), len(given))


def _why_empty(field: str, customers: int, full: int, decisions: Sequence[Mapping[str, Any]]) -> str:
    """Return, of the empty cells of a field that another system brings, how many have no record there / are blank there."""
    files = {decision["file"] for decision in decisions if decision["what"] == "brings" and decision["column"] == field}
    joined = sum(decision["rows"] for decision in decisions if decision["what"] == "joined" and decision["file"] in files)
    if not files or full == customers:
        return ""
    unmatched = min(max(customers - joined, 0), customers - full)
    return f"{unmatched}/{customers - full - unmatched}"


def _lately(customers: pd.DataFrame, core: Sequence[str], context: RunContext) -> Iterator[Measure | None]:
    """Yield how full the fields are for customers recorded in the last 12 months: is it getting better?"""
    if "created_date" not in customers:
        return
    created = moments(customers["created_date"])
    as_of = pd.Timestamp(context.as_of)
    recent = customers[(created > as_of - pd.DateOffset(months=12)) & (created <= as_of)]
    fields = [field for field in core if field in customers and field != "created_date"]
    full = sum(int(filled(recent[field]).sum()) for field in fields)
    yield share("filled_lately", "customers", "", full, len(recent) * len(fields), f"{len(recent)}")


def _spelling(column: pd.Series, field: str) -> Measure | None:
    """Return the share of rows that write a choice in its most usual way (case, spaces and dots apart)."""
    given = column[filled(column)].astype("string")
    if len(given) < FEWEST_SPELLINGS:
        return None
    same = given.str.casefold().str.replace(r"[\s.\-_/]+", "", regex=True)
    counts = pd.DataFrame({"same": same, "given": given}).value_counts().reset_index(name="n")
    usual = int(counts.groupby("same")["n"].max().sum())
    return share("one_spelling", "customers", field, usual, len(given), f"{given.nunique()}/{same.nunique()}")


def _table(name: str, frame: pd.DataFrame, context: RunContext) -> Iterator[Measure | None]:
    contract = TABLES[name]
    key = [column for column in contract.key if column in frame]
    if key and len(key) == len(contract.key):
        yield share("unique_keys", name, ", ".join(key), int((~frame.duplicated(key)).sum()), len(frame))
    elif not key:
        yield share("no_doubles", name, "", int((~frame.duplicated()).sum()), len(frame))
    when = contract.when
    if when and when in frame:
        dates = moments(frame.loc[filled(frame[when]), when])
        possible = (dates >= OLDEST) & (dates < pd.Timestamp(context.as_of) + pd.Timedelta(days=1))
        yield share("possible_dates", name, when, int(possible.sum()), len(dates))
    money = contract.money
    if money and money in frame:
        numbers = pd.to_numeric(frame[money], errors="coerce").notna()
        yield share("valid", name, money, int(numbers.sum()), len(frame))
    if name in ("orders", "order_lines", "web_events"):
        who = [column for column in ("customer_id", "visitor_id") if column in contract.names and column in frame][-1:]
        needs = [*who, when]
        full = pd.concat([filled(frame[column]) for column in needs if column in frame], axis=1).all(axis=1)
        enough = all(column in frame for column in needs) and bool(who)
        yield share("detail", name, "", int(full.sum()) if enough else 0, len(frame))
