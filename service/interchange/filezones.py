"""The zones of one iCalendar file: what its names mean, where its VTIMEZONEs do not contradict."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from service.interchange.lines import Block, plain_text
from service.interchange.values import one
from service.interchange.vtimezone import (
    Samples,
    UnreadableZoneError,
    behaves,
    resembles,
    samples_of,
    zone_like,
)
from service.planning.errors import PlanError
from service.planning.work import MOST_STEPS, Steps, Work
from service.planning.zonenames import has_no_zone, zone_named

SHOWN: Final = 80
_PRESENT: Final = 2025  # a VTIMEZONE often has the rules of its own time only
_MOST_MATCHES: Final = 8  # of one TZID with every zone there is


@dataclass(frozen=True, slots=True)
class Found:
    """The IANA zone that a TZID means; `why` says it where its name means another."""

    name: str
    why: str = ""


class FileZones:
    """The zones of one file. All that its VTIMEZONEs ask for is counted, and is to be little."""

    def __init__(self, calendar: Block, work: Work) -> None:
        zones = [block for block in calendar.inner if block.name == "VTIMEZONE"]
        self._own = {_value_of(zone, "TZID"): zone for zone in zones}
        self._found: dict[tuple[str, int], Found | PlanError] = {}
        self._meant: dict[str, bool] = {}  # whether its VTIMEZONE now is like what it names
        self._alike: dict[str, list[str]] = {}  # the zones that a TZID was found to behave like
        self._matches = Counter[str]()
        self._left = Steps(MOST_STEPS, lambda: _refusal("its file has too many VTIMEZONEs"))
        self.work = work
        self.default = _value_of(calendar, "X-WR-TIMEZONE")

    def named(self, tzid: str, year: int) -> Found:
        """Return the zone of a TZID as it is in a year; PlanError when there is none."""
        key = tzid, year
        if key not in self._found:
            try:
                self._found[key] = self._find(tzid, year)
            except PlanError as err:
                self._found[key] = err
        found = self._found[key]
        if isinstance(found, PlanError):
            raise _refusal(found.reason)
        return found

    def _find(self, tzid: str, year: int) -> Found:
        own = self._own.get(tzid)
        name = zone_named(tzid) or (zone_named(_value_of(own, "X-LIC-LOCATION")) if own else None)
        unknown = f"{tzid[:SHOWN]!r} is not a time zone that this service knows"
        if own is None:
            if name is None:
                raise _refusal(f"{unknown}{has_no_zone(tzid)}, and has no VTIMEZONE")
            return Found(name)
        if name is not None and self._is_like(tzid, name, year):
            return Found(name)
        alike = self._zone_like(tzid, year)
        if alike is None and name is None:
            raise _refusal(f"{unknown}{has_no_zone(tzid)}, and no zone has its VTIMEZONE")
        if alike is None:
            raise _refusal(
                f"{tzid[:SHOWN]!r} names {name}, but its VTIMEZONE is of neither that nor any zone"
            )
        return Found(alike, f", as its VTIMEZONE says, which is not that of {name}" if name else "")

    def _is_like(self, tzid: str, name: str, year: int) -> bool:
        """Return whether a VTIMEZONE is that of a name, now or then, as far as it can be read."""
        try:
            if tzid not in self._meant:
                self._meant[tzid] = resembles(name, self._samples(tzid, _PRESENT), self._count)
            return self._meant[tzid] or resembles(name, self._samples(tzid, year), self._count)
        except UnreadableZoneError:
            return True

    def _zone_like(self, tzid: str, year: int) -> str | None:
        known = self._alike.setdefault(tzid, [])
        is_enough = self._matches[tzid] == _MOST_MATCHES
        many = _refusal(f"{tzid[:SHOWN]!r} is like no zone, or like too many in different years")
        if is_enough and not known:
            raise many
        try:
            samples = self._samples(tzid, year)
        except UnreadableZoneError as err:
            self._matches[tzid] = _MOST_MATCHES
            raise _refusal(f"of the VTIMEZONE of {tzid[:SHOWN]!r}: {err.reason}") from err
        for name in known:
            if behaves(name, samples, self._count):
                return name
        if is_enough:
            raise many
        self._matches[tzid] += 1
        found = zone_like(samples, tzid, self._count)
        known += [found] if found else []
        return found

    def _samples(self, tzid: str, year: int) -> Samples:
        return samples_of(self._own[tzid], year, self._count)

    def _count(self, steps: int) -> None:
        self._left(steps)
        self.work(steps)


def _value_of(block: Block, name: str) -> str:
    line = one(block.lines(), name)
    return "" if line is None else plain_text(line.value).strip().strip('"')


def _refusal(reason: str) -> PlanError:
    return PlanError("invalid_timezone", "tzid", reason)
