"""The calls of a profile's requests and scenarios: what is sent, and what of answers is kept."""

import random
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

from synthetic.load.request import FixedRequest, Scenario
from synthetic.load.shape import Profile
from synthetic.load.variables import Variables
from synthetic.steps.checking import holds, saved
from synthetic.steps.errors import UnknownVariableError
from synthetic.steps.sending import CONTENT_TYPES, written
from synthetic.steps.step import Check, Reply
from synthetic.steps.templates import path_filled, text_filled

MOST_KEPT: Final = 10_000
"""Values of one variable; more of them make no other traffic."""
MOST_HOPS: Final = 10
"""Redirects in a row; a longer way leads in a circle."""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody in the middle of a scenario: the next step, and what was saved."""

    scenario: Scenario
    first: int
    owner: int
    variables: dict[str, object]
    done: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to send. `route` is an index into `Workload.routes`; `owner` into the keys.

    A `fixed` call sends the same bytes every time; `number` is that of its request. `looks` says
    that its answer is looked at, beyond its status.
    """

    route: int
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    owner: int = 0
    fixed: bool = False
    expect: tuple[int, ...] = ()
    number: int = 0
    looks: bool = False
    kind: str = CONTENT_TYPES[FixedRequest("GET", "/", 1.0).body_kind]
    variables: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    person: Person | None = field(default=None, repr=False, compare=False)
    hops: int = 0

    def accepts(self, status: int) -> bool:
        """Return whether an answer with `status` gives the user what the call is for."""
        if self.expect:
            return status in self.expect
        return 200 <= status < 300  # noqa: PLR2004 -- RFC 9110 section 15.3: successful

    def redirected(self, status: int, path: str) -> "Call":
        """Return the call that a redirect asks for (RFC 9110 section 15.4)."""
        keeps = status in {307, 308} or self.method in {"GET", "HEAD"}
        found = replace(self, path=path, hops=self.hops + 1, fixed=False)
        return found if keeps else replace(found, method="GET", body=None)


def _holds(checks: tuple[Check, ...], reply: Reply, variables: Mapping[str, object]) -> bool:
    """Say whether an answer is as demanded; where a demand has no value, it is not."""
    try:
        return holds(checks, reply, variables)
    except UnknownVariableError:
        return False


class Requests:
    """Makes the calls of a profile.

    A request that needs what nobody has saved yet gives way to the one that saves it. What a
    DELETE names is named by no later request. What a step of a scenario saves is its person's.
    """

    def __init__(
        self, profile: Profile, tag: str, worker: int, workers: int, source: random.Random
    ) -> None:
        self.steps, self._random = profile.steps, source
        self._redirects = profile.redirects
        self.routes = list(dict.fromkeys(one.label for one in self.steps))
        place = {label: number for number, label in enumerate(self.routes)}
        self._route = [place[one.label] for one in self.steps]
        self._needs = [one.needs for one in self.steps]
        self._variables = Variables(profile, tag, worker, workers, source)
        self._savers = {
            name: number
            for number, one in reversed(list(enumerate(profile.requests)))
            for name, _ in one.save
        }
        self._kept: dict[str, list[tuple[object, int]]] = {name: [] for name in self._savers}
        self._cleaned = {name for one in profile.clean for name in one.needs}
        self._left: list[tuple[int, dict[str, object]]] = []
        self._entries: list[FixedRequest | Scenario] = [*profile.requests, *profile.scenarios]
        self._weights = list(accumulate(one.weight for one in self._entries))
        lengths = [1 if isinstance(one, FixedRequest) else len(one.steps) for one in self._entries]
        self._first = [0, *accumulate(lengths)]
        self._ready = [
            self._call(number, {}, 0, fixed=True) if not self._needs[number] else None
            for number in range(len(self.steps))
        ]

    def call(self, chance: float, owner: int) -> Call:
        """Return what somebody does who comes now; `chance` (0 to 1) decides what."""
        place = min(bisect_right(self._weights, chance * self._weights[-1]), len(self._weights) - 1)
        entry = self._entries[place]
        if isinstance(entry, FixedRequest):
            return self._single(place, owner)
        person = Person(entry, self._first[place], owner, self._variables.begun())
        return self._of_person(person)

    def of(self, number: int, owner: int) -> Call:
        """Return a call of one request."""
        return self._single(number, owner)

    def judged(self, call: Call, reply: Reply) -> bool:
        """Return whether an answer is what the request is for, and keep what is to be kept."""
        if not call.accepts(reply.status):
            return False
        one, person = self.steps[call.number], call.person
        kept = saved(one.save, reply) if one.save else {}
        if one.checks and not _holds(one.checks, reply, {**call.variables, **kept}):
            return False
        found = {name: value for name, value in kept.items() if value is not None}
        if person is not None:
            person.variables.update(found)
            if mine := {k: v for k, v in found.items() if k in self._cleaned}:
                self._left.append((call.owner, mine))
            return len(found) == len(kept)
        for name, value in found.items():
            if len(self._kept[name]) < MOST_KEPT:
                self._kept[name].append((value, call.owner))
        return True

    def following(self, call: Call) -> tuple[float, Call] | None:
        """Return the thinking time and the next call of the person whose call went well."""
        person = call.person
        if person is None or person.done >= len(person.scenario.steps):
            return None
        mean = person.scenario.think_s
        return (self._random.expovariate(1 / mean) if mean else 0.0), self._of_person(person)

    def before(self, one: FixedRequest) -> Call:
        """Return the call of a step that comes before the run."""
        variables = self._variables.begun()
        self._variables.draw(one.needs, variables)
        return self._made(one, variables, route=0, number=-1, owner=0)

    def set_for_all(self, one: FixedRequest, reply: Reply) -> str | None:
        """Keep what a step before the run saves; return why it went wrong, None when it did not."""
        kept = saved(one.save, reply)
        if missing := [name for name, value in kept.items() if value is None]:
            return f"its answer has no {{{missing[0]}}}"
        if not _holds(one.checks, reply, {**self._variables.fixed, **kept}):
            return "its answer is not as the profile says"
        self._variables.fixed.update(kept)
        return None

    def left(self) -> list[tuple[int, dict[str, object]]]:
        """Return the owner and the variables of everything that is kept, to be cleaned."""
        kept = sorted(self._cleaned & set(self._kept))
        return [
            *((owner, {name: value}) for name in kept for value, owner in self._kept[name]),
            *self._left,
        ]

    def _single(self, number: int, owner: int) -> Call:
        if (ready := self._ready[number]) is not None:
            return ready if ready.owner == owner else replace(ready, owner=owner)
        one = self.steps[number]
        for name in self._needs[number]:
            if name in self._kept and not self._kept[name] and self._savers[name] != number:
                return self._single(self._savers[name], owner)
        variables = self._variables.begun()
        owner = self._saved(one, self._needs[number] - variables.keys(), variables, owner)
        self._variables.draw(self._needs[number], variables)
        return self._call(number, variables, owner)

    def _saved(
        self, one: FixedRequest, names: frozenset[str], found: dict[str, object], owner: int
    ) -> int:
        """Add what was saved under those names; return whose it is."""
        for name in sorted(names & self._kept.keys()):
            kept = self._kept[name]
            place = self._random.randrange(len(kept))
            if one.method == "DELETE":
                kept[place], kept[-1] = kept[-1], kept[place]
                found[name], owner = kept.pop()
            else:
                found[name], owner = kept[place]
        return owner

    def _of_person(self, person: Person) -> Call:
        number = person.first + person.done
        person.done += 1
        if (fresh := self._variables.begun().get("n")) is not None:
            person.variables["n"] = fresh
        self._variables.draw(self._needs[number], person.variables)
        return self._call(number, person.variables, person.owner, person=person)

    def _call(
        self,
        number: int,
        variables: Mapping[str, object],
        owner: int,
        *,
        fixed: bool = False,
        person: Person | None = None,
    ) -> Call:
        route = self._route[number]
        found = self._made(self.steps[number], variables, route, number, owner)
        return replace(found, fixed=fixed, person=person) if fixed or person else found

    def _made(
        self,
        one: FixedRequest,
        variables: Mapping[str, object],
        route: int,
        number: int,
        owner: int,
    ) -> Call:
        return Call(
            route,
            one.method,
            path_filled(one.path, variables),
            written(one.body_kind, one.body, variables),
            {name: text_filled(value, variables) for name, value in one.headers},
            owner,
            expect=one.expect,
            number=number,
            looks=bool(one.save or one.checks or self._redirects),
            kind=CONTENT_TYPES[one.body_kind],
            variables=variables if one.checks else {},
        )
