"""The quotes of the sample client 'office-interiors': what customers asked a price for, from its own random stream.

What is planted, to be found again (the realised numbers go to TRUTH.json):
- Customers who ordered before win about half of their quotes, new ones fewer than a fifth.
- Quotes of 20,000 euro and more are rarely won, and take about three times the hours: effort goes to the wrong quotes.
- Who makes the quote, and how long the customer thinks, has nothing to do with success; nor do hours at an equal amount.
- Dirt: quotes sent twice, lost quotes that nobody closed, quotes of prospects who are no longer in the CRM.

A won quote ends in an order of the ERP: amounts and days are those of real orders, the lost ones are drawn to match.
"""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from common import BELGIAN, day_text, money, pick_days
from office_interiors_buyers import FIRST, LAST_DAY, workday

QUOTE_SEED = 20210701
HEADER = ["Offertenummer", "Klantnummer", "Offertedatum", "Bedrag", "Status", "Beslist op", "Uren", "Verkoper", "Ordernummer"]
LARGE, LEAST = 2_000_000, 100_000  # cents
FIRST_QUOTE = 420  # day: by then a year of orders tells who is new
# (existing customer, large amount): won quotes, and the chance they were won with
PLANTED = {(True, False): (330, 0.5), (True, True): (26, 0.15), (False, False): (62, 0.18), (False, True): (5, 0.06)}
MOST_DAYS, YEAR = 150, 364
REPEATED, NEVER_CLOSED, DELETED = 14, 0.03, 0.25


def decision_days(rng: np.random.Generator, count: int) -> np.ndarray:
    """How long customers think: half of them three weeks."""
    return np.clip(np.rint(rng.lognormal(np.log(21), 0.7, count)), 1, MOST_DAYS).astype(int)


def real_orders(rows: Sequence[Sequence[str]], counter: str) -> list[tuple]:
    """(day, customer, cents, number, whether he ordered before) of every order, by day."""
    orders: dict[str, list] = {}
    for number, day, debtor, _article, _kind, _pieces, amount in rows:
        cents = int(amount.replace(".", "").replace(",", ""))
        date = tuple(int(part) for part in reversed(day.split("/")))
        if debtor != counter:
            orders.setdefault(number, [(type(FIRST)(*date) - FIRST).days, int(debtor), 0, number])[2] += cents
    seen: set[int] = set()
    placed = []
    for day, customer, cents, number in sorted(orders.values()):
        placed.append((day, customer, cents, number, customer in seen))
        seen.add(customer)
    return placed


def draw_quotes(rng: np.random.Generator, orders: list[tuple], customers, weights: np.ndarray) -> list[dict]:
    """Won quotes from real orders, and lost ones so that the planted chance of success comes out."""
    first_order = {customer: day for day, customer, _cents, _number, before in reversed(orders) if not before}
    absent = np.setdiff1d(np.arange(5_000, 9_000), customers["number"])
    quotes = []
    for (existing, large), (wins, chance) in PLANTED.items():
        fits = [
            order
            for order in orders
            if order[4] == existing and (order[2] >= LARGE) == large and order[2] >= LEAST and order[0] >= FIRST_QUOTE + MOST_DAYS
        ]
        chosen = [fits[place] for place in rng.choice(len(fits), min(wins, len(fits)), replace=False)]
        for order, days in zip(chosen, decision_days(rng, len(chosen)), strict=True):
            quotes.append(dict(asked=order[0] - days, days=days, customer=order[1], cents=order[2], order=order[3], large=large))
        losses = rng.negative_binomial(len(chosen), chance)
        asked = pick_days(rng, weights, FIRST_QUOTE, LAST_DAY, losses)
        for day, days in zip(asked, decision_days(rng, losses), strict=True):
            cents = fits[rng.integers(len(fits))][2] * rng.uniform(0.9, 1.1)
            cents = int(max(cents, LARGE)) if large else int(np.clip(cents, LEAST, LARGE - 1))
            # Who orders often asks often: the customers of lost quotes are drawn by their orders, as those of won ones are.
            known = [order[1] for order in (orders if existing else fits) if (first_order[order[1]] < day) == existing]
            deleted = not existing and rng.random() < DELETED
            customer = int(rng.choice(absent if deleted or not known else known))
            quotes.append(dict(asked=int(day), days=days, customer=customer, cents=cents, order="", large=large))
    return quotes + still_open(quotes)


def still_open(quotes: list[dict]) -> list[dict]:
    """Quotes that will be won after the last day: as many as were undecided a year earlier, which no order shows yet."""
    year_ago = LAST_DAY - YEAR
    waiting = [quote for quote in quotes if quote["order"] and quote["asked"] <= year_ago < quote["asked"] + quote["days"]]
    return [quote | dict(asked=quote["asked"] + YEAR, order="") for quote in waiting]


def quote_rows(orders: Sequence[Sequence[str]], customers, weights: np.ndarray, counter: str) -> tuple[list[list[str]], dict]:
    """The export of quotes, and what is true of it."""
    rng = np.random.default_rng(QUOTE_SEED)
    quotes = draw_quotes(rng, real_orders(orders, counter), customers, weights)
    for quote in quotes:
        quote["asked"] = int(max(workday(np.array(quote["asked"])), 2))
        decided = quote["asked"] + quote["days"] <= LAST_DAY
        forgotten = not quote["order"] and rng.random() < NEVER_CLOSED
        words = ("Verloren", "Vervallen")
        quote["status"] = "Gewonnen" if quote["order"] else words[int(rng.random() < 0.3)] if decided and not forgotten else "Openstaand"
        quote["hours"] = rng.lognormal(np.log(12 if quote["large"] else 4), 0.5)
        quote["seller"] = rng.integers(1, 10)
    for place in rng.choice(len(quotes), REPEATED, replace=False):
        if quotes[place]["status"] != "Openstaand":
            quotes.append(quotes[place] | dict(asked=quotes[place]["asked"] + 2, days=max(quotes[place]["days"] - 2, 0), hours=0.5))
    quotes.sort(key=lambda quote: (quote["asked"], quote["customer"], quote["cents"], -quote["hours"]))
    rows = [written(number, quote) for number, quote in enumerate(quotes, 4_001)]
    counts = {word: sum(quote["status"] == word for quote in quotes) for word in ("Gewonnen", "Verloren", "Vervallen", "Openstaand")}
    unlisted = sum(quote["customer"] not in set(customers["number"]) for quote in quotes)
    return rows, {
        "rows": len(rows),
        "by_status": counts,
        "of_unlisted_customers": unlisted,
        "planted_chance": {
            f"{'existing' if existing else 'new'}_{'large' if large else 'other'}": chance
            for (existing, large), (_wins, chance) in PLANTED.items()
        },
    }


def written(number: int, quote: dict) -> list[str]:
    """One line of the export."""
    decided = "" if quote["status"] == "Openstaand" else day_text(FIRST + timedelta(int(quote["asked"] + quote["days"])), BELGIAN)
    hours = f"{max(0.5, round(quote['hours'] * 2) / 2):.1f}".replace(".", ",")
    asked = day_text(FIRST + timedelta(int(quote["asked"])), BELGIAN)
    amount, owner = money(quote["cents"], BELGIAN), f"V{quote['seller']:02d}"
    return [f"OF{number}", f"KL-{quote['customer']:06d}", asked, amount, quote["status"], decided, hours, owner, quote["order"]]
