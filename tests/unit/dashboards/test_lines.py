"""The drawing of lines is the reports'; what it must do for dashboards is tested here."""

import re

import numpy as np

from kit.charts.lines import _with_gaps, lines, look


def drawn(*, stacked: bool = False, **more: object) -> str:
    series = [([0, 15, 30, 90, 105], [1, 2, 3, 4, 5]), ([0, 15], [1, 1])]
    return lines(
        name="x",
        title="t",
        description="d",
        series=series,
        span=(0, 120),
        write=lambda value: f"{value:g}",
        stacked=stacked,
        **more,  # type: ignore[arg-type]  # named by each test
    )


def test_no_line_is_drawn_over_what_is_not_known() -> None:
    x, y = _with_gaps(np.array([0.0, 15, 30, 90]), np.array([1.0, 2, 3, 4]), 15)

    assert x.tolist() == [0, 15, 30, 45, 90]
    assert np.isnan(y).tolist() == [False, False, False, True, False]


def test_a_limit_that_is_near_is_drawn_and_one_far_off_does_not_flatten_the_values() -> None:
    near = drawn(limits=[(6, "bad")])
    far = drawn(limits=[(1000, "bad")])

    assert "var(--bad)" in near
    assert re.findall(r">(\d+)</text>", far) == re.findall(r">(\d+)</text>", drawn())


def test_equal_series_give_equal_drawings_and_stacked_ones_differ() -> None:
    assert drawn() == drawn()
    assert drawn(stacked=True) != drawn()


def test_no_two_of_the_first_twenty_four_series_look_alike() -> None:
    assert len({look(number) for number in range(24)}) == 24
