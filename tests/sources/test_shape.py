"""Next month's exports beside those of the last round: what went wrong is named, what life brings is not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.sources.shape import shape_of
from helpers.sources.store import Store
from helpers.tables.receipts import Receipt
from helpers.tables.shapes import KINDS, SERIOUS, Change, Shape, TableShape, changes
from helpers.tables.sketches import MOST_HASHES, sketch, still_there
from tests.support.month_worlds import AS_OF, WRONG, Tables, export, normal, world
from tests.support.seeds import every, seeds


def shaped(tables: Tables) -> Shape:
    with Store() as store:
        return shape_of({name: store.add(frame.reset_index(drop=True)) for name, frame in tables.items()}, (), "shop")


def compared(then: Tables, now: Tables) -> list[Change]:
    return changes(Shape.from_json(json.loads(json.dumps(shaped(then).to_json()))), shaped(now))


@pytest.mark.parametrize("seed", seeds(25, 3))
def test_a_normal_month_raises_no_alarm(seed: int):
    tables = world(seed)
    assert compared(export(tables, AS_OF), normal(tables, seed)) == []


@pytest.mark.parametrize("seed", seeds(2))
@pytest.mark.parametrize("name", every(WRONG, 3))
def test_what_went_wrong_is_named(name: str, seed: int):
    tables = world(100 + seed)
    kind, spoil = WRONG[name]
    kinds = {change.kind for change in compared(export(tables, AS_OF), spoil(normal(tables, seed)))}
    assert kind in kinds


def test_fifty_ways_are_tried():
    assert len(WRONG) >= 50


@pytest.mark.drill
def test_a_hundred_normal_months_raise_at_most_two_alarms():
    alarms = [seed for seed in range(1_000, 1_100) if compared(export(world(seed), AS_OF), normal(world(seed), seed))]
    assert len(alarms) <= 2, alarms


def test_columns_that_come_and_go_are_named_and_hold_nobody_back():
    then, now = Shape({}, {"a.csv": ("Land", "Oud")}), Shape({}, {"a.csv": ("Land", "Nieuw")})
    assert [(change.kind, change.serious) for change in changes(then, now)] == [("column_new", False), ("column_gone", False)]


def months(n: int, **changed: int) -> dict[str, int]:
    return {f"2024-{month:02}": n for month in range(1, 7)} | {name.replace("_", "-")[1:]: rows for name, rows in changed.items()}


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (TableShape(1_026, months(171)), "rows_doubled"),
        (TableShape(1_020, months(170)), ""),
        (TableShape(354, months(59)), "rows_thinned"),
        (TableShape(360, months(60)), ""),
        (TableShape(519, months(100, m2024_03=19)), "months_missing"),
        (TableShape(520, months(100, m2024_03=20)), ""),
        (TableShape(600, months(100), {"email": 0.49}), ""),
        (TableShape(600, months(100), {"email": 0.48}), "column_emptied"),
        (TableShape(600, months(100), yes={"consent": 0.995}), "consent_all"),
        (TableShape(600, months(100), yes={"consent": 0.994}), ""),
        (TableShape(600, months(100), yes={"consent": 0.06}), "consent_emptied"),
        (TableShape(600, months(100), yes={"consent": 0.07}), ""),
        (TableShape(600, months(100), middle={"2024-01": 600.0}), "amounts_scaled"),
        (TableShape(600, months(100), middle={"2024-01": 590.0}), ""),
        (TableShape(600, months(100), middle={"2024-01": 11.7}), "amounts_taxed"),
        (TableShape(600, months(100), middle={"2024-01": 11.6}), ""),
        (TableShape(600, months(100), negative=0.5), "signs_flipped"),
        (TableShape(600, months(100), negative=0.49), ""),
        (TableShape(600, months(100), damaged=0.005), "text_damaged"),
        (TableShape(600, months(100), damaged=0.004), ""),
        (TableShape(600, months(100), values={"channel": {"web": 98, "app": 2}}), "value_gone"),
        (TableShape(600, months(100), values={"channel": {"web": 80, "shop": 10, "app": 10}}), "value_new"),
        (TableShape(600, months(100), values={"channel": {"web": 81, "shop": 10, "app": 9}}), ""),
        (TableShape(600, months(100), values={"order_status": {"paid": 98, "void": 2}}), "value_new"),
        (TableShape(600, months(100), values={"order_status": {"paid": 99, "void": 1}}), ""),
        (TableShape(600, months(100), days={"2024-01-01": 85, "2024-01-02": 115}), "dates_moved"),
        (TableShape(600, months(100), days={"2024-01-01": 87, "2024-01-02": 113}), ""),
        (TableShape(600, months(100), days={"2024-01-01": 100, "2024-01-02": 120}), ""),
        (TableShape(500, {month: n for month, n in months(100).items() if month > "2024-01"}), "history_shorter"),
        (TableShape(600, {month: n for month, n in months(100, m2024_07=100).items() if month > "2024-01"}), ""),
        (TableShape(600, months(100), values={"channel": {"web": 990, "shop": 1, "app": 19}}), ""),
    ],
)
def test_where_a_change_is_named(now: TableShape, kind: str):
    then = TableShape(
        600,
        months(100),
        {"email": 0.8},
        {"channel": {"web": 90, "shop": 10}, "order_status": {"paid": 100}},
        {"2024-01": 10.0, "2024-02": 10.0},
        0.0,
        {"consent": 0.7},
        0.0,
        "2024-06-30",
        {"2024-01-01": 100, "2024-01-02": 100},
    )
    full = {"filled": {"email": 0.8}} if not now.filled else {}
    now = TableShape(**{**vars(now), **full})
    assert [change.kind for change in changes(Shape({"orders": then}), Shape({"orders": now}))] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("stayed", "kind"), [(0.04, "ids_changed"), (0.05, "customers_gone"), (0.59, "customers_gone"), (0.6, ""), (1.0, "")]
)
def test_customers_who_are_gone_hold_back(stayed: float, kind: str):
    then = tuple(f"{i:012x}" for i in range(100))
    found = changes(Shape({}, everybody=then), Shape({}, everybody=(*then[: round(stayed * 100)], "f" * 12)))
    assert [change.kind for change in found] == ([kind] if kind else []) and all(change.serious for change in found)


@pytest.mark.parametrize(("rows", "kind"), [(110, "ids_changed"), (111, "other_client"), (90, "ids_changed"), (89, "other_client")])
def test_ids_written_otherwise_are_told_from_the_files_of_another_client(rows: int, kind: str):
    then, now = (Shape({"orders": TableShape(6 * n, months(n))}) for n in (100, rows))
    then, now = (replace(shape, everybody=tuple(f"{start + i:012x}" for i in range(50))) for start, shape in ((0, then), (50, now)))
    assert [change.kind for change in changes(then, now)] == [kind]


@pytest.mark.parametrize(("name", "kinds"), [("exposures", []), ("outcomes", []), ("contacts", ["rows_thinned"])])
def test_the_tables_of_a_pilot_are_not_those_of_the_next(name: str, kinds: list[str]):
    then = Shape({name: TableShape(600, months(100))})
    assert [change.kind for change in changes(then, Shape({}))] == kinds


def test_what_is_serious_is_named_once():
    assert len(set(KINDS)) == len(KINDS) and pd.Series(SERIOUS).str.islower().all()


@pytest.mark.parametrize(
    ("now", "rows", "kinds"),
    [
        (0.0, 600, ["objections_lost"]),
        (0.038, 600, ["objections_lost"]),
        (0.04, 600, []),
        (0.05, 600, []),
        (0.03, 450, ["objections_lost"]),
    ],
)
def test_objections_do_not_go_by_themselves(now: float, rows: int, kinds: list[str]):
    then, after = (TableShape(n, filled={"opted_out": 1.0}, yes={"opted_out": share}) for n, share in ((600, 0.05), (rows, now)))
    named = [change.kind for change in changes(Shape({"persons": then}), Shape({"persons": after}))]
    assert [kind for kind in named if kind == "objections_lost"] == kinds


def test_a_few_objections_may_go_with_their_persons():
    for lost, kinds in ((4, []), (5, ["objections_lost"])):
        then, now = (TableShape(600, filled={"opted_out": n / 600}, yes={"opted_out": 1.0}) for n in (8, 8 - lost))
        assert [change.kind for change in changes(Shape({"persons": then}), Shape({"persons": now}))] == kinds


@pytest.mark.parametrize(("won", "kinds"), [(240, ["outcomes_moved"]), (210, ["outcomes_moved"]), (209, []), (120, [])])
def test_won_and_lost_do_not_change_places_in_a_month(won: int, kinds: list[str]):
    then, now = (TableShape(600, values={"quote_status": {"won": n, "lost": 600 - n}}) for n in (120, won))
    assert [change.kind for change in changes(Shape({"quotes": then}), Shape({"quotes": now}))] == kinds


def test_half_of_one_systems_list_is_named_although_the_joined_list_keeps_its_rows():
    for erp, kinds in ((200, ["source_gone"]), (240, []), (380, [])):
        then, now = (TableShape(400, sources={"CRM": 400, "ERP": n}) for n in (380, erp))
        assert [change.kind for change in changes(Shape({"customers": then}), Shape({"customers": now}))] == kinds


def listed(n: int, kept: int, **more: object) -> tuple[Shape, Shape]:
    """Return the shapes of a list of n ids, and of one in which some are kept and n new ones stand."""
    ids = [f"{i:012x}" for i in range(2 * n)]
    return tuple(Shape({"customers": TableShape(n, ids=tuple(given))}, **more) for given in (ids[:n], sorted([*ids[:kept], *ids[n:]])))


@pytest.mark.parametrize(
    ("kept", "kinds"),
    [(4, ["ids_changed"]), (5, ["list_gone"]), (79, ["list_gone"]), (80, ["list_shorter"]), (89, ["list_shorter"]), (90, [])],
)
def test_how_many_of_a_list_must_stay(kept: int, kinds: list[str]):
    assert [change.kind for change in changes(*listed(100, kept))] == kinds


@pytest.mark.parametrize(("kept", "kinds"), [(4, ["ids_changed"]), (59, ["list_shorter"]), (60, [])])
def test_products_come_and_go_with_a_season(kept: int, kinds: list[str]):
    then, now = ({"products": shape.tables["customers"]} for shape in listed(100, kept))
    assert [change.kind for change in changes(Shape(then), Shape(now))] == kinds


def test_hashes_of_another_salt_are_not_compared():
    then, now = listed(100, 0)
    assert changes(replace(then, salt="a"), now) == []


@pytest.mark.parametrize(("now", "kinds"), [(0.79, ["list_unmet"]), (0.81, [])])
def test_how_far_the_list_may_fall_behind_the_orders(now: float, kinds: list[str]):
    assert [change.kind for change in changes(Shape({}, listed=0.9), Shape({}, listed=now))] == kinds


@pytest.mark.parametrize(
    ("rows", "sources", "kinds"),
    [
        (800, {"ERP": 800}, ["source_gone"]),
        (800, {"ERP": 681, "shop": 119}, ["source_gone"]),
        (800, {"ERP": 680, "shop": 120}, []),
        (951, {"ERP": 800, "new shop": 151}, []),
    ],
)
def test_one_of_several_systems_that_sent_hardly_anything(rows: int, sources: dict[str, int], kinds: list[str]):
    then, now = TableShape(1_000, sources={"ERP": 800, "shop": 200}), TableShape(rows, sources=sources)
    assert [change.kind for change in changes(Shape({"orders": then}), Shape({"orders": now}))] == kinds


@pytest.mark.parametrize("seed", seeds(4))
def test_a_sketch_tells_the_share_of_a_large_list(seed: int):
    ids = [f"K{i}" for i in np.random.default_rng(seed).permutation(50_000)]
    then, now = sketch(ids[:20_000], "shop"), sketch(ids[6_000:40_000], "shop")
    share = still_there(then, now)
    assert share is not None and abs(share - 0.7) < 0.09 and len(then) == MOST_HASHES
    assert not set(then) & set(sketch(ids[:20_000], "other")) and not any(id_ in hash_ for id_ in ids[:50] for hash_ in then)
    assert still_there(sketch(ids[:29], "s"), now) is None and still_there(then, ()) is None


def test_files_of_months_are_one_source():
    receipts = [Receipt("orders", f"orders-2024-{month:02}.csv", "", 10, 10) for month in (1, 2)] + [
        Receipt("orders", "x.csv", "ERP", 7, 7)
    ]
    with Store() as store:
        orders = store.add(world(1)["orders"])
        assert shape_of({"orders": orders}, receipts).tables["orders"].sources == {"orders-#-#.csv": 20, "ERP": 7}


def test_the_months_whose_amounts_are_scaled_are_named():
    then = Shape({"orders": TableShape(600, months(100), middle={"2024-01": 10.0, "2024-02": 10.0, "2024-03": 10.0})})
    middle = {"2024-01": 10.0, "2024-02": 10.0, "2024-03": 10.0, "2024-04": 1_000.0}
    (change,) = [
        change
        for change in changes(then, Shape({"orders": TableShape(700, months(100), middle=middle)}))
        if change.kind == "amounts_scaled"
    ]
    assert "the amounts of 2024-04 are a hundred times higher than then" in change.sentence
