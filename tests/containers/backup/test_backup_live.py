"""A restore under a service that runs: what came back stays, and the service works with it."""

from dataclasses import dataclass
from typing import Any

import pytest
import redis

from sre.running import run
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for


@pytest.mark.parametrize("part", ["redis", "all"])
def test_a_live_restore_keeps_what_it_restored_in_redis_and_the_service_takes_it_over(
    part: str, mongodb_url: str, redis_url: str, backups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MONGODB_URL", mongodb_url)
    monkeypatch.setenv("CALENDAR_REDIS_URL", redis_url)
    with (
        running_service(mongodb_url, redis_url=redis_url) as service,
        redis.Redis.from_url(redis_url) as keys,
    ):
        service.wait_until_ready()
        kept = _answer_of(service, keys, "lunch with Ada tomorrow at 13:00")
        assert run(["backup", "create", "--backup-dir", backups]) == 0
        saved = _answers(keys)
        spoilt = _answer_of(service, keys, "fire drill on Friday at 9")
        assert service.ask("DELETE", "/cache/clear").status_code == 200
        (key,) = saved
        keys.set(key, spoilt.stored)
        assert _asked(service, kept.text)["title"] == spoilt.title
        stop = {"mode": "read_only", "reason": "restoring"}
        assert service.ask("PUT", "/admin/mode", json=stop).status_code == 200
        words = ["backup", "restore", part, "--replace", "--backup-dir", backups]
        assert run([*words, "--target", service.url]) == 0
        assert _answers(keys) == saved
        wait_for(
            lambda: _asked(service, kept.text)["title"] == kept.title,
            what="the service answers from the restored Redis", within_s=10,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    title: str
    stored: bytes


def _answer_of(service: RunningService, keys: redis.Redis, text: str) -> _Answer:
    """Ask for a sentence and return the answer, as Redis has it, too."""
    before = set(_answers(keys))
    title = _asked(service, text)["title"]
    wait_for(lambda: set(_answers(keys)) - before, what="the answer is in Redis", within_s=10)
    (key,) = set(_answers(keys)) - before
    return _Answer(text, title, _answers(keys)[key])


def _answers(keys: redis.Redis) -> dict[bytes, bytes]:
    names: Any = keys.keys("calendar:answer:*")
    found: Any = keys.mget(names) if names else []
    return dict(zip(names, found, strict=True))


def _asked(service: RunningService, text: str) -> dict[str, Any]:
    asked = {"text": text, "now": "2026-03-02T08:00:00Z", "timezone": "UTC"}
    answer = service.ask("POST", "/parse", json=asked)
    assert answer.status_code == 200, answer.text
    event: dict[str, Any] = answer.json()["event"]
    return event
