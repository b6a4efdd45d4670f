"""`sre check`: what is wrong, how bad, since when, and what to do next."""

from pathlib import Path
from typing import Annotated

import typer

from kit.edge.outputs import check_writable
from ops.checks.figure_runs import check_db_performance, check_performance
from ops.checks.log_runs import check_logs, check_suspicious_ips
from ops.checks.runs import (
    check_cache,
    check_dependencies,
    check_health,
    check_mongodb,
    check_redis,
    check_system,
)
from ops.checks.security_run import check_security
from sre.check_block import write_block
from sre.check_options import (
    Json,
    Llm,
    Logs,
    MongoDb,
    Prometheus,
    Redis,
    Seconds,
    Since,
    Target,
    Timeout,
    duration,
    end,
    objectives_of,
    places_of,
)


def health(
    target: Target = None, logs: Logs = None, timeout: Timeout = 3.0, as_json: Json = False
) -> None:
    """Ask the service how it is: alive, ready, its version, and each dependency."""
    end(check_health(places_of(target=target, logs=logs, timeout_s=timeout)), as_json=as_json)


def mongodb(mongodb: MongoDb = None, timeout: Timeout = 3.0, as_json: Json = False) -> None:
    """Ask MongoDB itself: ping, version, connections, replica set and its lag, indexes."""
    end(check_mongodb(places_of(mongodb=mongodb, timeout_s=timeout)), as_json=as_json)


def redis(redis: Redis = None, timeout: Timeout = 3.0, as_json: Json = False) -> None:
    """Ask Redis itself: ping, version, memory, evictions, clients, role, persistence."""
    end(check_redis(places_of(redis=redis, timeout_s=timeout)), as_json=as_json)


def dependencies(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    llm: Llm = None,
    logs: Logs = None,
    timeout: Timeout = 3.0,
    as_json: Json = False,
) -> None:
    """Ask the service and each dependency itself, and say where the two disagree."""
    places = places_of(
        target=target, mongodb=mongodb, redis=redis, llm=llm, logs=logs, timeout_s=timeout
    )
    end(check_dependencies(places), as_json=as_json)


def db_performance(
    target: Target = None,
    mongodb: MongoDb = None,
    prometheus: Prometheus = None,
    window: Since = "5m",
    seconds: Seconds = 5,
    timeout: Timeout = 3.0,
    as_json: Json = False,
) -> None:
    """Look how fast MongoDB is: commands as the service waits for them, and the server's own word.

    Without a Prometheus two looks at /metrics are compared, --seconds apart.
    """
    places = places_of(target=target, mongodb=mongodb, prometheus=prometheus, timeout_s=timeout)
    checked = check_db_performance(places, window=duration(window, "--since"), span_s=seconds)
    end(checked, as_json=as_json)


def cache(target: Target = None, timeout: Timeout = 3.0, as_json: Json = False) -> None:
    """Look whether the cache finds enough, in all and by tier."""
    end(check_cache(places_of(target=target, timeout_s=timeout)), as_json=as_json)


def performance(
    target: Target = None,
    prometheus: Prometheus = None,
    window: Since = "5m",
    seconds: Seconds = 5,
    objectives: Annotated[
        Path | None, typer.Option(help="Folder of objectives, not the shipped.")
    ] = None,
    timeout: Timeout = 3.0,
    as_json: Json = False,
) -> None:
    """Judge rate, errors and waiting by the promises, in all and by route.

    Without a Prometheus two looks at /metrics are compared, --seconds apart.
    """
    places = places_of(target=target, prometheus=prometheus, timeout_s=timeout)
    promises = objectives_of(objectives)
    checked = check_performance(
        places, promises, window=duration(window, "--since"), span_s=seconds
    )
    end(checked, as_json=as_json)


def security(
    target: Target = None,
    mongodb: MongoDb = None,
    redis: Redis = None,
    logs: Logs = None,
    timeout: Timeout = 3.0,
    as_json: Json = False,
) -> None:
    """Look whether the doors are shut: keys, pages, headers, TLS, files, settings."""
    places = places_of(target=target, mongodb=mongodb, redis=redis, logs=logs, timeout_s=timeout)
    end(check_security(places), as_json=as_json)


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
        str, typer.Option("--app", help="Label `app` of the pods that it is for.")
    ] = "calendar-assistant",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port that it is for.")] = 8000,
    as_json: Json = False,
) -> None:
    """Find addresses that try keys or search for ways in, by the log, and how to block them."""
    check_writable(block)
    span = duration(since, "--since")
    checked, addresses = check_suspicious_ips(places_of(logs=logs), span, fewest)
    if block is not None:
        write_block(addresses, block, app=app_label, port=port)
    end(checked, as_json=as_json)


def logs(logs: Logs = None, since: Since = "24h", as_json: Json = False) -> None:
    """Read the logs: errors by kind, slow requests, decisions of low confidence."""
    checked = check_logs(places_of(logs=logs), objectives_of(None), duration(since, "--since"))
    end(checked, as_json=as_json)


def system(timeout: Timeout = 3.0, as_json: Json = False) -> None:
    """Look at this machine: processor, memory, disks, files, clock, containers."""
    end(check_system(places_of(timeout_s=timeout)), as_json=as_json)
