"""Pictures of the messages: whether choosing people by uplift pays."""

from helpers import charts
from helpers.core.wording import _, number, percent
from helpers.phases.messages.uplift import Uplift
from helpers.story import Picture


def qini_picture(uplift: Uplift) -> Picture:
    """Draw responses added per 100 people, for the order by uplift, by response and at random."""
    names = {"uplift": _("by uplift"), "response": _("by response"), "random": _("at random")}
    figure, axes = charts.blank(7.2, 3.4)
    for column, style in (("random", ":"), ("response", "--"), ("uplift", "-")):
        axes.plot(100 * uplift.curve["share"], uplift.curve[column], style, label=names[column])
    axes.set_xlabel(_("people contacted, % of the list"))
    axes.set_ylabel(_("responses added per 100 people"))
    axes.legend(frameon=False)
    caption = _("Responses that the message added, from the top of the list down")
    half = uplift.curve.iloc[len(uplift.curve) // 2]
    alt = _("{caption}: with half of the list contacted, {uplift} by uplift, {response} by response, {random} at random.")
    added = {name: number(half[name], 1) for name in names}
    rows = uplift.curve.iloc[::4]
    table = rows.assign(share=rows["share"].map(percent)).rename(columns=names)
    return charts.picture(figure, caption, alt.format(caption=caption, **added), table.round(2))
