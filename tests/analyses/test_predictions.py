"""Predictions: windows, labels, measures, models, status and the room as a whole."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from helpers.analyses import leaving, predictions
from helpers.analyses.predictions import judging, labels, measures, models, reasons, status, windows
from helpers.analyses.predictions.gains import gains
from helpers.core.results import Refusal, RunContext

AS_OF = date(2024, 12, 31)
MOMENT = RunContext(AS_OF, 3)


def shop(customers=400, days=700, seed=1, as_of=AS_OF):
    """A small shop: everyone has a rhythm of his own, and a fifth leaves after each order."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        gap, day = rng.gamma(2.0, 25.0), int(rng.integers(0, days - 60))
        while day <= days:
            rows.append((f"c{number:05d}", day, float(rng.gamma(4.0, 20.0))))
            if rng.random() < 0.2:
                break
            day += 1 + int(rng.exponential(gap))
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "order_amount"])
    frame["order_date"] = pd.Timestamp(as_of) - pd.to_timedelta(days - frame["day"], unit="D")
    frame["order_id"] = [str(place) for place in range(len(frame))]
    return frame[["order_id", "customer_id", "order_date", "order_amount"]]


@pytest.fixture(scope="module")
def orders():
    return shop()


@pytest.fixture(scope="module")
def result(orders):
    return predictions.run({"orders": orders}, predictions.Settings(), MOMENT)


def test_features_look_back_and_labels_look_forward():
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b"],
            "order_date": pd.to_datetime(["2024-01-01", "2024-01-11", "2024-01-31", "2024-02-01"]),
            "order_amount": [10.0, 20.0, 40.0, 5.0],
        }
    )
    known = windows.known_orders(orders, "2024-12-31")
    through = pd.Timestamp("2024-01-21")
    features = windows.features_at(known, through)
    assert list(features.index) == ["a"]
    row = features.loc["a"]
    assert (row["recency_days"], row["frequency"], row["monetary"], row["tenure_days"]) == (10, 2, 30, 20)
    event = labels.events(predictions.Settings(horizon_days=14))[0]
    assert event.label(known, features, through).tolist() == [1]
    # An order on the cut-off itself is a feature, the next day's is the label.
    assert windows.features_at(known, pd.Timestamp("2024-01-31")).loc["a", "frequency"] == 3
    assert event.label(known, features.loc[["a"]], pd.Timestamp("2024-01-31")).tolist() == [0]


def test_cut_offs_never_overlap_and_need_two(orders):
    known = windows.known_orders(orders, AS_OF)
    days = windows.cut_offs(known, AS_OF, 91, 4)
    everything = [*days.training, days.judge, days.score]
    ordered = sorted(everything)
    assert all((later - earlier).days >= 91 for earlier, later in zip(ordered, ordered[1:], strict=False))
    assert days.judge == max(ordered[:-1]) and len(days.training) == 4
    short = known[known["order_day"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=200)]
    assert windows.cut_offs(short, AS_OF, 91, 4) is None


@pytest.mark.slow
def test_orders_after_as_of_are_never_used(orders):
    later = orders.assign(order_date=orders["order_date"] + pd.Timedelta(days=400), order_id="x" + orders["order_id"])
    settings = predictions.Settings(boosting_from_customers=10_000)
    without = predictions.run({"orders": orders}, settings, MOMENT)
    late = later[later["order_date"] > pd.Timestamp(AS_OF)]
    with_them = predictions.run({"orders": pd.concat([orders, late])}, settings, MOMENT)
    pd.testing.assert_frame_equal(without.table, with_them.table)


def test_auc_and_its_interval_are_delong():
    rng = np.random.default_rng(0)
    outcome = rng.integers(0, 2, 300)
    score = np.round(outcome + rng.normal(0, 1.2, 300), 1)  # with ties
    auc, low, high = measures.auc_interval(outcome, score)
    assert auc == pytest.approx(roc_auc_score(outcome, score), abs=1e-12)
    # DeLong's variance by its definition, pair by pair.
    hits, misses = score[outcome == 1], score[outcome == 0]
    psi = (hits[:, None] > misses[None, :]) + 0.5 * (hits[:, None] == misses[None, :])
    variance = psi.mean(axis=1).var(ddof=1) / len(hits) + psi.mean(axis=0).var(ddof=1) / len(misses)
    assert high - low == pytest.approx(2 * measures.Z * np.sqrt(variance), rel=1e-9)


def test_interval_of_auc_covers_the_truth():
    # Normal scores one standard deviation apart have an AUC of .7602.
    rng = np.random.default_rng(5)
    inside = 0
    for _round in range(300):
        outcome = np.repeat([0, 1], [120, 80])
        _auc, low, high = measures.auc_interval(outcome, outcome + rng.normal(size=200))
        inside += low <= 0.76025 <= high
    assert 0.91 <= inside / 300 <= 0.98


def test_reliability_counts_and_errors():
    probability = np.repeat([0.1, 0.5, 0.9], 100)
    outcome = np.concatenate([np.arange(100) < 10, np.arange(100) < 70, np.arange(100) < 90]).astype(int)
    table = measures.reliability(outcome, probability, groups=3)
    assert table["customers"].sum() == 300
    assert measures.calibration_error(table) == pytest.approx(0.2 / 3)
    assert measures.brier(np.array([1, 0]), np.array([0.8, 0.4])) == pytest.approx(0.1)


def test_gain_is_margin_on_added_orders_minus_cost():
    outcome = np.array([1, 1, 0, 0, 1, 0])
    model, rule = np.array([6, 5, 4, 3, 2, 1.0]), np.zeros(6)
    result = gains(outcome, {"logistic": model, "rule": rule}, margin=100, effect=0.5, cost=10)
    assert (result.best_n, result.gain, result.hits) == (5, 100.0, 3)
    assert result.gain_of_baseline == pytest.approx(5 * 0.5 * 50 - 50)  # all tied: as by chance
    assert result.gain_of_everyone == pytest.approx(150 - 60)
    assert gains(outcome, {"a": model, "b": rule}, margin=100, effect=0.5, cost=10, top=4).best_n == 4


def test_result_keeps_the_contract(orders, result):
    assert result.table.columns[0] == "customer_id" and result.table["customer_id"].is_unique
    assert set(result.table["status"]) <= set(predictions.STATUSES)
    assert result.table[["propensity_buy_again", "propensity_leave"]].apply(lambda column: column.between(0, 1)).all(axis=None)
    assert {"recency only", "frequency only", "as last year"} <= set(result.judged["buy_again"].methods["method"])
    assert result.profile["customers"].sum() == len(result.table)
    assert all(isinstance(value, (int, float)) for value in result.quality.values())
    assert (result.table["since"] <= pd.Timestamp(AS_OF)).all()


@pytest.mark.slow
def test_same_seed_same_result_whatever_the_order_of_rows(orders, result):
    before = orders.copy()
    again = predictions.run({"orders": orders.sample(frac=1, random_state=9)}, predictions.Settings(), MOMENT)
    pd.testing.assert_frame_equal(result.table, again.table)
    pd.testing.assert_frame_equal(orders, before)


@pytest.mark.slow
def test_equal_customers_get_equal_answers(orders):
    twin = orders[orders["customer_id"] == "c00003"].assign(customer_id="z-twin", order_id="t")
    table = predictions.run({"orders": pd.concat([orders, twin])}, predictions.Settings(), MOMENT).table
    pair = table.set_index("customer_id").loc[["c00003", "z-twin"]]
    assert pair["propensity_leave"].nunique() == 1 and pair["status"].nunique() == 1


@pytest.mark.parametrize("case", ["nothing", "one customer", "no repeat buyers", "short history", "constant"], ids=lambda case: case)
def test_too_little_is_a_reasoned_refusal(orders, case):
    tables = {
        "nothing": orders.iloc[:0],
        "one customer": orders[orders["customer_id"] == "c00001"],
        "no repeat buyers": orders.drop_duplicates("customer_id"),
        "short history": orders[orders["order_date"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=100)],
        "constant": orders.assign(order_date=pd.Timestamp(AS_OF), order_amount=1.0),
    }
    refusal = predictions.run({"orders": tables[case]}, predictions.Settings(), MOMENT)
    assert isinstance(refusal, Refusal) and refusal.gate.closed
    assert refusal.gate.reason and refusal.gate.unlock and refusal.gate.instead
    assert refusal.gate == predictions.requires({"orders": tables[case]}, predictions.Settings(), MOMENT)


def test_a_year_of_orders_is_enough_with_shorter_windows(orders):
    year = orders[orders["order_date"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=365)]
    result = predictions.run({"orders": year}, predictions.Settings(), MOMENT)
    assert result.judged["buy_again"].horizon_days == 91 and result.checked.window_days == 182
    half = orders[orders["order_date"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=200)]
    result = predictions.run({"orders": half}, predictions.Settings(), MOMENT)
    assert result.judged["buy_again"].horizon_days < 91
    assert any("too short" in note for note in result.notes)


def test_only_listed_customers_are_scored(orders):
    listed = pd.DataFrame({"customer_id": ["c00001", "c00002"]})
    result = predictions.run({"orders": orders, "customer_table": listed}, predictions.Settings(), MOMENT)
    assert result.table["customer_id"].tolist() == ["c00001", "c00002"]


def test_permuted_labels_cannot_be_foretold():
    orders = shop(customers=3000, seed=4)
    known = windows.known_orders(orders, AS_OF)
    rng = np.random.default_rng(11)
    true = labels.events(predictions.Settings())[0]

    def permuted(known, features, through):
        outcome = true.label(known, features, through)
        return pd.Series(rng.permutation(outcome.to_numpy()), index=outcome.index)

    event = labels.Event("buy_again", true.horizon_days, permuted)
    days = windows.cut_offs(known, AS_OF, event.horizon_days, 4)
    aucs = [judging.judge(event, known, days, predictions.Settings(boosting_from_customers=10**6), 1).auc for _n in range(5)]
    assert all(0.45 <= auc <= 0.55 for auc in aucs)


def test_boosting_is_not_chosen_at_250_customers():
    for seed in range(3):
        known = windows.known_orders(shop(customers=250, seed=seed), AS_OF)
        event = labels.events(predictions.Settings())[0]
        learn = judging.samples(event, known, windows.cut_offs(known, AS_OF, 91, 4).training)
        assert models.choose(learn, seed, 1000)[:2] == ("logistic", "too_few")
        assert models.choose(learn, seed, 0)[0] == "logistic"  # and it would not win when tried either


def test_boosting_is_chosen_where_it_wins():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.lognormal(3, 1, (3000, len(windows.MORE_FEATURES))), columns=windows.MORE_FEATURES)
    frame.index = [f"c{number}" for number in range(3000)]
    middle = (np.log(frame["recency_days"]) - 3).abs() < 0.7  # no straight line finds the middle
    outcome = (rng.random(3000) < np.where(middle, 0.8, 0.2)).astype(int)
    name, why, lead = models.choose(models.Sample(frame, outcome, np.zeros(3000, dtype="datetime64[ns]")), 1, 1000)
    assert (name, why) == ("boosting", "wins") and lead[1] > 0.1


def test_season_is_taken_from_the_year_before():
    day = pd.Timestamp("2024-06-30")
    assert models.season_shift({day - pd.Timedelta(days=364): 0.7, day - pd.Timedelta(days=91): -0.2}, day) == 0.7
    assert models.season_shift({day - pd.Timedelta(days=91): -0.2}, day) == 0.0


def test_reasons_name_what_moved_the_probability(result):
    model = result.judged["buy_again"].model
    base = pd.DataFrame(100.0, index=["x", "y", "z"], columns=windows.MORE_FEATURES)
    base["recency_days"] = [100.0, 100.0, 3000.0]
    words = reasons.reasons(model, base)
    assert "3,000 days ago" in words["z"] and words["z"].startswith("lower")
    assert words["x"] == words["y"] == "close to the middle of all customers in everything"


def test_since_is_when_the_status_began():
    """Late since the silence passed the border; loyal since the order that ended the last such silence, or the second."""
    day = pd.Timestamp("2024-12-31")
    days = {
        "late": [400, 370, 340, 100],
        "back": [400, 370, 100, 70, 40, 10],
        "never late": [400, 370, 340, 20],
        "once": [400],
        "new": [20],
    }
    rows = [(name, day - pd.Timedelta(days=ago), 1.0) for name, all_ago in days.items() for ago in all_ago]
    known = pd.DataFrame(rows, columns=["customer_id", "order_day", "order_amount"])
    orders = known.groupby("customer_id")["order_day"].agg(first_order_date="min", last_order_date="max", order_days="size")
    table = orders.assign(probability_gone=0.2, gap_days=30.0, chance_late=0.1, next_low=day, next_date=day, next_high=day)
    for name, patience in (("hesitant_date", 90), ("leaving_date", 120), ("gone_date", 150)):
        table[name] = table["last_order_date"] + pd.Timedelta(days=patience)
    found = status.statuses(known, leaving.Rhythms(table, day, leaving.BORDERS), predictions.Settings())
    assert found["status"].to_dict() == {"late": "hesitant", "back": "loyal", "never late": "loyal", "once": "bought once", "new": "new"}
    ago = (day - found["since"]).dt.days.to_dict()
    # "never late" was silent for 320 days before the last order: late until then.
    assert ago == {"late": 10, "back": 100, "never late": 20, "once": 339, "new": 20}


def test_changes_since_the_previous_round(orders, result):
    previous = result.table[["customer_id", "status"]].copy()
    previous.loc[previous["customer_id"] == "c00005", "status"] = "loyal?"
    previous = previous[previous["customer_id"] != "c00006"]
    second = predictions.run({"orders": orders, "previous_status": previous}, predictions.Settings(), MOMENT)
    assert second.moved[["customer_id", "status_before"]].values.tolist() == [["c00005", "loyal?"], ["c00006", ""]]
    assert second.moved_counts["customers"].sum() == 2 and not result.has_previous


def test_every_word_can_be_said(result):
    settings, certainty, story, tables = predictions.Settings(), predictions.certainty, predictions.story, predictions.tables
    records = [
        story.answer(result),
        tables.status_table(result),
        story.changes_sentence(result),
        tables.leavers_table(result),
        tables.check_table(result),
        certainty.how_sure(result, settings, MOMENT),
        story.value_sentence(result.value, settings),
        certainty.holdout_sentence(result.value, settings),
    ]
    for judged in result.judged.values():
        records += [
            certainty.ranking_sentence(judged),
            certainty.model_sentence(judged),
            certainty.reliability_sentence(judged),
            story.gains_sentence(judged, settings),
        ]
        pictures = [
            predictions.charts.methods_picture(judged),
            predictions.charts.reliability_picture(judged),
            predictions.charts.gains_picture(judged),
        ]
        assert all(picture.png and picture.alt for picture in pictures)
    assert all(record.to_text() and "{" not in record.to_text() for record in records)
    assert predictions.charts.status_picture(result.profile).png
    assert story.finding(result, settings).headline == story.answer(result).heading
