"""Pictures of the evaluation: the two rates, how the difference built up, and the months around the pilot."""

from helpers import charts
from helpers.core.wording import _, percent
from helpers.phases.evaluation.plan import arm_name
from helpers.phases.evaluation.result import Result
from helpers.phases.evaluation.verdict import STOPPED
from helpers.story import Picture


def rates(result: Result) -> Picture | None:
    """Draw the share that converted in each arm, with its interval; None where the arms cannot be compared."""
    if result.judgement.kind in STOPPED:
        return None
    table = result.profile
    return charts.bars(
        [arm_name(arm, result.plan) for arm in table["arm"]],
        table["rate"].tolist(),
        caption=_("Share of people who converted during the pilot, with 95 % intervals"),
        highlight=0,
        formatter=lambda value: percent(value, 1),
        low=table["low"].tolist(),
        high=table["high"].tolist(),
    )


def cumulative(result: Result) -> Picture | None:
    """Draw the difference of the rates as it built up, in the band of the planned looks; None of several arms together."""
    table = result.cumulative
    if len(table) < 2 or _not_one(result):
        return None
    name = _("treated less left out")
    frame = table.set_index("day")[["difference"]].rename(columns={"difference": name})
    return charts.lines(
        frame,
        caption=_("Extra share that converted, in percentage points, as it built up; the band allows for the planned looks"),
        highlight=name,
        formatter=lambda value: percent(value, 1),
        bands={name: (table.set_index("day")["low"], table.set_index("day")["high"])},
    )


def evolution(result: Result) -> Picture | None:
    """Draw the share that converted per month: treated, left out, and the treated a year before; None of several arms together."""
    table = result.evolution
    if table["month"].nunique() < 2 or _not_one(result):
        return None
    frame = table.pivot(index="month", columns="arm", values="rate")
    frame.columns = [arm_name(arm, result.plan) for arm in frame.columns]
    treated = table[table["arm"] == "treated"].set_index("month")
    bands = {_("treated"): (treated["low"], treated["high"])}
    if treated["last_year"].notna().any():
        frame[_("treated, a year before")] = treated["last_year"]
    return charts.lines(
        frame,
        caption=_("Share of people who converted per month, before, during and after the pilot, with 95 % band"),
        highlight=_("treated"),
        formatter=lambda value: percent(value, 1),
        bands=bands,
    )


def _not_one(result: Result) -> bool:
    """Return whether the treated are not of one kind to be drawn: the arms cannot be compared, or several would be pooled."""
    pooled = result.table.loc[result.table["treated"], "treatment"].nunique() > 1 and not result.plan.get("compare")
    return result.judgement.kind in STOPPED or pooled


def segments(result: Result) -> Picture | None:
    """Draw the extra share that converted per segment; None where fewer than two can be read."""
    table = result.segments[result.segments["readable"].astype(bool)]
    if len(table) < 2:
        return None
    best = int(table["difference"].to_numpy().argmax())
    return charts.bars(
        table["segment"].tolist(),
        table["difference"].tolist(),
        caption=_("Extra share that converted per segment, with intervals"),
        highlight=best,
        formatter=lambda value: percent(value, 1),
        low=table["low"].tolist(),
        high=table["high"].tolist(),
    )
