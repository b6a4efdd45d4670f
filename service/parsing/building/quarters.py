# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `quarters` build."""

from service.parsing.building.relative import season, year_part
from service.parsing.values import (
    DateSpan,
    Edge,
    Fields,
    Inside,
    Moment,
    NthOf,
    Period,
    Season,
    WeekNumber,
    YearPart,
)


def week_number(unit: str, n: int) -> WeekNumber | None:
    """Read "week 12"."""
    return WeekNumber(n) if unit == "week" and 1 <= n <= 53 else None


def quarter_of_year(n: int, *_: str) -> YearPart | None:
    """Read "the 3rd quarter"."""
    return year_part(n, 3)


def quarter_of_named_year(n: int, year: int) -> YearPart | None:
    """Read "the third quarter of 1998"."""
    return year_part(n, 3, year)


def half_of_year(n: int, *v: object) -> YearPart | None:
    """Read "the first half of 2027"."""
    return year_part(n, 6, v[-1] if v and isinstance(v[-1], int) else None)


def q_number(n: int, year: int | None = None) -> YearPart | None:
    """Read "Q3"."""
    return year_part(n, 3, year)


def q_number_of_pointed_year(n: int, shift: int, u: str) -> Inside | None:
    """Read "Q2 next year"."""
    return Inside(YearPart(n, 3), (shift, "year")) if u == "year" and 1 <= n <= 4 else None


def nth_quarter_of_pointed_year(n: int, shift: int, u: str) -> Inside | None:
    """Read "the 3rd quarter of next year"."""
    return Inside(YearPart(n, 3), (shift, "year")) if u == "year" and n <= 4 else None


def half_of_pointed_year(n: int, shift: int, u: str) -> Inside | None:
    """Read "second half of next year"."""
    return (
        Inside(YearPart(2 if n == -1 else n, 6), (shift, "year"))
        if u == "year" and n <= 2
        else None
    )


def q_number_after_year(year: int, n: int) -> YearPart | None:
    """Read "2027 q3"."""
    return year_part(n, 3, year)


def read_season(*v: int | str) -> Season:
    """Read "this summer"."""
    return season(v)


def week_number_of_year(u: str, n: int, year: int) -> WeekNumber | None:
    """Read "week 3 of 2027"."""
    return WeekNumber(n, year) if u == "week" and 1 <= n <= 53 else None


def month_alone(m: int) -> Fields:
    """Read "may"."""
    return Fields(None, m)


def pointed_month(shift: float, m: int) -> Inside:
    """Read "next May"."""
    return Inside(Fields(None, m), (shift, "year"))


def the_nth(d: int) -> Fields | None:
    """Read "the 3rd"."""
    return Fields(None, None, d) if 1 <= d <= 31 else None


def until_nth(d: int) -> DateSpan | None:
    """Read "until 5th"."""
    return DateSpan(None, Moment(Fields(None, None, d))) if 1 <= d <= 31 else None


def two_days_in_a_row(a: int, b: int) -> DateSpan | None:
    """Read "the 5th and 6th"."""
    return DateSpan(Fields(None, None, a), Fields(None, None, b)) if b == a + 1 <= 31 else None


def two_days_of_month(first: object, day: int) -> DateSpan | None:
    """Read "on April 14 and 15"."""
    if not isinstance(first, Fields) or first.month is None or first.day is None:
        return None
    if day != first.day + 1 or day > 31:
        return None
    return DateSpan(Moment(first), Moment(first._replace(day=day, weekday=None)))


def months_in_a_row(a: int, b: int, year: int | None = None) -> DateSpan | None:
    """Read "in april and may"."""
    return DateSpan(Moment(Fields(year, a)), Moment(Fields(year, b))) if b == a + 1 else None


def last_of_the_month(_: int, *v: object) -> NthOf | None:
    """Read "the last of the month"."""
    return NthOf(-1, "day", Period("month")) if v[-1] == "month" else None


def last_of_next_month(_: int, shift: int, u: str) -> NthOf | None:
    """Read "the last of next month"."""
    return NthOf(-1, "day", Period("month", shift)) if u == "month" else None


def last_of_month_name(_: int, m: int, y: int | None = None) -> NthOf:
    """Read "the last of May"."""
    return NthOf(-1, "day", Fields(y, m))


def nth_of_the_month(d: int, unit: str) -> Fields | None:
    """Read "the 5th of the month"."""
    return Fields(None, None, d) if unit == "month" and d <= 31 else None


def years(a: int, b: int) -> DateSpan | None:
    """Read "from 2027 to 2029"."""
    return DateSpan(Fields(a), Fields(b)) if a < b else None


def end_of_year(y: int) -> Edge:
    """Read "the end of 2027"."""
    return Edge("end", Fields(y))


def start_of_year(y: int) -> Edge:
    """Read "the start of 2027"."""
    return Edge("start", Fields(y))


def nth_qtr(n: int, unit: str) -> YearPart | None:
    """Read "the 2nd qtr"."""
    return year_part(n, 3) if unit == "quarter" else None


def half_after_year(year: int, unit: str, n: int) -> YearPart | None:
    """Read "2027 H1"."""
    return YearPart(n, 6, year) if unit == "hour" and n in (1, 2) else None
