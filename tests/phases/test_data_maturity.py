"""Phase 3: what is measured, the planted contradictions, the deletion cliff, the fixes, the change."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from helpers.core.results import Finding, RunContext
from helpers.phases import data_maturity as room
from helpers.phases.data_maturity import story, words
from helpers.phases.data_maturity.fixes import unlocks
from helpers.phases.data_maturity.measures import level, rubric
from helpers.phases.data_maturity.timeliness import deletion_cliff
from helpers.tables import TABLES
from helpers.tables.receipts import Receipt, SetAside, filled
from tests.conftest import shared_data

AS_OF = pd.Timestamp("2023-12-31")
MOMENT = RunContext(AS_OF.date(), 7)


def client() -> dict[str, pd.DataFrame]:
    """Return a client with planted troubles: sector 12 %, 40 double ids, half the orders unknown."""
    n = 200
    customers = pd.DataFrame({"customer_id": [f"c{i}" for i in range(n)] + [f"c{i}" for i in range(40)]})
    customers["sector"] = (["Care"] * 14 + ["care "] * 7 + ["CARE"] * 7 + ["", "?", None, "unknown"] * 53)[: len(customers)]
    customers["created_date"] = AS_OF - pd.to_timedelta(np.arange(len(customers)) * 5, unit="D")
    customers["email"] = ["a@b.be"] * 220 + ["nobody"] * 20
    orders = pd.DataFrame({"order_id": [f"o{i}" for i in range(400)]})
    orders["customer_id"] = [f"c{i}" if i < 200 else f"x{i}" for i in range(300)] + [None] * 100
    orders["order_date"] = AS_OF - pd.to_timedelta(np.arange(400) * 3, unit="D")
    orders["order_amount"] = 10.0
    return {"customers": customers, "orders": orders}


def answers(**levels: tuple[int, ...]) -> room.Settings:
    people = max(len(given_levels) for given_levels in levels.values())
    roles = ["marketing", "sales", "IT"]
    return room.Settings.model_validate(
        {
            "respondents": [
                {"role": roles[i], "answers": {name: given_levels[i] for name, given_levels in levels.items() if i < len(given_levels)}}
                for i in range(people)
            ]
        }
    )


def test_measures_by_hand():
    result = room.review(client(), (), room.Settings(), MOMENT)
    sector = result.measure("filled", "customers", "sector")
    assert (sector.rows_of, sector.rows, sector.level) == (28, 240, 1)
    spelling = result.measure("one_spelling", "customers", "sector")
    assert (spelling.rows_of, spelling.rows) == (14, 28)
    keys = result.measure("unique_keys", "customers")
    assert (keys.rows_of, keys.rows) == (200, 240)
    matched = result.measure("orders_matched")
    assert (matched.rows_of, matched.rows, matched.facts) == (200, 300, "200/200")
    assert result.measure("revenue_with_customer").figure == pytest.approx(0.75)
    assert result.measure("valid", "customers", "email").rows_of == 220
    assert result.measure("days_old", "orders").figure == 0
    assert result.measure("consent_known").figure == 0
    assert result.measure("months_of_history", "orders").figure == pytest.approx(399 * 3 / 30.4375)


def test_planted_contradictions_are_found_and_named():
    claims = answers(clean=(4, 4, 4), centralised=(4, 4, 3), collect=(3, 3, 4), kept_up=(0, 3, 1))
    result = room.review(client(), (), claims, MOMENT)
    above = {
        (contradiction.dimension, contradiction.measure.name)
        for contradiction in result.contradictions
        if contradiction.kind == "claim_above"
    }
    assert {("clean", "unique_keys"), ("centralised", "orders_matched"), ("collect", "filled"), ("collect", "consent_known")} <= above
    apart = [contradiction for contradiction in result.contradictions if contradiction.kind == "respondents"]
    assert [(contradiction.dimension, contradiction.roles) for contradiction in apart] == [("kept_up", ("marketing", "sales"))]
    text = " ".join(story.contradiction_sentences(result))
    assert "40 of 240 rows repeat a key" in text
    assert "200 of 300" in text
    assert story.finding(result).verdict.word == "contradictions"


def test_an_honest_client_has_no_contradiction_and_a_modest_one_is_told():
    honest = room.review(client(), (), answers(clean=(2,), centralised=(2,)), MOMENT)
    assert not honest.contradictions
    modest = room.review({"orders": client()["orders"].head(300)}, (), answers(clean=(1,)), MOMENT)
    assert [contradiction.kind for contradiction in modest.contradictions] == ["claim_below"]


def test_the_gap_is_a_setting():
    claims = answers(clean=(3,), centralised=(3,))
    strict = claims.model_copy(update={"gap": 1})
    loose = claims.model_copy(update={"gap": 4})
    count = [len(room.review(client(), (), answered, MOMENT).contradictions) for answered in (strict, claims, loose)]
    assert count[0] > count[1] >= count[2] == 0


def prospects(months: int | None, seed: int) -> dict[str, pd.DataFrame]:
    """Return buyers over four years, and prospects deleted after some months (None: never)."""
    rng = np.random.default_rng(seed)
    ages = np.r_[rng.integers(0, 1400, 100), rng.integers(0, 30 * months if months else 1400, 150)]
    customers = pd.DataFrame({"customer_id": [f"c{i}" for i in range(250)]})
    customers["created_date"] = AS_OF - pd.to_timedelta(ages, unit="D")
    orders = pd.DataFrame({"order_id": [str(i) for i in range(100)], "customer_id": [f"c{i}" for i in range(100)]})
    return {"customers": customers, "orders": orders.assign(order_date=AS_OF, order_amount=1.0)}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("months", [3, 6, 12, None])
def test_early_deletion_is_seen_and_only_where_it_is(months, seed):
    cliff = deletion_cliff(prospects(months, seed), MOMENT)
    assert (cliff.months if cliff else None) == months


def test_prospects_that_fade_out_are_no_deletion_rule():
    tables = prospects(None, 1)
    ages = np.random.default_rng(1).exponential(40, 250).astype(int)
    ages[:100] = np.arange(100) * 14
    tables["customers"]["created_date"] = AS_OF - pd.to_timedelta(ages, unit="D")
    assert deletion_cliff(tables, MOMENT) is None


def test_a_claim_of_good_storing_meets_the_deletion_rule():
    result = room.review(prospects(6, 1), (), answers(store=(4, 4)), MOMENT)
    assert any(contradiction.measure and contradiction.measure.name == "kept_months" for contradiction in result.contradictions)
    assert "is older than 6" in " ".join(story.contradiction_sentences(result))


def test_fixes_stand_in_order_of_what_they_unlock_and_name_figure_and_owner():
    with_owner = room.Settings.model_validate({"systems": [{"name": "CRM", "tables": ["customers"], "owner": "Els"}]})
    result = room.review(client(), (), with_owner, MOMENT)
    assert result.fixes["benefit"].is_monotonic_decreasing
    sector = result.fixes[result.fixes["key"] == "customers.sector"].iloc[0]
    assert sector["owner"] == "Els"
    sentence = next(text for text in story.fix_sentences(result) if "“sector” is filled" in text)
    assert "12" in sentence and "28 of 240" in sentence and "mandatory" in sentence
    assert (result.fixes["level"] < 3).all()
    chosen = room.review(client(), (), with_owner, MOMENT, chosen=("potential",)).fixes
    assert chosen.set_index("key")["place"]["customers.sector"] <= sector["place"]


def test_receipts_are_read_and_travel():
    receipt = Receipt(
        "orders",
        "orders.csv",
        "ERP",
        1000,
        450,
        (SetAside("no_date", "no readable date", 550, 10.0),),
        100.0,
        90.0,
        {"order_id": 1.0},
        ("Verkoper", "Filiaal"),
        "2020-01-01",
        "2023-12-31",
        ("one note",),
    )
    assert Receipt.from_json(receipt.to_json()) == receipt
    systems = {"systems": [{"name": "erp", "owner": "Jo"}, {"name": "Analytics", "aggregated": True}]}
    result = room.review(client(), (receipt,), room.Settings.model_validate(systems), MOMENT)
    assert result.measure("rows_used").figure == pytest.approx(0.45)
    assert result.measure("columns_understood").rows == 3
    assert result.measure("systems_delivered").figure == result.measure("owners_named").figure == 0.5
    assert result.measure("in_detail").facts == "Analytics"
    listed = result.systems.set_index("system")
    assert listed.loc["erp", "rows"] == 1000 and listed.loc["erp", "ease"] == "easy"


def test_change_since_the_last_round():
    before = room.review(client(), (), room.Settings(), MOMENT)
    better = client()
    better["customers"] = better["customers"].drop_duplicates("customer_id").assign(sector="Care")
    better["orders"] = better["orders"].iloc[60:]
    now = room.review(better, (), room.Settings(), MOMENT, previous=before.evidence)
    moved = now.change.set_index(["name", "table", "column"])["direction"]
    assert moved[("filled", "customers", "sector")] == "better"
    assert moved[("unique_keys", "customers", "customer_id")] == "better"
    assert moved[("days_old", "orders", "order_date")] == "worse"
    same = room.compare(before.evidence, before.evidence)
    assert set(same["direction"]) == {"same"}
    assert room.tables.change_table(now).to_text() and story.change(now)


def test_every_measure_has_a_rule_a_level_and_a_fix():
    tables = {table.name: pd.DataFrame({c: ["x"] * 3 for c in table.names}) for table in TABLES.values()}
    for measure in room.review(tables, (), room.Settings(), MOMENT).measures:
        assert words.rule(measure) and words.measure_sentence(measure) and words.figure(measure)
    for name, rule in rubric().items():
        assert rule["dimension"] in room.DIMENSIONS
        cuts = rule["cuts"] if rule["better"] == "high" else [-cut for cut in rule["cuts"]]
        assert cuts == sorted(cuts) and [level(name, cut) for cut in rule["cuts"]] == [1, 2, 3, 4]
        assert name in unlocks() or name in ("filled", "consent_known")
    assert set(room.eu_mapping()["dimension"]) == set(room.DIMENSIONS)


def test_words_for_unknown_are_not_filled():
    given_ = pd.Series(["x", " ", None, "N/A", "Onbekend", "0"])
    assert list(filled(given_)) == [True, False, False, False, False, True]
    assert list(filled(pd.Series([0.0, np.nan, 2.0]))) == [True, False, True]


@pytest.mark.parametrize("tables", [{}, {"orders": client()["orders"].head(1)}, {"customers": client()["customers"].head(1)}])
def test_clients_without_anything_are_told_how_to_answer(tables):
    result = room.review(tables, (), room.Settings(), MOMENT)
    text = " ".join(story.why(result)) + " ".join(sentence.text for sentence in story.sentences(result))
    assert "data_maturity.respondents" in text and "data_maturity.systems" in text
    assert "not answered yet" in room.tables.profile_table(result).to_text()
    assert room.charts.profile(result).png
    finding = story.finding(result)
    assert Finding.from_json(finding.to_json()) == finding
    for table in (
        room.tables.evidence_table(result),
        room.tables.fix_table(result),
        room.tables.system_table(result),
        room.tables.eu_table(),
    ):
        assert table.to_text()
    assert story.how_sure(result).to_text()


@pytest.mark.parametrize(
    "wrong",
    [
        {"respondents": [{"answers": {"clean": 5}}]},
        {"respondents": [{"answers": {"cleen": 2}}]},
        {"systems": [{"tables": ["order"]}]},
        {"core_fields": ["sectr"]},
        {"gap": 0},
    ],
)
def test_wrong_settings_are_refused(wrong: dict):
    with pytest.raises(ValidationError):
        room.Settings.model_validate(wrong)


cells = st.sampled_from(["c1", "c2", "", None, "2023-05-05", "x@y.z", "12"])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[cells] * 5), max_size=12), st.lists(st.tuples(*[cells] * 4), max_size=12))
def test_any_tables_give_figures_in_range_and_stay_as_they_were(customers, orders):
    tables = {
        "customers": pd.DataFrame(customers, columns=["customer_id", "sector", "created_date", "email", "consent"], dtype="object"),
        "orders": pd.DataFrame(orders, columns=["order_id", "customer_id", "order_date", "order_amount"], dtype="object"),
    }
    before = {name: table.copy() for name, table in tables.items()}
    result = room.review(tables, (), room.Settings(), MOMENT)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
    for measure in result.measures:
        assert 0 <= measure.level <= 4 and 0 <= measure.rows_of <= measure.rows
        assert measure.unit != "share" or 0 <= measure.figure <= 1
    assert story.finding(result).headline


@pytest.mark.slow
def test_online_retail_without_answers():
    raw = pd.read_parquet(shared_data("online_retail") / "online_retail.parquet")
    lines = raw.rename(
        columns={
            "InvoiceNo": "order_id",
            "StockCode": "product_id",
            "CustomerID": "customer_id",
            "InvoiceDate": "order_date",
            "Quantity": "quantity",
            "UnitPrice": "unit_price",
            "Country": "country",
        }
    )
    lines = lines.assign(line_amount=lines["quantity"] * lines["unit_price"])
    result = room.review({"order_lines": lines}, (), room.Settings(), RunContext(date(2011, 12, 9), 1))
    detail = result.measure("detail", "order_lines")
    assert (detail.rows_of, detail.rows) == (406_829, 541_909)
    doubles = result.measure("no_doubles", "order_lines")
    assert doubles.rows - doubles.rows_of == 5_268
    assert result.measure("days_old", "order_lines").figure == 0
    assert result.respondents == 0 and result.profile["claimed"].isna().all()
    assert any("not answered yet" in text for text in story.why(result))
