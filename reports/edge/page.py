"""A document as one HTML page that needs nothing but itself."""

import re
from collections.abc import Callable
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kit.charts.house import stylesheet
from reports.edge.run_page import TEMPLATES
from reports.period.document import Badge, Block, CellValue, Chart, Document, Meter

_UNIT: Final = re.compile(r"(?<=\d) (?=(?:%|pp|[MG]iB|m?s|min|[hd])(?:\W|$))")


def to_html(document: Document, draw: Callable[[Chart], str]) -> str:
    """Return the page; `draw` makes inline SVG of each chart. Equal documents give equal bytes."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kept": _kept_together}
    environment.tests |= {"badge": _is_badge, "meter": _is_meter}
    css = stylesheet() + (TEMPLATES / "period.css").read_text(encoding="utf-8")
    return environment.get_template("period.html.j2").render(
        css=css,
        document=document,
        kind_of=_kind_of,
        draw=draw,
    )


def _kind_of(block: Block) -> str:
    return type(block).__name__.lower()


def _kept_together(text: str) -> str:
    """Return the text with each figure and its unit on one line."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def _is_badge(value: CellValue) -> bool:
    return isinstance(value, Badge)


def _is_meter(value: CellValue) -> bool:
    return isinstance(value, Meter)
