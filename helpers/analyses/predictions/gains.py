"""What a ranking is worth in money: contact the top N for cost c and margin m.

The gain of contacting the first N customers of a ranking = the margin on the orders that the contact adds, minus N
contacts. How many orders a contact adds is not in past data: ``contact_effect`` is an assumption until a pilot
measures it (our convention). What is measured here is only how many buyers each ranking puts in front.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

POINTS = 201  # of a drawn curve


@dataclass(frozen=True)
class Gains:
    """The gain of contacting the top N.

    Parameters
    ----------
    curve : customers (N), and one column of money per ranking.
    best_n : the N of the model with the highest gain, or the N asked for.
    gain, gain_of_baseline, gain_of_everyone : money at that N; of all.
    baseline : the baseline with the highest gain at that N.
    hits : how many of the model's top N had the event.
    """

    curve: pd.DataFrame
    best_n: int
    gain: float
    baseline: str
    gain_of_baseline: float
    gain_of_everyone: float
    hits: int


def gains(outcome: np.ndarray, rankings: dict[str, np.ndarray], *, margin: float, effect: float, cost: float, top: int = 0) -> Gains:
    """Return what each ranking would have brought on customers whose outcome is known.

    Parameters
    ----------
    outcome : 0 / 1 per customer.
    rankings : name to score, high first; the first one is the model, the others are baselines.
    margin : mean margin on one order, in money.
    effect : share (0 to 1) of the buyers contacted who buy because of it.
    cost : cost of one contact.
    top : N; 0 chooses the N at which the model gains most.
    """
    customers = len(outcome)
    sizes = np.arange(1, customers + 1)
    curves = {name: _hits(outcome, score) * margin * effect - sizes * cost for name, score in rankings.items()}
    model, *baselines = list(curves)
    place = min(top, customers) - 1 if top else int(np.argmax(curves[model]))
    best_baseline = max(baselines, key=lambda name: curves[name][place], default=model)
    drawn = np.unique(np.linspace(0, customers - 1, min(customers, POINTS)).round().astype(int))
    return Gains(
        curve=pd.DataFrame({"customers": sizes[drawn], **{name: curve[drawn] for name, curve in curves.items()}}),
        best_n=place + 1,
        gain=float(curves[model][place]),
        baseline=best_baseline,
        gain_of_baseline=float(curves[best_baseline][place]),
        gain_of_everyone=float(curves[model][-1]),
        hits=int(_hits(outcome, rankings[model])[place]),
    )


def _hits(outcome: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return cumulative hits from the highest score down; within ties every customer counts as the mean of the tie."""
    frame = pd.DataFrame({"score": np.asarray(score, dtype=float), "outcome": np.asarray(outcome, dtype=float)})
    frame["outcome"] = frame.groupby("score")["outcome"].transform("mean")
    return frame.sort_values("score", ascending=False, kind="stable")["outcome"].cumsum().to_numpy()
