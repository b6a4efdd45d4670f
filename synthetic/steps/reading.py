"""Read steps and journeys from loaded TOML or YAML; errors name file, field, value and fix."""

import re
from typing import Final

from kit.pure.fields import Field
from synthetic.steps.checking import PATTERN
from synthetic.steps.step import (
    HEADER,
    OPERATIONS,
    TEXT,
    Body,
    Check,
    Journey,
    Step,
    why_no_path,
)
from synthetic.steps.templates import names_in

FIELDS: Final = (
    "name", "method", "path", "route", "headers", "body", "text", "form", "expect", "refused",
    "save", "check",
)  # fmt: skip
_VARIABLE: Final = re.compile(r"[a-z_][a-z0-9_]*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_SECRETS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
_ELSEWHERE: Final = "set SRE_API_KEYS, or give a variable such as Bearer {token}"
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""The name of a header (RFC 9110 section 5.6.2)."""


def read_step(place: Field, *more: str) -> Step:
    """Return a step; `more` are fields that its reader knows besides."""
    place.only(*FIELDS, *more)
    path, method, route = place.need("path"), place.get("method"), place.get("route")
    verb = method.text().upper() if method else "GET"
    if method is not None and not verb.isalpha():
        raise method.wrong("is no method", "e.g. GET")
    name = place.get("name")
    kind, body = _body(place)
    return Step(
        method=verb,
        path=path_of(path),
        name=name.text() if name else f"{verb} {path.value}",
        headers=_headers(place.get("headers")),
        body=body,
        body_kind=kind,
        expect=_statuses(place.get("expect")),
        save=_save(place.get("save")),
        checks=tuple(map(_check, one.items())) if (one := place.get("check")) else (),
        route=_route_of(route) if route else None,
        refused=told.text() if (told := place.get("refused")) else None,
    )


def read_journey(root: Field) -> Journey:
    """Return a journey."""
    root.only("name", "description", "steps", "clean")
    name, description = root.need("name"), root.get("description")
    if not _NAME.fullmatch(name.text()):
        raise name.wrong("is no name for a label", "write lower-case letters and _, such as a_day")
    steps = tuple(map(read_step, root.need("steps").items()))
    if not steps:
        raise root.need("steps").wrong("is empty", "a journey has one step at least")
    clean = root.get("clean")
    return Journey(
        name.text(),
        description.text() if description else "",
        steps,
        tuple(map(read_step, clean.items())) if clean else (),
    )


def path_of(place: Field) -> str:
    """Return the path of a request, without the target's address."""
    if not isinstance(place.value, str) or not place.value.strip().startswith("/"):
        raise place.wrong("does not start with /", "give a path such as /orders, not a URL")
    path = place.value.strip()
    if not (path.isascii() and path.isprintable() and " " not in path):
        raise place.wrong("is no path", "percent-encode it")
    return path


def _route_of(place: Field) -> str:
    """Return what the service counts a request as: a template, or the name of an operation."""
    text = place.text().strip()
    if not text.isprintable() or " " in text:
        raise place.wrong("is no route", "write what the metrics say, such as /orders/{id}")
    return text


def json_path(place: Field) -> str:
    """Return a JSONPath."""
    text = place.text()
    why = why_no_path(re.sub(r"\{[a-z_][^{}]*\}", "x", text))
    if why is not None:
        raise place.wrong(f"is no JSONPath: {why}", "write for example $.order.id")
    return text


def _body(place: Field) -> tuple[Body, object]:
    """Return how the body is written and what is in it; None where there is none."""
    given = [name for name in ("body", "text", "form") if name in place.names()]
    if len(given) > 1:
        hidden = Field(place.source, place.at(given[1]).path, None)  # a body may hold a secret
        raise hidden.wrong("is one body too many", "give one of body, text and form")
    if "text" in given:
        return Body.TEXT, place.need("text").text()
    if (form := place.get("form")) is not None:
        return Body.FORM, {name: form.at(name).value for name in form.names()}
    return Body.JSON, place.at("body").value


def _where(place: Field) -> str:
    """Return where a value is: a JSONPath, header:NAME, or text."""
    text = place.text().strip()
    if text == TEXT or text.startswith(HEADER):
        return text
    return json_path(place)


def _pattern(place: Field, text: str) -> None:
    try:
        re.compile(text)
    except re.error as err:
        raise place.wrong(f"is no regular expression: {err}", "correct it") from err


def _headers(place: Field | None) -> tuple[tuple[str, str], ...]:
    found = []
    for name in place.names() if place else ():
        value = place.need(name) if place else None
        text = value.text() if value else ""
        if value and not (_TOKEN.fullmatch(name) and text.isascii() and text.isprintable()):
            hidden = Field(value.source, value.path, None)
            raise hidden.wrong("is no header", "write Name = value in printable ASCII")
        if value and name.lower() in _SECRETS and not names_in(text):
            hidden = Field(value.source, value.path, None)
            raise hidden.wrong("is a secret, and this file is committed", _ELSEWHERE)
        found.append((name, text))
    return tuple(found)


def _statuses(place: Field | None) -> tuple[int, ...]:
    if place is None:
        return ()
    many = place.items() if isinstance(place.value, list) else iter((place,))
    return tuple(each.whole(100, 599) for each in many)


def _save(place: Field | None) -> tuple[tuple[str, str], ...]:
    found = []
    for name in place.names() if place else ():
        where = place.need(name) if place else None
        if where is None:
            continue
        if not _VARIABLE.fullmatch(name):
            raise where.wrong("has a name that is no variable", "write lower-case letters and _")
        if (pattern := where.text().removeprefix(PATTERN)) != where.text():
            _pattern(where, pattern)
            found.append((name, where.text()))
        else:
            found.append((name, _where(where)))
    return tuple(found)


def _check(place: Field) -> Check:
    place.only("path", "says", *OPERATIONS)
    given = [name for name in OPERATIONS if name in place.names()]
    if len(given) != 1:
        raise place.wrong("demands not one thing", f"give one of {', '.join(OPERATIONS)}")
    (operation,) = given
    wanted, says = place.at(operation), place.get("says")
    if operation == "matches":
        _pattern(wanted, wanted.text())
    if operation in {"within", "apart"} and len(list(wanted.items())) != 2:  # noqa: PLR2004
        raise wanted.wrong("is no pair", "write a list of two")
    path = _where(place.need("path"))
    return Check(path, operation, wanted.value, says.text() if says else None)
