"""Order lines exported twice, in two files that overlap: the later file leaves out what the earlier one holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.core.wording import _
from helpers.sources.asking import frame
from helpers.sources.draft.proof import read

_MOST_NAMED = 50  # orders that a rule names one by one (our convention)
_SAME = ["order_id", "day", "rows", "amount"]


def overlap_rules(folder: Path, blocks: Sequence[Mapping[str, Any]], ids: Mapping[int, Mapping[str, frozenset[str]]]) -> dict[int, list]:
    """Return the rules that set aside what stands in an earlier file too, by the place of the block.

    Parameters
    ----------
    folder : where the files are.
    blocks : source blocks that read by themselves.
    ids : the ids of each block, by our column.

    Notes
    -----
    An order is the same where its number, day, lines and amount are; two tills that both number from 1 share none. Whole days are
    left out by their date, single orders by their number. Tables with a key need no rule: the same order counts once.
    """
    lines = [i for i, block in enumerate(blocks) if block["table"] == "order_lines" and "order_id" in ids[i]]
    orders: dict[int, pd.DataFrame] = {}
    rules: dict[int, list] = {}
    for n, later in enumerate(lines):
        for earlier in lines[:n]:
            if not ids[later]["order_id"] & ids[earlier]["order_id"]:
                continue
            for i in (earlier, later):
                orders[i] = orders[i] if i in orders else _orders(folder, blocks[i])
            found = twice_rules(orders[later], orders[earlier], str(blocks[earlier]["file"]))
            rules.setdefault(later, []).extend(found)
    return rules


def _orders(folder: Path, block: Mapping[str, Any]) -> pd.DataFrame:
    intake, _problems = read(folder, [block])
    if intake is None:
        return pd.DataFrame(columns=_SAME)
    with intake:
        lines = intake.relations["order_lines"]
        if not {"order_date", "line_amount"} <= set(lines.columns):
            return pd.DataFrame(columns=_SAME)
        grouped = lines.group_by("order_id").aggregate(
            day=lines["order_date"].min().strftime("%Y-%m-%d"), rows=lines.count(), amount=lines["line_amount"].cast("float64").sum()
        )
        return frame(grouped).assign(amount=lambda orders: orders["amount"].astype(float).round(2))


def twice_rules(later: pd.DataFrame, earlier: pd.DataFrame, file: str) -> list[dict[str, Any]]:
    """Return the rules that set aside of later orders what stands among earlier ones.

    Parameters
    ----------
    later, earlier : order_id, day (as text), rows and amount of every order of two files.
    file : the name of the earlier file.
    """
    both = later.merge(earlier, on=_SAME)
    twice = later["order_id"].isin(both["order_id"])
    days = sorted(day for day, whole in twice.groupby(later["day"]).all().items() if whole)
    single = sorted(later.loc[twice & ~later["day"].isin(days), "order_id"])
    name, reason = _("also in {file}").format(file=file), _("{file} holds the same orders.").format(file=file)
    rules: list[dict[str, Any]] = []
    if days:
        pattern = f"({'|'.join(days)}).*"
        months = sorted({day[:7] for day in days})
        if set(later["day"].str[:7].isin(months) & ~later["day"].isin(days)) == {False}:
            pattern = f"({'|'.join(months)}).*"
        rules.append({"name": name, "column": "order_date", "matches": pattern, "reason": reason})
    if 0 < len(single) <= _MOST_NAMED:
        rules.append({"name": name, "column": "order_id", "equals": tuple(single), "reason": reason})
    return rules
