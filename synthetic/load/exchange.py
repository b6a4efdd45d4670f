"""One request and its answer, through the connection pool of Locust's user."""

import socket
import ssl
from collections.abc import Callable
from typing import Any

import gevent
from geventhttpclient.url import URL

from synthetic.load.job import Job
from synthetic.load.samples import Outcome
from synthetic.load.workload import Call

Report = Callable[[str, str, float, str | None], None]


class Exchange:
    """Sends calls to the job's target; each ends within the profile's timeout.

    `report` gets (name, method, seconds, error or None) for Locust's own statistics.
    """

    def __init__(self, job: Job, pool: Any, report: Report) -> None:
        base = URL(job.target_url)
        self._prefix = base.path.rstrip("/")
        self._client = pool.get_client(base)
        self._timeout_s = job.profile.timeout_s
        self._headers = dict(job.headers)
        self._keys = job.keys
        self.report = report

    def send(self, call: Call) -> tuple[Outcome, int, bytes]:
        """Return how the call ended, the status (0 without an answer) and the body."""
        headers = {**self._headers, **call.headers}
        if self._keys:
            headers["Authorization"] = f"Bearer {self._keys[call.owner]}"
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            with gevent.Timeout(self._timeout_s):
                answer = self._client.request(
                    call.method, self._prefix + call.path, body=call.body or b"", headers=headers
                )
                body = bytes(answer.read())
                answer.release()
        except (gevent.Timeout, TimeoutError):
            return Outcome.TIMEOUT, 0, b""
        except (ConnectionRefusedError, socket.gaierror, ssl.SSLError):
            return Outcome.REFUSED, 0, b""
        except Exception:  # noqa: BLE001 -- whatever the target did to the connection, it is its answer
            return Outcome.BROKEN, 0, b""
        return Outcome.ANSWERED, int(answer.status_code), body
