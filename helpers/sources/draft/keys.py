"""Ids of several files brought into the form of the list that they are joined with; and customer numbers that stand for nobody."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpers.core.wording import _
from helpers.sources.asking import frame, words
from helpers.sources.ids import repaired_text
from helpers.sources.key_coverage import LINKS
from helpers.sources.key_search import MOST_LISTED, best_rules
from helpers.tables.declared import IdRepair

# Our convention.
MET, TILL_AHEAD, TILL_SHARE, LISTED = 0.5, 5, 0.01, 0.5
LINKED = tuple(dict.fromkeys(name for _list, key, named, _tables in LINKS for name in (key, named)))
Ids = Mapping[int, Mapping[str, frozenset[str]]]


def ids_of(relation: Any, columns: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the different ids in columns of a canonical table."""
    found = {}
    for name in columns:
        if name in relation.columns:
            known = relation.filter(relation[name].notnull()).select(id=relation[name]).distinct().order_by("id").limit(MOST_LISTED)
            found[name] = frozenset(frame(known)["id"])
    return found


def repairs(blocks: Sequence[Mapping[str, Any]], ids: Ids) -> dict[int, dict[str, dict[str, Any]]]:
    """Return how ids are brought into one form, by the place of the block and our column.

    Parameters
    ----------
    blocks : source blocks that read by themselves.
    ids : the ids of each block, by our column.

    Notes
    -----
    The form of the list wins: a prefix goes, and its width is kept with zeros in front.
    """
    rules: dict[int, dict[str, dict[str, Any]]] = {}
    for listing, key, named, tables in LINKS:
        lists = [i for i, block in enumerate(blocks) if block["table"] == listing and key in ids[i]]
        facts = [i for table in tables for i, block in enumerate(blocks) if block["table"] == table and named in ids[i]]
        if not lists or not facts or listing == "external":
            continue
        listed = frozenset().union(*(ids[i][key] for i in lists))
        list_rule: dict[str, Any] = {}
        for i in facts:
            if not _meet(ids[i][named], listed):
                mine, theirs = _in_form_of_list(ids[i][named], listed)
                if theirs and len(lists) == 1:
                    list_rule = theirs
                    break
        if list_rule:
            listed = _under(listed, list_rule)
            rules.setdefault(lists[0], {})[key] = list_rule
        for i in facts:
            if _meet(ids[i][named], listed):
                continue
            mine, theirs = _in_form_of_list(ids[i][named], listed)
            if mine and not theirs:
                rules.setdefault(i, {})[named] = mine
    return rules


def _meet(mine: frozenset[str], listed: frozenset[str]) -> bool:
    return len(mine & listed) >= MET * min(len(mine), len(listed))


def _under(ids: frozenset[str], rule: Mapping[str, Any]) -> frozenset[str]:
    repair = IdRepair.model_validate(rule)
    return frozenset(repaired_text(id_, repair) for id_ in ids) if rule else ids


def _in_form_of_list(mine: frozenset[str], listed: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rules for ids and list under which most meet; zeros in front are put on, not taken off, where the list has them."""
    (own, theirs), met, _tried = best_rules(sorted(mine), set(listed))
    if not met or not (own.get("strip_zeros") or theirs.get("strip_zeros")):
        return own, theirs
    bare = {key: value for key, value in theirs.items() if key != "strip_zeros"}
    widths = {len(id_) for id_ in _under(listed, bare)}
    if len(widths) != 1:
        return own, theirs
    width = {"zero_pad": widths.pop()}
    padded = {key: value for key, value in own.items() if key != "strip_zeros"} | width
    together = len(_under(mine, padded) & _under(listed, bare)), len(_under(mine, own) & _under(listed, theirs))
    if together[0] < 0.99 * together[1]:
        return own, theirs
    return padded, bare | width if bare else bare


def nobody(relations: Mapping[str, Any], table: str, listed: frozenset[str]) -> list[dict[str, Any]]:
    """Return the rules that set aside orders of nobody: those without a customer, and those of one till or guest account.

    Parameters
    ----------
    relations : canonical tables read together.
    table : orders or order_lines.
    listed : the ids of the customers' list; empty where there is none.
    """
    rows = relations[table]
    if "customer_id" not in rows.columns:
        return []
    counted = rows.group_by("customer_id").aggregate(n=rows["order_id"].nunique())
    orders = frame(counted.order_by(counted["n"].desc(), "customer_id").limit(MOST_LISTED))
    known = orders.dropna(subset=["customer_id"])
    rules: list[dict[str, Any]] = []
    if len(known) and len(known) < len(orders):
        reason = _("No customer is known, so the order says nothing about one.")
        rules.append({"name": _("no customer"), "column": "customer_id", "empty": True, "reason": reason})
    if len(known) < 3:
        return rules
    first, second = known.iloc[0], known.iloc[1]
    ahead = first["n"] >= TILL_AHEAD * second["n"] and first["n"] >= TILL_SHARE * known["n"].sum()
    others_listed = known["customer_id"].iloc[1:].isin(listed).mean() >= LISTED
    word = bool(re.fullmatch(words("guests"), str(first["customer_id"]).lower()))
    if ahead and (word or (others_listed and first["customer_id"] not in listed)):
        reason = _("One number far ahead of all others and not in the list of customers, as a till has.")
        rules.append({"name": _("no known customer"), "column": "customer_id", "equals": (str(first["customer_id"]),), "reason": reason})
    return rules
