"""Redis and MongoDB stopped, paused and restarted while the service is under load."""

import itertools
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import httpx2
import pytest
import redis

from tests.support.container import Server
from tests.support.databases import mongodb_address
from tests.support.proxy import proxy_of
from tests.support.sampling import quick
from tests.support.service_load import Load, Outcome, load
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import HANGS_S, wait_for

EVENT = {"title": "Standup", "start": "2026-03-02T09:00:00Z"}
PARSE = {"text": "lunch tomorrow at 1pm", "now": "2026-03-02T09:00:00", "timezone": "UTC"}


BUSY_S = 15
ENDLESS = float("inf")


@pytest.fixture
def service(private_mongodb: Server, private_redis: Server) -> Iterator[RunningService]:
    mongodb_url = mongodb_address(private_mongodb, "calendar")
    redis_url = f"redis://{private_redis.host}:{private_redis.port}"
    with running_service(mongodb_url, redis_url=redis_url) as running:
        running.wait_until_ready()
        yield running


def usual_load(service: RunningService) -> list[Callable[[httpx2.Client], httpx2.Response]]:
    url = service.url
    event = service.ask("POST", "/events", json=EVENT).json()["id"]
    return [
        lambda c: c.post(f"{url}/events", json=EVENT),
        lambda c: c.get(f"{url}/events/{event}"),
        lambda c: c.get(f"{url}/events?from=2026-03-01&to=2026-03-02"),
        lambda c: c.post(f"{url}/parse", json=PARSE),
        lambda c: c.post(f"{url}/parse", json=PARSE | {"text": f"lunch {time.time()} at 1pm"}),
        lambda c: c.patch(f"{url}/events/{event}", json={"title": f"at {time.time()}"}),
    ]


def health_of(service: RunningService) -> str:
    return str(service.ask("GET", "/health").json()["status"])


def told_by(service: RunningService, mongodb: Server) -> Callable[[], str]:
    """Return what says why it does not recover: its health and log, and the server's."""

    def told() -> str:
        answers = [service.ask("GET", path) for path in ("/health", "/readyz")]
        metrics = service.ask("GET", "/metrics").text.splitlines()
        shown = [line for line in metrics if line.startswith(("component_failures", "mongodb_p"))]
        lines = [line for line in service.log.read_text().splitlines() if '"request"' not in line]
        parts = [*(answer.text for answer in answers), *shown, *lines[-60:], mongodb.logs(40)]
        return "\n".join(parts)

    return told


def is_ready(service: RunningService) -> bool:
    return service.ask("GET", "/readyz").status_code == 200


def slowest(outcomes: Sequence[Outcome]) -> float:
    return max(outcome.seconds for outcome in outcomes)


def has_made(made: Load, number: int) -> bool:
    return len(made.outcomes) >= number


def failures(made: Load) -> list[object]:
    return [outcome for outcome in made.outcomes if not 200 <= outcome.status < 300]


@pytest.mark.parametrize(
    ("harm", "mend"), quick([("pause", "unpause"), ("stop", "start")], first=1)
)
def test_without_redis_everything_works_and_says_so(
    service: RunningService, private_redis: Server, harm: str, mend: str
) -> None:
    with load(*usual_load(service)) as made:
        wait_for(lambda: len(made.outcomes) > 50, what="load", within_s=10)
        harmed = time.monotonic()
        getattr(private_redis, harm)()
        wait_for(lambda: health_of(service) == "degraded", what="degraded", within_s=BUSY_S)
        metrics = service.ask("GET", "/metrics").text
        assert 'dependency_up{dependency="redis"} 0.0' in metrics
        seen = len(made.outcomes)
        wait_for(lambda: len(made.outcomes) > seen + 100, what="more load", within_s=10)
        getattr(private_redis, mend)()
        wait_for(lambda: health_of(service) == "healthy", what="healthy again", within_s=BUSY_S)
    assert failures(made) == []
    assert slowest(made.between(harmed, ENDLESS)) < 3 + 10 * slowest(made.between(0, harmed))


@pytest.mark.parametrize(
    ("harm", "mend"), quick([("stop", "start"), ("pause", "unpause")], first=1)
)
def test_without_mongodb_it_refuses_within_a_second_and_recovers_by_itself(
    service: RunningService, private_mongodb: Server, harm: str, mend: str
) -> None:
    url = service.url
    asks = [usual_load(service)[0], lambda c: c.get(f"{url}/events?limit=5")]
    with load(*asks) as made:
        wait_for(lambda: len(made.outcomes) > 50, what="load", within_s=10)
        began = time.monotonic()
        getattr(private_mongodb, harm)()
        harmed = time.monotonic()
        wait_for(lambda: not is_ready(service), what="not ready", within_s=BUSY_S)
        assert service.ask("GET", "/healthz").status_code == 200
        assert health_of(service) == "unhealthy"
        wait_for(lambda: time.monotonic() > harmed + 5, what="a while of that", within_s=10)
        mending = time.monotonic()
        getattr(private_mongodb, mend)()
        told = told_by(service, private_mongodb)
        wait_for(lambda: is_ready(service), what="ready again", within_s=BUSY_S, told=told)
        wait_for(
            lambda: all(o.status < 300 for o in made.outcomes[-20:]),
            what="served",
            within_s=BUSY_S,
            told=told,
        )
    refused = made.between(harmed, mending)
    assert {outcome.status for outcome in refused} <= {200, 201, 503}
    assert {outcome.code for outcome in refused if outcome.status == 503} == {
        "dependency_unavailable"
    }
    # 1 is wanted of a machine at rest; how far from it this one is, the time before shows.
    assert slowest(refused) < 1 + 10 * slowest(made.between(0, began))


def test_searches_that_get_no_answer_close_the_database_to_nobody_else(
    private_mongodb: Server, redis_url: str
) -> None:
    with proxy_of(private_mongodb) as proxy:
        url = f"mongodb://127.0.0.1:{proxy.port}/calendar?directConnection=true"
        with running_service(url, redis_url=redis_url, mongodb_timeout_s=3) as service:
            service.wait_until_ready()
            path = f"/events/{service.ask('POST', '/events', json=EVENT).json()['id']}"
            search = [lambda c: c.get(f"{service.url}/events?q=x")]
            with proxy.holding(lambda data: b"aggregate" in data), load(*search, threads=6) as made:
                wait_for(lambda: len(made.outcomes) >= 12, what="lost searches", within_s=BUSY_S)
                titles = [{"title": str(number)} for number in range(20)]
                seen = [service.ask("PATCH", path, json=title).status_code for title in titles]
                assert is_ready(service)
            metrics = service.ask("GET", "/metrics").text
    assert {outcome.code for outcome in made.outcomes[:12]} <= {
        *("dependency_unavailable", "deadline_exceeded")
    }
    assert set(seen) == {200}
    assert 'component_failures_total{component="mongodb",reason="breaker_open"} 0.0' in metrics


@pytest.mark.thorough
def test_many_answers_at_once_are_kept_in_redis_one_after_the_other(
    service: RunningService, private_redis: Server
) -> None:
    with redis.Redis(private_redis.host, private_redis.port) as client:
        sentences = (f"lunch with number {number} at 1pm" for number in itertools.count())
        parse = [lambda c: c.post(f"{service.url}/parse", json=PARSE | {"text": next(sentences)})]
        with load(*parse, threads=90) as made:
            wait_for(lambda: len(made.outcomes) > 90, what="load", within_s=BUSY_S)
            for _ in range(5):  # each answer waits for the same moment
                client.execute_command("CLIENT", "PAUSE", 100, "ALL")
                wanted = len(made.outcomes) + 90
                wait_for(partial(has_made, made, wanted), what="load", within_s=BUSY_S)
    assert failures(made) == []
    metrics = service.ask("GET", "/metrics").text
    # On a machine that is too busy some take too long; a pool without room would be `connection`.
    assert 'component_failures_total{component="redis",reason="connection"} 0.0' in metrics


def test_a_refusal_says_when_to_come_back(service: RunningService, private_mongodb: Server) -> None:
    private_mongodb.pause()
    answer = service.ask("POST", "/events", json=EVENT)
    private_mongodb.unpause()
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.thorough
@pytest.mark.long
def test_a_database_that_stalls_under_load_is_used_again_each_time(
    private_mongodb: Server, private_redis: Server
) -> None:
    redis_url = f"redis://{private_redis.host}:{private_redis.port}"
    mongodb_url = mongodb_address(private_mongodb, "calendar")
    with running_service(
        mongodb_url, redis_url=redis_url, mongodb_pool_size=3, mongodb_timeout_s=0.3
    ) as service:
        service.wait_until_ready()
        lists = f"{service.url}/events?limit=5"
        with load(lambda client: client.get(lists), threads=16) as made:
            for _ in range(6):
                time.sleep(0.2)
                private_mongodb.pause()
                time.sleep(0.6)
                private_mongodb.unpause()
                wait_for(
                    lambda: all(o.status == 200 for o in made.outcomes[-20:]),
                    what="served",
                    within_s=BUSY_S,
                )
        metrics = service.ask("GET", "/metrics").text
    assert 'mongodb_pool_connections{state="waiting"} 0.0' in metrics


@pytest.mark.thorough
@pytest.mark.long
def test_it_ends_in_order_when_told_to_while_the_database_stalls(
    service: RunningService, private_mongodb: Server
) -> None:
    url = service.url
    with load(lambda client: client.get(f"{url}/events?limit=5"), threads=12) as made:
        wait_for(lambda: len(made.outcomes) > 20, what="load", within_s=10)
        private_mongodb.pause()
        wait_for(lambda: not is_ready(service), what="not ready", within_s=BUSY_S)
        process = service.process
        assert process is not None
        process.terminate()
        process.join(HANGS_S)
        assert process.exitcode == -signal.SIGTERM
    assert '"event":"stopped"' in service.said()
    private_mongodb.unpause()
