"""One dashboard as one page that opens without a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from dashboards.choices import values_on
from dashboards.document import Dashboard, Drawn
from dashboards.edge.panel_drawing import Frame, Piece, draw
from dashboards.preview.answers import Happening, answer, happenings
from dashboards.preview.states import limits
from dashboards.runbooks import PREFIX
from dashboards.source import Source, Span
from dashboards.units import write
from kit.charts.theme import stylesheet

_MOST_HAPPENINGS: Final = 12


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML of a dashboard, and the titles of panels that show an error or nothing."""

    html: str
    drawn: int
    broken: tuple[str, ...]
    empty: tuple[str, ...]


def preview(
    dashboard: Dashboard,
    source: Source,
    span: Span,
    *,
    scrape_s: float,
    also: Sequence[Happening] = (),
    others: Sequence[tuple[str, str]] = (),
) -> Page:
    """Draw a dashboard over a time range.

    `also` are happenings that no annotation asks of Prometheus, such as load runs; `others` are
    (title, address) of pages to link. UnreachableError when Prometheus does not answer.
    """
    values, _ = values_on(dashboard, source, span, scrape_s)
    happened = (*also, *happenings(dashboard, source, values, span))
    frame = Frame(span, tuple(one for one in happened if one.end >= span.start))
    pieces = [
        draw(answer(panel, source, values, span), frame, f"p{number}")
        for number, panel in enumerate(dashboard.panels)
    ]
    html = (
        _environment()
        .get_template("preview.html.j2")
        .render(
            dashboard=dashboard,
            css=stylesheet(),
            rows=[(row, list(found)) for row, found in groupby(pieces, lambda one: one.panel.row)],
            span=span,
            happenings=frame.happenings[:_MOST_HAPPENINGS],
            more=max(0, len(frame.happenings) - _MOST_HAPPENINGS),
            others=others,
        )
    )
    return Page(
        html,
        len(pieces),
        tuple(piece.panel.title for piece in pieces if piece.broken),
        tuple(piece.panel.title for piece in pieces if piece.note and not piece.broken),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dashboards", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": _moment, "limits": _limits, "runbooks": _runbooks}
    return environment


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _limits(piece: Piece) -> str:
    """Return the thresholds in words, such as `2 s`."""
    return ", ".join(write(value, piece.panel.unit) for value, _ in limits(piece.panel))


def _runbooks(panel: Drawn) -> list[tuple[str, str]]:
    return [
        (link.title.removeprefix(PREFIX), link.url)
        for link in panel.links
        if link.title.startswith(PREFIX)
    ]
