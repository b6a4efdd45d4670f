"""Read a load profile from YAML text; every error names the file, the field and the fix."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.fields import Field, FieldError, read_yaml
from kit.pure.json_values import JsonMapping, JsonObject
from synthetic.load.request import FixedRequest
from synthetic.load.request_file import (
    NOTHING_SHARED,
    Shared,
    check_variables,
    environment,
    feeders,
    requests_in,
    scenarios,
    some,
    values,
)
from synthetic.load.shape import MAX_ARRIVALS, Kind, Model, Profile, Spacing, Stage
from synthetic.verdict_rows import Rule

MAX_SEEDED: Final = 10_000
_SENDS: Final = ("mix", "requests", "scenarios")
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
"""As a host's name (RFC 1123 section 2.1): a record's file is called after its profile."""


def read_profile(
    text: str, *, source: str, ready_path: str = "/", shared: Shared = NOTHING_SHARED
) -> Profile:
    """Return the profile that `text` (YAML) states; `source` is the file's name for errors.

    `ready_path` is asked before a run where the profile names no path for that; `shared` are the
    requests that a `mix` may name. The rows of feeders, and with them the variables, are for
    whoever reads the files: `check_variables` follows then.
    """
    root = read_yaml(source, text)
    if not isinstance(root.value, dict):
        raise BadInputError(f"{source}: a profile is a mapping", hint="see docs/load.md")
    root.only(*_FIELDS)
    for name in ("name", "description"):
        root.need(name, "every profile says what it is for")
    if len([name for name in _SENDS if name in root.names()]) != 1:
        problem = "or requests or scenarios is needed, one of them"
        raise Field(source, "mix", None).wrong(problem, "see docs/load.md")
    if (mix := root.get("mix")) is not None:
        mix.only(*shared.requests)
    # `Any`: each reader gives the type of the profile's field of its name.
    found: JsonObject = {"stages": (), "ready_path": ready_path} | {
        name: _FIELDS[name](root.at(name)) for name in root.names()
    }
    if (given := root.get("values")) is not None:
        found["environment"] = environment(given)
    found["fresh_connections"] = found.pop("connections", False)
    found |= found.pop("sessions", {}) | _of_mix(found, shared)
    profile = _checked(Profile(**found), source)
    if not profile.feeders:
        check_variables(profile, source)
    return profile


def _of_mix(found: JsonMapping, shared: Shared) -> JsonObject:
    """Return what a mix takes from the requests that profiles share."""
    if not found.get("mix"):
        return {}
    mixed = shared.mixed(found["mix"])
    saves = any(one.save for one in mixed)
    return {
        "requests": (*mixed, *found.get("requests", ())),
        "values": (*shared.values, *found.get("values", ())),
        "sweep": shared.sweep if saves else (),
        "seed_request": _seed(mixed, shared),
        "reset": shared.reset,
    }


def _seed(mixed: tuple[FixedRequest, ...], shared: Shared) -> FixedRequest | None:
    """Return the creation that comes before the run, where something of the mix may look for it."""
    wanted = None if shared.seed is None else shared.requests[shared.seed]
    return next((one for one in mixed if replace(one, weight=1.0) == wanted), None)


def _checked(profile: Profile, source: str) -> Profile:
    """Return the profile; raises FieldError where its fields contradict each other."""

    def wrong(field: str, problem: str, fix: str) -> FieldError:
        return Field(source, field, None).wrong(problem, fix)

    if bool(profile.stages) == bool(profile.trace_s):
        raise wrong("stages", "or trace_s is needed, one of them", "see docs/load.md")
    if profile.clear_cache and profile.reset is None:
        raise wrong("clear_cache", "has nothing to send", "state reset beside the shared requests")
    if profile.scenarios and profile.model is Model.CLOSED:
        raise wrong("scenarios", "need the open model", "drop model: closed")
    if profile.scenarios and profile.session_calls:
        raise wrong("sessions", "are for requests: scenarios have their own steps", "drop them")
    if profile.trace_s and profile.kind is not Kind.RUN:
        raise wrong("kind", "needs stages to climb, not a trace", "give stages")
    if profile.session_calls and profile.model is Model.CLOSED:
        raise wrong("sessions", "need the open model", "drop model: closed")
    if profile.stages and not 0 < profile.arrivals <= MAX_ARRIVALS:
        problem = f"give {profile.arrivals:g} requests"
        raise wrong("stages", problem, f"stay between 1 and {MAX_ARRIVALS:,}")
    return profile


def _label(place: Field) -> str:
    if not _NAME.fullmatch(place.text().strip()):
        fix = "use up to 63 letters, digits and dashes, no dash at an end, e.g. my-profile"
        raise place.wrong("is no name", fix)
    return place.text().strip()


def _path(place: Field) -> str:
    if not isinstance(place.value, str) or not place.value.strip().startswith("/"):
        raise place.wrong("does not start with /", "give a path such as /orders, not a URL")
    return place.value.strip()


def _sessions(place: Field) -> dict[str, float]:
    place.only("calls", "think_s")
    return {
        "session_calls": place.at("calls").number(1, 1000),
        "session_think_s": place.at("think_s").number(0, 3600),
    }


def _trace(place: Field) -> tuple[float, ...]:
    times = [each.number(0, 86_400) for each in some(place)]
    if times != sorted(times) or times[-1] <= 0:
        raise place.wrong("is not in rising order", "sort the times, in seconds")
    return tuple(times)


def _mix(place: Field) -> tuple[tuple[str, float], ...]:
    weights = {name: place.at(name).number(0, 1e6) for name in place.names()}
    if not sum(weights.values()) > 0:
        raise place.wrong("has no weight above zero", "e.g. list: 50")
    return tuple(weights.items())


def _connections(place: Field) -> bool:
    if place.text() not in {"kept", "fresh"}:
        raise place.wrong("is unknown", "write kept, or fresh for a new one each time")
    return place.text() == "fresh"


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
    "stages": lambda place: tuple(map(_stage, some(place))),
    "trace_s": _trace,
    "users": lambda place: place.whole(1, 100_000),
    "think_s": lambda place: place.number(0, 3600),
    "mix": _mix,
    "requests": requests_in,
    "scenarios": scenarios,
    "before": requests_in,
    "values": values,
    "feeders": feeders,
    "clean": requests_in,
    "redirects": Field.flag,
    "connections": _connections,
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
    "objectives": lambda place: tuple(each.text() for each in some(place)),
}
