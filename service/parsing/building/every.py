# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `every` build."""

from collections.abc import Sequence

from service.parsing.building.repeats import (
    days,
    of_items,
    of_unit,
    several_a,
    weekdays_away,
    weekdays_between,
)
from service.parsing.engine import Item
from service.parsing.values import (
    Offset,
    Period,
    Repeat,
)


def n_weekdays_from_now(n: int, w: int) -> Offset | None:
    """Read "three Fridays from now"."""
    return weekdays_away(n, w, 1)


def n_weekdays_ago(n: int, w: int) -> Offset | None:
    """Read "three Fridays ago"."""
    return weekdays_away(n, w, -1)


def weekends_ago(n: int) -> Period | None:
    """Read "two weekends ago"."""
    return Period("weekend", -n) if n < 100 else None


def in_n_weekends(n: int) -> Period | None:
    """Read "two weekends from now"."""
    return Period("weekend", n) if n < 100 else None


def all_days(d: int) -> Repeat:
    """Read "all Mondays"."""
    return days([d])


def day_list(*d: int) -> Repeat | None:
    """Read "Mondays, Wednesdays and Fridays"."""
    return days(d) if len(set(d)) > 2 else None


def two_weekdays(first: int, last: int) -> Repeat | None:
    """Read "tue and fri"; "sat and sun" is rather one stretch of two days."""
    return days((first, last)) if (last - first) % 7 not in (0, 1) else None


def every_quarter() -> Repeat:
    """Read "every quarter"."""
    return Repeat("MONTHLY", 3)


def every_week_day(a: str, b: str) -> Repeat | None:
    """Read "every week day"."""
    return days(range(5)) if (a, b) == ("week", "day") else None


def every_half_unit(u: str) -> Repeat | None:
    """Read "every half hour"."""
    return {
        "hour": Repeat("MINUTELY", 30),
        "year": Repeat("MONTHLY", 6),
        "day": Repeat("HOURLY", 12),
        "minute": Repeat("SECONDLY", 30),
    }.get(u)


def every_quarter_hour(u: str) -> Repeat | None:
    """Read "every quarter hour"."""
    if u == "hour":
        return Repeat("MINUTELY", 15)
    return Repeat("MONTHLY", 3) if u == "year" else None


def every_decimal_units(n: str, u: str) -> Repeat | None:
    """Read "every 1.5 hours"."""
    return Repeat("MINUTELY", round(float(n) * 60)) if u == "hour" and 0 < float(n) < 100 else None


def other_plural_days(d: int) -> Repeat:
    """Read "alternating mondays"."""
    return days([d], 2)


def day_range_every_week(a: int, b: int, u: str) -> Repeat | None:
    """Read "Monday to Friday every week"."""
    return weekdays_between(a, b) if u == "week" else None


def day_range_every_nth_week(a: int, b: int, *step: int | str) -> Repeat | None:
    """Read "Monday to Friday every third week"."""
    number = step[0] if len(step) > 1 else 2
    if step[-1] != "week" or not isinstance(number, int) or not 1 < number < 53:
        return None
    return weekdays_between(a, b)._replace(interval=number)


def times_frequency(items: Sequence[Item]) -> Repeat | None:
    """Read "twice weekly": two days a week; of other units only the frequency is kept."""
    times, frequency = items
    if frequency.value == ("WEEKLY", 1) and times.cls != "once":
        return several_a({"twice": 2, "thrice": 3}[times.cls], "week")
    return Repeat(*frequency.value)


def thrice_a_unit(unit: str) -> Repeat | None:
    """Read "thrice a week"."""
    return several_a(3, unit)


def day_number_of_each(items: Sequence[Item]) -> Repeat | None:
    """Read "on the 5 of every month"."""
    return of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])


def every_unit_of_the_unit(a: str, _: str) -> Repeat | None:
    """Read "every day of the week"."""
    return of_unit(a)


def every_months(*m: int) -> Repeat:
    """Read "every April and October"."""
    return Repeat("YEARLY", 1, (("BYMONTH", ",".join(map(str, m))),))


def semi_frequency(pair: tuple[str, int]) -> Repeat | None:
    """Read "semi-annually"."""
    return {
        "YEARLY": Repeat("MONTHLY", 6),
        "MONTHLY": Repeat("MONTHLY", 1, (("BYMONTHDAY", "1,15"),)),
        "WEEKLY": days((0, 3)),
    }.get(pair[0])


def every_few_units(unit: str) -> Repeat | None:
    """Read "every few days"."""
    return of_unit(unit, 3)


def nth_frequency(items: Sequence[Item]) -> Repeat | None:
    """Read "15th monthly"."""
    return of_items(items) if items[-1].value == ("MONTHLY", 1) else None


def n_days_a_unit(n: int, day: str, unit: str) -> Repeat | None:
    """Read "five days a week"."""
    return several_a(n, unit) if day in ("day", "night") and unit in ("week", "month") else None


def letters_of_days(m: str, w: str, f: str) -> Repeat | None:
    """Read "m/w/f"."""
    return days((0, 2, 4)) if (m, w, f) == ("minute", "week", "f") else None


def m_to_f(unit: str, letter: str) -> Repeat | None:
    """Read "m-f"."""
    return days(range(5)) if (unit, letter) == ("minute", "f") else None


def every_n_weekends(n: int) -> Repeat | None:
    """Read "every three weekends"."""
    return of_unit("weekend", n)


def every_other_weekends() -> Repeat | None:
    """Read "every other weekends"."""
    return of_unit("weekend", 2)


def every_year_in_week(items: Sequence[Item]) -> Repeat | None:
    """Read "every year in week 20"."""
    first = items[1] if items[0].cls == "every" else items[0]
    unit, number = items[-2].value, items[-1].value
    yearly = first.value in ("year", ("YEARLY", 1)) and unit == "week" and 1 <= number <= 53
    return Repeat("YEARLY", 1, (("BYWEEKNO", str(number)),)) if yearly else None


def couple_of_weekdays(day: int) -> Offset | None:
    """Read "a couple of Thursdays from now"."""
    return weekdays_away(2, day, 1)
