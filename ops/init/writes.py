"""A journey of a write that cleans up after itself, from the routes of an OpenAPI document."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ops.init.openapi import Route
from ops.init.toml_text import inline

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")
_HEAD: Final = """
# What a user makes, looks at and takes away again. Uncomment it where its leftovers do no harm:
# it was not tried, since that would have written to the service.
"""


def write_journey(routes: Sequence[Route]) -> str:
    """Return the table of a journey as a comment; empty where no route makes what another takes.

    That is a POST whose documented answer has the field that a DELETE below its path asks for.
    """
    made = ((one, _taken(one, routes)) for one in routes if _makes(one))
    for create, below in made:
        field = _field(create, below)
        if field is not None:
            lines = _lines(create, below, field)
            return _HEAD + "".join(f"# {line}\n" for line in lines)
    return ""


def _makes(route: Route) -> bool:
    return route.method == "POST" and route.path == route.template


def _taken(create: Route, routes: Iterable[Route]) -> list[Route]:
    """Return the routes of one thing below those that make it, if one of them takes it away."""
    below = [
        one
        for one in routes
        if re.fullmatch(re.escape(create.template.rstrip("/")) + r"/\{[^{}/]+\}", one.template)
    ]
    return below if any(one.method == "DELETE" for one in below) else []


def _field(create: Route, below: Sequence[Route]) -> str | None:
    """Return the field of the answer that the parameter of the routes below asks for."""
    if not below:
        return None
    (parameter,) = _PARAMETER.findall(below[0].template)
    usual = (parameter, "id", f"{parameter}_id")
    return next((name for name in usual if name in create.answer), None)


def _lines(create: Route, below: Sequence[Route], field: str) -> list[str]:
    path = _PARAMETER.sub("{made}", below[0].template)
    lines = ["[[journeys]]", 'name = "write"']
    lines += ["[[journeys.steps]]", 'method = "POST"', f"path = {inline(create.path)}"]
    if create.body is not None:
        lines.append(f"body = {inline(create.body)}")
    saved = {"made": f"$.{field}"}
    lines += [f"expect = {create.status}", f"save = {inline(saved)}"]
    for one in below:
        if one.method == "GET":
            lines += ["[[journeys.steps]]", f"path = {inline(path)}", f"expect = {one.status}"]
    (taken, *_) = (one for one in below if one.method == "DELETE")
    lines += ["[[journeys.clean]]", 'method = "DELETE"', f"path = {inline(path)}"]
    return [*lines, f"expect = {taken.status}"]
