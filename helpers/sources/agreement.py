"""Do records of the same key agree better than chance: are they the same customer, or does one number mean two?"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.sources.asking import frame
from helpers.sources.raw import LINE, Part
from helpers.sources.text import plain
from helpers.tables import Table

# Below it on average, records of equal number agree no better than records drawn at random do: they are other customers; one
# column that agrees so well in so many records says that they are the same (our convention).
LEAST_AGREEMENT, ONE_COLUMN, FEWEST_PAIRS = 0.2, 0.5, 20
# Records that are compared; with so many, agreement is known to a few hundredths.
_SAMPLE = 5_000
_MOST_VALUES = 60
_THEIRS = "__theirs_"


@dataclass(frozen=True)
class Agreement:
    """How much better than by chance records of the same key agree: on average over columns, and in the best one with enough pairs."""

    mean: float
    best: float = 0.0


def are_the_same(agreed: Agreement | None) -> bool:
    """Return whether records of the same key are the same; where no column can tell, they are taken to be."""
    return agreed is None or agreed.mean >= LEAST_AGREEMENT or agreed.best >= ONE_COLUMN


def agreement(earlier: Sequence[Part], part: Part, table: Table) -> Agreement | None:
    """Return how well a source agrees with those before it on records of the same key; None where no column can tell.

    Per column that both have and that differs between records at all: Cohen's kappa (1960), or, where each system has words of its
    own for few values, Cramér's V corrected for chance (Bergsma 2013), whichever is larger.
    """
    key = table.key[0]
    known, best = [], 0.0
    for before in earlier:
        shared = [name for name in before.rows.columns if name in part.rows.columns and name not in (key, LINE)]
        theirs = part.rows.select(key, *shared).rename({_THEIRS + name: name for name in (key, *shared)})
        both = before.rows.join(theirs, before.rows[key] == theirs[_THEIRS + key])
        wanted = both.select(key, **{f"{i}{side}": plain(both[side + name]) for i, name in enumerate(shared) for side in ("", _THEIRS)})
        pairs = frame(wanted.order_by(key).limit(_SAMPLE))
        for i in range(len(shared)):
            there = pairs[[f"{i}", f"{i}{_THEIRS}"]].dropna().astype(str)
            left, right = there[f"{i}"], there[f"{i}{_THEIRS}"]
            measure = kappa(left, right)
            if measure is not None:
                known.append(max(measure, cramer(left, right)))
                best = max(best, known[-1] if len(left) >= FEWEST_PAIRS else 0.0)
    return Agreement(sum(known) / len(known), best) if known else None


def kappa(left: pd.Series, right: pd.Series) -> float | None:
    """Return Cohen's kappa of pairs of texts; None where there are none, or chance alone makes all of them equal."""
    if not len(left):
        return None
    chance = float((left.value_counts(normalize=True) * right.value_counts(normalize=True)).sum())
    return None if chance > 0.99 else (float((left == right).mean()) - chance) / (1 - chance)


def cramer(left: pd.Series, right: pd.Series) -> float:
    """Return Cramér's V of pairs of texts, corrected for chance; 0 for few pairs, many values or only one."""
    n, rows, columns = len(left), left.nunique(), right.nunique()
    if n < FEWEST_PAIRS or not 1 < min(rows, columns) <= max(rows, columns) <= min(_MOST_VALUES, n / 3):
        return 0.0
    counted = pd.crosstab(left, right)
    expected = counted.sum(axis=1).to_numpy()[:, None] * counted.sum(axis=0).to_numpy()[None, :] / n
    phi = float(((counted.to_numpy() - expected) ** 2 / expected).sum()) / n
    beyond = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    width = min(size - (size - 1) ** 2 / (n - 1) for size in (rows, columns)) - 1
    return (beyond / width) ** 0.5 if width > 0 else 0.0
