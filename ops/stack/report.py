"""How a stack is: each part as it should be and as it is, and what is to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ops.stack.containers import API, Container

_ALWAYS: Final = ("proxy", API, "redis", "alertmanager", "prometheus", "node-exporter", "prober")
_OF_PROFILES: Final[Mapping[str, tuple[str, ...]]] = {
    "stand-in": ("mongodb-stand-in",),
    "replica-set": ("mongodb-1", "mongodb-2", "mongodb-3"),
    "grafana": ("grafana",),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One service of the stack: how many should run, how many do and are well, of which images."""

    service: str
    wanted: int
    running: int
    well: int
    images: tuple[str, ...]
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Say whether all that should run does, and no more."""
        return self.well == self.running == self.wanted and not self.problem


@dataclass(frozen=True, slots=True)
class Report:
    """A whole stack. `notes` need no action now; `problems` do, each with its next step."""

    name: str
    parts: tuple[Part, ...]
    absent: Mapping[str, str]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    addresses: str = ""

    @property
    def is_well(self) -> bool:
        """Say whether nothing is to be done."""
        return not self.problems and all(one.is_well for one in self.parts)

    @property
    def runs(self) -> bool:
        """Say whether anything runs."""
        return any(one.running for one in self.parts)


def judge(
    environment: Mapping[str, str],
    containers: Iterable[Container],
    *,
    serving: frozenset[str],
    unfinished: Mapping[str, str] | None,
    nobody_told: bool,
) -> Report:
    """Return how a stack is, by what `.env` wants of it.

    `serving` has the addresses that the proxy sends requests to; `unfinished` is the note of an
    upgrade that did not come to its end.
    """
    there = list(containers)
    profiles = [one for one in environment.get("COMPOSE_PROFILES", "").split(",") if one]
    wanted = (*_ALWAYS, *(name for profile in profiles for name in _OF_PROFILES.get(profile, ())))
    parts = tuple(
        _part(name, _number(environment, name), [c for c in there if c.service == name], serving)
        for name in wanted
    )
    absent = {} if "grafana" in profiles else {"grafana": "declared absent"}
    return Report(
        environment.get("COMPOSE_PROJECT_NAME", ""),
        parts,
        absent,
        tuple(_problems(parts, environment, unfinished)),
        tuple(_notes(profiles, nobody_told=nobody_told)),
    )


def _number(environment: Mapping[str, str], name: str) -> int:
    return int(environment.get("SERVICE_REPLICAS", "1")) if name == API else 1


def _part(name: str, wanted: int, there: list[Container], serving: frozenset[str]) -> Part:
    running = [one for one in there if one.state == "running"]
    if name == API:  # a replica is well when it takes requests, whatever its own check says
        well = [one for one in running if one.addresses.get("front") in serving]
    else:
        well = [one for one in running if one.is_well]
    ended = next((one for one in there if one.state in {"restarting", "exited", "dead"}), None)
    problem = f"{ended.name} is {ended.state}: docker logs {ended.name}" if ended else ""
    images = tuple(sorted({one.image for one in running}))
    return Part(name, wanted, len(running), len(well), images, problem)


def _problems(
    parts: Iterable[Part], environment: Mapping[str, str], unfinished: Mapping[str, str] | None
) -> Iterable[str]:
    if unfinished:
        yield (
            f"an upgrade to {unfinished.get('to')} did not come to its end "
            f"({unfinished.get('phase')}): "
            "sre stack up goes on with what .env says, sre stack upgrade begins anew"
        )
    api = next(one for one in parts if one.service == API)
    others = [image for image in api.images if image != environment.get("SERVICE_IMAGE")]
    if others:
        yield f"replicas run {', '.join(others)}, which is not what .env says: sre stack up"


def _notes(profiles: list[str], *, nobody_told: bool) -> Iterable[str]:
    if "stand-in" in profiles:
        yield "a stand-in takes the place of MongoDB: one node, no password, not for production"
    if nobody_told:
        yield "nobody is notified of alerts: set webhook or receivers in stack.toml"
