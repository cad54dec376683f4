"""The record that comes out: every quote with its outcome or chance, what groups and effort have to do with it, and the lists."""

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.quotes.book import Book
from helpers.analyses.quotes.effort import Effort
from helpers.analyses.quotes.model import Judgement

# Old open quotes, of them and those decided, from which the share won among the decided says too much (our convention).
MANY_OLD = 0.1
LISTS = ("next", "old")  # lists of quotes that can be exported
LISTED = ["quote_id", "customer_id", "quote_owner", "asked", "age_days", "amount"]
EXPECTED = ["chance", "expected_amount", "effort", "expected_per_effort"]


@dataclass(frozen=True)
class Quotes:
    """What became of the quotes, and which deserve the next hours.

    Parameters
    ----------
    table : one row per customer who asked: customer_id, quotes, won, lost, open, expected_amount.
    profile : one row per group: field, those of ``shares.compare``, p (corrected for all fields, Holm), stands_out, and
        effort_per_1000 (effort on all its decided quotes per 1,000 of won amount).
    quotes : as in ``book.Book``, open ones with chance, expected_amount, effort (typical) and expected_per_effort.
    method : of ``model.METHODS``, what gives the open quotes their chance.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quotes: pd.DataFrame
    quality: dict[str, float]
    notes: tuple[str, ...]
    book: Book
    effort: Effort
    judgement: Judgement
    method: str

    @property
    def hides_losses(self) -> bool:
        """True where so many old quotes were never closed that the share won among the decided says too much."""
        return self.quality["old_open"] >= MANY_OLD * (self.quality["judged"] + self.quality["old_open"])

    def named_list(self, kind: str) -> pd.DataFrame:
        """Return open quotes for export: "next" (most expected per effort first) or "old" (probably lost, largest first)."""
        order, names = ("amount", LISTED) if kind == "old" else ("expected_per_effort", [*LISTED, *EXPECTED])
        rows = self.quotes[(self.quotes["status"] == "open") & (self.quotes["old_enough"] == (kind == "old"))]
        return rows.sort_values([order, "quote_id"], ascending=[False, True], ignore_index=True)[names]
