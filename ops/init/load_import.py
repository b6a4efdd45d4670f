"""A load profile from an OpenAPI document: requests that can be sent, and what fills them in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import yaml

from kit.pure.json_values import JsonObject
from ops.init.openapi import Api, Route
from synthetic.load.shape import MAX_ROUTES

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")
_NO_VARIABLE: Final = re.compile(r"[^a-z0-9_]+")
_HEAD: Final = """\
# Imported from an OpenAPI document. Give the requests that users send most a greater weight, and
# the values their real ones. What answers may be, the document says; what it takes is a guess.
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """A profile as YAML, its number of requests, and which routes were left out, each with why."""

    text: str
    requests: int
    left_out: tuple[str, ...]


def profile_of(api: Api, *, name: str, writes: bool) -> Imported:
    """Return a profile of the routes of a document; with `writes` of those that change things too.

    A path's parameter is what the route that creates such a thing answers, where there is one, and
    else the document's example, for a person to replace.
    """
    wanted = [one for one in api.routes if writes or one.method == "GET"]
    used = wanted[:MAX_ROUTES]
    left_out = [f"{one.method} {one.template}: it changes things" for one in api.routes
                if not writes and one.method != "GET"]  # fmt: skip
    left_out += [f"{one.method} {one.template}: a profile has {MAX_ROUTES} routes at most"
                 for one in wanted[MAX_ROUTES:]]  # fmt: skip
    makers = dict(_makers(used)) if writes else {}
    values: dict[str, list[object]] = {}
    requests: list[JsonObject] = []
    clean: list[JsonObject] = []
    for route in used:
        among = clean if _cleans(route, makers) else requests
        among.append(_request(route, makers, values))
    if not requests:
        requests, left_out = [{"path": "/"}], [*left_out, "every route: the root is asked instead"]
    profile: JsonObject = {
        "name": name,
        "description": f"Imported from the OpenAPI document of {api.title or 'a service'}.",
        "stages": [{"for_s": 60, "per_s": 10}],
        "timeout_s": 10,
        "rule": "observed",
    }
    profile |= {"values": values} if values else {}
    profile |= {"requests": requests} | ({"clean": clean} if clean else {})
    text = yaml.safe_dump(profile, sort_keys=False, allow_unicode=True, width=100)
    return Imported(_HEAD + text, len(requests), tuple(left_out))


def _makers(routes: list[Route]) -> Iterator[tuple[str, tuple[Route, str]]]:
    """Yield, by the template of one thing, what makes such a thing and where its identity is."""
    posts = {one.template: one for one in routes if one.method == "POST" and not one.needs}
    for route in routes:
        collection, _, last = route.template.rpartition("/")
        parameter, made = _PARAMETER.fullmatch(last), posts.get(collection)
        if parameter and made:
            for key in (parameter[1], "id"):
                if key in made.answer:
                    yield route.template, (made, key)
                    break


def _cleans(route: Route, makers: Mapping[str, tuple[Route, str]]) -> bool:
    return route.method == "DELETE" and route.template in makers


def _request(
    route: Route, makers: Mapping[str, tuple[Route, str]], values: dict[str, list[object]]
) -> JsonObject:
    path, samples = route.template, _samples(route)
    for parameter in _PARAMETER.findall(route.template):
        thing = route.template.partition("{" + parameter + "}")[0] + "{" + parameter + "}"
        if thing in makers:
            variable = _identity(makers[thing][0].template)
        else:
            variable = _variable(parameter)
            values.setdefault(variable, [samples.get(parameter, "example")])
        path = path.replace("{" + parameter + "}", "{" + variable + "}")
    query = urlsplit(route.path).query
    found: JsonObject = {"method": route.method, "path": path + (f"?{query}" if query else "")}
    if path != route.template or query:
        found["route"] = route.template
    found |= {"headers": dict(route.headers)} if route.headers else {}
    if route.body is not None:
        found["body"] = route.body
    elif route.form is not None:
        found["form"] = dict(route.form)
    found["expect"] = [route.status]
    for made, key in makers.values():
        if made is route:
            found["save"] = {_identity(route.template): f"$['{key}']"}
    return found


def _samples(route: Route) -> dict[str, object]:
    """Return what stands in the example path for each parameter of the template."""
    pattern = _PARAMETER.sub("([^/]*)", re.sub(r"[.?+*()|^$\[\]\\]", r"\\\g<0>", route.template))
    found = re.fullmatch(pattern, urlsplit(route.path).path)
    names = _PARAMETER.findall(route.template)
    return dict(zip(names, found.groups(), strict=False)) if found else {}


def _identity(template: str) -> str:
    """Return the variable of what a collection's route makes, such as orders_id."""
    return _variable(f"{template.rpartition('/')[2] or 'thing'}_id")


def _variable(name: str) -> str:
    found = _NO_VARIABLE.sub("_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    return found if found and found[0].isalpha() else f"v_{found}"
