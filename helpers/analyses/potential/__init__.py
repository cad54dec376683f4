"""Untapped potential (case D): what comparable customers reach, who stays behind, and where contact effort
is wasted.
"""

from helpers.analyses.potential import charts, story
from helpers.analyses.potential.analysis import DEAD, LISTS, UntappedPotential, requires, run
from helpers.analyses.potential.settings import Settings

READS = ("customer_table", "orders", "order_lines", "products", "usage", "campaigns", "contacts", "external")

__all__ = ["DEAD", "LISTS", "READS", "Settings", "UntappedPotential", "charts", "requires", "run", "story"]
