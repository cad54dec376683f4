"""Quotes: may we, and what became of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.quotes.book import Book, read_book
from helpers.analyses.quotes.effort import Effort, effort_of
from helpers.analyses.quotes.gate import gate_of
from helpers.analyses.quotes.model import judge, open_chances
from helpers.analyses.quotes.result import Quotes
from helpers.analyses.quotes.settings import Settings
from helpers.analyses.quotes.shares import compare, share_won, won
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, number
from helpers.statistics.power import needed_z
from helpers.statistics.resampling import holm

READS = ("customer_table", "quotes", "orders", "contacts")
FIELDS = ("amount_band", "relation", "customer_code", "sector", "quote_owner")
LEVEL = 0.02  # of p-values corrected for all fields and effort: stricter than 5 %, since chi-square is an approximation here
YEAR = 365


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether a chance of success can be shown, with numbers; the limits stand in ``gate``."""
    return gate_of(_book(tables, settings, context))


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Quotes | Refusal:
    """Return what became of the quotes, or why not.

    Parameters
    ----------
    tables : ``quotes``; ``customer_table``, ``orders`` and ``contacts`` where the client has them.
    settings, context : the section of client.yml, and the round's date.
    """
    book = _book(tables, settings, context)
    gate = gate_of(book)
    if gate.closed or book is None:
        return Refusal(_("What wins quotes cannot be shown yet"), gate)
    effort, judgement = effort_of(book, tables.get("contacts")), judge(book)
    profile = _profile(book, effort, settings.by_owner)
    # The model where it has shown that it is better; else the simplest rule that the quotes bear out.
    differs = profile.loc[profile["field"] == "relation", "stands_out"].any()
    method = "model" if judgement.beats else "relation" if differs else "average"
    quotes = _expected(book, effort, open_chances(book, method) * book.closed_share)
    return Quotes(_customers(quotes), profile, quotes, _quality(book, quotes, effort), _notes(book), book, effort, judgement, method)


def _book(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Book | None:
    return read_book(tables, settings, context) if "quotes" in tables else None


def _profile(book: Book, effort: Effort, by_owner: bool) -> pd.DataFrame:
    judged, parts = book.judged, {}
    spent, amount_won = effort.spent[judged.index], judged["amount"].where(judged["status"] == "won")
    fields = {name: judged[name] for name in FIELDS if by_owner or name != "quote_owner"} | {"effort": effort.band[judged.index]}
    for field, groups in fields.items():
        part, p_value = compare(judged, groups, effort.strata if field == "effort" else None)
        if len(part) > 1:
            group = groups.astype(object).where(groups.isin(part["group"]) | groups.isna(), "other")
            per_1000 = 1000 * spent.groupby(group).sum() / amount_won.groupby(group).sum()
            parts[field] = part.assign(field=field, p=p_value, effort_per_1000=part["group"].map(per_1000 if effort.measure else {}))
    corrected = dict(zip(parts, holm([part["p"].iloc[0] for part in parts.values()]), strict=True))
    every = pd.DataFrame({"field": ["all"], "group": "all", "quotes": len(judged), "won": won(judged).sum(), "rate": won(judged).mean()})
    every[["shrunk", "chance_low", "chance_high", "effort_per_1000"]] = np.nan
    profile = pd.concat([every, *parts.values()], ignore_index=True)
    profile["p"] = profile["field"].map(corrected).astype(float)
    outside = ~profile["rate"].between(profile["chance_low"], profile["chance_high"])
    return profile.assign(stands_out=(profile["p"] < LEVEL) & outside)


def _expected(book: Book, effort: Effort, chance: pd.Series) -> pd.DataFrame:
    """Return the quotes, open ones with what is expected of them, in all and for the effort that is typical of their amount."""
    typical = effort.spent[book.judged.index].groupby(book.judged["amount_band"]).median()
    usual = book.quotes["amount_band"].map(typical).clip(lower=1)
    expected = (chance * book.quotes["amount"]).round(2)
    per_effort = (expected / usual.fillna(1)).round(2)
    return book.quotes.assign(chance=chance, expected_amount=expected, effort=usual, expected_per_effort=per_effort)


def _customers(quotes: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(quotes["customer_id"], quotes["status"]).reindex(columns=["won", "lost", "open"], fill_value=0)
    counts.insert(0, "quotes", counts.sum(axis=1))
    return counts.assign(expected_amount=quotes.groupby("customer_id")["expected_amount"].sum()).rename_axis(columns=None).reset_index()


def _quality(book: Book, quotes: pd.DataFrame, effort: Effort) -> dict[str, float]:
    judged, is_open, asked_a_year = book.judged, quotes["status"] == "open", int((quotes["age_days"] < YEAR).sum())
    spent, old = effort.spent[judged.index], is_open & quotes["old_enough"]
    rate, low, high = share_won(judged)
    return {
        "quotes": len(quotes),
        **{status: int((quotes["status"] == status).sum()) for status in ("won", "lost", "open")},
        **{f"set_aside_{reason}": count for reason, count in book.set_aside.items()},
        "judged": len(judged),
        **{"rate": rate, "rate_low": low, "rate_high": high},
        **dict(
            zip(
                ("amount_rate", "amount_rate_low", "amount_rate_high"),
                share_won(judged, judged["amount"].fillna(0).to_numpy()),
                strict=True,
            )
        ),
        "median_days": float(judged["days"].median()),
        "mature_days": book.mature_days,
        "old_open": book.old_open,
        "rate_if_old_lost": rate * book.closed_share,
        "live_open": int((is_open & ~old).sum()),
        "expected_amount": float(quotes.loc[is_open, "expected_amount"].sum()),
        "effort_on_lost": float(spent[judged["status"] == "lost"].sum() / spent.sum()) if spent.sum() > 0 else np.nan,
        # What a test over a year shows: half of its quotes against the other half.
        "test_quotes": asked_a_year // 2,
        "test_rise": needed_z() * float(np.sqrt(4 * rate * (1 - rate) / max(asked_a_year, 1))),
    }


def _notes(book: Book) -> tuple[str, ...]:
    sentences = {
        "unreadable": _("{n} rows without a customer, a day or a known status were set aside."),
        "later": _("{n} quotes asked after the round's date were set aside."),
        "revisions": _("{n} rows repeat a quote of the same customer and amount within days: they count as one with it."),
        "close": _("{n} quotes followed within days on another of the same customer, with another amount: each counts as its own."),
        "won_by_order": _("{n} quotes count as won because their order exists, whatever their status says."),
        "decided_later": _("{n} quotes were decided after the round's date: they count as open."),
        "undated": _("For {n} decided quotes the day of the decision is missing or impossible."),
        "no_amount": _("For {n} quotes no amount is known."),
        "unlisted": _("{n} quotes went to customers who are not in the customer list."),
    }
    counts = book.set_aside | book.assumed
    return tuple(text.format(n=number(counts[name])) for name, text in sentences.items() if counts[name])
