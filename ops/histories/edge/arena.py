"""The laboratory of the histories: two instances, MongoDB and Redis, all behind the fault proxy."""

import contextlib
import secrets
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import redis

from kit.edge.children import signals_held
from kit.edge.containers.images import ImageLadder
from kit.pure.errors import UnreachableError
from ops.drills.containers import LOOPBACK, Running, free_port
from ops.drills.databases import mongodb_answers, redis_answers
from ops.drills.polling import wait_until
from ops.drills.processes import Process, service
from ops.drills.reaper import reaping
from ops.drills.starting import databases
from ops.faultproxy.client import FaultProxy, fault_proxy
from ops.histories.faults import INSTANCES, STORES, Fault

Say = Callable[[str], None]
ROLES: Final = ("mongodb", "redis", "python")
_BACK_WITHIN_S: Final = 90.0
SETTINGS: Final = {
    "CALENDAR_RATE_LIMIT": "0",
    "CALENDAR_MONGODB_TIMEOUT_S": "2",
    "CALENDAR_REQUEST_DEADLINE_S": "5",
    "CALENDAR_DEPENDENCY_CHECK_INTERVAL_S": "0.5",
}
"""Nobody is limited, what comes back is noticed sooner, and a slow machine is no fault."""


@dataclass(slots=True)
class Arena:
    """Running servers. `urls` pass the proxy; `direct` do not.

    An instance dies with the thread that started it: `starter` lives as long as they do.
    """

    urls: tuple[str, ...]
    direct: tuple[str, ...]
    admin_key: str
    proxy: FaultProxy
    instances: Mapping[str, Process]
    stores: Mapping[str, Running]
    starter: ThreadPoolExecutor

    def apply(self, fault: Fault) -> None:
        """Break something."""
        target = fault.target
        if fault.act == "link":
            self.proxy.set(target, **fault.settings)
        elif fault.act == "pause":
            self.stores[target].act("pause")
        elif fault.act == "restart":
            self.stores[target].act("kill")
        elif fault.act == "flush":
            with redis.Redis(LOOPBACK, self.stores["redis"].port, socket_timeout=2) as client:
                client.flushall()
        else:
            number = signal.SIGSTOP if fault.act == "freeze" else signal.SIGKILL
            self.instances[target].send(number)

    def mend(self, fault: Fault) -> None:
        """Undo `apply`, and return when the broken part answers again."""
        target = fault.target
        if fault.act == "link":
            self.proxy.set(target, drop=fault.drops)
        elif fault.act in {"pause", "restart"}:
            self.stores[target].act("unpause" if fault.act == "pause" else "start")
            self._await_store(target)
        elif fault.act == "freeze":
            self.instances[target].send(signal.SIGCONT)
        elif fault.act == "kill":
            self.starter.submit(self.instances[target].start).result()

    def held(self) -> int:
        """Return how much is still held back on the way."""
        return sum(self.proxy.mend(link) for link in (*STORES, *INSTANCES))

    def _await_store(self, target: str) -> None:
        speaks = mongodb_answers if target == "mongodb" else redis_answers
        port = self.stores[target].port
        if not wait_until(lambda: speaks(port), within_s=_BACK_WITHIN_S):
            raise UnreachableError(
                f"{target} was mended and does not answer: {self.stores[target].log()}",
                hint="run it again",
            )


@contextlib.contextmanager
def arena(label: str, say: Say) -> Iterator[Arena]:
    """Start the laboratory on loopback, and leave nothing of it, whatever ends the block.

    Raises UnreachableError when a part does not start.
    """
    ladder = ImageLadder(say)
    images = {role: ladder.ensure(role) for role in ROLES}
    with contextlib.ExitStack() as held:
        with signals_held():
            folder = Path(tempfile.mkdtemp(prefix="calendar-sre-histories-"))
            held.enter_context(reaping(label, folder))
        say("starting MongoDB, Redis and the fault proxy")
        mongodb, cache = databases(label, images)
        ports = {name: free_port() for name in INSTANCES}
        servers = {"mongodb": mongodb.port, "redis": cache.port, **ports}
        proxy = held.enter_context(fault_proxy(label, images["python"], servers))
        key = secrets.token_hex(16)
        environment = SETTINGS | _addresses(proxy) | {"CALENDAR_ADMIN_KEY": key}
        say("starting two instances of the service")
        instances = {}
        for name, port in ports.items():
            (folder / name).mkdir()
            instances[name] = service(port, environment, folder / name, held)
            instances[name].start()
        found = Arena(
            tuple(f"http://{LOOPBACK}:{proxy.ports[name]}" for name in INSTANCES),
            tuple(f"http://{LOOPBACK}:{port}" for port in ports.values()),
            key, proxy, instances, {"mongodb": mongodb, "redis": cache},
            held.enter_context(ThreadPoolExecutor(1)),
        )  # fmt: skip
        if not wait_until(lambda: _ready(found), within_s=_BACK_WITHIN_S):
            raise UnreachableError("the service is not ready", hint="see sre doctor")
        yield found


def _addresses(proxy: FaultProxy) -> dict[str, str]:
    return {
        "CALENDAR_MONGODB_URL": f"mongodb://{LOOPBACK}:{proxy.ports['mongodb']}/calendar"
        "?directConnection=true",
        "CALENDAR_REDIS_URL": f"redis://{LOOPBACK}:{proxy.ports['redis']}/0",
    }


def _ready(found: Arena) -> bool:
    try:
        return all(httpx2.get(f"{url}/readyz").status_code == 200 for url in found.direct)  # noqa: PLR2004
    except httpx2.HTTPError:
        return False
