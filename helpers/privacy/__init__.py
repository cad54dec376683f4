"""Privacy: pseudonyms, consent and contact caps, and lists that are safe to open."""

from helpers.privacy.cells import safe_cell, safe_csv, safe_frame, safe_xlsx
from helpers.privacy.consent import Basis, has_consent, has_opted_out, over_the_cap
from helpers.privacy.persons import recipients, with_firm_flags
from helpers.privacy.pseudonyms import client_key, pseudonym

__all__ = [
    "client_key",
    "Basis",
    "has_consent",
    "has_opted_out",
    "over_the_cap",
    "pseudonym",
    "recipients",
    "safe_cell",
    "safe_csv",
    "safe_frame",
    "safe_xlsx",
    "with_firm_flags",
]
