# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Dates joined with times, and spans between any two points: "from Thursday 3pm until Sunday"."""

from collections.abc import Sequence

from service.parsing.engine import Item, Rule, Stage
from service.parsing.grammar.clocks import decimal_clock
from service.parsing.grammar.dates import weekday_decimal
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Length,
    MinutePast,
    Moment,
    Offset,
    Part,
    Period,
    WeekdayRef,
)  # fmt: skip

_POINT = (
    "(DATE ((comma|at|FROM|dash|on)? TIME)?|TIME ((on|comma|of|dash)? DATE)?|MOMENT (at? TIME)?)"
)


def _point(items: Sequence[Item]) -> Moment:
    moment = Moment()
    for item in items:
        if item.cls == "DATE":
            moment = moment._replace(date=item.value)
        elif item.cls == "TIME":
            moment = moment._replace(clock=item.value)
        elif item.cls == "MOMENT":
            kept = {k: v for k, v in item.value._asdict().items() if v is not None}
            moment = moment._replace(**kept)
    return moment


def _ends(items: Sequence[Item]) -> DateSpan | None:
    """Split at the word between, read both sides."""
    cut = next(
        n for n, item in enumerate(items)
        if n and item.cls in ("to", "until", "and", "dash") and any(i.cls.isupper() for i in items[:n])
    )  # fmt: skip
    if (
        items[cut].cls == "dash"
        and cut + 2 == len(items)
        and items[cut + 1].cls == "TIME"
        and items[cut - 1].cls == "DATE"
    ):
        return None  # "6 jan 2017 - 6:37am" is one moment
    start, end = _point(items[:cut]), _point(items[cut + 1 :])
    return DateSpan(start, end, until=items[cut].value == "until")


def _until(items: Sequence[Item]) -> DateSpan:
    """Read where it ends; "through June" takes all of June in."""
    value = items[-1].value
    end = value if isinstance(value, Moment) else Moment(value)
    if items[0].value == "through" and end.clock is None and is_vague(end.date):
        end = end._replace(date=Edge("end", end.date))
    return DateSpan(None, end)


def _open(start: object) -> DateSpan:
    return DateSpan(start if isinstance(start, Moment) else Moment(start), None)


def _since(start: object) -> DateSpan:
    """Reach back: "since Monday" is the Monday behind us, up to now."""
    moment = start if isinstance(start, Moment) else Moment(start)
    if isinstance(moment.date, WeekdayRef):
        moment = moment._replace(date=moment.date._replace(which="last"))
    return DateSpan(moment, Moment(DayShift(0)))


def _part(name: str) -> Part:
    return Part(name)


def _thing(n: int) -> Part:
    """Read "first thing" as the morning and "last thing" as the evening."""
    return Part("morning" if n == 1 else "evening")


def _period_part(shift: int, name: str) -> Moment:
    return Moment(DayShift(shift), None, Part(name))


def _with_part(date: object, name: str) -> Moment:
    return Moment(date, None, Part(name))


def _clock_in_part(clock: Clock | MinutePast | Offset, *said: int | str) -> Clock | None:
    name = str(said[-1])
    if not isinstance(clock, Clock) or clock.half:
        return clock if isinstance(clock, Clock) else None
    early = name in ("morning", "dawn", "breakfasttime") or (name == "night" and clock.hour < 5)
    return clock._replace(half="am" if early else "pm")


ENDING = "ending"  # a start that is not said, for "ending on Friday"
PARTS = Stage(
    "parts of the day",
    [
        Rule("time-in-part", "TIME (in|at|on|comma|during)? (the|THIS)? PART", "TIME", _clock_in_part),
        Rule("span-in-part", "TIMESPAN (in|at|comma)* (the|THIS)? PART", "TIMESPAN", lambda s, *v: ClockSpan(*[_clock_in_part(c, v[-1]) or c for c in s])),
        Rule("early-in-the-part", "(in|on)? early in the PART", "PERIOD", lambda p: Part(p, "early")),
        Rule("mid-part", "(in|on)? (the)? middle (dash|of the)? PART", "PERIOD", Part),
        Rule("early-in-the-part-of-date", "early in the PART (on|of)? DATE", "MOMENT", lambda p, d: Moment(d, None, Part(p, "early"))),
        Rule("late-tonight", "late MOMENT", "MOMENT", lambda m: m._replace(part=Part(m.part.name, "late")) if m.part and not m.clock else None),
        Rule("early-part", "(in|on)? (the)? early PART", "PERIOD", lambda p: Part(p, "early")),
        Rule("late-part", "(in|on)? (the)? late PART", "PERIOD", lambda p: Part(p, "late")),
        Rule("this-part", "(THIS) (early|late)? PART", "MOMENT", lambda _, p: _period_part(0, p)),
        Rule("next-part", "NEXT PART", "MOMENT", lambda _, p: _period_part(1, p)),
        Rule("last-night", "LAST PART", "MOMENT", lambda _, p: _period_part(-1, p)),
        Rule("date-part", "DATE (in|comma|during|on|at)? (the)? PART", "MOMENT", _with_part),
        Rule("first-thing-on", "the? (ORD|LAST) thing (on|in)* DATE PART?", "MOMENT", lambda n, d, *_: Moment(d, None, _thing(n)) if n in (1, -1) else None),
        Rule("first-thing-in-the-part", "the? (ORD|LAST) thing (in|at)? the? (THIS)? PART", "PERIOD", lambda n, *v: Part(v[-1], "early" if n == 1 else "late") if n in (1, -1) else None),
        Rule("last-thing-tonight", "the? LAST thing MOMENT", "MOMENT", lambda _, moment: moment),
        Rule("first-thing-on-the-part-of", "the? ORD thing MOMENT", "MOMENT", lambda n, moment: moment if n == 1 else None),
        Rule("date-half", "DATE AMPM", "MOMENT", lambda d, half: Moment(d, None, Part("morning" if half == "am" else "afternoon")) if half else None),
        Rule("date-early-part", "DATE (in|comma|during|on)* (the)? (early|earlier) (in the)? PART", "MOMENT", lambda d, p: Moment(d, None, Part(p, "early"))),
        Rule("date-late-part", "DATE (in|comma|during|on)* (the)? (late|later) (in the)? PART", "MOMENT", lambda d, p: Moment(d, None, Part(p, "late"))),
        Rule("part-of-date", "((in|on|during|at|for)+ (the|my|a)? PART (of|on|comma|for)? (the)? DATE|the PART (of|on)? the? DATE|(?<!WORD) PART (of|comma)? DATE)", "MOMENT", lambda p, d: _with_part(d, p)),
        Rule("early-part-date", "(in|on|during|at)* (the|my)? early PART (of|on|comma|for)? DATE", "MOMENT", lambda p, d: Moment(d, None, Part(p, "early"))),
        Rule("late-part-date", "(in|on|during|at)* (the|my)? late PART (of|on|comma|for)? DATE", "MOMENT", lambda p, d: Moment(d, None, Part(p, "late"))),
        Rule("late-on-date", "late (on|in) DATE", "MOMENT", lambda d: Moment(d, None, Part("evening"))),
        Rule("in-the-part", "(in|during|for|over|at) (the|a)? (early|late)? PART", "PERIOD", Part),
        Rule("meal-time", "(at|around|by|over|during|before|after|in|until)* (the)? MEAL time", "PERIOD", _part),
        Rule("at-meal", "(at|around|by|over|during) MEAL (?!WORD)", "PERIOD", _part),
        Rule("date-meal-time", "(DATE) (at|around|during)* MEAL time", "MOMENT", _with_part),
        Rule("now", "now", "DATE", lambda: Offset(None, Length(), 1, exact=True)),
        Rule("at-part", "PART", "PERIOD", _part),
    ],
)  # fmt: skip
SPANS = Stage(
    "spans between points",
    [
        Rule("point-to-point", f"(FROM|between|for|on|start|in)* {_POINT} comma? TO comma? {_POINT}", "SPAN*", _ends),
        Rule("between-points", f"between {_POINT} and {_POINT}", "SPAN*", _ends),
        Rule("ending-point", "and? ending (on|in|at|by)? the? (DATE|MOMENT)", "SPAN", lambda end: DateSpan(ENDING, end if isinstance(end, Moment) else Moment(end))),
        Rule("until-point", "until the? (DATE|MOMENT)", "SPAN*", _until),
        Rule("until-time", "until TIME", "SPAN", lambda c: DateSpan(None, Moment(None, c))),
        Rule("until-date-time", "until DATE at? TIME", "SPAN", lambda d, c: DateSpan(None, Moment(d, c))),
        Rule("starting", "(FROM|start) (in|on|at)? (DATE|MOMENT)", "SPAN", _open),
        Rule("date-to-length", "DATE TO LENGTH", "SKIP", lambda *_: None),
        Rule("length-after-time", "LENGTH (after|past) (NEXT)? TIME", "MOMENT", lambda n, *v: Moment(Offset(v[-1], n, 1)) if isinstance(v[-1], Clock) else None),
        Rule("length-before-time", "LENGTH before (NEXT)? TIME", "MOMENT", lambda n, *v: Moment(Offset(v[-1], n, -1)) if isinstance(v[-1], Clock) else None),
        Rule("hour-after-date", "DATE comma? NUM (?!WORD|UNIT|NUM|to|TO|money|times|ordnoun|thing|AMPM|and|PAIR|of|hundred|MONTH|slash|colon|dash|stop NUM|comma NUM|PART)", "MOMENT", lambda d, h: Moment(d, Clock(h)) if 1 <= h <= 12 and not is_vague(d) else None),
        Rule("since", "since (DATE|MOMENT)", "SPAN", _since),
        Rule("two-numbers-after-date", "DATE comma? at? NUM NUM (?!UNIT|WORD)", "MOMENT", lambda d, h, m: Moment(d, Clock(h, m)) if 1 <= h <= 24 and 10 <= m < 60 else None),
        Rule("date-decimal", "DATE comma? DECIMAL (?!UNIT|money)", "MOMENT", lambda d, text: (c := decimal_clock(text)) and Moment(d, c)),
        Rule("date-compact", "DATE comma? HHMM", "MOMENT", Moment),
        Rule("time-decimal-date", "TIME (on)? DECIMAL", "MOMENT", lambda c, text: (d := weekday_decimal(0, text)) and Moment(d, c)),
    ],
)  # fmt: skip


def is_vague(value: object) -> bool:
    """Say whether a date covers more than a day: a week, a month, a year."""
    return isinstance(value, (Period, Edge)) or (
        isinstance(value, Fields) and not value.day and value.weekday is None
    )
