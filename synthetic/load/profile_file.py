"""Read a load profile from YAML text; every error names the file, the field and the fix."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kit.pure.errors import BadInputError
from kit.pure.fields import Field, FieldError, read_yaml
from synthetic.load.shape import (
    MAX_ARRIVALS,
    MAX_ROUTES,
    OPERATIONS,
    FixedRequest,
    Kind,
    Model,
    Profile,
    Spacing,
    Stage,
)
from synthetic.load.workload import GIVEN
from synthetic.steps.reading import read_step
from synthetic.verdict_rows import Rule

MAX_SEEDED: Final = 10_000
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
"""As a host's name (RFC 1123 section 2.1): a record's file is called after its profile."""


def read_profile(text: str, *, source: str, ready_path: str = "/") -> Profile:
    """Return the profile that `text` (YAML) states; `source` is the file's name for errors.

    `ready_path` is asked before a run where the profile names no path for that.
    """
    root = read_yaml(source, text)
    if not isinstance(root.value, dict):
        raise BadInputError(f"{source}: a profile is a mapping", hint="see docs/load.md")
    root.only(*_FIELDS)
    for name in ("name", "description"):
        root.need(name, "every profile says what it is for")
    # `Any`: each reader gives the type of the profile's field of its name.
    values: dict[str, Any] = {"stages": (), "ready_path": ready_path} | {
        name: _FIELDS[name](root.at(name)) for name in root.names()
    }
    return _checked(Profile(**values | values.pop("sessions", {})), source)


def _checked(profile: Profile, source: str) -> Profile:
    """Return the profile; raises FieldError where its fields contradict each other."""

    def wrong(field: str, problem: str, fix: str) -> FieldError:
        return Field(source, field, None).wrong(problem, fix)

    if bool(profile.stages) == bool(profile.trace_s):
        raise wrong("stages", "or trace_s is needed, one of them", "see docs/load.md")
    if bool(profile.mix) == bool(profile.requests):
        raise wrong("mix", "or requests is needed, one of them", "see docs/load.md")
    if profile.trace_s and profile.kind is not Kind.RUN:
        raise wrong("kind", "needs stages to climb, not a trace", "give stages")
    if profile.session_calls and profile.model is Model.CLOSED:
        raise wrong("sessions", "need the open model", "drop model: closed")
    if profile.stages and not 0 < profile.arrivals <= MAX_ARRIVALS:
        problem = f"give {profile.arrivals:g} requests"
        raise wrong("stages", problem, f"stay between 1 and {MAX_ARRIVALS:,}")
    _check_variables(profile, source)
    return profile


def _label(place: Field) -> str:
    if not _NAME.fullmatch(place.text().strip()):
        fix = "use up to 63 letters, digits and dashes, no dash at an end, e.g. my-profile"
        raise place.wrong("is no name", fix)
    return place.text().strip()


def _path(place: Field) -> str:
    if not isinstance(place.value, str) or not place.value.strip().startswith("/"):
        raise place.wrong("does not start with /", "give a path such as /parse, not a URL")
    return place.value.strip()


def _sessions(place: Field) -> dict[str, float]:
    place.only("calls", "think_s")
    return {
        "session_calls": place.at("calls").number(1, 1000),
        "session_think_s": place.at("think_s").number(0, 3600),
    }


def _some(place: Field) -> tuple[Field, ...]:
    found = tuple(place.items())
    if not found:
        raise place.wrong("is not a list with something in it", "see docs/load.md")
    return found


def _trace(place: Field) -> tuple[float, ...]:
    times = [each.number(0, 86_400) for each in _some(place)]
    if times != sorted(times) or times[-1] <= 0:
        raise place.wrong("is not in rising order", "sort the times, in seconds")
    return tuple(times)


def _mix(place: Field) -> tuple[tuple[str, float], ...]:
    place.only(*OPERATIONS)
    weights = {name: place.at(name).number(0, 1e6) for name in place.names()}
    if not sum(weights.values()) > 0:
        raise place.wrong("has no weight above zero", "e.g. parse: 50")
    return tuple(weights.items())


def _requests(place: Field) -> tuple[FixedRequest, ...]:
    items = _some(place)
    if len(items) > MAX_ROUTES:
        raise Field(place.source, place.path, None).wrong(
            f"has {len(items):,} entries, more than {MAX_ROUTES:,}",
            f"a run keeps at most {MAX_ROUTES:,} apart: split the profile",
        )
    return tuple(map(_request, items))


def _request(place: Field) -> FixedRequest:
    step, weight = read_step(place, "weight"), place.get("weight")
    for name in ("name", "check", "refused"):
        if (found := place.get(name)) is not None:
            raise found.wrong("is for journeys", "remove it: a load run looks at statuses")
    for name, where in step.save:
        if where.startswith("header:"):
            raise place.at(f"save.{name}").wrong("a load run keeps no headers", "give a JSONPath")
    return FixedRequest(
        step.method,
        step.path,
        weight.number(1e-9, 1e6) if weight else 1.0,
        step.body,
        step.headers,
        step.expect,
        step.save,
        step.route,
    )


def _values(place: Field) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Return texts (or numbers) to choose from, by the name of their variable."""
    return tuple((each, tuple(v.value for v in _some(place.at(each)))) for each in place.names())


def _check_variables(profile: Profile, source: str) -> None:
    """Refuse a variable that nothing gives a value, before anything is sent."""
    saved = {name for one in profile.requests for name, _ in one.save}
    given = {name for name, _ in profile.values} | GIVEN
    able = set(given)  # what can be had from a target that is empty
    while True:
        more = {n for one in profile.requests if one.needs <= able for n, _ in one.save}
        if more <= able:
            break
        able |= more
    for key, requests in (("requests", profile.requests), ("clean", profile.clean)):
        for number, one in enumerate(requests):
            if missing := sorted(one.needs - able):
                name = missing[0]
                where = Field(source, f"{key}[{number}]", None)
                if name in saved:
                    problem = f"needs {{{name}}}, and what saves it needs something of its kind"
                    raise where.wrong(problem, "begin with a request that needs nothing")
                fix = f"let a request save it, or give values: {name}: [...]"
                raise where.wrong(f"needs {{{name}}}, which nothing gives a value", fix)


def _stage(place: Field) -> Stage:
    place.only("for_s", "per_s", "from_per_s", "to_per_s")
    for_s = place.at("for_s").number(1e-3, 86_400)
    ends = ("per_s", "per_s") if "per_s" in place.names() else ("from_per_s", "to_per_s")
    return Stage(for_s, *(place.at(name).number(0, 100_000) for name in ends))


_FIELDS: Final[Mapping[str, Callable[[Field], object]]] = {
    "name": _label,
    "description": lambda place: place.text().strip(),
    "kind": lambda place: place.word(Kind),
    "model": lambda place: place.word(Model),
    "spacing": lambda place: place.word(Spacing),
    "stages": lambda place: tuple(map(_stage, _some(place))),
    "trace_s": _trace,
    "users": lambda place: place.whole(1, 100_000),
    "think_s": lambda place: place.number(0, 3600),
    "mix": _mix,
    "requests": _requests,
    "values": _values,
    "clean": lambda place: tuple(map(_request, _some(place))),
    "seeded_events": lambda place: place.whole(0, MAX_SEEDED),
    "owner_skew": lambda place: place.number(0, 5),
    "repeat_share": lambda place: place.number(0, 1),
    "sessions": _sessions,
    "clear_cache": Field.flag,
    "must_hold_per_s": lambda place: place.number(1e-6, 100_000),
    "precision": lambda place: place.number(0.01, 1),
    "timeout_s": lambda place: place.number(0.01, 600),
    "max_in_flight": lambda place: place.whole(1, 1_000_000),
    "max_lag_p99_ms": lambda place: place.number(0.1, 60_000),
    "ready_path": _path,
    "rule": lambda place: place.word(Rule),
    "seed": lambda place: place.whole(0, 2**31),
}
