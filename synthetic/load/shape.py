"""What a load profile says, as values; read from YAML data with errors that name the field."""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from kit.pure.errors import BadInputError
from synthetic.load.request import Feeder, FixedRequest, Scenario, Source
from synthetic.verdict_rows import Rule

MAX_ARRIVALS: Final = 5_000_000
"""Requests of one run: their samples have to fit into memory."""
MAX_ROUTES: Final = 5_000
"""Requests that a profile may list: a record tells each apart."""
MAX_WORKERS: Final = 64
"""Processes that send one run."""
_WRITTEN_OUT: Final = 1e15
"""Numbers from here on are no help with all their digits."""


class Model(StrEnum):
    """Who decides when the next request starts."""

    OPEN = "open"  # the schedule, whatever the service does: stalls show
    CLOSED = "closed"  # the answer to the last one: stalls hide; kept for comparison only


class Kind(StrEnum):
    """What a run is for."""

    RUN = "run"  # judge the objectives at these rates
    STRESS = "stress"  # climb the stages until an objective is missed, and fit the capacity
    SEARCH = "search"  # repeat shorter runs until the highest rate that holds is known


class Spacing(StrEnum):
    """How arrivals lie within a stage."""

    CONSTANT = "constant"
    POISSON = "poisson"


@dataclass(frozen=True, slots=True)
class Stage:
    """For `for_s` seconds the rate goes in a straight line from `from_per_s` to `to_per_s`."""

    for_s: float
    from_per_s: float
    to_per_s: float


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that decides what a run sends; the same profile and seed send the same.

    `objectives` are the names of those that it is judged by, empty for all of them. `environment`
    says which variables come from which names of the environment; `secrets` are their values, which
    no record holds. `before` is sent once by each worker, and what it saves is there for all.
    `seed_request` is sent `seeded_events` times before the run, `sweep` finds and removes what is
    left after it, `reset` is sent first where `clear_cache` is wanted.
    """

    name: str
    description: str
    stages: tuple[Stage, ...]
    kind: Kind = Kind.RUN
    model: Model = Model.OPEN
    spacing: Spacing = Spacing.CONSTANT
    trace_s: tuple[float, ...] = ()
    users: int = 10
    think_s: float = 0.0
    mix: tuple[tuple[str, float], ...] = ()
    requests: tuple[FixedRequest, ...] = ()
    values: tuple[tuple[str, Source], ...] = ()
    clean: tuple[FixedRequest, ...] = ()
    seeded_events: int = 20
    owner_skew: float = 1.1
    repeat_share: float = 0.5
    session_calls: float = 0.0
    session_think_s: float = 0.0
    clear_cache: bool = False
    must_hold_per_s: float | None = None
    precision: float = 0.1
    timeout_s: float = 30.0
    max_in_flight: int = 5000
    max_lag_p99_ms: float = 100.0
    ready_path: str = "/"
    rule: Rule = Rule.PROVEN
    seed: int = 1
    objectives: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    before: tuple[FixedRequest, ...] = ()
    feeders: tuple[Feeder, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    redirects: bool = False
    fresh_connections: bool = False
    seed_request: FixedRequest | None = None
    sweep: tuple[FixedRequest, ...] = ()
    reset: FixedRequest | None = None

    @property
    def steps(self) -> tuple[FixedRequest, ...]:
        """Return every request that the schedule may send, those of scenarios in their order."""
        return (*self.requests, *(step for one in self.scenarios for step in one.steps))

    @property
    def goes_on(self) -> bool:
        """Say whether answers decide what else is sent, so that there is no plan of the whole."""
        return self.model is Model.CLOSED or any(len(one.steps) > 1 for one in self.scenarios)

    @property
    def duration_s(self) -> float:
        """Return how long arrivals go on, in seconds."""
        if self.trace_s:
            return self.trace_s[-1]
        return sum(stage.for_s for stage in self.stages)

    @property
    def arrivals(self) -> float:
        """Return about how many requests the schedule has."""
        if self.trace_s:
            return float(len(self.trace_s))
        return sum(stage.for_s * (stage.from_per_s + stage.to_per_s) / 2 for stage in self.stages)

    @property
    def highest_per_s(self) -> float:
        """Return the highest rate of any stage, 0 for a recorded trace."""
        return max((max(s.from_per_s, s.to_per_s) for s in self.stages), default=0.0)

    @property
    def judged_until_s(self) -> float | None:
        """Return up to where the objectives are judged, None for the whole run.

        Past `must_hold_per_s` they are only measured.
        """
        if self.must_hold_per_s is None:
            return None
        begin_s = 0.0
        for stage in self.stages:
            if max(stage.from_per_s, stage.to_per_s) > self.must_hold_per_s:
                return begin_s
            begin_s += stage.for_s
        return None

    def asks(self, objective: str) -> bool:
        """Say whether the profile is judged by the objective of that name."""
        return not self.objectives or objective in self.objectives

    def lasting(self, duration_s: float) -> "Profile":
        """Return the same shape stretched or squeezed to `duration_s` seconds, rates unchanged."""
        if not 0 < duration_s < math.inf:
            raise BadInputError(
                f"duration {duration_s:g} s is no time above zero", hint="give seconds, e.g. 20"
            )
        factor = duration_s / self.duration_s
        stages = tuple(replace(stage, for_s=stage.for_s * factor) for stage in self.stages)
        trace = tuple(at * factor for at in self.trace_s)
        return replace(self, stages=stages, trace_s=trace)

    def at_rate(self, per_s: float) -> "Profile":
        """Return the same profile with every rate scaled so that its highest is `per_s`."""
        highest = self.highest_per_s
        if not 0 < per_s < math.inf or highest == 0:
            raise BadInputError(
                f"rate {per_s:g}/s cannot be applied to profile {self.name!r}",
                hint="give a rate above zero, and a profile that is no recorded trace",
            )
        factor = per_s / highest
        scaled = (Stage(s.for_s, s.from_per_s * factor, s.to_per_s * factor) for s in self.stages)
        must = self.must_hold_per_s
        return replace(
            self,
            stages=tuple(scaled),
            must_hold_per_s=None if must is None else must * factor,
        )

    def of_sane_size(self) -> "Profile":
        """Return itself; raises BadInputError when no machine here could hold the run."""
        if len(self.steps) > MAX_ROUTES:
            raise BadInputError(
                f"profile {self.name!r} lists {len(self.steps):,} requests, "
                f"more than {MAX_ROUTES:,}",
                hint="a run tells no more apart: split the profile",
            )
        if self.arrivals > MAX_ARRIVALS:
            number = (
                f"{self.arrivals:,.0f}" if self.arrivals < _WRITTEN_OUT else f"{self.arrivals:g}"
            )
            raise BadInputError(
                f"{number} requests ({self.highest_per_s:g}/s at most, "
                f"for {self.duration_s:g} s) are too many for one run",
                hint=f"lower the rate or the duration to stay within {MAX_ARRIVALS:,}",
            )
        return self
