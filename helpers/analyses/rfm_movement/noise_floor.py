"""The noise floor: how much movement chance alone would show.

Even when nobody's behaviour changes, customers change segment: five orders in three years may fall one
way or another. We ask how often, by drawing the days of every customer's orders again. What is kept: the customers,
their number of orders, every amount, the day of a first order, and each customer's own rhythm: the gaps between
the orders are put in another order (permuted within the customer, the randomisation test of a renewal process; Cox and
Lewis 1966, The Statistical Analysis of Series of Events, chapter 6). So who buys like clockwork stays regular, and who
buys in bursts keeps them.
Gaps are counted on the clock of the market: a day on which all customers order twice as much counts double, so that a season
is a change of nobody; where the periods are no whole years, customers with a season of their own have a clock of their own.
The last silence is a gap like the others, closed over the start of the window as on a circle: who stopped would, by chance,
have been silent at any other time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from helpers.analyses.rfm_movement.card import SegmentCard, Standing, value_change
from helpers.analyses.rfm_movement.change_groups import GROUPS, NOT_JUDGED, groups_of_customers
from helpers.analyses.rfm_movement.measures import Purchases, measure, revenue_per_year
from helpers.analyses.rfm_movement.periods import Periods
from helpers.analyses.rfm_movement.settings import Settings
from helpers.core.results import Chance
from helpers.core.wording import _, number
from helpers.statistics.nulls import against_chance
from helpers.statistics.resampling import least_p_values

CENTRAL = 0.99
# Our convention: a customer's move is marked when one draw in ten or less goes as far the same way. Chance alone marks many, so how many
# there are together is held against chance.
UNUSUAL = 0.1
PACE = ("frequency_per_month", "monetary_per_year")
# Rayleigh's test of directions at 5 % (Mardia and Jupp 2000, Directional Statistics): by chance one customer in twenty goes as far.
_YEAR_DAYS, _STANDS_OUT = 365.25, 3.0
# The claims of a first page: which way customers moved further than usual, and of which groups.
CLAIMS = {
    "falling": (-1, ("needs_attention", "sleeping", "top", "loyal", "growing")),
    "needs_attention": (-1, ("needs_attention",)),
    "sleeping": (-1, ("sleeping",)),
    "growing": (1, ("growing",)),
}
# Four claims are corrected for together, so that 80 draws are the fewest of which one can be news.
_MOST_CHANGES, _DRAWS_WHEN_MANY = 2_000_000, 80


@dataclass(frozen=True)
class Clock:
    """How fast the time of the shop runs: the cumulated pace at the end of each day from ``first_day``."""

    first_day: int
    total: np.ndarray

    def at(self, day: np.ndarray) -> np.ndarray:
        """Return the cumulated pace before ``day``."""
        return np.r_[0.0, self.total][np.asarray(day) - self.first_day]

    def day_of(self, pace: np.ndarray) -> np.ndarray:
        """Return the day on which the cumulated pace is reached."""
        # The last day also for a pace that rounding carries past the end.
        step = np.searchsorted(self.total, pace, side="right")
        return self.first_day + np.minimum(step, len(self.total) - 1)


def redraw(purchases: Purchases, periods: Periods, market: bool, draws: int, seed: int) -> Iterator[Purchases]:
    """Yield the orders on re-drawn days, ``draws`` times.

    Parameters
    ----------
    purchases : the real orders.
    periods : the two periods; orders outside them, and those of new customers, stay where they are.
    market : True counts gaps in what all customers together order; False in days.
    draws, seed : number of re-draws; seed of ``numpy.random.default_rng``.
    """
    start, end = periods.comparison.first_day, periods.current.last_day
    free = _free_orders(purchases, periods)
    # A first order stays where it is, so the others are drawn from the day after it.
    entry = np.where(purchases.first_day >= start, purchases.first_day + 1, start)
    rng = np.random.default_rng(seed)
    # Where the periods hold unequal seasons, customers with a season of their own have a clock of their own.
    season = _season(purchases, end) if market and not periods.whole_years else np.zeros(len(entry), dtype=int)
    circles = []
    for group in np.unique(season[purchases.code[free]]):
        own = free & (season == group)[purchases.code]
        old = entry[(season == group) & (purchases.first_day < periods.current.first_day)]
        clock = _market_clock(purchases, periods, own, old) if market else _calendar_clock(start, end)
        circles.append((clock, _circle(purchases, np.flatnonzero(own), entry, clock, rng)))
    for _draw in range(draws):
        day = purchases.day.copy()
        for clock, circle in circles:
            moved, pace = circle.permuted(rng)
            day[moved] = clock.day_of(pace)
        yield purchases.moved(day)


def _season(purchases: Purchases, end: int) -> np.ndarray:
    """Return the quarter of the year around which a customer orders, 1 to 4, and 0 where none stands out (Rayleigh's test)."""
    first = purchases.first_day[purchases.code]
    rows = np.flatnonzero((purchases.day >= first) & (purchases.day <= end))
    code, day = purchases.code[rows], purchases.day[rows]
    # A season that the customer was there for twice counts half.
    weight = 1 / (1 + (end - day) // _YEAR_DAYS + (day - first[rows]) // _YEAR_DAYS)
    angle = 2 * np.pi * day / _YEAR_DAYS
    size = len(purchases.customers)
    cosine, sine = (np.bincount(code, weight * part(angle), size) for part in (np.cos, np.sin))
    stands_out = cosine**2 + sine**2 > _STANDS_OUT * np.bincount(code, weight**2, size)
    return np.where(stands_out, 1 + np.floor(np.arctan2(sine, cosine) / (np.pi / 2)).astype(int) % 4, 0)


@dataclass(frozen=True)
class Circle:
    """The orders of each customer on a circle, whose length is the time (on the clock) that the customer was there.

    Parameters
    ----------
    order : place of each order among all orders.
    customer : running number of the customer, rising.
    gap : time to the next order of the customer; after the last over the end of the circle to the first.
    first : place of each customer's first row.
    low, width : per customer the start and the length of the circle.
    """

    order: np.ndarray
    customer: np.ndarray
    gap: np.ndarray
    first: np.ndarray
    low: np.ndarray
    width: np.ndarray

    def permuted(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return places of orders and the pace they fall on: gaps in another order, the circle turned by chance."""
        rows = np.argsort(self.customer + rng.random(len(self.customer)))
        gap = self.gap[rows]
        before = np.cumsum(gap) - gap
        turned = before - (before[self.first] - rng.random(len(self.width)) * self.width)[self.customer]
        return self.order[rows], self.low[self.customer] + turned % self.width[self.customer]


def _circle(purchases: Purchases, free: np.ndarray, entry: np.ndarray, clock: Clock, rng: np.random.Generator) -> Circle:
    """Return the circles of all customers with an order that may move."""
    day = purchases.day[free]
    # Within its day an order falls anywhere, so that two of one day are not one.
    pace = clock.at(day) + rng.random(len(free)) * (clock.at(day + 1) - clock.at(day))
    rows = np.lexsort((pace, purchases.code[free]))
    inside, first, customer = np.unique(purchases.code[free][rows], return_index=True, return_inverse=True)
    low = clock.at(entry[inside])
    width = clock.total[-1] - low
    pace = pace[rows]
    following = np.r_[pace[1:], np.nan]
    # After the last order of a customer comes, over the end of the circle, the first.
    following[np.r_[first[1:], len(rows)] - 1] = pace[first] + width
    return Circle(free[rows], customer, following - pace, first, low, width)


def _free_orders(purchases: Purchases, periods: Periods) -> np.ndarray:
    """Return True for orders in the two periods that are no first order and not of a new customer."""
    first = purchases.first_day[purchases.code]
    inside = (purchases.day >= periods.comparison.first_day) & (purchases.day <= periods.current.last_day)
    return inside & (purchases.day > first) & (first < periods.current.first_day)


def _calendar_clock(start: int, end: int) -> Clock:
    return Clock(start, np.arange(1, end - start + 2, dtype=float))


def _market_clock(purchases: Purchases, periods: Periods, free: np.ndarray, old: np.ndarray) -> Clock:
    """Return the clock of a market: orders per day for each customer who was there on that day, from the days ``old`` on."""
    start, end = periods.comparison.first_day, periods.current.last_day
    orders = np.bincount(purchases.day[free] - start, minlength=end - start + 1)
    customers = np.cumsum(np.bincount(np.clip(old, start, end) - start, minlength=end - start + 1))
    # Per customer who was there: a growing shop is busier without anybody ordering more often.
    pace = orders / np.maximum(customers, 1)
    # Over whole years the season takes no part: a current period in which fewer is ordered is then a loss and no slow clock.
    if periods.whole_years:
        for period in (periods.comparison, periods.current):
            days = slice(period.first_day - start, period.last_day - start + 1)
            pace[days] /= max(pace[days].mean(), 1e-12)
    return Clock(start, np.cumsum(pace)) if pace.sum() > 0 else _calendar_clock(start, end)


@dataclass(frozen=True)
class ChanceMovement:
    """What the re-draws give, where nobody's behaviour changes.

    Parameters
    ----------
    pairs : customers per re-draw (rows) and pair of segments before and now (columns, before times now).
    groups, revenue : customers, and their change of revenue per year, per re-draw (rows) and change group (columns).
    unusual : per customer -1 or 1 for a move further down or up than its own draws explain, else 0; see ``unusual_moves``.
    claims : what a first page may say, beside chance: customers who moved further than their own rhythm explains, by claim.
    """

    pairs: np.ndarray
    groups: np.ndarray
    revenue: np.ndarray
    unusual: np.ndarray
    claims: dict[str, Chance]


def movement_by_chance(
    purchases: Purchases, periods: Periods, settings: Settings, seed: int, card: SegmentCard, before: Standing, now: Standing
) -> ChanceMovement:
    """Draw the days of the orders again and count who moves, in total and as far as each customer did.

    Parameters
    ----------
    purchases, periods : what was looked at.
    settings : ``redraws``, ``clock``, ``shortest_months`` and ``lowest_stays``.
    seed : of the round.
    card : the meaning of the segments.
    before, now : where the customers stand at the end of each period.
    """
    size = len(card.letters) + 1  # the segments, and being without orders
    observed = groups_of_customers(purchases, periods, settings, before, now)
    # New customers and those not judged move in no pair.
    old = (observed != "new") & (observed != NOT_JUDGED)
    changes, groups = [pace_change(card, before, now)], [observed]
    pairs, revenue = [], []
    draws = number_of_draws(len(observed), settings.redraws)
    # The card stays: its cuts are the meaning of the letters, and only the orders are left to chance.
    for redrawn in redraw(purchases, periods, settings.clock == "market", draws, seed):
        before = card.standing(measure(redrawn, periods.comparison, settings.shortest_months))
        now = card.standing(measure(redrawn, periods.current, settings.shortest_months))
        changes.append(pace_change(card, before, now))
        groups.append(groups_of_customers(redrawn, periods, settings, before, now))
        pairs.append(np.bincount((before.place * size + now.place)[old], minlength=size * size))
        change = revenue_per_year(now.measures, periods.current) - revenue_per_year(before.measures, periods.comparison)
        revenue.append([change[groups[-1] == name].sum() for name in GROUPS])
    counts = [[np.sum(group == name) for name in GROUPS] for group in groups[1:]]
    moves = unusual_moves(np.array(changes, dtype=np.float32))
    return ChanceMovement(np.array(pairs), np.array(counts), np.array(revenue), moves[0], _claims(moves, groups, periods.seasons_told))


def number_of_draws(customers: int, asked: int) -> int:
    """Return how often the orders are drawn again: as often as asked, but 80 times where there are very many customers."""
    return asked if customers * asked <= _MOST_CHANGES else min(asked, _DRAWS_WHEN_MANY)


def pace_change(card: SegmentCard, before: Standing, now: Standing) -> np.ndarray:
    """Return how far the pace of a customer moved: orders per month and spend per year, on the scale of the card.

    The days since the last order say little of the pace, and hide a loss that orders and spend show: they count in the value only.
    """
    weights = {name: weight if name in PACE else 0.0 for name, weight in card.weights.items()}
    by_pace = replace(card, weights=weights if sum(weights.values()) > 0 else card.weights)
    return value_change(*(replace(standing, value=by_pace.value(standing.measures)) for standing in (before, now)))


def unusual_moves(changes: np.ndarray) -> np.ndarray:
    """Return -1 and 1 for every change that ``UNUSUAL`` of the changes of the same customer or fewer go as far as, down and up; else 0.

    Parameters
    ----------
    changes : of the pace; rows are the data and each re-draw, columns the customers. A change counts among those that go so far.
    """
    most = int(UNUSUAL * len(changes))
    low, high = np.partition(changes, [most, len(changes) - 1 - most], axis=0)[[most, -1 - most]]
    return (changes > np.maximum(high, 0)).astype(np.int8) - (changes < np.minimum(low, 0))


def _claims(moves: np.ndarray, groups: list[np.ndarray], seasons_told: bool) -> dict[str, Chance]:
    """Return per claim how many customers moved further than usual, beside how many do in the re-draws; corrected for all claims."""
    how = _("The gaps between each customer’s orders were put in another order, {n} times.").format(n=number(len(groups) - 1))
    if not seasons_told:
        how = _("Orders of one year cannot tell a customer’s season from a change.")
    counts = np.array(
        [
            [((move == way) & np.isin(group, names)).sum() for way, names in CLAIMS.values()]
            for move, group in zip(moves, groups, strict=True)
        ]
    )
    corrected = least_p_values(counts) if seasons_told else [1.0] * len(CLAIMS)
    chances = [against_chance(count[0], count[1:], "large", how) for count in counts.T]
    return {claim: replace(chance, p_value=p) for claim, chance, p in zip(CLAIMS, chances, corrected, strict=True)}


def central_bounds(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper bound of the central 99 % over the re-draws (first axis)."""
    low, high = np.quantile(draws, [(1 - CENTRAL) / 2, (1 + CENTRAL) / 2], axis=0)
    return low, high
