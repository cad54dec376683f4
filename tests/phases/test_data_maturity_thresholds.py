"""Where phase 3 turns: the level of every figure at each of its four cuts, and every other edge of the chapter."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pydantic import ValidationError

from helpers.core.results import RunContext
from helpers.phases import data_maturity as room
from helpers.phases.data_maturity import words
from helpers.phases.data_maturity.analysis import evidence
from helpers.phases.data_maturity.contradictions import claims, contradictions, profile
from helpers.phases.data_maturity.fields import field_measures
from helpers.phases.data_maturity.fixes import fixes
from helpers.phases.data_maturity.joins import join_measures
from helpers.phases.data_maturity.measures import Measure, level, measures_frame
from helpers.phases.data_maturity.settings import Respondent, System
from helpers.phases.data_maturity.systems import system_list
from helpers.phases.data_maturity.timeliness import deletion_cliff, time_measures
from helpers.tables.receipts import Receipt

AS_OF = pd.Timestamp("2023-12-31")
CONTEXT = RunContext(date(2023, 12, 31), 7)

# ---- Levels ----

RUBRIC = {  # levels 1, 2, 3 and 4 begin at these figures
    "tables_there": (0.2, 0.4, 0.6, 0.8),
    "core_fields_there": (0.2, 0.4, 0.7, 0.95),
    "detail": (0.2, 0.5, 0.8, 0.98),
    "valid": (0.6, 0.8, 0.95, 0.99),
    "one_spelling": (0.5, 0.7, 0.9, 0.98),
    "orders_matched": (0.3, 0.6, 0.9, 0.98),
    "contacts_matched": (0.3, 0.6, 0.9, 0.98),
    "revenue_with_customer": (0.5, 0.7, 0.9, 0.98),
    "not_orphaned": (0.5, 0.8, 0.95, 0.99),
    "consistent": (0.5, 0.8, 0.95, 0.99),
    "unique_keys": (0.8, 0.9, 0.98, 0.999),
    "no_doubles": (0.8, 0.9, 0.98, 0.999),
    "possible_dates": (0.8, 0.9, 0.98, 0.999),
    "rows_used": (0.5, 0.7, 0.9, 0.98),
    "systems_delivered": (0.25, 0.5, 0.75, 1.0),
    "columns_understood": (0.25, 0.5, 0.75, 0.9),
    "in_detail": (0.25, 0.5, 0.75, 1.0),
    "months_unbroken": (0.5, 0.8, 0.95, 1.0),
    "filled_lately": (0.2, 0.4, 0.7, 0.9),
    "owners_named": (0.25, 0.5, 0.75, 1.0),
    "filled": (0.1, 0.4, 0.7, 0.9),
    "consent_known": (0.1, 0.4, 0.7, 0.9),
    "quotes_decided": (0.25, 0.5, 0.8, 0.95),
    "results_recorded": (0.25, 0.5, 0.75, 1.0),
    "months_of_history": (6, 12, 24, 36),
    "kept_months": (3, 12, 24, 36),
}


@pytest.mark.parametrize("name", sorted(RUBRIC))
def test_a_level_begins_at_its_cut(name):
    assert [level(name, cut) for cut in RUBRIC[name]] == [1, 2, 3, 4]
    assert [level(name, cut - 0.0001) for cut in RUBRIC[name]] == [0, 1, 2, 3]


def test_fewer_days_are_better():
    assert [level("days_old", days) for days in (366, 365, 91, 90, 32, 31, 8, 7, 0)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize(("figure", "expected"), [(0.8 - 5e-10, 4), (0.8 - 5e-9, 3), (float("nan"), 0)])
def test_a_billionth_below_a_cut_is_at_it(figure, expected):
    assert level("tables_there", figure) == expected


# ---- Claim beside evidence ----


def measure(name: str, figure: float, column: str = "") -> Measure:
    return Measure(name, "customers", column, figure, 0, 10)


def disagreements(levels: list[int], measures: tuple[Measure, ...], gap: int = 2) -> list[str]:
    people = [Respondent(role=str(i), answers={"clean": given}) for i, given in enumerate(levels)]
    return [contradiction.kind for contradiction in contradictions(profile(claims(people), measures), measures, gap)]


@pytest.mark.parametrize(("claimed", "kinds"), [(2, []), (3, ["claim_above"]), (4, ["claim_above"])])
def test_a_claim_two_levels_above_a_figure_contradicts_it(claimed, kinds):
    assert disagreements([claimed], (measure("unique_keys", 0.85),)) == kinds  # level 1
    assert room.Settings().gap == 2


@pytest.mark.parametrize(("claimed", "kinds"), [(2, ["claim_below"]), (3, [])])
def test_a_claim_two_levels_below_the_dimension_is_too_modest(claimed, kinds):
    assert disagreements([claimed], (measure("unique_keys", 1.0),)) == kinds  # level 4


@pytest.mark.parametrize(("lowest", "kinds"), [(0.8, []), (0.9, ["claim_below"])])
def test_a_modest_claim_needs_every_figure_at_or_above_it(lowest, kinds):
    figures = (measure("unique_keys", 1.0), measure("possible_dates", 1.0), measure("no_doubles", lowest))
    assert disagreements([2], figures) == kinds  # level 1 or 2


@pytest.mark.parametrize(("broken", "evidence"), [("unique_keys", 1.0), ("no_doubles", 4.0)])
def test_a_dimension_is_no_higher_than_its_worst_critical_figure(broken, evidence):
    figures = [measure(name, 0.85 if name == broken else 1.0) for name in ("unique_keys", "no_doubles", "possible_dates", "rows_used")]
    assert profile(claims([]), tuple(figures)).loc["clean", "evidence"] == evidence


@pytest.mark.parametrize(("kind", "asked"), [("b2c", False), ("b2b", True), ("both", True)])
def test_nobody_asks_a_family_for_its_employees(kind, asked):
    assert ("employees" in room.Settings().fields_for(kind)) == asked
    assert room.Settings(core_fields=["employees"]).fields_for(kind) == ["employees"]


def test_empty_cells_are_told_apart_from_ids_that_do_not_meet():
    decisions = [
        {"what": "joined", "file": "erp.csv", "column": "customer_id", "rows": 60},
        {"what": "brings", "file": "erp.csv", "column": "postcode", "rows": 50},
    ]
    people = pd.DataFrame({"customer_id": [str(i) for i in range(100)], "postcode": ["9000"] * 50 + [None] * 50})
    (filled,) = [
        figure
        for figure in evidence({"customers": people}, (), room.Settings(core_fields=["postcode"]), CONTEXT, "b2c", {"decisions": decisions})
        if figure.name == "filled"
    ]
    assert "40 have no record of the same number in the system that knows it, and 10 are blank there" in words.measure_sentence(filled)


@pytest.mark.parametrize(("answers", "kinds"), [([2, 3], []), ([2, 4], ["respondents"]), ([2, 3, 3], [])])
def test_answers_two_levels_apart_are_a_contradiction(answers, kinds):
    assert disagreements(answers, ()) == kinds


def test_the_lowest_figure_of_a_rule_speaks_and_claims_too_high_come_first():
    figures = (measure("unique_keys", 0.85, "b"), measure("unique_keys", 0.5, "a"), measure("no_doubles", 0.95))
    people = [Respondent(role="x", answers={"clean": 4}), Respondent(role="y", answers={"clean": 4, "culture": 0})]
    people += [Respondent(role="z", answers={"culture": 4})]
    listed = contradictions(profile(claims(people), figures), figures, 2)
    named = [(entry.kind, entry.size, entry.measure.column if entry.measure else "") for entry in listed]
    assert named == [("claim_above", 4.0, "a"), ("claim_above", 2.0, ""), ("respondents", 4.0, "")]


def test_of_two_equally_low_figures_the_first_speaks():
    figures = (measure("unique_keys", 0.5, "first"), measure("unique_keys", 0.5, "second"))
    shape = profile(claims([Respondent(role="x", answers={"clean": 4})]), figures)
    assert [entry.measure.column for entry in contradictions(shape, figures, 2) if entry.measure] == ["first"]


@pytest.mark.parametrize(
    ("claimed", "evidence", "kind", "word"),
    [
        (2.0, 2.9, "go", "agree"),
        (2.0, 3.0, "caution", "differ a little"),
        (2.0, 3.9, "caution", "differ a little"),
        (2.0, 4.0, "not_yet", "contradiction"),
        (4.0, 2.0, "not_yet", "contradiction"),
        (2.0, float("nan"), "caution", "only claimed"),
        (float("nan"), 2.0, "not_yet", "not answered yet"),
    ],
)
def test_claim_and_evidence_agree_below_one_level(claimed, evidence, kind, word):
    verdict = words.verdict(claimed, evidence, 2)
    assert (verdict.kind, verdict.word) == (kind, word)


@pytest.mark.parametrize(("answer", "allowed"), [(-1, False), (0, True), (4, True), (5, False)])
def test_answers_go_from_0_to_4(answer, allowed):
    if allowed:
        assert Respondent(answers={"clean": answer}).answers["clean"] == answer
    else:
        with pytest.raises(ValidationError):
            Respondent(answers={"clean": answer})


# ---- What to mend first ----


@pytest.mark.parametrize(("figure", "benefit"), [(0.0, 20.0), (0.1, 15.0), (0.4, 10.0), (0.69, 10.0), (0.7, None), (1.0, None)])
def test_a_figure_at_level_3_needs_no_fix_and_the_others_gain_up_to_level_4(figure, benefit):
    listed = fixes([measure("filled", figure, "sector")], ())  # worth 5
    assert list(listed["benefit"]) == ([] if benefit is None else [benefit])


@pytest.mark.parametrize(("chosen", "benefit"), [((), 20.0), (("personas",), 20.0), (("potential",), 30.0)])
def test_a_fix_that_the_use_case_needs_counts_half_again(chosen, benefit):
    assert fixes([measure("filled", 0.0, "sector")], (), chosen)["benefit"].tolist() == [benefit]


def test_of_equal_fixes_the_easier_comes_first():
    figures = [measure("revenue_with_customer", 0.0), measure("filled", 0.0, "sector")]  # both worth 5; effort 3 and 2
    listed = fixes(figures, ())
    assert listed["key"].tolist() == ["customers.sector", "revenue_with_customer"] and listed["place"].tolist() == [1, 2]


def test_three_fixes_become_actions():
    frame = pd.DataFrame({"customer_id": ["a", "a", None]})
    result = room.review({"customers": frame}, (), room.Settings(), CONTEXT)
    actions = room.story.finding(result).actions
    assert len(result.fixes) > 3 and [action.rank for action in actions] == [3, 4, 5]


# ---- Measured on fields ----


def measured(customers: pd.DataFrame) -> dict[tuple[str, str], Measure]:
    listed = field_measures({"customers": customers}, ["sector", "created_date"], CONTEXT)
    return {(entry.name, entry.column): entry for entry in listed if entry is not None}


@pytest.mark.parametrize(("rows", "measurable"), [(19, False), (20, True)])
def test_spelling_needs_20_filled_rows(rows, measurable):
    assert (("one_spelling", "sector") in measured(pd.DataFrame({"sector": ["Care"] * rows}))) is measurable


@pytest.mark.parametrize(
    ("day", "possible"), [("1949-12-31", 0), ("1950-01-01", 1), ("2023-12-31", 1), ("2023-12-31T23:59", 1), ("2024-01-01", 0)]
)
def test_a_date_can_be_true_from_1950_to_the_end_of_the_as_of_date(day, possible):
    customers = pd.DataFrame({"customer_id": ["a"], "created_date": [day]})
    assert measured(customers)[("possible_dates", "created_date")].rows_of == possible


@pytest.mark.parametrize(("created", "rows"), [("2022-12-31", 0), ("2023-01-01", 1), ("2023-12-31", 1), ("2024-01-01", 0)])
def test_lately_is_the_last_twelve_months(created, rows):
    customers = pd.DataFrame({"sector": ["Care", "Care"], "created_date": [created, "2023-06-01"]})
    assert measured(customers)[("filled_lately", "")].rows == rows + 1


@pytest.mark.parametrize(
    ("email", "right"), [("a@b.be", 1), ("a.b@c.d.nl", 1), ("a@b", 0), ("a b@c.nl", 0), ("a@@b.nl", 0), ("@b.nl", 0), ("a@b.", 0)]
)
def test_an_address_has_one_at_and_a_dot_behind_it(email, right):
    assert measured(pd.DataFrame({"email": [email]}))[("valid", "email")].rows_of == right


def test_main_tables_and_kinds_of_results_are_counted():
    one_row = pd.DataFrame({"customer_id": ["a"], "responded": ["yes"]})
    names = ("orders", "customers", "contacts", "order_lines", "web_events", "campaigns", "exposures", "outcomes", "products")
    listed = list(field_measures(dict.fromkeys(names, one_row), ["sector"], CONTEXT))
    assert [(entry.name, entry.rows_of, entry.rows) for entry in listed[:2] if entry] == [
        ("tables_there", 5, 5),
        ("results_recorded", 4, 4),
    ]


def test_two_tables_with_the_same_fact_are_compared():
    customers = pd.DataFrame({"customer_id": ["a", "b"], "country": ["BE", "NL"]})
    (entry,) = [entry for entry in join_measures({"customers": customers, "order_lines": customers.assign(country=["be ", "DE"])}) if entry]
    assert (entry.name, entry.rows_of, entry.rows) == ("consistent", 1, 2)


# ---- Sources ----


@pytest.mark.parametrize(
    ("rows", "size"), [(0, "small"), (99_999, "small"), (100_000, "medium"), (999_999, "medium"), (1_000_000, "large")]
)
def test_the_size_of_a_source_follows_from_its_rows(rows, size):
    receipt = Receipt("orders", "o.csv", "ERP", rows, rows, (), 0.0, 0.0, {}, (), "", "", ())
    assert system_list([receipt], (), {})["size"].tolist() == [size]


@pytest.mark.parametrize(
    ("tables", "ease"),
    [
        (["orders", "order_lines", "customers", "contacts", "products"], "easy"),
        (["orders", "campaigns"], "medium"),
        (["outcomes"], "medium"),
        (["usage"], "medium"),
        (["orders", "usage", "web_events"], "hard"),
        (["exposures"], "hard"),
        (["external"], "hard"),
        ([], ""),
    ],
)
def test_a_source_is_as_hard_as_its_hardest_table(tables, ease):
    assert system_list((), [System(name="x", tables=tables)], {})["ease"].tolist() == [ease]


# ---- Over time ----


def test_months_are_mean_months():
    orders = pd.DataFrame({"order_date": [AS_OF - pd.Timedelta(days=365), AS_OF], "customer_id": "a"})
    listed = {entry.name: entry for entry in time_measures({"orders": orders}, CONTEXT) if entry}
    assert listed["months_of_history"].figure == pytest.approx(11.9918, abs=1e-4)
    assert (listed["days_old"].figure, listed["months_unbroken"].rows_of, listed["months_unbroken"].rows) == (0.0, 2, 13)


def client(prospect_days: list[float], buyer_days: int = 2000) -> dict[str, pd.DataFrame]:
    """Return one buyer known for some days, and prospects of the given ages in days."""
    ages = [float(buyer_days), *prospect_days]
    customers = pd.DataFrame({"customer_id": [f"c{i}" for i in range(len(ages))]})
    customers["created_date"] = AS_OF - pd.to_timedelta(ages, unit="D")
    return {"customers": customers, "orders": pd.DataFrame({"order_id": ["1"], "customer_id": ["c0"]})}


def cliff(prospect_days: list[float], buyer_days: int = 2000) -> int | None:
    rule = deletion_cliff(client(prospect_days, buyer_days), CONTEXT)
    return rule.months if rule else None


@pytest.mark.parametrize("months", [3, 6, 12, 18, 24, 36])
def test_the_ages_at_which_a_rule_is_looked_for(months):
    assert cliff([months * 30.4] * 20, 4000) == months


@pytest.mark.parametrize(("prospects", "rule"), [(19, None), (20, 3)])
def test_a_rule_is_seen_on_20_prospects(prospects, rule):
    assert cliff([80.0] * prospects) == rule


@pytest.mark.parametrize(("oldest", "rule"), [(106, 3), (107, None)])  # 3.48 and 3.52 months
def test_half_a_month_of_slack(oldest, rule):
    assert cliff([80.0] * 18 + [float(oldest)] * 2) == rule


@pytest.mark.parametrize(("prospects", "rule"), [(200, 3), (199, None)])
def test_one_in_a_hundred_may_be_older(prospects, rule):
    assert cliff([80.0] * (prospects - 2) + [1000.0] * 2) == rule


@pytest.mark.parametrize(("late", "rule"), [(20, 3), (19, None)])  # 20 of 120 are a sixth
def test_a_sixth_must_stand_in_the_last_third(late, rule):
    assert cliff([80.0] * late + [10.0] * (120 - late)) == rule


@pytest.mark.parametrize(("age", "rule"), [(61, 3), (60, None)])  # two thirds of three months are 60.9 days
def test_the_last_third_begins_at_two_thirds(age, rule):
    assert cliff([float(age)] * 20) == rule


@pytest.mark.parametrize(("reach", "rule"), [(183, 3), (182, None)])  # 6.01 and 5.98 months
def test_buyers_must_go_back_twice_as_far(reach, rule):
    assert cliff([80.0] * 20, reach) == rule


@pytest.mark.parametrize(("reach", "rule"), [(1461, 24), (1460, None)])  # 1,461 days are exactly 48 months
def test_exactly_twice_is_far_enough(reach, rule):
    assert cliff([730.0] * 20, reach) == rule


@pytest.mark.parametrize(("youngest", "rule"), [(0.0, 3), (-1.0, None)])
def test_who_came_on_the_as_of_date_counts_and_who_came_later_does_not(youngest, rule):
    assert cliff([80.0] * 19 + [youngest]) == rule


@pytest.mark.parametrize(("days_ago", "rule"), [(70, 3), (10, None)])
def test_a_contact_keeps_a_prospect_young(days_ago, rule):
    tables = client([80.0] * 20)
    contacts = pd.DataFrame({"customer_id": tables["customers"]["customer_id"], "contact_date": AS_OF - pd.Timedelta(days=days_ago)})
    shown = deletion_cliff(tables | {"contacts": contacts}, CONTEXT)
    assert (shown.months if shown else None) == rule


# ---- Since the last round ----


@pytest.mark.parametrize(
    ("name", "before", "now", "direction"),
    [
        ("filled", 0.5, 0.509, "same"),
        ("filled", 0.5, 0.511, "better"),
        ("filled", 0.5, 0.489, "worse"),
        ("days_old", 10.0, 10.9, "same"),
        ("days_old", 10.0, 11.0, "worse"),
        ("days_old", 10.0, 9.0, "better"),
        ("months_of_history", 10.0, 10.9, "same"),
        ("months_of_history", 10.0, 11.0, "better"),
        ("kept_months", 12.0, 11.0, "worse"),
        ("filled", None, 0.5, "new"),
        ("filled", 0.5, None, "gone"),
    ],
)
def test_a_point_a_day_or_a_month_is_a_change(name, before, now, direction):
    then, current = (measures_frame([] if figure is None else [measure(name, figure)]) for figure in (before, now))
    assert room.compare(then, current)["direction"].tolist() == [direction]
