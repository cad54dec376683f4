"""Every number that decides what is said about untapped potential, just below and just above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.analyses.potential import certainty, chance, detect, effort, estimate, features, gate, levels, peers, segments, story, words
from helpers.analyses.potential import result as results
from helpers.analyses.potential.settings import Settings
from helpers.core.results import Chance, RunContext

SETTINGS = Settings()
BEATEN = Chance(200.0, 10.0, 0.0, 30.0, 0.05)
CONTEXT = RunContext(date(2023, 12, 31), 1)


def customers(count: int, **columns) -> pd.DataFrame:
    """Return customers of whom only the revenue and one sector of two is known."""
    usual = {
        "customer_id": [f"K{number:05d}" for number in range(count)],
        "revenue_per_year": np.arange(count) + 1.0,
        "orders_per_year": 1.0,
        "own_brand_share": 0.5,
        "refill_revenue_per_year": 0.0,
        "contacts_per_year": 1.0,
        "reached_potential": 0.5,
        "devices": np.nan,
        "usage_per_month": np.nan,
        "employees": np.nan,
        "external_measure": np.nan,
        "order_variation": np.nan,
        **dict.fromkeys(features.YEARS_BEFORE, np.nan),
        "sector": np.where(np.arange(count) < count / 2, "hotel", "school"),
        "size_class": pd.NA,
    }
    return pd.DataFrame({**usual, **columns})


# ---- The gate ----


def verdict_at(monkeypatch, frame: pd.DataFrame) -> str:
    monkeypatch.setattr(gate, "features", lambda *_arguments: frame)
    monkeypatch.setattr(gate, "detectable", lambda *_arguments: "")
    tables = {"customer_table": frame, "orders": frame}
    return gate.requires(tables, SETTINGS, CONTEXT).verdict.kind


@pytest.mark.parametrize(("count", "kind"), [(49, "not_yet"), (50, "caution"), (51, "caution")])
def test_50_customers_with_orders_open_the_gate(monkeypatch, count, kind):
    frame = customers(100, contacts_per_year=np.nan, revenue_per_year=np.where(np.arange(100) < count, np.arange(100) + 1.0, 0.0))
    assert verdict_at(monkeypatch, frame) == kind


@pytest.mark.parametrize(("second", "kind"), [(0.019, "not_yet"), (0.02, "go"), (0.021, "go")])
def test_revenues_differ_from_a_cent_on(monkeypatch, second, kind):
    assert verdict_at(monkeypatch, customers(100, revenue_per_year=np.where(np.arange(100) == 0, second, 0.01))) == kind


@pytest.mark.parametrize(
    ("columns", "kind"),
    [({}, "go"), ({"own_brand_share": np.nan}, "caution"), ({"contacts_per_year": np.nan}, "caution"), ({"sector": "hotel"}, "not_yet")],
)
def test_unknown_brands_or_contacts_are_a_caution_and_nothing_to_compare_on_closes(monkeypatch, columns, kind):
    assert verdict_at(monkeypatch, customers(100, **columns)) == kind


@pytest.mark.parametrize(("known", "kind"), [(99, "not_yet"), (100, "go")])
def test_half_of_the_customers_must_be_comparable(monkeypatch, known, kind):
    frame = customers(200)
    monkeypatch.setattr(gate, "comparable", lambda *_arguments: (np.arange(200) < known, ("sector",)))
    assert verdict_at(monkeypatch, frame) == kind


def trial(monkeypatch, found_from: float, share: float = 0.8) -> float:
    """Return the smallest gap where a trial finds all worlds beyond a gap, and a share of them just there."""

    def unused_shares(_distances, means, _noise, _level):
        gaps = 1 - np.exp(means.min(axis=1))
        trials = np.arange(len(means)) < round(share * len(means))
        return np.where(gaps > found_from + 0.01, 1.0, np.where(gaps > found_from - 0.01, trials * 1.0, 0.0))

    monkeypatch.setattr(detect, "unused_shares", unused_shares)
    monkeypatch.setattr(
        detect, "distances_from_peers", lambda frame, _settings: peers.Distances(np.zeros((len(frame), 1)), np.ones(len(frame)))
    )
    monkeypatch.setattr(detect, "worlds_of_chance", lambda distances, *rest: (np.zeros((rest[3], len(distances.peers))), None))
    return detect.smallest_gap(customers(100), SETTINGS, 1)


@pytest.mark.parametrize("gap", detect.GAPS)
def test_the_smallest_gap_found_in_four_trials_of_five_is_promised(monkeypatch, gap):
    assert trial(monkeypatch, gap) == gap
    assert trial(monkeypatch, gap, share=0.75) != gap


def test_the_trial_plants_a_quarter_in_20_worlds_beside_39_empty_ones(monkeypatch):
    shares, worlds = [], set()
    trial(monkeypatch, 0.3)
    monkeypatch.setattr(detect, "worlds_of_chance", lambda of, *rest: worlds.add(rest[3]) or (np.zeros((rest[3], len(of.peers))), None))
    monkeypatch.setattr(detect, "unused_shares", lambda _of, means, *_rest: shares.append((means < 0).mean()) or np.zeros(len(means)))
    detect.smallest_gap(customers(2_000), SETTINGS, 1)
    assert worlds == {20, 39} and max(shares) == pytest.approx(0.25, abs=0.03)


def test_a_gap_beyond_those_tried_is_not_promised(monkeypatch):
    assert np.isnan(trial(monkeypatch, 0.95))
    assert "would not show" in detect.detectable(customers(100), SETTINGS, 1)


@pytest.mark.parametrize(("count", "looked_at"), [(1_999, 1_999), (2_000, 2_000), (2_001, 2_000)])
def test_the_trial_looks_at_2000_customers(monkeypatch, count, looked_at):
    sizes = []
    trial(monkeypatch, 0.3)
    even = detect.distances_from_peers
    monkeypatch.setattr(detect, "distances_from_peers", lambda frame, settings: sizes.append(len(frame)) or even(frame, settings))
    detect.smallest_gap(customers(count), SETTINGS, 1)
    assert sizes == [looked_at]


# ---- What comparable customers reach ----


@pytest.mark.parametrize(("count", "tried"), [(19_999, 19_999), (20_000, 20_000), (20_001, 10_001)])
def test_beyond_20000_customers_every_second_is_in_the_worlds_of_chance(monkeypatch, count, tried):
    sizes = []
    ones = np.ones((count, 1))
    monkeypatch.setattr(chance, "unused_shares", lambda distances, *_arguments: sizes.append(len(distances.peers)) or np.zeros(99))
    monkeypatch.setattr(chance, "worlds_of_chance", lambda *_arguments: (ones.T, None))
    chance.against_worlds(peers.Distances(ones, ones[:, 0]), customers(count), 1.0, 0.8, np.random.default_rng(1))
    assert set(sizes) == {tried}


def potential_of_draws() -> estimate.Potential:
    """Return three customers, two of whom are compared; their unused euros are 100 to 300 and 0 in 201 draws."""
    draws = np.column_stack([np.arange(100.0, 301.0), np.zeros(201)])
    figures = np.array([200.0, np.nan, 0.0])
    ones = np.where(np.isnan(figures), np.nan, 1.0)
    high = np.array([0.9999, np.nan, 1.0])
    return estimate.Potential(np.isfinite(figures), ones, figures, ones, high, draws, BEATEN, 1, None, ("sector",))


def test_a_range_is_the_middle_95_percent_of_the_draws():
    potential = potential_of_draws()
    assert potential.unused_range(np.array([True, True, True])) == pytest.approx((105, 295))
    assert potential.unused_range(np.array([False, True, True])) == (0, 0)


def test_the_range_holds_what_is_expected():
    potential = replace(potential_of_draws(), unused=np.array([301.0, np.nan, 0.0]))
    assert potential.unused_range(np.array([True, True, True])) == pytest.approx((105, 301))


@pytest.mark.parametrize(("p_value", "listed"), [(0.05, [True, False, False]), (0.051, [False, False, False])])
def test_who_stays_behind_is_listed_only_beyond_chance(p_value, listed):
    potential = potential_of_draws()
    assert replace(potential, chance=replace(potential.chance, p_value=p_value)).listed.tolist() == listed


def levels_of(weights, centres, lasting=0.0) -> levels.Levels:
    return levels.Levels(np.array([weights]), np.array([centres]), np.array([0.04 + lasting]), np.array([lasting]))


@pytest.mark.parametrize(("below", "reference"), [(0.79, 0.0), (0.8, -1.0), (0.81, -1.0)])
def test_the_reference_is_the_class_that_a_fifth_exceeds(below, reference):
    assert levels_of([below, 1 - below, 0.0], [-1.0, 0.0, 0.0]).reference(0.8)[0] == pytest.approx(reference)


def test_the_reference_of_one_lasting_hump_is_its_quantile():
    assert levels_of([1.0, 0.0, 0.0], [0.5, 0.5, 0.5], lasting=0.09).reference(0.8)[0] == pytest.approx(0.5 + 0.3 * 0.8416, abs=1e-3)


def test_what_is_expected_is_the_integral_over_the_posterior():
    fit, point = levels_of([0.3, 0.7, 0.0], [-1.0, 0.0, 0.0], lasting=0.05), np.array([-0.4])
    bought, behind = fit.expected(point, 0.8)
    truth = np.linspace(-4, 3, 20_001)
    prior = 0.3 * norm.pdf(truth, -1, np.sqrt(0.05)) + 0.7 * norm.pdf(truth, 0, np.sqrt(0.05))
    posterior = prior * norm.pdf(point, truth, 0.2)
    posterior /= posterior.sum()
    assert bought[0, 0] == pytest.approx(posterior @ np.exp(truth), abs=1e-3)
    assert behind[0, 0] == pytest.approx(posterior @ np.maximum(np.exp(fit.reference(0.8)) - np.exp(truth), 0), abs=1e-3)


@pytest.mark.parametrize(("share", "lowest"), [(0.045, 0.0), (0.055, -2.0)])
def test_a_class_holds_5_percent_or_counts_as_outliers(share, lowest):
    points = np.linspace(-3, 1, 81)
    counts = 10_000 * (share * norm.pdf(points, -2, 0.2) + (1 - share) * norm.pdf(points, 0, 0.2))[None]
    assert levels.fit_levels(counts, points).centres.min() == pytest.approx(lowest, abs=0.15)


def test_three_classes_at_most():
    points = np.linspace(-4, 3, 141)
    counts = 1_000 * sum(norm.pdf(points, centre, 0.1) for centre in (-3, -1, 0, 2))[None]
    assert (levels.fit_levels(counts, points).weights > 0).sum() == 3


@pytest.mark.parametrize(("known", "noise"), [([1.0, np.nan, np.nan], np.nan), ([1.0, 3.0, np.nan], 1.0), ([1.0, 2.0, 3.0], 1 / 3)])
def test_noise_of_a_mean_is_the_variance_between_years_over_the_years(known, noise):
    assert peers.noise_of_means(np.array([known]))[0] == pytest.approx(noise, nan_ok=True)


def sized(count: int = 200, unknown_from: int = 100, spread: float = 1.0) -> pd.DataFrame:
    """Return firms that buy 100 for each device, give or take; of the later ones devices are unknown and revenue spreads more."""
    at = np.arange(count)
    devices = np.expm1(1 + at % 7 / 2)
    luck = np.where(at % 2 == 0, 0.2, -0.2)
    size_seen = np.where(at < unknown_from, devices, np.nan)
    revenue = np.where(at < unknown_from, 100 * (1 + devices) * np.exp(luck), 100 * np.exp(luck * spread))
    return customers(count, devices=size_seen, revenue_per_year=revenue)


@pytest.mark.parametrize(("spread", "compared"), [(1.2, 200), (1.25, 100)])
def test_customers_of_unknown_size_are_compared_unless_they_vary_half_as_much_again(spread, compared):
    assert peers.comparable(sized(spread=spread), SETTINGS)[0].sum() == compared


def test_customers_of_whom_nothing_is_known_are_never_compared():
    frame = sized(spread=0.5).assign(sector=pd.NA)
    assert peers.comparable(frame, SETTINGS)[0].tolist() == [True] * 100 + [False] * 100


def test_customers_who_are_new_are_not_compared_where_earlier_years_are_known():
    frame = customers(100, revenue_one_year_before=np.where(np.arange(100) < 90, 5.0, np.nan))
    assert peers.comparable(frame, SETTINGS)[0].sum() == 90


@pytest.mark.parametrize(("known", "years"), [(49, 1), (50, 2)])
def test_a_year_counts_from_half_of_the_customers_on(known, years):
    frame = customers(100, revenue_one_year_before=np.where(np.arange(100) < known, 5.0, np.nan))
    assert peers.distances_from_peers(frame, SETTINGS).years == years


def test_less_than_a_twentieth_of_what_peers_buy_counts_as_that():
    frame = customers(100, revenue_per_year=np.where(np.arange(100) == 0, 0.0, 100.0 + np.arange(100) % 3))
    assert peers.distances_from_peers(frame, SETTINGS).mean.min() == pytest.approx(np.log(0.05))


@pytest.mark.parametrize(("known", "names"), [(29, ()), (30, ("devices",)), (31, ("devices",))])
def test_a_number_is_compared_on_from_30_customers_on(known, names):
    devices = np.where(np.arange(100) < known, np.arange(100) % 7, np.nan)
    assert peers.design(customers(100, devices=devices, sector="hotel"), SETTINGS)[1] == names


@pytest.mark.parametrize(("unknown", "columns"), [(29, 2), (30, 3)])
def test_not_knowing_a_number_is_a_kind_of_its_own_from_30_customers_on(unknown, columns):
    devices = np.where(np.arange(100) < unknown, np.nan, np.arange(100) % 7)
    assert peers.design(customers(100, devices=devices, sector="hotel"), SETTINGS)[0].shape[1] == columns


@pytest.mark.parametrize(("inns", "zoos", "flags"), [(29, 0, 0), (30, 0, 1), (30, 29, 1), (30, 30, 2), (29, 1, 1)])
def test_sectors_of_fewer_than_30_customers_are_taken_together(inns, zoos, flags):
    """Hotel is the largest; where the small ones together are 30, they are the base and Hotel gets a flag."""
    sector = pd.Series(["hotel"] * 40 + ["inn"] * inns + ["zoo"] * zoos)
    assert len(peers._flags(sector, 30)) == flags


# ---- Segments ----


@pytest.mark.parametrize(
    ("revenue", "level"), [(200.0, "very_high"), (199.9, "high"), (125.0, "high"), (124.9, "medium"), (60.0, "medium"), (59.9, "low")]
)
def test_revenue_levels_begin_at_twice_five_quarters_and_three_fifths(revenue, level):
    assert segments.revenue_level(revenue, 100.0) == level


@pytest.mark.parametrize(("distance", "marks"), [(0.5, ("devices:high",)), (0.4999, ()), (-0.5, ("devices:low",)), (-0.4999, ())])
def test_a_segment_is_marked_from_half_a_spread_on(distance, marks):
    assert segments.marks(pd.Series({"devices": distance})) == marks


@pytest.mark.parametrize(
    ("centre", "level", "kind"),
    [
        ({"orders_per_year": 0.5001}, "high", "heavy_buyers"),
        ({"orders_per_year": 0.5}, "high", "steady"),
        ({"orders_per_year": 0.5001}, "medium", "steady"),
        ({"orders_per_year": -0.5001, "reached_potential": 0.5001}, "low", "rare_large"),
        ({"orders_per_year": -0.5, "reached_potential": 0.5001}, "low", "steady"),
        ({"orders_per_year": -0.5001, "reached_potential": 0.5}, "low", "steady"),
        ({"orders_per_year": -0.5001, "reached_potential": -0.5001}, "low", "sleepers"),
        ({"orders_per_year": -0.5001, "reached_potential": -0.5}, "low", "steady"),
        ({"orders_per_year": -0.5, "reached_potential": -0.5001}, "low", "steady"),
        ({"contacts_per_year": -0.5001, "reached_potential": -0.0001}, "low", "overlooked"),
        ({"contacts_per_year": -0.5, "reached_potential": -0.0001}, "low", "steady"),
        ({"contacts_per_year": -0.5001, "reached_potential": 0.0}, "low", "steady"),
        ({"own_brand_share": -0.5001}, "low", "other_brands"),
        ({"own_brand_share": -0.5}, "low", "steady"),
        ({"own_brand_share": 0.5001}, "low", "own_brand"),
        ({"own_brand_share": 0.5}, "low", "steady"),
    ],
)
def test_kinds_of_segments_begin_beyond_half_a_spread(centre, level, kind):
    assert segments.kind_of(pd.Series(centre), level) == kind


@pytest.mark.parametrize(("count", "fitted"), [(49_999, 49_999), (50_000, 50_000), (50_001, 25_001)])
def test_segments_are_begun_20_times_on_at_most_50000_customers(monkeypatch, count, fitted):
    fits = []

    class KMeans:
        def __init__(self, groups, n_init, random_state):
            self.groups, self.starts = groups, n_init

        def fit(self, points):
            fits.append((self.groups, self.starts, len(points)))
            return self

        def transform(self, points):
            return np.zeros((len(points), self.groups))

    monkeypatch.setattr(segments, "KMeans", KMeans)
    frame = customers(1).loc[[0] * count].reset_index(drop=True).assign(devices=np.arange(count) % 6)
    segments.fit_segments(frame, SETTINGS, 1)
    assert fits == [(5, 20, fitted)]


# ---- Who counts as what ----


@pytest.mark.parametrize(
    ("orders", "devices", "usage", "dead"),
    [(0, 0, 0, True), (0, np.nan, np.nan, True), (1, 0, 0, False), (0, 1, 0, False), (0, 0, 0.1, False)],
)
def test_a_dead_record_has_neither_orders_nor_devices_nor_usage(orders, devices, usage, dead):
    frame = customers(1, orders_per_year=orders, devices=devices, usage_per_month=usage)
    assert results.dead_records(frame).tolist() == [dead]


@pytest.mark.parametrize(
    ("contacts", "orders", "dead", "listed"), [(8, 3, False, True), (7.9, 3, False, False), (8, 3.1, False, False), (8, 3, True, False)]
)
def test_eight_contacts_are_often_and_three_orders_seldom(contacts, orders, dead, listed):
    frame = customers(1, contacts_per_year=contacts, orders_per_year=orders, dead_record=dead)
    live = frame.assign(segment=1, unused_potential=5.0, stays_behind=True)[~frame["dead_record"]]
    table = results.customers_table(frame, live, SETTINGS)
    assert table["contacted_often_ordering_seldom"].tolist() == [listed]
    assert table["segment"].tolist() == [0 if dead else 1]
    assert table["unused_potential"].tolist() == [0.0 if dead else 5.0]
    assert table["stays_behind"].tolist() == [not dead]


def potential_result(table: pd.DataFrame) -> results.UntappedPotential:
    return results.UntappedPotential(table, table, effort.measure_effort(table, SETTINGS), BEATEN, None, {}, (), (), ())


def test_customers_with_unused_potential_are_listed_the_most_first():
    table = customers(
        4,
        unused_potential=[9.0, 0.01, 5.0, 0.0],
        stays_behind=[False, True, True, False],
        contacted_often_ordering_seldom=False,
        dead_record=False,
        contact_cost_per_year=0.0,
    )
    assert potential_result(table).named_list("unused")["customer_id"].tolist() == ["K00002", "K00001"]


def fitted(compared: list[bool], compared_on: tuple[str, ...] = ("employees",)) -> estimate.Potential:
    return replace(potential_of_draws(), compared=np.array(compared), compared_on=compared_on)


@pytest.mark.parametrize(
    ("columns", "words_said"),
    [
        ({}, ""),
        ({"employees": [1.0, np.nan]}, "not known for 50"),
        ({"employees": [1.0, np.nan], "revenue_per_year": [5.0, 0.0]}, ""),
        ({"refill_revenue_per_year": 0.0}, "No product group counts as refill"),
        ({"dead_record": [True, False]}, "1 record without an order"),
        ({"potential": [1.0, np.nan], "employees": [1.0, np.nan]}, "1 of 2 customers are not compared"),
    ],
)
def test_notes_are_made_where_something_was_done(columns, words_said):
    usual = {"employees": 1.0, "refill_revenue_per_year": [0.0, 0.01], "dead_record": False, "potential": 1.0}
    groups = segments.Segments(np.ones(2), np.ones(2), pd.DataFrame(), (), ())
    frame = customers(2, **usual | columns)
    potential = fitted(frame["potential"].notna().tolist())
    notes = results.notes_on({"order_lines": pd.DataFrame()}, frame, groups, potential, SETTINGS)
    assert len(notes) == bool(words_said) and words_said in "".join(notes)


def test_twelve_months_count_up_to_the_day_of_the_round():
    days = pd.DataFrame({"day": pd.to_datetime(["2022-12-31 23:59", "2023-01-01 00:00", "2023-12-31 23:59", "2024-01-01 00:00"])})
    assert features.in_months(days, "day", SETTINGS, CONTEXT).index.tolist() == [1, 2]


# ---- Effort ----


def test_an_experiment_sees_a_tenth_with_80_percent_power_at_5_percent():
    """2 (1.960 + 0.842)² × 1.0101 / 0.3² = 176.2 customers, with mean 3 and variance 100/99."""
    assert effort.experiment_size(np.array([2.0, 4.0] * 50)) == 177


@pytest.mark.parametrize(("orders", "known"), [([1.0], False), ([0.0, 0.0], False), ([0.0, 1.0], True)])
def test_an_experiment_needs_two_customers_and_an_order(orders, known):
    assert np.isfinite(effort.experiment_size(np.array(orders))) == known


def test_dead_records_and_the_experiment_count_who_was_contacted():
    table = customers(
        5,
        contacts_per_year=[0.0, 1.0, 0.0, 1.0, 1.0],
        orders_per_year=[0.0, 0.0, 90.0, 2.0, 4.0],
        contact_cost_per_year=2.5,
        dead_record=[True, True, False, False, False],
        contacted_often_ordering_seldom=False,
    )
    measured = effort.measure_effort(table, SETTINGS)
    assert (measured.dead, measured.dead_contacts, measured.dead_cost) == (1, 1.0, 2.5)
    assert measured.experiment_per_arm == 349  # 2 × 7.849 × 2 / 0.3², of the last two
    assert measured.experiment_effect == 0.1


@pytest.mark.parametrize(("count", "known"), [(49, False), (50, True)])
def test_contacts_are_held_against_orders_from_50_customers_on(count, known):
    at = np.arange(count)
    live = customers(count, contacts_per_year=at % 5 * 1.0, orders_per_year=at % 3 * 1.0)
    assert np.isfinite(effort.association(live, SETTINGS)[0]) == known


# ---- In words ----


def result_of(low: float = 100.0, high: float = 300.0, per_arm: float = 10.0, live: float = 20.0, **profile) -> SimpleNamespace:
    quality = {"unused_potential_low": low, "unused_potential_high": high, "live_customers": live, "reached_potential": 0.5}
    quality |= {"years": 2.0, "peer_level": 0.8}
    frame = pd.DataFrame({"segment": [1, 2], "kind": ["steady", "sleepers"], "reached_potential": 0.5, **profile})
    return SimpleNamespace(
        chance=BEATEN,
        backtest=None,
        quality=quality,
        profile=frame,
        effort=SimpleNamespace(experiment_per_arm=per_arm, experiment_effect=0.1, all_contacts=1),
    )


@pytest.mark.parametrize(
    ("low", "high", "word"), [(100.0, 400.0, "usable"), (100.0, 400.01, "rough"), (0.0, 4.0, "usable"), (0.0, 4.01, "rough")]
)
def test_a_range_beyond_four_times_is_rough(low, high, word):
    assert certainty.verdict(result_of(low, high)).word == word


@pytest.mark.parametrize(("share", "words_said"), [(0.5, "In no segment"), (0.5001, "on third-party brands")])
def test_other_brands_stand_in_the_way_beyond_half_of_revenue(share, words_said):
    sentence = story.brands_sentence(result_of(third_party_share=[share, 0.1], refill_share=[0.1, 0.1]))
    assert words_said in sentence.text


@pytest.mark.parametrize(("reached", "words_said"), [(0.5, "on third-party brands"), (0.5001, "In no segment")])
def test_a_segment_stays_behind_up_to_what_all_reach(reached, words_said):
    result = result_of(third_party_share=[0.9, 0.1], refill_share=[0.1, 0.1])
    result.profile["reached_potential"] = reached
    assert words_said in story.brands_sentence(result).text


@pytest.mark.parametrize(("live", "warned"), [(20.0, False), (19.0, True)])
def test_an_experiment_needs_twice_the_customers_of_a_group(live, warned):
    assert ("only a larger difference" in story.experiment_sentence(result_of(live=live)).text) is warned


@pytest.mark.parametrize(("unused", "named"), [((50.0, 50.0), [1]), ((49.0, 51.0), [2]), ((0.0, 50.0), [2])])
def test_the_segments_named_hold_half_of_what_is_unused(unused, named):
    assert story._most_unused(result_of(unused_potential=list(unused)))["segment"].tolist() == named


def test_three_segments_are_named_where_two_hold_less_than_half():
    profile = pd.DataFrame({"segment": range(1, 7), "unused_potential": [10.0, 10, 10, 10, 10, 9]})
    assert story._most_unused(SimpleNamespace(profile=profile))["segment"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(("amount", "text"), [(1_234_567.0, "1,230,000"), (123.4, "123"), (0.0, "0")])
def test_an_amount_has_three_figures(amount, text):
    assert text in story.about(amount)


@pytest.mark.parametrize(
    ("kind", "marks", "advice"),
    [
        ("sleepers", "contacts_per_year:high", "fewer contacts"),
        ("sleepers", "contacts_per_year:low", "find out in a test"),
        ("other_brands", "refill_revenue_per_year:low", "offer refills"),
        ("other_brands", "", "offer own brand instead"),
        ("rare_large", "own_brand_share:low", "offer own brand instead"),
        ("rare_large", "", "suggest what similar"),
        ("overlooked", "", "contact them more often, in a test"),
    ],
)
def test_advice_on_contacts_and_refills_is_given_where_the_data_shows_them(kind, marks, advice):
    assert words.advice(kind, marks).startswith(advice)


@pytest.mark.parametrize(("p_value", "said"), [(0.05, True), (0.051, False)])
def test_no_euros_are_spoken_of_that_chance_could_give(p_value, said):
    result = with_costs(1.0)
    result.chance = replace(BEATEN, p_value=p_value)
    result.profile = result.profile.assign(customers=5, marks="")
    finding = story.finding(result)
    assert ("than their like" in finding.headline) is said and (certainty.verdict(result).word == "usable") is said
    assert finding.chance.beaten is said
    assert len([action for action in finding.actions if action.chance is not None]) == said
    assert "Chance alone would give" in " ".join(finding.why)


def with_costs(cost: float, contacts: float = 5.0) -> SimpleNamespace:
    measured = SimpleNamespace(
        all_contacts=9.0,
        often_seldom=1,
        often_seldom_contacts=5.0,
        often_seldom_cost=cost,
        dead=1,
        dead_contacts=contacts,
        dead_cost=cost,
        experiment_per_arm=float("nan"),
    )
    result = result_of(unused_potential=[50.0, 50.0])
    result.effort, result.quality = measured, result.quality | {"unused_potential": 1.0, "compared_customers": 20.0}
    return result


@pytest.mark.parametrize(
    ("cost", "wasted", "dead", "figure"),
    [
        (0.0, "contacts in a year.", "a device.", "contacts now going"),
        (0.01, "contacts in a year for ", "a device: ", "budget now going"),
        (np.nan, "contacts in a year.", "a device.", "contacts now going"),
    ],
)
def test_costs_are_told_where_there_are_any(cost, wasted, dead, figure):
    result = with_costs(cost)
    assert wasted in story.wasted_sentence(result).text
    assert dead in story.dead_sentence(result).text
    assert figure in story._figures(result)[-1].meaning


@pytest.mark.parametrize(("contacts", "sentences"), [(0.0, 3), (1.0, 4)])
def test_dead_records_are_a_reason_where_they_are_contacted(contacts, sentences):
    assert len(story.why(with_costs(1.0, contacts))) == sentences
