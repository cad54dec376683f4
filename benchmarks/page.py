"""docs/performance.md: every benchmark writes its own table there, between its two marks."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def write(name: str, text: str) -> None:
    """Put a benchmark's result in its place on the page.

    Parameters
    ----------
    name : of the benchmark; the page holds the marks ``<!-- name -->`` and ``<!-- end of name -->``.
    text : Markdown; what stood between the marks is replaced.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = PAGE.read_text(encoding="utf-8").split(begin)
    _old, after = rest.split(end)
    PAGE.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
