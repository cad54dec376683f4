"""Late and gone by each customer's own rhythm: planted leavers are found, nobody is called where nobody leaves, the rule is checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import clocks, leaving, rhythm
from tests.support.rhythm_worlds import AS_OF, rhythm_world

DAY = pd.Timestamp(AS_OF)


TWO = pd.DataFrame(
    {"order_days": 2, "first_order_date": DAY, **dict.fromkeys(leaving.DATES, DAY + pd.Timedelta(days=1))},
    index=pd.Index(["a"], name="customer_id"),
)


def orders_of(world) -> pd.DataFrame:
    return world.orders.rename(columns={"order_date": "order_day"})


def called(world) -> pd.Series:
    return leaving.rhythms(orders_of(world), DAY).status(60)


def regulars(gap: int, number: int, silent: int, name: str) -> pd.DataFrame:
    days = DAY - pd.to_timedelta(silent + gap * np.arange(number), unit="D")
    return pd.DataFrame({"customer_id": name, "order_day": days})


@pytest.fixture(scope="module")
def mixed():
    return rhythm_world("mixed", 3, customers=200, years=5, leaving_per_year=0.25)


@pytest.fixture(scope="module")
def standing(mixed):
    return leaving.rhythms(orders_of(mixed), DAY)


def test_who_is_gone_stays_away_and_who_stopped_is_found(mixed, standing):
    status = standing.status(60)
    gone = status.index[status == "gone"]
    assert mixed.back_within(gone, 365) <= 0.1
    silent = (DAY - mixed.stopped.reindex(status.index)).dt.days
    long_ago = (silent >= 3 * mixed.gap_days.reindex(status.index)) & (status != "bought once")
    assert long_ago.sum() >= 20 and (status[long_ago] == "gone").mean() >= 0.6


def test_a_yearly_buyer_is_held_against_a_year_and_a_weekly_one_against_a_week(mixed, standing):
    table = standing.table[(standing.table["order_days"] >= 4) & mixed.stopped.reindex(standing.table.index).isna()]
    yearly = mixed.gap_days.reindex(table.index) > 300
    assert table.loc[yearly, "gap_days"].median() == pytest.approx(365, rel=0.15)
    assert table.loc[~yearly, "gap_days"].median() == pytest.approx(7, rel=0.25)
    patience = (table["gone_date"] - table["last_order_date"]).dt.days
    assert patience[yearly].min() >= 365 and patience[~yearly].max() < 120


def test_eight_of_ten_who_come_are_within_the_dates_given(mixed, standing):
    came = mixed.later.groupby("customer_id")["order_date"].min().reindex(standing.table.index)
    table = standing.table[came.notna() & (standing.table["order_days"] > 1)]
    inside = (came[table.index] >= table["next_low"]) & (came[table.index] <= table["next_high"])
    assert 0.7 <= inside.mean() <= 0.97
    assert (table["next_low"] > DAY).all() and (table["next_low"] <= table["next_date"]).all()


@pytest.mark.parametrize(("kind", "years"), [("december", 4), ("seasonal", 3)])
def test_nobody_is_called_gone_where_nobody_leaves(kind, years):
    status = called(rhythm_world(kind, 5, customers=150, years=years))
    assert not status.isin(leaving.LATE).any()


def test_gone_is_never_said_under_one_own_gap(standing):
    table = standing.table
    for name in leaving.DATES:
        assert ((table[name] - table["last_order_date"]).dt.days >= np.floor(table["gap_days"])).all()


def test_who_bought_once_is_called_that_and_nothing_else(standing):
    status = standing.status(60)
    once = standing.table["order_days"] == 1
    assert set(status[once]) <= {"new", "bought once"} and "bought once" not in set(status[~once])


def test_rows_in_another_order_and_orders_after_the_day_change_nothing(mixed, standing):
    later = mixed.later.rename(columns={"order_date": "order_day"})
    shuffled = pd.concat([orders_of(mixed), later]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(leaving.rhythms(shuffled, DAY).table, standing.table)


def test_the_earlier_call_is_counted_against_who_came_back(mixed):
    orders = orders_of(mixed)
    checked = leaving.check(orders, DAY, 365.0)
    assert checked.window_days == 365 and checked.day == DAY - pd.Timedelta(days=365)
    then = leaving.rhythms(orders, checked.day).status(0)
    gone = then.index[then == "gone"]
    assert checked.called("gone") == len(gone) > 0
    assert checked.came_back("gone") == gone.isin(orders.loc[orders["order_day"] > checked.day, "customer_id"]).sum()
    assert leaving.check(orders[orders["order_day"] > DAY - pd.Timedelta(days=55)], DAY, 7.0) is None


@pytest.mark.parametrize(("gap", "history", "window"), [(7.0, 400, 182), (183.0, 400, 183), (365.0, 400, 200), (7.0, 56, 28)])
def test_half_a_year_or_the_slower_gap_is_waited_up_to_half_of_the_history(monkeypatch, gap, history, window):
    orders = regulars(history, 2, 0, "a")
    monkeypatch.setattr(leaving, "rhythms", lambda *_: leaving.Rhythms(TWO, DAY, leaving.BORDERS))
    assert leaving.check(orders, DAY, gap).window_days == window


def check_of(**counts: tuple[int, int]) -> leaving.Check:
    rows = [(status, *counts.get(status.replace(" ", "_"), (0, 0))) for status in leaving.STATUSES[1:]]
    return leaving.Check(DAY, 182, pd.DataFrame(rows, columns=["status", "customers", "back"]))


@pytest.mark.parametrize(
    ("counts", "ceiling"),
    [
        ({}, 1.0),
        ({"gone": (5, 0)}, 1 - 0.25 / 10),
        ({"gone": (95, 10)}, 1 - 10.25 / 100),
        ({"hesitant": (45, 24)}, 1.0),  # 24.25 / 50 came back: no more than half
        ({"hesitant": (45, 25)}, 1 - 25.25 / 50),
    ],
    ids=str,
)
def test_nobody_is_gone_more_surely_than_the_past_bears_out(counts, ceiling):
    assert check_of(**counts).ceiling == pytest.approx(ceiling)


def test_a_ceiling_takes_back_the_calls_above_it(standing):
    lower = standing.at_most(0.8)
    assert lower.table["probability_gone"].max() <= 0.8
    assert "gone" in set(standing.status(60)) and "gone" not in set(lower.status(60))
    assert "about to leave" in set(lower.status(60))


def test_late_beside_chance(standing):
    late = standing.status(60).isin(leaving.LATE).to_numpy()
    assert leaving.late_by_chance(standing.table, late, 1).beaten
    expected = standing.table.loc[standing.table["order_days"] > 1, "chance_late"].sum()
    chance = leaving.late_by_chance(standing.table, np.zeros(len(late), dtype=bool), 1)
    assert not chance.beaten and chance.expected == pytest.approx(expected, rel=0.2)


# ---- Gaps and clocks ----


def test_gaps_are_between_days_and_the_last_silence_is_open():
    orders = pd.concat([regulars(10, 3, 4, "a"), regulars(10, 3, 4, "a"), regulars(5, 30, 0, "b"), regulars(1, 1, 40, "c")])
    visits = clocks.visits_of(orders, DAY)
    gaps = rhythm.gaps_of(visits, clocks.calendar(visits))
    assert gaps.gaps.tolist() == [2, rhythm.LATEST_GAPS, 0]
    assert gaps.silent_days.tolist() == [4, 0, 40]
    assert (gaps.counts @ rhythm.DAYS).tolist() == [20, 5 * rhythm.LATEST_GAPS, 0]


def test_the_market_rests_in_a_closed_season_and_a_steady_shop_has_the_calendar():
    seasonal = clocks.visits_of(orders_of(rhythm_world("seasonal", 1, customers=150, years=3)), DAY)
    pace = pd.Series(
        np.diff(clocks.market(seasonal), prepend=0.0), index=seasonal.first + pd.to_timedelta(np.arange(seasonal.through + 1), "D")
    )
    assert pace[pace.index.month.isin([12, 1, 2])].mean() < 0.1 < 1.5 < pace[pace.index.month.isin([6, 7])].mean()
    steady = clocks.visits_of(orders_of(rhythm_world("weekly", 1, customers=150, years=2, growing=True)), DAY)
    pace = np.diff(clocks.market(steady), prepend=0.0)
    assert pace.mean() == pytest.approx(1.0) and np.abs(pace[100:-100] - 1).max() < 0.2


def test_time_ahead_runs_as_a_year_before():
    clock = np.cumsum(np.r_[np.full(182, 2.0), np.zeros(182)])
    assert np.diff(clocks.ahead(clock, 364))[363:].tolist() == [2.0] * 182 + [0.0] * 182
    assert clocks.ahead(np.array([1.0, 2.0]), 3).tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]


# ---- With fresh worlds: a drill ----


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(20))
def test_in_a_december_shop_who_is_gone_stays_away_for_a_year(seed):
    world = rhythm_world("december", 1000 + seed, years=7, leaving_per_year=0.2)
    status = called(world)
    assert world.back_within(status.index[status == "gone"], 365) <= 0.1
    silent = (DAY - world.stopped.reindex(status.index)).dt.days
    assert (status[(silent >= 3 * 365) & (status != "bought once")] == "gone").mean() >= 0.6


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(20))
def test_in_weekly_shopping_who_left_does_not_come_back_within_26_weeks(seed):
    world = rhythm_world("weekly", 2000 + seed, years=2, leaving_per_year=0.1)
    status = called(world)
    left = status.index[status.isin(("about to leave", "gone"))]
    assert len(left) >= 10 and world.back_within(left, 182) <= 0.3


def shop_with_holidays(leaving_share: float, seed: int = 3) -> pd.DataFrame:
    """Weekly buyers of a shop that is closed eight weeks each summer, up to the last day of a closure."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2022-08-28", "2025-08-28")
    opened = days[~((days.month == 8) | (days.month == 7) & (days.day >= 5))]
    rows = []
    for number in range(60):
        until = len(opened) * rng.random() if number < leaving_share * 60 else len(opened)
        visits = np.cumsum(rng.gamma(3, 7 / 3, 200))
        rows += [(f"c{number}", opened[int(at)], 20.0) for at in visits[visits < until]]
    return pd.DataFrame(rows, columns=["customer_id", "order_day", "order_amount"])


@pytest.mark.parametrize("leaving_share", [0.0, 0.3])
def test_a_closed_shop_makes_nobody_late_and_hides_no_leaver(leaving_share):
    standing = leaving.rhythms(shop_with_holidays(leaving_share), pd.Timestamp("2025-08-28"))
    gone = standing.status(60).isin(leaving.LATE)
    leavers = int(leaving_share * 60)
    assert gone.iloc[leavers:].sum() == 0 if not leavers else abs(gone.sum() - leavers) <= 4
