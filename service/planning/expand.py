"""The wall clock times that a recurrence rule states: RFC 5545, 3.3.10, in plain arithmetic.

Times are made one by one from the edge of the window on: periods before it are jumped over, and
no list of a whole period is ever built. What is looked at is counted as work.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from math import gcd
from typing import Final

from service.planning.fitting import days_in, fitting_days
from service.planning.instants import LAST_YEAR
from service.planning.rule import DAY_S, UNIT_S, Rule, most_a_day, of_days
from service.planning.work import Work, bounded

_LAST_DAY: Final = date(LAST_YEAR, 12, 31).toordinal()


def wall_times(
    rule: Rule,
    start: datetime,
    *,
    after: datetime | None = None,
    work: Work | None = None,
    whole_days: bool = False,
) -> Iterator[datetime]:
    """Yield the times at or after `start` in order, without end of its own but the last year's.

    `start` and the results are naive. COUNT is obeyed, UNTIL is the caller's. What is before
    `after` is jumped over, but for a rule with COUNT, whose times must be counted: it has few.
    Of a rule for whole days, each day counts once.
    """
    rule, work = _completed(of_days(rule) if whole_days else rule, start), work or bounded()
    begin = start if after is None or rule.count is not None else max(start, after)
    times = _by_period if rule.frequency in {"YEARLY", "MONTHLY", "WEEKLY"} else _by_day
    counted, day = 0, 0
    for moment in times(rule, start, begin, work):
        work(1)
        if moment < begin:
            continue
        if whole_days:
            if moment.toordinal() == day:
                continue
            day = moment.toordinal()
            moment = datetime.combine(moment, time())  # noqa: PLW2901 - the day is what is meant
        counted += 1
        if rule.count is not None and counted > rule.count:
            return
        yield moment


def _completed(rule: Rule, start: datetime) -> Rule:
    """Return the rule with what the start says where it says nothing."""
    if rule.weeks or rule.year_days or rule.month_days or rule.days:
        return rule
    if rule.frequency == "YEARLY":
        return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=(start.day,))
    if rule.frequency == "WEEKLY":
        return replace(rule, days=((0, start.weekday()),))
    return rule


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Every combination of hours, minutes and seconds, as seconds, without a list of them."""

    hours: Sequence[int]
    minutes: Sequence[int]
    seconds: Sequence[int]

    def __len__(self) -> int:
        return len(self.hours) * len(self.minutes) * len(self.seconds)

    def __getitem__(self, index: int) -> int:
        index, second = divmod(index, len(self.seconds))
        hour, minute = divmod(index, len(self.minutes))
        return self.hours[hour] * 3600 + self.minutes[minute] * 60 + self.seconds[second]

    def __iter__(self) -> Iterator[int]:
        for hour, minute, second in product(self.hours, self.minutes, self.seconds):
            yield hour * 3600 + minute * 60 + second


def _by_period(rule: Rule, start: datetime, begin: datetime, work: Work) -> Iterator[datetime]:
    """Yield the times of a rule by years, months or weeks, in the order of its periods."""
    clocks = _Clocks(
        rule.hours or (start.hour,),
        rule.minutes or (start.minute,),
        rule.seconds or (start.second,),
    )
    fraction = time(microsecond=start.microsecond)
    first = date.min if rule.positions else begin.date()  # a position counts from the period's own
    period = _period_of(rule, start.date(), begin.date())
    while period is not None:
        days = days_in(rule, period, first, work)
        yield from _chosen(rule, days, clocks, fraction)
        period = _following(rule, period)


def _by_day(rule: Rule, start: datetime, begin: datetime, work: Work) -> Iterator[datetime]:
    """Yield the times of a rule by days, hours, minutes or seconds: only on days that fit."""
    fraction = time(microsecond=start.microsecond)
    minutes, seconds = rule.minutes or (start.minute,), rule.seconds or (start.second,)
    if rule.frequency == "DAILY":
        clocks = _Clocks(rule.hours or (start.hour,), minutes, seconds)
        for day in fitting_days(rule, begin.date(), work):
            if (day - start.date()).days % rule.interval == 0:
                yield from _chosen(rule, (day,), clocks, fraction)
        return
    units_on = _units(rule, start, work)
    if units_on is None:
        return
    inner = {
        "HOURLY": _Clocks((0,), minutes, seconds),
        "MINUTELY": _Clocks((0,), (0,), seconds),
        "SECONDLY": _Clocks((0,), (0,), (0,)),
    }[rule.frequency]
    if rule.positions and all(abs(position) > len(inner) for position in rule.positions):
        return
    looked_at = most_a_day(rule) // 4  # whether a unit is allowed is quickly seen
    for day in fitting_days(rule, begin.date(), work):
        work(looked_at)
        for unit in units_on(day):
            work(1)
            yield from _chosen(rule, (day,), inner, fraction, offset=unit * UNIT_S[rule.frequency])


def _chosen(
    rule: Rule, days: Iterable[date], clocks: _Clocks, fraction: time, offset: int = 0
) -> Iterator[datetime]:
    """Yield each day's times in order; with BYSETPOS those at its positions of one period."""
    if not rule.positions:
        for day in days:
            midnight = datetime.combine(day, fraction)
            for seconds in clocks:
                yield midnight + timedelta(seconds=seconds + offset)
        return
    found = list(days)
    last, a_day = len(found) * len(clocks), len(clocks)
    picked = {p - 1 if p > 0 else last + p for p in rule.positions}
    for index in sorted(index for index in picked if 0 <= index < last):
        midnight = datetime.combine(found[index // a_day], fraction)
        yield midnight + timedelta(seconds=clocks[index % a_day] + offset)


def _units(rule: Rule, start: datetime, work: Work) -> Callable[[date], Iterable[int]] | None:
    """Return what gives the hours (minutes, seconds) of a day that the rule allows, by number.

    They lie INTERVAL apart, counted from the start through all days. None when no day can have
    one: then the rule's own numbers and the interval never meet.
    """
    size, step = UNIT_S[rule.frequency], rule.interval
    a_day = DAY_S // size
    since_midnight = start.hour * 3600 + start.minute * 60 + start.second
    origin = start.toordinal() * a_day + since_midnight // size
    allowed = _Clocks(
        rule.hours or range(24),
        (rule.minutes or range(60)) if size < UNIT_S["HOURLY"] else (0,),
        (rule.seconds or range(60)) if size < UNIT_S["MINUTELY"] else (0,),
    )
    if not _meet(allowed, origin * size, gcd(a_day, step) * size, work):
        return None
    if len(allowed) <= -(-a_day // step):
        work(len(allowed) // 4)
        numbers = [clock // size for clock in allowed]
        return lambda day: [
            n for n in numbers if (day.toordinal() * a_day + n - origin) % step == 0
        ]
    wanted = [(3600, 24, rule.hours)]
    wanted += [(60, 60, rule.minutes)] if size < UNIT_S["HOURLY"] else []
    wanted += [(1, 60, rule.seconds)] if size < UNIT_S["MINUTELY"] else []
    return lambda day: [
        number
        for number in range((origin - day.toordinal() * a_day) % step, a_day, step)
        if all(not by or number * size // unit % most in by for unit, most, by in wanted)
    ]


def _meet(allowed: _Clocks, origin: int, apart: int, work: Work) -> bool:
    """Return whether a clock is a multiple of `apart` seconds from `origin`, a divisor of a day.

    Each list is taken by its remainders, so that few sums are looked at and no product of all.
    """
    hours = {hour * 3600 % apart for hour in allowed.hours}
    minutes = {minute * 60 % apart for minute in allowed.minutes}
    wanted = {(origin - second) % apart for second in allowed.seconds}
    work(len(hours) + len(minutes) + len(wanted))
    for hour in hours:
        work(len(minutes) // 4)
        if any((hour + minute) % apart in wanted for minute in minutes):
            return True
    return False


def _period_of(rule: Rule, start: date, begin: date) -> date | None:
    """Return the first day of the rule's last period that begins by then; None after the end."""
    first = start
    if rule.frequency == "YEARLY":
        gone, period = begin.year - start.year, start.replace(month=1, day=1)
    elif rule.frequency == "MONTHLY":
        gone = (begin.year - start.year) * 12 + begin.month - start.month
        period = start.replace(day=1)
    else:
        first = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
        gone, period = (begin - first).days // 7, first
    return _following(rule, period, times=gone // rule.interval)


def _following(rule: Rule, period: date, times: int = 1) -> date | None:
    """Return the first day of the period that many intervals later; None after the last year."""
    step = rule.interval * times
    if rule.frequency == "WEEKLY":
        day = period.toordinal() + 7 * step
        return date.fromordinal(day) if day <= _LAST_DAY else None
    months = period.year * 12 + period.month - 1 + step * (12 if rule.frequency == "YEARLY" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if year <= LAST_YEAR else None
