"""One value on its scale, with the parts of the scale that are good and bad."""

from collections.abc import Sequence
from typing import Final

from matplotlib.patches import Wedge

from kit.charts import theme

_STATES: Final = {"bad": theme.BAD, "warn": theme.WARN, "good": theme.GOOD}
_OUTER, _RIM, _INNER = 1.0, 0.93, 0.68


def dial(
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
    """Return a half ring as SVG: the value as an arc, `text` in it, `ends` below its ends.

    `steps` are (from, state) in rising order, the first from `low`; `high` is above `low`.
    """
    figure, axes = theme.canvas(width_in=2.4, height_in=1.45)
    axes.set_axis_off()
    axes.set(aspect="equal", xlim=(-1.05, 1.05), ylim=(-0.24, 1.03))

    def angle(at: float) -> float:
        return 180.0 - 180.0 * (min(max(at, low), high) - low) / (high - low)

    def ring(begin: float, end: float, outer: float, inner: float, colour: str) -> None:
        if angle(begin) > angle(end):
            wedge = Wedge((0, 0), outer, angle(end), angle(begin), width=outer - inner)
            wedge.set(facecolor=colour, edgecolor="none")
            axes.add_patch(wedge)

    ring(low, high, _RIM - 0.03, _INNER, theme.GRID)
    bounds = [*(begin for begin, _ in steps), high]
    colour = theme.FIRST
    for (begin, state), end in zip(steps, bounds[1:], strict=True):
        ring(begin, end, _OUTER, _RIM, _STATES.get(state, theme.FIRST))
        if value >= begin:
            colour = _STATES.get(state, theme.FIRST)
    ring(low, value, _RIM - 0.03, _INNER, colour)
    axes.text(
        0,
        0.08,
        text,
        ha="center",
        va="center",
        fontsize=17,
        color=theme.INK,
        weight="bold",
        parse_math=False,
    )
    for at, label in zip((-0.83, 0.83), ends, strict=True):
        axes.text(
            at,
            -0.12,
            label,
            ha="center",
            va="center",
            fontsize=9,
            color=theme.MUTED,
            parse_math=False,
        )
    return theme.svg(figure, name=name, title=title, description=description)
