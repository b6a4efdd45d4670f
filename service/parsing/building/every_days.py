# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `every_days` build."""

from collections.abc import Sequence

from service.parsing.building.repeats import (
    CODES,
    PARITY,
    SEASONS,
    WORKDAYS,
    days,
    month_days,
    of_items,
    of_unit,
    several_a,
    weekdays_between,
)
from service.parsing.engine import Item
from service.parsing.values import (
    Part,
    Repeat,
)


def weekday_parts() -> Repeat:
    """Read "every weekday morning"."""
    return days(range(5))


def weekend_parts(*u: str) -> Repeat | None:
    """Read "weekend mornings"."""
    return days((5, 6)) if u in ((), ("weekend",)) else None


def every_other_days(*d: int) -> Repeat:
    """Read "every other Monday"."""
    return days(d, 2)


def weekdays() -> Repeat:
    """Read "weekdays"."""
    return Repeat("WEEKLY", 1, (("BYDAY", WORKDAYS),))


def workdays(items: Sequence[Item]) -> Repeat | None:
    """Read "on workdays", "every school day"."""
    unit = items[-1].value
    said = next((item.value for item in items if item.cls in ("WORD", "MEAL")), "")
    if said:
        return weekdays() if said == "school" and unit in ("day", "night") else None
    return weekdays() if unit == "workday" else None


def weekends() -> Repeat:
    """Read "weekends"."""
    return Repeat("WEEKLY", 1, (("BYDAY", "SA,SU"),))


def nights(nights: int) -> tuple[object, ...]:
    """Read "nightly"."""
    return (Repeat("DAILY") if nights == 7 else days(range(nights)), Part("night"))


def parts_every_day(part: str) -> tuple[object, ...]:
    """Read "evenings at 6"."""
    return (Repeat("DAILY"), Part(part))


def weekday_and_number(w: int, n: int) -> Repeat | None:
    """Read "every friday the 13th"."""
    return Repeat("MONTHLY", 1, (("BYDAY", CODES[w]), ("BYMONTHDAY", str(n)))) if n <= 31 else None


def every_season(name: str) -> Repeat:
    """Read "every summer"."""
    return Repeat("YEARLY", 1, (("BYMONTH", str(SEASONS[name])),))


def days_alternating_weeks(*v: int | str) -> Repeat | None:
    """Read "every monday, alternating weeks"."""
    return days(list(map(int, v[:-1])), 2) if v[-1] == "week" else None


def days_in_even_weeks(items: Sequence[Item]) -> Repeat | None:
    """Read "Mondays in even weeks": every other week, of which the number is even."""
    which = PARITY.get(next((i.value for i in items if i.cls == "WORD"), ""))
    if which is None or items[-1].value != "week":
        return None
    rule = days([i.value for i in items if i.cls in ("WEEKDAY", "PLURALDAY")], 2)
    return rule._replace(by=(*rule.by, ("parity", which)))


def other_week_on_weekend(a: str, b: str) -> Repeat | None:
    """Read "every other week on the weekend"."""
    return of_unit("weekend", 2) if (a, b) == ("week", "weekend") else None


def year_on_days_of_month(items: Sequence[Item]) -> Repeat | None:
    """Read "every year on may 3rd and 9th"."""
    return (
        month_days(items[2:] if items[0].cls == "every" else items[1:])
        if items[0].value == ("YEARLY", 1) or items[1].value == "year"
        else None
    )


def numbered_day_of_frequency(items: Sequence[Item]) -> Repeat | None:
    """Read "on day 5 of every month"."""
    return (
        of_items([i._replace(cls="ORD") if i.cls == "NUM" else i for i in items])
        if any(i.value == "day" for i in items) and items[-1].value in ("month", ("MONTHLY", 1))
        else None
    )


def bi_frequency(pair: tuple[str, int]) -> Repeat:
    """Read "bi-weekly"."""
    return Repeat(pair[0], 2)


def frequency_range(_: tuple[str, int], a: int, b: int) -> Repeat:
    """Read "weekly Monday to Friday"."""
    return weekdays_between(a, b)


def bi_frequency_days(_: tuple[str, int], *d: int) -> Repeat:
    """Read "bi-weekly on Fridays"."""
    return days(d, 2)


def every_week_range(u: str, a: int, b: int) -> Repeat | None:
    """Read "every week from Monday to Friday"."""
    step = {"week": 1, "fortnight": 2}.get(u)
    return weekdays_between(a, b)._replace(interval=step) if step else None


def every_other_week_days(u: str, *d: int) -> Repeat | None:
    """Read "every other week on Monday"."""
    return days(d, 2) if u == "week" else None


def days_every_week(*v: int | str) -> Repeat | None:
    """Read "Friday of every week"."""
    return days(list(map(int, v[:-1]))) if v[-1] == "week" else None


def days_every_n_weeks(*v: int | str) -> Repeat | None:
    """Read "Friday every 3 weeks"."""
    *numbers, step = map(int, v[:-1])
    return days(numbers, step) if v[-1] == "week" else None


def twice_a_unit(unit: str) -> Repeat | None:
    """Read "twice a week"."""
    return several_a(2, unit)


def every_other_day_range(first: int, last: int) -> Repeat:
    """Read "every other Wednesday through Friday"."""
    return weekdays_between(first, last)._replace(interval=2)


def days_in_numbered_week(items: Sequence[Item]) -> Repeat | None:
    """Read "every Monday in week 27"."""
    yearly = items[0].cls == "FREQ" and items[0].value == ("YEARLY", 1)
    repeats = yearly or any(item.cls in ("every", "PLURALDAY") for item in items)
    if not repeats or items[-2].value != "week" or not 1 <= items[-1].value <= 53:
        return None
    chosen = [item.value for item in items if item.cls in ("WEEKDAY", "PLURALDAY")]
    by = dict(days(chosen).by)["BYDAY"]
    return Repeat("YEARLY", 1, (("BYWEEKNO", str(items[-1].value)), ("BYDAY", by)))
