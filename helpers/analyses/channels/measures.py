"""Key figures per channel, who buys in several channels, and who moved, each beside what chance alone gives."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.channels.purchases import Purchases
from helpers.statistics.intervals import critical_value
from helpers.statistics.resampling import bootstrap_counts, percentile_interval

NONE = -1  # no purchase, or no channel with more than half of the purchases
FEWEST_COMPARED = 30  # customers of one, and of several channels; our convention
MOST_EQUAL = 10  # customers with as many purchases or more are compared together; our convention


def channel_figures(purchases: Purchases) -> pd.DataFrame:
    """Return one row per channel, and one for purchases without a recorded channel (label -1): orders, revenue, customers.

    Returns
    -------
    Columns label, orders, customers, revenue, mean_order, revenue_share in the current period, and orders_before, revenue_before in
    the one before (NaN where the data do not reach back so far).
    """
    frame = purchases.frame
    rows = []
    for label in [*range(len(purchases.names)), NONE]:
        of_channel = frame[frame["label"] == label]
        now, before = of_channel[of_channel["current"]], of_channel[~of_channel["current"]]
        if label == NONE and not len(of_channel):
            continue
        rows.append(
            {
                "label": label,
                "orders": len(now),
                "customers": now.loc[now["code"] >= 0, "code"].nunique(),
                "revenue": now["amount"].sum(),
                "mean_order": now["amount"].mean() if len(now) else np.nan,
                "orders_before": len(before) if purchases.reaches_back else np.nan,
                "revenue_before": before["amount"].sum() if purchases.reaches_back else np.nan,
            }
        )
    figures = pd.DataFrame(rows)
    total = figures["revenue"].sum()
    return figures.assign(revenue_share=figures["revenue"] / total if total > 0 else np.nan)


@dataclass(frozen=True)
class Several:
    """Who bought in more than one channel in the current period.

    Parameters
    ----------
    groups : one row per channel of single-channel customers, and one (label -1) for several: customers, revenue, per customer
        purchases and spend.
    customers : customers with a purchase; in_several : of them, in more than one channel.
    low, high : how many would be in several if every purchase fell in a channel at random, month by month (middle 95 %).
    times_spend : spend of a customer of several channels, as a multiple of one of a single channel.
    times_equal, equal_low, equal_high : the same per purchase, among customers with equally many purchases, and its 95 % interval;
        NaN where nobody can be compared.
    """

    groups: pd.DataFrame
    customers: int
    in_several: int
    low: float
    high: float
    times_spend: float
    times_equal: float
    equal_low: float
    equal_high: float


def per_customer(purchases: Purchases, current: bool) -> np.ndarray:
    """Return the number of purchases per customer (rows, as ``purchases.customers``) and channel (columns) in one period."""
    known = purchases.known
    part = known[known["current"] == current]
    return _counts(part["code"].to_numpy(), part["label"].to_numpy(), len(purchases.customers), len(purchases.names))


def _counts(code: np.ndarray, label: np.ndarray, customers: int, channels: int) -> np.ndarray:
    return np.bincount(code * channels + label, minlength=customers * channels).reshape(customers, channels)


def buyers_in_several(purchases: Purchases, draws: int, rng: np.random.Generator) -> Several:
    """Return who buys in several channels, beside chance.

    Who buys more often meets more channels by chance alone, so the number is held against purchases dealt over the channels at random
    within each month (a permutation test), and the spend against customers with equally many purchases (direct standardisation).
    """
    known = purchases.known
    part = known[known["current"]].sort_values(["month", "code", "label", "amount"])
    code, label, month = (part[name].to_numpy() for name in ("code", "label", "month"))
    size, channels = len(purchases.customers), len(purchases.names)
    counts = _counts(code, label, size, channels)
    orders, used = counts.sum(axis=1), (counts > 0).sum(axis=1)
    spend = np.bincount(code, weights=part["amount"], minlength=size)
    by_chance = []
    for _draw in range(draws):
        # Sorted by month plus a random part, the labels are dealt anew within their month.
        dealt = label[np.argsort(month + rng.random(len(month)))]
        by_chance.append(((_counts(code, dealt, size, channels) > 0).sum(axis=1) > 1).sum())
    low, high = percentile_interval(by_chance)
    several, single = used > 1, used == 1
    main = np.where(several, NONE, counts.argmax(axis=1))
    bought = pd.DataFrame({"label": main, "orders": orders, "revenue": spend})[orders > 0]
    groups = bought.groupby("label", as_index=False).agg(
        customers=("orders", "size"), orders_each=("orders", "mean"), revenue=("revenue", "sum"), spend_each=("revenue", "mean")
    )
    equal = _at_equal_orders(orders, spend, several, single, draws, rng)
    times = spend[several].mean() / spend[single].mean() if several.any() and single.any() else np.nan
    return Several(groups, int((orders > 0).sum()), int(several.sum()), float(low), float(high), float(times), *equal)


def _at_equal_orders(
    orders: np.ndarray, spend: np.ndarray, several: np.ndarray, single: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return spend per purchase, several channels over one, at equal numbers of purchases, with a bootstrap interval over customers."""
    compared = (orders > 1) & (several | single)
    stratum = np.minimum(orders[compared], MOST_EQUAL)
    per_order, in_several = spend[compared] / orders[compared], several[compared]

    def ratio(weights: np.ndarray) -> float:
        sums = [
            [np.bincount(stratum[kind], weights[kind] * values[kind], MOST_EQUAL + 1) for values in (per_order, np.ones(len(stratum)))]
            for kind in (in_several, ~in_several)
        ]
        (spent, people), (spent_single, people_single) = sums
        both = (people > 0) & (people_single > 0)
        expected = (spent_single[both] / people_single[both] * people[both]).sum()
        return float(spent[both].sum() / expected) if expected > 0 else np.nan

    middle = ratio(np.ones(len(stratum)))
    # Of a handful of customers drawing again shows too little: the interval would be too short.
    if not np.isfinite(middle) or min(in_several.sum(), (~in_several).sum()) < FEWEST_COMPARED:
        return (np.nan, np.nan, np.nan)
    drawn = [ratio(bootstrap_counts(len(stratum), 1, rng)[0]) for _draw in range(draws)]  # one by one: all at once fill the memory
    return (middle, *percentile_interval([value for value in drawn if np.isfinite(value)]))


@dataclass(frozen=True)
class Movement:
    """How customers who bought in both periods moved between the channels.

    Parameters
    ----------
    steps : one row per pair of main channels before and now that somebody made: label_before, label_now, customers, low, high (by
        chance, middle 95 %).
    shift : one row per channel: label, share_before, share_now (mean of the customers' shares of purchases), change, low, high
        (95 % for all channels together), p_value, is_claimed.
    customers : customers in both periods; moved : of them from one main channel to another; moved_low, moved_high : by chance.
    places : places in ``purchases.customers`` of these customers; before, now : their main channel (label, -1 for none);
    chance_share : per customer, share of the draws that change at least as far.
    """

    steps: pd.DataFrame
    shift: pd.DataFrame
    customers: int
    moved: int
    moved_low: float
    moved_high: float
    places: np.ndarray
    before: np.ndarray
    now: np.ndarray
    chance_share: np.ndarray


def bought_in_both(purchases: Purchases) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of the customers with purchases in both periods, and their purchases per channel before and now."""
    before, now = per_customer(purchases, current=False), per_customer(purchases, current=True)
    there = np.flatnonzero((before.sum(axis=1) > 0) & (now.sum(axis=1) > 0))
    return there, before[there], now[there]


def movement(purchases: Purchases, draws: int, rng: np.random.Generator) -> Movement:
    """Return the movement between channels from the period before to the current one.

    Chance: every customer keeps all purchases, and only which of them came first is drawn anew (a permutation within the customer), so
    who always mixed channels is no mover. A shift of a channel is claimed when a sign-flip test over the customers (who may each have
    streaks of their own) is significant at 5 %, shared by the channels (Bonferroni).
    """
    there, before, now = bought_in_both(purchases)
    known = purchases.known
    part = known[known["code"].isin(there)]
    code = np.searchsorted(there, part["code"].to_numpy())
    label, is_now = part["label"].to_numpy(), part["current"].to_numpy(bool)
    channels = len(purchases.names)
    change = shares(now) - shares(before)
    distance = np.abs(change).sum(axis=1)
    main_before, main_now = _main(before), _main(now)
    moved_by_chance, as_far = [], np.zeros(len(there))
    pair_draws = []
    for _draw in range(draws):
        dealt = label[np.argsort(code + rng.random(len(code)))]
        dealt_before = _counts(code[~is_now], dealt[~is_now], len(there), channels)
        dealt_now = _counts(code[is_now], dealt[is_now], len(there), channels)
        drawn_before, drawn_now = _main(dealt_before), _main(dealt_now)
        moved_by_chance.append(_moved(drawn_before, drawn_now))
        as_far += np.abs(shares(dealt_now) - shares(dealt_before)).sum(axis=1) >= distance - 1e-9
        pair_draws.append(_pairs(drawn_before, drawn_now, channels))
    low, high = percentile_interval(moved_by_chance) if draws else (np.nan, np.nan)
    return Movement(
        steps=_steps(_pairs(main_before, main_now, channels), np.array(pair_draws), channels),
        shift=_shift(shares(before), shares(now), rng),
        customers=len(there),
        moved=_moved(main_before, main_now),
        moved_low=float(low),
        moved_high=float(high),
        places=there,
        before=main_before,
        now=main_now,
        chance_share=as_far / draws,
    )


def shares(counts: np.ndarray) -> np.ndarray:
    """Return purchases per channel (columns) as shares of each customer's (rows); 0 where there are none."""
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _main(counts: np.ndarray) -> np.ndarray:
    """Return per customer the channel with more than half of the purchases; NONE where there is none."""
    largest = counts.argmax(axis=1)
    has_main = 2 * counts.max(axis=1) > counts.sum(axis=1) if len(counts) else np.zeros(0, bool)
    return np.where(has_main, largest, NONE)


def _moved(before: np.ndarray, now: np.ndarray) -> int:
    """Return how many went from one main channel to another; who had or has none went nowhere."""
    return int(((before != now) & (before != NONE) & (now != NONE)).sum())


def _pairs(before: np.ndarray, now: np.ndarray, channels: int) -> np.ndarray:
    # NONE is -1, so one more place is needed, and every label stands one higher.
    return np.bincount((before + 1) * (channels + 1) + now + 1, minlength=(channels + 1) ** 2)


def _steps(pairs: np.ndarray, drawn: np.ndarray, channels: int) -> pd.DataFrame:
    ends = np.quantile(drawn, [0.025, 0.975], axis=0)
    place = np.arange(len(pairs))
    steps = pd.DataFrame(
        {
            "label_before": place // (channels + 1) - 1,
            "label_now": place % (channels + 1) - 1,
            "customers": pairs,
            "low": ends[0],
            "high": ends[1],
        }
    )
    is_step = (steps["label_before"] != steps["label_now"]) & (steps["customers"] > 0)
    return steps[is_step].sort_values(["customers", "label_before", "label_now"], ascending=[False, True, True], ignore_index=True)


def tests_of(channels: int) -> int:
    """Return how many shifts are looked at: of two channels the one gains what the other loses."""
    return 1 if channels == 2 else channels


def _shift(before: np.ndarray, now: np.ndarray, rng: np.random.Generator, flips: int = 1999) -> pd.DataFrame:
    change = now - before
    size, channels = change.shape
    tests = tests_of(channels)
    mean = change.mean(axis=0)
    z = critical_value(0.05 / tests)
    margin = z * change.std(axis=0, ddof=1) / np.sqrt(size)
    # Under "nobody moves" a customer's change is as likely up as down.
    drawn = np.array([np.abs((rng.integers(0, 2, size) * 2 - 1) @ change) / size for _flip in range(flips)])
    p_values = (1 + (drawn >= np.abs(mean) - 1e-12).sum(axis=0)) / (flips + 1)
    return pd.DataFrame(
        {
            "label": range(channels),
            "share_before": before.mean(axis=0),
            "share_now": now.mean(axis=0),
            "change": mean,
            "low": mean - margin,
            "high": mean + margin,
            "p_value": p_values,
            "is_claimed": (p_values <= 0.05 / tests) & (np.sign(mean - margin) == np.sign(mean + margin)),
        }
    )
