"""What the channels say: answer, sentences and the finding; how sure it is stands in ``certainty``."""

import math

from helpers.analyses.channels.certainty import verdict
from helpers.analyses.channels.result import Channels
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, number, percent, plural
from helpers.story import Actions, Answer, Sentence


def headline(result: Channels) -> str:
    """Return the finding as one sentence with its number."""
    shift = result.claimed
    if shift is not None:
        rose = _("Customers move to {channel}: its share of the average customer's purchases rose from {before} to {now}")
        fell = _("Customers move away from {channel}: its share of the average customer's purchases fell from {before} to {now}")
        return (rose if shift["change"] > 0 else fell).format(
            channel=result.names[int(shift["label"])], before=percent(shift["share_before"]), now=percent(shift["share_now"])
        )
    share = percent(result.several.in_several / result.several.customers)
    if result.movement is None:
        return _("{share} of the customers buy in more than one channel").format(share=share)
    text = _("{share} of the customers buy in more than one channel; no shift between channels shows, one of {points} points would")
    return text.format(share=share, points=number(100 * result.quality["smallest_shift"], 1))


def why(result: Channels) -> tuple[str, ...]:
    """Return the sentences that support the headline."""
    return (several_sentence(result).text, spend_sentence(result).text)


def answer(result: Channels) -> Answer:
    """Return the chapter's answer."""
    return Answer(headline(result), why(result), verdict(result))


def several_sentence(result: Channels) -> Sentence:
    """Return how many buy in several channels, beside chance."""
    several = result.several
    if several.in_several < several.low:
        text = _("{n} buy in more than one channel; at random it would be {chance}: customers keep to their channel.")
    elif several.in_several > several.high:
        text = _("{n} buy in more than one channel; at random it would be {chance}: customers combine channels.")
    else:
        text = _("{n} buy in more than one channel, as many as at random ({chance}): that customers keep to a channel does not show.")
    return Sentence(
        text.format(
            n=plural("{n} customer", "{n} customers", several.in_several), chance=between(number(several.low), number(several.high))
        )
    )


def spend_sentence(result: Channels) -> Sentence:
    """Return what customers of several channels spend, beside customers with as many purchases."""
    several = result.several
    if math.isnan(several.times_spend):
        return Sentence(_("All customers are alike in this, so their spend cannot be compared."))
    if math.isnan(several.times_equal):
        text = _("They spend {times} times as much as customers of one channel; too few of these order as often to compare them.")
        return Sentence(text.format(times=number(several.times_spend, 1)))
    if several.equal_low <= 1 <= several.equal_high:
        text = _(
            "They spend {times} times as much as customers of one channel; per order, and among customers who order as often, no "
            "difference shows ({low} to {high} times)."
        )
    else:
        text = _(
            "They spend {times} times as much as customers of one channel; per order, and among customers who order as often, it is "
            "{equal} times ({low} to {high})."
        )
    return Sentence(
        text.format(
            times=number(several.times_spend, 1),
            equal=number(several.times_equal, 2),
            low=number(several.equal_low, 2),
            high=number(several.equal_high, 2),
        )
    )


def movement_sentence(result: Channels) -> Sentence:
    """Return how many changed their main channel, beside chance, and which shift is claimed."""
    moves = result.movement
    if moves is None:
        return Sentence(_("Too few customers bought in both periods to show movement between channels."))
    if moves.moved > moves.moved_high:
        text = _("Of {n} who bought in both periods {moved} went from one main channel to another; unchanged habits would show {chance}.")
    else:
        text = _("Of {n} who bought in both periods {moved} went from one main channel to another: no more than habits show ({chance}).")
    return Sentence(
        text.format(
            n=plural("{n} customer", "{n} customers", moves.customers),
            moved=number(moves.moved),
            chance=between(number(moves.moved_low), number(moves.moved_high)),
        )
    )


def actions(result: Channels) -> Actions:
    """Return what to do with it."""
    return Actions(finding(result).actions)


def finding(result: Channels) -> Finding:
    """Return the finding of the phase."""
    return Finding(headline(result), why(result), verdict(result), _figures(result), _actions(result), rank=6)


def _figures(result: Channels) -> tuple[KeyFigure, ...]:
    largest = result.profile[result.profile["label"] >= 0].iloc[0]
    return (
        KeyFigure(
            percent(largest["revenue_share"]),
            _("of revenue comes through {channel}").format(channel=largest["channel"]),
            verdict(result).word,
            7,
        ),
    )


def _actions(result: Channels) -> tuple[Action, ...]:
    single = result.several.customers - result.several.in_several
    advice = []
    if result.claimed is not None and result.claimed["change"] > 0:
        text = _("Ask ten customers who moved to {channel} why, and let stock and service there keep up (channels-moved.csv)")
        advice.append(Action(text.format(channel=result.names[int(result.claimed["label"])]), _("more than chance"), _("this month"), 6))
    text = _(
        "Of the {n} of one channel, invite half of those who may be written to, drawn by lot, to a second one: what it brings is unknown"
    )
    advice.append(
        Action(text.format(n=plural("{n} customer", "{n} customers", single)), _("a test, not a promise"), _("when a pilot is free"), 8)
    )
    return tuple(advice)
