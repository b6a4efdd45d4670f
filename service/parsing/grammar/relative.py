# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Dates seen from today: weekdays, this/next/last, nth of something, before and after."""

from collections.abc import Callable

from service.parsing.engine import Rule, Stage
from service.parsing.grammar.durations import length
from service.parsing.holidays import SEASONS
from service.parsing.values import (
    Clock,
    DateSpan,
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
    Rolling,
    Season,
    WeekdayRef,
    WeekNumber,
    Within,
    YearPart,
)  # fmt: skip

WEEKDAY = "(WEEKDAY|PLURALDAY)"
_POINT = "(THIS|NEXT|LAST|FOLLOWING)"
NTH = "(ORD|SECOND|LAST)"


def _day_after(unit: str, day: int) -> DayShift | None:
    return DayShift(day + 1) if unit == "day" else None


def _day_before(unit: str, day: int) -> DayShift | None:
    return DayShift(day - 1) if unit == "day" else None


def _period(shift: int, unit: str) -> Period | DayShift | Offset | None:
    if unit == "day":
        return DayShift(shift)
    if unit in ("second", "minute", "hour") and shift == 0:
        return None
    if unit == "night":
        return None
    if unit == "workday":
        return Offset(None, Length(workdays=1), 1 if shift > 0 else -1) if shift else None
    return Period("week" if unit == "workweek" else unit, shift)


def _rolling(length: Length | None) -> Rolling | None:
    return Rolling(length, 1) if length else None


def _rolling_back(length: Length | None) -> Rolling | None:
    return Rolling(length, -1) if length else None


def _which(name: str) -> Callable[..., WeekdayRef]:
    return lambda *values: WeekdayRef(values[-1], name)


def nth(n: int, what: str | int, container: object = None) -> NthOf | None:
    """Return the nth of something, or None when there cannot be one."""
    if isinstance(what, str) and what in ("weekend", "night", "decade"):
        return NthOf(n, "weekend", container) if what == "weekend" else None
    return NthOf(n, what, container) if -31 <= n <= 366 else None


def _nth_in_month(n: int, what: str | int, month: int, year: int | None = None) -> NthOf | None:
    return nth(n, what, Fields(year, month))


def _nth_in_unit(n: int, what: str | int, unit: str) -> NthOf | None:
    return (
        nth(n, what, Period(unit))
        if unit in ("week", "month", "quarter", "year", "decade")
        else None
    )


def _nth_in_year(n: int, what: str | int, year: int) -> NthOf | None:
    return nth(n, what, Fields(year))


def _year_part(n: int, unit_months: int, year: int | None = None) -> YearPart | None:
    most = 12 // unit_months
    n = most if n == -1 else n
    return YearPart(n, unit_months, year) if 1 <= n <= most else None


def _week_number(unit: str, n: int) -> WeekNumber | None:
    return WeekNumber(n) if unit == "week" and 1 <= n <= 53 else None


SIMPLE = Stage(
    "relative days and periods",
    [
        Rule("day-word", "DAY", "DATE", DayShift),
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
        Rule("the-day-after", "the UNIT after (?!DATE|HOLIDAY|DAY|the|NEXT|LAST|MONTH|WEEKDAY|WORD)", "DATE", lambda unit: DayShift(1) if unit == "day" else None),
        Rule("next-quarter", "the? (NEXT|FOLLOWING|COMING) quarter", "DATE", lambda _: Period("quarter", 1)),
        Rule("this-quarter", "(THIS|the) quarter", "DATE", lambda *_: Period("quarter", 0)),
        Rule("last-quarter", "the? LAST quarter (?!of)", "DATE", lambda _: Period("quarter", -1)),
        Rule("the-week", "(the|my) UNIT (?!WORD|of|before|after|to|until|start DATE|start MONTH|start on|starting|ending)", "DATE", lambda unit: Period(unit) if unit in ("week", "weekend", "month", "year") else None),
        Rule("the-weekend", "(on|over|for|during|at)* (the|my|a|all|whole)* UNIT (?!before|after|of)", "DATE", lambda unit: Period("weekend") if unit == "weekend" else None),
        Rule("my-day", "(my|the) UNIT (?=WORD)", "PERIOD", lambda unit: Period("day") if unit == "day" else None),
        Rule("within", "within the? (NEXT|COMING|FOLLOWING)? LENGTH", "SPAN", lambda *v: Within(v[-1])),
        Rule("within-from-today", "within the? LENGTH (from|after|of) (DAY|DATE|now)", "SPAN", lambda n, *_: Within(n)),
        Rule("for-the-next-unit", "(for|over|in|during|within)+ the NEXT UNIT", "DATE", lambda _, unit: Rolling(length(1, unit) or Length(), 1) if unit not in ("day", "weekend") else None),
        Rule("nth-workday", f"the? {NTH} weekday (of|in) the (UNIT|quarter)", "DATE", lambda n, unit="quarter": NthOf(n, "workday", Period(unit))),
        Rule("nth-workday-of-pointed", f"the? {NTH} weekday (of|in) the? {_POINT} UNIT", "DATE", lambda n, shift, unit: NthOf(n, "workday", Period(unit, shift))),
        Rule("nth-workday-of-month", f"the? {NTH} weekday (of|in) the? MONTH YEAR?", "DATE", lambda n, m, y=None: NthOf(n, "workday", Fields(y, m))),
        Rule("next-n", "(in|within|during|over|for)* the? (NEXT|COMING|FOLLOWING) LENGTH", "DATE", lambda _, n: _rolling(n)),
        Rule("n-next", "(in|within|during|over|for)* the? NUM (NEXT|COMING|FOLLOWING) UNIT", "DATE", lambda n, _, unit: _rolling(length(n, unit))),
        Rule("last-n", "(in|within|during|over|for)* the? LAST LENGTH (?!of)", "DATE", lambda _, n: _rolling_back(n)),
        Rule("past-n", "(in|within|during|over|for)* the? past (LENGTH|NUM UNIT)", "DATE", lambda *v: _rolling_back(v[0]) if len(v) == 1 else None),
        Rule("the-past-unit", "(over|on|during|in)* the past UNIT", "DATE", lambda unit: Period("weekend", -1) if unit == "weekend" else _rolling_back(length(1, unit))),
        Rule("this-weekday", f"on? THIS {WEEKDAY}", "DATE", _which("this")),
        Rule("this-coming-weekday", f"on? the? (THIS (COMING|NEXT)|COMING) {WEEKDAY}", "DATE", _which("coming")),
        Rule("this-past-weekday", f"on? (THIS|the)? past {WEEKDAY}", "DATE", _which("past")),
        Rule("next-weekday", f"on? the? (NEXT|FOLLOWING) {WEEKDAY}", "DATE", _which("next")),
        Rule("last-weekday", f"on? LAST {WEEKDAY} (?!of|in (MONTH|the))", "DATE", _which("last")),
        Rule("weekday", f"on? the? {WEEKDAY}", "DATE", _which("")),
        Rule("weekday-after-next", f"the? {WEEKDAY} after NEXT", "DATE", lambda w, _: WeekdayRef(w, "after next")),
        Rule("week-on-weekday", f"LENGTH on {WEEKDAY}", "DATE", lambda n, w: Offset(WeekdayRef(w), n) if n.days and n.days % 7 == 0 else None),
        Rule("nth-weekday-part", f"the? {NTH} {WEEKDAY} PART (of|in) {_POINT} UNIT", "MOMENT", lambda n, w, p, shift, unit: Moment(NthOf(n, w, Period(unit, shift)), None, Part(p))),
        Rule("nth-weekday-part-month", f"the? {NTH} {WEEKDAY} PART (of|in) MONTH YEAR?", "MOMENT", lambda n, w, p, m, y=None: Moment(NthOf(n, w, Fields(y, m)), None, Part(p))),
        Rule("lasting", "(and|is|to) LAST for? around? LENGTH", "LENGTH", lambda _, n: n),
        Rule("first-day-of-season", "the? ORD UNIT of (the|NEXT|THIS)? SEASON", "DATE", lambda n, unit, *v: Holiday(SEASONS[v[-1]]) if n == 1 and unit == "day" else None),
        Rule("nth-weekday", f"the (ORD|SECOND) {WEEKDAY}", "DATE", nth),
        Rule("nth-weekday-in-month", f"the? {NTH} {WEEKDAY} (of|in|comma)? the? MONTH stop? ((comma|of)? YEAR)?", "DATE", _nth_in_month),
        Rule("nth-weekday-of-unit", f"the? {NTH} {WEEKDAY} (of|in) the UNIT", "DATE", _nth_in_unit),
        Rule("nth-weekday-of-pointed", f"the? {NTH} {WEEKDAY} (of|in)? {_POINT} UNIT", "DATE", lambda n, w, shift, unit: nth(n, w, Period(unit, shift))),
        Rule("nth-unit-in-month", f"the? {NTH} UNIT (of|in) the? MONTH stop? ((comma|of)? YEAR)?", "DATE", _nth_in_month),
        Rule("nth-unit-of-unit", f"the? {NTH} UNIT (of|in) the (UNIT|quarter)", "DATE", lambda n, u, unit="quarter": _nth_in_unit(n, u, unit)),
        Rule("nth-unit-of-pointed", f"the? {NTH} UNIT (of|in)? the? {_POINT} (UNIT|quarter)", "DATE", lambda n, u, shift, unit="quarter": nth(n, u, Period(unit, shift))),
        Rule("nth-unit-of-year", f"the? {NTH} (UNIT|{WEEKDAY}) (of|in)? YEAR", "DATE", _nth_in_year),
        Rule("nth-unit-of-date", f"the? {NTH} (UNIT|{WEEKDAY}) (of|in) DATE", "DATE", nth),
        Rule("nth-unit-of-q", f"the? {NTH} UNIT (of|in) q NUM ((of|in)? YEAR)?", "DATE", lambda n, u, q, year=None: nth(n, u, YearPart(q, 3, year)) if 1 <= q <= 4 else None),
        Rule("quarter-of-year", f"the? {NTH} dash? quarter (of|in)? (the UNIT)?", "DATE", lambda n, *_: _year_part(n, 3)),
        Rule("quarter-of-named-year", f"the? {NTH} quarter (of|in)? YEAR", "DATE", lambda n, year: _year_part(n, 3, year)),
        Rule("half-of-year", f"the? {NTH} half (of the UNIT|of YEAR)? (?!of)", "DATE", lambda n, *v: _year_part(n, 6, v[-1] if v and isinstance(v[-1], int) else None)),
        Rule("q-number", "(in|during)? q NUM ((of|in|comma)? YEAR)?", "DATE", lambda n, year=None: _year_part(n, 3, year)),
        Rule("q-number-of-pointed-year", "(in|during)? q NUM (of|in|comma)? (NEXT|THIS|LAST) UNIT", "DATE", lambda n, shift, u: Inside(YearPart(n, 3), (shift, "year")) if u == "year" and 1 <= n <= 4 else None),
        Rule("nth-quarter-of-pointed-year", "the? (ORD|SECOND) quarter of (NEXT|THIS|LAST) UNIT", "DATE", lambda n, shift, u: Inside(YearPart(n, 3), (shift, "year")) if u == "year" and n <= 4 else None),
        Rule("half-of-pointed-year", "the? (ORD|SECOND|LAST) half of (NEXT|THIS|LAST) UNIT", "DATE", lambda n, shift, u: Inside(YearPart(2 if n == -1 else n, 6), (shift, "year")) if u == "year" and n <= 2 else None),
        Rule("q-number-after-year", "YEAR q NUM", "DATE", lambda year, n: _year_part(n, 3, year)),
        Rule("season", "(in|during|for|by)? (the|THIS|NEXT|LAST|COMING) SEASON (of? YEAR)?", "DATE", lambda *v: _season(v)),
        Rule("season-year", "SEASON (of)? YEAR", "DATE", lambda *v: _season(v)),
        Rule("in-season", "in SEASON", "DATE", lambda *v: _season(v)),
        Rule("week-number", "(the|in)* UNIT NUM", "DATE", _week_number),
        Rule("week-number-of-year", "(the|in)* UNIT NUM (of|in|comma)? YEAR", "DATE", lambda u, n, year: WeekNumber(n, year) if u == "week" and 1 <= n <= 53 else None),
        Rule("month-alone", "MONTH stop?", "DATE", lambda m: Fields(None, m)),
        Rule("pointed-month", "(NEXT|LAST|THIS|COMING) MONTH", "DATE", lambda shift, m: Inside(Fields(None, m), (shift, "year"))),
        Rule("the-nth", "the (ORD|SECOND) (?!WORD|UNIT|ordnoun|thing|quarter|half|hundred|WEEKDAY|PLURALDAY|LINK|time|PART|of UNIT|dash|money|times)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("until-nth", "until ORD (?!WEEKDAY|PLURALDAY|weekday|UNIT|ordnoun|thing|quarter|half|hundred|dash|of|MONTH)", "SPAN", lambda d: DateSpan(None, Moment(Fields(None, None, d))) if 1 <= d <= 31 else None),
        Rule("two-days-in-a-row", "(on|for)* the ORD and the? ORD (?!WEEKDAY|PLURALDAY|weekday|UNIT|ordnoun|thing|quarter|half|of|MONTH|dash|WORD)", "SPAN", lambda a, b: DateSpan(Fields(None, None, a), Fields(None, None, b)) if b == a + 1 <= 31 else None),
        Rule("months-in-a-row", "(in|during|for|between)* MONTH and MONTH YEAR?", "SPAN", lambda a, b, year=None: DateSpan(Moment(Fields(year, a)), Moment(Fields(year, b))) if b == a + 1 else None),
        Rule("on-the-nth", "(on|by) the? (ORD) (?!WEEKDAY|PLURALDAY|weekday|UNIT|ordnoun|thing|quarter|half|hundred|dash)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("on-number", "on the? NUM (?!UNIT|WORD|money|ordnoun|thing|times|AMPM|LENGTH|and|PART)", "DATE", lambda d: Fields(None, None, d) if 1 <= d <= 31 else None),
        Rule("last-of-the-month", "the? LAST of (the|THIS)? (UNIT)", "DATE", lambda _, *v: NthOf(-1, "day", Period("month")) if v[-1] == "month" else None),
        Rule("last-of-next-month", "the? LAST of (NEXT|LAST) UNIT", "DATE", lambda _, shift, u: NthOf(-1, "day", Period("month", shift)) if u == "month" else None),
        Rule("last-of-month-name", "the? LAST of MONTH YEAR?", "DATE", lambda _, m, y=None: NthOf(-1, "day", Fields(y, m))),
        Rule("nth-of-the-month", "the? ORDINAL of the? UNIT (?!after|before)", "DATE", lambda d, unit: Fields(None, None, d) if unit == "month" and d <= 31 else None),
        Rule("years", "(from|between)? YEAR (TO|and) YEAR", "SPAN", lambda a, b: DateSpan(Fields(a), Fields(b)) if a < b else None),
        Rule("end-of-year", "(by|at|in)* the? (end|until) of YEAR", "DATE", lambda y: Edge("end", Fields(y))),
        Rule("start-of-year", "(by|at|in)* the? start of YEAR", "DATE", lambda y: Edge("start", Fields(y))),
        Rule("within-year", "(in|early|late|later) (in)? YEAR", "DATE", Fields),
        Rule("mid-year", "(in)? middle (dash|of)? YEAR", "DATE", lambda y: Edge("middle", Fields(y))),
        Rule("year-number", "(the|in|for)* UNIT YEAR", "DATE", lambda u, y: Fields(y) if u == "year" else None),
        Rule("half-of-month", "the? (ORD|SECOND) half of MONTH YEAR?", "SPAN", lambda n, m, y=None: DateSpan(Fields(y, m, 1), Fields(y, m, 15)) if n == 1 else DateSpan(Fields(y, m, 16), Edge("end", Fields(y, m)))),
        Rule("past-unit", "(the|in|over|during)* past UNIT", "DATE", lambda unit: _rolling_back(length(1, unit)) if unit in ("hour", "minute") else None),
        Rule("in-year", "(in|during|of|by|until|since|before|after) YEAR", "DATE", Fields),
        Rule("the-year", "the UNIT YEAR", "DATE", lambda u, y: Fields(y) if u == "year" else None),
        Rule("this-time", "at? (THIS|the|WORD) time DAY", "DATE", lambda *v: Offset(None, Length(days=v[-1]), 1, exact=True) if _is_same(v) else None),
        Rule("day-at-this-time", "DAY at? (THIS|the WORD) time", "DATE", lambda day, word, *_: Offset(None, Length(days=day), 1, exact=True) if word in (0, "same") else None),
        Rule("this-time-next", "at? (THIS|the|WORD) time (NEXT|LAST) UNIT", "DATE", lambda *v: Offset(None, length(abs(v[-2]), v[-1]) or Length(), v[-2], exact=True) if _is_same(v) else None),
        Rule("weeks-on-day", "(?<!for) LENGTH DAY", "DATE", lambda n, day: Offset(DayShift(day), n) if n.days and n.days % 7 == 0 and day >= 0 else None),
        Rule("within-the-hour", "within the UNIT", "SPAN", lambda unit: Within(length(1, unit) or Length()) if unit in ("hour", "minute") else None),
        Rule("at-the-moment", "at the WORD WORD?", "DATE", lambda *words: Offset(None, Length(), 1, exact=True) if words in (("moment",), ("present", "moment")) else None),
        Rule("at-the-present-time", "at the WORD time", "DATE", lambda word: Offset(None, Length(), 1, exact=True) if word == "present" else None),
        Rule("right-now", "WORD now", "DATE", lambda word: Offset(None, Length(), 1, exact=True) if word in ("right", "just") else None),
        Rule("holiday", "(the|on)? HOLIDAY ((of|in|comma)? YEAR)?", "DATE", lambda f, year=None: f._replace(year=year)),
        Rule("holiday-year-first", "YEAR HOLIDAY", "DATE", lambda year, f: f._replace(year=year)),
        Rule("pointed-holiday", "(NEXT|LAST|COMING|THIS) HOLIDAY", "DATE", lambda shift, f: f._replace(shift=shift)),
        Rule("holiday-of-pointed-year", "HOLIDAY (of)? (THIS|NEXT|LAST) UNIT", "DATE", lambda f, shift, unit: Inside(f, (shift, "year")) if unit == "year" else None),
        Rule("end-of-day", "(the|at|by)* (end|until) of? (the|my)? WORD? UNIT", "TIME", lambda *v: _end_of_day(v)),
    ],
)  # fmt: skip


def _is_same(values: tuple[int | str, ...]) -> bool:
    """Say whether a word that leads "… time tomorrow" is "same"; "this" and "the" have no word."""
    first = values[0]
    return not isinstance(first, str) or first == "same"


def _end_of_day(values: tuple[str, ...]) -> object | None:
    if values[-1] == "workday":
        return Clock(17, 0, 0, "24")
    if values[-1] != "day" or (
        len(values) > 1 and values[0] not in ("work", "business", "working", "school")
    ):
        return None
    return Clock(17, 0, 0, "24")


def _season(values: tuple[int | str, ...]) -> Season:
    name = next(value for value in values if isinstance(value, str))
    shift = values[0] if isinstance(values[0], int) and values[0] < 2 else 0
    year = values[-1] if isinstance(values[-1], int) and values[-1] > 1000 else None
    return Season(name, year, int(shift))
