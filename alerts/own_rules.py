"""A project's own alerts, beside the families: a file of rules, put where they belong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from alerts.names import OWN_CAUSE
from alerts.rule import Alert, Group, Priority, Record, Severity
from alerts.thresholds import FAMILIES
from kit.pure.durations import parse_prometheus, to_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, closest, read_yaml

SCHEMA: Final = "sre.alerts/v1"
_NUMBER: Final = re.compile(r"%([a-z_0-9]+)%")
_FIELDS: Final = (
    "alert", "expr", "severity", "priority", "for", "keep", "after", "board", "labels",
    "cause", "aside", "symptom_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnRule:
    """An alert that stands after the one of the name `after`, or instead of one of its own name."""

    alert: Alert
    after: str | None
    cause: bool = False
    """Failing and slow requests are its symptoms: their alerts are silent while it fires."""
    aside: bool = False
    """It is no symptom of a service that is down."""
    symptom_of: tuple[str, ...] = ()
    """It is inhibited while one of these fires."""


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What a project says of its alerts: its own, and the families that these stand for."""

    rules: tuple[OwnRule, ...] = ()
    without: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    """The numbers that their expressions name, beside those of the families."""

    @property
    def causes(self) -> tuple[str, ...]:
        """Return the alerts whose symptoms those of families are."""
        return tuple(each.alert.name for each in self.rules if each.cause)

    @property
    def asides(self) -> tuple[str, ...]:
        """Return the alerts that an outage does not explain."""
        return tuple(each.alert.name for each in self.rules if each.aside)

    def symptoms_of(self, *names: str) -> tuple[str, ...]:
        """Return the alerts that are inhibited while one of these fires."""
        return tuple(e.alert.name for e in self.rules if not set(names).isdisjoint(e.symptom_of))


def read_own_rules(source: str, text: str, numbers: Mapping[str, float]) -> OwnRules:
    """Return the rules of a file; `%name%` in an expression is one of its limits or of `numbers`.

    `numbers` are those of the families, and limits of the file's that are tried with another value.
    Raises FieldError for the first mistake.
    """
    root = read_yaml(source, text)
    root.only("schema", "without", "limits", "alerts")
    root.need("schema", f"add `schema: {SCHEMA}`").choice(SCHEMA)
    limits = _limits(root.get("limits"), numbers)
    listed = root.get("alerts")
    rules = tuple(_rule(each, {**numbers, **limits}) for each in listed.items()) if listed else ()
    without = root.get("without")
    names = tuple(each.text() for each in without.items()) if without else ()
    return OwnRules(rules, names, limits)


def _limits(place: Field | None, numbers: Mapping[str, float]) -> dict[str, float]:
    """Return the limits of a file by name, whole where they are written so."""
    found: dict[str, float] = {}
    for name in place.names() if place else ():
        stated = place.at(name) if place else Field("", name, None)
        if name in FAMILIES:
            raise stated.wrong("is a limit of the families", "give it another name")
        if not _NUMBER.fullmatch(f"%{name}%"):
            raise stated.wrong("has a name that no %name% can have", "write such as queue_most")
        value = stated.number()
        found[name] = numbers.get(name, int(value) if isinstance(stated.value, int) else value)
    return found


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
    symptom_of = place.get("symptom_of")
    return OwnRule(
        alert,
        after.text() if after else None,
        cause=flag.flag() if (flag := place.get("cause")) else False,
        aside=flag.flag() if (flag := place.get("aside")) else False,
        symptom_of=tuple(one.text() for one in symptom_of.items()) if symptom_of else (),
    )


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

    One without a place stands at the end of the last group. Raises BadInputError for a place or a
    cause that is not there.
    """
    found = [_filled_in(_without(group, own.without), own.causes) for group in groups]
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
    _refuse_unknown_causes(own, {a.name for group in (*groups, *found) for a in group.alerts()})
    return tuple(found)


def _refuse_unknown_causes(own: OwnRules, known: set[str]) -> None:
    """Raise BadInputError for a symptom of an alert that there is not: it would silence nothing."""
    for each in own.rules:
        for name in each.symptom_of:
            if name not in known:
                raise BadInputError(
                    f"{each.alert.name} is a symptom of {name}, and there is no such alert",
                    hint=closest(name, known),
                )


def _without(group: Group, names: Iterable[str]) -> Group:
    gone = set(names)
    rules = (r for r in group.rules if not (isinstance(r, Alert) and r.name in gone))
    return replace(group, rules=tuple(rules))


def _filled_in(group: Group, causes: Sequence[str]) -> Group:
    """Return the group with a project's own causes where the families leave a place for them."""
    place, named = f"|{OWN_CAUSE}", "".join(f"|{name}" for name in causes)
    rules = (replace(rule, expr=rule.expr.replace(place, named)) for rule in group.rules)
    return replace(group, rules=tuple(rules))


def _put(group: Group, name: str, alert: Alert, *, beside: bool) -> Group:
    rules: list[Record | Alert] = []
    for rule in group.rules:
        here = isinstance(rule, Alert) and rule.name == name
        rules += [rule] if beside or not here else []
        rules += [alert] if here else []
    return replace(group, rules=tuple(rules))
