"""Play one plan: all clients at once, the faults meanwhile, and a look at all when it is quiet."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import httpx2

from kit.pure.errors import UnreachableError
from ops.histories.edge.asking import Ask, Asking
from ops.histories.faults import Fault, Turn
from ops.histories.operation import PEEKS, History, Kind, Operation, Outcome, Phase, Trouble
from ops.histories.plan import IMPORTED, OWNERS, Plan, Step

_SENT_AGAIN: Final = 2
_QUIET_WITHIN_S: Final = 90.0
_LOOK_AGAIN_S: Final = 0.15
_AT_ONCE: Final = 8


class Lab(Protocol):
    """Servers that can be broken. `urls` pass the fault proxy, `direct` do not."""

    urls: tuple[str, ...]
    direct: tuple[str, ...]
    admin_key: str

    def apply(self, fault: Fault) -> None:
        """Break something."""

    def mend(self, fault: Fault) -> None:
        """Undo `apply`, and return when the broken part answers again."""

    def held(self) -> int:
        """Return how much is still held back on the way."""


@dataclass(slots=True)
class _World:
    """What the clients know: the events of each owner, and the newest version each client saw."""

    events: dict[str, list[str]] = field(default_factory=lambda: {owner: [] for owner in OWNERS})
    versions: dict[tuple[str, str], int] = field(default_factory=dict)

    def learn(self, step: Step, operation: Operation) -> None:
        """Note what an answer told a client."""
        if operation.outcome is not Outcome.DONE:
            return
        own = self.events[step.owner]
        if operation.kind is Kind.CREATE and operation.event not in own:
            own.append(operation.event)
        if operation.version is not None and operation.kind not in PEEKS:
            self.versions[step.client, operation.event] = operation.version
        for seen in operation.seen:
            self.versions[step.client, seen.event] = seen.version

    def pick(self, owner: str, at: float) -> str:
        """Return one of an owner's events; empty while there is none."""
        known = self.events[owner]
        return known[int(at * len(known))] if known else ""


async def play(plan: Plan, fault: str, turns: Sequence[Turn], lab: Lab) -> History:
    """Play a plan on a laboratory and return what was asked and told.

    Raises UnreachableError when all is not well within 90 s after the last fault.
    """
    async with _asking(lab) as asking:
        troubles: list[Trouble] = []
        world = _World()
        clients = (_client(plan.of(client), asking, world) for client in plan.clients)
        faults = (_trouble(turn, lab, asking, troubles) for turn in turns)
        await asyncio.gather(*clients, *faults)
        await _quiet(lab, asking)
        await _look(asking, world)
    ordered = sorted(asking.noted, key=lambda operation: operation.number)
    return History(plan.seed, fault, tuple(ordered), tuple(troubles))


@contextlib.asynccontextmanager
async def _asking(lab: Lab) -> AsyncIterator[Asking]:
    """Give each owner a key of a calendar that nobody has used before."""
    async with httpx2.AsyncClient(verify=False, trust_env=False) as client:
        keys = {owner: await _key_for(owner, lab, client) for owner in OWNERS}
        yield Asking(client, lab.urls, keys)


async def _key_for(owner: str, lab: Lab, client: httpx2.AsyncClient) -> str:
    body = {"owner": f"{owner}-{secrets.token_hex(6)}"}
    headers = {"Authorization": f"Bearer {lab.admin_key}"}
    began_s, status = time.monotonic(), 0
    while time.monotonic() - began_s < _QUIET_WITHIN_S:
        with contextlib.suppress(httpx2.HTTPError):
            answer = await client.post(f"{lab.direct[0]}/admin/keys", json=body, headers=headers)
            if answer.is_success:
                return str(answer.json()["key"])
            status = answer.status_code
        await asyncio.sleep(_LOOK_AGAIN_S)
    raise UnreachableError(
        f"the clients of a history get no key: {status or 'no answer'}",
        hint="a history proves nothing then; run it again",
    )


async def _client(steps: Iterable[Step], asking: Asking, world: _World) -> None:
    for step in steps:
        await asyncio.sleep(step.pause_s)
        ask = _ask_of(step, world, int(step.instance * len(asking.urls)))
        if ask is None:
            continue
        operation = await asking(ask)
        world.learn(step, operation)
        for again in range(_SENT_AGAIN if step.key else 0):
            if operation.kind is not Kind.CREATE or operation.outcome is not Outcome.UNKNOWN:
                break
            other = (ask.instance + again + 1) % len(asking.urls)
            operation = await asking(_elsewhere(ask, other))
            world.learn(step, operation)


def _elsewhere(ask: Ask, instance: int) -> Ask:
    return Ask(ask.client, ask.owner, instance, ask.kind, word=ask.word, key=ask.key,
               begins=ask.begins, ends=ask.ends)  # fmt: skip


def _ask_of(step: Step, world: _World, instance: int) -> Ask | None:
    """Return the request of a step; None when it needs an event and there is none yet."""
    common = (step.client, step.owner, instance, step.kind)
    if step.kind is Kind.CREATE:
        return Ask(*common, word=step.word, key=step.key, begins=step.begins, ends=step.ends)
    if step.kind in {Kind.LIST, Kind.BUSY}:
        return Ask(*common)
    if step.kind is Kind.IMPORT:
        return Ask(*common, words=tuple(f"{step.word} of {n}" for n in range(IMPORTED)))
    others = [owner for owner in OWNERS if owner != step.owner]
    event = world.pick(others[0] if step.kind in PEEKS else step.owner, step.pick)
    if not event:
        return None
    word = step.word if step.kind in {Kind.CHANGE, Kind.PEEK_CHANGE} else ""
    is_changing = step.kind in {Kind.CHANGE, Kind.DELETE}
    expected = world.versions.get((step.client, event)) if step.conditional else None
    return Ask(*common, event=event, word=word, expected=expected if is_changing else None)


async def _trouble(turn: Turn, lab: Lab, asking: Asking, troubles: list[Trouble]) -> None:
    await asyncio.sleep(turn.at_s)
    begin_s = asking.now_s()
    await asyncio.to_thread(lab.apply, turn.fault)
    try:
        await asyncio.sleep(turn.for_s)
    finally:
        await asyncio.to_thread(lab.mend, turn.fault)
        troubles.append(Trouble(turn.fault.name, begin_s, asking.now_s()))


async def _quiet(lab: Lab, asking: Asking) -> None:
    """Return when all instances are ready, nothing is held back, and lists stay as they are."""
    before: list[object] = []
    deadline_s = asking.now_s() + _QUIET_WITHIN_S
    while asking.now_s() < deadline_s:
        now: list[object] = []
        with contextlib.suppress(httpx2.HTTPError):
            ready = [(await asking.client.get(f"{url}/readyz")).status_code for url in lab.direct]
            if set(ready) == {200} and not lab.held():
                now = [await _listed(asking, owner) for owner in OWNERS]
        if now and now == before and None not in now:
            return
        before = now
        await asyncio.sleep(_LOOK_AGAIN_S)
    raise UnreachableError(
        f"all was mended, and not well again within {_QUIET_WITHIN_S:g} s",
        hint="a history proves nothing then; run it again",
    )


async def _listed(asking: Asking, owner: str) -> object:
    quiet = Asking(asking.client, asking.urls, asking.keys, asking.began_s)
    found = [await quiet(Ask("quiet", owner, instance, Kind.LIST))
             for instance in range(len(asking.urls))]  # fmt: skip
    if any(each.outcome is not Outcome.DONE for each in found):
        return None
    return [each.seen for each in found]


async def _look(asking: Asking, world: _World) -> None:
    """Send again what was not acknowledged of imports, then ask for everything.

    Lists and busy times are asked of every instance, each event of one of them.
    """
    for each in tuple(asking.noted):
        if each.kind is Kind.IMPORT and each.outcome is Outcome.UNKNOWN:
            await _surely(
                asking, Ask("quiet", each.owner, 0, Kind.IMPORT, words=each.words,
                            phase=Phase.QUIET),
            )  # fmt: skip
    instances = range(len(asking.urls))
    for owner in OWNERS:
        asks = [Ask("quiet", owner, instance, kind, phase=Phase.QUIET)
                for instance in instances for kind in (Kind.LIST, Kind.BUSY)]  # fmt: skip
        asks += [Ask("quiet", owner, number % len(instances), Kind.READ, event=event,
                     phase=Phase.QUIET)
                 for number, event in enumerate(world.events[owner])]  # fmt: skip
        for begin in range(0, len(asks), _AT_ONCE):
            await asyncio.gather(*(_surely(asking, ask) for ask in asks[begin : begin + _AT_ONCE]))


async def _surely(asking: Asking, ask: Ask) -> None:
    """Ask until there is an answer that says something; nothing is broken any more.

    Raises UnreachableError when there is none within 90 s.
    """
    deadline_s = asking.now_s() + _QUIET_WITHIN_S
    while (await asking(ask)).outcome is Outcome.UNKNOWN:
        if asking.now_s() > deadline_s:
            raise UnreachableError(
                f"a {ask.kind} is not answered within {_QUIET_WITHIN_S:g} s though all was mended",
                hint="a history proves nothing then; run it again",
            )
        await asyncio.sleep(_LOOK_AGAIN_S)
