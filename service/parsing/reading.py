"""One request read: what it says about time, when that is, and what else it says."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.parsing import holidays, placing
from service.parsing.engine import Item
from service.parsing.gather import gather
from service.parsing.grammar import languages
from service.parsing.grammar.pipeline import read
from service.parsing.language import Language
from service.parsing.model import Doubt, Intent, Preferences
from service.parsing.offsets import Said, take
from service.parsing.order import targets, with_new_hour
from service.parsing.placing import Placed, Zones
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import Frame, ImpossibleError
from service.parsing.resolve.schedule import schedule
from service.parsing.resolve.timing import Timing
from service.parsing.roles import Roles, intent, plain, title
from service.parsing.tense import is_past
from service.parsing.text import Clean
from service.parsing.time_expressions import TimeExpressions
from service.parsing.tokens import tokenise
from service.parsing.values import Clock, Repeat

NOTHING_FOUND = "no date or time found"
_EARLIEST = 6
_EARLY_HOURS = (6, 7)
_CLOCKISH = frozenset(("CLOCK", "NUM", "ORD", "ISO", "PAIR"))
_SAID = frozenset(("WORD", "MEAL", "LINK"))  # what a request has beside its time
_TOPICAL = frozenset(("WORD", "MEAL", "early"))


def unwatched(stage: str) -> None:
    """Take no note of a stage that begins."""


class Asked(NamedTuple):
    """Who asks, and when: an aware now, the asker's zone and conventions.

    `to_24` is true where another time of the same text, such as 18:40, shows how hours are counted.
    `watch` is told the name of each stage as it begins.
    """

    now: datetime
    zone: ZoneInfo
    preferences: Preferences
    to_24: bool = False
    watch: Callable[[str], None] = unwatched


class Reading(NamedTuple):
    """What one request says, and what became of it."""

    said: Clean
    items: list[Item]
    used: set[int]  # the identities of those that a time expression has used
    left: list[Item]  # the others
    classes: frozenset[str]  # of all of them
    expressions: TimeExpressions
    frame: Frame
    topic: str
    timing: Timing | None
    placed: Placed
    problems: list[str]
    zones: Zones
    roles: Roles
    wish: Intent
    base: int = 0  # where its words begin in the text that was asked
    known: tuple[Doubt, ...] = ()  # what was doubtful before it was read

    @property
    def nothing_found(self) -> bool:
        """True when no word says when, not even an impossible time."""
        return self.timing is None and self.problems == [NOTHING_FOUND]


def read_one(said: Clean, asked: Asked, *, date: object = None, base: int = 0) -> Reading:
    """Return what is said, read as one request; `date` is its day where it names none."""
    asked.watch("parse words")
    lower, offsets = take(said.lower)
    language = languages.choose(lower)
    items, expressions, wish, quoted = _expressions(said, lower, language)
    if (
        offsets and not expressions.timed
    ):  # "read about GMT+2 on Friday": no time, so no offset of it
        lower, offsets = said.lower, ()
        items, expressions, wish, quoted = _expressions(said, lower, language)
    if (
        date is not None
        and expressions.date is None
        and expressions.span is None
        and expressions.repeat is None
    ):
        expressions.date = date
    asked.watch("parse times")
    if offsets:
        placing.choose(expressions, _unquoted(offsets, said, quoted), lower, said.shown)
    zones = placing.zones_of(expressions, asked.zone)
    classes = frozenset([item.cls for item in items])
    frame = _frame(said, classes, asked.now, _home(expressions, zones), asked.preferences)
    topic = "am" if asked.to_24 and _is_written(items, expressions) else _topic(items, expressions)
    timing, placed, problem = _placed(expressions, frame, topic, zones)
    wrong = [] if _CLOCKISH.isdisjoint(classes) else _impossible(items, said)
    problems = [*said.problems, *wrong, *problem, *placed.problems]
    asked.watch("parse roles")
    used = set(map(id, expressions.used))
    roles = Roles.read(
        items, used, said.shown, quoted,
        removing=wish in ("cancel", "move"), phrasing=language.phrasing,
    )  # fmt: skip
    if timing is None and not problems:
        problems += _unreached(items, said.shown)
    left = [item for item in items if id(item) not in used]
    return Reading(
        said, items, used, left, classes, expressions, frame, topic, timing, placed, problems,
        zones, roles, wish, base,
    )  # fmt: skip


def _expressions(
    said: Clean, lower: str, language: Language
) -> tuple[list[Item], TimeExpressions, Intent, str | None]:
    tokens = holidays.mark(tokenise(lower, language), lower)
    tokens, quoted = _mask_quotes(tokens, said)
    items = read(tokens, language.stages)
    wish = _wish(said, language)
    items = targets(items) if wish == "move" else with_new_hour(items)
    reminding = "remind" in lower or "notif" in lower or "alert" in lower
    return items, gather(items, reminding=reminding, moving=wish == "move"), wish, quoted


def _wish(said: Clean, language: Language) -> Intent:
    if language.phrasing is None:
        return intent.find(said.shown)
    return plain.intent(said.shown, language.phrasing)


def _topic(items: list[Item], expressions: TimeExpressions) -> str:
    """Return the half of the day that what is scheduled suggests, where an hour leaves it open."""
    if (
        expressions.clock is None
        and expressions.clock_span is None
        and expressions.span is None
        and not expressions.until
    ):
        return ""
    hint = expressions.hint.name if expressions.hint else ""
    if _counts_to_24(items, expressions):
        return "am"
    half = clocks.topic_half({i.value for i in items if i.cls in _TOPICAL} | {hint})
    dotted = any(item.rule == "day-and-month-in-figures" for item in expressions.used)
    if not half and dotted and _is_written(items, expressions):
        return "am"  # "golf 19.3., 7:45"
    if not half and _is_of_many_days(expressions):
        return "am"  # "swimming at 6:30 every weekday"
    if half == "late" and any(item.rule == "clock" for item in expressions.used):
        return "pm"  # "dinner at 10" is late, "staff dinner at 10:00" need not be
    return half


def _is_of_many_days(expressions: TimeExpressions) -> bool:
    """Say whether a time such as "6:30" is that of three days of each week, or of more."""
    repeat = expressions.repeat
    if repeat is None or not isinstance(expressions.clock, Clock):
        return False
    several = dict(repeat.by).get("BYDAY", "").count(",") > 1 and repeat.freq == "WEEKLY"
    return (several or repeat == Repeat("DAILY")) and expressions.clock.hour in _EARLY_HOURS


def _counts_to_24(items: list[Item], expressions: TimeExpressions) -> bool:
    """Say whether "7:10" stands beside a time such as "18:40"."""
    return shows_24(items) and _is_written(items, expressions)


def shows_24(items: list[Item]) -> bool:
    """Say whether a time such as "18:40" is among these."""
    written = [item.value.hour for item in items if item.rule == "clock"]
    return bool(written) and max(written) > 12  # noqa: PLR2004  # noon


def _is_written(items: list[Item], expressions: TimeExpressions) -> bool:
    """Say whether the time is written as "7:10", and not so early that it may be the afternoon."""
    clock = expressions.clock
    early = isinstance(clock, Clock) and clock.hour < _EARLIEST
    return not early and clock in [item.value for item in items if item.rule == "clock"]


def _mask_quotes(items: list[Item], said: Clean) -> tuple[list[Item], str | None]:
    """Keep what stands in quotes out of the time grammar: it is a name."""
    quoted = title.quoted(said.shown) if '"' in said.shown or "'" in said.shown else None
    quoted = quoted or title.capitalised(said.shown)
    if not quoted:
        return items, None
    start = said.shown.find(quoted)
    end = start + len(quoted)
    if end - start >= len(said.shown.strip()) - 3:
        return items, None
    masked = [
        item._replace(cls="WORD", value="")
        if start <= item.start < end and item.cls != "quote"
        else item
        for item in items
    ]
    return masked, quoted


def _unquoted(offsets: tuple[Said, ...], said: Clean, quoted: str | None) -> list[Said]:
    """Leave out what stands in a name in quotes."""
    start = said.shown.find(quoted) if quoted else -1
    end = start + len(quoted or "")
    return [one for one in offsets if start < 0 or not start <= one.start < end]


def _home(expressions: TimeExpressions, zones: Zones) -> tzinfo:
    """Return whose clock says what day it is: without a date, that of the time that is said."""
    return zones.start if expressions.date is None and expressions.span is None else zones.asked


def _frame(
    said: Clean, classes: frozenset[str], now: datetime, zone: tzinfo, preferences: Preferences
) -> Frame:
    there = now if now.tzinfo is zone else now.astimezone(zone)
    return Frame(
        there.replace(tzinfo=None),
        preferences,
        preferences.direction == "past" or is_past(said.lower),
        not _SAID.isdisjoint(classes),
    )


def _placed(
    expressions: TimeExpressions, frame: Frame, topic: str, zones: Zones
) -> tuple[Timing | None, Placed, list[str]]:
    """Return when it is, on the wall clock and as instants, and what is wrong with it."""
    try:
        timing = schedule(expressions, frame, topic)
        placed = placing.place(timing, zones, expressions)
    except ImpossibleError as error:
        return None, placing.place(None, zones, expressions), [str(error)]
    except (OverflowError, ValueError):
        beyond = ["the date lies beyond the calendar"]
        return None, placing.place(None, zones, expressions), beyond
    if placed.problems:
        expressions.zone_doubt = max(expressions.zone_doubt, placing.CONVERTED)
    return timing, placed, expressions.problems


def _impossible(items: list[Item], said: Clean) -> list[str]:
    """Name what looks like a time and is none: "13:75", "25 o'clock"."""
    found = []
    for index, item in enumerate(items):
        if item.cls not in _CLOCKISH:
            continue
        before = items[index - 1].cls if index else ""
        after = items[index + 1].cls if index + 1 < len(items) else ""
        shown = said.shown[item.start : item.end]
        if item.cls == "CLOCK" or (item.cls == "NUM" and after in ("oclock", "AMPM")):
            found.append(f"there is no time {shown!r}")
        elif item.value == 0 and (item.cls == "ORD" or "DATE" in (after, before)):
            found.append(f"there is no day {shown!r}")
        elif item.cls not in ("NUM", "ORD"):
            found.append(f"{shown!r} was not understood as a date")
    return found[:5]


def _unreached(items: list[Item], shown: str) -> tuple[str, ...]:
    """Name an amount of time that no calendar holds: "in 99999999 days"."""
    for item, after in pairwise(items):
        if after.cls == "UNIT" and item.cls in ("NUM", "JUNK"):
            return (f"{shown[item.start : after.end]!r} lies beyond the calendar",)
    return (NOTHING_FOUND,)
