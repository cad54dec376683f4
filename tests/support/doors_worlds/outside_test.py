"""An A/B test that another tool ran: who was put in which arm, and what they bought; one huge order, or arms that are not even."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import AMERICAN, BELGIAN, ENGLISH, Dialect

# The files' names and columns: who, test, arm, when, browser; and who, what, when, amount, order.
WORDS: tuple[tuple[str, str, Dialect, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "experiment_assignments.csv",
        "conversions.csv",
        ENGLISH,
        ("visitor_id", "experiment", "variant", "assigned_at", "browser"),
        ("visitor_id", "event", "event_time", "revenue", "order_ref"),
    ),
    (
        "toewijzing.csv",
        "aankopen.csv",
        BELGIAN,
        ("Klantnummer", "Testnaam", "Groep", "Toegewezen op", "Toestel"),
        ("Klantnummer", "Soort", "Datum", "Bedrag", "Ordernr"),
    ),
    (
        "ab_users.csv",
        "ab_purchases.csv",
        AMERICAN,
        ("User ID", "Campaign", "Variation", "First Seen", "Device"),
        ("User ID", "Goal", "Date", "Value", "Transaction"),
    ),
)
ARMS = (("control", "treatment"), ("A", "B"), ("Original", "Variation 1"))
CASES = ("even with an outlier", "lopsided", "lopsided with an outlier")
START = datetime(2024, 9, 2)


def write_outside_test(folder: Path, seed: int, people: int = 9_000) -> World:
    """Write assignment and outcomes; the arms do equally well, but for one order of fifty thousand where there is an outlier.

    Parameters
    ----------
    folder : where the exports go.
    seed : of everything drawn, of the words and dialect (``seed % 3``) and of what is wrong (``seed // 3 % 3``, one further each time).
    people : how many were in the test.
    """
    rng = np.random.default_rng([16, 3, seed])
    form = seed % len(WORDS)
    case = CASES[(seed + seed // 3) % len(CASES)]
    assigned_file, outcomes_file, dialect, assigned_words, outcome_words = WORDS[form]
    arms = ARMS[form]
    share = 0.5 if case.startswith("even") else 0.56
    stamp = f"{dialect.date_format} %H:%M"
    ids = rng.choice(900_000, people, replace=False) + 100_000
    test = ("checkout-2024", "Nieuwe kassapagina", "Fall Banner")[form]
    assigned, bought = [], []
    for id_ in ids:
        moment = START + timedelta(minutes=int(rng.integers(0, 21 * 24 * 60)))
        arm = arms[int(rng.random() < share)]
        assigned.append((str(id_), arm, moment))
        if rng.random() < 0.07:
            when = min(moment + timedelta(minutes=int(rng.exponential(3_000))), START + timedelta(days=27))
            bought.append((str(id_), when, int(rng.gamma(2.5, 2_400)) + 500))
    if "outlier" in case:
        lucky = next(id_ for id_, arm, _ in assigned if arm == arms[1] and id_ not in {who for who, *_ in bought})
        bought.append((lucky, START + timedelta(days=24), 4_812_000))
    bought.sort(key=lambda row: row[1])
    lines = [(who, test, arm, when.strftime(stamp), ("mobile", "desktop")[int(who) % 2]) for who, arm, when in assigned]
    dialect.write(folder / assigned_file, assigned_words, lines)
    kind = ("purchase", "aankoop", "Purchase")[form]
    sales = [(who, kind, when.strftime(stamp), dialect.money(cents), f"T{n:05}") for n, (who, when, cents) in enumerate(bought)]
    dialect.write(folder / outcomes_file, outcome_words, sales)
    block = dialect.block | {"date_format": stamp}
    w, o = assigned_words, outcome_words
    sources = [
        {
            "table": "test_assignment",
            "file": assigned_file,
            **block,
            "columns": {"customer_id": w[0], "test_id": w[1], "arm": w[2], "assigned_time": w[3]},
        },
        {
            "table": "outcomes",
            "file": outcomes_file,
            **block,
            "columns": {"customer_id": o[0], "outcome": o[1], "outcome_date": o[2], "outcome_amount": o[3]},
        },
    ]
    truth = {
        "test_assignment": pd.DataFrame(
            [(who, arm, when, test) for who, arm, when in assigned], columns=["customer_id", "arm", "assigned_time", "test_id"]
        ),
        "outcomes": pd.DataFrame(
            [(who, when, kind, cents / 100) for who, when, cents in bought],
            columns=["customer_id", "outcome_date", "outcome", "outcome_amount"],
        ),
    }
    uneven = r"(?:uneven|not equal|not even|not of one size|lopsided|sizes that were planned|sample ratio)"
    stopped = (
        rf"(?i)(?:\barms?\b|groups|test|cannot be judged).{{0,120}}{uneven}|{uneven}.{{0,120}}(?:\barms?\b|groups|cannot be judged)",
    )
    outlier = (r"(?i)(?:outlier|one (?:person|order|purchase|customer|sale) carries|without (?:this|that) (?:person|order|customer))",)
    says = stopped if "lopsided" in case else outlier
    return World(
        "outside_test",
        f"{case}, {assigned_file}",
        folder,
        {
            "client": {"name": "Outside test"},
            "as_of": f"{START + timedelta(days=28):%Y-%m-%d}",
            # What was written down before the start stands in no export.
            "evaluation": {
                "test": {"control": arms[0], "metric": "revenue", "ends": f"{START + timedelta(days=27):%Y-%m-%d}", "shares": "equal"}
            },
            "sources": sources,
        },
        truth,
        wished=frozenset({"test_assignment.test_id", "test_assignment.assigned_time", "outcomes.outcome"}),
        says=says,
        # The arms do equally well: no winner, in neither case. And there is nothing left to record.
        never=(
            *(() if "lopsided" in case else (r"(?i)arms are not of one size",)),
            *(r"(?i)no pilot to judge", r"(?i)record what was sent", rf"(?i){arms[1]} (?:wins|won|is better)"),
        ),
        facts={"case": case, "arms": {arm: sum(a == arm for _, a, _ in assigned) for arm in arms}, "customers": people},
    )
