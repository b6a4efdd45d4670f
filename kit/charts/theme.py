"""The theme of our pages, and how a matplotlib figure becomes SVG that belongs into our page."""

import html
import io
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, Locator

from kit.charts.points import Points, written

INK: Final = "#0a0a01"
MUTED: Final = "#0a0a02"
GRID: Final = "#0a0a03"
CARD: Final = "#0a0a04"
FIRST: Final = "#0a0a05"
SECOND: Final = "#0a0a06"
BAD: Final = "#0a0a07"
GOOD: Final = "#0a0a08"
WARN: Final = "#0a0a09"
LINES: Final = tuple(f"#0a0b{number:02d}" for number in range(1, 9))
"""For charts of many series, to be distinguished in this order."""
_CSS: Final = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
    CARD: "var(--card)",
    FIRST: "var(--first)",
    SECOND: "var(--second)",
    BAD: "var(--bad)",
    GOOD: "var(--good)",
    WARN: "var(--warn)",
    **{stand_in: f"var(--line-{number})" for number, stand_in in enumerate(LINES, 1)},
}
"""Stand-ins that no chart uses for anything else; the page's style sheet gives them a colour."""

WIDTH_IN: Final = 5.4
HEIGHT_IN: Final = 3.1
_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "calendar-sre",
    "figure.dpi": 100,
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "figure.facecolor": "none",
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "path.simplify": True,
    "text.parse_math": False,  # what stands between two dollars is text like any other
}


_PARTS: Final = (
    (r'id="matplotlib\.axis_1"', 'class="axis-x"'),
    (r'id="(series-\d+)"', r'class="plot \1"'),
)
"""What the script finds again: the horizontal axis, and what is drawn of each series."""


def stylesheet() -> str:
    """Return the style sheet that gives our pages, and the charts in them, their colours."""
    return (Path(__file__).resolve().parent / "theme.css").read_text(encoding="utf-8")


def css_of(stand_in: str) -> str:
    """Return the colour of the style sheet that a stand-in is for."""
    return _CSS[stand_in]


def canvas(*, width_in: float = WIDTH_IN, height_in: float = HEIGHT_IN) -> tuple[Figure, Axes]:
    """Return an empty chart in the theme."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        return figure, figure.add_subplot()


def seconds_axis(axes: Axes, first_s: float, last_s: float) -> None:
    """Let the horizontal axis be the time since the start of the run."""
    axes.set(xlim=(first_s, last_s), xlabel="seconds into the run")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def ticks(axis: Axis, at: Sequence[float] | Locator, write: Callable[[float], str]) -> None:
    """Put ticks at these places, or where a locator puts them, and label them by `write`."""
    axis.set_major_locator(at if isinstance(at, Locator) else FixedLocator(list(at)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def legend_above(axes: Axes, columns: int) -> None:
    """Put the legend over the axes, where it covers nothing."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=columns,
        borderaxespad=0.2,
        handlelength=1.2,
        columnspacing=1.4,
        frameon=False,
        labelcolor=INK,
    )


def svg(
    figure: Figure, *, name: str, title: str, description: str, points: Points | None = None
) -> str:
    """Return the figure as inline SVG with a text alternative; equal figures give equal text.

    `name` is unique on the page and goes before every id that the SVG refers to. With `points` its
    values can be looked at.
    """
    out = io.StringIO()
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        # Words that leave no room, or a letter that no font has: the page's own font has it.
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}, transparent=True
        )
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)  # the page's own has it
    for found, kind in _PARTS:
        text = re.sub(found, kind, text)
    text = _own_ids(text, name)
    text = re.sub(r"font: ([\d.]+)px [^;\"]+", r"font-size: \1px", text)
    for stand_in, colour in _CSS.items():
        text = text.replace(stand_in, colour)
    text = re.sub(r"\n\s*", "\n", text)
    view = re.search(r'viewBox="[^"]+"', text)
    role = "img" if points is None else "group"
    head = (
        f'<svg {view[0] if view else ""} class="chart" role="{role}" '
        f"{_values(figure, points)}"
        f'aria-labelledby="{name}-t {name}-d" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-t">{html.escape(title)}</title>'
        f'<desc id="{name}-d">{html.escape(description)}</desc>'
    )
    return re.sub(r"\A<svg[^>]*>", lambda _: head, text).strip()


def _values(figure: Figure, points: Points | None) -> str:
    return "" if points is None else f'data-points="{html.escape(written(figure, points))}" '


def _own_ids(text: str, name: str) -> str:
    """Keep only ids that something refers to, made unique to this chart."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", text))

    def keep(found: re.Match[str]) -> str:
        return f' id="{name}-{found[1]}"' if found[1] in used else ""

    text = re.sub(r' id="([^"]+)"', keep, text)
    text = re.sub(r'xlink:href="#', f'href="#{name}-', text)
    return re.sub(r"url\(#", f"url(#{name}-", text)
