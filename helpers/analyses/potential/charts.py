"""Pictures of the potential: euros per segment, brands, contacts against orders."""

import pandas as pd

from helpers import charts
from helpers.analyses.potential import words
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.wording import _, money_short, percent
from helpers.story import Picture

SHOWN = 600  # points of a scatter: more only hide each other


def unused(result: UntappedPotential) -> Picture:
    """Return the unused potential per segment with its low and high estimate."""
    profile = result.profile
    return charts.bars(
        words.names(profile),
        profile["unused_potential"],
        caption=_("Unused potential per segment, per year; the line is the 95 % range"),
        low=profile["unused_potential_low"].tolist(),
        high=profile["unused_potential_high"].tolist(),
        highlight=int(profile["unused_potential"].to_numpy().argmax()),
        formatter=money_short,
    )


def reached(result: UntappedPotential) -> Picture:
    """Return the reached potential per segment."""
    profile = result.profile
    return charts.bars(
        words.names(profile),
        profile["reached_potential"],
        caption=_("Reached potential per segment, share of what comparable customers buy"),
        highlight=int(profile["reached_potential"].to_numpy().argmin()),
        formatter=percent,
    )


def brands(result: UntappedPotential) -> Picture | None:
    """Return the shares of own and third-party brands per segment; None where no brand is known."""
    profile = result.profile
    frame = pd.DataFrame(
        {_("own brand"): profile["own_brand_share"].to_numpy(), _("third-party brands"): profile["third_party_share"].to_numpy()},
        index=words.names(profile),
    ).dropna()
    return None if frame.empty else charts.stacked_shares(frame, caption=_("Revenue by brand per segment"))


def profile(result: UntappedPotential) -> Picture:
    """Return how far each segment lies from the average, per figure."""
    table = result.table[~result.table["dead_record"]]
    names = ["orders_per_year", "revenue_per_year", "own_brand_share", "refill_revenue_per_year", "contacts_per_year", "reached_potential"]
    means = table.groupby("segment")[names].mean() / table[names].mean()
    frame = means.dropna(axis=1)
    frame.columns = [words.feature_name(name) for name in frame.columns]
    frame.index = words.names(result.profile)
    return charts.heatmap(
        frame, caption=_("Segments against the average of all customers (average is 100 %)"), formatter=percent, row_label=_("Segment")
    )


def contacts(result: UntappedPotential) -> Picture | None:
    """Return contacts against orders, one point per customer (every n-th of many); None without contacts."""
    table = result.table[~result.table["dead_record"]].sort_values(["segment", "customer_id"])
    if not table["contacts_per_year"].gt(0).any():
        return None
    table = table.iloc[:: -(-len(table) // SHOWN) or 1]
    names = dict(zip(result.profile["segment"], words.names(result.profile), strict=True))
    return charts.scatter(
        table["contacts_per_year"].tolist(),
        table["orders_per_year"].tolist(),
        kinds=[names[segment] for segment in table["segment"]],
        caption=_("Contacts and orders per customer and year"),
        x_label=_("Contacts per year"),
        y_label=_("Orders per year"),
    )
