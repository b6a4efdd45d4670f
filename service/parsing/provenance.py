"""Which words and which stage made each field of an event."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from service.parsing.engine import Item
from service.parsing.model import Decision, Evidence, Stage
from service.parsing.roles import Roles

_WHEN = frozenset(
    ("date", "moment", "time", "timespan", "span", "period", "weakspan", "weaktime", "hhmm", "ord",
     "year", "num", "meal", "except")
)  # fmt: skip
_MAKERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "start": _WHEN | {"repeat"},
        "end": frozenset(("timespan", "span", "length", "weakspan", "period", "date", "moment")),
        "all_day": _WHEN,
        "recurrence": frozenset(("repeat", "count", "except", "span", "length", "times")),
        "timezone": frozenset(("zone",)),
        "title": frozenset(("title",)),
        "attendees": frozenset(("attendees",)),
        "location": frozenset(("location",)),
    }
)
# Classes of the grammar that are one kind to a reader.
_SHOWN = {"TIMES": "time", "DAYPARTS": "repeat"}


def made_by(decision: Decision) -> Mapping[str, tuple[Evidence, ...]]:
    """Return, for each field of the event, the evidence that it came from.

    A field without any was filled by a convention (stage "resolution") or is empty.
    """
    made = {
        field: tuple(found for found in decision.evidence if found.part in parts)
        for field, parts in _MAKERS.items()
    }
    if not any(found.part == "repeat" for found in made["recurrence"]):
        made["recurrence"] = ()
    return MappingProxyType(made)


def of_time(item: Item, shown: str) -> Evidence:
    """Return the evidence of an expression that was used, with the stage that made it a time."""
    cls, start, end, value, rule = item
    part = _SHOWN.get(cls) or cls.lower()
    stage: Stage = "expressions"
    if not rule:  # a bare "1730" is a time because nothing else is said
        stage = "tokens" if cls == "ZONE" else "composition"
    elif rule.startswith("iso-"):
        stage = "tokens"
    made = (part, shown[start:end], start, end, rule or part, value, stage)
    return tuple.__new__(Evidence, made)  # half the cost of Evidence(...)


def of_roles(roles: Roles, shown: str) -> list[Evidence]:
    """Return the evidence of title, attendees and location, with the words they were taken from."""
    found = [_of_role("attendees", name, "names", shown) for name in roles.attendees]
    if roles.location:
        found.append(_of_role("location", roles.location, roles.place_rule, shown))
    if roles.title:
        found.append(_of_role("title", roles.title, roles.title_rule, shown))
    return found


def _of_role(part: str, value: str, rule: str, shown: str) -> Evidence:
    start = shown.find(value)
    end = start + len(value)
    if start < 0:
        start, end = _around(value, shown)
    return tuple.__new__(Evidence, (part, shown[start:end], start, end, rule, value, "roles"))


def _around(value: str, shown: str) -> tuple[int, int]:
    """Return where a value's words lie whose signs, or whose time, were taken out."""
    words = re.findall(r"\w+", value)
    start = shown.find(words[0]) if words else -1
    last = shown.find(words[-1], start) if start >= 0 else -1
    return (start, last + len(words[-1])) if last >= 0 else (0, 0)
