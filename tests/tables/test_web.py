"""Web events in their clean form: paths, addresses, visits, noise and robots."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.tables import web
from helpers.tables.web.events import LONGEST_PATH


def events(*rows):
    frame = pd.DataFrame(rows, columns=["visitor_id", "event_time", "page_path"])
    return frame.assign(event_time=pd.to_datetime(frame["event_time"]))


def test_paths_lose_host_query_invisible_signs_and_length():
    hostile = ["https://www.x.example/a/?q=1#z", "/a\u202e\x00b", "/" + "x" * 10_000, "//[", "", "/a?utm_source=Insta"]
    parts = web.split_pages(pd.Series([*hostile, None], dtype="str"))
    assert parts["page_path"].tolist()[:2] == ["/a", "/ab"]
    assert parts["page_path"].dropna().str.len().max() <= LONGEST_PATH
    assert parts["utm_source"].iloc[5] == "insta"
    assert pd.isna(parts["page_path"].iloc[6])


@settings(deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=10))
def test_any_path_is_read_and_reading_twice_changes_nothing(paths):
    once = web.split_pages(pd.Series(paths, dtype="object"))["page_path"]
    assert once.tolist() == [web.split_pages(pd.Series([one]))["page_path"].iloc[0] for one in paths]
    assert all(one.startswith("/") and "?" not in one for one in once)


@pytest.mark.parametrize(
    ("address", "short"),
    [("192.0.2.200", "192.0.2.0"), ("2001:db8:1:2:3::4", "2001:db8:1::"), ("::ffff:192.0.2.9", "192.0.2.0"), ("huis", None)],
)
def test_addresses_are_shortened(address, short):
    assert web.shorten_address(address) == short


def test_canonical_leaves_its_input_alone():
    frame = events(("a", "2026-01-01", "/x?utm_source=y")).assign(ip_address="192.0.2.1")
    before = frame.copy(deep=True)
    assert web.canonical(frame)["ip_address"].tolist() == ["192.0.2.0"]
    pd.testing.assert_frame_equal(frame, before)


def test_visit_ends_after_more_than_the_declared_gap():
    frame = events(
        ("a", "2026-01-01 10:00", "/1"), ("a", "2026-01-01 10:30", "/2"), ("a", "2026-01-01 11:01", "/3"), ("b", "2026-01-01 11:02", "/1")
    )
    seen = web.add_visits(frame, 30)
    assert seen["visit"].tolist() == [0, 0, 1, 2] and seen["step"].tolist() == [0, 1, 0, 0]
    assert web.add_visits(frame, 60)["visit"].tolist() == [0, 0, 0, 1]
    people = web.visitors(web.visits(seen))
    assert people["visits"].tolist() == [2, 1] and people["minutes"].tolist() == [30.0, 0.0]


@given(st.permutations(range(8)))
def test_visits_do_not_depend_on_the_order_of_rows(order):
    rows = [(f"v{i % 2}", f"2026-01-01 {10 + i // 4}:{(i * 7) % 60:02d}", f"/p{i % 3}") for i in range(8)]
    frame = events(*rows)
    shuffled = frame.iloc[list(order)].reset_index(drop=True)
    pd.testing.assert_frame_equal(web.add_visits(frame), web.add_visits(shuffled))


def test_session_of_the_source_starts_a_visit_too():
    frame = events(("a", "2026-01-01 10:00", "/1"), ("a", "2026-01-01 10:05", "/2")).assign(session_id=["s1", "s2"])
    assert web.add_visits(frame)["visit"].tolist() == [0, 1]


def test_touch_and_scroll_are_noise_in_any_spelling():
    frame = pd.DataFrame({"event_type": ["pageview", "TouchStart", "touch_end", "scroll", "click", None]})
    assert web.only_meant(frame)["event_type"].tolist()[:2] == ["pageview", "click"]


def test_robots_by_name_by_speed_and_by_what_they_ask():
    times = pd.date_range("2026-01-01", periods=40, freq="s")
    fast = pd.DataFrame({"visitor_id": "fast", "event_time": times, "page_path": "/a", "user_agent": "x"})
    slow = fast.assign(visitor_id="slow", event_time=pd.date_range("2026-01-01", periods=40, freq="min"))
    named = fast.head(1).assign(visitor_id="named", user_agent="Mozilla (compatible; Googlebot/2.1)")
    asked = fast.head(1).assign(visitor_id="asked", page_path="/robots.txt")
    found = web.is_robot(pd.concat([fast, slow, named, asked]))
    assert found.to_dict() == {"asked": True, "fast": True, "named": True, "slow": False}


def test_no_events_give_no_visits():
    empty = events().astype({"visitor_id": "str", "page_path": "str", "event_time": "datetime64[us]"})
    assert len(web.visitors(web.visits(web.add_visits(empty)))) == 0
    assert np.array_equal(web.is_robot(empty).to_numpy(), [])
