"""The pictures of phase 4."""

import numpy as np

from helpers import charts
from helpers.core.wording import _, currency_sign, money_short, number, percent
from helpers.phases.choice_of_analyses.overview import FREQUENCY_EDGES, RECENCY_EDGES_DAYS, Overview
from helpers.story import Picture


def revenue_over_time(overview: Overview) -> Picture | None:
    """Draw revenue per whole month; None without one."""
    if overview.months.empty:
        return None
    frame = overview.months[["revenue"]].rename(columns={"revenue": _("revenue")})
    caption = _("Revenue per month, {sign}").format(sign=currency_sign())
    return charts.lines(frame, caption=caption, highlight=_("revenue"), formatter=money_short)


def customers_over_time(overview: Overview) -> Picture | None:
    """Draw the number of customers who ordered in each whole month, of orders where none names its customer; None without a month."""
    if overview.months.empty:
        return None
    if overview.unnamed_orders is not None:
        frame = overview.unnamed_orders.to_frame(_("orders"))
        return charts.lines(frame, caption=_("Orders per month"), highlight=_("orders"), formatter=number)
    frame = overview.months[["customers"]].rename(columns={"customers": _("customers")})
    caption = _("Customers who ordered, per month")
    return charts.lines(frame, caption=caption, highlight=_("customers"), formatter=number)


def concentration(overview: Overview) -> Picture | None:
    """Draw which share of revenue comes from which share of customers, best first; None without customers."""
    if not overview.customers:
        return None
    shares = (0.01, 0.05, 0.10, 0.20, 0.50)
    # Between the two nearest customers.
    values = np.interp(shares, overview.concentration["share_of_customers"], overview.concentration["share_of_revenue"]).tolist()
    labels = [_("best {share} of customers").format(share=percent(share)) for share in shares]
    caption = _("Share of revenue by the customers who spend most")
    return charts.bars(labels, values, caption=caption, highlight=labels[2], formatter=percent)


def retention(overview: Overview) -> Picture | None:
    """Draw, per quarter of first order, which share ordered again in the quarters after; None without any."""
    if overview.retention.empty:
        return None
    frame = overview.retention.copy()
    frame.index = [f"{period.year} Q{period.quarter}" for period in frame.index]
    caption = _("Share of new customers who order, by quarters since their first order")
    return charts.heatmap(frame, caption=caption, formatter=percent, row_label=_("first order in"), column_label=_("quarters since"))


def recency_frequency(overview: Overview) -> Picture | None:
    """Draw how many customers ordered how often, and how long ago; None without customers."""
    if not overview.customers:
        return None
    frame = overview.heat.copy()
    frame.index, frame.columns = _bands(RECENCY_EDGES_DAYS), _bands(FREQUENCY_EDGES)
    caption = _("Customers by days since the last order and number of orders")
    return charts.heatmap(frame, caption=caption, formatter=number, row_label=_("days since last order"), column_label=_("orders"))


def _bands(edges: tuple[float, ...]) -> list[str]:
    names = []
    for low, high in zip(edges, edges[1:], strict=False):
        if high == float("inf"):
            names.append(_("{low} or more").format(low=number(low)))
        elif high - 1 == low:
            names.append(number(low))
        else:
            names.append(_("{low} to {high}").format(low=number(low), high=number(high - 1)))
    return names
