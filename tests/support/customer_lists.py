"""Two lists of customers whose ids do not meet: the same customers under other ids, or others; a twin of each kind."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

FIRST = "An Bo Cas Dirk Els Femke Gert Hilde Ivo Jan Karel Lies Mia Nele Otto Piet Rik Sofie Tom Uwe Vera Wim Yara Zoë André".split()
LAST = "Janssens Peeters Maes De Smet Claes Willems Müller Jansen Bakker Visser Dubois Lefèvre Öström Berg Lind Novak Horvat".split()
TRADE = "Bakkerij Garage Slagerij Drukkerij Apotheek Bloemen Schrijnwerk Kapsalon Optiek Taverne Hotel Boekhandel Fietsen".split()
COUNTRY = {"BE": "Belgium", "NL": "Netherlands", "DE": "Germany", "FR": "France"}
SEGMENT = {"A": "gold", "B": "silver", "C": "bronze"}
OURS = {
    "Nr": "customer_id",
    "Name": "customer_name",
    "Mail": "email",
    "Tel": "phone",
    "Zip": "postcode",
    "Town": "place",
    "Country": "country",
    "Code": "customer_code",
}
Person = dict[str, str]


def people(rng: random.Random, n: int) -> list[Person]:
    """Return firms and their owners, each with an address of its own."""
    made = []
    for i in range(n):
        name = f"{rng.choice(TRADE)} {rng.choice(FIRST)} {rng.choice(LAST)}"
        town = rng.randrange(40)
        made.append(
            {
                "Name": name,
                "Mail": f"{rng.choice(FIRST)}.{rng.randrange(10**7)}@mail{i % 7}.test".lower(),
                "Tel": f"04{rng.randrange(10**7, 10**8)}",
                "Zip": f"{1000 + town * 37}",
                "Town": f"Town {town}",
                "Country": rng.choice(list(COUNTRY)),
                "Code": rng.choice("ABC"),
            }
        )
    return made


class Lists:
    """Two exports of customers and one of orders, being made."""

    def __init__(self, folder: Path, seed: int, n: int = 0) -> None:
        """Draw the size, and the customers of the first list."""
        self.folder, self.rng = folder, random.Random(seed)
        self.n = n or self.rng.randrange(120, 500)
        self.first = people(self.rng, self.n)
        self.blocks: list[dict[str, Any]] = []

    def numbers(self, start: int = 1, form: str = "{}") -> list[str]:
        """Return the ids of a list of that size, as its system writes them."""
        return [form.format(start + i) for i in range(self.n)]

    def strange(self, form: str = "{}") -> list[str]:
        """Return ids that have nothing to do with any others."""
        return [form.format(n) for n in self.rng.sample(range(10**6, 10**7), self.n)]

    def write(self, file: str, numbers: list[str], who: list[Person], columns: str, rename: str = "", **more: Any) -> None:
        """Write a list with some columns; ``rename`` goes before their names, as another system calls them otherwise."""
        names = ["Nr", *columns.split()]
        rows = [[id_, *(person[name] for name in names[1:])] for id_, person in zip(numbers, who, strict=False)]
        self.rng.shuffle(rows)
        lines = [";".join(rename + name for name in names), *(";".join(row) for row in rows)]
        (self.folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.blocks.append({"table": "customers", "file": file, "columns": {OURS[name]: rename + name for name in names}} | more)

    def order(self, *ids: list[str]) -> None:
        """Write orders of the customers with these ids."""
        buyers = [id_ for given in ids for id_ in given]
        rows = [f"{i};2024-{i % 12 + 1:02}-03;{self.rng.choice(buyers)};{self.rng.randrange(9, 900)}" for i in range(len(buyers) * 3)]
        (self.folder / "orders.csv").write_text("O;D;K;A\n" + "\n".join(rows) + "\n", encoding="utf-8")
        columns = {"order_id": "O", "order_date": "D", "customer_id": "K", "order_amount": "A"}
        self.blocks.append({"table": "orders", "file": "orders.csv", "columns": columns})

    def otherwise(self, share: float = 1.0, **change: Callable[[str], str]) -> list[Person]:
        """Return the first list as another system keeps it, and others for those it does not know."""
        known = int(share * self.n)
        same = [{name: change.get(name, str)(cell) for name, cell in person.items()} for person in self.first[:known]]
        return same + people(self.rng, self.n - known)


def _typed(name: str) -> str:
    trade, first, *last = name.split()
    return f"{' '.join(last).upper()} {first.upper()}, {trade} b.v."


def _both(lists: Lists, ids: list[str], who: list[Person], columns: str, orders_of: str = "both", rename: str = "E", **more: Any) -> None:
    """Write the first list with CRM ids and another with these; orders use one or both."""
    crm = lists.numbers(form="C-{:05}")
    lists.write("crm.csv", crm, lists.first, columns)
    lists.write("erp.csv", ids, who, columns, rename, **more)
    lists.order(*{"both": [crm, ids], "crm": [crm], "erp": [ids]}[orders_of])


# The same customers under other ids: silently, everybody would count twice. Each must stop.
WRONG: dict[str, Callable[[Lists], None]] = {
    "a prefix and zeros": lambda w: _both(w, w.numbers(), w.otherwise(), "Name Country Code"),
    "a prefix and zeros, in files that look alike": lambda w: _both(w, w.numbers(), w.otherwise(), "Name Country Code", rename=""),
    "a prefix and zeros, only few-valued columns": lambda w: _both(w, w.numbers(), w.otherwise(), "Country Code", "erp", rename=""),
    "a prefix and zeros, other words": lambda w: _both(
        w, w.numbers(), w.otherwise(Country=COUNTRY.__getitem__, Code=SEGMENT.__getitem__), "Country Code"
    ),
    "a prefix on some of the ids": lambda w: _both(
        w, [id_ if i % 3 else f"C-{id_:0>5}" for i, id_ in enumerate(w.numbers())], w.otherwise(), "Name Country"
    ),
    "other ids, the same e-mail addresses": lambda w: _both(w, w.strange(), w.otherwise(Mail=str.upper), "Mail Country"),
    "other ids, telephones with the country": lambda w: _both(
        w, w.strange(), w.otherwise(Tel=lambda t: f"+32 {t[1:4]} {t[4:]}"), "Tel Country"
    ),
    "other ids, names typed otherwise": lambda w: _both(w, w.strange(), w.otherwise(Name=_typed), "Name Code"),
    "other ids, names cut off": lambda w: _both(w, w.strange("{:X}"), w.otherwise(Name=lambda n: n[:14].upper()), "Name Zip", "erp"),
    "other ids, a third of them shared": lambda w: _both(w, w.strange(), w.otherwise(0.33), "Name Mail Zip"),
    "other ids of the same form": lambda w: _both(w, w.numbers(7_000, "C-{:05}"), w.otherwise(), "Name Country", rename=""),
    "other ids, nothing to compare": lambda w: _both(w, w.strange(), w.otherwise(), "Country Code"),
    "other ids, nothing to compare, files that look alike": lambda w: _both(w, w.strange(), w.otherwise(), "Country Code", rename=""),
    "orders use one list only": lambda w: _both(w, w.strange(), people(w.rng, w.n), "Name Mail", "erp"),
    "prospects beside customers": lambda w: _both(w, w.numbers(form="P{}"), people(w.rng, w.n), "Name Mail", "crm"),
    "renumbered, orders use one list only": lambda w: _both(w, w.numbers(50_000, "C-{:05}"), w.otherwise(), "Country", "erp", rename=""),
    "more columns there, a prefix on a third of the ids": lambda w: _partly(w),
}


def _partly(lists: Lists) -> None:
    ids = lists.numbers(10_000)
    theirs = [id_ if i % 3 else f"N{id_}" for i, id_ in enumerate(ids)]
    lists.write("crm.csv", ids, lists.first, "Name Town")
    lists.write("erp.csv", theirs, lists.first, "Town Country Code Zip", "E")
    lists.order(ids)


def _months(lists: Lists, parts: int = 6) -> None:
    ids, size = lists.numbers(995, "K{}"), lists.n // parts
    for i in range(parts):
        at = slice(i * size, (i + 1) * size)
        lists.write(f"month{i}.csv", ids[at], lists.first[at], "Name Country Code")
    lists.order(ids[: size * parts])


def _years(lists: Lists) -> None:
    ids, half = lists.numbers(10_000), lists.n // 2
    lists.write("2023.csv", ids[:half], lists.first[:half], "Name Mail Country")
    lists.write("2024.csv", ids[half // 2 :], lists.first[half // 2 :], "Name Mail Country")
    lists.order(ids[half:])


def _branches(lists: Lists, columns: str, second: str = "G-{:04}", rename: str = "", start: int = 1, **more: Any) -> None:
    ids, theirs = lists.numbers(form="A-{:04}"), lists.numbers(start, second)
    lists.write("antwerp.csv", ids, lists.first, columns)
    lists.write("ghent.csv", theirs, people(lists.rng, lists.n), columns, rename, **more)
    lists.order(ids, [] if more else theirs)


def _few_names(lists: Lists) -> None:
    for person in lists.first:
        person["Name"] = f"{lists.rng.choice(FIRST)} {lists.rng.choice(LAST)}"
    others = people(lists.rng, lists.n)
    for person in others:
        person["Name"] = f"{lists.rng.choice(FIRST)} {lists.rng.choice(LAST)}"
    ids, theirs = lists.numbers(form="A-{:04}"), lists.numbers(form="G-{:04}")
    lists.write("antwerp.csv", ids, lists.first, "Name Zip")
    lists.write("ghent.csv", theirs, others, "Name Zip")
    lists.order(ids, theirs)


def _joined(lists: Lists, columns: str, theirs: str, share: float = 0.9) -> None:
    ids = lists.numbers(form="C-{:05}")
    lists.write("crm.csv", ids, lists.first, columns)
    lists.write("erp.csv", ids[: int(share * lists.n)], lists.otherwise(), theirs, "E")
    lists.order(ids)


# Nothing wrong: each is read without a question; and how many customers there are, as a share of the first list's people.
CLEAN: dict[str, tuple[Callable[[Lists], None], float]] = {
    "monthly files of one system": (_months, 1),
    "yearly files that overlap": (_years, 1),
    "branches with a prefix each": (lambda w: _branches(w, "Name Country Code"), 2),
    "branches with a prefix each, headers of their own": (lambda w: _branches(w, "Name Country Code", rename="G"), 2),
    "branches whose numbers do not overlap": (lambda w: _branches(w, "Name Mail Country", start=5_000), 2),
    "branches without a prefix, numbers apart": (lambda w: _branches(w, "Name Country", "{}", "G", 5_000), 2),
    "branches with few-valued columns only": (lambda w: _branches(w, "Country Code"), 2),
    "branches in towns where names repeat": (_few_names, 2),
    "a CRM and an ERP with one id": (lambda w: _joined(w, "Name Country Code", "Name Country Code"), 1),
    "a CRM and an ERP that complete each other": (lambda w: _joined(w, "Name Mail", "Country Code Town"), 1),
    "the same rows put below each other, in writing": (lambda w: _both(w, w.strange(), w.otherwise(), "Name", combine="stack"), 2),
    "a prefix in client.yml": (lambda w: _branches(w, "Name Country", "{:04}", "G", ids={"customer_id": {"add_prefix": "E-"}}), 2),
}
