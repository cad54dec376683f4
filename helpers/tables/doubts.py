"""What is doubtful in a client's exports: a frozen record, and the words that say what was seen, what it would do, what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from helpers.core.errors import did_you_mean
from helpers.core.wording import _, money, number, percent


@dataclass(frozen=True)
class Doubt:
    """One thing in the exports that may not be what it seems; never with an id, a name or an address.

    Parameters
    ----------
    kind : a key of ``KINDS``.
    table : the canonical table it was seen in.
    rows, of : how many rows, customers or products it concerns, of how many looked at.
    amount : their net amount; 0 where there is none.
    detail : a month, a word, a ratio or a column, in plain text; may be empty.
    confirmed : True when client.yml says that it is right.
    """

    kind: str
    table: str
    rows: int
    of: int
    amount: float = 0.0
    detail: str = ""
    confirmed: bool = False

    @property
    def share(self) -> float:
        """Rows concerned of those looked at, 0 to 1."""
        return self.rows / self.of if self.of else 0.0

    @property
    def serious(self) -> bool:
        """Whether it stands on page 1: it would turn a headline, and nobody has confirmed it."""
        return KINDS[self.kind].serious and not self.confirmed

    @property
    def seen(self) -> str:
        """What was seen, with its counts."""
        facts = {
            "rows": number(self.rows),
            "of": number(self.of),
            "share": percent(self.share, 1 if self.share < 0.01 else 0),
            "amount": money(self.amount),
            "detail": self.detail,
        }
        return KINDS[self.kind].seen().format(**facts)

    @property
    def effect(self) -> str:
        """What it would do to which figures."""
        return KINDS[self.kind].effect()

    @property
    def mend(self) -> str:
        """The lines of client.yml, or the step, that mend it."""
        return KINDS[self.kind].mend

    @property
    def confirm(self) -> str:
        """The line of client.yml that says it is right as it is."""
        return f"confirmed: [{{kind: {self.kind}, reason: …}}]"


@dataclass(frozen=True)
class Kind:
    """One kind of doubt.

    Parameters
    ----------
    serious : whether it would turn a headline.
    chapters : sections of the notebooks whose figures rest on what is doubted.
    seen, effect : the sentences, in the client's language; ``seen`` is filled with rows, of, share, amount and detail.
    mend : what to write in client.yml, or to do; keys are the same in every language.
    """

    serious: bool
    chapters: tuple[str, ...]
    seen: Callable[[], str]
    effect: Callable[[], str]
    mend: str


_PEOPLE = ("goals", "clusters", "rfm_movement", "potential", "predictions", "pilot")
_MONEY = ("goals", "clusters", "rfm_movement", "potential", "predictions", "evaluation")
_TIME = ("goals", "rfm_movement", "predictions", "evaluation")
_LINES = ("next_offer", "potential")

KINDS: dict[str, Kind] = {
    "order_as_customer": Kind(
        True,
        _PEOPLE,
        lambda: _("Nearly every order has a customer number of its own: {rows} numbers on {of} orders, one after the other."),
        lambda: _("If these are numbers of orders, nobody ever buys twice: groups, value, movement and predictions are about orders."),
        "columns: {customer_id: the column that names the customer}",
    ),
    "guest_account": Kind(
        True,
        _PEOPLE,
        lambda: _("One customer number stands on {rows} of {of} orders ({share}), as a till or a guest checkout does: {amount}."),
        lambda: _("Many buyers would count as one very good customer, who leads groups, value and potential."),
        "set_aside: [{name: guests, column: customer_id, equals: [the number], reason: Bought without an account}]",
    ),
    "leading_account": Kind(
        False,
        _MONEY,
        lambda: _("One customer carries {share} of the revenue: {amount}."),
        lambda: _("Averages and sums say more about this customer than about all the others."),
        "set_aside: [{name: key account, column: customer_id, equals: [the number], reason: Looked at by itself}]",
    ),
    "leading_order": Kind(
        True,
        _MONEY,
        lambda: _("One order carries {share} of the revenue: {amount}."),
        lambda: _("If it is a typing error, revenue, value and every average are wrong by it."),
        "set_aside: [{name: one order, column: order_id, equals: [the order], reason: A typing error}]",
    ),
    "test_records": Kind(
        False,
        _PEOPLE,
        lambda: _("{rows} customers have names or addresses such as “test” or “demo”; their orders: {amount}."),
        lambda: _("Trials of the shop would count as customers and be written to."),
        "set_aside: [{name: tests, column: customer_id, equals: [the numbers], reason: Tests of the shop}]",
    ),
    "month_twice": Kind(
        True,
        _MONEY,
        lambda: _("In {detail}, {rows} of {of} rows stand twice: same day, customer, product and amount."),
        lambda: _("The month would count double in revenue, frequency and every comparison of periods."),
        "remove the second import of that month from the export",
    ),
    "positive_refunds": Kind(
        True,
        _MONEY,
        lambda: _("{rows} rows marked as returns or credit notes ({detail}) have amounts without a minus: {amount}."),
        lambda: _("What was paid back counts as bought: revenue is too high by twice that amount."),
        "returns: {column: the column that says so, equals: [its word]}",
    ),
    "currencies": Kind(
        True,
        _MONEY,
        lambda: _("The amounts are in several currencies: {detail}. {rows} of {of} rows are in another than most."),
        lambda: _("Sums add up different currencies as if they were one."),
        "export amounts in one currency, or set_aside: [{name: other currencies, column: currency, other_than: [EUR]}]",
    ),
    "tax_mixed": Kind(
        True,
        _MONEY,
        lambda: _("{rows} of {of} products are sold at two prices that differ by {detail}, as with and without tax."),
        lambda: _("Part of the revenue seems to include tax, which moves totals, value and potential."),
        "map the net amount: columns: {line_amount: the column without tax}",
    ),
    "cents": Kind(
        True,
        _MONEY,
        lambda: _("{rows} of {of} amounts look like cents: {detail}."),
        lambda: _("Revenue would be a hundred times too high, in all or in part of the period."),
        "export amounts in whole currency units",
    ),
    "amount_not_product": Kind(
        False,
        _MONEY,
        lambda: _("In {rows} of {of} lines ({share}) the amount is not quantity times price."),
        lambda: _("Either discounts stand in the amount, or one of the three columns is another than its name says."),
        "map the column that holds what was paid: columns: {line_amount: …}",
    ),
    "measured_quantities": Kind(
        False,
        _LINES,
        lambda: _("{rows} of {of} products hold {detail} of all pieces sold: they seem to be counted in grams, litres or points."),
        lambda: _("Quantities of these products outweigh all the others."),
        "set_aside: [{name: by weight, column: product_id, equals: [the products], reason: Not counted in pieces}]",
    ),
    "service_products": Kind(
        False,
        _LINES,
        lambda: _("{rows} of {of} lines are for shipping, discounts, deposits and the like ({detail}): {amount}."),
        lambda: _("They would be suggested as next offers, and count as products that customers buy."),
        "set_aside: [{name: services, column: product_id, equals: [the codes], reason: No products}]",
    ),
    "month_missing": Kind(
        False,
        _TIME,
        lambda: _("{detail} hold no orders, or hardly any, where other years and the months around them do."),
        lambda: _("Customers seem to fall quiet in those months, and periods that are compared are not of equal length."),
        "export the missing months again",
    ),
    "days_missing": Kind(
        False,
        _TIME,
        lambda: _("The last order is from {detail}: {rows} days before the day the round looks back from, where the usual gap is {of}."),
        lambda: _("Everybody seems to have been quiet lately, and the last month is only a part of one."),
        "export up to as_of, or set as_of to the last day of the export",
    ),
    "stray_dates": Kind(
        False,
        _TIME,
        lambda: _("{rows} of {of} orders lie far from all others in time: {detail}."),
        lambda: _("A few such days make customers old or new, and stretch every time axis."),
        "set_aside: [{name: stray dates, column: order_date, matches: the dates, reason: Impossible days}]",
    ),
    "days_of_month": Kind(
        True,
        _TIME,
        lambda: _("All {rows} orders are of the {detail} of a month: these are totals per month, not orders."),
        lambda: _("Frequency and gaps between orders are those of the export, not of the customers."),
        "export single orders with their own day",
    ),
    "created_later": Kind(
        False,
        ("predictions", "rfm_movement"),
        lambda: _("{rows} of {of} customers were recorded after their first order, as after a move to a new system."),
        lambda: _("The way from first contact to first order cannot be measured; new customers by record are not new."),
        "leave created_date out of columns",
    ),
    "shared_address": Kind(
        False,
        _PEOPLE,
        lambda: _("{rows} of {of} customers share their e-mail address with another customer."),
        lambda: _("One person with several numbers counts several times, and would be written to several times."),
        "join the numbers in the source, or use the e-mail address as customer_id",
    ),
    "persons_apart": Kind(
        False,
        ("pilot", "messages"),
        lambda: _("{rows} of {of} persons stand at no firm that is known, or twice: {detail}."),
        lambda: _("The first are on no list. The others may be written to twice; an objection under one number counts for all."),
        "map customer_id of persons to the number of the firm, and join persons who share an e-mail address in the source",
    ),
    "cut_ids": Kind(
        True,
        _PEOPLE,
        lambda: _("{rows} of {of} long ids end in the same zeros, as after a spreadsheet has rounded them ({detail})."),
        lambda: _("Different ids have become one: customers or products are mixed."),
        "export the ids again as text, without opening the file in a spreadsheet",
    ),
    "dates_as_ids": Kind(
        True,
        _PEOPLE,
        lambda: _("{rows} of {of} ids look like dates ({detail}), as after a spreadsheet has read 1-2 as a day."),
        lambda: _("Different ids have become one: customers or products are mixed."),
        "export the ids again as text, without opening the file in a spreadsheet",
    ),
}


class Confirmed(BaseModel):
    """A doubt that somebody has looked into: it is right as it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str = Field(description="Which doubt, as aim check names it: " + ", ".join(KINDS) + ".")
    reason: str = Field("", description="Why it is right, in words for the report.")

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(f"a kind of doubt. {did_you_mean(kind, list(KINDS))}")
        return kind


def confirmed(doubts: Iterable[Doubt], given: Iterable[Confirmed]) -> tuple[Doubt, ...]:
    """Return the doubts, those that client.yml confirms marked so."""
    right = {entry.kind for entry in given}
    return tuple(replace(doubt, confirmed=doubt.kind in right) for doubt in doubts)


def to_json(doubts: Iterable[Doubt]) -> dict[str, Any]:
    """Return doubts as plain JSON values."""
    return {"doubts": [asdict(doubt) for doubt in doubts]}


def doubts_of(record: Mapping[str, Any] | None) -> tuple[Doubt, ...]:
    """Return the doubts that ``to_json`` wrote, from the artefact "doubts"; none where a round kept none."""
    return tuple(Doubt(**doubt) for doubt in (record or {}).get("doubts", ()))


def resting_on(doubts: Iterable[Doubt]) -> str:
    """Return the sentence that a chapter says when its figures rest on doubted data."""
    return _("Rests on doubted data: {seen}").format(seen=" ".join(doubt.seen for doubt in doubts))


def about(doubts: Iterable[Doubt], chapter: str) -> tuple[Doubt, ...]:
    """Return the serious doubts that the figures of a chapter rest on.

    Parameters
    ----------
    doubts : of the round.
    chapter : section of a notebook, such as "clusters".
    """
    return tuple(doubt for doubt in doubts if doubt.serious and chapter in KINDS[doubt.kind].chapters)
