"""Pictures of the predictions."""

import pandas as pd

from helpers import charts
from helpers.analyses.leaving import STATUSES
from helpers.analyses.predictions.holdout import Holdout
from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.label_result import LabelResult
from helpers.analyses.predictions.labels import event_name
from helpers.analyses.predictions.models import method_name
from helpers.analyses.predictions.status import status_name
from helpers.core.wording import _, money, number, percent, plural
from helpers.story import Picture


def methods_picture(judged: Judged | LabelResult) -> Picture:
    """Draw how well each method ranks, with its interval, the chosen one marked."""
    frame = judged.methods
    caption = _("How well {event} is foretold: 0.50 is guessing, 1.00 is perfect (area under the curve)")
    return charts.bars(
        [method_name(name) for name in frame["method"]],
        list(frame["auc"]),
        low=list(frame["low"]),
        high=list(frame["high"]),
        highlight=int(frame["chosen"].argmax()),
        formatter=lambda value: number(value, 2),
        caption=caption.format(event=event_name(judged.event)),
    )


def reliability_picture(judged: Judged | LabelResult) -> Picture:
    """Draw forecast against outcome in ten groups; on the line the probabilities are right."""
    frame = judged.reliability
    figure, axes = charts.blank(7.2, 3.6)
    axes.plot([0, 100], [0, 100], ":", linewidth=1)
    centre = 100 * frame["observed_share"]
    axes.errorbar(
        100 * frame["forecast_share"],
        centre,
        fmt="o",
        linewidth=1,
        yerr=[(centre - 100 * frame["low"]).clip(lower=0), (100 * frame["high"] - centre).clip(lower=0)],
    )
    axes.set_xlabel(_("foretold, %"))
    axes.set_ylabel(_("came true, %"))
    caption = _("{event}: what was foretold and what came true, ten groups of customers").format(event=event_name(judged.event, start=True))
    alt = _("{caption}. On average {error} apart.").format(caption=caption, error=percent(judged.calibration_error, 1))
    table = pd.DataFrame(
        {
            _("Customers"): frame["customers"].map(number),
            _("Foretold"): frame["forecast_share"].map(percent),
            _("Came true"): frame["observed_share"].map(percent),
        }
    )
    return charts.picture(figure, caption, alt, table)


def gains_picture(judged: Judged) -> Picture:
    """Draw the money gained by contacting the first N of the list."""
    gains = judged.gains
    figure, axes = charts.blank(7.2, 3.4)
    names = [name for name in (judged.chosen, gains.baseline) if name in gains.curve]
    for name, style in zip(dict.fromkeys(names), ("-", "--"), strict=False):
        axes.plot(gains.curve["customers"], gains.curve[name], style, label=method_name(name))
    axes.axvline(gains.best_n, linewidth=1, linestyle=":")
    axes.set_xlabel(_("customers contacted, from the top of the list"))
    axes.set_ylabel(_("gain"))
    axes.yaxis.set_major_formatter(lambda value, _place: money(value))
    axes.legend(frameon=False)
    caption = _("Gain of contacting the first customers of the list ({event})").format(event=event_name(judged.event))
    best = plural("{n} customer", "{n} customers", gains.best_n)
    alt = _("{caption}: at its highest {gain}, at {best}.").format(caption=caption, gain=money(gains.gain), best=best)
    table = gains.curve.iloc[:: max(1, len(gains.curve) // 10)][["customers", *dict.fromkeys(names)]].round(0)
    return charts.picture(figure, caption, alt, table.rename(columns={name: method_name(name) for name in names}))


def status_picture(profile: pd.DataFrame) -> Picture:
    """Draw how many customers have each status."""
    frame = profile.set_index("status").reindex(list(STATUSES)).fillna({"customers": 0})
    caption = _("Customers per status, on the day of this round")
    return charts.bars([status_name(name) for name in frame.index], list(frame["customers"]), caption=caption)


def holdout_picture(holdout: Holdout) -> Picture:
    """Draw orders foretold, orders that came and orders of the period before, in total."""
    total = holdout.table.set_index("group").loc["all"]
    names = {"actual": _("came true"), "forecast": _("foretold by the model"), "same_as_before": _("same as before")}
    caption = _("Orders in the part of the history kept apart")
    return charts.bars(list(names.values()), [total[name] for name in names], caption=caption, highlight=0)
