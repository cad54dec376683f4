"""A web site whose addresses are the numbers of items: enough visitors, and not one word in what they looked at."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.server_logs import BROWSERS, PARTS, PROGRAMS

FORMS = ("/{n}", "/{n}.html", "/p/{n}", "/{g}/{n}", "/i/{n}/")
FILES = ("access.log", "access.log.gz", "www-access_log", "access_log-20240331.gz", "ssl_access.log")


def write_web_log(folder: Path, seed: int, visitors: int = 500) -> World:
    """Write a month of a server's log; people look at items, programs at everything.

    Parameters
    ----------
    folder : where the log goes.
    seed : of everything drawn, and of the form of the addresses and the name of the file.
    visitors : how many people there are.
    """
    rng = np.random.default_rng([16, 6, seed])
    form, file = FORMS[seed % len(FORMS)], FILES[(seed + seed // 5) % len(FILES)]
    zone = timezone(timedelta(hours=(1, 0, -5)[seed % 3]))
    start = datetime(2024, 3, 4, tzinfo=zone)
    items = rng.choice(90_000, 400, replace=False) + 10_000
    lines: list[tuple[int, str]] = []
    pages = 0

    def add(address: str, second: int, path: str, agent: str, status: int = 200) -> None:
        moment = start + timedelta(seconds=second)
        lines.append(
            (second, f'{address} - - [{moment:%d/%b/%Y:%H:%M:%S %z}] "GET {path} HTTP/1.1" {status} {second % 9000 + 300} "-" "{agent}"')
        )

    for who in range(visitors):
        address, agent = f"84.{who // 250 + 3}.{who % 250}.{int(rng.integers(1, 255))}", BROWSERS[who % len(BROWSERS)]
        second, taste = int(rng.integers(0, 25 * 86_400)), int(rng.integers(4))
        for _page in range(int(rng.integers(3, 12))):
            item = int(items[int(rng.integers(100)) + 100 * taste])
            add(address, second, form.format(n=item, g=item % 40 + 100), agent)
            add(address, second + 1, PARTS[int(rng.integers(len(PARTS)))], agent)
            pages += 1
            second += int(rng.integers(8, 200))
    for number, agent in enumerate(PROGRAMS):
        second = 1_000 * number
        for item in items[:120]:
            second += 2
            add(f"66.249.66.{number + 1}", second, form.format(n=int(item), g=int(item) % 40 + 100), agent)
            pages += 1
    lines.sort()
    text = "".join(f"{line}\n" for _, line in lines)
    (folder / file).write_bytes(gzip.compress(text.encode(), mtime=0) if file.endswith(".gz") else text.encode())
    block = {"table": "web_events", "file": file, "format": "combined_log"} | ({"packed": "gz"} if file.endswith(".gz") else {})
    return World(
        "web_log",
        f"{form} in {file}",
        folder,
        {"client": {"name": "Web log"}, "as_of": "2024-03-31", "sources": [block]},
        {"web_events": pd.DataFrame({"event_type": ["page view"] * pages})},
        # The truth: people came, and addresses that are numbers hold no words.
        says=(r"(?i)(?:address|path|page|url)\w*.{0,120}(?:numbers|codes|no words|hold no word)",),
        never=(r"\b0 visitors",),
        facts={"pages": pages, "visitors": visitors, "customers": 0},
    )
