"""Channels of orders: silent where customers only follow their habits, and right where a shift or a value was planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.analyses import channels
from helpers.analyses.channels.gate import gate_of, in_both_periods
from helpers.analyses.channels.measures import MOST_EQUAL, buyers_in_several, movement
from helpers.analyses.channels.purchases import LEAST_SHARE, collect_purchases
from helpers.core.results import Refusal, RunContext

AS_OF = date(2024, 12, 31)
YEAR_DAYS = 366


@dataclass(frozen=True)
class World:
    """A shop with a web shop: how much customers keep to a channel, and what was planted.

    Parameters
    ----------
    habit : how alike customers are (large: all half and half; small: each keeps to a channel; 0: every order at random).
    streaks : every customer changes habits half way, as many to the web as to the shop.
    shift : by how much everybody's chance of the web is larger in the last year.
    dearer : how many times as much an order costs of who uses both channels.
    """

    habit: float = 1.0
    streaks: bool = False
    shift: float = 0.0
    dearer: float = 1.0
    people: int = 150


def shop(seed: int, world: World) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(world.people):
        orders = 1 + rng.poisson(6 * rng.gamma(1, 1))
        web = rng.beta(world.habit, world.habit) if world.habit else 0.5
        to_web = rng.random() < 0.5
        ago = rng.integers(0, 2 * 365, orders)
        is_now = ago < YEAR_DAYS
        chance = np.where(is_now == to_web, 0.9, 0.1) if world.streaks else np.full(orders, web)
        is_web = rng.random(orders) < np.clip(chance + world.shift * is_now, 0, 1)
        dearer = world.dearer if 0 < is_web[is_now].sum() < is_now.sum() else 1.0
        for days, web_order in zip(ago, is_web, strict=True):
            rows.append((f"c{place:04d}", pd.Timestamp(AS_OF) - pd.Timedelta(days=int(days)), dearer * rng.gamma(3, 20), web_order))
    orders = pd.DataFrame(rows, columns=["customer_id", "order_date", "order_amount", "channel"])
    orders["channel"] = np.where(orders["channel"], "web", "shop")
    orders["order_id"] = [f"o{place}" for place in range(len(orders))]
    return {"orders": orders, "customer_table": orders[["customer_id"]].drop_duplicates(ignore_index=True)}


def compared(tables, settings: channels.Settings | None = None) -> channels.Channels | Refusal:
    return channels.run(tables, settings or channels.Settings(draws=100), RunContext(AS_OF, 4))


HABITS = {"habits": World(), "at random": World(habit=0), "streaks": World(streaks=True), "alike": World(habit=20)}


@pytest.mark.drill
@pytest.mark.parametrize("name", HABITS)
def test_where_no_channel_wins_a_shift_is_claimed_in_one_world_of_twenty(name):
    claimed = sum(compared(shop(7_000 + seed, HABITS[name])).claimed is not None for seed in range(200))
    # Claims are one-sided (a channel that wins; of two, one always does), so 5 %: 10 of 200; 18 is its 99 % bound.
    assert claimed <= 18, claimed


@pytest.mark.parametrize("name", HABITS)
def test_a_few_worlds_without_a_shift_are_left_in_peace(name):
    claimed = [compared(shop(seed, HABITS[name])).claimed is not None for seed in range(4)]
    assert sum(claimed) <= 1


def test_a_shift_of_ten_points_is_claimed_with_its_channel():
    for seed in range(5):
        result = compared(shop(seed, World(habit=2, shift=0.15, people=400)))
        assert result.claimed is not None and result.names[int(result.claimed["label"])] == "web"
        assert result.claimed["low"] <= 0.15 and "Customers move to web" in channels.story.headline(result)
        assert result.movement.moved == len(result.named_list())


def test_a_channel_that_loses_to_several_is_named():
    tables = shop(3, World(habit=2, shift=0.3, people=300))
    orders = tables["orders"]
    late = (orders["order_date"] > pd.Timestamp("2023-12-31")) & (orders["channel"] == "web")
    orders.loc[orders["channel"] == "web", "channel"] = np.resize(["app", "phone", "fair", "web"], (orders["channel"] == "web").sum())
    result = compared(tables)
    assert late.any() and result.claimed is not None
    losing = result.movement.shift[result.movement.shift["label"] == result.names.index("shop")].iloc[0]
    assert losing["is_claimed"] and losing["change"] < 0


def test_a_channel_that_got_another_name_or_is_recorded_only_lately_moves_nobody():
    renamed, recorded = shop(1, World(people=300)), shop(1, World(people=300))
    orders = renamed["orders"]
    orders.loc[(orders["order_date"] <= pd.Timestamp("2023-12-31")) & (orders["channel"] == "web"), "channel"] = "webshop"
    result = compared(renamed)
    assert result.movement is None and "webshop ends where web begins" in gate(renamed).reason
    orders = recorded["orders"]
    orders.loc[(orders["order_date"] <= pd.Timestamp("2023-12-31")) & (orders["channel"] == "shop"), "channel"] = None
    assert compared(recorded).movement is None and "in one of the two periods" in gate(recorded).reason
    # One that only begins is a channel that opened: there is where customers may move to.
    orders = (opened := shop(1, World(people=300)))["orders"]
    orders.loc[(orders["order_date"] <= pd.Timestamp("2023-12-31")), "channel"] = "shop"
    assert "Customers move to web" in channels.story.headline(compared(opened))


def test_a_handful_of_customers_of_one_channel_is_no_comparison():
    rng = np.random.default_rng(2)
    for single, is_compared in ((29, False), (30, True)):
        rows = [(f"s{place}", "web", 10.0 + place) for place in range(single) for _order in range(4)]
        rows += [(f"m{place}", ("web", "shop")[order % 2], 10.0 + place) for place in range(40) for order in range(4)]
        orders = pd.DataFrame(rows, columns=["customer_id", "channel", "order_amount"]).assign(order_date=pd.Timestamp("2024-03-03"))
        several = buyers_in_several(collect_purchases(orders, orders["customer_id"], AS_OF, 12, 5), 50, rng)
        assert np.isfinite(several.times_equal) is np.bool_(is_compared)


def test_streaks_of_single_customers_are_many_moves_and_no_shift():
    results = [compared(shop(seed, World(streaks=True))) for seed in range(4)]
    assert all(result.movement.moved > result.movement.moved_high for result in results)
    assert sum(result.claimed is not None for result in results) <= 1


def test_habits_make_fewer_customers_of_several_channels_than_chance_and_dice_as_many():
    assert all((several := compared(shop(seed, World())).several).in_several < several.low for seed in range(3))
    inside = [(several := compared(shop(seed, World(habit=0))).several).low <= several.in_several <= several.high for seed in range(5)]
    assert sum(inside) >= 4


def test_who_uses_both_channels_spends_more_by_number_of_orders_alone_unless_it_was_planted():
    equal, dearer = World(people=500), World(people=500, dearer=1.3)
    for seed in range(3):
        several = compared(shop(seed, equal)).several
        assert several.times_spend > 1.5 and several.equal_low <= 1.02 and several.equal_high >= 0.98
        several = compared(shop(seed, dearer)).several
        assert several.equal_low > 1.1 and several.equal_high < 1.5
        assert "times as much as customers of one channel; per order" in channels.story.spend_sentence(compared(shop(seed, dearer))).text


def test_every_figure_is_what_plain_pandas_gives():
    tables = shop(11, World(people=80))
    orders = tables["orders"]
    orders.loc[:9, "channel"] = None
    orders.loc[10:14, "order_amount"] = -5.0
    result = compared(tables)
    bought = orders[orders["order_amount"] > 0]
    now = bought[bought["order_date"] > pd.Timestamp("2023-12-31")]
    profile = result.profile.set_index("channel")
    for name, rows in now.groupby(now["channel"].fillna("not recorded")):
        assert profile.loc[name, "orders"] == len(rows) and profile.loc[name, "customers"] == rows["customer_id"].nunique()
        assert profile.loc[name, "revenue"] == pytest.approx(rows["order_amount"].sum())
    assert profile["orders"].sum() == len(now) and profile["orders_before"].sum() == len(bought) - len(now)
    used = now.dropna(subset=["channel"]).groupby("customer_id")["channel"].nunique()
    assert result.several.in_several == (used > 1).sum() and result.several.customers == len(used)
    assert result.several.groups["customers"].sum() == len(used)
    shares = pd.crosstab([bought["customer_id"], bought["order_date"] > pd.Timestamp("2023-12-31")], bought["channel"], normalize="index")[
        "web"
    ]
    both = shares.unstack().dropna()
    web = result.movement.shift.set_index("label").loc[result.names.index("web")]
    assert result.movement.customers == len(both) and web["change"] == pytest.approx((both[True] - both[False]).mean())


def test_spellings_are_one_channel_and_small_channels_stand_together():
    tables = shop(5, World(people=200))
    orders = tables["orders"]
    orders.loc[::3, "channel"] = orders.loc[::3, "channel"].str.upper() + " "
    orders.loc[:3, "channel"] = ["fair", "letter", "fax", "fair"]
    result = compared(tables)
    assert result.names[:2] == ("web", "shop") or result.names[:2] == ("shop", "web")
    assert result.names[2:] == ("other channels",) and any("3 small channels" in note for note in result.notes)


def purchases(tables, settings: channels.Settings):
    return collect_purchases(tables["orders"], tables["customer_table"]["customer_id"], AS_OF, settings.months, settings.most_channels)


def gate(tables, **settings):
    chosen = channels.Settings(**settings)
    return gate_of(purchases(tables, chosen), chosen)


def two_channels(twice: int, *, web: int = 40, shops: int = 40, before: bool = True) -> dict[str, pd.DataFrame]:
    """Return customers of whom the first ``twice`` bought twice in the current period, with as many web and shop purchases as asked."""
    total = web + shops
    who = [f"c{place:03d}" for place in range(twice)] * 2 + [f"d{place:03d}" for place in range(total - 2 * twice)]
    orders = pd.DataFrame({"customer_id": who, "order_date": pd.Timestamp("2024-06-01"), "order_amount": 10.0})
    orders["channel"] = ["web"] * web + ["shop"] * shops
    if before:
        earlier = orders.assign(order_date=pd.Timestamp("2023-01-05"))
        orders = pd.concat([orders, earlier], ignore_index=True)
    orders["order_id"] = [f"o{place}" for place in range(len(orders))]
    return {"orders": orders, "customer_table": orders[["customer_id"]].drop_duplicates(ignore_index=True)}


def test_thresholds_of_the_gate():
    assert gate(two_channels(30)).verdict.kind == "go"
    assert gate(two_channels(29)).verdict.kind == "not_yet"
    assert gate(two_channels(30, shops=30)).verdict.kind == "go"
    assert gate(two_channels(30, shops=29, web=60)).verdict.kind == "not_yet"
    assert gate(two_channels(30, before=False)).verdict.kind == "caution"
    for share, kind in ((0.9, "go"), (0.89, "caution"), (0.5, "caution"), (0.49, "not_yet")):
        tables = two_channels(200, web=250, shops=250)
        orders = tables["orders"]
        half = len(orders) // 2  # as many in each period
        orders.loc[np.tile(np.random.default_rng(1).permutation(half), 2) >= share * half, "channel"] = None
        assert gate(tables).verdict.kind == kind, share


def test_the_period_before_may_begin_a_week_late_and_no_later():
    for first, reaches in (("2023-01-08", True), ("2023-01-09", False)):
        tables = two_channels(30)
        orders = tables["orders"]
        orders.loc[orders["order_date"] < pd.Timestamp("2024-01-01"), "order_date"] = pd.Timestamp(first)
        assert purchases(tables, channels.Settings()).reaches_back is reaches


def test_a_channel_keeps_its_name_from_one_in_a_hundred_on():
    for web, names_kept in ((97, 4), (98, 1)):
        orders = pd.DataFrame({"channel": ["web"] * web + ["fax", "fair", "letter"], "order_amount": 1.0, "customer_id": "c1"})
        orders["order_date"] = pd.Timestamp("2024-05-05")
        names = collect_purchases(orders, pd.Series(["c1"]), AS_OF, 12, 5).names
        assert len(names) == 4 if names_kept == 4 else names == ("web", "other channels"), (LEAST_SHARE, names)


def test_customers_are_compared_at_equal_numbers_up_to_ten_orders():
    rng = np.random.default_rng(1)
    # Nine orders of one channel, ten and more of two: compared only where they stand in one class.
    for single, compared_at_all in ((9, False), (10, True)):
        rows = [(f"s{place}", "web", 10.0) for place in range(40) for _order in range(single)]
        rows += [(f"m{place}", ("web", "shop")[order % 2], 10.0) for place in range(40) for order in range(MOST_EQUAL + 2)]
        orders = pd.DataFrame(rows, columns=["customer_id", "channel", "order_amount"]).assign(order_date=pd.Timestamp("2024-03-03"))
        found = buyers_in_several(collect_purchases(orders, orders["customer_id"], AS_OF, 12, 5), 50, rng)
        assert np.isfinite(found.times_equal) is np.bool_(compared_at_all)


def test_the_smallest_shift_that_would_show_is_named():
    tables = shop(2, World(people=400))
    change = in_both_periods(purchases(tables, channels.Settings()))
    points = 100 * (1.95996 + 0.84162) * change.std(axis=0, ddof=1).max() / np.sqrt(len(change))
    assert f"A shift of {points:.1f} percentage points" in gate(tables).detectable


def test_movement_within_a_customer_is_drawn_from_that_customers_purchases():
    tables = two_channels(30)
    # Everybody buys in one channel all the time: drawing their own purchases anew moves nobody.
    orders = tables["orders"]
    orders["channel"] = np.where(orders["customer_id"] < "c015", "web", "shop")
    moves = movement(purchases(tables, channels.Settings()), 60, np.random.default_rng(3))
    assert (moves.moved, moves.moved_low, moves.moved_high) == (0, 0, 0) and moves.steps.empty and (moves.chance_share == 1).all()
