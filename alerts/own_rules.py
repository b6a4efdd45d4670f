"""A project's own alerts, beside the families: a file of rules, put where they belong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from alerts.rule import Alert, Group, Priority, Record, Severity
from kit.pure.durations import parse_prometheus, to_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, closest, read_yaml

SCHEMA: Final = "sre.alerts/v1"
_NUMBER: Final = re.compile(r"%([a-z_0-9]+)%")
_FIELDS: Final = (
    "alert", "expr", "severity", "priority", "for", "keep", "after", "board", "labels",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnRule:
    """An alert that stands after the one of the name `after`, or instead of one of its own name."""

    alert: Alert
    after: str | None


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a project says of its alerts: its own, and the families that these stand for."""

    rules: tuple[OwnRule, ...] = ()
    without: tuple[str, ...] = ()


def read_own_rules(source: str, text: str, numbers: Mapping[str, float]) -> OwnRules:
    """Return the rules of a file; `%name%` in an expression is one of `numbers`.

    Raises FieldError for the first mistake.
    """
    root = read_yaml(source, text)
    root.only("schema", "without", "alerts")
    root.need("schema", f"add `schema: {SCHEMA}`").choice(SCHEMA)
    listed = root.get("alerts")
    rules = tuple(_rule(each, numbers) for each in listed.items()) if listed else ()
    without = root.get("without")
    return OwnRules(rules, tuple(each.text() for each in without.items()) if without else ())


def _rule(place: Field, numbers: Mapping[str, float]) -> OwnRule:
    place.only(*_FIELDS)
    after, board, labels = place.get("after"), place.get("board"), place.get("labels")
    alert = Alert(
        place.need("alert").text(),
        _filled(place.need("expr"), numbers),
        Severity(place.need("severity").choice(*Severity)),
        Priority(place.need("priority").choice(*Priority)),
        hold=_duration(place.get("for"), "0s"),
        keep=_duration(place.get("keep"), "5m"),
        labels=tuple((name, labels.need(name).text()) for name in labels.names()) if labels else (),
        board=board.text() if board else None,
    )
    return OwnRule(alert, after.text() if after else None)


def _filled(place: Field, numbers: Mapping[str, float]) -> str:
    text = " ".join(place.text().split())
    for name in _NUMBER.findall(text):
        if name not in numbers:
            raise place.wrong(f"names no number %{name}%", closest(name, numbers))
    return _NUMBER.sub(lambda found: f"{numbers[found[1]]:.10g}", text)


def _duration(place: Field | None, otherwise: str) -> str:
    if place is None:
        return otherwise
    try:
        seconds = parse_prometheus(place.text())
    except ValueError as err:
        raise place.wrong("is no duration", "write for example 5m") from err
    return to_prometheus(timedelta(seconds=seconds)) if seconds else "0s"


def with_own(groups: Sequence[Group], own: OwnRules) -> tuple[Group, ...]:
    """Return the groups with a project's own alerts in their places.

    One without a place stands at the end of the last group. Raises BadInputError for a place that
    is not there.
    """
    found = [_without(group, own.without) for group in groups]
    for each in own.rules:
        known = [a.name for group in found for a in group.alerts()]
        if each.alert.name in known:
            found = [_put(group, each.alert.name, each.alert, beside=False) for group in found]
        elif each.after is None:
            found[-1] = replace(found[-1], rules=(*found[-1].rules, each.alert))
        elif each.after not in known:
            raise BadInputError(
                f"{each.alert.name} is to stand after {each.after}, and there is no such alert",
                hint=closest(each.after, known),
            )
        else:
            found = [_put(group, each.after, each.alert, beside=True) for group in found]
    return tuple(found)


def _without(group: Group, names: Iterable[str]) -> Group:
    gone = set(names)
    rules = (r for r in group.rules if not (isinstance(r, Alert) and r.name in gone))
    return replace(group, rules=tuple(rules))


def _put(group: Group, name: str, alert: Alert, *, beside: bool) -> Group:
    rules: list[Record | Alert] = []
    for rule in group.rules:
        here = isinstance(rule, Alert) and rule.name == name
        rules += [rule] if beside or not here else []
        rules += [alert] if here else []
    return replace(group, rules=tuple(rules))
