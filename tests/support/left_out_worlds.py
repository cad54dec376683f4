"""Exports whose one column decides: cancelled lines, contracts that were given up, groups of customers, outcomes of everybody in a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np

# Order, customer, day, product, amount, status; the words of orders that stand and that were cancelled.
LINES = {
    "en": ("Order ID;Customer ID;Order date;Product ID;Line amount;Order status", "Completed", "Cancelled"),
    "da": ("Ordrenr;Kundenr;Ordredato;Varenr;Beløb;Status", "Afsluttet", "Annulleret"),
    "es": ("Pedido;Cliente;Fecha;Artículo;Importe;Estado", "Entregado", "Anulado"),
    "it": ("Ordine;Cliente;Data;Articolo;Importo;Stato", "Evaso", "Annullato"),
    "no": ("Ordrenr;Kundenr;Dato;Varenr;Beløp;Status", "Levert", "Kansellert"),
    "pl": ("Order ID;Customer ID;Data;Product ID;Amount;Status", "Zrealizowane", "Anulowane"),
    "fi": ("Order ID;Customer ID;Date;Product ID;Amount;Tila", "Toimitettu", "Peruttu"),
}


def write_lines(folder: Path, language: str, seed: int, cancelled: float = 0.05, products: bool = True) -> int:
    """Write order lines, or orders, of which a share was cancelled; return how many were not."""
    rng = np.random.default_rng([seed, 11])
    header, done, gone = LINES[language]
    keep = [0, 1, 2, 3, 4, 5] if products else [0, 1, 2, 4, 5]
    rows, stay = [], 0
    for n in range(200):
        status = gone if rng.random() < cancelled else done
        for i in rng.choice(30, int(rng.integers(1, 4)) if products else 1, replace=False):
            cells = [f"O{5000 + n}", f"C{n % 60:03}", f"2024-{1 + n % 12:02}-{1 + n % 28:02}"]
            cells += [f"P{100 + i}", f"{rng.integers(900, 9000) / 100:.2f}".replace(".", ","), status]
            rows.append(";".join(cells[k] for k in keep))
            stay += status == done
    names = ";".join(header.split(";")[k] for k in keep)
    (folder / "verkoop.csv").write_text("\n".join([names, *rows]), encoding="utf-8")
    return stay


CONTRACTS = {
    "de": ("Vertragsnummer;Vertragsbeginn;Rückkaufswert;Tarif;Zahlweise;gekündigt", ("J", "N")),
    "nl": ("Klantnummer;Ingangsdatum;Bedrag;Type;Regio;opgezegd", ("Ja", "Nee")),
    "fr": ("N° client;Date;Montant;Formule;Paiement;résilié", ("oui", "non")),
    "sv": ("Kundnummer;Datum;Belopp;Avtalstyp;Betalning;uppsagd", ("ja", "nej")),
    "en": ("Customer ID;Date;Amount;Plan;Payment;churn", ("Yes", "No")),
}


def write_contracts(folder: Path, language: str, seed: int, again: bool = False) -> None:
    """Write one row per contract with who left; ``again``: customers stand several times, with an order each: those are orders."""
    rng = np.random.default_rng([seed, 12])
    header, (yes, no) = CONTRACTS[language]
    rows = []
    for n in range(160):
        number = 40_000 + (n % 50 if again else 7 * n)
        day = f"{1 + n % 28:02}.{1 + n % 12:02}.{2012 + n % 11}"
        amount = f"{rng.integers(10_000, 900_000) / 100:.2f}".replace(".", ",")
        rows.append(f"{number};{day};{amount};{'ABC'[n % 3]} plus;{('monthly', 'yearly')[n % 2]};{yes if rng.random() < 0.2 else no}")
    (folder / "bestand.csv").write_text("\n".join([header, *rows]), encoding="utf-8")


def write_shop_with_groups(folder: Path) -> None:
    """Write customers with a type, a province and a first name, and their orders."""
    kinds, provinces = ("B2B", "privé klant", "horeca zaak"), ("Oost-Vlaanderen", "Antwerpen", "Limburg")
    rows = [f"{700 + n};Jan {n};90{n % 90:02};{kinds[n % 3]};{provinces[n % 3]};{('Piet', 'An')[n % 2]};{kinds[n % 2]}" for n in range(90)]
    names = "Klantnr;Naam;Postcode;Soort bezoeken;Provincie;Voornaam;Groepering"
    (folder / "klanten.csv").write_text("\n".join([names, *rows]), encoding="utf-8")
    orders = [f"O{n};{700 + n % 90};2024-{1 + n % 12:02}-{1 + n % 28:02};{n % 70},50" for n in range(300)]
    (folder / "orders.csv").write_text("\n".join(["Bestelnummer;Klantnr;Besteldatum;Bedrag", *orders]), encoding="utf-8")
