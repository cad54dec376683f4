"""May we test: whether this client's list is long enough for an A/B test, and what it could show."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import Gate, RunContext, Verdict
from helpers.core.wording import _, number, percent
from helpers.phases.pilot.eligibility import eligible
from helpers.phases.pilot.pace import pace_of
from helpers.phases.pilot.power import is_possible, people_needed, smallest_rise
from helpers.phases.pilot.settings import Settings
from helpers.statistics.sequential import level_of_look

LEAST_PEOPLE = 20  # in both arms together (our convention)


@dataclass(frozen=True)
class Detectable:
    """What an A/B test with this list could show.

    Parameters
    ----------
    treated, holdout : people in each arm.
    days : length of the test.
    base_rate : share (0 to 1) that orders in that time anyway; NaN where it is not known.
    smallest_rise : smallest relative rise that would be seen (0.2 is 20 % more); infinite where none would.
    needed : people, both arms together, for the rise that is hoped for; 0 where it cannot be said.
    """

    treated: int
    holdout: int
    days: int
    base_rate: float
    smallest_rise: float
    needed: int

    def sentence(self) -> str:
        """Return it in words."""
        if self.base_rate in (0, 1):
            text = _("All of these people order anyway, so no rise can be seen in so long a time.")
            return text if self.base_rate else _("None of these people ordered in so long a time, so no smallest effect can be computed.")
        if math.isnan(self.base_rate):
            return _("Nobody knows how many of these people order anyway, so no smallest effect can be computed.")
        if self.smallest_rise == float("inf"):
            return _("With {treated} people treated and {holdout} left out, no rise at all would be seen.").format(
                treated=number(self.treated), holdout=number(self.holdout)
            )
        return _(
            "With {treated} people treated and {holdout} left out for {days} days, of whom {rate} order anyway, only a "
            "rise of about {rise} or more would be seen."
        ).format(
            treated=number(self.treated),
            holdout=number(self.holdout),
            days=number(self.days),
            rate=percent(self.base_rate, 1),
            rise=percent(self.smallest_rise),
        )


def enough_people(funnel: pd.DataFrame) -> Gate:
    """Return whether enough people may be written to for a comparison of two arms."""
    eligible_people = int(funnel["people"].iloc[-1])
    lost_at_consent = funnel.set_index("step")["lost"].get("consent", 0)
    needs = _("{n} people who may be written to").format(n=number(LEAST_PEOPLE))
    has = _("{n} people who may be written to, of {all} known").format(n=number(eligible_people), all=number(funnel["people"].iloc[0]))
    if eligible_people >= LEAST_PEOPLE:
        return Gate(Verdict("go", _("can start")), needs, has, _("Enough people may be written to."))
    unlock = _("Consent of {n} people more; {lost} were lost for want of it").format(
        n=number(LEAST_PEOPLE - eligible_people), lost=number(lost_at_consent)
    )
    return Gate(
        Verdict("not_yet", _("not yet")),
        needs,
        has,
        _("With fewer people no difference between the two groups could be seen."),
        unlock,
        _("Ask for consent at the next contact, or declare the ground on which you write in pilot.consent_basis."),
    )


def requires(tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Gate:
    """Say whether an A/B test can start with this list, and the smallest effect it could see.

    Before the groups of this round are made nobody knows who is in the chosen one, so all people who may be
    written to are counted: the test of one group sees less.

    Parameters
    ----------
    tables : ``customer_table``; where known ``campaigns`` and ``persons``.
    settings : section ``pilot`` of client.yml.
    context : the round's date.
    """
    # All groups, since the chosen one may not be made yet.
    everyone = settings.model_copy(update={"groups": ()})
    known = {name: tables.get(name) for name in ("campaigns", "persons")}
    people, funnel, _recipients = eligible(tables["customer_table"], everyone, context.as_of, **known)
    gate = enough_people(funnel)
    if gate.closed:
        return gate
    effect = detectable(people, everyone, context)
    if effect.smallest_rise <= settings.hoped_rise and is_possible(effect.base_rate, settings.hoped_rise):
        reason = _("The list is long enough to see the rise of {rise} that is hoped for.").format(rise=percent(settings.hoped_rise))
        return Gate(Verdict("go", _("go")), gate.needs, gate.has, reason, detectable=effect.sentence())
    return _with_care(gate, effect, settings)


def detectable(people: pd.DataFrame, settings: Settings, context: RunContext) -> Detectable:
    """Return what an A/B test with these people could show, at the longest length considered.

    Parameters
    ----------
    people : everyone who may be in the test, with ``recency_days`` where orders are known.
    settings : shares, level, power, and the client's own base rate where given; no groups.
    context : the round's date and seed.
    """
    holdout = round(len(people) * settings.holdout_share)
    treated = len(people) - holdout
    days = settings.days or settings.most_days
    # The last look decides, so its level says what can be seen.
    level = level_of_look(settings.looks, settings.looks, settings.alpha)
    rate = pace_of(people, people, None, settings, context.as_of, context.seed)(days).base_rate
    needed = people_needed(rate, settings.hoped_rise, holdout_share=settings.holdout_share, alpha=level, power=settings.power)
    rise = smallest_rise(rate, treated, holdout, alpha=level, power=settings.power)
    return Detectable(treated, holdout, days, rate, rise, needed)


def _with_care(gate: Gate, effect: Detectable, settings: Settings) -> Gate:
    rise = percent(settings.hoped_rise)
    if not is_possible(effect.base_rate, settings.hoped_rise):
        reason = _("A rise of {rise} is impossible: {rate} order anyway, and {rise} more would be more than everybody.")
        unlock = _("A rise in pilot.hoped_rise of at most {most}, or a shorter test") if effect.base_rate < 1 else _("A shorter test")
        facts = {"rise": rise, "rate": percent(effect.base_rate, 1), "most": percent(1 / effect.base_rate - 1)}
        instead = _("Judge the pilot by revenue per person (pilot.main_metric: revenue).")
        return Gate(
            Verdict("caution", _("with care")),
            gate.needs,
            gate.has,
            reason.format(**facts),
            unlock.format(**facts),
            instead,
            effect.sentence(),
        )
    reason = _("The test can start, but a rise of {rise} would not show.").format(rise=rise)
    unlock = (
        _("{n} people who may be written to, or an effect that is larger").format(n=number(effect.needed))
        if effect.needed
        else _("A figure for how many people order without the message (pilot.base_rate)")
    )
    instead = _("Test what is seen sooner, such as replies or visits, or pool several rounds.")
    return Gate(Verdict("caution", _("with care")), gate.needs, gate.has, reason, unlock, instead, effect.sentence())
