"""Shops whose files name people by their e-mail address, by a number, or by both: which key joins them?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

_FIRST = ("anna", "bram", "carla", "dirk", "els", "femke", "gert", "hilde", "ilse", "jan", "karin", "luc")


def write_mail_shop(folder: Path, seed: int, orders_by: str = "email", subscribers: bool = True, people: int = 300) -> None:
    """Write customers with number and e-mail address, orders, and the list of a mailing tool that knows addresses only.

    Parameters
    ----------
    folder : an empty folder.
    seed : of everything drawn; addresses hold digits, some of them those of other customers' numbers.
    orders_by : what orders name their customer by: "email", "number" or "both".
    subscribers : whether the mailing tool's list is there: more addresses than customers, with a status.
    people : how many customers.
    """
    rng = np.random.default_rng([seed, 5])
    mails = [
        f"{_FIRST[i % 12]}.{rng.integers(1, people)}{'abcdefgh'[i // 12 % 8]}{i}@{('mail.be', 'web.nl')[i % 2]}" for i in range(people)
    ]
    customers = [f"{i + 1};{_FIRST[i % 12].title()} Person {i};{mails[i]};{1000 + i % 90};Gent" for i in range(people)]
    _write(folder / "customers.csv", "Customer number;Name;E-mail;Postcode;City", customers)
    rows = []
    for n in range(people * 3):
        who = int(people * rng.random() ** 1.5)
        keys = {"email": mails[who], "number": str(who + 1), "both": f"{who + 1};{mails[who]}"}
        day = date(2023, 1, 1) + timedelta(days=n * 700 // (people * 3))
        rows.append(f"W{20_000 + n};{day};{keys[orders_by]};{rng.integers(900, 20_000) / 100:.2f}")
    heads = {"email": "E-mail", "number": "Customer number", "both": "Customer number;E-mail"}
    _write(folder / "orders.csv", f"Order number;Order date;{heads[orders_by]};Total", rows)
    if subscribers:
        listed = [*mails[: people // 2], *(f"reader{i}@post.be" for i in range(people // 3))]
        status = rng.choice(["subscribed", "unsubscribed", "cleaned"], len(listed), p=[0.8, 0.15, 0.05])
        since = [date(2021, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 900, len(listed))]
        _write(
            folder / "subscribers.csv",
            "E-mail;Signed up;Status",
            [";".join(map(str, row)) for row in zip(listed, since, status, strict=True)],
        )


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
