"""Read a load profile from YAML text; every error names the file, the field and the fix."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import yaml

from kit.pure.errors import BadInputError
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
from synthetic.verdict_rows import Rule

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast
MAX_SEEDED: Final = 10_000
_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
"""As a host's name (RFC 1123 section 2.1): a record's file is called after its profile."""
_Enum = TypeVar("_Enum", Kind, Model, Spacing, Rule)


def read_profile(text: str, *, source: str) -> Profile:
    """Return the profile that `text` (YAML) states; `source` is the file's name for errors."""
    try:
        data = yaml.load(text, _LOADER)  # noqa: S506 -- a safe one
    except yaml.YAMLError as err:
        raise BadInputError(
            f"{source}: not YAML: {' '.join(str(err).split())}", hint="check the indentation"
        ) from err
    if not isinstance(data, Mapping):
        raise BadInputError(f"{source}: a profile is a mapping", hint="see docs/load.md")
    return _Reader(source, dict(data)).profile()


@dataclass(slots=True)
class _Reader:
    source: str
    data: dict[str, Any]

    def profile(self) -> Profile:
        self._refuse_unknown(self.data, _FIELDS, "")
        plain = {key: read(self, key) for key, read in _FIELDS.items() if key in self.data}
        plain |= plain.pop("sessions", {})
        missing = [key for key in ("name", "description") if key not in plain]
        if missing:
            raise self.error(missing[0], "is missing", "every profile says what it is for")
        profile = Profile(**{"stages": (), **plain})
        if bool(profile.stages) == bool(profile.trace_s):
            raise self.error("stages", "or trace_s is needed, one of them", "see docs/load.md")
        if bool(profile.mix) == bool(profile.requests):
            raise self.error("mix", "or requests is needed, one of them", "see docs/load.md")
        if profile.trace_s and profile.kind is not Kind.RUN:
            raise self.error("kind", "needs stages to climb, not a trace", "give stages")
        if profile.session_calls and profile.model is Model.CLOSED:
            raise self.error("sessions", "need the open model", "drop model: closed")
        arrivals = profile.arrivals
        if profile.stages and not 0 < arrivals <= MAX_ARRIVALS:
            raise self.error(
                "stages", f"give {arrivals:g} requests", f"stay between 1 and {MAX_ARRIVALS:,}"
            )
        return profile

    def error(self, field: str, problem: str, hint: str) -> BadInputError:
        return BadInputError(f"{self.source}: {field} {problem}", hint=hint)

    def text(self, key: str) -> str:
        value = self.data[key]
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"{value!r} is not a text", "write words")
        return value.strip()

    def label(self, key: str) -> str:
        value = self.text(key)
        if not _NAME.fullmatch(value):
            hint = "use up to 63 letters, digits and dashes, no dash at an end, e.g. my-profile"
            raise self.error(key, f"{value!r} is no name", hint)
        return value

    def path(self, key: str) -> str:
        value = self.text(key)
        if not value.startswith("/"):
            raise self.error(key, f"{value!r} does not start with /", "give a path, not a URL")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        return self._number(self.data[key], key, low, high)

    def whole(self, key: str, low: int, high: int) -> int:
        value = self.number(key, low, high)
        if value != int(value):
            raise self.error(key, f"{value!r} is not a whole number", "drop the fraction")
        return int(value)

    def choice(self, key: str, kind: type[_Enum]) -> _Enum:
        value = self.data[key]
        try:
            return kind(value)
        except ValueError as err:
            allowed = " or ".join(kind)
            raise self.error(key, f"{value!r} is not known", f"use {allowed}") from err

    def truth(self, key: str) -> bool:
        value = self.data[key]
        if not isinstance(value, bool):
            raise self.error(key, f"{value!r} is not true or false", "write true or false")
        return value

    def sessions(self, key: str) -> dict[str, float]:
        value = self.data[key]
        if not isinstance(value, Mapping):
            raise self.error(key, "is not a mapping", "e.g. {calls: 6, think_s: 4}")
        self._refuse_unknown(value, ("calls", "think_s"), f"{key}.")
        return {
            "session_calls": self._number(value.get("calls"), f"{key}.calls", 1, 1000),
            "session_think_s": self._number(value.get("think_s"), f"{key}.think_s", 0, 3600),
        }

    def stages(self, key: str) -> tuple[Stage, ...]:
        return tuple(
            self._stage(item, f"{key}[{position}]") for position, item in enumerate(self._list(key))
        )

    def trace(self, key: str) -> tuple[float, ...]:
        times = [
            self._number(item, f"{key}[{position}]", 0, 86_400)
            for position, item in enumerate(self._list(key))
        ]
        if times != sorted(times) or times[-1] <= 0:
            raise self.error(key, "is not in rising order", "sort the times, in seconds")
        return tuple(times)

    def mix(self, key: str) -> tuple[tuple[str, float], ...]:
        value = self.data[key]
        if not isinstance(value, Mapping) or not value:
            raise self.error(key, "is not a mapping of operation to weight", "e.g. parse: 50")
        self._refuse_unknown(value, OPERATIONS, f"{key}.")
        weights = {name: self._number(w, f"{key}.{name}", 0, 1e6) for name, w in value.items()}
        if not sum(weights.values()) > 0:
            raise self.error(key, "has no weight above zero", "e.g. parse: 50")
        return tuple(weights.items())

    def requests(self, key: str) -> tuple[FixedRequest, ...]:
        items = self._list(key)
        if len(items) > MAX_ROUTES:
            hint = f"a run tells at most {MAX_ROUTES:,} apart: split the profile"
            raise self.error(key, f"has {len(items):,} entries, more than {MAX_ROUTES:,}", hint)
        return tuple(
            self._request(item, f"{key}[{position}]") for position, item in enumerate(items)
        )

    def _request(self, item: Any, where: str) -> FixedRequest:
        if not isinstance(item, Mapping):
            raise self.error(where, "is not a mapping", "e.g. {method: GET, path: /}")
        self._refuse_unknown(item, ("method", "path", "weight", "body"), f"{where}.")
        path, method = item.get("path"), str(item.get("method", "GET")).upper()
        if not isinstance(path, str) or not path.startswith("/"):
            raise self.error(f"{where}.path", f"{path!r} does not start with /", "e.g. /parse")
        if not (path.isascii() and path.isprintable() and " " not in path):
            raise self.error(f"{where}.path", f"{path!r} is no path", "percent-encode it")
        if not method.isalpha():
            raise self.error(f"{where}.method", f"{method!r} is no method", "e.g. GET")
        weight = self._number(item.get("weight", 1), f"{where}.weight", 1e-9, 1e6)
        body = item.get("body")
        if body is not None and not isinstance(body, Mapping):
            raise self.error(f"{where}.body", "is not a mapping", "write the JSON body as YAML")
        return FixedRequest(method, path, weight, body)

    def _stage(self, item: Any, where: str) -> Stage:
        if not isinstance(item, Mapping):
            raise self.error(where, "is not a mapping", "e.g. {for_s: 20, per_s: 50}")
        self._refuse_unknown(item, ("for_s", "per_s", "from_per_s", "to_per_s"), f"{where}.")
        for_s = self._number(item.get("for_s"), f"{where}.for_s", 1e-3, 86_400)
        if "per_s" in item:
            rate = self._number(item["per_s"], f"{where}.per_s", 0, 100_000)
            return Stage(for_s, rate, rate)
        low = self._number(item.get("from_per_s"), f"{where}.from_per_s", 0, 100_000)
        return Stage(for_s, low, self._number(item.get("to_per_s"), f"{where}.to_per_s", 0, 1e5))

    def _list(self, key: str) -> Sequence[Any]:
        value = self.data[key]
        if not isinstance(value, list) or not value:
            raise self.error(key, "is not a list with something in it", "see docs/load.md")
        return value

    def _number(self, value: Any, where: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(where, f"{value!r} is not a number", f"use {low:g} to {high:g}")
        if not low <= value <= high:
            raise self.error(where, f"{value:g} is out of range", f"use {low:g} to {high:g}")
        return float(value)

    def _refuse_unknown(
        self, found: Mapping[Any, Any], known: Sequence[str] | Mapping[str, Any], prefix: str
    ) -> None:
        for key in found:
            if key not in known:
                near = difflib.get_close_matches(str(key), list(known), n=1)
                hint = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
                raise self.error(f"{prefix}{key}", "is not known", hint)


_FIELDS: Final[Mapping[str, Callable[[_Reader, str], Any]]] = {
    "name": _Reader.label,
    "description": _Reader.text,
    "kind": lambda r, k: r.choice(k, Kind),
    "model": lambda r, k: r.choice(k, Model),
    "spacing": lambda r, k: r.choice(k, Spacing),
    "stages": _Reader.stages,
    "trace_s": _Reader.trace,
    "users": lambda r, k: r.whole(k, 1, 100_000),
    "think_s": lambda r, k: r.number(k, 0, 3600),
    "mix": _Reader.mix,
    "requests": _Reader.requests,
    "seeded_events": lambda r, k: r.whole(k, 0, MAX_SEEDED),
    "owner_skew": lambda r, k: r.number(k, 0, 5),
    "repeat_share": lambda r, k: r.number(k, 0, 1),
    "sessions": _Reader.sessions,
    "clear_cache": _Reader.truth,
    "must_hold_per_s": lambda r, k: r.number(k, 1e-6, 100_000),
    "precision": lambda r, k: r.number(k, 0.01, 1),
    "timeout_s": lambda r, k: r.number(k, 0.01, 600),
    "max_in_flight": lambda r, k: r.whole(k, 1, 1_000_000),
    "max_lag_p99_ms": lambda r, k: r.number(k, 0.1, 60_000),
    "ready_path": _Reader.path,
    "rule": lambda r, k: r.choice(k, Rule),
    "seed": lambda r, k: r.whole(k, 0, 2**31),
}
