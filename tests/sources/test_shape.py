"""Next month's exports beside those of the last round: what went wrong is named, what life brings is not."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.sources.customers import customer_ids
from helpers.sources.shape import shape_of
from helpers.sources.store import Store
from helpers.tables.shapes import KINDS, SERIOUS, Change, Shape, TableShape, changes
from tests.support.month_worlds import AS_OF, WRONG, Tables, export, normal, world
from tests.support.seeds import seeds


def shaped(tables: Tables) -> tuple[Shape, set[str]]:
    with Store() as store:
        held = {name: store.add(frame.reset_index(drop=True)) for name, frame in tables.items()}
        return shape_of(held, ()), customer_ids(held)


def compared(then: Tables, now: Tables) -> list[Change]:
    (before, known), (after, current) = shaped(then), shaped(now)
    before = Shape.from_json(before.to_json())
    return changes(before, after, len(known & current) / len(known))


@pytest.mark.parametrize("seed", seeds(25, 6))
def test_a_normal_month_raises_no_alarm(seed: int):
    tables = world(seed)
    assert compared(export(tables, AS_OF), normal(tables, seed)) == []


@pytest.mark.parametrize("seed", seeds(2))
@pytest.mark.parametrize("name", WRONG)
def test_what_went_wrong_is_named(name: str, seed: int):
    tables = world(100 + seed)
    kind, spoil = WRONG[name]
    kinds = {change.kind for change in compared(export(tables, AS_OF), spoil(normal(tables, seed)))}
    assert kind in kinds


def test_thirty_ways_are_tried():
    assert len(WRONG) >= 30


@pytest.mark.drill
def test_a_hundred_normal_months_raise_at_most_two_alarms():
    alarms = [seed for seed in range(1_000, 1_100) if compared(export(world(seed), AS_OF), normal(world(seed), seed))]
    assert len(alarms) <= 2, alarms


def test_columns_that_come_and_go_are_named_and_hold_nobody_back():
    then, now = Shape({}, {"a.csv": ("Land", "Oud")}), Shape({}, {"a.csv": ("Land", "Nieuw")})
    assert [(change.kind, change.serious) for change in changes(then, now, None)] == [("column_new", False), ("column_gone", False)]


def months(n: int, **changed: int) -> dict[str, int]:
    return {f"2024-{month:02}": n for month in range(1, 7)} | {name.replace("_", "-")[1:]: rows for name, rows in changed.items()}


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (TableShape(1_026, months(171)), "rows_doubled"),
        (TableShape(1_020, months(170)), ""),
        (TableShape(294, months(49)), "rows_thinned"),
        (TableShape(300, months(50)), ""),
        (TableShape(519, months(100, m2024_03=19)), "months_missing"),
        (TableShape(520, months(100, m2024_03=20)), ""),
        (TableShape(600, months(100), {"email": 0.21}), ""),
        (TableShape(600, months(100), {"email": 0.20}), "column_emptied"),
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
        (TableShape(600, months(100), days={"2024-01-01": 80, "2024-01-02": 120}), "dates_moved"),
        (TableShape(600, months(100), days={"2024-01-01": 81, "2024-01-02": 119}), ""),
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
    assert [change.kind for change in changes(Shape({"orders": then}), Shape({"orders": now}), None)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("stayed", "kind"), [(0.04, "ids_changed"), (0.05, "customers_gone"), (0.59, "customers_gone"), (0.6, ""), (1.0, "")]
)
def test_customers_who_are_gone_hold_back(stayed: float, kind: str):
    found = changes(Shape({}), Shape({}), stayed)
    assert [change.kind for change in found] == ([kind] if kind else []) and all(change.serious for change in found)


@pytest.mark.parametrize(("rows", "kind"), [(110, "ids_changed"), (111, "other_client"), (90, "ids_changed"), (89, "other_client")])
def test_ids_written_otherwise_are_told_from_the_files_of_another_client(rows: int, kind: str):
    then, now = (Shape({"orders": TableShape(6 * n, months(n))}) for n in (100, rows))
    assert [change.kind for change in changes(then, now, 0.0)] == [kind]


@pytest.mark.parametrize(("name", "kinds"), [("exposures", []), ("outcomes", []), ("contacts", ["rows_thinned"])])
def test_the_tables_of_a_pilot_are_not_those_of_the_next(name: str, kinds: list[str]):
    then = Shape({name: TableShape(600, months(100))})
    assert [change.kind for change in changes(then, Shape({}), None)] == kinds


def test_what_is_serious_is_named_once():
    assert len(set(KINDS)) == len(KINDS) and pd.Series(SERIOUS).str.islower().all()


def test_the_months_whose_amounts_are_scaled_are_named():
    then = Shape({"orders": TableShape(600, months(100), middle={"2024-01": 10.0, "2024-02": 10.0, "2024-03": 10.0})})
    middle = {"2024-01": 10.0, "2024-02": 10.0, "2024-03": 10.0, "2024-04": 1_000.0}
    (change,) = [
        change
        for change in changes(then, Shape({"orders": TableShape(700, months(100), middle=middle)}), None)
        if change.kind == "amounts_scaled"
    ]
    assert "the amounts of 2024-04 are a hundred times higher than then" in change.sentence
