# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `clocks` build."""

from collections.abc import Sequence

from service.parsing.engine import Item
from service.parsing.values import (
    Clock,
    ClockSpan,
    DayShift,
    Fields,
    MinutePast,
    Moment,
)

_EVENING = frozenset(("evening", "night", "afternoon", "dinnertime", "dusk"))
_SPOKEN = ("number-word", "tens-and-ones")


def clock(hour: int, minute: int = 0, half: str = "") -> Clock | None:
    """Return a time of day, or None when there is no such time."""
    if hour > 24 or minute > 59 or hour < 0:
        return None
    if half in ("am", "pm") and hour > 12:
        half = "24"  # "23PM" can only mean 23:00
    if hour == 24:  # the end of the day
        return Clock(24, 0, 0, "24") if minute == 0 else None
    return Clock(hour, minute, 0, half or ("24" if hour > 12 or hour == 0 else ""))


def with_half(time: Clock, half: str = "") -> Clock | None:
    """Read "9:30"."""
    made = clock(time.hour, time.minute, half or time.half)
    return made._replace(second=time.second) if made and time.second < 60 else made


def number(number: int, half: str = "") -> Clock | None:
    """Read "3p"."""
    if number >= 100:  # "eight hundred am", "six hundred and forty five am"
        return clock(number // 100, number % 100, half)
    return clock(number, 0, half)


def two(hour: int, minute: int, half: str = "") -> Clock | None:
    """Read "at one thirty pm"."""
    return clock(hour, minute, half) if hour <= 24 and 10 <= minute <= 59 else None


def decimal(text: str, half: str = "") -> Clock | None:
    """Read "1.5 hours"."""
    hour, minute = text.split(".")
    exact = half or ("24" if hour[0] == "0" else "")  # "06.25"
    return clock(int(hour), int(minute), exact) if len(minute) == 2 else None


def decimal_clock(text: str) -> Clock | None:
    """Read "8.15" before a day; a minute that no clock face shows is rather an amount."""
    time = decimal(text)
    return time if time and time.minute % 5 == 0 else None


def doors(time: int | str | Clock, half: str = "") -> Clock | None:
    """Read "doors 7" and "KO 2.30pm"."""
    if isinstance(time, Clock):
        return with_half(time, half)
    if isinstance(time, str):
        return decimal(time, half)
    return clock(time, 0, half) if time <= 12 else None


def hour_for_time(come: int | str, start: Clock | int | str, half: str = "") -> Clock | None:
    """Read "7 for 7.30": people come at the first, and half an hour later it begins."""
    first = decimal_clock(come) if isinstance(come, str) else clock(come)
    last = decimal_clock(start) if isinstance(start, str) else start
    last = clock(last) if isinstance(last, int) else last
    if first is None or not isinstance(last, Clock):
        return None
    apart = (last.hour % 12 * 60 + last.minute - first.hour % 12 * 60 - first.minute) % 720
    if not 0 < apart <= 60 or first.hour > 12:
        return None
    return first._replace(half=half or last.half) if last.hour != 12 else first


def spoken_minutes_to(items: Sequence[Item]) -> Clock | None:
    """Read "ten to five" when both are in words and the minutes are those people say."""
    minute, hour = (item for item in items if item.cls == "NUM")
    spoken = minute.rule in _SPOKEN and hour.rule in _SPOKEN
    if not spoken or minute.value not in (5, 10, 20, 25) or not 1 <= hour.value <= 12:
        return None
    return minutes_to(minute.value, hour.value)


def minutes_to_or_hours(items: Sequence[Item]) -> Clock | None:
    """Read "10 to 9" as 8:50, as hardly anything lasts from 10 to 9, and "at 10 to 6" as 5:50."""
    minute, hour = (item.value for item in items if item.cls == "NUM")
    led = items[0].cls == "at"
    if minute not in (5, 10) or not 1 <= hour <= 12 or not (led or (hour - minute) % 12 >= 10):
        return None
    return minutes_to(minute, hour)


def spoken_minutes_to_half(items: Sequence[Item]) -> Clock | None:
    """Read "at ten to nine pm"."""
    time = spoken_minutes_to(items[:-1])
    return time and time._replace(half=items[-1].value)


def many_minutes_to(minute: int, hour: int, half: str = "") -> Clock | None:
    """Read "20 to 5 pm", which is no stretch: no clock with am and pm has twenty hours."""
    return minutes_to(minute, hour, half) if minute in (20, 25) and 1 <= hour <= 12 else None


def minutes_past(minute: int, *rest: int | str) -> Clock | None:
    """Read "ten past one"."""
    numbers = [value for value in rest if not isinstance(value, str) or value in ("am", "pm", "")]
    if len(numbers) != len(rest) and "minute" not in rest:
        return None
    hour, half = numbers[0], numbers[1] if len(numbers) > 1 else ""
    return clock(int(hour), minute, str(half))


def minutes_to(minute: int, *rest: int | str) -> Clock | None:
    """Read "ten minutes to six pm"."""
    past = minutes_past(minute, *rest)
    if past is None or not 0 < minute < 60:
        return None
    return clock((past.hour - 1) % 24 or 12, 60 - minute, past.half if past.half != "24" else "")


def noon(hour: int) -> Clock:
    """Read "noon"."""
    return Clock(hour, 0, 0, "24")


def in_part(number: int, part: str) -> Clock | None:
    """Return an hour in the part of the day that is said with it."""
    if part not in _EVENING and part not in ("morning", "dawn"):
        return None
    if part == "night" and (number < 5 or number == 12):
        return clock(number, 0, "am")
    return clock(
        number, 0, "pm" if part in _EVENING and number < 12 else "am" if part == "morning" else ""
    )


def span(start: Clock | int | None, end: Clock | int | None) -> ClockSpan | None:
    """Return a span between two times; plain numbers are hours still without am or pm."""
    first = clock(start) if isinstance(start, int) else start
    last = clock(end) if isinstance(end, int) else end
    if not isinstance(first, Clock) or not isinstance(last, Clock):
        return None
    return ClockSpan(first, last)


def hyphened_clock(h: int, m: int) -> Clock | None:
    """Read "at 5-30 tomorrow"."""
    return clock(h, m) if h <= 12 and 25 <= m <= 59 and m % 5 == 0 else None


def hyphened_clock_ampm(h: int, m: int, half: str) -> Clock | None:
    """Read "at 5-15 pm"."""
    return clock(h, m, half) if h <= 12 and 13 <= m <= 59 else None


def compact_before_day(c: Clock) -> Clock | None:
    """Read "1430 tomorrow" and "1230 tomorrow"."""
    return c if c.half == "24" or (c.hour >= 10 and c.minute % 15 == 0) else None


def half_past(n: int, half: str = "") -> Clock | None:
    """Read "half past seven"."""
    return clock(n, 30, half)


def half_past_clock(c: Clock, *_: str) -> Clock:
    """Read "half past 9:30"."""
    return c


def quarter_past(n: int, half: str = "") -> Clock | None:
    """Read "quater past 5"."""
    return clock(n, 15, half)


def quarter_to(n: int, half: str = "") -> Clock | None:
    """Read "quarter to 5 pm"."""
    return minutes_to(15, n, half)


def past_the_hour(n: int, *unit: str) -> MinutePast | None:
    """Read "at 20 past"."""
    return MinutePast(n) if n < 60 and all(u in ("minute", "hour") for u in unit) else None


def half_past_the_hour() -> MinutePast:
    """Read "at half past"."""
    return MinutePast(30)


def quarter_past_the_hour() -> MinutePast:
    """Read "at a quarter past"."""
    return MinutePast(15)


def quarter_to_the_hour() -> MinutePast:
    """Read "at a quarter to"."""
    return MinutePast(45)


def beginning() -> str:
    """Read the word before a time: "beginning at 4"."""
    return "starting"


def start_of_business(word: str) -> Clock | None:
    """Read "start of business"."""
    return Clock(9, 0, 0, "24") if word in ("business", "work", "play") else None


def mid_day(u: str) -> Clock | None:
    """Read "the middle of the day"."""
    return noon(12) if u == "day" else None


def noon_thirty(hour: int, n: int) -> Clock | None:
    """Read "noon thirty"."""
    return Clock(hour, n, 0, "24") if 10 <= n < 60 else None


def twelve_noon(time: Clock | int, hour: int) -> Clock | None:
    """Read "12 noon"."""
    return noon(hour) if isinstance(time, Clock) or time == 12 else None


def military(c: Clock, unit: str) -> Clock | None:
    """Read "1430 hours"."""
    return c if unit == "hour" else None


def at_compact(*v: Clock) -> Clock | None:
    """Read "at 1845"."""
    return with_half(v[-1]) if len(v) == 1 else None


def at_year_like(n: int) -> Clock | None:
    """Read "at 2027"."""
    return clock(n // 100, n % 100, "24")


def at_hour(n: int) -> Clock | None:
    """Read "@ 6"."""
    return clock(n) if n <= 12 else None


def at_hour_of_24(n: int) -> Clock | None:
    """Read "at 17"."""
    return clock(n) if n <= 24 else None


def at_compact_hour(n: int) -> Clock | None:
    """Read "at 930"."""
    return number(n) if n >= 100 else None


def hour_before_zone(n: Clock | int) -> Clock | None:
    """Read "0800 GMT"."""
    if isinstance(n, Clock):
        return n
    return clock(n) if n <= 24 else None


def clock_h(c: Clock, unit: str) -> Clock | None:
    """Read "9:30h"."""
    return with_half(c) if unit == "hour" else None


def end_of_business() -> Clock:
    """Read "by eod"."""
    return Clock(17, 0, 0, "24")


def close_of_business(a: str, b: str) -> Clock | None:
    """Read "by close of play"."""
    return Clock(17, 0, 0, "24") if a == "close" and b in ("business", "play") else None


def end_of_play(what: str) -> Clock | None:
    """Read "end of play"."""
    return Clock(17, 0, 0, "24") if what in ("play", "business", "work") else None


def half_past_noon(hour: int) -> Clock:
    """Read "half past noon"."""
    return Clock(hour, 30, 0, "24")


def quarter_past_noon(hour: int) -> Clock:
    """Read "quarter past noon"."""
    return Clock(hour, 15, 0, "24")


def quarter_to_noon(hour: int) -> Clock:
    """Read "a quarter to noon"."""
    return Clock((hour - 1) % 24, 45, 0, "24")


def minutes_past_noon(n: int, *v: int | str) -> Clock | None:
    """Read "10 minutes past noon"."""
    good = (n < 60 and len(v) < 2) or v[0] == "minute"
    return Clock(int(v[-1]), n, 0, "24") if good else None


def minutes_to_noon(n: int, u: str, hour: int) -> Clock | None:
    """Read "5 minutes to midnight"."""
    return Clock((hour - 1) % 24, 60 - n, 0, "24") if u == "minute" and 0 < n < 60 else None


def hour_before_tonight(n: int) -> Clock | None:
    """Read "8 tonight"."""
    return clock(n, 0, "pm") if 1 <= n < 12 else None


def hour_of_meal(n: int) -> Clock | None:
    """Read "dinner 7"."""
    return clock(n) if 1 <= n <= 12 else None


def hour_in_part(n: int, *v: int | str) -> Clock | None:
    """Read "8 in the evening"."""
    return in_part(n, str(v[-1])) if len(v) == 1 or v[0] == 0 else None


def hour_minute_in_part(h: int, m: int, part: str) -> Clock | None:
    """Read "three fifteen in the morning"."""
    hour = in_part(h, part)
    return two(h, m, hour.half) if hour else None


def hour_of_24(hour: int) -> Clock | None:
    """Read "19h": so many hours are rarely meant as an amount."""
    return clock(hour, 0, "24") if hour >= 13 else None


def hour_with_h(hour: int) -> Clock | None:
    """Read "at 9h"."""
    return clock(hour, 0, "24")


def morning_hour_with_h(hour: int) -> Clock | None:
    """Read "Friday 9h"; "tomorrow 2h" is how long."""
    return clock(hour, 0, "24") if hour >= 6 else None


def dotted(date: Fields) -> Clock | None:
    """Read "at 9.10." at the end of a sentence."""
    return clock(date.day or 0, date.month or 0)


def hour_oh_minute(hour: int, minute: int, half: str = "") -> Clock | None:
    """Read "ten oh five"."""
    return clock(hour, minute, half) if hour <= 24 and minute < 10 else None


def hour_zero_minute(hour: int, zero: int, minute: int, half: str = "") -> Clock | None:
    """Read "fourteen zero five"."""
    return None if zero else hour_oh_minute(hour, minute, half)


def spoken_military(items: Sequence[Item]) -> Clock | None:
    """Read "fourteen hundred hours"; "1400 hours" may be an amount."""
    said = next(item for item in items if item.cls == "NUM")
    if said.rule != "hundreds" or not 100 <= said.value <= 2400:
        return None
    if items[-1].cls == "UNIT" and items[-1].value != "hour":
        return None
    return clock(said.value // 100, said.value % 100, "24")


def spoken_minutes_to_noon(items: Sequence[Item]) -> Clock | None:
    """Read "ten to midnight" where the minutes are in words."""
    said, _, noon = items
    if said.rule not in _SPOKEN or said.value not in (5, 10, 20, 25):
        return None
    return Clock((noon.value - 1) % 24, 60 - said.value, 0, "24")


def part_hour(part: str, hour: int) -> Clock | None:
    """Read "morning 11"."""
    if part not in ("morning", "afternoon", "evening", "night") or not 1 <= hour <= 12:
        return None
    return in_part(hour, part)


def hour_before_day(hour: int, day: int) -> Moment | None:
    """Read "10 tomorrow"."""
    return Moment(DayShift(day), clock(hour)) if 1 <= hour <= 12 else None


def oh_hour_minute(hour: int, minute: int) -> Clock | None:
    """Read "oh six fifty"."""
    return clock(hour, minute, "24") if hour < 10 and minute >= 10 else None


def oh_hundred(number: int, unit: str = "hour") -> Clock | None:
    """Read "oh nine hundred"."""
    if not 100 <= number < 1000 or unit != "hour":
        return None
    return clock(number // 100, number % 100, "24")
