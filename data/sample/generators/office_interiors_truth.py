"""What is true of the sample client 'office-interiors', as realised: the contents of TRUTH.json."""

import pandas as pd
from common import euros
from office_interiors_buyers import AS_OF, BUYERS_WITHOUT_CONTACT, CODES, FIRST, GROUPS, LAST_DAY, PROSPECTS

COUNTER = "999999"
ORPHAN_CONTACTS, ORPHAN_CUSTOMERS = 25, 14


def summary(buyers: pd.DataFrame) -> dict:
    """The published table as realised, one entry per group."""
    table = {}
    for group, rows in buyers.groupby("group"):
        size, cents = len(rows), int(rows["cents"].sum())
        table[str(group)] = {
            "customers": size,
            "mean_amount": round(cents / 100 / size, 2),
            "mean_contacts": rows["contacts"].mean(),
            "mean_orders": rows["orders"].mean(),
            "total_amount": euros(cents),
            "total_contacts": int(rows["contacts"].sum()),
            "total_orders": int(rows["orders"].sum()),
            "potential_code": {
                code or "empty": int((rows["code"] == code).sum()) for code in ["A", "B", "C", "D", ""]
            },
        }
    return table


def dirt_counts(clients: list, lines: list) -> dict:
    """What is wrong with the data, counted from what was really written."""
    counter = [cents for _, debtor, _, cents in lines if debtor == COUNTER]
    sales, credit = [cents for cents in counter if cents > 0], [cents for cents in counter if cents < 0]
    filled = {
        name: sum(row[column] != "" for row in clients)
        for name, column in [("sector", 3), ("staff", 4), ("revenue", 5)]
    }
    return {
        "counter_debtor": COUNTER,
        "counter_sale_lines": len(sales),
        "counter_sale_amount": euros(sum(sales)),
        "credit_note_lines": len(credit),
        "credit_note_amount": euros(sum(credit)),
        "orphan_contacts": ORPHAN_CONTACTS,
        "orphan_customer_numbers": ORPHAN_CUSTOMERS,
        "buyers_without_contact": BUYERS_WITHOUT_CONTACT,
        "customers_without_code": sum(row[2] == "" for row in clients),
        **{f"customers_with_{name}": count for name, count in filled.items()},
        "opted_out": sum(row[11] == "Ja" for row in clients),
        "opted_out_though_consent_says_yes": sum(row[10] == "Ja" and row[11] == "Ja" for row in clients),
    }


def visit_shares(clients: list, contacts: list) -> dict:
    """Which part of the contacts of A and of D customers (prospects too) was a visit."""
    code_of = {row[0]: row[2] for row in clients}
    shares = {}
    for code in ["A", "D"]:
        kinds = [kind for _, number, kind, _ in contacts if code_of.get(number) == code]
        shares[f"code_{code}_visits_of_all_contacts"] = round(kinds.count("Bezoek") / len(kinds), 4)
    return shares


def truth(buyers: pd.DataFrame, last_order: dict, clients: list, contacts: list, lines: list) -> dict:
    """Everything a test or a student may check against."""
    return {
        "client": "office-interiors",
        "first_day": str(FIRST),
        "as_of": str(AS_OF),
        "groups": summary(buyers),
        "crm_customers": len(clients),
        "buyers": len(buyers),
        "prospects_without_orders": PROSPECTS,
        "contact_rows": len(contacts),
        "order_lines": len(lines),
        "orders_of_known_customers": int(buyers["orders"].sum()),
        "amount_of_known_customers": euros(buyers["cents"].sum()),
        "buyers_without_order_in_last_365_days": int(
            sum(LAST_DAY - day > 365 for day in last_order.values())
        ),
        "dirt": dirt_counts(clients, lines),
        "planted": {
            "group_1_share_A_or_B": round((CODES[1]["A"] + CODES[1]["B"]) / GROUPS[1]["size"], 4),
            "group_2_share_A_or_B": round((CODES[2]["A"] + CODES[2]["B"]) / GROUPS[2]["size"], 4),
            "group_2_share_D": round(CODES[2]["D"] / GROUPS[2]["size"], 4),
            "groups_3_and_4_not_A_or_B": CODES[3]["C"],
            **visit_shares(clients, contacts),
        },
    }
