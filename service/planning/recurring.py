"""When a series begins each time: its rules and added times, without what other rules take out."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from typing import Final

from service.planning.errors import PlanError
from service.planning.event import Event
from service.planning.expand import wall_times
from service.planning.instants import LAST_YEAR, instant_of, normalized, zone_of
from service.planning.rule import Rule, kept_rule
from service.planning.work import Work, unlimited

Moment = datetime | date
MARGIN: Final = timedelta(days=2)  # more than any offset, and any jump of the clocks


def starts(
    event: Event, *, after: datetime | None = None, work: Work | None = None
) -> Iterator[Moment]:
    """Yield when a series begins each time, exceptions included; from about `after` on."""
    rules = event.rules
    listed = _listed(event, after, work or unlimited)
    if len(rules) == 1 and not listed and not event.exrules:
        yield from ruled(event, rules[0], after=after, work=work)
        return
    sources = [ruled(event, rule, after=after, work=work) for rule in rules]
    taken_out = [_Taken(ruled(event, rule, after=after, work=work)) for rule in event.exrules]
    before: datetime | None = None
    for moment in merge(listed, *sources, key=instant_of):
        instant = instant_of(moment)
        if instant != before and not any(taken.has(instant) for taken in taken_out):
            yield moment
        before = instant


def _listed(event: Event, after: datetime | None, work: Work) -> list[Moment]:
    """Return the start and the added times from about `after` on, in order."""
    work(len(event.rdates) // 4)
    listed = sorted((event.start, *event.rdates), key=instant_of)
    if after is None:
        return listed
    earliest = instant_of(max(after, _EARLIEST)) - MARGIN
    return [moment for moment in listed if instant_of(moment) >= earliest]


class _Taken:
    """The times of a rule that takes out, looked at in order."""

    def __init__(self, moments: Iterator[Moment]) -> None:
        self._moments, self._next = moments, datetime.min.replace(tzinfo=UTC)

    def has(self, instant: datetime) -> bool:
        """Return whether the rule states an instant; none may be before the one asked last."""
        while self._next < instant:
            moment = next(self._moments, None)
            self._next = _NEVER if moment is None else instant_of(moment)
        return self._next == instant


_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_EARLIEST: Final = datetime(1000, 1, 1, tzinfo=UTC)


def ruled(
    event: Event, text: str, *, after: datetime | None = None, work: Work | None = None
) -> Iterator[Moment]:
    """Yield when a rule has an event begin, from about `after` on."""
    rule = kept_rule(text)
    first = wall_of(event.start)
    skip_to = None if after is None else max(after, _EARLIEST).replace(tzinfo=None) - MARGIN
    before: Moment | None = None
    for wall in wall_times(rule, first, after=skip_to, work=work, whole_days=event.all_day):
        moment = _moment(event, wall)
        if _is_over(rule, wall, moment):
            return
        if moment != before:  # two wall clock times can be one where the clocks jump
            yield moment
        before = moment


def first_start(event: Event, work: Work | None = None) -> Moment:
    """Return when the rules first have a series happen; `invalid_recurrence` when they never do."""
    rules = [ruled(event, rule, work=work) for rule in event.rules]
    firsts = [moment for moment in (next(found, None) for found in rules) if moment is not None]
    if event.recurrence is None:
        firsts.append(event.start)
    if not firsts:
        reason = "the rule never happens after the start"
        raise PlanError("invalid_recurrence", "recurrence", reason)
    return min(firsts, key=instant_of)


def occur(
    event: Event, moments: Iterable[Moment], work: Work | None = None
) -> Iterator[tuple[Moment, bool]]:
    """Yield each of some moments, in order, with whether the series begins then."""
    counts = any(kept_rule(rule).count is not None for rule in event.rules)
    found: Iterator[Moment] = iter(())
    last: datetime | None = None
    for moment in sorted(moments, key=instant_of):
        wanted = instant_of(moment)
        if last is None or (not counts and wanted - last > _FAR):
            found, last = starts(event, after=None if counts else wanted, work=work), None
        while last is None or last < wanted:
            last = next((instant_of(one) for one in found), _NEVER)
        yield moment, last == wanted


_FAR: Final = timedelta(days=60)


def last_start(event: Event, work: Work | None = None) -> datetime | None:
    """Return an instant by which a series has begun for the last time; None when it has no end.

    A series that ends after the last year the service keeps is one without end.
    """
    ends = [_last_of(event, rule, work) for rule in event.rules]
    if any(end is None for end in ends):
        return None
    listed = (instant_of(moment) for moment in (event.start, *event.rdates))
    return max([end for end in ends if end is not None] + [*listed])


def _last_of(event: Event, text: str, work: Work | None) -> datetime | None:
    rule = kept_rule(text)
    if rule.until is not None:
        return None if rule.until.year > LAST_YEAR else _instant_of_until(rule.until) + MARGIN
    if rule.count is None:
        return None
    times = wall_times(rule, wall_of(event.start), work=work, whole_days=event.all_day)
    found = deque(times, maxlen=1)
    return instant_of(_moment(event, found[0]) if found else event.start)


def _instant_of_until(until: Moment) -> datetime:
    if isinstance(until, datetime) and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return instant_of(until)


def wall_of(moment: Moment) -> datetime:
    """Return what a clock shows, of a date its midnight."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())


def at_wall(event: Event, wall: datetime) -> Moment:
    """Return the time of an event that its clock shows, or its date."""
    return _moment(event, wall)


def _moment(event: Event, wall: datetime) -> Moment:
    if event.all_day:
        return wall.date()
    zone = zone_of(event.timezone)
    return normalized(wall.replace(tzinfo=zone), zone)


def _is_over(rule: Rule, wall: datetime, moment: Moment) -> bool:
    """Return whether a time is after UNTIL, which is a date, a wall clock time or an instant."""
    until = rule.until
    if until is None:
        return False
    if not isinstance(until, datetime):
        return wall.date() > until
    if until.tzinfo is None:
        return wall > until
    return instant_of(moment) > until
