"""What stands below the answer, in words: the positions, the weeks, and the slider."""

from helpers.core.wording import _, between, number, percent, plural
from helpers.phases.learning.result import Result
from helpers.phases.learning.sliders import slider_value, slider_widget
from helpers.phases.learning.story.answer import reason, successes_range
from helpers.story import Sentence


def positions_sentence(result: Result) -> Sentence:
    """Return what is known of the effect of the place."""
    last, source = result.positions.table.iloc[-1], result.positions.source
    if source == "randomised" and last["used"] == 1:
        source = "even"
    texts = {
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
        texts[source].format(
            last=number(last["position"]), effect=percent(last["used"]), range=between(percent(last["low"]), percent(last["high"]))
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
    places = result.sliders.dropna(subset=["estimate"])
    if places.empty:
        return Sentence(_("This log cannot say which place of the slider is better."))
    if places["estimate"].nunique() == 1:
        return Sentence(_("Too few people had a history of their own in this log: the slider changes nothing yet."))
    best = places.loc[places["estimate"].idxmax()]
    others = places[places["place"] != best["place"]]
    clear = len(others) and (others["high"] < best["low"]).all()
    text = (
        _("The log favours {share} popularity: {rate} successes, more than at any other place.")
        if clear
        else _("The log leans towards {share} popularity with {rate} successes, but other places may do as well.")
    )
    return Sentence(text.format(share=percent(best["place"]), rate=percent(best["estimate"], 2)))


def slider_place_sentence(result: Result, place: float) -> Sentence:
    """Return what the log says of one place of the slider."""
    value = slider_value(result.log, result.settings, result.seed, place)
    if not value.known:
        return Sentence(reason(value, result.settings))
    return Sentence(
        _("{share} popularity: {rate} successes, somewhere from {range}; the log is worth {effective} rows.").format(
            share=percent(place), rate=percent(value.snips[0], 2), range=successes_range(value.snips), effective=number(value.effective)
        )
    )


def slider(result: Result, by_hand: bool) -> object | None:
    """Return a slider to move, where somebody opened the notebook by hand; None in a batch."""
    return slider_widget(lambda place: slider_place_sentence(result, place)) if by_hand else None
