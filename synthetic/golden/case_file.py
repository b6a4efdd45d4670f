"""Read golden cases from JSON lines; every error names file, line and field."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit.pure.errors import BadInputError
from kit.pure.fields import Field
from kit.pure.json_values import from_json
from synthetic.golden.case import Case, Provenance
from synthetic.golden.spec import FieldRule, Spec

_KEYS: Final = ("id", "text", "inputs", "expected", "fields", "slices", "provenance")
_CLOCKED: Final = ("now", "timezone")
_NOBODY: Final = Provenance("", "", "")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}\Z")
MAX_TEXT: Final = 2000
_CLOCK: Final = "write a wall clock such as 2026-03-11T09:00:00"


def read_cases(sources: Iterable[tuple[str, str]], spec: Spec) -> tuple[Case, ...]:
    """Return the cases of (file name, text) pairs in their order.

    Raises BadInputError for a line that is no case or repeats an id, and when there is no case.
    """
    found: list[Case] = []
    seen: dict[str, str] = {}
    names: list[str] = []
    for source, text in sources:
        names.append(source)
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            place = f"{source}:{number}"
            case = _read_case(line, place, spec)
            if case.id in seen:
                raise BadInputError(
                    f"{place}: id {case.id!r} is already used at {seen[case.id]}",
                    hint="give each case its own id",
                )
            seen[case.id] = place
            found.append(case)
    if not found:
        where = ", ".join(names) or "the folder"
        raise BadInputError(
            f"no golden case in {where}", hint="a golden file holds one JSON object a line"
        )
    return tuple(found)


def _read_case(line: str, place: str, spec: Spec) -> Case:
    try:
        data = from_json(line)
    except ValueError as err:
        raise BadInputError(
            f"{place}: not JSON: {err}", hint="write one JSON object on one line"
        ) from err
    return case_from_json(data, spec, source=place)


def case_from_json(data: object, spec: Spec, *, source: str = "case") -> Case:
    """Return the case; raises FieldError naming the field that is wrong."""
    root = Field(source, "", data)
    root.only(*_KEYS, *(_CLOCKED if spec.clocked else ()))
    identifier, text = root.need("id"), root.need("text")
    if not _ID.match(identifier.text()):
        raise identifier.wrong("is not lower-case letters, digits, dots and dashes", "rename it")
    if not isinstance(text.value, str) or not 0 < len(text.value) <= MAX_TEXT:
        raise text.wrong(f"must be 1 to {MAX_TEXT} characters", "shorten it")
    expected, fields = _expected(root.need("expected"), root.get("fields"), spec)
    inputs = root.get("inputs")
    return Case(
        id=identifier.text(),
        text=text.value,
        now=_now(root.need("now")) if spec.clocked else "",
        timezone=_zone(root.need("timezone")) if spec.clocked else "",
        expected=expected,
        fields=fields,
        slices=_slices(root, spec),
        provenance=_provenance(root.need("provenance")) if _said(root, spec) else _NOBODY,
        inputs={one: inputs.at(one).value for one in inputs.names()} if inputs else {},
        spec=spec,
    )


def _now(place: Field) -> str:
    moment = _moment(place.value)
    if moment is None or moment.tzinfo is not None:
        raise place.wrong("is not a wall clock", _CLOCK)
    return str(place.value)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _zone(place: Field) -> str:
    try:
        return ZoneInfo(str(place.value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise place.wrong("is not known", "write for example Europe/Berlin") from err


def _said(root: Field, spec: Spec) -> bool:
    """Say whether a case tells where it comes from; what may grow by users' words has to."""
    return spec.clocked or root.get("provenance") is not None


def _expected(
    place: Field, counting: Field | None, spec: Spec
) -> tuple[Mapping[str, object], tuple[str, ...]]:
    known = [one.name for one in spec.fields if one.compare != "ignored"]
    place.only(*spec.names)
    chosen = counting.items() if counting else ()
    fields = tuple(each.choice(*known) for each in chosen) or tuple(
        name for name in place.names() if counting is None and name in known
    )
    if not fields:
        raise (counting or place).wrong(
            "is empty: something has to count", f"use {', '.join(known)}"
        )
    for name in fields:
        if name not in place.names():
            raise place.at(name).wrong("counts but expected has no value for it", "add its value")
    for rule in spec.fields:
        _check_value(place, rule)
    return {each: place.at(each).value for each in place.names()}, fields


def _check_value(place: Field, rule: FieldRule) -> None:
    """Refuse an expected value that the field's comparator cannot compare with."""
    value = place.get(rule.name)
    if value is None:
        return
    if rule.compare == "moment":
        _check_moment(value)
    elif rule.compare in {"set", "names"} and not isinstance(value.value, list):
        listed = "names" if rule.compare == "names" else "values"
        raise value.wrong(f"is not a list of {listed}", "write a list")
    elif rule.compare == "within":
        value.number()
    elif rule.compare == "regex":
        try:
            re.compile(value.text())
        except re.error as err:
            raise value.wrong(f"is no regular expression: {err}", "correct it") from err


def _check_moment(place: Field) -> None:
    """Raise FieldError unless nothing, a date, or a time with an offset stands here."""
    text = place.value
    moment = _moment(text)
    if text is None or (moment and (moment.tzinfo or len(str(text)) == len("2026-03-11"))):
        return
    raise place.wrong("is neither a date nor a time with an offset", "see docs/golden.md")


def _slices(root: Field, spec: Spec) -> Mapping[str, str]:
    place = root.need("slices") if spec.slices else root.get("slices")
    if place is None:
        return {}
    place.only(*spec.slices)
    return {name: place.need(name).text() for name in spec.slices}


def _provenance(place: Field) -> Provenance:
    place.only("by", "on", "why", "decision_id")
    by, on, why = (place.need(name) for name in ("by", "on", "why"))
    try:
        date.fromisoformat(on.text())
    except ValueError as err:
        raise on.wrong(f"is no date: {err}", "write for example 2026-11-21") from err
    decision = place.get("decision_id")
    return Provenance(by.text(), on.text(), why.text(), decision.text() if decision else None)
