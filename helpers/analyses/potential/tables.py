"""The tables of the potential, as people read them."""

from helpers.analyses.potential import words
from helpers.analyses.potential.result import UntappedPotential
from helpers.core.wording import _, currency_sign
from helpers.story import Table


def segment_table(result: UntappedPotential) -> Table:
    """Return the segment table of the published case."""
    profile = result.profile
    frame = profile.assign(
        name=words.names(profile),
        description=[words.description(marks) for marks in profile["marks"]],
        level=[words.level_name(level) for level in profile["revenue_level"]],
    )
    columns = {
        "name": (_("Segment"), "text"),
        "share": (_("Size"), "percent1"),
        "customers": (_("Customers"), "number"),
        "description": (_("Description"), "text"),
        "level": (_("Revenue"), "text"),
        "revenue_per_customer": (_("Revenue per customer, {c}").format(c=currency_sign()), "money"),
        "orders_per_customer": (_("Orders"), "number1"),
        "contacts_per_customer": (_("Contacts"), "number1"),
        "own_brand_share": (_("Own brand"), "percent"),
        "refill_share": (_("Refills"), "percent"),
        "reached_potential": (_("Reached potential"), "percent"),
    }
    known = {name: column for name, column in columns.items() if frame[name].notna().any()}
    return Table(frame, _("Segments: size, what marks them, revenue and reached potential, per year"), known)


def potential_table(result: UntappedPotential) -> Table:
    """Return the euros of unused potential per segment, low, middle and high."""
    frame = result.profile.assign(name=words.names(result.profile))
    sign = currency_sign()
    return Table(
        frame,
        _("Unused potential per segment, per year; low to high holds the truth in 95 of 100 cases"),
        {
            "name": (_("Segment"), "text"),
            "unused_potential_low": (_("Low, {c}").format(c=sign), "money"),
            "unused_potential": (_("Middle, {c}").format(c=sign), "money"),
            "unused_potential_high": (_("High, {c}").format(c=sign), "money"),
        },
    )
