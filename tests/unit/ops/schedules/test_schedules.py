"""The schedule: the same days by the table, by cron and by systemd; a missed run shows."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.pure.errors import BadInputError
from ops.schedules import running
from ops.schedules.due import deadline, is_due_on, next_due
from ops.schedules.files import crontab, files, units
from ops.schedules.running import Ran, note, read_runs
from ops.schedules.table import TASKS

ROOT = Path(__file__).resolve().parents[4]
NAMED = {task.name: task for task in TASKS}
UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
FIVE_YEARS = [date(2026, 1, 1) + timedelta(days=n) for n in range(5 * 365 + 1)]


def _cron_days(line: str) -> Iterator[date]:
    """Yield the days on which cron would run a line, as crontab(5) says, its guard included."""
    _, _, month_day, _, weekday, rest = line.split(maxsplit=5)
    for day in FIVE_YEARS:
        by_day = month_day == "*" or day.day in _numbers(month_day)
        by_weekday = weekday == "*" or day.isoweekday() % 7 in _numbers(weekday)
        both_given = "*" not in (month_day, weekday)
        fires = (by_day or by_weekday) if both_given else (by_day and by_weekday)
        if fires and (guard := re.search(r"-le (\d+) \]", rest)):
            fires = day.day <= int(guard[1])
        if fires:
            yield day


def _numbers(field: str) -> set[int]:
    low, _, high = field.partition("-")
    return set(range(int(low), int(high or low) + 1))


@pytest.mark.parametrize("name", NAMED)
def test_cron_runs_a_task_on_the_days_of_the_table_for_five_years(name: str) -> None:
    (line,) = [one for one in crontab().splitlines() if f"schedule run {name}'" in one]
    assert list(_cron_days(line)) == [day for day in FIVE_YEARS if is_due_on(NAMED[name], day)]
    assert line.split()[:2] == [str(NAMED[name].minute), str(NAMED[name].hour)]


def test_the_first_sunday_comes_once_a_month_and_without_a_guard_cron_comes_more_often() -> None:
    days = [day for day in FIVE_YEARS if is_due_on(NAMED["monthly"], day)]
    months = {(day.year, day.month) for day in FIVE_YEARS}
    assert [(day.year, day.month) for day in days] == sorted(months)
    assert {day.weekday() for day in days} == {6}
    naive = list(_cron_days("0 1 1-7 * 0 root x"))
    assert len(naive) > 5 * len(days)


@pytest.mark.parametrize("name", NAMED)
def test_systemd_has_the_days_of_the_table(name: str) -> None:
    calendar = re.search(r"OnCalendar=(.*)", units()[f"calendar-{name}.timer"])
    assert calendar is not None
    task = NAMED[name]
    day = (
        ""
        if task.weekday is None
        else f"{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][task.weekday]} "
    )
    days = "1..7" if task.first else "*"
    assert calendar[1] == f"{day}*-*-{days} {task.hour:02}:{task.minute:02}:00"
    assert f"schedule run {name}\n" in units()[f"calendar-{name}.service"]


def test_the_shipped_files_are_those_of_the_table() -> None:
    folder = ROOT / "deployment" / "schedules"
    there = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert there == files()


def test_a_time_that_the_clocks_skip_or_repeat_is_due_once() -> None:
    weekly = NAMED["weekly"]  # Sundays 2:00, which Berlin has not in March and twice in October
    spring = next_due(weekly, datetime(2026, 3, 28, tzinfo=UTC), BERLIN)
    assert spring == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert next_due(weekly, spring, BERLIN) == datetime(2026, 4, 5, 0, 0, tzinfo=UTC)
    autumn = next_due(weekly, datetime(2026, 10, 24, 12, tzinfo=UTC), BERLIN)
    assert autumn == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert next_due(weekly, autumn, BERLIN) == datetime(2026, 11, 1, 1, 0, tzinfo=UTC)


def test_a_run_moves_the_deadline_to_after_the_next_time_and_nothing_else_does() -> None:
    morning = NAMED["morning"]
    ran = datetime(2026, 11, 30, 9, 0, 5, tzinfo=UTC)
    assert deadline(morning, ran, UTC_ZONE) == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    early = datetime(2026, 11, 30, 8, 59, tzinfo=UTC)  # by hand, before its time: still due today
    assert deadline(morning, early, UTC_ZONE) == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def test_a_task_that_never_ran_has_a_deadline_from_the_beginning_of_the_watch(
    tmp_path: Path,
) -> None:
    began = datetime(2026, 11, 30, 12, tzinfo=UTC)
    note(tmp_path, {}, UTC_ZONE, began)
    first = (tmp_path / running.METRICS).read_text()
    due = int(datetime(2026, 12, 1, 10, tzinfo=UTC).timestamp())
    assert f'scheduled_run_deadline_timestamp_seconds{{task="morning"}} {due}\n' in first
    assert "scheduled_run_failed{" not in first
    note(tmp_path, {}, UTC_ZONE, began + timedelta(days=3))
    assert (tmp_path / running.METRICS).read_text() == first
    at = datetime(2026, 12, 3, 9, tzinfo=UTC).timestamp()
    note(tmp_path, {"morning": Ran(at, 3, failed=True)}, UTC_ZONE, began + timedelta(days=3))
    assert 'scheduled_run_failed{task="morning"} 1\n' in (tmp_path / running.METRICS).read_text()
    assert read_runs(tmp_path) == {"morning": Ran(at, 3, failed=True)}


def test_a_damaged_note_is_named_and_not_taken_for_no_run(tmp_path: Path) -> None:
    (tmp_path / "schedules.json").write_text('{"runs": ')
    with pytest.raises(BadInputError, match=r"schedules\.json"):
        read_runs(tmp_path)
