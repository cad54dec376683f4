"""The tables of phase 3 as people read them."""

import pandas as pd

from helpers.core.wording import _, between
from helpers.phases.data_maturity import words
from helpers.phases.data_maturity.analysis import Maturity
from helpers.phases.data_maturity.anchors import anchors, eu_mapping
from helpers.phases.data_maturity.measures import Measure
from helpers.story import Table


def profile_table(result: Maturity) -> Table:
    """Return claim and evidence per dimension."""
    rows = []
    for name, row in result.profile.iterrows():
        spread = between(words.level(row["lowest"]), words.level(row["highest"])) if row["answers"] > 1 else ""
        rows.append(
            {
                "dimension": words.dimension(name),
                "question": _(anchors()[name].question),
                "claimed": words.level(row["claimed"]) if row["answers"] else _("not answered yet"),
                "spread": spread,
                "evidence": words.level(row["evidence"]) if row["measures"] else _("not measurable"),
                "measures": row["measures"],
                "verdict": words.verdict(row["claimed"], row["evidence"], result.gap),
            }
        )
    columns = {
        "dimension": (_("Dimension"), "text"),
        "question": (_("Question"), "text"),
        "claimed": (_("Claimed, 0 to 4"), "text"),
        "spread": (_("Lowest to highest answer"), "text"),
        "evidence": (_("Measured, 0 to 4"), "text"),
        "measures": (_("Figures"), "number"),
        "verdict": (_("Together"), "verdict"),
    }
    return Table(pd.DataFrame(rows), _("Data maturity: claimed beside measured"), columns)


def evidence_table(result: Maturity) -> Table:
    """Return every measured figure with its rule and its rows."""
    rows = [
        {
            "dimension": words.dimension(measure.dimension),
            "rule": words.rule(measure),
            "place": words.place(measure),
            "figure": words.figure(measure),
            "rows": words.rows(measure),
            "level": measure.level,
        }
        for measure in result.measures
    ]
    columns = {
        "dimension": (_("Dimension"), "text"),
        "rule": (_("Rule"), "text"),
        "place": (_("Where"), "text"),
        "figure": (_("Measured"), "text"),
        "rows": (_("Rows"), "text"),
        "level": (_("Level, 0 to 4"), "number"),
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), _("What was measured in the data"), columns)


def fix_table(result: Maturity) -> Table:
    """Return the fix list as people read it."""
    frame = result.fixes.copy()
    measures = [Measure(row.name, row.table, row.column, row.figure, row.rows_of, row.rows) for row in frame.itertuples(index=False)]
    frame["now"] = [words.figure(measure) for measure in measures]
    frame["where"] = [words.place(measure) or words.rule(measure) for measure in measures]
    frame["fix"], frame["unlocks"] = ([_(text) for text in frame[name]] for name in ("fix", "unlocks"))
    columns = {
        "place": (_("Rank"), "number"),
        "fix": (_("What to do"), "text"),
        "where": (_("Where"), "text"),
        "now": (_("Now"), "text"),
        "unlocks": (_("What it would let you do"), "text"),
        "effort": (_("Effort, 1 to 5"), "number"),
        "owner": (_("Owner"), "text"),
    }
    return Table(frame, _("What to mend, in order of what it would unlock"), columns)


def system_table(result: Maturity) -> Table:
    """Return the systems and sources with ease, size and owner."""
    frame = result.systems.copy()
    for name in ("ease", "size"):
        frame[name] = [words.ease_or_size(text) for text in frame[name]]
    frame["owner"] = [text or _("nobody named") for text in frame["owner"]]
    frame["tables"] = [words.plain_name(text) for text in frame["tables"]]
    for name in ("rows", "retention_months"):
        frame[name] = pd.to_numeric(frame[name])
    columns = {
        "system": (_("Source"), "text"),
        "tables": (_("Holds"), "text"),
        "rows": (_("Rows read"), "number"),
        "ease": (_("Ease"), "text"),
        "size": (_("Size"), "text"),
        "owner": (_("Owner"), "text"),
        "aggregated": (_("Totals only"), "yesno"),
        "retention_months": (_("Deleted after, in months"), "number"),
    }
    return Table(frame, _("Systems and sources of data"), columns)


def change_table(result: Maturity) -> Table | None:
    """Return what changed since the last round; None in the first."""
    if result.change is None:
        return None
    rows = []
    for row in result.change[result.change["direction"] != "same"].itertuples(index=False):
        then, now = (Measure(row.name, row.table, row.column, amount, 0, 0) for amount in (row.before, row.current))
        rows.append(
            {
                "rule": words.rule(now),
                "place": words.place(now),
                "before": _or_dash(then),
                "now": _or_dash(now),
                "direction": words.direction(row.direction),
            }
        )
    columns = {
        "rule": (_("Rule"), "text"),
        "place": (_("Where"), "text"),
        "before": (_("Last round"), "text"),
        "now": (_("Now"), "text"),
        "direction": (_("Change"), "text"),
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), _("What changed since the last round"), columns)


def _or_dash(measure: Measure) -> str:
    return words.figure(measure) if measure.figure == measure.figure else "–"


def eu_table() -> Table:
    """Return our dimensions beside those of the EU Digital Maturity Assessment, by name."""
    frame = eu_mapping()
    frame["dimension"] = [words.dimension(name) for name in frame["dimension"]]
    columns = {"dimension": (_("Here"), "text"), "eu_dimension": (_("EU Digital Maturity Assessment (SMEs)"), "text")}
    caption = _("How the dimensions map on those of the EU assessment; by name only, not a score of it")
    return Table(frame, caption, columns)
