"""Bundles: the rules of the business first, then the ranking."""

from helpers.analyses.next_offer.bundles.ranking import Bundles, bundles, pairs_without_rule, what_if

__all__ = ["Bundles", "bundles", "pairs_without_rule", "what_if"]
