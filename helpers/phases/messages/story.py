"""The messages in words: the plan, the choice per group, what an earlier test says, and how sure that is."""

from helpers.core.results import Action, Finding, KeyFigure, Verdict
from helpers.core.wording import _, between, day, nearly, number, percent
from helpers.phases.messages.analysis import Advice
from helpers.phases.messages.mailing_days import LEAST_DAYS
from helpers.phases.messages.settings import Settings
from helpers.phases.messages.uplift import Uplift
from helpers.phases.messages.which_message import LEAST_CONTACTS, Choice
from helpers.story import Answer, HowSure, Sentence, Table
from helpers.story.chance import chance_words


def answer(advice: Advice) -> Answer:
    """Say how many messages go out and how many are held back."""
    plan = advice.plan
    if plan.messages.empty and plan.held.empty:
        return Answer(_("No rule asks for a message now"), (_("Write rules under messages in client.yml."),))
    heading = _("{n} messages can go out; {held} are held back").format(n=number(len(plan.messages)), held=number(len(plan.held)))
    counts = plan.held["reason"].value_counts()
    reasons = [text().format(n=number(int(counts[reason]))) for reason, text in _HELD_BACK.items() if reason in counts]
    if "person_id" in plan.messages:
        firms, persons = (number(plan.messages[name].nunique()) for name in ("customer_id", "person_id"))
        reasons.insert(0, _("They go to {persons} persons; {firms} firms get a message.").format(persons=persons, firms=firms))
    return Answer(heading, tuple(reasons))


_HELD_BACK = {
    "opted out": lambda: _("{n} because the person objected to marketing."),
    "no consent": lambda: _("{n} because there is no consent."),
    "cap": lambda: _("{n} because the person would hear from us too often."),
}
_CHANNELS = {
    "sales letter": lambda: _("sales letter"),
    "e-mail": lambda: _("e-mail"),
    "postcard": lambda: _("postcard"),
    "SMS": lambda: _("SMS"),
}


def plan_table(advice: Advice) -> Table:
    """Return the plan as counts per day, message and channel."""
    by = ["decide_date", "arrive_date", "message", "channel"]
    frame = advice.plan.messages.groupby(by).size().rename("people").reset_index()
    frame["channel"] = frame["channel"].map(lambda name: _CHANNELS[name]() if name in _CHANNELS else name)
    columns = {
        "message": (_("Message"), "text"),
        "channel": (_("Channel"), "text"),
        "decide_date": (_("Hand over on"), "date"),
        "arrive_date": (_("Arrives on"), "date"),
        "people": (_("People"), "number"),
    }
    return Table(frame, _("Messages of the coming days, by day and channel"), columns)


def rates_table(advice: Advice) -> Table:
    """Return response per group and message."""
    columns = {
        "group": (_("Group"), "text"),
        "message": (_("Message"), "text"),
        "sent": (_("Sent"), "number"),
        "rate": (_("Responded"), "percent1"),
        "shrunk_rate": (_("Best guess"), "percent1"),
        "low": (_("Likely from"), "percent1"),
        "high": (_("Likely to"), "percent1"),
    }
    return Table(advice.rates, _("Response in past campaigns, by message and by the group that customers are in today"), columns)


def choice_sentence(choice: Choice) -> Sentence:
    """Say which message will probably do best in a group, or what to test."""
    words = {"group": choice.group, "best": choice.best, "other": choice.runner_up, "n": number(choice.per_message)}
    if choice.verdict == "probably best" and choice.chance is not None:
        text = _("In {group}, {best} will probably do best; the chance that this is right is {chance}. It leads {other} by {lead}.")
        text = text.format(chance=nearly(choice.chance_best), lead=_per_hundred(choice.chance.figure), **words)
        return Sentence(f"{text} {chance_words(choice.chance, _per_hundred)}")
    if choice.verdict == "never on one day":
        text = _(
            "In {group} nobody can tell {best} from {other}: they never went out on the same day, so the day may be the reason. "
            "Send both on one day, to {n} people each, drawn by chance."
        )
        return Sentence(text.format(**words))
    if choice.verdict == "test these two":
        text = _("In {group} it is not settled: test {best} against {other}, with {n} people for each.")
        return Sentence(text.format(**words))
    text = _("In {group} nobody knows yet which message does best: test two, with {n} people for each.")
    return Sentence(text.format(**words))


def _per_hundred(share: float) -> str:
    return _("{n} responses per 100 contacts").format(n=number(100 * share, 1))


def uplift_sentence(uplift: Uplift | None) -> Sentence:
    """Say whether choosing people by uplift pays, and with what certainty."""
    if uplift is None:
        return Sentence(_("No earlier test with a control group is named, so nobody knows whom a message changes."))
    if uplift.verdict == "too few":
        text = _("The earlier test has too few responses ({n} in the smaller half) to say whom the message changes.")
        return Sentence(text.format(n=number(uplift.responses)))
    if uplift.verdict == "beats both":
        text = _(
            "Choose people by what the message changes in them: that beats choosing by who responds, with a certainty "
            "of {sure}. Over everyone the message adds {effect} (likely {range})."
        )
    else:
        text = _(
            "Choosing people by what the message changes in them adds nothing that can be shown: the certainty that it "
            "beats choosing by who responds is {sure}. The message itself adds {effect} over everyone (likely {range})."
        )
    return Sentence(
        text.format(
            sure=percent(uplift.chance_beats_response, 1),
            effect=percent(uplift.effect, 1),
            range=between(percent(uplift.effect_low, 1), percent(uplift.effect_high, 1)),
        )
    )


def how_sure(advice: Advice, settings: Settings) -> HowSure:
    """Say how this was computed and how far it holds."""
    return HowSure(
        {
            _("Method"): _(
                "The best guess of a message is drawn towards the other messages of its group, as far as these are alike "
                "(beta-binomial). A message is called best only where its lead, compared day by day, is more than chance gives. What "
                "an earlier test changed is judged with two models, one per half, on people the models did not see (Radcliffe 2007)."
            ),
            _("Settings"): _("At most {week} messages in 7 days and {month} in 30 days per person, over all channels.").format(
                week=number(settings.caps.in_7_days), month=number(settings.caps.in_30_days)
            ),
            _("Limits"): (
                _("Past messages are counted by the group that a customer is in today; who answered may have changed group since."),
                _(
                    "For messages with fewer than {n} contacts, or where the messages went out on fewer than {days} days, no range is "
                    "given: it would not hold."
                ).format(n=number(LEAST_CONTACTS), days=number(LEAST_DAYS)),
                _("People who got a message several times count each time."),
                _("Where people were chosen and not drawn by chance, a high response may come from who they were."),
                _("Without consent nobody is written to; an objection beats every consent."),
            ),
        }
    )


def finding(advice: Advice) -> Finding:
    """Return the record for summary and report."""
    certainty = _("from past campaigns of this client") if len(advice.rates) else _("not tested yet")
    actions = [
        Action(
            _("Send {message} to {group}").format(message=choice.best, group=choice.group),
            _("right with a chance of {chance}").format(chance=nearly(choice.chance_best)),
            chance=choice.chance,
        )
        for choice in advice.choices
        if choice.verdict == "probably best"
    ]
    actions += [
        Action(
            _("Test {best} against {other} in {group}, {n} people each").format(
                best=choice.best, other=choice.runner_up, group=choice.group, n=number(choice.per_message)
            ),
            _("not settled yet"),
        )
        for choice in advice.choices
        if choice.verdict in ("test these two", "never on one day")
    ]
    verdict = Verdict("go", _("tested")) if advice.uplift and advice.uplift.verdict == "beats both" else None
    figures = (KeyFigure(number(len(advice.plan.messages)), _("messages that can go out"), certainty, rank=6),)
    first = advice.plan.messages["decide_date"].min() if len(advice.plan.messages) else None
    why = (_("The first are handed over on {date}.").format(date=day(first)),) if first is not None else ()
    return Finding(answer(advice).heading, (*why, *answer(advice).sentences), verdict, figures, tuple(actions), rank=6)
