"""Firms with persons, as a CRM holds them, and who may be written to by a second reckoning: plain loops over plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

AS_OF = date(2026, 6, 30)
_ANSWERS = np.array(["yes", "no", None, "", "?", True], dtype=object)
_OBJECTIONS = np.array(["yes", None, False, "no", "x", ""], dtype=object)
_YES, _NO = ("yes", True), ("no", False)

Recipient = tuple[str, str | None]


@dataclass(frozen=True)
class FirmWorld:
    """Firms (the customer table), their persons, what was sent, and the groups of the firms."""

    firms: pd.DataFrame
    persons: pd.DataFrame
    campaigns: pd.DataFrame
    groups: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return {"customer_table": self.firms, "persons": self.persons, "campaigns": self.campaigns, "groups": self.groups}

    def at_firms(self) -> dict[str, list[dict]]:
        """The persons of each firm that is in the customer table."""
        listed: dict[str, list[dict]] = {firm: [] for firm in self.firms["customer_id"]}
        for row in self.persons.to_dict("records"):
            if row["customer_id"] in listed:
                listed[row["customer_id"]].append(row)
        return listed

    def allowed(self, basis: str = "consent", caps: tuple[int, int] | None = (2, 4)) -> set[Recipient]:
        """Who may be written to: a person at a firm, or the firm itself where no person is known."""
        rows = self.persons.to_dict("records")
        objected = {row["person_id"] for row in rows if _objects(row)}
        addresses = {row["email"].strip().lower() for row in rows if _objects(row) and row["email"]}
        at_firms, allowed = self.at_firms(), set()
        for firm in self.firms.to_dict("records"):
            bought = firm["frequency"] > 0
            if _objects(firm) or firm["consent"] in _NO:
                continue
            for row in at_firms[firm["customer_id"]]:
                address = (row["email"] or "").strip().lower()
                if row["person_id"] not in objected and address not in addresses and _agrees(row, basis, bought):
                    allowed.add((firm["customer_id"], row["person_id"]))
            if not at_firms[firm["customer_id"]] and _agrees(firm, basis, bought):
                allowed.add((firm["customer_id"], None))
        return {one for one in allowed if caps is None or self._fits(one, caps)}

    def _fits(self, recipient: Recipient, caps: tuple[int, int]) -> bool:
        firm, person = recipient
        ages = [
            (pd.Timestamp(AS_OF) - row["sent_date"]).days
            for row in self.campaigns.to_dict("records")
            if row["customer_id"] == firm and (person is None or row["person_id"] in (None, person))
        ]
        return all(sum(0 <= age < days for age in ages) + 1 <= most for days, most in zip((7, 30), caps, strict=True))


def _objects(row: dict) -> bool:
    return row["opted_out"] not in (None, False, "no", "")


def _agrees(row: dict, basis: str, bought: bool) -> bool:
    answer = row["consent"]
    if answer in _NO:
        return False
    return answer in _YES or basis == "company_addresses" or (basis == "own_customers" and bought)


def _column(rng: np.random.Generator, values: np.ndarray, size: int, chances: list[float]) -> pd.Series:
    # As objects: a column of texts would turn what is missing into another thing.
    return pd.Series(rng.choice(values, size, p=chances), dtype=object)


def firm_world(seed: int, size: int = 200) -> FirmWorld:
    """Return a world in which every kind of flaw occurs, also persons at no firm and at firms that nobody knows."""
    rng = np.random.default_rng(seed)
    ids = [f"C{number:04d}" for number in range(size)]
    firms = pd.DataFrame(
        {
            "customer_id": ids,
            "monetary": rng.lognormal(5, 1, size),
            "frequency": rng.integers(0, 4, size),
            "recency_days": rng.integers(0, 400, size).astype(float),
            "consent": _column(rng, _ANSWERS, size, [0.3, 0.1, 0.3, 0.1, 0.1, 0.1]),
            "opted_out": _column(rng, _OBJECTIONS, size, [0.04, 0.8, 0.05, 0.05, 0.03, 0.03]),
        }
    )
    where = [firm for firm in ids for _person in range(rng.choice([0, 1, 2, 3, 4], p=[0.3, 0.2, 0.2, 0.2, 0.1]))]
    where += [None] * int(rng.integers(0, 4)) + ["X1"] * int(rng.integers(0, 4))
    number = len(where)
    persons = pd.DataFrame(
        {
            "person_id": [f"P{place:05d}" for place in rng.permutation(number)],
            "customer_id": np.array(where, dtype=object),
            "role": rng.choice(["buyer", "decision maker", "office"], number),
            # Few addresses of many: some persons stand twice.
            "email": pd.Series(
                [f"Person{place}@a.example " if place % 5 else None for place in rng.integers(0, 20 * number + 1, number)], dtype=object
            ),
            "phone": "0400",
            "consent": _column(rng, _ANSWERS, number, [0.4, 0.2, 0.2, 0.05, 0.05, 0.1]),
            "opted_out": _column(rng, _OBJECTIONS, number, [0.1, 0.6, 0.1, 0.1, 0.05, 0.05]),
        }
    )
    persons.loc[1::40, "email"] = persons["email"].iloc[0] if number else None
    return FirmWorld(firms, persons.sample(frac=1, random_state=seed), _campaigns(persons, ids, rng), _groups(ids, rng))


def _campaigns(persons: pd.DataFrame, ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    named = persons.dropna(subset=["customer_id"]).sample(len(persons) // 2, replace=True, random_state=int(rng.integers(2**31)))
    plain = pd.DataFrame({"customer_id": rng.choice(ids, len(ids)), "person_id": None})
    sent = pd.concat([named[["customer_id", "person_id"]], plain], ignore_index=True).astype(object)
    sent = sent.where(sent.notna(), None)
    return sent.assign(campaign_id="x", sent_date=pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(-5, 45, len(sent)), "D"))


def _groups(ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    groups = pd.DataFrame({"customer_id": ids, "group": rng.integers(1, 3, len(ids))})
    return groups.assign(group_name=groups["group"].map({1: "small", 2: "large"}))
