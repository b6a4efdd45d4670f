"""What a drill showed, and what that proves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ops.drills.drill import Action, Check, Drill, Expected
from ops.drills.users import Attempt
from slo.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, in seconds after the fault; negative before it."""

    at_s: float
    what: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of an alert that was expected; times in seconds, None when it never came.

    `notified_after_s` counts from the fault, `resolved_after_s` from the beginning of the mending.
    `shipped_more_s` is how much longer the shipped rules take, at most.
    """

    expected: Expected
    notified_after_s: float | None
    receiver: str
    severity: str
    priority: str
    shipped_more_s: float
    resolved_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """What users felt between the fault and the recovery."""

    requests: int
    failed: int
    problems: tuple[tuple[str, int], ...]
    first_failure_after_s: float | None
    worst_s: float

    @property
    def failed_share(self) -> float:
        """Return the share of requests that failed; 0.0 when there were none."""
        return self.failed / self.requests if self.requests else 0.0


def impact_of(seen: Sequence[Attempt], fault_s: float, end_s: float) -> Impact:
    """Return what users felt from `fault_s` to `end_s`, both on the monotonic clock."""
    felt = [each for each in seen if fault_s <= each.at_s <= end_s]
    bad = [each for each in felt if each.problem]
    kinds = Counter(f"{each.kind} {each.problem}" for each in bad)
    first = min((each.at_s for each in bad), default=None)
    return Impact(
        len(felt), len(bad), tuple(sorted(kinds.items())),
        None if first is None else first - fault_s,
        max((each.took_s for each in felt), default=0.0),
    )  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """A drill that was run, as far as it came.

    `lost` are the acknowledged events that had to be there afterwards and were not;
    `lost_as_expected` is how many came after what a backup can bring back. `unwell` says what was
    wrong before the fault. `still_firing` are
    alerts of an earlier drill on the same stack.
    """

    drill: Drill
    identity: str
    started_at: datetime
    rules: tuple[str, ...]
    marks: list[Mark] = field(default_factory=list)
    steady_after_s: float | None = None
    arrivals: list[Arrival] = field(default_factory=list)
    also_heard: tuple[str, ...] = ()
    still_firing: tuple[str, ...] = ()
    actions: list[Action] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    recovered_after_s: float | None = None
    impact: Impact | None = None
    acknowledged: int = 0
    lost: tuple[str, ...] | None = None
    lost_as_expected: int = 0
    unwell: str = ""
    trouble: str = ""
    wall_s: float = 0.0
    interrupted: bool = False

    @property
    def leaves_all_well(self) -> bool:
        """Return whether another drill may follow on the same stack."""
        if self.doubts or self.recovered_after_s is None:
            return False
        return not self.drill.resolves or all(
            each.resolved_after_s is not None for each in self.arrivals
        )

    @property
    def verdict(self) -> Verdict:
        """PASS and FAIL are proved; what could not be rehearsed is INCONCLUSIVE."""
        if self.doubts:
            return Verdict.INCONCLUSIVE
        return Verdict.FAIL if self.failures else Verdict.PASS

    @property
    def doubts(self) -> list[str]:
        """Return why the drill proves nothing."""
        if self.interrupted:
            return ["it was interrupted"]
        if self.trouble:
            return [self.trouble]
        if self.steady_after_s is None:
            return [f"all was not well, so that nothing was broken: {self.unwell}"]
        if self.acknowledged == 0 or self.impact is None:
            return ["users did nothing, so that nothing can be said of them"]
        return []

    @property
    def failures(self) -> list[str]:
        """Return what did not go as it must."""
        return [
            *(why for each in self.arrivals for why in _wrong(each, self.drill)),
            *(f"does not hold: {c.what}: {c.said}" for c in self.checks if not c.holds),
            *(f"{a.command} ended with {a.exit_code}: {a.said}" for a in self.actions
              if a.exit_code != 0),
            *self._of_users(),
        ]  # fmt: skip

    def _of_users(self) -> list[str]:
        found = []
        if self.recovered_after_s is None:
            found.append(f"users were not served again in {self.drill.recover_within_s:g} s")
        most = self.drill.most_failed_share
        if self.impact is not None and self.impact.failed_share > most:
            share = self.impact.failed_share
            found.append(f"{share:.1%} of the requests failed, at most {most:.0%} may")
        if self.lost is None:
            found.append("whether anything is lost could not be asked")
        elif self.lost:
            found.append(f"{len(self.lost)} of {self.acknowledged} acknowledged events are lost")
        return found


def _wrong(arrival: Arrival, drill: Drill) -> list[str]:
    wanted = arrival.expected
    if arrival.notified_after_s is None:
        return [f"{wanted.alert} did not arrive within {drill.detect_within_s:g} s"]
    found = []
    if (arrival.priority, arrival.receiver) != (wanted.priority, wanted.receiver):
        found.append(
            f"{wanted.alert} arrived as {arrival.priority} at {arrival.receiver}, "
            f"not as {wanted.priority} at {wanted.receiver}"
        )
    if drill.resolves and arrival.resolved_after_s is None:
        found.append(f"{wanted.alert} was not resolved in {drill.resolve_within_s:g} s")
    return found
