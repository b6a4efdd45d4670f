"""What was taken for what."""

from collections.abc import Mapping

from matplotlib.axes import Axes

from kit.charts import theme


def confusion(table: Mapping[str, Mapping[str, int]], *, name: str, title: str) -> str | None:
    """Return expected kinds (rows) against answered ones (columns), with the number in each cell.

    The diagonal is right; anything else is coloured as bad, by its share of its row.
    """
    if not table:
        return None
    answered = {kind for row in table.values() for kind in row}
    rows = sorted(table)
    columns = [*rows, *sorted(answered - set(rows))]
    figure, axes = theme.canvas(height_in=1.0 + 0.34 * len(rows))
    for y, expected in enumerate(rows):
        for x, kind in enumerate(columns):
            _cell(axes, x, y, table[expected], kind, right=kind == expected)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.set(
        xlim=(-0.55, len(columns) - 0.45),
        ylim=(len(rows) - 0.5, -0.5),
        xlabel="answered",
        ylabel="expected",
    )
    axes.tick_params(length=0, labelcolor=theme.INK)
    axes.grid(visible=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    mistaken = [
        f"{number} {expected} taken for {kind}"
        for expected in rows
        for kind, number in sorted(table[expected].items())
        if kind != expected
    ]
    said = "; ".join(mistaken) or "nothing was taken for something else"
    return theme.svg(figure, name=name, title=title, description=f"{title}: {said}.")


def _cell(axes: Axes, x: int, y: int, row: Mapping[str, int], kind: str, *, right: bool) -> None:
    number = row.get(kind, 0)
    if number:
        shade = 0.18 + 0.5 * number / sum(row.values())
        colour = theme.FIRST if right else theme.BAD
        axes.broken_barh(
            [(x - 0.46, 0.92)], (y - 0.44, 0.88), color=colour, alpha=shade, linewidth=0
        )
    colour = theme.INK if number else theme.MUTED
    axes.text(x, y, f"{number:,}" if number else "·", ha="center", va="center", color=colour)
