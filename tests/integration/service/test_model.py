"""The optional language model: its failures cost accuracy, never the answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.model_server import CONTENTS, ModelServer, model_server
from tests.support.service_process import RunningService, running_service

WRONG = sorted(set(CONTENTS) - {"good", "is_less_sure"})


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(scope="module")
def service(server: ModelServer) -> Iterator[RunningService]:
    settings = {
        "llm_url": server.url, "llm_timeout_s": 0.5, "llm_key": "secret", "llm_model": "tiny",
        "confidence_threshold": 1, "dependency_check_interval_s": 0.2,
    }  # fmt: skip
    with running_service(**settings) as running:  # type: ignore[arg-type]
        yield running


@pytest.fixture(autouse=True)
def well_behaved(server: ModelServer, service: RunningService) -> None:
    """Begin each test with a model that behaves and a breaker that is closed."""
    server.behaviour = "good"
    for _ in range(50):
        if ask(service)["source"] == "llm":
            break
        time.sleep(0.05)
    server.asked.clear()


numbers = iter(range(1_000_000))


def ask(service: RunningService) -> dict[str, object]:
    sentence = {"text": f"budget thing {next(numbers)} thursday", "now": "2026-03-02T09:00:00"}
    answer = service.ask("POST", "/parse", json=sentence | {"timezone": "Europe/Berlin"})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def count(service: RunningService, series: str) -> float:
    text = service.ask("GET", "/metrics").text
    return float(next(line for line in text.splitlines() if line.startswith(series)).split()[-1])


def test_an_unsure_decision_is_improved_by_the_model(
    service: RunningService, server: ModelServer
) -> None:
    answer = ask(service)
    assert answer["source"] == "llm"
    assert answer["confidence"] == 0.999
    event = answer["event"]
    assert isinstance(event, dict)
    assert event["start"] == "2026-03-05T15:00:00+01:00"
    assert event["attendees"] == ["Ann"]
    (asked,) = server.asked
    assert asked["path"] == "/v1/chat/completions"
    assert asked["model"] == "tiny"
    assert asked["response_format"]["json_schema"]["strict"] is True


def test_a_model_that_is_less_sure_than_the_rules_is_not_believed(
    service: RunningService, server: ModelServer
) -> None:
    server.behaviour = "is_less_sure"
    assert ask(service)["source"] == "rules"


@pytest.mark.parametrize("behaviour", [*WRONG, "fails", "closes", "redirects", "floods"])
def test_a_model_that_answers_wrongly_costs_only_its_opinion(
    service: RunningService, server: ModelServer, behaviour: str
) -> None:
    server.behaviour = behaviour
    assert ask(service)["source"] == "rules"
    assert len(server.asked) == 1


def test_a_model_that_hangs_is_given_up_after_its_time_and_then_not_asked(
    service: RunningService, server: ModelServer
) -> None:
    server.behaviour = "hangs"
    for _ in range(3):
        assert ask(service)["source"] == "rules"
    refused = 'component_failures_total{component="llm",reason="breaker_open"}'
    before, asked, sent = count(service, refused), len(server.asked), 0
    while count(service, refused) == before:  # a trial is let through now and then, and hangs
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: ask(service), range(4)))
        sent += len(answers)
    assert count(service, refused) + len(server.asked) - before - asked == sent


def test_in_degraded_mode_the_model_is_never_asked(
    service: RunningService, server: ModelServer
) -> None:
    service.ask("PUT", "/admin/mode", json={"mode": "degraded"})
    try:
        assert ask(service)["source"] == "rules"
        assert server.asked == []
    finally:
        service.ask("DELETE", "/admin/mode")


def test_a_spent_budget_ends_the_asking(server: ModelServer) -> None:
    settings = {"llm_url": server.url, "confidence_threshold": 1, "llm_budget_per_hour": 2}
    with running_service(**settings) as service:  # type: ignore[arg-type]
        assert [ask(service)["source"] for _ in range(4)] == ["llm", "llm", "rules", "rules"]
