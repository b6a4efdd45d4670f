"""Days off, from a calendar file to the two metrics of the prober."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from kit.pure.errors import BadInputError
from synthetic.days_off import DaysOff, read_days_off
from synthetic.edge.journeys.files import load_days_off
from synthetic.edge.journeys.metrics import ProbeMetrics

HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n%sEND:VCALENDAR\n"


def event(*lines: str) -> str:
    return "\n".join(
        ("BEGIN:VEVENT", "UID:u", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", "")
    )


def days(*events: str, zone: str = "UTC") -> DaysOff:
    text = HEAD % (f"X-WR-TIMEZONE:{zone}\n" + "".join(events))
    return read_days_off("mine.ics", text.encode())


def off(of: DaysOff, day: str, hour: int = 12) -> bool:
    return of.is_off(datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00"))


def test_a_day_off_is_off_from_midnight_to_midnight_of_its_zone() -> None:
    of = days(event("DTSTART;VALUE=DATE:20270329"), zone="Asia/Tokyo")
    assert [off(of, "2027-03-28", hour) for hour in (14, 15)] == [False, True]
    assert [off(of, "2027-03-29", hour) for hour in (14, 15)] == [True, False]
    assert of.end() == datetime(2027, 3, 29, 15, tzinfo=UTC).timestamp()


def test_several_days_and_those_that_come_again_are_off() -> None:
    of = days(
        event("DTSTART;VALUE=DATE:20241224", "DTEND;VALUE=DATE:20241227", "RRULE:FREQ=YEARLY"),
        event("DTSTART;VALUE=DATE:20250606", "DURATION:P2D"),
    )
    wanted = {"2031-12-23": False, "2031-12-24": True, "2031-12-26": True, "2031-12-27": False,
              "2025-06-07": True, "2025-06-08": False}  # fmt: skip
    assert {day: off(of, day) for day in wanted} == wanted
    # What comes again for ever says nothing of the others.
    assert of.end() == datetime(2025, 6, 8, tzinfo=UTC).timestamp()


def test_a_rule_ends_where_it_says_and_leaves_out_what_it_says() -> None:
    of = days(
        event("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY;UNTIL=20260119",
              "EXDATE;VALUE=DATE:20260112"),
    )  # fmt: skip
    found = [off(of, f"2026-01-{day:02}") for day in (5, 12, 19, 26)]
    assert found == [True, False, True, False]
    assert of.end() == datetime(2026, 1, 20, tzinfo=UTC).timestamp()


def test_what_has_a_time_or_was_cancelled_is_no_day_off() -> None:
    of = days(
        event("DTSTART:20260505T090000Z"), event("DTSTART;VALUE=DATE:20260506", "STATUS:CANCELLED"),
        event("DTSTART;VALUE=DATE:20260507"),
    )  # fmt: skip
    assert [off(of, f"2026-05-{day:02}") for day in (5, 6, 7)] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nothing", "is no calendar of days off"),
        (HEAD % "", "lists no day off"),
        (HEAD % event("DTSTART:20260505T090000Z"), "lists no day off"),
        (HEAD % ("X-WR-TIMEZONE:Mars/Base\n" + event("DTSTART;VALUE=DATE:20260507")), "Mars/Base"),
        (HEAD % event("DTSTART;VALUE=DATE:20260507", "RRULE:FREQ=SOMETIMES"), "is no calendar"),
    ],
)
def test_a_file_that_says_nothing_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        read_days_off("mine.ics", text.encode())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="No such file"):
        load_days_off(tmp_path / "none.ics")


def test_the_prober_says_at_each_scrape_whether_it_is_a_day_off() -> None:
    metrics, now = ProbeMetrics([]), [datetime(2027, 1, 1, 23, 59, tzinfo=UTC)]
    of = days(event("DTSTART;VALUE=DATE:20270101"))
    metrics.show_days_off(of, "orders", lambda: now[0])
    assert 'probe_day_off{service="orders"} 1.0' in generate_latest(metrics.registry).decode()
    now[0] = datetime(2027, 1, 2, tzinfo=UTC)
    text = generate_latest(metrics.registry).decode()
    assert 'probe_day_off{service="orders"} 0.0' in text
    (line,) = (each for each in text.splitlines() if each.startswith("probe_days_off_end"))
    assert float(line.split()[1]) == of.end()
