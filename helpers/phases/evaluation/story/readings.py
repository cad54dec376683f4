"""What was counted, told: arm by arm, segment by segment, and against the months a year before."""

from __future__ import annotations

from helpers.core.wording import _, currency_sign, day, month, number, percent
from helpers.phases.evaluation.charts import arm_name
from helpers.phases.evaluation.room import Result
from helpers.story import Sentence, Table


def arms_table(result: Result) -> Table:
    """Return the arms side by side."""
    frame = result.profile.assign(arm=result.profile["arm"].map(arm_name))
    return Table(
        frame,
        _("The arms side by side, up to {day}").format(day=day(result.until)),
        {
            "arm": (_("Arm"), "text"),
            "people": (_("People"), "number"),
            "converted": (_("Converted"), "number"),
            "rate": (_("Share converted"), "percent1"),
            "revenue_per_person": (_("Revenue per person, {sign}").format(sign=currency_sign()), "money2"),
            "reached": (_("Really reached"), "percent"),
        },
    )


def segments_sentence(result: Result) -> Sentence:
    """Return in which segments an effect is proven, after correction for how many were looked at."""
    table = result.segments[result.segments["readable"].astype(bool)]
    if table.empty:
        return Sentence(_("No segment has enough conversions to be read on its own."))
    proven = table[table["p_holm"] <= result.alpha]
    if proven.empty:
        text = _("In none of {n} segments that can be read is an effect of its own proven, once so many looks are allowed for.")
        return Sentence(text.format(n=number(len(table))))
    parts = "; ".join(
        _("{segment}: {points} percentage points").format(segment=row.segment, points=number(100 * row.difference, 1))
        for row in proven.itertuples()
    )
    text = _("An effect of its own is proven in {n} of {all} segments ({parts}).")
    return Sentence(text.format(n=number(len(proven)), all=number(len(table)), parts=parts))


def segments_table(result: Result) -> Table:
    """Return the readings per segment."""
    frame = result.segments.sort_values("people", ascending=False, kind="stable").reset_index(drop=True)
    return Table(
        frame,
        _("Conversions per segment, treated against left out"),
        {
            "segment": (_("Segment"), "text"),
            "people": (_("People"), "number"),
            "treated_rate": (_("Treated"), "percent1"),
            "holdout_rate": (_("Left out"), "percent1"),
            "difference": (_("Difference"), "percent1"),
            "low": (_("from"), "percent1"),
            "high": (_("to"), "percent1"),
            "readable": (_("Enough data"), "yesno"),
        },
    )


def evolution_sentence(result: Result) -> Sentence:
    """Return how the months of the pilot compare with the same months of the year before."""
    mine = result.evolution[(result.evolution["arm"] == "treated") & (result.evolution["period"] == "during")]
    mine = mine.dropna(subset=["last_year"])
    if mine.empty:
        return Sentence(
            _(
                "The data do not reach back to the same months of the year before, so a season cannot be told apart; the "
                "comparison with those left out does not need it."
            )
        )
    text = _(
        "From {first} to {last} on average {now} of the treated converted a month, against {then} in the same "
        "months a year before; only the comparison with those left out shows a cause."
    )
    return Sentence(
        text.format(
            first=month(mine["month"].iloc[0]),
            last=month(mine["month"].iloc[-1]),
            now=percent(float(mine["rate"].mean()), 1),
            then=percent(float(mine["last_year"].mean()), 1),
        )
    )
