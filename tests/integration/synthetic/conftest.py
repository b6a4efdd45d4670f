"""A small real target for each test that wants one."""

from collections.abc import Iterator

import pytest

from tests.support.small_calendar import SmallCalendar, small_calendar


@pytest.fixture
def calendar() -> Iterator[SmallCalendar]:
    """A calendar in memory behind a real HTTP server."""
    with small_calendar() as server:
        yield server
