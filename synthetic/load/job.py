"""The order that a generator process gets on its standard input: one line of JSON."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Final

from kit.pure.json_values import JsonObject
from synthetic.load.request import Draw, Feeder, FixedRequest, Scenario, Source
from synthetic.load.shape import Kind, Model, Profile, Spacing, Stage
from synthetic.steps.step import Body, Check
from synthetic.verdict_rows import Rule


@dataclass(frozen=True, slots=True)
class Job:
    """Send worker `worker`'s share (of `workers`) of a profile's schedule to `target_url`.

    `keys` are API keys, one an owner; empty where the target wants none. With `other_url` the two
    targets are asked in turns of `turn_s` (`synthetic.load.pairs`). `run`, 8 hex digits, names each
    request to who answers it (`synthetic.steps.tracing`); empty names none.
    """

    profile: Profile
    target_url: str
    tag: str
    worker: int = 0
    workers: int = 1
    keys: tuple[str, ...] = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ca_file: str | None = None
    other_url: str | None = None
    turn_s: float = 1.0
    run: str = ""

    @property
    def urls(self) -> tuple[str, ...]:
        """Return the targets, A before B."""
        return (self.target_url,) if self.other_url is None else (self.target_url, self.other_url)

    def to_line(self) -> bytes:
        """Return the job as one line."""
        return json.dumps(dataclasses.asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """Return the job that `to_line` wrote."""
        data = json.loads(line)
        data["profile"] = profile_from_json(data["profile"])
        data["keys"] = tuple(data["keys"])
        data["headers"] = tuple((name, value) for name, value in data["headers"])
        return cls(**data)


_REQUESTS: Final = ("requests", "clean", "before", "sweep")


def profile_from_json(data: JsonObject) -> Profile:
    """Return the profile whose `dataclasses.asdict` went through JSON."""
    typed = {
        **data,
        "stages": tuple(Stage(**stage) for stage in data["stages"]),
        "kind": Kind(data["kind"]),
        "model": Model(data["model"]),
        "spacing": Spacing(data["spacing"]),
        "rule": Rule(data["rule"]),
        "trace_s": tuple(data["trace_s"]),
        "objectives": tuple(data["objectives"]),
        "mix": tuple((name, weight) for name, weight in data["mix"]),
        "values": tuple((name, _source(one)) for name, one in data["values"]),
        "scenarios": tuple(map(_scenario, data["scenarios"])),
        "feeders": tuple(map(_feeder, data["feeders"])),
        **{name: _optional(data[name]) for name in ("seed_request", "reset")},
        **{name: tuple(map(_request, data[name])) for name in _REQUESTS},
        **{name: tuple(map(tuple, data[name])) for name in ("environment", "secrets")},
    }
    return Profile(**typed)


def _request(item: JsonObject) -> FixedRequest:
    pairs = {name: tuple(map(tuple, item[name])) for name in ("headers", "save")}
    checks = tuple(Check(**one) for one in item["checks"])
    kind = Body(item["body_kind"])
    return FixedRequest(
        **{**item, **pairs, "expect": tuple(item["expect"]), "checks": checks, "body_kind": kind}
    )


def _optional(item: JsonObject | None) -> FixedRequest | None:
    return None if item is None else _request(item)


def _source(item: JsonObject) -> Source:
    return Source(**{**item, "draw": Draw(item["draw"]), "values": tuple(item["values"])})


def _scenario(item: JsonObject) -> Scenario:
    return Scenario(**{**item, "steps": tuple(map(_request, item["steps"]))})


def _feeder(item: JsonObject) -> Feeder:
    rows = tuple(map(tuple, item["rows"]))
    return Feeder(**{**item, "columns": tuple(item["columns"]), "rows": rows})
