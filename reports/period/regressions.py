"""Which routes are slower since a deploy, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Floats
from kit.pure.moments import local_at
from reports.period.deploys import Deploy, deploys
from reports.period.evidence import Evidence
from reports.period.kinds import about
from reports.period.likeness import Hours, Rise, rise
from reports.period.plan import slow_name
from reports.period.states import State
from reports.period.tallies import FOUR_WEEKS_SPAN, tally
from slo.objective import Measure, Objective

_FEWEST_EXCESS: Final = 30.0
SURE: Final = 0.001
_CALM_S: Final = 6 * 3600
_NEAR_S: Final = 2 * 3600
_STRETCH: Final = 3
_SATURDAY: Final = 5
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Regression:
    """A route with a larger share of slow requests since a deploy.

    `share_*` are shares of slow requests, before in like hours. `excess` is how many more were slow
    than before would have been, and `budget_share` what part of four weeks' budget of the
    `objective` they are, None where that is not known. It lasted from `begin` to `end`, None while
    it is open; `mended_by` is the version that ended it, "" for none.
    """

    deploy: Deploy
    route: str
    share_before: float
    share_after: float
    excess: float
    budget_share: float | None
    begin: datetime
    end: datetime | None
    state: State
    mended_by: str
    objective: str


def regressions(evidence: Evidence) -> tuple[Regression, ...]:
    """Return the routes that got slower with a deploy, dearest first.

    Shares of slow requests since the deploy, until the next, are held against like hours before it
    (`rise`); a finding is surer than 1 in 1,000 over all that are compared, a fifth or more, and
    has an excess of at least thirty requests. What was slow since an earlier deploy already is no
    fault of the next.
    """
    known = deploys(evidence)
    chosen = [o for o in evidence.objectives if about(o, evidence.project) is Measure.LATENCY]
    routes = [(o, route, hours) for o in chosen for route, hours in _by_route(evidence, o.name)]
    sure = SURE / max(1, len(routes) * len(known))
    found = [
        one
        for objective, route, hours in routes
        for one in _of_route(evidence, objective, route, hours, known, sure)
    ]
    dearest: dict[tuple[Deploy, str], Regression] = {}
    for one in found:  # several objectives may say the same of a route
        key = (one.deploy, one.route)
        if key not in dearest or one.excess > dearest[key].excess:
            dearest[key] = one
    return tuple(sorted(dearest.values(), key=lambda r: (-r.excess, r.route)))


def _of_route(
    evidence: Evidence,
    objective: Objective,
    route: str,
    hours: Hours,
    known: Sequence[Deploy],
    sure: float,
) -> Iterator[Regression]:
    begins, step_s = _begins(evidence), evidence.window.step_s()
    counted = np.isfinite(hours.bad) & (hours.total > 0)
    slow = np.zeros(len(begins), bool)
    ends = [*(later.at.timestamp() for later in known[1:]), float(evidence.window.end_s)]
    for deploy, until_s in zip(known, ends, strict=False):  # without any, one end is left over
        at_s = deploy.at.timestamp()
        is_slow_already = bool(slow[begins < at_s][-1:].any())
        before = counted & (begins + step_s <= at_s) & (slow == is_slow_already)
        since = counted & (begins >= at_s) & (begins + step_s <= until_s)
        found = rise(hours, before, since)
        if found is None or found.likely >= sure or not found.is_telling:
            continue
        over_s = _over(begins, hours, found, counted & (begins >= at_s), step_s)
        lasting = counted & (begins >= at_s) & (begins < over_s) & np.isfinite(found.usual)
        expected = found.usual[lasting] * hours.total[lasting]
        excess = float((hours.bad[lasting] - expected).sum())
        if excess >= _FEWEST_EXCESS:
            slow |= (begins >= at_s) & (begins < over_s)
            yield _regression(evidence, objective, deploy, route, found, excess, over_s, known)


def _over(begins: Floats, hours: Hours, found: Rise, after: Truths, step_s: int) -> float:
    """Return when a rise is over, infinity while it goes on.

    It is over when for six hours and more, up to the last, less than half of it is left.
    """
    places = np.flatnonzero(after & np.isfinite(found.usual))
    total, usual = hours.total[places], found.usual[places]
    more = usual * (found.since / found.before - 1) if found.before else found.since
    above = hours.bad[places] - (usual + 0.5 * more) * total
    is_high = np.array([above[at : at + _STRETCH].sum() >= 0 for at in range(len(places))])
    calm = places[int(np.flatnonzero(is_high).max(initial=-1)) + 1 :]
    return float(begins[calm[0]]) if len(calm) * step_s >= _CALM_S else float("inf")


def _regression(
    evidence: Evidence,
    objective: Objective,
    deploy: Deploy,
    route: str,
    found: Rise,
    excess: float,
    over_s: float,
    known: Sequence[Deploy],
) -> Regression:
    month = tally(evidence, objective, FOUR_WEEKS_SPAN)
    allowed = month.total * objective.budget if month is not None and month.total else None
    is_open = over_s == float("inf")
    mended_by = "" if is_open else _mender(known, deploy, over_s)
    closed = State.MENDED if mended_by else State.GONE
    return Regression(
        deploy,
        route,
        found.before,
        found.since,
        excess,
        None if allowed is None else excess / allowed,
        begin=deploy.at,
        end=None if is_open else local_at(over_s, evidence.window.zone),
        state=State.OPEN if is_open else closed,
        mended_by=mended_by,
        objective=objective.name,
    )


def _mender(known: Sequence[Deploy], guilty: Deploy, over_s: float) -> str:
    """Return the version whose deploy ended a rise, "" for none near its end."""
    near = [
        one
        for one in known
        if one != guilty and abs(one.at.timestamp() - over_s) <= _NEAR_S and one.at > guilty.at
    ]
    return min(near, key=lambda one: abs(one.at.timestamp() - over_s)).version if near else ""


def _begins(evidence: Evidence) -> Floats:
    return np.concatenate([evidence.slots_before().begins, evidence.slots().begins])


def _by_route(evidence: Evidence, objective: str) -> Iterator[tuple[str, Hours]]:
    """Yield slow and all requests of each route by slot, of the window before and of this one."""
    halves = (evidence.slots_before(), evidence.slots())
    good, total = (
        [evidence.columns(f"{slow_name(objective)}:{side}", half, "route") for half in halves]
        for side in ("good", "total")
    )
    days = [day.toordinal() for half in halves for day in half.days]
    hours = np.array([hour for half in halves for hour in half.hours])
    is_weekend = np.array([(day - 1) % 7 >= _SATURDAY for day in days])
    step_s = halves[1].step_s
    for route in sorted(good[0].keys() & good[1].keys() & total[0].keys() & total[1].keys()):
        fast, every = (
            np.concatenate([half[route] for half in side]) * step_s for side in (good, total)
        )
        slow = np.clip(every - fast, 0, None)
        yield route, Hours(slow, every, hours + 24 * is_weekend, np.array(days), hours)
