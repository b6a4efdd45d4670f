"""What every test may ask for: real servers, and a place of its own in them."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import BaseServer
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.docker import engine_version, remove_labelled
from kit.edge.containers.images import ImageLadder
from kit.edge.containers.session import IMAGES_COMING, SESSION, SESSION_LABEL
from tests.support.environment import prepare_environment, remove_session_folder, session_folder

COMPILED = ROOT / ".hypothesis" / "constants"
"""What reading the tests for the first time leaves behind, and byte code beside them."""

prepare_environment()
# A machine however slow is no fault of the code: nothing is judged by seconds.
for profile, examples in (("thorough", 100), ("quick", 25)):
    settings.register_profile(
        profile,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=examples,
    )
settings.load_profile("quick")

from testcontainers.core.network import Network  # noqa: E402 testcontainers reads the environment

from tests.support.browser import browsing  # noqa: E402 the same
from tests.support.container import Server  # noqa: E402 the same
from tests.support.databases import (  # noqa: E402 the same
    MONGODB,
    REDIS,
    fresh_mongodb_database,
    fresh_redis_database,
)
from tests.support.first_compile import compile_once  # noqa: E402 the same
from tests.support.image_tools import put_on_path  # noqa: E402 the same
from tests.support.page_tools import page_tools  # noqa: E402 the same
from tests.support.sharing import shared_server  # noqa: E402 the same
from tests.support.starting import Spec, new_network, start_server  # noqa: E402 the same
from tests.support.wanted import command_from_debian, do_without, made  # noqa: E402 the same
from tests.support.warm_generators import CHILDREN, use_warm_generators  # noqa: E402 the same


def _no_word_of_who_hung_up(server: BaseServer, request: Any, address: Any) -> None:
    """Let a client of one test that hangs up write nothing into the output of the next."""
    if not isinstance(sys.exception(), ConnectionError):
        _told_of_errors(server, request, address)


_told_of_errors = BaseServer.handle_error
BaseServer.handle_error = _no_word_of_who_hung_up  # type: ignore[assignment,method-assign]  # the same


def pytest_configure(config: pytest.Config) -> None:
    """Let the whole run find promtool and amtool as programs, and everything compiled."""
    if hasattr(config, "workerinput"):
        return  # workers inherit what their controller has
    put_on_path()
    if config.getoption("numprocesses", None) and not COMPILED.is_dir():
        # Else each worker compiles the same, at the same time: a third of a minute of CPU a worker.
        compile_once()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test that needs an engine, by whatever fixture; start long tests first."""
    waiting = IMAGES_COMING in os.environ
    for item in items:
        if "engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.containers)
        if waiting and item.get_closest_marker("timeout") is None:
            # Who waits for an image that another process makes is not at fault.
            item.add_marker(pytest.mark.timeout(5400))
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = _long_ones_first(items, workers, waiting=waiting)


def _long_ones_first(items: list[pytest.Item], workers: int, *, waiting: bool) -> list[pytest.Item]:
    """Return the items so that each of `workers` equal chunks begins with its share of long ones.

    A long test that starts last keeps one worker busy while the others are done. Where images are
    still being made, half of what needs none comes before them.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    short = [item for item in items if not item.get_closest_marker("long")]
    alone = [item for item in short if not item.get_closest_marker("containers")]
    before = alone[: len(alone) // 2] if waiting else []
    chosen = set(before)
    short = [item for item in short if item not in chosen]
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        ordered += before[len(before) * worker // workers : len(before) * (worker + 1) // workers]
        ordered += long[worker::workers]
        end = len(items) * (worker + 1) // workers
        while len(ordered) < end:
            ordered.append(short.pop())
    return ordered


def pytest_collection_finish() -> None:
    """Let the collector leave alone what the whole run keeps: a tenth of the CPU of small tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let load runs begin warm, but for those that `make thorough` looks at."""
    use_warm_generators(warm=item.get_closest_marker("thorough") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove all containers and networks of the run, once its workers have ended."""
    is_worker = hasattr(config, "workerinput")
    if is_worker or not session_folder().is_dir():
        return
    if engine_version() is not None:
        remove_labelled(f"{SESSION_LABEL}={os.environ[SESSION]}")
    remove_session_folder()


@pytest.fixture
def cold_generators(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start generators as the product does, as processes of their own from the first line on."""
    monkeypatch.setattr(f"{CHILDREN}.subprocess", subprocess)


@pytest.fixture(scope="session")
def engine() -> str:
    """Return the version of the container engine; skip, or fail where it is required, without."""
    version = engine_version()
    if version is None:
        do_without("no container engine answers; `make test` starts one as root on Debian")
    return str(version)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a browser."""
    return command_from_debian("chromium")


@pytest.fixture(scope="session")
def tools() -> Path:
    """Return the folder of the checkers of pages."""
    return page_tools()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Give a browser for the tests of a module; each opens pages of its own.

    No longer: while it is there, its loop runs in this thread, and no test could run another.
    """
    with browsing(chromium) as found:
        yield found


@pytest.fixture(scope="session")
def image_of_role(engine: str) -> Callable[[str], str]:  # noqa: ARG001 an image needs an engine
    """Return a function from a role to an image that can be run, made if it is missing."""
    ladder = ImageLadder(lambda _line: None)
    # So that whatever is started from an image is also cleaned up.
    session_folder().mkdir(exist_ok=True)

    def ensure(role: str) -> str:
        return made(f"image-{role}", lambda: ladder.ensure(role))

    return ensure


@pytest.fixture(scope="session")
def mongodb_server(image_of_role: Callable[[str], str]) -> Server:
    """Return the MongoDB that all tests share: never break it, see `private_mongodb`."""
    return shared_server("mongodb", lambda: start_server(MONGODB, image_of_role("mongodb")))


@pytest.fixture(scope="session")
def redis_server(image_of_role: Callable[[str], str]) -> Server:
    """Return the Redis that all tests share: never break it, see `private_redis`."""
    return shared_server("redis", lambda: start_server(REDIS, image_of_role("redis")))


@pytest.fixture
def mongodb_url(mongodb_server: Server) -> Iterator[str]:
    """Give the URL of a database that is this test's alone."""
    with fresh_mongodb_database(mongodb_server) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: Server) -> Iterator[str]:
    """Give the URL of an empty Redis database that is this test's alone."""
    with fresh_redis_database(redis_server) as url:
        yield url


@pytest.fixture
def private_mongodb(image_of_role: Callable[[str], str]) -> Iterator[Server]:
    """Give a MongoDB to break: stop, start, pause or disconnect it."""
    server = start_server(MONGODB, image_of_role("mongodb"))
    yield server
    server.remove()


@pytest.fixture
def private_redis(image_of_role: Callable[[str], str]) -> Iterator[Server]:
    """Give a Redis to break: stop, start, pause or disconnect it."""
    server = start_server(REDIS, image_of_role("redis"))
    yield server
    server.remove()


@pytest.fixture
def private_network() -> Iterator[Network]:
    """Give a Docker network on which servers find each other by name."""
    network = new_network().create()
    yield network
    network.remove()
    network._docker.client.close()


@pytest.fixture
def start_private(image_of_role: Callable[[str], str]) -> Iterator[Callable[..., Server]]:
    """Give a function that starts a server from its spec; all it started are removed at the end."""
    started: list[Server] = []

    def start(spec: Spec, network: Network | None = None, alias: str = "") -> Server:
        started.append(
            start_server(spec, image_of_role(spec.image or spec.role), network=network, alias=alias)
        )
        return started[-1]

    yield start
    for server in reversed(started):
        server.remove()
