"""Break and mend the parts of a stack: containers, processes, connections."""

import resource
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import redis

from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import BadInputError, UnreachableError
from ops.drills.acting import engine, timed
from ops.drills.containers import LOOPBACK
from ops.drills.drill import Action
from ops.drills.polling import wait_until
from ops.drills.stack import Stack

_SCRAPED_WITHIN_S: Final = 60.0
_SIGNALS = {"kill": signal.SIGKILL, "freeze": signal.SIGSTOP, "thaw": signal.SIGCONT}


def container(stack: Stack, role: str, verb: str) -> Iterator[Action]:
    """Do `docker VERB` to one of the stack's own containers."""
    yield engine(stack.container(role), verb)


def service(stack: Stack, act: str, times: int = 1) -> Iterator[Action]:
    """Kill, freeze, thaw or start the service, or kill it and start it again so many times.

    Who is started again lives until Prometheus has seen it.
    """
    if act == "crash":
        for _ in range(times):
            seen = _started_at(stack)
            yield timed("kill -KILL the service", lambda: stack.service.send(signal.SIGKILL))
            yield timed("start the service", stack.service.start)
            wait_until(partial(_is_anew, stack, seen), within_s=_SCRAPED_WITHIN_S)
    elif act == "start":
        yield timed("start the service", stack.service.start)
    else:
        shown = {"kill": "-KILL", "freeze": "-STOP", "thaw": "-CONT"}[act]
        yield timed(f"kill {shown} the service", lambda: stack.service.send(_SIGNALS[act]))


def _started_at(stack: Stack) -> set[float]:
    """Return when the service has started, as Prometheus knows it."""
    return set(stack.value('process_start_time_seconds{job="calendar-api"}'))


def _is_anew(stack: Stack, seen: set[float]) -> bool:
    return bool(_started_at(stack) - seen)


def prober(stack: Stack, act: str, golden_every_s: float | None = None) -> Iterator[Action]:
    """Kill or start the prober, or start it anew with a wrong key or another golden interval."""
    process = stack.prober
    if act == "kill":
        yield timed("kill -KILL the prober", lambda: process.send(signal.SIGKILL))
        return

    def anew() -> None:
        process.stop()
        words = list(stack.prober_command)
        if golden_every_s is not None:
            words[words.index("--golden-every") + 1] = f"{golden_every_s:g}"
        process.command = tuple(words)
        process.start(**({"SRE_API_KEYS": "a-key-that-is-none"} if act == "wrong-key" else {}))

    yield timed(f"start the prober anew ({act})", anew)


def link(stack: Stack, link: str, **fault: float | str | bool) -> Iterator[Action]:
    """Break the connection from the service to a store; without a fault it is mended."""
    proxy = stack.proxy
    if proxy is None:
        raise BadInputError(f"no proxy stands before {link}", hint="the drill needs: [proxy]")
    shown = ", ".join(f"{name} {value}" for name, value in fault.items()) or "whole again"
    yield timed(f"link to {link}: {shown}", lambda: proxy.set(link, **fault))


def redis_command(stack: Stack, command: Sequence[str]) -> Iterator[Action]:
    """Give Redis a command."""
    try:
        with redis.Redis(LOOPBACK, stack.redis.port, socket_timeout=5) as client:
            yield timed(
                f"redis-cli {' '.join(command)}",
                lambda: client.execute_command(*command),
            )
    except redis.RedisError as err:
        raise UnreachableError(f"the drill's Redis does not obey: {err}") from err


def descriptors(stack: Stack, spare: int | None = None) -> Iterator[Action]:
    """Leave the service so many file descriptors beyond those it has open; else as many as ever."""
    running = stack.service.running
    if running is None:
        raise UnreachableError("the drill's service does not run")
    pid = running.process.pid
    if spare is None:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    else:
        used = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        limit = used + spare, resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    yield timed(
        f"prlimit --nofile={limit[0]} of the service",
        lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, limit),
    )


def inside(stack: Stack, role: str, command: Sequence[str]) -> Iterator[Action]:
    """Run a command inside one of the stack's own containers."""
    there = stack.container(role)

    def run() -> None:
        done = docker("exec", there.identity, *command)
        if done.returncode:
            raise UnreachableError(f"{' '.join(command)} in {role}: {last_line(done.stderr)}")

    yield timed(f"docker exec {role} {' '.join(command)}", run)
