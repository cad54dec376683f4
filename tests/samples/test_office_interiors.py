"""The sample client of case A holds what its TRUTH.json says, read the way any outsider would read it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.cluster import KMeans

from helpers.client.config import load_client
from helpers.core.results import RunContext
from helpers.phases import pilot
from helpers.phases.data_maturity import Settings as Maturity
from helpers.phases.data_maturity.analysis import evidence
from helpers.sources import read_sources
from helpers.sources.customers import customer_table, with_orders
from helpers.sources.doubts import find_doubts

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
FOLDER = SAMPLE / "office-interiors"
TRUTH = json.loads((FOLDER / "TRUTH.json").read_text())
COUNTER = TRUTH["dirt"]["counter_debtor"]
PUBLISHED = [(1662, 10_283, 8, 4), (107, 147_345, 33, 24), (19, 605_008, 72, 83), (4, 1_376_600, 125, 132)]


def read(name):
    """All text: an export says nothing about types."""
    return pd.read_csv(FOLDER / name, sep=";", encoding="cp1252", dtype=str, keep_default_na=False)


def day(column):
    return pd.to_datetime(column, format="%d/%m/%Y")


@pytest.fixture(scope="module")
def customers():
    return read("crm_klanten.csv")


@pytest.fixture(scope="module")
def contacts():
    return read("crm_contacten.csv")


@pytest.fixture(scope="module")
def orders():
    """Order lines, with the amount in whole cents and the debtor in the CRM's form."""
    lines = read("erp_orders.csv")
    digits = lines["Nettobedrag"].str.replace(".", "", regex=False).str.replace(",", "", regex=False)
    return lines.assign(cents=digits.astype(int), customer="KL-" + lines["Debiteur"].str.zfill(6))


@pytest.fixture(scope="module")
def features(orders, contacts):
    """One row per buyer; a buyer without contacts counts 0."""
    known = orders[orders["Debiteur"] != COUNTER].groupby("customer")
    table = pd.DataFrame({"amount": known["cents"].sum() / 100, "orders": known["Ordernummer"].nunique()})
    table["contacts"] = contacts.groupby("Klantnummer").size().reindex(table.index).fillna(0)
    return table[["amount", "contacts", "orders"]]


@pytest.fixture(scope="module")
def groups(features):
    """The planted group of each buyer."""
    return read("truth_groups.csv").set_index("Klantnummer")["Groep"].reindex(features.index)


def test_published_table_comes_back_from_kmeans(features):
    labels = KMeans(4, n_init=20, random_state=0).fit_predict(features)
    found = features.groupby(labels).mean().assign(size=pd.Series(labels).value_counts()).sort_values("amount")
    for row, (size, *means) in zip(found.itertuples(), PUBLISHED, strict=True):
        assert row.size == size
        assert [row.amount, row.contacts, row.orders] == pytest.approx(means, rel=0.01)


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_kmeans_gives_the_planted_groups_whatever_the_seed(features, groups, scaled, seed):
    data = (features - features.mean()) / features.std() if scaled else features
    labels = KMeans(4, n_init=20, random_state=seed).fit_predict(data)
    assert pd.Series(labels, features.index).groupby(groups).nunique().eq(1).all()
    assert groups.groupby(labels).nunique().eq(1).all()


def test_totals_are_exact_to_the_cent(orders, features, groups):
    cents = orders[orders["Debiteur"] != COUNTER].groupby("customer")["cents"].sum()
    for group, facts in TRUTH["groups"].items():
        own = features[groups == group]
        assert cents[own.index].sum() == int(facts["total_amount"].replace(".", ""))
        assert own["contacts"].sum() == facts["total_contacts"]
        assert own["orders"].sum() == facts["total_orders"]


def test_erp_and_crm_write_the_customer_differently_but_match(orders, customers):
    known = orders.loc[orders["Debiteur"] != COUNTER]
    assert customers["Klantnummer"].is_unique
    assert customers["Klantnummer"].str.fullmatch(r"KL-\d{6}").all()
    assert known["Debiteur"].str.fullmatch(r"[1-9]\d{2,3}").all()
    assert known["customer"].isin(customers["Klantnummer"]).all()


def test_one_order_is_one_customer_one_day_and_at_most_three_lines(orders):
    known = orders[orders["Debiteur"] != COUNTER].groupby("Ordernummer")
    assert known["customer"].nunique().eq(1).all() and known["Orderdatum"].nunique().eq(1).all()
    assert known.size().between(1, 3).all()


def test_counter_sales_and_credit_notes(orders):
    dirt = TRUTH["dirt"]
    counter = orders[orders["Debiteur"] == COUNTER]
    credit = counter[counter["Ordernummer"].str.startswith("CN")]
    sales = counter.drop(credit.index)
    assert (len(sales), len(credit)) == (dirt["counter_sale_lines"], dirt["credit_note_lines"])
    assert sales["cents"].sum() == int(dirt["counter_sale_amount"].replace(".", ""))
    assert credit["cents"].sum() == int(dirt["credit_note_amount"].replace(".", ""))
    assert orders.index[orders["cents"] < 0].equals(credit.index)


def test_orphans_prospects_and_silent_buyers(contacts, customers, features):
    dirt = TRUTH["dirt"]
    orphans = contacts[~contacts["Klantnummer"].isin(customers["Klantnummer"])]
    assert len(orphans) == dirt["orphan_contacts"]
    assert orphans["Klantnummer"].nunique() == dirt["orphan_customer_numbers"]
    assert (features["contacts"] == 0).sum() == dirt["buyers_without_contact"]
    prospects = customers.loc[~customers["Klantnummer"].isin(features.index), "Klantnummer"]
    last = day(contacts["Datum"]).groupby(contacts["Klantnummer"]).max().reindex(prospects)
    assert len(prospects) == TRUTH["prospects_without_orders"]
    assert last.min() >= pd.Timestamp(TRUTH["as_of"]) - pd.DateOffset(months=6)


def test_half_empty_fields_and_opt_outs(customers):
    dirt = TRUTH["dirt"]
    assert (customers["Potentieelcode"] == "").sum() == dirt["customers_without_code"]
    for column, fact in [
        ("Sector", "customers_with_sector"),
        ("Aantal medewerkers", "customers_with_staff"),
        ("Jaaromzet", "customers_with_revenue"),
        ("Afgemeld", "opted_out"),
    ]:
        assert (customers[column] != "").sum() == dirt[fact]
    both = (customers["E-mail toestemming"] == "Ja") & (customers["Afgemeld"] == "Ja")
    assert both.sum() == dirt["opted_out_though_consent_says_yes"]


def test_potential_code_per_group(customers, groups):
    codes = customers.set_index("Klantnummer")["Potentieelcode"].replace("", "empty").reindex(groups.index)
    for group, facts in TRUTH["groups"].items():
        counted = codes[groups == group].value_counts().to_dict()
        assert counted == {code: count for code, count in facts["potential_code"].items() if count}


def test_visits_follow_the_code(contacts, customers):
    codes = contacts["Klantnummer"].map(customers.set_index("Klantnummer")["Potentieelcode"])
    visits = contacts["Type"].eq("Bezoek").groupby(codes).mean()
    for code in ["A", "D"]:
        fact = TRUTH["planted"][f"code_{code}_visits_of_all_contacts"]
        assert visits[code] == pytest.approx(fact, abs=0.0001)


def test_dates_lie_in_the_four_years_and_after_the_customer_was_created(orders, contacts, customers):
    created = day(customers["Aangemaakt"]).set_axis(customers["Klantnummer"])
    ordered, contacted = day(orders["Orderdatum"]), day(contacts["Datum"])
    for dates, owner in [(ordered, orders["customer"]), (contacted, contacts["Klantnummer"])]:
        assert dates.between(TRUTH["first_day"], TRUTH["as_of"]).all()
        begun = owner.map(created)
        assert (dates >= begun)[begun.notna()].all()


def test_sleeping_buyers(orders):
    known = orders[orders["Debiteur"] != COUNTER]
    last = day(known["Orderdatum"]).groupby(known["customer"]).max()
    silent = (pd.Timestamp(TRUTH["as_of"]) - last).dt.days > 365
    assert silent.sum() == TRUTH["buyers_without_order_in_last_365_days"]


def test_seasons_show(orders):
    months = day(orders["Orderdatum"]).dt.month.value_counts()
    assert months.idxmax() == 12
    assert set(months.nsmallest(2).index) == {7, 8}


def test_the_files_are_belgian_and_small():
    raw = (FOLDER / "crm_klanten.csv").read_bytes()
    assert "Liège".encode("cp1252") in raw
    for file in FOLDER.glob("*.csv"):
        assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n") > 0
    written = ["crm_klanten.csv", "crm_contacten.csv", "erp_orders.csv", "truth_groups.csv", "TRUTH.json"]
    assert sum((FOLDER / name).stat().st_size for name in written) <= 2_000_000
    assert (FOLDER / "truth_groups.csv").stat().st_size < 60_000


@pytest.mark.drill
def test_the_generator_writes_the_same_bytes_again(tmp_path):
    subprocess.run([sys.executable, SAMPLE / "generators" / "office_interiors.py", tmp_path], check=True)
    made = sorted(file.name for file in tmp_path.iterdir())
    assert made == [
        "TRUTH.json",
        "TRUTH_PERSONS.json",
        "crm_contacten.csv",
        "crm_contactpersonen.csv",
        "crm_klanten.csv",
        "erp_offertes.csv",
        "erp_orders.csv",
        "truth_groups.csv",
    ]
    for name in made:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_persons_are_those_of_their_truth():
    truth, config = json.loads((FOLDER / "TRUTH_PERSONS.json").read_text()), load_client(FOLDER)
    with read_sources(FOLDER, config.sources) as intake:
        tables = with_orders(intake.relations)
        table = customer_table(tables, config.as_of, config.history_from)
        persons = intake.tables["persons"]
        doubts = {doubt.kind: doubt for doubt in find_doubts(tables, config.as_of)}
        links = {(link["table"], link["list"]): link for link in intake.merge["links"]}
        known = {"customers": intake.tables["customers"], "persons": persons}
        measures = {measure.name: measure for measure in evidence(known, (), Maturity(), RunContext(config.as_of, 1), "b2b")}
        assert not {"persons_known", "decider_known"} & {
            measure.name for measure in evidence(known, (), Maturity(), RunContext(config.as_of, 1), "b2c")
        }
    assert len(persons) == truth["persons"]
    link = links["persons", "customers"]
    assert (link["rows_without_key"], link["orphan_rows"]) == (truth["persons_without_firm"], truth["persons_at_unknown_firm"])
    several = truth["persons_sharing_it_at_two_firms"]
    apart = [truth["persons_without_firm"], truth["persons_at_unknown_firm"], truth["persons_sharing_an_address"] - several, several]
    assert [int(n) for n in re.findall(r"\d+", doubts["persons_apart"].detail)] == apart
    assert doubts["persons_apart"].rows == sum(apart)
    assert measures["persons_placed"].rows_of == truth["persons_at_listed_firms"]
    assert measures["persons_known"].rows_of == measures["decider_known"].rows == truth["firms_with_persons"]
    assert (measures["persons_asked"].rows_of, measures["decider_known"].rows_of) == (truth["persons_asked"], truth["firms_with_decider"])
    for basis in ("consent", "company_addresses"):
        people, funnel, recipients = pilot.eligibility.eligible(table, pilot.Settings(consent_basis=basis), config.as_of, persons=persons)
        named = recipients[recipients["person_id"].notna()]
        facts = {"persons": len(named), "firms": named["customer_id"].nunique(), "firms_without_persons": len(recipients) - len(named)}
        assert facts == truth[f"on_{basis}"]
        assert len(people) == facts["firms"] + facts["firms_without_persons"] == funnel["people"].iloc[-1]
