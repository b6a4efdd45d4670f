"""Two releases of the service beside each other, while one replaces the other."""

import pytest

from tests.support.service_process import running_service

SENTENCE = {"text": "choir practice tomorrow at 6pm", "now": "2026-03-02T09:00:00"}


def source(mongodb_url: str, redis_url: str, revision: str) -> str:
    settings = {"redis_url": redis_url, "revision": revision}
    with running_service(mongodb_url, **settings) as service:  # type: ignore[arg-type]
        service.wait_until_ready()
        return str(service.ask("POST", "/parse", json=SENTENCE).json()["source"])


@pytest.mark.thorough
def test_processes_of_a_release_share_answers_and_releases_do_not(
    mongodb_url: str, redis_url: str
) -> None:
    assert source(mongodb_url, redis_url, "one") == "rules"
    assert source(mongodb_url, redis_url, "one") == "cache"
    assert source(mongodb_url, redis_url, "two") == "rules"
