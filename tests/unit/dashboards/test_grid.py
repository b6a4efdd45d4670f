from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.grid import COLUMNS, Place, place_rows
from dashboards.panel import Kind, Panel, Query, Row, Unit


def a_panel(width: int, height: int) -> Panel:
    return Panel("x", Kind.STAT, Unit.COUNT, (Query("x"),), "", "", width=width, height=height)


sizes = st.lists(st.tuples(st.integers(1, COLUMNS), st.integers(1, 12)), max_size=12)


@given(st.lists(sizes, max_size=4))
def test_no_two_panels_share_a_cell_and_all_are_inside(rows: list[list[tuple[int, int]]]) -> None:
    made = [Row("?", tuple(a_panel(*size) for size in row)) for row in rows]

    places = [place for heading, _, panels in place_rows(made) for place in (heading, *panels)]

    assert len(places) == len(rows) + sum(map(len, rows))
    assert all(place.x + place.width <= COLUMNS for place in places)
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))


def test_panels_stand_side_by_side_until_the_line_is_full() -> None:
    ((_, _, places),) = place_rows([Row("?", (a_panel(12, 8), a_panel(12, 6), a_panel(8, 5)))])

    assert places == (Place(0, 1, 12, 8), Place(12, 1, 12, 6), Place(0, 9, 8, 5))


def test_a_panel_wider_than_the_grid_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="panel 'x': width 25 is not within 1 to 24"):
        list(place_rows([Row("?", (a_panel(25, 1),))]))
