"""Read golden cases from JSON lines; every error names file and line."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit.pure.errors import BadInputError
from synthetic.golden.case import FIELDS, SLICES, Case, Provenance

_KEYS: Final = ("id", "text", "now", "timezone", "expected", "fields", "slices", "provenance")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}\Z")
MAX_TEXT: Final = 2000


class BrokenLineError(BadInputError):
    """A line of a golden file cannot be used; `source` and `line` (from 1) say which."""

    def __init__(self, source: str, line: int, problem: str, hint: str) -> None:
        super().__init__(f"{source}:{line}: {problem}", hint=hint)
        self.source, self.line = source, line


def read_cases(sources: Iterable[tuple[str, str]]) -> tuple[Case, ...]:
    """Return the cases of (file name, text) pairs in their order.

    Raises BrokenLineError for a line that is no case or repeats an id, and BadInputError when
    there is no case at all.
    """
    found: list[Case] = []
    seen: dict[str, str] = {}
    names: list[str] = []
    for source, text in sources:
        names.append(source)
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            case = read_case(line, source=source, line=number)
            if case.id in seen:
                raise BrokenLineError(
                    source, number, f"id {case.id!r} is already used at {seen[case.id]}",
                    "give each case its own id",
                )  # fmt: skip
            seen[case.id] = f"{source}:{number}"
            found.append(case)
    if not found:
        where = ", ".join(names) or "the folder"
        raise BadInputError(
            f"no golden case in {where}", hint="a golden file holds one JSON object a line"
        )
    return tuple(found)


def read_case(text: str, *, source: str, line: int) -> Case:
    """Return the case that one line states."""
    try:
        data = json.loads(text)
    except ValueError as err:
        raise BrokenLineError(
            source, line, f"not JSON: {err}", "write one JSON object on one line"
        ) from err
    try:
        return case_from_json(data)
    except (ValueError, TypeError) as err:
        raise BrokenLineError(
            source, line, str(err), "see docs/golden.md for the fields of a case"
        ) from err


def case_from_json(data: Any) -> Case:
    """Return the case; raises ValueError naming the field that is wrong."""
    _check_keys(data, _KEYS, "case")
    identifier, text = data["id"], data["text"]
    if not isinstance(identifier, str) or not _ID.match(identifier):
        raise ValueError(f"id {identifier!r} is not lower-case letters, digits, dots and dashes")
    if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT:
        raise ValueError(f"text must be 1 to {MAX_TEXT} characters")
    expected, fields = _expected(data["expected"], data["fields"])
    return Case(
        id=identifier,
        text=text,
        now=_now(data["now"]),
        timezone=_zone(data["timezone"]),
        expected=expected,
        fields=fields,
        slices=_slices(data["slices"]),
        provenance=_provenance(data["provenance"]),
    )


def _check_keys(data: Any, keys: Iterable[str], what: str) -> None:
    if not isinstance(data, Mapping):
        raise TypeError(f"{what} is not a JSON object")
    for key in keys:
        if key not in data:
            raise ValueError(f"{what} has no {key!r}")
    for key in data:
        if key not in keys:
            raise ValueError(f"{what} has an unknown field {key!r}")


def _now(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise ValueError(f"now {value!r} is not a wall clock such as 2026-03-11T09:00:00")
    return str(value)


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError) as err:
        raise ValueError(f"timezone {value!r} is not known, e.g. Europe/Berlin") from err


def _expected(value: Any, fields: Any) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    if not isinstance(value, Mapping) or not isinstance(fields, list):
        raise TypeError("expected must be an object and fields a list")
    if not fields:
        raise ValueError("fields is empty: something has to count")
    for name in (*value, *fields):
        if name not in FIELDS:
            raise ValueError(f"field {name!r} is not known, use {', '.join(FIELDS)}")
    for name in fields:
        if name not in value:
            raise ValueError(f"field {name!r} counts but expected has no value for it")
    for name in ("start", "end"):
        _check_moment(name, value.get(name))
    if not isinstance(value.get("attendees", []), list):
        raise TypeError("expected.attendees is not a list of names")
    return dict(value), tuple(fields)


def _check_moment(name: str, value: Any) -> None:
    if value is None:
        return
    try:
        if len(value) == len("2026-03-11"):
            date.fromisoformat(value)
            return
        if datetime.fromisoformat(value).tzinfo is not None:
            return
    except (TypeError, ValueError):
        pass
    raise ValueError(f"expected.{name} {value!r} is neither a date nor a time with an offset")


def _slices(value: Any) -> Mapping[str, str]:
    _check_keys(value, SLICES, "slices")
    for name, content in value.items():
        if not isinstance(content, str) or not content.strip():
            raise ValueError(f"slices.{name} {content!r} is not a word")
    return dict(value)


def _provenance(value: Any) -> Provenance:
    if not isinstance(value, Mapping) or set(value) - {"by", "on", "why", "decision_id"}:
        raise ValueError("provenance must hold by, on, why and perhaps decision_id")
    for name in ("by", "on", "why"):
        if not isinstance(value.get(name), str) or not value[name].strip():
            raise ValueError(f"provenance.{name} is missing")
    date.fromisoformat(value["on"])
    return Provenance(value["by"], value["on"], value["why"], value.get("decision_id"))
