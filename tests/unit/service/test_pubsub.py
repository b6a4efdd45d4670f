"""News that nobody understands is taken for a change of everything, and listening goes on."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import orjson
import pytest

from service.components import Components
from service.observe.journal import EVERYTHING, Journal
from service.store.pubsub import CHANNEL, MessageBus
from tests.support.dependencies import dependency


class Subscription:
    """What Redis brings: the given messages after the first pong, then pongs only."""

    def __init__(self, texts: list[bytes]) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.texts = texts

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def subscribe(self, channel: str) -> None:
        assert channel == CHANNEL

    async def ping(self) -> None:
        self.waiting.append({"type": "pong"})
        while self.texts:
            self.waiting.append({"type": "message", "data": self.texts.pop(0)})

    async def get_message(self, timeout: float) -> dict[str, Any] | None:  # noqa: ASYNC109 - Redis'
        await asyncio.sleep(0)
        del timeout
        return self.waiting.pop(0) if self.waiting else None


class Client:
    """Redis for one subscriber."""

    def __init__(self, texts: list[bytes]) -> None:
        self.subscription = Subscription(texts)

    def pubsub(self) -> Subscription:
        return self.subscription


UNREADABLE = [
    b"",
    b"\xff\xfe",
    b"[1]",
    b'"text"',
    b'{"from": "x"}',
    b'{"from": "x", "kind": "changing", "owner": "o", "id": "i"}',
    b'{"from": "x", "kind": "of a release to come"}',
    b'{"from": "x", "kind": ["clear"]}',
]


def hear(news: Any, heard: list[str]) -> None:
    """Understand what a worker of this release does."""
    if news["kind"] == "changing":
        heard.append(news["change"])
    if news["kind"] not in {"missed", "unknown", "clear"}:
        raise ValueError(f"{news['kind']!r}")
    heard.append(news["kind"])


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_message_that_cannot_be_read_is_a_change_of_everything(
    text: bytes, tmp_path: Path
) -> None:
    heard: list[str] = []
    clear = orjson.dumps({"from": "x", "kind": "clear"})
    journal = Journal(tmp_path, on_drop=lambda _: None)

    async def main() -> None:
        client: Any = Client([text, text, clear])
        bus = MessageBus(
            client, dependency("redis"), alone=False, clock=lambda: 10.0, journal=journal
        )
        is_clear = asyncio.Event()

        def listener(news: Any) -> None:
            hear(news, heard)
            if heard[-1] == "clear":
                is_clear.set()

        bus.subscribe(listener)
        bus.start()
        assert bus._task is not None
        waiting = asyncio.create_task(is_clear.wait())
        await asyncio.wait({bus._task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        assert is_clear.is_set()
        assert not bus._task.done()
        await bus.stop()

    asyncio.run(main())
    assert heard == ["missed", "unknown", "unknown", "clear"]
    lines = [line for line in journal._pending[EVERYTHING] if b"news_not_understood" in line]
    assert len(lines) == 1
    assert orjson.loads(lines[0])["reason"]


def test_what_a_worker_does_not_know_of_makes_it_forget_events_answers_and_keys() -> None:
    forgotten: list[str] = []

    def forgets(what: str) -> Any:
        return lambda *_: forgotten.append(what)

    components: Any = SimpleNamespace(
        event_cache=SimpleNamespace(missed=forgets("near")),
        answer_cache=SimpleNamespace(forget_here=forgets("answers")),
        key_cache=SimpleNamespace(forget_all=forgets("keys")),
    )
    Components.on_message(components, {"kind": "unknown"})
    assert forgotten == ["near", "answers", "keys"]
    Components.on_message(components, {"kind": "again"})
    with pytest.raises(ValueError, match="no such kind"):
        Components.on_message(components, {"kind": "of a release to come"})
