"""A recurrence rule of RFC 5545, 3.3.10, as a checked value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from math import prod
from typing import Final

from service.planning.errors import PlanError

FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAY_S: Final = 86_400
UNIT_S: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_OCCURRENCES: Final = 10_000
MOST_A_DAY: Final = 96
"""How often an event may happen on one day: every quarter of an hour."""
LONGEST_RULE: Final = 500
_LARGEST_INTERVAL: Final = 999_999_999
_BYDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
# The range of each list of numbers; a minus counts from the end where the last entry allows it.
_NUMBERS: Final = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; empty tuples are parts that were not given.

    `days` pairs ordinal (0: every) and weekday (0: Monday). `until` is a date, a wall clock
    time, or an instant in UTC.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    week_start: int = 0
    days: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


def rule_of(text: str, *, all_day: bool = False) -> Rule:
    """Return the rule that `FREQ=…;…` states, else raise a PlanError with its stable code.

    One that happens too often a day is refused, whichever of its parts make it so.
    """
    if len(text) > LONGEST_RULE:
        raise _wrong(f"{len(text)} characters are more than {LONGEST_RULE}")
    rule = of_days(kept_rule(text)) if all_day else kept_rule(text)
    a_day = most_a_day(rule)
    if a_day > MOST_A_DAY:
        reason = f"{a_day} times a day are possible; at most {MOST_A_DAY} are kept"
        raise PlanError("recurrence_too_frequent", "recurrence", reason)
    return rule


def of_days(rule: Rule) -> Rule:
    """Return the rule of a whole-day event: RFC 5545 has it pass over BYHOUR and the like."""
    if rule.hours or rule.minutes or rule.seconds:
        return replace(rule, hours=(), minutes=(), seconds=())
    return rule


def most_a_day(rule: Rule) -> int:
    """Return how often at most a rule happens on one day, whenever it begins.

    BYSETPOS chooses from each period, so a period has no more than it names.
    """
    hours, minutes, seconds = (len(by) or 1 for by in (rule.hours, rule.minutes, rule.seconds))
    each = hours * minutes * seconds
    units = _most_units(rule) if rule.frequency in UNIT_S else 1
    if rule.frequency in UNIT_S:
        each = {"HOURLY": minutes * seconds, "MINUTELY": seconds, "SECONDLY": 1}[rule.frequency]
    return units * min(each, len(rule.positions) or each)


@lru_cache(maxsize=1024)
def _most_units(rule: Rule) -> int:
    """Return how many hours (minutes, seconds) of one day a rule allows at most.

    They lie INTERVAL apart. The allowed ones of a day are the bits of a number, of which every
    INTERVALth is counted, from each that may be the first; where that decides nothing, the most
    that is possible is enough.
    """
    unit, step = UNIT_S[rule.frequency], rule.interval
    by = ((rule.hours or range(24), 3600), (rule.minutes or range(60), 60),
          (rule.seconds or range(60), 1))  # fmt: skip
    sizes = [(numbers, size) for numbers, size in by if size >= unit]
    allowed, a_day = prod(len(numbers) for numbers, _ in sizes), DAY_S // unit
    most = min(allowed, -(-a_day // step))
    if most in {1, a_day} or step == 1 or (unit == 1 and most <= MOST_A_DAY):
        return most
    bits = 1
    for numbers, size in reversed(sizes):
        bits = _bits(numbers, size // unit, bits)
    return _fullest(bits, a_day, step)


def _fullest(bits: int, size: int, step: int) -> int:
    """Return the most bits that lie `step` apart, by whichever way takes fewer looks at them all.

    The sums of all columns of a table with `step` columns are kept as the digits of base two.
    """
    if step * step <= size:
        every = _bits(range(0, size, step), 1, 1)
        return max((bits >> first & every).bit_count() for first in range(step))
    digits: list[int] = []
    for first in range(0, size, step):
        carried, place = bits >> first & (1 << step) - 1, 0
        while carried:
            if place == len(digits):
                digits.append(0)
            digits[place], carried = digits[place] ^ carried, digits[place] & carried
            place += 1
    most, columns = 0, (1 << step) - 1
    for place in range(len(digits) - 1, -1, -1):
        if columns & digits[place]:
            columns &= digits[place]
            most += 1 << place
    return most


def _bits(numbers: Iterable[int], size: int, each: int) -> int:
    """Return a number with the bits of `each` at every one of some places, `size` bits apart."""
    return sum(each << number * size for number in numbers)


def plain_rule(text: str) -> str:
    """Return the text of a rule without what some programs write around it."""
    return "".join(text.split()).removeprefix("RRULE:").rstrip(";").upper()


@lru_cache(maxsize=4096)
def kept_rule(text: str) -> Rule:
    """Return the rule of an event that is kept already, however often it happens or long it is.

    A series that was split is longer by its new end.
    """
    parts: dict[str, str] = {}
    for part in plain_rule(text).split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _wrong(f"{part[:40]!r} is not one NAME=VALUE")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise _wrong(f"FREQ={frequency[:20]!r} is not one of {', '.join(FREQUENCIES)}")
    rule = Rule(
        frequency=frequency,
        interval=_number(parts, "INTERVAL", 1, _LARGEST_INTERVAL) or 1,
        count=_count(parts),
        until=_until(parts.pop("UNTIL", None)),
        week_start=_weekday(parts.pop("WKST", "MO")),
        days=tuple(_day(item) for item in _items(parts.pop("BYDAY", ""))),
        months=_numbers(parts, "BYMONTH"),
        month_days=_numbers(parts, "BYMONTHDAY"),
        year_days=_numbers(parts, "BYYEARDAY"),
        weeks=_numbers(parts, "BYWEEKNO"),
        hours=_numbers(parts, "BYHOUR"),
        minutes=_numbers(parts, "BYMINUTE"),
        seconds=tuple(sorted({min(second, 59) for second in _numbers(parts, "BYSECOND")})),
        positions=_numbers(parts, "BYSETPOS"),
    )
    if parts:
        raise _wrong(f"{next(iter(parts))[:20]} is not a part this service knows")
    _check_together(rule)
    return rule


def _check_together(rule: Rule) -> None:
    """Refuse the combinations that RFC 5545 forbids."""
    if rule.count is not None and rule.until is not None:
        raise _wrong("COUNT and UNTIL exclude each other")
    if rule.weeks and rule.frequency != "YEARLY":
        raise _wrong("BYWEEKNO needs FREQ=YEARLY")
    if rule.year_days and rule.frequency in {"DAILY", "WEEKLY", "MONTHLY"}:
        raise _wrong("BYYEARDAY needs FREQ=YEARLY")
    if rule.month_days and rule.frequency == "WEEKLY":
        raise _wrong("BYMONTHDAY is not possible with FREQ=WEEKLY")
    if any(nth for nth, _ in rule.days) and (
        rule.frequency not in {"MONTHLY", "YEARLY"} or rule.weeks
    ):
        raise _wrong("a numbered BYDAY needs FREQ=MONTHLY or YEARLY without BYWEEKNO")
    by = (rule.days, rule.months, rule.month_days, rule.year_days, rule.weeks, rule.hours,
          rule.minutes, rule.seconds)  # fmt: skip
    if rule.positions and not any(by):
        raise _wrong("BYSETPOS needs another BY part")


def _count(parts: dict[str, str]) -> int | None:
    value = parts.get("COUNT", "")
    if value.isascii() and value.isdigit() and (len(value) > 9 or int(value) > MOST_OCCURRENCES):  # noqa: PLR2004 - int() of a very long text is slow
        raise PlanError(
            "recurrence_too_long", "recurrence", f"COUNT is more than {MOST_OCCURRENCES}"
        )
    return _number(parts, "COUNT", 1, MOST_OCCURRENCES)


def _number(parts: dict[str, str], name: str, low: int, high: int) -> int | None:
    value = parts.pop(name, None)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):  # noqa: PLR2004 - int() of a very long text is slow
        raise _wrong(f"{name}={value[:20]} is not a number from {low} to {high}")
    return int(value)


def _numbers(parts: dict[str, str], name: str) -> tuple[int, ...]:
    low, high, from_end = _NUMBERS[name]
    found = []
    for item in _items(parts.pop(name, "")):
        digits = item.removeprefix("-") if from_end else item
        digits = digits if digits != item else item.removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 4):  # noqa: PLR2004 - as above
            raise _wrong(f"{name}={item[:20]} is not a number")
        if not low <= int(digits) <= high:
            raise _wrong(f"{name}={item[:20]} is not from {low} to {high}")
        found.append(-int(digits) if item.startswith("-") else int(digits))
    return tuple(sorted(set(found)))


def _items(value: str) -> list[str]:
    return value.split(",") if value else []


def _day(item: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(item)
    nth = int(found[1]) if found and found[1] else 0
    if not found or abs(nth) > 53 or (found[1] and nth == 0):  # noqa: PLR2004 - weeks in a year
        raise _wrong(f"BYDAY={item[:20]} is not a weekday such as MO or -1FR")
    return nth, WEEKDAYS.index(found[2])


def _weekday(item: str) -> int:
    if item not in WEEKDAYS:
        raise _wrong(f"WKST={item[:20]} is not a weekday such as MO")
    return WEEKDAYS.index(item)


def _until(value: str | None) -> date | datetime | None:
    if value is None:
        return None
    found = _UNTIL.fullmatch(value)
    if not found:
        raise _wrong_until(value)
    try:
        year, month, day, *clock = found.groups()
        if clock[0] is None:
            return date(int(year), int(month), int(day))
        hour, minute, second = (int(part) for part in clock[:3])
        zone = UTC if clock[3] else None
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=zone)
    except ValueError as err:
        raise _wrong_until(value) from err


def _wrong_until(value: str) -> PlanError:
    return _wrong(f"UNTIL={value[:20]} is not a date or time such as 20260131T100000Z")


def _wrong(reason: str) -> PlanError:
    return PlanError("invalid_recurrence", "recurrence", reason)
