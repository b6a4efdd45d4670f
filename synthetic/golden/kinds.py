"""What kind of mistake an answer makes, so that mistakes can be counted and fixed together."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from synthetic.golden.case import Case
from synthetic.golden.comparators import moment

NO_ANSWER: Final = "no answer"
_FREQUENCY: Final = re.compile(r"FREQ=([A-Z]+)")
_HALF_A_DAY: Final = timedelta(hours=12)
_WEEK: Final = timedelta(days=7)


def kinds_of(case: Case, event: Mapping[str, object], right: Mapping[str, bool]) -> tuple[str, ...]:
    """Return the kinds of mistake in an answer, none for a right one."""
    found = []
    for name in (name for name, is_right in right.items() if not is_right):
        expected, actual, rule = case.expected[name], event.get(name), case.spec.rule(name)
        if rule.invented and expected is None:
            return (rule.invented,)
        if rule.mistake:
            found.append(rule.mistake)
        elif rule.optional:
            found.append(f"{_sort(expected, actual)} {name}")
        elif rule.compare == "moment" and expected is not None:
            found.append(_moved(name, expected, actual))
        else:
            found.append(f"wrong {name}")
    return tuple(found)


def start_kind(value: object) -> str:
    """Return whether a start is a time, a whole day, or nothing."""
    if value is None:
        return "nothing"
    return "day" if len(str(value)) == len("2026-03-11") else "time"


def rule_kind(value: object) -> str:
    """Return how often a rule repeats: its FREQ in lower case, or never."""
    found = _FREQUENCY.search(str(value or "").upper())
    return found[1].lower() if found else "never"


def _sort(expected: object, actual: object) -> str:
    if not actual:
        return "missing"
    return "wrong" if expected else "invented"


def _moved(name: str, expected: object, actual: object) -> str:
    if actual is None:
        return f"missing {name}"
    wanted, found = moment(expected), moment(actual)
    if isinstance(wanted, datetime) and isinstance(found, datetime):
        return _by_distance(found - wanted, same_day=str(expected)[:10] == str(actual)[:10])
    if isinstance(wanted, datetime) or isinstance(found, datetime | str):
        return "date for time" if isinstance(wanted, datetime) else "time for date"
    if isinstance(wanted, date) and isinstance(found, date):
        return _by_distance(found - wanted, same_day=False)
    return "wrong day"


def _by_distance(distance: timedelta, *, same_day: bool) -> str:
    if abs(distance) == _WEEK:
        return "off by a week"
    if abs(distance) == _HALF_A_DAY and same_day:
        return "am or pm"
    if same_day:
        return "wrong time"
    return "wrong year" if abs(distance) >= timedelta(days=364) else "wrong day"
