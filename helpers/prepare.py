"""The first step of every round: raw exports → tables, customer table and receipts in the round folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from helpers.config import ClientConfig
from helpers.customers import customer_table, in_window, orders_from_lines
from helpers.files import file_hash
from helpers.runs import Round
from helpers.sources import read_sources
from helpers.tables import TABLES
from helpers.webevents import canonical

FINGERPRINT = "prepared"


def prepare(folder: Path, config: ClientConfig, round_: Round) -> None:
    """Read the client's exports into a draft round, unless the same bytes were read into it before.

    Parameters
    ----------
    folder : the client's folder.
    config : its checked client.yml.
    round_ : the round to fill.

    Raises
    ------
    UserMistakes : with every problem in every file.
    """
    fingerprint = input_hashes(folder, config)
    if round_.has(FINGERPRINT) and round_.record(FINGERPRINT) == fingerprint:
        return
    fill(folder, config, round_)
    for old in (round_.artefacts / "ended").glob("*.json"):
        old.unlink()  # the notebooks' results rest on other data now
    round_.keep(FINGERPRINT, fingerprint)


def fill(folder: Path, config: ClientConfig, round_: Round) -> None:
    """Read the client's exports into a round; parameters and errors as for ``prepare``."""
    intake = read_sources(folder, config.sources)
    tables = dict(intake.tables)
    if "web_events" in tables:
        tables["web_events"] = canonical(tables["web_events"])  # addresses are shortened before anything is kept
    if "orders" not in tables and "order_lines" in tables:
        tables["orders"] = orders_from_lines(tables["order_lines"])
    for name, table in tables.items():
        when = TABLES[name].when
        dated = when in table and name not in ("customers", "products")
        round_.keep(name, in_window(table, when, config.as_of, config.history_from) if dated else table)
    round_.keep("customer_table", customer_table(tables, config.as_of, config.history_from))
    round_.keep("as_of", {"as_of": config.as_of.isoformat()})
    round_.keep("receipts", {"receipts": [receipt.to_json() for receipt in intake.receipts]})


def input_hashes(folder: Path, config: ClientConfig) -> dict[str, str]:
    """Return the SHA-256 of client.yml's content and of every input file, by name.

    Parameters
    ----------
    folder : the client's folder.
    config : its checked client.yml.
    """
    hashes = {source.file: file_hash(Path(folder) / source.file) for source in config.sources}
    return {"client.yml": hashlib.sha256(config.model_dump_json().encode()).hexdigest(), **hashes}
