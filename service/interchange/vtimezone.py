"""Which IANA zone a VTIMEZONE behaves like: the same offsets, and changes, in the years around."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from service.interchange.lines import Block, Line
from service.interchange.values import moment_in, one
from service.planning.errors import PlanError
from service.planning.expand import wall_times
from service.planning.instants import zone_of
from service.planning.rule import Rule, rule_of
from service.planning.work import Steps, Work
from service.planning.zonenames import WINDOWS, zone_names

_YEARS_BEFORE: Final = 1
_YEARS_AFTER: Final = 5
_MOST_ONSETS: Final = 100  # a zone changes its clocks twice a year
_MOST_CHANGES: Final = 60  # within the years looked at; Morocco has four a year
_MOST_STEPS: Final = 20_000
_WORK_OF_AN_OBSERVANCE: Final = 20
_CHARACTERS_A_STEP: Final = 20
_BEST_KNOWN: Final = (  # of zones that are alike, where most people live
    "Europe/London", "Europe/Berlin", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?")
_DAY: Final = timedelta(days=1)
_MONTH: Final = timedelta(days=30)
_HALF_A_YEAR: Final = timedelta(days=150)
# The rules of a year or two before, or changes that a file can only write nearly, differ for some
# weeks of a year; another zone for half of it, or for all.
_TOLERATED: Final = 8  # one month in so many


class UnreadableZoneError(PlanError):
    """A VTIMEZONE says nothing that could be compared."""

    def __init__(self, reason: str) -> None:
        super().__init__("invalid_timezone", "vtimezone", reason)


@dataclass(frozen=True, slots=True)
class _Onset:
    """When an observance begins (naive, in UTC), and the offset it sets."""

    at: datetime
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Samples:
    """Moments with the offset that holds then: one a month, a day beside each change, minutes."""

    months: tuple[_Onset, ...]
    beside: tuple[_Onset, ...]
    minutes: tuple[_Onset, ...]
    known: tuple[datetime, datetime]
    """From when until when it says anything: some programs write a change or two only."""


def samples_of(block: Block, year: int, work: Work) -> Samples:
    """Return how a VTIMEZONE behaves around a year; UnreadableZoneError when it does not say."""
    first = datetime(year - _YEARS_BEFORE, 1, 1)  # noqa: DTZ001 - in UTC, but compared naively
    last = datetime(year + _YEARS_AFTER, 1, 1)  # noqa: DTZ001 - the same
    inner = Steps(_MOST_STEPS, lambda: UnreadableZoneError("its observances repeat too often"))

    def count(steps: int) -> None:
        work(steps)
        inner(steps)

    try:
        onsets, initial = _onsets(block, first, last, count)
    except OverflowError as err:
        raise UnreadableZoneError("an observance cannot be read") from err
    except PlanError as err:
        if err.code != "invalid_time":
            raise
        raise UnreadableZoneError(err.reason) from err
    changes = sorted({onset.at for onset in onsets if first <= onset.at < last - _DAY})
    if len(changes) > _MOST_CHANGES:
        raise UnreadableZoneError("its observances change the clocks too often")
    months = [first + _MONTH * n for n in range((last - first) // _MONTH)]
    months = [day for day in months if all(abs(day - change) > _DAY for change in changes)]
    beside = [moment for change in changes for moment in (change - _DAY, change + _DAY)]
    minutes = [moment for change in changes for moment in (change - timedelta(minutes=1), change)]
    count(len(months) + len(beside) + len(minutes))
    begins = [onset.at for onset in onsets]

    def offsets(moments: list[datetime]) -> tuple[_Onset, ...]:
        passed = ((moment, bisect_right(begins, moment)) for moment in moments)
        return tuple(_Onset(m, onsets[n - 1].offset if n else initial) for m, n in passed)

    known = begins[0], last if _goes_on(block) else begins[-1] + _HALF_A_YEAR
    return Samples(offsets(months), offsets(beside), offsets(minutes), known)


def _goes_on(block: Block) -> bool:
    """Return whether a zone states its changes without end, or has but one offset for ever."""
    rules = [one(part.lines(), "RRULE") for part in block.inner]
    return any(rule is not None and "UNTIL" not in rule.value.upper() for rule in rules)


def zone_like(samples: Samples, tzid: str, work: Work) -> str | None:
    """Return the IANA zone with the same offsets; None when there is none.

    Of several the one whose name stands in the TZID, then one that changes its clocks at the same
    minute; the same day is enough, since programs write the hour of a change in more than one way.
    """
    alike = [name for name in _candidates() if behaves(name, samples, work)]
    named = (name for name in alike if "/" in name and name in tzid)
    exact = (name for name in alike if _has_all(name, samples.minutes, work))
    return next(named, None) or next(exact, next(iter(alike), None))


def behaves(name: str, samples: Samples, work: Work) -> bool:
    """Return whether a zone has the same offsets, and its changes on the same days."""
    return _has_all(name, samples.months, work) and _has_all(name, samples.beside, work)


def resembles(name: str, samples: Samples, work: Work) -> bool:
    """Return whether a zone has the same offsets, where said, but for some weeks of a year."""
    work(len(samples.months))
    first, last = samples.known
    said = [sample for sample in samples.months if first <= sample.at < last]
    differing = sum(not _has(name, sample) for sample in said)
    return differing * _TOLERATED <= len(said)


def _candidates() -> list[str]:
    """Return every zone, the best known ones first: then those that stand for a Windows zone."""
    known = sorted(set(WINDOWS.values()), key=lambda name: (name.startswith("Etc/"), name))
    known[:0] = _BEST_KNOWN
    others = sorted(name for name in zone_names() if "/" in name)
    return list(dict.fromkeys([*known, *others]))


def _has_all(name: str, wanted: Sequence[_Onset], work: Work) -> bool:
    for sample in wanted:
        work(1)
        if not _has(name, sample):
            return False
    return True


def _has(name: str, sample: _Onset) -> bool:
    return sample.at.replace(tzinfo=UTC).astimezone(zone_of(name)).utcoffset() == sample.offset


def _onsets(
    block: Block, first: datetime, last: datetime, count: Work
) -> tuple[list[_Onset], timedelta]:
    """Return when observances begin, in order, and the offset before all of them."""
    onsets: list[_Onset] = []
    before: list[tuple[datetime, timedelta]] = []
    for part in block.inner:
        if part.name in {"STANDARD", "DAYLIGHT"}:
            count(_WORK_OF_AN_OBSERVANCE + part.size // _CHARACTERS_A_STEP)
            lines = list(part.lines())
            earlier, offset = _offset(lines, "TZOFFSETFROM"), _offset(lines, "TZOFFSETTO")
            for wall in _walls(lines, first, last, count):
                count(1)
                onsets.append(_Onset(wall - earlier, offset))
                before.append((wall - earlier, earlier))
    if not onsets:
        raise UnreadableZoneError("it has no observance")
    return sorted(onsets, key=lambda onset: onset.at), min(before)[1]


def _walls(lines: list[Line], first: datetime, last: datetime, count: Work) -> list[datetime]:
    """Return when an observance begins within the years, and the last time before them."""
    begins = _line(lines, "DTSTART")
    start = moment_in(begins.value, begins)
    if not isinstance(start, datetime):
        raise UnreadableZoneError("an observance begins with a date")
    start = start.replace(tzinfo=None)
    walls = {start, *_listed(lines, count)}
    rules = [line.value for line in lines if line.name == "RRULE"]
    if len(rules) > 1:
        raise UnreadableZoneError("an observance has more than one RRULE")
    for rule in rules:
        walls |= set(_ruled(_rule(rule), start, first, last, count))
    return sorted(wall for wall in walls if wall < last)[-_MOST_ONSETS:]


def _rule(text: str) -> Rule:
    try:
        return rule_of(text.strip())
    except PlanError as err:
        raise UnreadableZoneError(err.reason) from err


def _ruled(
    rule: Rule, start: datetime, first: datetime, last: datetime, count: Work
) -> Iterable[datetime]:
    until = rule.until
    for wall in wall_times(rule, start, after=first - 800 * _DAY, work=count):
        if wall >= last or (until is not None and wall.date() > _date(until)):
            return
        yield wall


def _date(until: date) -> date:
    return until.date() if isinstance(until, datetime) else until


def _listed(lines: list[Line], count: Work) -> Iterator[datetime]:
    for line in lines:
        if line.name == "RDATE":
            for text in line.value.split(","):
                count(2)
                moment = moment_in(text.partition("/")[0], line)
                if isinstance(moment, datetime):
                    yield moment.replace(tzinfo=None)


def _offset(lines: list[Line], name: str) -> timedelta:
    line = _line(lines, name)
    found = _OFFSET.fullmatch(line.value.strip())
    if found is None:
        raise UnreadableZoneError(f"{name} is no offset")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if found[1] == "-" else offset


def _line(lines: list[Line], name: str) -> Line:
    line = one(lines, name)
    if line is None:
        raise UnreadableZoneError(f"an observance has no {name}")
    return line
