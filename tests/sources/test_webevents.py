"""Raw web logs and exports become web events, and addresses never come through whole."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.sources.webevents.ga4 import from_ga4
from helpers.sources.webevents.log import read_combined
from helpers.tables.web import canonical

KEY = b"k" * 32
LINE = '{ip} - - [12/Apr/2026:14:50:12 +0200] "{request}" {status} 2326 "{referer}" "{agent}"'
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"


def line(request="GET /a HTTP/1.1", ip="198.51.100.77", status=200, referer="-", agent=PHONE):
    return LINE.format(ip=ip, request=request, status=status, referer=referer, agent=agent)


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
    read = read_combined(lines, "Europe/Brussels", KEY)
    assert read.counts == {"lines": 7, "unreadable": 2, "not_pages": 1, "not_shown": 2, "pages": 2}
    events = canonical(read.events)
    assert events["page_path"].tolist() == ["/opleidingen", '/q\\"x']
    assert events["utm_source"].tolist()[0] == "nieuwsbrief"
    assert events["event_time"].tolist() == [pd.Timestamp("2026-04-12 14:50:12")] * 2
    assert events["device"].tolist() == ["mobile", "mobile"]


def test_log_holds_no_whole_address_anywhere():
    frame = read_combined([line(), line(ip="2001:db8:aaaa:bbbb::1")], "Europe/Brussels", KEY).events
    assert frame["ip_address"].tolist() == ["198.51.100.0", "2001:db8:aaaa::"]
    text = frame.to_csv()
    assert "198.51.100.77" not in text and "bbbb" not in text


def test_log_converts_the_offset_to_the_clock_of_the_client():
    other = line().replace("+0200", "-0500")
    frame = read_combined([other], "Europe/Brussels", KEY).events
    assert frame["event_time"].iloc[0] == pd.Timestamp("2026-04-12 21:50:12")


def test_log_parts_browsers_and_joins_the_same():
    lines = [line(), line(agent="Mozilla/5.0 (Windows NT 10.0)"), line(ip="198.51.100.3")]
    ids = read_combined(lines, "UTC", KEY).events["visitor_id"].tolist()
    assert ids[0] == ids[2] != ids[1]


REST = '[12/Apr/2026:14:50:12 +0200] "GET /a HTTP/1.1" 200 2326'
AGENT = f'"-" "{PHONE}"'


@pytest.mark.parametrize(
    "form",
    [
        "{ip} - - " + f"{REST} {AGENT}",
        "{ip} - - " + REST,
        "{ip} - Jan Peeters " + f"{REST} {AGENT}",
        "shop.example:443 {ip} - - " + f"{REST} {AGENT}",
        "shop.example {ip} - - " + REST,
        "192.0.2.9:443 {ip} - - " + f"{REST} {AGENT}",
        "{ip}, 10.0.0.1, 10.0.0.2 - - " + f"{REST} {AGENT}",
        '"{ip}, 10.0.0.1" - - ' + f"{REST} {AGENT} 0.123",
        "- {ip} - - " + f"{REST} {AGENT}",
        "unknown, {ip} - - " + REST,
        "10.0.0.1 - - " + REST + ' "-" "x" "{ip}, 10.0.0.7"',
        "{ip} - - " + f'{REST} {AGENT} "-"',
        "{ip} - - " + f"{REST} {AGENT} 0.004 0.003 12345",
        "{ip} - - " + f'{REST} {AGENT} "10.0.0.9:8080"',
        "{ip}:50123 - - " + f"{REST} {AGENT}",
    ],
)
def test_the_visitor_is_found_in_every_form_of_a_log(form: str):
    lines = [form.format(ip=f"81.{i}.7.9") for i in range(40)]
    read = read_combined(lines, "UTC", KEY)
    assert read.events["ip_address"].tolist() == [f"81.{i}.7.0" for i in range(40)]
    assert read.events["visitor_id"].nunique() == 40


def test_names_of_hosts_tell_visitors_apart_and_are_not_kept():
    lines = [f"host-{i}.isp.example - - {REST} {AGENT}" for i in range(5)] + [f"shop.example:80 h7.isp.example - - {REST} {AGENT}"]
    events = read_combined(lines, "UTC", KEY).events
    assert events["visitor_id"].nunique() == 6 and events["ip_address"].isna().all() and "isp" not in events.to_csv()


@given(st.lists(st.text(max_size=300), max_size=20))
def test_log_survives_any_text(lines):
    read = read_combined(lines, "UTC", KEY)
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
            {"key": "page_location", "value": {"string_value": "https://x.example/a/b?x=1", "int_value": None}},
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
    one, two = (canonical(from_ga4([nested], "Europe/Brussels")), canonical(from_ga4([flat], "Europe/Brussels")))
    pd.testing.assert_frame_equal(one, two)
    row = one.iloc[0]
    assert (len(one), row["page_path"], row["device"], row["event_type"]) == (1, "/a/b", "computer", "page view")
    assert row["event_time"] == pd.Timestamp("2026-01-01 01:00:00")
