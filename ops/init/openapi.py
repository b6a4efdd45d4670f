"""Which routes a service has, from its OpenAPI document, each with an example of a request."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlsplit

import yaml

from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER
from kit.pure.json_values import JsonMapping, JsonObject

Read = Any  # Any: of somebody's document
"""A value of somebody's document: nothing is known of it before it is looked at."""

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_JSON: Final = re.compile(r"(application/([\w.-]+\+)?json|\*/\*)( *;.*)?")
"""Frameworks write */* for JSON, too."""
_FORM: Final = re.compile(r"application/x-www-form-urlencoded( *;.*)?")
_DEEPEST: Final = 6
_DEEP_UNASKED: Final = 3
_MOST_ITEMS: Final = 20
_LONGEST: Final = 10_000
_BY_HAND: Final = "correct the document, or leave --openapi out: then the project has one route, /"
_NOT_OURS: Final = frozenset({"authorization", "cookie", "accept", "content-type"})
"""Headers that OpenAPI says are no parameters, and those that hold secrets."""
_SAMPLES: Final[Mapping[str, object]] = {
    "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}, "null": None,
}  # fmt: skip
_FORMATS: Final[Mapping[str, str]] = {
    "date": "2026-01-15", "date-time": "2026-01-15T09:00:00Z", "email": "a@example.org",
    "uuid": "00000000-0000-4000-8000-000000000000", "uri": "https://example.org",
}  # fmt: skip


class _Loader(SAFE_LOADER):  # type: ignore[misc]  # either of two
    """A date stays the text that a request sends."""

    yaml_implicit_resolvers: ClassVar = {
        letter: [one for one in found if one[0] != "tag:yaml.org,2002:timestamp"]
        for letter, found in SAFE_LOADER.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Route:
    """One route, with a body that its schema allows and the status of its success.

    `path` has its parameters filled in where `needs` is empty; `needs` names those for which the
    document gives no example, so that a request cannot be made up. `answer` has a value for each
    field of the answer that the document names. `headers` are those that a request must have,
    `form` its fields where the body is a form.
    """

    method: str
    template: str
    path: str
    body: object = None
    status: int = 200
    needs: tuple[str, ...] = ()
    answer: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """A service as its document describes it; its routes lie below the path of its server."""

    title: str | None = None
    routes: tuple[Route, ...] = ()


def read_api(text: str, *, source: str, target: str = "") -> Api:
    """Return what an OpenAPI 3 document says; BadInputError names what is wrong with it.

    Where the address of the `target` ends with the path of the document's server, routes lie below
    that already.
    """
    try:
        document: Read = yaml.load(text, Loader=_Loader)  # noqa: S506 a safe one; JSON is YAML
    except (yaml.YAMLError, ValueError, RecursionError) as err:
        reason = " ".join(str(err).split())[:160]
        raise BadInputError(f"{source}: is neither JSON nor YAML: {reason}", hint=_BY_HAND) from err
    if not isinstance(document, dict):
        raise BadInputError(f"{source}: is no OpenAPI document", hint=_BY_HAND)
    if "swagger" in document:
        raise BadInputError(
            f"{source}: is OpenAPI {document['swagger']}, and 3.0 and 3.1 are read",
            hint="convert it (swagger2openapi does), or leave --openapi out",
        )
    version = str(document.get("openapi", "none"))
    if not version.startswith(("3.0", "3.1")):
        raise BadInputError(
            f"{source}: openapi is {version!r}, and 3.0 and 3.1 are read", hint=_BY_HAND
        )
    paths = document.get("paths") or {}
    if not isinstance(paths, dict):
        raise BadInputError(f"{source}: paths is not a mapping", hint=_BY_HAND)
    info = document.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    below = _base(document.get("servers"))
    if urlsplit(target).path.rstrip("/").endswith(below):
        below = ""
    routes = (
        replace(one, template=below + one.template, path=below + one.path)
        for one in _routes(document, paths, source)
    )
    return Api(str(title) if title else None, tuple(routes))


def _base(servers: Read) -> str:
    """Return the path below which all others lie: that of the first server."""
    first = servers[0] if isinstance(servers, list) and servers else None
    url = str(first.get("url", "")) if isinstance(first, dict) else ""
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
    return path if path.startswith("/") and "{" not in path else ""


def _routes(document: Read, paths: JsonMapping, source: str) -> Iterator[Route]:
    for template, operations in paths.items():
        if not isinstance(operations, dict) or not str(template).startswith("/"):
            raise BadInputError(f"{source}: paths.{template} is no path with operations",
                                hint=_BY_HAND)  # fmt: skip
        for method in _METHODS:
            if isinstance(operation := operations.get(method), dict):
                shared = operations.get("parameters") or []
                try:
                    yield _route(document, str(template), method, operation, shared)
                except (TypeError, ValueError, AttributeError, LookupError, OverflowError) as err:
                    raise BadInputError(
                        f"{source}: paths.{template}.{method} is not written as OpenAPI is: {err}",
                        hint=_BY_HAND,
                    ) from err


def _route(
    document: Read, template: str, method: str, operation: Read, shared: list[Read]
) -> Route:
    path, query, needs, headers = template, [], [], {}
    for raw in [*shared, *(operation.get("parameters") or [])]:
        parameter = _resolved(document, raw)
        where, name = parameter.get("in"), str(parameter.get("name", ""))
        schema = _mapping(parameter.get("schema"))
        sample = _sample(document, {**schema, **_own(parameter)})
        if where == "path":
            is_known = _own(parameter) or schema.get("enum")
            if not is_known:
                needs.append(name)
            path = path.replace("{" + name + "}", quote(str(sample), safe=""))
        elif where == "query" and parameter.get("required"):
            one = sample[0] if isinstance(sample, list) and sample else sample
            query.append(f"{quote(name)}={quote(str(one))}")
        elif where == "header" and parameter.get("required") and name.lower() not in _NOT_OURS:
            headers[name] = str(sample)
    if query:
        path += "?" + "&".join(query)
    body, form = (_body(document, operation, kind) for kind in (_JSON, _FORM))
    answers = operation.get("responses") or {}
    good = {int(code): each for code, each in answers.items() if re.fullmatch(r"2\d\d", str(code))}
    status = min(good, default=200)
    answer = _answer(document, good.get(status))
    return Route(
        method.upper(), template, path, body, status, tuple(needs), answer, headers,
        form if body is None and isinstance(form, dict) else None,
    )  # fmt: skip


def _answer(document: Read, response: Read) -> dict[str, object]:
    """Return a value for each field of an answer that is an object."""
    content = _content(_resolved(document, response), _JSON)
    schema = _resolved(document, content.get("schema")) if content else {}
    fields = _mapping(schema.get("properties"))
    return {name: _sample(document, each) for name, each in fields.items()}


def _own(place: JsonMapping) -> JsonObject:
    """Return the example that stands at a place itself."""
    if "example" in place:
        return {"example": place["example"]}
    named = place.get("examples")
    if isinstance(named, dict) and named:
        first = next(iter(named.values()))
        if isinstance(first, dict) and "value" in first:
            return {"example": first["value"]}
    if isinstance(named, list) and named:
        return {"example": named[0]}
    return {}


def _body(document: Read, operation: Read, kind: re.Pattern[str]) -> object:
    content = _content(_resolved(document, operation.get("requestBody")), kind)
    if content is None:
        return None
    own = _own(content)
    return own["example"] if own else _sample(document, content.get("schema", {}))


def _content(place: JsonMapping, wanted: re.Pattern[str]) -> JsonObject | None:
    """Return what a body or an answer is where it is of a kind."""
    kinds = place.get("content")
    for kind, content in kinds.items() if isinstance(kinds, dict) else ():
        if isinstance(content, dict) and wanted.fullmatch(str(kind).strip().lower()):
            return content
    return None


def _mapping(value: Read) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _size(value: Read, usual: int) -> int:
    """Return how many letters or elements a schema states, never so many that it is a burden."""
    is_size = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return min(value, _LONGEST) if is_size else usual


def _resolved(document: Read, place: Read) -> JsonObject:
    """Follow a reference within the document; {} where it leads nowhere."""
    for _ in range(_DEEPEST):
        if not isinstance(place, dict):
            return {}
        reference = place.get("$ref")
        if not isinstance(reference, str):
            return place
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place.get(part) if isinstance(place, dict) else None
    return {}


def _sample(document: Read, schema: Read, depth: int = 0) -> object:
    """Return a value that a schema allows, from its example where it has one."""
    found = _resolved(document, schema)
    said = _own(found) or {key: found[key] for key in ("default", "const") if key in found}
    if said:
        return next(iter(said.values()))
    if isinstance(found.get("enum"), list) and found["enum"]:
        return found["enum"][0]
    if isinstance(found.get("allOf"), list) and found["allOf"] and depth < _DEEPEST:
        every = [_sample(document, one, depth + 1) for one in found["allOf"]]
        parts = [one for one in every if isinstance(one, dict)]
        own = _of_kind(document, found, "object", depth)
        merged = {k: v for one in (*parts, own) for k, v in one.items()}  # type: ignore[attr-defined]
        return merged if parts else every[0]
    for key in ("anyOf", "oneOf"):
        if isinstance(found.get(key), list) and found[key] and depth < _DEEPEST:
            return _sample(document, found[key][0], depth + 1)
    kind = found.get("type", "object" if "properties" in found else "string")
    kind = next((one for one in kind if one != "null"), "null") if isinstance(kind, list) else kind
    return _of_kind(document, found, str(kind), depth)


def _of_kind(document: Read, found: JsonObject, kind: str, depth: int) -> object:
    """Return the least value of a type that a schema allows."""
    if kind == "object" and depth < _DEEPEST:
        properties = _mapping(found.get("properties"))
        asked = found.get("required")
        if not asked or not isinstance(asked, list):
            # Where nothing is said to be required, the author did not say: Java's generators do
            # not. Things that hold each other are not followed for long.
            asked = [
                name
                for name, each in properties.items()
                if depth < _DEEP_UNASKED and not _resolved(document, each).get("readOnly")
            ]
        return {str(one): _sample(document, properties.get(one, {}), depth + 1) for one in asked}
    if kind == "string":
        text = _FORMATS.get(str(found.get("format")), "example")
        text = text.ljust(_size(found.get("minLength"), 0), "x")
        return text[: _size(found.get("maxLength"), len(text))]
    if kind == "array" and depth < _DEEPEST:
        many = min(_size(found.get("minItems"), 0), _MOST_ITEMS)
        return [_sample(document, found.get("items", {}), depth + 1)] * many if many else []
    if kind in {"integer", "number"}:
        return _number(found, kind)
    return _SAMPLES.get(kind, "example")


def _number(found: JsonObject, kind: str) -> object:
    """Return 1, or what lies within the limits of a number."""
    least, most = found.get("minimum"), found.get("maximum")
    above = found.get("exclusiveMinimum")
    if isinstance(above, bool):  # as OpenAPI 3.0 writes it
        above, least = (least, None) if above else (None, least)
    value = least if least is not None else 1 if above is None else above + 1
    value = value if most is None else min(value, most)
    return ceil(value) if kind == "integer" else value
