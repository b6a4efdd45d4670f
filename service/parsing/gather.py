"""Stage 4, composition: which of the expressions found belong to the one request."""

from dataclasses import dataclass, field
from typing import Any

from service.parsing.engine import Item
from service.parsing.grammar.recurrences import weekdays_between
from service.parsing.values import (
    Clock, ClockSpan, DateSpan, Feast, Fields, Length, Moment, Offset, Part, Period, Repeat, WeekdayRef, Within,
)  # fmt: skip

_TIMES = frozenset(
    ("DATE", "MOMENT", "TIME", "TIMESPAN", "WEAKSPAN", "SPAN", "REPEAT", "LENGTH", "COUNT", "PERIOD", "ZONE", "HHMM", "YEAR", "WEAKTIME")
)
_PARTIES = frozenset(("table", "reservation", "reservations", "people", "dinnertime", "guests", "reserve"))
_CORRECTIONS = frozenset(("wait", "sorry", "mean", "actually", "correction"))
_CONTEXT = frozenset(("DATE", "MOMENT", "SPAN", "REPEAT", "PERIOD"))


@dataclass(slots=True)
class Parts:
    """What was said about time, each part at most once, and the items that said it."""

    date: Any = None
    clock: Any = None
    clock_span: ClockSpan | None = None
    span: DateSpan | Within | None = None
    until: Any = None
    part: Part | None = None
    length: Length | None = None
    repeat: Repeat | None = None
    count: int | None = None
    zone: str | None = None
    reminders: list[Length] = field(default_factory=list)
    used: list[Item] = field(default_factory=list)
    extra_dates: int = 0
    weak: bool = False
    hint: Part | None = None
    starting: bool = False

    @property
    def found(self) -> bool:
        """True when anything says when."""
        return any(
            part is not None
            for part in (self.date, self.clock, self.clock_span, self.span, self.part, self.repeat, self.until)
        )


def gather(items: list[Item], *, reminding: bool, moving: bool = False) -> Parts:
    """Sort the time expressions of a request into its parts; the first of a kind wins."""
    parts = Parts()
    spoken = [item for item in items if item.cls != "stop" and item.cls != "mark"]
    context = any(item.cls in _CONTEXT for item in items)
    items = _corrected(items)
    if moving:
        items = _destination_first(items)
    for index, item in enumerate(items):
        if item.cls in _TIMES and _take(parts, items, index, context=context, reminding=reminding):
            parts.used.append(item)
    _finish(parts)
    if not parts.found:
        _alone(parts, [item for item in spoken if item.cls != "quote"])
    return parts


def _finish(parts: Parts) -> None:
    """Use what only makes sense together: a hint with a date, "Monday to Friday … every week"."""
    if parts.part is None and parts.clock is None and parts.clock_span is None:
        parts.part = parts.hint
    span = parts.span
    if parts.repeat in (Repeat("WEEKLY"), Repeat("DAILY")) and isinstance(span, DateSpan):
        first, last = span.start.date, span.end.date
        if isinstance(first, WeekdayRef) and isinstance(last, WeekdayRef):
            parts.repeat, parts.span = weekdays_between(first.weekday, last.weekday), None
            parts.clock = parts.clock or span.end.clock or span.start.clock


def _take(parts: Parts, items: list[Item], index: int, *, context: bool, reminding: bool) -> bool:
    item = items[index]
    taker = _TAKERS.get(item.cls)
    if item.rule == "frequency" and index and items[index - 1].cls in ("around", "of", "WORD", "my") and items[index - 1].value in ("around", "of", "regarding", "discuss", "review"):
        return False
    if item.rule == "at-part" and _near_word(items, index):
        if index and items[index - 1].value == "good":
            return False  # a greeting
        parts.hint = parts.hint or item.value  # "movie night", "morning run": a hint and a name
        return False
    if item.cls == "DATE" and isinstance(item.value, Feast) and _names_an_event(items, index):
        if parts.date is None:
            parts.date = item.value
        return False
    if item.cls == "WEAKSPAN":
        if not context or parts.clock_span is not None or _is_score(items, index):
            return False
        parts.clock_span, parts.weak = item.value, True
        return True
    if item.cls == "WEAKTIME":
        busy = parts.clock is not None or parts.clock_span is not None or any(i.cls in ("TIME", "TIMESPAN") for i in items[index:])
        if busy or any(i.value in _PARTIES for i in items):
            return False
        parts.clock, parts.weak = item.value, True
        return True
    if item.cls == "LENGTH":
        return _length(parts, items, index, reminding=reminding)
    if item.cls == "ZONE":
        after_time = index and items[index - 1].cls in ("TIME", "TIMESPAN", "MOMENT", "SPAN", "REPEAT")
        parts.zone = item.value if after_time else None
        return bool(after_time)
    return taker(parts, item.value) if taker else False


def _names_an_event(items: list[Item], index: int) -> bool:
    """Say whether a holiday only tells what kind of event it is: "Christmas party"."""
    return index + 1 < len(items) and items[index + 1].cls in ("WORD", "MEAL")


def _corrected(items: list[Item]) -> list[Item]:
    """After "no wait", "sorry" or "I mean" put what follows first: it replaces what was said."""
    for index, item in enumerate(items):
        if item.value in _CORRECTIONS and index and any(i.cls in _TIMES for i in items[:index]):
            after = items[index + 1 :]
            if after and any(i.cls in _TIMES for i in after[:4]):
                return after + items[: index + 1]
    return items


def _destination_first(items: list[Item]) -> list[Item]:
    """For "move my 3pm to 4pm tomorrow" put what follows "to" first: it is the new time."""
    for index, item in enumerate(items):
        leads = items[index - 1].cls in ("to", "until", "for") if index else False
        if leads and item.cls in _TIMES and any(i.cls in _TIMES for i in items[: index - 1]):
            return items[index:] + items[:index]
    return items


def _near_word(items: list[Item], index: int) -> bool:
    return any(0 <= near < len(items) and items[near].cls == "WORD" for near in (index - 1, index + 1))


def _is_score(items: list[Item], index: int) -> bool:
    return index > 0 and items[index - 1].value in ("won", "lost", "beat", "score", "scored", "win", "lose", "by", "tied")


def _length(parts: Parts, items: list[Item], index: int, *, reminding: bool) -> bool:
    item = items[index]
    after = items[index + 1] if index + 1 < len(items) else None
    if after is not None and (after.cls == "before" or after.value in ("prior", "beforehand", "notice", "warning")):
        parts.reminders.append(item.value)
        return reminding or parts.found
    if parts.length is None:
        parts.length = item.value
        return True
    return False


def _date(parts: Parts, value: Any) -> bool:
    if parts.date is None or isinstance(parts.date, Feast) or (_is_vague_day(parts.date) and not _is_vague_day(value)):
        parts.date = value
        return True
    if isinstance(value, Fields) and value.year and value.month is None and isinstance(parts.date, Fields) and not parts.date.year:
        parts.date = parts.date._replace(year=value.year)
        return True
    parts.extra_dates += 1
    return True


def _is_vague_day(value: Any) -> bool:
    return isinstance(value, Period) and value.unit == "day"


def _moment(parts: Parts, value: Moment) -> bool:
    if value.date is not None and not _date(parts, value.date):
        return False
    if value.clock is not None and parts.clock is None:
        parts.clock = value.clock
    if value.part is not None and parts.part is None:
        parts.part = value.part
    return True


def _clock(parts: Parts, value: Any) -> bool:
    if isinstance(value, Offset):
        return _date(parts, value)
    if parts.clock is None and parts.clock_span is None:
        parts.clock = value
    return True


def _clock_span(parts: Parts, value: ClockSpan) -> bool:
    if parts.clock_span is None:
        parts.clock_span = value
    return True


def _span(parts: Parts, value: DateSpan | Within) -> bool:
    if isinstance(value, DateSpan) and value.start == "ending":
        if not (parts.found or parts.length):
            return _moment(parts, value.end)
        parts.until = parts.until or value.end
    elif isinstance(value, DateSpan) and value.start is None:
        parts.until = parts.until or value.end
    elif isinstance(value, DateSpan) and value.end is None:
        parts.starting = True
        return _moment(parts, value.start)
    elif parts.span is None:
        parts.span = value
    return True


def _repeat(parts: Parts, value: Repeat) -> bool:
    if parts.repeat is None or (not parts.repeat.by and value.by):
        parts.repeat = value
    return True


def _count(parts: Parts, value: int) -> bool:
    parts.count = parts.count or value
    return True


def _period(parts: Parts, value: Any) -> bool:
    if isinstance(value, Period):
        if parts.date is None:
            parts.date = value
        return True
    if parts.part is None:
        parts.part = value
        return True
    return False


_TAKERS = {
    "DATE": _date, "MOMENT": _moment, "TIME": _clock, "TIMESPAN": _clock_span, "SPAN": _span,
    "REPEAT": _repeat, "COUNT": _count, "PERIOD": _period,
}  # fmt: skip


def _alone(parts: Parts, items: list[Item]) -> None:
    """Read what only means a time when nothing else is said: "1730", "an hour", "dinner"."""
    wordless = [item for item in items if item.cls not in ("LENGTH", "and", "comma")]
    if parts.length is not None and not wordless:
        parts.date, parts.length = Offset(None, parts.length), None
        return
    if wordless and len(items) == 2 and items[0].cls == "dash" and items[1].cls == "LENGTH" and parts.length:
        parts.date, parts.length = Offset(None, parts.length, -1), None
        return
    if len(items) == 2 and items[0].cls == items[1].cls == "NUM" and items[0].value <= 12 and 10 <= items[1].value < 60:
        parts.clock = Clock(items[0].value, items[1].value)
        parts.used += items
        return
    spelt = [item for item in items if item.cls == "YEAR" and item.rule]
    if len(items) > 1 and not spelt:
        return
    items = spelt or items
    for item in items:
        if item.cls == "HHMM":
            parts.clock = item.value
        elif item.cls == "WEAKSPAN":
            parts.clock_span, parts.weak = item.value, True
        elif item.cls == "ORD" and len(items) == 1 and item.value <= 31:
            parts.date = Fields(None, None, item.value)
        elif item.cls == "YEAR":
            parts.date = Fields(item.value)
        elif item.cls == "MEAL" and len(items) == 1:
            parts.part = Part(item.value)
        else:
            continue
        parts.used.append(item)
        return
