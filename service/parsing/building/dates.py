# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `dates` build."""

from collections.abc import Sequence

from service.parsing.building.eras import century_year
from service.parsing.engine import Item
from service.parsing.values import (
    DateSpan,
    Fields,
    Inside,
    Moment,
    Numeric,
    Part,
)


def day_month(day: int, month: int, year: int | None = None) -> Fields | None:
    """Read "15may"."""
    return (
        Fields(year, month, day) if 1 <= day <= 99 else None
    )  # 32 and up are refused later, aloud


def month_day(month: int, day: int, year: int | None = None) -> Fields | None:
    """Read "March 3rd"."""
    return day_month(day, month, year)


def month_short_year(month: int, day: int, year: int) -> Fields | None:
    """Read "October 5 '27"."""
    return Fields(2000 + year, month, day) if day <= 31 and year < 100 else None


def unit_day_month(day: int, unit: str, month: int, year: int | None = None) -> Fields | None:
    """Read "the first day of May"."""
    return Fields(year, month, day) if unit == "day" else None


def span(first: int, last: int, month: int, year: int | None = None) -> DateSpan | None:
    """Read "3-14 august"."""
    if not (1 <= first <= 31 and 1 <= last <= 31):
        return None
    start = Fields(year, month, first) if first <= last else Fields(None, None, first)
    return DateSpan(start, Fields(year, month, last))


def span_between_weekdays(*said: int) -> DateSpan | None:
    """Read "Wed 13 - Fri 15 May"; the dates say which weekdays they are."""
    _, first, _, last, *rest = said
    return span(first, last, *rest)


def two_days(first: int, last: int, month: int, year: int | None = None) -> DateSpan | None:
    """Read "7 & 8 October": two days in a row are one stretch."""
    return span(first, last, month, year) if first + 1 == last else None


def slashed_days(items: Sequence[Item]) -> DateSpan | None:
    """Read "25/26 April" and "May 2nd/3rd": two days in a row."""
    days: list[int] = []
    for item in items:
        if item.cls in ("PAIR", "NUM", "ORD", "SECOND"):
            days += item.value if item.cls == "PAIR" else (item.value,)
    month = next(item.value for item in items if item.cls == "MONTH")
    year = next((item.value for item in items if item.cls == "YEAR"), None)
    return two_days(days[0], days[1], month, year) if len(days) == 2 else None


def month_span(month: int, first: int, last: int, year: int | None = None) -> DateSpan | None:
    """Read "may 4-6"."""
    return span(first, last, month, year) if first <= last else None


def numeric(parts: tuple[str, str, str]) -> Numeric | Fields | None:
    """Read "1/4/2028"."""
    first, second, third = (int(part) for part in parts)
    if len(parts[0]) == 4:
        return Fields(first, second, third)
    year = third if len(parts[2]) == 4 else century_year(third)
    return Numeric(first, second, year)


def pair(pair: tuple[int, int]) -> Numeric | Fields | None:
    """Read "4/6"."""
    first, second = pair
    if pair == (24, 7):
        return None
    if second > 1000:
        return Fields(second, first) if 1 <= first <= 12 else None
    if min(pair) < 1 or min(pair) > 12 or max(pair) > 31:
        return None
    return Numeric(first, second)


def weekday_decimal(_: int, text: str) -> Numeric | Fields | None:
    """Read "7.6" after a weekday as June 7th, as with all full stops; "10.30" is a time."""
    first, second = text.split(".")
    if len(second) == 2 and int(first) <= 24 and int(second) < 60 and int(second) % 5 == 0:
        return None
    found = pair((int(first), int(second)))
    if isinstance(found, Numeric) and found.second <= 12:
        return Fields(None, found.second, found.first)
    return found


def month_year(month: int, year: int) -> Fields:
    """Read "August 2027"."""
    return Fields(year, month)


def number_year(first: int, year: int) -> Fields | None:
    """Read "5-2027"."""
    first, year = min(first, year), max(first, year)
    return Fields(year, first) if 1 <= first <= 12 and year > 1900 else None


def month_day_weekend(m: int, d: int, unit: str) -> Inside | None:
    """Read "july 4th weekend"."""
    return Inside(("weekend",), Fields(None, m, d)) if unit == "weekend" and d <= 31 else None


def day_month_last_century(d: int, m: int, n: int) -> Fields | None:
    """Read "7 Nov 88"."""
    return Fields(century_year(n), m, d) if d <= 31 < n < 100 else None


def glued_year(items: Sequence[Item]) -> Fields | None:
    """Read "27MAR26", as tickets have it."""
    day, month, year = items
    glued = day.end == month.start and month.end == year.start
    return Fields(2000 + year.value, month.value, day.value) if glued else None


def month_day_last_century(m: int, d: int, n: int) -> Fields | None:
    """Read "October 5 84"."""
    return Fields(century_year(n), m, d) if d <= 31 < n < 100 else None


def day_month_year_dashed(d: int, m: int, n: int) -> Fields | None:
    """Read "14-Aug-19"."""
    return Fields(century_year(n), m, d) if d <= 31 and n < 100 else None


def day_year_month(d: int, y: int, m: int) -> Fields | None:
    """Read "5-2027-May"."""
    return day_month(d, m, y)


def year_month_day(y: int, m: int, d: int) -> Fields | None:
    """Read "2027 May 3"."""
    return day_month(d, m, y)


def numbered_weekdays(first: int, day: int, last: int, until: int) -> DateSpan | None:
    """Read "wed 18 to fri 20"."""
    if not day < until <= 31 or (last - first) % 7 != (until - day) % 7:
        return None
    return DateSpan(Moment(Fields(None, None, day, first)), Moment(Fields(None, None, until, last)))


def weekday_number(w: int, d: int) -> Fields | None:
    """Read "Friday 15"."""
    return Fields(None, None, d, w) if 12 < d <= 31 else None


def weekday_the_nth(w: int, d: int) -> Fields:
    """Read "tuesday the 9th"."""
    return Fields(None, None, d, w)


def days_of_pointed_month(a: int, b: int, shift: int, unit: str) -> DateSpan | None:
    """Read "from the 3rd to the 10th of next month"."""
    return (
        DateSpan(
            Inside(Fields(None, None, a), (shift, unit)),
            Inside(Fields(None, None, b), (shift, unit)),
        )
        if unit == "month" and max(a, b) <= 31
        else None
    )


def days_of_this_month(a: int, b: int, unit: str) -> DateSpan | None:
    """Read "the 3rd to the 10th of the month"."""
    return (
        DateSpan(Fields(None, None, a), Fields(None, None, b))
        if unit == "month" and max(a, b) <= 31
        else None
    )


def nth_of_next_month(d: int, shift: int, unit: str) -> Inside | None:
    """Read "the 5th of next month"."""
    return Inside(Fields(None, None, d), (shift, unit)) if unit == "month" else None


def dotted(date: Fields) -> Fields:
    """Read "31.5."."""
    return date


def days_before_dotted(first: int, last: Fields) -> DateSpan | None:
    """Read "12-14.6."."""
    return span(first, last.day or 0, last.month or 0)


def days_before_full_date(first: int, parts: tuple[str, str, str]) -> DateSpan | None:
    """Read "12-14.6.2027"; where the month is first, there is no such stretch."""
    if len(parts[0]) != 4:
        return None
    year, month, last = (int(part) for part in parts)
    return span(first, last, month, year) if first < last else None


def pairs_with_year(first: tuple[int, int], last: tuple[int, int], year: int) -> DateSpan | None:
    """Read "from 7/2-7/5, 2027"."""
    if max(*first, *last) > 31:
        return None
    return DateSpan(Numeric(*first, year), Numeric(*last, year))


def pairs_day_first(first: tuple[int, int], last: tuple[int, int]) -> DateSpan | None:
    """Read "30/3 - 10/4": where one of two dates can only begin with its day, both do."""
    (day, month), (last_day, last_month) = first, last
    if max(day, last_day) <= 12 or max(month, last_month) > 12 or max(day, last_day) > 31:
        return None
    return DateSpan(Fields(None, month, day), Fields(None, last_month, last_day))


def iso_to_month_day(parts: tuple[str, str, str], month: int, day: int) -> DateSpan | None:
    """Read "2027-04-22 to 04-28"."""
    if len(parts[0]) != 4 or not 1 <= month <= 12:
        return None
    year, first_month, first = (int(part) for part in parts)
    return DateSpan(Fields(year, first_month, first), Fields(year, month, day))


def dashed_month_days(month: int, first: int, last_month: int, last: int) -> DateSpan | None:
    """Read "from 5-20 to 5-27": a month and a day where they can be no stretch of hours."""
    if max(month, last_month) > 12 or not 12 < max(first, last) <= 31:
        return None
    return DateSpan(Fields(None, month, first), Fields(None, last_month, last))


def month_day_half(month: int, day: int, half: str) -> Moment | None:
    """Read "Sept 14 pm" as a day and its half."""
    part = "morning" if half == "am" else "afternoon"
    return Moment(Fields(None, month, day), None, Part(part)) if half and day <= 31 else None
