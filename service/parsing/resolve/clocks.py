# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Times of day: am or pm where it was not said, spans, and the hours of the parts of the day."""

from datetime import datetime, timedelta

from service.parsing.model import Preferences
from service.parsing.values import Clock, ClockSpan

_AM_PARTS = frozenset(("morning", "dawn", "breakfasttime"))
# Words in the request that say which half of the day a bare hour means.
_MORNING_TOPICS = frozenset(
    (
        "breakfasttime brunch standup morning gym jog jogging run school church early tee train "
        "flight ferry commute nursery kindergarten dropoff bins "
        "waste recycling fasting zug flug kita müll"
    ).split()
)
# What is on by day, so that "at 7" is in the morning, and "at 6" in the afternoon.
_DAY_TOPICS = frozenset(
    (
        "dentist doctor gp vet physio hygienist optician clinic hospital surgery mri scan dialysis "
        "plumber electrician boiler mechanic garage mot "
        "brakes tyres tires blood checkup zahnarzt arzt werkstatt handwerker tüv klempner "
        "zahnarzttermin arzttermin"
    ).split()
)
_EARLY_TOPICS = frozenset(("wake", "alarm", "sunrise"))
_EVENING_TOPICS = frozenset(
    (
        "dinnertime party drinks drink bar movie movies film concert show date game night bed "
        "prom theater theatre opera happy beer pub wine practice bbq barbecue cocktail "
        "cocktails poker wrestling bowling cinema karaoke tv evening afternoon dance gala listing "
        "rehearsal table reservation nightclub kino konzert grillen feier stammtisch"
    ).split()
)
_NIGHT_TOPICS = frozenset(
    "dinnertime drinks drink bar beer pub bed night nightcap nightclub clubbing cocktails".split()
)
# When a part of the day begins, where no preference says it, and when one of hours ends.
_BEGINS = {
    "lunchtime": 12, "breakfasttime": 8, "dinnertime": 18, "daytime": 8, "dawn": 6, "dusk": 18,
    "teatime": 16, "bedtime": 21,
}  # fmt: skip
_ENDS = {
    "morning": 12,
    "afternoon": 18,
    "evening": 22,
    "night": 24,
    "dinnertime": 20,
    "daytime": 18,
}


def topic_half(words: set[str]) -> str:
    """Return which half of the day what is scheduled says, "" where it says nothing.

    "late" is "pm" even at 11, "early" is "am" even at 5, and a "day" begins at 7.
    """
    if words & _EARLY_TOPICS:
        return "early"
    if "breakfasttime" in words:
        return "am"
    if words & _NIGHT_TOPICS:
        return "late"
    if words & _EVENING_TOPICS:
        return "pm"
    if words & _DAY_TOPICS:
        return "day"
    return "am" if words & _MORNING_TOPICS else ""


def window(part: str, edge: str, preferences: Preferences) -> tuple[int, int]:
    """Return the first and last hour of a part of the day."""
    start = {
        **_BEGINS,
        "morning": preferences.morning_hour, "afternoon": preferences.afternoon_hour,
        "evening": preferences.evening_hour, "night": preferences.night_hour,
    }[part]  # fmt: skip
    end = _ENDS.get(part, start + 1)
    if edge == "early":
        start = max(start - 1, 0) if part == "morning" else start - 1
    elif edge == "late":
        start = (start + end) // 2
    return start, max(end, start + 1)


def settle(clock: Clock, part: str, topic: str, preferences: Preferences) -> Clock:
    """Return the clock with am or pm decided; `half` of the result is never ""."""
    if clock.half == "24":
        return clock
    half = clock.half
    if not half and part:
        half = "am" if part in _AM_PARTS or (part == "night" and clock.hour < 5) else "pm"
        if part == "night" and clock.hour == 12:
            half = "am"
    if not half:
        half = _guess(clock.hour, topic, preferences)
    hour = clock.hour % 12 + (12 if half == "pm" else 0)
    return Clock(hour, clock.minute, clock.second, "24")


def _guess(hour: int, topic: str, preferences: Preferences) -> str:
    if topic == "early" and hour < 12:
        return "am"
    if topic == "day" and hour == preferences.earliest_waking_hour:
        return "am"
    topic = "" if topic == "day" else topic
    if hour == 12 or 1 <= hour < preferences.earliest_waking_hour:
        return "am" if topic == "am" and 6 <= hour < 12 else "pm"
    if topic and hour < 12 and (topic in ("am", "late") or hour < 10):
        return "am" if topic == "am" else "pm"
    return "pm" if hour == preferences.earliest_waking_hour else "am"


_NOON_SHIFT = 7  # the latest hour at which a shift that begins in the morning ends


def settle_span(span: ClockSpan, part: str, topic: str, preferences: Preferences) -> ClockSpan:
    """Decide both ends together: "5 to 6pm" is 17:00, "11-1pm" begins before noon."""
    start, end = span
    if not end.half and not start.half:
        settled = settle(start, part, topic, preferences)
        last = _next_after(settled, end)
        if (
            _minutes(last) < _minutes(settled)
            and not part
            and topic in ("", "day")
            and end.hour <= _NOON_SHIFT
        ):
            settled = start._replace(half="24")  # "Mon 7-3" is a shift of the day
            last = _next_after(settled, end)
        return ClockSpan(settled, last)
    if not end.half:
        start = settle(start, part, topic, preferences)
        return ClockSpan(start, _next_after(start, end))
    end = settle(end, part, topic, preferences)
    if not start.half:
        start = _latest_before(start, end)
    return ClockSpan(settle(start, part, topic, preferences), end)


def _minutes(clock: Clock) -> int:
    return clock.hour * 60 + clock.minute


def _next_after(start: Clock, end: Clock) -> Clock:
    for hour in (end.hour % 12, end.hour % 12 + 12):
        if hour * 60 + end.minute > _minutes(start):
            return Clock(hour, end.minute, end.second, "24")
    return Clock(end.hour % 12, end.minute, end.second, "24")


def _latest_before(start: Clock, end: Clock) -> Clock:
    for hour in (start.hour % 12 + 12, start.hour % 12):
        if hour * 60 + start.minute < (_minutes(end) or 24 * 60):
            if hour >= 12 > end.hour > 0:
                continue
            return Clock(hour, start.minute, start.second, "24")
    return Clock(start.hour % 12 + 12, start.minute, start.second, "24")


def at(date: datetime, clock: Clock) -> datetime:
    """Return `clock` on the day of `date`."""
    midnight = datetime(date.year, date.month, date.day)  # noqa: DTZ001  # wall clock
    return midnight + timedelta(0, clock.hour * 3600 + clock.minute * 60 + clock.second)
