"""Learning as a whole: from a log to weights, what they are worth, and what finding them out costs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.core.results import Refusal, RunContext
from helpers.core.wording import _
from helpers.phases.learning.gate import may_we
from helpers.phases.learning.log import read_log, weeks_of
from helpers.phases.learning.off_policy import PolicyValue, value_of_policy, value_of_weights
from helpers.phases.learning.positions import position_effects
from helpers.phases.learning.result import Result
from helpers.phases.learning.settings import Settings
from helpers.phases.learning.simulator import simulate
from helpers.phases.learning.sliders import slider_table, split_by_time
from helpers.phases.learning.weights import next_weights, option_rates

READS = ("exposures", "outcomes")


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
    if log is None or gate.closed:
        return Refusal(_("Weights cannot learn yet: there is no log of what was shown and what came of it"), gate)
    positions = position_effects(log, settings)
    table = option_rates(log, positions.effects, settings)
    table["weight"] = next_weights(table, settings, context.seed).to_numpy()
    before, after = _judged(log, settings, context.seed)
    rates = table.set_index("option")["rate"]
    # A place that few look at counts for less.
    per_week = float(table["looked_at"].sum()) / weeks_of(log)
    return Result(
        table=table,
        positions=positions,
        log=log,
        before=before,
        after=after,
        sliders=slider_table(log, settings, context.seed),
        simulation=simulate(rates, per_week, settings, context.seed),
        value_of_success=value_of_success(tables.get("outcomes"), settings),
        made_on=context.as_of,
        settings=settings,
        seed=context.seed,
    )


def _judged(log: pd.DataFrame, settings: Settings, seed: int) -> tuple[PolicyValue, PolicyValue]:
    """Judge weights on rows they were not learnt from: learnt on the earlier part, judged on the later."""
    past, later = split_by_time(log, settings)
    learnt = option_rates(past, position_effects(past, settings).effects, settings)
    weights = {str(option): float(weight) for option, weight in next_weights(learnt, settings, seed).items()}
    as_shown = later["chance"].to_numpy(float)
    # Judged by its own chances every row counts once: what came of it is its own forecast.
    forecast = np.full(len(later), later["success"].mean())
    before = value_of_policy(later, as_shown, forecast, settings, seed)
    return before, value_of_weights(later, weights, settings, seed)


def value_of_success(outcomes: pd.DataFrame | None, settings: Settings) -> float:
    """Return the margin of one success: as declared, else from the outcomes; NaN where it is not known."""
    if settings.value_of_success is not None:
        return settings.value_of_success
    if settings.success != "outcomes" or outcomes is None or "outcome_amount" not in outcomes:
        return float("nan")
    return float(pd.to_numeric(outcomes["outcome_amount"]).mean()) * settings.margin_share
