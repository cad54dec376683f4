"""Ids of several files brought into the form of the list that they are joined with; and customer numbers that stand for nobody."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpers.core.wording import _
from helpers.sources.asking import counts, frame
from helpers.sources.draft.content import Contents
from helpers.sources.draft.names import name_score
from helpers.sources.ids import repaired_text
from helpers.sources.key_coverage import LINKS
from helpers.sources.key_search import MOST_LISTED, best_rules
from helpers.tables.declared import IdRepair
from helpers.tables.doubts import Doubt

# Our convention.
MET, LISTED, NEARLY_ALL, AHEAD = 0.5, 0.5, 0.9, 3
FEW = 0.1  # more rows than these without a customer are no slips: their revenue and their baskets count
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
    ids = frozenset().union(*(frozenset(contents[numbers[label]].filled) for label, contents in lists.items() if numbers[label]))
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


def nobody(relations: Mapping[str, Any], table: str, doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    """Return the rules that set aside orders of nobody: the few without a customer, and those of one till or guest account.

    Parameters
    ----------
    relations : canonical tables read together.
    table : orders or order_lines.
    doubts : what was doubtful in them; a guest account is set aside where the list of customers knows nearly all others.
    """
    rows = relations[table]
    if "customer_id" not in rows.columns:
        return []
    seen = counts(rows, empty=rows["customer_id"].isnull().sum(), of=rows.count())
    rules: list[dict[str, Any]] = []
    # Lines keep their baskets and their revenue, whoever bought; so do orders of which more than a few name nobody.
    if table == "orders" and 0 < seen["empty"] <= FEW * seen["of"]:
        reason = _("No customer is known, so the order says nothing about one.")
        rules.append({"name": _("no customer"), "column": "customer_id", "empty": True, "reason": reason})
    guests = [doubt.act_on for doubt in doubts if doubt.kind == "guest_account" and doubt.act_on]
    if "customers" not in relations:
        return rules
    listed = ids_of(relations["customers"], ["customer_id"])["customer_id"]
    known = rows.filter(rows["customer_id"].notnull())
    counted = known.group_by("customer_id").aggregate(n=known["order_id"].nunique())
    busiest = frame(counted.order_by(counted["n"].desc(), "customer_id").limit(MOST_LISTED)).set_index("customer_id")["n"]
    buyers = frozenset(busiest.index)
    if len(busiest) > 1 and busiest.iloc[0] >= AHEAD * busiest.iloc[1] and len(buyers & listed) >= NEARLY_ALL * len(buyers):
        guests.append(str(busiest.index[0]))
    for guest in dict.fromkeys(guests):
        if guest in buyers - listed and len(buyers & listed) >= LISTED * len(buyers):
            reason = _("One number on many orders that is not in the list of customers, as a till has.")
            rules.append({"name": _("no known customer"), "column": "customer_id", "equals": (guest,), "reason": reason})
    return rules
