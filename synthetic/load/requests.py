"""A profile's own requests: their variables, and what is kept of the answers to them."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from synthetic.load.shape import FixedRequest, Profile
from synthetic.steps.step import value_at
from synthetic.steps.templates import filled, path_filled, text_filled

GIVEN: Final = frozenset({"tag", "n"})
"""Variables that every run has: the mark of what it makes, and a number that is never the same."""
MOST_KEPT: Final = 10_000
"""Values of one variable; more of them make no other traffic."""
_DEEPEST: Final = 5
"""Texts in `values` may hold variables themselves, so many times over."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to send. `route` is an index into `Workload.routes`; `owner` into the keys.

    A `fixed` call is the only one of its route: the same bytes every time.
    """

    route: int
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    also_fine: tuple[int, ...] = ()
    owner: int = 0
    fixed: bool = False
    expect: tuple[int, ...] = ()

    def accepts(self, status: int) -> bool:
        """Return whether an answer with `status` gives the user what the call is for."""
        if self.expect:
            return status in self.expect
        return 200 <= status < 300 or status in self.also_fine  # noqa: PLR2004 -- RFC 9110


class Requests:
    """Makes the calls of a profile's requests.

    A request that needs what nobody has saved yet gives way to the one that saves it. What a
    DELETE names is named by no later request.
    """

    def __init__(self, profile: Profile, tag: str, worker: int, source: random.Random) -> None:
        self._requests, self._random = profile.requests, source
        self._clean, self._tag, self._worker = profile.clean, tag, worker
        self._values = dict(profile.values)
        self._savers = {
            name: number for number, one in enumerate(self._requests) for name, _ in one.save
        }
        self._kept: dict[str, list[tuple[object, int]]] = {name: [] for name in self._savers}
        self._number = 0
        self._ready = [
            self._call(number, one, {}, 0, fixed=True) if not one.needs else None
            for number, one in enumerate(self._requests)
        ]

    def call(self, number: int, owner: int) -> Call:
        """Return a call of a request, or of the one that has to come before it."""
        if (ready := self._ready[number]) is not None and not self._requests[number].save:
            return ready
        one = self._requests[number]
        for name in one.needs:
            if name in self._kept and not self._kept[name]:
                return self.call(self._savers[name], owner)
        variables, owner = self._drawn(one, owner)
        return self._call(number, one, variables, owner)

    def saves(self, call: Call) -> bool:
        """Say whether the answer to a call is looked at."""
        return bool(self._requests[call.route].save)

    def take(self, call: Call, content: object) -> None:
        """Keep what a request saves of an answer."""
        for name, path in self._requests[call.route].save:
            value, kept = value_at(path, content), self._kept[name]
            if value is not None and len(kept) < MOST_KEPT:
                kept.append((value, call.owner))

    def left(self) -> list[tuple[int, dict[str, object]]]:
        """Return the owner and the variable of everything that is kept, to be cleaned."""
        names = {name for one in self._clean for name in one.needs}
        return [
            (owner, {name: value})
            for name in sorted(names & set(self._kept))
            for value, owner in self._kept[name]
        ]

    def _drawn(self, one: FixedRequest, owner: int) -> tuple[dict[str, object], int]:
        """Return a value for each variable, and whose they are."""
        self._number += 1
        found: dict[str, object] = {"tag": self._tag, "n": f"{self._worker}-{self._number}"}
        for name in sorted(one.needs - GIVEN):
            if name in self._values:
                found[name] = self._chosen(name, found, _DEEPEST)
                continue
            kept = self._kept[name]
            place = self._random.randrange(len(kept))
            if one.method == "DELETE":
                kept[place], kept[-1] = kept[-1], kept[place]
                found[name], owner = kept.pop()
            else:
                found[name], owner = kept[place]
        return found, owner

    def _chosen(self, name: str, found: Mapping[str, object], deepest: int) -> object:
        """Return one of the values of a name, its own variables in place."""
        value = self._random.choice(self._values[name])
        if not isinstance(value, str) or not deepest:
            return value
        inner = {
            other: self._chosen(other, found, deepest - 1)
            for other in self._values
            if f"{{{other}}}" in value
        }
        return text_filled(value, {**found, **inner})

    def _call(
        self,
        number: int,
        one: FixedRequest,
        variables: Mapping[str, object],
        owner: int,
        *,
        fixed: bool = False,
    ) -> Call:
        body = filled(one.body, variables)
        return Call(
            number,
            one.method,
            path_filled(one.path, variables),
            None if body is None else json.dumps(body).encode(),
            {name: text_filled(value, variables) for name, value in one.headers},
            owner=owner,
            fixed=fixed,
            expect=one.expect,
        )
