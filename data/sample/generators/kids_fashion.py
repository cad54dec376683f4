"""Sample client 'kids-fashion' (case B): a made-up children's clothes shop, on the street and on the web, seven years.

    python data/sample/generators/kids_fashion.py [folder]

rewrites the files of data/sample/kids-fashion (or of `folder`), byte for byte the same every time.

What is planted, to be found again (the realised numbers go to TRUTH.json, every customer to truth_segments.csv):
- five segments A to E in falling customer value, in two periods: 2019-2021 (36 months) and 2022 (12 months); A orders
  about sixteen times a year, B eight, C four, D two, E less than once; amounts and the last order follow. Real customers
  are never this regular: the space between two segments is kept empty on purpose.
- every step between the segments (PATHS), from which the change group of every customer follows: customers who stop,
  slide, grow, come back after more than three years, or are new in 2022. New customers have a planted group, no segment.
- both kinds of Sleeping (an order or two left, or none at all) and old customers who were away before 2019.
- A second round: see kids_fashion_later.py. The numbers of TRUTH.json are those of the first, unless said otherwise.
- Dirt: sales over the counter without a customer, returns as negative orders, people in the customer file who never
  bought, postcodes left empty.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from common import DUTCH, day_text, euros, money, sprinkle, write_csv
from kids_fashion_later import second_round

SEED = 20221231
FIRST, AS_OF = date(2016, 1, 1), date(2022, 12, 31)
BEFORE, NOW = date(2019, 1, 1), date(2022, 1, 1)
# per segment: orders a year, euro an order, days since the last order at the end of a period (from, to), last joining year
SEGMENTS = {
    "A": (16, 85, (4, 14), 2021), "B": (8, 75, (15, 35), 2021), "C": (4, 60, (45, 80), 2020),
    "D": (2, 45, (100, 150), 2019), "E": (0.75, 25, (270, 340), 2018),
}
PATHS = {  # segment in 2019-2021, segment in 2022 ("-" is without orders), customers
    "AA": 150, "AB": 25, "AC": 8, "AD": 3, "AE": 4, "A-": 8, "BA": 25, "BB": 190, "BC": 35, "BD": 10, "BE": 10, "B-": 15,
    "CA": 4, "CB": 35, "CC": 300, "CD": 45, "CE": 25, "C-": 40, "DA": 2, "DB": 6, "DC": 45, "DD": 330, "DE": 60, "D-": 90,
    "EB": 2, "EC": 8, "ED": 40, "EE": 200, "E-": 170, "-C": 10, "-D": 20, "-E": 15, "--": 160,
    "NA": 15, "NB": 40, "NC": 80, "ND": 60, "NE": 45,
}
NEVER_BOUGHT, COUNTER_SALES, RETURN_SHARE = 60, 700, 0.02
TOWNS = [("8310", "Assebroek"), ("8200", "Sint-Andries"), ("8000", "Brugge"), ("8020", "Oostkamp"), ("8730", "Beernem"),
         ("9000", "Gent"), ("9990", "Maldegem"), ("8300", "Knokke")]


def group_of(path: str) -> str:
    """The change group that follows from a path, as the case publishes it (and the room's conventions where it is silent)."""
    before, now = path
    if before == "N":
        return "new"
    if path == "--":
        return "away"
    if now == "-" or (now == "E" and before in "ABCD"):
        return "sleeping"
    if path == "AA":
        return "top"
    if before == "-" or now < before:
        return "growing"
    return "loyal" if now == before else "needs_attention"


def steady_days(rng: np.random.Generator, segment: str, start: date, end: date) -> list[date]:
    """Days of orders from `end` backwards: the last one as recent as the segment asks, then at its pace until `start`."""
    rate, _, recent, _ = SEGMENTS[segment]
    step, days = 365 / rate, []
    day = end - timedelta(int(rng.integers(recent[0], recent[1] + 1)))
    while day >= start:
        days.append(day)
        day -= timedelta(max(1, int(round(step * rng.uniform(0.85, 1.1)))))
    return days[::-1]


def joined(rng: np.random.Generator, path: str) -> date:
    """The day a customer may have come in: early enough that the segment shows."""
    before, now = path
    if before == "N":
        return NOW + timedelta(int(rng.integers(3, 60 if now in "DE" else 190)))
    if before == "-":
        return FIRST + timedelta(int(rng.integers(0, 900)))
    last = date(SEGMENTS[before][3], 6, 30) if before != "E" else date(2018, 12, 31)
    return FIRST + timedelta(int(rng.integers(0, (last - FIRST).days)))


def order_days(rng: np.random.Generator, path: str) -> list[date]:
    """All days on which a customer of this path ordered."""
    before, now = path
    start = joined(rng, path)
    if before == "N":
        own = steady_days(rng, now, start, AS_OF) if now != "E" else []
        return sorted({start, *own}) if now in "ABCE" else own or [start]
    if before == "-":
        old = steady_days(rng, str(rng.choice(list("CD"))), start, min(start + timedelta(500), date(2018, 11, 30)))
        days = old or [start]
    else:
        days = sorted({start, *steady_days(rng, before, start, NOW - timedelta(1))})
        days = thinned_lowest(days, start) if before == "E" else days
    return days if now == "-" else days + steady_days(rng, now, NOW, AS_OF)[-1 if now == "E" else None:]


def thinned_lowest(days: list[date], start: date) -> list[date]:
    """The lowest segment: the first order, and the last two of 2019-2021."""
    inside = [day for day in days if day >= BEFORE]
    return sorted({start, *inside[-2:]})


def amounts(rng: np.random.Generator, path: str, days: list[date]) -> list[int]:
    """Cents per order: the segment's level of that period, the customer's own touch, and some spread."""
    before, now = path[0], path[1]
    touch = np.clip(rng.normal(1, 0.06), 0.85, 1.15)
    cents = []
    for day in days:
        segment = (now if day >= NOW or before == "N" else before).replace("-", "D")
        cents.append(int(SEGMENTS[segment][1] * 100 * touch * np.clip(rng.lognormal(0, 0.2), 0.6, 1.6)))
    return cents


def open_day(day: date) -> date:
    """The shop is closed on Sundays: the order is of the Saturday before, unless that is another year."""
    before = day - timedelta(1)
    return before if day.weekday() == 6 and before.year == day.year else day


def draw_orders(rng: np.random.Generator, customers: list[tuple[str, str]]) -> list[tuple]:
    """(day, customer, channel, cents, status) of all customers, of the counter, and the returns."""
    rows = []
    for number, path in customers:
        days, web = order_days(rng, path), rng.beta(1.2, 1.5)
        for day, cents in zip(days, amounts(rng, path, days)):
            online = rng.random() < web
            rows.append((day if online else open_day(day), number, "webshop" if online else "winkel", cents, "betaald"))
            if online and cents > 6_000 and rng.random() < RETURN_SHARE and (day + timedelta(6)).year == day.year:
                rows.append((day + timedelta(6), number, "webshop", -int(cents * 0.2), "retour"))
    for _ in range(COUNTER_SALES):
        day = open_day(FIRST + timedelta(int(rng.integers(2, (AS_OF - FIRST).days))))
        rows.append((day, "", "winkel", int(rng.lognormal(8.3, 0.5)), "betaald"))
    return sorted(rows)


def numbered(rows: list[tuple]) -> list[list[str]]:
    """Number the orders by day, as a till does."""
    return [[f"B{place:06d}", number, day_text(day, DUTCH), channel, money(cents, DUTCH).replace(".", ""), status]
            for place, (day, number, channel, cents, status) in enumerate(rows, start=100_001)]


def client_rows(rng: np.random.Generator, numbers: list[str], since: dict[str, date]) -> list[list[str]]:
    """The customer file: everybody once, also who never bought."""
    size = len(numbers)
    towns = [TOWNS[one] for one in rng.choice(len(TOWNS), size)]
    labels = rng.permutation(np.arange(1, size + 1))
    later = [FIRST + timedelta(int(day)) for day in rng.integers(0, (AS_OF - FIRST).days, size)]
    columns = [
        numbers, [f"Gezin {label:04d}" for label in labels],
        sprinkle(rng, [town[0] for town in towns], 0.9), [town[1] for town in towns],
        [day_text(since.get(number, day), DUTCH) for number, day in zip(numbers, later)],
        [str(one) for one in rng.choice(["ja", "nee", ""], size, p=[0.55, 0.2, 0.25])],
        ["ja" if one else "" for one in rng.random(size) < 0.05],
    ]
    return [list(row) for row in zip(*columns)]


def generate(folder: Path) -> None:
    """Draw the client once and write all of its files."""
    rng = np.random.default_rng(SEED)
    paths = [path for path, count in PATHS.items() for _ in range(count)]
    paths = [paths[one] for one in rng.permutation(len(paths))]
    drawn = rng.choice(np.arange(20_000, 90_000), len(paths) + NEVER_BOUGHT, replace=False)
    numbers = [f"K{number}" for number in drawn]
    customers = list(zip(numbers, paths))
    rows = draw_orders(rng, customers)
    since: dict[str, date] = {}
    for day, number, *_ in rows:
        since.setdefault(number, day)
    folder.mkdir(parents=True, exist_ok=True)
    clients = client_rows(rng, sorted(numbers), since)
    later, people, second = second_round(folder, customers, rows, clients, SEGMENTS, AS_OF, TOWNS)
    write_csv(folder / "klanten.csv", ["Klantnr", "Naam", "Postcode", "Gemeente", "Klant sinds", "Nieuwsbrief",
                                       "Uitgeschreven"], clients + people, DUTCH)
    write_csv(folder / "bestellingen.csv", ["Bonnummer", "Klantnr", "Datum", "Kanaal", "Bedrag", "Status"],
              numbered(rows + later), DUTCH)
    write_truth(folder, customers, rows, second)


def write_truth(folder: Path, customers: list[tuple[str, str]], rows: list[tuple], second: dict) -> None:
    """What only the maker of the data can know: never an input of the workbook, only of tests and answers."""
    lines = [[number, path[0].replace("N", "-"), "" if path[0] == "N" else path[1], group_of(path)]
             for number, path in sorted(customers)]
    write_csv(folder / "truth_segments.csv", ["Klantnr", "Segment 2019-2021", "Segment 2022", "Groep"], lines, DUTCH)
    told = facts(customers, rows) | {"second_round": second}
    (folder / "TRUTH.json").write_bytes((json.dumps(told, indent=2) + "\n").encode())


def facts(customers: list[tuple[str, str]], rows: list[tuple]) -> dict:
    """Everything a test or a student may check against, counted from what was really written."""
    groups = [group_of(path) for _, path in customers]
    known = [row for row in rows if row[1]]
    return {
        "client": "kids-fashion", "first_day": str(FIRST), "as_of": str(AS_OF),
        "comparison_period": [str(BEFORE), "2021-12-31"], "current_period": [str(NOW), str(AS_OF)],
        "buyers": len(customers), "customers_in_file": len(customers) + NEVER_BOUGHT, "never_bought": NEVER_BOUGHT,
        "order_rows": len(rows), "orders_of_known_customers": sum(row[3] > 0 for row in known),
        "amount_of_known_customers": euros(sum(row[3] for row in known)),
        "returns": sum(row[3] < 0 for row in rows), "counter_sales_without_customer": COUNTER_SALES,
        "web_orders_of_known_customers": sum(row[2] == "webshop" and row[3] > 0 for row in known),
        "change_groups": {name: groups.count(name) for name in sorted(set(groups))},
        "paths": PATHS,
    }


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "kids-fashion")
