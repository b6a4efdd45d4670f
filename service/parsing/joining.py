"""What only makes sense together: a rule and the date, span or part of the day said elsewhere."""

from service.parsing.building.anniversaries import yearly
from service.parsing.building.repeats import CODES, weekdays_between
from service.parsing.parts import Parts
from service.parsing.values import DateSpan, NthOf, Repeat, WeekdayRef

_MOST_WEEKS = 5  # in a month


def finish(parts: Parts) -> None:
    """Use what only makes sense together: a hint with a date, "Monday to Friday … every week"."""
    if parts.part is None and parts.clock is None and parts.clock_span is None:
        parts.part = parts.hint
    if parts.repeat is not None and not parts.repeat.by and isinstance(parts.date, NthOf):
        parts.repeat = _on_the_nth(parts.repeat, parts.date)
    span = parts.span
    if parts.repeat in (Repeat("WEEKLY"), Repeat("DAILY")) and isinstance(span, DateSpan):
        first, last = span.start.date, span.end.date
        if isinstance(first, WeekdayRef) and isinstance(last, WeekdayRef):
            parts.repeat, parts.span = weekdays_between(first.weekday, last.weekday), None
            parts.clock = parts.clock or span.end.clock or span.start.clock


def _on_the_nth(repeat: Repeat, date: NthOf) -> Repeat:
    """Join what stood apart: "monthly review on the first Monday"."""
    if repeat.freq == "MONTHLY" and isinstance(date.unit, int) and abs(date.n) <= _MOST_WEEKS:
        return repeat._replace(by=(("BYDAY", f"{date.n}{CODES[date.unit]}"),))
    if repeat == Repeat("YEARLY"):
        return yearly(date) or repeat
    return repeat
