"""Words and numbers that people read, in the client's language.

Every such word goes through ``_`` (GNU gettext); English is the source. Numbers, dates and
money go through Babel, so that a Dutch report writes 1.234,50 and an English one 1,234.50.
"""

import gettext as _gettext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol

LOCALE_DIR = Path(__file__).parent / "locale"
DOMAIN = "aim"
# British English writes dates as 30 June 2021, which European readers expect.
_LOCALES = {"en": "en_GB", "nl": "nl_BE", "de": "de_DE", "sv": "sv_SE"}


@dataclass(frozen=True)
class Speech:
    """The language and money in which a report is written."""

    language: str = "en"
    currency: str = "EUR"

    @property
    def locale(self) -> Locale:
        """Babel's locale for the language."""
        return Locale.parse(_LOCALES[self.language])


# A plain global and no context variable: every cell of a notebook may run in a context of its own.
_speech = Speech()


def use(language: str = "en", currency: str = "EUR") -> None:
    """Set the language ("en", "nl", "de" or "sv") and money (ISO 4217 code, such as "EUR") of every word from now on."""
    global _speech
    _speech = Speech(language, currency)


def spoken() -> Speech:
    """Return the language and money in use."""
    return _speech


def languages() -> tuple[str, ...]:
    """Return the languages that can be chosen: English, and every one with a catalogue."""
    translated = {path.parts[-3] for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return ("en", *sorted(translated - {"en"}))


def _(text: str) -> str:
    """Return the text in the client's language (the text itself where none is found)."""
    return _catalogue(_speech.language).gettext(text)


def plural(singular: str, many: str, count: float) -> str:
    """Return the singular or plural form for a count, with ``{n}`` filled in: "3 customers" of "{n} customer" and "{n} customers"."""
    return _catalogue(_speech.language).ngettext(singular, many, int(count)).format(n=number(count))


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=[language], fallback=True)


def number(value: float, digits: int = 0) -> str:
    """Return a number with a fixed count of decimals, in the client's format."""
    return "–" if value != value else format_decimal(_rounded(value, digits), format=_pattern(digits), locale=_speech.locale)


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _rounded(value: float, digits: int) -> float:
    return round(float(value), digits) + 0.0  # -0.0 becomes 0.0


def percent(share: float, digits: int = 0) -> str:
    """Return a share (0 to 1) as percent with a space that does not break, such as "32 %"."""
    return "–" if share != share else f"{number(100 * share, digits)}\u00a0%"


def nearly(share: float) -> str:
    """Return a share (0 to 1) as percent; one that rounds to 100 % without being all of it is "more than 99 %"."""
    return _("more than {share}").format(share=percent(0.99)) if 0.99 < share < 1 else percent(share)


def money(value: float, digits: int = 0) -> str:
    """Return an amount in the client's currency, without cents unless asked for."""
    if value != value:
        return "–"
    pattern = f"¤\u00a0{_pattern(digits)}"
    return format_currency(_rounded(value, digits), _speech.currency, format=pattern, locale=_speech.locale, currency_digits=False)


def money_short(value: float) -> str:
    """Return an amount for a chart label: "€ 17.1 m", "€ 340 k", "€ 85"."""
    size = abs(value)
    for step, mark in ((1e9, _("bn")), (1e6, _("m")), (1e3, _("k"))):
        if size >= step:
            digits = 1 if size < 100 * step and step > 1e3 else 0
            return f"{money(value / step, digits)}\u00a0{mark}"
    return money(value)


def currency_sign() -> str:
    """Return the sign of the client's currency, for a table header."""
    return get_currency_symbol(_speech.currency, locale=_speech.locale)


def day(value: date | datetime) -> str:
    """Return a date in words, such as "30 June 2021"."""
    return format_date(value, format="long", locale=_speech.locale)


def month(value: date | datetime) -> str:
    """Return a month in words, such as "June 2021"."""
    return format_date(value, format="MMMM y", locale=_speech.locale)


def month_short(value: date | datetime) -> str:
    """Return a month for a chart axis, such as "Jun 2021"."""
    return format_date(value, format="MMM y", locale=_speech.locale)


def listing(words: list[str] | tuple[str, ...]) -> str:
    """Return words as a list in prose: "a, b and c"."""
    return format_list(list(words), locale=_speech.locale)


def between(low: str, high: str) -> str:
    """Return a range in words that cannot be read as a minus sign: "3 to 5"."""
    return _("{low} to {high}").format(low=low, high=high)
