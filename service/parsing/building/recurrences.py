"""What the rows of `recurrences` build."""

from collections.abc import Sequence

from service.parsing.building.anniversaries import yearly, yearly_on
from service.parsing.building.moments import point
from service.parsing.building.repeats import (
    CODES,
    days,
)
from service.parsing.engine import Item
from service.parsing.values import (
    Fields,
    Moment,
    Repeat,
)

_HOLIDAYS = frozenset(("holidays", "holiday"))


def slashed_days(*d: int) -> Repeat:
    """Read "Monday/Wednesday"."""
    return days(d)


def in_the_parts() -> Repeat:
    """Read "in the mornings"."""
    return Repeat("DAILY")


def parts_of_days(part: str) -> str:
    """Read "mornings"."""
    return part


def day_list_with_repeat(a: Repeat, b: Repeat) -> Repeat | None:
    """Read "every Monday and every Thursday"."""
    return (
        days([CODES.index(c) for r in (a, b) for c in dict(r.by)["BYDAY"].split(",")], a.interval)
        if a.freq == b.freq == "WEEKLY" and all("BYDAY" in dict(r.by) for r in (a, b))
        else None
    )


def except_dates(*dates: object) -> tuple[object, ...]:
    """Read "not Sunday"."""
    return dates


def apart_from(word: str, days: object) -> tuple[object, ...] | None:
    """Read "apart from Wednesdays"."""
    if word not in ("apart", "aside"):
        return None
    return except_days_apart(days) if isinstance(days, Repeat) else (days,)


def except_days_apart(days: Repeat) -> tuple[object, ...] | None:
    """Read "except fridays"."""
    return (days,) if dict(days.by).keys() == {"BYDAY"} else None


def except_holidays(*words: str) -> tuple[str] | None:
    """Read "and holidays"."""
    return ("holidays",) if words[-1] in _HOLIDAYS else None


def every_year_on_dates(r: Repeat, *dates: object) -> Repeat | None:
    """Read "every year on May 3rd and May 10th"."""
    return yearly_on(*dates) if r == Repeat("YEARLY") else None


def date_every_year(d: object, r: Repeat) -> Repeat | None:
    """Read "june 3 every year"."""
    return (
        yearly(d)
        if r == Repeat("YEARLY")
        or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month)
        else None
    )


def every_year_date(r: Repeat, d: object) -> Repeat | None:
    """Read "annually on 14 July"."""
    return (
        yearly(d)
        if r == Repeat("YEARLY")
        or (r == Repeat("MONTHLY") and isinstance(d, Fields) and not d.month)
        else None
    )


def not_but(items: Sequence[Item]) -> Moment:
    """Read "not on Monday but Tuesday at 3pm"."""
    cut = next(n for n, item in enumerate(items) if n > 1 and item.cls in ("except", "and"))
    return point(items[cut + 1 :])


def not_comma(items: Sequence[Item]) -> Moment:
    """Read "not Thursday, Friday at 3pm"."""
    cut = next(n for n, item in enumerate(items) if item.cls == "comma")
    return point(items[cut + 1 :])


def inclusive(span: object) -> object:
    """Read "from April 6 to April 10 inclusive": both ends count anyway."""
    return span
