"""What was read and what was set aside, as a table that reconciles to the cent."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.core.results import Verdict
from helpers.core.wording import _, currency_sign
from helpers.story import Table
from helpers.tables.doubts import Doubt
from helpers.tables.receipts import Decision, Receipt


def reading_frame(receipts: Iterable[Receipt]) -> pd.DataFrame:
    """Return one row per file for what was used, and one per rule for what was set aside.

    Returns
    -------
    Frame with file, system, what, rows, amount (NaN where the table holds no money), reason. The rows and
    amounts of a file add up to what was read.
    """
    rows = []
    joined = _("The same record stands in a source before it; what this one knows besides was added.")
    for receipt in receipts:
        entries = [
            (_("read"), receipt.rows_read, receipt.amount_read, ""),
            *([(_("joined to another"), receipt.rows_joined, receipt.amount_joined, joined)] if receipt.rows_joined else []),
            *((_("set aside: {rule}").format(rule=rule.rule), rule.rows, rule.amount, rule.reason) for rule in receipt.set_aside),
            (_("used"), receipt.rows_used, receipt.amount_used, ""),
        ]
        for what, count, amount, reason in entries:
            money = amount if receipt.has_money else float("nan")
            rows.append((Path(receipt.file).name, receipt.system, what, count, money, reason))
    return pd.DataFrame(rows, columns=["file", "system", "what", "rows", "amount", "reason"])


def reading_table(receipts: Iterable[Receipt]) -> Table:
    """Return the same for the report."""
    columns = {
        "file": (_("File"), "text"),
        "system": (_("System"), "text"),
        "what": (_("Rows"), "text"),
        "rows": (_("Number"), "number"),
        "amount": (_("Amount, {sign}").format(sign=currency_sign()), "money2"),
        "reason": (_("Why"), "text"),
    }
    caption = _("What was read, used, joined and set aside; read is the sum of the others")
    return Table(reading_frame(receipts), caption, columns, first=30)


def merge_table(record: Mapping[str, Any] | None) -> Table | None:
    """Return which keys of one system another knows, both ways (artefact "merge"); None without one, or where one table stands alone."""
    if not record or not record["links"]:
        return None
    rows = [
        {
            "what": _("{table} to {list}").format(table=link["table"].replace("_", " "), list=link["list"].replace("_", " ")),
            "keys": link["keys"],
            "known": link["both"] / link["keys"] if link["keys"] else None,
            "listed": link["listed"],
            "used": link["both"] / link["listed"] if link["listed"] else None,
            "no_key": link["rows_without_key"],
            "orphans": link["orphan_rows"],
            "amount": link["orphan_amount"],
        }
        for link in record["links"]
    ]
    columns = {
        "what": (_("From table to list"), "text"),
        "keys": (_("Keys in the table"), "number"),
        "known": (_("of which in the list"), "percent"),
        "listed": (_("Keys in the list"), "number"),
        "used": (_("of which in the table"), "percent"),
        "no_key": (_("Rows without a key"), "number"),
        "orphans": (_("Rows whose key is not in the list"), "number"),
        "amount": (_("Their amount, {sign}").format(sign=currency_sign()), "money2"),
    }
    frame = pd.DataFrame(rows, columns=list(columns))
    return Table(frame, _("How the systems fit together: keys looked up in each other's tables"), columns)


def doubts_table(doubts: Iterable[Doubt]) -> Table | None:
    """Return what is doubtful in the exports, and what was confirmed; None where nothing is."""
    rows = [
        {
            "seen": doubt.seen,
            "effect": doubt.effect,
            "state": Verdict("go", _("confirmed as right")) if doubt.confirmed else Verdict("caution", _("open")),
        }
        for doubt in doubts
    ]
    if not rows:
        return None
    columns = {"seen": (_("What was seen"), "text"), "effect": (_("What it would do"), "text"), "state": (_("State"), "verdict")}
    return Table(pd.DataFrame(rows), _("What is doubtful in the exports"), columns, first=30)


def decisions_table(record: Mapping[str, Any] | None) -> Table | None:
    """Return what was decided on the way to one truth, of the artefact "merge"; None where nothing had to be decided.

    Ids cleaned, records joined, who was right where two systems differ.
    """
    decisions = [Decision(**decision) for decision in (record or {}).get("decisions", ())]
    if not decisions:
        return None
    rows = [
        {
            "file": Path(decision.file).name,
            "column": decision.column.replace("_", " "),
            "what": _DECIDED[decision.what]().format(other=Path(decision.other).name),
            "rows": decision.rows,
        }
        for decision in decisions
    ]
    columns = {
        "file": (_("File"), "text"),
        "column": (_("Column"), "text"),
        "what": (_("What was done"), "text"),
        "rows": (_("Cells"), "number"),
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), _("What was decided so that the systems fit together"), columns, first=30)


_DECIDED = {
    "spaces": lambda: _("Blanks and invisible signs were removed from the id."),
    "look-alikes": lambda: _("Signs that only look like a letter, digit or dash were replaced."),
    "empty word": lambda: _("A word for “none”, such as NA or null, is no id."),
    "case": lambda: _("Ids that differ in capitals only are the same."),
    "joined": lambda: _("Records of the same id as in {other} became one."),
    "brings": lambda: _("Filled where the other source had nothing."),
    "differs": lambda: _("The two sources differ; {other} is taken as right."),
}
