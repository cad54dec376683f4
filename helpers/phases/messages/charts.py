"""Pictures of the message room."""

from __future__ import annotations

import pandas as pd

from helpers import charts
from helpers.core.wording import _, number, percent
from helpers.phases.messages.uplift import Uplift
from helpers.story import Picture


def response_picture(rates: pd.DataFrame, group: str) -> Picture:
    """Draw the response to each message in one group, with its 95 % interval."""
    cells = rates[rates["group"] == group].sort_values("shrunk_rate", ascending=False)
    return charts.bars(
        list(cells["message"]),
        list(cells["shrunk_rate"]),
        low=list(cells["low"]),
        high=list(cells["high"]),
        formatter=one_decimal,
        highlight=0 if len(cells) else None,
        caption=_("Response per message in the group {group}, % of those who got it, past campaigns").format(group=group),
    )


def one_decimal(share: float) -> str:
    """Return a share as percent with one decimal."""
    return percent(share, 1)


def qini_picture(found: Uplift) -> Picture:
    """Draw responses added per 100 people, for the order by uplift, by response and at random."""
    names = {"uplift": _("by uplift"), "response": _("by response"), "random": _("at random")}
    figure, axes = charts.blank(7.2, 3.4)
    for column, style in (("random", ":"), ("response", "--"), ("uplift", "-")):
        axes.plot(100 * found.curve["share"], found.curve[column], style, label=names[column])
    axes.set_xlabel(_("people contacted, % of the list"))
    axes.set_ylabel(_("responses added per 100 people"))
    axes.legend(frameon=False)
    caption = _("Responses that the message added, from the top of the list down")
    half = found.curve.iloc[len(found.curve) // 2]
    alt = _("{caption}: with half of the list contacted, {uplift} by uplift, {response} by response, {random} at random.")
    said = {name: number(half[name], 1) for name in names}
    table = found.curve.iloc[::4].assign(share=lambda f: f["share"].map(percent)).rename(columns=names)
    return charts.picture(figure, caption, alt.format(caption=caption, **said), table.round(2))
