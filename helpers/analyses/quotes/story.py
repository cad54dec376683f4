"""What the quotes say: answer, sentences, and the finding."""

import math

from helpers.analyses.quotes.certainty import verdict
from helpers.analyses.quotes.charts import telling
from helpers.analyses.quotes.result import Quotes
from helpers.analyses.quotes.tables import group_name
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, money_short, number, percent, plural
from helpers.story import Actions, Answer, Sentence


def _headline(result: Quotes) -> str:
    rate, rows = percent(result.quality["rate"]), telling(result)
    if result.hides_losses:
        text = _("Between {low} and {rate} of your quotes are won: {n} old ones were never closed, and are probably lost")
        return text.format(low=percent(result.quality["rate_if_old_lost"]), rate=rate, n=number(result.quality["old_open"]))
    if not rows["stands_out"].any():
        return _("{rate} of your decided quotes are won; no group differs by more than luck").format(rate=rate)
    ends = rows[rows["field"] == rows["field"].iloc[0]].sort_values("shrunk").iloc[[-1, 0]]
    high, low = (group_name(result, row.field, row.group) for row in ends.itertuples())
    high_rate, low_rate = (percent(share) for share in ends["rate"])
    text = _("{rate} of your decided quotes are won: {high_rate} for {high}, {low_rate} for {low}")
    return text.format(rate=rate, high=high, high_rate=high_rate, low=low, low_rate=low_rate)


def _why(result: Quotes) -> tuple[str, ...]:
    counts = {name: number(result.quality[name]) for name in ("quotes", "won", "lost", "open")}
    text = _("The chance of success is likely {range}; counted in money, {share} is won.")
    return (
        _("Of {quotes} quotes {won} were won, {lost} were lost and {open} are open.").format(**counts),
        text.format(range=_likely(result), share=percent(result.quality["amount_rate"])),
        _effort(result),
    )


def _likely(result: Quotes) -> str:
    if result.hides_losses:
        return between(percent(result.quality["rate_if_old_lost"]), percent(result.quality["rate_high"]))
    return between(percent(result.quality["rate_low"]), percent(result.quality["rate_high"]))


def _effort(result: Quotes) -> str:
    """Say how effort and success go together, as no cause."""
    bands, share = result.profile[result.profile["field"] == "effort"], result.quality["effort_on_lost"]
    if math.isnan(share):
        return _("What is spent on quotes is not recorded, so effort cannot be held against success.")
    text = _("{share} of the effort went to quotes that were lost, and more effort goes with no more success than luck gives.")
    if not len(bands):
        return _("{share} of the effort went to quotes that were lost; too few differ in effort to compare.").format(share=percent(share))
    if bands["stands_out"].any():
        text = _("{share} of the effort went to quotes that were lost; of those with most effort {most} were won, with least {least}.")
    bands = bands[bands["group"] != "other"].sort_values("group")
    return text.format(share=percent(share), least=percent(bands["rate"].iloc[0]), most=percent(bands["rate"].iloc[-1]))


def answer(result: Quotes) -> Answer:
    """Return the chapter's answer."""
    return Answer(_headline(result), _why(result), verdict(result))


def time_sentence(result: Quotes) -> Sentence:
    """Return how long decisions take, and what the old open quotes could mean."""
    quality = result.quality
    text = _("Half of the decisions fall within {half} days, nearly all within {days}.")
    if math.isnan(quality["median_days"]):
        text = _("On which day quotes were decided is not known; after {days} days one counts as old.")
    text = text.format(half=number(quality["median_days"]), days=number(quality["mature_days"]))
    old = plural(
        "{n} open quote is older and probably lost: if so, the chance of success is {{rate}}.",
        "{n} open quotes are older and probably lost: if all are, the chance of success is {{rate}}.",
        quality["old_open"],
    )
    return Sentence(f"{text} {old.format(rate=percent(quality['rate_if_old_lost']))}" if quality["old_open"] else text)


def open_sentence(result: Quotes) -> Sentence:
    """Return what gives the open quotes their chance, and what they are expected to bring."""
    judgement, live = result.judgement, result.quality["live_open"]
    text = {
        "model": _("On {judged} later quotes the model foretold {expected} wins, and {won} came: it gives open quotes their chance."),
        "relation": _("Open quotes get the chance of new or of existing customers: that a model does better was not shown."),
        "average": _("Open quotes get the same chance, corrected for their age: that a model does better was not shown."),
    }[result.method].format(judged=number(judgement.judged), expected=number(judgement.expected), won=number(judgement.won))
    expected = _("From the {n} that are not old, about {money} can be expected.").format(
        n=number(live), money=money_short(result.quality["expected_amount"])
    )
    return Sentence(f"{text} {expected}" if live else text)


def finding(result: Quotes) -> Finding:
    """Return the finding of the phase."""
    likely = _("likely {range}").format(range=_likely(result))
    figures = (KeyFigure(percent(result.quality["rate"]), _("of decided quotes are won"), likely, 4),)
    return Finding(_headline(result), _why(result), verdict(result), figures, _actions(result), 4)


def actions(result: Quotes) -> Actions:
    """Return what to do with it."""
    return Actions(_actions(result))


def _actions(result: Quotes) -> tuple[Action, ...]:
    quality, items = result.quality, []
    if quality["live_open"]:
        text = _("Call on the open quotes in the order of the list: most expected for the effort first (quotes-next.csv)")
        items.append(Action(text, _("estimate"), _("this week"), 3))
    if quality["old_open"]:
        old = plural("{n} old open quote", "{n} old open quotes", quality["old_open"])
        items.append(Action(_("Ask once about {old}, then close (quotes-old.csv)").format(old=old), _("counted"), _("this month"), 5))
    text = _("Draw by lot which quotes get an extra call: {n} in each half would show a rise of {points} points")
    text = text.format(n=number(quality["test_quotes"]), points=number(100 * quality["test_rise"]))
    return (*items, Action(text, _("open question"), _("a year"), 5))
