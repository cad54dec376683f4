"""The next offer: groups that comparable customers buy and this one does not; coupons; bundles (case F)."""

from helpers.analyses.next_offer import bundles, certainty, charts, precompute, story, tables
from helpers.analyses.next_offer.analysis import READS, Baskets, baskets, requires, run, strongest_pairs
from helpers.analyses.next_offer.settings import Settings, Weights

__all__ = [
    "READS",
    "Baskets",
    "Settings",
    "Weights",
    "baskets",
    "bundles",
    "certainty",
    "charts",
    "precompute",
    "requires",
    "run",
    "story",
    "strongest_pairs",
    "tables",
]
