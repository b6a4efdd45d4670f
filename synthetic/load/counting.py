"""Which requests of a run an objective counts, and which are bad: its meaning over arrays.

A request that got no answer has no status. Where the objective counts requests of its method and
route it is bad, whatever the query says of statuses and latency: its user waited in vain, although
the service's own metrics may know nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.errors import BadInputError
from slo.meaning import Meaning, Term, UnmeasurableError, meaning_to_clients
from slo.objective import Objective
from slo.project.project import Project
from synthetic.load.request import NAMED
from synthetic.load.samples import Outcome, Samples
from synthetic.load.shape import Profile

Mask = NDArray[np.bool_]
_STATUSES: Final = ("200", "201", "204", "304", "302", "400", "404", "429", "500", "503")
"""One of each sort: a route is counted when an answer with any of them would be."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An objective as a load run judges it; `why_not` is why it cannot, where there is no meaning.

    `split` is the part of a request (route, method, status) by which it is also judged.
    """

    objective: Objective
    meaning: Meaning | None = None
    why_not: str | None = None
    split: str | None = None


def judged_by(objectives: Sequence[Objective], project: Project) -> tuple[Judged, ...]:
    """Return each objective with what it counts, or why a load run cannot tell."""
    return tuple(_judged(one, project) for one in objectives)


def asked_of(profile: Profile, objectives: Sequence[Objective]) -> tuple[Objective, ...]:
    """Return the objectives that a profile is judged by; without any there is nothing to judge.

    Raises BadInputError where it names one that is not among them.
    """
    if not objectives:
        return ()
    known = {one.name for one in objectives}
    if missing := [name for name in profile.objectives if name not in known]:
        raise BadInputError(
            f"profile {profile.name!r} is judged by {missing[0]!r}, and there is no such objective",
            hint=f"its objectives may name {', '.join(sorted(known))}",
        )
    return tuple(one for one in objectives if profile.asks(one.name))


def measurable(objectives: Sequence[Objective], project: Project) -> tuple[Judged, ...]:
    """Return those that a load run can judge."""
    return tuple(one for one in judged_by(objectives, project) if one.meaning is not None)


def part_of_label(label: str, project: Project) -> str | None:
    """Return the part of a request that a label of the roles holds, None for any other label."""
    roles = (project.roles.requests, project.roles.latency)
    for part in ("route", "method", "status"):
        if label in {getattr(role, part, None) for role in roles if role is not None}:
            return part
    return None


class Counting:
    """Says of the samples of one run which of them an objective counts, and which are bad."""

    def __init__(self, meaning: Meaning, routes: Sequence[str]) -> None:
        self._meaning = meaning
        self._requests = [_method_and_route(name) for name in routes]
        self._matches: dict[tuple[Term, int, int], bool] = {}
        self._counts: dict[int, bool] = {}

    def counts_route(self, number: int) -> bool:
        """Say whether some answer on a route would be counted."""
        if number not in self._counts:
            request = self._requests[number]
            terms = self._meaning.total
            self._counts[number] = any(
                sum(term.sign for term in terms if term.matches(*request, status)) > 0
                for status in _STATUSES
            )
        return self._counts[number]

    def masks(self, samples: Samples) -> tuple[Mask, Mask]:
        """Return for each sample whether it is counted, and whether it spends the budget."""
        keys = samples["route"].astype(np.uint32) << 16 | samples["status"]
        kinds, place = np.unique(keys, return_inverse=True)
        pairs = [(int(key) >> 16, int(key) & 0xFFFF) for key in kinds]
        lost: Mask = samples["outcome"] != Outcome.ANSWERED
        known = np.array([self.counts_route(route) for route, _ in pairs], dtype=bool)[place]
        latency_s = samples["latency_s"]
        counted: Mask = np.where(
            lost, known, self._sum(self._meaning.total, pairs, place, latency_s) > 0
        )
        bad: Mask = counted & (lost | (self._sum(self._meaning.bad, pairs, place, latency_s) > 0))
        return counted, bad

    def tally(self, samples: Samples) -> tuple[int, int]:
        """Return how many of the samples are counted, and how many of those are bad."""
        counted, bad = self.masks(samples)
        return int(np.count_nonzero(counted)), int(np.count_nonzero(bad))

    def _sum(
        self,
        terms: tuple[Term, ...],
        pairs: Sequence[tuple[int, int]],
        place: NDArray[np.intp],
        latency_s: NDArray[np.floating],
    ) -> NDArray[np.int8]:
        found = np.zeros(len(place), dtype=np.int8)
        for term in terms:
            table = np.array([self._match(term, *pair) for pair in pairs], dtype=bool)
            mine = table[place]
            if term.edge_s is not None:
                mine = mine & (latency_s <= np.float32(term.edge_s))
            found += np.int8(term.sign) * mine
        return found

    def _match(self, term: Term, route: int, status: int) -> bool:
        key = term, route, status
        if key not in self._matches:
            self._matches[key] = term.matches(*self._requests[route], str(status))
        return self._matches[key]


def _judged(objective: Objective, project: Project) -> Judged:
    label = objective.split_by
    split = None if label is None else part_of_label(label, project)
    try:
        return Judged(objective, meaning_to_clients(objective, project), split=split)
    except UnmeasurableError as err:
        return Judged(objective, why_not=str(err))


def _method_and_route(name: str) -> tuple[str, str]:
    """Return method and route of `GET /orders?limit=5`; a service's label has no query."""
    method, _, path = name.partition(NAMED)[0].partition(" ")
    return method, path.partition("?")[0]
