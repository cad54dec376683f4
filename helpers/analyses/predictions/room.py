"""The analysis as a whole: may we, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.analyses.predictions import status
from helpers.analyses.predictions.gate import history_days, orders_of, requires
from helpers.analyses.predictions.judging import Judged, judge, possible
from helpers.analyses.predictions.labels import band_edges, band_letters, events, value_band
from helpers.analyses.predictions.reasons import reasons
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.value import CustomerValue, customer_value
from helpers.analyses.predictions.windows import cut_offs, features_at
from helpers.analyses.predictions.words import event_name
from helpers.core.results import Gate, Refusal, RunContext
from helpers.core.wording import _, listing, number

READS = ("customer_table", "orders")


@dataclass(frozen=True)
class Result:
    """What the predictions found.

    Parameters
    ----------
    table : one row per customer: customer_id, status, since, since_at_least, propensity_buy_again,
        propensity_leave, propensity_next_segment (NaN where it cannot happen), last_order_date, value_band (A
        highest), monetary_year, probability_alive, expected_orders, expected_value, reason_buy_again,
        reason_leave.
    profile : one row per status: status, customers, share, propensity_buy_again, propensity_leave,
    monetary_year,
        expected_value (sum).
    quality : plain numbers.
    notes : sentences that limit the result.
    judged : per event, how well it is foretold.
    value : what today's customers will still spend.
    moved, moved_counts : who changed status since the previous round, by name and in numbers.
    has_previous : whether there was a previous round to compare with.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, float]
    notes: tuple[str, ...]
    judged: dict[str, Judged]
    value: CustomerValue
    moved: pd.DataFrame
    moved_counts: pd.DataFrame
    has_previous: bool

    @property
    def leavers(self) -> pd.DataFrame:
        """The customers about to leave, those who spent most in the last year first."""
        found = self.table[self.table["status"] == "about to leave"]
        return found.sort_values(["monetary_year", "customer_id"], ascending=[False, True], ignore_index=True)


def run(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Result | Refusal:
    """Foretell buying, leaving and rising per customer, with status, reasons and value.

    Parameters
    ----------
    tables : customer_table and orders; optional previous_status (customer_id, status) of the previous round.
    settings : the section ``predictions`` of client.yml.
    context : as-of date and seed.
    """
    gate = requires(tables, settings, context)
    if gate.closed:
        return Refusal(_("Nobody can say yet who will buy again and who will leave"), gate)
    known = orders_of(tables, context)
    judged, notes = {}, []
    for event in events(settings, history_days(known)):
        days = cut_offs(known, context.as_of, event.horizon_days, settings.training_windows)
        if possible(event, known, days)[0]:
            judged[event.name] = judge(event, known, context.as_of, settings, context.seed)
        else:
            notes.append(_("Who rises to the next value band cannot be foretold: too few customers did."))
    worth = customer_value(known, context.as_of, settings)
    table = _table(tables, known, judged, worth, settings, context)
    previous = tables.get("previous_status")
    moved = status.changes(previous, table)
    notes += _notes(known, judged, settings, gate)
    return Result(
        table,
        _profile(table),
        _quality(judged, worth),
        tuple(notes),
        judged,
        worth,
        moved,
        status.change_counts(moved),
        previous is not None and len(previous) > 0,
    )


def _table(tables, known, judged, worth: CustomerValue, settings: Settings, context: RunContext) -> pd.DataFrame:
    through = pd.Timestamp(context.as_of)
    features = features_at(known, through)
    now = status.statuses(known, judged["leave"].model, through, settings)
    edges = band_edges(features, settings.value_bands)
    bands = value_band(features, edges)
    frame = now.assign(propensity_buy_again=judged["buy_again"].forecast(features))
    frame["propensity_next_segment"] = float("nan")
    if "next_segment" in judged:
        can_rise = bands < len(edges)
        rising = judged["next_segment"].forecast(features[can_rise]) if can_rise.any() else []
        frame.loc[can_rise, "propensity_next_segment"] = rising
    frame["value_band"] = band_letters(bands, edges)
    frame["monetary_year"] = features["monetary_year"]
    money = worth.per_customer.set_index("customer_id").reindex(frame.index).astype(float)
    frame = frame.join(money)
    for event in ("buy_again", "leave"):
        frame[f"reason_{event}"] = reasons(judged[event].model, features)
    frame.insert(0, "customer_id", frame.index)
    listed = tables.get("customer_table")
    if listed is not None:  # who is not in the customer table (such as who objected) is not scored
        frame = frame[frame["customer_id"].isin(listed["customer_id"].astype(str))]
    return frame.reset_index(drop=True).sort_values("customer_id", ignore_index=True)


def _profile(table: pd.DataFrame) -> pd.DataFrame:
    by = table.groupby("status")
    frame = by.agg(
        customers=("customer_id", "size"),
        propensity_buy_again=("propensity_buy_again", "mean"),
        propensity_leave=("propensity_leave", "mean"),
        monetary_year=("monetary_year", "sum"),
    )
    frame["expected_value"] = by["expected_value"].sum(min_count=1)
    frame = frame.reindex([name for name in status.STATUSES if name in frame.index])
    frame.insert(1, "share", frame["customers"] / max(1, len(table)))
    return frame.rename_axis("status").reset_index()


def _quality(judged: dict[str, Judged], worth: CustomerValue) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, one in judged.items():
        numbers |= {
            f"{name}_auc": one.auc,
            f"{name}_calibration_error": one.calibration_error,
            f"{name}_brier": float(one.methods.loc[one.methods["chosen"], "brier"].iloc[0]),
            f"{name}_auc_lead": one.auc_lead,
            f"{name}_share": one.share,
            f"{name}_customers": one.customers,
        }
    return numbers | {f"value_{name}": float(number) for name, number in worth.numbers.items()}


def _notes(known, judged: dict[str, Judged], settings: Settings, gate: Gate) -> list[str]:
    notes = [gate.reason] if gate.verdict.kind == "caution" else []
    asked = asked_horizons(settings)
    for name, one in judged.items():
        if one.horizon_days < asked[name]:
            notes.append(
                _("The history is too short for {asked} days ahead; {used} days are used.").format(
                    asked=number(asked[name]), used=number(one.horizon_days)
                )
            )
    off = [event_name(name) for name, one in judged.items() if one.calibration_error > 0.05]
    if off:
        text = _("The probabilities of {events} are off by more than they should; use them as a ranking.")
        notes.append(text.format(events=listing(off)))
    if (known["order_amount"] <= 0).any():
        notes.append(_("Credit notes lower a customer's spend and are not counted as orders."))
    return list(dict.fromkeys(notes))


def asked_horizons(settings: Settings) -> dict[str, int]:
    """Return the horizon in days that the client asked for, per event."""
    return {
        "buy_again": settings.horizon_days,
        "leave": settings.leave_horizon_days,
        "next_segment": settings.horizon_days,
    }
