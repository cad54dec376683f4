"""Purchases with their channel, in two periods of equal length: what the counting and the drawing work on."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.core.wording import _

# In the order of the channels a smaller one stands for itself only when it has this share of the purchases: our convention.
LEAST_SHARE = 0.01
FIRST_DAYS = 7


@dataclass(frozen=True)
class Purchases:
    """All purchases of the two periods, sorted, so that no result depends on the order of the rows.

    Parameters
    ----------
    frame : one row per purchase: customer_id (missing where unknown), code (place in ``customers``, -1 for none), label (place in
        ``names``, -1 where no channel is recorded), month, amount (net), current (True in the current period).
    customers : ids of the round's customers, sorted.
    names : channels as they are called, the largest first.
    start, middle, end : first day before, last day of the first period, last day of the current one.
    history_start : day of the first order in the data.
    put_together : number of small channels that stand together as the last name.
    """

    frame: pd.DataFrame
    customers: np.ndarray
    names: tuple[str, ...]
    start: date
    middle: date
    end: date
    history_start: date
    put_together: int

    @property
    def known(self) -> pd.DataFrame:
        """The purchases whose customer and channel are both known."""
        return self.frame[(self.frame["code"] >= 0) & (self.frame["label"] >= 0)]

    @property
    def recorded_share(self) -> float:
        """Share of the purchases for which a channel is recorded, 0 to 1."""
        return float((self.frame["label"] >= 0).mean()) if len(self.frame) else 0.0

    @property
    def recorded_in_both(self) -> float:
        """Share of the purchases with a recorded channel in the period where fewer have one, 0 to 1."""
        shares = (self.frame["label"] >= 0).groupby(self.frame["current"]).mean()
        return float(shares.min()) if len(shares) == 2 else 0.0

    @property
    def renamed(self) -> tuple[str, str] | None:
        """A channel that ends where another begins, and that other: perhaps one channel under two names; None where none does."""
        sizes = (
            self.frame[self.frame["label"] >= 0]
            .groupby(["label", "current"])
            .size()
            .unstack(fill_value=0)
            .reindex(columns=[False, True], fill_value=0)
        )
        ended, begun = sizes.index[sizes[True] == 0], sizes.index[sizes[False] == 0]
        return (self.names[ended[0]], self.names[begun[0]]) if len(ended) and len(begun) else None

    @property
    def reaches_back(self) -> bool:
        """True when the data cover the period before the current one too: a small shop may have no order in its first week."""
        return self.history_start <= self.start + timedelta(days=FIRST_DAYS)


def collect_purchases(orders: pd.DataFrame, customer_ids: pd.Series, as_of: date, months: int, most_channels: int) -> Purchases:
    """Return the purchases of the two periods of ``months`` months that end on ``as_of``.

    An order of zero or less (a return, a credit note) is no purchase and tells no channel: it is left out (our convention). Spellings
    of a channel that differ in capitals or blanks only are one channel, called by its most frequent spelling.

    Parameters
    ----------
    orders : canonical orders: order_date, order_amount, channel, and customer_id where it is known.
    customer_ids : the customers of the round.
    as_of : the last day that is used.
    months : length of each period; most_channels : channels that keep their own name.
    """
    dates = pd.to_datetime(orders["order_date"])
    dates = (dates.dt.tz_localize(None) if dates.dt.tz is not None else dates).dt.normalize()
    end = pd.Timestamp(as_of)
    middle, start = end - pd.DateOffset(months=months), end - pd.DateOffset(months=2 * months)
    history_start = dates.min() if dates.notna().any() else end
    is_used = (dates > start) & (dates <= end) & (orders["order_amount"].astype(float) > 0)
    used = orders.loc[is_used]
    labels, names, put_together = _labels(used["channel"] if "channel" in used else pd.Series(pd.NA, index=used.index), most_channels)
    customers = np.array(sorted(set(customer_ids.dropna())), dtype=object)
    ids = used["customer_id"] if "customer_id" in used else pd.Series(pd.NA, index=used.index)
    when = dates.loc[is_used]
    frame = pd.DataFrame(
        {
            "code": pd.Index(customers).get_indexer(ids) if len(customers) else np.full(len(used), -1),
            "label": labels,
            "month": (when.dt.year * 12 + when.dt.month).to_numpy(np.int64),
            "amount": used["order_amount"].to_numpy(float),
            "current": (when > middle).to_numpy(bool),
        }
    ).sort_values(["code", "month", "current", "label", "amount"], ignore_index=True)
    first_day = start + pd.Timedelta(days=1)
    return Purchases(frame, customers, names, first_day.date(), middle.date(), end.date(), pd.Timestamp(history_start).date(), put_together)


def _labels(channel: pd.Series, most_channels: int) -> tuple[np.ndarray, tuple[str, ...], int]:
    """Return per purchase the place of its channel (-1 for none), the names, and how many small channels share the last one."""
    typed = channel.astype("string").str.strip()
    typed = typed.where(typed != "")
    key = typed.str.casefold()
    sizes = key.value_counts()
    # Of equally many the first in the alphabet, so that the order of the rows does not matter.
    ordered = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    by_name = [name for name in ordered if sizes[name] >= LEAST_SHARE * sizes.sum()][:most_channels]
    spelling = typed.groupby(key).agg(lambda texts: texts.value_counts().sort_index(kind="stable").idxmax()) if len(sizes) else {}
    others = len(ordered) - len(by_name)
    if others == 1:  # a single small channel can keep its name
        by_name, others = ordered, 0
    places = {name: place for place, name in enumerate(by_name)} | {name: len(by_name) for name in ordered[len(by_name) :]}
    names = tuple(str(spelling[name]) for name in by_name) + ((_("other channels"),) if others else ())
    return key.map(places).fillna(-1).to_numpy(np.int64), names, others
