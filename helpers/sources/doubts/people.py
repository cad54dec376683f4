"""Doubts about customers and ids: tests, shared addresses, days of recording, ids that a spreadsheet has destroyed."""

from collections.abc import Iterator, Mapping
from typing import Any

from helpers.core.wording import _, number
from helpers.sources.asking import counts, frame, some, words
from helpers.tables.doubts import Doubt

# All thresholds here are our convention.
LEAST_CUSTOMERS = 50
LATER_SHARE = 0.1
SHARED_SHARE, SHARED_CUSTOMERS = 0.02, 10
CUT_IDS, CUT_SHARE = 20, 0.25  # of ids with zeros behind the fifteenth digit: chance gives a tenth at most
DATE_SHARE, DATE_MONTHS = 0.001, 3  # a family of products may be called MAR or DEC, but not three months
_TEST_ADDRESS = r"^(test|tests|testing|demo|dummy)[0-9._+-]*@|@(test|mailinator)\.[a-z]+$"


def people_doubts(customers: Any, orders: Any, tables: Mapping[str, Any]) -> Iterator[Doubt]:
    """Yield what is doubtful about customers, and about ids anywhere (ibis tables; ``customers`` and ``orders`` may be None)."""
    if customers is not None:
        yield from _tests(customers, orders)
        yield from _shared(customers)
        if orders is not None and "created_date" in customers.columns and "customer_id" in orders.columns:
            yield from _later(customers, orders)
    if "persons" in tables:
        yield from _persons(tables["persons"], customers)
    for name, column in (("customers", "customer_id"), ("products", "product_id"), ("orders", "order_id"), ("orders", "customer_id")):
        if name in tables and column in tables[name].columns:
            ids = tables[name].filter(tables[name][column].notnull()).select(id=tables[name][column]).distinct()
            yield from _destroyed(ids, name, column)


def _tests(customers: Any, orders: Any) -> Iterator[Doubt]:
    name = rf"^[^a-z]*((\w+ +)?{words('tests')}|(test|demo|dummy)[ _-]*{words('tested')})[^a-z]*$"
    patterns = {"customer_name": name, "email": _TEST_ADDRESS}
    hits = [customers[name].lower().re_search(pattern).fill_null(False) for name, pattern in patterns.items() if name in customers.columns]
    if not hits:
        return
    hit = hits[0] if len(hits) == 1 else hits[0] | hits[1]
    tests = customers.filter(hit).select("customer_id")
    rows = int(counts(tests, n=tests.count())["n"])
    if not rows:
        return
    amount = 0.0
    if orders is not None and "customer_id" in orders.columns and orders.get_backend() is customers.get_backend():
        bought = orders.semi_join(tests, "customer_id")
        amount = counts(bought, amount=bought["order_amount"].sum())["amount"]
    ids = some(frame(tests.order_by("customer_id").limit(20))["customer_id"])
    yield Doubt("test_records", "customers", rows, int(counts(customers, n=customers.count())["n"]), amount, act_on=ids)


def _shared(customers: Any) -> Iterator[Doubt]:
    if "email" not in customers.columns:
        return
    given = customers.filter(customers["email"].notnull())
    addresses = given.group_by(address=given["email"].lower().strip()).aggregate(n=given.count())
    seen = counts(addresses, rows=addresses["n"].sum(where=addresses["n"] > 1), of=addresses["n"].sum())
    if seen["rows"] >= max(SHARED_CUSTOMERS, SHARED_SHARE * seen["of"]):
        yield Doubt("shared_address", "customers", int(seen["rows"]), int(seen["of"]))


def _persons(persons: Any, customers: Any) -> Iterator[Doubt]:
    """Look for persons without a firm, at one that the list does not know, and with the address of another person."""
    firm = persons["customer_id"]
    meet = customers is not None and customers.get_backend() is persons.get_backend()
    known = firm.isin(customers["customer_id"]) if meet else firm.notnull()
    placed = persons.filter(known)
    asked = {"of": persons.count(), "without": firm.isnull().sum(), "unknown": (firm.notnull() & ~known).sum()}
    seen = counts(persons, **asked) | {"twice": 0.0, "several": 0.0}
    if "email" in persons.columns:
        given = placed.filter(placed["email"].notnull())
        shared = given.group_by(address=given["email"].lower().strip()).aggregate(n=given.count(), firms=given["customer_id"].nunique())
        of_one, of_several = (shared["n"] > 1) & (shared["firms"] == 1), shared["firms"] > 1
        seen |= counts(shared, twice=shared["n"].sum(where=of_one), several=shared["n"].sum(where=of_several))
    rows = int(sum(seen.values()) - seen["of"])
    if rows:
        detail = _("{without} without a firm, {unknown} at a firm not in the list, {twice} twice at one firm, {several} at several firms")
        detail = detail.format(**{name: number(int(n)) for name, n in seen.items()})
        yield Doubt("persons_apart", "persons", rows, int(seen["of"]), 0.0, detail)


def _later(customers: Any, orders: Any) -> Iterator[Doubt]:
    if orders.get_backend() is not customers.get_backend():
        return
    known = orders.filter(orders["customer_id"].notnull())
    first = known.group_by("customer_id").aggregate(first=known["order_date"].min().truncate("D"))
    both = customers.filter(customers["created_date"].notnull()).inner_join(first, "customer_id")
    seen = counts(both, rows=(both["created_date"].truncate("D") > both["first"]).sum(), of=both.count())
    if seen["of"] >= LEAST_CUSTOMERS and seen["rows"] >= LATER_SHARE * seen["of"]:
        yield Doubt("created_later", "customers", int(seen["rows"]), int(seen["of"]))


def _destroyed(ids: Any, table: str, column: str) -> Iterator[Doubt]:
    """Look for ids of more than 15 digits with zeros behind those, and for ids that are dates: both are what spreadsheets leave."""
    long = ids["id"].re_search("^[0-9]{16,}$")
    cut = long & ids["id"].re_search("^[0-9]{15}0+$")
    month = words("months")
    is_day = rf"^[0-9]{{1,2}}[-/. ]?{month}[a-z]*([-/. ]?[0-9]{{2,4}})?$|^{month}[-/. ][0-9]{{2,4}}$"
    dated = ids["id"].lower().re_search(is_day)
    seen = counts(ids, long=long.sum(), cut=cut.sum(), dated=dated.sum(), of=ids.count())
    if seen["cut"] >= CUT_IDS and seen["cut"] >= CUT_SHARE * seen["long"]:
        yield Doubt("cut_ids", table, int(seen["cut"]), int(seen["long"]), 0.0, column)
    if not max(DATE_MONTHS, DATE_SHARE * seen["of"]) <= seen["dated"] < 0.9 * seen["of"]:
        return
    days = frame(ids.filter(ids["id"].lower().re_search(is_day)).order_by("id").limit(5_000))["id"]
    if days.str.lower().str.extract(month)[0].nunique() >= DATE_MONTHS:
        yield Doubt("dates_as_ids", table, int(seen["dated"]), int(seen["of"]), 0.0, column)
