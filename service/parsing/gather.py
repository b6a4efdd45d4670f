# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""Stage 4, composition: which of the expressions found belong to the one request."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from service.parsing import filling
from service.parsing.alone import alone, lone_hour
from service.parsing.building.clocks import decimal_clock
from service.parsing.doubts.vocabulary import COUNTING, NUMBERED, NUMBERED_HIGH
from service.parsing.engine import Item
from service.parsing.joining import finish
from service.parsing.order import TIMES, corrected, destination_first
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Fields,
    Length,
    Moment,
    Offset,
    Period,
    Repeat,
    Said,
    WeekdayRef,
    moment_of,
)  # fmt: skip
from service.parsing.zones import CITY_BEGINNINGS

_NAMING = frozenset(("month-alone", "weekday"))  # what may be a part of a name
_WEEKDAYS = frozenset(("weekday", "date-part"))
_NAMED = _NAMING | _WEEKDAYS
# Periods that name a thing where a day is said as well: "Q3 planning on Thursday".
_NAMING_PERIODS = frozenset(("q-number", "glued-half-year", "in-half-year", "half-year"))
_OPEN = frozenset(("at-hour", "by-hour"))  # an hour that may be part of a name
_WHEN = frozenset(("DATE", "MOMENT", "SPAN", "REPEAT", "TIME", "TIMESPAN"))
_CONTEXT = frozenset(("DATE", "MOMENT", "SPAN", "REPEAT", "PERIOD"))
_TIMED = frozenset(("TIME", "TIMES", "TIMESPAN", "WEAKSPAN"))
_AFTER_WHICH_A_ZONE = frozenset(("TIME", "TIMESPAN", "MOMENT", "SPAN", "REPEAT"))
# Words beside which "for 4" counts guests, "3-2" is a score and "quarterly" is only an adjective.
_PARTIES = frozenset(
    ("table", "reservation", "reservations", "people", "dinnertime", "guests", "reserve")
)
_GAMES = frozenset(("won", "lost", "beat", "score", "scored", "win", "lose", "by", "tied"))
_POINTED_AT = frozenset(("the", "my"))
_SENT = frozenset("message mail email letter call note invoice request reply".split())
_ANSWERS = frozenset(("rsvp", "reply", "respond", "rsvps", "answer", "replies"))
_TOPICS = frozenset(("around", "of", "regarding", "discuss", "review"))
_SHIFTS = frozenset("shift open opening hours work working store shop duty market".split())
_NO_THING = frozenset(("comma", "and", "stop", "dash", "mark", "on", "at", "the", "by"))
_BEHIND_FIGURES = frozenset(("comma", "stop", "DATE", "on", "in", "at", "LENGTH"))
_VERSIONED = frozenset(("version", "release", "section", "chapter", "build", "python", "v"))
_FIRST_WITHOUT_NOUGHT = 10  # hours: "0715" is no number of a bus
_PAYING = frozenset(
    (
        "pay pays paid paying buy buys bought buying sell sells sold selling cost costs price "
        "priced charge charged refund invoice bill fee donate owe owes"
    ).split()
)
_BEFOREHAND = frozenset(("before", "prior", "beforehand", "notice", "warning", "ahead"))
# What happens each time: "last class", "first session".
_ONE_TIME = frozenset(("WORD", "ordnoun", "time", "times", "UNIT", "MEAL"))
_COMPACT = frozenset(("compact-hours", "compact-to-year-like", "year-like-to-compact"))
_JOURNEYS = frozenset("lands arrives leaves departs dep arr boards".split())
_PAUSING = frozenset("skip skipping omit omitting cancelled canceled off".split())
_CODED = frozenset(
    "order parcel ticket reference ref invoice booking case batch lot row seats".split()
)
_BEHIND_A_FIGURE = frozenset(("comma", "stop", "mark", "quote", "colon", "dash", "slash"))
_FIGURED = frozenset(("number-year", "year-number", "numeric-pair"))
_WRITTEN_DAYS = frozenset(("day-month", "month-day"))


_HALF_A_DAY = Length(seconds=43_200)
_KINDS = {"DATE": "date", "MOMENT": "date", "SPAN": "span", "REPEAT": "repeat"}


class _At:
    """The item that is looked at, and what stands around it."""

    __slots__ = ("_dates", "after", "before", "context", "items", "place", "reminding")

    def __init__(self, items: Sequence[Item], *, context: bool, reminding: bool) -> None:
        self.items = items
        self.context = context  # something else in the text says when
        self.reminding = reminding
        self.place = 0
        self.before: Item | None = None
        self.after: Item | None = None
        self._dates: list[Item] | None = None

    def stand(self, place: int) -> None:
        """Look at the item of that place."""
        items = self.items
        self.place = place
        self.before = items[place - 1] if place else None
        self.after = items[place + 1] if place + 1 < len(items) else None

    def dates(self) -> list[Item]:
        """Return what says when and does not only tell which thing; few texts make anybody ask."""
        if self._dates is None:
            self._dates = _dates(self.items)
        return self._dates


def gather(items: list[Item], *, reminding: bool, moving: bool = False) -> TimeExpressions:
    """Sort the time expressions of a request into its parts; the first of a kind wins."""
    expressions = TimeExpressions()
    context = not _CONTEXT.isdisjoint([item.cls for item in items])
    ordered = corrected(items)
    if moving:
        ordered = destination_first(ordered)
    at = _At(ordered, context=context, reminding=reminding)
    for index, item in enumerate(ordered):
        if item.cls not in TIMES and item.cls != "DECIMAL":
            continue
        before = _holds(expressions, item.cls)
        at.stand(index)
        if _take(expressions, item, at):
            expressions.used.append(item)
            if before is not None and before == _holds(expressions, item.cls):
                expressions.second.append(item)
    finish(expressions)
    if not expressions.timed:
        lone_hour(expressions, items)
    if not expressions.found:
        alone(expressions, [item for item in items if item.cls not in ("stop", "mark", "quote")])
    return expressions


def _holds(expressions: TimeExpressions, cls: str) -> object:
    """Return what the parts have of the kind that a class is, None for nothing."""
    if cls in ("TIME", "TIMESPAN", "WEAKSPAN", "WEAKTIME"):
        return expressions.clock_span if expressions.clock is None else expressions.clock
    return getattr(expressions, _KINDS[cls]) if cls in _KINDS else None


def _take(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Put one expression into its part; say whether its words are used up."""
    if (
        item.cls == "DATE"
        and expressions.repeat is not None
        and _bounds_rule(expressions, item, at)
    ):
        return True
    if _names(item, at) or _describes(item, at):
        return False
    if item.cls == "TIME" and _is_the_end(expressions, item, at):
        return True
    if item.cls == "TIME" and expressions.date is not None and _is_of_the_return(at):
        return False
    special = _SPECIAL.get(item.rule) or _SPECIAL.get(item.cls)
    if special is not None:
        return special(expressions, item, at)
    taker = filling.TAKERS.get(item.cls)
    return taker(expressions, item.value) if taker else False


def _names(item: Item, at: _At) -> bool:
    """Say whether a date is a part of a name, and another says when; or figures are a code."""
    if item.rule in _COMPACT:
        return _is_a_code(at)
    if item.rule in _NAMING_PERIODS:
        return _is_of_another_day(item, at)
    if item.rule == "in-year":
        return _is_a_title(item, at)
    if item.rule in _FIGURED and isinstance(item.value, Fields) and item.value.day is None:
        return _is_a_title(item, at, dated=True)  # "Resolution 12/2026 vote, March 26"
    if item.rule in _WRITTEN_DAYS and at.after is not None and at.after.cls == "ordnoun":
        return _is_a_title(item, at)  # "11 August Street, Thursday at 10"
    return item.rule in _NAMED and _is_in_a_name(item, at)


def _is_a_title(item: Item, at: _At, *, dated: bool = False) -> bool:
    """Say whether a year only names a thing: "read chapter 7 of 1984 by Friday"."""
    return any(
        isinstance(day, WeekdayRef | DayShift) or (dated and _is_sharp(day))
        for day in _other_days(item, at)
    )


def _other_days(item: Item, at: _At) -> Iterator[Said]:
    """Yield the other dates that are said."""
    for other in at.dates():
        if other is not item and other.cls in ("DATE", "MOMENT"):
            yield moment_of(other.value).date


def _is_of_the_return(at: _At) -> bool:
    """Say whether a time only says when one is back: "zoo trip on the 24th, back at 3.30pm"."""
    place = at.place - 1
    if place > 0 and at.items[place].cls in ("at", "by", "around"):
        place -= 1
    if place < 1 or at.items[place].cls != "back":
        return False
    if all(item.cls in TIMES or item.cls in _NO_THING for item in at.items[: place - 1]):
        return False  # "Monday, back at 9": that is what happens
    return at.items[place - 1].cls in ("comma", "and", "stop", "dash", "mark")


def _is_the_end(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "we leave at 8:45 and are back by 14:30", "09:34 Berlin - 13:18 Bonn" for both ends."""
    start, end = expressions.clock, item.value
    if not isinstance(start, Clock) or not isinstance(end, Clock) or end.half != "24":
        return False
    if expressions.clocks or expressions.clock_span or (end.hour, end.minute) <= start[:2]:
        return False
    near = at.items[max(at.place - 5, 0) : at.place]
    if any(one.cls in _CONTEXT for one in near[1:]):
        return False  # "train there Saturday 6:50, train home Monday 21:15"
    back = any(one.cls == "back" or one.value == "home" for one in near)
    dashed = near[-1].cls == "dash" and near[-2].cls == "WORD" if len(near) > 1 else False
    if not (back or dashed) or expressions.repeat is not None:
        return False
    expressions.clock, expressions.clock_span = None, ClockSpan(start, end)
    return True


def _is_in_a_name(item: Item, at: _At) -> bool:
    """Say whether a month or weekday describes a thing: "about the June release tomorrow"."""
    if at.after is not None and _is_of_a_place(item, at, at.after):
        return True
    if at.after is None or at.after.cls not in ("WORD", "times"):
        return False
    if at.place == 0 and item.rule in _WEEKDAYS and _is_on_another_day(item, at):
        return True
    if item.rule not in _NAMING:
        return False
    return any(map(_is_sharp, _other_days(item, at)))


def _is_of_a_place(item: Item, at: _At, after: Item) -> bool:
    """Say whether a weekday ends the name of a place: "at Ruby Tuesday on Friday at 7"."""
    if item.rule != "weekday" or after.cls not in ("DATE", "MOMENT") or at.place < len(("at", "")):
        return False
    earlier, before = at.items[at.place - 2 : at.place]
    other = moment_of(after.value).date
    return (
        earlier.cls in ("at", "in") and before.cls == "WORD"
        and (_is_sharp(other) or (isinstance(other, WeekdayRef) and other != item.value))
    )  # fmt: skip


def _is_on_another_day(item: Item, at: _At) -> bool:
    """Say whether a weekday only begins a name: "Sunday Times interview on Monday at 11"."""
    if isinstance(item.value, Moment) and item.value.clock is not None:
        return False
    for place, other in enumerate(at.items[1:], 1):
        if other.cls == "comma" and _is_last_word(at.items, place + 1):
            continue
        if other.cls in ("comma", "and", "or", "stop", "mark", "dash", "to", "until"):
            return False
        if other.cls == "MOMENT" or (other.cls == "DATE" and _is_timed(at.items, place)):
            return isinstance(moment_of(other.value).date, WeekdayRef)
        if other.cls in _WHEN:
            return False
    return False


def _is_last_word(items: Sequence[Item], place: int) -> bool:
    """Say whether a day and its time are all that follows."""
    rest = [item.cls for item in items[place:] if item.cls not in ("at", "stop", "comma")]
    return rest in (["DATE", "TIME"], ["MOMENT"], ["DATE", "TIMESPAN"])


def _is_timed(items: Sequence[Item], place: int) -> bool:
    place += 2 if place + 1 < len(items) and items[place + 1].cls == "at" else 1
    return place < len(items) and items[place].cls in ("TIME", "TIMESPAN")


def _is_of_another_day(item: Item, at: _At) -> bool:
    """Say whether a period before a word only names what is on another day."""
    if at.after is None or at.after.cls not in ("WORD", "MEAL"):
        return False
    return any(_is_sharp(day) or isinstance(day, WeekdayRef) for day in _other_days(item, at))


def _describes(item: Item, at: _At) -> bool:
    """Say whether a date tells which thing: "the May 5 show tomorrow", "your mail of March 9"."""
    sent = _is_of_what_was_sent(at.items, at.place)
    if not sent and not _names_a_thing(at.items, at.place):
        return False
    return any(
        sent or _is_sharp(other.value) or isinstance(other.value, WeekdayRef)
        for other in at.dates()
        if other is not item
    )


def _dates(items: Sequence[Item]) -> list[Item]:
    """Return what says when and does not only tell which thing."""
    return [
        item
        for place, item in enumerate(items)
        if item.cls in _CONTEXT
        and not _is_of_what_was_sent(items, place)
        and not _names_a_thing(items, place)
    ]


def _names_a_thing(items: Sequence[Item], place: int) -> bool:
    if items[place].cls not in ("DATE", "SPAN") or not 0 < place < len(items) - 1:
        return False
    return items[place - 1].cls in _POINTED_AT and items[place + 1].cls == "WORD"


def _is_of_what_was_sent(items: Sequence[Item], place: int) -> bool:
    if items[place].cls not in ("DATE", "SPAN") or place <= 1:
        return False
    before, earlier = items[place - 1], items[place - 2]
    if before.cls == "by":  # "RSVP by May 4"
        return earlier.value in _ANSWERS
    return before.cls in ("of", "from") and earlier.value in _SENT


def _is_sharp(value: Said) -> bool:
    day = moment_of(value).date
    return isinstance(day, DayShift) or (isinstance(day, Fields) and day.day is not None)


def _ends_rule(at: _At) -> bool:
    """Say whether "before" or "up to" leads to a date."""
    before = at.before
    if before is None or before.cls not in ("before", "to"):
        return False
    return before.cls == "before" or (at.place > 1 and at.items[at.place - 2].value == "up")


def _is_of_one_time(at: _At) -> list[Item]:
    """Return the "last class", "first time on" that leads to a date."""
    words = _leading(at)
    if not words[1:] or words[1].cls not in _ONE_TIME:
        return []
    return words if words[0].cls in ("LAST", "ORD") and words[0].value in (-1, 1) else []


def _is_a_code(at: _At) -> bool:
    """Say whether figures are what a thing is known by: "Booking reference: 2203-1904"."""
    before = at.items[max(at.place - 2, 0) : at.place]
    return any(item.value in _CODED for item in before)


def _is_off(at: _At) -> bool:
    """Say whether a rule makes a pause on a day: "no class on April 2", "skip May 1"."""
    words = _leading(at)
    if not words:
        return False
    if words[-1].value in _PAUSING:
        return True
    return len(words) > 1 and words[0].value == "no" and words[1].cls in _ONE_TIME


def _leading(at: _At) -> list[Item]:
    """Return up to two words before a date, but for the "on" or "is" between."""
    words = at.items[max(at.place - 3, 0) : at.place]
    return [*(words[:-1] if words and words[-1].cls in ("on", "is") else words)][-2:]


def _bounds_rule(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "first class June 3", "last session on July 1" for where a rule begins and ends."""
    if _is_off(at):
        return filling.leave_out(expressions, (item.value,))
    leading = _is_of_one_time(at)
    expressions.used += leading
    if _ends_rule(at) or (leading and leading[0].value == -1):
        expressions.until = expressions.until or item.value
        return True
    if not leading:
        return False
    expressions.starting = True
    return filling.date(expressions, item.value)


def _row_of_days(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take the first of two days where a time is said: "today and tomorrow at 3" is no stretch."""
    if not isinstance(item.value, DateSpan) or all(i.cls not in _TIMED for i in at.items):
        return filling.span(expressions, item.value)
    expressions.second.append(item)
    first, last = moment_of(item.value.start).date, moment_of(item.value.end).date
    if isinstance(first, Fields) and isinstance(last, Fields) and first.month is None:
        first = first._replace(month=last.month, year=last.year)
    return filling.date(expressions, first)


def _bare_workdays(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "workdays at 9", but not "office day at 9 tomorrow", which is one day."""
    for before, other in pairwise(at.items):
        if other.cls in ("DATE", "MOMENT") and before.cls not in ("starting", "until", "since"):
            return False
    return at.items[0].cls not in ("DATE", "MOMENT") and filling.repeat(expressions, item.value)


def _frequency(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    described = at.after is not None and at.after.cls == "WORD"
    if described and at.before is not None and at.before.value in _TOPICS:
        return False  # "about quarterly results"
    if _is_adjective(item, at):
        return False  # "the annual picnic on June 3rd"
    return filling.repeat(expressions, item.value)


def _is_adjective(item: Item, at: _At) -> bool:
    """Say whether "annual" or "quarterly" only describes what is on one certain day."""
    rare = item.value.freq == "YEARLY" or item.value == Repeat("MONTHLY", 3)
    if not rare or at.after is None or at.after.cls != "WORD":
        return False
    days = [other.value for other in at.items if other.cls in ("DATE", "SPAN")]
    return any(_is_one_day(day) for day in days)


def _is_one_day(value: object) -> bool:
    if isinstance(value, DateSpan):
        return value.start is not None and value.end is not None
    return not isinstance(value, Period) and not (isinstance(value, Fields) and value.day is None)


def _bare_part(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    if any(near is not None and near.cls == "WORD" for near in (at.before, at.after)):
        if at.before is None or at.before.value != "good":  # "good morning" is a greeting
            expressions.hint = (
                expressions.hint or item.value
            )  # "movie night": a hint, and part of a name
        return False
    return filling.period(expressions, item.value)


def _holiday(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    if at.after is not None and at.after.cls in ("WORD", "MEAL"):  # "Christmas party"
        expressions.date = expressions.date or item.value
        return False
    return filling.date(expressions, item.value)


def _weak_span(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    before = at.before
    score = before is not None and before.value in _GAMES | _CODED
    if before is not None and before.end == item.start and before.cls not in _BEHIND_A_FIGURE:
        return False  # "booking 7Q2-19"
    clock = expressions.clock
    if isinstance(clock, Clock) and clock.half in ("am", "pm"):
        return False  # "matinee 3.30pm row F 11-12"
    if not at.context or expressions.clock_span is not None or score:
        return False
    expressions.clock_span, expressions.weak = item.value, True
    return True


def _weak_time(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    timed = expressions.clock is not None or expressions.clock_span is not None
    later = any(other.cls in ("TIME", "TIMESPAN") for other in at.items[at.place :])
    if timed or later or any(other.value in _PARTIES for other in at.items):
        return False
    expressions.clock, expressions.weak = item.value, True
    return True


def _compact(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "1440" for a time of day beside a date, where no name or number leads to it."""
    before, after = at.before, at.after
    timed = expressions.clock is not None or expressions.clock_span is not None
    sure = isinstance(item.value, Clock) and item.value.half == "24"
    if timed or not at.context or not sure or any(i.cls in _TIMED for i in at.items):
        return False
    if before is None or before.cls in COUNTING or before.value in NUMBERED:
        return False
    if after is not None and after.cls not in ("comma", "stop", "DATE", "on", "for", "in", "at"):
        return False
    expressions.clock, expressions.weak = item.value, True
    return True


def _figures(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take the "8.15" of "16/3 drop off 8.15", where nothing else is a time, no name, no price."""
    before, after = at.before, at.after
    time = decimal_clock(item.value)
    timed = expressions.clock is not None or expressions.clock_span is not None
    if time is None or timed or not at.context or any(i.cls in _TIMED for i in at.items):
        return False
    counted = before is not None and before.cls in COUNTING and before.value not in ("!", "?")
    if before is None or counted or before.value in NUMBERED | _VERSIONED:
        return False
    if after is not None and after.cls not in _BEHIND_FIGURES:
        return False
    if any(other.value in _PAYING for other in at.items if other.cls == "WORD"):
        return False
    expressions.clock, expressions.weak = time, True
    return True


def _the_period(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Leave the week of "every Sunday plan the week" to the title."""
    if expressions.repeat is not None and at.before is not None and at.before.cls == "WORD":
        return False
    return filling.date(expressions, item.value)


def _before_day(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "1430 tomorrow" and "bus 0715 tomorrow", but not "flight 1430 tomorrow"."""
    before = at.before
    has_nought = item.value.hour < _FIRST_WITHOUT_NOUGHT
    if any(other.cls == "TIME" and other.rule != item.rule for other in at.items):
        return False  # "flight LH 1830 on April 2 at 06:55"
    named = [one.value for one in at.items[max(at.place - 2, 0) : at.place]]  # "flight LH 1830"
    lands = before is not None and before.value in _JOURNEYS  # "the flight lands 1340 Sunday"
    if not has_nought and not lands and not NUMBERED_HIGH.isdisjoint(named):
        return False
    if before is not None and before.value in _PAYING:  # "pay 1200 today"
        return False
    return filling.clock(expressions, item.value)


def _decimal(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "booked for 7.30 at Sketch", but not "pay for 7.50 at the kiosk"."""
    if any(other.value in _PAYING for other in at.items if other.cls == "WORD"):
        return False
    return filling.clock(expressions, item.value)


def _length(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    if at.place == 0 and at.after is not None and at.after.cls == "of" and at.context:
        return False  # "100 days of school party, March 19"
    described = at.after is not None and at.after.cls == "WORD" and at.context
    if described and item.rule == "half-a-unit" and not item.value.is_clock:
        return False  # "half-year review on July 2"
    if at.after is not None and (at.after.cls in _BEFOREHAND or at.after.value in _BEFOREHAND):
        expressions.reminders.append(item.value)
        return at.reminding or expressions.found
    span = expressions.clock_span
    if span is not None and any(i.cls == "stop" for i in at.items[: at.place]):
        return False  # "Delivery between 7 and 11 am. The driver calls for 5 minutes."
    half_a_day = expressions.length == _HALF_A_DAY and item.value.is_clock
    if expressions.length is None or half_a_day:  # "half a day of training, four hours"
        expressions.length = item.value
        return True
    return False


def _now(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Read "now" as when it is, unless another time is said: "now add a visit on March 26"."""
    other = (i for i in at.items if i is not item and i.cls in _WHEN)
    if any(not isinstance(i.value, Offset) for i in other):
        return False
    return filling.date(expressions, item.value)


def _dropped(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Use up "instead of Thursday" where something else says when."""
    return any(i is not item and i.cls in _WHEN for i in at.items) and expressions is not None


def _surer_time(at: _At) -> bool:
    """Say whether a time follows that no name can hold."""
    rest = at.items[at.place + 1 :]
    for item, after in zip(rest, [*rest[1:], None], strict=True):
        if item.cls == "TIME" and (item.rule not in _OPEN or after is None or after.cls != "WORD"):
            return True
    return False


def _noon(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Leave "Midnight Mass on Monday at 18:00" to the title, as a surer time follows."""
    named = at.after is not None and at.after.cls == "WORD"  # "Midnight Mass"
    if at.place > 1 and at.items[at.place - 1].cls == "WORD":  # "at Kino Noon"
        named = named or at.items[at.place - 2].cls in ("at", "in")
    if named and _surer_time(at):
        return False
    return filling.clock(expressions, item.value)


def _open_hour(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Leave "at Five Oaks" to the place where a surer time follows."""
    if at.after is not None and at.after.cls in ("WORD", "by") and _surer_time(at):
        return False
    return filling.clock(expressions, item.value)


def _lessons(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take "eight lessons" for how often, where something repeats."""
    if not any(other.cls == "REPEAT" for other in at.items):
        return False
    return filling.count(expressions, item.value)


def _minutes_or_hours(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Read "shift 10 to 9" as hours; elsewhere "10 to 9" is ten minutes to nine."""
    if any(other.value in _SHIFTS for other in at.items if other.cls == "WORD"):
        start, end = Clock(60 - item.value.minute), Clock(item.value.hour % 12 + 1)
        return filling.clock_span(expressions, ClockSpan(start, end))
    return filling.clock(expressions, item.value)


def _zone(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Take a zone that follows a time, with the words between: "10am New York time"."""
    place = at.place - 1
    while place > 0 and (at.items[place].value in CITY_BEGINNINGS or at.items[place].cls == "in"):
        place -= 1
    if place < 0 or at.items[place].cls not in _AFTER_WHICH_A_ZONE:
        return False
    expressions.zone = expressions.zone or item.value  # "3pm PT / 6pm ET" is one time, said twice
    expressions.used += at.items[place + 1 : at.place]
    return True


def _next_few(expressions: TimeExpressions, item: Item, at: _At) -> bool:
    """Count "the next 3 Fridays"; each of three weekends has two days."""
    repeat = at.after.value if at.after is not None and at.after.cls == "REPEAT" else None
    weekends = isinstance(repeat, Repeat) and repeat.by == (("BYDAY", "SA,SU"),)
    return filling.count(expressions, item.value * 2 if weekends else item.value)


# By rule or by class: these look at what stands beside them.
_SPECIAL: dict[str, Callable[[TimeExpressions, Item, _At], bool]] = {
    "now": _now, "right-now": _now, "DROPPED": _dropped, "at-hour": _open_hour,
    "days-in-a-row": _row_of_days, "two-days-of-month": _row_of_days,
    "two-days-in-a-row": _row_of_days,
    "bare-workdays": _bare_workdays, "frequency": _frequency, "next-n-days": _next_few,
    "compact-before-day": _before_day, "for-decimal": _decimal, "decimal-between-commas": _decimal,
    "minutes-to-or-hours": _minutes_or_hours, "noon": _noon, "n-lessons": _lessons,
    "HHMM": _compact, "DECIMAL": _figures, "the-week": _the_period,
    "at-part": _bare_part, "holiday": _holiday, "WEAKSPAN": _weak_span,
    "WEAKTIME": _weak_time, "LENGTH": _length, "ZONE": _zone,
}  # fmt: skip
