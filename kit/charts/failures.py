"""What failed and when, by what came instead of an answer."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from kit.charts import theme
from kit.charts.record import RunRecord
from kit.pure.words import failure_kind

MOST_KINDS: Final = 5
OTHER: Final = "other"


def failures(record: RunRecord) -> str | None:
    """Return failures a second over time, a colour a kind; None for a run without any.

    Records of older versions say how many failed, not how.
    """
    slices = record["timeline"]
    found = [part.get("failures", _unnamed(part["failed"])) for part in slices]
    totals = sum((Counter(one) for one in found), Counter[str]())
    if not totals:
        return None
    named = [kind for kind, _ in totals.most_common(MOST_KINDS)]
    kinds = named if len(totals) == len(named) else [*named, OTHER]
    edges = [slices[0]["begin_s"], *(part["end_s"] for part in slices)]
    figure, axes = theme.canvas()
    below = [0.0] * len(slices)
    for kind, colour in zip(kinds, (theme.BAD, *theme.LINES), strict=False):
        counts = [_count(one, kind, named) for one in found]
        widths = [part["end_s"] - part["begin_s"] for part in slices]
        above = [b + n / w for b, n, w in zip(below, counts, widths, strict=True)]
        axes.stairs(above, edges, baseline=below, fill=True, color=colour, label=failure_kind(kind))
        below = above
    axes.set(ylim=(0, max(below) * 1.1), ylabel="failed a second")
    theme.seconds_axis(axes, edges[0], edges[-1])
    theme.legend_above(axes, 3)
    said = ", ".join(f"{count} {failure_kind(kind)}" for kind, count in totals.most_common())
    return theme.svg(
        figure, name="failures", title="Failures over time", description=f"Failed: {said}."
    )


def _unnamed(failed: int) -> dict[str, int]:
    return {"failed": failed} if failed else {}


def _count(found: Mapping[str, int], kind: str, named: list[str]) -> int:
    if kind != OTHER:
        return found.get(kind, 0)
    return sum(number for name, number in found.items() if name not in named)
