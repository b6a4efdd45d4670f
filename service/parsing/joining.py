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


def _clock(end: object) -> Clock | None:
    return end.clock if isinstance(end, Moment) else None


def _on_the_nth(repeat: Repeat, date: NthOf) -> Repeat:
    """Join what stood apart: "monthly review on the first Monday"."""
    if repeat.freq == "MONTHLY" and isinstance(date.unit, int) and abs(date.n) <= _MOST_WEEKS:
        return repeat._replace(by=(("BYDAY", f"{date.n}{CODES[date.unit]}"),))
    if repeat == Repeat("YEARLY"):
        return yearly(date) or repeat
    return repeat
