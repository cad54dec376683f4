"""The words of phase 3: every measured figure with its rule and its rows, every contradiction, every fix."""

from helpers.core.results import Verdict
from helpers.core.wording import _, number, percent
from helpers.phases.data_maturity.anchors import anchors
from helpers.phases.data_maturity.contradictions import Contradiction
from helpers.phases.data_maturity.measures import Measure


def dimension(name: str) -> str:
    """Return the name of a dimension."""
    return _(anchors()[name].title)


def level(amount: float) -> str:
    """Return a level as people read it; a dash where there is none."""
    if amount != amount:
        return "–"
    return number(amount, 0 if float(amount).is_integer() else 1)


def plain_name(word: str) -> str:
    """Return a table or column as people read it."""
    return word.replace("_", " ")


def figure(measure: Measure) -> str:
    """Return a measured figure with its unit."""
    if measure.unit == "share":
        return percent(measure.figure) if measure.figure in (0.0, 1.0) or 0.01 <= measure.figure <= 0.99 else percent(measure.figure, 2)
    if measure.unit == "days":
        return _("{n} days").format(n=number(measure.figure))
    return _("{n} months").format(n=number(measure.figure, 0 if measure.figure >= 10 or float(measure.figure).is_integer() else 1))


def rows(measure: Measure) -> str:
    """Return the rows behind a figure, such as "120 of 1,000"."""
    return _("{of} of {all}").format(of=number(measure.rows_of), all=number(measure.rows))


def rule(measure: Measure) -> str:
    """Return what was measured, as a statement that the figure completes."""
    return {
        "tables_there": _("Main tables that are there with rows (orders, customers, contacts, lines, web events)"),
        "core_fields_there": _("Fields that matter and are used at all"),
        "results_recorded": _("Kinds of results that are recorded (campaigns, responses, what was shown, outcomes)"),
        "quotes_decided": _("Quotes older than half a year that are recorded as won or lost"),
        "filled": _("Customers with this field filled"),
        "consent_known": _("Customers with a recorded answer on consent"),
        "persons_placed": _("Persons at a firm that the customer list knows"),
        "persons_known": _("Customers at whom at least one person is known"),
        "persons_asked": _("Persons with a recorded answer on consent"),
        "decider_known": _("Firms with known persons, one of whom decides by role"),
        "filled_lately": _("Fields filled for customers recorded in the last 12 months"),
        "one_spelling": _("Rows that write a choice in its usual way"),
        "valid": _("Rows whose content has the right form"),
        "detail": _("Rows with customer or visitor and date, so no totals"),
        "unique_keys": _("Rows whose key occurs for the first time"),
        "no_doubles": _("Rows that are not the exact double of an earlier one"),
        "possible_dates": _("Dates that can be true: after {year} and not after the as-of date").format(year="1950"),
        "orders_matched": _("Customers in the orders whom the customer list knows"),
        "contacts_matched": _("Customers in the contacts whom the customer list knows"),
        "revenue_with_customer": _("Revenue of which the customer is known"),
        "not_orphaned": _("Rows that point to something that is there"),
        "consistent": _("Customers for whom two systems give the same"),
        "days_old": _("Days between the last row and the as-of date"),
        "months_of_history": _("Months between the first row and the as-of date"),
        "months_unbroken": _("Months, first to last, that hold at least one row"),
        "kept_months": _("Age of the oldest customers without orders"),
        "rows_used": _("Rows read that could be used"),
        "columns_understood": _("Columns of the file that a table takes"),
        "systems_delivered": _("Systems that delivered rows"),
        "owners_named": _("Systems with a named owner"),
        "in_detail": _("Systems that give more than totals"),
    }[measure.name]


def place(measure: Measure) -> str:
    """Return where it was measured: table and column."""
    if measure.table == "all":
        return ""
    return f"{plain_name(measure.table)}: {plain_name(measure.column)}" if measure.column else plain_name(measure.table)


def measure_sentence(measure: Measure) -> str:
    """Return a measured figure as a full sentence with its rows."""
    facts = {"figure": figure(measure), "rows": rows(measure), "table": plain_name(measure.table), "column": plain_name(measure.column)}
    if measure.name in ("filled", "consent_known") and measure.facts:
        unmatched, blank = (number(int(part)) for part in measure.facts.split("/"))
        return _(
            "“{column}” is filled for {figure} of customers ({rows}); of the others, {unmatched} have no record of the same number "
            "in the system that knows it, and {blank} are blank there."
        ).format(unmatched=unmatched, blank=blank, **facts)
    if measure.name in ("filled", "consent_known"):
        return _("“{column}” is filled for {figure} of customers ({rows}).").format(**facts)
    if measure.name == "days_old":
        return _("The last row of “{table}” is {figure} old.").format(**facts)
    if measure.name == "months_of_history":
        return _("“{table}” reaches back {figure}.").format(**facts)
    if measure.name == "kept_months":
        return _(
            "No customer without orders is older than {figure} ({rows} are younger), while customers with orders go back {history} "
            "months: either such records are deleted after that time, or they have been kept only since then."
        ).format(**facts, history=number(float(measure.facts)))
    if measure.name == "unique_keys":
        return _("In “{table}”, {n} of {all} rows repeat a key ({column}) that was there already.").format(
            **facts, n=number(measure.rows - measure.rows_of), all=number(measure.rows)
        )
    if measure.name == "revenue_with_customer":
        return _("{figure} of the revenue has a known customer ({rows} orders).").format(**facts)
    where = place(measure)
    if not where:
        return _("{rule}: {figure} ({rows}).").format(rule=rule(measure), **facts)
    return _("{rule}: {figure} ({rows}; {where}).").format(rule=rule(measure), where=where, **facts)


def contradiction_sentence(contradiction: Contradiction) -> str:
    """Return a contradiction as a full sentence: what is claimed, and what speaks against it."""
    name = dimension(contradiction.dimension)
    if contradiction.kind == "respondents":
        return _("“{name}”: {low_role} answers {low}, {high_role} answers {high}; talk first.").format(
            name=name,
            low_role=contradiction.roles[0] or _("one respondent"),
            low=level(contradiction.lowest),
            high_role=contradiction.roles[1] or _("another"),
            high=level(contradiction.highest),
        )
    if contradiction.measure is None:  # a claim that is too modest: the dimension as a whole speaks against it
        return _("“{name}” is claimed at {claimed} of 4, yet the data shows {evidence}: better than you think.").format(
            name=name, claimed=level(contradiction.claimed), evidence=level(contradiction.evidence)
        )
    return _("“{name}” is claimed at {claimed} of 4, yet this speaks for {evidence}: {measure}").format(
        name=name,
        claimed=level(contradiction.claimed),
        evidence=level(contradiction.evidence),
        measure=measure_sentence(contradiction.measure),
    )


def verdict(claimed: float, evidence: float, gap: int) -> Verdict:
    """Return whether claim and evidence agree."""
    if claimed != claimed:
        return Verdict("not_yet", _("not answered yet"))
    if evidence != evidence:
        return Verdict("caution", _("only claimed"))
    if abs(claimed - evidence) >= gap:
        return Verdict("not_yet", _("contradiction"))
    return Verdict("go", _("agree")) if abs(claimed - evidence) < 1 else Verdict("caution", _("differ a little"))


def fix_sentence(row) -> str:
    """Return one row of the fix list as a full sentence: what is, what to do, what it unlocks."""
    measure = Measure(row.name, row.table, row.column, row.figure, row.rows_of, row.rows, row.facts)
    return _("{now} {fix}: {unlocks}.").format(now=measure_sentence(measure), fix=_(row.fix), unlocks=_(row.unlocks))


def ease_or_size(name: str) -> str:
    """Return how easy or large a source is."""
    return {"easy": _("easy"), "medium": _("medium"), "hard": _("hard"), "small": _("small"), "large": _("large"), "": "–"}[name]


def direction(name: str) -> str:
    """Return how a measure moved since the last round."""
    return {"better": _("better"), "worse": _("worse"), "same": _("the same"), "new": _("new"), "gone": _("no longer measured")}[name]
