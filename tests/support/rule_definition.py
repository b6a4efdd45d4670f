"""When a rule happens by the words of RFC 5545, 3.3.10: slowly, by looking at every day."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby, product
from typing import Final

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
UNITS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_DAY: Final = timedelta(days=1)
_FOR_EVER: Final = 10**6


class Definition:
    """A rule as it is written, and the start that completes it."""

    def __init__(self, text: str, start: datetime) -> None:
        parts = dict(part.split("=") for part in text.split(";"))
        self.frequency, self.start = parts["FREQ"], start
        self.interval, self.count = int(parts.get("INTERVAL", 1)), parts.get("COUNT")
        self.week_start = DAYS.index(parts.get("WKST", "MO"))
        self.parts = {name: value.split(",") for name, value in parts.items()}
        if not {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"} & parts.keys():
            if self.frequency == "YEARLY":
                self.parts.setdefault("BYMONTH", [str(start.month)])
            if self.frequency in {"YEARLY", "MONTHLY"}:
                self.parts["BYMONTHDAY"] = [str(start.day)]
            if self.frequency == "WEEKLY":
                self.parts["BYDAY"] = [DAYS[start.weekday()]]

    def times(self, end: datetime) -> list[datetime]:
        """Return every time from the start to an end."""
        found: list[datetime] = []
        for period in self._units(end) if self.frequency in UNITS else self._periods(end):
            chosen = sorted(set(period))
            if "BYSETPOS" in self.parts:
                size = len(chosen)
                places = {p - 1 if p > 0 else size + p for p in self._numbers("BYSETPOS")}
                chosen = [chosen[place] for place in sorted(places) if 0 <= place < size]
            found += [moment for moment in chosen if self.start <= moment < end]
        return found[: int(self.count)] if self.count else found

    def _numbers(self, name: str) -> list[int]:
        return [int(item) for item in self.parts.get(name, ())]

    def _units(self, end: datetime) -> Iterator[list[datetime]]:
        """Yield the times of each hour, minute or second that the interval has."""
        size = UNITS[self.frequency]
        since_midnight = self.start - datetime.combine(self.start, time())
        unit = self.start - timedelta(seconds=since_midnight.seconds % size)
        while unit < end:
            if self._fits(unit.date()):
                inner = [
                    self._numbers("BYHOUR") or [unit.hour],
                    self._numbers("BYMINUTE")
                    or [self.start.minute if self.frequency == "HOURLY" else unit.minute],
                    self._numbers("BYSECOND")
                    or [unit.second if self.frequency == "SECONDLY" else self.start.second],
                ]
                every = (unit.replace(hour=h, minute=m, second=s) for h, m, s in product(*inner))
                last = unit + timedelta(seconds=size)
                yield [moment for moment in every if unit <= moment < last]
            unit += timedelta(seconds=size * self.interval)

    def _periods(self, end: datetime) -> Iterator[list[datetime]]:
        """Yield the times of each day, week, month or year that the interval has."""
        first = self._number(self.start.date())
        day = self.start.date()
        while self._number(day - _DAY) == first:
            day -= _DAY
        days = [day + n * _DAY for n in range((end.date() - day).days + 400)]
        clocks = [
            time(*clock)
            for clock in product(
                self._numbers("BYHOUR") or [self.start.hour],
                self._numbers("BYMINUTE") or [self.start.minute],
                self._numbers("BYSECOND") or [self.start.second],
            )
        ]
        for number, period in groupby(days, key=self._number):
            if (number - first) % self.interval == 0:
                fitting = filter(self._fits, period)
                yield [datetime.combine(day, clock) for day in fitting for clock in clocks]

    def _number(self, day: date) -> int:
        """Return which day, week, month or year a day is in."""
        return {
            "DAILY": day.toordinal(),
            "WEEKLY": (day.toordinal() - 1 - self.week_start) // 7,
            "MONTHLY": day.year * 12 + day.month,
            "YEARLY": day.year,
        }[self.frequency]

    def _fits(self, day: date) -> bool:
        of_month = calendar.monthrange(day.year, day.month)[1]
        of_year, number = 365 + calendar.isleap(day.year), day.timetuple().tm_yday
        if not (
            self._is_among("BYMONTH", day.month, _FOR_EVER)
            and self._is_among("BYMONTHDAY", day.day, of_month)
            and self._is_among("BYYEARDAY", number, of_year)
            and ("BYWEEKNO" not in self.parts or self._is_among("BYWEEKNO", *self._week(day)))
        ):
            return False
        by_month = self.frequency == "MONTHLY" or "BYMONTH" in self.parts
        place, size = (day.day, of_month) if by_month else (number, of_year)
        ordinals = {"", str((place - 1) // 7 + 1), str(-((size - place) // 7 + 1))}
        return "BYDAY" not in self.parts or any(
            item[-2:] == DAYS[day.weekday()] and item[:-2].lstrip("+") in ordinals
            for item in self.parts["BYDAY"]
        )

    def _is_among(self, name: str, number: int, size: int) -> bool:
        wanted = self._numbers(name)
        return not wanted or number in wanted or number - size - 1 in wanted

    def _week(self, day: date) -> tuple[int, int]:
        """Return the number of a day's week, and how many its year has.

        A week is of the year that has most of its days, and so its fourth one.
        """
        fourth = day - timedelta(days=(day.weekday() - self.week_start) % 7 - 3)
        number, last = (fourth.timetuple().tm_yday - 1) // 7 + 1, fourth
        while (last + timedelta(days=7)).year == fourth.year:
            last += timedelta(days=7)
        return number, (last.timetuple().tm_yday - 1) // 7 + 1
