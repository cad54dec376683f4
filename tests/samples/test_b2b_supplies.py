"""The sample client of case D holds what its TRUTH.json says; the workbook finds what was planted."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from helpers.analyses import potential
from helpers.core.results import RunContext
from helpers.sources.customers import customer_table
from tests.conftest import SAMPLES
from tests.support.order_tables import orders_from_lines

FOLDER = SAMPLES / "b2b-supplies"
TRUTH = json.loads((FOLDER / "TRUTH.json").read_text())
AS_OF = date(2023, 12, 31)
FILES = ("kunden.csv", "auftraege.csv", "artikel.csv", "geraete.csv", "kampagnen.csv", "kaufkraft.csv", "truth_segments.csv", "TRUTH.json")
PUBLISHED = {"1": 15.3, "2": 14.0, "3": 21.8, "4": 28.7, "5": 20.2}


def read(name):
    """All text: an export says nothing about types."""
    return pd.read_csv(FOLDER / name, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)


def figure(column):
    plain = column.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return pd.to_numeric(plain.replace("", None))


def day(column):
    return pd.to_datetime(column, format="%d.%m.%Y")


@pytest.fixture(scope="module")
def tables():
    """The exports in the form of the canonical tables."""
    customers, lines, products = read("kunden.csv"), read("auftraege.csv"), read("artikel.csv")
    usage, sent, power = read("geraete.csv"), read("kampagnen.csv"), read("kaufkraft.csv")
    found = {
        "customers": pd.DataFrame(
            {
                "customer_id": customers["Kundennummer"],
                "sector": customers["Branche"],
                "employees": figure(customers["Mitarbeiter"]),
                "postcode": customers["PLZ"].replace("", None),
            }
        ),
        "order_lines": pd.DataFrame(
            {
                "order_id": lines["Auftragsnummer"],
                "customer_id": lines["Kundennummer"],
                "order_date": day(lines["Auftragsdatum"]),
                "product_id": lines["Artikelnummer"],
                "line_amount": figure(lines["Nettobetrag"]),
            }
        ),
        "products": pd.DataFrame(
            {
                "product_id": products["Artikelnummer"],
                "product_group": products["Warengruppe"],
                "own_brand": products["Eigenmarke"].map({"ja": True, "nein": False}).astype("boolean"),
            }
        ),
        "usage": pd.DataFrame(
            {
                "customer_id": usage["Kundennummer"],
                "usage_date": day(usage["Quartal ab"]),
                "devices": figure(usage["Geräte"]),
                "usage_amount": figure(usage["Portionen"]),
            }
        ),
        "campaigns": pd.DataFrame(
            {
                "campaign_id": sent["Kampagne"],
                "customer_id": sent["Kundennummer"],
                "sent_date": day(sent["Datum"]),
                "channel": sent["Kanal"],
                "contact_cost": figure(sent["Kosten"]),
            }
        ),
        "external": pd.DataFrame(
            {"external_key": power["PLZ"], "external_measure": power["Kennzahl"], "external_value": figure(power["Wert"])}
        ),
    }
    found["orders"] = orders_from_lines(found["order_lines"])
    return {**found, "customer_table": customer_table(found, AS_OF)}


@pytest.fixture(scope="module")
def planted():
    return read("truth_segments.csv").set_index("Kundennummer")


@pytest.fixture(scope="module")
def found(tables):
    given = {name: tables[name] for name in potential.READS if name in tables}
    return potential.run(given, potential.Settings(draws=30), RunContext(AS_OF, 42))


@pytest.fixture(scope="module")
def live(found, planted):
    """The live customers with planted and found figures side by side."""
    joined = found.table.set_index("customer_id").join(planted)
    return joined[joined["Segment"] != "0"]


@pytest.mark.drill
def test_the_generator_writes_the_committed_files_again(tmp_path):
    script = SAMPLES / "generators" / "b2b_supplies.py"
    subprocess.run([sys.executable, script, tmp_path], check=True, cwd=script.parent)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_files_are_small_and_in_the_german_dialect():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000
    assert "Geräte".encode("cp1252") in (FOLDER / "geraete.csv").read_bytes()
    assert read("auftraege.csv")["Auftragsdatum"].str.fullmatch(r"\d\d\.\d\d\.\d{4}").all()
    amounts = read("auftraege.csv")["Nettobetrag"]
    assert amounts.str.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d\d").all() and amounts.str.contains(".", regex=False).any()


def test_the_exports_add_up_to_the_truth(tables, planted):
    lines, sent = tables["order_lines"], tables["campaigns"]
    assert len(lines) == TRUTH["order_lines"] and len(sent) == TRUTH["campaign_contacts"]
    assert (lines["line_amount"] < 0).sum() == TRUTH["credit_note_lines"]
    dead = planted.index[planted["Segment"] == "0"]
    assert len(dead) == TRUTH["dead_records"] and not lines["customer_id"].isin(dead).any()
    assert sent["customer_id"].isin(dead).sum() == TRUTH["contacts_to_dead_records"]
    assert f"{sent.loc[sent['customer_id'].isin(dead), 'contact_cost'].sum():.2f}" == TRUTH["cost_of_contacts_to_dead_records"]
    assert set(lines["product_id"]) <= set(tables["products"]["product_id"])
    assert lines["order_date"].between("2023-01-01", "2023-12-31").all()
    sales = lines[lines["line_amount"] > 0].groupby(lines["customer_id"].map(planted["Segment"]))["line_amount"].sum()
    for segment, facts in TRUTH["segments"].items():
        assert f"{sales[segment]:.2f}" == facts["amount"]


def test_the_planted_sizes_are_the_published_ones():
    for segment, share in PUBLISHED.items():
        assert TRUTH["segments"][segment]["share_percent"] == pytest.approx(share, abs=0.1)


def test_the_segments_are_found_with_their_sizes(found, live):
    assert adjusted_rand_score(live["Segment"], live["segment"]) >= 0.9
    renamed = live.groupby("Segment")["segment"].agg(lambda one: one.mode()[0])
    assert renamed.is_unique
    shares = 100 * found.profile.set_index("segment")["share"]
    for planted_segment, share in PUBLISHED.items():
        assert shares[renamed[planted_segment]] == pytest.approx(share, abs=1)


def test_the_segment_table_reads_like_the_published_one(found, live):
    """Marks, revenue level and reached potential of the five published clusters."""
    renamed = live.groupby("Segment")["segment"].agg(lambda one: one.mode()[0])
    rows = {name: found.profile.set_index("segment").loc[number] for name, number in renamed.items()}
    published = {
        "1": ("high", ("orders_per_year:low", "own_brand_share:low", "reached_potential:high")),
        "2": ("very_high", ("own_brand_share:high", "contacts_per_year:high", "reached_potential:high", "refill_revenue_per_year:high")),
        "3": ("low", ("orders_per_year:low", "reached_potential:low")),
        "4": ("medium", ("refill_revenue_per_year:low", "own_brand_share:low")),
        "5": ("medium", ("own_brand_share:high", "contacts_per_year:low")),
    }
    for name, (level, marks) in published.items():
        assert rows[name]["revenue_level"] == level
        assert set(marks) <= set(rows[name]["marks"].split(", "))
    assert max(rows[name]["reached_potential"] for name in "345") < 0.6 < 0.9 < min(rows[name]["reached_potential"] for name in "12")
    assert rows["3"]["kind"] == "sleepers" and rows["2"]["kind"] == "heavy_buyers"


def test_the_planted_potential_is_followed(live):
    truth = figure(live["Potenzial"])
    assert np.corrcoef(np.log(live["potential"]), np.log(truth))[0, 1] > 0.98
    assert (live["potential"] / truth).median() == pytest.approx(0.87, abs=0.06)  # what good customers reach of it


def test_wasted_effort_is_found(found):
    effort = found.effort
    assert effort.dead == TRUTH["dead_records"] and effort.dead_contacts == TRUTH["contacts_to_dead_records"]
    assert f"{effort.dead_cost:.2f}" == TRUTH["cost_of_contacts_to_dead_records"]
    sleepers = found.profile.loc[found.profile["kind"] == "sleepers", "segment"].item()
    often = found.named_list("often_seldom")
    assert (often["segment"] == sleepers).mean() > 0.95 and len(often) > 200
    sleeping = found.profile.set_index("segment").loc[sleepers]
    assert sleeping["contacts_per_customer"] == pytest.approx(10, abs=0.3)  # "ten times a year"
    assert sleeping["orders_per_customer"] == pytest.approx(3, abs=0.3)  # "orders three times"
