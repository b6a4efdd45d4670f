"""From the time expressions of a request to its start, end and rule on the wall clock."""

from service.parsing.resolve.arith import Frame, add
from service.parsing.resolve.repeating import repeating
from service.parsing.resolve.single import single
from service.parsing.resolve.spanning import spanning, until_point
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Within


def schedule(expressions: TimeExpressions, frame: Frame, topic: str) -> Timing | None:
    """Return when the request takes place, or None when it does not say."""
    if expressions.repeat is not None:
        return repeating(expressions, expressions.repeat, frame, topic)
    if isinstance(expressions.span, Within):
        start = frame.now if expressions.span.length.seconds else frame.today
        return Timing(
            start, add(start, expressions.span.length), not expressions.span.length.seconds
        )
    if expressions.span is not None:
        return spanning(expressions, expressions.span, frame, topic)
    if not expressions.found:
        return None
    timing = single(expressions, frame, topic)
    return (
        until_point(timing, expressions.until, frame, topic)
        if expressions.until is not None
        else timing
    )
