"""Which zone a request's times are in, and its wall clock made instants."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.parsing.engine import Item
from service.parsing.offset_names import zone_keeping
from service.parsing.offsets import Said
from service.parsing.resolve.timing import Timing
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    DateSpan,
    Fields,
    Moment,
    moment_of,
)

_CLOCKED = frozenset(("TIME", "TIMES", "TIMESPAN", "SPAN", "WEAKSPAN", "WEAKTIME", "HHMM"))
_DAY = timedelta(days=1)
CONVERTED, UNKNOWN = 1, 2  # how doubtful the zone is

When = datetime | date | None


class Zones(NamedTuple):
    """The zones of a request: of its start, of its end, and of who asked."""

    start: tzinfo
    end: tzinfo
    asked: ZoneInfo


class Placed(NamedTuple):
    """Start and end of an event as instants, in a zone that has a name."""

    start: When
    end: When
    zone: ZoneInfo
    until: str | None = None
    problems: tuple[str, ...] = ()


def choose(expressions: TimeExpressions, said: Sequence[Said], lower: str, shown: str) -> None:
    """Put the offsets of the time that is used into the parts, and name what is unclear."""
    item, own = _first_time(expressions.used, said, lower)
    inner = item is not None and len(own) == 1 and own[0].end < item.end
    if not own:
        times = [used for used in expressions.used if used.cls in _CLOCKED or used.cls == "MOMENT"]
        near = {one for time in times for one in _beside(time, said, lower)}
        own = [one for one in said if one not in near][:1]
    if not own:
        return
    first, last = own[-1 if item and item.cls == "TIME" else 0], own[-1]
    expressions.zone, expressions.end_zone = (
        first.zone,
        expressions.zone if inner and expressions.zone else last.zone,
    )
    for one in dict.fromkeys((first, last)):
        _name(expressions, one, repr(shown[one.start : one.end].strip(" ()")))


def _first_time(
    used: Sequence[Item], said: Sequence[Said], lower: str
) -> tuple[Item | None, list[Said]]:
    """Return the expression that gives the time of day, and the offsets in it or behind it."""
    for item in used:
        own = _beside(item, said, lower)
        timed = item.cls == "MOMENT" and item.value.clock is not None
        if own or timed or item.cls in _CLOCKED:
            return item, own
    return None, []


def _beside(item: Item, said: Sequence[Said], lower: str) -> list[Said]:
    return [
        one
        for one in said
        if item.start <= one.start and not lower[item.end : max(item.end, one.start)].strip(" (")
    ]


def _name(expressions: TimeExpressions, said: Said, words: str) -> None:
    """Count the words as used, and say what is doubtful about them."""
    if said.zone is None:
        expressions.zone_doubt = UNKNOWN
        expressions.problems.append(f"the zone {words} was not understood and is left out")
    elif said.doubt:
        expressions.zone_doubt = max(expressions.zone_doubt, CONVERTED)
        expressions.problems.append(said.doubt.format(words))
    expressions.used.append(Item("ZONE", said.start, said.end, said.zone, "offset"))


def zones_of(expressions: TimeExpressions, asked: ZoneInfo) -> Zones:
    """Return the zones of start and end; without a word both are the asker's."""
    if expressions.zone is None and expressions.end_zone is None:
        return Zones(asked, asked, asked)
    start = _tzinfo(expressions.zone, asked)
    if expressions.end_zone in (None, expressions.zone):
        return Zones(start, start, asked)
    return _in_one(expressions, Zones(start, _tzinfo(expressions.end_zone, asked), asked))


def _tzinfo(zone: str | int | None, asked: ZoneInfo) -> tzinfo:
    if isinstance(zone, int):
        return timezone(timedelta(minutes=zone))
    return ZoneInfo(zone) if zone else asked


def place(timing: Timing | None, zones: Zones, expressions: TimeExpressions) -> Placed:
    """Put the zone on: dates for whole days, aware datetimes otherwise.

    An offset without a zone that keeps it at that time is given in the asker's zone; the instant
    is the same. Raises OverflowError where an instant lies beyond the calendar.
    """
    start_zone, end_zone, asked = zones
    if timing is None:
        return Placed(None, None, start_zone if isinstance(start_zone, ZoneInfo) else asked)
    until = None if timing.until is None else _until_text(timing, timing.until, start_zone)
    if timing.all_day:
        first = timing.start.date()
        last = max(timing.end.date(), first + _DAY)
        return Placed(first, last, _kept(start_zone, ()) or asked, until)
    if start_zone is end_zone is asked and asked.key == "UTC":  # its clocks skip nothing
        start, end = timing.start.replace(tzinfo=asked), timing.end.replace(tzinfo=asked)
        return Placed(start, end, asked, until)
    start, end = _on_clocks(timing.start, start_zone), _on_clocks(timing.end, end_zone)
    if end_zone is start_zone:
        if end <= start and timing.start < timing.end:  # the clocks skip where it was to start
            end = start + (timing.end - timing.start)
    else:
        end = _in_order(
            start, end, free=expressions.clock_span is not None or _no_end_date(expressions)
        )
        end = end.astimezone(start_zone)
    if isinstance(start_zone, ZoneInfo):
        return Placed(start, end, start_zone, until)
    shown = _kept(start_zone, (start, end))
    problems = () if shown else (_not_kept(start_zone, asked, expressions),)
    there = shown or asked
    return Placed(start.astimezone(there), end.astimezone(there), there, until, problems)


def _on_clocks(wall: datetime, zone: tzinfo) -> datetime:
    """Put the zone on; a time that its clocks skip is what they show then: 2:30 is 3:30."""
    when = wall.replace(tzinfo=zone)
    if not isinstance(zone, ZoneInfo) or zone.key == "UTC":
        return when
    before, after = when.utcoffset(), when.replace(fold=1).utcoffset()
    if before is None or after is None or before >= after:
        return when
    return when.astimezone(UTC).astimezone(zone)


def _not_kept(zone: tzinfo, asked: ZoneInfo, expressions: TimeExpressions) -> str:
    repeats = ", and repeats by its clocks" if expressions.repeat is not None else ""
    return f"no time zone is always {zone}: the time is given in {asked.key}{repeats}"


def _until_text(timing: Timing, until: datetime, zone: tzinfo) -> str:
    """Return UNTIL in the type of the start, as RFC 5545 3.3.10 wants it."""
    if timing.all_day:
        return until.strftime("%Y%m%d")
    return until.replace(tzinfo=zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _kept(zone: tzinfo, moments: Sequence[datetime]) -> ZoneInfo | None:
    """Return the named zone that has this offset at all of these moments, or None."""
    if isinstance(zone, ZoneInfo):
        return zone
    offset = zone.utcoffset(None) or timedelta(0)
    name = zone_keeping(int(offset.total_seconds()) // 60)
    there = ZoneInfo(name) if name else None
    same = there and all(when.astimezone(there).utcoffset() == offset for when in moments)
    return there if same else None


def _in_order(start: datetime, end: datetime, *, free: bool) -> datetime:
    """Return the first such end behind the start, where no date was said for it."""
    begin, finish = start.astimezone(UTC), end.astimezone(UTC)
    if free:
        finish -= (finish - begin) // _DAY * _DAY
    return finish if finish > begin else finish + _DAY


def _no_end_date(expressions: TimeExpressions) -> bool:
    return isinstance(expressions.span, DateSpan) and moment_of(expressions.span.end).date is None


def _in_one(expressions: TimeExpressions, zones: Zones) -> Zones:
    """Give the end of a stretch between two written dates in the zone of its start.

    Its wall clock may lie before that of the start, which the resolution would take for a mistake.
    """
    span = expressions.span
    start, end, asked = zones
    if not isinstance(span, DateSpan) or not isinstance(span.end, Moment):
        return zones
    day, clock = span.end.date, span.end.clock
    if not isinstance(day, Fields) or not isinstance(clock, Clock) or clock.half != "24":
        return zones
    if day.year is None or day.month is None or day.day is None:
        return zones
    wall = datetime(day.year, day.month, day.day, *clock[:3], tzinfo=end).astimezone(start)
    moved = Moment(
        Fields(wall.year, wall.month, wall.day), Clock(wall.hour, wall.minute, wall.second, "24")
    )
    expressions.span = span._replace(end=moved)
    return Zones(start, start, asked)
