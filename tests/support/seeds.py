"""Seeds of made-up worlds: the first run in ``make test``, the others in the drills."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def seeds(n: int, in_test: int = 1) -> list:
    """Return the seeds 0 to n - 1 for ``parametrize``; only the first few run in ``make test``.

    Parameters
    ----------
    n : how many there are.
    in_test : how many of them are no drill.
    """
    return [*range(in_test), *(pytest.param(seed, marks=pytest.mark.drill) for seed in range(in_test, n))]


def every(names: Iterable[str], step: int) -> list:
    """Return names for ``parametrize``, of which every ``step``-th runs in ``make test`` and all in the drills."""
    return [name if place % step == 0 else pytest.param(name, marks=pytest.mark.drill) for place, name in enumerate(names)]
