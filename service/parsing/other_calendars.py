# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Holidays of other calendars: the Hebrew one and Orthodox Easter by rule, others by a table."""

from datetime import date, timedelta

_HEBREW_EPOCH = -1373427  # as a proleptic Gregorian ordinal
# Days after the Hebrew new year of the same autumn, or after Passover in the spring.
_AFTER_NEW_YEAR = {"rosh hashanah": 0, "yom kippur": 9, "sukkot": 14}
_AROUND_PASSOVER = {"purim": -30, "passover": 0, "shavuot": 50}
# What follows the moon as it is seen, or is set by an office: month and day of each year.
_TABLES: dict[str, dict[int, tuple[int, int]]] = {
    "chinese new year": {
        2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29),
        2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23),
        2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
    },
    "eid al-fitr": {
        2024: (4, 10), 2025: (3, 30), 2026: (3, 20), 2027: (3, 9), 2028: (2, 26), 2029: (2, 14),
        2030: (2, 4),
    },
    "eid al-adha": {
        2024: (6, 16), 2025: (6, 6), 2026: (5, 27), 2027: (5, 16), 2028: (5, 5), 2029: (4, 24),
        2030: (4, 13),
    },
    "ramadan": {
        2024: (3, 11), 2025: (3, 1), 2026: (2, 18), 2027: (2, 8), 2028: (1, 28), 2029: (1, 16),
        2030: (1, 6),
    },
    "diwali": {
        2024: (10, 31), 2025: (10, 20), 2026: (11, 8), 2027: (10, 29), 2028: (10, 17),
        2029: (11, 5), 2030: (10, 26),
    },
}  # fmt: skip
NAMES = (
    "orthodox easter", "orthodox good friday", "hanukkah",
    *_AFTER_NEW_YEAR, *_AROUND_PASSOVER, *_TABLES,
)  # fmt: skip
ALSO = {
    "greek orthodox easter": "orthodox easter", "greek easter": "orthodox easter",
    "eastern easter": "orthodox easter", "russian easter": "orthodox easter",
    "coptic easter": "orthodox easter", "pesach": "passover", "jewish new year": "rosh hashanah",
    "rosh hashana": "rosh hashanah", "chanukah": "hanukkah", "hanukah": "hanukkah",
    "lunar new year": "chinese new year", "spring festival": "chinese new year",
    "eid al - fitr": "eid al-fitr", "eid al fitr": "eid al-fitr", "eid ul - fitr": "eid al-fitr",
    "eid ul fitr": "eid al-fitr", "eid al - adha": "eid al-adha", "eid al adha": "eid al-adha",
    "eid ul - adha": "eid al-adha", "eid ul adha": "eid al-adha", "deepavali": "diwali",
}  # fmt: skip


class UnknownYearError(LookupError):
    """The table of a holiday does not reach so far."""

    def __init__(self, name: str, year: int) -> None:
        super().__init__(f"the day of {name} in {year} is not known here")


def on(name: str, year: int) -> date:
    """Return the day of a holiday in `year`; UnknownYearError where no rule or table knows it."""
    if name in _AFTER_NEW_YEAR:
        return _hebrew_new_year(year + 3761) + timedelta(days=_AFTER_NEW_YEAR[name])
    if name in _AROUND_PASSOVER:
        return _passover(year) + timedelta(days=_AROUND_PASSOVER[name])
    if name == "hanukkah":
        return _hanukkah(year)
    if name == "orthodox easter":
        return _orthodox_easter(year)
    if name == "orthodox good friday":
        return _orthodox_easter(year) - timedelta(days=2)
    day = _TABLES[name].get(year)
    if day is None:
        raise UnknownYearError(name, year)
    return date(year, *day)


def _orthodox_easter(year: int) -> date:
    """Return Orthodox Easter Sunday (Meeus' Julian algorithm)."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def _elapsed(year: int) -> int:
    """Return the days from the Hebrew epoch to the molad of a year, the first delay included."""
    months = (235 * year - 234) // 19
    day = 29 * months + (12084 + 13753 * months) // 25920
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


def _hebrew_new_year(year: int) -> date:
    """Return the first day of a Hebrew year (Reingold and Dershowitz, Calendrical Calculations)."""
    before, this, after = (_elapsed(year + step) for step in (-1, 0, 1))
    delay = 2 if after - this == 356 else int(this - before == 382)
    return date.fromordinal(_HEBREW_EPOCH + this + delay)


def _passover(year: int) -> date:
    return _hebrew_new_year(year + 3761) - timedelta(days=163)


def _hanukkah(year: int) -> date:
    """Return the 25th of Kislev: a day later in a year of 355 or 385 days."""
    first, following = _hebrew_new_year(year + 3761), _hebrew_new_year(year + 3762)
    return first + timedelta(days=83 + ((following - first).days % 10 == 5))
