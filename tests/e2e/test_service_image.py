"""The service as it is shipped: its own image, on real databases."""

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from testcontainers.core.network import Network

from tests.support.assistant import ADMIN_KEY, service_spec
from tests.support.container import Server
from tests.support.databases import MONGODB, REDIS


def _call(server: Server, method: str, path: str, body: object = None, key: str = ADMIN_KEY) -> Any:
    request = Request(
        f"http://{server.host}:{server.port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=10) as response:  # noqa: S310 always http
        return json.load(response)


def test_an_event_said_in_words_is_kept_over_a_restart_of_the_service(
    private_network: Network, start_private: Callable[..., Server]
) -> None:
    start_private(MONGODB, private_network)
    start_private(REDIS, private_network)
    spec = service_spec(mongodb="mongodb", redis="redis")
    service = start_private(spec, private_network)
    said = {"text": "Lunch with Ana tomorrow at 12:30", "now": "2026-03-02T09:00:00Z"}

    event = _call(service, "POST", "/parse", said)["event"]
    assert event["start"].startswith("2026-03-03T12:30")
    identity = _call(service, "POST", "/events", event)["id"]
    service.stop()
    service.start()

    assert _call(service, "GET", f"/events/{identity}")["start"] == event["start"]
    assert _call(service, "GET", "/health")["dependencies"] == {
        "mongodb": "connected",
        "redis": "connected",
    }
    with pytest.raises(HTTPError, match="401"):
        _call(service, "GET", "/events", key="not-the-key")
