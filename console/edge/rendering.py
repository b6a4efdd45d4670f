"""Pages out of templates: everything that is not ours is escaped, and ages are said."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

import reports
from console.consequences import span
from console.firing import link
from kit.charts.theme import stylesheet
from kit.pure import words
from reports.document import Badge, Code, Meter
from status.words import STAGE

_HERE: Final = Path(__file__).resolve().parents[1] / "templates"
TABS: Final = (
    ("/", "Now"),
    ("/objectives", "Objectives"),
    ("/runs", "Runs"),
    ("/alerts", "Alerts"),
)
_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


def environment() -> Environment:
    """Return what renders the pages."""
    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "moment": _moment,
        "age": words.age,
        "share": words.share,
        "percent": words.percent,
        "count": words.count,
        "ms": words.milliseconds,
        "span": span,
        "minutes": words.minutes,
        "target": lambda share: f"{share * 100:.6g} %",
        "size": _size,
        "link": link,
        "urlencode": lambda text: quote(str(text), errors="replace"),  # halves of characters, too
        "of_seconds": lambda seconds: _moment(datetime.fromtimestamp(seconds, UTC)),
        "days": lambda length: f"{length / timedelta(days=1):g} days",
        "clip": lambda value: round(min(100.0, max(0.0, value * 100)), 1),
    }
    made.tests |= {
        type_.__name__.lower(): lambda value, type_=type_: isinstance(value, type_)
        for type_ in (Badge, Code, Meter)
    }
    made.globals |= {
        "tabs": TABS,
        "stages": STAGE,
        "kind_of": lambda block: type(block).__name__.lower(),
        "ago": lambda at, now: words.age(max(0.0, (now - at).total_seconds())),
    }
    for name in made.list_templates(extensions=["j2"]):
        made.get_template(name)  # so that the first who looks waits for none to be compiled
    return made


def page(
    made: Environment, template: str, values: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """Return a page as an answer; half a character, as JSON may hold, is shown as a mark."""
    text = made.get_template(template).render(values)
    return HTMLResponse(text.encode(errors="replace"), status)


def assets() -> dict[str, tuple[bytes, str]]:
    """Return (content, type) of each file below /static/, by its name.

    The script of the reports' charts, where kit has one, is served beside ours.
    """
    report_css = (files(reports) / "templates" / "report.css").read_text(encoding="utf-8")
    found = {
        "console.css": stylesheet() + report_css + (_HERE / "console.css").read_text("utf-8"),
        "console.js": (_HERE / "console.js").read_text(encoding="utf-8"),
        "icon.svg": (_HERE / "icon.svg").read_text(encoding="utf-8"),
    }
    types = {**_TYPES, "svg": "image/svg+xml"}
    return {name: (text.encode(), types[name.rpartition(".")[2]]) for name, text in found.items()}


def _moment(at: datetime | None) -> str:
    return words.NONE if at is None else f"{at.astimezone(UTC):%d %b %H:%M} UTC"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004 -- SI
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
