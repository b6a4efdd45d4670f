"""What time words mean before anybody knows what day it is: small immutable values."""

from typing import Any, NamedTuple

Said = Any  # Any: one of the values below, or a tuple of them; who takes one asks which
"""What somebody said about time."""


class Length(NamedTuple):
    """An amount of time. Months, days and workdays are calendar steps, seconds clock steps."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    workdays: int = 0  # Monday to Friday; holidays are not known

    def plus(self, other: "Length") -> "Length":
        """Return both together."""
        return Length(
            self.months + other.months,
            self.days + other.days,
            self.seconds + other.seconds,
            self.workdays + other.workdays,
        )

    @property
    def is_clock(self) -> bool:
        """True when it is made of hours, minutes and seconds only."""
        return not (self.months or self.days or self.workdays)


class Clock(NamedTuple):
    """A time of day. `half` is "am", "pm", "24" (exact as written) or "" (still open)."""

    hour: int
    minute: int = 0
    second: int = 0
    half: str = ""


class MinutePast(NamedTuple):
    """Minutes past an hour that is not said, as in "at 20 past": the one that comes next."""

    minute: int


class ClockSpan(NamedTuple):
    """From one time of day to another; `end` may be None ("from 9 on")."""

    start: Clock
    end: Clock


class Part(NamedTuple):
    """A part of the day; `edge` is "early", "late" or ""."""

    name: str
    edge: str = ""


class Fields(NamedTuple):
    """A calendar date as far as it is written down."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


class Numeric(NamedTuple):
    """A date in figures whose order (day or month first) is a matter of preference."""

    first: int
    second: int
    year: int | None = None
    weekday: int | None = None


class DayShift(NamedTuple):
    """So many days from today."""

    days: int


class WeekdayRef(NamedTuple):
    """A weekday with its pointing word: "", "this", "next", "last", "coming" or "past"."""

    weekday: int
    which: str = ""


class Period(NamedTuple):
    """A calendar unit, `shift` units from the current one."""

    unit: str
    shift: int = 0


class Rolling(NamedTuple):
    """The next or last `length` counted from now; negative sign reaches back."""

    length: Length
    sign: int


class Within(NamedTuple):
    """Any time from now until `length` has passed."""

    length: Length


class Offset(NamedTuple):
    """`length` before or after `base` (None is this very moment)."""

    base: Said
    length: Length
    sign: int = 1
    exact: bool = False  # keep the clock even for steps of days: "from now"


class NthOf(NamedTuple):
    """The nth (negative from the end) `unit` or weekday inside `container`."""

    n: int
    unit: str | int
    container: Said = None


class Inside(NamedTuple):
    """A weekday, day number or month inside a longer period: "Friday next week"."""

    inner: Said
    container: Said


class Beside(NamedTuple):
    """The nearest weekday before (sign -1) or after another date."""

    weekday: int
    base: Said
    sign: int


class Holiday(NamedTuple):
    """A holiday known by rule; `year` may be open, `shift` is -1 or 1 for last or next."""

    name: str
    year: int | None = None
    shift: int = 0


class Edge(NamedTuple):
    """The start, middle, end or rest of a period."""

    which: str
    base: Said


class Season(NamedTuple):
    """Spring to winter, of an optional year."""

    name: str
    year: int | None = None
    shift: int = 0


class YearPart(NamedTuple):
    """A quarter (months = 3) or half (months = 6) of a year."""

    n: int
    months: int
    year: int | None = None


class Years(NamedTuple):
    """A decade or a century: so many years from the first of `start`."""

    start: int
    years: int


class WeekNumber(NamedTuple):
    """An ISO week, optionally one day of it."""

    week: int
    year: int | None = None
    weekday: int | None = None


class Lasting(NamedTuple):
    """A beginning and how long it lasts from there: "for 5 days starting next Monday"."""

    start: Said
    length: Length


class Moment(NamedTuple):
    """A date and whatever is said about the time on it."""

    date: Said = None
    clock: Said = None
    part: Part | None = None


def moment_of(value: object) -> Moment:
    """Return the value as a moment: a bare date is one without a clock."""
    return value if isinstance(value, Moment) else Moment(value)


class DateSpan(NamedTuple):
    """From one date or moment to another, the last one included when it is a whole day."""

    start: Said
    end: Said
    until: bool = False  # joined by "until", which ends a rule where the last month begins
    dashed: bool = False  # joined by a dash, with no "from" before it


class Repeat(NamedTuple):
    """A rule as said: RFC 5545 parts, still without its first day.

    `by` maps BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS to their values.
    """

    freq: str
    interval: int = 1
    by: tuple[tuple[str, str], ...] = ()
