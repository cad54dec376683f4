"""Ids of several files brought into the form of the list that they are joined with; and customer numbers that stand for nobody."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from helpers.sources.asking import frame
from helpers.sources.draft.content import Contents
from helpers.sources.draft.names import name_score
from helpers.sources.ids import repaired_text
from helpers.sources.key_coverage import LINKS
from helpers.sources.key_search import MOST_LISTED, best_rules
from helpers.tables.declared import IdRepair

# Our convention.
MET, NEARLY_ALL, AHEAD = 0.5, 0.9, 3
LINKED = tuple(dict.fromkeys(name for _list, key, named, _tables in LINKS for name in (key, named)))
BUYING = ("orders", "order_lines")
Ids = Mapping[int, Mapping[str, frozenset[str]]]


def ids_of(relation: Any, columns: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the different ids in columns of a canonical table."""
    found = {}
    for name in columns:
        if name in relation.columns:
            known = relation.filter(relation[name].notnull()).select(id=relation[name]).distinct().order_by("id").limit(MOST_LISTED)
            found[name] = frozenset(frame(known)["id"])
    return found


def met_shares(contents: Contents, key: str, listed: frozenset[str]) -> dict[str, float]:
    """Return, per column, the share of its ids that the lists with a key hold, beyond what chance would have.

    Parameters
    ----------
    contents : what was counted in the columns of a file.
    key : our key, such as customer_id.
    listed : the ids of the lists.
    """
    shares = {}
    for content in contents.values():
        column, ids = content.column, set(content.filled)
        if len(ids) < 10 or not listed or column.kind in ("date", "flag") or content.fraction or content.share(r".*\s.*") > 0.5:
            continue
        share = _beyond_chance(ids, listed)
        named = max(name_score(column.name, table, key) for table in ("orders", "customers"))
        if share < MET and named >= 0.3:
            _rules, met, tried = best_rules(sorted(ids), set(listed))
            share = met / tried if tried and len(ids) >= 20 else 0.0
        shares[column.name] = share
    return shares


def address_keys(lists: Mapping[str, Contents], numbers: Mapping[str, str], buying: Mapping[str, Contents]) -> dict[str, str]:
    """Return the column of e-mail addresses that names the customer, per file; none where a number joins orders and customers.

    Parameters
    ----------
    lists : the lists of customers, by the file's label.
    numbers : which column of each list holds the customer's number; "" where none does.
    buying : the files of orders.
    """
    addresses = {label: _addresses(contents) for label, contents in {**lists, **buying}.items()}
    listed = {label: ids for label in lists if len(ids := addresses[label][1]) >= NEARLY_ALL * _rows(lists[label])}
    known = frozenset().union(*listed.values())
    numbered = [contents[numbers[label]] for label, contents in lists.items() if numbers[label]]
    ids = frozenset().union(*(frozenset(content.filled) for content in numbered if not content.addresses))
    joined = [label for label, contents in buying.items() if max(met_shares(contents, "customer_id", ids).values(), default=0.0) >= MET]
    met = [label for label in buying if addresses[label][1] and _meet(addresses[label][1], known)]
    if not met or joined:
        return {}
    return {label: addresses[label][0] for label in (*listed, *met)}


def _rows(contents: Contents) -> int:
    return max(len(content.filled) for content in contents.values())


def _addresses(contents: Contents) -> tuple[str, frozenset[str]]:
    """Return the column of e-mail addresses with the most different ones, and these in small letters."""
    found = {name: frozenset(map(str.lower, content.filled)) for name, content in contents.items() if content.addresses}
    name = max(found, key=lambda column: len(found[column]), default="")
    return name, found.get(name, frozenset())


def _beyond_chance(ids: set[str], listed: frozenset[str]) -> float:
    share = len(ids & listed) / min(len(ids), len(listed))
    numbers = [int(id_) for id_ in listed if id_.isdigit() and len(id_) < 16]
    if not numbers or len(numbers) < 0.9 * len(listed):
        return share
    dense = len(numbers) / (max(numbers) - min(numbers) + 1)
    # Any number between 1 and 500 is a customer where customers are numbered so.
    return 0.0 if dense > 0.4 and share < 0.999 else share if dense <= 0.4 or len(ids) >= 0.3 * len(listed) else 0.0


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


@lru_cache(maxsize=64)
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


def buyers_of(relation: Any) -> dict[str, tuple[int, int]]:
    """Return per customer of a table of orders or lines how many orders and rows there are; "" for rows that name nobody."""
    if not {"customer_id", "order_id"} <= set(relation.columns):
        return {}
    counted = relation.group_by("customer_id").aggregate(orders=relation["order_id"].nunique(), rows=relation.count())
    busiest = frame(counted.order_by(counted["orders"].desc(), "customer_id").limit(MOST_LISTED))
    ids = busiest["customer_id"].fillna("").astype(str)
    return dict(zip(ids, zip(busiest["orders"].astype(int), busiest["rows"].astype(int), strict=True), strict=True))


def renamed(buyers: Mapping[str, tuple[int, int]], rule: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return buyers by their ids under a rule of ``repairs``."""
    repair = IdRepair.model_validate(rule)
    return {repaired_text(id_, repair) if id_ else "": counted for id_, counted in buyers.items()}


def nobody(buyers: Mapping[str, tuple[int, int]], listed: frozenset[str]) -> str:
    """Return the number of a till: one on many orders that no list knows; "" where there is none.

    Parameters
    ----------
    buyers : of ``buyers_of``, of all files that fill the table.
    listed : the ids of the customers' list; empty where there is none.
    """
    busiest = sorted(((orders, id_) for id_, (orders, _rows) in buyers.items() if id_), key=lambda entry: (-entry[0], entry[1]))
    known = frozenset(buyers) - {""}
    ahead = len(busiest) > 1 and busiest[0][0] >= AHEAD * busiest[1][0]
    unlisted = ahead and busiest[0][1] not in listed and len(known & listed) >= NEARLY_ALL * len(known)
    return busiest[0][1] if unlisted else ""
