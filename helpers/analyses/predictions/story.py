"""What the predictions say."""

import math

from helpers.analyses.leaving import LATE
from helpers.analyses.predictions.certainty import check_sentence, verdict
from helpers.analyses.predictions.gate import MONTH_DAYS
from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.labels import event_name
from helpers.analyses.predictions.result import Result
from helpers.analyses.predictions.rolling import needed_days
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import CustomerValue
from helpers.core.results import Action, Finding, KeyFigure
from helpers.core.wording import _, between, day, money, number, percent
from helpers.story import Answer, Sentence
from helpers.story.chance import chance_words

_WHY = {
    "too_little_history": lambda: _("there is too little history or there are too few repeat buyers"),
    "degenerate_corner": lambda: _("the model says that nobody ever leaves, which cannot be true"),
    "horizon_beyond_history": lambda: _("the history is too short to try so long a time ahead twice"),
    "too_uncertain": lambda: _("earlier forecasts of this length were off by too much, each in its own way"),
    "loses_to_same_as_before": lambda: _("on the part kept apart it comes no nearer than 'same as before'"),
    "spend_goes_with_frequency": lambda: _("customers who order often spend a different amount per order, which it cannot handle"),
}
_BEWARE = {
    "spend_goes_with_frequency": lambda: _("Spend per order goes a little with the number of orders; the range is rough."),
    "barely_beats_same_as_before": lambda: _("On the part kept apart it hardly beats 'same as before'."),
    "cohorts_differ": lambda: _("Early and late customers behave differently; the total is safer than the parts."),
}


def answer(result: Result) -> Answer:
    """Say how many are late by their own rhythm and how many gone, and how far that can be trusted."""
    late, gone, loyal = (_count(result, *statuses) for statuses in (LATE[:-1], LATE[-1:], ("loyal",)))
    heading = _("{late} customers are late by their own rhythm and {gone} are gone; {loyal} are loyal").format(
        late=number(late), gone=number(gone), loyal=number(loyal)
    )
    return Answer(heading, (_late_by_chance(result), check_sentence(result.checked).text, *result.notes), verdict(result))


def _count(result: Result, *statuses: str) -> int:
    return int(result.profile.loc[result.profile["status"].isin(statuses), "customers"].sum())


def _late_by_chance(result: Result, *, with_how: bool = True) -> str:
    """Say how many are late or gone, and how many would be where nobody leaves."""
    together = _("Late or gone are {n} together.").format(n=number(result.late_chance.figure))
    return " ".join((together, chance_words(result.late_chance, number, with_how=with_how)))


def _late_came_back(result: Result) -> str:
    """Say how many of those late on an earlier day came back by themselves: the others are what a call can win."""
    checked = result.checked
    late = sum(checked.called(status) for status in LATE[:-1]) if checked else 0
    if checked is None or not late:
        return verdict(result).word
    back = sum(checked.came_back(status) for status in LATE[:-1])
    return _("{share} of those late on {day} came back by themselves").format(share=percent(back / late), day=day(checked.day.date()))


def gains_sentence(judged: Judged, settings: Settings) -> Sentence:
    """Say what contacting the top of the list brings, and on which assumption."""
    gains, event = judged.gains, event_name(judged.event, start=True)
    if gains.gain <= 0:
        text = _("{event}: at {cost} per contact no list pays, unless a contact adds more than assumed ({effect} of the buyers).")
        cost = money(settings.contact_cost, 2)
        return Sentence(text.format(event=event, cost=cost, effect=percent(settings.contact_effect)))
    text = _(
        "{event}: contacting the first {n} of this list would have brought {gain}, the best simple rule {simple}, and everyone "
        "{everyone}; assuming that {effect} of the buyers among them buy because of the contact, which only a pilot can show."
    )
    return Sentence(
        text.format(
            event=event,
            n=number(gains.best_n),
            gain=money(gains.gain),
            simple=money(gains.gain_of_baseline),
            everyone=money(gains.gain_of_everyone),
            effect=percent(settings.contact_effect),
        )
    )


def changes_sentence(result: Result) -> Sentence:
    """Say what changed since the previous round: the morning overview."""
    if not result.has_previous:
        return Sentence(_("There is no previous round yet; the next one shows who changed."))
    if result.moved.empty:
        return Sentence(_("Nobody changed status since the previous round."))
    known_before = result.moved["status_before"] != ""
    worse = int((result.moved["status"].isin(LATE) & known_before).sum())
    text = _("{n} customers changed status since the previous round; {worse} of them are now late or gone.")
    return Sentence(text.format(n=number(len(result.moved)), worse=number(worse)))


def value_sentence(value: CustomerValue, settings: Settings) -> Sentence:
    """Say what today's customers will still spend, or why that cannot be said."""
    days = number(value.horizon_days or settings.value_horizon_days)
    if value.refused:
        text = _(
            "What customers will still be worth cannot be computed soundly: {why}. The simpler figure: in the last {days} days "
            "they spent {same}."
        )
        why = "; ".join(_WHY[reason]() for reason in value.refused)
        said = text.format(why=why, days=days, same=money(value.same_as_before))
        if "horizon_beyond_history" in value.refused:
            needed = number(math.ceil(needed_days(settings.value_horizon_days) / MONTH_DAYS))
            said += " " + _("You need {months} months of orders, or a shorter predictions.value_horizon_days.").format(months=needed)
        return Sentence(said)
    text = _(
        "In the next {days} days today's customers will probably spend between {low} and {high} (a 95 % range, from {n} earlier "
        "forecasts of this length); in the last {days} days they spent {same}. New customers come on top."
    )
    amounts = {"low": money(value.low), "high": money(value.high), "same": money(value.same_as_before)}
    spend = text.format(days=days, n=number(value.holdouts), **amounts)
    if value.horizon_days < settings.value_horizon_days:
        asked = number(settings.value_horizon_days)
        spend += " " + _("Earlier forecasts over {asked} days are too few or were too far off.").format(asked=asked)
    return Sentence(" ".join([spend, *(_BEWARE[caution]() for caution in value.cautions)]))


def finding(result: Result, settings: Settings) -> Finding:
    """Return the record for summary and report."""
    certainty = verdict(result)
    spent = float(result.leavers["monetary_year"].sum())
    chance, beside = result.late_chance, _late_by_chance(result, with_how=False)
    figures = [
        KeyFigure(number(_count(result, *LATE[:-1])), _("customers late by their own rhythm"), beside, rank=3, chance=chance),
        KeyFigure(money(spent), _("spent in the last year by customers who are late"), _("counted"), rank=4, chance=chance),
    ]
    if not result.value.refused:
        spend = between(money(result.value.low), money(result.value.high))
        text = _("expected from today's customers in {days} days").format(days=number(result.value.horizon_days))
        figures.append(KeyFigure(spend, text, _("judged by earlier forecasts of this length"), rank=4))
    actions = (
        Action(_("Call or write to the late customers who spent most"), _late_came_back(result), _("now"), rank=3, chance=chance),
        Action(
            _("Leave a random part of them out, so that the next round can show what it brought"),
            _("needed for proof"),
            _("with the first message"),
            rank=4,
            chance=chance,
        ),
    )
    why = (_late_by_chance(result), check_sentence(result.checked).text, value_sentence(result.value, settings).text)
    return Finding(answer(result).heading, why, certainty, tuple(figures), actions, rank=3, chance=chance)
