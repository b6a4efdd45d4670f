"""What a preview wants drawn; the reports' charts have this shape, and `ops` passes them in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Limits = Sequence[tuple[float, str]]
"""(value, "bad" or "warn")."""
Marks = Sequence[tuple[float, float, str]]
"""(from, to, state), in seconds since the epoch."""


class DrawLines(Protocol):
    """Draw values over time; see `kit.charts.lines.lines`."""

    def __call__(
        self,
        *,
        name: str,
        title: str,
        description: str,
        series: Sequence[tuple[Sequence[float], Sequence[float]]],
        span: tuple[float, float],
        write: Callable[[float], str],
        limits: Limits = (),
        marks: Marks = (),
        bottom: float | None = None,
        top: float | None = None,
        stacked: bool = False,
        base: int = 10,
        width_in: float = 5.4,
    ) -> str:
        """Return the drawing as inline SVG."""
        ...


class DrawCells(Protocol):
    """Draw a heat map; see `kit.charts.cells.cells`."""

    def __call__(
        self,
        *,
        name: str,
        title: str,
        description: str,
        times: Sequence[float],
        labels: Sequence[str],
        counts: Sequence[Sequence[float]],
        span: tuple[float, float],
        width_in: float = 5.4,
    ) -> str:
        """Return the drawing as inline SVG."""
        ...


class DrawDial(Protocol):
    """Draw a gauge; see `kit.charts.dial.dial`."""

    def __call__(
        self,
        *,
        name: str,
        title: str,
        description: str,
        value: float,
        low: float,
        high: float,
        steps: Sequence[tuple[float, str]],
        text: str,
        ends: tuple[str, str],
    ) -> str:
        """Return the drawing as inline SVG."""
        ...


class DrawSpark(Protocol):
    """Draw a line without axes; see `kit.charts.lines.spark`."""

    def __call__(
        self, *, name: str, title: str, description: str, values: Sequence[float], state: str
    ) -> str:
        """Return the drawing as inline SVG."""
        ...


@dataclass(frozen=True, slots=True)
class Charts:
    """The drawings, the style sheet that they are made for, and how a series looks.

    `look` gives the colour (1 to 8) and the dash (0 to 2) of the n-th series.
    """

    lines: DrawLines
    cells: DrawCells
    dial: DrawDial
    spark: DrawSpark
    look: Callable[[int], tuple[int, int]]
    css: str
