"""What learning hands on: the weights, what they are worth, and the file that a site or mailing tool reads."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.phases.learning.off_policy import PolicyValue
from helpers.phases.learning.positions import PositionEffects
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import Simulation
from helpers.phases.learning.weights import weights_file


@dataclass(frozen=True)
class Result:
    """What was learnt from a log.

    Parameters
    ----------
    table : one row per option: option, shown, successes, looked_at, rate, low, high, now, weight.
    positions : the effect of the place.
    log : what was learnt from.
    before : what the log itself brought in its later part (``worth_of`` with its own chances).
    after : what weights learnt from the earlier part would have brought there; its ``reason`` refuses.
    sliders : what each place of the slider would have brought there.
    simulation : weeks to adapt and the cost of exploring.
    value_of_success : margin of one success; NaN where not known.
    made_on, settings, seed : what the weights file needs.
    """

    table: pd.DataFrame
    positions: PositionEffects
    log: pd.DataFrame
    before: PolicyValue
    after: PolicyValue
    sliders: pd.DataFrame
    simulation: Simulation
    value_of_success: float
    made_on: date
    settings: Settings
    seed: int

    @property
    def weights(self) -> dict[str, float]:
        """Option to chance, for the next batch."""
        return dict(zip(self.table["option"], self.table["weight"], strict=True))

    @property
    def is_worse(self) -> bool:
        """True when the log says that the new weights would have brought less."""
        return self.after.known and self.after.snips[2] < self.before.snips[0]

    @property
    def is_better(self) -> bool:
        """True when the log says that the new weights would have brought more."""
        return self.after.known and self.after.snips[1] > self.before.snips[0]

    @property
    def may_be_used(self) -> bool:
        """True when the weights may be handed on: they are known to bring more than what is shown now."""
        return self.is_better

    @property
    def file(self) -> bytes | None:
        """The weights file; None where the weights may not be used, and then nothing is written."""
        return weights_file(self.weights, self.positions.effects, self.made_on, self.settings) if self.may_be_used else None

    @property
    def record(self) -> dict[str, Any]:
        """What the next round may read, as plain JSON values."""
        ends = {"estimate": self.after.snips[0], "low": self.after.snips[1], "high": self.after.snips[2]}
        return {
            # Rounded, so that the last digits of another machine do not make another record.
            "weights": {name: round(weight, 6) for name, weight in self.weights.items()} if self.may_be_used else {},
            "worth": {name: round(end, 8) for name, end in ends.items()} if self.after.known else None,
            "effective": round(self.after.effective, 2),
            "successes": round(self.after.successes, 2),
            "reason": self.after.reason,
        }
