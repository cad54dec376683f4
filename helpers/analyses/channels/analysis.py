"""What each channel brings, who buys in several, and who moves between them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analyses.channels.gate import gate_of, in_both_periods, purchases_of, shows_movement, smallest_shift
from helpers.analyses.channels.measures import buyers_in_several, channel_figures, movement
from helpers.analyses.channels.result import Channels, customers_table, notes_on
from helpers.analyses.channels.settings import Settings
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _

READS = ("customer_table", "orders")


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Return whether channels can be compared, with numbers.

    Closed where the channel is recorded for less than half of the orders, where known customers use one channel, or where fewer than
    ``least_customers`` bought twice; caution where movement cannot be shown or a tenth of the channels is missing (our conventions).
    """
    return gate_of(purchases_of(tables, settings, context), settings)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Channels | Refusal:
    """Return key figures per channel, buyers in several channels and movement, or why not.

    Parameters
    ----------
    tables : ``customer_table`` and ``orders`` (with ``channel``).
    settings : the section of client.yml.
    context : the round's date and seed.
    """
    purchases = purchases_of(tables, settings, context)
    gate = gate_of(purchases, settings)
    if gate.closed or purchases is None:
        return Refusal(_("The channels of orders cannot be compared yet"), gate)
    rng = np.random.default_rng([context.seed, 47])
    several = buyers_in_several(purchases, settings.draws, rng)
    moves = movement(purchases, settings.draws, rng) if shows_movement(purchases, settings) else None
    profile = channel_figures(purchases)
    return Channels(
        table=customers_table(purchases, moves),
        profile=profile.assign(channel=[_("not recorded") if label < 0 else purchases.names[label] for label in profile["label"]]),
        names=purchases.names,
        several=several,
        movement=moves,
        start=purchases.start,
        middle=purchases.middle,
        end=purchases.end,
        quality={
            "purchases": float(len(purchases.frame)),
            "share_recorded": purchases.recorded_share,
            "smallest_shift": smallest_shift(in_both_periods(purchases)) if moves is not None else np.nan,
        },
        notes=notes_on(purchases),
    )
