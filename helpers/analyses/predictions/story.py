"""What the predictions say."""

from __future__ import annotations

from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.room import Result
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value_story import value_sentence
from helpers.analyses.predictions.words import event_name, method_name, status_name
from helpers.core.results import Action, Finding, KeyFigure, RunContext, Verdict
from helpers.core.wording import _, between, day, money, number, percent
from helpers.story import Answer, HowSure, Sentence, Table


def answer(result: Result) -> Answer:
    """Say how many are about to leave, and how far that can be trusted."""
    leaving, loyal = _count(result, "about to leave"), _count(result, "loyal")
    heading = _("{n} customers are about to leave; {loyal} are loyal").format(n=number(leaving), loyal=number(loyal))
    return Answer(heading, (ranking_sentence(result.judged["leave"]).text, *result.notes), verdict(result))


def verdict(result: Result) -> Verdict:
    """Return go where the model beats every simple rule beyond chance and its probabilities are right."""
    leave = result.judged["leave"]
    if leave.auc_lead_low > 0 and leave.calibration_error <= 0.05:
        return Verdict("go", _("better than simple rules"))
    if leave.auc_lead > 0:
        return Verdict("caution", _("little better than a simple rule"))
    return Verdict("caution", _("no better than a simple rule"))


def _count(result: Result, status: str) -> int:
    return int(result.profile.loc[result.profile["status"] == status, "customers"].sum())


def ranking_sentence(judged: Judged) -> Sentence:
    """Say how well one event is foretold, beside the best simple rule."""
    row = judged.methods[judged.methods["chosen"]].iloc[0]
    best = judged.methods.set_index("method").loc[judged.best_baseline]
    text = _(
        "Of two customers, one with and one without the event ({event}), the list puts the right one first "
        "{auc} of the time "
        "(likely {range}); the best simple rule, {rule}, does so {simple} of the time."
    )
    return Sentence(
        text.format(
            event=event_name(judged.event),
            auc=percent(row["auc"]),
            range=between(percent(row["low"]), percent(row["high"])),
            rule=method_name(judged.best_baseline),
            simple=percent(best["auc"]),
        )
    )


def model_sentence(judged: Judged) -> Sentence:
    """Say which model was chosen for one event, and why."""
    text = {
        "wins": _("{event}: boosted trees are used, because they win by more than chance on customers they had not seen."),
        "not_shown": _("{event}: the simple model is used; boosted trees were tried and do not win by more than chance."),
    }.get(judged.why, _("{event}: the simple model is used; with so few customers boosted trees lose."))
    return Sentence(text.format(event=event_name(judged.event, start=True)))


def reliability_sentence(judged: Judged) -> Sentence:
    """Say how far the probabilities are from what came true."""
    text = _("{event}: what was foretold and what came true lie {error} apart on average (Brier score {brier}).")
    brier = judged.methods.loc[judged.methods["chosen"], "brier"].iloc[0]
    event = event_name(judged.event, start=True)
    return Sentence(text.format(event=event, error=percent(judged.calibration_error, 1), brier=number(brier, 3)))


def gains_sentence(judged: Judged, settings: Settings) -> Sentence:
    """Say what contacting the top of the list brings, and on which assumption."""
    found, event = judged.gains, event_name(judged.event, start=True)
    if found.gain <= 0:
        text = _("{event}: at {cost} per contact no list pays, unless a contact adds more than assumed ({effect} of the buyers).")
        cost = money(settings.contact_cost, 2)
        return Sentence(text.format(event=event, cost=cost, effect=percent(settings.contact_effect)))
    text = _(
        "{event}: contacting the first {n} of this list would have brought {gain}, the best simple rule {simple}, "
        "and everyone {everyone}; "
        "assuming that {effect} of the buyers among them buy because of the contact, which only a pilot "
        "can show."
    )
    return Sentence(
        text.format(
            event=event,
            n=number(found.best_n),
            gain=money(found.gain),
            simple=money(found.gain_of_baseline),
            everyone=money(found.gain_of_everyone),
            effect=percent(settings.contact_effect),
        )
    )


def status_table(result: Result) -> Table:
    """Return customers per status."""
    frame = result.profile.assign(name=[status_name(status) for status in result.profile["status"]])
    columns = {
        "name": (_("Status"), "text"),
        "customers": (_("Customers"), "number"),
        "share": (_("Share"), "percent"),
        "propensity_buy_again": (_("Buys again"), "percent"),
        "propensity_leave": (_("Leaves"), "percent"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "expected_value": (_("Expected to spend"), "money"),
    }
    return Table(frame, _("Customers per status, with their mean probabilities and total spend"), columns)


def changes_sentence(result: Result) -> Sentence:
    """Say what changed since the previous round: the morning overview."""
    if not result.has_previous:
        return Sentence(_("There is no previous round yet; the next one shows who changed."))
    if result.moved.empty:
        return Sentence(_("Nobody changed status since the previous round."))
    worse = int((result.moved["status"].isin(("about to leave", "gone")) & (result.moved["status_before"] != "")).sum())
    text = _("{n} customers changed status since the previous round; {worse} of them are now about to leave or gone.")
    return Sentence(text.format(n=number(len(result.moved)), worse=number(worse)))


def changes_table(result: Result) -> Table | None:
    """Return how many went from which status to which; None where there is no previous round."""
    if not result.has_previous:
        return None
    frame = result.moved_counts.assign(
        before=[status_name(one) for one in result.moved_counts["status_before"]],
        now=[status_name(one) for one in result.moved_counts["status"]],
    )
    columns = {
        "before": (_("Before"), "text"),
        "now": (_("Now"), "text"),
        "customers": (_("Customers"), "number"),
    }
    return Table(frame, _("Changes of status since the previous round"), columns)


def leavers_table(result: Result, most: int = 10) -> Table:
    """Return the first of the customers about to leave, in the order of the exported list, with reasons."""
    frame = result.leavers.head(most)
    columns = {
        "customer_id": (_("Customer"), "id"),
        "propensity_leave": (_("Leaves"), "percent"),
        "since": (_("Since"), "date"),
        "last_order_date": (_("Last order"), "date"),
        "monetary_year": (_("Spent in the last year"), "money"),
        "reason_leave": (_("Why"), "note"),
    }
    return Table(frame, _("Customers about to leave, who spent most first"), columns)


def how_sure(result: Result, settings: Settings, context: RunContext) -> HowSure:
    """Say how this was computed, on which dates it was judged, and where it ends."""
    leave = result.judged["leave"]
    dates = [day(one.date()) for one in leave.cut_offs.training]
    return HowSure(
        {
            _("Method"): (
                model_sentence(leave).text,
                _("Learnt on the state of {learn}; judged on that of {judge}.").format(
                    learn=", ".join(dates), judge=day(leave.cut_offs.judge.date())
                ),
            ),
            _("Settings"): _(
                "A customer has left when {patience} times the own gap between orders passes without an order, at most {days} days."
            ).format(patience=number(settings.patience, 1), days=number(leave.horizon_days)),
            _("Checks"): (
                _("Every feature was computed again without the rows after its date and came out the same."),
                *(reliability_sentence(one).text for one in result.judged.values()),
            ),
            _("Limits"): (
                _("A probability says what will happen, not what a message changes; only a test with a control group shows that."),
                *result.notes,
            ),
        }
    )


def finding(result: Result, settings: Settings) -> Finding:
    """Return the record for summary and report."""
    leave = result.judged["leave"]
    sure = verdict(result).word
    leaving = result.profile.loc[result.profile["status"] == "about to leave"]
    spent = float(leaving["monetary_year"].sum())
    figures = [
        KeyFigure(number(_count(result, "about to leave")), _("customers about to leave"), sure, rank=3),
        KeyFigure(money(spent), _("spent in the last year by customers about to leave"), sure, rank=4),
    ]
    if not result.value.refused:
        worth = between(money(result.value.low), money(result.value.high))
        text = _("expected from today's customers in {days} days").format(days=number(settings.value_horizon_days))
        figures.append(KeyFigure(worth, text, _("judged on a part of the history kept apart"), rank=4))
    actions = (
        Action(_("Call or write to the customers about to leave who spent most"), sure, _("now"), rank=3),
        Action(
            _("Leave a random part of them out, so that the next round can show what it brought"),
            _("needed for proof"),
            _("with the first message"),
            rank=4,
        ),
    )
    why = (ranking_sentence(leave).text, value_sentence(result.value, settings).text)
    return Finding(answer(result).heading, why, verdict(result), tuple(figures), actions, rank=3)
