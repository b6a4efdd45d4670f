"""Dates seen from today: weekdays, this/next/last, nth of something, before and after."""

from service.parsing.engine import Rule, Stage
from service.parsing.grammar.durations import length
from service.parsing.values import (
    Beside, Clock, DateSpan, DayShift, Edge, Fields, Inside, Length, Moment, NthOf, Offset, Part, Period, Rolling, Season,
    WeekdayRef, WeekNumber, Within, YearPart,
)  # fmt: skip

_WD = "(WEEKDAY|PLURALDAY)"
_POINT = "(THIS|NEXT|LAST|FOLLOWING)"
_NTH = "(ORD|SECOND|LAST)"


def _day_after(unit: str, day: int) -> DayShift | None:
    return DayShift(day + 1) if unit == "day" else None


def _day_before(unit: str, day: int) -> DayShift | None:
    return DayShift(day - 1) if unit == "day" else None


def _period(shift: int, unit: str) -> Period | DayShift | None:
    if unit == "day":
        return DayShift(shift)
    if unit in ("second", "minute", "hour") and shift == 0:
        return None
    if unit == "night":
        return None
    return Period("week" if unit == "workweek" else unit, shift)


def _rolling(length: Length) -> Rolling:
    return Rolling(length, 1)


def _rolling_back(length: Length) -> Rolling:
    return Rolling(length, -1)


def _which(name: str):  # type: ignore[no-untyped-def]  # a factory of one-line builders
    return lambda *values: WeekdayRef(values[-1], name)


def _from_length(length: Length, base: object) -> Offset:
    return Offset(base, length, 1)


def _before_base(length: Length, base: object) -> Offset:
    return Offset(base, length, -1)


def _nth(n: int, what: str | int, container: object = None) -> NthOf | None:
    if isinstance(what, str) and what in ("weekend", "night", "decade"):
        return NthOf(n, "weekend", container) if what == "weekend" else None
    return NthOf(n, what, container) if -31 <= n <= 366 else None


def _nth_in_month(n: int, what: str | int, month: int, year: int | None = None) -> NthOf | None:
    return _nth(n, what, Fields(year, month))


def _nth_in_unit(n: int, what: str | int, unit: str) -> NthOf | None:
    return _nth(n, what, Period(unit)) if unit in ("week", "month", "quarter", "year", "decade") else None


def _nth_in_year(n: int, what: str | int, year: int) -> NthOf | None:
    return _nth(n, what, Fields(year))


def _year_part(n: int, unit_months: int, year: int | None = None) -> YearPart | None:
    most = 12 // unit_months
    n = most if n == -1 else n
    return YearPart(n, unit_months, year) if 1 <= n <= most else None


def _unit_of(unit: str, date: object) -> object | None:
    if unit == "weekend":
        return Inside(("weekend",), date)
    if unit == "week":
        return Inside(("week",), date)
    return date if unit in ("month", "day", "year") else None


def _week_number(unit: str, n: int) -> WeekNumber | None:
    return WeekNumber(n) if unit == "week" and 1 <= n <= 53 else None


def _numbered_month(n: int, unit: str, container: object) -> NthOf | None:
    return _nth(n, unit, container)


SIMPLE = Stage(
    "relative days and periods",
    [
        Rule("day-word", "DAY", "DATE", lambda n: DayShift(n)),
        Rule("tonight", "TONIGHT", "MOMENT", lambda _: Moment(DayShift(0), None, Part("night"))),
        Rule("day-after-tomorrow", "the? UNIT after DAY", "DATE", _day_after),
        Rule("day-before-yesterday", "the? UNIT before DAY", "DATE", _day_before),
        Rule("this-period", "(in|during|for|over)? the? THIS UNIT", "DATE", _period),
        Rule("next-period", "the? (NEXT|FOLLOWING|THIS? COMING) UNIT", "DATE", lambda *v: Rolling(length(1, v[-1]) or Length(), 1) if v[-1] in ("hour", "minute", "second") else _period(0 if v[-1] == "weekend" and isinstance(v[-2], float) else 1, v[-1])),
        Rule("this-past-period", "THIS past UNIT", "DATE", lambda _, unit: _period(-1, unit)),
        Rule("last-period", "the? LAST UNIT (?!of)", "DATE", _period),
        Rule("day-after-next-period", "the? UNIT after the? NEXT (UNIT)?", "DATE", lambda unit, *_: _period(2, unit)),
        Rule("period-before-last", "the? UNIT before the? LAST (UNIT)?", "DATE", lambda unit, *_: _period(-2, unit)),
        Rule("after-next", "the? UNIT after the? NEXT (?!WEEKDAY)", "DATE", lambda unit, *_: _period(2, unit)),
        Rule("the-day-after", "the UNIT after (?!DATE|FEAST|DAY|the|NEXT|LAST|MONTH|WEEKDAY|WORD)", "DATE", lambda unit: DayShift(1) if unit == "day" else None),
        Rule("next-quarter", "the? (NEXT|FOLLOWING|COMING) quarter", "DATE", lambda _: Period("quarter", 1)),
        Rule("this-quarter", "(THIS|the) quarter", "DATE", lambda *_: Period("quarter", 0)),
        Rule("last-quarter", "the? LAST quarter (?!of)", "DATE", lambda _: Period("quarter", -1)),
        Rule("the-week", "(the|my) UNIT (?!WORD|of|before|after|to|until)", "DATE", lambda unit: Period(unit) if unit in ("week", "weekend", "month", "year") else None),
        Rule("the-weekend", "(on|over|for|during|at)* (the|my|a)* UNIT (?!before|after|of)", "DATE", lambda unit: Period("weekend") if unit == "weekend" else None),
        Rule("my-day", "(my|the) UNIT (?=WORD)", "PERIOD", lambda unit: Period("day") if unit == "day" else None),
        Rule("within", "within the? (NEXT|COMING|FOLLOWING)? LENGTH", "SPAN", lambda *v: Within(v[-1])),
        Rule("within-from-today", "within the? LENGTH (from|after|of) (DAY|DATE|now)", "SPAN", lambda n, *_: Within(n)),
        Rule("for-the-next-unit", "(for|over|in|during|within)+ the NEXT UNIT", "DATE", lambda _, unit: Rolling(length(1, unit) or Length(), 1) if unit not in ("day", "weekend") else None),
        Rule("nth-workday", f"the? {_NTH} weekday (of|in) the (UNIT|quarter)", "DATE", lambda n, unit="quarter": NthOf(n, "workday", Period(unit))),
        Rule("nth-workday-of-pointed", f"the? {_NTH} weekday (of|in) the? {_POINT} UNIT", "DATE", lambda n, shift, unit: NthOf(n, "workday", Period(unit, shift))),
        Rule("nth-workday-of-month", f"the? {_NTH} weekday (of|in) the? MONTH YEAR?", "DATE", lambda n, m, y=None: NthOf(n, "workday", Fields(y, m))),
        Rule("next-n", "(in|within|during|over|for)* the? (NEXT|COMING|FOLLOWING) LENGTH", "DATE", lambda _, n: _rolling(n)),
        Rule("n-next", "(in|within|during|over|for)* the? NUM (NEXT|COMING|FOLLOWING) UNIT", "DATE", lambda n, _, unit: _rolling(length(n, unit)) if length(n, unit) else None),
        Rule("last-n", "(in|within|during|over|for)* the? LAST LENGTH", "DATE", lambda _, n: _rolling_back(n)),
        Rule("past-n", "(in|within|during|over|for)* the? past (LENGTH|NUM UNIT)", "DATE", lambda *v: _rolling_back(v[0]) if len(v) == 1 else None),
        Rule("the-past-unit", "the past UNIT", "DATE", lambda unit: _rolling_back(length(1, unit)) if length(1, unit) else None),
        Rule("this-weekday", f"on? THIS {_WD}", "DATE", _which("this")),
        Rule("this-coming-weekday", f"on? the? (THIS (COMING|NEXT)|COMING) {_WD}", "DATE", _which("coming")),
        Rule("this-past-weekday", f"on? (THIS|the)? past {_WD}", "DATE", _which("past")),
        Rule("next-weekday", f"on? the? (NEXT|FOLLOWING) {_WD}", "DATE", _which("next")),
        Rule("last-weekday", f"on? LAST {_WD} (?!of|in (MONTH|the))", "DATE", _which("last")),
        Rule("weekday", f"on? the? {_WD}", "DATE", _which("")),
        Rule("weekday-after-next", f"the? {_WD} after NEXT", "DATE", lambda w, _: WeekdayRef(w, "after next")),
        Rule("week-on-weekday", f"LENGTH on {_WD}", "DATE", lambda n, w: Offset(WeekdayRef(w), n) if n.days and n.days % 7 == 0 else None),
        Rule("nth-weekday-part", f"the? {_NTH} {_WD} PART (of|in) {_POINT} UNIT", "MOMENT", lambda n, w, p, shift, unit: Moment(NthOf(n, w, Period(unit, shift)), None, Part(p))),
        Rule("nth-weekday-part-month", f"the? {_NTH} {_WD} PART (of|in) MONTH YEAR?", "MOMENT", lambda n, w, p, m, y=None: Moment(NthOf(n, w, Fields(y, m)), None, Part(p))),
        Rule("lasting", "(and|is|to) LAST for? around? LENGTH", "LENGTH", lambda _, n: n),
        Rule("nth-weekday-in-month", f"the? {_NTH} {_WD} (of|in|comma)? the? MONTH stop? ((comma|of)? YEAR)?", "DATE", _nth_in_month),
        Rule("nth-weekday-of-unit", f"the? {_NTH} {_WD} (of|in) the UNIT", "DATE", _nth_in_unit),
        Rule("nth-weekday-of-pointed", f"the? {_NTH} {_WD} (of|in)? {_POINT} UNIT", "DATE", lambda n, w, shift, unit: _nth(n, w, Period(unit, shift))),
        Rule("nth-unit-in-month", f"the? {_NTH} UNIT (of|in) the? MONTH stop? ((comma|of)? YEAR)?", "DATE", _nth_in_month),
        Rule("nth-unit-of-unit", f"the? {_NTH} UNIT (of|in) the (UNIT|quarter)", "DATE", lambda n, u, unit="quarter": _nth_in_unit(n, u, unit)),
        Rule("nth-unit-of-pointed", f"the? {_NTH} UNIT (of|in) the? {_POINT} (UNIT|quarter)", "DATE", lambda n, u, shift, unit="quarter": _nth(n, u, Period(unit, shift))),
        Rule("nth-unit-of-year", f"the? {_NTH} (UNIT|{_WD}) (of|in)? YEAR", "DATE", _nth_in_year),
        Rule("nth-unit-of-date", f"the? {_NTH} (UNIT|{_WD}) (of|in) DATE", "DATE", _nth),
        Rule("nth-unit-of-q", f"the? {_NTH} UNIT (of|in) q NUM ((of|in)? YEAR)?", "DATE", lambda n, u, q, year=None: _nth(n, u, YearPart(q, 3, year)) if 1 <= q <= 4 else None),
        Rule("quarter-of-year", f"the? {_NTH} quarter (of|in)? (the UNIT)?", "DATE", lambda n, *_: _year_part(n, 3)),
        Rule("quarter-of-named-year", f"the? {_NTH} quarter (of|in)? YEAR", "DATE", lambda n, year: _year_part(n, 3, year)),
        Rule("half-of-year", f"the? {_NTH} half of? (the UNIT)? YEAR?", "DATE", lambda n, *v: _year_part(n, 6, v[-1] if v and isinstance(v[-1], int) else None)),
        Rule("q-number", "(in|during)? q NUM ((of|in|comma)? YEAR)?", "DATE", lambda n, year=None: _year_part(n, 3, year)),
        Rule("q-number-of-pointed-year", "(in|during)? q NUM (of|in|comma)? (NEXT|THIS|LAST) UNIT", "DATE", lambda n, shift, u: Inside(YearPart(n, 3), (shift, "year")) if u == "year" and 1 <= n <= 4 else None),
        Rule("nth-quarter-of-pointed-year", "the? (ORD|SECOND) quarter of (NEXT|THIS|LAST) UNIT", "DATE", lambda n, shift, u: Inside(YearPart(n, 3), (shift, "year")) if u == "year" and n <= 4 else None),
        Rule("q-number-after-year", "YEAR q NUM", "DATE", lambda year, n: _year_part(n, 3, year)),
        Rule("season", "(in|during|for|by)? (the|THIS|NEXT|LAST|COMING) SEASON (of? YEAR)?", "DATE", lambda *v: _season(v)),
        Rule("season-year", "SEASON (of)? YEAR", "DATE", lambda *v: _season(v)),
        Rule("in-season", "in SEASON", "DATE", lambda *v: _season(v)),
        Rule("week-number", "(the|in)* UNIT NUM", "DATE", _week_number),
        Rule("week-number-of-year", "(the|in)* UNIT NUM (of|in|comma)? YEAR", "DATE", lambda u, n, year: WeekNumber(n, year) if u == "week" and 1 <= n <= 53 else None),
        Rule("month-alone", "MONTH stop?", "DATE", lambda m: Fields(None, m)),
        Rule("pointed-month", "(NEXT|LAST|THIS|COMING) MONTH", "DATE", lambda shift, m: Inside(Fields(None, m), (shift, "year"))),
        Rule("the-nth", "the (ORD|SECOND) (?!WORD|UNIT|ordnoun|quarter|half|hundred|WEEKDAY|PLURALDAY|LINK|time|PART|of UNIT|dash|money|times)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("on-the-nth", "(on|by|until) the? (ORD) (?!WEEKDAY|PLURALDAY|weekday|UNIT|ordnoun|quarter|half|hundred|dash)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("on-number", "on the? NUM (?!UNIT|WORD|money|ordnoun|times|AMPM|LENGTH|and|PART)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("last-of-the-month", "the? LAST of (the|THIS)? (UNIT)", "DATE", lambda n, *v: NthOf(-1, "day", Period("month")) if v[-1] == "month" else None),
        Rule("last-of-next-month", "the? LAST of (NEXT|LAST) UNIT", "DATE", lambda n, shift, u: NthOf(-1, "day", Period("month", shift)) if u == "month" else None),
        Rule("last-of-month-name", "the? LAST of MONTH YEAR?", "DATE", lambda n, m, y=None: NthOf(-1, "day", Fields(y, m))),
        Rule("nth-of-the-month", "the? ORDINAL of the UNIT", "DATE", lambda d, unit: Fields(None, None, d) if unit == "month" and d <= 31 else None),
        Rule("in-year", "(in|during|of|by|until) YEAR", "DATE", lambda y: Fields(y)),
        Rule("the-year", "the UNIT YEAR", "DATE", lambda u, y: Fields(y) if u == "year" else None),
        Rule("decade", "(in|during)? the? YEAR WORD", "SPAN", lambda y, w: DateSpan(Fields(y), Fields(y + 9)) if w in ("s", "'s") and y % 10 == 0 else None),
        Rule("this-time", "(THIS|the) time DAY", "DATE", lambda *v: Offset(None, Length(days=v[-1]), 1, exact=True)),
        Rule("this-time-next", "(THIS|the) time (NEXT|LAST) UNIT", "DATE", lambda *v: Offset(None, length(abs(v[-2]), v[-1]) or Length(), v[-2], exact=True)),
        Rule("feast", "(the|on)? FEAST ((of|in|comma)? YEAR)?", "DATE", lambda f, year=None: f._replace(year=year)),
        Rule("feast-year-first", "YEAR FEAST", "DATE", lambda year, f: f._replace(year=year)),
        Rule("pointed-feast", "(NEXT|LAST|COMING|THIS) FEAST", "DATE", lambda shift, f: f._replace(shift=shift)),
        Rule("feast-of-pointed-year", "FEAST (of)? (THIS|NEXT|LAST) UNIT", "DATE", lambda f, shift, unit: Inside(f, (shift, "year")) if unit == "year" else None),
        Rule("end-of-day", "(the|at|by)* (end|until) of? (the|my)? WORD? UNIT", "TIME", lambda *v: _end_of_day(v)),
    ],
)  # fmt: skip


def _end_of_day(values: tuple[str, ...]) -> object | None:
    if values[-1] != "day" or (len(values) > 1 and values[0] not in ("work", "business", "working", "school")):
        return None
    return Clock(17, 0, 0, "24")


def _season(values: tuple[int | str, ...]) -> Season:
    name = next(value for value in values if isinstance(value, str))
    shift = values[0] if isinstance(values[0], int) and values[0] < 2 else 0
    year = values[-1] if isinstance(values[-1], int) and values[-1] > 1000 else None
    return Season(name, year, int(shift))


NESTED = Stage(
    "dates inside and around other dates",
    [
        Rule("weekday-with-date", f"{_WD} comma? (the|on)? DATE", "SKIP", lambda *_: None),
        Rule("dates-joined", "DATE (comma|on|of|in|the|quote|stop)* DATE", "DATE", lambda a, b: join(a, b)),
        Rule("length-from", "(in|around)* LENGTH (from|after|FOLLOWING|past|hence from) (the|THIS)? DATE", "DATE", _from_length),
        Rule("for-length-from", "(for LENGTH FROM|LENGTH comma? (starting|start)) (on|from)* the? DATE", "SPAN", lambda n, d: DateSpan(Moment(d), Moment(Offset(d, n._replace(days=n.days - 1)))) if n.days and not n.seconds else None),
        Rule("length-from-now", "(in|around)* LENGTH (from|after) now", "SKIP", lambda *_: None),
        Rule("length-before", "LENGTH (before|WORD to|WORD|LAST to) the? DATE", "DATE", lambda n, *v: _before_base(n, v[-1]) if len(v) == 1 or v[0] in ("prior", "ahead") else None),
        Rule("unit-before", "the? UNIT before DATE", "DATE", lambda u, d: Offset(d, length(1, u) or Length(), -1) if u in ("day", "week", "month") else None),
        Rule("unit-after", "the? UNIT after DATE", "DATE", lambda u, d: Offset(d, length(1, u) or Length(), 1) if u in ("day", "week", "month", "weekend") else None),
        Rule("weekday-before", "DATE before the? DATE", "DATE", lambda a, b: Beside(a.weekday, b, -1) if isinstance(a, WeekdayRef) else None),
        Rule("weekday-after", "DATE after the? DATE", "DATE", lambda a, b: Beside(a.weekday, b, 1) if isinstance(a, WeekdayRef) else None),
        Rule("ago", "LENGTH (ago|back|earlier)", "DATE", lambda n: Offset(None, n, -1)),
        Rule("ago-weekday", f"LENGTH ago (on)? {_WD}", "DATE", lambda n, w: Inside(WeekdayRef(w), Offset(None, n, -1))),
        Rule("ago-from-date", "LENGTH ago DATE", "DATE", lambda n, d: Offset(d, n, -1) if isinstance(d, WeekdayRef) else None),
        Rule("in-length", "(in|after) (around|the)? LENGTH (time)?", "DATE", lambda n: Offset(None, n)),
        Rule("plus-length", "plus LENGTH", "DATE", lambda n: Offset(None, n)),
        Rule("from-now", "(in|around)* LENGTH (from|after) now", "DATE", lambda n: Offset(None, n, 1, exact=True)),
        Rule("before-now", "LENGTH before now", "DATE", lambda n: Offset(None, n, -1, exact=True)),
        Rule("hence", "LENGTH (hence|in the? WORD)", "DATE", lambda n, *w: Rolling(n, 1) if (not w or w[0] == "future") and n.days else Offset(None, n) if not w else None),
        Rule("length-later", "LENGTH later", "DATE", lambda n: Offset(None, n)),
        Rule("start-of", "(at|by|in|on|from)* the? start of the? DATE", "DATE", lambda d: Edge("start", d)),
        Rule("end-of", "(at|by|in|on)* the? (end|until) of the? DATE", "DATE", lambda d: Edge("end", d)),
        Rule("middle-of", "(in)* the? middle (of the?|dash)? DATE", "DATE", lambda d: Edge("middle", d)),
        Rule("early", "(early|earlier) (in|on)? the? DATE", "DATE", lambda d: Edge("early", d)),
        Rule("late", "(late|later) (in|on)? the? DATE", "DATE", lambda d: Edge("late", d)),
        Rule("end-of-unit", "(at|by|in|on)* the? (end|until) of (the|my)? (UNIT|quarter)", "DATE", lambda u="quarter": Edge("end", Period(u)) if u in ("week", "month", "year", "quarter") else None),
        Rule("start-of-unit", "(at|by|in|on)* the? start of (the|my)? UNIT", "DATE", lambda u: Edge("start", Period(u)) if u in ("week", "month", "year") else None),
        Rule("rest-of", "(for|during)? the? rest of (the)? (DATE|UNIT)", "DATE", lambda d: Edge("rest", Period(d) if isinstance(d, str) else d) if not isinstance(d, str) or d in ("week", "month", "year", "day") else None),
        Rule("unit-of", "(the|for|in|on)* UNIT (of|for)? DATE", "DATE", _unit_of),
        Rule("week-commencing", "for? (wc|WORD slash WORD|UNIT slash WORD) DATE", "DATE", lambda *v: Inside(("week",), v[-1]) if len(v) == 1 or v[:2] in (("w", "c"), ("week", "c")) else None),
        Rule("date-weekend", "DATE UNIT", "DATE", lambda d, u: Inside(("weekend",), d) if u == "weekend" else Offset(d, Length(days=7 if u == "week" else 14)) if u in ("week", "fortnight") and isinstance(d, (WeekdayRef, DayShift)) else None),
        Rule("nth-of-date", f"the? {_NTH} (UNIT|{_WD}) (of|in) the? DATE", "DATE", _nth),
        Rule("nth-day-of", "the? (ORD|SECOND) (of|in)? DATE", "DATE", lambda d, p: Inside(Fields(None, None, d), p) if d <= 31 and isinstance(p, Period) else None),
    ],
)  # fmt: skip


_WHOLE = (Period, YearPart, Season, WeekNumber)


def join(a: object, b: object) -> object | None:
    """Make one date of two that stand together: weekday and date, weekday and week, and so on."""
    if isinstance(b, WeekdayRef) and not isinstance(a, WeekdayRef):
        a, b = b, a
    if isinstance(a, WeekdayRef) and not isinstance(b, WeekdayRef):
        return _join_weekday(a, b)
    if isinstance(a, Period) and isinstance(b, Fields):
        a, b = b, a
    if isinstance(a, Fields) and isinstance(b, Fields):
        mixed = tuple(x if y is None else y if x is None else -1 for x, y in zip(a, b, strict=True))
        return Fields(*mixed) if -1 not in mixed else None
    if isinstance(a, Fields) and isinstance(b, Period) and (a.day or a.month) and not a.year and b.unit in ("month", "year"):
        return Inside(a, b)
    if isinstance(b, Period) and b == Period("weekend") and not isinstance(a, (Period, WeekdayRef)):
        return Inside(("weekend",), a)
    if isinstance(a, NthOf) and a.container is None:
        return a._replace(container=b)
    return None


def _join_weekday(weekday: WeekdayRef, other: object) -> object | None:
    if isinstance(other, Fields) and other.day:
        return other._replace(weekday=weekday.weekday)
    if isinstance(other, Period) and other.unit in ("week", "weekend"):
        return Inside(weekday, other)
    if isinstance(other, (Offset, NthOf, WeekNumber)) or (isinstance(other, Inside) and other.inner == ("week",)):
        return Inside(weekday, other)
    if hasattr(other, "first") or isinstance(other, DayShift) or type(other).__name__ in ("Numeric", "Feast"):
        return other
    return None

