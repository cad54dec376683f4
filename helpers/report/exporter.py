"""Writes the merged notebook as one HTML page, with nbconvert and a template of our own."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from helpers.core import wording
from helpers.core.wording import _
from helpers.report.filters import prose, record_html
from helpers.report.merge import merge
from helpers.report.model import Chapter, Head, ReportRefused
from helpers.story.base import escape
from helpers.story.colour import readable

TEMPLATE = Path(__file__).resolve().parent / "template"


class AimExporter(HTMLExporter):
    """An HTML exporter for merged notebooks: no code, no network, one small page.

    Use one exporter for many reports: its template is read once.
    """

    # Not offered in JupyterLab's menu: it takes merged notebooks only.
    export_from_notebook = None  # type: ignore[assignment]  # nbconvert's own way to say so

    def __init__(self, **kw: Any):
        super().__init__(template_name=TEMPLATE.name, extra_template_basedirs=[str(TEMPLATE.parent)], **kw)

    @default("default_preprocessors")
    def _no_preprocessors(self) -> list:
        return []  # nothing is left to clean: the merged notebook holds what is shown, and no more

    def default_filters(self):
        """Yield nbconvert's filters and those that write our records, words and prose."""
        yield from super().default_filters()
        yield ("aim_record", record_html)
        yield ("aim_words", escape)
        yield ("aim_prose", prose)

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw: Any):
        """Return the page and the resources of a merged notebook (ReportRefused where it does not come from ``merge``)."""
        if "chapters" not in nb.metadata.get("aim", {}):
            raise ReportRefused("only a notebook made by helpers.report.merge can become a report.")
        resources = {**(resources or {}), "aim": _page(nb.metadata.aim.head)}
        # Past HTMLExporter on purpose: it makes every output focusable and invents alternative texts.
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


@cache
def _file(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8").strip()


@cache
def _exporter() -> AimExporter:
    return AimExporter()


def _page(head: Any) -> dict[str, Any]:
    """Return style, script, their hashes for the content policy, and the page's own words."""
    style = f":root{{--accent:{readable(head.accent)}}}\n{_file('report.css')}"
    script = _file("report.js")
    return {
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "words": {
            "skip": _("Skip to the report"),
            "contents": _("Contents"),
            "short": _("In short"),
            "sure": _("How sure is this, and how was it computed?"),
            "terms": _("Terms"),
            "terms_only": _("The terms used here"),
            "made": _("How this report was made"),
            "all": _("Show all {n} rows"),
            "fewer": _("Show fewer rows"),
            "scroll": _("Scroll sideways to see all of it"),
        },
    }


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def render(chapters: Sequence[Chapter], head: Head) -> str:
    """Return the report as one HTML page; the same chapters give the same bytes (errors as for ``merge``).

    The page's own words are in ``head.language``; what the caller's language is does not change.
    """
    before = wording.spoken()
    wording.use(head.language, before.currency)
    try:
        return _exporter().from_notebook_node(merge(chapters, head))[0]
    finally:
        wording.use(before.language, before.currency)
