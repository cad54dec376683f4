"""The persons at the firms of the sample client 'office-interiors': the CRM's contact persons, with a consent of their own.

office_interiors.py calls this with the customers it has written. The persons come from a random stream of their own, so that
they change nothing in the other files. No real person is meant: there are no names, and addresses end in .example.

What is planted (the realised numbers go to TRUTH_PERSONS.json):
- about a quarter of the firms, the larger ones first, have two to four persons each;
- twelve firms of three persons, of whom exactly one consents; six firms where every person objected;
- one person at a firm that is not in the CRM, three without a firm;
- two persons kept twice at their firm, and two who stand at two firms, under numbers of their own;
- at firms that objected themselves, persons who said yes (at three of them all do): the firm's objection binds them.
"""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from common import BELGIAN, day_text, write_csv
from office_interiors_buyers import FIRST, LAST_DAY

SEED = 20210701
HEADER = ["Persoonsnummer", "Klantnummer", "Functie", "E-mail", "Telefoon", "Aangemaakt", "Toestemming", "Afgemeld"]
ROLES = ["Zaakvoerder", "Aankoper", "Office manager", "Facility manager", "Onthaal"]
SHARE_OF_SMALL, ONE_OF_THREE, ALL_OBJECT, TWICE, TWO_FIRMS, FIRM_OBJECTS = 0.21, 12, 6, 2, 2, 3
UNKNOWN_FIRM = "KL-009001"


def write_persons(folder: Path, customers: pd.DataFrame, clients: list) -> None:
    """Draw the persons and write their export and their truth.

    `clients` are the rows of crm_klanten.csv, in the order of `customers`.
    """
    rng = np.random.default_rng(SEED)
    firms = [row for row in clients if not row[1].startswith(("Particulier", "Privé"))]
    large = {row[0] for row, group in zip(clients, customers["group"], strict=True) if group >= 2}
    chosen = [row for row in firms if row[0] in large or rng.random() < SHARE_OF_SMALL]
    rows = _planted(rng, chosen, {row[0]: created for row, created in zip(clients, customers["created"], strict=True)})
    numbers = 1 + np.sort(rng.choice(9_000, len(rows), replace=False))
    persons = [[f"CP-{number:05d}", *row] for number, row in zip(numbers, rows, strict=True)]
    write_csv(folder / "crm_contactpersonen.csv", HEADER, persons, BELGIAN)
    facts = truth(persons, clients)
    (folder / "TRUTH_PERSONS.json").write_bytes((json.dumps(facts, indent=2) + "\n").encode())


def _planted(rng: np.random.Generator, chosen: list, created: dict) -> list[list[str]]:
    """Every person as the CRM exports them, but for their number."""
    objecting = [row[0] for row in chosen if row[11] == "Ja"][:FIRM_OBJECTS]
    free = [row[0] for row in chosen if row[11] == "" and row[10] != "Nee"]
    special = [str(firm) for firm in rng.choice(free, ONE_OF_THREE + ALL_OBJECT, replace=False)]
    one, none = special[:ONE_OF_THREE], special[ONE_OF_THREE:]
    rows = []
    for firm in [row[0] for row in chosen]:
        size = 3 if firm in one else int(rng.integers(2, 5))
        answers = [str(answer) for answer in rng.choice(["Ja", "Nee", ""], size, p=[0.55, 0.15, 0.3])]
        objects = ["Ja" if drawn else "" for drawn in rng.random(size) < 0.06]
        if firm in one:
            answers, objects = [["Ja", "Nee", "Nee"][place] for place in rng.permutation(3)], [""] * 3
        if firm in none:
            objects = ["Ja"] * size
        if firm in objecting:
            answers, objects = ["Ja"] * size, [""] * size
        roles = rng.choice(ROLES, size, replace=False, p=[0.25, 0.25, 0.2, 0.15, 0.15])
        for place in range(size):
            day = min(int(created[firm]) + int(rng.integers(0, 200)), LAST_DAY)
            rows.append(
                [
                    firm,
                    str(roles[place]),
                    *address(rng, firm, place),
                    day_text(FIRST + timedelta(day), BELGIAN),
                    answers[place],
                    objects[place],
                ]
            )
    plain = [row for row in rows if row[0] not in {*special, *objecting} and row[5] == "Ja" and row[6] == ""]
    extra = [plain[int(place)] for place in rng.choice(len(plain), TWICE + TWO_FIRMS, replace=False)]
    other = [str(firm) for firm in rng.choice([row[0] for row in plain], TWO_FIRMS, replace=False)]
    rows += [list(row) for row in extra[:TWICE]]
    rows += [[firm, *row[1:]] for firm, row in zip(other, extra[TWICE:], strict=True)]
    for firm in [UNKNOWN_FIRM, "", "", ""]:
        rows.append([firm, "Aankoper", *address(rng, firm or "none", len(rows)), "01/03/2021", "Ja", ""])
    return rows


def address(rng: np.random.Generator, firm: str, place: int) -> tuple[str, str]:
    """An e-mail address and a telephone number that nobody has."""
    return f"persoon{place + 1}@{firm.lower()}.example", f"+32 400 {rng.integers(10, 99)} {rng.integers(10, 99)} {rng.integers(10, 99)}"


def truth(persons: list, clients: list) -> dict:
    """What must be found again, counted row by row from what was written, with no library of the workbook."""
    listed = {row[0]: row for row in clients}
    addresses = {row[3]: [other for other in persons if other[3] == row[3]] for row in persons}
    at_firm = [row for row in persons if row[1] in listed]
    objected = {row[0] for row in persons if any(other[7] == "Ja" for other in addresses[row[3]])}

    def may(row, ground):
        firm = listed[row[1]]
        if firm[11] == "Ja" or firm[10] == "Nee" or row[0] in objected:
            return False
        return row[6] == "Ja" if ground == "consent" else row[6] != "Nee"

    facts = {
        "persons": len(persons),
        "persons_at_listed_firms": len(at_firm),
        "persons_without_firm": sum(row[1] == "" for row in persons),
        "persons_at_unknown_firm": sum(row[1] not in listed and row[1] != "" for row in persons),
        "persons_sharing_an_address": sum(len(others) > 1 for others in (addresses[row[3]] for row in persons)),
        "persons_sharing_it_at_two_firms": sum(len({other[1] for other in addresses[row[3]]}) > 1 for row in persons),
        "persons_objecting": len(objected),
        "persons_asked": sum(row[6] != "" or row[7] != "" for row in persons),
        "firms_with_persons": len({row[1] for row in at_firm}),
        "firms_with_decider": len({row[1] for row in at_firm if row[2] == "Zaakvoerder"}),
        "firms_where_one_of_three_consents": ONE_OF_THREE,
        "firms_where_all_object": ALL_OBJECT,
        "objecting_firms_with_consenting_persons": len({row[1] for row in at_firm if listed[row[1]][11] == "Ja" and row[6] == "Ja"}),
    }
    for ground in ("consent", "company_addresses"):
        allowed = [row for row in at_firm if may(row, ground)]
        alone = [row for row in clients if row[0] not in {person[1] for person in at_firm} and row[11] != "Ja"]
        own = sum(row[10] == "Ja" if ground == "consent" else row[10] != "Nee" for row in alone)
        facts[f"on_{ground}"] = {"persons": len(allowed), "firms": len({row[1] for row in allowed}), "firms_without_persons": own}
    return facts
