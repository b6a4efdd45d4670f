"""When a task is due: in wall-clock time of a zone, which has days of 23 and of 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kit.pure.moments import at_wall, local
from ops.schedules.table import Task

_WEEK: Final = 7
_LONGEST: Final = 5 * _WEEK + 1


def is_due_on(task: Task, day: date) -> bool:
    """Say whether a task is due on a day."""
    if task.weekday is not None and day.weekday() != task.weekday:
        return False
    return not task.first or day.day <= _WEEK


def next_due(task: Task, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment later than `after` at which a task is due, in UTC.

    A time that a change of the clocks leaves out is taken as the moment right after the change; one
    that comes twice counts the first time.
    """
    day = local(after, zone).date()
    for _ in range(_LONGEST):
        moment = _moment(task, day, zone)
        if is_due_on(task, day) and moment > after:
            return moment
        day += timedelta(days=1)
    raise AssertionError(task.name)  # the first weekday of a month is never further away


def deadline(task: Task, ran: datetime, zone: ZoneInfo) -> datetime:
    """Return by when the run after the one at `ran` must have ended, in UTC."""
    return next_due(task, ran, zone) + task.grace


def _moment(task: Task, day: date, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time(task.hour, task.minute))
    return at_wall(wall, zone).astimezone(UTC)
