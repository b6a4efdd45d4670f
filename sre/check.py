"""`sre check`: what is wrong, how bad, since when, and what to do next."""

import os
from pathlib import Path
from typing import Annotated

import typer

from kit.edge.outputs import check_writable
from ops.checks.figure_runs import check_db_performance, check_performance, check_timing
from ops.checks.log_runs import check_logs, check_suspicious_ips
from ops.checks.places import read_places
from ops.checks.reachable import Source
from ops.checks.rounds import check_affected
from ops.checks.runs import (
    check_cache,
    check_dependencies,
    check_health,
    check_mongodb,
    check_redis,
    check_system,
)
from ops.checks.security_run import check_security
from ops.incidents.isolation.manifests import Workload
from slo.edge.files import SHIPPED, load_objectives
from sre.answer import Answer
from sre.check_block import write_block
from sre.check_screen import answer_of
from sre.options import (
    Alertmanager,
    Grafana,
    Llm,
    Logs,
    MongoDb,
    Objectives,
    Prometheus,
    Redis,
    Since,
    Target,
    Timeout,
    span_of,
)

_Seconds = Annotated[
    int, typer.Option("--seconds", min=1, max=600, help="Seconds between two looks at /metrics.")
]


_Policies = Annotated[
    Path | None, typer.Option(help="Manifests to read network policies from, file or folder.")
]
_Namespace = Annotated[
    str | None, typer.Option(help="On Kubernetes: look at network policies, here.")
]


def health(target: Target = None, logs: Logs = None, timeout: Timeout = 3.0) -> Answer:
    """Ask the service how it is: alive, ready, its version, and each dependency."""
    return answer_of(
        check_health(read_places(os.environ, target=target, logs=logs, timeout_s=timeout))
    )


def mongodb(mongodb: MongoDb = None, timeout: Timeout = 3.0) -> Answer:
    """Ask MongoDB itself: ping, version, connections, replica set and its lag, indexes."""
    return answer_of(check_mongodb(read_places(os.environ, mongodb=mongodb, timeout_s=timeout)))


def redis(redis: Redis = None, timeout: Timeout = 3.0) -> Answer:
    """Ask Redis itself: ping, version, memory, evictions, clients, role, persistence."""
    return answer_of(check_redis(read_places(os.environ, redis=redis, timeout_s=timeout)))


def dependencies(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    llm: Llm = None,
    logs: Logs = None,
    timeout: Timeout = 3.0,
) -> Answer:
    """Ask the service and each dependency itself, and say where the two disagree."""
    places = read_places(
        os.environ,
        target=target,
        mongodb=mongodb,
        redis=redis,
        llm=llm,
        logs=logs,
        timeout_s=timeout,
    )
    return answer_of(check_dependencies(places))


def db_performance(
    target: Target = None,
    mongodb: MongoDb = None,
    prometheus: Prometheus = None,
    window: Since = "5m",
    seconds: _Seconds = 5,
    timeout: Timeout = 3.0,
) -> Answer:
    """Look how fast MongoDB is: commands as the service waits for them, and the server's own word.

    Without a Prometheus two looks at /metrics are compared, --seconds apart.
    """
    places = read_places(
        os.environ, target=target, mongodb=mongodb, prometheus=prometheus, timeout_s=timeout
    )
    checked = check_db_performance(places, window=span_of(window), span_s=seconds)
    return answer_of(checked)


def cache(target: Target = None, timeout: Timeout = 3.0) -> Answer:
    """Look whether the cache finds enough, in all and by tier."""
    return answer_of(check_cache(read_places(os.environ, target=target, timeout_s=timeout)))


def performance(
    target: Target = None,
    prometheus: Prometheus = None,
    window: Since = "5m",
    seconds: _Seconds = 5,
    objectives: Objectives = None,
    timeout: Timeout = 3.0,
) -> Answer:
    """Judge rate, errors and latency by the objectives, in all and by route.

    Without a Prometheus two looks at /metrics are compared, --seconds apart.
    """
    places = read_places(os.environ, target=target, prometheus=prometheus, timeout_s=timeout)
    stated = load_objectives(objectives or SHIPPED)
    return answer_of(check_performance(places, stated, window=span_of(window), span_s=seconds))


def timing(
    url: Annotated[str | None, typer.Argument(help="What to ask; else /healthz of it.")] = None,
    times: Annotated[int, typer.Option(min=1, max=50, help="How many requests.")] = 5,
    target: Target = None,
    objectives: Objectives = None,
    timeout: Timeout = 5.0,
) -> Answer:
    """Time the parts of a request: name, connection, TLS, first byte, total, each by itself.

    The total is held against the objective for latency; each request has a connection of its own.
    """
    places = read_places(os.environ, target=target, timeout_s=timeout)
    stated = load_objectives(objectives or SHIPPED)
    return answer_of(check_timing(places, url or f"{places.service}/healthz", stated, times=times))


def security(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    logs: Logs = None,
    policies: _Policies = None,
    namespace: _Namespace = None,
    deployment: Annotated[str, typer.Option(help="On Kubernetes.")] = "calendar-assistant",
    timeout: Timeout = 3.0,
) -> Answer:
    """Look whether the doors are shut: keys, pages, headers, TLS, files, settings.

    With --policies or --namespace also who reaches the pods of a deployment and what they reach,
    by all network policies together.
    """
    places = read_places(
        os.environ, target=target, mongodb=mongodb, redis=redis, logs=logs, timeout_s=timeout
    )
    return answer_of(check_security(places, _source(policies, namespace, deployment)))


def _source(policies: Path | None, namespace: str | None, name: str) -> Source | None:
    """Return whose network policies are asked for; None where nobody asks."""
    if policies is None and namespace is None:
        return None
    return Source(Workload(name, namespace or "default"), policies)


def suspicious_ips(
    logs: Logs = None,
    since: Since = "24h",
    fewest: Annotated[
        int | None,
        typer.Option(min=1, help="Guesses that are suspicious; else CALENDAR_FAILED_LOGIN_LIMIT."),
    ] = None,
    block: Annotated[
        Path | None, typer.Option(help="Write a NetworkPolicy that shuts them out to this file.")
    ] = None,
    app_label: Annotated[
        str, typer.Option("--app", help="Label `app` of the pods that it is for, or KEY=VALUE.")
    ] = "calendar-assistant",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port that it is for.")] = 8000,
    policies: _Policies = None,
    namespace: _Namespace = None,
) -> Answer:
    """Find addresses that try keys or search for ways in, by the log, and how to block them.

    With --policies or --namespace --block says who is let in nevertheless, and refuses (exit 4) a
    block that would open the pods: policies only add up.
    """
    check_writable(block)
    span = span_of(since)
    checked, addresses = check_suspicious_ips(read_places(os.environ, logs=logs), span, fewest)
    if block is not None:
        source = _source(policies, namespace, app_label)
        write_block(addresses, block, app=app_label, port=port, source=source)
    return answer_of(checked)


def logs(logs: Logs = None, since: Since = "24h") -> Answer:
    """Read the logs: errors by kind, slow requests, decisions of low confidence."""
    places = read_places(os.environ, logs=logs)
    return answer_of(check_logs(places, load_objectives(SHIPPED), span_of(since)))


def system(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    prometheus: Prometheus = None,
    alertmanager: Alertmanager = None,
    grafana: Grafana = None,
    llm: Llm = None,
    affected: Annotated[
        bool, typer.Option("--affected", help="Say of each part of the system whether it works.")
    ] = False,
    timeout: Timeout = 3.0,
) -> Answer:
    """Look at this machine: processor, memory, disks, files, clock, containers.

    The clock is held against those of all servers whose addresses are known. With --affected every
    part of the system is looked at, and it says which a failure has reached and what restores it.
    """
    places = read_places(
        os.environ, target=target, mongodb=mongodb, redis=redis, llm=llm, prometheus=prometheus,
        alertmanager=alertmanager, grafana=grafana, timeout_s=timeout,
    )  # fmt: skip
    if affected:
        return answer_of(check_affected(places, within_s=8 * timeout + 4))
    return answer_of(check_system(places))
