"""Ten kinds of client whose exports nobody has declared: each a seeded generator, its right client.yml, and the truth apart from it."""

from collections.abc import Callable
from pathlib import Path

from tests.support.doors_worlds.baskets import write_baskets
from tests.support.doors_worlds.languages import write_languages
from tests.support.doors_worlds.outside_test import write_outside_test
from tests.support.doors_worlds.python_export import write_python_export
from tests.support.doors_worlds.records import World
from tests.support.doors_worlds.supermarket import write_supermarket
from tests.support.doors_worlds.telephone import write_telephone
from tests.support.doors_worlds.text_listing import write_text_listing
from tests.support.doors_worlds.web_log import write_web_log
from tests.support.doors_worlds.workbook import write_workbook
from tests.support.doors_worlds.yearly import write_yearly

WORLDS: dict[str, Callable[[Path, int], World]] = {
    "baskets": write_baskets,
    "telephone": write_telephone,
    "outside_test": write_outside_test,
    "supermarket": write_supermarket,
    "yearly": write_yearly,
    "web_log": write_web_log,
    "python_export": write_python_export,
    "text_listing": write_text_listing,
    "workbook": write_workbook,
    "languages": write_languages,
}
