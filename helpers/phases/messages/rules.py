"""From rules to a plan: who gets which message, when, and why others do not.

Consent, objection and contact pressure are judged by ``helpers.privacy`` and nowhere else. Messages are planned in
order of arrival, so that the caps, which look back, hold for every 7 and 30 days. Whatever was sent or planned before
counts.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.core.results import RunContext
from helpers.phases.messages.settings import Rule, Settings
from helpers.privacy import has_consent, has_opted_out, over_the_cap, recipients

PLAN = ["customer_id", "status", "message", "channel", "offer", "decide_date", "arrive_date", "rule"]
HELD = ["customer_id", "status", "message", "channel", "reason"]


@dataclass(frozen=True)
class Plan:
    """The messages of the coming days.

    Parameters
    ----------
    messages : one row per message: customer_id, status, message, channel, offer, decide_date (when it goes to the
        printer or the mailing tool), arrive_date, rule (its number, from 1).
    held : messages that a rule asked for and that are not sent: customer_id, status, message, channel, reason ("no
        consent", "opted out", "cap").
    """

    messages: pd.DataFrame
    held: pd.DataFrame


def plan(
    people: pd.DataFrame, campaigns: pd.DataFrame | None, settings: Settings, context: RunContext, persons: pd.DataFrame | None = None
) -> Plan:
    """Return the messages of the coming days.

    Parameters
    ----------
    people : one row per customer: customer_id, status, since (date); value_band, group, consent, opted_out and
        frequency where they are known. A missing consent is a no.
    campaigns : what was sent before (canonical table), also what is already planned for later.
    settings : rules, caps and channels.
    context : nothing arrives on or before ``as_of``.
    persons : canonical table ``persons``, or None. A message to a firm goes to each of its persons who may be written to; both
        frames then hold person_id and role too.
    """
    people = people.drop_duplicates("customer_id").sort_values("customer_id", ignore_index=True)
    audience = recipients(people, persons)
    audience = audience.assign(consented=has_consent(audience, settings.basis), objected=has_opted_out(audience))
    whom = ["customer_id", *(() if persons is None else ("person_id", "role"))]
    wanted = candidates(people, settings, context).merge(audience[[*whom, "consented", "objected"]], on="customer_id", how="left")
    reason = pd.Series("", index=wanted.index, dtype=object)
    reason[~wanted["consented"].astype(bool)] = "no consent"
    # An objection beats every consent, so it is the reason that is given.
    reason[wanted["objected"].astype(bool)] = "opted out"
    allowed = wanted[reason == ""]
    sent = _under_the_caps(allowed, real_messages(campaigns, settings), settings)
    reason[allowed.index.difference(sent)] = "cap"
    held = wanted.assign(reason=reason).loc[reason != "", [*whom, *HELD[1:]]].reset_index(drop=True)
    return Plan(wanted.loc[sent, [*whom, *PLAN[1:]]].reset_index(drop=True), held)


def candidates(people: pd.DataFrame, settings: Settings, context: RunContext) -> pd.DataFrame:
    """Return every message that a rule asks for, in order of arrival, then of rule, then of customer."""
    parts = [_messages_of_rule(people, rule, number, settings, context) for number, rule in enumerate(settings.rules, start=1)]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=PLAN)
    return pd.concat(parts, ignore_index=True).sort_values(["arrive_date", "rule", "customer_id"], ignore_index=True)


def _messages_of_rule(people: pd.DataFrame, rule: Rule, number: int, settings: Settings, context: RunContext) -> pd.DataFrame:
    today = pd.Timestamp(context.as_of)
    fits = _fits(people, "status", rule.status) & _fits(people, "value_band", rule.value_bands)
    fits &= _fits(people, "group", rule.groups)
    chosen = people[fits]
    due = pd.to_datetime(chosen["since"]) + pd.Timedelta(days=rule.wait_days)
    lead = pd.Timedelta(days=settings.lead_days.get(rule.channel, 0))
    earliest = today + pd.Timedelta(days=1) + lead
    arrive = due.where(due > earliest, earliest)
    # Too old a status is no occasion any more; what arrives after the planned days is for a later round.
    timely = (due >= today - pd.Timedelta(days=rule.valid_days)) & (arrive <= today + pd.Timedelta(days=settings.plan_days))
    messages = chosen[["customer_id", "status"]].assign(
        message=rule.message, channel=rule.channel, offer=rule.offer, decide_date=arrive - lead, arrive_date=arrive, rule=number
    )
    return messages[timely.to_numpy()]


def _fits(people: pd.DataFrame, column: str, allowed: tuple[str, ...]) -> pd.Series:
    if not allowed:
        return pd.Series(True, index=people.index)
    return people[column].isin(allowed) if column in people else pd.Series(False, index=people.index)


def real_messages(campaigns: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """Return who got something when: the campaign list without the arm that got nothing."""
    columns = ["customer_id", "sent_date"] + (["person_id"] if campaigns is not None and "person_id" in campaigns else [])
    if campaigns is None or campaigns.empty:
        return pd.DataFrame({"customer_id": pd.Series(dtype=object), "sent_date": pd.Series(dtype="datetime64[us]")})
    real = campaigns
    if settings.control and "message" in campaigns:
        real = campaigns[campaigns["message"] != settings.control]
    return real.assign(sent_date=pd.to_datetime(real["sent_date"]).dt.normalize())[columns]


def _under_the_caps(wanted: pd.DataFrame, history: pd.DataFrame, settings: Settings) -> pd.Index:
    """Return the messages that fit: day by day, at most one new message per person and day.

    A message already planned for a later day counts as if it came on the same day: a cap must also hold looking
    ahead.
    """
    caps = {"in_7_days": settings.caps.in_7_days, "in_30_days": settings.caps.in_30_days}
    sent: list[pd.Index] = []
    for arrive, batch in wanted.groupby("arrive_date", sort=True):
        # The rules stand in order of importance, so the first message of a person is the one to send.
        whom = [name for name in ("customer_id", "person_id") if name in batch]
        batch = batch.drop_duplicates(whom)
        known = history.assign(sent_date=history["sent_date"].clip(upper=arrive))
        over = over_the_cap(batch["customer_id"], known, arrive, **caps, persons=batch.get("person_id"))
        passed = batch[~over.to_numpy()]
        sent.append(passed.index)
        history = pd.concat([history, passed[[*whom, "arrive_date"]].rename(columns={"arrive_date": "sent_date"})])
    return pd.Index([row for rows in sent for row in rows])
