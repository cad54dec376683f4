"""The section ``data_maturity`` of client.yml: what respondents claim, and the systems in use."""

from typing import Literal

from pydantic import Field, field_validator

from helpers.core.errors import did_you_mean
from helpers.core.sections import Section
from helpers.phases.data_maturity.anchors import DIMENSIONS
from helpers.tables import TABLES


class Respondent(Section):
    """One person's answers, level 0 to 4 per dimension (the anchors say what each level means)."""

    name: str = Field("", description="Name or initials; only the role is shown in the report.")
    role: str = Field("", description="Role, such as marketing, sales or IT.")
    answers: dict[str, int] = Field({}, description="Dimension to level 0 to 4; dimensions: " + ", ".join(DIMENSIONS) + ".")
    notes: dict[str, str] = Field({}, description="Dimension to a sentence that explains the answer.")

    @field_validator("answers", "notes")
    @classmethod
    def _known(cls, given: dict[str, object]) -> dict[str, object]:
        for name, level in given.items():
            if name not in DIMENSIONS:
                raise ValueError(f"no dimension {name!r}. {did_you_mean(name, DIMENSIONS)}")
            if isinstance(level, int) and not 0 <= level <= 4:
                raise ValueError(f"{name}: got {level}; expected a level from 0 to 4")
        return given


OF_ALL = ("postcode", "created_date", "email", "consent")
OF_FIRMS = ("sector", "employees", "company_revenue")


class System(Section):
    """One system or source in which the client keeps data."""

    name: str = Field("", description="Name of the system, as the sources call it.")
    kind: str = Field("", description="What it is: CRM, ERP, web shop, analytics, spreadsheet …")
    tables: list[str] = Field([], description="Canonical tables it could fill, such as orders.")
    owner: str = Field("", description="Person who answers for the data in it.")
    ease: Literal["easy", "medium", "hard", ""] = Field("", description="How easy it is to get clean data out.")
    size: Literal["small", "medium", "large", ""] = Field("", description="How much data is in it.")
    aggregated: bool = Field(False, description="True when it gives only totals, no single customers or visits.")
    retention_months: int | None = Field(
        None, ge=1, le=1200, description="Months after which data is deleted there, if there is such a rule."
    )
    note: str = Field("", description="Anything else worth knowing.")

    @field_validator("tables")
    @classmethod
    def _known_tables(cls, given: list[str]) -> list[str]:
        for table in given:
            if table not in TABLES:
                raise ValueError(f"no table {table!r}. {did_you_mean(table, list(TABLES))}")
        return given


class Settings(Section):
    """Phase 3: claimed and evidenced data maturity."""

    respondents: list[Respondent] = Field([], description="Answers of several people; the more differ, the more to talk about.")
    systems: list[System] = Field([], description="Systems and sources in use, with owner, ease and size.")
    gap: int = Field(2, ge=1, le=4, description="Levels between claim and evidence from which we call it a contradiction.")
    core_fields: list[str] = Field(
        [],
        description="Fields of customers that matter to you; their filling is measured. Empty: postcode, created_date, email and "
        "consent, and for a client that sells to firms also sector, employees and company_revenue.",
    )

    def fields_for(self, kind: str) -> list[str]:
        """Return the fields of customers that matter: those declared, else those that a client of this kind can know.

        ``kind`` is "b2b", "b2c" or "both", as client.kind: nobody asks a family for its number of employees.
        """
        return self.core_fields or [*(OF_FIRMS if kind != "b2c" else ()), *OF_ALL]

    @field_validator("core_fields")
    @classmethod
    def _known_fields(cls, given: list[str]) -> list[str]:
        known = TABLES["customers"].names
        for field in given:
            if field not in known:
                raise ValueError(f"no field {field!r} in customers. {did_you_mean(field, known)}")
        return given
