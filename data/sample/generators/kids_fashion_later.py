"""The second round of the sample client 'kids-fashion': the four months after the season card was sent.

What is planted, to be found again (numbers in TRUTH.json under "second_round"):
- The season card works for the occasional customers of 2022 (segment D) and for nobody else: who of them was sent the
  card and would not have bought in those two months does so with chance LIFT.
- Everybody else goes on as before, less regularly than in the first seven years; new families come in.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from common import DUTCH, day_text, euros, money, sprinkle, write_csv
from second_round import first_pilot

SEED = 20230430
AS_OF = date(2023, 4, 30)
GAP = (0.6, 1.8)  # days to the next order, as a share of the segment's usual step
WORKS_FOR, LIFT = "D", 0.45
NEW_FAMILIES = 75


def known_tables(rows: list[tuple], clients: list[list[str]]) -> dict[str, pd.DataFrame]:
    """The exports of the first round as canonical tables: what the workbook reads from them."""
    orders = pd.DataFrame({
        "order_id": [str(place) for place in range(len(rows))], "order_date": pd.to_datetime([row[0] for row in rows]),
        "customer_id": pd.Series([row[1] or None for row in rows], dtype="str"),
        "order_amount": [row[3] / 100 for row in rows],
    })
    customers = pd.DataFrame({
        "customer_id": [row[0] for row in clients],
        "consent": pd.array([{"ja": True, "nee": False}.get(row[5]) for row in clients], dtype="boolean"),
        "opted_out": pd.array([True if row[6] == "ja" else None for row in clients], dtype="boolean"),
    })
    return {"orders": orders, "customers": customers}


def later_orders(rng, customers, rows, segments, first_as_of, treated, window) -> tuple[list[tuple], set[str]]:
    """Orders after the first round, in the form of draw_orders, and the customers whom the card made buy."""
    last = {}
    for day, number, _, cents, _ in rows:
        if number and cents > 0:
            last[number] = max(day, last.get(number, day))
    made, moved = [], set()
    for number, path in sorted(customers):
        now = path[1]
        if now not in segments:
            continue
        rate, euro, *_ = segments[now]
        day, web = last[number], rng.beta(1.2, 1.5)
        own = []
        while True:
            day = max(day + timedelta(max(1, int(365 / rate * rng.uniform(*GAP)))), first_as_of + timedelta(1))
            if day > AS_OF:
                break
            own.append(day)
        chance, extra = rng.random(), window[0] + timedelta(int(rng.integers(3, (window[1] - window[0]).days - 3)))
        bought = any(window[0] <= one <= window[1] for one in own)
        if number in treated and now == WORKS_FOR and not bought and chance < LIFT:
            own.append(extra)
            moved.add(number)
        made += [_order(rng, one, number, euro, web) for one in sorted(own)]
    return made, moved


def _order(rng, day, number, euro, web) -> tuple:
    online = rng.random() < web
    cents = int(euro * 100 * np.clip(rng.lognormal(0, 0.25), 0.5, 1.8))
    if not online and day.weekday() == 6:  # the shop is closed on Sundays
        day += timedelta(1) if day < AS_OF else timedelta(-1)
    return day, number, "webshop" if online else "winkel", cents, "betaald"


def new_families(rng, first_as_of, towns) -> tuple[list[tuple], list[list[str]]]:
    """Families who come in after the first round: their orders, and their rows in the customer file."""
    orders, clients = [], []
    for place in range(NEW_FAMILIES):
        number, day = f"K{90_001 + place}", first_as_of + timedelta(int(rng.integers(2, 118)))
        own = [day, *([day + timedelta(int(rng.integers(20, 60)))] if rng.random() < 0.4 else [])]
        orders += [_order(rng, one, number, 55, 0.6) for one in own if one <= AS_OF]
        postcode, town = towns[int(rng.integers(len(towns)))]
        answer = str(rng.choice(["ja", "nee", ""], p=[0.6, 0.2, 0.2]))
        kept = sprinkle(rng, [postcode], 0.9)[0]
        clients.append([number, f"Gezin {3_001 + place:04d}", kept, town, day_text(day, DUTCH), answer, ""])
    return orders, clients


def second_round(folder, customers, rows, clients, segments, first_as_of, towns) -> tuple[list, list, dict]:
    """Write what came back of the card; return the later orders, the new customers, and the truth."""
    rng = np.random.default_rng(SEED)
    assignment, plan = first_pilot("kids-fashion", first_as_of, known_tables(rows, clients))
    treated = set(assignment.loc[assignment["treatment"] != "holdout_group", "customer_id"])
    window = plan.start_date, plan.stop_date
    later, moved = later_orders(rng, customers, rows, segments, first_as_of, treated, window)
    fresh, people = new_families(rng, first_as_of, towns)
    postcode = {row[0]: row[2] for row in clients}
    sent = [[plan.pilot_id, number, day_text(plan.start_date + timedelta(int(rng.integers(0, 3))), DUTCH), "treated", "card"]
            for number in sorted(treated) if postcode[number]]
    drawn = set(assignment["customer_id"])
    back = sorted((day, number, cents) for day, number, _, cents, _ in later if number in drawn and window[0] <= day <= window[1])
    write_csv(folder / "kaart_verzonden.csv", ["Actie", "Klantnr", "Verzonden", "Variant", "Kanaal"], sent, DUTCH)
    write_csv(folder / "kaart_aankopen.csv", ["Actie", "Klantnr", "Datum", "Soort", "Bedrag"],
              [[plan.pilot_id, number, day_text(day, DUTCH), "order", money(cents, DUTCH).replace(".", "")]
               for day, number, cents in back], DUTCH)
    return sorted(later + fresh), people, truth(assignment, plan, customers, back, moved, sent, later + fresh)


def truth(assignment, plan, customers, back, moved, sent, orders) -> dict:
    """What only the maker of the data knows of the second round."""
    path, bought = dict(customers), {number for _, number, _ in back}
    arms: dict[str, dict[str, int]] = {}
    for row in assignment.itertuples():
        segment = path.get(row.customer_id, "--")[1]
        arm = "left_out" if row.treatment == "holdout_group" else "treated"
        cell = arms.setdefault(segment, {"treated": 0, "treated_bought": 0, "left_out": 0, "left_out_bought": 0})
        cell[arm] += 1
        cell[f"{arm}_bought"] += row.customer_id in bought
    return {
        "as_of": str(AS_OF), "pilot_id": plan.pilot_id, "start": str(plan.start_date), "stop": str(plan.stop_date),
        "works_for_segment": WORKS_FOR, "bought_because_of_the_card": len(moved), "cards_sent": len(sent),
        "orders": len(orders), "amount": euros(sum(row[3] for row in orders)), "new_families": NEW_FAMILIES,
        "arms_by_planted_segment": dict(sorted(arms.items())),
    }
