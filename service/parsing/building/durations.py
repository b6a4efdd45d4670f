# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `durations` build."""

from service.parsing.values import Clock, Length

_IN_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_IN_DAYS = {
    "day": 1,
    "night": 1,
    "week": 7,
    "fortnight": 14,
    "weekend": 7,
    "workweek": 7,
}
_IN_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
MOST_DAYS = 200 * 366
_WITH_NUMBER = 2  # "2 hours"


def length(amount: float, unit: str | int) -> Length | None:
    """Return `amount` of `unit`; None when it is no sensible amount."""
    name = "second" if isinstance(unit, int) else unit
    if name in _IN_SECONDS:
        seconds = round(amount * _IN_SECONDS[name])
        return Length(seconds=seconds) if seconds <= MOST_DAYS * 86400 else None
    if name == "workday":
        return Length(workdays=int(amount)) if amount <= MOST_DAYS else None
    if name in _IN_DAYS:
        days = amount * _IN_DAYS[name]
        if days > MOST_DAYS:
            return None
        return Length(days=int(days), seconds=round(days % 1 * 86400))
    months = amount * _IN_MONTHS[name]
    if months > MOST_DAYS / 30:
        return None
    return Length(int(months), round(months % 1 * 30))


def decimal(text: str, unit: str) -> Length | None:
    """Read "1.5 hours"."""
    return length(float(text), unit)


def hours_h(hours: int) -> Length:
    """Read "for 2h"."""
    return Length(seconds=hours * 3600)


_FRACTIONS = {"halves": 2, "thirds": 3, "fourths": 4, "fifths": 5, "sixths": 6}


def fraction_in_words(number: int, word: str, unit: str) -> Length | None:
    """Read "two-thirds of an hour"."""
    return length(number / _FRACTIONS[word], unit) if word in _FRACTIONS else None


def fraction(pair: tuple[int, int], unit: str) -> Length | None:
    """Read "1/2 hour"."""
    return length(pair[0] / pair[1], unit) if pair[1] else None


def mixed(whole: int, pair: tuple[int, int], unit: str) -> Length | None:
    """Read "1 1/2 hours"."""
    return length(whole + pair[0] / pair[1], unit) if pair[1] else None


def sum_of(*lengths: Length) -> Length:
    """Read "a year and a day"."""
    total = Length()
    for one in lengths:
        total = total.plus(one)
    return total


def many_units(n: int | Clock, u: str) -> Length | None:
    """Read "1430 days"."""
    return length(n if isinstance(n, int) else n.hour * 100 + n.minute, u)


def a_unit(unit: str) -> Length | None:
    """Read "a day"."""
    return length(1, unit)


def a_second(_: int) -> Length:
    """Read "a second ago"."""
    return Length(seconds=1)


def half_a_unit(unit: str) -> Length | None:
    """Read "half hour"."""
    return length(0.5, unit)


def quarter_of_a_unit(unit: str) -> Length | None:
    """Read "a quarter of an hour"."""
    return length(0.25, unit)


def three_quarters(n: int, q: str, unit: str) -> Length | None:
    """Read "three quarters of an hour"."""
    return length(n / 4, unit) if q == "quarter" else None


def n_and_a_half(n: int, unit: str) -> Length | None:
    """Read "two and a half hours"."""
    return length(n + 0.5, unit)


def nights(n: int, unit: str) -> Length | None:
    """Read "10 nights" before where they begin."""
    return length(n, unit) if unit == "night" else None


def n_and_a_quarter(n: int, *rest: int | str) -> Length | None:
    """Read "two and a quarter hours"."""
    return length(n + 0.25, str(rest[-1])) if len(rest) == 1 else None


def unit_and_a_half(unit: str) -> Length | None:
    """Read "a year and a half"."""
    return length(1.5, unit)


def units_and_quarters(*said: int | str) -> Length | None:
    """Read "an hour and a quarter", "an hour and three quarters"."""
    parts: list[int | str] = [*said]
    quarters: int | str = 1
    if parts[-1] == "quarter":
        quarters = parts[-2]
        del parts[-2:]
    elif len(parts) > _WITH_NUMBER:
        return None  # "an hour and 3 days"
    whole, unit = parts[0] if len(parts) == _WITH_NUMBER else 1, str(parts[-1])
    if not isinstance(whole, int) or not isinstance(quarters, int) or not 0 < quarters < 4:
        return None
    return length(whole + quarters / 4, unit) if unit in _IN_SECONDS else None


def hours_and_minutes(*said: int | str) -> Length | None:
    """Read "an hour and 20", "2 hours and 15"."""
    *hours, unit, minutes = said
    if unit != "hour" or not isinstance(minutes, int) or not 0 < minutes < 60 or minutes % 5:
        return None
    whole = int(hours[0]) if hours else 1
    return Length(seconds=whole * 3600 + minutes * 60)


def couple(unit: str) -> Length | None:
    """Read "a couple of days"."""
    return length(2, unit)


def few(unit: str) -> Length | None:
    """Read "a few weeks"."""
    return length(3, unit)
