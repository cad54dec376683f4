"""The canonical tables: what a column is called, holds and means.

Whatever system a client exports from, the analyses see only these tables. The data dictionary in
docs/ is printed from here, and the readers check against it.
"""

from helpers.tables.columns import Column, Table

DAYS_PER_MONTH = 365.25 / 12  # in every figure per month, or in months
_CUSTOMER = Column("customer_id", "id", "the customer, in the form the orders use")

CUSTOMERS = Table(
    "customers",
    "one customer or prospect known to the CRM",
    (
        Column("customer_id", "id", "the customer, in the form the orders use", required=True),
        Column("customer_name", "text", "name of the customer; personal, never in a report"),
        Column("customer_code", "text", "the firm's own code for the customer, such as A to D"),
        Column("sector", "text", "sector or industry"),
        Column("employees", "count", "number of employees", unit="persons"),
        Column("company_revenue", "money", "yearly revenue of the customer itself"),
        Column("size_class", "text", "size class of the customer"),
        Column("postcode", "text", "postal code"),
        Column("place", "text", "town"),
        Column("region", "text", "region or province"),
        Column("country", "text", "country"),
        Column("customer_language", "text", "language the customer is written to in"),
        Column("created_date", "date", "day the customer was recorded"),
        Column("email", "text", "e-mail address; personal, never in a report"),
        Column("phone", "text", "phone number; personal, never in a report"),
        Column("consent", "flag", "agreed to receive marketing; missing counts as no"),
        Column("opted_out", "flag", "objected to marketing; beats any consent"),
    ),
    key=("customer_id",),
    when="created_date",
)
_PERSON = Column("person_id", "id", "the person at the customer, where the source knows it; the customer is looked up where it is empty")
PERSONS = Table(
    "persons",
    "one person at a customer that is a firm",
    (
        Column("person_id", "id", "the person", required=True),
        Column("customer_id", "id", "the firm, in the form the orders use; may be empty in some rows", required=True),
        Column("role", "text", "what the person does there: buyer, decision maker …"),
        Column("email", "text", "e-mail address; personal, never in a report"),
        Column("phone", "text", "phone number; personal, never in a report"),
        Column("created_date", "date", "day the person was recorded"),
        Column("consent", "flag", "agreed to receive marketing; missing counts as no"),
        Column("opted_out", "flag", "objected to marketing; beats any consent"),
    ),
    key=("person_id",),
    when="created_date",
)
ORDERS = Table(
    "orders",
    "one order or invoice",
    (
        Column("order_id", "id", "the order", required=True),
        _CUSTOMER,
        Column("order_date", "time", "day or moment of the order", required=True),
        Column("order_amount", "money", "net amount of the whole order", required=True),
        Column("channel", "text", "where the order was placed: shop, web, sales person …"),
        Column("order_status", "text", "state of the order in the source system"),
        Column("currency", "text", "currency of the amount, where the source says it"),
    ),
    key=("order_id",),
    money="order_amount",
    when="order_date",
)
ORDER_LINES = Table(
    "order_lines",
    "one line of an order",
    (
        Column("order_id", "id", "the order", required=True),
        _CUSTOMER,
        Column("order_date", "time", "day or moment of the order", required=True),
        Column("product_id", "id", "the product"),
        Column("product_name", "text", "name of the product"),
        Column("product_group", "text", "group or category of the product"),
        Column("brand", "text", "brand of the product"),
        Column("quantity", "number", "number sold; negative for returns", unit="pieces"),
        Column("unit_price", "money", "net price of one piece"),
        Column("line_amount", "money", "net amount of the line; else quantity x unit price"),
        Column("channel", "text", "where the order was placed"),
        Column("country", "text", "country of the order"),
        Column("currency", "text", "currency of the amount, where the source says it"),
    ),
    money="line_amount",
    when="order_date",
)
PRODUCTS = Table(
    "products",
    "one product",
    (
        Column("product_id", "id", "the product", required=True),
        Column("product_name", "text", "name of the product"),
        Column("product_group", "text", "group or category"),
        Column("product_variant_of", "id", "the product of which this is a variant"),
        Column("brand", "text", "brand"),
        Column("own_brand", "flag", "the firm's own brand"),
        Column("price", "money", "net selling price"),
        Column("margin", "money", "margin per piece"),
        Column("stock", "number", "pieces in stock", unit="pieces"),
        Column("page_views", "count", "views of the product page", unit="views"),
    ),
    key=("product_id",),
)
CONTACTS = Table(
    "contacts",
    "one contact moment with a customer",
    (
        Column("customer_id", "id", "the customer, in the form the orders use", required=True),
        Column("contact_date", "time", "day or moment of the contact", required=True),
        Column("contact_type", "text", "visit, telephone, e-mail …"),
        Column("contact_owner", "text", "who made the contact, as a code"),
        _PERSON,
    ),
    when="contact_date",
)
WEB_EVENTS = Table(
    "web_events",
    "one event on the web site",
    (
        Column("visitor_id", "id", "the visitor or browser", required=True),
        Column("event_time", "time", "moment of the event", required=True),
        Column("event_type", "text", "page view, click, touchstart …"),
        Column("page_path", "text", "path of the page"),
        Column("session_id", "id", "the visit, where the source gives one"),
        Column("device", "text", "mobile, tablet, computer"),
        Column("screen", "text", "screen resolution"),
        Column("operating_system", "text", "operating system"),
        Column("browser_language", "text", "language of the operating system or browser"),
        Column("user_agent", "text", "user agent string"),
        Column("ip_address", "text", "IP address; shortened and replaced by a keyed hash on reading"),
        Column("web_place", "text", "place derived from the address"),
        Column("utm_source", "text", "campaign source"),
        Column("utm_medium", "text", "campaign medium"),
        Column("utm_campaign", "text", "campaign name"),
        Column("customer_id", "id", "the customer, where the visitor is known"),
    ),
    when="event_time",
)
USAGE = Table(
    "usage",
    "one customer's use of rented devices or a service in a period",
    (
        Column("customer_id", "id", "the customer", required=True),
        Column("usage_date", "date", "first day of the period"),
        Column("devices", "count", "devices in use", unit="devices"),
        Column("usage_amount", "number", "use in the period, in the source's own unit"),
    ),
    when="usage_date",
)
CAMPAIGNS = Table(
    "campaigns",
    "one message of a campaign sent to one customer",
    (
        Column("campaign_id", "id", "the campaign", required=True),
        Column("customer_id", "id", "the customer", required=True),
        Column("sent_date", "time", "when it was sent", required=True),
        Column("channel", "text", "sales letter, e-mail, postcard, SMS, telephone"),
        Column("message", "text", "which message"),
        Column("responded", "flag", "whether the customer responded"),
        Column("contact_cost", "money", "cost of this one contact"),
        _PERSON,
    ),
    when="sent_date",
)
EXPOSURES = Table(
    "exposures",
    "one thing shown or sent to one person",
    (
        Column("pilot_id", "id", "the pilot whose assignment decided it"),
        Column("customer_id", "id", "the customer or visitor", required=True),
        Column("shown_time", "time", "when it was shown", required=True),
        Column("treatment", "text", "which variant"),
        Column("item", "text", "which item"),
        Column("position", "count", "place on the page, from 1", unit="position", low=1),
        Column("treatment_probability", "number", "chance with which it was shown", unit="0 to 1", low=0, high=1),
        Column("clicked", "flag", "whether it was clicked"),
        Column("channel", "text", "channel"),
    ),
    when="shown_time",
)
OUTCOMES = Table(
    "outcomes",
    "one conversion: an order, a quote request, a download",
    (
        Column("pilot_id", "id", "the pilot, where the source knows it"),
        Column("customer_id", "id", "the customer", required=True),
        Column("outcome_date", "time", "when it happened", required=True),
        Column("outcome", "text", "order, quote request, download …"),
        Column("outcome_amount", "money", "amount, where there is one"),
    ),
    money="outcome_amount",
    when="outcome_date",
)
TEST_ASSIGNMENT = Table(
    "test_assignment",
    "one person in an A/B test that another tool drew and ran",
    (
        Column("test_id", "id", "the test; outcomes name it as their pilot_id, where there are several"),
        Column("customer_id", "id", "the customer or visitor", required=True),
        Column("arm", "text", "the arm the person was put in, the control too", required=True),
        # Not the table's time column: who was assigned before the history begins is still in the test.
        Column("assigned_time", "time", "when the person was put in it; what came before does not count"),
        Column("channel", "text", "channel"),
    ),
)
QUOTES = Table(
    "quotes",
    "one quote: what a customer asked a price for",
    (
        Column("quote_id", "id", "the quote", required=True),
        Column("customer_id", "id", "the customer, in the form the orders use", required=True),
        Column("quote_date", "time", "day or moment on which the customer asked", required=True),
        Column("quote_amount", "money", "net amount of the quote"),
        Column("quote_status", "text", "what became of it", required=True, choices=("open", "won", "lost")),
        Column("decided_date", "date", "day on which it was won or lost"),
        Column("effort_hours", "number", "hours spent on it", unit="hours"),
        Column("quote_owner", "text", "who made the quote, as a code"),
        Column("order_id", "id", "the order that came of it; a quote whose order is there is won"),
    ),
    key=("quote_id",),
    money="quote_amount",
    when="quote_date",
)
EXTERNAL = Table(
    "external",
    "one fact from outside about a region, sector or customer",
    (
        Column("external_key", "id", "what it is joined on, such as a postcode", required=True),
        Column("external_measure", "text", "name of the figure", required=True),
        Column("external_value", "number", "the figure", required=True),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CUSTOMERS,
        PERSONS,
        ORDERS,
        ORDER_LINES,
        PRODUCTS,
        CONTACTS,
        WEB_EVENTS,
        USAGE,
        CAMPAIGNS,
        EXPOSURES,
        OUTCOMES,
        TEST_ASSIGNMENT,
        QUOTES,
        EXTERNAL,
    )
}

# The customer table is computed, not read: one row per customer as of the round's date.
CUSTOMER_TABLE = Table(
    "customer_table",
    "one customer as of the round's date",
    (
        Column("customer_id", "id", "the customer", required=True),
        Column("first_order_date", "date", "day of the first order in the window"),
        Column("last_order_date", "date", "day of the last order in the window"),
        Column("recency_days", "number", "as_of minus last order", unit="days"),
        Column("tenure_days", "number", "as_of minus first order", unit="days"),
        Column("frequency", "count", "distinct orders in the window", unit="orders"),
        Column("frequency_per_month", "number", "orders per month since the first order", unit="orders a month"),
        Column("monetary", "money", "net spend in the window"),
        Column("monetary_per_order", "money", "net spend per order"),
        Column("contacts", "count", "contact moments in the window", unit="contacts"),
        Column("last_contact_date", "date", "day of the last contact in the window"),
        Column("in_customer_list", "flag", "known to the customers source"),
        Column("objecting_persons", "count", "persons at the customer who objected to marketing", unit="persons"),
    ),
    key=("customer_id",),
)


def data_dictionary() -> str:
    """Return the data dictionary of all tables as Markdown, for docs/data-dictionary.md."""
    parts = ["# Data dictionary", "", "Printed from `helpers/tables/canonical.py`; do not edit by hand.", ""]
    for table in (*TABLES.values(), CUSTOMER_TABLE):
        parts += [f"## {table.name}", "", f"A row is {table.row}.", ""]
        parts += ["| column | kind | unit | range | needed | meaning |", "|---|---|---|---|---|---|"]
        for column in table.columns:
            needed = "yes" if column.required else ""
            parts.append(f"| {column.name} | {column.kind} | {column.unit} | {column.allowed} | {needed} | {column.meaning} |")
        parts.append("")
    return "\n".join(parts)
