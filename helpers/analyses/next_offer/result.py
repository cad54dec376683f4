"""The result: the offers per customer and per item, how well they did, and what was left out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.analyses.next_offer.bundles import Bundles
from helpers.analyses.next_offer.coupons import Plan
from helpers.analyses.next_offer.history import UNKNOWN, History
from helpers.analyses.next_offer.judging import Judgement
from helpers.analyses.next_offer.precompute import Arithmetic
from helpers.analyses.next_offer.settings import Settings
from helpers.core.wording import _, number


@dataclass(frozen=True)
class Result:
    """The next offers of one round.

    Parameters
    ----------
    table : one row per customer: customer_id, sector, items (bought), offer_1 …, reason_1 ….
    profile : one row per item: item, customers, share, offered (customers), offered_first.
    quality : plain numbers: customers, items, used, hit_rate, low, high, popularity, better_low …
    notes : sentences about what was left out or assumed.
    offers : one row per customer and suggestion, with its reason, for the web site and the export.
    judgement : what the later period says of the methods.
    plan : the coupon plan.
    bundles : the bundles, or None without rules.
    arithmetic : what preparing customer × offer takes.
    settings : the settings that were used.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, Any]
    notes: tuple[str, ...]
    offers: pd.DataFrame
    judgement: Judgement
    plan: Plan
    bundles: Bundles | None
    arithmetic: Arithmetic
    settings: Settings


def customers_table(known: History, offers: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return one row per customer with its suggestions side by side; columns as in ``Result.table``.

    Parameters
    ----------
    known : all purchases up to the round's day.
    offers : one row per customer and suggestion.
    count : suggestions per customer.
    """
    table = pd.DataFrame(
        {"customer_id": known.customers, "sector": known.sector, "items": np.asarray(known.bought.sum(axis=1)).ravel().astype(int)}
    )
    for rank in range(1, count + 1):
        part = offers[offers["rank"] == rank].set_index("customer_id")
        table[f"offer_{rank}"] = table["customer_id"].map(part["item"])
        table[f"reason_{rank}"] = table["customer_id"].map(part["reason"])
    return table


def item_profile(known: History, offers: pd.DataFrame) -> pd.DataFrame:
    """Return who buys each item and to whom it is suggested; columns as in ``Result.profile``.

    Parameters
    ----------
    known, offers : as for ``customers_table``.
    """
    buyers = np.asarray(known.bought.sum(axis=0)).ravel().astype(int)
    profile = pd.DataFrame({"item": known.items, "customers": buyers, "share": buyers / max(len(known.customers), 1)})
    profile["offered"] = profile["item"].map(offers["item"].value_counts()).fillna(0).astype(int)
    first = offers.loc[offers["rank"] == 1, "item"].value_counts()
    profile["offered_first"] = profile["item"].map(first).fillna(0).astype(int)
    return profile.sort_values(["offered", "item"], ascending=[False, True], ignore_index=True)


def quality_numbers(known: History, judgement: Judgement, plan: Plan, suggested: pd.DataFrame, offers: pd.DataFrame) -> dict[str, Any]:
    """Return the plain numbers that judge the offers; what is unknown is not there.

    Parameters
    ----------
    known : all purchases up to the round's day.
    judgement, plan : what the later period says, and the coupon plan.
    suggested, offers : all suggestions, and those that enough similar customers support.
    """
    methods = judgement.methods.set_index("method")
    used, popularity = methods.loc[judgement.used], methods.loc["popularity"]
    numbers = {
        "customers": len(known.customers),
        "items": len(known.items),
        "used": judgement.used,
        "judged_on": int(used["customers"]),
        "hit_rate": float(used["hit_rate"]),
        "low": float(used["low"]),
        "high": float(used["high"]),
        "popularity": float(popularity["hit_rate"]),
        "better": float(used["better"]),
        "better_low": float(used["better_low"]),
        "better_high": float(used["better_high"]),
        "beats_popularity": judgement.used != "popularity",
        "later_days": judgement.days,
        **{f"plan_{name}": total for name, total in plan.totals.items()},
        "unsupported": len(suggested) - len(offers),
    }
    return {name: value for name, value in numbers.items() if value == value}  # NaN is not equal to itself


def notes_on(counts: dict[str, int], known: History, judgement: Judgement, quality: dict[str, Any]) -> tuple[str, ...]:
    """Return the sentences about what was left out or assumed.

    Parameters
    ----------
    counts : lines left out, by reason; see ``history.purchases``.
    known, judgement : as for ``quality_numbers``; quality : what that returned.
    """
    notes = [
        _("Of {lines} order lines, {returns} returns, {nobody} without a customer and {nothing} without a group were left out.").format(
            lines=number(counts["lines"]),
            returns=number(counts["returns"]),
            nobody=number(counts["without_customer"]),
            nothing=number(counts["without_item"]),
        )
    ]
    if counts["of_nothing"]:
        text = _("{n} order lines of zero pieces were left out: they are neither sales nor returns.")
        notes.append(text.format(n=number(counts["of_nothing"])))
    alone = int((known.sector == UNKNOWN).sum())
    if alone and alone < len(known.customers):
        notes.append(_("{n} customers have no sector, or one too small; they are compared with everybody.").format(n=number(alone)))
    if quality["unsupported"]:
        notes.append(
            _(
                "{n} suggestions were dropped because hardly any similar customer buys them; the rates of the "
                "later period still count them."
            ).format(n=number(quality["unsupported"]))
        )
    if quality["plan_not_allowed"]:
        notes.append(
            _("{n} customers did not agree to marketing or objected: they get no coupon.").format(n=number(quality["plan_not_allowed"]))
        )
    if not judgement.methods["customers"].iloc[0]:
        notes.append(_("Nobody bought a new group in the later period, so the methods could not be judged."))
    return tuple(notes)
