"""Sources of customers whose ids do not meet: are they the same customers under other ids? Compared in the engine; only counts leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ibis

from helpers.core.errors import Problem
from helpers.sources.agreement import agreement, are_the_same
from helpers.sources.asking import counts, frame
from helpers.sources.ids import repaired
from helpers.sources.key_search import MOST_LISTED, best_rules, lines_for
from helpers.sources.raw import LINE, Part
from helpers.sources.store import Store
from helpers.tables import Table
from helpers.tables.declared import IdRepair

# All our convention; each has a test on both sides.
HARDLY = 0.05  # share of ids that meet, of the smaller side, below which the two number their customers by themselves
SAME, FEWEST = 0.1, 3  # share and number of customers whose name or address stands in both, beyond what chance would have it
BEYOND_CHANCE, DEVIATIONS = 0.5, 4  # that excess, as a share of what chance would have, and in its standard deviations
TELLS = 0.25  # where chance alone would have more than this share meet, a comparison says nothing
USED = 0.05  # share of the ids, or of those in orders if they are fewer, from which orders use a source
_MOST_ALIKE = 3  # a name or address that more customers of one source share tells nobody apart
_SOURCE, _KEY = "__source", "__key"
_PERSONAL = ("email", "phone", "customer_name", "postcode", "place")
_LEGAL = ("bv", "bvba", "nv", "sa", "sas", "sarl", "srl", "sprl", "vof", "cv", "cvba", "comm", "gmbh", "ag", "kg", "ohg", "ug", "ab", "as")
_TITLES = ("aps", "oy", "spa", "ltd", "limited", "inc", "llc", "plc", "co", "dhr", "mevr", "mw", "herr", "frau", "mr", "mrs", "ms")


@dataclass(frozen=True)
class _Form:
    """How a source is laid out and how its ids look: files of one system have the same form, month after month."""

    layout: tuple[object, ...]
    signs: tuple[str, str]
    zeros: bool
    shortest: int
    longest: int

    def fits(self, other: _Form) -> bool:
        """Whether both may come from one system that goes on numbering."""
        near = self.shortest <= other.longest + 1 and other.shortest <= self.longest + 1
        return self.layout == other.layout and self.same_ids(other) and near

    def same_ids(self, other: _Form) -> bool:
        """Whether the ids differ in their digits only, so that no rule could make them meet."""
        return self.signs == other.signs and not (self.zeros ^ other.zeros)


@dataclass(frozen=True)
class _Met:
    """Names or addresses of a source that stand in an earlier one too: how many, and what that says."""

    what: str
    both: int
    smaller: int
    same: bool
    tells: bool


def same_customers(
    parts: Sequence[Part], keys_met: Sequence[int], buying: Sequence[Part], table: Table, store: Store
) -> Mapping[int, list[Problem]]:
    """Return what stops sources of customers from being put together, by their place in ``parts``.

    Looked at are the customers whose id stands in one source only (``keys_met`` of each stand in an earlier one). They are the same ones
    under other ids where a small rule makes their ids meet and their records then agree, or where e-mail addresses, telephone numbers or
    names meet more often than chance would have it. How often chance does is known from the pairs within each source (the birthday
    problem). Sources whose ids hardly meet are other customers only where two things say so: one form of file and ids, orders
    (``buying``) that use both, a comparison in which they hardly met, a prefix that client.yml puts before the ids.
    """
    key = table.key[0]
    asked = [i for i, part in enumerate(parts) if i and part.source.combine == "auto"]
    if not asked:
        return {}
    together = store.keep(_people(parts, key))
    alone = together.group_by(_KEY).aggregate(n=together.count()).filter(lambda ids: ids["n"] == 1).select(_KEY)
    rest = store.keep(together.semi_join(alone, _KEY))
    forms, people = _forms(together, parts), _by_source(rest, parts)
    rows = _by_source(together, parts)
    used, buyers = _used(together, parts, buying, store)
    met = _identities(rest, parts)
    problems = {}
    for i in asked:
        smaller = min(rows[i], sum(rows[:i]))
        few = min(people[i], sum(people[:i])) < max(FEWEST, HARDLY * smaller)
        apart, found = False, [] if few else [_named(parts, i, key, one) for one in met[i] if one.same][:1]
        if not few and not all(forms[i].same_ids(form) for form in forms[:i]):
            apart, by_rule = _rule(parts, i, rest, table)
            found = by_rule or found
        if not found and keys_met[i] < HARDLY * smaller:
            both_used = all(
                bought >= max(USED * min(size, buyers), 1) for bought, size in ((used[i], rows[i]), (sum(used[:i]), sum(rows[:i])))
            )
            fits, compared = any(forms[i].fits(form) for form in forms[:i]), apart or any(one.tells for one in met[i])
            prefixed = key in parts[i].source.ids and bool(parts[i].source.ids[key].add_prefix)
            found = [] if fits + both_used + compared + prefixed >= 2 else [_undecided(parts, i, key, used, both_used)]
        problems[i] = found
    return problems


def _people(parts: Sequence[Part], key: str) -> Any:
    """Return the ids of all sources below each other, with what tells who somebody is."""
    columns = []
    for i, part in enumerate(parts):
        own = {name: part.rows[name] if name in part.rows.columns else ibis.null("string") for name in _PERSONAL}
        columns.append(part.rows.select(**{_KEY: part.rows[key], _SOURCE: ibis.literal(i, "int64")}, **own))
    return ibis.union(*columns, distinct=False)


def _by_source(rows: Any, parts: Sequence[Part]) -> list[int]:
    counted = frame(rows.group_by(_SOURCE).aggregate(n=rows.count())).set_index(_SOURCE)["n"]
    return [int(counted.get(i, 0)) for i in range(len(parts))]


def _forms(together: Any, parts: Sequence[Part]) -> list[_Form]:
    ids = together.mutate(signs=together[_KEY].re_replace("[0-9]", ""), length=together[_KEY].length())
    asked = ids.group_by(_SOURCE).aggregate(
        low=ids["signs"].min(),
        high=ids["signs"].max(),
        zeros=ids[_KEY].re_search("^[^0-9]*0[0-9]").any(),
        shortest=ids["length"].min(),
        longest=ids["length"].max(),
    )
    by_source = {row[_SOURCE]: row for row in frame(asked).to_dict("records")}
    forms = []
    for i, part in enumerate(parts):
        row = by_source.get(i, {"low": "", "high": "", "zeros": False, "shortest": 0, "longest": 0})
        layout = (part.source.system, tuple(sorted(part.source.columns.items())), tuple(sorted(part.receipt.unmapped_columns)))
        forms.append(_Form(layout, (row["low"], row["high"]), bool(row["zeros"]), int(row["shortest"]), int(row["longest"])))
    return forms


def _used(together: Any, parts: Sequence[Part], buying: Sequence[Part], store: Store) -> tuple[list[int], int]:
    """Return how many ids of each source orders use, and how many customers orders name."""
    ids = [store.here(part.rows.select(buyer=part.rows["customer_id"]).distinct()) for part in buying if "customer_id" in part.rows.columns]
    if not ids:
        return [0] * len(parts), 0
    buyers = store.keep(ibis.union(*ids, distinct=True).filter(lambda rows: rows["buyer"].notnull()))
    return _by_source(together.semi_join(buyers, together[_KEY] == buyers["buyer"]), parts), int(counts(buyers, n=buyers.count())["n"])


def _identities(rest: Any, parts: Sequence[Part]) -> list[list[_Met]]:
    """Return, per source, what names and addresses it shares with those before it."""
    name = _letters(rest["customer_name"])
    tokens = name.re_split(" +").filter(lambda word: ~word.isin([*_LEGAL, *_TITLES]))
    sorted_name, start = tokens.sort().join(" "), tokens.join("").substr(0, 12)
    # The last eight digits: some write the country, some a zero.
    digits = rest["phone"].re_replace("[^0-9]", "")
    ways = {
        "e-mail addresses": rest["email"].strip().lower(),
        "telephone numbers": (digits.length() >= 8).ifelse(digits.right(8), ""),
        "names with their postcode": _pair(sorted_name, _letters(rest["postcode"])),
        "names with their place": _pair(sorted_name, _letters(rest["place"])),
        "names": sorted_name,
        "beginnings of names": start,
    }
    met: list[list[_Met]] = [[] for _ in parts]
    for what, identity in ways.items():
        for i, found in enumerate(_shared(rest, identity, what, parts)):
            met[i] += found
    return met


def _letters(text: Any) -> Any:
    """Return text without accents, capitals and signs between words, as names are compared."""

    @ibis.udf.scalar.builtin(name="strip_accents", signature=(("string",), "string"))
    def strip_accents(text): ...

    return strip_accents(text.replace(".", "")).lower().re_replace(r"[^\p{L}\p{N}]+", " ").strip()


def _pair(name: Any, place: Any) -> Any:
    return ((name != "") & (place.replace(" ", "") != "")).ifelse(name + "|" + place.replace(" ", ""), "")


def _shared(rest: Any, identity: Any, what: str, parts: Sequence[Part]) -> list[list[_Met]]:
    known = rest.select(_SOURCE, who=identity).filter(lambda rows: (rows["who"].length() > 0).fill_null(False))
    times = known.group_by(_SOURCE, "who").aggregate(n=known.count()).filter(lambda rows: rows["n"] <= _MOST_ALIKE)
    before = ibis.window(group_by="who", order_by=_SOURCE, preceding=(None, 1))
    times = times.mutate(earlier=times["n"].sum().over(before).fill_null(0))
    asked = times.group_by(_SOURCE).aggregate(
        rows=times["n"].sum(),
        own=(times["n"] * (times["n"] - 1) / 2).sum(),
        cross=(times["n"] * times["earlier"]).sum(),
        both=(times["earlier"] > 0).sum(),
    )
    by_source = frame(asked).set_index(_SOURCE).reindex(range(len(parts))).fillna(0).astype(float)
    pairs = (by_source["rows"] * (by_source["rows"] - 1) / 2).cumsum()
    own = by_source["own"].cumsum()
    # As many pairs within the sources as there may well be: of four that were counted, eight.
    chance, earlier = (own + 2 * (own + 1) ** 0.5) / pairs.clip(lower=1), by_source["rows"].cumsum() - by_source["rows"]
    found: list[list[_Met]] = []
    for i, row in enumerate(by_source.itertuples()):
        smaller = int(min(row.rows, earlier[i]))
        same, tells = judged(row.cross, chance[i] * row.rows * earlier[i], smaller)
        found.append([_Met(what, int(row.both), smaller, same, tells)] if smaller else [])
    return found


def judged(pairs: float, expected: float, smaller: int) -> tuple[bool, bool]:
    """Return whether so many pairs of equal names are those of the same customers, and whether names can tell at all.

    Of two sources, of which the smaller names so many customers; chance would have so many pairs ``expected``.
    """
    least = max(SAME * smaller, FEWEST, BEYOND_CHANCE * expected, DEVIATIONS * expected**0.5)
    return bool(pairs - expected >= least), bool(expected <= TELLS * smaller)


def _rule(parts: Sequence[Part], i: int, rest: Any, table: Table) -> tuple[bool, list[Problem]]:
    """Return whether records whose ids a rule makes meet are others; and the problem where they are the same, or nothing can tell."""
    key, part = table.key[0], parts[i]
    own, before = (_ids(rest.filter(condition)) for condition in (rest[_SOURCE] == i, rest[_SOURCE] < i))
    (rule, list_rule), met, tried = best_rules(own, set(before))
    if not met:
        return False, []
    alone = [replace(one, rows=_repaired(one, rest, n, key, rule if n == i else list_rule)) for n, one in enumerate(parts[: i + 1])]
    agreed = agreement(alone[:i], alone[i], table)
    if agreed is not None and not are_the_same(agreed):
        return True, []
    lines = lines_for((rule, list_rule), met, tried, key, part.source, parts[0].source)
    expected = f"ids that meet those of {parts[0].source.origin}: {len(own):,} do not"
    return False, [part.problem(key, expected, f"{lines} If they are other customers all the same, declare combine: stack.")]


def _ids(rows: Any) -> list[str]:
    return frame(rows.select(_KEY).order_by(_KEY).limit(MOST_LISTED))[_KEY].tolist()


def _repaired(part: Part, rest: Any, i: int, key: str, rule: dict[str, Any]) -> Any:
    own = rest.filter(rest[_SOURCE] == i)
    rows = part.rows.semi_join(own, part.rows[key] == own[_KEY])
    return rows.mutate(**{key: repaired(rows[key], IdRepair.model_validate(rule)), LINE: rows[LINE]})


def _named(parts: Sequence[Part], i: int, key: str, met: _Met) -> Problem:
    first = parts[0].source.origin
    expected = (
        f"other customers than those of {first}, or their ids: {met.both:,} of {met.smaller:,} {met.what} stand in both, under other ids"
    )
    fix = (
        "They would count twice. Map the column that holds the other system's id to customer_id; no small rule makes the ids meet. "
        "If they are others all the same, declare combine: stack."
    )
    return parts[i].problem(key, expected, fix)


def _undecided(parts: Sequence[Part], i: int, key: str, used: Sequence[int], both_used: bool) -> Problem:
    first = parts[0].source.origin
    if both_used:
        expected = f"something that tells whether these are the customers of {first}: their ids do not meet, and nothing can be compared"
    else:
        expected = f"customers who order: of their ids orders use {used[i]:,}, of those of the sources before it {sum(used[:i]):,}"
    fix = (
        f"If they are other customers than those of {first}, such as prospects or another branch, declare combine: stack. If they are "
        f"the same, bring their ids into one form (ids: {{{key}: …}}) or map the column that holds the other system's id."
    )
    return parts[i].problem(key, expected, fix)
