"""From a text to a decision: its parts are found, each is read, and what is unsure is said."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.parsing import confidence, detecting, placing, provenance, several
from service.parsing.alternatives import readings
from service.parsing.doubts import doubts_of
from service.parsing.doubts.sentences import sentences_of
from service.parsing.model import Alternative, Decision, Doubt, Event, Preferences, Why
from service.parsing.pasted import letters
from service.parsing.reading import Asked, Reading, read_one, unwatched
from service.parsing.resolve.repeats import rule_text
from service.parsing.signs import signs_of
from service.parsing.text import clean

DEFAULTS = Preferences()
_TYPICAL = (
    "lunch with Ana tomorrow at noon",
    "dentist on Friday at 3:30pm",
    "standup every weekday at 9:15 until June",
    "call Bob in 20 minutes",
    "pay rent on the first of every month",
    "team dinner next Tuesday at 7 for two hours",
    "flight to Oslo on March 3rd 2027 from 6am to 10am",
    "review from 2 to 4pm on Monday, May 4",
    "gym every Monday at 7",
    "yoga every other Tuesday and Thursday morning",
)


def parse(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    preferences: Preferences = DEFAULTS,
    watch: Callable[[str], None] = unwatched,
) -> Decision:
    """Return what `text` asks of a calendar, seen from `now` (aware) in `zone`.

    Never raises for any text: what could not be understood is said in `problems`, what may have
    been meant otherwise in `doubts`, and further events of the same text stand in `others`. `watch`
    is told the name of each stage as it begins, so that whoever has a clock can time them.
    """
    said = clean(text)
    asked = Asked(now, zone, preferences, watch=watch)
    found = letters.read(text, said, asked) if letters.may_be_one(text) else None
    if found is None:
        found = several.split(read_one(said, asked), asked)
    watch("parse decision")
    foreign = detecting.foreign(said.lower)
    if foreign is not None:
        return _refused(found[0], foreign)
    first, *others = [_decide(one) for one in found]
    return _with(first, tuple(others)) if others else first


def warm_up() -> None:
    """Read requests of the common kinds, so that hardly another one waits for a rule.

    What is rare, and rules of other languages, is compiled as texts need it.
    """
    for text in _TYPICAL:
        parse(text, now=datetime(2026, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))


def _with(first: Decision, others: tuple[Decision, ...]) -> Decision:
    """Say that a text states several events."""
    words = "; ".join(one.words for one in others)
    doubt = Doubt("several_events", words, "the first event is the one that is asked for")
    problem = f"the text states {len(others) + 1} events: the first is given as the event"
    return replace(
        first,
        others=others,
        doubts=(*first.doubts, doubt),
        problems=(*first.problems, problem),
    )


def _refused(reading: Reading, name: str) -> Decision:
    """Answer a text in another language with its name, and guess nothing."""
    nothing = Event("", None, None, all_day=False, timezone=reading.zones.asked.key)
    doubt = Doubt("language_not_supported", name, "nothing: the text was not read")
    split = confidence.breakdown(
        confidence.FOREIGN, reading.wish, title=False, attendees=False, location=False,
        spans=False, repeats=False,
    )  # fmt: skip
    problem = f"the text is in {name}, which is not supported"
    return Decision(
        nothing,
        confidence.FOREIGN,
        split,
        "none",
        (problem,),
        (doubt,),
        (),
        reading.said.shown.strip(),
    )


def _decide(reading: Reading) -> Decision:
    timing, expressions, roles, placed = (
        reading.timing,
        reading.expressions,
        reading.roles,
        reading.placed,
    )
    name = roles.title or _holiday_name(reading)
    rule = None
    if expressions.repeat is not None and timing is not None:
        rule = rule_text(expressions.repeat, expressions.count, placed.until)
    reminders = tuple(
        [length.seconds // 60 + length.days * 1440 for length in expressions.reminders]
    )
    all_day = timing.all_day if timing else False
    event = Event(
        name, placed.start, placed.end, all_day, placed.zone.key, rule, roles.location,
        roles.attendees, reminders,
    )  # fmt: skip
    doubts = doubts_of(reading)
    signs = signs_of(reading)
    sure = confidence.of(reading, doubts, signs)
    split = confidence.breakdown(
        sure, reading.wish, title=bool(name), attendees=bool(roles.attendees),
        location=roles.location is not None, repeats=rule is not None,
        spans=expressions.span is not None or expressions.until is not None,
    )  # fmt: skip
    return Decision(
        event, confidence.shown(sure), split, reading.wish if timing or roles.asks else "none",
        (*reading.problems, *sentences_of(doubts)), doubts, signs,
        reading.said.shown.strip(), (), lambda: _why(reading),
    )  # fmt: skip


def _why(reading: Reading) -> Why:
    shown, base = reading.said.shown, reading.base
    evidence = [provenance.of_time(item, shown) for item in reading.expressions.used]
    if reading.expressions.repeat is not None and all(one.part != "repeat" for one in evidence):
        evidence = [  # "Mon-Thu 9.15": the stretch of days says what repeats
            one._replace(part="repeat") if one.part == "span" else one for one in evidence
        ]
    evidence += provenance.of_roles(reading.roles, shown)
    if base:
        evidence = [
            found._replace(start=found.start + base, end=found.end + base) for found in evidence
        ]
    return Why(tuple(evidence), _alternatives(reading))


def _holiday_name(reading: Reading) -> str:
    """Take a holiday's own name as the title when nothing else is left."""
    for item in reading.expressions.used:
        if item.rule == "holiday":
            return (
                reading.said.shown[item.start : item.end].removeprefix("the ").removeprefix("on ")
            )
    return ""


def _alternatives(reading: Reading) -> tuple[Alternative, ...]:
    if reading.timing is None:
        return ()
    found = []
    for other in readings(reading.expressions, reading.frame, reading.topic, reading.timing):
        with suppress(OverflowError):
            start, end, *_ = placing.place(other.timing, reading.zones, reading.expressions)
            if start is not None:
                found.append(Alternative(start, end, other.reason, other.likelihood))
    return tuple(found)
