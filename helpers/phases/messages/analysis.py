"""Messages as a whole: the plan, what past campaigns say, and what an earlier test says."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.core.results import Gate, Refusal, RunContext, Verdict
from helpers.core.wording import _
from helpers.phases.messages.rules import Plan, plan
from helpers.phases.messages.settings import Settings
from helpers.phases.messages.uplift import Uplift, uplift
from helpers.phases.messages.which_message import Choice, choices, response_rates, responses_per_day

READS = ("orders", "customers", "campaigns", "persons")
# Who never ordered before the message counts as having ordered ten years ago: far behind everybody else.
_NEVER_ORDERED = {"recency_days": 3650.0, "frequency": 0.0, "monetary": 0.0}


@dataclass(frozen=True)
class Advice:
    """What to send to whom.

    Parameters
    ----------
    plan : messages of the coming days, and those held back.
    rates : response per group and message in past campaigns; empty where there are none.
    choices : per group the message that probably does best, or the two to test.
    uplift : what an earlier randomised test says, or None.
    """

    plan: Plan
    rates: pd.DataFrame
    choices: tuple[Choice, ...]
    uplift: Uplift | None


def advise(people: pd.DataFrame, tables: Mapping[str, pd.DataFrame], settings: Settings, context: RunContext) -> Advice:
    """Return plan and advice.

    Parameters
    ----------
    people : from ``people_of``.
    tables : canonical orders, campaigns and persons, where they are there.
    settings : the section ``messages`` of client.yml.
    context : as-of date and seed; campaigns and orders after it are not used for learning, but planned messages count
        for the caps.
    """
    campaigns = tables.get("campaigns")
    past = _past(campaigns, context)
    group, names = _groups(people)
    per_day = responses_per_day(_answered_waves(past, settings), group, settings.control)
    rates = response_rates(per_day, context.seed)
    return Advice(
        plan(people, campaigns, settings, context, tables.get("persons")),
        rates,
        choices(per_day, rates, names, context.seed, settings.smallest_gain),
        earlier_test(people, past, tables.get("orders"), settings, context),
    )


def _groups(people: pd.DataFrame) -> tuple[pd.Series | str, list[str]]:
    """Return the group per customer, or one name for everybody, and the names of the groups to answer for.

    Past messages are never read by status: today's is not that of the day of the message, and the answer itself may have
    changed it.
    """
    if "group" not in people:
        return _("all customers"), [_("all customers")]
    # Customers without a group are in nobody's plan: an empty name stands for none.
    group = people.set_index("customer_id")["group"].replace("", pd.NA).dropna().astype(str)
    return group, sorted(group.unique())


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
    customers = customers.drop_duplicates("customer_id")
    permissions = customers[["customer_id", *(name for name in ("consent", "opted_out") if name in customers)]]
    if group_column and group_column in customers:
        permissions = permissions.assign(group=customers[group_column])
    return people.merge(permissions, on="customer_id", how="left")


def people_or_reason(statuses: pd.DataFrame | None, customers: pd.DataFrame | None, settings: Settings) -> pd.DataFrame | Refusal:
    """Return the people the rules are about, or why no message can be planned.

    Parameters
    ----------
    statuses : the status per customer from the predictions; None where they could not say.
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


def earlier_test(
    people: pd.DataFrame, past: pd.DataFrame | None, orders: pd.DataFrame | None, settings: Settings, context: RunContext
) -> Uplift | None:
    """Return what the earlier randomised test says, or None where none is named or there is none of that name.

    Parameters
    ----------
    people : from ``people_of``.
    past : what was sent up to the round's date.
    orders : canonical orders, for what each person was like before the message.
    settings : names the campaign and its control arm.
    context : seed of the cross-fitting.
    """
    if past is None or not settings.test_campaign or "message" not in past:
        return None
    sent = past[past["campaign_id"] == settings.test_campaign].dropna(subset=["customer_id"]).drop_duplicates("customer_id")
    treated = sent["message"] != settings.control
    if sent.empty or treated.all() or not treated.any() or orders is None:
        return None
    features = before_the_message(sent, orders)
    if "group" in people:
        features["group"] = sent["customer_id"].map(people.set_index("customer_id")["group"]).fillna("").astype(str).to_numpy()
    responded = sent["responded"] if "responded" in sent else None
    # Where the list does not say who responded, an order soon after the message does.
    if responded is None or responded.isna().all():
        responded = ordered_after(sent, orders, settings.response_days)
    answered = responded.notna().to_numpy()
    return uplift(features[answered], treated.to_numpy()[answered].astype(int), responded[answered].astype(float).to_numpy(), context.seed)


def before_the_message(sent: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Return recency_days, frequency and monetary per row of ``sent``, from orders strictly before its message."""
    messages = sent[["customer_id"]].assign(sent_day=pd.to_datetime(sent["sent_date"]).dt.normalize(), row=range(len(sent)))
    pairs = messages.merge(orders[["customer_id", "order_date", "order_amount"]].dropna(), on="customer_id")
    pairs["days"] = (pairs["sent_day"] - pd.to_datetime(pairs["order_date"]).dt.normalize()).dt.days
    before = pairs[pairs["days"] > 0].groupby("row")
    features = pd.DataFrame({"recency_days": before["days"].min(), "frequency": before.size(), "monetary": before["order_amount"].sum()})
    return features.reindex(range(len(sent))).fillna(_NEVER_ORDERED).astype(float)


def ordered_after(sent: pd.DataFrame, orders: pd.DataFrame, days: int) -> pd.Series:
    """Return 1 where the customer ordered within some days after the message."""
    messages = sent[["customer_id"]].assign(sent_day=pd.to_datetime(sent["sent_date"]).dt.normalize(), row=sent.index)
    pairs = messages.merge(orders[["customer_id", "order_date"]].dropna(), on="customer_id")
    waited = (pd.to_datetime(pairs["order_date"]).dt.normalize() - pairs["sent_day"]).dt.days
    responses = pairs.loc[(waited >= 0) & (waited < days), "row"].unique()
    return pd.Series(sent.index.isin(responses).astype(float), index=sent.index)


def _past(campaigns: pd.DataFrame | None, context: RunContext) -> pd.DataFrame | None:
    if campaigns is None:
        return None
    day = pd.to_datetime(campaigns["sent_date"]).dt.normalize()
    past = campaigns[day <= pd.Timestamp(context.as_of)]
    # Sorted, so that the folds and bootstraps do not depend on the order of the export.
    order = [name for name in ("campaign_id", "customer_id", "sent_date", "message") if name in past]
    return past.sort_values(order, ignore_index=True)


def _answered_waves(past: pd.DataFrame | None, settings: Settings) -> pd.DataFrame:
    """Return the past campaigns of which is known who responded; without the earlier test, which is judged by itself."""
    if past is None or "responded" not in past or "message" not in past:
        return pd.DataFrame({"customer_id": [], "message": [], "sent_date": [], "responded": []})
    return past[past["campaign_id"] != settings.test_campaign] if settings.test_campaign else past
