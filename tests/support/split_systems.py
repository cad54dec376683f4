"""A firm whose customers stand in a CRM and an ERP that write their ids in two ways; and what the truth is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COUNTRIES = {"BE": ("BE", "Belgium", "België", "belgie"), "NL": ("NL", "Nederland", "netherlands"), "DE": ("DE", "Deutschland")}
SPELLINGS = {text: country for country, texts in COUNTRIES.items() for text in texts}


@dataclass(frozen=True)
class SplitSystems:
    """The exports in a folder, their source blocks, and the truth by customer."""

    blocks: list[dict[str, Any]]
    country: dict[str, str]
    employees: dict[str, int]
    conflicts: int
    orders: int


def write_split_systems(folder: Path, seed: int, prefix: str = "NAS", share_prefixed: float = 0.6, customers: int = 300) -> SplitSystems:
    """Write CRM (names, place), ERP (country in nine spellings, number of employees, place) and orders.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn.
    prefix, share_prefixed : what the ERP puts before some of its ids.
    customers : how many there are.
    """
    rng = random.Random(seed)
    ids = [f"AW{n}" for n in rng.sample(range(10_000, 99_000), customers)]
    country = {id_: rng.choice(list(COUNTRIES)) for id_ in ids}
    employees = {id_: rng.randrange(1, 900) for id_ in ids}
    place = {id_: rng.choice(["Gent", "Utrecht", "Köln", "Aalst", "Breda"]) for id_ in ids}
    moved = set(rng.sample(ids, customers // 20))
    crm = [f"{id_};Firma {i};{place[id_]}" for i, id_ in enumerate(ids)]
    erp = []
    for id_ in rng.sample(ids, customers):
        theirs = f"{prefix}{id_}" if rng.random() < share_prefixed else id_
        town = "Namur" if id_ in moved else place[id_]
        erp.append(f"{theirs};{rng.choice(COUNTRIES[country[id_]])};{employees[id_]};{town}")
    orders = [f"{n};2024-{n % 12 + 1:02}-05;{rng.choice(ids)};{rng.randrange(5, 900)}" for n in range(customers * 4)]
    _write(folder / "crm.csv", "Nr;Naam;Plaats", crm)
    _write(folder / "erp.csv", "Klant;Land;Personeel;Gemeente", erp)
    _write(folder / "orders.csv", "Nr;Dag;Klant;Bedrag", orders)
    bought = {"order_id": "Nr", "order_date": "Dag", "customer_id": "Klant", "order_amount": "Bedrag"}
    blocks = [
        {"table": "customers", "file": "crm.csv", "columns": {"customer_id": "Nr", "customer_name": "Naam", "place": "Plaats"}},
        {
            "table": "customers",
            "file": "erp.csv",
            "columns": {"customer_id": "Klant", "country": "Land", "employees": "Personeel", "place": "Gemeente"},
            "values": {"country": SPELLINGS},
        },
        {"table": "orders", "file": "orders.csv", "columns": bought},
    ]
    return SplitSystems(blocks, country, employees, len(moved), len(orders))


def _write(path: Path, header: str, lines: list[str]) -> None:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
