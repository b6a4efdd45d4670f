"""What is sent before a run: steps such as a log-in, and things for reads to find."""

from collections.abc import Iterator

from synthetic.edge.load.exchange import Exchange
from synthetic.edge.load.replies import reply_of
from synthetic.load.samples import Outcome
from synthetic.load.workload import Workload


class BeforeError(Exception):
    """A step before the run did not go as it has to."""


def seeded(exchange: Exchange, workload: Workload) -> Iterator[int]:
    """Send it all, one after the other; yield 1 for each thing that was asked for, 0 for a step.

    Raises BeforeError where a step gets no answer, or another than the profile says.
    """
    for one, call in workload.before():
        outcome, status, body, headers = exchange.send(call)
        why: str | None = f"no answer ({outcome.name.lower()})"
        if outcome is Outcome.ANSWERED:
            why = workload.set_for_all(one, reply_of(call, status, body, headers))
        if why:
            raise BeforeError(f"{one.label} before the run: {why}")
        yield 0
    for call in workload.seeding_calls():
        outcome, status, body, headers = exchange.send(call)
        if outcome is Outcome.ANSWERED and call.accepts(status):
            workload.judged(call, reply_of(call, status, body, headers))
        yield 1
