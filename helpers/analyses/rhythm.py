"""Each customer's own rhythm: how long his gaps between orders are, how regular, and how likely no order follows any more.

After each order a customer leaves for good, or stays and orders again after a gap of his own gamma distribution. How long and
how regular gaps are differs from customer to customer: the client's own mixture is learnt from all customers (nonparametric
empirical Bayes: Robbins 1956; Laird 1978; by EM), and each customer is drawn towards it as far as his own gaps leave open
(Morris 1983). The last gap is not over: it counts as "at least so long" (a mixture cure model: Boag 1949). Gamma gaps:
Platzer and Reutterer (2016); leaving after an order: Fader, Hardie and Lee (2005). Our own: who has a rhythm may skip an
occasion; anybody may pause, or order out of turn.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from scipy.stats import gamma

from helpers.analyses.clocks import Visits

# Shape of the gamma distribution: 1 is memoryless; at 256 a yearly customer comes within the same six weeks.
REGULARITY = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0])
RHYTHMIC = 4.0  # from this shape on an occasion can be skipped
MOST_SKIPS = 3  # in a row
PAUSE = (1.0, 6.0)  # shape of a pause, and its mean in gaps
EXTRA = (0.7, 0.3)  # and of the gap to or from an order out of turn
LATEST_GAPS = 20  # habits change: gaps longer ago say little of today
CHECKED_BY = 20.0  # gaps of the client's own that weigh as much as what was expected before
LEARNT_FROM = 600  # customers; more change the mixture little
ROUNDS = 30  # of EM (all these: our conventions)
# Days since an order at which all is tabulated: each up to 25, then 4 % apart.
DAYS = np.unique(np.r_[np.arange(26), np.round(25 * 1.04 ** np.arange(1, 145))])


@dataclass(frozen=True)
class Gaps:
    """The days of order of each customer as gaps, in the time of one clock.

    Parameters
    ----------
    customers : ids; counts : gaps per customer and entry of ``DAYS``, sparse.
    gaps, silent_days : number of gaps counted, and time since the last order.
    log_pace : logarithm of the clock's pace on the day that ended a gap, summed over all gaps counted.
    """

    customers: pd.Index
    counts: csr_matrix
    gaps: np.ndarray
    silent_days: np.ndarray
    log_pace: float


def gaps_of(visits: Visits, clock: np.ndarray) -> Gaps:
    """Return the latest gaps between each customer's days of order.

    Parameters
    ----------
    visits : the days of order.
    clock : time passed at the end of each day, from ``clocks``.
    """
    time = clock[visits.day]
    same = np.diff(visits.code) == 0
    gap, owner, ends = np.diff(time)[same], visits.code[1:][same], visits.day[1:][same]
    latest = pd.Series(owner).groupby(owner).cumcount(ascending=False).to_numpy() < LATEST_GAPS
    size = len(visits.customers)
    counts = csr_matrix((np.ones(latest.sum()), (owner[latest], _place(gap[latest]))), shape=(size, len(DAYS)))
    last = visits.ends()[1]
    pace = np.diff(clock, prepend=clock[0] - 1)[ends[latest]]
    return Gaps(visits.customers, counts, np.bincount(owner[latest], minlength=size), clock[-1] - clock[last], float(np.log(pace).sum()))


def _place(days: np.ndarray) -> np.ndarray:
    """Return the place of the nearest of ``DAYS``."""
    return np.searchsorted((DAYS[1:] + DAYS[:-1]) / 2, days)


@dataclass(frozen=True)
class Rhythm:
    """What the orders of all customers say of gaps and of leaving.

    Parameters
    ----------
    gap_days, regularity, weight : mean and shape of the gaps in each cell of the mixture, and the share of customers in it.
    skipped, paused, extra : chance that an occasion is skipped, that a gap is a pause, and that an order comes out of turn.
    leave_first, leave : chance that nothing follows a first order, and, per cell, a later one.
    """

    gap_days: np.ndarray
    regularity: np.ndarray
    weight: np.ndarray
    skipped: float
    paused: float
    extra: float
    leave_first: float
    leave: np.ndarray

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """Return density and survival of a gap, per kind (so many skips, a pause, out of turn), entry of ``DAYS`` and cell."""
        scale = self.gap_days / self.regularity
        kinds = [((skips + 1) * self.regularity, scale) for skips in range(MOST_SKIPS + 1)]
        kinds += [(np.full(len(scale), shape), self.gap_days * mean / shape) for shape, mean in (PAUSE, EXTRA)]
        days = DAYS[:, None]
        density = np.array([gamma.pdf(np.maximum(days, 0.5), shape, scale=scale) for shape, scale in kinds])
        return density, np.array([gamma.sf(days, shape, scale=scale) for shape, scale in kinds])

    def kinds(self) -> np.ndarray:
        """Return the chance of each kind of gap, per cell; shape as the tables."""
        skipped = np.where(self.regularity >= RHYTHMIC, self.skipped, 0.0) ** np.arange(MOST_SKIPS + 1)[:, None]
        other = np.full((2, skipped.shape[1]), [[self.paused], [self.extra]])
        return np.vstack([skipped / skipped.sum(axis=0) * (1 - self.paused - self.extra), other])[:, None, :]

    def log_joint(self, gaps: Gaps, log_density: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return per customer and cell the log-likelihood of the gaps that are over, and the chance of leaving after the last order."""
        log = gaps.counts @ log_density + np.log(self.weight + 1e-12)
        log += np.maximum(gaps.gaps - 1, 0)[:, None] * np.log1p(-self.leave)
        return log, np.where((gaps.gaps > 0)[:, None], self.leave, self.leave_first)


def fit_rhythm(gaps: Gaps) -> tuple[Rhythm, float]:
    """Learn the client's mixture of rhythms.

    Parameters
    ----------
    gaps : of all customers, at least one.

    Returns
    -------
    The mixture, and the mean log-likelihood per customer, in calendar days whatever the clock.
    """
    some = _part(gaps, np.unique(np.linspace(0, len(gaps.customers) - 1, LEARNT_FROM).astype(int)))
    rhythm = _first_guess(some)
    density, survival = rhythm.tables()
    log_likelihood = np.nan
    for _round in range(ROUNDS):
        rhythm, log_likelihood = _improved(rhythm, some, density, survival)
    return rhythm, (log_likelihood + gaps.log_pace * some.gaps.sum() / max(1, gaps.gaps.sum())) / len(some.customers)


def _part(gaps: Gaps, rows: np.ndarray) -> Gaps:
    return Gaps(gaps.customers[rows], gaps.counts[rows], gaps.gaps[rows], gaps.silent_days[rows], gaps.log_pace)


def _first_guess(gaps: Gaps) -> Rhythm:
    """Start with every pace that was seen, or lies between, at every regularity."""
    mean = (gaps.counts @ DAYS)[gaps.gaps > 0] / gaps.gaps[gaps.gaps > 0]
    own = np.quantile(mean, np.linspace(0.02, 0.98, 12)) if len(mean) else []
    paces = np.unique(np.r_[own, np.geomspace(2, max(60.0, *mean, 60.0), 10)].round(1)).clip(1)
    pace, regularity = (part.ravel() for part in np.meshgrid(paces, REGULARITY, indexing="ij"))
    return Rhythm(pace, regularity, np.full(len(pace), 1 / len(pace)), 0.05, 0.02, 0.02, 0.2, np.full(len(pace), 0.05))


def _improved(rhythm: Rhythm, gaps: Gaps, density: np.ndarray, survival: np.ndarray) -> tuple[Rhythm, float]:
    """Return the mixture after one round of EM, and the log-likelihood before it."""
    by_kind = rhythm.kinds() * density
    mixed = by_kind.sum(axis=0) + 1e-300
    log, leave = rhythm.log_joint(gaps, np.log(mixed))
    coming = (rhythm.kinds() * survival).sum(axis=0)[_place(gaps.silent_days)]
    whole = log + np.log(leave + (1 - leave) * coming)
    total = logsumexp(whole, axis=1, keepdims=True)
    member = np.exp(whole - total)
    left = member * leave / (leave + (1 - leave) * coming)
    of_kind = (gaps.counts.T @ member) / mixed * by_kind
    rhythmic = of_kind[:-2, :, rhythm.regularity >= RHYTHMIC].sum(axis=(1, 2))
    skips = rhythmic @ np.arange(MOST_SKIPS + 1)
    again = gaps.gaps > 0
    better = replace(
        rhythm,
        weight=member.mean(axis=0),
        skipped=float((skips + 1) / (skips + rhythmic.sum() + CHECKED_BY)),
        paused=float((of_kind[-2].sum() + 0.5) / (of_kind.sum() + CHECKED_BY)),
        extra=float((of_kind[-1].sum() + 0.5) / (of_kind.sum() + CHECKED_BY)),
        leave_first=float((left[~again].sum() + 0.5) / (len(again) + 1)),
        leave=_leave_by_pace(rhythm.gap_days, left[again].sum(axis=0), gaps.gaps @ member),
    )
    return better, float(total.sum())


def _leave_by_pace(gap_days: np.ndarray, left: np.ndarray, tries: np.ndarray) -> np.ndarray:
    """Return the chance of leaving after an order at each pace, drawn towards that of all."""
    _paces, pace = np.unique(gap_days, return_inverse=True)
    of_all = (left.sum() + 0.5) / (tries.sum() + CHECKED_BY)
    return ((np.bincount(pace, left) + CHECKED_BY * of_all) / (np.bincount(pace, tries) + CHECKED_BY))[pace]


@dataclass(frozen=True)
class Standing:
    """Where each customer stands in his rhythm on the day we look, in the time of one clock.

    Parameters
    ----------
    silent_days : time since the last order.
    coming : per customer and entry of ``DAYS``: the chance that another order comes, and had not come so long after the last.
    left : the chance that none comes, on the same scale.
    """

    silent_days: np.ndarray
    coming: np.ndarray
    left: np.ndarray

    @property
    def gap_days(self) -> np.ndarray:
        """The mean gap to be expected of each."""
        return np.trapezoid(self.coming, DAYS, axis=1) / self.coming[:, 0]

    def probability_gone(self) -> np.ndarray:
        """Return the chance that no order comes any more, given the silence."""
        return self.left / (self.left + self._coming_at(self.silent_days))

    def silence_of(self, probability_gone: float) -> np.ndarray:
        """Return after how long a silence each is gone with this probability; never under one own gap."""
        return np.maximum(self._time_of(self.left * (1 - probability_gone) / probability_gone), self.gap_days)

    def next_after(self, share: float) -> np.ndarray:
        """Return how long after the last order this share of the next orders, if they come at all, will have come."""
        return self._time_of((1 - share) * self._coming_at(self.silent_days))

    def chance_of_silence(self, days: np.ndarray) -> np.ndarray:
        """Return how likely so long a silence is on a day picked at random, of a customer who has not left (renewal theory)."""
        steps = (self.coming[:, 1:] + self.coming[:, :-1]) / 2 * np.diff(DAYS)
        beyond = np.c_[np.cumsum(steps[:, ::-1], axis=1)[:, ::-1], np.zeros(len(steps))]
        return _interpolated(days, beyond) / beyond[:, 0]

    def _coming_at(self, days: np.ndarray) -> np.ndarray:
        return _interpolated(days, self.coming)

    def _time_of(self, level: np.ndarray) -> np.ndarray:
        return np.array([np.interp(-value, -row, DAYS) for value, row in zip(level, self.coming, strict=True)])


def _interpolated(days: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.array([np.interp(day, DAYS, row) for day, row in zip(days, rows, strict=True)])


def standing(rhythm: Rhythm, gaps: Gaps) -> Standing:
    """Return where each customer stands in his rhythm.

    Parameters
    ----------
    rhythm : the client's mixture.
    gaps : of the customers.
    """
    density, survival = rhythm.tables()
    log_density, curve = np.log((rhythm.kinds() * density).sum(axis=0) + 1e-300), (rhythm.kinds() * survival).sum(axis=0)
    coming, left = [], []
    for start in range(0, len(gaps.customers), 10_000):  # in parts, so that memory stays small
        log, leave = rhythm.log_joint(_part(gaps, np.arange(start, min(start + 10_000, len(gaps.customers)))), log_density)
        member = np.exp(log - logsumexp(log, axis=1, keepdims=True))
        coming.append((member * (1 - leave)) @ curve.T)
        left.append((member * leave).sum(axis=1))
    return Standing(gaps.silent_days, np.concatenate(coming), np.concatenate(left))
