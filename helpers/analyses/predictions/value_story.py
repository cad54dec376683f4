"""What is said about customer value: a range, or why there is none, and the simpler figure."""

from __future__ import annotations

from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import CustomerValue
from helpers.core.wording import _, money, number, percent
from helpers.story import Sentence, Table

_WHY = {
    "too_little_history": lambda: _("there is too little history or there are too few repeat buyers"),
    "degenerate_corner": lambda: _("the model says that nobody ever leaves, which cannot be true"),
    "loses_to_same_as_before": lambda: _("on the part kept apart it comes no nearer than 'same as before'"),
    "spend_goes_with_frequency": lambda: _("customers who order often spend a different amount per order, which it cannot handle"),
}
_BEWARE = {
    "spend_goes_with_frequency": lambda: _("Spend per order goes a little with the number of orders; the range is rough."),
    "barely_beats_same_as_before": lambda: _("On the part kept apart it hardly beats 'same as before'."),
    "cohorts_differ": lambda: _("Early and late customers behave differently; the total is safer than the parts."),
}


def value_sentence(value: CustomerValue, settings: Settings) -> Sentence:
    """Say what today's customers will still spend, or why that cannot be said."""
    days = number(settings.value_horizon_days)
    if value.refused:
        text = _(
            "What customers will still be worth cannot be computed soundly: {why}. The simpler figure: in "
            "the last {days} days "
            "they spent {same}."
        )
        why = "; ".join(_WHY[reason]() for reason in value.refused)
        return Sentence(text.format(why=why, days=days, same=money(value.same_as_before)))
    text = _(
        "In the next {days} days today's customers will probably spend between {low} and {high}; in the "
        "last {days} days they "
        "spent {same}. New customers come on top."
    )
    said = text.format(days=days, low=money(value.low), high=money(value.high), same=money(value.same_as_before))
    return Sentence(" ".join([said, *(_BEWARE[one]() for one in value.cautions)]))


def holdout_sentence(value: CustomerValue) -> Sentence:
    """Say how far the forecast was off on the part kept apart."""
    if "holdout_error" not in value.numbers:
        return Sentence(_("There was not enough history to keep a part apart."))
    text = _("On the last {days} days, kept apart, the total was off by {error}; 'same as before' was off by {same}.")
    numbers = value.numbers
    return Sentence(
        text.format(
            days=number(numbers["holdout_days"]),
            error=percent(abs(numbers["holdout_error"])),
            same=percent(abs(numbers["holdout_error_same"])),
        )
    )


def holdout_table(value: CustomerValue) -> Table:
    """Return orders foretold and come true, per number of earlier repeat orders."""
    frame = value.holdout.assign(name=[_("all") if one == "all" else one for one in value.holdout["group"]])
    columns = {
        "name": (_("Repeat orders before"), "text"),
        "customers": (_("Customers"), "number"),
        "actual": (_("Orders"), "number"),
        "forecast": (_("Foretold"), "number"),
        "same_as_before": (_("Same as before"), "number"),
    }
    return Table(frame, _("Orders in the part of the history kept apart"), columns)
