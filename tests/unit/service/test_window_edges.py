"""Windows in the hour that clocks show twice: their edges are instants."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from service.api.listing import touches
from service.api.windows import span_of
from service.availability import interval_of, occurrences_in
from service.drafts import new_event
from service.errors import ProblemError
from service.planning.work import unlimited

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = [
    ("Europe/Paris", "2026-10-25T02:{:02}:00{}", "+02:00", "+01:00"),
    ("America/Denver", "2026-11-01T01:{:02}:00{}", "-06:00", "-07:00"),
]


@pytest.mark.parametrize(("zone", "clock", "first", "second"), ZONES)
def test_a_window_from_the_first_to_the_second_of_both_hours_is_as_long_as_it_is(
    zone: str, clock: str, first: str, second: str
) -> None:
    span = span_of(clock.format(45, first), clock.format(30, second), zone, [])
    assert span.end - span.start == timedelta(minutes=45)
    with pytest.raises(ProblemError):
        span_of(clock.format(30, second), clock.format(45, first), zone, [])


@pytest.mark.parametrize(("zone", "clock", "first", "second"), ZONES)
@pytest.mark.parametrize("begins", [0, 15, 30, 45])
@pytest.mark.parametrize("is_second", [False, True])
def test_an_event_of_that_hour_is_in_the_windows_that_it_is_in(
    zone: str, clock: str, first: str, second: str, *, begins: int, is_second: bool
) -> None:
    start = clock.format(begins, second if is_second else first)
    end = (datetime.fromisoformat(start) + timedelta(minutes=15)).isoformat()
    event = new_event("ann", {"title": "x", "start": start, "end": end, "timezone": zone}, now=NOW)
    edges = [clock.format(minute, offset) for offset in (first, second) for minute in (0, 20, 40)]
    for left, right in pairwise(edges):
        span = span_of(left, right, zone, [])
        wanted = (
            datetime.fromisoformat(start) < datetime.fromisoformat(right)
            and datetime.fromisoformat(end) > datetime.fromisoformat(left)
        )  # fmt: skip
        assert bool(list(occurrences_in(event, span, unlimited))) is wanted, (left, right)
        assert touches(event, span.start, span.end, span.zone, unlimited) is wanted


def test_a_floating_time_is_that_of_the_clock_of_whoever_asks() -> None:
    plain = new_event("ann", {"title": "x", "start": "2026-07-01T09:00:00"}, now=NOW)
    event = replace(plain, floating=True)
    for zone in ("Europe/Berlin", "America/New_York", "UTC"):
        span = span_of("2026-07-01T08:30:00", "2026-07-01T09:30:00", zone, [])
        (found,) = occurrences_in(event, span, unlimited)
        assert interval_of(found, span.zone)[0] == span.start + timedelta(minutes=30)
