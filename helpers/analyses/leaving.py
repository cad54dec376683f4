"""Late and gone: the one definition, by each customer's own rhythm, and how many of those called gone came back after all.

A customer is called gone when no order will come any more with at least the probability set, and never before one own gap has
passed. Who bought once has no rhythm, and is called nothing but that. Where the client's orders follow a season, the market's
clock counts beside the calendar, and a customer has the benefit of the doubt (our conventions).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.clocks import Visits, ahead, calendar, market, visits_of
from helpers.analyses.rhythm import DAYS, fit_rhythm, gaps_of, standing
from helpers.core.results import Chance
from helpers.core.wording import _
from helpers.statistics.intervals import wilson
from helpers.statistics.nulls import against_chance

BORDERS = (0.5, 0.75, 0.9)  # probability that no order comes any more: hesitant, about to leave, gone (our convention)
DATES = ("hesitant_date", "leaving_date", "gone_date")
STATUSES = ("new", "bought once", "loyal", "hesitant", "about to leave", "gone")
LATE = STATUSES[3:]
UNEVEN = 1.5  # the market's clock is tried where its busiest weeks are so many times its quietest
CLEARLY = 0.1  # and used where it explains the gaps better by so much, in log-likelihood per customer
EXPECTED = (0.1, 0.5, 0.9)  # shares of the next orders between which a customer is expected
SHORTEST_CHECK = 182  # days; half a year, or one gap of the slower customers, up to half of the history
CUSTOMERS_BEFORE = 5.0  # the check counts five more called gone, of whom 5 % came back (our convention)
BACK_BEFORE = 0.05
DRAWS = 199


@dataclass(frozen=True)
class Rhythms:
    """Where each customer stands in his own rhythm.

    Parameters
    ----------
    table : index customer_id; order_days (number of days with an order), first_order_date, last_order_date, silent_days,
        gap_days (the own gap to be expected), probability_gone, next_low, next_date and next_high (between which eight of ten
        next orders come), hesitant_date, leaving_date and gone_date (when the silence reaches each border), chance_late (how
        likely such a silence is of somebody who has not left).
    through, borders : the day we look, and the probabilities that the dates stand for.
    """

    table: pd.DataFrame
    through: pd.Timestamp
    borders: tuple[float, float, float]

    def at_most(self, ceiling: float) -> "Rhythms":
        """Return the same with nobody about to leave or gone more surely than the client's own history bears out (0 to 1)."""
        table = self.table.assign(probability_gone=self.table["probability_gone"].clip(upper=ceiling))
        # Who is silent for longer than usual stays late, however little that says.
        for name, border in zip(DATES[1:], self.borders[1:], strict=True):
            if border > ceiling:
                table[name] = pd.NaT
        return Rhythms(table, self.through, self.borders)

    def status(self, new_days: int) -> pd.Series:
        """Return one of ``STATUSES`` per customer.

        Parameters
        ----------
        new_days : a customer is new for so many days after the first order, because nothing is known of him yet.
        """
        table, day = self.table, self.through
        level = sum((table[name] <= day).astype(int) for name in DATES)
        by_silence = np.array(STATUSES[2:], dtype=object)[level]
        by_silence = np.where(table["order_days"] == 1, "bought once", by_silence)
        new = (day - table["first_order_date"]).dt.days <= new_days
        return pd.Series(np.where(new, "new", by_silence), index=table.index)


def rhythms(orders: pd.DataFrame, through: pd.Timestamp, borders: tuple[float, float, float] = BORDERS) -> Rhythms:
    """Return where each customer stands in his own rhythm.

    Parameters
    ----------
    orders : customer_id and order_day of every order; rows after ``through`` are ignored. At least one.
    through : the day we look.
    borders : probabilities of being gone from which a customer is hesitant, about to leave and gone.
    """
    visits = visits_of(orders, through)
    table, fits = _by_clock(visits, calendar(visits), borders)
    clock = market(visits)
    pace = np.diff(clock, prepend=0.0)
    if np.quantile(pace, 0.98) > UNEVEN * np.quantile(pace, 0.02):
        by_market, fits_market = _by_clock(visits, clock, borders)
        if fits_market > fits + CLEARLY:
            lenient = by_market["probability_gone"] < table["probability_gone"]
            table = table.mask(lenient, by_market)
    return Rhythms(table, through, borders)


def _by_clock(visits: Visits, clock: np.ndarray, borders: tuple[float, float, float]) -> tuple[pd.DataFrame, float]:
    """Return the table of ``Rhythms`` by one clock, and how well it explains the gaps."""
    gaps = gaps_of(visits, clock)
    rhythm, fits = fit_rhythm(gaps)
    here = standing(rhythm, gaps)
    first, last, number = visits.ends()
    longer = ahead(clock, int(DAYS[-1]))

    def date_of(since_last: np.ndarray) -> pd.Series:
        days = np.searchsorted(longer, clock[last] + since_last)
        return pd.Series(visits.first + pd.to_timedelta(np.minimum(days, len(longer) - 1), unit="D"), index=visits.customers)

    frame = pd.DataFrame({"order_days": number}, index=visits.customers)
    frame["first_order_date"] = visits.first + pd.to_timedelta(first, unit="D")
    frame["last_order_date"] = visits.first + pd.to_timedelta(last, unit="D")
    frame["silent_days"], frame["gap_days"] = visits.through - last, here.gap_days
    frame["probability_gone"] = here.probability_gone()
    for name, share in zip(("next_low", "next_date", "next_high"), EXPECTED, strict=True):
        frame[name] = date_of(here.next_after(share))
    own_gap = frame["last_order_date"] + pd.to_timedelta(np.ceil(here.gap_days), unit="D")
    for name, border in zip(DATES, borders, strict=True):
        frame[name] = np.maximum(date_of(here.silence_of(border)), own_gap)
    frame["chance_late"] = here.chance_of_silence(here.silence_of(borders[0]))
    return frame, fits


@dataclass(frozen=True)
class Check:
    """How many of those called by the same rule on an earlier day came back.

    Parameters
    ----------
    day, window_days : when they were called, and how long was waited since.
    table : one row per status but new: status, customers, back, share_back, low and high (its 95 % interval).
    borders : as of ``rhythms``.
    """

    day: pd.Timestamp
    window_days: int
    table: pd.DataFrame
    borders: tuple[float, float, float] = BORDERS

    def called(self, status: str) -> int:
        """Return how many had this status on the earlier day."""
        return int(self.table.set_index("status").loc[status, "customers"])

    def came_back(self, status: str) -> int:
        """Return how many of them came back."""
        return int(self.table.set_index("status").loc[status, "back"])

    @property
    def late_come_back(self) -> bool:
        """True where the late as a whole came back more often than the first border says: being late then says little."""
        return self._share_back(LATE) > 1 - self.borders[0]

    @property
    def ceiling(self) -> float:
        """The highest probability of being gone that the client's own history bears out.

        At most the share of those called gone who stayed away; and where the late come back, the share of them who stayed away.
        """
        return 1 - max(self._share_back(LATE[-1:]), self._share_back(LATE) if self.late_come_back else 0.0)

    def _share_back(self, statuses: tuple[str, ...]) -> float:
        called, back = (sum(count(status) for status in statuses) for count in (self.called, self.came_back))
        return (back + BACK_BEFORE * CUSTOMERS_BEFORE) / (called + CUSTOMERS_BEFORE) if called else 0.0


def check(orders: pd.DataFrame, through: pd.Timestamp, gap_days: float, borders: tuple[float, float, float] = BORDERS) -> Check | None:
    """Call who is late and gone on an earlier day by the same rule, and count who came back since.

    Parameters
    ----------
    orders, through, borders : as for ``rhythms``.
    gap_days : gap of the slower customers; so long is waited, half a year at least and half of the history at most.

    Returns
    -------
    None where the history is under twice four weeks.
    """
    history = int((through - orders["order_day"].min()).days)
    window = int(min(max(SHORTEST_CHECK, gap_days), history // 2))
    if window < 28:
        return None
    day = through - pd.Timedelta(days=window)
    status = rhythms(orders, day, borders).status(0)
    back = status.index.isin(orders.loc[(orders["order_day"] > day) & (orders["order_day"] <= through), "customer_id"])
    table = pd.DataFrame({"status": status, "back": back}).groupby("status")["back"].agg(customers="size", back="sum")
    table = table.reindex(list(STATUSES[1:]), fill_value=0)
    table["share_back"] = table["back"] / table["customers"].where(table["customers"] > 0)
    table["low"], table["high"] = wilson(table["back"], table["customers"].clip(lower=1))
    return Check(day, window, table.rename_axis("status").reset_index(), borders)


def late_by_chance(table: pd.DataFrame, late: np.ndarray, seed: int) -> Chance:
    """Return how many are late beside how many would be where nobody leaves.

    Parameters
    ----------
    table : of ``Rhythms``.
    late : True per customer whose status is one of ``LATE``.
    seed : of the round.
    """
    # Who bought once has no rhythm to be late in.
    chance = table["chance_late"].where(table["order_days"] > 1, 0.0).to_numpy()
    draws = (np.random.default_rng(seed).random((DRAWS, len(chance))) < chance).sum(axis=1)
    how = _("Silences were drawn from each customer's own rhythm, with nobody leaving.")
    return against_chance(float(late.sum()), draws, "large", how)
