"""Bring a stack up, or what runs of it to what its settings say now: the same steps for both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from kit.edge.containers import Say
from kit.edge.containers.docker import docker
from kit.pure.errors import BadInputError, UnreachableError
from ops.schedules.running import note
from ops.stack import checked_config, configuration, preflight
from ops.stack.addresses import write_addresses
from ops.stack.compose import Compose, ensure_compose
from ops.stack.containers import API, Container, containers_of, last_words
from ops.stack.home import Home
from ops.stack.images import Images, images_of
from ops.stack.own_keys import make_keys
from ops.stack.proxy import Proxy
from ops.stack.rolling import READY_WITHIN, Replicas
from ops.stack.secret_files import certificate, check_receivers, make_secrets
from ops.stack.service_settings import env_file
from ops.stack.settings import Database, Settings
from ops.stack.waiting import wait_until
from slo.project.project import Project

_STORES: Final = {
    Database.STAND_IN: ("mongodb-stand-in",),
    Database.REPLICA_SET: ("mongodb-1", "mongodb-2", "mongodb-3", "mongodb-join"),
    Database.EXTERNAL: (),
}
_WATCHING: Final = ("alertmanager", "prometheus", "node-exporter", "prober")
_RELOADS: Final[Mapping[str, tuple[str, str]]] = {
    "proxy": ("proxy", "USR2"),
    "prometheus": ("prometheus", "HUP"),
    "alertmanager": ("alertmanager", "HUP"),
}
"""The signal at which each reads its configuration anew, and drops nobody meanwhile."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that can be changed: what it is made from, and how it is spoken to."""

    home: Home
    settings: Settings
    images: Images
    compose: Compose
    say: Say

    @property
    def replicas(self) -> Replicas:
        """Return its replicas."""
        name, within_s = self.settings.name, self.settings.ready_within_s
        return Replicas(name, self.compose, Proxy(self.home.proxy_socket), self.say, within_s)

    @property
    def url(self) -> str:
        """Return where it answers on this machine."""
        return f"http://127.0.0.1:{self.settings.http_port}"


def prepare(
    home: Home, settings: Settings, project: Project, say: Say, *, service: str = ""
) -> tuple[Stack, list[str]]:
    """Look at everything that could go wrong, and write what the stack reads.

    Returns the stack, and the parts that are to read their configuration anew. Nothing that runs
    is touched.
    Raises HarnessError naming what is wrong, its reason and the next step.
    """
    if settings.mongodb is not Database.STAND_IN and configuration.tells_nobody(settings):
        raise BadInputError(
            "nobody would be notified of alerts", hint="set webhook or receivers in stack.toml"
        )
    home.make_folders()
    compose = ensure_compose(home, say)
    images = images_of(settings, say, service=service)
    running = containers_of(settings.name)
    ours = frozenset(port for one in running for port in one.ports if one.state == "running")
    preflight.check_ports(settings, with_grafana="grafana" in images.references, ours=ours)
    preflight.check_memory(settings, running=sum(one.service == API for one in running))
    preflight.check_disk(home.folder)
    make_secrets(home, settings)
    tls = certificate(home, settings, images.references["proxy"])
    variables = variables_of(home, settings, images)
    texts = configuration.texts_of(home, settings, project, images.references)
    if settings.receivers or settings.webhook:
        check_receivers(home, texts["alertmanager/alertmanager.yml"])
    changed = checked_config.place(home, texts, tls, images.references, variables)
    home.write_service_settings(env_file(dict(settings.service)))
    home.write_environment(variables)
    note(home.folder / "textfile", {}, ZoneInfo("UTC"), datetime.now(UTC))
    return Stack(home, settings, images, compose, say), changed


def bring_up(stack: Stack, changed: list[str]) -> None:
    """Start what is missing, replace what differs, and return when all of it answers.

    Replicas are replaced one by one, and only by such as take requests. Raises UnreachableError,
    or NotReadyError, saying what did not come up; what served before still does.
    """
    compose, replicas = stack.compose, stack.replicas
    ran = {one.identity for one in containers_of(stack.settings.name) if one.state == "running"}
    stack.say("stack: stores and proxy")
    compose.must("up", "-d", "--no-deps", "redis", *_STORES[stack.settings.mongodb], "proxy")
    _reload(stack, {"proxy"} & {*changed}, ran)
    first = not any(one.state == "running" for one in replicas.there())
    if first:
        number = f"{API}={stack.settings.replicas}"
        replicas.remove_ended()
        compose.must("up", "-d", "--no-deps", "--scale", number, API)
    _wait_until_served(stack)
    stack.home.note_beginning()
    if not first:
        replicas.proxy.let_all_in()
        replicas.replace(outdated(stack))
        replicas.scale(stack.settings.replicas)
    _watch(stack)
    _reload(stack, {*changed} - {"proxy"}, ran)
    stack.home.forget_unread()
    stack.home.unfinished.unlink(missing_ok=True)


def outdated(stack: Stack) -> list[Container]:
    """Return the replicas that are not what `.env` and the file describe now."""
    wanted = stack.compose.must("config", "--hash", API).split()[-1]
    image = stack.images.references["service"]
    there = [one for one in stack.replicas.there() if one.state == "running"]
    return [one for one in there if one.image != image or one.config != wanted]


def _wait_until_served(stack: Stack) -> None:
    """Wait until at least one replica takes requests, and on a first start all of them."""
    proxy, replicas = stack.replicas.proxy, stack.replicas

    def serve() -> bool:
        there = replicas.there()
        up = proxy.serving()
        return bool(there) and all(one.addresses.get("front") in up for one in there)

    within_s = stack.settings.ready_within_s
    if not wait_until(serve, within_s):
        up = proxy.serving()
        lost = [one for one in replicas.there() if one.addresses.get("front") not in up]
        said = last_words(lost[0]) if lost else "there is none"
        raise UnreachableError(
            f"{len(lost)} of {stack.settings.replicas} replicas take no requests after "
            f"{within_s} s; one said last: {said}",
            hint="sre stack status shows each part; docker logs of one says more",
        )


def _watch(stack: Stack) -> None:
    """Start what watches the service, with keys of its own."""
    made = make_keys(stack.home, stack.url)
    again = [
        part
        for part, key in (("prometheus", "metrics_key"), ("prober", "prober_key"))
        if key in made
    ]
    stack.say("stack: monitoring")
    watching = [*_WATCHING, *(["grafana"] if "grafana" in stack.images.references else [])]
    if again:
        stack.compose.must("up", "-d", "--no-deps", "--force-recreate", *again)
    stack.compose.must("up", "-d", "--no-deps", *watching)
    write_addresses(stack.home)


def _reload(stack: Stack, changed: set[str], ran: set[str]) -> None:
    """Let those read their configuration anew that ran before: a fresh one has, or dies of it."""
    for part in sorted(changed & set(_RELOADS)):
        service, signal = _RELOADS[part]
        for one in containers_of(stack.settings.name, service):
            if one.state == "running" and one.identity in ran:
                docker("kill", "--signal", signal, one.identity)


def variables_of(home: Home, settings: Settings, images: Images) -> dict[str, str]:
    """Return what Compose reads; no secret is among it."""
    profiles = [] if settings.mongodb is Database.EXTERNAL else [str(settings.mongodb)]
    profiles += ["grafana"] if "grafana" in images.references else []
    return {
        "COMPOSE_PROJECT_NAME": settings.name,
        "COMPOSE_PROFILES": ",".join(profiles),
        "STACK_HOME": str(home.folder),
        **images.variables(),
        "SERVICE_REPLICAS": str(settings.replicas),
        "SERVICE_MEMORY": settings.memory,
        "SERVICE_CPUS": f"{settings.cpus:g}",
        "SERVICE_RATE_LIMIT": str(settings.rate_limit),
        "PUBLIC_URL": settings.public_url,
        "PROXY_REQUESTS_PER_10S": str(settings.requests_per_10s),
        "PROXY_BODY_BYTES": "10485760",
        "HTTP_PORT": str(settings.http_port),
        "HTTPS_PORT": str(settings.https_port),
        "HTTPS_ADDRESS": settings.https_address,
        "PROMETHEUS_PORT": str(settings.prometheus_port),
        "ALERTMANAGER_PORT": str(settings.alertmanager_port),
        "GRAFANA_PORT": str(settings.grafana_port),
        "PROBE_EVERY": str(settings.probe_every_s),
        "GOLDEN_EVERY": str(settings.golden_every_s),
        READY_WITHIN: str(settings.ready_within_s),
    }
