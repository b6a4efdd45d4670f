"""What was, what is to come with its range, and the limit."""

from collections.abc import Sequence
from datetime import date

from matplotlib.ticker import MaxNLocator

from kit.charts import theme
from kit.charts.points import Point, Points


def forecast(
    observed: Sequence[tuple[date, float]],
    ahead: Sequence[tuple[date, float, float, float]],
    *,
    limit: float | None,
    name: str,
    title: str,
    description: str,
) -> str:
    """Return the days that were, those ahead as (day, middle, low, high), and a dashed limit."""
    figure, axes = theme.canvas(width_in=9.0, height_in=3.0)
    (line,) = axes.plot(
        [d.toordinal() for d, _ in observed], [v for _, v in observed], color=theme.FIRST
    )
    line.set_gid("series-0")
    if ahead:
        across = [d.toordinal() for d, *_ in ahead]
        axes.fill_between(
            across,
            [low for *_, low, _ in ahead],
            [high for *_, high in ahead],
            color=theme.FIRST,
            alpha=0.18,
            linewidth=0,
        )
        middle = [value for _, value, _, _ in ahead]
        (line,) = axes.plot(across, middle, color=theme.FIRST, linestyle=(0, (3, 2)), linewidth=1.2)
        line.set_gid("series-1")
    if limit is not None:
        axes.axhline(limit, color=theme.BAD, linewidth=1.2, linestyle=(0, (5, 3)))
    days = [d for d, _ in observed] + [d for d, *_ in ahead]
    first, last = min(days), max(days)
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13, 2 if (last - first).days > 200 else 1)  # noqa: PLR2004 -- so that labels fit
    ]
    axes.set_xlim(first.toordinal(), last.toordinal())
    theme.ticks(
        axes.xaxis,
        [m.toordinal() for m in months],
        lambda at: f"{date.fromordinal(round(at)):%b %y}",
    )
    axes.set_ylim(bottom=0)
    theme.ticks(axes.yaxis, MaxNLocator(4), lambda rate: f"{rate:g}/s")
    found = [Point(d.toordinal(), v, f"{d:%d %b %Y}: {v:.3g}/s") for d, v in observed]
    found += [
        Point(d.toordinal(), v, f"{d:%d %b %Y}: {v:.3g}/s ({low:.3g} to {high:.3g})", 1)
        for d, v, low, high in ahead
    ]
    colours = [theme.css_of(theme.FIRST)] * 2
    points = Points(found, ("busiest hour of the day", "ahead"), colours)
    return theme.svg(figure, name=name, title=title, description=description, points=points)
