"""One bar a day, and the weeks' hours in shades: how a period looked."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

import numpy as np
from matplotlib.axis import Axis
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from kit.charts import theme
from kit.charts.points import Point, Points
from kit.charts.shades import shade

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_NAMED: Final = 8
_MOST_DATED: Final = 6
_SHADES: Final = 5.0
_FAR: Final = 3.0
Floats = NDArray[np.float64]


def bars(
    days: Sequence[date],
    values: Sequence[float],
    *,
    name: str,
    title: str,
    description: str,
    colour: str = theme.FIRST,
) -> str:
    """Return a bar for each day, in a colour of the theme."""
    figure, axes = theme.canvas(height_in=2.5)
    drawn = axes.bar(range(len(days)), values, width=0.62, color=colour)
    for one in drawn:
        one.set_gid("series-0")
    _day_axis(axes.xaxis, days)
    axes.set_xlim(-0.6, len(days) - 0.4)
    theme.ticks(axes.yaxis, MaxNLocator(4, integer=True), _thousands)
    found = [
        Point(at, value, f"{day:%a %d %b}: {value:,.0f}")
        for at, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    points = Points(found, colours=[theme.css_of(colour)], bars=True)
    return theme.svg(figure, name=name, title=title, description=description, points=points)


def hours_of_week(
    rows: Sequence[Sequence[float | None]],
    *,
    name: str,
    title: str,
    description: str,
    write: Callable[[float], str],
) -> str:
    """Return weekdays down and hours across, darker for more; `rows[0]` is Monday's 24 hours."""
    table = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
    low, high = float(np.nanmin(table)), _high(table)
    # One outlier would leave all others in the lightest shade: it shares the darkest.
    spread = np.clip((table - low) / (high - low), 0, 1) if high > low else table * 0 + 0.3
    # `shade` grades by logarithm, so that its inverse gives even grades; the least is still seen.
    graded = np.nan_to_num(np.expm1((0.08 + 0.92 * spread) * _SHADES), nan=0.0)
    figure, axes = theme.canvas(height_in=2.5)
    shade(axes, np.arange(25.0), np.arange(len(rows) + 1.0), graded[::-1])
    darkest = _darkest(table, high, write)
    axes.set(xlim=(0, 24), ylim=(0, len(rows)), xlabel=f"lightest {write(low)}, darkest {darkest}")
    middles = [i + 0.5 for i in range(len(rows))]
    theme.ticks(axes.yaxis, middles, lambda at: _WEEKDAYS[len(rows) - 1 - int(at)])
    theme.ticks(axes.xaxis, (0, 6, 12, 18, 24), lambda at: f"{at:02.0f}:00")
    axes.grid(visible=False)
    found = [
        Point(hour + 0.5, len(rows) - day - 0.5, f"{_WEEKDAYS[day]} {hour:02}:00: {write(value)}")
        for day, row in enumerate(rows)
        for hour, value in enumerate(row)
        if value is not None
    ]
    points = Points(found, cells=True)
    return theme.svg(figure, name=name, title=title, description=description, points=points)


def _high(table: Floats) -> float:
    """Return where the darkest shade begins: the highest value, unless it stands far out."""
    known = table[np.isfinite(table)]
    most = float(known.max())
    usual = float(np.quantile(known, 0.98))
    return usual if most > _FAR * usual > 0 else most


def _darkest(table: Floats, high: float, write: Callable[[float], str]) -> str:
    most = float(np.nanmax(table))
    return write(high) if high == most else f"{write(high)} and more, up to {write(most)}"


def accuracy(
    gauge: Sequence[tuple[date, float]],
    runs: Sequence[tuple[datetime, float, float | None, float | None]],
    *,
    target: float | None,
    name: str,
    title: str,
    description: str,
) -> str:
    """Return the daily mean of the gauge as a line, and golden runs as dots with their range.

    `runs` are (when, share, low, high); all shares are between 0 and 1.
    """
    figure, axes = theme.canvas(height_in=2.5)
    first = min([d for d, _ in gauge] + [at.date() for at, *_ in runs])
    found = [Point((day - first).days + 0.5, v, f"{day:%a %d %b}: {v:.1%}") for day, v in gauge]
    if gauge:
        across = [(day - first).days + 0.5 for day, _ in gauge]
        (line,) = axes.plot(
            across, [v for _, v in gauge], color=theme.FIRST, marker="o", markersize=4
        )
        line.set_gid("series-0")
    for at, share, low, high in runs:
        x = (at.date() - first).days + (at.hour + at.minute / 60) / 24
        ends = [share if low is None else low, share if high is None else high]
        for line in (
            *axes.plot([x, x], ends, color=theme.SECOND, linewidth=1.2),
            *axes.plot([x], [share], "o", color=theme.SECOND, markersize=4),
        ):
            line.set_gid("series-1")
        found.append(Point(x, share, f"{at:%d %b %H:%M}: {share:.1%}", 1))
    if target is not None:
        axes.axhline(target, color=theme.BAD, linewidth=1.2, linestyle=(0, (5, 3)))
    last = max([d for d, _ in gauge] + [at.date() for at, *_ in runs])
    count = (last - first).days + 1
    axes.set_xlim(0, count)
    _day_axis(axes.xaxis, [date.fromordinal(first.toordinal() + n) for n in range(count)], 0.5)
    theme.ticks(axes.yaxis, MaxNLocator(4), lambda share: f"{share * 100:g} %")
    points = Points(
        found,
        ("mean of the day", "golden runs"),
        (theme.css_of(theme.FIRST), theme.css_of(theme.SECOND)),
    )
    return theme.svg(figure, name=name, title=title, description=description, points=points)


def _day_axis(axis: Axis, days: Sequence[date], shift: float = 0.0) -> None:
    is_short = len(days) <= _MOST_NAMED
    every = 1 if is_short else -(-len(days) // _MOST_DATED)
    form = "%a %d" if is_short else "%d %b"
    places = [i + shift for i in range(0, len(days), every)]
    theme.ticks(axis, places, lambda at: f"{days[round(at - shift)]:{form}}")


def _thousands(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:,.0f}"  # noqa: PLR2004 -- five digits
