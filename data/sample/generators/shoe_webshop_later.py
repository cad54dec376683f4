"""The second round of the sample client 'shoe-webshop': the four months after the reminder card was sent.

What is planted, to be found again (numbers in TRUTH.json under "second_round"):
- The reminder card works for families (Barnfamilj) and for nobody else: a family that was sent the card and would not have
  bought in those two months does so with chance LIFT. Everybody else goes on as planted in the first round.
- The front page shows three of five departments, drawn by chance, each in a place drawn by chance, and writes down the
  chance. A department's click rate in the first place is in CLICKS; the second and third place are looked at less (LOOKED_AT).
  People have a taste of their own: their favourite department is clicked TASTE times as often.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from common import SWEDISH, day_text, money, write_csv
from second_round import first_pilot
from shoe_webshop_people import AS_OF, FIRST, GROUPS, LAST_DAY, MONTH, SPEND_P

SEED = 20261031
LATER = date(2026, 10, 31)
WORKS_FOR, LIFT = "Barnfamilj", 0.18
NEW_BUYERS = 160
LOG = "forstasidan"
CLICKS = {"Sneakers": 0.13, "Barnskor": 0.09, "Sandaler": 0.07, "Kängor": 0.06, "Stövlar": 0.05}
LOOKED_AT, TASTE, VISITS = (1.0, 0.6, 0.4), 2.5, 4_500


def known_tables(people: pd.DataFrame, orders: pd.DataFrame, sent: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The exports of the first round as canonical tables: what the workbook reads from them."""
    start = pd.Timestamp(FIRST)
    return {
        "orders": pd.DataFrame({
            "order_id": [str(place) for place in range(len(orders))], "customer_id": orders["number"].astype("str"),
            "order_date": start + pd.to_timedelta(orders["day"].to_numpy(), unit="D"),
            "order_amount": orders["cents"].to_numpy() / 100,
        }),
        "customers": pd.DataFrame({
            "customer_id": people["number"].astype("str"), "customer_code": people["group"].replace("", None).astype("str"),
            "consent": pd.array([{"Ja": True, "Nej": False}.get(one) for one in people["consent"]], dtype="boolean"),
            "opted_out": pd.array([True if one else None for one in people["opted_out"]], dtype="boolean"),
        }),
        "campaigns": pd.DataFrame({
            "campaign_id": sent["campaign"], "customer_id": sent["number"].astype("str"),
            "sent_date": pd.to_datetime(sent["day"]),
        }),
    }


def days_ahead(rng: np.random.Generator, one, pace: np.ndarray) -> list[int]:
    """Days of orders after the first round of a buyer who is still there: the planted rhythm goes on (it has no memory)."""
    days, at = [], 0.0
    while True:
        at += rng.exponential(1 / one.rate)
        ahead = int(np.searchsorted(pace, at, side="right"))
        if ahead >= len(pace):
            return days
        days.append(LAST_DAY + 1 + ahead)
        if rng.random() < one.leave:
            return days


def later_orders(rng: np.random.Generator, buyers: pd.DataFrame, treated: set[str], window: tuple[int, int]):
    """Orders after the first round, and how many the card made buy."""
    months = pd.date_range(AS_OF + timedelta(1), LATER).month.to_numpy() - 1
    pace, rows, moved = np.cumsum(MONTH[months]), [], 0
    for one in buyers.sort_values("number").itertuples():
        days = days_ahead(rng, one, pace) if one.left_day < 0 else []
        chance, extra = rng.random(), int(rng.integers(window[0] + 4, window[1] - 4))
        mine = str(one.number) in treated and one.group == WORKS_FOR
        if mine and not any(window[0] <= day <= window[1] for day in days) and chance < LIFT:
            days, moved = [*days, extra], moved + 1
        rows += [(one.number, day, _cents(rng, one.mean_cents)) for day in sorted(days)]
    return pd.DataFrame(rows, columns=["number", "day", "cents"]), moved


def _cents(rng: np.random.Generator, mean: float) -> int:
    return max(14_900, int(np.rint(mean * rng.gamma(SPEND_P, 1 / SPEND_P) / 100)) * 100)


def new_buyers(rng: np.random.Generator, first_number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who comes in after the first round, with the first order of each."""
    days = np.sort(rng.integers(LAST_DAY + 1, (LATER - FIRST).days + 1, NEW_BUYERS))
    people = pd.DataFrame({
        "number": first_number + np.arange(NEW_BUYERS), "group": rng.choice(list(GROUPS), NEW_BUYERS, p=[0.55, 0.25, 0.2]),
        "start": days, "consent": rng.choice(["Ja", "Nej", ""], NEW_BUYERS, p=[0.74, 0.12, 0.14]), "opted_out": False,
    })
    orders = pd.DataFrame({"number": people["number"], "day": days, "cents": [_cents(rng, 85_000) for _ in days]})
    return people, orders


def front_page(rng: np.random.Generator, buyers: pd.DataFrame) -> list[list[str]]:
    """What the front page showed in four months: per visit three departments, drawn and placed by chance."""
    names, rates = list(CLICKS), np.array(list(CLICKS.values()))
    visitors = rng.choice(np.sort(buyers.loc[buyers["left_day"] < 0, "number"].to_numpy())[:900], VISITS)
    favourite = {number: int(rng.integers(len(names))) for number in sorted(set(visitors.tolist()))}
    moments = np.sort(rng.integers(0, (LATER - AS_OF).days * 1440, VISITS))
    rows = []
    for number, minute in zip(visitors.tolist(), moments.tolist()):
        when = pd.Timestamp(AS_OF) + pd.Timedelta(days=1, minutes=minute)
        for place, item in enumerate(rng.permutation(len(names))[:3]):
            chance = min(0.9, rates[item] * LOOKED_AT[place] * (TASTE if favourite[number] == item else 0.75))
            rows.append([LOG, str(number), f"{when:%Y-%m-%d %H:%M}", names[item], str(place + 1), "0,2",
                         "Ja" if rng.random() < chance else "Nej"])
    return rows


def second_round(folder, buyers, people, orders, sent) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """Write what came back; return the later orders, the new customers, and the truth."""
    rng = np.random.default_rng(SEED)
    assignment, plan = first_pilot("shoe-webshop", AS_OF, known_tables(people, orders, sent))
    treated = set(assignment.loc[assignment["treatment"] != "holdout_group", "customer_id"])
    window = (plan.start_date - FIRST).days, (plan.stop_date - FIRST).days
    later, moved = later_orders(rng, buyers, treated, window)
    fresh, first_orders = new_buyers(rng, int(people["number"].max()) + 1)
    drawn = set(assignment["customer_id"])
    back = later[later["day"].between(*window) & later["number"].astype("str").isin(drawn)].sort_values(["day", "number"])
    sent_on = {number: plan.start_date + timedelta(int(rng.integers(0, 3))) for number in sorted(treated)}
    write_csv(folder / "vykort.csv", ["test", "kundnummer", "skickad", "variant", "kanal"],
              [[plan.pilot_id, number, day_text(day, SWEDISH), "treated", "Vykort"]
               for number, day in sent_on.items() if rng.random() < 0.97], SWEDISH)
    write_csv(folder / "svar.csv", ["test", "kundnummer", "datum", "slag", "belopp"],
              [[plan.pilot_id, str(row.number), day_text(FIRST + timedelta(int(row.day)), SWEDISH), "order",
                money(row.cents, SWEDISH)] for row in back.itertuples()], SWEDISH)
    write_csv(folder / "forstasidan.csv", ["test", "kundnummer", "visad", "avdelning", "plats", "chans", "klick"],
              front_page(rng, buyers), SWEDISH)
    told = truth(assignment, plan, people, back, moved, pd.concat([later, first_orders]))
    return pd.concat([later, first_orders]), fresh, told


def truth(assignment, plan, people, back, moved: int, orders: pd.DataFrame) -> dict:
    """What only the maker of the data knows of the second round."""
    group = dict(zip(people["number"].astype("str"), people["group"].replace("", "prospect")))
    rows = assignment.assign(
        group=assignment["customer_id"].map(group), bought=assignment["customer_id"].isin(set(back["number"].astype("str"))),
        arm=assignment["treatment"].map(lambda one: "left_out" if one == "holdout_group" else "treated"),
    )
    cells = rows.groupby(["group", "arm"])["bought"].agg(["size", "sum"])
    return {
        "as_of": str(LATER), "pilot_id": plan.pilot_id, "start": str(plan.start_date), "stop": str(plan.stop_date),
        "works_for_group": WORKS_FOR, "bought_because_of_the_card": moved, "orders": len(orders), "new_buyers": NEW_BUYERS,
        "arms": {f"{one} / {arm}": {"people": int(cell["size"]), "bought": int(cell["sum"])}
                 for (one, arm), cell in cells.iterrows()},
        "front_page": {"visits": VISITS, "click_rate_in_first_place": CLICKS, "looked_at": LOOKED_AT, "taste": TASTE},
    }
