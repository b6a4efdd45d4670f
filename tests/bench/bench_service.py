"""What the service costs beside a bare FastAPI handler; every ratio beside what is wanted."""

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psutil
from pymongo import MongoClient

from kit.edge.containers.images import ImageLadder
from ops.embedded import embedded_mongodb
from service.drafts import new_event
from service.store.documents import document_of
from tests.bench.drive import drive, get, post
from tests.bench.observing import REQUESTS as OBSERVED
from tests.bench.observing import Cost, costs_of_a_request
from tests.bench.tracing import collecting, costs_of_all, costs_of_tails
from tests.support.databases import REDIS
from tests.support.environment import prepare_environment
from tests.support.service_process import RunningService, running_service
from tests.support.starting import start_server

ROUNDS = 7
REQUESTS = 4000
KEY = "the-key-of-the-first-hour"
SENTENCE = json.dumps({"text": "lunch with Ann tomorrow at 1pm", "now": "2026-03-02T09:00:00"})
Work = Callable[[], float]


def main() -> None:
    """Print every figure."""
    prepare_environment()
    observation()
    traces()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mongodb = stack.enter_context(embedded_mongodb(folder / "data", folder / "mongodb.log"))
        redis = start_server(REDIS, ImageLadder(print).ensure("redis"))
        stack.callback(redis.remove)
        redis_url = f"redis://{redis.host}:{redis.port}"
        caches(stack, mongodb, redis_url)
        large_calendar(mongodb)
        memory(mongodb)


def show(name: str, value: float, unit: str, wanted: str, *, holds: bool) -> None:
    """Print one figure beside what is wanted."""
    print(f"{name:<58}{value:>9.2f} {unit:<6} wanted {wanted:<10} {'holds' if holds else 'MISSED'}")


def best(works: dict[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the least cost of each kind of work over interleaved rounds."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(work())
    return {name: min(costs) for name, costs in found.items()}


def undisturbed(works: dict[str, Cost], rounds: int = 20, block: int = 50) -> dict[str, float]:
    """Return what a request of each kind costs, by its median ratio to the "bare" one of its round.

    Within a round the kinds take turns every few milliseconds: whatever else a busy machine does,
    it does to all of them.
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work.answered(OBSERVED // 10)
        work.flush()
    for _ in range(rounds):
        spent = dict.fromkeys(works, 0.0)
        for _ in range(OBSERVED // block):
            for name, work in works.items():
                spent[name] += work.answered(block)
        for name, work in works.items():
            found[name].append((spent[name] + work.flushed()) / OBSERVED * 1e6)
    bare = found["bare"]
    return {
        name: min(bare) * median(cost / base for cost, base in zip(costs, bare, strict=True))
        for name, costs in found.items()
    }


def observation() -> None:
    """Measure what observation adds to a bare handler, without a server around any of them."""
    with tempfile.TemporaryDirectory() as folder:
        costs = undisturbed(costs_of_a_request(Path(folder)))
    ours, theirs = costs["ours"] - costs["bare"], costs["theirs"] - costs["bare"]
    print(f"a bare FastAPI handler, without a server: {costs['bare']:.1f} us")
    show("metrics, request id and access line add", ours, "us", "<= 8", holds=ours <= 8)
    share = ours / costs["bare"]
    show("they add, of a bare handler's CPU", share, "", "<= 0.16", holds=share <= 0.16)
    print(f"prometheus-fastapi-instrumentator, which logs no line, adds {theirs:.1f} us")
    ratio = ours / theirs
    show("ours : prometheus-fastapi-instrumentator", ratio, "", "<= 0.25", holds=ratio <= 0.25)


def traces() -> None:
    """Measure what kept traces add, beside OpenTelemetry's instrumentation with its exporter."""
    with tempfile.TemporaryDirectory() as folder, collecting() as url:
        usual = costs_of_a_request(Path(folder))
        del usual["theirs"]
        bare = {"bare": usual["bare"]}
        for works, rounds, block in (
            (usual | costs_of_tails(Path(folder), url), 20, 50),
            # Theirs works in a thread as well, whose time belongs to nobody else.
            (bare | costs_of_all(Path(folder), url), 5, OBSERVED),
        ):
            costs = undisturbed(works, rounds, block)
            plain = costs.pop("bare")
            print(f"metrics, line and trace of a request, of a bare handler's {plain:.1f} us:")
            for name, cost in costs.items():
                share, wanted = (cost - plain) / plain, _WANTED_SHARES.get(name)
                if wanted is None:
                    print(f"{name:<58}{share:>9.2f}")
                else:
                    show(name, share, "", f"<= {wanted}", holds=share <= wanted)


_WANTED_SHARES = {
    "ours": 0.16,
    "ours, the tail into the file": 0.25,
    "ours, the tail to a collector": 0.25,
}


def caches(stack: contextlib.ExitStack, mongodb: str, redis_url: str) -> None:
    """Compare cached answers, with authentication and observation, with the bare handler."""
    plain = stack.enter_context(_running("tests.bench.service_apps:bare", "/events/x"))
    usual = {"auth": "on", "admin_key": KEY, "rate_limit": 10**9}
    ours = stack.enter_context(running_service(mongodb, redis_url=redis_url, **usual))  # type: ignore[arg-type]
    far = stack.enter_context(
        running_service(mongodb, redis_url=redis_url, cache_entries=0, **usual)  # type: ignore[arg-type]
    )
    headers = {"Authorization": f"Bearer {KEY}"}
    for service in (ours, far):
        service.wait_until_ready()
        service.ask("POST", "/parse", content=SENTENCE, headers={**headers, **_JSON})
    event = {"title": "Standup", "start": "2026-03-02T09:00:00Z"}
    path = ours.ask("POST", "/events", json=event, headers=headers).headers["location"]
    ours.ask("GET", path, headers=headers)
    parse = post("/parse", SENTENCE.encode(), KEY)
    costs = best(
        {
            "bare": lambda: _driven(plain, get("/events/x")),
            "event": lambda: _driven(ours, get(path, KEY)),
            "parse": lambda: _driven(ours, parse),
            "redis": lambda: _driven(far, parse),
        }
    )
    print("CPU of the server per request, uvicorn included:")
    for name, cost in costs.items():
        print(f"  {name:<10}{cost:>8.1f} us")
    for name, base, text, least in (
        ("event", "bare", "a cached GET /events/{id} : a bare handler", 0.9),
        ("parse", "bare", "a cached POST /parse : a bare handler", 0.75),
        ("redis", "parse", "a hit in Redis : a hit in the process", 0.7),
    ):
        ratio = costs[base] / costs[name]
        show(f"throughput of {text}", ratio, "", f">= {least}", holds=ratio >= least)


_JSON = {"content-type": "application/json"}


def _driven(service: RunningService, request: bytes) -> float:
    assert service.process is not None
    return drive(service.port, service.process.pid or 0, request, total=REQUESTS).cpu_us


@contextlib.contextmanager
def _running(target: str, alive: str) -> Iterator[RunningService]:
    with running_service(target=target, alive=alive) as running:
        yield running


def large_calendar(mongodb: str) -> None:
    """Compare listing a week of a small and of a large calendar; both have as much in a week."""
    took: dict[int, float] = {}
    for count in (1000, 100_000):
        url = f"{mongodb}_{count}"
        with running_service(url) as service:
            service.wait_until_ready()  # the indexes are there
            middle = _fill(url, count)
            week = {"from": middle.isoformat(), "to": (middle + timedelta(days=7)).isoformat()}
            seconds = []
            for _ in range(30):
                began = time.perf_counter()
                answer = service.ask("GET", "/events", params=week)
                seconds.append(time.perf_counter() - began)
                assert answer.status_code == 200, answer.text[:300]
                assert len(answer.json()["events"]) >= 20, answer.text[:300]
            took[count] = min(seconds)
            print(f"a week of {count} events: {min(seconds) * 1000:.2f} ms")
    ratio = took[100_000] / took[1000]
    show("a week of 100,000 events : of 1,000", ratio, "times", "< 2", holds=ratio < 2)


def _fill(url: str, count: int) -> datetime:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    fields = {"title": "x", "start": first.isoformat()}
    pattern = new_event("local", fields, now=first)
    with MongoClient[dict[str, Any]](url) as client:
        collection = client.get_default_database()["events"]
        for begin in range(0, count, 5000):
            documents = []
            for number in range(begin, min(begin + 5000, count)):
                start = first + timedelta(hours=8 * number)
                event = replace(
                    pattern, id=f"{number:032x}", uid=str(number), start=start,
                    end=start + timedelta(hours=1),
                )  # fmt: skip
                documents.append(document_of(event))
            collection.insert_many(documents)
    return first + timedelta(hours=8 * count // 2)


def memory(mongodb: str) -> None:
    """Watch the memory over 100,000 requests, a thousand traces a second kept."""
    traced = {"traces_sample": 1.0, "traces_per_second": 1000.0}
    with (
        tempfile.TemporaryDirectory() as logs,
        running_service(mongodb, cache_entries=1000, log_dir=Path(logs), **traced) as service,  # type: ignore[arg-type]
    ):
        service.wait_until_ready()
        assert service.process is not None
        process = psutil.Process(service.process.pid)
        event = {"title": "Standup", "start": "2026-03-02T09:00:00Z"}
        path = service.ask("POST", "/events", json=event).headers["location"]
        sizes = []
        for part in range(5):
            for number in range(10):
                text = {"text": f"lunch {part} {number} at 1pm", "now": "2026-03-02T09:00:00"}
                body = json.dumps(text).encode()
                drive(service.port, process.pid, post("/parse", body), total=1000)
                drive(service.port, process.pid, get(path), total=1000)
            sizes.append(process.memory_info().rss / 2**20)
    print(
        "memory after each 20,000 requests: " + ", ".join(f"{size:.1f}" for size in sizes) + " MiB"
    )
    growth = (max(sizes[1:]) / sizes[1] - 1) * 100
    show("memory grows from the second 20,000 on by", growth, "%", "<= 5", holds=growth <= 5)
