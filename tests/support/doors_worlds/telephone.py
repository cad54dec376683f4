"""A telephone company: one row per subscriber, who left and who did not, and two columns that are known only afterwards."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.writing import BELGIAN, DUTCH, ENGLISH, GERMAN, Dialect, people, secrets

# id, name, e-mail, born, region, since, contract, tenure, monthly, total, internet, paperless, calls, payment, final bill, left
WORDS: tuple[tuple[str, Dialect, tuple[str, ...]], ...] = (
    (
        "subscribers.csv",
        ENGLISH,
        (
            "Subscriber",
            "Name",
            "Email",
            "Date of birth",
            "Region",
            "Activated",
            "Contract",
            "Tenure",
            "MonthlyCharge",
            "TotalCharge",
            "Internet",
            "Paperless",
            "SupportCalls",
            "PaymentMethod",
            "FinalBill",
            "Churn",
        ),
    ),
    (
        "abonnees_2024.csv",
        DUTCH,
        (
            "Abonneenummer",
            "Naam",
            "E-mailadres",
            "Geboortedatum",
            "Provincie",
            "Aansluitdatum",
            "Contractvorm",
            "Maanden klant",
            "Maandbedrag",
            "Totaalbedrag",
            "Internet",
            "Digitale factuur",
            "Aantal oproepen helpdesk",
            "Betaalwijze",
            "Slotfactuur",
            "Opgezegd",
        ),
    ),
    (
        "Kundenbestand.csv",
        GERMAN,
        (
            "Kunden-Nr.",
            "Name",
            "E-Mail",
            "Geburtsdatum",
            "Bundesland",
            "Vertragsbeginn",
            "Vertragsart",
            "Laufzeit Monate",
            "Monatsentgelt",
            "Gesamtumsatz",
            "Internet",
            "Online-Rechnung",
            "Hotline-Anrufe",
            "Zahlungsart",
            "Schlussrechnung",
            "Gekündigt",
        ),
    ),
    (
        "klantenbestand.csv",
        BELGIAN,
        (
            "klant_id",
            "naam",
            "mail",
            "geboren",
            "regio",
            "klant_sinds",
            "type_contract",
            "looptijd",
            "maandprijs",
            "omzet_totaal",
            "internet",
            "e_factuur",
            "calls",
            "betaling",
            "eindafrekening",
            "vertrokken",
        ),
    ),
)
CONTRACTS = {
    0: ("Month-to-month", "One year", "Two year"),
    1: ("Maandelijks", "1 jaar", "2 jaar"),
    2: ("monatlich", "12 Monate", "24 Monate"),
    3: ("maand", "jaar", "twee jaar"),
}
YES_NO = {0: ("Yes", "No"), 1: ("Ja", "Nee"), 2: ("J", "N"), 3: ("1", "0")}
REGIONS = ("Noord", "Zuid", "Oost", "West")
PAYMENT = ("SEPA", "Visa", "Factuur")
INTERNET = ("DSL", "Fibre", "-")
END = date(2024, 12, 31)


def write_telephone(folder: Path, seed: int, customers: int = 1_800) -> World:
    """Write the subscribers; month by month contracts and calls for help make people leave, and who left got a final bill.

    Parameters
    ----------
    folder : where the export goes.
    seed : of everything drawn, and of the words and the dialect.
    customers : how many there are.
    """
    rng = np.random.default_rng([16, 2, seed])
    form = seed % len(WORDS)
    file, dialect, words = WORDS[form]
    yes, no = YES_NO[form]
    persons = people(rng, customers)
    ids = [f"{number}-{chr(65 + number % 26)}{chr(65 + number % 23)}" for number in rng.choice(80_000, customers, replace=False) + 10_000]
    rows, truth, more = [], [], []
    for id_, person in zip(ids, persons, strict=True):
        tenure = int(rng.integers(1, 73))
        since = END - timedelta(days=30 * tenure + int(rng.integers(30)))
        contract, calls = int(rng.choice(3, p=[0.55, 0.25, 0.2])), int(rng.poisson(1.2))
        monthly = int(rng.integers(1_800, 11_000))
        total = monthly * tenure + int(rng.integers(-500, 500))
        risk = -1.9 + 1.5 * (contract == 0) + 0.55 * calls - 0.02 * tenure
        left = bool(rng.random() < 1 / (1 + np.exp(-risk)))
        final = int(rng.integers(500, 15_000)) if left else 0
        place = {"region": REGIONS[int(rng.integers(4))], "pay": PAYMENT[int(rng.integers(3))], "net": INTERNET[int(rng.integers(3))]}
        paperless = yes if rng.random() < 0.6 else no
        row = (id_, person.name, person.email, dialect.day(person.born), place["region"], dialect.day(since), CONTRACTS[form][contract])
        row += (
            str(tenure),
            dialect.money(monthly),
            dialect.money(total) if tenure > 1 else "",
            place["net"],
            paperless,
            str(calls),
            place["pay"],
        )
        rows.append((*row, dialect.money(final) if left else "", yes if left else no))
        truth.append((id_, place["region"], since))
        more.append((id_, CONTRACTS[form][contract], tenure, monthly / 100, calls, place["pay"], left))
    dialect.write(folder / file, words, rows)
    columns = {"customer_id": words[0], "region": words[4], "created_date": words[5]}
    extra = {
        "contract": {"column": words[6], "kind": "text"},
        "tenure": words[7],
        "monthly_charge": words[8],
        "support_calls": words[12],
        "payment": {"column": words[13], "kind": "text"},
        "final_bill": words[14],
        "left": {"column": words[15], "kind": "flag"},
    }
    block = {
        "table": "customers",
        "file": file,
        **dialect.block,
        "columns": columns,
        "extra": extra,
        "values": {"left": {yes: "yes", no: "no"}},
    }
    attributes = pd.DataFrame(more, columns=["customer_id", "contract", "tenure", "monthly_charge", "support_calls", "payment", "left"])
    return World(
        "telephone",
        f"{file}, left is {yes}/{no}",
        folder,
        {
            "client": {"name": "Telephone"},
            "as_of": f"{END}",
            "predictions": {"label": {"column": "left", "positive": "yes"}},
            "sources": [block],
        },
        {"customers": pd.DataFrame(truth, columns=["customer_id", "region", "created_date"])},
        wished=frozenset({"customers.region", "customers.created_date"}),
        attributes=attributes,
        # The leak is named where it is refused: under the column's own name, or one made from it.
        says=(rf"(?i){_spelled(words[14])}.{{0,150}}(?:afterwards|after the fact|gives? .{{0,30}}away|leak|too good)",),
        never=(r"(?i)AUC.{0,20}(?:1\.000|0\.99\d)", r"Round 1 · 0 customers"),
        personal=secrets(persons),
        facts={"left": int(attributes["left"].sum()), "customers": customers, "leak": words[14]},
    )


def _spelled(word: str) -> str:
    """Return a pattern of a column's name, however it was turned into a name of our own."""
    parts = re.findall("[A-Z]?[^A-Z _-]+", word)
    return f"(?:{'[ _-]?'.join(map(re.escape, parts))}|final[ _]bill)"
