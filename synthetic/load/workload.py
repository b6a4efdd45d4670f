"""What the next request of a run is, and who sends it.

Knows nothing of engines, sockets and clocks: it is asked for a call and given the answer.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from synthetic.load.request import FixedRequest
from synthetic.load.requests import Call, Requests
from synthetic.load.shape import Profile
from synthetic.steps.step import Reply


class Workload:
    """Draws calls by the profile's weights, and owners (API keys) by Zipf's law with its skew.

    `tag` marks everything created, so that it can be found and removed.
    """

    def __init__(
        self, profile: Profile, *, tag: str, owners: int = 1, worker: int = 0, workers: int = 1
    ) -> None:
        self._profile, self._worker, self._workers = profile, worker, workers
        seed = profile.seed + 7919 * worker
        self._random = random.Random(seed)  # noqa: S311 -- a reproducible mix, no secret
        self._requests = Requests(profile, tag, worker, workers, self._random)
        self.routes: Sequence[str] = self._requests.routes
        self._owners = range(max(owners, 1))
        self._zipf = list(accumulate((n + 1) ** -profile.owner_skew for n in self._owners))

    def next_call(self, luck: float | None = None) -> Call:
        """Return what the next user does; `luck` (0 to 1) decides who it is, None draws anew.

        Raises FeederEndedError where no row is left for it.
        """
        chance = self._random.random()
        drawn = self._random.random() if luck is None else luck
        owner = bisect_right(self._zipf, drawn * self._zipf[-1])
        return self._requests.call(chance, min(owner, len(self._owners) - 1))

    def judged(self, call: Call, reply: Reply) -> bool:
        """Return whether an answer is what the call is for, and keep what is saved of it."""
        return self._requests.judged(call, reply)

    def following(self, call: Call) -> tuple[float, Call] | None:
        """Return the thinking time and the next call of whose call went well; None at the end."""
        return self._requests.following(call)

    def left(self) -> list[tuple[int, dict[str, object]]]:
        """Return the owner and the variables of everything that the profile's `clean` is for."""
        return self._requests.left()

    def seeding_calls(self) -> Iterator[Call]:
        """Yield the creations that come before the run, so that reads find something."""
        one = self._profile.seed_request
        if one is None or one not in self._profile.requests:
            return
        number = self._profile.requests.index(one)
        for n in range(self._worker, self._profile.seeded_events, self._workers):
            yield self._requests.of(number, owner=n % len(self._owners))

    def before(self) -> Iterator[tuple[FixedRequest, Call]]:
        """Yield the steps that come before the run, such as a log-in; each waits for its answer."""
        for one in self._profile.before:
            yield one, self._requests.before(one)

    def set_for_all(self, one: FixedRequest, reply: Reply) -> str | None:
        """Keep what a step before the run saves; return why that went wrong, None when well."""
        if not one_accepts(one, reply.status):
            return f"HTTP {reply.status}"
        return self._requests.set_for_all(one, reply)


def one_accepts(one: FixedRequest, status: int) -> bool:
    """Say whether a step's answer may have that status."""
    return Call(0, one.method, one.path, expect=one.expect).accepts(status)
