"""A finished round's executed notebooks → its report."""

from pathlib import Path

import nbformat

from helpers.client.config import ClientConfig
from helpers.core import wording
from helpers.core.wording import _, day, month, number, plural
from helpers.report import Chapter, Head, render
from helpers.running.rounds import Round
from helpers.tables.receipts import receipts_of
from helpers.tables.web import of_people
from helpers.workbook import PHASES


def render_round(folder: Path, config: ClientConfig) -> str:
    """Return the report of a round's folder as one HTML page (ReportRefused where a notebook did not end well)."""
    wording.use(config.client.language, config.client.currency)
    round_ = Round(folder)
    chapters = [
        Chapter(
            nbformat.read(folder / "notebooks" / f"{phase.notebook}.ipynb", as_version=4),
            phase.notebook,
            phase.title,
            phase.number,
            (round_.ended(phase.notebook) or {"status": "failed"})["status"],
        )
        for phase in PHASES
    ]
    client = config.client
    head = Head(client.name, config.as_of, _subtitle(round_), client.language, client.accent, config.round_number, _made(round_, config))
    return render(chapters, head)


def _subtitle(round_: Round) -> str:
    table = round_.frame("customer_table")
    buyers = int((table["frequency"] > 0).sum())
    customers = wording.plural("{n} customer", "{n} customers", buyers)
    if not round_.has("orders") or round_.frame("orders").empty:
        known = wording.plural("{n} customer, no orders", "{n} customers, no orders", len(table))
        if not round_.has("web_events"):
            return known
        events = of_people(round_.frame("web_events"))
        visitors = wording.plural("{n} visitor", "{n} visitors", events["visitor_id"].nunique())
        times = events["event_time"]
        return _("web visits {first} to {last}, {visitors}").format(first=month(times.min()), last=month(times.max()), visitors=visitors)
    dates = round_.frame("orders")["order_date"]
    if not buyers:
        customers = wording.plural("{n} order without a customer", "{n} orders without a customer", len(dates))
    return _("orders {first} to {last}, {customers}").format(first=month(dates.min()), last=month(dates.max()), customers=customers)


def _made(round_: Round, config: ClientConfig) -> tuple[str, ...]:
    """Return the sentences on what was read, what was set aside and why, and on what the round rests."""
    sentences = [_("This report looks back from {day}; nothing after that day is used.").format(day=day(config.as_of))]
    for receipt in receipts_of(round_.record("receipts")):
        sentences.append(
            _("Of {file} ({system}), {read} rows were read and {used} used.").format(
                file=Path(receipt.file).name,
                system=receipt.system or _("system not named"),
                read=number(receipt.rows_read),
                used=number(receipt.rows_used),
            )
        )
        for rule in receipt.set_aside:
            if rule.rows or rule.reason:
                rows = plural("{n} row", "{n} rows", rule.rows)
                what = f"{rows}, {wording.money(rule.amount, 2)}" if receipt.has_money else rows
                text = _("Set aside by the rule “{rule}”: {what}. {reason}")
                sentences.append(text.format(rule=rule.rule, what=what, reason=rule.reason).strip())
    sentences.append(_("Every random step starts from the seed {seed}: the same exports give the same report.").format(seed=config.seed))
    return tuple(sentences)
