"""Folders of exports of small shops, as systems in five countries write them, with the truth: for drafts of client.yml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

# Per language: names of our columns. A list holds what several systems write.
WORDS = {
    "nl": {
        "order_id": ["Ordernr", "Factuurnummer", "Bonnummer"],
        "customer_id": ["Klantnr", "Debiteur", "Relatienummer"],
        "order_date": ["Orderdatum", "Factuurdatum", "Datum"],
        "order_amount": ["Totaal excl.", "Nettobedrag", "Bedrag"],
        "product_id": ["Artikelnr", "Artikelcode"],
        "quantity": ["Aantal"],
        "unit_price": ["Prijs", "Stuksprijs"],
        "line_amount": ["Regelbedrag", "Nettobedrag"],
        "customer_name": ["Naam", "Klantnaam"],
        "postcode": ["Postcode"],
        "place": ["Woonplaats", "Plaats"],
        "created_date": ["Klant sinds", "Aangemaakt"],
        "consent": ["Nieuwsbrief"],
        "product_name": ["Omschrijving"],
        "product_group": ["Artikelgroep", "Categorie"],
        "price": ["Verkoopprijs"],
        "yes": "Ja",
        "no": "Nee",
        "orders": "bestellingen",
        "lines": "orderregels",
        "customers": "klanten",
        "products": "artikelen",
    },
    "de": {
        "order_id": ["Auftragsnummer", "Rechnungsnr.", "Belegnummer"],
        "customer_id": ["Kundennummer", "Kd-Nr", "Debitor"],
        "order_date": ["Auftragsdatum", "Rechnungsdatum", "Datum"],
        "order_amount": ["Nettobetrag", "Betrag", "Summe netto"],
        "product_id": ["Artikelnummer", "Art.-Nr."],
        "quantity": ["Menge", "Anzahl"],
        "unit_price": ["Einzelpreis", "Preis"],
        "line_amount": ["Positionsbetrag", "Gesamtbetrag netto"],
        "customer_name": ["Name", "Firma"],
        "postcode": ["PLZ"],
        "place": ["Ort"],
        "created_date": ["Kunde seit", "Angelegt am"],
        "consent": ["Newsletter"],
        "product_name": ["Bezeichnung"],
        "product_group": ["Warengruppe"],
        "price": ["Preis"],
        "yes": "ja",
        "no": "nein",
        "orders": "Auftraege",
        "lines": "Rechnungspositionen",
        "customers": "Kundenstamm",
        "products": "Artikelstamm",
    },
    "sv": {
        "order_id": ["Ordernummer", "Fakturanr"],
        "customer_id": ["Kundnummer", "Kundnr"],
        "order_date": ["Orderdatum", "Fakturadatum"],
        "order_amount": ["Nettobelopp", "Belopp", "Summa exkl moms"],
        "product_id": ["Artikelnr"],
        "quantity": ["Antal"],
        "unit_price": ["Pris", "À-pris"],
        "line_amount": ["Radbelopp", "Belopp"],
        "customer_name": ["Namn"],
        "postcode": ["Postnummer"],
        "place": ["Ort", "Stad"],
        "created_date": ["Skapad"],
        "consent": ["Nyhetsbrev"],
        "product_name": ["Benämning"],
        "product_group": ["Varugrupp"],
        "price": ["Pris"],
        "yes": "Ja",
        "no": "Nej",
        "orders": "ordrar",
        "lines": "orderrader",
        "customers": "kunder",
        "products": "artiklar",
    },
    "en": {
        "order_id": ["Order ID", "Invoice No", "order_number"],
        "customer_id": ["Customer ID", "CustNo", "Account No."],
        "order_date": ["Order Date", "InvoiceDate", "Date"],
        "order_amount": ["Net Amount", "Subtotal", "Amount"],
        "product_id": ["SKU", "StockCode", "Item No."],
        "quantity": ["Qty", "Quantity"],
        "unit_price": ["Unit Price", "Price"],
        "line_amount": ["Line Total", "Line Amount"],
        "customer_name": ["Customer Name", "Name"],
        "postcode": ["Postcode", "Zip"],
        "place": ["City", "Town"],
        "created_date": ["Created", "Customer since"],
        "consent": ["Newsletter"],
        "product_name": ["Description", "Product name"],
        "product_group": ["Category"],
        "price": ["Price"],
        "yes": "yes",
        "no": "no",
        "orders": "orders",
        "lines": "order_lines",
        "customers": "customers",
        "products": "products",
    },
    "fr": {
        "order_id": ["N° commande", "Numéro de facture"],
        "customer_id": ["N° client", "Code client"],
        "order_date": ["Date de commande", "Date facture", "Date"],
        "order_amount": ["Montant HT", "Total HT"],
        "product_id": ["Code article", "Référence article"],
        "quantity": ["Quantité", "Qté"],
        "unit_price": ["Prix unitaire"],
        "line_amount": ["Montant ligne", "Montant HT"],
        "customer_name": ["Nom", "Nom du client"],
        "postcode": ["Code postal"],
        "place": ["Ville"],
        "created_date": ["Créé le", "Client depuis"],
        "consent": ["Infolettre"],
        "product_name": ["Désignation"],
        "product_group": ["Catégorie"],
        "price": ["Prix"],
        "yes": "oui",
        "no": "non",
        "orders": "commandes",
        "lines": "lignes_commande",
        "customers": "clients",
        "products": "produits",
    },
}
FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y %H:%M", "%m/%d/%Y")


@dataclass(frozen=True)
class World:
    """A folder of exports and what stands in it: per table the rows, by our column names."""

    folder: Path
    truth: dict[str, pd.DataFrame]
    trap: str


def world(folder: Path, seed: int, trap: str = "") -> World:
    """Write a shop's exports.

    Parameters
    ----------
    folder : an empty folder.
    seed : of everything that is drawn: language, system, names, dialect, order of columns.
    trap : "", "two dates" (the second called the same), "total is a quantity", "bare numbers" (columns called Nr), "net and gross",
        "two customers" (who pays, who receives), "many files" (one per year), "early days" (no day above 12), "prefix" (of one system),
        "key per order" (a customer number of each order), "order totals" (the order's amount on each of its lines), "no names"
        (columns F01, F02 …), "whole amounts" (no decimals), "thousands" (1.250 in every row).
    """
    rng = np.random.default_rng(seed)
    language = list(WORDS)[seed % len(WORDS)]
    words = {ours: names[rng.integers(len(names))] if isinstance(names, list) else names for ours, names in WORDS[language].items()}
    n, people = int(rng.integers(300, 500)), int(rng.integers(60, 90))
    ids = 10_000 + np.sort(rng.choice(8_000, people, replace=False))
    customers = pd.DataFrame(
        {
            "customer_id": ids.astype(str),
            "customer_name": [f"Family {chr(65 + i % 26)}{i}" for i in range(people)],
            "postcode": rng.integers(10_000, 90_000, people).astype(str),
            "place": rng.choice(["Gent", "Ulm", "Lund", "Bath", "Lyon"], people),
            "created_date": [date(2022, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 300, people)],
            "consent": rng.random(people) < 0.5,
        }
    )
    days = np.sort(rng.integers(0, 360, n))
    if trap == "early days":
        days = np.array([(date(2023, 1 + int(m), 1 + int(d)) - date(2023, 1, 1)).days for m, d in rng.integers(0, 12, (n, 2))])
    orders = pd.DataFrame(
        {
            "order_id": (500_000 + np.arange(n)).astype(str),
            "customer_id": rng.choice(ids, n).astype(str),
            "order_date": [date(2023, 1, 1) + timedelta(days=int(d)) for d in days],
        }
    )
    counts = 1 + rng.poisson(1.2, n)
    lines = orders.loc[np.repeat(np.arange(n), counts)].reset_index(drop=True)
    products = pd.DataFrame(
        {
            "product_id": [f"P{100 + i}" for i in range(30)],
            "product_name": [f"Thing {i} blue" for i in range(30)],
            "product_group": rng.choice(["Chairs", "Lamps", "Tables"], 30),
            "price": rng.integers(300, 20_000, 30) / 100,
        }
    )
    which = rng.integers(0, 30, len(lines))
    lines["product_id"] = products["product_id"].to_numpy()[which]
    lines["quantity"] = rng.integers(1, 9, len(lines))
    lines["unit_price"] = products["price"].to_numpy()[which]
    lines["line_amount"] = (lines["quantity"] * lines["unit_price"]).round(2)
    orders["order_amount"] = lines.groupby("order_id")["line_amount"].sum().reindex(orders["order_id"]).round(2).to_numpy()
    orders["channel"] = rng.choice(["web", "shop"], n) if trap == "no names" else "web"
    orders = orders if trap == "no names" else orders.drop(columns="channel")
    with_lines = trap in ("total is a quantity", "order totals") or (not trap and seed % 2 == 0)
    sold = lines if with_lines else orders
    table = "order_lines" if with_lines else "orders"
    names = {ours: words[ours] for ours in {*sold.columns, *customers.columns, *products.columns} - {"channel"}} | {"channel": "Channel"}
    if with_lines and names["unit_price"] == names["line_amount"]:
        names["line_amount"] += " 2"
    written = sold.copy()
    if trap == "two dates":
        written["other_date"] = [
            day + timedelta(days=int(d)) for day, d in zip(written["order_date"], rng.integers(1, 9, len(written)), strict=True)
        ]
        names["order_date"] = names["other_date"] = {"fr": "Date", "en": "Date"}.get(language, "Datum")
    elif trap == "total is a quantity":
        names["quantity"], names["line_amount"] = "Total", {"fr": "Valeur", "en": "Value"}.get(language, "Wert")
    elif trap == "bare numbers":
        names["order_id"], names["customer_id"] = "Nr", "Nr 2"
    elif trap == "net and gross":
        written["gross"] = (written["order_amount"] * 1.21).round(2)
        names["order_amount"], names["gross"] = ("Amount", "Total") if language == "en" else ("Total", "Amount")
    elif trap == "two customers":
        written["payer"] = rng.choice(ids, len(written)).astype(str)
        names["payer"], names["customer_id"] = "Bill-to Customer", "Sell-to Customer No."
    elif trap == "prefix":
        written["customer_id"] = "ERP-0" + written["customer_id"]
    elif trap == "key per order":
        written["session"] = (900_000 + np.arange(len(written))).astype(str)
        names["session"], names["customer_id"] = names["customer_id"], "Ref"
    elif trap == "order totals":
        written["total"] = written.groupby("order_id")["line_amount"].transform("sum").round(2)
        names["total"], written = {"fr": "Montant", "en": "Amount"}.get(language, "Total"), written.drop(columns="unit_price")
        sold = sold.drop(columns="unit_price")
    elif trap == "no names":
        names = {ours: f"F{i:02d}" for i, ours in enumerate(sorted(names))}
    elif trap == "whole amounts":
        written["order_amount"] = sold["order_amount"] = (orders["order_amount"] * 10).round().astype(int)
    elif trap == "thousands":
        sold["order_amount"] = (1_000 + (orders["order_amount"] * 10).round()).clip(upper=900_000)
        mark = "." if language != "en" else ","
        written["order_amount"] = [f"{int(value):,}".replace(",", mark) for value in sold["order_amount"]]
    form = "%m/%d/%Y" if trap == "early days" and seed % 2 else FORMS[seed % len(FORMS)] if trap != "early days" else "%d/%m/%Y"
    comma = language != "en"
    dialect = {"sep": ";" if comma or trap == "thousands" else ",", "decimal": "," if comma else "."}

    def write(frame: pd.DataFrame, name: str) -> None:
        shown = frame.copy()
        for column in shown:
            if isinstance(shown[column].iloc[0], date):
                shown[column] = [f"{day:{form if column != 'created_date' else form.split(' ')[0]}}" for day in shown[column]]
            elif shown[column].dtype == bool:
                shown[column] = shown[column].map({True: words["yes"], False: words["no"]})
            elif shown[column].dtype == float:
                shown[column] = [f"{value:.2f}".replace(".", dialect["decimal"]) for value in shown[column]]
        shown = shown[list(rng.permutation(shown.columns))]
        header = dialect["sep"].join(names[column] for column in shown)
        body = "\n".join(dialect["sep"].join(map(str, row)) for row in shown.itertuples(index=False))
        (folder / name).write_text(f"{header}\n{body}\n", encoding="cp1252" if seed % 3 == 0 else "utf-8-sig")

    stem = words["lines" if with_lines else "orders"]
    if trap == "many files":
        half = len(written) // 2
        write(written[:half], f"{stem}_2023a.csv")
        write(written[half:], f"{stem}_2023b.csv")
    else:
        write(written, f"{stem}.csv" if trap != "bare numbers" else "export.csv")
    write(customers, f"{words['customers']}.csv")
    truth = {table: sold, "customers": customers}
    if with_lines:
        write(products, f"{words['products']}.csv")
        truth["products"] = products
    return World(folder, truth, trap)
