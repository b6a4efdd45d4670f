"""Which IANA zone a VTIMEZONE behaves like: the same offsets, and changes, in the years around."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from service.planning.errors import PlanError
from service.planning.expand import wall_times
from service.planning.instants import zone_of
from service.planning.rule import Rule, rule_of
from service.planning.work import Steps
from service.planning.zonenames import WINDOWS, zone_names

_YEARS_BEFORE: Final = 1
_YEARS_AFTER: Final = 5
_MOST_ONSETS: Final = 100  # a zone changes its clocks twice a year
_MOST_STEPS: Final = 20_000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Onset:
    """When an observance begins (naive, in UTC), and the offset it sets."""

    at: datetime
    offset: timedelta


def zone_like(component: Any, year: int) -> str | None:
    """Return the IANA zone with the same offsets around a year; None when there is none.

    Of several the one that changes its clocks at the same minute; the same day is enough, since
    programs write the hour of a change in more than one way. Raises PlanError when the VTIMEZONE
    cannot be read.
    """
    first = datetime(year - _YEARS_BEFORE, 1, 1)  # noqa: DTZ001 - in UTC, but compared naively
    last = datetime(year + _YEARS_AFTER, 1, 1)  # noqa: DTZ001 - the same
    days, minutes = _samples(component, first, last)
    alike = [name for name in _candidates() if _behaves(name, days)]
    exact = (name for name in alike if _behaves(name, minutes))
    return next(exact, next(iter(alike), None))


def _candidates() -> list[str]:
    """Return every zone, first those that stand for a Windows zone: the best known ones."""
    known = sorted(set(WINDOWS.values()), key=lambda name: (name.startswith("Etc/"), name))
    others = sorted(name for name in zone_names() if "/" in name)
    return list(dict.fromkeys([*known, *others]))


def _behaves(name: str, wanted: list[_Onset]) -> bool:
    zone = zone_of(name)
    return all(
        sample.at.replace(tzinfo=UTC).astimezone(zone).utcoffset() == sample.offset
        for sample in wanted
    )


def _samples(component: Any, first: datetime, last: datetime) -> tuple[list[_Onset], list[_Onset]]:
    """Return moments with the offset that holds then: days away from any change, and minutes."""
    onsets: list[_Onset] = []
    before: list[tuple[datetime, timedelta]] = []
    count = Steps(_MOST_STEPS, lambda: _wrong("its observances repeat too often"))
    for part in component.subcomponents:
        if part.name in {"STANDARD", "DAYLIGHT"}:
            earlier, offset = _offset(part, "TZOFFSETFROM"), _offset(part, "TZOFFSETTO")
            for wall in _walls(part, first, last, count):
                onsets.append(_Onset(wall - earlier, offset))
                before.append((wall - earlier, earlier))
    if not onsets:
        raise _wrong("it has no observance")
    onsets.sort(key=lambda onset: onset.at)
    initial = min(before)[1]
    changes = [onset.at for onset in onsets if first <= onset.at < last - _DAY]
    days = [first + timedelta(days=30 * n) for n in range((last - first) // timedelta(days=30))]
    days = [day for day in days if all(abs(day - change) > _DAY for change in changes)]
    days += [moment for change in changes for moment in (change - _DAY, change + _DAY)]
    minutes = [moment for change in changes for moment in (change - timedelta(minutes=1), change)]
    return (
        [_Onset(moment, _at(onsets, moment, initial)) for moment in days],
        [_Onset(moment, _at(onsets, moment, initial)) for moment in minutes],
    )


def _at(onsets: list[_Onset], moment: datetime, initial: timedelta) -> timedelta:
    passed = list(takewhile(lambda onset: onset.at <= moment, onsets))
    return passed[-1].offset if passed else initial


def _walls(part: Any, first: datetime, last: datetime, count: Steps) -> list[datetime]:
    """Return when an observance begins within the years, and the last time before them."""
    start = part["dtstart"].dt
    if not isinstance(start, datetime):
        raise _wrong("an observance begins with a date")
    start = start.replace(tzinfo=None)
    walls = {start, *_listed(part)}
    rule = part.get("rrule")
    if isinstance(rule, list):
        raise _wrong("an observance has more than one RRULE")
    if rule is not None:
        walls |= set(_ruled(rule_of(rule.to_ical().decode()), start, first, last, count))
    found = sorted(wall for wall in walls if wall < last)
    if len(found) > _MOST_ONSETS:
        found = [wall for wall in found if wall >= first - 800 * _DAY][-_MOST_ONSETS:]
    return found


def _ruled(
    rule: Rule, start: datetime, first: datetime, last: datetime, count: Steps
) -> Iterable[datetime]:
    until = rule.until
    for wall in wall_times(rule, start, after=first - 800 * _DAY, work=count):
        if wall >= last or (until is not None and wall.date() > _date(until)):
            return
        yield wall


def _date(until: Any) -> Any:
    return until.date() if isinstance(until, datetime) else until


def _listed(part: Any) -> Iterable[datetime]:
    listed = part.get("rdate")
    for group in listed if isinstance(listed, list) else [listed] if listed is not None else []:
        for item in group.dts:
            if isinstance(item.dt, datetime):
                yield item.dt.replace(tzinfo=None)


def _offset(part: Any, name: str) -> timedelta:
    found: timedelta = part[name].td
    return found


def _wrong(reason: str) -> PlanError:
    return PlanError("invalid_timezone", "vtimezone", reason)
