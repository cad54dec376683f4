"""Every threshold of the doubt list, just below and just above it, on small tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.sources.credit_notes import FEW_VALUES, credit_words, may_mark, unsigned
from helpers.sources.doubts.calendar import calendar_doubts
from helpers.sources.doubts.lines import line_doubts
from helpers.sources.doubts.orders import order_doubts
from helpers.sources.doubts.people import people_doubts
from helpers.sources.store import Store
from helpers.tables.doubts import Doubt

DAY = pd.Timestamp("2024-01-01")


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as engine:
        yield engine


def kinds(doubts: Iterable[Doubt]) -> set[str]:
    return {doubt.kind for doubt in doubts}


def orders(customers: Iterable[Any], days: Any = None, amounts: Any = None, **more: Any) -> pd.DataFrame:
    """One order per customer given: by default five a day, with amounts that no two share and that are not whole."""
    who = list(customers)
    place = np.arange(len(who))
    when = DAY + pd.to_timedelta(place // 5 if days is None else days, "D")
    paid = 20.01 + place * 0.37 % 31 if amounts is None else amounts
    return pd.DataFrame({"order_id": [f"O{1000 + i}" for i in place], "customer_id": who, "order_date": when, "order_amount": paid, **more})


def of_orders(store: Store, frame: pd.DataFrame, currency: str = "EUR") -> set[str]:
    return kinds(order_doubts(store.add(frame), currency))


def of_days(store: Store, frame: pd.DataFrame, as_of: date = date(2026, 1, 1), lines: pd.DataFrame | None = None) -> set[str]:
    return kinds(calendar_doubts(store.add(frame), None if lines is None else store.add(lines), as_of))


def people(n: int, total: int = 0) -> list[str]:
    return [f"K{i % n}" for i in range(total or n)]


# Who ordered


@pytest.mark.parametrize(("n", "seen"), [(99, False), (100, True)])
def test_with_fewer_than_a_hundred_orders_nothing_is_said(store, n, seen):
    assert ("currencies" in of_orders(store, orders(people(20, n), currency=["EUR", "SEK"] * (n // 2) + ["EUR"] * (n % 2)))) == seen


@pytest.mark.parametrize(("again", "seen"), [(5, True), (6, False)])
def test_own_numbers_are_nearly_as_many_as_orders(store, again, seen):
    numbers = [str(1000 + max(i, again)) for i in range(1000)]
    assert ("order_as_customer" in of_orders(store, orders(numbers))) == seen


@pytest.mark.parametrize(("jumps", "seen"), [(20, True), (21, False)])
def test_numbers_that_step_with_the_orders(store, jumps, seen):
    numbers = [str(5000 + i + 10 * min(i // 2, jumps)) for i in range(201)]
    assert ("order_as_customer" in of_orders(store, orders(numbers))) == seen


def test_consecutive_numbers_must_run_in_step(store):
    turns = [pd.Series((np.arange(300) + k) % 300).corr(pd.Series(range(300)), method="spearman") for k in range(300)]
    last = max(k for k in range(5) if turns[k] >= 0.99) if turns[1] >= 0.99 else 0
    for turn, seen in ((last, True), (last + 1, False)):
        frame = orders([str(5000 + (i + turn) % 300) for i in range(300)], days=np.arange(300))
        frame["order_id"] = [f"X{(i * 7919) % 100_003}" for i in range(300)]
        assert ("order_as_customer" in of_orders(store, frame)) == seen


@pytest.mark.parametrize(("till", "seen"), [(79, False), (80, True)])
def test_a_till_has_a_share_of_the_orders(store, till, seen):
    who = ["till"] * till + people(92, 1000 - till)
    assert ("guest_account" in of_orders(store, orders(who, days=np.arange(1000) % 10))) == seen


@pytest.mark.parametrize(("third", "seen"), [(80, True), (81, False)])
def test_a_till_is_ahead_of_the_third_customer(store, third, seen):
    who = ["till"] * 240 + people(9, 9 * third)
    assert ("guest_account" in of_orders(store, orders(who, days=np.arange(len(who)) % 12))) == seen


@pytest.mark.parametrize(("meetings", "seen"), [(51, True), (50, False)])
def test_a_till_has_half_the_meetings_that_chance_gives(store, meetings, seen):
    own = [2] * meetings + [1] * (150 - 2 * meetings) + [0] * (100 - (150 - meetings))
    days = np.repeat(np.arange(100), 10)
    who = [customer for day, n in enumerate(own) for customer in ["account"] * n + [f"K{(day * 7 + i) % 200}" for i in range(10 - n)]]
    assert ("guest_account" in of_orders(store, orders(who, days=days))) == seen


@pytest.mark.parametrize(("times", "seen"), [(2.66, True), (2.68, False)])
def test_many_buyers_spend_as_all_do(store, times, seen):
    """A fifth of the orders with two fifths of the revenue, twice the usual order, is 2.67 times that of the others."""
    who = ["account"] * 200 + people(80, 800)
    amounts = np.where(np.arange(1000) < 200, times, 1.0) * 10.01
    assert ("guest_account" in of_orders(store, orders(who, days=np.arange(1000) % 10, amounts=amounts))) == seen


@pytest.mark.parametrize(("account", "groups", "seen"), [(100, (11, 4, 2), True), (100, (11, 4, 2, 2), False), (99, (11, 4, 2), False)])
def test_too_few_meetings_tell_nothing_unless_the_share_is_large(store, account, groups, seen):
    others = 250 - account
    single = others - sum(groups)
    days = [*range(account), *(1_000 + day for day, n in enumerate(groups) for _ in range(n)), *range(2_000, 2_000 + single)]
    who = ["account"] * account + people(30, others)
    assert ("guest_account" in of_orders(store, orders(who, days=days))) == seen


@pytest.mark.parametrize(("guests", "seen"), [(49, False), (50, True)])
def test_guests_by_word_buy_more_than_a_customer_does(store, guests, seen):
    assert ("guest_account" in of_orders(store, orders(["Gast"] * guests + people(99, 1000 - guests)))) == seen


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        ("0", True),
        ("00000", True),
        ("9999", True),
        ("999", False),
        ("000123", False),
        ("99991", False),
        ("KASSA 2", True),
        ("Gasthof", False),
    ],
)
def test_ids_that_stand_for_guests(store, number, seen):
    assert ("guest_account" in of_orders(store, orders([number] * 60 + people(99, 940)))) == seen


@pytest.mark.parametrize(("guests", "seen"), [(9, False), (10, True)])
def test_guests_by_word_have_a_share_of_the_orders(store, guests, seen):
    assert ("guest_account" in of_orders(store, orders(["9999"] * guests + people(1900, 2000 - guests)))) == seen


@pytest.mark.parametrize(("share", "customers", "seen"), [(0.399, 30, False), (0.401, 30, True), (0.401, 29, False)])
def test_a_leading_account_carries_two_fifths(store, share, customers, seen):
    who = people(customers, 300)
    mine = np.array([name == "K0" for name in who])
    amounts = np.where(mine, 100 * share / mine.sum(), 100 * (1 - share) / (~mine).sum())
    assert ("leading_account" in of_orders(store, orders(who, amounts=amounts))) == seen


@pytest.mark.parametrize(("share", "times", "seen"), [(0.149, 30, False), (0.151, 30, True), (0.3, 19.9, False), (0.3, 20.1, True)])
def test_a_leading_order(store, share, times, seen):
    rest = np.full(300, (1 - share - share / times) / 299)
    rest[:2] = share, share / times
    assert ("leading_order" in of_orders(store, orders(people(100, 300), amounts=1_000 * rest))) == seen


# Amounts


@pytest.mark.parametrize(("times", "seen"), [(59, False), (61, True), (159, True), (161, False)])
def test_months_in_cents_are_about_a_hundred_times_the_others(store, times, seen):
    amounts = np.where(np.arange(300) >= 200, 10.5 * times, 10.5)
    assert ("cents" in of_orders(store, orders(people(50, 300), days=np.repeat([0, 40, 70], 100), amounts=amounts))) == seen


@pytest.mark.parametrize(
    ("typical", "amount", "currency", "seen"),
    [
        (0.6, 2_095, "EUR", True),
        (0.59, 2_095, "EUR", False),
        (0.6, 1_995, "EUR", False),
        (0.6, 2_095, "SEK", False),
        (0.6, 2_095.5, "EUR", False),
    ],
)
def test_all_amounts_in_cents(store, typical, amount, currency, seen):
    amounts = np.where(np.arange(200) < 200 * typical, amount, amount + 16)
    assert ("cents" in of_orders(store, orders(people(50, 200), amounts=amounts, days=np.arange(200) % 10), currency)) == seen


@pytest.mark.parametrize(
    ("rows", "twins", "usual", "seen"),
    [(4, 4, 0, False), (5, 5, 0, True), (20, 16, 0, True), (20, 15, 0, False), (20, 20, 150, True), (20, 20, 151, False)],
)
def test_credit_notes_by_their_number_mirror_earlier_orders(store, rows, twins, usual, seen):
    bought = orders(people(300))
    like = np.arange(300) % (300 - usual)
    bought[["customer_id", "order_amount"]] = bought[["customer_id", "order_amount"]].iloc[like].to_numpy()
    back = bought.iloc[:rows].assign(order_id=[f"CN{i}" for i in range(rows)], order_date=DAY + pd.Timedelta(200, "D"))
    back.loc[back.index[twins:], "order_amount"] += 500.25
    frame = pd.concat([bought, back]).astype({"order_amount": float})
    assert ("positive_refunds" in of_orders(store, frame)) == seen


@pytest.mark.parametrize(
    ("marked", "positive", "of", "seen"),
    [(4, 4, 100, False), (5, 5, 100, True), (30, 30, 100, True), (31, 31, 100, False), (20, 10, 100, True), (20, 9, 100, False)],
)
def test_marked_rows_without_a_minus(store, marked, positive, of, seen):
    amounts = [-5.0] * (marked - positive) + [5.0] * (of - marked + positive)
    rows = store.add(pd.DataFrame({"kind": ["Gutschrift"] * marked + ["Rechnung"] * (of - marked), "amount": amounts}))
    doubts = list(unsigned(rows, "kind", "Belegart", rows["amount"], "orders"))
    assert bool(doubts) == seen and all(doubt.rows == positive and doubt.of == marked and doubt.detail == "Belegart" for doubt in doubts)


def test_a_column_of_many_values_marks_nothing(store):
    few = [f"w{i}" for i in range(FEW_VALUES - 1)] + ["avoir"]
    assert may_mark("Code", few * 9) and not may_mark("Code", [*few, "w99"] * 9)
    for values, seen in ((few, True), ([*few, "w99"], False)):
        rows = store.add(pd.DataFrame({"kind": values * 10, "amount": 1.0}))
        assert bool(list(unsigned(rows, "kind", "Code", rows["amount"], "orders"))) == seen
    assert may_mark("Type document", ()) and not may_mark("Postcode", ())


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        (["RG", "GS"], ["GS"]),
        (["BE", "CN", "CR"], []),
        (["Debit", "Credit", "Cash"], []),
        (["Invoice", "Credit"], ["Credit"]),
        (["Credit card", "Kreditkarte"], []),
        (["paid", "partially_refunded", "refunded"], ["refunded"]),
        (["Factuur", "Credit-nota", None, ""], ["Credit-nota"]),
        (["nieuw", "Return customer"], []),
        (["order", "Återbetalning", "Note de crédit"], ["Återbetalning", "Note de crédit"]),
    ],
)
def test_words_of_credit_notes(values, marks):
    assert credit_words(values) == marks


def test_a_currency_is_the_same_in_other_letters(store):
    assert of_orders(store, orders(people(50, 150), currency=["EUR", " eur", "€"] * 50)) == set()


# Days


def lines_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={"order_amount": "line_amount"}).assign(product_id="P", quantity=1.0)


@pytest.mark.parametrize(
    ("month", "twins", "others", "seen"),
    [(100, 80, 0, True), (100, 78, 0, False), (20, 20, 0, True), (18, 18, 0, False), (100, 80, 30, True), (100, 80, 32, False)],
)
def test_a_month_that_stands_twice(store, month, twins, others, seen):
    def of_month(first: int, rows: int, double: int) -> pd.DataFrame:
        own = orders([f"K{first}-{i}" for i in range(rows - double // 2)], days=first + np.arange(rows - double // 2) % 25)
        return pd.concat([own, own.head(double // 2)])

    frame = pd.concat([of_month(0, 100, others), of_month(31, 100, others), of_month(60, month, twins)], ignore_index=True)
    frame["order_id"] = [f"O{i}" for i in range(len(frame))]
    assert ("month_twice" in of_days(store, frame)) == seen


def test_what_stands_twice_is_counted_once(store):
    frame = orders([f"K{i}" for i in range(200)], days=np.arange(200) // 4)
    again = frame[frame["order_date"] < DAY + pd.Timedelta(31, "D")].assign(order_id=lambda rows: "N" + rows["order_id"])
    (doubt,) = calendar_doubts(store.add(pd.concat([frame, again])), None, date(2024, 2, 20))
    assert (doubt.kind, doubt.rows, doubt.of) == ("month_twice", len(again), 2 * len(again))


def test_lines_that_always_stand_twice_in_an_order_are_a_habit(store):
    frame = orders([f"K{i}" for i in range(200)], days=np.arange(200) // 4)
    lines = lines_of(frame)
    assert "month_twice" not in of_days(store, frame, lines=pd.concat([lines, lines]))
    assert "month_twice" in of_days(store, frame, lines=pd.concat([lines, lines.assign(order_id="N" + lines["order_id"])]))


def by_month(*counts: int, start: str = "2022-01") -> pd.DataFrame:
    days = [(pd.Period(start, "M") + at).to_timestamp() + pd.Timedelta(i % 28, "D") for at, n in enumerate(counts) for i in range(n)]
    return orders(people(80, sum(counts)), days=[(day - DAY).days for day in days])


@pytest.mark.parametrize(
    ("counts", "start", "seen"),
    [
        ((40, 40, 0, 40, 40), "2022-01", True),
        ((40, 40, 1, 40, 40), "2022-01", False),  # one order, and no other year to tell
        ((40, 0, 0, 40, 40), "2022-01", True),
        ((40, 0, 0, 0, 40, 40), "2022-01", False),  # a season
        ((40, 40, 0, 40, 40), "2022-06", False),  # August
        ((40, 40, 0, 40, 40), "2022-05", False),  # July
        ((40, 40, 0, 40, 40), "2022-07", True),
        ((20, 20, 20, 0, 20, 20), "2022-01", True),
        ((19, 19, 19, 0, 19, 30), "2022-01", False),
        ((40,) * 12 + (40,) * 5 + (2,) + (40,) * 6, "2022-01", True),
        ((40,) * 12 + (40,) * 5 + (3,) + (40,) * 6, "2022-01", False),
        ((40,) * 7 + (0,) + (40,) * 11 + (0,) + (40,) * 4, "2022-01", False),  # closed every August
        ((40,) * 19 + (0,) + (40,) * 4, "2022-01", True),  # closed in August once
    ],
)
def test_a_month_without_orders(store, counts, start, seen):
    assert ("month_missing" in of_days(store, by_month(*counts, start=start))) == seen


@pytest.mark.parametrize(("gap", "quiet", "seen"), [(1, 13, False), (1, 14, True), (3, 29, False), (3, 30, True)])
def test_an_export_that_ends_early(store, gap, quiet, seen):
    frame = orders(people(50, 300), days=np.arange(300) // 3 * gap)
    as_of = (frame["order_date"].max() + pd.Timedelta(quiet, "D")).date()
    assert ("days_missing" in of_days(store, frame, as_of)) == seen


@pytest.mark.parametrize(("strays", "years", "seen"), [(3, 2, True), (4, 2, False), (3, 0.99, False)])
def test_days_far_from_all_others(store, strays, years, seen):
    days = np.append(np.full(strays, -round(years * 366)), np.arange(300 - strays) // 5)
    assert ("stray_dates" in of_days(store, orders(people(50, 300), days=days))) == seen


@pytest.mark.parametrize(("elsewhere", "seen"), [(1, True), (2, False)])
def test_totals_of_a_month(store, elsewhere, seen):
    first = [(pd.Timestamp(2024, 1 + i % 6, 1) - DAY).days for i in range(200)]
    days = [day + (i < elsewhere) for i, day in enumerate(first)]
    rng = np.random.default_rng(1)
    assert ("days_of_month" in of_days(store, orders([f"K{i}" for i in rng.integers(0, 60, 200)], days=days))) == seen


@pytest.mark.parametrize(("late", "seen"), [(5, False), (6, True)])
def test_bills_come_at_a_pace(store, late, seen):
    """Ten customers of 13 bills have twelve gaps each; those who skip two bills have ten, of which two are longer."""
    rows = [(f"K{who}", month) for who in range(10) for month in range(13)]
    rows = [(who, month) for who, month in rows if not (month in (3, 6) and int(who[1:]) < late)]
    months = pd.PeriodIndex([pd.Period("2024-01", "M") + month for _, month in rows])
    frame = orders([who for who, _ in rows], days=(months.to_timestamp() - DAY).days)
    gaps = (
        frame.sort_values("order_date")
        .groupby("customer_id")["order_date"]
        .apply(lambda days: days.dt.to_period("M").astype("int64").diff())
    )
    share = (gaps.dropna() == 1).mean()
    assert (share < 0.9) == seen and ("days_of_month" in of_days(store, frame)) == seen


@pytest.mark.parametrize(("bills", "seen"), [(4, False), (3, True)])
def test_a_pace_needs_three_gaps(store, bills, seen):
    rows = [(f"K{who}", month) for who in range(40) for month in range(bills)]
    frame = orders([who for who, _ in rows], days=[(pd.Timestamp(2024, 1 + month, 1) - DAY).days for _, month in rows])
    assert ("days_of_month" in of_days(store, frame)) == seen


# Lines


def lines(n: int = 400, products: int = 40, **more: Any) -> pd.DataFrame:
    place = np.arange(n)
    frame = pd.DataFrame(
        {
            "order_id": [f"O{i // 2}" for i in place],
            "customer_id": [f"K{i // 2 % 40}" for i in place],
            "order_date": DAY + pd.to_timedelta(place // 8, "D"),
            "product_id": [f"P{i % products:03}" for i in place],
            "quantity": 1.0 + place % 3,
            "unit_price": 20.03 + place % products,
        }
    )
    frame = frame.assign(**more)
    return frame if "line_amount" in frame else frame.assign(line_amount=(frame["quantity"] * frame["unit_price"]).round(2))


def of_lines(store: Store, frame: pd.DataFrame, products: pd.DataFrame | None = None, currency: str = "EUR") -> set[str]:
    return kinds(line_doubts(store.add(frame), None if products is None else store.add(products), currency))


def priced(factor: np.ndarray, n: int = 1200, products: int = 40) -> pd.DataFrame:
    base = lines(n, products)
    return lines(n, products, unit_price=(base["unit_price"] * factor).round(2))


def test_a_right_table_of_lines_is_left_in_peace(store):
    assert of_lines(store, lines()) == set()


@pytest.mark.parametrize(("n", "seen"), [(99, False), (100, True)])
def test_with_fewer_than_a_hundred_lines_nothing_is_said(store, n, seen):
    assert ("currencies" in of_lines(store, lines(n, currency=["EUR", "SEK"] * (n // 2) + ["EUR"] * (n % 2)))) == seen


@pytest.mark.parametrize(("taxed", "products", "seen"), [(9, 20, False), (10, 20, True), (12, 40, True), (11, 40, False)])
def test_so_many_products_have_two_prices(store, taxed, products, seen):
    place = np.arange(1200)
    gross = (place % products < taxed) & (place // products % 2 == 0)
    assert ("tax_mixed" in of_lines(store, priced(np.where(gross, 1.21, 1.0), 1200, products))) == seen


@pytest.mark.parametrize(
    ("ratio", "seen"), [(1.21, True), (1.2108, True), (1.2114, False), (1.2121, False), (1.2092, True), (1.2086, False)]
)
def test_the_ratio_is_that_of_a_tax(store, ratio, seen):
    gross = np.arange(1200) // 40 % 2 == 0
    assert ("tax_mixed" in of_lines(store, priced(np.where(gross, ratio, 1.0)))) == seen


def test_each_ratio_is_near_the_rate(store):
    """The middle of the ratios is right, but only as many as lie near are counted: four of forty products do not."""
    place = np.arange(1200)
    for far, seen in ((28, True), (30, False)):
        ratio = np.where(place % 40 < far, np.where(place % 2, 1.23, 1.19 + 1e-9), 1.21)
        ratio = np.where((place % 40 < far) & (place % 2 == 0), 1.15, ratio)
        assert ("tax_mixed" in of_lines(store, priced(np.where(place // 40 % 2 == 0, ratio, 1.0)))) == seen


@pytest.mark.parametrize(("rate", "seen"), [(1.25, False), (1.21, True)])
def test_dealers_explain_only_what_a_discount_gives(store, rate, seen):
    dealer = np.arange(1200) // 2 % 40 < 12
    assert ("tax_mixed" in of_lines(store, priced(np.where(dealer, 1.0, rate)))) == seen


@pytest.mark.parametrize(("strangers", "seen"), [(18, False), (48, True)])
def test_dealers_must_explain_the_mixture(store, strangers, seen):
    """With 20 of 40 customers as dealers, chance explains half: 0.9 of the rest leaves 60 of 1,200 lines."""
    place = np.arange(1200)
    dealer = place // 2 % 40 < 20
    odd = place % 13 == 0
    odd &= np.cumsum(odd) <= 2 * strangers
    assert ("tax_mixed" in of_lines(store, priced(np.where(dealer ^ odd, 1.0, 1.25)))) == seen


@pytest.mark.parametrize(("each", "seen"), [(5, False), (4, True)])
def test_customers_of_few_lines_explain_nothing(store, each, seen):
    who = np.arange(1200) // each
    frame = priced(np.where((who + np.arange(1200) // 40) % 2 == 0, 1.0, 1.25)).assign(customer_id=[f"K{i}" for i in who], order_date=DAY)
    assert ("tax_mixed" in of_lines(store, frame)) == seen


@pytest.mark.parametrize(("known", "seen"), [(260, False), (220, True)])
def test_too_small_a_part_explains_nothing(store, known, seen):
    place = np.arange(1200)
    who = np.where(place < known, place // 20, 1_000 + place)
    frame = priced(np.where(np.where(place < known, who, place // 40) % 2 == 0, 1.0, 1.25))
    frame = frame.assign(customer_id=[f"K{i}" for i in who], order_date=DAY)
    assert ("tax_mixed" in of_lines(store, frame)) == seen


@pytest.mark.parametrize(("share", "seen"), [(0.29, False), (0.32, True)])
def test_a_sale_holds_few_lines(store, share, seen):
    sale = np.arange(1200) // 8 >= (1 - share) * 150
    assert ("tax_mixed" in of_lines(store, priced(np.where(sale, 0.8, 1.0)))) == seen


@pytest.mark.parametrize(("rate", "seen"), [(1.12, False), (1.19, True)])
def test_a_rise_of_prices_is_no_tax(store, rate, seen):
    assert ("tax_mixed" in of_lines(store, priced(np.where(np.arange(1200) >= 600, rate, 1.0)))) == seen
    assert "tax_mixed" in of_lines(store, priced(np.where(np.arange(1200) < 600, rate, 1.0)))  # prices do not fall by a tax


@pytest.mark.parametrize(("wrong", "seen"), [(40, False), (80, True)])
def test_a_rise_leaves_few_lines_behind(store, wrong, seen):
    place = np.arange(1200)
    odd = (place >= 1200 - 4 * wrong) & (place // 40 % 4 == 1)
    assert ("tax_mixed" in of_lines(store, priced(np.where((place >= 600) & ~odd, 1.09, 1.0)))) == seen


@pytest.mark.parametrize(("n", "off", "seen"), [(400, 4, False), (400, 5, True), (1000, 9, False), (1000, 10, True)])
def test_amounts_that_are_not_the_product(store, n, off, seen):
    right = lines(n)
    amount = right["line_amount"].where(np.arange(n) >= off, right["line_amount"] * 0.4317 + 1)
    assert ("amount_not_product" in of_lines(store, right.assign(line_amount=amount))) == seen


@pytest.mark.parametrize(
    ("constant", "other", "price", "seen"),
    [(90, 10, 21.0, False), (89, 11, 21.0, True), (100, 0, 10.0, False), (100, 0, 9.9, True), (4, 0, 21.0, False)],
)
def test_a_discount_of_whole_percents_is_no_contradiction(store, constant, other, price, seen):
    right = lines(400, unit_price=price)
    place = np.arange(400)
    rate = np.where(place < constant, 0.85, np.where(place < constant + other, 0.8273, 1.0))
    assert ("amount_not_product" in of_lines(store, right.assign(line_amount=(right["line_amount"] * rate).round(2)))) == seen


@pytest.mark.parametrize(("rate", "seen"), [(0.0, False), (0.925, False), (1.05, True), (1.21, True)])
def test_only_less_than_the_product_is_a_discount(store, rate, seen):
    right = lines()
    assert ("amount_not_product" in of_lines(store, right.assign(line_amount=(right["line_amount"] * rate).round(2)))) == seen


@pytest.mark.parametrize(
    ("heavy", "litres", "tens", "seen"),
    [(2, 101, 0.0, True), (2, 99, 0.0, False), (3, 101, 0.0, False), (2, 101, 0.6, False), (2, 101, 0.4, True)],
)
def test_quantities_that_are_measures(store, heavy, litres, tens, seen):
    place = np.arange(400)
    measured = np.where(place // 40 < 10 * tens, 10 * round(litres / 10 + 0.5), litres + 0.5)
    frame = lines(quantity=np.where(place % 40 < heavy, measured if tens else float(litres), 2.0), unit_price=0.5)
    assert ("measured_quantities" in of_lines(store, frame)) == seen


@pytest.mark.parametrize(("each", "seen"), [(1, False), (2, True)])
def test_measures_outweigh_the_rest(store, each, seen):
    """Two products on one or two lines of 101 each, beside 760 pieces of the others: 21 % or 35 % of all."""
    place = np.arange(400)
    frame = lines(quantity=np.where(place % 40 < 2, 101.0, 2.0), unit_price=0.5)
    assert ("measured_quantities" in of_lines(store, frame[(place % 40 >= 2) | (place < 40 * each)])) == seen


def with_services(n: int, name: str, beside: int, once: int, services: int, amount: float = 4.95) -> pd.DataFrame:
    frame = lines(n).assign(product_name="Stoel")
    sent = frame.head(services).assign(product_id="S1", product_name=name, quantity=1.0, unit_price=amount, line_amount=amount)
    sent["order_id"] = [f"O{i}" if i < beside else f"X{i}" for i in range(services)]
    sent["quantity"] = np.where(np.arange(services) < once, 1.0, 2.0)
    return pd.concat([frame, sent.assign(line_amount=sent["quantity"] * amount)], ignore_index=True)


@pytest.mark.parametrize(
    ("n", "name", "beside", "once", "services", "seen"),
    [
        (400, "Porto", 0, 0, 10, True),  # nothing but the word
        (400, "Porto", 0, 0, 9, False),
        (2000, "Verzendkosten NL 2", 0, 0, 21, True),
        (2000, "Verzendkosten NL 2", 0, 0, 19, False),
        (400, "Porto rood 75cl", 90, 95, 100, True),  # stands beside goods, one at a time
        (400, "Porto rood 75cl", 89, 100, 100, False),
        (400, "Porto rood 75cl", 100, 94, 100, False),
        (400, "Portofino", 100, 100, 100, False),
    ],
)
def test_services_among_the_products(store, n, name, beside, once, services, seen):
    assert ("service_products" in of_lines(store, with_services(n, name, beside, once, services))) == seen


def test_a_discount_line_is_below_zero(store):
    for below, seen in ((95, True), (94, False)):
        frame = with_services(400, "Korting op alles", 100, 0, 100)
        hit = frame.index[frame["product_id"] == "S1"][:below]
        frame.loc[hit, "line_amount"] *= -1
        assert ("service_products" in of_lines(store, frame)) == seen


@pytest.mark.parametrize(
    ("products", "times", "seen"), [(10, 100, True), (9, 100, False), (10, 59, False), (10, 61, True), (10, 161, False)]
)
def test_prices_a_hundred_times_those_of_the_list(store, products, times, seen):
    frame = lines(400, products)
    listed = frame.drop_duplicates("product_id").assign(price=lambda rows: rows["unit_price"] / times)[["product_id", "price"]]
    assert ("cents" in of_lines(store, frame, listed)) == seen


@pytest.mark.parametrize(
    ("typical", "price", "currency", "seen"),
    [(24, 2_095.0, "EUR", True), (23, 2_095.0, "EUR", False), (24, 1_895.0, "EUR", False), (24, 2_095.0, "SEK", False)],
)
def test_prices_that_end_as_cents_do(store, typical, price, currency, seen):
    prices = np.where(np.arange(400) % 40 < typical, price, price + 18)
    assert ("cents" in of_lines(store, lines(unit_price=prices), currency=currency)) == seen


# People and ids


def of_people(store: Store, customers: pd.DataFrame, bought: pd.DataFrame | None = None) -> set[str]:
    tables = {"customers": store.add(customers)} | ({} if bought is None else {"orders": store.add(bought)})
    return kinds(people_doubts(tables["customers"], tables.get("orders"), tables))


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Jan Test", True), ("TEST TEST", True), ("test klant 3", True), ("Testkunde", True), ("demo", True), ("asdfgh", True),
        ("Maria Testa", False), ("Emma Tester", False), ("Testerman BV", False), ("Test-Aankoop", False), ("Demoor", False),
        ("Speed Test Center", False), ("Stiftung Warentest", False), ("Klant Van Het Test", False),
    ],
)  # fmt: skip
def test_names_of_trials(store, name, seen):
    assert ("test_records" in of_people(store, pd.DataFrame({"customer_id": ["1", "2"], "customer_name": ["Maes", name]}))) == seen


@pytest.mark.parametrize(
    ("email", "seen"),
    [("test@test.be", True), ("test12@shop.be", True), ("testa.maria@post.be", False), ("demoor@post.be", False), ("a@test.org.be", False)],
)
def test_addresses_of_trials(store, email, seen):
    assert ("test_records" in of_people(store, pd.DataFrame({"customer_id": ["1", "2"], "email": [None, email]}))) == seen


@pytest.mark.parametrize(("n", "shared", "seen"), [(200, 8, False), (200, 10, True), (5000, 98, False), (5000, 100, True)])
def test_shared_addresses(store, n, shared, seen):
    three = pd.DataFrame({"customer_id": people(100), "email": [f"a{i // 3 if i < 9 else i}@post.be" for i in range(100)]})
    assert of_people(store, three) == set()
    emails = [f"a{i // 2 if i < shared else i + n}@post.be" for i in range(n)]
    assert ("shared_address" in of_people(store, pd.DataFrame({"customer_id": people(n), "email": emails}))) == seen


@pytest.mark.parametrize(("n", "later", "seen"), [(50, 5, True), (50, 4, False), (1000, 99, False), (1000, 100, True), (49, 20, False)])
def test_customers_recorded_after_their_orders(store, n, later, seen):
    customers = pd.DataFrame(
        {"customer_id": people(n), "created_date": [DAY + pd.Timedelta(300 if i < later else -1, "D") for i in range(n)]}
    )
    assert ("created_later" in of_people(store, customers, orders(people(n)))) == seen


@pytest.mark.parametrize(
    ("cut", "whole", "length", "seen"),
    [(20, 0, 18, True), (19, 0, 18, False), (25, 75, 18, True), (247, 753, 18, False), (50, 0, 15, False)],
)
def test_ids_that_a_spreadsheet_has_cut(store, cut, whole, length, seen):
    ids = [f"{123_456_789_012_000 + i}".ljust(length, "0") for i in range(cut)] + [
        f"{10 ** (length - 1) + 7 * i + 1}" for i in range(whole)
    ]
    assert ("cut_ids" in of_people(store, pd.DataFrame({"customer_id": ids}))) == seen


@pytest.mark.parametrize(
    ("dates", "n", "seen"),
    [
        (["1-feb", "2-mrt", "3-apr"], 100, True),
        (["1-feb", "2-mrt"], 100, False),
        (["1-feb", "2-mrt", "3-mrt"], 100, False),  # two months
        (["MAR-101", "MAR-102", "MAR-103", "DEC-100"], 100, False),
        (["jan-24", "feb-24", "mei-24"], 3_050, False),  # fewer than one in a thousand
        (["jan-24", "feb-24", "mei-24"], 2_900, True),
        (["1-feb", "2-mrt", "3-apr"] * 30, 2, False),  # all of them: the system's own ids
    ],
)
def test_ids_that_are_days(store, dates, n, seen):
    ids = [f"{date}{'' if i < 3 else f'-{i + 10}'}" for i, date in enumerate(dates)] + [f"Q{i}" for i in range(n)]
    assert ("dates_as_ids" in of_people(store, pd.DataFrame({"customer_id": ids}))) == seen
