"""A labelled incident: what happened to the service, and who should have been notified."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from kit.pure.fields import Field, read_yaml

_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
FAULTS: Final = {
    # kind: what `level` means; a project's world has others, under its `levels`
    "errors": "share of requests answered with 500",
    "slow": "share of requests over two seconds",
    "sluggish": "share of requests between one and two seconds",
    "traffic": "factor on the traffic",
    "down": "share of instances that do not answer Prometheus",
    "targets_gone": "share of instances that Prometheus no longer knows",
    "series_gone": "share of instances without application series",
    "crash_loop": "seconds between restarts of the first instance",
    "restart": "share of instances restarted once",
    "dependency": "1 where it answers, else 0",
    "probe": "share of failing probes",
    "probes_gone": "1: the prober's series are missing",
    "watcher_down": "1: the scrape of the job does not answer",
    "accuracy": "accuracy of the golden runs",
    "slice": "accuracy of one slice",
    "accuracy_gone": "1: the accuracy series are missing",
    "day_off": "1: the prober says that it is a day off",
    "scrape_gap": "1: Prometheus stores no sample of the service",
}
SUDDEN: Final = frozenset(
    {"down", "targets_gone", "series_gone", "crash_loop", "restart", "probes_gone", "watcher_down",
     "accuracy_gone", "scrape_gap"}
)  # fmt: skip
"""Kinds whose level is there or not: it cannot rise."""
MOST_TIMES: Final = 1000


class Expect(StrEnum):
    """What a good set of rules does: wake a person, open a ticket, or nothing at all."""

    PAGE = "page"
    TICKET = "ticket"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Fault:
    """One disturbance; `only` limits it to a route, dependency, journey or slice.

    Where `first` is given the level goes from there to `level`, in a straight line over its length.
    """

    kind: str
    start_s: int
    length_s: int
    level: float
    only: str = ""
    first: float | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests per second of the whole service; `daily` goes down to a twentieth at night."""

    per_s: float = 10.0
    daily: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """`length_s` of simulated time in steps of `step_s`, with the faults in between."""

    name: str
    about: str
    expect: Expect
    length_s: int
    step_s: int
    traffic: Traffic
    faults: tuple[Fault, ...]
    right: tuple[str, ...] | None = None
    """Patterns of the alerts that are about it; None where any may be."""

    def is_about(self, alert: str) -> bool:
        """Say whether an alert of this name is about what happens."""
        return self.right is None or any(fnmatchcase(alert, each) for each in self.right)

    def knowing(self, rights: Mapping[str, tuple[str, ...]]) -> "Scenario":
        """Return the scenario with the alerts of its kinds of faults, where it names none itself.

        A kind that `rights` does not know leaves any alert to be about it.
        """
        kinds = {fault.kind for fault in self.faults}
        if self.right is not None or not kinds <= rights.keys():
            return self
        return replace(self, right=tuple(name for kind in sorted(kinds) for name in rights[kind]))

    @property
    def incident(self) -> tuple[int, int]:
        """Return (start, end) in seconds of what the rules should notice."""
        if not self.faults:
            return (0, 0)
        return (
            min(fault.start_s for fault in self.faults),
            max(fault.start_s + fault.length_s for fault in self.faults),
        )


def seconds(field: Field) -> int:
    """Return the seconds of a duration such as `1h30m`."""
    text = str(field.value)
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise field.wrong("is not a duration", "write for example 1h30m")
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def read_scenarios(sources: Iterable[tuple[str, str]]) -> tuple[Scenario, ...]:
    """Return the scenarios of (file name, text) pairs; each text is a YAML list of scenarios."""
    found: dict[str, Scenario] = {}
    for source, text in sources:
        for each in read_yaml(source, text).items():
            scenario = _scenario(each)
            if scenario.name in found:
                raise each.need("name").wrong("is used twice", "rename one")
            found[scenario.name] = scenario
    return tuple(found.values())


def read_rights(source: str, text: str) -> dict[str, tuple[str, ...]]:
    """Return which alerts, as patterns of names, are about each kind of fault."""
    root = read_yaml(source, text)
    return {kind: tuple(each.text() for each in root.need(kind).items()) for kind in root.names()}


def _scenario(field: Field) -> Scenario:
    field.only("name", "about", "expect", "length", "step", "traffic", "faults", "right")
    right = field.get("right")
    step = field.get("step")
    faults = field.get("faults")
    scenario = Scenario(
        name=field.need("name").text(),
        about=field.need("about").text(),
        expect=Expect(field.need("expect").choice(*Expect)),
        length_s=seconds(field.need("length")),
        step_s=seconds(step) if step else 60,
        traffic=_traffic(field.get("traffic")),
        faults=tuple(one for each in faults.items() for one in _faults(each)) if faults else (),
        right=tuple(each.text() for each in right.items()) if right else None,
    )
    if scenario.expect is not Expect.QUIET and not scenario.faults:
        raise field.wrong("expects an alert but has no fault", "add `faults:`")
    for fault in scenario.faults:
        if fault.start_s >= scenario.length_s:
            problem = f"has a fault at {fault.start_s} s, after its end at {scenario.length_s} s"
            raise field.wrong(problem, "make `length` longer")
    if not 0 < scenario.step_s <= scenario.length_s:
        raise field.wrong("has a step that does not fit its length", "use for example step: 30s")
    return scenario


def _traffic(field: Field | None) -> Traffic:
    if field is None:
        return Traffic()
    field.only("per_s", "daily")
    rate, daily = field.get("per_s"), field.get("daily")
    per_s = rate.number() if rate else Traffic().per_s
    if rate and per_s < 0:
        raise rate.wrong("is negative", "write requests per second")
    return Traffic(per_s, daily.flag() if daily else False)


def _faults(field: Field) -> Iterator[Fault]:
    """Yield a fault, or each coming of one that repeats."""
    field.only("kind", "at", "for", "level", "only", "from", "every", "times")
    only, level, first = field.get("only"), field.get("level"), field.get("from")
    kind = field.need("kind").text()
    if first is not None and kind in SUDDEN:
        raise first.wrong(f"cannot be: {kind} is there or not", "leave it out")
    fault = Fault(
        kind=kind,
        start_s=seconds(field.need("at")),
        length_s=seconds(field.need("for")),
        level=level.number() if level else 1.0,
        only=only.text() if only else "",
        first=first.number() if first else None,
    )
    every_s, times = _repeats(field, fault.length_s)
    for index in range(times):
        yield replace(fault, start_s=fault.start_s + index * every_s)


def _repeats(field: Field, length_s: int) -> tuple[int, int]:
    """Return the seconds from one coming to the next, and how many there are."""
    every, times = field.get("every"), field.get("times")
    if every is None and times is None:
        return 0, 1
    every = field.need("every", "add how far apart they are, such as `every: 10m`")
    times = field.need("times", "add how often it comes, such as `times: 6`")
    count = times.number()
    if not (count.is_integer() and 1 <= count <= MOST_TIMES):
        raise times.wrong(f"is not a whole number from 1 to {MOST_TIMES}", "write for example 6")
    if seconds(every) <= length_s:
        raise every.wrong(f"is over before the fault of {length_s} s", "make it longer than `for`")
    return seconds(every), int(count)
