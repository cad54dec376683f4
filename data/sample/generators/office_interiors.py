"""Sample client 'office-interiors' (case A): a made-up seller of office interiors, four years of data.

    python data/sample/generators/office_interiors.py [folder]

rewrites the files of data/sample/office-interiors (or of `folder`), byte for byte the same every time.

What is planted, to be found again (the realised numbers go to TRUTH.json):
- 1,792 buyers in four groups with the sizes and means of the published table; K-Means finds them exactly.
  Real customers are never parted this cleanly: we leave a strip around each border empty on purpose.
- The potential code is too coarse: group 1 is mostly C and D yet holds a good many A and B; in group 2
  29 % is coded D ("private person") although they buy like offices and bear business names; groups 3
  and 4 are A and B, but for one customer.
- Sales staff follow the code: a D customer is seldom visited, whatever he buys.
- Orders: quiet in July and August, a peak in December, a dip in spring 2020, growth; many customers sleep.
- Quotes, with effort that goes to the wrong ones: see office_interiors_quotes.py.
- Dirt: CRM and ERP write the customer number differently; sales over the counter and all credit notes are
  on one collective debtor; contacts of prospects who were deleted; buyers without a single contact;
  opted-out customers whose consent still says yes; sector, staff and revenue nearly always empty.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from common import BELGIAN, day_text, money, pick_days, split_cents, sprinkle, write_csv
from office_interiors_buyers import FIRST, LAST_DAY, draw_buyers, draw_prospects, number_customers, workday
from office_interiors_persons import write_persons
from office_interiors_quotes import HEADER, quote_rows
from office_interiors_truth import COUNTER, ORPHAN_CONTACTS, ORPHAN_CUSTOMERS, truth
from office_interiors_words import ARTICLES, BUSINESS, CONTACT_TYPES, MIX_BY_CODE, PRIVATE, TOWNS

SEED = 20210630
FIRST_WORKDAY = 2  # 1 July 2017 is a Saturday
COUNTER_LINES, CREDIT_LINES = 60, 7
MONTH = np.array([1.0, 1.0, 1.1, 1.0, 1.0, 1.1, 0.5, 0.55, 1.15, 1.1, 1.15, 1.7])


def day_weights() -> np.ndarray:
    """How likely an order is on each day: working days, seasons, growth, and a dip in spring 2020."""
    days = [FIRST + timedelta(number) for number in range(LAST_DAY + 1)]
    weights = np.array([MONTH[day.month - 1] * (day.weekday() < 5) for day in days], dtype=float)
    weights *= 1.09 ** (np.arange(LAST_DAY + 1) / 365)
    dip = [date(2020, 3, 18) <= day <= date(2020, 5, 10) for day in days]
    return np.where(dip, weights * 0.35, weights)


def order_days(rng: np.random.Generator, buyer, weights: np.ndarray) -> np.ndarray:
    """Irregular on purpose: about three in ten follow within two months on an earlier order (a project)."""
    follow = rng.binomial(buyer.orders - 1, 0.3)
    base = pick_days(rng, weights, max(buyer.start, FIRST_WORKDAY), buyer.stop, buyer.orders - follow)
    later = rng.choice(base, follow) + rng.integers(3, 60, follow)
    later = np.where(later > buyer.stop, 2 * buyer.stop - later, later)
    return np.sort(np.concatenate([base, np.maximum(workday(later), FIRST_WORKDAY)]))


def draw_order_lines(rng: np.random.Generator, buyer, weights: np.ndarray) -> list[tuple]:
    """(day, debtor, order, cents) for every line of one buyer; the lines sum to his planted amount."""
    days = order_days(rng, buyer, weights)
    lines = rng.choice([1, 2, 3], buyer.orders, p=[0.6, 0.28, 0.12])
    orders = np.repeat(np.arange(buyer.orders), lines)
    weight = np.repeat(rng.lognormal(0, 0.8, buyer.orders), lines) * rng.lognormal(0, 0.4, len(orders))
    cents = split_cents(buyer.cents, weight, minimum=1_500)
    return [
        (days[order], str(buyer.number), order, int(part)) for order, part in zip(orders, cents, strict=True)
    ]


def draw_counter_lines(rng: np.random.Generator, weights: np.ndarray) -> list[tuple]:
    """Showroom sales to people nobody wrote down, and the credit notes (order number below zero)."""
    days = pick_days(rng, weights, FIRST_WORKDAY, LAST_DAY, COUNTER_LINES + CREDIT_LINES)
    cents = np.rint(rng.lognormal(10.4, 0.7, COUNTER_LINES + CREDIT_LINES)).astype(int) + 1_500
    sales = [(days[one], COUNTER, one, int(cents[one])) for one in range(COUNTER_LINES)]
    credit = [(days[one], COUNTER, -one, -int(cents[one] // 2)) for one in range(COUNTER_LINES, len(days))]
    return sales + credit


def article_for(rng: np.random.Generator, cents: int) -> tuple:
    """An article whose price fits the amount, and how many: about amount / price, with some discount."""
    fits = [one for one in ARTICLES if abs(cents) / 5_000 <= one[2] <= abs(cents) / 80]
    code, kind, price = fits[rng.integers(len(fits))] if fits else ARTICLES[-1]
    return code, kind, max(1, round(abs(cents) / 100 / price))


def order_rows(rng: np.random.Generator, lines: list[tuple]) -> list[list[str]]:
    """Number the orders by date, as an ERP does, and write the lines out."""
    rows, numbers, counts = [], {}, {"VO": 10_000, "CN": 200}
    for day, debtor, order, cents in sorted(lines, key=lambda line: line[:3]):
        prefix = "CN" if cents < 0 else "VO"
        if (debtor, order) not in numbers:
            counts[prefix] += 1
            numbers[debtor, order] = f"{prefix}{counts[prefix]:06d}"
        code, kind, pieces = article_for(rng, cents)
        rows.append(
            [
                numbers[debtor, order],
                day_text(FIRST + timedelta(int(day)), BELGIAN),
                debtor,
                code,
                kind,
                str(-pieces if cents < 0 else pieces),
                money(cents, BELGIAN),
            ]
        )
    return rows


def contact_days(rng: np.random.Generator, customer, ordered: np.ndarray) -> np.ndarray:
    """Most contacts lie around an order, the others anywhere; a prospect's lie before his last one."""
    if not len(ordered):
        earlier = rng.integers(customer.created, customer.stop + 1, customer.contacts - 1)
        return workday(np.append(earlier, customer.stop))
    low, high = max(customer.created, FIRST_WORKDAY), min(LAST_DAY, int(ordered[-1]) + 200)
    near = rng.choice(ordered, customer.contacts) - rng.integers(-20, 75, customer.contacts)
    anywhere = rng.integers(low, high + 1, customer.contacts)
    days = np.where(rng.random(customer.contacts) < 0.6, near, anywhere)
    days = np.where(days < low, 2 * low - days, days)  # reflected, else they heap up on the first day
    return np.maximum(workday(np.where(days > LAST_DAY, 2 * LAST_DAY - days, days)), FIRST_WORKDAY)


def contact_rows(rng: np.random.Generator, customer, ordered: np.ndarray) -> list[tuple]:
    """(day, customer, type, seller): the type follows the code, nine times in ten it is the own seller."""
    days = contact_days(rng, customer, ordered)
    types = rng.choice(CONTACT_TYPES, len(days), p=MIX_BY_CODE[customer.code])
    sellers = np.where(rng.random(len(days)) < 0.9, customer.seller, rng.integers(1, 10, len(days)))
    return [
        (int(day), f"KL-{customer.number:06d}", str(kind), f"V{seller:02d}")
        for day, kind, seller in zip(days, types, sellers, strict=True)
    ]


def orphan_rows(rng: np.random.Generator, customers: pd.DataFrame) -> list[tuple]:
    """Contacts that outlived their prospect: the number is no longer in the CRM."""
    gone = rng.choice(
        np.setdiff1d(np.arange(101, 5000), customers["number"]), ORPHAN_CUSTOMERS, replace=False
    )
    numbers = np.concatenate([gone, rng.choice(gone, ORPHAN_CONTACTS - ORPHAN_CUSTOMERS)])
    days = workday(rng.integers(FIRST_WORKDAY, LAST_DAY - 200, ORPHAN_CONTACTS))
    return [
        (int(day), f"KL-{number:06d}", "Telefoon", "V05") for day, number in zip(days, numbers, strict=True)
    ]


def customer_rows(rng: np.random.Generator, customers: pd.DataFrame) -> list[list[str]]:
    """The CRM's customer list: a few fields always there, the telling ones nearly always empty."""
    size = len(customers)
    towns = [TOWNS[one] for one in rng.choice(len(TOWNS), size, p=town_chances())]
    private = (customers["code"] == "D") & (customers["group"] < 2) & (rng.random(size) < 0.7)
    names, sectors = name_customers(rng, private, towns)
    columns = [
        [f"KL-{number:06d}" for number in customers["number"]],
        names,
        list(customers["code"]),
        sprinkle(rng, sectors, 0.12),
        *staff_and_revenue(rng, customers["group"], private),
        *zip(*towns, strict=True),
        [day_text(FIRST + timedelta(int(day)), BELGIAN) for day in customers["created"]],
        [str(one) for one in rng.choice(["Ja", "Nee", ""], size, p=[0.4, 0.2, 0.4])],
        ["Ja" if one else "" for one in rng.random(size) < 0.06],
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def name_customers(rng: np.random.Generator, private: pd.Series, towns: list) -> tuple[list[str], list[str]]:
    """A name by what the customer does, in his language, and the sector that goes with it."""
    kinds = [
        PRIVATE[town[2]] if one else BUSINESS[town[2]][rng.integers(len(BUSINESS[town[2]]))]
        for one, town in zip(private, towns, strict=True)
    ]
    labels = rng.permutation(np.arange(1, len(towns) + 1))
    names = [f"{kind[0]} {label:04d}" for kind, label in zip(kinds, labels, strict=True)]
    return names, [kind[1] for kind in kinds]


def staff_and_revenue(rng: np.random.Generator, group: pd.Series, private: pd.Series) -> list[list[str]]:
    """Both grow with the group, so the few that are filled in do say something; private persons have none."""
    staff = 1 + np.rint(np.array([6, 8, 60, 250, 700])[group] * rng.lognormal(0, 0.7, len(group))).astype(int)
    revenue = [int(round(one, -3)) * 100 for one in staff * rng.lognormal(11.8, 0.4, len(group))]
    staff_texts = ["" if one else str(count) for one, count in zip(private, staff, strict=True)]
    revenue_texts = [
        "" if one else money(cents, BELGIAN) for one, cents in zip(private, revenue, strict=True)
    ]
    return [sprinkle(rng, staff_texts, 0.105), sprinkle(rng, revenue_texts, 0.085)]


def town_chances() -> np.ndarray:
    """Mostly Dutch-speaking towns: the client sells little in the south."""
    weights = np.array([5.0 if town[2] == "N" else 1.2 for town in TOWNS])
    return weights / weights.sum()


def generate(folder: Path) -> None:
    """Draw the client once and write all of its files."""
    rng = np.random.default_rng(SEED)
    weights = day_weights()
    customers = number_customers(rng, pd.concat([draw_buyers(rng), draw_prospects(rng)], ignore_index=True))
    lines, contacts, last_order = draw_counter_lines(rng, weights), orphan_rows(rng, customers), {}
    for customer in customers.itertuples():
        own = draw_order_lines(rng, customer, weights) if customer.orders else []
        contacts += contact_rows(rng, customer, np.array([line[0] for line in own], dtype=int))
        lines += own
        if own:
            last_order[customer.number] = own[-1][0]
    clients = customer_rows(rng, customers)
    orders = order_rows(rng, lines)
    write_exports(folder, clients, sorted(contacts), orders)
    quotes, facts = quote_rows(orders, customers, weights, COUNTER)  # from a random stream of its own
    write_csv(folder / "erp_offertes.csv", HEADER, quotes, BELGIAN)
    buyers = customers[customers["group"] > 0]
    write_truth(folder, buyers, truth(buyers, last_order, clients, contacts, lines) | {"quotes": facts})
    write_persons(folder, customers, clients)


def write_exports(folder: Path, clients: list, contacts: list, orders: list) -> None:
    """The three files the client hands over."""
    folder.mkdir(parents=True, exist_ok=True)
    dated = [
        [number, day_text(FIRST + timedelta(day), BELGIAN), kind, seller]
        for day, number, kind, seller in contacts
    ]
    write_csv(
        folder / "crm_klanten.csv",
        [
            "Klantnummer",
            "Naam",
            "Potentieelcode",
            "Sector",
            "Aantal medewerkers",
            "Jaaromzet",
            "Postcode",
            "Gemeente",
            "Taal",
            "Aangemaakt",
            "E-mail toestemming",
            "Afgemeld",
        ],
        clients,
        BELGIAN,
    )
    write_csv(
        folder / "crm_contacten.csv", ["Klantnummer", "Datum", "Type", "Verantwoordelijke"], dated, BELGIAN
    )
    write_csv(
        folder / "erp_orders.csv",
        ["Ordernummer", "Orderdatum", "Debiteur", "Artikel", "Artikelgroep", "Aantal", "Nettobedrag"],
        orders,
        BELGIAN,
    )


def write_truth(folder: Path, buyers: pd.DataFrame, facts: dict) -> None:
    """What only the maker of the data can know: never an input of the workbook, only of tests and answers."""
    groups = [
        [f"KL-{number:06d}", str(group)]
        for number, group in zip(buyers["number"], buyers["group"], strict=True)
    ]
    write_csv(folder / "truth_groups.csv", ["Klantnummer", "Groep"], groups, BELGIAN)
    (folder / "TRUTH.json").write_bytes((json.dumps(facts, indent=2) + "\n").encode())


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "office-interiors")
