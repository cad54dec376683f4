"""Text that a client keeps beside our columns must name no person: it becomes a feature, and stands in reports."""

import re
from typing import Any

from helpers.core.errors import Problem
from helpers.sources.store import Store
from helpers.tables.declared import Source

FEW = 0.01  # share of the cells with an e-mail address from which the column is refused (our convention)
MANY = 0.5  # share of the cells that are a telephone number or a name
FEWEST = 20  # different names; fewer are more likely kinds or places
_EMAIL = r"[^@\s]{1,64}@[^@\s]{1,255}\.[A-Za-z]{2,}"  # bounded as RFC 5321 bounds addresses: a cell of megabytes takes no longer
# With its country code, or with a 0 and marks between the digits: other digits are numbers of something.
_PHONE = r"^(\+|00|\(?0[0-9]{1,3}\)?[ ./-])[0-9 ()./-]{7,20}$"
_NAME = r"^\p{Lu}[\p{L}'.-]*,?( (van|von|van de|van der|van den|de|der|den|di|la|le|af|zu))?( \p{Lu}[\p{L}'.-]*){1,3}$"
_OF_WHOM = "customer|client|klant|kund\\w*|contact|first|last|full|voor|achter|familie|vor|nach|för|efter|pré"
_NAMED = rf"(?i)^({_OF_WHOM})?[ _.-]?(name|naam|namn|nom|surname)$"


def names_person(header: str) -> bool:
    """Tell whether the name of a column holds an e-mail address or a telephone number, as where a row of data stands as the header."""
    return re.search(_EMAIL, header) is not None or re.match(_PHONE, header.strip()) is not None


def personal_problems(rows: Any, source: Source, store: Store) -> list[Problem]:
    """Return the extra columns of text that hold e-mail addresses, telephone numbers or names of persons.

    A name has two to four words with capitals, and most cells another one; under a header that says "name" one word will do.
    """
    names = [name for name, extra in source.extra.items() if extra.kind == "text"]
    if not names:
        return []
    text = store.here(rows.select(*names))
    counts: dict[str, Any] = {}
    for name in names:
        cell = text[name].strip().nullif("")
        counts |= {f"{name} filled": cell.count(), f"{name} distinct": cell.nunique()}
        counts |= {f"{name} {what}": cell.re_search(form).sum() for what, form in (("email", _EMAIL), ("phone", _PHONE), ("name", _NAME))}
        counts[f"{name} letters"] = cell.re_search(r"^[\p{L}'. -]+$").sum()
    seen = text.aggregate(**counts).execute().iloc[0].fillna(0)
    problems = []
    for name in names:
        filled, distinct = int(seen[f"{name} filled"]), int(seen[f"{name} distinct"])
        titled = re.search(_NAMED, source.extra[name].column) or re.search(_NAMED, name)
        alike = seen[f"{name} letters"] if titled else seen[f"{name} name"]
        reasons = {
            "e-mail addresses": seen[f"{name} email"] > FEW * filled,
            "telephone numbers": seen[f"{name} phone"] > MANY * filled,
            "names of persons": alike > MANY * filled and distinct >= max(FEWEST, MANY * filled),
        }
        for what in (what for what, holds in reasons.items() if holds and filled):
            fix = "Leave it out: such a text would become a feature and stand in reports."
            problems.append(Problem(source.origin, f"key extra.{name}", f"a column of {what}", "a text that names no person", fix))
    return problems
