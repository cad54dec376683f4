"""The result: one row per customer and per status, how good the forecasts are, and what limits them."""

from dataclasses import dataclass, replace

import pandas as pd

from helpers.analyses import leaving
from helpers.analyses.leaving import LATE, STATUSES, Check, Rhythms
from helpers.analyses.predictions.judging import Judged
from helpers.analyses.predictions.labels import band_edges, band_letters, event_name, value_band
from helpers.analyses.predictions.reasons import reasons, rhythm_words
from helpers.analyses.predictions.settings import Settings
from helpers.analyses.predictions.status import statuses
from helpers.analyses.predictions.value import CustomerValue
from helpers.analyses.predictions.windows import features_at
from helpers.core.results import Chance, Gate, RunContext
from helpers.core.wording import _, listing, number

LEAST_LATE = 5  # customers, called on an earlier day and today: fewer are no claim (our convention)
CALIBRATED_WITHIN = 0.05  # mean distance up to which probabilities are read as probabilities (our convention)


@dataclass(frozen=True)
class Result:
    """What the predictions say of every customer.

    Parameters
    ----------
    table : one row per customer: customer_id, status, propensity_leave (that no order comes any more), last_order_date, since,
        gap_days, next_low, next_date and next_high (when the next order is expected), propensity_buy_again and
        propensity_next_segment (NaN where it cannot happen or be learnt), value_band (A highest), monetary_year,
        probability_alive, expected_orders, expected_value, reason_buy_again, reason_leave.
    profile : one row per status: status, customers, share, propensity_buy_again, propensity_leave,
        monetary_year, expected_value (sum).
    quality : plain numbers.
    notes : sentences that limit the result.
    judged : per event, how well it is foretold; without those that cannot be learnt here.
    checked : how many of those called late or gone on an earlier day came back; None with too little history.
    late_chance : how many are late or gone, beside what chance gives where nobody leaves.
    value : what today's customers will still spend.
    moved, moved_counts : who changed status since the previous round, by name and in numbers.
    has_previous : whether there was a previous round to compare with.
    """

    table: pd.DataFrame
    profile: pd.DataFrame
    quality: dict[str, float]
    notes: tuple[str, ...]
    judged: dict[str, Judged]
    checked: Check | None
    late_chance: Chance
    value: CustomerValue
    moved: pd.DataFrame
    moved_counts: pd.DataFrame
    has_previous: bool

    @property
    def leavers(self) -> pd.DataFrame:
        """The customers who are late and not gone, those who spent most in the last year first."""
        leavers = self.table[self.table["status"].isin(LATE[:-1])]
        return leavers.sort_values(["monetary_year", "customer_id"], ascending=[False, True], ignore_index=True)


def customers_table(
    known: pd.DataFrame,
    judged: dict[str, Judged],
    value: CustomerValue,
    found: Rhythms,
    settings: Settings,
    context: RunContext,
    listed: pd.DataFrame | None,
) -> pd.DataFrame:
    """Return the forecasts, status, reasons and value of every customer; columns as in ``Result.table``.

    Parameters
    ----------
    known : from ``windows.known_orders``.
    judged : per event, where it can be foretold.
    value : the customer value.
    found : where each customer stands in his rhythm.
    settings, context : of the round.
    listed : the customer table; who is not in it (such as who objected) is not scored. None: everybody is.
    """
    through = pd.Timestamp(context.as_of)
    features = features_at(known, through)
    edges = band_edges(features, settings.value_bands)
    bands = value_band(features, edges)
    frame = statuses(known, found, settings).assign(propensity_buy_again=float("nan"), propensity_next_segment=float("nan"))
    frame["reason_buy_again"] = ""
    if "buy_again" in judged:
        frame["propensity_buy_again"] = judged["buy_again"].forecast(features)
        # Nobody both orders within the time ahead and never again; the first is judged on time that it has not seen.
        frame["propensity_leave"] = frame["propensity_leave"].clip(upper=1 - frame["propensity_buy_again"].fillna(0))
        frame["reason_buy_again"] = reasons(judged["buy_again"].model, features)
    if "next_segment" in judged:
        can_rise = bands < len(edges)
        if can_rise.any():
            frame.loc[can_rise, "propensity_next_segment"] = judged["next_segment"].forecast(features[can_rise])
    frame["value_band"] = band_letters(bands, edges)
    frame["monetary_year"] = features["monetary_year"]
    frame = frame.join(value.per_customer.set_index("customer_id").reindex(frame.index).astype(float))
    frame["reason_leave"] = [rhythm_words(gap, silent) for gap, silent in zip(frame["gap_days"], features["recency_days"], strict=True)]
    frame.insert(0, "customer_id", frame.index)
    if listed is not None:
        frame = frame[frame["customer_id"].isin(listed["customer_id"].astype(str))]
    return frame.reset_index(drop=True).sort_values("customer_id", ignore_index=True)


def status_profile(table: pd.DataFrame) -> pd.DataFrame:
    """Return customers, mean probabilities and total spend per status; columns as in ``Result.profile``."""
    by_status = table.groupby("status")
    profile = by_status.agg(
        customers=("customer_id", "size"),
        propensity_buy_again=("propensity_buy_again", "mean"),
        propensity_leave=("propensity_leave", "mean"),
        monetary_year=("monetary_year", "sum"),
    )
    profile["expected_value"] = by_status["expected_value"].sum(min_count=1)
    profile = profile.reindex([status for status in STATUSES if status in profile.index])
    profile.insert(1, "share", profile["customers"] / max(1, len(table)))
    return profile.rename_axis("status").reset_index()


def late_by_chance(found: Rhythms, checked: Check | None, table: pd.DataFrame, seed: int) -> Chance:
    """Return how many of the customers of the result are late or gone, beside how many would be where nobody leaves.

    It is a claim only where the same rule called some on an earlier day and most of them stayed away: a rule that was wrong then, or
    that nothing shows to be right, proves nothing today.
    """
    scored = found.table.loc[table["customer_id"]]
    chance = leaving.late_by_chance(scored, table["status"].isin(LATE).to_numpy(), seed)
    borne_out = checked is not None and sum(map(checked.called, LATE)) >= LEAST_LATE and not checked.late_come_back
    return chance if borne_out and chance.figure >= LEAST_LATE else replace(chance, p_value=1.0)


def quality_numbers(judged: dict[str, Judged], checked: Check | None) -> dict[str, float]:
    """Return the plain numbers that judge the forecasts, per event, and the check of who was called gone."""
    numbers: dict[str, float] = {}
    if checked is not None:
        numbers = {"called_gone": checked.called("gone"), "gone_came_back": checked.came_back("gone")}
    for name, event in judged.items():
        numbers |= {f"{name}_auc": event.auc, f"{name}_calibration_error": event.calibration_error, f"{name}_auc_lead": event.auc_lead}
    return numbers


def limits_of(known: pd.DataFrame, judged: dict[str, Judged], settings: Settings, gate: Gate) -> list[str]:
    """Return the sentences that limit the result: caution of the gate, shortened horizons, rough probabilities.

    Parameters
    ----------
    known : from ``windows.known_orders``.
    judged : per event, how well it is foretold.
    settings : with the horizons that the client wants.
    gate : of this round.
    """
    notes = [gate.reason] if gate.verdict.kind == "caution" else []
    for event in judged.values():
        if event.horizon_days < settings.horizon_days:
            notes.append(
                _("The history is too short for {asked} days ahead; {used} days are used.").format(
                    asked=number(settings.horizon_days), used=number(event.horizon_days)
                )
            )
    rough = [event_name(name) for name, event in judged.items() if event.calibration_error > CALIBRATED_WITHIN]
    if rough:
        text = _("The probabilities of {events} are off by more than they should; use them as a ranking.")
        notes.append(text.format(events=listing(rough)))
    if (known["order_amount"] <= 0).any():
        notes.append(_("Credit notes lower a customer's spend and are not counted as orders."))
    return list(dict.fromkeys(notes))
