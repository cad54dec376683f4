"""Several arms: each is judged against the control on its own, and none speaks for another.

Put together, an arm that does much good hides one that does harm. Each arm is held against the same control, and an effect is proven
only after correction for how many arms there are (Holm 1979); a criterion is held against the arm's own figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.phases.evaluation.conversions import Difference
from helpers.phases.evaluation.criteria import check_criteria, figures_of
from helpers.phases.evaluation.people import HOLDOUT
from helpers.phases.evaluation.plan import Progress, hoped_effect, people_needed, worthwhile_effect
from helpers.phases.evaluation.readings import Readings
from helpers.phases.evaluation.revenue import Shift
from helpers.phases.evaluation.verdict import Judgement, Kind, Money, judge, money_of

PROVEN = ("worked", "harmed")


@dataclass(frozen=True)
class Verdict:
    """What is judged of one arm, or of all treated together, against the control.

    Parameters
    ----------
    comparison : of the main metric; None where there is too little data.
    money, criteria, judgement : what it brought, the criteria held against it, and the verdict.
    """

    comparison: Difference | Shift | None
    money: Money
    criteria: pd.DataFrame
    judgement: Judgement


def verdict_on(
    people: pd.DataFrame, readings: Readings, plan: Mapping[str, Any], progress: Progress, reached: Mapping[str, float], kept: Kind | None
) -> Verdict:
    """Return the verdict on the treated among these people.

    Parameters
    ----------
    people : the control and the arm, or arms, that are judged; readings : their comparisons.
    plan, progress : what was planned, and how far it is; reached : from ``balance.reach``.
    kept : kind of verdict that is given whatever the figures are ("ratio", "drift", "attrition", "described"); None to judge them.
    """
    in_money = plan.get("main_metric") == "revenue"
    comparison = readings.revenue if in_money else readings.conversions
    money = money_of(readings.revenue, plan, int(people["treated"].sum()))
    # Without a plan there is nothing that had to hold.
    criteria = check_criteria({} if kept == "described" else plan, figures_of(people, readings, money, reached))
    judgement = judge(
        comparison,
        criteria,
        kept=kept,
        looks_done=progress.looks_done,
        next_look=progress.next_look,
        worthwhile=worthwhile_effect(plan, money),
        people_needed=people_needed(people, plan),
        hoped=hoped_effect(people, plan),
    )
    return Verdict(comparison, money, criteria, judgement)


def verdicts_by_arm(
    people: pd.DataFrame, readings: Readings, plan: Mapping[str, Any], progress: Progress, reached: Mapping[str, float]
) -> dict[str, Verdict]:
    """Return the verdict on each of several arms; none where there is one arm, or the plan names the one that decides.

    Parameters
    ----------
    people : everybody in the test; the others as in ``verdict_on``.
    """
    if plan.get("compare"):
        return {}
    corrected = readings.variants.set_index("segment")["p_holm"].astype(float)
    verdicts = {}
    for arm, of_arm in readings.by_arm.items():
        deciding = people[people["treatment"].isin([HOLDOUT, arm])]
        share = float(deciding["treated"].sum() / people["treated"].sum())
        # Each arm bears its part of what the test cost as a whole.
        of_plan = {**plan, "fixed_cost": float(plan.get("fixed_cost") or 0) * share, "holdout_share": 1 - float(deciding["treated"].mean())}
        verdict = verdict_on(deciding, of_arm, of_plan, progress, reached, None)
        if verdict.judgement.kind in PROVEN and corrected[arm] > progress.alpha:
            unproven = Judgement("unknown", "wait", verdict.judgement.people_needed, progress.next_look)
            verdict = Verdict(verdict.comparison, verdict.money, verdict.criteria, unproven)
        verdicts[arm] = verdict
    return verdicts


def together(pooled: Verdict, by_arm: Mapping[str, Verdict]) -> Judgement:
    """Return the one verdict on a test: that of its arms where they agree, and no go for all where they do not.

    Parameters
    ----------
    pooled : of all treated together, which decides where there is one arm; by_arm : from ``verdicts_by_arm``.
    """
    if not by_arm:
        return pooled.judgement
    judgements = [verdict.judgement for verdict in by_arm.values()]
    kinds, decisions = {judgement.kind for judgement in judgements}, {judgement.decision for judgement in judgements}
    kind = kinds.pop() if len(kinds) == 1 else "arms_differ" if kinds & set(PROVEN) else "unknown"
    most = max(judgement.people_needed for judgement in judgements)
    return Judgement(kind, decisions.pop() if len(decisions) == 1 and kind != "arms_differ" else "wait", most, judgements[0].next_look)
