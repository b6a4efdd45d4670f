"""The drawing of lines is the reports'; what it must do for dashboards is tested here."""

import json
import re
from pathlib import Path

import numpy as np

from dashboards.preview.states import tone_of
from dashboards.read_panel import read_panel
from kit.charts.lines import _with_gaps, lines, looks


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
    assert len(set(looks([""] * 24))) == 24


def test_what_fails_has_the_colour_of_failures_and_takes_none_from_the_others() -> None:
    assert looks(["bad", "", "bad", ""]) == [(0, 0), (1, 0), (0, 1), (2, 0)]
    for stacked in (False, True):
        assert "var(--bad)" not in drawn(stacked=stacked)
        assert "var(--bad)" in drawn(stacked=stacked, tones=["bad", ""])


def test_a_panel_of_outcomes_has_failures_in_red_at_the_bottom_of_the_pile() -> None:
    board = json.loads(Path("dashboards/generated/calendar-executive.json").read_text())
    raw = next(one for one in board["panels"] if one["title"] == "Requests by outcome")
    assert [one["legendFormat"][:3] for one in raw["targets"]] == ["5xx", "4xx", "2xx"]
    panel = read_panel(raw, "")
    tones = [tone_of(panel, one.ref, one.legend) for one in panel.targets]
    assert tones == ["bad", "warn", ""]


def test_the_colour_of_a_name_or_of_what_names_match_is_read_as_well() -> None:
    overrides = [
        {
            "matcher": {"id": kind, "options": options},
            "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "dark-red"}}],
        }
        for kind, options in (("byName", "lost"), ("byRegexp", "/^5/"), ("byRegexp", "/(/"))
    ]
    raw = {"title": "x", "type": "timeseries", "fieldConfig": {"overrides": overrides}}
    panel = read_panel(raw, "")
    names = ("lost", "503", "150", "lost too")
    assert [tone_of(panel, "A", name) for name in names] == ["bad", "bad", "", ""]
