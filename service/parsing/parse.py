"""From a text to a decision, one stage after the other."""

import re
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from service.parsing import feasts
from service.parsing.engine import Item
from service.parsing.gather import Parts, gather
from service.parsing.grammar.pipeline import read
from service.parsing.model import Decision, Event, Evidence, Intent, Preferences
from service.parsing.resolve import clocks
from service.parsing.resolve.arith import Frame, ImpossibleError
from service.parsing.resolve.repeats import rule_text
from service.parsing.resolve.schedule import Timing, schedule
from service.parsing.roles import attendees, intent, location, residue, title
from service.parsing.text import Clean, clean
from service.parsing.tokens import tokenise

DEFAULTS = Preferences()
_PAST = re.compile(r"^(?:what|when|who|how|where|did)\b.{0,40}\b(?:did|was|were|had)\b|^(?:i|we) had\b")


def parse(text: str, *, now: datetime, zone: ZoneInfo, preferences: Preferences = DEFAULTS) -> Decision:
    """Return what `text` asks of a calendar, seen from `now` in `zone`."""
    said = clean(text)
    tokens = feasts.mark(tokenise(said.lower), said.lower)
    masked, quoted = _mask(tokens, said)
    items = read(masked)
    wish = intent.find(said.shown)
    reminding = "remind" in said.lower or "notif" in said.lower or "alert" in said.lower
    parts = gather(items, reminding=reminding, moving=wish == "move")
    words = frozenset(item.value for item in items if item.cls in ("WORD", "MEAL"))
    local = now.astimezone(zone).replace(tzinfo=None)
    request = any(item.cls == "WORD" for item in items)
    frame = Frame(local, preferences, past=bool(_PAST.match(said.lower)), request=request)
    problems = list(said.problems) + _impossible(items, said)
    timing = _timing(parts, frame, clocks.topic_half(words), problems)
    return _decide(said, items, parts, timing, zone, quoted, wish, tuple(problems))


def _mask(items: list[Item], said: Clean) -> tuple[list[Item], str | None]:
    """Keep what stands in quotes out of the time grammar: it is a name."""
    quoted = title.quoted(said.shown) if '"' in said.shown or "'" in said.shown else None
    if not quoted:
        return items, None
    start = said.shown.find(quoted)
    end = start + len(quoted)
    if end - start >= len(said.shown.strip()) - 3:
        return items, None
    return [i._replace(cls="WORD", value="") if start <= i.start < end and i.cls != "quote" else i for i in items], quoted


def _impossible(items: list[Item], said: Clean) -> list[str]:
    """Name what looks like a time and is none: "13:75", "25 o'clock"."""
    found = []
    for index, item in enumerate(items):
        clockish = item.cls == "NUM" and index + 1 < len(items) and items[index + 1].cls in ("oclock", "AMPM")
        if item.cls == "CLOCK" or clockish:
            found.append(f"there is no time {said.shown[item.start : item.end]!r}")
        elif item.cls == "ISO":
            found.append(f"there is no date {said.shown[item.start : item.end]!r}")
    return found


def _timing(parts: Parts, frame: Frame, topic: str, problems: list[str]) -> Timing | None:
    try:
        return schedule(parts, frame, topic)
    except ImpossibleError as error:
        problems.append(str(error))
    except (OverflowError, ValueError):
        problems.append("the date lies beyond the calendar")
    return None


def _decide(said: Clean, items: list[Item], parts: Parts, timing: Timing | None, zone: ZoneInfo, quoted: str | None, wish: Intent, problems: tuple[str, ...]) -> Decision:
    left = residue.residue(items, parts.used, said.shown)
    if quoted:
        left = left.replace(quoted, "|", 1)
    who = attendees.find(left)
    if who:
        left = left[: who.start] + " | " + left[who.end :]
    where = location.find(left)
    link = next((item for item in items if item.cls == "LINK"), None)
    if link is not None and where is None:
        shown = said.shown[link.start : link.end]
        if (at := left.find(shown)) >= 0:
            where = location.Place(shown, at, at + len(shown))
    if where:
        left = left[: where.start] + " | " + left[where.end :]
    name = quoted or title.explicit(left) or title.find(left, removing=wish in ("cancel", "move"))
    if not name:
        name = next((said.shown[i.start : i.end] for i in parts.used if i.rule == "feast"), "")
    own = ZoneInfo(parts.zone) if parts.zone else zone
    start, end = _zoned(timing, own)
    rule = None
    if parts.repeat is not None and timing is not None:
        rule = rule_text(parts.repeat, parts.count, _until_text(timing, own))
    event = Event(name, start, end, timing.all_day if timing else False, own.key, rule, where.name if where else None, who.names if who else ())
    sure = 0.8 if timing else 0.1
    evidence = tuple(Evidence(i.cls.lower(), said.shown[i.start : i.end], i.start, i.end, i.rule, str(i.value)) for i in parts.used)
    if not timing and not problems:
        problems = (*problems, "no date or time found")
    return Decision(event, sure, MappingProxyType({"start": sure}), wish if timing or name else "none", evidence, (), problems)


def _zoned(timing: Timing | None, zone: ZoneInfo) -> tuple[datetime | date | None, datetime | date | None]:
    if timing is None:
        return None, None
    if timing.all_day:
        last = timing.end.date()
        return timing.start.date(), last if last > timing.start.date() else timing.start.date() + timedelta(days=1)
    return timing.start.replace(tzinfo=zone), timing.end.replace(tzinfo=zone)


def _until_text(timing: Timing, zone: ZoneInfo) -> str | None:
    if timing.until is None:
        return None
    if timing.all_day:
        return timing.until.strftime("%Y%m%d")
    return timing.until.replace(tzinfo=zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
