"""Variables in texts and in JSON: `{id}`, `{now+1d}`, `{start-1h:date}`, and `{end?}`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from synthetic.steps.errors import UnknownVariableError

Variables = Mapping[str, object]
_VARIABLE: Final = re.compile(
    r"\{(?P<name>[a-z_][a-z0-9_]*)(?P<shift>[+-]\d+[smhd])?(?::(?P<form>date|local|utc))?"
    r"(?P<optional>\?)?\}"
)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_FORMS: Final = {"date": "%Y-%m-%d", "local": "%Y-%m-%dT%H:%M:%S", "utc": "%Y-%m-%dT%H:%M:%SZ"}


def names_in(value: object) -> frozenset[str]:
    """Return the variables that a text, or the JSON around texts, has to have."""
    if isinstance(value, str):
        return frozenset(m["name"] for m in _VARIABLE.finditer(value) if not m["optional"])
    if isinstance(value, Mapping):
        return frozenset().union(*map(names_in, value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*map(names_in, value))
    return frozenset()


def filled(value: object, variables: Variables) -> object:
    """Return JSON with its variables in place; raises UnknownVariableError for one without a value.

    A text that is one variable takes its value as it is, a number as a number. What is named with
    a question mark and has no value is left out of the object or list that it stands in.
    """
    if isinstance(value, str):
        whole = _VARIABLE.fullmatch(value)
        if whole and not whole["shift"] and not whole["form"]:
            return _value(whole, variables)
        return text_filled(value, variables)
    if isinstance(value, Mapping):
        return {k: filled(v, variables) for k, v in value.items() if not _missing(v, variables)}
    if isinstance(value, list | tuple):
        return [filled(each, variables) for each in value if not _missing(each, variables)]
    return value


def text_filled(text: str, variables: Variables) -> str:
    """Return a text with its variables in place."""
    return _VARIABLE.sub(lambda found: _text(found, variables), text)


def path_filled(path: str, variables: Variables) -> str:
    """Return a path with its variables in place, percent-encoded."""
    return _VARIABLE.sub(lambda found: quote(_text(found, variables), safe=""), path)


def _text(found: re.Match[str], variables: Variables) -> str:
    value = _value(found, variables)
    if not found["shift"] and not found["form"]:
        return "" if value is None else str(value)
    return _as_time(value, found)


def moment(value: object) -> datetime | None:
    """Return an instant in UTC; a time without an offset is in UTC, what is no time is None."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _missing(value: object, variables: Variables) -> bool:
    whole = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
    return bool(whole and whole["optional"] and variables.get(whole["name"]) is None)


def _value(found: re.Match[str], variables: Variables) -> object:
    value = variables.get(found["name"])
    if value is None and not found["optional"]:
        raise UnknownVariableError(found["name"])
    return value


def _as_time(value: object, found: re.Match[str]) -> str:
    at = moment(value)
    if at is None:
        raise UnknownVariableError(found["name"], f"{value!r} is no time")
    if shift := found["shift"]:
        at += timedelta(**{_UNITS[shift[-1]]: int(shift[:-1])})
    return at.strftime(_FORMS[found["form"] or "utc"])
