"""Tables of the quotes, and the names of groups as people read them."""

from helpers.analyses.quotes.result import Quotes
from helpers.core.wording import _, between, currency_sign, money, number, percent
from helpers.story import Table


def group_name(result: Quotes, field: str, group: str | float) -> str:
    """Return the name of a group of a field, such as "existing customers" or "€ 2,500 to € 7,500"."""
    if group == "other" or field not in ("amount_band", "effort"):
        names = {"all": _("all quotes"), "other": _("the others"), "new": _("new customers"), "existing": _("existing customers")}
        forms = {"customer_code": _("code {name}"), "quote_owner": _("made by {name}")}
        return names.get(str(group)) or forms.get(field, "{name}").format(name=group)
    edges, band = result.book.edges if field == "amount_band" else result.effort.edges, int(group)
    words = [money(edge) if field == "amount_band" else number(edge, 1 if edge % 1 else 0) for edge in edges]
    inside = between(words[band - 1], words[band]) if 0 < band < len(words) else _("{amount} or more").format(amount=words[-1])
    text = _("under {amount}").format(amount=words[0]) if band == 0 else inside
    return {"hours": _("{n} hours"), "contacts": _("{n} contacts")}[result.effort.measure].format(n=text) if field == "effort" else text


def groups_table(result: Quotes) -> Table:
    """Return every group beside what luck alone gives."""
    rows = result.profile
    frame = rows.assign(
        name=[group_name(result, row.field, row.group) for row in rows.itertuples()],
        luck=[between(percent(row.chance_low), percent(row.chance_high)) if row.field != "all" else "" for row in rows.itertuples()],
        reading=[_("more than luck") if stands_out else "" for stands_out in rows["stands_out"]],
    )
    columns = {"name": (_("Quotes"), "text"), "quotes": (_("Decided"), "number"), "rate": (_("Won"), "percent")}
    columns |= {"luck": (_("By luck alone"), "text"), "shrunk": (_("Likely chance"), "percent"), "reading": (_("Differs"), "text")}
    heads = {"hours": _("Hours per {c} 1,000 won"), "contacts": _("Contacts per {c} 1,000 won")}
    if result.effort.measure:
        columns["effort_per_1000"] = (heads[result.effort.measure].format(c=currency_sign()), "number1")
    return Table(frame, _("Share of decided quotes that were won; the likely chance draws small groups to the average"), columns)


def open_table(result: Quotes) -> Table | None:
    """Return the open quotes that deserve the next hours; None where there are none."""
    rows, sign = result.named_list("next"), currency_sign()
    heads = {"hours": _("Expected per hour, {c}"), "contacts": _("Expected per contact, {c}"), "": _("Expected, {c}")}
    columns = {"quote_id": (_("Quote"), "id"), "age_days": (_("Days open"), "number"), "amount": (_("Amount, {c}").format(c=sign), "money")}
    columns["chance"] = (_("Chance of success"), "percent")
    columns["expected_per_effort"] = (heads[result.effort.measure].format(c=sign), "money")
    return Table(rows, _("Open quotes, most expected for the effort first"), columns, first=5) if len(rows) else None
