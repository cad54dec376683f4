"""What a column may be: an id, dates, numbers, a flag or text; and every way to read it that its cells leave open."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from helpers.core.wording import _
from helpers.sources.draft.date_readings import MAJORITY, date_readings
from helpers.sources.draft.records import ColumnKind, SeenColumn
from helpers.sources.draft.shapes import source_like
from helpers.sources.ids import EMPTY_WORDS
from helpers.sources.parse import number_pattern
from helpers.sources.problems import shown

_PAIRS = ((",", "."), (".", ","), (",", " "), (".", " "), (".", "'"), (",", "'"), (",", ""), (".", ""))
_BELOW_ONE = re.compile(r"[-+( ]*0[.,' ]\d")
_MASK = str.maketrans("123456780\u00a0\u202f\u2019", "999999999  '")
_MINUSES = ("front", "behind", "brackets")
_SIGNS = {"kr", "kr.", "eur", "euro", "usd", "gbp", "sek", "nok", "dkk", "chf", "pln", "zł", "kč", "czk", "ft", "huf", "%"}
_SIGN = re.compile(r"^[-\u2212+(]?\s*([^\d\s,'()+\u2212-]{1,4})(?=[\s\d(+\u2212-])|(?<=[\s\d)\u2212-])([^\d\s,'()+\u2212-]{1,4})\)?-?$")
_FLAGS = [
    set(pair.split())
    for pair in (
        "yes no,y n,ja nee,ja nein,ja nej,j n,oui non,o n,true false,t f,waar onwaar,wahr falsch,vrai faux,sant falskt,"
        "si no,sim não,on off,1 0,x,vrai faux,aan uit"
    ).split(",")
]
_WHOLE = re.compile(r"\d+(?:\.0)?|\d(?:\.\d+)?e\+\d\d")  # 17850.0 and 1e+05 as Python and R write them
_NO_DAY = re.compile(r"0{4}([-/.])00\1 ?00(?: 00:00(?::00)?)?|00([-/.])00\2(?:00)?00(?: 00:00(?::00)?)?|0{8}")
_COUNTS = re.compile(
    r"aantal|antal|anzahl|menge|qty|quantity|nombre|count|bedrag|amount|total|betrag|belopp|omzet|umsatz|summ?a|som\b|prijs|price|preis|"
    r"\bpris|prix|kost|cost|korting|discount|rabatt?|score|leeftijd|age\b|alter|ålder|jaar|year|jahr|\bår|visits|recency|frequency|uren|hours",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:nr|no|num|nummer|number|id|code|key|sku|ean|gtin|ref|reference|zip|plz|iban|vat|btw)\b|_id\b|id$|^id|nummer|number|numéro|code$|"
    r"klant|kund|customer|client|debit|post|artik|product|order|faktu|invoice|bestel|beleg|telef|phone|mobile",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Column:
    """A column as seen, why, and what it asks of its source: minus, number_signs, empty_words.

    ``free_decimal`` says that no decimal mark stands in it, so that any will do.
    """

    seen: SeenColumn
    evidence: str
    asks: dict[str, Any] = field(default_factory=dict)
    free_decimal: bool = False


def seen_column(name: str, cells: Sequence[str], everything: Sequence[str], typed: str = "") -> Column:
    """Return what a column is, from a sample of its cells.

    Parameters
    ----------
    name : the column.
    cells : the cells to give on, stripped; "" where empty.
    everything : every cell that was read.
    typed : "number" where the file itself says that the cells are numbers: then they are no dates written in digits.
    """
    counts = Counter(everything)
    counts.pop("", None)
    words = {cell for cell in counts if cell.lower() in EMPTY_WORDS or _NO_DAY.fullmatch(cell)}
    solid = Counter({cell: count for cell, count in counts.items() if cell not in words})
    if not solid:
        return Column(SeenColumn(name, tuple(cells), "empty"), _("no cell is filled"))
    low = {cell.lower() for cell in solid}
    if any(low <= pair for pair in _FLAGS) and not (len(low) == 1 and len([*low][0]) == 1 and low != {"x"}):
        return Column(SeenColumn(name, tuple(cells), "flag"), _("only the words {words}").format(words=", ".join(sorted({*solid}))))
    dated = date_readings(name, solid)
    if dated and not (typed == "number" and dated.forms != ("excel",)):
        asks = {"empty_words": sorted(words)} if words else {}
        evidence = _fitting(_("dates of the form {forms}").format(forms=_forms(dated.forms)), dated.share, dated.misfits, solid)
        return Column(SeenColumn(name, tuple(cells), "date", dated.forms), evidence, asks)
    numbers = _numbers(solid)
    if numbers and not any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in solid):
        gone = set(numbers.misfits)
        whole = Counter({cell: count for cell, count in solid.items() if cell not in gone and _WHOLE.fullmatch(cell)})
        # Numbers among which some have letters, such as C536379 for a credit note, are ids too.
        if len(whole) == len(solid) - len(gone) and (any(map(_has_letters, gone)) or _names_things(name, whole)):
            return Column(SeenColumn(name, tuple(cells), "id"), _("whole numbers that name something"))
        asks = numbers.asks | ({"empty_words": sorted(words)} if words else {})
        sample = shown(max(solid, key=lambda cell: (len(cell), cell)))
        evidence = _fitting(_("numbers such as {cell}").format(cell=sample), numbers.share, numbers.misfits, solid)
        if len(numbers.readings) > 1:
            evidence += _("; they fit {pairs}").format(pairs=_(" and ").join(f"decimal {d!r} thousands {t!r}" for d, t in numbers.readings))
        return Column(SeenColumn(name, tuple(cells), "number", numbers.readings), evidence, asks, numbers.free_decimal)
    kind, evidence = _id_or_text(solid)
    return Column(SeenColumn(name, tuple(cells), kind), evidence)


def number_readings(counts: Counter[str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of decimal mark and mark between thousands that most cells fit; none where they are no numbers.

    Parameters
    ----------
    counts : filled cells, and how often each stands there.
    """
    numbers = _numbers(counts) if counts else None
    return numbers.readings if numbers else ()


def blanked(column: SeenColumn, words: Sequence[str]) -> SeenColumn:
    """Return a column in which the words that stand for an empty cell are empty cells."""
    if column.kind in ("id", "text") and not words:
        return column
    gone = set(words)
    return replace(column, cells=tuple("" if cell in gone else cell for cell in column.cells))


def _forms(forms: Sequence[Any]) -> str:
    return _(" or ").join(form if isinstance(form, str) else ", ".join(form) for form in forms)


def _fitting(text: str, share: float, misfits: Sequence[str], counts: Counter[str]) -> str:
    if not misfits:
        return text
    count = sum(counts[cell] for cell in misfits)
    examples = ", ".join(shown(cell) for cell in misfits[:3])
    return _("{text}; {count} of {total} cells do not fit, such as {examples}").format(
        text=text, count=count, total=sum(counts.values()), examples=examples
    )


@dataclass(frozen=True)
class _Numbers:
    """The pairs of marks that most cells fit, and what the source must declare for them."""

    readings: tuple[tuple[str, str], ...]
    asks: dict[str, Any]
    share: float
    misfits: tuple[str, ...]
    free_decimal: bool


def _numbers(counts: Counter[str]) -> _Numbers | None:
    signs = {
        sign
        for cell in [*counts][:2_000]
        if (match := _SIGN.search(cell))
        for sign in match.groups()
        if sign and (sign.lower() in _SIGNS or unicodedata.category(sign[0]) == "Sc" and len(sign) == 1)
    }
    masks: dict[str, list[str]] = {}
    for cell in counts:
        bare = cell
        for sign in signs:
            bare = bare.replace(sign, "")
        mask = bare.translate(_MASK)
        masks.setdefault(mask.replace("9", "0", 1) if _BELOW_ONE.match(bare) else mask, []).append(cell)
    weight = {mask: sum(counts[cell] for cell in cells) for mask, cells in masks.items()}
    total, fits = sum(weight.values()), {}
    if sum(weight[mask] for mask in masks if "9" in mask and sum(letter.isalpha() for letter in mask) <= 1) < MAJORITY * total:
        return None
    for minus in _MINUSES:
        for pair in _PAIRS:
            pattern = _pattern(*pair, minus)
            # No thousands begin with a nought: 0,462 is less than one.
            there = {mask for mask in masks if pattern.search(mask) and not (pair[1] and mask.lstrip("-+( ").startswith("0" + pair[1]))}
            if not pair[1] or any(pair[1] in mask.strip() for mask in there):
                fits[minus, pair] = there
    share = {key: sum(weight[mask] for mask in there) / total for key, there in fits.items()}
    best = max(share.values())
    if best < MAJORITY:
        return None
    minus = next(minus for minus in _MINUSES if any(share.get((minus, pair)) == best for pair in _PAIRS))
    readings = tuple(pair for pair in _PAIRS if share.get((minus, pair)) == best)
    # Where no decimal mark stands, as in 1 250, readings that differ by it alone say the same.
    free = [pair for pair in readings if not any(pair[0] in mask for mask in fits[minus, pair])]
    readings = tuple(pair for pair in readings if pair not in free or pair[1] not in {other[1] for other in free[: free.index(pair)]})
    there = fits[minus, readings[0]]
    asks = ({"minus": minus} if minus != "front" else {}) | ({"number_signs": sorted(signs)} if signs else {})
    misfits = tuple(cell for mask, cells in masks.items() if mask not in there for cell in cells)
    return _Numbers(readings, asks, best, misfits, len(readings) == 1 and readings[0] in free)


@cache
def _pattern(decimal: str, thousands: str, minus: str) -> re.Pattern[str]:
    return re.compile(number_pattern(source_like(decimal=decimal, thousands=thousands, minus=minus)))


def _names_things(name: str, counts: Counter[str]) -> bool:
    """Whether whole numbers name something, such as customers, rather than count."""
    if _COUNTS.search(name):
        return False
    values = [int(float(cell)) for cell in counts]
    lengths = Counter(len(str(value)) for value in values)
    if _NAMES.search(name) or max(lengths) >= 10:
        return True
    if max(lengths) < 4 or all(1900 <= value < 2100 for value in values):
        return False
    dense = max(values) - min(values) + 1 <= 3 * len(values) and len(values) > 50
    return dense or max(lengths.values()) >= 0.95 * len(values) or len(values) > 0.9 * sum(counts.values()) and len(values) > 20


def _has_letters(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell) and any(letter.isalpha() for letter in cell)


def _id_or_text(counts: Counter[str]) -> tuple[ColumnKind, str]:
    total = sum(counts.values())
    unbroken = sum(count for cell, count in counts.items() if not re.search(r"\s|://", cell)) / total
    digits = sum(count for cell, count in counts.items() if any(letter.isdigit() for letter in cell)) / total
    if unbroken >= MAJORITY and digits >= 0.9 and len(counts) > min(12, 0.2 * total):
        return "id", _("texts with digits and without blanks")
    if unbroken >= MAJORITY and (len(counts) > 0.9 * total or sum("@" in cell for cell in counts) >= MAJORITY * len(counts)) and total > 1:
        return "id", _("texts without blanks that hardly repeat")
    return "text", _("text such as {cell}").format(cell=shown(next(iter(counts))))
