"""Addresses of pages with planted personal values of 40 kinds, in every place and coding; and pages in which nothing is wrong."""

from __future__ import annotations

import base64
import random
import string
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

FIRST = "jan lotte emma noah fatima mohamed sven ingrid zoe pierre elodie hans greta oluwaseun xiang".split()
LAST = "peeters janssens devries vandenberghe dubois lefevre schmidt muller elidrissi okafor nguyen kowalski".split()
HOSTS = ("gmail.com", "telenet.be", "firma-nv.be", "mail.example.co.uk", "xn--bcher-kva.example", "proton.me")
KEYS = (
    "jsessionid PHPSESSID sid s token key code auth gclid fbclid msclkid access_token session_id ASPSESSIONIDQQ state sig api_key uid"
).split()
B62, B36, HEX = string.ascii_letters + string.digits, string.ascii_lowercase + string.digits, "0123456789abcdef"


@dataclass(frozen=True)
class Planted:
    """An address, the kind of value in it, and the pieces of that value that must not come out."""

    kind: str
    address: str
    pieces: tuple[str, ...]


def _drawn(rng: random.Random, signs: str, n: int) -> str:
    """Return random signs with a digit and a letter among them, as a session id or key has."""
    while True:
        text = "".join(rng.choice(signs) for _ in range(n))
        if any(sign.isdigit() for sign in text) and any(sign.isalpha() for sign in text):
            return text


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(n))


def _person(rng: random.Random) -> tuple[str, str]:
    return rng.choice(FIRST) + rng.choice(["", "", "ke"]), rng.choice(LAST) + rng.choice(["", "", "mans"])


def _email(rng: random.Random) -> str:
    first, last = _person(rng)
    return f"{first}{rng.choice(['.', '_', '-', ''])}{last}{rng.choice(['', '', _digits(rng, 2)])}@{rng.choice(HOSTS)}"


def _ip(rng: random.Random) -> str:
    return ".".join(str(rng.randrange(11, 255)) for _ in range(4))


def _ip6(rng: random.Random) -> str:
    groups = [f"{rng.randrange(0x100, 0xFFFF):x}" for _ in range(8)]
    groups[0] = rng.choice(["2001", "2a02", "fd00"])
    cut = rng.choice([0, 2, 3, 4])
    return ":".join(groups) if not cut else ":".join(groups[:cut]) + "::" + ":".join(groups[-rng.randrange(1, 3) :])


def _phone(rng: random.Random) -> str:
    d = _digits(rng, 8)
    forms = (
        f"+32 4{d[:2]} {d[2:4]} {d[4:6]} {d[6:]}",
        f"+32-4{d[:2]}-{d[2:5]}{d[5:]}",
        f"06-{d}",
        f"06 {d[:4]} {d[4:]}",
        f"04{d[:2]}/{d[2:4]}.{d[4:6]}.{d[6:]}",
        f"0032{d}1",
        f"04{d}",
        f"+31(0)6{d}",
        f"02 {d[:3]} {d[3:5]} {d[5:7]}",
        f"0{d[0]}.{d[1:3]}.{d[3:5]}.{d[5:7]}.{d[6:]}",
        f"+44 7{d[:3]} {d[3:]}1",
        f"32 4{d[:2]} {d[2:4]} {d[4:6]} {d[6:]}",
    )
    return rng.choice(forms)


def _iban(rng: random.Random) -> str:
    code = rng.choice(
        [
            f"BE{_digits(rng, 14)}",
            f"NL{_digits(rng, 2)}ABNA{_digits(rng, 10)}",
            f"DE{_digits(rng, 20)}",
            f"GB{_digits(rng, 2)}NWBK{_digits(rng, 14)}",
            f"FR{_digits(rng, 23)}",
        ]
    )
    grouped = rng.choice(["", "", " ", "-", "."])
    code = grouped.join(code[i : i + 4] for i in range(0, len(code), 4))
    return rng.choice([code, code.lower()])


def _birth(rng: random.Random) -> str:
    y, m, d = rng.randrange(1930, 2009), rng.randrange(1, 13), rng.randrange(1, 29)
    month = rng.choice(["maart", "mei", "juli", "Jan", "oct"])
    return rng.choice(
        [
            f"{y}-{m:02}-{d:02}",
            f"{d:02}-{m:02}-{y}",
            f"{d:02}/{m:02}/{y}",
            f"{d}.{m}.{y}",
            f"{y}{m:02}{d:02}",
            f"{d:02}{m:02}{y}",
            f"{d}-{month}-{y}",
        ]
    )


def _jwt(rng: random.Random) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(f'{{"sub":"{_email(rng)}","iat":{_digits(rng, 10)}}}'.encode()).decode().rstrip("=")
    return f"{head}.{body}.{_drawn(rng, B62 + '-_', 43)}"


def _wide(text: str) -> str:
    return text.replace("@", "\uff20").replace(".", "\uff0e")


def _hidden(rng: random.Random, text: str) -> str:
    at = rng.randrange(1, len(text))
    return text[:at] + rng.choice(["\u200b", "\u00ad", "\u2060", "\ufeff"]) + text[at:]


def _cased(rng: random.Random, text: str) -> str:
    return "".join(rng.choice([sign.upper(), sign]) for sign in text)


def _card(rng: random.Random) -> str:
    return rng.choice(["", " ", "-"]).join(["4" + _digits(rng, 3), *(_digits(rng, 4) for _ in range(3))])


def _national(rng: random.Random) -> str:
    a, b = _digits(rng, 6), _digits(rng, 5)
    return rng.choice([f"{a[:2]}.{a[2:4]}.{a[4:]}-{b[:3]}.{b[3:]}", a + b, f"{a}-{b[:3]}-{b[3:]}", "1" + a + b[:2]])


VALUES = {
    "email": _email,
    "plus email": lambda rng: _email(rng).replace("@", f"+{rng.choice(['news', 'shop', 'x1'])}@"),
    "email in capitals": lambda rng: _cased(rng, _email(rng)),
    "email with a wide @": lambda rng: _wide(_email(rng)),
    "email with an invisible sign": lambda rng: _hidden(rng, _email(rng)),
    "email with [at]": lambda rng: _email(rng).replace("@", rng.choice(["[at]", "(at)", "_at_"])),
    "email with letters of the world": lambda rng: f"zoë.{_person(rng)[1]}@bücher{rng.randrange(99)}.example",
    "email with a name": lambda rng: f"{' '.join(_person(rng))} <{_email(rng)}>",
    "handle": lambda rng: "@" + "".join(_person(rng)),
    "ipv4": _ip,
    "ipv4 with a port": lambda rng: f"{_ip(rng)}:{rng.randrange(1024, 9999)}",
    "ipv4 in ipv6": lambda rng: f"::ffff:{_ip(rng)}",
    "ipv6": _ip6,
    "ipv6 in brackets": lambda rng: f"[{_ip6(rng)}]",
    "ipv6 in capitals": lambda rng: _ip6(rng).upper(),
    "ipv6 with a zone": lambda rng: f"fe80::{rng.randrange(0x100, 0xFFFF):x}:{rng.randrange(0x100, 0xFFFF):x}%eth0",
    "hardware address": lambda rng: ":".join(f"{rng.randrange(256):02x}" for _ in range(6)),
    "phone": _phone,
    "iban": _iban,
    "card": _card,
    "national number": _national,
    "date of birth": _birth,
    "uuid": lambda rng: str(UUID(int=rng.getrandbits(128))),
    "uuid in capitals": lambda rng: str(UUID(int=rng.getrandbits(128))).upper(),
    "uuid without dashes": lambda rng: UUID(int=rng.getrandbits(128)).hex,
    "jwt": _jwt,
    "hex of 16": lambda rng: _drawn(rng, HEX, 16),
    "hex of 40": lambda rng: _drawn(rng, HEX, 40),
    "hex of 24 in capitals": lambda rng: _drawn(rng, HEX, 24).upper(),
    "base64": lambda rng: base64.b64encode(_email(rng).encode()).decode(),
    "base64 for addresses": lambda rng: base64.urlsafe_b64encode(rng.randbytes(rng.randrange(15, 40))).decode(),
    "base64 of bytes": lambda rng: base64.b64encode(rng.randbytes(rng.randrange(15, 40))).decode(),
    "base62 of 16": lambda rng: _drawn(rng, B62, 16),
    "base36 of 20": lambda rng: _drawn(rng, B36, 20),
    "php session": lambda rng: _drawn(rng, B36, 26),
    "java session": lambda rng: f"{_drawn(rng, HEX, 32).upper()}.node{rng.randrange(9)}",
    "click id": lambda rng: rng.choice(["Cj0KCQjw", "EAIaIQobChMI", "IwAR"]) + _drawn(rng, B62 + "-_", 40),
    "voucher": lambda rng: "-".join(_drawn(rng, string.ascii_uppercase + string.digits, 4) for _ in range(3)),
    "timestamped id": lambda rng: f"GA1.2.{_digits(rng, 9)}1.1{_digits(rng, 9)}",
}
# Kinds that are personal by where they stand; in the path they look as words do.
BY_PLACE = {
    "name": lambda rng: rng.choice([" ", "+", ".", "-"]).join(_person(rng)),
    "short key": lambda rng: _drawn(rng, B36, rng.randrange(8, 12)),
    "customer number": lambda rng: _digits(rng, rng.randrange(5, 9)),
    "free text": lambda rng: f"cadeau voor {' '.join(_person(rng))}",
    "street": lambda rng: f"{rng.choice(LAST)}straat {rng.randrange(1, 99)}",
}
PAGES = ("/", "/opleidingen/verpleegkunde", "/shop/dames/jurken", "/nl/product/rode-trui", "/blog/2026/05/lente")


def personal_addresses(seed: int, per_kind: int = 40) -> list[Planted]:
    """Return addresses with one personal value each.

    Parameters
    ----------
    seed : of everything drawn.
    per_kind : how many values of each of the kinds.
    """
    rng = random.Random(seed)
    planted = [_planted(rng, kind, make(rng), in_path=True) for kind, make in VALUES.items() for _ in range(per_kind)]
    planted += [_planted(rng, kind, make(rng), in_path=False) for kind, make in BY_PLACE.items() for _ in range(per_kind)]
    return planted


def _planted(rng: random.Random, kind: str, value: str, in_path: bool) -> Planted:
    page, key, text = rng.choice(PAGES).rstrip("/"), rng.choice(KEYS), value
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        text = _encoded(rng, text)
    if not set("/?#") & set(text) or "%" not in text:
        text = text.replace("?", "%3F").replace("#", "%23")
    path_text = text.replace("/", "%2F") if "/" in value else text
    query = [
        f"{page}?{key}={text}",
        f"{page}?naam={text}&utm_source=mail",
        f"{page}/zoek?q={text}",
        f"{page}#{text}",
        f"{page}#/x?e={text}",
    ]
    params = [
        f"{page}/x;{key}={text}",
        f"{page}/x;v=1;{rng.choice(['naam', 'email'])}={text}?a=1",
        f"{page}/x%3F{key}%3D{text}",
        f"{page}/x%23{text}",
    ]
    paths = [
        f"{page}/{path_text}",
        f"{page}/mijn/{path_text}/gegevens",
        f"{page}/reset/{path_text}",
        f"{page}/{path_text}.html",
        f"{page}/van-{path_text}",
        f"{page}/{key}={path_text}/x",
        f"{page}/x?utm_campaign={text}",
        f"https://www.shop.example{page}/{path_text}?utm_medium=mail",
    ]
    named = [f"{page}/{rng.choice(['naam', 'name', 'q', 'token', 'uid'])}={path_text}/x"]
    return Planted(kind, rng.choice([*query, *params, *(paths if in_path else named)]), _pieces(value))


def _encoded(rng: random.Random, text: str) -> str:
    every = rng.random() < 0.3
    if every:
        return "".join(f"%{octet:02{rng.choice('xX')}}" for octet in text.encode())
    return quote(text, safe=rng.choice(["", "@:", "/"]))


def _pieces(value: str) -> tuple[str, ...]:
    """Return the value's own signs, and for a long one every run of 8 of them."""
    signs = bare(value)
    return tuple({signs[i : i + 8] for i in range(max(1, len(signs) - 7))})


def bare(text: str) -> str:
    """Return letters and digits only, in small letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


_WORDS = {
    "nl": "jurk trui schoenen laarzen winterjas keukenmachine verpleegkunde bachelor arbeidsongeschiktheidsverzekering kinderkamer bank",
    "en": "dress shoes winter coat kitchen nursing accounting insurance sale strengths rhythm of the best for men women",
    "de": "kleid schuhe winterjacke krankenpflege rechtsschutzversicherung angebote damen herren",
    "fr": "robe chaussures manteau comptabilité soldes femme homme à-la-une",
}
_CODES = (
    "iphone-15-pro-max wh-1000xm5 sm-s918b rtx4070ti b2b a4 ps5 usb-c 4k-tv xbox-one 256gb 12x500ml mk2n3nf 2in1 covid19 h264 en13432 5g"
).split()
_BRANDS = (
    "nike-air-max-90 adidas-samba-og lego-10497 levis-501 bosch-mum5 philips-xxl-airfryer"
    " samsung-galaxy-s24-ultra mcdonalds dr-martens-1460"
).split()


def clean_paths(seed: int, n: int = 4000) -> list[str]:
    """Return paths that must stay as they are: categories, products, article numbers, years, sizes, versions, languages, pages of news."""
    rng = random.Random(seed)
    return [rng.choice(_CLEAN)(rng) for _ in range(n)]


def _slug(rng: random.Random, most: int = 5) -> str:
    words = _WORDS[rng.choice(list(_WORDS))].split()
    return "-".join(rng.choice(words) for _ in range(rng.randrange(1, most + 1)))


_CLEAN = (
    lambda rng: f"/{rng.choice(['nl', 'fr', 'en-gb', 'nl_BE', 'de'])}/{_slug(rng, 2)}/{_slug(rng)}",
    lambda rng: f"/product/{rng.choice(_BRANDS)}-{_slug(rng, 2)}-{rng.randrange(1000, 10**7)}",
    lambda rng: f"/p/{rng.randrange(1000, 10 ** rng.randrange(4, 9))}",
    lambda rng: f"/artikel/{rng.choice(_CODES)}-{rng.choice(_CODES)}/{_slug(rng)}.html",
    lambda rng: f"/nieuws/{rng.randrange(2012, 2027)}/{rng.randrange(1, 13):02}/{rng.randrange(1, 29):02}/{_slug(rng)}",
    lambda rng: f"/agenda/{rng.randrange(2015, 2027)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}-{_slug(rng)}",
    lambda rng: f"/docs/v{rng.randrange(9)}.{rng.randrange(30)}.{rng.randrange(30)}/{_slug(rng)}",
    lambda rng: f"/kleding/maat-{rng.randrange(34, 48)}-{rng.randrange(34, 48)}/kleur-{_slug(rng, 1)}",
    lambda rng: f"/{_slug(rng, 2).title()}/{_slug(rng).title()}",
    lambda rng: "/" + quote(_slug(rng) + rng.choice([" & meer", "'s avonds", " é", " (nieuw)"])),
    lambda rng: f"/pagina/{rng.randrange(1, 500)}",
    lambda rng: f"/c/{_slug(rng, 2)}/filter/kleur={rng.choice(['rood', 'blauw'])}/maat={rng.randrange(34, 48)}",
    lambda rng: f"/OverOns{rng.choice(['Team', 'Nieuws', 'Contact', 'McDonalds'])}/index.php",
    lambda rng: f"/account/{rng.choice(['orders', 'login', 'wishlist', 'adressen'])}",
    lambda rng: f"/{rng.choice(['bestelling', 'inschrijven', 'checkout'])}/stap-{rng.randrange(1, 6)}",
    lambda rng: f"/verslag-{rng.randrange(1990, 2026)}-{rng.randrange(1990, 2026)}/{_slug(rng)}",
    lambda rng: f"/zoek/{_slug(rng, 3)}",
    lambda rng: f"/{_slug(rng)}_{rng.choice(_CODES).upper()}/",
)
