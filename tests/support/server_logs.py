"""A server log as servers write it: pages, their parts, errors, robots, another zone, one escaped quote in ten thousand; and the truth."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BROWSERS = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {_SAFARI} Version/17.5 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {_CHROME} Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0",
    f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {_SAFARI} CriOS/126.0 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 14) {_CHROME} Mobile Safari/537.36 [FBAN/FBIOS;FBAV/400]",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/3.2 TV Safari/537.36",
)
PROGRAMS = ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "python-urllib/3.11", "Go-http-client/2.0", "-")
PARTS = ("/css/site.css", "/js/app.min.js", "/img/logo.svg", "/fonts/a.woff2", "/favicon.ico", "/img/foto.JPG?v=3", "/site.webmanifest")


@dataclass(frozen=True)
class ServerLog:
    """The lines, what must come out of them, and what must come out nowhere."""

    lines: list[str]
    pages: int
    human_pages: int
    human_visitors: int
    not_pages: int
    not_shown: int
    unreadable: int
    secrets: list[str]


def secrets_of(rng: random.Random) -> list[str]:
    """Return what points at a person or a session, as it stands in real addresses."""
    name = "".join(rng.choice("abcdefghijklmnop") for _ in range(8))
    hexes = "".join(rng.choice("0123456789abcdef") for _ in range(32))
    mixed = "".join(rng.choice("aB3dE5fG7hJ9kL2m") for _ in range(24))
    phone, uuid = f"04{rng.randrange(10**8):08}", str(UUID(int=rng.getrandbits(128)))
    return [f"{name}@{name[::-1]}.be", hexes, f"{hexes[:20].upper()}a1", mixed, phone, uuid]


def with_secret(page: str, secret: str, rng: random.Random) -> str:
    """Return a page's address with a secret somewhere in it, as sites and mailing tools put it there."""
    at, twice = secret.replace("@", "%40"), secret.replace("@", "%2540")
    forms = [f"/mijn/{secret}/gegevens", f"{page}?email={secret}&utm_source=nieuwsbrief", f"{page};jsessionid={secret}"]
    return rng.choice([*forms, f"{page}?utm_campaign={secret}", f"/zoek/{at}", f"/zoek/{twice}"])


def server_log(seed: int, people: int = 60, pages_each: int = 8) -> ServerLog:
    """Return a log of some people and as many programs; times in New York, two visitors behind one door are one.

    Parameters
    ----------
    seed : of everything drawn.
    people, pages_each : how many people, and how many pages each opens.
    """
    rng = random.Random(seed)
    zone = timezone(timedelta(hours=-5))
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    lines, secrets = [], []
    counts = dict.fromkeys(("pages", "human_pages", "not_pages", "not_shown", "unreadable"), 0)

    def add(address: str, second: int, request: str, status: int, agent: str, kind: str, referrer: str = "-") -> None:
        moment = (start + timedelta(seconds=second)).astimezone(zone)
        lines.append((second, f'{address} - - [{moment:%d/%b/%Y:%H:%M:%S %z}] "{request}" {status} 512 "{referrer}" "{agent}"'))
        counts[kind] += 1

    for who in range(people):
        address, agent, second = (
            f"81.{who // 250}.{who % 250}.{rng.randrange(1, 255)}",
            BROWSERS[who % len(BROWSERS)],
            rng.randrange(80_000),
        )
        secrets.append(address)
        for _ in range(pages_each):
            second += rng.randrange(20, 300)
            page = rng.choice(["/", "/opleidingen/verpleegkunde", "/contact", "/inschrijven/stap-2", "/nieuws/2026/open-dag"])
            if rng.random() < 0.3:
                secrets.append(rng.choice(secrets_of(rng)))
                page = with_secret(page, secrets[-1], rng)
            add(address, second, f"GET {page} HTTP/1.1", rng.choice([200, 200, 304]), agent, "pages", f"https://x.example/?u={secrets[-1]}")
            counts["human_pages"] += 1
            for part in rng.sample(PARTS, 2):
                add(address, second + 1, f"GET {part} HTTP/1.1", 200, agent, "not_pages")
        add(address, second + 5, "POST /form HTTP/1.1", 200, agent, "not_shown")
        add(address, second + 6, "GET /weg HTTP/1.1", 404, agent, "not_shown")
        robot = PROGRAMS[who % len(PROGRAMS)]
        add(f"66.249.{who % 250}.7", second + 9, "GET /contact HTTP/1.1", 200, robot, "pages")
    add("81.9.9.9", 90_000, 'GET /q\\"uote HTTP/1.1', 200, BROWSERS[0], "pages")
    counts["human_pages"] += 1
    lines.append((90_001, "torn line of a full disk"))
    counts["unreadable"] += 1
    ordered = [line for _second, line in sorted(lines)]
    return ServerLog(ordered, human_visitors=people + 1, secrets=sorted(set(secrets)), **counts)
