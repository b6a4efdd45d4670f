# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Times of day and spans between two of them."""

from collections.abc import Sequence

from service.parsing.engine import Item, Rule, Stage
from service.parsing.values import Clock, ClockSpan, DateSpan, MinutePast, Moment

_END = "(?!AMPM|oclock|past|UNIT|SECOND|times|money|of|ordnoun|thing|WORD ordnoun|WORD WORD ordnoun|slash|PAIR|half|and a half|dash? UNIT|dash WORD|MONTH)"
_EVENING = frozenset(("evening", "night", "afternoon", "dinnertime", "dusk"))


def clock(hour: int, minute: int = 0, half: str = "") -> Clock | None:
    """Return a time of day, or None when there is no such time."""
    if hour > 24 or minute > 59 or hour < 0:
        return None
    if half in ("am", "pm") and hour > 12:
        half = "24"  # "23PM" can only mean 23:00
    if hour == 24:
        return Clock(0, minute, 0, "24")
    return Clock(hour, minute, 0, half or ("24" if hour > 12 or hour == 0 else ""))


def _with_half(time: Clock, half: str = "") -> Clock | None:
    made = clock(time.hour, time.minute, half or time.half)
    return made._replace(second=time.second) if made and time.second < 60 else made


def _number(number: int, half: str = "") -> Clock | None:
    if number >= 100:  # "eight hundred am", "six hundred and forty five am"
        return clock(number // 100, number % 100, half)
    return clock(number, 0, half)


def _two(hour: int, minute: int, half: str = "") -> Clock | None:
    return clock(hour, minute, half) if hour <= 24 and 10 <= minute <= 59 else None


def _decimal(text: str, half: str = "") -> Clock | None:
    hour, minute = text.split(".")
    return clock(int(hour), int(minute), half) if len(minute) == 2 else None


def decimal_clock(text: str) -> Clock | None:
    """Read "8.15" before a day; a minute that no clock face shows is rather an amount."""
    time = _decimal(text)
    return time if time and time.minute % 5 == 0 else None


_SPOKEN = ("number-word", "tens-and-ones")  # "ten to five" is a time, "10 to 5" are two


def _spoken_minutes_to(items: Sequence[Item]) -> Clock | None:
    """Read "ten to five" when both are in words and the minutes are those people say."""
    minute, hour = (item for item in items if item.cls == "NUM")
    spoken = minute.rule in _SPOKEN and hour.rule in _SPOKEN
    if not spoken or minute.value not in (5, 10, 20, 25) or not 1 <= hour.value <= 12:
        return None
    return _minutes_to(minute.value, hour.value)


def _minutes_past(minute: int, *rest: int | str) -> Clock | None:
    numbers = [value for value in rest if not isinstance(value, str) or value in ("am", "pm", "")]
    if len(numbers) != len(rest) and "minute" not in rest:
        return None
    hour, half = numbers[0], numbers[1] if len(numbers) > 1 else ""
    return clock(int(hour), minute, str(half))


def _minutes_to(minute: int, *rest: int | str) -> Clock | None:
    past = _minutes_past(minute, *rest)
    if past is None or not 0 < minute < 60:
        return None
    return clock((past.hour - 1) % 24 or 12, 60 - minute, past.half if past.half != "24" else "")


def _noon(hour: int) -> Clock:
    return Clock(hour, 0, 0, "24")


def _in_part(number: int, part: str) -> Clock | None:
    if part not in _EVENING and part not in ("morning", "dawn"):
        return None
    if part == "night" and number < 5:
        return clock(number, 0, "am")
    return clock(
        number, 0, "pm" if part in _EVENING and number < 12 else "am" if part == "morning" else ""
    )


CLOCKS = Stage(
    "clocks",
    [
        Rule("clock", "CLOCK AMPM?", "TIME", _with_half),
        Rule("clock-ampm", "NUM stop? AMPM", "TIME", _number),
        Rule("compact-ampm", "HHMM AMPM", "TIME", _with_half),
        Rule("hour-minute-ampm", "at? NUM (colon|stop)? NUM AMPM", "TIME", _two),
        Rule("hour-comma-minute-ampm", "at? NUM comma NUM AMPM", "TIME", _two),
        Rule("hyphened-clock", "at? NUM dash NUM (?!UNIT|TO|AMPM|dash|MONTH)", "TIME", lambda h, m: clock(h, m) if h <= 12 and 25 <= m <= 59 and m % 5 == 0 else None),
        Rule("hyphened-clock-ampm", "at? NUM dash NUM AMPM", "TIME", lambda h, m, half: clock(h, m, half) if h <= 12 and 13 <= m <= 59 else None),
        Rule("decimal-ampm", "DECIMAL AMPM", "TIME", _decimal),
        Rule("compact-before-day", "HHMM (?=on? (DATE|DAY|TONIGHT|WEEKDAY) (?!NUM|ORD))", "TIME", lambda c: c if c.half == "24" else None),
        Rule("decimal-before-day", "DECIMAL (?=on? (DATE|DAY|WEEKDAY|TONIGHT|REPEAT|DAYPARTS))", "TIME", decimal_clock),
        Rule("at-decimal", f"(at|by|FROM|until) DECIMAL {_END}", "TIME", _decimal),
        Rule("o-clock", "NUM oclock AMPM?", "TIME", _number),
        Rule("hour-minute-o-clock", "at? NUM NUM oclock AMPM?", "TIME", _two),
        Rule("half-past", "half past? NUM oclock? AMPM?", "TIME", lambda n, half="": clock(n, 30, half)),
        Rule("half-past-clock", "half past? CLOCK AMPM?", "JUNK", lambda c, *_: c),
        Rule("quarter-past", "a? quarter (past|after) NUM oclock? AMPM?", "TIME", lambda n, half="": clock(n, 15, half)),
        Rule("quarter-to", "a? quarter (to|until|before) NUM oclock? AMPM?", "TIME", lambda n, half="": _minutes_to(15, n, half)),
        Rule("minutes-past", "NUM UNIT? past NUM oclock? AMPM?", "TIME", _minutes_past),
        Rule("minutes-after", "NUM UNIT after NUM oclock? AMPM?", "TIME", _minutes_past),
        Rule("minutes-to", "NUM UNIT (to|until|before) NUM oclock? AMPM?", "TIME", _minutes_to),
        Rule("minutes-to-in-words", "(at NUM|(?<!from|between|WORD|HHMM) NUM) to NUM (?!AMPM|UNIT|dash|to|SECOND) (oclock)? (?!WORD)", "TIME*", _spoken_minutes_to),
        Rule("ten-to-with-ampm", "NUM (to|until) NUM AMPM", "TIMESPAN", lambda a, b, half: span(a, _number(b, half))),
        Rule("past-the-hour", "at? NUM UNIT? past (the UNIT)? (?!NUM|CLOCK)", "TIME", lambda n, *unit: MinutePast(n) if n < 60 and all(u in ("minute", "hour") for u in unit) else None),
        Rule("half-past-the-hour", "at half past (?!NUM|CLOCK|NOON|TIME)", "TIME", lambda: MinutePast(30)),
        Rule("quarter-past-the-hour", "at a? quarter (past|after) (?!NUM|CLOCK|NOON|TIME|the)", "TIME", lambda: MinutePast(15)),
        Rule("quarter-to-the-hour", "at a? quarter (to|until) (?!NUM|CLOCK|NOON|TIME|the)", "TIME", lambda: MinutePast(45)),
        Rule("start-of-business", "(at|by|from)? start of WORD", "TIME", lambda word: Clock(9, 0, 0, "24") if word in ("business", "work", "play") else None),
        Rule("noon", "NOON", "TIME", _noon),
        Rule("mid-day", "(middle dash UNIT|middle of the UNIT)", "TIME", lambda u: _noon(12) if u == "day" else None),
        Rule("noon-thirty", "NOON NUM (?!UNIT|WORD|money)", "TIME", lambda hour, n: Clock(hour, n, 0, "24") if 10 <= n < 60 else None),
        Rule("twelve-noon", "(NUM|CLOCK) NOON", "TIME", lambda _, hour: _noon(hour)),
        Rule("military", "HHMM UNIT", "TIME", lambda c, unit: c if unit == "hour" else None),
        Rule("at-compact", f"(at|by|around|until|FROM|after|before|for) HHMM (?!WORD) {_END}", "TIME", lambda *v: _with_half(v[-1]) if len(v) == 1 else None),
        Rule("at-year-like", f"(at|around) YEAR {_END}", "TIME", lambda n: clock(n // 100, n % 100, "24")),
        Rule("at-hour", f"at (around|sharp)? NUM (?!NUM AMPM|NUM oclock) (ish|sharp|dash ish)? {_END}", "TIME", lambda n: clock(n) if n <= 12 else None),
        Rule("at-hour-of-24", f"at (around|sharp)? NUM (?!WORD|NUM AMPM|NUM oclock) (ish|sharp|dash ish)? {_END}", "TIME", lambda n: clock(n) if n <= 24 else None),
        Rule("at-compact-hour", f"at (around)? NUM (?!WORD) {_END}", "TIME", lambda n: _number(n) if n >= 100 else None),
        Rule("at-hour-minute", f"(at|by|FROM|around|until|between) NUM NUM {_END}", "TIME", _two),
        Rule("by-hour", f"(by|around|before|after) NUM (ish|sharp)? (?!WORD) {_END}", "TIME", _number),
        Rule("hour-before-zone", "(NUM|HHMM) (?=ZONE)", "TIME", lambda n: n if isinstance(n, Clock) else clock(n) if n <= 24 else None),
        Rule("hour-ish-ampm", "NUM dash? ish AMPM", "TIME", _number),
        Rule("clock-h", "CLOCK UNIT", "TIME", lambda c, unit: _with_half(c) if unit == "hour" else None),
        Rule("end-of-business", "(by|at|before|until)? eod", "TIME", lambda: Clock(17, 0, 0, "24")),
        Rule("close-of-business", "(by|at|before|until)? (the)? WORD of WORD", "TIME", lambda a, b: Clock(17, 0, 0, "24") if a == "close" and b in ("business", "play") else None),
        Rule("half-past-noon", "half past NOON", "TIME", lambda hour: Clock(hour, 30, 0, "24")),
        Rule("quarter-past-noon", "a? quarter (past|after) NOON", "TIME", lambda hour: Clock(hour, 15, 0, "24")),
        Rule("quarter-to-noon", "a? quarter (to|until|before) NOON", "TIME", lambda hour: Clock((hour - 1) % 24, 45, 0, "24")),
        Rule("minutes-past-noon", "NUM UNIT? (past|after) NOON", "TIME", lambda n, *v: Clock(v[-1], n, 0, "24") if (n < 60 and len(v) < 2) or v[0] == "minute" else None),
        Rule("minutes-to-noon", "NUM UNIT (to|before) NOON", "TIME", lambda n, u, hour: Clock((hour - 1) % 24, 60 - n, 0, "24") if u == "minute" and 0 < n < 60 else None),
        Rule("spoken-clock", "NUM NUM (?=DAY|TONIGHT|on WEEKDAY|WEEKDAY|on the ORD)", "TIME", _two),
        Rule("hour-before-tonight", "(?<!for) NUM (?=TONIGHT)", "TIME", lambda n: clock(n, 0, "pm") if 1 <= n < 12 else None),
        Rule("hour-of-meal", f"(?<=MEAL) NUM (?!WORD|NUM) {_END}", "TIME", lambda n: clock(n) if 1 <= n <= 12 else None),
        Rule("hour-ish", "NUM dash? (ish|sharp|on the dot)", "TIME", _number),
        Rule("hour-in-part", "NUM (in (the|THIS)|at|THIS|DAY) PART", "TIME", lambda n, *v: _in_part(n, v[-1]) if len(v) == 1 or v[0] == 0 else None),
        Rule("hour-minute-in-part", "NUM NUM (in the|at) PART", "TIME", lambda h, m, part: (c := _in_part(h, part)) and _two(h, m, c.half)),
    ],
)  # fmt: skip


def span(start: Clock | int | None, end: Clock | int | None) -> ClockSpan | None:
    """Return a span between two times; plain numbers are hours still without am or pm."""
    first = clock(start) if isinstance(start, int) else start
    last = clock(end) if isinstance(end, int) else end
    if not isinstance(first, Clock) or not isinstance(last, Clock):
        return None
    return ClockSpan(first, last)


def several(*times: Clock | int) -> tuple[Clock, ...] | None:
    """Return several times of a day; an hour without am or pm takes that of the last one."""
    clocks = [clock(time) if isinstance(time, int) else time for time in times]
    if not all(isinstance(one, Clock) for one in clocks):
        return None
    half = clocks[-1].half if clocks[-1] else ""
    earlier = all(
        one is not None and one.hour < clocks[-1].hour for one in clocks[:-1] if clocks[-1]
    )
    if half in ("am", "pm") and earlier:
        clocks = [one if one is None or one.half else one._replace(half=half) for one in clocks]
    return tuple(one for one in clocks if one is not None)


def _office_hours(start: int, end: int) -> ClockSpan | None:
    """Read "10-11" before a name when these are hours of one half or of a working day."""
    if not (0 < start <= 24 and 0 < end <= 24):
        return None
    return span(start, end) if start < end or (start >= 7 and end <= 6) else None


_ANY = "(NUM|TIME|HHMM)"
CLOCK_SPANS = Stage(
    "clock-spans",
    [
        Rule("time-ish", "TIME dash? (ish|sharp|on the dot)", "TIME", lambda time: time),
        Rule("several-times", f"TIME (comma at? {_ANY})* (comma? and|comma) at? {_ANY} {_END}", "TIMES", several),
        Rule("several-hours", f"at NUM (comma {_ANY})* (comma? and|comma) at? {_ANY} {_END}", "TIMES", several),
        Rule("time-to-time", "(FROM|between|at)* TIME TO TIME", "TIMESPAN", span),
        Rule("between-times", "between (NUM|TIME|HHMM) and (at|around)? TIME", "TIMESPAN", span),
        Rule("between-time-and-hour", f"between {_ANY} and {_ANY} {_END}", "TIMESPAN", span),
        Rule("between-dash", f"between {_ANY} (dash|to) {_ANY} {_END}", "TIMESPAN", span),
        Rule("hour-to-time", "(FROM|at)* (NUM|HHMM) TO TIME", "TIMESPAN", span),
        Rule("time-to-decimal", "(TIME|(?<!WORD) DECIMAL|(from|between|at) DECIMAL) TO DECIMAL|DECIMAL dash DECIMAL|(?<!WORD) DECIMAL TO TIME", "TIMESPAN", lambda a, b: span(_decimal(a) if isinstance(a, str) else a, (_decimal(b) or 99) if isinstance(b, str) else b)),
        Rule("time-to-hour", f"(FROM|between|at)* TIME TO (NUM|HHMM) {_END}", "TIMESPAN", span),
        Rule("from-hour-to-hour", f"(FROM at?|at) {_ANY} TO {_ANY} {_END}", "TIMESPAN", span),
        Rule("time-ending-time", f"TIME (comma|and)* (ending|end|arriving) (at|by)? (TIME|NUM) {_END}", "TIMESPAN", span),
        Rule("spoken-hours", f"(FROM|between)? NUM NUM (TO|and) NUM NUM {_END}", "TIMESPAN", lambda a, b, c, d: span(_two(a, b), _two(c, d))),
        Rule("compact-hours", "HHMM TO HHMM", "TIMESPAN", span),
        Rule("hours", f"NUM (dash|to|until) NUM (?!WORD) {_END}", "WEAKSPAN", span),
        Rule("hours-after-day", f"(?<=WEEKDAY|PLURALDAY|DAY|DATE|DAYLIST|REPEAT) NUM dash NUM (?=WORD) {_END}", "WEAKSPAN", _office_hours),
        Rule("for-hour", f"for NUM (?!WORD|to|dash|until|and) {_END}", "WEAKTIME", lambda n: clock(n) if 1 <= n <= 12 else None),
        Rule("from-hour", f"FROM at? NUM (?!dash|to|WORD) {_END}", "TIME", _number),
        Rule("until-hour", f"until NUM (?!dash|to|WORD) {_END}", "SPAN", lambda n: (c := _number(n)) and DateSpan(None, Moment(None, c))),
    ],
)  # fmt: skip
