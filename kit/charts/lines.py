"""Many values over time, with the limits that matter and what happened meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from kit.charts import theme

_STATES: Final = {"bad": theme.BAD, "warn": theme.WARN, "good": theme.GOOD}
_DASHES: Final = ("-", (0, (4, 2)), (0, (1, 1.5)))
_STEPS_S: Final = tuple(
    [1, 5, 10, 15, 30]
    + [60 * minutes for minutes in (1, 2, 5, 10, 15, 30)]
    + [3600 * hours for hours in (1, 2, 3, 6, 12)]
    + [86400 * days for days in (1, 2, 5, 7, 14, 30, 90)]
)
Floats = NDArray[np.float64]


def lines(
    *,
    name: str,
    title: str,
    description: str,
    series: Sequence[tuple[Sequence[float], Sequence[float]]],
    span: tuple[float, float],
    write: Callable[[float], str],
    limits: Sequence[tuple[float, str]] = (),
    marks: Sequence[tuple[float, float, str]] = (),
    bottom: float | None = None,
    top: float | None = None,
    stacked: bool = False,
    base: int = 10,
    width_in: float = theme.WIDTH_IN,
    tones: Sequence[str] = (),
) -> str:
    """Return lines as SVG, coloured in the order of `series` (see `looks`).

    Those of a tone ("bad", "warn" or "good") have its colour, and differ by their dashes.

    `series` are (seconds since the epoch, values); `span` is the time shown, `limits` are (value,
    "bad" or "warn"). `marks` are (from, to, state): stretches that are bad are shaded, of anything
    else the beginning is a line. Labels of the value axis are written by `write`, at round
    multiples of a power of `base`.
    """
    figure, axes = theme.canvas(width_in=width_in, height_in=2.5)
    arrays = [(np.asarray(x, dtype=float), np.asarray(y, dtype=float)) for x, y in series]
    step_s = _step(arrays)
    _mark(axes, marks)
    draw = _stack if stacked else _plot
    highest = draw(axes, arrays, step_s, tones or [""] * len(arrays))
    _value_axis(axes, highest, _lowest(arrays), limits, bottom, top, write, base)
    for value, state in limits:
        axes.axhline(value, color=_STATES[state], linewidth=1.2, linestyle=(0, (5, 3)))
    time_axis(axes, span, width_in)
    return theme.svg(figure, name=name, title=title, description=description)


def looks(tones: Sequence[str]) -> list[tuple[int, int]]:
    """Return the number of the colour (1 to 8) and of the dash (0 to 2) of each series.

    Of a tone there is one colour, and the number is 0.
    """
    found, seen = [], Counter[str]()
    for tone in tones:
        index, seen[tone] = seen[tone], seen[tone] + 1
        count = 1 if tone in _STATES else len(theme.LINES)
        colour = 0 if tone in _STATES else index % count + 1
        found.append((colour, index // count % len(_DASHES)))
    return found


def _drawn(tones: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield colour and dash of each series."""
    for tone, (colour, dash) in zip(tones, looks(tones), strict=True):
        yield theme.LINES[colour - 1] if colour else _STATES[tone], dash


def spark(*, name: str, title: str, description: str, values: Sequence[float], state: str) -> str:
    """Return a line without axes, for beside a number."""
    figure, axes = theme.canvas(width_in=2.4, height_in=0.5)
    drawn = np.asarray(values, dtype=float)
    colour = _STATES.get(state, theme.FIRST)
    axes.plot(drawn, color=colour, linewidth=1.6)
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    # What moves by less than a hundredth is level.
    room = max((high - low) * 0.1, max(abs(high), abs(low)) * 0.01) or 1.0
    axes.fill_between(
        np.arange(len(drawn)), drawn, low - room, color=colour, alpha=0.13, linewidth=0
    )
    axes.set(xlim=(0, max(1, len(drawn) - 1)), ylim=(low - room, high + room))
    axes.set_axis_off()
    return theme.svg(figure, name=name, title=title, description=description)


def time_axis(axes: Axes, span: tuple[float, float], width_in: float) -> None:
    """Label the horizontal axis with hours, or days where hours would say nothing (UTC)."""
    first, last = span
    room = max(2, int(width_in / 0.8))
    step = next((s for s in _STEPS_S if (last - first) / s <= room), _STEPS_S[-1])
    begin = np.ceil(first / step) * step
    axes.set_xlim(first, last)
    form = "%H:%M:%S" if step < 60 else "%H:%M" if step < 86400 else "%d %b"  # noqa: PLR2004 -- a minute, a day
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    places = np.arange(begin, last + 1, step).tolist()
    theme.ticks(axes.xaxis, places, lambda at: (epoch + timedelta(seconds=at)).strftime(form))


def _mark(axes: Axes, marks: Iterable[tuple[float, float, str]]) -> None:
    """Shade what was bad once, however many things were bad at the same time."""
    shaded = float("-inf")
    for begin, end, state in sorted(marks):
        if state == "bad":
            first, shaded = max(begin, shaded), max(end, shaded)
            if first < shaded:
                axes.axvspan(first, shaded, color=theme.BAD, alpha=0.07, linewidth=0)
        else:
            axes.axvline(begin, color=theme.MUTED, linewidth=1, linestyle=(0, (1, 2)))


def _step(arrays: Iterable[tuple[Floats, Floats]]) -> float:
    """Return the seconds between two points; infinity when no series has two."""
    return min((float(np.diff(x).min()) for x, _ in arrays if len(x) > 1), default=float("inf"))


def _with_gaps(x: Floats, y: Floats, step_s: float) -> tuple[Floats, Floats]:
    """Put a NaN where points are missing, so that no line is drawn over what is not known."""
    after = np.flatnonzero(np.diff(x) > 1.5 * step_s) + 1
    return np.insert(x, after, x[after - 1] + step_s), np.insert(y, after, np.nan)


def _plot(
    axes: Axes, arrays: Iterable[tuple[Floats, Floats]], step_s: float, tones: Sequence[str]
) -> float:
    highest = float("-inf")
    for (known_x, known_y), (colour, dash) in zip(arrays, _drawn(tones), strict=True):
        x, y = _with_gaps(known_x, known_y, step_s)
        alone = _alone(y)
        axes.plot(x, y, color=colour, linestyle=_DASHES[dash])
        if alone.any():
            axes.plot(x[alone], y[alone], "o", color=colour, markersize=3)
        if np.isfinite(y).any():
            highest = max(highest, float(np.nanmax(y[np.isfinite(y)])))
    return highest


def _alone(values: Floats) -> NDArray[np.bool_]:
    """Return which points have no neighbour to draw a line to."""
    known = np.concatenate(([False], np.isfinite(values), [False]))
    return known[1:-1] & ~known[:-2] & ~known[2:]


def _stack(
    axes: Axes, arrays: Sequence[tuple[Floats, Floats]], step_s: float, tones: Sequence[str]
) -> float:
    """Add the series up; one that is missing or nought at a time adds nothing, not even a line."""
    times = np.unique(np.concatenate([x for x, _ in arrays] or [np.zeros(0)]))
    bare = np.flatnonzero(np.diff(times) > 1.5 * step_s)
    times = np.unique(np.concatenate((times, times[bare] + step_s, times[bare + 1] - step_s)))
    below = np.zeros(len(times))
    for tone, (x, y), (colour, dash) in zip(tones, arrays, _drawn(tones), strict=True):
        values = np.zeros(len(times))
        values[np.searchsorted(times, x)] = np.nan_to_num(y, posinf=0, neginf=0)
        shade = 0.35 if not tone else (0.5, 0.3, 0.15)[dash]
        axes.fill_between(times, below, below + values, color=colour, alpha=shade, linewidth=0)
        top = np.where(values > 0, below + values, np.nan)
        axes.plot(times, top, color=colour, linewidth=1.2, linestyle=_DASHES[dash])
        below = below + values
    return float(below.max()) if len(below) else float("-inf")


def _lowest(arrays: Iterable[tuple[Floats, Floats]]) -> float:
    found = [float(np.min(y[np.isfinite(y)])) for _, y in arrays if np.isfinite(y).any()]
    return min(found, default=0.0)


def _value_axis(
    axes: Axes,
    highest: float,
    lowest: float,
    limits: Sequence[tuple[float, str]],
    bottom: float | None,
    top: float | None,
    write: Callable[[float], str],
    base: int,
) -> None:
    """Show all values; a limit too, unless it is so far away that the values would be a line."""
    if not np.isfinite(highest):
        highest = 1.0
    near = [value for value, _ in limits if value <= 4 * max(highest, 0.0) or highest <= 0]
    ceiling = top if top is not None else max([highest, *near]) * 1.08
    floor = bottom if bottom is not None else min([lowest, *(v for v in near if v <= lowest)])
    if ceiling <= floor:
        ceiling = floor + (abs(floor) or 1.0)
    # A line along the top of a fixed scale would be cut in half.
    axes.set_ylim(floor, ceiling if top is None else ceiling + (ceiling - floor) * 0.03)
    reach = max(abs(ceiling), abs(floor))
    scale = float(base ** np.floor(np.log(reach) / np.log(base))) if reach > 0 else 1.0
    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(floor / scale, ceiling / scale)
    inside = [float(t * scale) for t in ticks if floor - 1e-12 <= t * scale <= ceiling * (1 + 1e-9)]
    theme.ticks(axes.yaxis, inside, lambda value: write(0.0 if abs(value) < 1e-12 else value))  # noqa: PLR2004 -- rounding of 0
