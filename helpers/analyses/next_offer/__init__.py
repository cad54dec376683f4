"""The next offer: groups that comparable customers buy and this one does not; coupons; bundles (case F)."""

from helpers.analyses.next_offer import bundles, charts, export, precompute, story
from helpers.analyses.next_offer.room import READS, Result, requires, run
from helpers.analyses.next_offer.settings import BundleRule, Settings, Weights

__all__ = [
    "READS",
    "BundleRule",
    "Result",
    "Settings",
    "Weights",
    "bundles",
    "charts",
    "export",
    "precompute",
    "requires",
    "run",
    "story",
]
