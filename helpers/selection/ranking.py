"""Which analyses are offered, in which order, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.results import Gate

_ORDER = {"go": 0, "caution": 1, "not_yet": 2}


@dataclass(frozen=True)
class Offer:
    """One analysis with its gate, and what speaks for it.

    Parameters
    ----------
    analysis : its section name, such as "clusters".
    title : its title in the client's language.
    gate : whether it may run.
    wanted_by : "client" (asked for), "use case" (the chosen opportunity needs it) or "".
    """

    analysis: str
    title: str
    gate: Gate
    wanted_by: str = ""


def ranked(
    gates: Mapping[str, Gate], titles: Mapping[str, str], wanted: Sequence[str], needed: Sequence[str]
) -> tuple[Offer, ...]:
    """Order the analyses: what may run first, then what the client asked for, then what the use case needs.

    Parameters
    ----------
    gates, titles : by section name.
    wanted : analyses the client asks for, most wanted first.
    needed : analyses that the chosen opportunity needs.

    Returns
    -------
    One offer per analysis; ties keep the order of the workbook.
    """
    names = list(gates)

    def place(name: str) -> tuple[int, int, int, int]:
        asked = wanted.index(name) if name in wanted else len(names)
        return _ORDER[gates[name].verdict.kind], asked, name not in needed, names.index(name)

    def wanted_by(name: str) -> str:
        return "client" if name in wanted else "use case" if name in needed else ""

    return tuple(Offer(name, titles[name], gates[name], wanted_by(name)) for name in sorted(names, key=place))


def to_frame(offers: Sequence[Offer]) -> pd.DataFrame:
    """Return the offers as a frame: one row per analysis, in order."""
    return pd.DataFrame(
        [
            {
                "analysis": offer.title,
                "verdict": offer.gate.verdict,
                "kind": offer.gate.verdict.kind,
                "needs": offer.gate.needs,
                "has": offer.gate.has,
                "reason": offer.gate.reason,
                "unlock": offer.gate.unlock,
                "instead": offer.gate.instead,
                "wanted_by": offer.wanted_by,
            }
            for offer in offers
        ]
    )
