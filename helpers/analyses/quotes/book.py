"""The quotes as they were known on the round's day: outcome, days to it, amount band, new or existing customer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.quotes.settings import Settings
from helpers.core.results import RunContext
from helpers.tables import TABLES

DECIDED = ("won", "lost")
# Our conventions: age at which a quote still open is probably lost, decisions that must carry a day to know it, and the age
# taken where they do not; less than a year of orders calls nobody new.
MOST_DECIDED, FEWEST_DATED, UNDATED_DAYS, HISTORY_DAYS = 0.95, 20, 90.0, 365


@dataclass(frozen=True)
class Book:
    """The quotes that count, each with asked, decided, days (to the decision), age_days, old_enough (from ``mature_days`` on),
    amount_band (the first begins at 0, the others at ``edges``), relation ("new" or "existing"), customer_code and sector; how many
    rows were set aside, and of how many something was assumed, by reason.
    """

    quotes: pd.DataFrame
    set_aside: dict[str, int]
    assumed: dict[str, int]
    mature_days: float
    edges: tuple[float, ...]

    @property
    def old_open(self) -> int:
        """Quotes still open at an age at which nearly all others were decided: probably lost, and never closed."""
        return int(((self.quotes["status"] == "open") & self.quotes["old_enough"]).sum())

    @property
    def closed_share(self) -> float:
        """Share, of the quotes that should be decided by now, that is: by it a chance is too high where old ones are lost, 0 to 1."""
        return len(self.judged) / (len(self.judged) + self.old_open)

    @property
    def judged(self) -> pd.DataFrame:
        """The decided quotes among those old enough: of younger ones only the quick decisions are known."""
        return self.quotes[self.quotes["old_enough"] & self.quotes["status"].isin(DECIDED)]


def read_book(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Book:
    """Return the quotes as known at the end of the round's day, from ``quotes``, ``orders`` and ``customer_table`` where they are."""
    as_of, orders = pd.Timestamp(context.as_of), tables.get("orders")
    rows = tables["quotes"].reindex(columns=TABLES["quotes"].names)
    rows = rows.rename(columns={"quote_amount": "amount", "quote_status": "status", "effort_hours": "hours"})
    rows["asked"] = pd.to_datetime(rows["quote_date"]).dt.normalize()
    useless = rows["customer_id"].isna() | rows["asked"].isna() | ~rows["status"].isin([*DECIDED, "open"])
    later = ~useless & (rows["asked"] > as_of)
    rows, assumed = _with_outcomes(rows[~useless & ~later], orders, as_of)
    quotes = _requests(rows, settings.revision_days)
    set_aside = {"unreadable": int(useless.sum()), "later": int(later.sum()), "revisions": len(rows) - len(quotes)}
    quotes["days"] = (quotes["decided"] - quotes["asked"]).dt.days.where(lambda days: days >= 0)
    quotes["age_days"] = (as_of - quotes["asked"]).dt.days
    mature_days = _mature_days(quotes)
    quotes["old_enough"] = quotes["age_days"] >= mature_days
    edges = tuple(sorted(set(settings.amount_bands))) or band_edges(quotes["amount"], 4)
    quotes["amount_band"] = band_of(quotes["amount"], edges)
    quotes["relation"] = _relation(quotes, orders)
    known = tables.get("customer_table", pd.DataFrame({"customer_id": []})).set_index("customer_id")
    for name in ("customer_code", "sector"):
        quotes[name] = quotes["customer_id"].map(known[name].astype(object) if name in known else {}).astype("str")
    close = quotes.sort_values(["customer_id", "asked"]).groupby("customer_id")["asked"].diff().dt.days <= settings.revision_days
    listed = known.index[known["in_customer_list"].fillna(False).astype(bool)] if "in_customer_list" in known else []
    assumed |= {"close": close.sum(), "no_amount": quotes["amount"].isna().sum(), "unlisted": (~quotes["customer_id"].isin(listed)).sum()}
    return Book(quotes, set_aside, {name: int(count) for name, count in assumed.items()}, mature_days, edges)


def _with_outcomes(rows: pd.DataFrame, orders: pd.DataFrame | None, as_of: pd.Timestamp) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the quotes with their outcome on the day: one with an order is won, one decided later is still open."""
    rows = rows.assign(amount=rows["amount"].astype(float).where(lambda amount: amount > 0), decided=pd.to_datetime(rows["decided_date"]))
    dates = {} if orders is None else orders.drop_duplicates("order_id").set_index("order_id")["order_date"]
    ordered = pd.to_datetime(rows["order_id"].map(dates))
    by_order = ordered.notna() & (rows["status"] != "won")
    rows["decided"] = rows["decided"].where(~by_order).fillna(ordered).dt.normalize()
    rows["status"] = rows["status"].mask(by_order, "won")
    later = (rows["status"] != "open") & (rows["decided"] > as_of)
    rows["status"] = rows["status"].mask(later, "open")
    rows["decided"] = rows["decided"].where(rows["status"] != "open")
    undated = (rows["status"] != "open") & ~(rows["decided"] >= rows["asked"])
    return rows, {"won_by_order": by_order.sum(), "decided_later": later.sum(), "undated": undated.sum()}


def _requests(rows: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return one row per request: asked when it was first asked, with the last outcome, or won where any was."""
    rows = rows.sort_values(["customer_id", "amount", "asked", "quote_id"])
    again = rows.groupby(["customer_id", "amount"])["asked"].diff().dt.days <= days
    rows = rows.assign(request=(~again).cumsum(), is_won=rows["status"] == "won", hours=rows["hours"].astype(float))
    first = rows.groupby("request").agg(asked=("asked", "first"), hours=("hours", lambda hours: hours.sum(min_count=1)))
    last = rows.sort_values(["request", "is_won", "asked", "quote_id"]).drop_duplicates("request", keep="last")
    last = last.drop(columns=["asked", "hours", "is_won"]).merge(first, left_on="request", right_index=True)
    return last.drop(columns="request").sort_values(["asked", "quote_id"], ignore_index=True)


def _mature_days(quotes: pd.DataFrame) -> float:
    days = quotes["days"].dropna()
    if len(days) < FEWEST_DATED:
        return UNDATED_DAYS
    first = days.quantile(MOST_DECIDED)
    # Of young quotes only quick decisions are known: without them the figure is no longer too small.
    old = quotes.loc[quotes["age_days"] >= first, "days"].dropna()
    return float(np.ceil(old.quantile(MOST_DECIDED) if len(old) >= FEWEST_DATED else first))


def band_edges(values: pd.Series, bands: int) -> tuple[float, ...]:
    """Return where ``bands`` bands of about equally many values begin, in two figures so that they read well."""
    cuts = {float(f"{cut:.2g}") for cut in values.quantile(np.arange(1, bands) / bands).dropna()}
    return tuple(sorted(cut for cut in cuts if values.min() < cut <= values.max()))


def band_of(values: pd.Series, edges: tuple[float, ...]) -> pd.Series:
    """Return the band of each value, from 0; an edge belongs to the band above it, NaN stays NaN."""
    return pd.Series(np.searchsorted(np.array(edges), values, side="right"), values.index, dtype=float).where(values.notna())


def _relation(quotes: pd.DataFrame, orders: pd.DataFrame | None) -> pd.Series:
    """Return "existing" where the customer had ordered before asking, the order of the quote itself apart."""
    if orders is None or "customer_id" not in orders:
        return pd.Series(pd.NA, index=quotes.index, dtype="str")
    ordered = orders.sort_values(["order_date", "order_id"]).groupby("customer_id")
    first, second = (ordered.nth(place).set_index("customer_id").reindex(quotes["customer_id"]) for place in (0, 1))
    own = first["order_id"].eq(quotes["order_id"].to_numpy()).fillna(False).to_numpy(bool)
    asked = quotes["asked"].to_numpy()
    existing = (first["order_date"].to_numpy() < asked) & ~own | (second["order_date"].to_numpy() < asked)
    new = ~existing & ((quotes["asked"] - orders["order_date"].min()).dt.days >= HISTORY_DAYS)
    return pd.Series(pd.NA, index=quotes.index, dtype="str").mask(new, "new").mask(existing, "existing")
