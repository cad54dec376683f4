"""Sample client 'shoe-webshop' (case E): a made-up Swedish web shop for shoes, twenty-six months of data.

    python data/sample/generators/shoe_webshop.py [folder]

rewrites the files of data/sample/shoe-webshop (or of `folder`), byte for byte the same every time.

What is planted, to be found again (the realised numbers go to TRUTH.json, per customer to truth_customers.csv):
- Who buys and who leaves. Every customer has a rhythm of his own (Gamma over customers, exponential gaps on a clock
  that runs faster in season) and a chance of his own to leave for good after an order (Beta over customers), the first order
  included. From the planted parameters follows the best possible forecast of who has left: no model can rank better.
- Spend per order does not go with the number of orders (Gamma-Gamma).
- Which message works for whom: response per message and customer group, in waves where chance decided the message.
- One randomised test with a control group: the postcard adds responses only among families who have been silent for a while;
  people who bought lately respond anyway. A list by response is therefore the wrong list.
- A second round: see shoe_webshop_later.py. The numbers of TRUTH.json are those of the first, unless said otherwise.
- Dirt: orders of guests without a number, people who said yes and objected later, consent that nobody asked for, prospects.

Amounts are in SEK, with a space that does not break between thousands. No name of a person; addresses end in example.com.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from common import SWEDISH, day_text, money, write_csv
from shoe_webshop_later import second_round
from shoe_webshop_people import (AS_OF, FIRST, GROUPS, LAST_DAY, BUYERS, PROSPECTS, best_chance_left, clock, draw_buyers,
                                 draw_orders)

SEED = 20260630
GUEST_SHARE = 0.03
PLACES = {"Stockholm": 11, "Göteborg": 41, "Malmö": 21, "Uppsala": 75, "Örebro": 70, "Umeå": 90, "Västerås": 72,
          "Växjö": 35, "Luleå": 97, "Jönköping": 55, "Östersund": 83, "Borås": 50, "Åre": 83}
# message: channel, cost of one in öre, planted response per customer group
MESSAGES = {
    "Bonusprogram": ("Säljbrev", 1450, {"Barnfamilj": 0.090, "Ung vuxen": 0.030, "Storstad": 0.050}),
    "Nyheter": ("E-post", 10, {"Barnfamilj": 0.040, "Ung vuxen": 0.050, "Storstad": 0.075}),
    "Påminnelse": ("Vykort", 900, {"Barnfamilj": 0.070, "Ung vuxen": 0.030, "Storstad": 0.040}),
    "Rea": ("SMS", 45, {"Barnfamilj": 0.045, "Ung vuxen": 0.105, "Storstad": 0.050}),
}
LEFT_FACTOR = 0.5  # who has left responds half as often
WAVES = [(date(2025, 3, 4), 1300), (date(2025, 5, 13), 1300), (date(2025, 8, 19), 1400), (date(2025, 11, 18), 1500),
         (date(2026, 2, 3), 1500), (date(2026, 4, 21), 1500), (date(2026, 6, 24), 900), (date(2026, 6, 29), 700)]
TEST_DAY, TEST_SIZE = date(2026, 3, 17), 2_000
SILENT_DAYS = 120  # a family silent for longer than this reacts to the postcard of the test


def test_chance(buyers: pd.DataFrame, recency: np.ndarray, card: np.ndarray) -> np.ndarray:
    """Chance of a response in the randomised test: recent buyers anyway, silent families because of the card."""
    base = np.where(recency <= 45, 0.16, np.where(recency <= SILENT_DAYS, 0.09, 0.02))
    family = (buyers["group"] == "Barnfamilj").to_numpy() & (recency > SILENT_DAYS)
    return base + card * np.where(family, 0.17, 0.0)


def send(rng: np.random.Generator, buyers: pd.DataFrame, orders: pd.DataFrame, day: date, size: int) -> pd.DataFrame:
    """Who gets something on this day, by chance among those who may get it: one row per person."""
    number = (day - FIRST).days
    may = buyers[(buyers["start"] < number) & buyers["consent"].eq("Ja") & ~buyers["opted_out"]]
    chosen = may.sort_values("number").iloc[np.sort(rng.choice(len(may), min(size, len(may)), replace=False))].copy()
    last = orders[orders["day"] < number].groupby("number")["day"].max()
    chosen["recency"] = number - chosen["number"].map(last).to_numpy()
    chosen["gone"] = (chosen["left_day"] >= 0) & (chosen["left_day"] < number)
    return chosen


def wave(rng: np.random.Generator, people: pd.DataFrame, day: date) -> pd.DataFrame:
    """One wave: chance decides which of the four messages each person gets."""
    names = np.array(list(MESSAGES))
    message = names[rng.integers(len(names), size=len(people))]
    chance = np.array([MESSAGES[m][2][g] for m, g in zip(message, people["group"])])
    chance = chance * np.where(people["gone"], LEFT_FACTOR, 1.0)
    return pd.DataFrame({
        "campaign": f"U{day:%y%m}", "number": people["number"].to_numpy(), "day": day, "message": message,
        "group": people["group"].to_numpy(), "chance": chance, "responded": rng.random(len(people)) < chance,
        "channel": [MESSAGES[m][0] for m in message], "cost": [MESSAGES[m][1] for m in message],
    })


def test(rng: np.random.Generator, people: pd.DataFrame, day: date) -> pd.DataFrame:
    """The randomised test: half gets the postcard, half gets nothing and is only written down."""
    card = rng.permutation(len(people)) % 2 == 0
    chance = test_chance(people, people["recency"].to_numpy(), card)
    return pd.DataFrame({
        "campaign": "TEST-VYKORT", "number": people["number"].to_numpy(), "day": day,
        "message": np.where(card, "Påminnelse", "Kontroll"), "group": people["group"].to_numpy(), "chance": chance,
        "responded": rng.random(len(people)) < chance, "channel": np.where(card, "Vykort", "Ingen"),
        "cost": np.where(card, 900, 0),
    })


def campaigns(rng: np.random.Generator, buyers: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """All that was sent, in order of time."""
    parts = [wave(rng, send(rng, buyers, orders, day, size), day) for day, size in WAVES]
    parts.append(test(rng, send(rng, buyers, orders, TEST_DAY, TEST_SIZE), TEST_DAY))
    return pd.concat(parts).sort_values(["day", "number"], ignore_index=True)


def add_consent(rng: np.random.Generator, buyers: pd.DataFrame) -> pd.DataFrame:
    """Consent as it was asked for or not; a few objected later although their consent still says yes."""
    consent = rng.choice(["Ja", "Nej", ""], len(buyers), p=[0.74, 0.12, 0.14])
    return buyers.assign(consent=consent, opted_out=rng.random(len(buyers)) < 0.04)


def customer_rows(rng: np.random.Generator, buyers: pd.DataFrame) -> list[list[str]]:
    """The customer list, buyers and prospects in one order of numbers."""
    rows = []
    places = list(PLACES)
    for one in buyers.sort_values("number").itertuples():
        place = places[rng.integers(len(places))]
        code = f"{PLACES[place]}{rng.integers(1, 10)} {rng.integers(10, 100)}"
        day = FIRST + timedelta(int(one.start))
        rows.append([str(one.number), f"kund{one.number}@example.com", code, place, one.group, day_text(day, SWEDISH),
                     one.consent, "Ja" if one.opted_out else ""])
    return rows


def order_rows(rng: np.random.Generator, orders: pd.DataFrame, first: int = 400_000) -> list[list[str]]:
    """The order list by day, with orders of guests who left no number."""
    guests = orders.sample(int(len(orders) * GUEST_SHARE), random_state=int(rng.integers(2**31))).assign(number=0)
    everything = pd.concat([orders, guests]).sort_values(["day", "number", "cents"], ignore_index=True)
    channels = np.where(rng.random(len(everything)) < 0.86, "webb", "butik")
    return [
        [str(first + place), str(one.number) if one.number else "", day_text(FIRST + timedelta(int(one.day)), SWEDISH),
         money(one.cents, SWEDISH), channels[place]]
        for place, one in enumerate(everything.itertuples())
    ]


def campaign_rows(sent: pd.DataFrame) -> list[list[str]]:
    """What was sent, as the mailing tool exports it."""
    return [
        [one.campaign, str(one.number), day_text(one.day, SWEDISH), one.channel, one.message,
         "Ja" if one.responded else "Nej", money(one.cost, SWEDISH)]
        for one in sent.itertuples()
    ]


def truth(buyers: pd.DataFrame, orders: pd.DataFrame, sent: pd.DataFrame) -> dict:
    """What was planted, and what came of it."""
    waves = sent[sent["campaign"] != "TEST-VYKORT"]
    by = waves.groupby(["group", "message"])
    trial = sent[sent["campaign"] == "TEST-VYKORT"].groupby("message")
    left = int((buyers["left_day"] >= 0).sum())
    return {
        "seed": SEED, "first_day": str(FIRST), "as_of": str(AS_OF), "buyers": BUYERS, "prospects": PROSPECTS,
        "orders_with_customer": len(orders), "guest_orders": int(len(orders) * GUEST_SHARE),
        "customers_left": left, "groups": GROUPS,
        "planted_response": {name: rates for name, (_c, _k, rates) in MESSAGES.items()},
        "mean_chance": {f"{g} / {m}": round(float(v), 5) for (g, m), v in by["chance"].mean().items()},
        "sent": {f"{g} / {m}": int(v) for (g, m), v in by.size().items()},
        "best_message": {"Barnfamilj": "Bonusprogram", "Ung vuxen": "Rea", "Storstad": "Nyheter"},
        "test": {"day": str(TEST_DAY), "arms": {m: int(v) for m, v in trial.size().items()},
                 "mean_chance": {m: round(float(v), 5) for m, v in trial["chance"].mean().items()},
                 "works_for": f"Barnfamilj, silent for more than {SILENT_DAYS} days"},
    }


def write(folder: Path) -> None:
    """Make everything from the seed and write it."""
    rng = np.random.default_rng(SEED)
    hours = clock()
    buyers = add_consent(rng, draw_buyers(rng, hours))
    orders, buyers = draw_orders(rng, buyers, hours)
    sent = campaigns(rng, buyers, orders)
    prospects = pd.DataFrame({"number": buyers["number"].max() + 1 + np.arange(PROSPECTS), "group": "",
                              "start": rng.integers(300, LAST_DAY, PROSPECTS)})
    people = pd.concat([buyers, add_consent(rng, prospects)])
    folder.mkdir(parents=True, exist_ok=True)
    later, fresh, second = second_round(folder, buyers, people, orders, sent)
    customers, own = customer_rows(rng, people), order_rows(rng, orders)
    write_csv(folder / "kunder.csv", ["kundnummer", "e-post", "postnummer", "ort", "kundgrupp", "skapad", "samtycke",
                                      "avböjt reklam"], customers + customer_rows(rng, fresh), SWEDISH)
    write_csv(folder / "ordrar.csv", ["ordernummer", "kundnummer", "orderdatum", "belopp", "kanal"],
              own + order_rows(rng, later, 400_000 + len(own)), SWEDISH)
    write_csv(folder / "utskick.csv", ["utskick", "kundnummer", "skickad", "kanal", "budskap", "svarat", "kostnad"],
              campaign_rows(sent), SWEDISH)
    planted = buyers.assign(best=best_chance_left(buyers, orders, hours)).sort_values("number")
    lines = ["customer_id,group,left_date,best_possible_chance_left"]
    for one in planted.itertuples():
        left = str(FIRST + timedelta(int(one.left_day))) if one.left_day >= 0 else ""
        lines.append(f"{one.number},{one.group},{left},{one.best:.5f}")
    (folder / "truth_customers.csv").write_bytes(("\n".join(lines) + "\n").encode())
    text = json.dumps(truth(buyers, orders, sent) | {"second_round": second}, indent=2, ensure_ascii=False) + "\n"
    (folder / "TRUTH.json").write_bytes(text.encode())


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[1] / "shoe-webshop"
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
