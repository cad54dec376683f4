"""The room as a whole: the plan, what past campaigns say, and what an earlier test says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import Gate, Refusal, RunContext, Verdict
from helpers.core.wording import _
from helpers.phases.messages.rules import Plan, plan, real_messages
from helpers.phases.messages.settings import Settings
from helpers.phases.messages.uplift import Uplift, uplift
from helpers.phases.messages.which_message import Choice, choices, response_rates
from helpers.privacy import messages_since

READS = ("orders", "customers", "campaigns")


@dataclass(frozen=True)
class Advice:
    """What to send to whom.

    Parameters
    ----------
    plan : messages of the coming days, and those held back.
    rates : response per group and message in past campaigns; empty where there are none.
    choices : per group the message that probably does best, or the two to test.
    uplift : what an earlier randomised test says, or None.
    contacts_30_days : messages per person in the last 30 days, as a count of people per number of messages.
    """

    plan: Plan
    rates: pd.DataFrame
    choices: tuple[Choice, ...]
    uplift: Uplift | None
    contacts_30_days: pd.DataFrame


def advise(people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Advice:
    """Return plan and advice.

    Parameters
    ----------
    people : from ``people_of``.
    tables : canonical orders and campaigns, where they are there.
    settings : the section ``messages`` of client.yml.
    context : as-of date and seed; campaigns and orders after it are not used for learning, but planned
    messages count
        for the caps.
    """
    campaigns = tables.get("campaigns")
    past = _past(campaigns, context)
    group = people.set_index("customer_id")["group" if "group" in people else "status"]
    names = sorted(group.dropna().astype(str).unique())
    names = [name for name in names if name]
    waves = past[past["campaign_id"] != settings.test_campaign] if past is not None and settings.test_campaign else past
    answered = waves is not None and "responded" in waves and "message" in waves
    rates = response_rates(waves if answered else _nothing(), group.replace("", pd.NA), settings.control)
    return Advice(
        plan(people, campaigns, settings, context),
        rates,
        choices(rates, names, context.seed, settings.smallest_gain),
        earlier_test(people, past, tables.get("orders"), settings, context),
        _pressure(past, settings, context),
    )


def people_of(status_table: pd.DataFrame, customers: pd.DataFrame | None, group_column: str = "") -> pd.DataFrame:
    """Join statuses with consent and group.

    Parameters
    ----------
    status_table : customer_id, status, since, and value_band and frequency where they are known.
    customers : canonical customers, or None: then nobody has consented.
    group_column : column of customers that becomes ``group``; empty for none.
    """
    columns = [name for name in ("customer_id", "status", "since", "value_band", "frequency") if name in status_table]
    people = status_table[columns].copy()
    if customers is None:
        return people
    known = customers.drop_duplicates("customer_id")
    keep = [name for name in ("consent", "opted_out") if name in known]
    extra = known[["customer_id", *keep]]
    if group_column and group_column in known:
        extra = extra.assign(group=known[group_column])
    return people.merge(extra, on="customer_id", how="left")


def people_or_reason(statuses: pd.DataFrame | None, customers: pd.DataFrame | None, settings: Settings) -> pd.DataFrame | Refusal:
    """Return the people the rules are about, or why no message can be planned.

    Parameters
    ----------
    statuses : what the predictions kept; None where they could not say.
    customers : canonical customers, or None.
    settings : the section ``messages`` of client.yml.
    """
    if statuses is not None and settings.rules:
        return people_of(statuses, customers, settings.group_column)
    gate = Gate(
        Verdict("not_yet", _("not yet")),
        needs=_("the status of every customer, and rules for messages"),
        has=_("no rules for messages") if statuses is not None else _("no statuses"),
        reason=_("A message needs somebody to send it to, and a rule that says which."),
        unlock=_("Fill in messages.rules in client.yml.") if statuses is not None else _("See the chapter on predictions."),
        instead=_("One message to one group, as a pilot."),
    )
    return Refusal(_("No messages are planned yet"), gate)


def earlier_test(people, past, orders, settings: Settings, context: RunContext) -> Uplift | None:
    """Return what the earlier randomised test says, or None where none is named or found."""
    if past is None or not settings.test_campaign or "message" not in past:
        return None
    sent = past[past["campaign_id"] == settings.test_campaign].drop_duplicates("customer_id")
    treated = sent["message"] != settings.control
    if sent.empty or treated.all() or not treated.any() or orders is None:
        return None
    features = before_the_message(sent, orders)
    if "group" in people:
        features["group"] = sent["customer_id"].map(people.set_index("customer_id")["group"]).fillna("").astype(str).to_numpy()
    responded = sent["responded"] if "responded" in sent else None
    if responded is None or responded.isna().all():
        responded = ordered_after(sent, orders, settings.response_days)
    known = responded.notna().to_numpy()
    return uplift(
        features[known],
        treated.to_numpy()[known].astype(int),
        responded[known].astype(float).to_numpy(),
        context.seed,
    )


def before_the_message(sent: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return recency_days, frequency and monetary per row of ``sent``, from orders strictly before its
    message.
    """
    rows = sent[["customer_id"]].assign(sent_day=pd.to_datetime(sent["sent_date"]).dt.normalize(), place=range(len(sent)))
    bought = orders[["customer_id", "order_date", "order_amount"]].dropna()
    both = rows.merge(bought, on="customer_id")
    both["days"] = (both["sent_day"] - pd.to_datetime(both["order_date"]).dt.normalize()).dt.days
    by = both[both["days"] > 0].groupby("place")
    frame = pd.DataFrame({"recency_days": by["days"].min(), "frequency": by.size(), "monetary": by["order_amount"].sum()})
    frame = frame.reindex(range(len(sent)))
    return frame.fillna({"recency_days": 3650.0, "frequency": 0.0, "monetary": 0.0}).astype(float)


def ordered_after(sent: pd.DataFrame, orders: pd.DataFrame, days: int) -> pd.Series:
    """Return 1 where the customer ordered within some days after the message."""
    rows = sent[["customer_id"]].assign(sent_day=pd.to_datetime(sent["sent_date"]).dt.normalize(), place=sent.index)
    both = rows.merge(orders[["customer_id", "order_date"]].dropna(), on="customer_id")
    waited = (pd.to_datetime(both["order_date"]).dt.normalize() - both["sent_day"]).dt.days
    hits = both.loc[(waited >= 0) & (waited < days), "place"].unique()
    return pd.Series(sent.index.isin(hits).astype(float), index=sent.index)


def _past(campaigns: pd.DataFrame | None, context: RunContext) -> pd.DataFrame | None:
    if campaigns is None:
        return None
    day = pd.to_datetime(campaigns["sent_date"]).dt.normalize()
    past = campaigns[day <= pd.Timestamp(context.as_of)]
    order = [name for name in ("campaign_id", "customer_id", "sent_date", "message") if name in past]
    return past.sort_values(order, ignore_index=True)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({"customer_id": [], "message": [], "responded": []})


def _pressure(past: pd.DataFrame | None, settings: Settings, context: RunContext) -> pd.DataFrame:
    if past is None or past.empty:
        return pd.DataFrame(columns=["messages", "people"])
    counts = messages_since(real_messages(past, settings), context.as_of, 30)
    return counts.value_counts().sort_index().rename_axis("messages").rename("people").reset_index()
