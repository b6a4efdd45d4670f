"""What a project says of the series that a Prometheus stores of it, for scenarios to play in."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.backtest.formula import names_in, parse
from alerts.backtest.scenario import FAULTS
from kit.pure.fields import Field, closest, read_yaml

SCHEMA: Final = "sre.world/v1"
FUNCTIONS: Final = ("poisson", "binomial", "added", "counted", "share", "abs")
_GIVEN: Final = frozenset({"requests", "step"})
_EDGES: Final = 4
Formulas = Mapping[str, ast.expr]


@dataclass(frozen=True, slots=True)
class Route:
    """How a route is asked, and for which share of the requests."""

    share: float
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Level:
    """What a quantity usually is, and the noise on it."""

    usual: float
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that is scraped: formulas of its series, and of values that these share."""

    values: Formulas
    series: Formulas
    instance: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that a world has, beside what the roles of the project say."""

    instances: tuple[str, ...]
    routes: Mapping[str, Route]
    edges: tuple[str, ...]
    journeys: tuple[str, ...]
    accuracy_labels: Mapping[str, str]
    slices: Mapping[str, float]
    levels: Mapping[str, Level]
    service: Part
    jobs: Mapping[str, Part]


def read_outline(source: str, text: str) -> Outline:
    """Return the outline in a YAML text; raises FieldError for the first mistake."""
    root = read_yaml(source, text)
    root.only("schema", "instances", "routes", "edges", "journeys", "accuracy", "levels",
              "service", "jobs")  # fmt: skip
    root.need("schema", f"add `schema: {SCHEMA}`").choice(SCHEMA)
    levels = {name: _level(one, name) for name, one in _each(root.get("levels"))}
    accuracy, jobs = root.get("accuracy"), root.get("jobs")
    if accuracy is not None:
        accuracy.only("labels", "slices")
    labels = accuracy.get("labels") if accuracy else None
    slices = accuracy.get("slices") if accuracy else None
    return Outline(
        _instances(root.need("instances")),
        {name: _route(one) for name, one in _each(root.need("routes"))},
        _edges(root.need("edges")),
        tuple(each.text() for each in found.items()) if (found := root.get("journeys")) else (),
        {name: one.text() for name, one in _each(labels)},
        {name: one.number(0, 1) for name, one in _each(slices)},
        levels,
        _part(root.need("service"), levels),
        {name: _part(one, levels, instance=True) for name, one in _each(jobs)},
    )


def _each(place: Field | None) -> list[tuple[str, Field]]:
    return [(name, place.need(name)) for name in place.names()] if place else []


def _instances(place: Field) -> tuple[str, ...]:
    found = tuple(each.text() for each in place.items())
    if not found:
        raise place.wrong("has no instance", 'write one at least, such as ["api:8000"]')
    return found


def _route(place: Field) -> Route:
    place.only("share", "method")
    method = place.get("method")
    return Route(place.need("share").number(0, 1), method.text() if method else "GET")


def _edges(place: Field) -> tuple[str, ...]:
    found = tuple(each.text() for each in place.items())
    if len(found) != _EDGES:
        raise place.wrong(f"are {len(found)} edges", f"write {_EDGES}, the third the objective's")
    return found


def _level(place: Field, name: str) -> Level:
    place.only("about", "usual", "noise")
    noise = place.get("noise")
    place.need("about", "say what the level is, such as jobs that wait").text()
    if name in {*FAULTS, *_GIVEN} or not name.isidentifier():
        raise place.wrong("cannot be the name of a level", "use another, such as queue")
    return Level(place.need("usual").number(), noise.number(0) if noise else 0.0)


def _part(place: Field, levels: Mapping[str, Level], *, instance: bool = False) -> Part:
    place.only("values", "series", *(["instance"] if instance else []))
    values, series = _each(place.get("values")), _each(place.need("series"))
    known, shared = {*_GIVEN, *levels}, dict[str, ast.expr]()
    for name, one in values:  # each may name those before it
        if name in known:
            raise one.wrong(f"is called {name}, as a level is", "give it a name of its own")
        shared[name] = _formula(one, known)
        known.add(name)
    made = {name: _formula(one, known) for name, one in series}
    return Part(shared, made, place.need("instance").text() if instance else "")


def _formula(place: Field, known: set[str]) -> ast.expr:
    try:
        formula = parse(str(place.value))
        names, functions = names_in(formula)
    except ValueError as err:
        raise place.wrong(str(err), "write for example memory * 2 ** 30") from err
    for found, allowed in ((names, known), (functions, FUNCTIONS)):
        for name in sorted(found - set(allowed)):
            raise place.wrong(f"names {name!r}, which there is not", closest(name, allowed))
    return formula
