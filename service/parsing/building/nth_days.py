"""What the rows of `nth_days` build."""

from collections.abc import Sequence
from typing import Any

from service.parsing.building.repeats import (
    last_of,
    of_items,
)
from service.parsing.engine import Item
from service.parsing.values import (
    Repeat,
)


def frequency_on_nth(items: Sequence[Item]) -> Any:
    """Read "monthly on the last Friday"."""
    return of_items(items) if items[0].value[0] == "MONTHLY" else None


def every_month_end(unit: str, *_: int) -> Repeat | None:
    """Read "every month at the end"."""
    return last_of(unit)
