"""A panel's answers as a piece of the preview page, drawn with our charts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Final

from dashboards.document import Drawn
from dashboards.grid import COLUMNS
from dashboards.live import explains_absence
from dashboards.preview.answers import Answered, Happening, Named
from dashboards.preview.buckets import heat_rows
from dashboards.preview.states import limits, state_of, steps, tone_of
from dashboards.preview.table import table_rows
from dashboards.source import Span
from dashboards.units import write
from kit.charts.cells import cells
from kit.charts.dial import dial
from kit.charts.lines import lines, looks, spark

_FULL_IN: Final = 11.2
_TELEPHONE_IN: Final = 3.6
_CLOSE_ENOUGH_IN: Final = 0.4
_NARROWEST: Final = 4
_MOST_LINES: Final = 24
_SERIES: Final = re.compile(r"\b([a-zA-Z_:][a-zA-Z0-9_:]*_[a-zA-Z0-9_:]*)(?=[{\[])")
_BINARY: Final = frozenset({"bytes", "kbytes", "mbytes", "gbytes", "bits"})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a legend."""

    name: str
    colour: str
    dash: int
    last: str
    most: str


@dataclass(frozen=True, slots=True)
class Value:
    """One big number; `chart` is a spark line, a dial or ""."""

    name: str
    text: str
    state: str
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What the page shows of a panel; only the parts of its kind are filled.

    `charts` has one drawing, or two of a wide panel: for a wide screen and for a narrow one.
    """

    panel: Drawn
    note: str = ""
    broken: bool = False
    charts: tuple[str, ...] = ()
    legend: tuple[Line, ...] = ()
    values: tuple[Value, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What all panels of a page share."""

    span: Span
    happenings: tuple[Happening, ...]


def draw(answered: Answered, frame: Frame, name: str) -> Piece:
    """Return the piece of a panel; `name` is unique on the page."""
    panel = answered.panel
    if answered.problem:
        return Piece(panel, note=answered.problem, broken=True)
    drawing = _DRAWINGS.get(panel.kind)
    if drawing is None:
        return Piece(panel, note=f"Panels of type {panel.kind!r} are not drawn in the preview.")
    if answered.empty:
        is_explained = explains_absence(panel)
        note = panel.no_value if is_explained else _no_data(panel)
        return Piece(panel, note=note, broken=not is_explained)
    return drawing(answered, frame, name)


def _no_data(panel: Drawn) -> str:
    """Return that a panel is empty, and of what nothing came: a job may not be scraped at all."""
    texts = " ".join(one.expr for one in panel.targets)
    names = list(dict.fromkeys(_SERIES.findall(texts)))
    return f"No data: no scraped job has {', '.join(names[:3])} now." if names else "No data"


def _lines(answered: Answered, frame: Frame, name: str) -> Piece:
    panel = answered.panel
    known = [named for named in answered.found if named.last is not None]
    found = known[:_MOST_LINES]
    tones = [tone_of(panel, one.target.ref, one.name) for one in found]
    legend = tuple(
        _line(panel, named, tone, *look)
        for named, tone, look in zip(found, tones, looks(tones), strict=True)
    )
    drawings = tuple(
        lines(
            name=f"{name}-{number}",
            title=panel.title,
            description="Last values: " + "; ".join(f"{one.name} {one.last}" for one in legend[:3]),
            series=[(named.times, named.values) for named in found],
            span=(frame.span.start, frame.span.end),
            write=lambda value: write(value, panel.unit),
            limits=limits(panel),
            marks=[(one.begin, one.end, one.state) for one in frame.happenings],
            bottom=panel.lowest,
            top=panel.highest,
            stacked=panel.stacked,
            base=1024 if panel.unit in _BINARY else 10,
            width_in=width,
            tones=tones,
        )
        for number, width in enumerate(_widths(panel))
    )
    return Piece(panel, charts=drawings, legend=legend, left_out=len(known) - len(found))


def _line(panel: Drawn, named: Named, tone: str, colour: int, dash: int) -> Line:
    last, most = (
        "" if value is None else write(value, panel.unit, panel.decimals)
        for value in (named.last, max((v for v in named.values if not isnan(v)), default=None))
    )
    return Line(named.name, f"line-{colour}" if colour else tone, dash, last, most)


def _heat(answered: Answered, frame: Frame, name: str) -> Piece:
    panel = answered.panel
    times, labels, counts = heat_rows(answered.found, panel.unit)
    if not any(any(row) for row in counts):
        return Piece(panel, note=panel.no_value or "Every bucket is empty.")
    drawings = tuple(
        cells(
            name=f"{name}-{number}",
            title=panel.title,
            description="Counts by bucket over time; darker is more.",
            times=times,
            labels=labels,
            counts=counts,
            span=(frame.span.start, frame.span.end),
            width_in=width,
        )
        for number, width in enumerate(_widths(panel))
    )
    return Piece(panel, charts=drawings)


def _numbers(answered: Answered) -> Iterator[tuple[int, Named, float, str]]:
    """Yield each series that has a last value: its number, itself, the value, and that as text."""
    panel = answered.panel
    for number, named in enumerate(answered.found):
        if named.last is not None:
            yield number, named, named.last, write(named.last, panel.unit, panel.decimals)


def _stat(answered: Answered, _: Frame, name: str) -> Piece:
    panel, values = answered.panel, []
    for number, named, last, text in _numbers(answered):
        state, chart = state_of(panel, last), ""
        if len(answered.found) == 1 and len(set(named.values)) > 1:
            chart = spark(
                name=f"{name}-{number}",
                title=panel.title,
                description=f"{named.name}, last {text}",
                values=named.values,
                state=state,
            )
        values.append(Value(named.name, text, state, chart))
    return Piece(panel, values=tuple(values))


def _gauge(answered: Answered, _: Frame, name: str) -> Piece:
    panel, values = answered.panel, []
    for number, named, last, text in _numbers(answered):
        low, high = _scale(panel, last)
        chart = dial(
            name=f"{name}-{number}",
            title=panel.title,
            description=f"{named.name} {text}",
            value=last,
            low=low,
            high=high,
            steps=steps(panel, low),
            text=text,
            ends=(write(low, panel.unit), write(high, panel.unit)),
        )
        values.append(Value(named.name, text, state_of(panel, last), chart))
    return Piece(panel, values=tuple(values))


def _scale(panel: Drawn, last: float) -> tuple[float, float]:
    """Return the ends of a gauge's scale; a value that lies outside has its scale begin at nought.

    A dial from 99.5 to 100 % is an empty ring at 96.8 %: nobody sees how bad that is.
    """
    known = last if isfinite(last) else 0.0
    low = min(0.0, known) if panel.lowest is None else panel.lowest
    high = max(1.0, known) if panel.highest is None else panel.highest
    low = low if known >= low else min(0.0, known)
    return low, high if high > low else low + 1.0


def _table(answered: Answered, _: Frame, _name: str) -> Piece:
    columns, rows = table_rows(answered)
    return Piece(answered.panel, columns=columns, rows=rows)


def _widths(panel: Drawn) -> tuple[float, ...]:
    """Return the widths to draw in: on a desk, and on a telephone where that differs.

    A drawing that is scaled by much has letters of another size than the page.
    """
    columns = min(max(panel.place.width, _NARROWEST), COLUMNS) if panel.place else 12
    width = round(_FULL_IN * columns / 24 - 0.1, 2)
    is_close = abs(width - _TELEPHONE_IN) <= _CLOSE_ENOUGH_IN
    return (width,) if is_close else (width, _TELEPHONE_IN)


_Drawing = Callable[[Answered, Frame, str], Piece]
_DRAWINGS: Final[Mapping[str, _Drawing]] = {
    "timeseries": _lines,
    "graph": _lines,
    "heatmap": _heat,
    "stat": _stat,
    "singlestat": _stat,
    "gauge": _gauge,
    "bargauge": _gauge,
    "table": _table,
    "table-old": _table,
}
