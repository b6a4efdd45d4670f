# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `eras` build."""

from collections.abc import Sequence

from service.parsing.engine import Item
from service.parsing.values import (
    DateSpan,
    Edge,
    Fields,
    Inside,
    Period,
    Season,
    YearPart,
    Years,
)

_S = ("s", "'s")
_FISCAL = frozenset(("fiscal", "fy"))


def century_year(number: int) -> int:
    """Return the year two digits mean, by the rule of POSIX: 69 to 99 are before 2000."""
    return number + (1900 if number >= 69 else 2000)


def decade(year: int, word: str) -> Years | None:
    """Read "1990s"."""
    return Years(year, 10) if word in _S and year % 10 == 0 else None


def short_decade(number: int, word: str) -> Years | None:
    """Read "the 90s"."""
    in_tens = 20 <= number < 100 and number % 10 == 0
    return Years(1900 + number, 10) if word in _S and in_tens else None


def century(number: int, unit: str) -> Years | None:
    """Read "the twentieth century"."""
    return Years((number - 1) * 100 + 1, 100) if unit == "century" and 1 <= number <= 30 else None


def half(unit: str, number: int, year: int | None = None) -> YearPart | None:
    """Read "H2 2027"."""
    return YearPart(number, 6, year) if unit == "hour" and number in (1, 2) else None


def half_of_month(number: int, shift: int, unit: str) -> DateSpan | None:
    """Read "the first half of May"."""
    if unit != "month" or number not in (1, 2):
        return None
    month = Period("month", shift)
    first, middle = Inside(Fields(None, None, 1), month), Inside(Fields(None, None, 15), month)
    if number == 1:
        return DateSpan(first, middle)
    return DateSpan(Inside(Fields(None, None, 16), month), Edge("end", month))


def edge_of(unit: str) -> Edge | None:
    """Read "eom"."""
    return Edge("end", Period(unit)) if unit in ("week", "month", "quarter", "year") else None


def decade_in_words(year: int) -> Years:
    """Read "twenties"."""
    return Years(year, 10)


def short_year_of_season(name: str, n: int) -> Season | None:
    """Read "the summer of '87"."""
    return Season(name, century_year(n)) if n < 100 else None


def short_year_of_month(month: int, n: int) -> Fields | None:
    """Read "Oct. '14"."""
    return Fields(century_year(n), month) if n < 100 else None


def fiscal_year(word: str, *v: int | str) -> Fields | None:
    """Read "fiscal 2019"."""
    fiscal = word in _FISCAL and (len(v) == 1 or v[0] == "year")
    return Fields(int(v[-1])) if fiscal else None


def half_of_the_month(n: int, unit: str) -> DateSpan | None:
    """Read "the first half of the month"."""
    return half_of_month(n, 0, unit)


def period_end(*v: object) -> Edge | None:
    """Read "at year end"."""
    return edge_of(v[-1] if v and isinstance(v[-1], str) else "quarter")


def glued_half_year(items: Sequence[Item]) -> YearPart | None:
    """Read "H2" in one word."""
    unit, number = items
    glued = unit.end == number.start
    return half(unit.value, number.value) if glued else None
