"""From the parts of a request to its start, end and rule on the wall clock."""

from service.parsing.parts import Parts
from service.parsing.resolve.arith import Frame, add
from service.parsing.resolve.repeating import repeating
from service.parsing.resolve.single import single
from service.parsing.resolve.spanning import spanning, until_point
from service.parsing.resolve.timing import Timing
from service.parsing.values import Within


def schedule(parts: Parts, frame: Frame, topic: str) -> Timing | None:
    """Return when the request takes place, or None when it does not say."""
    if parts.repeat is not None:
        return repeating(parts, parts.repeat, frame, topic)
    if isinstance(parts.span, Within):
        start = frame.now if parts.span.length.seconds else frame.today
        return Timing(start, add(start, parts.span.length), not parts.span.length.seconds)
    if parts.span is not None:
        return spanning(parts, parts.span, frame, topic)
    if not parts.found:
        return None
    timing = single(parts, frame, topic)
    return until_point(timing, parts.until, frame, topic) if parts.until is not None else timing
