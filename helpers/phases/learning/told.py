"""What stands below the answer: options, places, weeks, and the slider."""

from __future__ import annotations

import pandas as pd

from helpers.core.wording import _, between, number, percent, plural
from helpers.phases.learning.room import Result
from helpers.phases.learning.sliders import slider as moved_by_hand
from helpers.phases.learning.sliders import slider_worth
from helpers.phases.learning.story import reason, told_range
from helpers.story import Sentence, Table


def worth_table(result: Result) -> Table:
    """Return the three estimates of what the new weights would have brought, beside what was shown."""
    ways = [(_("as it was shown"), result.before.snips)]
    if result.after.known:
        ways += [
            (_("new weights: self-normalised"), result.after.snips),
            (_("new weights: inverse chance"), result.after.ips),
            (_("new weights: doubly robust"), result.after.doubly_robust),
        ]
    frame = pd.DataFrame([(name, *told) for name, told in ways], columns=["way", "estimate", "low", "high"])
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


def places_sentence(result: Result) -> Sentence:
    """Return what is known of the effect of the place."""
    table, source = result.places.table, result.places.source
    last = table.iloc[-1]
    source = "even" if source == "randomised" and last["used"] == 1 else source
    words = {
        "one": _("Everything was shown in one place, so there is no effect of the place."),
        "unknown": _(
            "How options came to their place is not declared, so a good option and a good place cannot be told apart (learning.positions)."
        ),
        "contradicted": _(
            "The places are said to be drawn by chance, but the options are spread unevenly over them; so the place is not corrected for."
        ),
        "declared": _("The effect of the place is as declared: place {last} counts for {effect} of a look."),
        "even": _("The places were drawn by chance, and no place is known to get more successes than another."),
        "randomised": _(
            "The same options get {effect} of the successes in place {last} that they get in the first place, "
            "somewhere from {range}; a success there counts for more."
        ),
    }
    return Sentence(
        words[source].format(
            last=number(last["position"]),
            effect=percent(last["used"]),
            range=between(percent(last["low"]), percent(last["high"])),
        )
    )


def adapting_sentence(result: Result) -> Sentence:
    """Return how many weeks it takes to adapt."""
    weeks = result.simulation.weeks_to_adapt
    shown = number(result.simulation.per_week)
    if weeks is None:
        return Sentence(
            _("With {n} looks a week, {weeks} weeks are not enough to find the good options.").format(
                n=shown, weeks=number(len(result.simulation.weekly))
            )
        )
    return Sentence(
        _("With {n} looks a week, weights that start without knowledge take {weeks} to find the good options.").format(
            n=shown, weeks=plural("{n} week", "{n} weeks", weeks)
        )
    )


def slider_sentence(result: Result) -> Sentence:
    """Return which place of the slider the log favours, or that it cannot say."""
    told = result.sliders.dropna(subset=["estimate"])
    if told.empty:
        return Sentence(_("This log cannot say which place of the slider is better."))
    if told["estimate"].nunique() == 1:
        return Sentence(_("Too few people had a history of their own in this log: the slider changes nothing yet."))
    best = told.loc[told["estimate"].idxmax()]
    rest = told[told["place"] != best["place"]]
    clear = len(rest) and (rest["high"] < best["low"]).all()
    text = (
        _("The log favours {share} popularity: {rate} successes, more than at any other place.")
        if clear
        else _("The log leans towards {share} popularity with {rate} successes, but other places may do as well.")
    )
    return Sentence(text.format(share=percent(best["place"]), rate=percent(best["estimate"], 2)))


def place_sentence(result: Result, place: float) -> Sentence:
    """Return what the log says of one place of the slider."""
    worth = slider_worth(result.log, result.settings, result.seed, place)
    if not worth.known:
        return Sentence(reason(worth, result.settings))
    return Sentence(
        _("{share} popularity: {rate} successes, somewhere from {range}; the log is worth {effective} rows.").format(
            share=percent(place),
            rate=percent(worth.snips[0], 2),
            range=told_range(worth.snips),
            effective=number(worth.effective),
        )
    )


def slider(result: Result, by_hand: bool) -> object | None:
    """Return a slider to move, where somebody opened the notebook by hand; None in a batch."""
    return moved_by_hand(lambda place: place_sentence(result, place)) if by_hand else None
