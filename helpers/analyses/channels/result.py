"""The result: key figures per channel, who uses which, and what was done to the data."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.analyses.channels.measures import NONE, Movement, Several, per_customer
from helpers.analyses.channels.purchases import Purchases
from helpers.core.wording import _, number, percent


@dataclass(frozen=True)
class Channels:
    """Channels of orders in the current period and the one before.

    Parameters
    ----------
    table : one row per customer: channels_used (names in the current period, joined by " + "; empty without purchases), channel_before
        and channel_now (the main channel, empty where there is none or the customer did not buy in both periods), chance_share.
    profile : one row per channel: see ``measures.channel_figures``, with its name.
    names : the channels, the largest first.
    several : who buys in several channels; movement : who moved, None where that cannot be shown.
    start, middle, end : first day of the period before, its last day, last day of the current one.
    quality : plain numbers; notes : sentences on what was done to the data.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    names: tuple[str, ...]
    several: Several
    movement: Movement | None
    start: date
    middle: date
    end: date
    quality: dict[str, float]
    notes: tuple[str, ...]

    @property
    def claimed(self) -> pd.Series | None:
        """The channel that wins most, or where none wins loses most, of those whose shift is more than chance; None where none is."""
        if self.movement is None:
            return None
        shifts = self.movement.shift[self.movement.shift["is_claimed"]]
        return None if shifts.empty else shifts.loc[shifts["change"].idxmax() if shifts["change"].max() > 0 else shifts["change"].idxmin()]

    def named_list(self) -> pd.DataFrame | None:
        """Return the customers whose main channel is another one now, the least likely by chance first; None without movement."""
        if self.movement is None:
            return None
        moved = self.table[
            (self.table["channel_before"] != self.table["channel_now"])
            & (self.table["channel_before"] != "")
            & (self.table["channel_now"] != "")
        ]
        columns = ["customer_id", "channel_before", "channel_now", "chance_share"]
        return moved.sort_values(["chance_share", "customer_id"], ignore_index=True)[columns]


def customers_table(purchases: Purchases, moves: Movement | None) -> pd.DataFrame:
    """Return one row per customer of the round: channels used, and the main channel before and now."""
    counts = per_customer(purchases, current=True) > 0
    names = np.array([*purchases.names, ""], dtype=object)
    used = [" + ".join(names[:-1][row]) for row in counts]
    table = pd.DataFrame({"customer_id": purchases.customers, "channels_used": used})
    table["channel_before"], table["channel_now"], table["chance_share"] = "", "", np.nan
    if moves is not None:
        # NONE is -1: the last, empty name.
        table.loc[moves.places, "channel_before"] = names[moves.before]
        table.loc[moves.places, "channel_now"] = names[moves.now]
        table.loc[moves.places, "chance_share"] = moves.chance_share
    return table


def notes_on(purchases: Purchases) -> tuple[str, ...]:
    """Return the sentences on what was done to the data that apply to this round."""
    notes = [_("Returns and credit notes are no purchases: they are left out.")]
    if purchases.recorded_share < 1:
        text = _("{share} of the orders have no channel: they are shown, but tell nothing of who uses which channel.")
        notes.append(text.format(share=percent(1 - purchases.recorded_share, 1)))
    unknown = int((purchases.frame["code"] == NONE).sum())
    if unknown:
        notes.append(_("{n} orders of unknown customers count in the figures per channel only.").format(n=number(unknown)))
    if purchases.put_together:
        notes.append(_("{n} small channels are put together.").format(n=number(purchases.put_together)))
    return tuple(notes)
