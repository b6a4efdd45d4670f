"""A document as one HTML page that needs nothing but itself."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.charts.explore import policy, script
from kit.charts.theme import stylesheet
from reports.document import Badge, Chart, Code, Document, Meter

_TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"
_UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|pp|[MG]iB|m?s|min|[hd])(?:\W|$))")


def to_html(document: Document, draw: Callable[[Chart], str]) -> str:
    """Return the page; `draw` makes inline SVG of each chart. Equal documents give equal bytes."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kept": _kept_together, "slug": _slug}
    environment.tests |= {
        type_.__name__.lower(): lambda value, type_=type_: isinstance(value, type_)
        for type_ in (Badge, Code, Meter)
    }
    css = stylesheet() + (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    charts = [one for part in document.sections for one in part.blocks if isinstance(one, Chart)]
    drawn = {chart: draw(chart) for chart in charts}
    return environment.get_template("report.html.j2").render(
        css=css,
        policy=policy(css),
        script=script() if any("data-points" in one for one in drawn.values()) else "",
        document=document,
        kind_of=lambda block: type(block).__name__.lower(),
        draw=lambda chart: drawn[chart],
    )


def _slug(name: str) -> str:
    """Return a name as an id of the page."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _kept_together(text: str) -> str:
    """Return the text with each figure and its unit on one line."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)
