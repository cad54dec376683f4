"""What a notebook cell ends in: the records that a person reads, in JupyterLab and in the report.

Every record knows its ``to_html()`` (a fragment without style, script or id) and its ``to_text()`` (the
same content, readable). In an output it stands as JSON too (the kind ``RECORDS``), from which the report
is built: ``read_records`` checks it and gives the records back.
All words of a caller are plain text: they are escaped here, once.
"""

from helpers.story.base import RECORDS, Place
from helpers.story.pictures import Picture
from helpers.story.records import Actions, Answer, HowSure, KeyFigures, Page, Reasoned, Record, Sentence, read_records
from helpers.story.tables import Table, figures_table, show_ids

__all__ = [
    "RECORDS",
    "Actions",
    "Answer",
    "HowSure",
    "KeyFigures",
    "Page",
    "Picture",
    "Place",
    "Reasoned",
    "Record",
    "Sentence",
    "Table",
    "figures_table",
    "read_records",
    "show_ids",
]
