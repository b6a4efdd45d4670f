# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What only German says in a way of its own; everything else is shared with other grammars."""

from collections.abc import Sequence

from service.parsing.building.clocks import clock
from service.parsing.building.durations import length
from service.parsing.building.eras import century_year
from service.parsing.building.relative import nth, period, rolling, rolling_back
from service.parsing.building.repeats import CODES, PARITY, days, nth_rule, weekdays_between
from service.parsing.engine import Item
from service.parsing.values import (
    Clock,
    ClockSpan,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Length,
    Moment,
    NthOf,
    Offset,
    Part,
    Period,
    Repeat,
    Rolling,
    WeekdayRef,
    WeekNumber,
)

_LATE_PARTS = frozenset(("afternoon", "evening", "night", "lunchtime"))


def uhr(hour: int, minute: int = 0) -> Clock | None:
    """Read "14 Uhr 30" or "um 8": from 7 on as on the clock, below it as people mean it."""
    if minute > 59:
        return None
    return clock(hour, minute, "24" if hour >= 7 else "")


def at_hour(hour: int) -> Clock | None:
    """Read "um 8", whose half of the day is open."""
    return clock(hour)


def exact_clock(time: Clock) -> Clock | None:
    """Read "14:30 Uhr"."""
    made = clock(time.hour, time.minute, "24")
    return made._replace(second=time.second) if made and time.second < 60 else made


def decimal_uhr(text: str) -> Clock | None:
    """Read "14.30 Uhr"."""
    hour, minute = text.split(".")
    return clock(int(hour), int(minute), "24") if len(minute) == 2 else None


def hour_h(hour: int) -> Clock | None:
    """Read "14h"; "2h" is how long."""
    return clock(hour, 0, "24") if hour >= 7 else None


def _before(hour: int, minute: int) -> Clock | None:
    return uhr((hour - 1) % 24 or 12, minute) if 1 <= hour <= 24 else None


def half_before(hour: int) -> Clock | None:
    """Read "halb neun": half past eight."""
    return _before(hour, 30)


def quarter_past(hour: int) -> Clock | None:
    """Read "Viertel nach acht"."""
    return uhr(hour, 15)


def quarter_to(hour: int) -> Clock | None:
    """Read "viertel vor neun" and "dreiviertel neun"."""
    return _before(hour, 45)


def three_quarters(quarters: int, hour: int) -> Clock | None:
    """Read "drei viertel neun"."""
    return quarter_to(hour) if quarters == 3 else None


def minutes_past(minute: int, *rest: int | str) -> Clock | None:
    """Read "zehn nach acht"."""
    if len(rest) > 1 and rest[0] != "minute":
        return None
    return uhr(int(rest[-1]), minute)


def minutes_to(minute: int, *rest: int | str) -> Clock | None:
    """Read "fünf vor neun"."""
    if (len(rest) > 1 and rest[0] != "minute") or not 0 < minute < 60:
        return None
    return _before(int(rest[-1]), 60 - minute)


def minutes_to_half(minute: int, hour: int) -> Clock | None:
    """Read "fünf vor halb neun"."""
    return _before(hour, 30 - minute) if 0 < minute < 30 else None


def at_noon(part: str) -> Clock | None:
    """Read "am Mittag"."""
    return Clock(12, 0, 0, "24") if part == "lunchtime" else None


def _in_half(time: Clock, part: str) -> Clock:
    late = part in _LATE_PARTS and not (part == "night" and time.hour < 5)
    noon = part == "lunchtime" and time.hour >= 10
    if late and not noon and time.hour < 12:
        return time._replace(hour=time.hour + 12, half="24")
    if part == "night" and time.hour == 12:
        return time._replace(hour=24, half="24")
    return time._replace(half="24")


def in_part(time: object, part: str) -> Clock | None:
    """Read "8 Uhr abends"."""
    return _in_half(time, part) if isinstance(time, Clock) else None


def hour_in_part(items: Sequence[Item]) -> Clock | None:
    """Read "um 8 abends"; "1 Nacht" is how long."""
    hour, part = items[-2:]
    a_night = part.end - part.start == len("nacht") and part.value == "night"
    return None if a_night and len(items) == 2 else in_part(uhr(hour.value), part.value)


def arriving(items: Sequence[Item]) -> ClockSpan | None:
    """Read "Abfahrt 8:29, Ankunft 12:32"."""
    return span(items[0].value, items[-1].value)


def night_between(_: str, first: int, __: str, last: int, month: int) -> Fields | None:
    """Read "in der Nacht vom 20. auf den 21. März": it begins on the 20th."""
    return Fields(None, month, first) if last in (first + 1, 1) else None


def night_between_weekdays(_: str, first: int, __: str, last: int) -> WeekdayRef | None:
    """Read "in der Nacht von Freitag auf Samstag"."""
    return WeekdayRef(first) if last == (first + 1) % 7 else None


def days_in_even_weeks(items: Sequence[Item]) -> Repeat | None:
    """Read "montags in geraden Wochen"."""
    which = PARITY.get(items[-2].value)
    if which is None or (items[-1].cls == "UNIT" and items[-1].value != "week"):
        return None
    rule = days([i.value for i in items if i.cls in ("WEEKDAY", "PLURALDAY")], 2)
    return rule._replace(by=(*rule.by, ("parity", which)))


def part_then_time(part: str, time: object) -> Clock | None:
    """Read "abends um 8"."""
    return in_part(time, part)


def span(start: object, end: object) -> ClockSpan | None:
    """Read "von 9 bis 11" and "14:00-15:30 Uhr"."""
    first = uhr(start) if isinstance(start, int) else start
    last = uhr(end) if isinstance(end, int) else end
    if not isinstance(first, Clock) or not isinstance(last, Clock):
        return None
    return ClockSpan(first, last)


def length_of(amount: object, unit: str) -> Length | None:
    """Read "90 Minuten"."""
    return length(amount, unit) if isinstance(amount, int) else None


def a_unit(unit: str) -> Length | None:
    """Read "eine Stunde"."""
    return length(1, unit)


def half_a_unit(unit: str) -> Length | None:
    """Read "eine halbe Stunde"."""
    return length(0.5, unit)


def same_length(said: Length) -> Length:
    """Read "eine Viertelstunde"."""
    return said


def decimal_units(text: str, unit: str) -> Length | None:
    """Read "anderthalb Stunden"."""
    return length(float(text), unit)


def comma_units(whole: int, tenths: int, unit: str) -> Length | None:
    """Read "1,5 Stunden"."""
    return length(float(f"{whole}.{tenths}"), unit)


def hours_h(hours: int) -> Length:
    """Read "für 2h"."""
    return Length(seconds=hours * 3600)


def in_figures(parts: tuple[str, str, str]) -> Fields:
    """Read "15.3.2027" and "15/3/27": the day is first."""
    first, second, third = (int(part) for part in parts)
    if len(parts[0]) == 4:
        return Fields(first, second, third)
    return Fields(third if len(parts[2]) == 4 else century_year(third), second, first)


def pair(said: tuple[int, int]) -> Fields | None:
    """Read "am 3/4": the day is first."""
    day, month = said
    return Fields(None, month, day) if 1 <= day <= 31 and 1 <= month <= 12 else None


def day_number(day: int) -> Fields | None:
    """Read "am 15."."""
    return Fields(None, None, day) if 1 <= day <= 31 else None


def holiday(day: Holiday, year: int | None = None) -> Holiday:
    """Read "an Ostern 2027"."""
    return day._replace(year=year)


def calendar_week(week: int, year: int | None = None) -> WeekNumber | None:
    """Read "KW 12"."""
    return WeekNumber(week, year) if 1 <= week <= 53 else None


def every_days(*weekdays: int) -> Repeat:
    """Read "jeden Montag und Donnerstag"."""
    return days(weekdays)


def unit_on_days(items: Sequence[Item]) -> Repeat | None:
    """Read "jede Woche am Montag" and "wöchentlich dienstags"."""
    chosen = [item.value for item in items if item.cls in ("WEEKDAY", "PLURALDAY")]
    unit = next((item.value for item in items if item.cls in ("UNIT", "FREQ")), None)
    if unit not in ("week", ("WEEKLY", 1), ("WEEKLY", 2)):
        return None
    return days(chosen, unit[1] if isinstance(unit, tuple) else 1)


def nth_day_of_each(items: Sequence[Item]) -> Repeat | None:
    """Read "jeden ersten Montag im Monat", "am ersten Freitag im Monat": "des Monats" is once."""
    monthly = items[-1].value == "month" and items[-2].cls == "in"
    if not monthly and not any(item.cls == "every" for item in items):
        return None
    nths = [item.value for item in items if item.cls in ("ORD", "LAST", "NUM")]
    day = next(item.value for item in items if item.cls in ("WEEKDAY", "PLURALDAY"))
    return nth_rule(nths, [f"{n}{CODES[day]}" for n in nths], items[-1:])


def nth_of_each(items: Sequence[Item]) -> Repeat | None:
    """Read "am 1. jedes Monats" and "jeden 15. im Monat"."""
    repeats = any(item.cls in ("every", "FREQ") for item in items)
    numbers = [item.value for item in items if item.cls in ("NUM", "ORD", "LAST")]
    units = [item.value for item in items if item.cls == "UNIT"]
    monthly = "month" in units or any(item.value == ("MONTHLY", 1) for item in items)
    if not repeats or not monthly or not all(-1 <= n <= 31 and n for n in numbers):
        return None
    return Repeat("MONTHLY", 1, (("BYMONTHDAY", ",".join(map(str, numbers))),))


def day_range(first: int, last: int, unit: str = "week") -> Repeat | None:
    """Read "montags bis freitags"."""
    return weekdays_between(first, last) if unit == "week" else None


def weekdays() -> Repeat:
    """Read "werktags"."""
    return days(range(5))


def every_part(part: int | str) -> tuple[Repeat, Part] | None:
    """Read "jeden Abend", "jeden Morgen"."""
    name = "morning" if part == 1 else part
    return (Repeat("DAILY"), Part(name)) if isinstance(name, str) else None


def every_daytime(said: tuple[int, str]) -> tuple[Repeat, Part]:
    """Read "jeden Montagabend"."""
    return days([said[0]]), Part(said[1])


def times_frequency(_: int, pair: tuple[str, int]) -> Repeat:
    """Read "zweimal wöchentlich"."""
    return Repeat("WEEKLY", 1, (("BYDAY", "MO,TH"),)) if pair[0] == "WEEKLY" else Repeat(*pair)


def count(number: int) -> int | None:
    """Read "10 mal"."""
    return number if 0 < number < 1000 else None


def day_word(shift: int) -> DayShift:
    """Read "morgen"."""
    return DayShift(shift)


def _part_name(said: int | str) -> str | None:
    return "morning" if said == 1 else said if isinstance(said, str) else None


def day_part(shift: int, part: int | str) -> Moment | None:
    """Read "heute Abend", "morgen früh", "heute Morgen"."""
    name = _part_name(part)
    return Moment(DayShift(shift), None, Part(name)) if name else None


def weekday_morning(day: int, morning: int) -> Moment | None:
    """Read "Montag morgen"."""
    return Moment(WeekdayRef(day), None, Part("morning")) if morning == 1 else None


def in_the_morning(morning: int) -> Part | None:
    """Read "am Morgen"."""
    return Part("morning") if morning == 1 else None


def date_morning(date: object, morning: int) -> Moment | None:
    """Read "Freitag am Morgen"."""
    return Moment(date, None, Part("morning")) if morning == 1 else None


def this_part(_: int, part: int | str) -> Moment | None:
    """Read "diesen Abend"."""
    return day_part(0, part)


def weekday_after_next(_: int, day: int) -> WeekdayRef:
    """Read "übernächsten Freitag"."""
    return WeekdayRef(day, "after next")


def daytime(said: tuple[int, str]) -> Moment:
    """Read "am Montagabend"."""
    return Moment(WeekdayRef(said[0]), None, Part(said[1]))


def pointed_daytime(shift: int, said: tuple[int, str]) -> Moment:
    """Read "nächsten Montagabend"."""
    which = {1: "next", -1: "last", 2: "after next"}.get(shift, "this")
    return Moment(WeekdayRef(said[0], which), None, Part(said[1]))


def pointed_period(shift: int, unit: str) -> Period | DayShift | Offset | None:
    """Read "nächste Woche"."""
    return period(shift, unit)


def pointed_month(shift: int, month: int) -> Inside:
    """Read "nächsten Mai"."""
    return Inside(Fields(None, month), (shift, "year"))


def the_period(unit: str) -> Period | None:
    """Read "am Wochenende"."""
    return Period(unit) if unit in ("week", "weekend", "month", "year") else None


def pointed_length(shift: int, said: Length) -> Rolling | None:
    """Read "die nächsten drei Tage"."""
    return rolling(said) if shift > 0 else rolling_back(said)


def ago(said: Length) -> Offset:
    """Read "vor zwei Tagen"."""
    return Offset(None, said, -1)


def in_length(said: Length) -> Offset:
    """Read "in zwei Wochen"."""
    return Offset(None, said)


def nth_of(n: int, unit: str | int, container: object) -> NthOf | None:
    """Read "am ersten Montag im April"."""
    return nth(n, unit, container)


def nth_of_unit(n: int, unit: str | int, container: str) -> NthOf | None:
    """Read "am letzten Tag des Monats"."""
    whole = container in ("week", "month", "quarter", "year")
    return nth(n, unit, Period(container)) if whole else None


def now() -> Offset:
    """Read "jetzt"."""
    return Offset(None, Length(), 1, exact=True)


def date_then_offset(date: object, later: object) -> Offset | None:
    """Read "Montag in einer Woche"."""
    if not isinstance(later, Offset) or later.base is not None or later.sign < 0:
        return None
    days_only = not later.length.seconds and isinstance(date, WeekdayRef | DayShift)
    return Offset(date, later.length) if days_only else None


def length_before(said: Length, date: object) -> Offset:
    """Read "drei Tage vor Weihnachten"."""
    return Offset(date, said, -1)


def edge(items: Sequence[Item]) -> Edge | None:
    """Read "Ende Mai" and "Anfang des Monats"."""
    which = next(item.cls for item in items if item.cls in ("start", "middle", "end"))
    base = items[-1].value
    if isinstance(base, str):
        base = Period(base) if base in ("week", "month", "quarter", "year") else None
    vague = isinstance(base, Period | Inside) or (isinstance(base, Fields) and not base.day)
    return Edge(which, base) if vague else None


def part_of_date(name: str, date: object) -> Moment:
    """Read "am Abend des 3. Mai"."""
    return Moment(date, None, Part(name))


def part(name: str) -> Part:
    """Read "am Nachmittag"."""
    return Part(name)


def due(day: object, time: object) -> Moment | None:
    """Read "bis Freitag 18 Uhr": when it has to be done."""
    return Moment(day, time) if isinstance(time, Clock) else None


def due_day(day: object) -> object:
    """Read "bis 31. Juli abgeben": the day on which it has to be done."""
    return day


def moment_time(moment: Moment, time: object) -> Moment | None:
    """Read "heute Abend um 8"."""
    if not isinstance(time, Clock) or moment.clock is not None:
        return None
    said = _in_half(time, moment.part.name) if moment.part else time
    return moment._replace(clock=said)


def time_moment(time: object, moment: Moment) -> Moment | None:
    """Read "um 8 heute Abend"."""
    return moment_time(moment, time)
