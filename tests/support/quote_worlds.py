"""Made-up quotes: a firm where nothing decides who wins, and its twins with something planted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from helpers.core.results import RunContext
from helpers.sources.customers import customer_table

AS_OF = pd.Timestamp("2023-12-31")
CONTEXT = RunContext(date(2023, 12, 31), 11)
CODES, SECTORS = ("A", "B", "C", "D"), ("care", "school", "office")


def quote_world(
    seed: int,
    quotes: int = 900,
    customers: int = 300,
    *,
    new_rate: float = 0.3,
    existing_rate: float = 0.3,
    large_rate: float | None = None,
    own_chance: float = 0.0,
    lost_sooner: bool = False,
    hours: bool = False,
) -> dict[str, pd.DataFrame]:
    """Return quotes, orders, contacts and the customer table of a firm, three years of quotes after a year of orders.

    Parameters
    ----------
    seed, quotes, customers : of the generator; number of quotes; of customers, half of them without an order before they ask.
    new_rate, existing_rate : chance of success of a quote.
    large_rate : chance of success of quotes from 20,000 on; None for that of their customer.
    own_chance : spread (logit) of a chance that each customer has for himself.
    lost_sooner : lost quotes are decided sooner than won ones, so that effort gathers on won ones by living.
    hours : effort is written down in hours, else it shows as contacts; it grows with every day a quote is open.
    """
    rng = np.random.default_rng(seed)
    ids = np.array([f"c{number:04d}" for number in range(customers)])
    existing = np.arange(customers) % 2 == 0
    who = rng.integers(0, customers, quotes)
    asked = AS_OF - pd.to_timedelta(rng.integers(0, 3 * 365, quotes), unit="D")
    amount = np.exp(rng.normal(8.5, 1.2, quotes)).round(2)
    rate = np.where(existing[who], existing_rate, new_rate)
    rate = np.where(amount >= 20_000, rate if large_rate is None else large_rate, rate)
    logits = np.log(rate / (1 - rate)) + rng.normal(0, own_chance, customers)[who] if own_chance else np.log(rate / (1 - rate))
    won = rng.random(quotes) < 1 / (1 + np.exp(-logits))
    days = 1 + rng.gamma(3, 10, quotes).astype(int) // np.where(lost_sooner & ~won, 2, 1)
    decided = asked + pd.to_timedelta(days, unit="D")
    is_open = decided > AS_OF
    lived = np.minimum(days, (AS_OF - asked).days)
    moments = rng.poisson(lived * 0.1)
    table = pd.DataFrame(
        {
            "quote_id": [f"q{number:05d}" for number in range(quotes)],
            "customer_id": ids[who],
            "quote_date": asked,
            "quote_amount": amount,
            "quote_status": np.where(is_open, "open", np.where(won, "won", "lost")),
            "decided_date": pd.Series(decided).where(~is_open),
            "effort_hours": moments * 1.5 if hours else np.nan,
            "quote_owner": rng.choice(["V1", "V2", "V3"], quotes),
            "order_id": pd.Series(np.nan, dtype="str"),
        }
    )
    rows = np.repeat(np.arange(quotes), 0 if hours else moments)
    after = (rng.random(len(rows)) * (lived[rows] + 1)).astype(int)
    contacts = pd.DataFrame({"customer_id": ids[who[rows]], "contact_date": asked[rows] + pd.to_timedelta(after, unit="D")})
    first = pd.DataFrame(
        {
            "order_id": [f"o{number:04d}" for number in np.flatnonzero(existing)],
            "customer_id": ids[existing],
            "order_date": pd.Timestamp("2019-12-01") + pd.to_timedelta(rng.integers(0, 300, existing.sum()), unit="D"),
            "order_amount": 100.0,
        }
    )
    listed = pd.DataFrame({"customer_id": ids, "customer_code": rng.choice(CODES, customers), "sector": rng.choice(SECTORS, customers)})
    tables = {"quotes": table, "orders": first, "customers": listed, "contacts": contacts}
    return {**tables, "customer_table": customer_table(tables, CONTEXT.as_of)}
