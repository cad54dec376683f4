"""The first step of every round: raw exports → tables, customer table and receipts in the round folder."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ibis

from helpers.client.config import ClientConfig
from helpers.core.errors import Problem, UserMistakes, did_you_mean
from helpers.phases.evaluation.elsewhere import misfits
from helpers.privacy.pseudonyms import client_key
from helpers.running.export_changes import export_changes
from helpers.running.fingerprints import digest, input_hashes
from helpers.running.freshness import DRAFT, draft_stands
from helpers.running.rounds import ENDED, Round
from helpers.sources import read_sources
from helpers.sources.customers import customer_table, known_by, window, with_orders
from helpers.sources.doubts import find_doubts
from helpers.sources.frames import keep_parquet
from helpers.sources.shape import shape_of
from helpers.sources.store import Store
from helpers.tables import CUSTOMER_TABLE, TABLES, dtypes
from helpers.tables.contracts import breaches
from helpers.tables.doubts import confirmed, to_json


def prepare(folder: Path, config: ClientConfig, round_: Round) -> None:
    """Read a client's exports into a draft round, unless the same bytes were read into it before (UserMistakes, with all problems)."""
    inputs = {"client.yml": digest(config.model_dump(mode="json")), **input_hashes(folder, config)}
    if draft_stands(round_, inputs):
        return
    fill(folder, config, round_)
    for end_marker in (round_.artefacts / ENDED).glob("*.json"):
        end_marker.unlink()  # the notebooks' results rest on other data now
    round_.keep(DRAFT, inputs)


def fill(folder: Path, config: ClientConfig, round_: Round) -> None:
    """Read the client's sources into a round; parameters and errors as for ``prepare``."""
    # Before anything is read: visitors get their names from it.
    client_key(folder, make=any(source.table == "web_events" for source in config.sources))
    with read_sources(folder, config.sources) as intake:
        tables = _completed(dict(intake.relations), config, intake.store)
        problems = [problem for name, table in tables.items() for problem in breaches(table, TABLES[name], key=False)]
        problems += misfits_of(config, tables)
        if problems:
            raise UserMistakes(problems)
        for name, table in tables.items():
            _keep(name, table, config, round_)
        round_.keep("customer_table", customer_table(tables, config.as_of, config.history_from))
        round_.keep("merge", intake.merge)
        doubts = find_doubts(tables, config.as_of, config.client.currency, intake.doubts)
        round_.keep("doubts", to_json(confirmed(doubts, config.confirmed)))
        home = round_.folder.parent
        shape = shape_of(intake.relations, intake.receipts, home.name)
        round_.keep("shape", shape.to_json())
        found = export_changes(home, config.as_of, shape)
        round_.keep("export_changes", {"changes": [asdict(change) for change in found]})
    round_.keep("as_of", {"as_of": config.as_of.isoformat()})
    round_.keep("receipts", {"receipts": [receipt.to_json() for receipt in intake.receipts]})


def misfits_of(config: ClientConfig, tables: Mapping[str, Any]) -> list[Problem]:
    """Return where what client.yml says of the test, and of predictions.label, is not what the (ibis) tables hold."""
    rows = tables.get("test_assignment")
    if rows is not None:
        rows = rows.select(*(name for name in ("test_id", "arm", "assigned_time") if name in rows.columns)).distinct().execute()
    return [*misfits(config.evaluation.test, rows), *_label_misfits(config, tables)]


def _label_misfits(config: ClientConfig, tables: Mapping[str, Any]) -> list[Problem]:
    label, customers = config.predictions.label, tables.get("customers")
    if label is None:
        return []
    own = [] if customers is None else [name for name in customers.columns if name != "customer_id" and not name.startswith("__")]
    known = [*own, *CUSTOMER_TABLE.names]
    missing = [("column", label.column)] if label.column not in known else []
    for key in ("features", "leave_out", "known_before"):
        missing += [(key, name) for name in getattr(label, key) if name not in known]
    expected = "a column of the table customers: one of columns or extra of its source"
    return [Problem("client.yml", f"key predictions.label.{key}", got, expected, did_you_mean(got, own)) for key, got in missing]


def _completed(tables: dict[str, Any], config: ClientConfig, store: Store) -> dict[str, Any]:
    """Add the orders that lines add up to, and leave out customers not known yet."""
    tables = with_orders(tables)
    if "customers" in tables:
        buyers = tables.get("orders")
        if buyers is not None and "customer_id" in buyers.columns:
            buyers = store.here(buyers.group_by("customer_id").aggregate(order_date=buyers["order_date"].min()))
        tables["customers"] = known_by(store.here(tables["customers"]), buyers, config.as_of)
    if "persons" in tables:
        tables["persons"] = known_by(store.here(tables["persons"]), None, config.as_of)
    return tables


def _keep(name: str, table: Any, config: ClientConfig, round_: Round) -> None:
    when, path = TABLES[name].when, round_.artefacts / f"{name}.parquet"
    cut = table
    if when in table.columns and name not in ("customers", "products", "persons"):
        cut = window(table, when, config.as_of, config.history_from)
    cut = cut.order_by("order_id") if name == "orders" else cut
    if name in ("orders", "order_lines") and "customer_id" not in cut.columns:
        cut = cut.mutate(customer_id=ibis.null("string"))  # an order of nobody, and not a table of another form
    rows = keep_parquet(cut, dtypes(TABLES[name]), path)
    if not rows and name != "orders" and table.count().execute():
        path.unlink()  # a table of which nothing happened yet is not there yet
