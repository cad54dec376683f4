"""The pictures of the next offer."""

from helpers import charts
from helpers.analyses.next_offer.analysis import Baskets
from helpers.analyses.next_offer.methods import method_name
from helpers.analyses.next_offer.result import Result
from helpers.core.wording import _, number, percent
from helpers.story import Picture


def methods(result: Result) -> Picture:
    """Draw the hit rate of every method, with its range and the one that is used marked."""
    table = result.judgement.methods
    names = [method_name(method) for method in table["method"]]
    caption = _("Customers who later bought one of the {n} suggested new groups, by method (95 % range)").format(
        n=number(result.settings.suggestions)
    )
    return charts.bars(
        names,
        table["hit_rate"],
        caption=caption,
        highlight=int(table["used"].argmax()),
        formatter=percent,
        low=table["low"],
        high=table["high"],
    )


def offered(result: Result, most: int = 12) -> Picture:
    """Draw the groups that are suggested most."""
    top = result.profile.head(most)
    caption = _("Customers to whom a group is suggested")
    return charts.bars(top["item"], top["offered"], caption=caption, formatter=number)


def gaps(result: Result, most: int = 12) -> Picture | None:
    """Draw, per sector, which share of its customers gets which suggestion; None without sectors."""
    offers = result.offers[result.offers["sector"] != ""]
    if offers.empty:
        return None
    sizes = result.table["sector"].value_counts()
    counts = offers.groupby(["sector", "item"]).size().unstack(fill_value=0)
    most_suggested = counts.sum().sort_values(ascending=False, kind="stable").index[:most]
    frame = counts[sorted(most_suggested)].div(sizes.reindex(counts.index), axis=0)
    frame.columns.name = frame.index.name = None
    caption = _("Share of the customers in a sector to whom a group is suggested")
    return charts.heatmap(frame, caption=caption, formatter=percent, row_label=_("sector"))


def bundles(result: Result | Baskets) -> Picture | None:
    """Draw how the bundles did in the later period beside the best sellers; None without bundles."""
    if result.bundles is None or not result.bundles.check["orders"].any():
        return None
    check = result.bundles.check
    names = [_("ranked bundle") if what == "ranked" else _("best seller of the group") for what in check["what"]]
    caption = _("Later orders with the main product that also hold the added product (95 % range)")
    return charts.bars(
        names,
        check["conversion"],
        caption=caption,
        highlight=0,
        formatter=lambda share: percent(share, 1),
        low=check["low"],
        high=check["high"],
    )
