# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the words of a repeating rule build: one small function per family of phrases."""

from collections.abc import Sequence
from itertools import pairwise

from service.parsing.engine import Item
from service.parsing.values import (
    Length,
    Offset,
    Repeat,
    WeekdayRef,
)  # fmt: skip

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
# Weeks by their number; a rule keeps it only for its first day, as no RRULE can say it.
PARITY = {
    "even": "0", "odd": "1", "gerade": "0", "geraden": "0", "ungerade": "1", "ungeraden": "1",
}  # fmt: skip
WORKDAYS = "MO,TU,WE,TH,FR"
_FREQS = {
    "second": ("SECONDLY", 1), "minute": ("MINUTELY", 1), "hour": ("HOURLY", 1), "day": ("DAILY", 1),
    "night": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1), "decade": ("YEARLY", 10),
}  # fmt: skip


def of_unit(unit: str, interval: int = 1) -> Repeat | None:
    """Repeat each unit."""
    if unit == "weekend":
        return Repeat("WEEKLY", interval, (("BYDAY", "SA,SU"),))
    if unit in ("workday", "workweek"):
        return Repeat("WEEKLY", interval, (("BYDAY", WORKDAYS),))
    freq, times = _FREQS.get(unit, ("", 0))
    return Repeat(freq, times * interval) if freq and 0 < interval < 1000 else None


def other_unit(unit: str) -> Repeat | None:
    """Repeat each second unit."""
    return of_unit(unit, 2)


def n_units(n: int, unit: str) -> Repeat | None:
    """Repeat each n units."""
    return of_unit(unit, n)


def days(numbers: Sequence[int], interval: int = 1) -> Repeat:
    """Return a weekly rule on these weekdays, in the order of the week."""
    chosen = ",".join(CODES[n] for n in sorted(set(numbers)))
    return Repeat("WEEKLY", interval, (("BYDAY", chosen),))


def weekdays_between(first: int, last: int) -> Repeat:
    """Return the weekly rule from one weekday to another, both included."""
    return days([(first + step) % 7 for step in range((last - first) % 7 + 1)])


def nth_days(n: int, *weekdays: int) -> Repeat:
    """Repeat on these weekdays each n weeks."""
    return days(weekdays, n)


def ordinal_days(n: int, *weekdays: int) -> Repeat | None:
    """Tell apart "every 2nd Friday" skips one; "every 3rd Friday" is the third of the month."""
    if n == 2:
        return days(weekdays, 2)
    return (
        Repeat("MONTHLY", 1, (("BYDAY", ",".join(f"{n}{CODES[day]}" for day in weekdays)),))
        if n <= 5
        else None
    )


def weekdays_away(n: int, weekday: int, sign: int) -> Offset | None:
    """Read "three Fridays from now"."""
    base = WeekdayRef(weekday, "coming" if sign > 0 else "last")
    return Offset(base, Length(days=7 * (n - 1)), sign) if 0 < n < 500 else None


def of_items(items: Sequence[Item]) -> Repeat | None:
    """Build "first and third Friday and 2nd Tuesday of every 3 months" from its words."""
    nths: list[int] = []
    chosen: list[str] = []
    fresh = True  # the next ordinal begins a new group: "… Friday and 2nd Tuesday"
    for before, item in zip([None, *items], items, strict=False):
        interval = before is not None and before.cls == "every" and nths
        if item.cls in ("ORD", "SECOND", "LAST") and not interval:
            nths = [item.value] if fresh and chosen else [*nths, item.value]
            fresh = False
        elif item.cls in ("WEEKDAY", "PLURALDAY") or item.value == "weekend":
            code = "SA" if item.value == "weekend" else CODES[item.value]
            chosen += [f"{n}{code}" for n in nths]
            fresh = True
    if not all(-31 <= n <= 31 and n for n in nths):
        return None
    return nth_rule(nths, chosen, items)


def _interval(items: Sequence[Item]) -> int:
    """Return the step of the rule: "every other month", "every 3 months", "every second month"."""
    for before, item in pairwise(items):
        if item.cls == "other":
            return 2
        if item.cls == "NUM" or (
            item.cls in ("ORD", "SECOND") and before.cls == "every" and before is not items[0]
        ):
            return int(item.value)
    return 3 if items[-1].cls == "quarter" else 1


def nth_rule(nths: list[int], chosen: list[str], items: Sequence[Item]) -> Repeat | None:
    """Return the rule for nth days or weekdays of each month or year."""
    months = [item.value for item in items if item.cls == "MONTH"]
    units = [
        item.value
        for item in items
        if item.cls == "UNIT" and item.value not in ("day", "weekend", "workday")
    ]
    unit = units[-1] if units else "month"
    if not months and unit not in ("month", "year"):
        return None
    yearly = bool(months) or unit == "year"
    by: list[tuple[str, str]] = []
    if any(item.cls == "weekday" or item.value == "workday" for item in items):
        by += [("BYDAY", WORKDAYS), ("BYSETPOS", ",".join(map(str, nths)))]
    elif chosen:
        by.append(("BYDAY", ",".join(dict.fromkeys(chosen))))
    else:
        name = "BYYEARDAY" if yearly and not months else "BYMONTHDAY"
        by.append((name, ",".join(map(str, nths))))
    if months:
        by.append(("BYMONTH", ",".join(map(str, months))))
    return Repeat("YEARLY" if yearly else "MONTHLY", _interval(items), tuple(by))


def set_positions(items: Sequence[Item]) -> Repeat:
    """Build "monthly on the first and last instance of Tuesday and Friday"."""
    nths = [str(item.value) for item in items if item.cls in ("ORD", "SECOND", "LAST")]
    weekdays = sorted({item.value for item in items if item.cls in ("WEEKDAY", "PLURALDAY")})
    by = (("BYDAY", ",".join(CODES[n] for n in weekdays)), ("BYSETPOS", ",".join(nths)))
    return Repeat("MONTHLY", _step(items), by)


def _step(items: Sequence[Item]) -> int:
    """Return the step that the frequency word says: "quarterly" is every third month."""
    return next((int(item.value[1]) for item in items if item.cls == "FREQ"), 1)


def month_days(items: Sequence[Item]) -> Repeat | None:
    """Build "every Aug on day 20 and 30" or "every 20th and 30th of August"."""
    numbers = [item.value for item in items if item.cls in ("NUM", "ORD", "SECOND")]
    months = [str(item.value) for item in items if item.cls == "MONTH"]
    if not all(1 <= n <= 31 for n in numbers):
        return None
    by = (("BYMONTHDAY", ",".join(map(str, numbers))), ("BYMONTH", ",".join(months)))
    return Repeat("YEARLY", 1, by)


def of_frequency(pair: tuple[str, int]) -> Repeat:
    """Repeat as a frequency word says."""
    return Repeat(*pair)


def freq_days(pair: tuple[str, int], *weekdays: int) -> Repeat | None:
    """Read "weekly on Monday"."""
    return days(weekdays, pair[1]) if pair[0] in ("WEEKLY", "DAILY") else None


def unit_days(unit: str, *weekdays: int) -> Repeat | None:
    """Read "every week on Monday"."""
    return (
        days(weekdays, 2 if unit == "fortnight" else 1) if unit in ("week", "fortnight") else None
    )


def n_unit_days(n: int, unit: str, *weekdays: int) -> Repeat | None:
    """Read "every 2 weeks on Monday"."""
    if unit == "day" and n % 7 == 0:  # "alle 14 Tage donnerstags"
        return days(weekdays, n // 7)
    return days(weekdays, n) if unit == "week" else None


def first_of(unit: str) -> Repeat | None:
    """Repeat on the first day of the unit."""
    return {
        "month": Repeat("MONTHLY", 1, (("BYMONTHDAY", "1"),)),
        "year": Repeat("YEARLY", 1, (("BYYEARDAY", "1"),)),
    }.get(unit)


def last_of(unit: str) -> Repeat | None:
    """Repeat on the last day of the unit."""
    return {
        "month": Repeat("MONTHLY", 1, (("BYMONTHDAY", "-1"),)),
        "year": Repeat("YEARLY", 1, (("BYYEARDAY", "-1"),)),
    }.get(unit)


def several_a(n: int, unit: str) -> Repeat | None:
    """Spread "twice a week" and "four times a year" evenly; of other units only the unit is kept."""
    spread = {2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5)}
    if unit == "week" and n in spread:
        return days(spread[n])
    if unit == "year" and n in (2, 3, 4, 6, 12):
        return Repeat("MONTHLY", 12 // n)
    return of_unit(unit)


def without(repeat: Repeat, *weekdays: int) -> Repeat | None:
    """Take weekdays out of a rule."""
    by = dict(repeat.by)
    current = by.get("BYDAY", ",".join(CODES)) if repeat.freq in ("DAILY", "WEEKLY") else ""
    left = [
        code for code in current.split(",") if code and code not in {CODES[n] for n in weekdays}
    ]
    return Repeat("WEEKLY", repeat.interval, (("BYDAY", ",".join(left)),)) if left else None
