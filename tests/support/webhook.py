"""A webhook that tests listen on and that containers can reach."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any, Final

import docker

_POLL_S: Final = 0.05


@dataclass(slots=True)
class Webhook:
    """What arrived so far at `url`, oldest first."""

    url: str
    received: list[dict[str, Any]] = field(default_factory=list)

    def alerts(self, status: str) -> list[dict[str, Any]]:
        """Return the alerts with this status, "firing" or "resolved", of all notifications."""
        sent = [alert for notice in self.received for alert in notice["alerts"]]
        return [alert for alert in sent if alert["status"] == status]

    def names(self, status: str) -> set[str]:
        """Return the names of the alerts with this status."""
        return {alert["labels"]["alertname"] for alert in self.alerts(status)}


@contextmanager
def listening_webhook(address: str) -> Iterator[Webhook]:
    """Listen on a free port of `address` and keep every JSON document that is posted there."""
    webhook = Webhook("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.received.append(json.loads(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing; what arrived is kept."""

    with ThreadingHTTPServer((address, 0), Handler) as server:
        webhook.url = f"http://{address}:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_S,))
        thread.start()
        try:
            yield webhook
        finally:
            server.shutdown()
            thread.join()


def gateway_of(network: str) -> str:
    """Return this machine's own address on a Docker network: containers there can reach it."""
    client = docker.from_env()
    try:
        config = client.networks.get(network).attrs["IPAM"]["Config"][0]
        # Docker leaves the first address of the subnet unsaid where it chose it by itself.
        return str(config.get("Gateway") or next(ip_network(config["Subnet"]).hosts()))
    finally:
        client.close()
