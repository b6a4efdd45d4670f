"""A story begins with the first symptom and is over when the last thing wrong has ended."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kit.pure.answers import Series
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.moments import moment_of
from ops.incidents.evidence.part import Window
from ops.incidents.timeline import from_logs, from_prometheus
from ops.incidents.timeline.entry import Entry, Kind
from ops.incidents.timeline.phases import phases_of
from ops.incidents.window import window_of

T0 = datetime(2026, 11, 1, 10, tzinfo=UTC)
WINDOW = Window(T0, T0 + timedelta(hours=1))


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def entry(minutes: float, kind: Kind, topic: str = "x", priority: str = "") -> Entry:
    return Entry(at(minutes), kind, topic, "test", topic, priority)


OUTAGE = [
    entry(0, Kind.RESTART),
    entry(5, Kind.DEPENDENCY_DOWN, "mongodb"),
    entry(6, Kind.ERRORS_BEGAN, "errors"),
    entry(7, Kind.ALERT_FIRED, "DatabaseConnectionLost", "P1"),
    entry(9, Kind.MODE, "read_only"),
    entry(12, Kind.DEPENDENCY_UP, "mongodb"),
    entry(13, Kind.ERRORS_ENDED, "errors"),
    entry(18, Kind.ALERT_ENDED, "DatabaseConnectionLost", "P1"),
]


def test_the_four_moments_are_guessed_and_say_by_what() -> None:
    phases = phases_of(OUTAGE)
    moments = (phases.start, phases.detection, phases.mitigation, phases.end)
    assert [m.at if m else None for m in moments] == [at(5), at(7), at(9), at(18)]
    assert all(m is not None and m.guessed for m in moments)
    assert phases.start is not None
    assert phases.start.because == "dependency down: mongodb"


def test_what_somebody_knows_goes_before_a_guess() -> None:
    phases = phases_of(OUTAGE, {"start": at(2), "end": at(30)})
    assert phases.start is not None
    assert (phases.start.at, phases.start.guessed) == (at(2), False)
    assert phases.end is not None
    assert phases.end.at == at(30)


@pytest.mark.parametrize("left_out", [5, 6, 7])
def test_it_lasts_while_anything_that_was_wrong_has_not_ended(left_out: int) -> None:
    assert phases_of([e for n, e in enumerate(OUTAGE) if n != left_out]).end is None


def test_an_alert_that_only_shows_a_mode_neither_begins_nor_prolongs_it() -> None:
    note = entry(1, Kind.ALERT_FIRED, "ModeNotNormal", "P4")
    phases = phases_of([OUTAGE[0], note, *OUTAGE[1:]])
    assert phases.start is not None
    assert phases.start.at == at(5)
    assert phases.end is not None


def test_a_quiet_time_has_no_moments() -> None:
    phases = phases_of([entry(1, Kind.RESTART), entry(2, Kind.RUN)])
    assert (phases.start, phases.detection, phases.mitigation, phases.end) == (None,) * 4


def line(seconds: float, event: str, **more: object) -> dict[str, object]:
    moment = T0 + timedelta(seconds=seconds)
    return {"timestamp": moment.isoformat(), "event": event, **more}


def test_failed_requests_that_come_together_are_one_burst() -> None:
    failed = [line(60 + n, "request", status=503, route="/events") for n in range(20)]
    failed += [line(70, "request", status=500, route="/slots")]
    lonely = [line(1800, "request", status=500, route="/slots")]
    fine = [line(n, "request", status=200, route="/events") for n in range(100)]
    found = from_logs.entries([*failed, *lonely, *fine], WINDOW)
    assert [(e.at, e.kind) for e in sorted(found)] == [
        (at(1), Kind.ERRORS_BEGAN),
        (T0 + timedelta(seconds=79), Kind.ERRORS_ENDED),
    ]
    assert "21 requests fail" in found[0].what
    assert "20 of them at /events" in found[0].what


def test_a_burst_at_the_end_of_the_window_still_lasts() -> None:
    failed = [line(3590 + n / 2, "request", status=500, route="/x") for n in range(10)]
    assert [e.kind for e in from_logs.entries(failed, WINDOW)] == [Kind.ERRORS_BEGAN]


def test_the_log_tells_of_dependencies_modes_starts_and_caches() -> None:
    lines: list[dict[str, object]] = [
        line(1, "dependency_down", dependency="redis", reason="timeout"),
        line(2, "dependency_up", dependency="redis"),
        line(3, "mode", mode="read_only", reason="ada: spoilt"),
        line(4, "started", version="1.2"),
        line(5, "cache_cleared", entries={}),
        line(-5, "started", version="before the window"),
        {"event": "started"},
    ]
    found = from_logs.entries(lines, WINDOW)
    assert [(e.kind, e.what) for e in found] == [
        (Kind.DEPENDENCY_DOWN, "redis is away (timeout)"),
        (Kind.DEPENDENCY_UP, "redis is back"),
        (Kind.MODE, "read_only: ada: spoilt"),
        (Kind.RESTART, "version 1.2 started"),
        (Kind.CACHE_CLEARED, "every cached answer was forgotten"),
    ]


def test_a_log_with_junk_in_it_is_read_past_the_junk(tmp_path: Path) -> None:
    (tmp_path / "calendar-api.log").write_bytes(
        b'\xff\xfe\n{"cut": \n[1]\n{"timestamp":"2026-11-01T10:00:05Z","event":"started"}\n'
    )
    assert [e.kind for e in from_logs.read(tmp_path, WINDOW)] == [Kind.RESTART]


def test_a_folder_without_a_log_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughDataError, match=r"no calendar-api\.log"):
        from_logs.read(tmp_path, WINDOW)


class Answers:
    """A Prometheus of which only its answer matters here."""

    def __init__(self, labels: dict[str, str], times: list[float], values: list[float]) -> None:
        self._series = Series(labels, np.array(times), np.array(values))

    def range(self, *_asked: object) -> tuple[Series, ...]:
        return (self._series,)


def test_an_alert_that_fires_twice_is_reported_twice_and_one_that_lasts_has_no_end() -> None:
    s = T0.timestamp()
    times = [s + 10, s + 11, s + 12, s + 60, s + 61, s + 3599, s + 3600]
    server = Answers({"alertname": "A", "priority": "P2"}, times, [1.0] * len(times))
    found = from_prometheus.alerts(server, WINDOW)  # type: ignore[arg-type]
    assert [(e.kind, (e.at - T0).total_seconds()) for e in found] == [
        (Kind.ALERT_FIRED, 10), (Kind.ALERT_ENDED, 13),
        (Kind.ALERT_FIRED, 60), (Kind.ALERT_ENDED, 62),
        (Kind.ALERT_FIRED, 3599),
    ]  # fmt: skip


def test_a_mode_is_reported_when_it_begins_and_when_it_ends() -> None:
    s = T0.timestamp()
    server = Answers({"mode": "degraded"}, [s, s + 1, s + 2, s + 3], [0.0, 1.0, 1.0, 0.0])
    found = from_prometheus.modes(server, WINDOW)  # type: ignore[arg-type]
    assert [e.what for e in found] == ["degraded", "no longer degraded"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("now", at(0)), ("90m", at(-90)), ("1h30m", at(-90)), ("2026-11-01T11:00:00+02:00", at(-60))],
)
def test_a_moment_is_read_as_people_write_it(text: str, expected: datetime) -> None:
    assert moment_of(text, T0) == expected


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2026-11-01T11:00:00", "", "-5m", "99999999999y", "0001-01-01T00:00:00+23:59"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        moment_of(text, T0)


def test_a_time_without_length_is_refused() -> None:
    with pytest.raises(BadInputError, match="has no length"):
        window_of("2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z")
