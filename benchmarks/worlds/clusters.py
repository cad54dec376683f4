"""Customers without groups, codes at chance and codes that are no ranking; and twins with groups and with codes that fit."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.worlds import World, beaten_claims
from helpers.analyses import clusters
from helpers.core.results import Refusal, RunContext

AS_OF = date(2026, 6, 30)
FAST = clusters.Settings(resamples=20, evidence_resamples=10, most_clusters=5, starts=5)


def customers(size: int, rng: np.random.Generator, apart: float) -> pd.DataFrame:
    """Return customers whose spend, contacts and orders follow one cloud, or three that lie so far apart (in standard deviations)."""
    kind = rng.integers(0, 3, size)
    latent = rng.multivariate_normal(np.zeros(3), [[1, 0.6, 0.7], [0.6, 1, 0.55], [0.7, 0.55, 1]], size) + apart * kind[:, None]
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:05d}" for number in range(size)],
            "monetary": np.exp(0.5 * latent[:, 0] + 6).round(2),
            "contacts": np.exp(0.5 * latent[:, 1] + 2.5).round(),
            "frequency": 1 + np.exp(0.5 * latent[:, 2] + 2.5).round(),
            "kind": kind,
        }
    )


def grouped(size: int, apart: float) -> World:
    """Return the world of one cloud (apart 0) or of three: does the chapter speak of natural groups?"""

    def claims(seed: int) -> bool:
        result = clusters.run({"customer_table": customers(size, np.random.default_rng(seed), apart)}, FAST, RunContext(AS_OF, seed))
        # What is no natural group is called a cut, in the headline too.
        return not isinstance(result, Refusal) and "cut" not in clusters.story.finding(result).headline

    return World(f"{'three kinds' if apart else 'no groups'}, {size} customers", claims, planted=bool(apart))


def coded(name: str, codes: str, fits: float, planted: bool = False) -> World:
    """Return the world of three kinds of customers whose code follows the kind so often, and is drawn by chance else."""

    def claims(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        table = customers(300, rng, 4.0)
        names = np.array(codes.split())
        table["customer_code"] = names[np.where(rng.random(300) < fits, table["kind"], rng.integers(0, 3, 300))]
        settings = FAST.model_copy(update={"clusters": 3})
        result = clusters.run({"customer_table": table}, settings, RunContext(AS_OF, seed))
        audit = clusters.audit(result, table, settings, RunContext(AS_OF, seed))
        found = clusters.audit_story.finding(audit)
        claimed = [claim for claim in (*found.key_figures, *found.actions) if claim.chance is None or claim.chance.beaten]
        return bool(claimed) and (not planted or bool(beaten_claims(found)))

    return World(name, claims, planted)


WORLDS = (
    grouped(300, 0.0),
    grouped(1500, 0.0),
    grouped(300, 6.0),
    coded("a code A to C at chance", "C B A", 0.0),
    coded("kinds of customers in words", "Particulier Winkel Horeca", 0.8),
    coded("a code A to C that fits four of five", "C B A", 0.8, planted=True),
)
