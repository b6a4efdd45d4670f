# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""What the rows of `nth_days` build."""

from collections.abc import Sequence

from service.parsing.building.repeats import (
    last_of,
    of_items,
)
from service.parsing.engine import Item
from service.parsing.values import (
    Repeat,
)

_HABITS = frozenset("meets meet rehearses gathers convenes trains practises practices".split())


def frequency_on_nth(items: Sequence[Item]) -> Repeat | None:
    """Read "monthly on the last Friday", "quarterly on the 5th"."""
    unit, step = items[0].value
    rule = of_items(items) if unit == "MONTHLY" else None
    return rule._replace(interval=step * rule.interval) if rule else None


def meets_on_nth(items: Sequence[Item]) -> Repeat | None:
    """Read "meets the 2nd Tuesday of the month": what is a habit happens in each of them."""
    if items[0].value not in _HABITS or items[-1].value != "month":
        return None
    return of_items(items[1:])


def several_on_nths(items: Sequence[Item]) -> Repeat | None:
    """Read "twice a month, on the 5th and the 20th"."""
    unit = next(item.value for item in items if item.cls == "UNIT")
    return of_items([item for item in items if item.cls != "NUM"]) if unit == "month" else None


def every_month_end(unit: str, *_: int) -> Repeat | None:
    """Read "every month at the end"."""
    return last_of(unit)
