"""What only makes sense together: a rule and the date, span or part of the day said elsewhere."""

from service.parsing.building.anniversaries import yearly
from service.parsing.building.repeats import CODES, weekdays_between
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    DateSpan,
    Moment,
    NthOf,
    Repeat,
    WeekdayRef,
    moment_of,
)

_MOST_WEEKS = 5  # in a month


def finish(expressions: TimeExpressions) -> None:
    """Use what only makes sense together: a hint with a date, "Monday to Friday … every week"."""
    if expressions.part is None and expressions.clock is None and expressions.clock_span is None:
        expressions.part = expressions.hint
    if expressions.repeat is None and expressions.second:
        _finish_pair(expressions)
    if expressions.repeat is not None:
        _finish_rule(expressions, expressions.repeat)
    elif isinstance(expressions.span, DateSpan) and expressions.span.dashed:
        _finish_weekdays(expressions, expressions.span)


def _finish_rule(expressions: TimeExpressions, repeat: Repeat) -> None:
    if not repeat.by and isinstance(expressions.date, NthOf):
        expressions.repeat = _on_the_nth(repeat, expressions.date)
    span = expressions.span
    if expressions.repeat in (Repeat("WEEKLY"), Repeat("DAILY")) and isinstance(span, DateSpan):
        first, last = moment_of(span.start).date, moment_of(span.end).date
        if isinstance(first, WeekdayRef) and isinstance(last, WeekdayRef):
            expressions.repeat, expressions.span = (
                weekdays_between(first.weekday, last.weekday),
                None,
            )
            expressions.clock = expressions.clock or _clock(span.end) or _clock(span.start)


def _finish_pair(expressions: TimeExpressions) -> None:
    """Read "Sat and Sun at 9 until April 12" as what is on both days of each week."""
    pair = next((item for item in expressions.used if item.rule == "days-in-a-row"), None)
    if pair is None:
        return
    first, last = (end.date for end in pair.value[:2])
    if not all(isinstance(day, WeekdayRef) and not day.which for day in (first, last)):
        return
    ends = [item for item in expressions.second if item is not pair and _is_until(item.value)]
    if ends and expressions.until is None:  # "sat and sun, 8am until April 12"
        expressions.clock, expressions.until = ends[0].value.start.clock, ends[0].value.end
    if expressions.until is None:
        return
    expressions.repeat = weekdays_between(first.weekday, last.weekday)
    expressions.date = expressions.span = None
    expressions.second = [item for item in expressions.second if item not in (pair, *ends)]


def _is_until(value: object) -> bool:
    """Say whether a stretch goes from a time of day until a date."""
    return (
        isinstance(value, DateSpan)
        and value.until
        and isinstance(value.start, Moment)
        and value.start.date is None
        and value.start.clock is not None
    )


def _finish_weekdays(expressions: TimeExpressions, span: DateSpan) -> None:
    """Read "Mon-Thu 9.15" as what is on each of these days: a time without an end is no stretch."""
    first, last = moment_of(span.start), moment_of(span.end)
    clock = expressions.clock or first.clock or last.clock
    days = first.date, last.date
    both = first.clock is not None and last.clock is not None
    plain = all(isinstance(day, WeekdayRef) and not day.which for day in days)
    if clock is None or both or not plain or first.part or last.part or expressions.until:
        return
    if expressions.clock_span or expressions.date is not None or expressions.length is not None:
        return
    expressions.repeat = weekdays_between(first.date.weekday, last.date.weekday)
    expressions.clock, expressions.span, expressions.weekly = clock, None, True


def _clock(end: object) -> Clock | None:
    return end.clock if isinstance(end, Moment) else None


def _on_the_nth(repeat: Repeat, date: NthOf) -> Repeat:
    """Join what stood apart: "monthly review on the first Monday"."""
    if repeat.freq == "MONTHLY" and isinstance(date.unit, int) and abs(date.n) <= _MOST_WEEKS:
        return repeat._replace(by=(("BYDAY", f"{date.n}{CODES[date.unit]}"),))
    if repeat == Repeat("YEARLY"):
        return yearly(date) or repeat
    return repeat
