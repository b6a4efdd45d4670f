"""Read steps and journeys from loaded TOML or YAML; errors name file, field, value and fix."""

import re
from typing import Final

from kit.pure.fields import Field
from synthetic.steps.step import OPERATIONS, Check, Journey, Step, why_no_path

FIELDS: Final = (
    "name", "method", "path", "route", "headers", "body", "expect", "refused", "save", "check",
)  # fmt: skip
_VARIABLE: Final = re.compile(r"[a-z_][a-z0-9_]*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
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
    return Step(
        method=verb,
        path=path_of(path),
        name=name.text() if name else f"{verb} {path.value}",
        headers=_headers(place.get("headers")),
        body=place.at("body").value,
        expect=_statuses(place.get("expect")),
        save=_save(place.get("save")),
        checks=tuple(map(_check, one.items())) if (one := place.get("check")) else (),
        route=path_of(route) if route else None,
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


def json_path(place: Field) -> str:
    """Return a JSONPath."""
    text = place.text()
    why = why_no_path(re.sub(r"\{[a-z_][^{}]*\}", "x", text))
    if why is not None:
        raise place.wrong(f"is no JSONPath: {why}", "write for example $.order.id")
    return text


def _headers(place: Field | None) -> tuple[tuple[str, str], ...]:
    found = []
    for name in place.names() if place else ():
        value = place.need(name) if place else None
        text = value.text() if value else ""
        if value and not (_TOKEN.fullmatch(name) and text.isascii() and text.isprintable()):
            raise value.wrong("is no header", "write Name = value in printable ASCII")
        if value and name.lower() == "authorization":
            hidden = Field(value.source, value.path, None)
            raise hidden.wrong("is a secret, and this file is committed", "set SRE_API_KEYS")
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
        is_header = where.text().startswith("header:")
        found.append((name, where.text() if is_header else json_path(where)))
    return tuple(found)


def _check(place: Field) -> Check:
    place.only("path", "says", *OPERATIONS)
    given = [name for name in OPERATIONS if name in place.names()]
    if len(given) != 1:
        raise place.wrong("demands not one thing", f"give one of {', '.join(OPERATIONS)}")
    (operation,) = given
    wanted, says = place.at(operation), place.get("says")
    if operation == "matches":
        try:
            re.compile(wanted.text())
        except re.error as err:
            raise wanted.wrong(f"is no regular expression: {err}", "correct it") from err
    if operation in {"within", "apart"} and len(list(wanted.items())) != 2:  # noqa: PLR2004
        raise wanted.wrong("is no pair", "write a list of two")
    path = json_path(place.need("path"))
    return Check(path, operation, wanted.value, says.text() if says else None)
