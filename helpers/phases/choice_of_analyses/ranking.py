"""Which analyses are offered, in which order, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.core.results import Gate

Ground = Literal["client", "use case", "goals", ""]
_VERDICTS = {"go": 0, "caution": 1, "not_yet": 2}
TEST = "pilot"  # the A/B test is no analysis, and stands last: it comes after them


@dataclass(frozen=True)
class Offer:
    """One analysis with its gate, and what speaks for it.

    Parameters
    ----------
    wanted_by : what speaks for it first: "client" (asked for), "use case" (the chosen opportunity
        needs it), "goals" (an opportunity that serves a goal needs it) or "".
    goals : names of the client's goals it helps, those it helps most first.
    """

    analysis: str
    title: str
    gate: Gate
    wanted_by: Ground = ""
    goals: tuple[str, ...] = ()

    @property
    def is_test(self) -> bool:
        """True for the A/B test of the pilot, which is no analysis."""
        return self.analysis == TEST


def ranked(
    gates: Mapping[str, Gate],
    titles: Mapping[str, str],
    wanted: Sequence[str],
    needed: Sequence[str],
    opportunities: pd.DataFrame | None = None,
) -> tuple[Offer, ...]:
    """Order the analyses: what may run first; then by what the client asks, the use case and the goals.

    Parameters
    ----------
    gates, titles : by section name; "pilot" is the A/B test and stands last; ties keep their order.
    wanted : analyses the client asks for, most wanted first.
    needed : analyses that the chosen opportunity needs.
    opportunities : what phase 2 ranked (columns analyses, contribution, goals), or None.
    """
    names = list(gates)
    served = served_goals(opportunities)

    def place(name: str) -> tuple:
        wanted_place = wanted.index(name) if name in wanted else len(names)
        weight = served[name][0] if name in served else 0.0
        verdict = _VERDICTS[gates[name].verdict.kind]
        return name == TEST, verdict, wanted_place, name not in needed, -weight, names.index(name)

    def ground(name: str) -> Ground:
        return "client" if name in wanted else "use case" if name in needed else "goals" if name in served else ""

    return tuple(Offer(name, titles[name], gates[name], ground(name), served.get(name, (0.0, ()))[1]) for name in sorted(names, key=place))


def served_goals(opportunities: pd.DataFrame | None) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return per analysis how much it helps the goals (0 to 1), and which.

    An analysis helps as much as the best opportunity that needs it contributes (our convention). The opportunities' columns hold
    analyses (with a space between), contribution and goals (with "; " between; empty where none are answered).
    """
    served: dict[str, tuple[float, tuple[str, ...]]] = {}
    if opportunities is None or not {"analyses", "contribution", "goals"} <= set(opportunities):
        return served
    rows = opportunities[opportunities["goals"].astype(str) != ""]
    for row in rows.sort_values("contribution", ascending=False, kind="stable").itertuples():
        for name in str(row.analyses).split():
            served.setdefault(name, (float(row.contribution), tuple(str(row.goals).split("; "))))
    return served


def to_frame(offers: Sequence[Offer]) -> pd.DataFrame:
    """Return the offers as a frame: one row per analysis, in order."""
    rows = []
    for offer in offers:
        judged = {"verdict": offer.gate.verdict, "kind": offer.gate.verdict.kind}
        of_gate = {name: getattr(offer.gate, name) for name in ("needs", "has", "reason", "detectable", "unlock", "instead")}
        wish = {"wanted_by": offer.wanted_by, "goals": "; ".join(offer.goals)}
        rows.append({"analysis": offer.title, "section": offer.analysis} | judged | of_gate | wish)
    return pd.DataFrame(rows)
