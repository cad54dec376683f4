"""The sample client of case B holds what its TRUTH.json says; the workbook finds what was planted."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import rfm_movement
from helpers.core.results import RunContext
from helpers.sources.customers import customer_table
from tests.conftest import SAMPLES

FOLDER = SAMPLES / "kids-fashion"
TRUTH = json.loads((FOLDER / "TRUTH.json").read_text())
AS_OF = date(2022, 12, 31)


DAYS = {"bestellingen.csv": "Datum", "klanten.csv": "Klant sinds"}


def read(name):
    """All text: an export says nothing about types. Only what was there in the first round."""
    rows = pd.read_csv(FOLDER / name, sep=";", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    if name not in DAYS:
        return rows
    return rows[pd.to_datetime(rows[DAYS[name]], format="%d-%m-%Y") <= pd.Timestamp(AS_OF)].reset_index(drop=True)


@pytest.fixture(scope="module")
def orders():
    rows = read("bestellingen.csv")
    return pd.DataFrame(
        {
            "order_id": rows["Bonnummer"],
            "customer_id": rows["Klantnr"].replace("", pd.NA),
            "order_date": pd.to_datetime(rows["Datum"], format="%d-%m-%Y"),
            "order_amount": rows["Bedrag"].str.replace(",", ".").astype(float),
            "channel": rows["Kanaal"],
        }
    )


@pytest.fixture(scope="module")
def planted():
    return read("truth_segments.csv").set_index("Klantnr")


@pytest.fixture(scope="module")
def found(orders):
    customers = read("klanten.csv").rename(columns={"Klantnr": "customer_id"})[["customer_id"]]
    tables = {"orders": orders, "customer_table": customer_table({"orders": orders, "customers": customers}, AS_OF)}
    return rfm_movement.run(tables, rfm_movement.Settings(redraws=50), RunContext(AS_OF, 42))


@pytest.mark.drill
def test_the_generator_writes_the_committed_files_again(tmp_path):
    script = SAMPLES / "generators" / "kids_fashion.py"
    subprocess.run([sys.executable, script, tmp_path], check=True, cwd=script.parent)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert {"klanten.csv", "bestellingen.csv", "kaart_verzonden.csv", "kaart_aankopen.csv"} < set(written)
    for name in written:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_files_are_small_and_in_the_dutch_dialect():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000
    raw = (FOLDER / "bestellingen.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfBonnummer;Klantnr;Datum") and b"\r\n" in raw
    assert read("bestellingen.csv")["Datum"].str.fullmatch(r"\d\d-\d\d-\d{4}").all()
    assert read("bestellingen.csv")["Bedrag"].str.fullmatch(r"-?\d+,\d\d").all()


def test_the_exports_add_up_to_the_truth(orders, planted):
    known = orders.dropna(subset=["customer_id"])
    assert len(orders) == TRUTH["order_rows"] and orders["order_id"].is_unique
    assert (known["order_amount"] > 0).sum() == TRUTH["orders_of_known_customers"]
    assert f"{known['order_amount'].sum():.2f}" == TRUTH["amount_of_known_customers"]
    assert (orders["order_amount"] < 0).sum() == TRUTH["returns"] > 0
    assert orders["customer_id"].isna().sum() == TRUTH["counter_sales_without_customer"]
    assert set(orders["channel"]) == {"winkel", "webshop"}
    assert orders["order_date"].min() < pd.Timestamp("2016-02-01") and orders["order_date"].max() <= pd.Timestamp(AS_OF)
    assert read("klanten.csv")["Klantnr"].is_unique and len(read("klanten.csv")) == TRUTH["customers_in_file"]
    assert set(known["customer_id"]) == set(planted.index) and len(planted) == TRUTH["buyers"]


def test_the_shop_is_closed_on_sundays(orders):
    shop = orders[(orders["channel"] == "winkel") & (orders["order_date"].dt.day_of_year > 1)]
    assert (shop["order_date"].dt.day_of_week < 6).all()


def test_the_planted_groups_follow_the_published_definitions(planted):
    """Counted from the paths, by the words of the case: top stays A, sleeping falls to E or stops, and so
    on.
    """
    before, now, group = planted["Segment 2019-2021"], planted["Segment 2022"], planted["Groep"]
    assert ((before == "A") & (now == "A") == (group == "top")).all()
    both = before.isin(list("ABCDE")) & now.isin(list("ABCDE"))
    assert (group[both & (now < before)] == "growing").all()
    assert (group[both & (now > before) & (now != "E")] == "needs_attention").all()
    assert (group[both & (now == "E") & (before != "E")] == "sleeping").all()
    assert (group[both & (now == before) & (now != "A")] == "loyal").all()
    assert group.value_counts().to_dict() == TRUTH["change_groups"]


def test_the_segments_are_found_in_both_periods(found, planted):
    table = found.table.set_index("customer_id").loc[planted.index]
    for truth, column in (("Segment 2019-2021", "segment_before"), ("Segment 2022", "segment_now")):
        known = planted[truth].isin(list("ABCDE"))
        assert adjusted_rand_score(planted.loc[known, truth], table.loc[known, column]) >= 0.9
        assert (planted.loc[known, truth] == table.loc[known, column]).mean() >= 0.99  # and the letters are the same


def test_the_change_groups_are_right_for_nearly_everybody(found, planted):
    table = found.table.set_index("customer_id")
    assert (table.loc[planted.index, "change_group"] == planted["Groep"]).mean() >= 0.99
    assert (table["change_group"] == "not_judged").sum() == TRUTH["never_bought"]
