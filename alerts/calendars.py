"""How much of a budget is spent since its calendar period began, in PromQL.

A rule knows the time, and from it the number of the period: the month counted from the first. What
belongs to the period of now is what was recorded under the same number. So nobody needs to know
when the period began, and months, quarters and leap years have their own length.
"""

from datetime import UTC, timedelta
from typing import Final

from alerts.expressions import number
from alerts.names import BAD, PERIOD, SPENT, TOTAL, WATCHED
from alerts.rule import Record
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.period import Calendar
from slo.recorded import labels_of, selector_of

_DAY: Final = timedelta(days=1)
_LONGEST_MONTH_DAYS: Final = 31
_MOST_POINTS: Final = 800  # promtool tests no query of 10,000 samples, and each point has several
_STEPS: Final = tuple(
    timedelta(minutes=each) for each in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
)


def calendar_records(objective: Objective, calendar: Calendar) -> tuple[Record, ...]:
    """Return the number of the period, how much of it was measured, and the share spent.

    Spent is events over events since the period began, times the part of it that has passed. The
    period is looked at in steps that all time zones agree on where it is short;
    what the clocks do in summer no rule can know, so that zones keep the offset of the start.
    """
    own, labels = selector_of(objective), labels_of(objective)
    longest = _longest(calendar)
    step = _step(longest)
    now = f"on() {PERIOD}{own} @ end()"
    this = f"{_number(calendar, step)} == {now}"

    def since(series: str) -> str:
        mean = f"avg_over_time({series}{own}[{to_prometheus(step)}])"
        return f"({mean} and on() ({this}))[{to_prometheus(longest)}:{to_prometheus(step)}]"

    total = since(TOTAL)
    share = f"sum_over_time({since(BAD)}) / (sum_over_time({total}) > 0)"
    passed = _passed(calendar, now)
    watched = f"count_over_time({total}) * {number(step.total_seconds())}"
    spent = f"{share} / {number(objective.budget)} * {passed} / {_length(calendar, now)}"
    return (
        Record(PERIOD, f"{_number(calendar, timedelta())} >= 0", labels),
        Record(WATCHED, f"clamp_max({watched} / {passed}, 1)", labels),
        Record(SPENT, spent, labels),
    )


def _number(calendar: Calendar, ago: timedelta) -> str:
    """Return how many periods came before the one of so long ago: a vector without labels."""
    first, fixed = calendar.begin(0), calendar.fixed
    if fixed is not None:
        begun = number(first.timestamp() + ago.total_seconds())
        return f"floor(vector((time() - {begun}) / {number(fixed.total_seconds())}))"
    # A clock that shows the first of a month at midnight whenever a period begins.
    wall = calendar.start
    shown = wall.replace(day=1, hour=0, minute=0, second=0, tzinfo=UTC) - first - ago
    clock = f"vector(time() + {number(shown.total_seconds())})"
    base = wall.year * 12 + wall.month
    return f"floor((year({clock}) * 12 + month({clock}) - {base}) / {calendar.months})"


def _passed(calendar: Calendar, now: str) -> str:
    """Return the seconds since the period of now began.

    Of whole months they are the midnights of UTC that it has seen, less what its first day was
    short of, and what is gone of today.
    """
    first, day_s = calendar.begin(0), number(_DAY.total_seconds())
    if calendar.fixed is not None:
        length = number(calendar.fixed.total_seconds())
        return f"((time() - {number(first.timestamp())}) % {length})"
    begun_s = first.timestamp() % _DAY.total_seconds()
    same = f"{_number(calendar, timedelta())} == {now}"
    midnights = f"count_over_time(({same})[{to_prometheus(_longest(calendar))}:1d])"
    days = f"scalar({midnights} or vector(0))" + ("" if begun_s else " - 1")
    return f"(({days}) * {day_s} - {number(begun_s)} + time() % {day_s})"


def _length(calendar: Calendar, now: str) -> str:
    """Return the seconds of the period of now: its days are those with its number."""
    if calendar.fixed is not None:
        return number(calendar.fixed.total_seconds())
    longest = _longest(calendar)
    same = f"{_number(calendar, timedelta())} == {now}"
    around = f"[{to_prometheus(2 * longest)}:1d] offset -{to_prometheus(longest)}"
    return f"(scalar(count_over_time(({same}){around})) * {number(_DAY.total_seconds())})"


def _longest(calendar: Calendar) -> timedelta:
    return calendar.fixed or (calendar.months or 0) * _LONGEST_MONTH_DAYS * _DAY


def _step(longest: timedelta) -> timedelta:
    """Return the finest step at which a period has no more points than are quickly read."""
    return next((each for each in _STEPS if longest / each <= _MOST_POINTS), _STEPS[-1])
