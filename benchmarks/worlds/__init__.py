"""Worlds in which nothing is there, and twins in which a known effect is: what a room claims in each.

A module per room offers ``WORLDS``; ``benchmarks/null_worlds.py`` runs them all and writes the table of docs/simulations.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from helpers.core.results import Action, Finding, KeyFigure


@dataclass(frozen=True)
class World:
    """One world of one room.

    name : such as "equal firms".
    claims : from a seed: makes the world, runs the whole room, and says whether what would reach the first page holds the claim
        (in a world with nothing there: any false claim; in a twin: the planted effect, found).
    planted : True for a twin with a known effect.
    """

    name: str
    claims: Callable[[int], bool]
    planted: bool = False


def beaten_claims(finding: Finding) -> list[Finding | KeyFigure | Action]:
    """Return what of a finding claims more than chance: its headline, figures and actions whose null is beaten."""
    records = (finding, *finding.key_figures, *finding.actions)
    return [record for record in records if record.chance is not None and record.chance.beaten]
