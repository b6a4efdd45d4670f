"""From a text to a decision, one stage after the other."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.parsing import confidence, holidays, placing, provenance
from service.parsing.alternatives import readings
from service.parsing.engine import Item
from service.parsing.gather import gather
from service.parsing.grammar import languages
from service.parsing.grammar.pipeline import read
from service.parsing.language import Language
from service.parsing.model import Alternative, Decision, Event, Intent, Preferences, Why
from service.parsing.offsets import Said, take
from service.parsing.order import targets
from service.parsing.parts import Parts
from service.parsing.placing import Placed, Zones
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import Frame, ImpossibleError
from service.parsing.resolve.repeats import rule_text
from service.parsing.resolve.schedule import schedule
from service.parsing.resolve.timing import Timing
from service.parsing.roles import Roles, intent, plain, title
from service.parsing.tense import is_past
from service.parsing.text import Clean, clean
from service.parsing.tokens import tokenise
from service.parsing.values import Clock

DEFAULTS = Preferences()
_CLOCKISH = frozenset(("CLOCK", "NUM", "ORD", "ISO", "PAIR"))
_SAID = frozenset(("WORD", "MEAL", "LINK"))  # what a request has beside its time
_TOPICAL = frozenset(("WORD", "MEAL", "early"))


def parse(
    text: str, *, now: datetime, zone: ZoneInfo, preferences: Preferences = DEFAULTS
) -> Decision:
    """Return what `text` asks of a calendar, seen from `now` (aware) in `zone`.

    Never raises for any text: what could not be understood is said in `problems`.
    """
    said = clean(text)
    lower, offsets = take(said.lower)
    language = languages.choose(lower)
    tokens = holidays.mark(tokenise(lower, language), lower)
    tokens, quoted = _mask_quotes(tokens, said)
    items = read(tokens, language.stages)
    wish = _wish(said, language)
    if wish == "move":
        items = targets(items)
    reminding = "remind" in lower or "notif" in lower or "alert" in lower
    parts = gather(items, reminding=reminding, moving=wish == "move")
    if offsets:
        placing.choose(parts, _unquoted(offsets, said, quoted), lower, said.shown)
    zones = placing.zones_of(parts, zone)
    frame = _frame(said, items, now, _home(parts, zones), preferences)
    topic = _topic(items, parts)
    timing, placed, problem = _placed(parts, frame, topic, zones)
    problems = [*said.problems, *_impossible(items, said), *problem, *placed.problems]
    roles = Roles.read(
        items, parts.used, said.shown, quoted,
        removing=wish in ("cancel", "move"), phrasing=language.phrasing,
    )  # fmt: skip
    reading = _Reading(said, items, parts, frame, topic, timing, problems, zones)
    return _decide(reading, roles, wish, placed)


def _wish(said: Clean, language: Language) -> Intent:
    if language.phrasing is None:
        return intent.find(said.shown)
    return plain.intent(said.shown, language.phrasing)


def warm_up() -> None:
    """Compile all rules, about a fifth of a second of CPU, so that no request waits for them."""
    for language in languages.LANGUAGES:
        for stage in language.stages:
            stage.compile()
    parse("lunch tomorrow at noon", now=datetime(2026, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))


def _topic(items: list[Item], parts: Parts) -> str:
    """Return the half of the day that what is scheduled suggests, where an hour leaves it open."""
    if parts.clock is None and parts.clock_span is None and parts.span is None and not parts.until:
        return ""
    hint = parts.hint.name if parts.hint else ""
    if _counts_to_24(items, parts):
        return "am"
    half = clocks.topic_half({i.value for i in items if i.cls in _TOPICAL} | {hint})
    if half == "late" and any(item.rule == "clock" for item in parts.used):
        return "pm"  # "dinner at 10" is late, "staff dinner at 10:00" need not be
    return half


def _counts_to_24(items: list[Item], parts: Parts) -> bool:
    """Say whether "7:10" stands beside a time such as "18:40"."""
    if not isinstance(parts.clock, Clock) or parts.clock.half:
        return False
    written = [item.value for item in items if item.rule == "clock"]
    return parts.clock in written and any(clock.hour > 12 for clock in written)  # noqa: PLR2004  # noon


class _Reading(NamedTuple):
    said: Clean
    items: list[Item]
    parts: Parts
    frame: Frame
    topic: str
    timing: Timing | None
    problems: list[str]
    zones: Zones


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


def _home(parts: Parts, zones: Zones) -> tzinfo:
    """Return whose clock says what day it is: without a date, that of the time that is said."""
    return zones.start if parts.date is None and parts.span is None else zones.asked


def _frame(
    said: Clean, items: list[Item], now: datetime, zone: tzinfo, preferences: Preferences
) -> Frame:
    there = now if now.tzinfo is zone else now.astimezone(zone)
    return Frame(
        there.replace(tzinfo=None),
        preferences,
        preferences.direction == "past" or is_past(said.lower),
        not _SAID.isdisjoint([item.cls for item in items]),
    )


def _placed(
    parts: Parts, frame: Frame, topic: str, zones: Zones
) -> tuple[Timing | None, Placed, list[str]]:
    """Return when it is, on the wall clock and as instants, and what is wrong with it."""
    try:
        timing = schedule(parts, frame, topic)
        placed = placing.place(timing, zones, parts)
    except ImpossibleError as error:
        return None, placing.place(None, zones, parts), [str(error)]
    except (OverflowError, ValueError):
        beyond = ["the date lies beyond the calendar"]
        return None, placing.place(None, zones, parts), beyond
    if placed.problems:
        parts.zone_doubt = max(parts.zone_doubt, placing.CONVERTED)
    return timing, placed, parts.problems


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
    timing, parts = reading.timing, reading.parts
    name = roles.title or _holiday_name(reading)
    rule = None
    if parts.repeat is not None and timing is not None:
        rule = rule_text(parts.repeat, parts.count, placed.until)
    reminders = tuple(length.seconds // 60 + length.days * 1440 for length in parts.reminders)
    all_day = timing.all_day if timing else False
    event = Event(
        name, placed.start, placed.end, all_day, placed.zone.key, rule, roles.location,
        roles.attendees, reminders,
    )  # fmt: skip
    signs = confidence.observe(reading.items, parts)
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
    evidence = [provenance.of_time(item, shown) for item in reading.parts.used]
    evidence += provenance.of_roles(roles, shown)
    return Why(tuple(evidence), _alternatives(reading))


def _holiday_name(reading: _Reading) -> str:
    """Take a holiday's own name as the title when nothing else is left."""
    for item in reading.parts.used:
        if item.rule == "holiday":
            return (
                reading.said.shown[item.start : item.end].removeprefix("the ").removeprefix("on ")
            )
    return ""


def _alternatives(reading: _Reading) -> tuple[Alternative, ...]:
    if reading.timing is None:
        return ()
    found = []
    for other in readings(reading.parts, reading.frame, reading.topic, reading.timing):
        with suppress(OverflowError):
            start, end, *_ = placing.place(other.timing, reading.zones, reading.parts)
            if start is not None:
                found.append(Alternative(start, end, other.reason, other.likelihood))
    return tuple(found)
