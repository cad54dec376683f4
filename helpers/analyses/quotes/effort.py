"""Effort per quote: the hours that were written down, else the contacts with its customer in the two weeks after asking.

Contacts only compare quotes still open after those weeks (a landmark; Anderson, Cain and Gelber 1983): a quote that lives longer
would gather more of them by living. Hours run on until the decision, so they are compared among quotes that took equally long.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.quotes.book import Book, band_edges, band_of

LANDMARK_DAYS = 14
LEAST_KNOWN = 0.5  # of the decided quotes; with fewer hours written down, contacts are counted
MOST_APART = 0.2  # of those won and those lost for which hours are written down
FIFTHS = 5  # of the days to a decision


@dataclass(frozen=True)
class Effort:
    """What was spent (``measure`` is "hours", "contacts" or "") on each quote, in thirds (``band``, from ``edges`` on) of those
    that can be compared, within ``strata`` where there are some; NaN where unknown.
    """

    measure: str
    spent: pd.Series
    band: pd.Series
    edges: tuple[float, ...]
    strata: pd.Series | None = None


def effort_of(book: Book, contacts: pd.DataFrame | None) -> Effort:
    """Return the effort per quote, from the quotes and the canonical table contacts (None where there is none)."""
    quotes, judged, strata = book.quotes, book.judged, None
    measure, spent = "hours", quotes["hours"].where(quotes["hours"] > 0)
    # Hours that are written down (zero is what a form holds by itself) more often for one outcome than the other tell of the form.
    known = (spent[judged.index] > 0).groupby(judged["status"]).mean()
    if len(known) == 2 and known.min() >= LEAST_KNOWN and known.max() - known.min() <= MOST_APART:
        strata = band_of(quotes["days"], band_edges(judged["days"], FIFTHS))
    elif contacts is not None and len(contacts):
        pairs = quotes[["customer_id", "asked"]].reset_index().merge(contacts[["customer_id", "contact_date"]], on="customer_id")
        soon = (pd.to_datetime(pairs["contact_date"]).dt.normalize() - pairs["asked"]).dt.days.between(0, LANDMARK_DAYS)
        measure, spent = "contacts", pairs[soon].groupby("index").size().reindex(quotes.index, fill_value=0).astype(float)
    else:
        measure, spent = "", spent * float("nan")
    compared = spent[judged.index[judged["days"] > (LANDMARK_DAYS if strata is None else -1)]]
    edges = band_edges(compared, 3)
    return Effort(measure, spent, band_of(compared, edges).reindex(spent.index), edges, strata)
