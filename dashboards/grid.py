"""Where the panels stand: 24 columns, filled from the left, no overlaps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.panel import Panel, Row

COLUMNS: Final = 24
_HEADING_HEIGHT: Final = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in Grafana's grid."""

    x: int
    y: int
    width: int
    height: int

    def overlaps(self, other: "Place") -> bool:
        """Tell whether two rectangles share a cell."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        above = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not (beside or above)


def place_rows(rows: Iterable[Row]) -> Iterator[tuple[Place, Row, tuple[Place, ...]]]:
    """Yield for each row the place of its heading and those of its panels."""
    y = 0
    for row in rows:
        heading = Place(0, y, COLUMNS, _HEADING_HEIGHT)
        places = tuple(_fill(row.panels, y + _HEADING_HEIGHT))
        y = max((place.y + place.height for place in places), default=y + _HEADING_HEIGHT)
        yield heading, row, places


def _fill(panels: Sequence[Panel], y: int) -> Iterator[Place]:
    x = tallest = 0
    for panel in panels:
        if not 1 <= panel.width <= COLUMNS:
            raise ValueError(
                f"panel {panel.title!r}: width {panel.width} is not within 1 to {COLUMNS}"
            )
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        yield Place(x, y, panel.width, panel.height)
        x, tallest = x + panel.width, max(tallest, panel.height)
