"""How sure: how well each event is foretold, and how far probabilities and totals were off."""

from helpers.analyses.leaving import Check
from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.label_result import LabelResult
from helpers.analyses.predictions.labels import event_name
from helpers.analyses.predictions.models import MODELS, method_name
from helpers.analyses.predictions.result import Result
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import CustomerValue
from helpers.core.results import RunContext, Verdict
from helpers.core.wording import _, between, day, number, percent
from helpers.story import HowSure, Sentence

BY_LOT = 0.5  # area under the curve of a ranking by lot
LEAST_CALLED = 20  # called gone on the earlier day; fewer show nothing
FEW_BACK = 0.1  # of whom at most so large a share came back (both: our conventions)


def verdict(result: Result) -> Verdict:
    """Return go where enough were called gone on an earlier day, and few of them came back."""
    checked = result.checked
    if checked is None or checked.called("gone") < LEAST_CALLED:
        return Verdict("caution", _("too few to check it by"))
    if checked.came_back("gone") > FEW_BACK * checked.called("gone"):
        return Verdict("caution", _("many called gone came back"))
    return Verdict("go", _("checked on your own history"))


def check_sentence(checked: Check | None) -> Sentence:
    """Say how many of those called late and gone on an earlier day came back."""
    if checked is None:
        return Sentence(_("The history is too short to check how many of those called gone come back."))
    day_then = day(checked.day.date())
    if checked.late_come_back:
        text = _("Most of those late on {day} by the same rule came back: being late says little here, and nobody is called gone.")
        return Sentence(text.format(day=day_then))
    if not checked.called("gone"):
        return Sentence(_("By the same rule nobody was gone on {day}, so the rule cannot be checked yet.").format(day=day_then))
    row = checked.table.set_index("status").loc["gone"]
    text = _("Of {n} called gone on {day} by the same rule, {back} came back within {days} days ({share}, likely {range}).")
    if checked.ceiling < checked.borders[2]:
        text = _(
            "Of {n} called gone on {day} by the same rule, {back} came back within {days} days ({share}, likely {range}): too many to "
            "call anybody gone today, however long the silence."
        )
    return Sentence(
        text.format(
            n=number(checked.called("gone")),
            day=day_then,
            back=number(checked.came_back("gone")),
            days=number(checked.window_days),
            share=percent(row["share_back"]),
            range=between(percent(row["low"]), percent(row["high"])),
        )
    )


def ranking_sentence(judged: Judged | LabelResult) -> Sentence:
    """Say how well one event is foretold, beside the best simple rule where a model is used."""
    row = judged.methods[judged.methods["chosen"]].iloc[0]
    best = judged.methods.set_index("method").loc[judged.best_baseline]
    text = _(
        "Of two customers, one with and one without the event ({event}), the list puts the right one first {auc} of the time "
        "(likely {range}); the best simple rule, {rule}, does so {simple} of the time."
    )
    if judged.chosen == "base rate":
        text = _("{event}: neither a model nor a simple rule ranks customers better than chance on the period kept apart.")
        if judged.best_baseline == "as last year" and best["low"] > BY_LOT:
            text = _(
                "{event}: only who bought in the same weeks last year tells more than chance ({simple} of pairs in the right order); "
                "everybody gets the same probability."
            )
    elif judged.chosen not in MODELS:
        text = _(
            "Of two customers, one with and one without the event ({event}), a simple rule ({chosen}) puts the right one first {auc} of "
            "the time (likely {range}); no model beats the best rule by more than chance, so the rule is used."
        )
    return Sentence(
        text.format(
            event=event_name(judged.event, start=judged.chosen == "base rate"),
            auc=percent(row["auc"]),
            range=between(percent(row["low"]), percent(row["high"])),
            chosen=method_name(judged.chosen),
            rule=method_name(judged.best_baseline),
            simple=percent(best["auc"]),
        )
    )


def model_sentence(judged: Judged) -> Sentence:
    """Say which model was chosen for one event, and why."""
    text = {
        "rule": _("{event}: a simple rule is used ({rule}), because no model beats it by more than chance on the period kept apart."),
        "nothing": _("{event}: everybody gets the base rate, because nothing ranks customers better than chance on the period kept apart."),
        "wins": _("{event}: boosted trees are used, because they win by more than chance on customers they had not seen."),
        "not_shown": _("{event}: the simple model is used; boosted trees were tried and do not win by more than chance."),
    }.get(judged.why, _("{event}: the simple model is used; with so few customers boosted trees lose."))
    return Sentence(text.format(event=event_name(judged.event, start=True), rule=method_name(judged.chosen)))


def silence_sentences(judged: Judged) -> list[str]:
    """Say for which customers the probabilities were off: those on time, late, or silent by their own gaps."""
    words = {
        "on time": _("{event}: of customers who are on time by their own rhythm, {forecast} was foretold and {observed} came true."),
        "late": _("{event}: of customers who are one to two of their own gaps silent, {forecast} was foretold and {observed} came true."),
        "silent": _("{event}: of customers who are over two of their own gaps silent, {forecast} was foretold and {observed} came true."),
    }
    return [
        words[row.silence].format(
            event=event_name(judged.event, start=True), forecast=percent(row.forecast_share), observed=percent(row.observed_share)
        )
        for row in judged.by_silence[judged.by_silence["off"]].itertuples()
    ]


def reliability_sentence(judged: Judged | LabelResult) -> Sentence:
    """Say how far the probabilities are from what came true."""
    text = _("{event}: what was foretold and what came true lie {error} apart on average (Brier score {brier}).")
    brier = judged.methods.loc[judged.methods["chosen"], "brier"].iloc[0]
    event = event_name(judged.event, start=True)
    return Sentence(text.format(event=event, error=percent(judged.calibration_error, 1), brier=number(brier, 3)))


def holdout_sentence(value: CustomerValue, settings: Settings) -> Sentence:
    """Say how far the forecast was off on the part kept apart."""
    test = value.holdout
    if test is None:
        return Sentence(_("There was not enough history to keep a part apart."))
    text = _("On the last {days} days, kept apart, the total was off by {error}; 'same as before' was off by {same}.")
    return Sentence(
        text.format(days=number(settings.value_holdout_days), error=percent(abs(test.error)), same=percent(abs(test.error_same)))
    )


def _learnt_sentence(judged: Judged) -> str:
    dates = [day(cut_off.date()) for cut_off in judged.cut_offs.training]
    learnt = _("Learnt on the state of {learn}; judged on that of {judge}.")
    return " ".join((model_sentence(judged).text, learnt.format(learn=", ".join(dates), judge=day(judged.cut_offs.judge.date()))))


def how_sure(result: Result, settings: Settings, context: RunContext) -> HowSure:
    """Say how this was computed, on which dates it was judged, and where it ends."""
    return HowSure(
        {
            _("Method"): (
                _("Each customer is held against the own gaps between orders, drawn towards those of all customers where there are few."),
                *(_learnt_sentence(judged) for judged in result.judged.values()),
            ),
            _("Settings"): _(
                "Hesitant, about to leave and gone: from a probability of {hesitant}, {leaving} and {gone} that no order comes any more, "
                "and never before one own gap has passed."
            ).format(hesitant=percent(settings.hesitant_from), leaving=percent(settings.leaving_from), gone=percent(settings.gone_from)),
            _("Checks"): (
                check_sentence(result.checked).text,
                _("Every feature was computed again without the rows after its date and came out the same."),
                *(reliability_sentence(judged).text for judged in result.judged.values()),
            ),
            _("Limits"): (
                _("A probability says what will happen, not what a message changes; only a test with a control group shows that."),
                *(sentence for judged in result.judged.values() for sentence in silence_sentences(judged)),
                *result.notes,
            ),
        }
    )
