"""What only makes sense together: a rule and the date, span or part of the day said elsewhere."""

from service.parsing.building.anniversaries import yearly
from service.parsing.building.repeats import CODES, weekdays_between
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Clock, DateSpan, Moment, NthOf, Repeat, WeekdayRef

_MOST_WEEKS = 5  # in a month


def finish(expressions: TimeExpressions) -> None:
    """Use what only makes sense together: a hint with a date, "Monday to Friday … every week"."""
    if expressions.part is None and expressions.clock is None and expressions.clock_span is None:
        expressions.part = expressions.hint
    if expressions.repeat is not None:
        _finish_rule(expressions, expressions.repeat)
    elif isinstance(expressions.span, DateSpan) and expressions.span.dashed:
        _finish_weekdays(expressions, expressions.span)


def _finish_rule(expressions: TimeExpressions, repeat: Repeat) -> None:
    if not repeat.by and isinstance(expressions.date, NthOf):
        expressions.repeat = _on_the_nth(repeat, expressions.date)
    span = expressions.span
    if expressions.repeat in (Repeat("WEEKLY"), Repeat("DAILY")) and isinstance(span, DateSpan):
        first, last = (
            end.date if isinstance(end, Moment) else end for end in (span.start, span.end)
        )
        if isinstance(first, WeekdayRef) and isinstance(last, WeekdayRef):
            expressions.repeat, expressions.span = (
                weekdays_between(first.weekday, last.weekday),
                None,
            )
            expressions.clock = expressions.clock or _clock(span.end) or _clock(span.start)


def _finish_weekdays(expressions: TimeExpressions, span: DateSpan) -> None:
    """Read "Mon-Thu 9.15" as what is on each of these days: a time without an end is no stretch."""
    first, last = (end if isinstance(end, Moment) else Moment(end) for end in span[:2])
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
