"""What a script of the firm's own wrote: floats as Python prints them, ids that became floats, times with Z and +02:00 mixed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import people, secrets

BRUSSELS = ZoneInfo("Europe/Brussels")
# Files; of the orders: index, order, user, moment, amount, state, flag; of the users: index, user, e-mail, signed up, country, flag.
WORDS = (
    (
        "orders_dump.csv",
        "users_dump.csv",
        ("", "order_id", "user_id", "created_at", "total_net", "state", "is_gift"),
        ("", "id", "email", "signed_up", "country", "newsletter"),
    ),
    (
        "df_sales.csv",
        "df_clients.csv",
        ("", "transactionId", "clientId", "timestamp", "amount", "status", "mobile"),
        ("", "clientId", "mail", "createdAt", "countryCode", "optIn"),
    ),
    (
        "orders.parquet",
        "users.csv",
        ("", "order_ref", "customer_id", "ordered_at", "revenue", "state", "is_gift"),
        ("", "customer_id", "email", "created_at", "country", "marketing_ok"),
    ),
)


def write_python_export(folder: Path, seed: int, customers: int = 400) -> World:
    """Write orders and users as pandas writes them; half of the times are in UTC, half in local time, many near midnight.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn, of the words, and of whether the users' ids became floats (odd seeds).
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 7, seed])
    file, list_file, words, list_words = WORDS[seed % len(WORDS)]
    persons = people(rng, customers)
    ids = np.sort(rng.choice(800_000, customers, replace=False) + 100_000)
    as_float = seed % 2 == 1
    start = datetime(2023, 6, 1, tzinfo=UTC)
    rows, truth = [], []
    number = 5_000_000
    for moment in sorted(start + timedelta(minutes=int(m)) for m in rng.integers(0, 577 * 1440, customers * 6)):
        number += int(rng.integers(1, 4))
        if rng.random() < 0.3:  # in the evening: another day in the other zone
            moment = moment.replace(hour=22 + int(rng.integers(2)))
        local = moment.astimezone(BRUSSELS)
        written = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if rng.random() < 0.5 else local.isoformat()
        cents = int(rng.integers(100, 30_000))
        guest = as_float and rng.random() < 0.04  # pandas turns a column of whole numbers with gaps into floats
        id_ = int(ids[int(customers * rng.random() ** 2)])
        shown = "" if guest else f"{id_}.0" if as_float else str(id_)
        amount = cents / 100 + float(rng.choice([0.0, 1e-15, -7e-15, 2.8e-14]))  # such as 12.349999999999998
        rows.append((number, shown, written, amount, "complete", bool(rng.random() < 0.1)))
        truth.append((str(number), None if guest else str(id_), local.replace(tzinfo=None), cents / 100))
    orders = pd.DataFrame(rows, columns=list(words[1:]))
    if file.endswith(".parquet"):
        orders.to_parquet(folder / file)
    else:
        orders.to_csv(folder / file)
    agreed = rng.random(customers) < 0.5
    signed = [start - timedelta(minutes=int(m)) for m in rng.integers(0, 500_000, customers)]
    land = rng.choice(["BE", "NL", "SE"], customers)
    listed = pd.DataFrame(
        {
            list_words[1]: ids,
            list_words[2]: [person.email for person in persons],
            list_words[3]: [f"{moment:%Y-%m-%dT12:%M:%SZ}" for moment in signed],
            list_words[4]: land,
            list_words[5]: agreed,
        }
    )
    listed.to_csv(folder / list_file)
    known = pd.DataFrame({"customer_id": ids.astype(str), "email": listed[list_words[2]], "created_date": [m.date() for m in signed]})
    known = known.assign(country=land, consent=agreed)
    form = {"date_format": ["%Y-%m-%dT%H:%M:%S%z"], "time_zone": "Europe/Brussels"}
    python = {"delimiter": ",", "decimal": ".", "encoding": "utf-8"}
    ours = {"order_id": words[1], "customer_id": words[2], "order_date": words[3], "order_amount": words[4]}
    block = {"table": "orders", "file": file, **form, "columns": ours}
    block |= {"format": "parquet"} if file.endswith(".parquet") else python
    theirs = {
        "customer_id": list_words[1],
        "email": list_words[2],
        "created_date": list_words[3],
        "country": list_words[4],
        "consent": list_words[5],
    }
    users = {
        "table": "customers",
        "file": list_file,
        **python,
        **form,
        "columns": theirs,
        "values": {"consent": {"True": "yes", "False": "no"}},
    }
    return World(
        "python_export",
        f"{file}{', ids as floats' if as_float else ''}",
        folder,
        {"client": {"name": "Python export"}, "as_of": "2024-12-31", "sources": [block, users]},
        {"orders": pd.DataFrame(truth, columns=["order_id", "customer_id", "order_date", "order_amount"]), "customers": known},
        wished=frozenset({"customers.email", "customers.country", "customers.consent", "customers.created_date"}),
        personal=secrets(persons),
        facts={"customers": customers, "as_float": as_float},
    )
