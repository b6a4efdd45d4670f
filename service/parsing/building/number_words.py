# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `number_words` build."""

from collections.abc import Sequence

from service.parsing.engine import Item

_OCCASIONS = frozenset(
    (
        "lessons", "classes", "visits", "appointments", "treatments", "rehearsals", "payments",
        "instalments", "installments", "pickups", "collections", "deliveries", "shifts",
        "workshops", "games", "matches", "trainings", "meetings", "evenings", "calls", "injections",
        "termine", "treffen", "abende", "einheiten",
    )
)  # fmt: skip
_STANDARD = ("standard", "daylight", "summer")
_WORKING = frozenset(("business", "working", "work", "banking", "office"))


def total(*parts: int) -> int:
    """Read "twenty five minutes"."""
    return sum(parts)


def hundreds(head: int, *rest: int) -> int:
    """Read "six hundred"."""
    return head * 100 + sum(rest)


def thousands(head: int, *rest: int) -> int | None:
    """Read "two thousand and twenty seven"."""
    if rest and rest[0] < 10 and len(rest) > 1 and rest[1] < 10:  # two thousand one hundred …
        return None
    return head * 1000 + sum(rest)


def year(*parts: int) -> int | None:
    """Read "nineteen eighty four"."""
    head, rest = parts[0], sum(parts[1:])
    year = head * 100 + rest
    return year if head in (19, 20) and 10 <= rest < 100 else None


def one_on_one(a: int, b: int) -> str | None:
    """Read "1:1"."""
    return "one-on-one" if a == b == 1 else None


def nth_to_last(n: int, _: int) -> int:
    """Read "2nd to last"."""
    return -n


def working_day(word: str, unit: str) -> str | None:
    """Read "working day"."""
    return "workday" if unit == "day" and word in _WORKING else None


def o_clock_apart() -> str:
    """Read "at 5 o clock"."""
    return "o'clock"


def week_end(unit: str) -> str | None:
    """Read "week-end"."""
    return "weekend" if unit == "week" else None


def us_zone(zone: str) -> str:
    """Read "5 p.m. ET"."""
    return zone


def zone_time(zone: str, *standard: str) -> str | None:
    """Read "3pm Pacific time"."""
    return zone if not standard or standard[0] in _STANDARD else None


def a_hundred() -> int:
    """Read "a hundred"."""
    return 100


def n_times(n: int) -> int | None:
    """Read "4x"."""
    return n if n < 1000 else None


def n_lessons(n: int, word: str) -> int | None:
    """Read "eight lessons" as how often a rule happens."""
    return n if word in _OCCASIONS and 1 < n < 100 else None


def n_days(items: Sequence[Item]) -> int | None:
    """Read "six Mondays"; "gym 6 Mondays" may be when it is."""
    said = items[-1]
    return said.value if said.rule == "number-word" and 1 < said.value < 100 else None


def a_few_times() -> int:
    """Read "a few times"."""
    return 3


def next_n_days(_: float, n: int) -> int | None:
    """Read "next 4 wednesdays"."""
    return n if n < 1000 else None


def twice() -> int:
    """Read "twice"."""
    return 2


def price_after(n: object) -> object:
    """Read "two eggs"."""
    return n
