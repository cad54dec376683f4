"""Web events: raw logs and exports become one clean table, and addresses never come through whole."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.sources import webevents
from helpers.tables import web
from helpers.tables.web.events import LONGEST_PATH

KEY = b"k" * 32
LINE = '{ip} - - [12/Apr/2026:14:50:12 +0200] "{request}" {status} 2326 "{referer}" "{agent}"'
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"


def line(request="GET /a HTTP/1.1", ip="198.51.100.77", status=200, referer="-", agent=PHONE):
    return LINE.format(ip=ip, request=request, status=status, referer=referer, agent=agent)


def events(*rows):
    frame = pd.DataFrame(rows, columns=["visitor_id", "event_time", "page_path"])
    return frame.assign(event_time=pd.to_datetime(frame["event_time"]))


def test_log_keeps_shown_pages_and_counts_the_rest():
    lines = [
        line("GET /opleidingen?utm_source=Nieuwsbrief&utm_medium=email HTTP/1.1"),
        line("GET /style.css HTTP/1.1"),
        line("GET /weg HTTP/1.1", status=404),
        line("POST /form HTTP/1.1"),
        "nonsense",
        line("-"),
        line('GET /q\\"x HTTP/2'),
    ]
    read = webevents.read_combined(lines, "Europe/Brussels", KEY)
    assert read.counts == {"lines": 7, "unreadable": 2, "not_pages": 1, "not_shown": 2, "pages": 2}
    assert read.events["page_path"].tolist() == ["/opleidingen", '/q\\"x']
    assert read.events["utm_source"].tolist()[0] == "nieuwsbrief"
    assert read.events["event_time"].tolist() == [pd.Timestamp("2026-04-12 14:50:12")] * 2
    assert read.events["device"].tolist() == ["mobile", "mobile"]


def test_log_holds_no_whole_address_anywhere():
    frame = webevents.read_combined([line(), line(ip="2001:db8:aaaa:bbbb::1")], "Europe/Brussels", KEY).events
    assert frame["ip_address"].tolist() == ["198.51.100.0", "2001:db8:aaaa::"]
    text = frame.to_csv()
    assert "198.51.100.77" not in text and "bbbb" not in text


def test_log_converts_the_offset_to_the_clock_of_the_client():
    other = line().replace("+0200", "-0500")
    frame = webevents.read_combined([other], "Europe/Brussels", KEY).events
    assert frame["event_time"].iloc[0] == pd.Timestamp("2026-04-12 21:50:12")


def test_log_parts_browsers_and_joins_the_same():
    lines = [line(), line(agent="Mozilla/5.0 (Windows NT 10.0)"), line(ip="198.51.100.3")]
    ids = webevents.read_combined(lines, "UTC", KEY).events["visitor_id"].tolist()
    assert ids[0] == ids[2] != ids[1]


@given(st.lists(st.text(max_size=300), max_size=20))
def test_log_survives_any_text(lines):
    read = webevents.read_combined(lines, "UTC", KEY)
    assert read.counts["lines"] == len(lines)
    assert len(read.events) == read.counts["pages"]


def test_ga4_nested_and_flat_rows_give_the_same_events():
    nested = {
        "event_timestamp": 1767225600000000,
        "event_name": "page_view",
        "user_pseudo_id": "1.2",
        "device": {"category": "desktop", "language": "nl-be"},
        "geo": {"city": "Gent"},
        "user_id": None,
        "traffic_source": {"source": "google", "medium": "cpc", "name": "herfst"},
        "event_params": [
            {
                "key": "page_location",
                "value": {"string_value": "https://x.example/a/b?x=1", "int_value": None},
            },
            {"key": "ga_session_id", "value": {"string_value": None, "int_value": 7}},
        ],
    }
    flat = {
        "event_timestamp": "1767225600000000",
        "event_name": "page_view",
        "user_pseudo_id": "1.2",
        "geo.city": "Gent",
        "device.category": "desktop",
        "device.language": "nl-be",
        "traffic_source.source": "google",
        "traffic_source.medium": "cpc",
        "traffic_source.name": "herfst",
        "event_params.page_location": "https://x.example/a/b?x=1",
        "event_params.ga_session_id": 7,
    }
    one, two = (
        webevents.from_ga4([nested, nested], "Europe/Brussels"),
        webevents.from_ga4([flat], "Europe/Brussels"),
    )
    pd.testing.assert_frame_equal(one, two)
    row = one.iloc[0]
    assert (len(one), row["page_path"], row["device"], row["event_type"]) == (
        1,
        "/a/b",
        "computer",
        "page view",
    )
    assert row["event_time"] == pd.Timestamp("2026-01-01 01:00:00")


def test_paths_lose_host_query_invisible_signs_and_length():
    hostile = [
        "https://www.x.example/a/?q=1#z",
        "/a\u202e\x00b",
        "/" + "x" * 10_000,
        "//[",
        "",
        "/a?utm_source=Insta",
    ]
    parts = web.split_pages(pd.Series([*hostile, None], dtype="str"))
    assert parts["page_path"].tolist()[:2] == ["/a", "/ab"]
    assert parts["page_path"].dropna().str.len().max() <= LONGEST_PATH
    assert parts["utm_source"].iloc[5] == "insta"
    assert pd.isna(parts["page_path"].iloc[6])


@given(st.lists(st.text(max_size=200), min_size=1, max_size=10))
def test_any_path_is_read_and_reading_twice_changes_nothing(paths):
    once = web.split_pages(pd.Series(paths, dtype="object"))["page_path"]
    assert once.tolist() == [web.split_pages(pd.Series([one]))["page_path"].iloc[0] for one in paths]
    assert all(one.startswith("/") and "?" not in one for one in once)


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("192.0.2.200", "192.0.2.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("::ffff:192.0.2.9", "192.0.2.0"),
        ("huis", None),
    ],
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
        ("a", "2026-01-01 10:00", "/1"),
        ("a", "2026-01-01 10:30", "/2"),
        ("a", "2026-01-01 11:01", "/3"),
        ("b", "2026-01-01 11:02", "/1"),
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
    frame = events(("a", "2026-01-01 10:00", "/1"), ("a", "2026-01-01 10:05", "/2")).assign(
        session_id=["s1", "s2"]
    )
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
