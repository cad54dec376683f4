"""Names of features, segments and levels, as people read them."""

import pandas as pd

from helpers.core.wording import _, listing, number


def feature_name(name: str) -> str:
    """Return the name of a feature."""
    return {
        "orders_per_year": _("orders per year"),
        "revenue_per_year": _("revenue"),
        "own_brand_share": _("share of own brand"),
        "refill_revenue_per_year": _("revenue in refills"),
        "contacts_per_year": _("contacts"),
        "reached_potential": _("reached potential"),
        "employees": _("employees"),
        "devices": _("devices"),
        "usage_per_month": _("usage"),
        "external_measure": _("external figure"),
        "sector": _("sector"),
        "size_class": _("size class"),
    }[name]


def mark(word: str) -> str:
    """Return what marks a segment, in words; ``word`` is such as "own_brand_share:high"."""
    return {
        "orders_per_year:high": _("many orders"),
        "orders_per_year:low": _("few orders"),
        "revenue_per_year:high": _("high revenue"),
        "revenue_per_year:low": _("low revenue"),
        "own_brand_share:high": _("high share of own brand"),
        "own_brand_share:low": _("high share of third-party brands"),
        "refill_revenue_per_year:high": _("high revenue in refills"),
        "refill_revenue_per_year:low": _("low revenue in refills"),
        "contacts_per_year:high": _("many contacts"),
        "contacts_per_year:low": _("few contacts"),
        "reached_potential:high": _("high reached potential"),
        "reached_potential:low": _("low reached potential"),
        "employees:high": _("many employees"),
        "employees:low": _("few employees"),
        "devices:high": _("many devices"),
        "devices:low": _("few devices"),
        "usage_per_month:high": _("high usage"),
        "usage_per_month:low": _("low usage"),
        "external_measure:high": _("high external figure"),
        "external_measure:low": _("low external figure"),
    }[word]


def description(marks: str) -> str:
    """Return the marks of a segment as one phrase."""
    phrases = [mark(word) for word in marks.split(", ") if word]
    return listing(phrases) if phrases else _("like the average of all")


def level_name(level: str) -> str:
    """Return a revenue level in words."""
    return {"very_high": _("very high"), "high": _("high"), "medium": _("medium"), "low": _("low")}[level]


def kind_name(kind: str) -> str:
    """Return the name of a kind of segment."""
    return {
        "heavy_buyers": _("The heavy buyers"),
        "rare_large": _("The rare but large buyers"),
        "sleepers": _("The sleepers"),
        "overlooked": _("The overlooked"),
        "other_brands": _("The buyers of other brands"),
        "own_brand": _("The buyers of your brand"),
        "steady": _("The steady middle"),
    }[kind]


def names(profile: pd.DataFrame) -> list[str]:
    """Return a name per segment; a kind that comes more than once gets the number of the segment."""
    repeated = profile["kind"].duplicated(keep=False)
    return [
        _("{name} ({n})").format(name=kind_name(row.kind), n=number(row.segment)) if is_repeated else kind_name(row.kind)
        for row, is_repeated in zip(profile.itertuples(), repeated, strict=True)
    ]


def advice(kind: str, marks: str) -> str:
    """Return what a segment asks for.

    Parameters
    ----------
    kind : what it is named after.
    marks : what marks it; advice on contacts, brands and refills is only given where the data shows them.
    """
    wake = _("find out in a test what wakes them before spending more")
    own_brand = _("offer own brand instead of the brands they buy now")
    beside = _("suggest what similar customers buy beside it")
    if kind == "sleepers":
        return _("fewer contacts, other words: {wake}").format(wake=wake) if "contacts_per_year:high" in marks else wake
    if kind == "other_brands":
        return _("offer refills of your own brand") if "refill_revenue_per_year:low" in marks else own_brand
    return {
        "heavy_buyers": _("look after them: they order much and often"),
        "rare_large": own_brand if "own_brand_share:low" in marks else beside,
        "overlooked": _("contact them more often, in a test: they get few contacts and stay behind comparable customers"),
    }.get(kind, beside)
