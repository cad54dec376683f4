"""Sample client 'college' (case C): a made-up university college, its web events after the summer.

    python data/sample/generators/college.py [folder]

rewrites the files of data/sample/college (or of `folder`), byte for byte the same every time.

What is planted, to be found again (the realised numbers go to TRUTH.json):
- Four kinds of visitors with pages, hours, devices and campaigns of their own: first-time students,
  lateral entrants, staff, companies. All of them also look at the home page, contact and campuses, and
  now and then at a page meant for somebody else.
- Each kind has words that only its pages hold. A fifth persona of the marketing department (press) does
  not come to the site at all: it must not be matched.
- Conversions (brochure, enrolment request, contact request) differ by kind. They stand in an export of
  their own and also among the events, on thank-you pages that must not help to make segments.
- Noise: touches and scrolling of the mobile visitors, about half of all rows; five robots that open
  pages faster than anybody reads; visitors who look at one page and leave.
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from college_words import COMMON, CONVERTS, KINDS, PLACES, Kind
from common import DUTCH, write_csv

SEED = 20220930
FIRST, DAYS = datetime(2022, 8, 16), 46  # up to and including 30 September 2022
HOST = "https://www.hogeschool.example"
HEADER = [
    "Profiel-ID",
    "Tijdstip",
    "Volledig pad",
    "Type gebeurtenis",
    "Toestel",
    "Schermresolutie",
    "Besturingssysteem",
    "Taal besturingssysteem",
    "Plaats",
]
SCREENS = {
    "mobile": ("390x844", "412x915", "360x800"),
    "computer": ("1920x1080", "1536x864", "2560x1440"),
    "tablet": ("810x1080", "820x1180"),
}
SYSTEMS = {"mobile": ("iOS", "Android"), "computer": ("Windows", "macOS"), "tablet": ("iOS", "Android")}
ELSEWHERE, ONE_PAGE, ROBOTS, ROBOT_PAGES = 0.06, 0.08, 5, 45


def context(rng: np.random.Generator, kind: Kind) -> datetime:
    """The start of a visit, in the hours and days of this kind."""
    while True:
        day = FIRST + timedelta(days=int(rng.integers(DAYS)))
        if day.weekday() < 5 or rng.random() < kind.weekend:
            hour = int(rng.choice(kind.hours))
            return day + timedelta(hours=hour, minutes=int(rng.integers(60)), seconds=int(rng.integers(60)))


def page(rng: np.random.Generator, kind: Kind) -> str:
    """A page of this kind, one for everybody, or by accident one of another kind."""
    drawn = rng.random()
    if drawn < ELSEWHERE:
        kind = KINDS[int(rng.integers(len(KINDS)))]
    elif drawn < 0.28:
        return str(rng.choice(COMMON))
    loved = 1 / (1 + 0.25 * np.arange(len(kind.pages)))  # the first pages of a kind are the most loved
    return str(rng.choice(kind.pages, p=loved / loved.sum()))


def browser(rng: np.random.Generator, kind: Kind) -> list[str]:
    """Device, screen, system, language and place: the same for a whole visitor."""
    device = str(rng.choice(["mobile", "computer", "tablet"], p=kind.devices))
    language = "nl-BE" if rng.random() < 0.9 else str(rng.choice(["en-US", "fr-BE"]))
    return [
        device,
        str(rng.choice(SCREENS[device])),
        str(rng.choice(SYSTEMS[device])),
        language,
        str(rng.choice(PLACES)),
    ]


def noise(rng: np.random.Generator, time: datetime, device: str) -> list[tuple[datetime, str]]:
    """What fingers and wheels report while a page is read."""
    if device == "computer":
        types = ["scroll"] * int(rng.random() < 0.5)
    else:
        types = ["touchstart", "touchend"] * int(rng.random() < 0.7) + ["scroll"] * int(rng.random() < 0.4)
    return [(time + timedelta(seconds=2 + at), name) for at, name in enumerate(types)]


def visit_rows(rng: np.random.Generator, visitor: str, kind: Kind, own: list[str], pages: int) -> list[tuple]:
    """The events of one visit: page views, clicks and noise; campaign tags on the first page only."""
    time, rows = context(rng, kind), []
    for step in range(pages):
        path = HOST + ("/" if step == 0 and rng.random() < 0.35 else page(rng, kind))
        if step == 0 and kind.campaigns and rng.random() < 0.5:
            source, medium = kind.campaigns[int(rng.integers(len(kind.campaigns)))]
            path += f"?utm_source={source}&utm_medium={medium}"
        rows.append((time, visitor, path, "pageview", *own))
        rows += [(when, visitor, path, name, *own) for when, name in noise(rng, time, own[0])]
        if rng.random() < 0.12:
            rows.append((time + timedelta(seconds=9), visitor, path, "click", *own))
        time += timedelta(seconds=int(rng.integers(12, 170)))
    return rows


def visitor_rows(rng: np.random.Generator, visitor: str, kind: Kind) -> tuple[list[tuple], list[tuple]]:
    """All events of one visitor, and the conversions."""
    own = browser(rng, kind)
    if rng.random() < ONE_PAGE:
        return visit_rows(rng, visitor, kind, own, 1), []
    rows = []
    for _ in range(int(rng.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))):
        rows += visit_rows(rng, visitor, kind, own, int(rng.integers(3, 7)))
    if rng.random() >= kind.converts:
        return rows, []
    outcome = str(rng.choice(kind.outcomes))
    when = max(row[0] for row in rows) + timedelta(seconds=40)
    rows.append((when, visitor, f"{HOST}/bedankt/{CONVERTS[outcome]}", "pageview", *own))
    rows.append((when + timedelta(seconds=1), visitor, f"{HOST}/bedankt/{CONVERTS[outcome]}", outcome, *own))
    return rows, [(when, visitor, outcome)]


def robot_rows(rng: np.random.Generator, visitor: str) -> list[tuple]:
    """Every page there is, one per second."""
    start = FIRST + timedelta(days=int(rng.integers(DAYS)), hours=3)
    pages = [*COMMON, *(one for kind in KINDS for one in kind.pages)]
    own = ["computer", "800x600", "Linux", "en-US", ""]
    return [
        (start + timedelta(seconds=at), visitor, HOST + str(rng.choice(pages)), "pageview", *own)
        for at in range(ROBOT_PAGES)
    ]


def time_text(time: datetime) -> str:
    """As the dashboard of the site writes it."""
    return time.strftime("%d-%m-%Y, %H:%M:%S")


def truth(kinds: dict[str, Kind], rows: list[tuple], outcomes: list[tuple], robots: list[str]) -> dict:
    """What was planted, with the numbers that came out."""
    personas = {}
    for kind in KINDS:
        visitors = {one for one, other in kinds.items() if other is kind}
        personas[kind.name] = {
            "visitors": len(visitors),
            "words": list(kind.words),
            "converted": sum(one in visitors for _, one, _ in outcomes),
        }
    return {
        "seed": SEED,
        "events": len(rows),
        "page_views": sum(row[3] == "pageview" for row in rows),
        "noise": sum(row[3] in ("touchstart", "touchend", "scroll") for row in rows),
        "robots": robots,
        "visitors": len(kinds),
        "outcomes": len(outcomes),
        "personas": personas,
        "outcome_paths": ["/bedankt"],
        "persona_without_visitors": "Pers",
    }


def generate(folder: Path) -> None:
    """Draw the client once and write all of its files."""
    rng = np.random.default_rng(SEED)
    drawn = [kind for kind in KINDS for _ in range(kind.visitors)]
    numbers = rng.permutation(np.arange(100_000, 999_999))[: len(drawn) + ROBOTS]
    ids = [f"P{number}" for number in numbers]
    kinds = dict(zip(ids, drawn, strict=False))
    rows, outcomes = [], []
    for visitor, kind in kinds.items():
        own, converted = visitor_rows(rng, visitor, kind)
        rows, outcomes = rows + own, outcomes + converted
    robots = sorted(ids[len(drawn) :])
    rows += [row for robot in robots for row in robot_rows(rng, robot)]
    rows.sort(key=lambda row: (row[0], row[1]))
    folder.mkdir(parents=True, exist_ok=True)
    events = [[row[1], time_text(row[0]), *row[2:]] for row in rows]
    write_csv(folder / "web_events.csv", HEADER, events, DUTCH)
    done = [[one, time_text(when), outcome] for when, one, outcome in sorted(outcomes)]
    write_csv(folder / "conversies.csv", ["Profiel-ID", "Tijdstip", "Conversie"], done, DUTCH)
    planted = [[one, kinds[one].name] for one in sorted(kinds)]
    write_csv(folder / "truth_visitors.csv", ["Profiel-ID", "Persona"], planted, DUTCH)
    text = json.dumps(truth(kinds, rows, outcomes, robots), indent=1, ensure_ascii=False)
    (folder / "TRUTH.json").write_bytes((text + "\n").encode())


if __name__ == "__main__":
    here = Path(__file__).parents[1] / "college"
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
