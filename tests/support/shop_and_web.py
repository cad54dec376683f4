"""A shop with a till and a web shop: two exports of orders, each numbered from 1, none of which says what it is."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

AS_OF = date(2024, 12, 31)


@dataclass(frozen=True)
class ShopAndWeb:
    """The source blocks, and what is true of the last twelve months.

    Parameters
    ----------
    orders, cents : per channel; in_both : customers who bought in both; in_one : who bought in one of them only.
    """

    blocks: list[dict[str, Any]]
    orders: Counter[str]
    cents: Counter[str]
    in_both: int
    in_one: int


def write_shop_and_web(folder: Path, seed: int, customers: int = 120) -> ShopAndWeb:
    """Write the till's and the web shop's orders of two years; the till writes its own customer numbers with zeros in front."""
    rng = random.Random(seed)
    lines: dict[str, list[str]] = {"shop": [], "web": []}
    orders: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    used: dict[int, set[str]] = {}
    for customer in range(1, customers + 1):
        likes_web = rng.random()
        for _order in range(rng.randrange(1, 15)):
            day = AS_OF - timedelta(days=rng.randrange(730))
            channel = "web" if rng.random() < likes_web else "shop"
            amount = rng.randrange(500, 30_000)
            number = len(lines[channel]) + 1
            written = f"{customer:06}" if channel == "shop" else str(customer)
            lines[channel].append(f"{number};{written};{day:%d/%m/%Y};{amount / 100:.2f}".replace(".", ","))
            if day > date(2023, 12, 31):
                orders[channel] += 1
                cents[channel] += amount
                used.setdefault(customer, set()).add(channel)
    blocks = []
    for channel in ("shop", "web"):
        (folder / f"{channel}.csv").write_text("\n".join(["nr;klant;datum;bedrag", *lines[channel]]) + "\n", encoding="utf-8")
        columns = {"order_id": "nr", "customer_id": "klant", "order_date": "datum", "order_amount": "bedrag"}
        ids = {"customer_id": {"strip_zeros": True}, "order_id": {"add_prefix": channel[0].upper()}}
        block = {"table": "orders", "file": f"{channel}.csv", "date_format": "%d/%m/%Y", "columns": columns, "ids": ids}
        blocks.append(block | {"constants": {"channel": channel}})
    in_both = sum(len(channels) == 2 for channels in used.values())
    return ShopAndWeb(blocks, orders, cents, in_both, len(used) - in_both)
