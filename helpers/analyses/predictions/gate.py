"""May we: whether a client's orders can carry a forecast at all."""

import math
from collections.abc import Mapping

import pandas as pd

from helpers.analyses.gates import GateBuilder
from helpers.analyses.predictions.detect import Detectable, detectable
from helpers.analyses.predictions.given_label import label_gate
from helpers.analyses.predictions.judging import LEAST_CUSTOMERS, LEAST_OF_EACH, NOTHING, EventCounts, counts_at
from helpers.analyses.predictions.labels import Event, events
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.windows import HISTORY_DAYS, cut_offs, known_orders
from helpers.core.results import Gate, RunContext, Verdict
from helpers.core.wording import _, day, number

CAUTION_CUSTOMERS = 250
CAUTION_OF_EACH = 50
MONTH_DAYS = 365.25 / 12
SHORTEST = 28  # days; a label window shorter than four weeks is not tried


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Tell whether orders can carry a forecast or, where they cannot and a label is declared, whether that can be learnt."""
    gate = gate_of_orders(tables, settings, context)
    return label_gate(tables, settings) if gate.closed and settings.label is not None else gate


def gate_of_orders(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Tell whether this client's orders can carry a forecast.

    Returns
    -------
    Closed without two cut-offs of four weeks, with fewer than 100 customers, or fewer than 20 of either outcome;
    a caution under 250 customers or 50 of either outcome (our conventions), or where a trial on customers drawn
    again may be no better than chance. Where only the outcomes are missing, as in a shop in which all buy once a year, a caution
    too: 100 customers of whom 20 came back have a rhythm.
    """
    known = orders_of(tables, context)
    # Buying has to be possible; rising may be left out later.
    counts = _counts(events(settings, history_days(known))[0], known, context, settings)
    customers, least, windows = counts.customers, counts.least, counts.windows
    needs = _(
        "two periods of at least {days} days to learn from and to judge on, after {start} days of history; {customers} "
        "customers; and {least} who did and {least} who did not"
    ).format(days=number(SHORTEST), start=number(HISTORY_DAYS), customers=number(LEAST_CUSTOMERS), least=number(LEAST_OF_EACH))
    has = _("{history} days of orders, {windows} periods, {customers} customers, {least} of the rarer outcome").format(
        history=number(history_days(known)), windows=number(windows), customers=number(customers), least=number(least)
    )
    if too_far := _too_far(known, settings):
        builder = GateBuilder(needs, has, _("Leave predictions.horizon_days out: the longest time that the history carries is used."))
        return builder.not_yet(*too_far)
    if windows < 2 or customers < LEAST_CUSTOMERS or least < LEAST_OF_EACH:
        if windows >= 2 and have_rhythm(known):
            reason = _("Who buys within the coming weeks cannot be learnt, but who is late by the own rhythm can be said.")
            unlock = _("{least} customers who came back in the weeks looked at, and {least} not").format(least=number(LEAST_OF_EACH))
            instead = _("Use who is late and when each is expected.")
            return Gate(Verdict("caution", _("rhythm only")), needs, has, reason, unlock, instead, _rhythm_sentence(known))
        return _closed(known, windows, needs, has, settings.label is not None)
    trial = _trial(known, context, settings)
    trial_sentence = trial.sentence() if trial else ""
    instead = _("Use the groups, not the exact probabilities.")
    if customers < CAUTION_CUSTOMERS or least < CAUTION_OF_EACH:
        reason = _("With so few customers the order of the list is rough.")
        unlock = _("{n} customers with an order").format(n=number(CAUTION_CUSTOMERS))
        return Gate(Verdict("caution", _("few customers")), needs, has, reason, unlock, instead, trial_sentence)
    if trial is None or not trial.above_chance:
        reason = _("Tried on customers drawn again, the order of the list may be no better than chance.")
        unlock = _("More customers, or something that is known of them before they come back")
        return Gate(Verdict("caution", _("close to chance")), needs, has, reason, unlock, instead, trial_sentence)
    reason = _("There is enough history to learn from and to judge on.")
    return Gate(Verdict("go", _("enough history")), needs, has, reason, detectable=trial_sentence)


def have_rhythm(known: pd.DataFrame) -> bool:
    """Tell whether there are 100 customers of whom 20 ordered on more than one day (our convention)."""
    days = known[known["order_amount"] > 0].groupby("customer_id")["order_day"].nunique()
    return len(days) >= LEAST_CUSTOMERS and int((days > 1).sum()) >= LEAST_OF_EACH


def _rhythm_sentence(known: pd.DataFrame) -> str:
    """Say after how long a customer who stops can be seen."""
    days = known.loc[known["order_amount"] > 0, ["customer_id", "order_day"]].drop_duplicates().sort_values(["customer_id", "order_day"])
    gaps = days.groupby("customer_id")["order_day"].diff().dt.days
    text = _("Half of the next orders come within {days} days; that somebody stopped can be seen only after that.")
    return text.format(days=number(gaps.median()))


def _too_far(known: pd.DataFrame, settings: Settings) -> tuple[str, str] | None:
    """Return why a time ahead that the client asks for cannot be learnt and judged, and what unlocks it; None where none is too long."""
    needed = HISTORY_DAYS + 2 * settings.horizon_days
    if "horizon_days" not in settings.model_fields_set or not len(known) or history_days(known) >= needed:
        return None
    reason = _(
        "{asked} days ahead cannot be foretold from {history} days of orders: one such time is learnt from, and the next one judges."
    )
    months = number(math.ceil(needed / MONTH_DAYS))
    return (
        reason.format(asked=number(settings.horizon_days), history=number(history_days(known))),
        _("You need {months} months of orders, or a shorter time ahead in client.yml.").format(months=months),
    )


def _trial(known: pd.DataFrame, context: RunContext, settings: Settings) -> Detectable | None:
    buys = events(settings, history_days(known))[0]
    days = cut_offs(known, context.as_of, buys.horizon_days, settings.training_windows)
    return detectable(buys, known, days, context.seed) if days else None


def _closed(known: pd.DataFrame, windows: int, needs: str, has: str, labelled: bool) -> Gate:
    instead = _("Sort customers by the days since their last order; that needs no model.")
    if windows < 2 and len(known):
        start = known["order_day"].min() + pd.Timedelta(days=HISTORY_DAYS + 2 * SHORTEST)
        reason = _("The history is too short to learn from one period and to judge on the next.")
        unlock = _("orders up to {date}").format(date=day(start.date()))
    elif not len(known):
        reason = _("There are no orders, and no label is declared that could be learnt from.")
        unlock = _("a table of orders, or a column that says who left (predictions.label)")
        if labelled:
            reason, unlock = _("There are no orders from which buying could be foretold."), _("a table of orders")
        return Gate(Verdict("not_yet", _("too little to learn from")), needs, has, reason, unlock, _("Use the label, or collect one."))
    else:
        reason = _("Too few customers did, or did not do, what should be foretold.")
        unlock = _("{n} customers, of whom {least} came back and {least} did not").format(
            n=number(LEAST_CUSTOMERS), least=number(LEAST_OF_EACH)
        )
    return Gate(Verdict("not_yet", _("too little to learn from")), needs, has, reason, unlock, instead)


def orders_of(tables: Mapping[str, pd.DataFrame], context: RunContext) -> pd.DataFrame:
    """Return the orders that may be used, none when there is no such table."""
    orders = tables.get("orders")
    if orders is None:
        orders = pd.DataFrame(
            {"customer_id": pd.Series(dtype=str), "order_date": pd.Series(dtype="datetime64[ns]"), "order_amount": pd.Series(dtype=float)}
        )
    return known_orders(orders, context.as_of)


def history_days(known: pd.DataFrame) -> int:
    """Return the days between the first and the last order."""
    return int((known["order_day"].max() - known["order_day"].min()).days) if len(known) else 0


def _counts(event: Event, known: pd.DataFrame, context: RunContext, settings: Settings) -> EventCounts:
    # A window that the client made short on purpose is tried all the same.
    if event.horizon_days < SHORTEST and event.horizon_days < settings.horizon_days:
        return EventCounts(customers=int(known["customer_id"].nunique()), least=0, windows=0)
    days = cut_offs(known, context.as_of, event.horizon_days, settings.training_windows)
    return counts_at(event, known, days) if days else NOTHING
