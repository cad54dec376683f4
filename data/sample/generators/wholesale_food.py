"""Sample client 'wholesale-food' (case F): a made-up food wholesaler and its restaurants, one year of data.

    python data/sample/generators/wholesale_food.py [folder]

rewrites the files of data/sample/wholesale-food (or of `folder`), byte for byte the same every time.

What is planted, to be found again (the realised numbers go to TRUTH.json):
- Five kitchens, each with groups that every such kitchen needs; some customers start buying them later
  in the year, so a recommendation made from the past can be checked on the months after it.
- Two in five customers never buy one (some two) of the groups their kitchen needs: they get it elsewhere.
- Four pairs of products that are bought together; one of the favourites is out of stock, and several
  products exist as pack sizes of one product.
- Dirt: one customer in ten has no kitchen filled in, returns, a debtor for cash sales without a name.
"""

import json
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from common import DUTCH, day_text, money, write_csv
from wholesale_food_words import EVERYBODY, GROUPS, KITCHENS, TOGETHER, TOWNS

SEED = 20250630
FIRST, DAYS = date(2024, 7, 1), 365
MISSING, TWO_MISSING, LATE, STRAY = 0.40, 0.25, 0.34, 0.035
SOLD_OUT = "Muscadet doos"
CASH = "900000"


@dataclass(frozen=True)
class Customer:
    """One restaurant: which groups it buys from which day, and which it never buys."""

    number: str
    kitchen: str
    starts: dict[str, int]
    missing: tuple[str, ...]
    every: float
    size: float


@dataclass(frozen=True)
class Product:
    """One article of the range; the money is in whole cents."""

    number: str
    name: str
    group: str
    variant_of: str
    price: int
    margin: int
    stock: int
    views: int


def draw_products(rng: np.random.Generator) -> list[Product]:
    """The range: some articles also come in a large pack, which is a variant and no other product."""
    products, number = [], 1000
    for group, (lowest, names) in GROUPS.items():
        share = rng.uniform(0.12, 0.38)
        for name in names:
            number += 1
            price = int(round(lowest * rng.uniform(1.0, 1.8), -1))
            stock = 0 if name == SOLD_OUT else int(rng.integers(20, 600))
            first = Product(
                str(number), name, group, "", price, int(price * share), stock, int(rng.integers(30, 900))
            )
            products.append(first)
            if rng.random() < 0.22:
                number += 1
                large = int(round(price * 2.7, -1))
                products.append(
                    Product(
                        str(number),
                        f"{name} grootverpakking",
                        group,
                        first.number,
                        large,
                        int(large * share),
                        int(rng.integers(20, 300)),
                        int(rng.integers(5, 200)),
                    )
                )
    return products


def draw_customer(rng: np.random.Generator, number: str, kitchen: str) -> Customer:
    """What this restaurant buys and from when; a few strange purchases belong to life."""
    core = list(KITCHENS[kitchen][1])
    wanting = rng.random() < MISSING
    count = (1 + int(rng.random() < TWO_MISSING)) if wanting else 0
    missing = tuple(sorted(str(one) for one in rng.choice(core, count, replace=False)))
    starts = {group: 0 for group in EVERYBODY if rng.random() < 0.8}
    for group in core:
        if group not in missing:
            starts[group] = int(rng.integers(40, DAYS - 25)) if rng.random() < LATE else 0
    others = [group for group in GROUPS if group not in core and group not in EVERYBODY]
    starts |= {group: int(rng.integers(0, DAYS)) for group in others if rng.random() < STRAY}
    return Customer(
        number, kitchen, starts, missing, float(rng.uniform(13, 30)), float(rng.lognormal(0, 0.4))
    )


def draw_orders(
    rng: np.random.Generator, customer: Customer, products: dict[str, list[Product]]
) -> list[tuple]:
    """(day, customer, product, pieces) for every line; a newly needed group is bought soon after its start."""
    day, lines, bought = int(rng.integers(0, 20)), [], set()
    while day < DAYS:
        ready = [group for group, start in sorted(customer.starts.items()) if start <= day]
        new = [group for group in ready if group not in bought]
        chosen = {group for group in ready if rng.random() < 0.28} | set(new[:2])
        names = {}
        for group in sorted(chosen):
            item = products[group][min(int(rng.exponential(1.4)), len(products[group]) - 1)]
            names[item.name] = item
        for one, other, chance in TOGETHER:
            match = next((item for item in products[_group_of(other)] if item.name == other), None)
            if one in names and match and match.group in ready and rng.random() < chance:
                names[other] = match
        bought |= {item.group for item in names.values()}
        lines += [
            (day, customer.number, item, 1 + int(rng.poisson(2 * customer.size))) for item in names.values()
        ]
        day += max(3, int(rng.normal(customer.every, 5)))
    return lines


def _group_of(name: str) -> str:
    return next(group for group, (_, names) in GROUPS.items() if name in names)


def order_rows(rng: np.random.Generator, lines: list[tuple]) -> list[list[str]]:
    """Number the orders by date; one line in eighty is sent back a few days later."""
    rows, numbers, count = [], {}, 500_000
    returned = [
        (min(day + 4, DAYS - 1), who, item, -pieces)
        for day, who, item, pieces in lines
        if rng.random() < 1 / 80
    ]
    for day, who, item, pieces in sorted(
        [*lines, *returned], key=lambda line: (line[0], line[1], line[3] < 0, line[2].number)
    ):
        key = (day, who, pieces < 0)
        if key not in numbers:
            count += 1
            numbers[key] = f"{'R' if pieces < 0 else 'B'}{count}"
        when = day_text(FIRST + timedelta(days=day), DUTCH)
        rows.append([numbers[key], when, who, item.number, str(pieces), money(pieces * item.price, DUTCH)])
    return rows


def customer_rows(rng: np.random.Generator, customers: list[Customer]) -> list[list[str]]:
    """The customer list: kitchen mostly filled in, consent often not."""
    rows = []
    for at, one in enumerate(customers):
        code, town = TOWNS[int(rng.integers(len(TOWNS)))]
        kitchen = one.kitchen if rng.random() < 0.9 else ""
        consent = str(rng.choice(["Ja", "Nee", ""], p=[0.7, 0.1, 0.2]))
        rows.append(
            [
                one.number,
                f"Restaurant {at + 1:03d}",
                kitchen,
                code,
                town,
                consent,
                "Ja" if rng.random() < 0.04 else "",
            ]
        )
    return rows


def product_rows(products: list[Product]) -> list[list[str]]:
    """The range as the article file holds it; the group is the leading word of its own column."""
    return [
        [
            one.number,
            one.name,
            one.group,
            one.variant_of,
            money(one.price, DUTCH),
            money(one.margin, DUTCH),
            str(one.stock),
            str(one.views),
        ]
        for one in products
    ]


def truth(customers: list[Customer], rows: list[list[str]], products: list[Product]) -> dict:
    """What was planted, with the numbers that came out."""
    number = {one.name: one.number for one in products}
    return {
        "seed": SEED,
        "customers": len(customers),
        "order_lines": len(rows),
        "products": len(products),
        "kitchens": {
            name: {"customers": size, "needs": list(needs)} for name, (size, needs) in KITCHENS.items()
        },
        "missing": {one.number: list(one.missing) for one in customers if one.missing},
        "together": [
            {"product": number[one], "with": number[other], "names": [one, other], "chance": chance}
            for one, other, chance in TOGETHER
        ],
        "sold_out": number[SOLD_OUT],
        "cash_debtor": CASH,
        "variants": {one.number: one.variant_of for one in products if one.variant_of},
    }


def generate(folder: Path) -> None:
    """Draw the client once and write all of its files."""
    rng = np.random.default_rng(SEED)
    products = draw_products(rng)
    by_group = {group: [one for one in products if one.group == group] for group in GROUPS}
    kitchens = [name for name, (size, _) in KITCHENS.items() for _ in range(size)]
    numbers = rng.permutation(np.arange(100_000, 199_999))[: len(kitchens)]
    drawn = [
        draw_customer(rng, str(number), kitchen) for number, kitchen in zip(numbers, kitchens, strict=True)
    ]
    customers = sorted(drawn, key=lambda one: one.number)
    lines = [line for one in customers for line in draw_orders(rng, one, by_group)]
    lines += [
        (int(rng.integers(DAYS)), CASH, products[int(rng.integers(len(products)))], 1) for _ in range(120)
    ]
    rows = order_rows(rng, lines)
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(
        folder / "orderregels.csv",
        ["Ordernummer", "Orderdatum", "Klantnummer", "Artikelnummer", "Aantal", "Nettobedrag"],
        rows,
        DUTCH,
    )
    write_csv(
        folder / "klanten.csv",
        ["Klantnummer", "Naam", "Keuken", "Postcode", "Plaats", "Mailtoestemming", "Afgemeld"],
        customer_rows(rng, customers),
        DUTCH,
    )
    write_csv(
        folder / "artikelen.csv",
        [
            "Artikelnummer",
            "Omschrijving",
            "Productgroep",
            "Variant van",
            "Prijs",
            "Marge",
            "Voorraad",
            "Paginaweergaven",
        ],
        product_rows(products),
        DUTCH,
    )
    text = json.dumps(truth(customers, rows, products), indent=1, ensure_ascii=False)
    (folder / "TRUTH.json").write_bytes((text + "\n").encode())


if __name__ == "__main__":
    here = Path(__file__).parents[1] / "wholesale-food"
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
