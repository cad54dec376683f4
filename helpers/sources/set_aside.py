"""Rows set aside by a declared rule: counted, with their money, never lost."""

from __future__ import annotations

import pandas as pd

from helpers.config.schema import SetAsideRule, Source
from helpers.errors import Problem, did_you_mean
from helpers.receipts import SetAside
from helpers.wording import _, number


def apply_rules(frame: pd.DataFrame, source: Source, money: str) -> tuple[pd.DataFrame, tuple[SetAside, ...]]:
    """Set rows aside by the source's rules, each rule on the rows the earlier ones left.

    Parameters
    ----------
    frame : the typed table.
    source : the source's block in client.yml.
    money : the column whose sum is stated beside the row count; "" for none.

    Returns
    -------
    The rows that are used, and one record per rule. Rows and sums reconcile: what was read is what
    is used plus what the applied rules set aside.
    """
    left, records = frame, []
    for rule in source.set_aside:
        hit = _hits(left[rule.column], rule)
        amount = float(left.loc[hit, money].sum()) if money in left.columns else 0.0
        rows = int(hit.sum())
        if rule.apply:
            records.append(SetAside(rule.name, rule.reason, rows, amount))
            left = left[~hit]
        else:
            kept = _("{reason} Kept by choice: {n} rows.").format(reason=rule.reason, n=number(rows)).strip()
            records.append(SetAside(rule.name, kept, 0, 0.0))
    return left, tuple(records)


def rule_problems(source: Source, known: list[str], place: str) -> list[Problem]:
    """Return one problem for every rule that names a column the source does not map."""
    return [
        Problem("client.yml", f"{place}.set_aside {rule.name!r}", rule.column, "a column that this source maps",
                did_you_mean(rule.column, known))
        for rule in source.set_aside
        if rule.column not in known
    ]  # fmt: skip


def _hits(values: pd.Series, rule: SetAsideRule) -> pd.Series:
    if rule.empty:
        return values.isna()
    if rule.at_most is not None:
        return (values <= rule.at_most).fillna(False).astype(bool)
    if rule.at_least is not None:
        return (values >= rule.at_least).fillna(False).astype(bool)
    text = values.astype("str")
    if rule.equals:
        hit = text.isin(rule.equals)
    elif rule.starts_with:
        hit = text.str.startswith(rule.starts_with)
    else:
        hit = text.str.fullmatch(rule.matches)
    return (hit.fillna(False).astype(bool)) & values.notna()
