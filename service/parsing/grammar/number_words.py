# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Numbers in words become numbers; "3 times" and "twice" become counts."""

from service.parsing.engine import Rule, Stage
from service.parsing.zones import CITIES

_STANDARD = ("standard", "daylight", "summer")
_UNITS_DIGIT = "(SMALL|TEEN|TENS (dash? SMALL)?|NUM)"


def _total(*parts: int) -> int:
    return sum(parts)


def _hundreds(head: int, *rest: int) -> int:
    return head * 100 + sum(rest)


def _thousands(head: int, *rest: int) -> int | None:
    if rest and rest[0] < 10 and len(rest) > 1 and rest[1] < 10:  # two thousand one hundred …
        return None
    return head * 1000 + sum(rest)


def _year(*parts: int) -> int | None:
    head, rest = parts[0], sum(parts[1:])
    year = head * 100 + rest
    return year if head in (19, 20) and 10 <= rest < 100 else None


_WORKING = frozenset(("business", "working", "work", "banking", "office"))
NUMBERS = Stage(
    "numbers",
    [
        Rule("two-part-year", "(TEEN|TENS) (TEEN|TENS dash? SMALL?)", "YEAR", _year),
        Rule("tens-and-ones", "TENS dash? SMALL", "NUM", _total),
        Rule("tens-and-ordinal", "TENS dash? ORDINAL", "ORD", _total),
        Rule("number-word", "SMALL|TEEN|TENS", "NUM", _total),
        Rule("hundreds", f"(SMALL|TEEN|NUM) hundred (and? {_UNITS_DIGIT})?", "NUM", _hundreds),
        Rule("year-in-words", f"SMALL thousand (and? {_UNITS_DIGIT})?", "YEAR", _thousands),
        Rule("one-on-one", "(SMALL|NUM) (on|colon|dash on dash) (SMALL|NUM)", "WORD", lambda a, b: "one-on-one" if a == b == 1 else None),
        Rule("nth-to-last", "ORDINAL (to|from) (the)? LAST", "LAST", lambda n, _: -n),
        Rule("nth-last", "(ORD|SECOND) LAST (?=WEEKDAY|UNIT)", "LAST", lambda n, _: -n),
        Rule("working-day", "WORD UNIT", "UNIT", lambda word, unit: "workday" if unit == "day" and word in _WORKING else None),
        Rule("o-clock-apart", "oh quote? clock", "oclock", lambda: "o'clock"),
        Rule("week-end", "UNIT dash? end", "UNIT", lambda unit: "weekend" if unit == "week" else None),
        Rule("us-zone", "(?<=AMPM|CLOCK) USZONE", "ZONE", lambda zone: zone),
        Rule("city-time", "WORD time", "ZONE", CITIES.get),
        Rule("zone-time", "ZONE WORD? time?", "ZONE", lambda zone, *standard: zone if not standard or standard[0] in _STANDARD else None),
        Rule("a-hundred", "a hundred", "NUM", lambda: 100),
    ],
)  # fmt: skip
COUNTS = Stage(
    "counts",
    [
        Rule("n-times", "for? NUM times", "COUNT", lambda n: n if n < 1000 else None),
        Rule("a-few-times", "for? a few times", "COUNT", lambda: 3),
        Rule("x-times", "times NUM (?!WORD|UNIT)", "COUNT", lambda n: n if n < 1000 else None),
        Rule("next-n-days", "for? the? (NEXT|COMING|FOLLOWING) NUM (?=REPEAT)", "COUNT", lambda _, n: n if n < 1000 else None),
        Rule("for-n-days", "for NUM (?=REPEAT)", "COUNT", lambda n: n if n < 1000 else None),
        Rule("twice", "twice", "COUNT", lambda: 2),
        Rule("thrice", "thrice", "COUNT", lambda: 3),
        Rule("price-after", "NUM money|DECIMAL money", "JUNK", lambda n: n),
    ],
)  # fmt: skip
