"""When another version went live, and which routes are slower or fail more since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from kit.pure.answers import Floats, on_grid
from kit.pure.inference import likely_no_higher
from reports.period.evidence import Evidence
from reports.period.kinds import about
from reports.period.plan import EPISODE_STEP_S, slow_name
from reports.period.quality import restarts
from reports.period.tallies import FOUR_WEEKS_SPAN, tally
from slo.objective import Measure

_FEWEST_HOURS: Final = 4
_FEWEST_EXCESS: Final = 30.0
_SURE: Final = 0.001
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Deploy:
    """Version `version` took the place of `replaced` at `at`.

    That is when the first process of that minute started, or, where no start is known, the step of
    five minutes in which the version was first seen.
    """

    at: datetime
    version: str
    replaced: str


@dataclass(frozen=True, slots=True)
class Regression:
    """A route with a larger share of slow requests since a deploy.

    `share_*` are shares of slow requests. `excess` is how many more were slow than before would
    have been, and `budget_share` what part of four weeks' latency budget they are, None where
    that is not known.
    """

    deploy: Deploy
    route: str
    share_before: float
    share_after: float
    excess: float
    budget_share: float | None


def deploys(evidence: Evidence) -> tuple[Deploy, ...]:
    """Return the deploys of the window: from the role `version`, else from records."""
    versions = versions_at(evidence)
    slots = evidence.fine_slots(EPISODE_STEP_S)
    starts = [when.timestamp() for _, when in restarts(evidence)]
    found, current = [], ""
    for begin, version in zip(slots.begins, versions, strict=True):
        if version == UNKNOWN:
            continue
        if current and version != current:
            # Scrapes lag behind a start, and a slot's first instant may belong to it.
            near = [s for s in starts if begin - slots.step_s <= s <= begin + slots.step_s]
            exact = min(near, default=float(begin))
            when = datetime.fromtimestamp(exact, UTC).astimezone(evidence.window.zone)
            found.append(Deploy(when, version, current))
        current = version
    if found or current:
        return tuple(found)
    return tuple(
        Deploy(r.at, str(r.data.get("version", r.id)), str(r.data.get("replaced", UNKNOWN)))
        for r in evidence.in_window("deploy")
    )


def versions_at(evidence: Evidence) -> tuple[str, ...]:
    """Return which version is the newest live one in each fine slot of the window."""
    slots = evidence.fine_slots(EPISODE_STEP_S)
    first_seen: dict[str, float] = {}
    columns: dict[str, Floats] = {}
    for one in evidence.answer("builds").series:
        live = on_grid(one, slots.ends)
        if np.isfinite(live).any():
            name = one.label("version") or UNKNOWN
            columns[name] = live
            first_seen[name] = float(slots.begins[int(np.argmax(np.isfinite(live)))])
    newest_first = sorted(columns, key=lambda name: (-first_seen[name], name))
    return tuple(
        next((name for name in newest_first if np.isfinite(columns[name][i])), UNKNOWN)
        for i in range(len(slots))
    )


def regressions(evidence: Evidence) -> tuple[Regression, ...]:
    """Return the routes that got slower with a deploy, dearest first.

    Hourly shares of slow requests since the deploy (until the next) are compared with those
    before it by the Mann-Whitney test, which needs no distribution; a finding is surer than
    1 in 1,000 and has an excess of at least thirty requests.
    """
    found = (o for o in evidence.objectives if about(o, evidence.project) is Measure.LATENCY)
    latency = next(found, None)
    if latency is None:
        return ()
    month = tally(evidence, latency, FOUR_WEEKS_SPAN)
    allowed = month.total * latency.budget if month is not None and month.total else None
    routes = _by_route(evidence, latency.name)
    slower = [
        one
        for deploy, after in _spans(evidence)
        for one in _of_deploy(evidence, routes, deploy, after, allowed)
    ]
    return tuple(sorted(slower, key=lambda r: (-r.excess, r.route)))


def _spans(evidence: Evidence) -> list[tuple[Deploy, float]]:
    known = deploys(evidence)
    ends = [*(later.at.timestamp() for later in known[1:]), float(evidence.window.end_s)]
    return list(zip(known, ends, strict=False))  # without any deploy, one end is left over


Routes = dict[str, tuple[Floats, Floats]]
"""Fast and all requests per slot by route, over the window before and this one."""


def _of_deploy(
    evidence: Evidence, routes: Routes, deploy: Deploy, until_s: float, allowed: float | None
) -> list[Regression]:
    slots, earlier = evidence.slots(), evidence.slots_before()
    when = deploy.at.timestamp()
    begins = np.concatenate([earlier.begins, slots.begins])
    before = begins + slots.step_s <= when
    after = (begins >= when) & (begins + slots.step_s <= until_s)
    found = []
    for route, (good, total) in routes.items():
        slow = np.clip(total - good, 0, None)
        known = np.isfinite(slow) & (total > 0)
        old, new = known & before, known & after
        if old.sum() < _FEWEST_HOURS or new.sum() < _FEWEST_HOURS:
            continue
        was, now = (float(slow[x].sum() / total[x].sum()) for x in (old, new))
        excess = (now - was) * float(total[new].sum())
        shares = slow / np.maximum(total, 1)
        if excess < _FEWEST_EXCESS or likely_no_higher(shares[new], shares[old]) >= _SURE:
            continue
        cost = None if allowed is None else excess / allowed
        found.append(Regression(deploy, route, was, now, excess, cost))
    return found


def _by_route(evidence: Evidence, objective: str) -> Routes:
    slots, earlier = evidence.slots(), evidence.slots_before()
    good, total = (
        _joined(
            [
                evidence.columns(f"{slow_name(objective)}:{side}", half, "route")
                for half in (earlier, slots)
            ]
        )
        for side in ("good", "total")
    )
    return {
        route: (good[route] * slots.step_s, total[route] * slots.step_s)
        for route in total
        if route in good
    }


def _joined(halves: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    return {r: np.concatenate([half[r] for half in halves]) for r in halves[0] if r in halves[1]}
