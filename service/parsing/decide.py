"""From a text to a decision, one stage after the other."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.parsing import confidence, holidays, placing, provenance
from service.parsing.alternatives import readings
from service.parsing.engine import Item
from service.parsing.gather import gather
from service.parsing.grammar.pipeline import STAGES, read
from service.parsing.model import Alternative, Decision, Event, Intent, Preferences, Why
from service.parsing.offsets import Said, take
from service.parsing.order import targets
from service.parsing.placing import Placed, Zones
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import Frame, ImpossibleError
from service.parsing.resolve.repeats import rule_text
from service.parsing.resolve.schedule import schedule
from service.parsing.resolve.timing import Timing
from service.parsing.roles import Roles, intent, title
from service.parsing.text import Clean, clean
from service.parsing.time_expressions import TimeExpressions
from service.parsing.tokens import tokenise

DEFAULTS = Preferences()
_PAST = re.compile(
    r"^(?:what|when|who|how|where|did)\b.{0,40}\b(?:did|was|were|had)\b|^(?:i|we) had\b"
)
_CLOCKISH = frozenset(("CLOCK", "NUM", "ORD", "ISO", "PAIR"))
_TOPICAL = frozenset(("WORD", "MEAL", "early"))


def parse(
    text: str, *, now: datetime, zone: ZoneInfo, preferences: Preferences = DEFAULTS
) -> Decision:
    """Return what `text` asks of a calendar, seen from `now` (aware) in `zone`.

    Never raises for any text: what could not be understood is said in `problems`.
    """
    said = clean(text)
    lower, offsets = take(said.lower)
    tokens = holidays.mark(tokenise(lower), lower)
    tokens, quoted = _mask_quotes(tokens, said)
    items = read(tokens)
    wish = intent.find(said.shown)
    if wish == "move":
        items = targets(items)
    reminding = "remind" in lower or "notif" in lower or "alert" in lower
    expressions = gather(items, reminding=reminding, moving=wish == "move")
    if offsets:
        placing.choose(expressions, _unquoted(offsets, said, quoted), lower, said.shown)
    zones = placing.zones_of(expressions, zone)
    frame = _frame(said, items, now, _home(expressions, zones), preferences)
    topic = _topic(items, expressions)
    timing, placed, problem = _placed(expressions, frame, topic, zones)
    problems = [*said.problems, *_impossible(items, said), *problem, *placed.problems]
    roles = Roles.read(
        items, expressions.used, said.shown, quoted, removing=wish in ("cancel", "move")
    )
    reading = _Reading(said, items, expressions, frame, topic, timing, problems, zones)
    return _decide(reading, roles, wish, placed)


def warm_up() -> None:
    """Compile all rules, about a tenth of a second of CPU, so that no request waits for them."""
    for stage in STAGES:
        stage.compile()
    parse("lunch tomorrow at noon", now=datetime(2026, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))


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
    return clocks.topic_half({i.value for i in items if i.cls in _TOPICAL} | {hint})


class _Reading(NamedTuple):
    said: Clean
    items: list[Item]
    expressions: TimeExpressions
    frame: Frame
    topic: str
    timing: Timing | None
    problems: list[str]
    zones: Zones


def _mask_quotes(items: list[Item], said: Clean) -> tuple[list[Item], str | None]:
    """Keep what stands in quotes out of the time grammar: it is a name."""
    quoted = title.quoted(said.shown) if '"' in said.shown or "'" in said.shown else None
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
    said: Clean, items: list[Item], now: datetime, zone: tzinfo, preferences: Preferences
) -> Frame:
    there = now if now.tzinfo is zone else now.astimezone(zone)
    return Frame(
        there.replace(tzinfo=None),
        preferences,
        preferences.direction == "past" or _PAST.match(said.lower) is not None,
        "WORD" in [item.cls for item in items],
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


def _unreached(reading: _Reading) -> tuple[str, ...]:
    """Name an amount of time that no calendar holds: "in 99999999 days"."""
    items, shown = reading.items, reading.said.shown
    for item, after in pairwise(items):
        if after.cls == "UNIT" and item.cls in ("NUM", "JUNK"):
            return (f"{shown[item.start : after.end]!r} lies beyond the calendar",)
    return ()


def _decide(reading: _Reading, roles: Roles, wish: Intent, placed: Placed) -> Decision:
    timing, expressions = reading.timing, reading.expressions
    name = roles.title or _holiday_name(reading)
    rule = None
    if expressions.repeat is not None and timing is not None:
        rule = rule_text(expressions.repeat, expressions.count, placed.until)
    reminders = tuple(length.seconds // 60 + length.days * 1440 for length in expressions.reminders)
    all_day = timing.all_day if timing else False
    event = Event(
        name, placed.start, placed.end, all_day, placed.zone.key, rule, roles.location,
        roles.attendees, reminders,
    )  # fmt: skip
    signs = confidence.observe(reading.items, expressions)
    sure = confidence.probability(signs) if timing else confidence.NOTHING_FOUND
    if reading.problems and timing is None:
        sure = confidence.IMPOSSIBLE
    problems = tuple(reading.problems)
    if timing is None and not problems:
        problems = _unreached(reading) or ("no date or time found",)
    split = confidence.breakdown(
        sure, signs, wish, title=name, attendees=bool(roles.attendees),
        location=roles.location is not None, repeats=rule is not None,
    )  # fmt: skip
    return Decision(
        event, round(sure, 3), split, wish if timing or roles.asks else "none", problems,
        lambda: _why(reading, roles),
    )  # fmt: skip


def _why(reading: _Reading, roles: Roles) -> Why:
    shown = reading.said.shown
    evidence = [provenance.of_time(item, shown) for item in reading.expressions.used]
    evidence += provenance.of_roles(roles, shown)
    return Why(tuple(evidence), _alternatives(reading))


def _holiday_name(reading: _Reading) -> str:
    """Take a holiday's own name as the title when nothing else is left."""
    for item in reading.expressions.used:
        if item.rule == "holiday":
            return (
                reading.said.shown[item.start : item.end].removeprefix("the ").removeprefix("on ")
            )
    return ""


def _alternatives(reading: _Reading) -> tuple[Alternative, ...]:
    if reading.timing is None:
        return ()
    found = []
    for other in readings(reading.expressions, reading.frame, reading.topic, reading.timing):
        with suppress(OverflowError):
            start, end, *_ = placing.place(other.timing, reading.zones, reading.expressions)
            if start is not None:
                found.append(Alternative(start, end, other.reason, other.likelihood))
    return tuple(found)
