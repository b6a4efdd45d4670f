"""Start the private stack of one drill: databases, service, prober, Prometheus, Alertmanager."""

import contextlib
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from kit.edge.children import signals_held
from kit.edge.containers.images import ImageLadder
from ops.drills.containers import LOOPBACK, Running, Wanted, free_port, start
from ops.drills.databases import mongodb_answers, redis_answers
from ops.drills.pager import Pager, listening_pager
from ops.drills.processes import prober, service
from ops.drills.reaper import reaping
from ops.drills.rules import EVERY_S, hurried, routes_to
from ops.drills.stack import Stack, answers
from ops.faultproxy.client import fault_proxy

Say = Callable[[str], None]
_OF_THE_GOLDEN_SET: Final = "AccuracyUnknown"
"""Fires on a stack on which nobody asks the golden set."""
_PLACE: Final = "/etc/drill"
"""Where the servers see their configuration."""
ROLES: Final = ("redis", "mongodb", "prometheus", "alertmanager")
_MORE_ROLES: Final = {"proxy": "python", "node": "node-exporter"}
_LOOPS: Final = (
    "--cap-add", "SYS_ADMIN", "--device", "/dev/loop-control", "--device-cgroup-rule",
    "b 7:* rmw", "--security-opt", "apparmor=unconfined", "--security-opt", "seccomp=unconfined",
)  # fmt: skip
"""What a container needs to mount a file of its own as a disk, and no more."""
_DISK: Final = (
    "for n in $(seq 0 31); do [ -e /dev/loop$n ] || mknod /dev/loop$n b 7 $n; done; "
    "truncate -s 32M /disk.img && mkfs.ext4 -q /disk.img && mkdir -p /drill-disk && "
    "mount -o loop /disk.img /drill-disk && exec prometheus-node-exporter "
    "--collector.disable-defaults --collector.filesystem --web.listen-address="
)
"""A disk of its own (a loop device) in a file of the container, and nothing else of the machine."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: rule files by name, further settings of the service, the golden set's turn.

    `golden_every_s` 0 asks the golden set never. `needs` are parts beyond the usual: `proxy` before
    the stores, `node` with a disk. Only the alerts of `hurries` wait less than their `for`; all do
    where it is None.
    """

    rules: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    golden_every_s: float = 0.0
    needs: Sequence[str] = ()
    every_s: int = EVERY_S
    hurries: frozenset[str] | None = None


@contextlib.contextmanager
def private_stack(label: str, plan: Plan, say: Say) -> Iterator[Stack]:
    """Start a stack of its own on loopback, and leave nothing of it, whatever ends the block.

    Raises UnreachableError when a part does not start.
    """
    ladder = ImageLadder(say)
    roles = (*ROLES, *(_MORE_ROLES[need] for need in plan.needs))
    images = {role: ladder.ensure(role) for role in roles}
    with contextlib.ExitStack() as held:
        with signals_held():
            folder = Path(tempfile.mkdtemp(prefix="calendar-sre-drill-"))
            held.enter_context(reaping(label, folder))
        pager = held.enter_context(listening_pager())
        if not plan.golden_every_s:
            pager.unmeasured = frozenset({_OF_THE_GOLDEN_SET})
        yield _started(label, plan, images, folder, pager, held, say)


def _started(
    label: str, plan: Plan, images: Mapping[str, str], folder: Path, pager: Pager,
    held: contextlib.ExitStack, say: Say,
) -> Stack:  # fmt: skip
    say("starting MongoDB and Redis")
    mongodb, redis = databases(label, images)
    port, watch_port, key = free_port(), free_port(), secrets.token_hex(16)
    say("starting the service and its prober")
    proxy = None
    ports = {"mongodb": mongodb.port, "redis": redis.port}
    if "proxy" in plan.needs:
        proxy = held.enter_context(fault_proxy(label, images["python"], ports))
        ports = dict(proxy.ports)
    running = service(port, _settings(plan, ports, key), folder, held)
    running.start()
    url = f"http://{LOOPBACK}:{port}"
    watching = prober(
        watch_port, url, key, golden_every_s=plan.golden_every_s, folder=folder, held=held
    )
    watching.start()
    say("starting Alertmanager and Prometheus")
    alertmanager = _alertmanager(label, images["alertmanager"], folder, pager.url)
    targets = {"calendar-api": (f"{LOOPBACK}:{port}", key),
               "prober": (f"{LOOPBACK}:{watch_port}", "")}  # fmt: skip
    node = _node(label, images["node-exporter"]) if "node" in plan.needs else None
    if node is not None:
        targets["node"] = (f"{LOOPBACK}:{node.port}", "")
    prometheus = _prometheus(label, images["prometheus"], folder, plan, targets, alertmanager.port)
    return Stack(
        label, folder, key, running, watching, redis, mongodb, prometheus, alertmanager, pager,
        port, watching.command, proxy, node,
    )  # fmt: skip


def _node(label: str, image: str) -> Running:
    port = free_port()
    wanted = Wanted(
        "node", image, port, command=("-c", f"{_DISK}{LOOPBACK}:{port}"),
        options=(*_LOOPS, "--user", "root", "--entrypoint", "sh"),
    )  # fmt: skip
    return start(wanted, label, lambda: answers(f"http://{LOOPBACK}:{port}/metrics"))


def _settings(plan: Plan, ports: Mapping[str, int], key: str) -> dict[str, str]:
    return {
        "CALENDAR_MONGODB_URL": f"mongodb://{LOOPBACK}:{ports['mongodb']}/calendar"
        "?directConnection=true",
        "CALENDAR_REDIS_URL": f"redis://{LOOPBACK}:{ports['redis']}/0",
        "CALENDAR_ADMIN_KEY": key,
        "CALENDAR_RATE_LIMIT": "0",
        # The machine of a drill may be a busy one: that a store is slow is not what is rehearsed.
        "CALENDAR_MONGODB_TIMEOUT_S": "3",
        **plan.settings,
    }


def databases(label: str, images: Mapping[str, str]) -> tuple[Running, Running]:
    """Start an empty MongoDB and an empty Redis on loopback ports, and return them."""
    port = free_port()
    mongodb = start(
        Wanted("mongodb", images["mongodb"], port, inside=27017),
        label, lambda: mongodb_answers(port),
    )  # fmt: skip
    other = free_port()
    # No password, nothing on disk: a cache.
    command = ("redis-server", "--protected-mode", "no", "--save", "", "--appendonly", "no")
    wanted = Wanted("redis", images["redis"], other, inside=6379, command=command)
    return mongodb, start(wanted, label, lambda: redis_answers(other))


def _alertmanager(label: str, image: str, folder: Path, pager_url: str) -> Running:
    place, port = _readable(folder / "alertmanager"), free_port()
    (place / "alertmanager.yml").write_text(routes_to(pager_url), encoding="utf-8")
    command = (
        f"--config.file={_PLACE}/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
        f"--web.listen-address={LOOPBACK}:{port}",
    )
    wanted = Wanted("alertmanager", image, port, command=command, mounts={place: _PLACE})
    return start(wanted, label, lambda: answers(f"http://{LOOPBACK}:{port}/-/ready"))


def _prometheus(
    label: str, image: str, folder: Path, plan: Plan,
    targets: Mapping[str, tuple[str, str]], alertmanager: int,
) -> Running:  # fmt: skip
    place, rule_folder, port = _readable(folder / "prometheus"), _readable(folder / "rules"), 0
    for name, text in plan.rules.items():
        hurried_text = hurried(text, every_s=plan.every_s, only=plan.hurries)
        (rule_folder / name).write_text(hurried_text, encoding="utf-8")
    config = _scraping(targets, alertmanager, plan.every_s)
    (place / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    command = (
        f"--config.file={_PLACE}/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--web.enable-lifecycle",
        f"--web.listen-address={LOOPBACK}:{port}",
        # Under it, an alert that was firing would fire again at once after a restart.
        "--rules.alert.for-grace-period=0s",
        "--rules.alert.resend-delay=3s",
    )
    mounts = {place: _PLACE, rule_folder: f"{_PLACE}-rules"}
    wanted = Wanted("prometheus", image, port, command=command, mounts=mounts)
    return start(wanted, label, lambda: answers(f"http://{LOOPBACK}:{port}/-/ready"))


def _scraping(
    targets: Mapping[str, tuple[str, str]], alertmanager: int, every_s: int
) -> dict[str, object]:
    jobs = []
    for name, (address, key) in targets.items():
        job: dict[str, object] = {
            "job_name": name, "static_configs": [{"targets": [address]}]
        }  # fmt: skip
        if key:
            job["authorization"] = {"credentials": key}
        jobs.append(job)
    managers = [{"static_configs": [{"targets": [f"{LOOPBACK}:{alertmanager}"]}]}]
    return {
        "global": {"scrape_interval": f"{every_s}s", "evaluation_interval": f"{every_s}s"},
        "rule_files": [f"{_PLACE}-rules/*.yaml", f"{_PLACE}-rules/*.yml"],
        "scrape_configs": jobs,
        "alerting": {"alertmanagers": managers},
    }


def _readable(folder: Path) -> Path:
    """Make a folder that the server inside its container, another user, may read."""
    folder.mkdir()
    folder.chmod(0o755)
    return folder
