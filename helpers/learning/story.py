"""Learning told: what to show more often, what it would bring, and what it cannot say."""

from __future__ import annotations

import math

import pandas as pd

from helpers.learning.room import Result
from helpers.learning.sliders import slider_worth
from helpers.learning.sliders import slider as _slider
from helpers.learning.worth import Worth
from helpers.results import Action, Finding, KeyFigure, Refusal, Verdict
from helpers.story import Actions, Answer, Reasoned, Sentence, Table
from helpers.wording import _, between, money, number, percent, plural


def answer(result: Result | Refusal) -> Answer | Reasoned:
    """Return what the log says about other weights, or what to bring."""
    if isinstance(result, Refusal):
        return Reasoned(result)
    return Answer(headline(result), (worth_sentence(result).text, cost_sentence(result).text), verdict(result))


def headline(result: Result) -> str:
    """Return the chapter's heading as a full sentence."""
    best = result.table.sort_values(["weight", "option"], ascending=[False, True]).iloc[0]
    if not result.after.known:
        return _("New weights are ready, but this log cannot say what they would bring")
    if worse(result):
        return _("The new weights would have brought less: {after} succeed instead of {before}").format(
            after=percent(result.after.snips[0], 2), before=percent(result.before.snips[0], 2)
        )
    return _("Shown by the new weights, {after} succeed instead of {before}; {option} gets the most room, {share}").format(
        after=percent(result.after.snips[0], 2), before=percent(result.before.snips[0], 2),
        option=best["option"], share=percent(best["weight"]),
    )  # fmt: skip


def worse(result: Result) -> bool:
    """Return whether the log says that the new weights would have brought less."""
    return result.after.known and result.after.snips[2] < result.before.snips[0]


def verdict(result: Result) -> Verdict:
    """Return whether the new weights are known to do better."""
    if not result.after.known:
        return Verdict("not_yet", _("cannot be known"))
    if worse(result):
        return Verdict("not_yet", _("worse"))
    if result.after.snips[1] > result.before.snips[0]:
        return Verdict("go", _("better"))
    return Verdict("caution", _("not sure"))


def worth_sentence(result: Result) -> Sentence:
    """Return what the new weights would have brought, or why that cannot be known."""
    if not result.after.known:
        return Sentence(reason(result.after, result.settings))
    return Sentence(
        _(
            "On rows they were not learnt from, the new weights would have had {after} successes, somewhere from "
            "{range}; what was shown had {before}. For the new weights these {rows} rows are worth {effective}."
        ).format(
            after=percent(result.after.snips[0], 2), range=_range(result.after.snips),
            before=percent(result.before.snips[0], 2), rows=number(result.after.rows),
            effective=number(result.after.effective),
        )
    )  # fmt: skip


def reason(worth: Worth, settings) -> str:
    """Return why a log cannot say what weights are worth."""
    return {
        "few": _(
            "The log has {rows} rows, but for these weights it is worth only {effective}; below {least} any figure "
            "would be an accident. The heaviest row would count {largest} times."
        ),
        "share": _(
            "Of the {rows} rows only {share} count for these weights; below {least_share} any figure would be an "
            "accident. The heaviest row would count {largest} times."
        ),
        "unseen": _(
            "The new weights give {unseen} of the room to options that this log never showed, so it cannot judge them."
        ),
        "chance": _(
            "The chance with which things were shown was not logged on every row, so other weights cannot be judged."
        ),
    }[worth.reason].format(
        rows=number(worth.rows), effective=number(worth.effective), least=number(settings.least_effective),
        share=percent(worth.effective_share, 1), least_share=percent(settings.least_effective_share),
        largest=number(worth.largest), unseen=percent(worth.unseen),
    )  # fmt: skip


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
            "How options came to their place is not declared, so a good option and a good place cannot be told apart "
            "(learning.positions)."
        ),
        "contradicted": _(
            "The places are said to be drawn by chance, but the options are spread unevenly over them; so the place is "
            "not corrected for."
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
            last=number(last["position"]), effect=percent(last["used"]),
            range=between(percent(last["low"]), percent(last["high"])),
        )
    )  # fmt: skip


def adapting_sentence(result: Result) -> Sentence:
    """Return how many weeks it takes to adapt."""
    weeks = result.simulation.weeks_to_adapt
    shown = number(result.simulation.per_week)
    if weeks is None:
        return Sentence(
            _("With {n} shown a week, {weeks} weeks are not enough to find the good options.").format(
                n=shown, weeks=number(len(result.simulation.weekly))
            )
        )
    return Sentence(
        _("With {n} shown a week, weights that start without knowledge take {weeks} to find the good options.").format(
            n=shown, weeks=plural("{n} week", "{n} weeks", weeks)
        )
    )


def cost_sentence(result: Result) -> Sentence:
    """Return what exploring costs, in money where the value of a success is known."""
    played, value = result.simulation, result.value_of_success
    weeks = number(len(played.weekly))
    if math.isnan(value):
        return Sentence(
            _(
                "Finding the good options costs about {lost} successes in {weeks} weeks, against {equal} when all are shown "
                "equally often; in money once learning.value_of_success is filled in."
            ).format(lost=number(played.lost), weeks=weeks, equal=number(played.lost_equal))
        )
    return Sentence(
        _(
            "Exploring costs about {lost} in {weeks} weeks, against {equal} when all are shown equally often; the floor "
            "alone costs {floor} a week, and keeps every option known."
        ).format(
            lost=money(played.lost * value), weeks=weeks, equal=money(played.lost_equal * value),
            floor=money(played.floor_a_week * value),
        )
    )  # fmt: skip


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
            share=percent(place), rate=percent(worth.snips[0], 2), range=_range(worth.snips),
            effective=number(worth.effective),
        )
    )  # fmt: skip


def slider(result: Result, by_hand: bool) -> object | None:
    """Return a slider to move, where somebody opened the notebook by hand; None in a batch."""
    return _slider(lambda place: place_sentence(result, place)) if by_hand else None


def actions(result: Result) -> Actions:
    """Return what to do with the weights."""
    days = plural("{n} day", "{n} days", result.settings.batch_days)
    if worse(result):
        first = Action(_("Keep showing what is shown now, and log it"), verdict(result).word, "", rank=6)
    elif result.after.known:
        first = Action(
            _("Put weights.json where the site or mailing tool reads it, and log the chance of everything shown"),
            verdict(result).word, _("again in {days}").format(days=days), rank=5,
        )  # fmt: skip
    else:
        first = Action(
            _("Show the options by the weights to a part of the people only, with a holdout group"),
            verdict(result).word, _("before switching"), rank=5,
        )  # fmt: skip
    found = [first]
    if result.places.source in ("unknown", "contradicted"):
        found.append(
            Action(_("Swap the places of the options by chance, so that the effect of the place can be measured"),
                   _("certain"), _("makes the weights fair"), rank=6)
        )  # fmt: skip
    return Actions(found)


def finding(result: Result | Refusal) -> Finding:
    """Return the record for the summary and the next round."""
    if isinstance(result, Refusal):
        return Finding(result.heading, (result.gate.reason,), result.gate.verdict, rank=9)
    figures = ()
    if result.after.known:
        figures = (
            KeyFigure(percent(result.after.snips[0], 2), _("successes by the new weights"),
                      _("{range}; shown so far: {before}").format(
                          range=_range(result.after.snips), before=percent(result.before.snips[0], 2)), rank=6),
        )  # fmt: skip
    return Finding(
        headline(result), (worth_sentence(result).text,), verdict(result), figures, tuple(actions(result).actions), rank=6
    )


def _range(told: tuple[float, float, float]) -> str:
    return between(percent(told[1], 2), percent(told[2], 2))
