"""Sample client 'b2b-supplies' (case D): a made-up firm that rents out drinks machines and sells what goes in them.

    python data/sample/generators/b2b_supplies.py [folder]

rewrites the files of data/sample/b2b-supplies (or of `folder`), byte for byte the same every time. Twelve months of data.

What is planted, to be found again (the realised numbers go to TRUTH.json, every customer to truth_segments.csv):
- 1,500 customers in five segments with the published sizes 15.3 / 14.0 / 21.8 / 28.7 / 20.2 %: (1) few large orders, other
  brands, potential reached; (2) many orders, own brand, many contacts, potential reached; (3) few orders, potential hardly
  reached, yet contacted ten times for three orders; (4) other brands and hardly any refills; (5) own brand, hardly contacted.
- each customer's true potential from devices, use, sector and purchasing power; revenue is the reached share of it.
- 130 dead records: no device, no order, still called and written to.
- Dirt: staff numbers and postcodes left empty, postcodes without a figure of purchasing power, credit notes, products
  without a brand owner, customers who object to advertising and are contacted all the same.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from common import GERMAN, day_text, euros, money, split_cents, sprinkle, write_csv

SEED = 20231231
FIRST, AS_OF = date(2023, 1, 1), date(2023, 12, 31)
DEAD, CREDIT_NOTES = 130, 40
WORKDAYS = np.array([day for day in range(1, 363) if (FIRST + timedelta(day)).weekday() < 5])
# per segment: customers, orders a year, share own brand, share refills, contacts a year, reached potential, size
SEGMENTS = pd.DataFrame(
    [(1, 230, 3.2, 0.22, 0.45, 5.0, 0.88, 1.0), (2, 210, 14.0, 0.82, 0.72, 14.0, 0.93, 1.45),
     (3, 327, 3.0, 0.50, 0.35, 10.0, 0.20, 0.8), (4, 430, 6.5, 0.20, 0.10, 6.0, 0.45, 1.1),
     (5, 303, 7.0, 0.82, 0.50, 1.2, 0.42, 1.1)],
    columns=["segment", "customers", "orders", "own", "refill", "contacts", "reached", "size"],
)
SECTORS = {"Gastronomie": 1.25, "Hotel": 1.15, "Pflegeheim": 1.0, "Büro": 0.9, "Werkstatt": 0.8, "Schule": 0.85}
CHANNELS = {"Telefon": 850, "Brief": 190, "E-Mail": 5}
REFILL, OTHERS = "Füllprodukte", ("Becher und Zubehör", "Reinigung", "Ersatzteile")
OWN_NAME, OTHER_NAMES = "Hausmarke", ("Marke Berg", "Marke Tal", "Marke See")
TOWNS = [(20095, "Hamburg"), (30159, "Hannover"), (28195, "Bremen"), (24103, "Kiel"), (48143, "Münster"), (33602, "Bielefeld"),
         (49074, "Osnabrück"), (38100, "Braunschweig"), (23552, "Lübeck"), (26122, "Oldenburg"), (37073, "Göttingen"),
         (34117, "Kassel")]


def draw_products(rng: np.random.Generator) -> pd.DataFrame:
    """Sixty articles: refills and the rest, own brand and other brands; four without a word on whose brand it is."""
    rows = []
    for place in range(60):
        group = REFILL if place % 2 == 0 else OTHERS[place // 2 % 3]
        own = place % 4 < 2
        brand = OWN_NAME if own else OTHER_NAMES[place // 4 % 3]
        price = int(np.clip(rng.lognormal(7.6, 0.5), 400, 9_000))
        rows.append((f"A{1001 + place}", f"{group} {place + 1:02d}", group, brand, own, price))
    return pd.DataFrame(rows, columns=["product", "name", "group", "brand", "own", "price"])


def draw_customers(rng: np.random.Generator) -> pd.DataFrame:
    """The live customers: segment, size, use, sector, place, true potential and what is reached of it."""
    frame = SEGMENTS.loc[SEGMENTS.index.repeat(SEGMENTS["customers"])].reset_index(drop=True)
    size = len(frame)
    frame["devices"] = np.maximum(1, np.rint(frame["size"] * np.exp(rng.normal(1.6, 0.55, size)))).astype(int)
    frame["use"] = 320 * np.exp(rng.normal(0, 0.3, size))  # portions per device and quarter
    frame["staff"] = np.maximum(2, np.rint(frame["devices"] * 6 * np.exp(rng.normal(0, 0.35, size)))).astype(int)
    frame["sector"] = rng.choice(list(SECTORS), size)
    frame["place"] = rng.choice(len(TOWNS) * 4, size)
    power = purchasing_power()[frame["place"]]
    frame["potential"] = (900 * frame["devices"] ** 0.85 * (frame["use"] / 320) ** 0.6
                          * frame["sector"].map(SECTORS) * (power / 100) ** 0.5)
    frame["reached"] = np.clip(frame["reached"] * np.exp(rng.normal(0, 0.10, size)), 0.1, 1.0)
    frame["cents"] = np.rint(frame["potential"] * frame["reached"] * 100).astype(int)
    frame["orders"] = np.maximum(1, np.rint(frame["orders"] * np.exp(rng.normal(0, 0.16, size)))).astype(int)
    frame["contacts"] = np.maximum(0, np.rint(frame["contacts"] + rng.normal(0, 0.12, size) * frame["contacts"]))
    for name in ("own", "refill"):
        frame[name] = np.clip(frame[name] + rng.normal(0, 0.04, size), 0.02, 0.97)
    return frame


def purchasing_power() -> np.ndarray:
    """Index per postcode (average 100): four postcodes per town, from poorer to richer."""
    base = np.array([104, 98, 95, 97, 103, 96, 99, 94, 92, 98, 93, 95], dtype=float)
    return (base[:, None] + np.array([-9, -2, 4, 12])[None, :]).ravel()


def postcode(place: int) -> str:
    """The postcode of a place number."""
    return f"{TOWNS[place // 4][0] + 2 * (place % 4):05d}"


def dead_records(rng: np.random.Generator) -> pd.DataFrame:
    """Customers who rent nothing and order nothing any more, and are still contacted."""
    frame = pd.DataFrame({"segment": np.zeros(DEAD, dtype=int), "devices": 0, "orders": 0, "cents": 0})
    frame["contacts"] = rng.poisson(6, DEAD).clip(1)
    frame["staff"] = np.rint(np.exp(rng.normal(3.0, 0.7, DEAD))).astype(int) + 1
    frame["sector"], frame["place"] = rng.choice(list(SECTORS), DEAD), rng.choice(len(TOWNS) * 4, DEAD)
    return frame


def draw_lines(rng: np.random.Generator, customer, kinds: list) -> list[tuple]:
    """(day, order, product, pieces, cents) of one customer: amounts per brand and group as planted, spread over orders."""
    days = np.sort(rng.choice(WORKDAYS, customer.orders, replace=False))
    shares = np.array([customer.own * customer.refill, customer.own * (1 - customer.refill),
                       (1 - customer.own) * customer.refill, (1 - customer.own) * (1 - customer.refill)])
    cents = split_cents(customer.cents, shares, minimum=100)
    rows = []
    for kind, amount in enumerate(cents):
        count = max(1, int(round(customer.orders * 0.45)))
        chosen = rng.choice(customer.orders, min(count, customer.orders), replace=False)
        chosen = np.union1d(chosen, np.arange(kind, customer.orders, 4))
        for order, part in zip(chosen, split_cents(int(amount), rng.uniform(0.6, 1.4, len(chosen)), minimum=1)):
            code, price = article_for(rng, *kinds[kind], int(part))
            rows.append((int(days[order]), int(order), code, max(1, round(part / price)), int(part)))
    return sorted(rows)


def article_for(rng: np.random.Generator, codes: np.ndarray, prices: np.ndarray, cents: int) -> tuple[str, int]:
    """An article that the amount can pay, else the cheapest."""
    paid = np.flatnonzero(prices <= cents)
    at = paid[int(rng.integers(len(paid)))] if len(paid) else int(prices.argmin())
    return str(codes[at]), int(prices[at])


def by_kind(products: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray]]:
    """Codes and prices of the four kinds: own refills, own others, other refills, other others."""
    found = []
    for own, refill in ((True, True), (True, False), (False, True), (False, False)):
        rows = products[(products["own"] == own) & ((products["group"] == REFILL) == refill)]
        found.append((rows["product"].to_numpy(), rows["price"].to_numpy()))
    return found


def order_rows(rng: np.random.Generator, customers: pd.DataFrame, products: pd.DataFrame) -> list[list[str]]:
    """All order lines, numbered by day, and the credit notes: a small part of a line, back in the week after."""
    kinds = by_kind(products)
    lines = [(day, customer.number, order, *rest) for customer in customers.itertuples() if customer.orders
             for day, order, *rest in draw_lines(rng, customer, kinds)]
    for at in rng.choice(len(lines), CREDIT_NOTES, replace=False):
        day, number, order, product, _, cents = lines[at]
        lines.append((min(363, day + 7), number, 1_000 + order, product, -1, -max(1, cents // 10)))
    numbers, rows = {}, []
    for day, number, order, product, pieces, cents in sorted(lines):
        key = numbers.setdefault((number, order), f"AU{230_001 + len(numbers)}")
        rows.append([key, number, day_text(FIRST + timedelta(day), GERMAN), product, str(pieces), money(cents, GERMAN)])
    return rows


def campaign_rows(rng: np.random.Generator, customers: pd.DataFrame) -> list[list[str]]:
    """Every contact of every campaign: two thirds by telephone."""
    rows = []
    for customer in customers.itertuples():
        answers = 0.35 if customer.segment in (1, 2) else 0.0 if customer.segment == 0 else 0.12
        for day in np.sort(rng.choice(WORKDAYS, int(customer.contacts), replace=False)):
            channel = str(rng.choice(list(CHANNELS), p=[0.66, 0.14, 0.20]))
            name = f"{channel[:3].upper()}-2023-{1 + day // 92}"
            reply = "ja" if rng.random() < answers else "nein"
            rows.append((int(day), name, customer.number, channel, reply, CHANNELS[channel]))
    return [[name, number, day_text(FIRST + timedelta(day), GERMAN), channel, reply, money(cents, GERMAN)]
            for day, name, number, channel, reply, cents in sorted(rows)]


def client_rows(rng: np.random.Generator, customers: pd.DataFrame) -> list[list[str]]:
    """The customer list: a fifth of the staff numbers and a few postcodes are empty."""
    size = len(customers)
    labels = rng.permutation(np.arange(1, size + 1))
    since = [date(2022, 12, 31) - timedelta(int(day)) for day in rng.integers(30, 4_000, size)]
    columns = [
        list(customers["number"]), [f"Kunde {sector} {label:04d}" for sector, label in zip(customers["sector"], labels)],
        list(customers["sector"]), sprinkle(rng, [str(one) for one in customers["staff"]], 0.8),
        sprinkle(rng, [postcode(one) for one in customers["place"]], 0.96),
        [TOWNS[one // 4][1] for one in customers["place"]], [day_text(day, GERMAN) for day in since],
        ["ja" if one else "nein" for one in rng.random(size) < 0.04],
    ]
    return [list(row) for row in zip(*columns)]


def usage_rows(rng: np.random.Generator, customers: pd.DataFrame) -> list[list[str]]:
    """Devices and portions per quarter; the machines report it themselves."""
    rows = []
    for customer in customers[customers["devices"] > 0].itertuples():
        for month in (1, 4, 7, 10):
            portions = int(customer.devices * customer.use * np.exp(rng.normal(0, 0.08)))
            grouped = f"{portions:,}".replace(",", GERMAN.thousands)
            rows.append([customer.number, day_text(date(2023, month, 1), GERMAN), str(customer.devices), grouped])
    return rows


def product_rows(products: pd.DataFrame) -> list[list[str]]:
    """The article list; of every fifteenth article nobody wrote down whose brand it is."""
    return [[row.product, row.name, row.group, row.brand, "" if place % 15 == 7 else "ja" if row.own else "nein",
             money(row.price, GERMAN)] for place, row in enumerate(products.itertuples(index=False))]


def power_rows() -> list[list[str]]:
    """Bought-in purchasing power by postcode; the last three postcodes are missing in the delivery."""
    index = purchasing_power()
    return [[postcode(place), "Kaufkraftindex", f"{index[place]:.1f}".replace(".", GERMAN.decimal)]
            for place in range(len(index) - 3)]


def generate(folder: Path) -> None:
    """Draw the client once and write all of its files."""
    rng = np.random.default_rng(SEED)
    products = draw_products(rng)
    customers = pd.concat([draw_customers(rng), dead_records(rng)], ignore_index=True)
    customers = customers.iloc[rng.permutation(len(customers))].reset_index(drop=True)
    customers["number"] = [str(one) for one in rng.choice(np.arange(400_000, 500_000), len(customers), replace=False)]
    customers = customers.sort_values("number", ignore_index=True)
    orders, campaigns = order_rows(rng, customers, products), campaign_rows(rng, customers)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "kunden.csv": (["Kundennummer", "Firma", "Branche", "Mitarbeiter", "PLZ", "Ort", "Kunde seit", "Werbesperre"],
                       client_rows(rng, customers)),
        "auftraege.csv": (["Auftragsnummer", "Kundennummer", "Auftragsdatum", "Artikelnummer", "Menge", "Nettobetrag"], orders),
        "artikel.csv": (["Artikelnummer", "Bezeichnung", "Warengruppe", "Marke", "Eigenmarke", "Preis"], product_rows(products)),
        "geraete.csv": (["Kundennummer", "Quartal ab", "Geräte", "Portionen"], usage_rows(rng, customers)),
        "kampagnen.csv": (["Kampagne", "Kundennummer", "Datum", "Kanal", "Reaktion", "Kosten"], campaigns),
        "kaufkraft.csv": (["PLZ", "Kennzahl", "Wert"], power_rows()),
    }
    for name, (header, rows) in files.items():
        write_csv(folder / name, header, rows, GERMAN)
    write_truth(folder, customers, orders, campaigns)


def write_truth(folder: Path, customers: pd.DataFrame, orders: list, campaigns: list) -> None:
    """What only the maker of the data can know: never an input of the workbook, only of tests and answers."""
    rows = [[row.number, str(row.segment), "" if row.segment == 0 else money(int(row.potential * 100), GERMAN),
             "" if row.segment == 0 else f"{row.reached:.3f}".replace(".", ",")] for row in customers.itertuples()]
    write_csv(folder / "truth_segments.csv", ["Kundennummer", "Segment", "Potenzial", "Erreicht"], rows, GERMAN)
    (folder / "TRUTH.json").write_bytes((json.dumps(facts(customers, orders, campaigns), indent=2) + "\n").encode())


def facts(customers: pd.DataFrame, orders: list, campaigns: list) -> dict:
    """Everything a test or a student may check against, counted from what was really written."""
    live, dead = customers[customers["segment"] > 0], set(customers.loc[customers["segment"] == 0, "number"])
    table = {}
    for segment, rows in live.groupby("segment"):
        table[str(segment)] = {
            "customers": len(rows), "share_percent": round(100 * len(rows) / len(live), 1),
            "mean_orders": round(rows["orders"].mean(), 2), "mean_contacts": round(rows["contacts"].mean(), 2),
            "mean_own_brand_share": round(rows["own"].mean(), 3), "mean_refill_share": round(rows["refill"].mean(), 3),
            "mean_reached_potential": round(rows["reached"].mean(), 3), "amount": euros(rows["cents"].sum()),
            "potential": round(rows["potential"].sum(), 2),
        }
    costs = {channel: cents for channel, cents in CHANNELS.items()}
    return {
        "client": "b2b-supplies", "first_day": str(FIRST), "as_of": str(AS_OF), "segments": table,
        "live_customers": len(live), "dead_records": len(dead), "order_lines": len(orders),
        "credit_note_lines": CREDIT_NOTES, "campaign_contacts": len(campaigns),
        "contacts_to_dead_records": sum(row[1] in dead for row in campaigns),
        "cost_of_contacts_to_dead_records": euros(sum(costs[row[3]] for row in campaigns if row[1] in dead)),
        "cost_of_contacts": euros(sum(costs[row[3]] for row in campaigns)),
    }


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "b2b-supplies")
