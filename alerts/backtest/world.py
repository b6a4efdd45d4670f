"""What Prometheus would have stored during a scenario, with seeded noise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.backtest.formula import Value, value_of
from alerts.backtest.outline import Outline, Part
from alerts.backtest.scenario import FAULTS, Fault, Scenario
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from slo.project.project import Project
from slo.project.roles import WALKED

Floats = NDArray[np.float64]
Series = Mapping[str, Floats]
"""Series in PromQL notation to one value a step; NaN is a missing sample."""

NOT_STORED: Final = np.inf  # a sample that Prometheus missed, where NaN is a series that ended
_USUAL_ERRORS: Final = 0.0002
_USUAL_SLOW: Final = 0.004
_USUAL_SLUGGISH: Final = 0.01
_NIGHT: Final = 0.05
_DAY_S: Final = 86_400
_DAYS_OFF_END: Final = "probe_days_off_end_timestamp_seconds"


@dataclass(frozen=True, slots=True)
class Stage:
    """What scenarios play in: a project, and what its Prometheus stores beside its roles."""

    project: Project
    outline: Outline

    def refuse_unknown(self, scenario: Scenario) -> None:
        """Raise BadInputError for a fault that would change no series, and so never be noticed."""
        known = {*FAULTS, *self.outline.levels}
        for fault in scenario.faults:
            if fault.kind not in known:
                raise BadInputError(
                    f"scenario {scenario.name!r}: {fault.kind!r} is no kind of fault, and no level "
                    "of the project's world",
                    hint=f"{closest(fault.kind, known)}; docs/alerts.md says how to add a level",
                )


@dataclass(frozen=True, slots=True)
class World:
    """A scenario of a project, its clock and its dice."""

    project: Project
    outline: Outline
    scenario: Scenario
    times: Floats
    dice: np.random.Generator

    def faults(self, kind: str, only: str = "") -> Iterator[tuple[Fault, NDArray[np.bool_]]]:
        """Yield the faults of a kind that concern `only`, with the steps during which they last."""
        for fault in self.scenario.faults:
            if fault.kind == kind and fault.only in {"", only}:
                end = fault.start_s + fault.length_s
                yield fault, (self.times > fault.start_s) & (self.times <= end)

    def levels(self, fault: Fault) -> Floats:
        """Return the level of a fault over time."""
        first = fault.level if fault.first is None else fault.first
        passed = np.clip((self.times - fault.start_s) / max(1, fault.length_s), 0.0, 1.0)
        return first + (fault.level - first) * passed

    def level(self, kind: str, usual: float, noise: float = 0.0, only: str = "") -> Floats:
        """Return a quantity over time: usual, but as the faults say while they last."""
        values = np.full(len(self.times), usual)
        for fault, during in self.faults(kind, only):
            values[during] = self.levels(fault)[during]
        if noise:
            values = values + self.dice.normal(0.0, noise, len(values))
        return values

    def counter(self, per_s: Floats) -> Floats:
        """Return a counter of events at this rate."""
        events = self.dice.poisson(np.maximum(per_s, 0.0) * self.scenario.step_s)
        return np.cumsum(events).astype(np.float64)


def simulate(scenario: Scenario, seed: int, stage: Stage) -> dict[str, Floats]:
    """Return every series of the scenario; the same seed gives the same samples."""
    steps = scenario.length_s // scenario.step_s + 1
    times = np.arange(steps, dtype=np.float64) * scenario.step_s
    dice = np.random.default_rng([seed, len(scenario.name)])
    world = World(stage.project, stage.outline, scenario, times, dice)
    return {**_service(world), **_surroundings(world)}


def _service(world: World) -> dict[str, Floats]:
    found, instances = dict[str, Floats](), world.outline.instances
    for index, instance in enumerate(instances):
        series = {**_requests(world), **_process(world, index)}
        _reset(world, series)
        up = np.ones(len(world.times))
        for kind in ("down", "targets_gone", "series_gone"):
            for fault, during in world.faults(kind):
                if index >= round(fault.level * len(instances)):
                    continue
                for values in series.values():
                    values[during] = np.nan
                if kind != "series_gone":
                    up[during] = 0.0 if kind == "down" else np.nan
        series["up"] = up
        for _, during in world.faults("scrape_gap"):
            for values in series.values():
                values[during & ~np.isnan(values)] = NOT_STORED
        for name, values in series.items():
            found[_with(name, job=world.project.job, instance=instance)] = values
    return found


def _reset(world: World, series: Mapping[str, Floats]) -> None:
    """Let every counter begin anew where its process did."""
    started = world.project.roles.started
    if started is None:
        return
    begun = np.flatnonzero(np.diff(series[started])) + 1
    for name, values in series.items():
        if name.partition("{")[0].endswith(("_total", "_bucket", "_count")):
            for index in begun:
                values[index:] -= values[index - 1]


def _rate(world: World) -> Floats:
    """Return the requests per second of one instance."""
    traffic = world.scenario.traffic
    rate = np.full(len(world.times), traffic.per_s / len(world.outline.instances))
    if traffic.daily:
        # Noon is at twelve hours; midnight is a twentieth of it.
        day = 0.5 - 0.5 * np.cos(2 * np.pi * world.times / _DAY_S)
        rate = rate * (_NIGHT + (1 - _NIGHT) * day)
    for fault, during in world.faults("traffic"):
        rate[during] *= world.levels(fault)[during]
    return rate


def _requests(world: World) -> dict[str, Floats]:
    found, rate, roles = dict[str, Floats](), _rate(world), world.project.roles
    requests, latency = roles.requests, roles.latency
    for route, asked in world.outline.routes.items():
        count = world.dice.poisson(rate * asked.share * world.scenario.step_s)
        bad = world.dice.binomial(count, _share(world, "errors", _USUAL_ERRORS, route))
        for status, number in (("200", count - bad), ("500", bad)):
            if requests is not None:
                labels = {requests.method: asked.method, requests.route: route}
                name = _labelled(requests.counter, {**labels, requests.status: status})
                found[name] = np.cumsum(number).astype(np.float64)
        late = world.dice.binomial(count, _share(world, "slow", _USUAL_SLOW, route))
        middle = world.dice.binomial(
            count - late, _share(world, "sluggish", _USUAL_SLUGGISH, route)
        )
        quick = world.dice.binomial(count - late - middle, 0.9)
        within = (quick, count - late - middle, count - late, count - late // 2, count)
        if latency is None:
            continue
        told = {latency.method: asked.method, latency.route: route}
        found[_labelled(f"{latency.histogram}_count", told)] = np.cumsum(count).astype(np.float64)
        for edge, number in zip((*world.outline.edges, "+Inf"), within, strict=True):
            name = _labelled(f"{latency.histogram}_bucket", {**told, "le": edge})
            found[name] = np.cumsum(number).astype(np.float64)
    return found


def _share(world: World, kind: str, usual: float, route: str) -> Floats:
    return np.clip(world.level(kind, usual, only=route), 0.0, 1.0)


def _process(world: World, index: int) -> dict[str, Floats]:
    started = np.full(len(world.times), -7200.0)
    for fault, during in world.faults("crash_loop"):
        if index == 0:
            restarts = np.floor((world.times - fault.start_s) / fault.level) * fault.level
            started[during] = (fault.start_s + restarts)[during]
            started[world.times > fault.start_s + fault.length_s] = started[during][-1]
    for fault, _ in world.faults("restart"):
        if index < round(fault.level * len(world.outline.instances)):
            started[world.times > fault.start_s] = fault.start_s
    roles = world.project.roles
    found = {roles.started: started} if roles.started else {}
    for dependency in roles.dependency:
        found[dependency.up] = world.level("dependency", 1.0, only=dependency.name.lower())
    return {**found, **_made(world, world.outline.service)}


def _made(world: World, part: Part) -> dict[str, Floats]:
    """Return the series of a part, in their order: each draws its dice after those before it."""
    known: dict[str, Value] = {"requests": _rate(world), "step": world.scenario.step_s}
    functions: dict[str, Callable[..., Value]] = {
        "poisson": world.dice.poisson,
        "binomial": lambda n, p: world.dice.binomial(np.asarray(n).astype(np.int64), p),
        "added": np.cumsum,
        "counted": world.counter,
        "share": lambda values: np.clip(values, 0.0, 1.0),
        "abs": np.abs,
    }

    def named(name: str) -> Value:
        if name not in known:
            if name in part.values:
                known[name] = value_of(part.values[name], named, functions)
            else:
                level = world.outline.levels[name]
                known[name] = world.level(name, level.usual, level.noise)
        return known[name]

    found = {}
    for series, formula in part.series.items():
        try:
            with np.errstate(divide="raise", over="raise", invalid="raise"):
                values = np.asarray(value_of(formula, named, functions), dtype=np.float64)
        except (ArithmeticError, TypeError, ValueError) as err:
            raise BadInputError(
                f"the world's series {series} cannot be worked out in {world.scenario.name!r}: "
                f"{err}",
                hint="correct its formula in world.yaml; docs/alerts.md has what each takes",
            ) from err
        found[series] = np.array(np.broadcast_to(values, world.times.shape))
    return found


def _surroundings(world: World) -> dict[str, Floats]:
    roles, found = world.project.roles, dict[str, Floats]()
    prober = {"job": roles.prober.job, "instance": "prober:9115"} if roles.prober else None
    jobs = {name: {"job": name, "instance": job.instance}
            for name, job in world.outline.jobs.items()}  # fmt: skip
    for labels in ([prober] if prober else []) + list(jobs.values()):
        up = np.ones(len(world.times))
        for _, during in world.faults("watcher_down", labels["job"]):
            up[during] = 0.0
        found[_with("up", **labels)] = up
    if prober:
        found |= _probed(world, prober)
    for name, part in world.outline.jobs.items():
        made = _made(world, part)
        found |= {_with(series, **jobs[name]): values for series, values in made.items()}
    return found


def _probed(world: World, prober: Mapping[str, str]) -> dict[str, Floats]:
    """Return what the prober shows: how journeys went, days off, and accuracy."""
    found: dict[str, Floats] = {}
    for journey in world.outline.journeys:
        share = world.level("probe", 0.0, only=journey)
        every = max(1, round(60 / world.scenario.step_s))
        rolls = np.repeat(world.dice.random(len(share) // every + 1), every)[: len(share)]
        good = np.where(rolls < share, 0.0, 1.0)
        for _, during in world.faults("probes_gone"):
            good[during] = np.nan
        found[_with(WALKED, journey=journey, **prober)] = good
    service = {"service": world.project.name}
    found[_with("probe_day_off", **service, **prober)] = world.level("day_off", 0.0)
    far = np.full(len(world.times), 4e9)
    found[_with(_DAYS_OFF_END, **service, **prober)] = far
    accuracy = world.project.roles.accuracy
    for name, usual in world.outline.slices.items() if accuracy else ():
        values = world.level("accuracy", usual)
        for fault, during in world.faults("slice", name):
            values[during] = world.levels(fault)[during]
        values = np.clip(values + world.dice.normal(0.0, 0.008, len(values)), 0.0, 1.0)
        for _, during in world.faults("accuracy_gone"):
            values[during] = np.nan
        if accuracy is not None:
            gauge = _with(accuracy.gauge, **world.outline.accuracy_labels)
            found[_with(_labelled(gauge, {accuracy.slice: name}), **prober)] = values
    return found


def _labelled(name: str, labels: Mapping[str | None, str]) -> str:
    """Return a series with those labels that the project has."""
    return _with(name, **{label: value for label, value in labels.items() if label is not None})


def _with(name: str, **labels: str) -> str:
    """Add labels to a series in PromQL notation."""
    bare, _, inner = name.rstrip("}").partition("{")
    own = [inner] if inner else []
    own += [f'{key}="{value}"' for key, value in labels.items()]
    return f"{bare}{{{','.join(own)}}}"
