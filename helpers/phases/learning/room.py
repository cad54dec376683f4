"""Learning as a whole: from a log to weights, what they are worth, and what finding them out costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers.core.results import Gate, Refusal, RunContext, Verdict
from helpers.core.wording import _, number
from helpers.phases.learning.log import EXPOSURE_COLUMNS, can_be_weighed, read_log, weeks_of
from helpers.phases.learning.positions import Places, places_of
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import Simulation, simulate
from helpers.phases.learning.sliders import slider_table, split
from helpers.phases.learning.weights import next_weights, standing, weights_file
from helpers.phases.learning.worth import Worth, worth_of, worth_of_weights

READS = ("exposures", "outcomes")
FEWEST_ROWS = 200


@dataclass(frozen=True)
class Result:
    """What was learnt from a log.

    Parameters
    ----------
    table : one row per option: option, shown, successes, looked_at, rate, low, high, now, weight.
    places : the effect of the place.
    log : what was learnt from.
    before : what the log itself brought in its later part (``worth_of`` with its own chances).
    after : what weights learnt from the earlier part would have brought there; its ``reason`` refuses.
    sliders : what each place of the slider would have brought there.
    simulation : weeks to adapt and the cost of exploring.
    value_of_success : margin of one success; NaN where not known. ``value_from``: "declared", "outcomes" or "".
    made_on, settings, seed : what the weights file needs.
    """

    table: pd.DataFrame
    places: Places
    log: pd.DataFrame
    before: Worth
    after: Worth
    sliders: pd.DataFrame
    simulation: Simulation
    value_of_success: float
    value_from: str
    made_on: date
    settings: Settings
    seed: int

    @property
    def weights(self) -> dict[str, float]:
        """Option to chance, for the next batch."""
        return dict(zip(self.table["option"], self.table["weight"], strict=True))

    @property
    def file(self) -> bytes:
        """The weights file."""
        return weights_file(self.weights, self.places.effects, self.made_on, self.settings)

    @property
    def record(self) -> dict:
        """What the next round may read, as plain JSON values."""
        ends = {"estimate": self.after.snips[0], "low": self.after.snips[1], "high": self.after.snips[2]}
        return {
            "weights": {name: round(weight, 6) for name, weight in self.weights.items()},
            "worth": {name: round(end, 8) for name, end in ends.items()} if self.after.known else None,
            "effective": round(self.after.effective, 2),
            "reason": self.after.reason,
        }


def learn(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Learn weights from a log of what was shown, or say what to bring.

    Parameters
    ----------
    tables : canonical ``exposures``; ``outcomes`` where they are the successes or carry the money.
    settings : section ``learning`` of client.yml.
    context : the round's date and seed.
    """
    log = read_log(tables, settings)
    gate = may_we(log, settings)
    if gate.closed:
        return Refusal(_("Weights cannot learn yet: there is no log of what was shown and what came of it"), gate)
    places = places_of(log, settings)
    table = standing(log, places.effects, settings)
    table["weight"] = next_weights(table, settings, context.seed).to_numpy()
    before, after = _judged(log, settings, context.seed)
    rates = table.set_index("option")["rate"]
    per_week = float(table["looked_at"].sum()) / weeks_of(log)  # a place that few look at counts for less
    value, source = value_of_success(tables.get("outcomes"), settings)
    return Result(
        table,
        places,
        log,
        before,
        after,
        slider_table(log, settings, context.seed),
        simulate(rates, per_week, settings, context.seed),
        value,
        source,
        context.as_of,
        settings,
        context.seed,
    )


def _judged(log: pd.DataFrame, settings: Settings, seed: int) -> tuple[Worth, Worth]:
    """Judge weights on rows they were not learnt from: learnt on the earlier part, judged on the later."""
    past, now = split(log, settings)
    learnt = standing(past, places_of(past, settings).effects, settings)
    weights = next_weights(learnt, settings, seed).to_dict()
    own = now["chance"].to_numpy(float)
    return worth_of(now, own, own * 0 + now["success"].mean(), settings, seed), worth_of_weights(now, weights, settings, seed)


def value_of_success(outcomes: pd.DataFrame | None, settings: Settings) -> tuple[float, str]:
    """Return the margin of one success and where it comes from; NaN where it is not known."""
    if settings.value_of_success is not None:
        return settings.value_of_success, "declared"
    if settings.success != "outcomes" or outcomes is None or "outcome_amount" not in outcomes:
        return float("nan"), ""
    mean = float(pd.to_numeric(outcomes["outcome_amount"]).mean())
    return (mean * settings.margin_share, "outcomes") if mean == mean else (float("nan"), "")


def may_we(log: pd.DataFrame | None, settings: Settings) -> Gate:
    """Return whether there is a log to learn from, and exactly what to bring where there is none."""
    successes = 0 if log is None else int(log["success"].sum())
    options = 0 if log is None else log["option"].nunique()
    needs = _("a table exposures with {columns}: at least {n} rows, two options and one success").format(
        columns=", ".join(_columns(settings)), n=number(FEWEST_ROWS)
    )
    has = _("{n} rows, {options} options, {successes} successes").format(
        n=number(0 if log is None else len(log)), options=number(options), successes=number(successes)
    )
    if log is not None and len(log) >= FEWEST_ROWS and options > 1 and successes > 0:
        if can_be_weighed(log):
            return Gate(Verdict("go", _("can learn")), needs, has, _("The log says what was shown and what came of it."))
        return Gate(
            Verdict("caution", _("without chances")),
            needs,
            has,
            _("The chance with which things were shown was not logged, so other weights cannot be judged from it."),
            _("treatment_probability on every row"),
            _("Use the weights in a pilot with a holdout group."),
        )
    return Gate(
        Verdict("not_yet", _("not yet")),
        needs,
        has,
        _("Without a log nobody knows which option did better, and in which place."),
        _(
            "Log one row for every option shown, also when nothing came of it: {columns}; draw the option by chance and "
            "write down the chance (0 to 1) as treatment_probability"
        ).format(columns=", ".join(_columns(settings))),
        _("Show every option equally often, drawn by chance: that is the best log to learn from."),
    )


def _columns(settings: Settings) -> list[str]:
    """Return the columns to bring: the canonical ones, for the declared option and success."""
    named = [settings.option if name == "item" else name for name in EXPOSURE_COLUMNS]
    if settings.success == "clicked":
        return named
    return [*(name for name in named if name != "clicked"), "outcomes.customer_id", "outcomes.outcome_date"]
