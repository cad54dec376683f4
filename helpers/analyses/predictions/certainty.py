"""How sure: how well each event is foretold, and how far probabilities and totals were off."""

from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.label_result import LabelResult
from helpers.analyses.predictions.labels import event_name
from helpers.analyses.predictions.models import method_name
from helpers.analyses.predictions.result import CALIBRATED_WITHIN, Result
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import CustomerValue
from helpers.core.results import RunContext, Verdict
from helpers.core.wording import _, between, day, number, percent
from helpers.story import HowSure, Sentence


def verdict(result: Result) -> Verdict:
    """Return go where the model beats every simple rule beyond chance and its probabilities are right."""
    leave = result.judged["leave"]
    if leave.auc_lead_low > 0 and leave.calibration_error <= CALIBRATED_WITHIN:
        return Verdict("go", _("better than simple rules"))
    if leave.auc_lead > 0:
        return Verdict("caution", _("little better than a simple rule"))
    return Verdict("caution", _("no better than a simple rule"))


def ranking_sentence(judged: Judged | LabelResult) -> Sentence:
    """Say how well one event is foretold, beside the best simple rule."""
    row = judged.methods[judged.methods["chosen"]].iloc[0]
    best = judged.methods.set_index("method").loc[judged.best_baseline]
    text = _(
        "Of two customers, one with and one without the event ({event}), the list puts the right one first {auc} of the time "
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


def how_sure(result: Result, settings: Settings, context: RunContext) -> HowSure:
    """Say how this was computed, on which dates it was judged, and where it ends."""
    leave = result.judged["leave"]
    dates = [day(cut_off.date()) for cut_off in leave.cut_offs.training]
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
                *(reliability_sentence(judged).text for judged in result.judged.values()),
            ),
            _("Limits"): (
                _("A probability says what will happen, not what a message changes; only a test with a control group shows that."),
                *result.notes,
            ),
        }
    )
