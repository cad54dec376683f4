"""Tables for people: what the new weights would have brought, and every option with its weight."""

import pandas as pd

from helpers.core.wording import _
from helpers.phases.learning.result import Result
from helpers.story import Table


def value_table(result: Result) -> Table:
    """Return the three estimates of what the new weights would have brought, beside what was shown."""
    ways = [(_("as it was shown"), result.before.snips)]
    if result.after.known:
        ways += [
            (_("new weights: self-normalised"), result.after.snips),
            (_("new weights: inverse chance"), result.after.ips),
            (_("new weights: doubly robust"), result.after.doubly_robust),
        ]
    frame = pd.DataFrame([(way, *interval) for way, interval in ways], columns=["way", "estimate", "low", "high"])
    frame = frame.assign(**{name: 100 * frame[name] for name in ("estimate", "low", "high")})
    return Table(
        frame,
        _("Successes per hundred rows, in the later part of the log"),
        {
            "way": (_("Way of reading"), "text"),
            "estimate": (_("Successes per 100"), "number2"),
            "low": (_("Low"), "number2"),
            "high": (_("High"), "number2"),
        },
    )


def options_table(result: Result) -> Table:
    """Return every option with its rate, its share so far and its weight."""
    frame = result.table.sort_values(["weight", "option"], ascending=[False, True], ignore_index=True)
    return Table(
        frame,
        _("Options: how they did in the log, and the weight of the next batch"),
        {
            "option": (_("Option"), "text"),
            "shown": (_("Shown"), "number"),
            "successes": (_("Successes"), "number"),
            "rate": (_("Success rate"), "percent1"),
            "low": (_("Low"), "percent1"),
            "high": (_("High"), "percent1"),
            "now": (_("Share so far"), "percent1"),
            "weight": (_("Weight"), "percent1"),
        },
        highlight=0,
    )
