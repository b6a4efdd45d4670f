"""The one middleware: counts every request, logs it, gives it an id and a deadline.

A pure ASGI class with the places of its counters looked up once: a `BaseHTTPMiddleware` costs
more than the whole rest of a small request.
"""

import os
from asyncio import CancelledError, current_task, get_running_loop
from bisect import bisect_left
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from time import monotonic, time
from typing import Any, Final

from service.errors import ProblemError
from service.observe.current import CURRENT, Trace
from service.observe.deadlines import Deadlines
from service.observe.identity import given_identity
from service.observe.journal import Journal
from service.observe.metrics import Sheet
from service.observe.proxies import TrustedProxies
from service.telemetry import REQUESTS

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = Callable[[Exception, Scope, Send], Awaitable[None]]

Kind = tuple[str, str, int]  # method, route template, status

UNMATCHED: Final = "unmatched"
OTHER_METHOD: Final = "OTHER"
_SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
)
POLICY: Final = "content_security_policy"
"""Where a route that is a page leaves the policy it needs, in the scope of the request."""
_NOTHING: Final = b"default-src 'none'; frame-ancestors 'none'"


class Observe:
    """Wraps the whole application. `answer` turns an exception into a problem document."""

    def __init__(
        self,
        app: App,
        *,
        requests: Sheet,
        journal: Journal,
        deadlines: Deadlines,
        answer: Answer,
        proxies: TrustedProxies | None = None,
    ) -> None:
        self._app, self._journal, self._answer = app, journal, answer
        self._proxies = proxies or None  # also where none is trusted
        self._running, self._deadline_s = deadlines.running, deadlines.whole_s
        self._own, self._foreseen = requests.cells.own, requests.places_of(REQUESTS)
        self._edges = requests.layout.metrics[0].edges
        self._sum_offset = len(self._edges) + 1
        self._first = self._edges[0]  # most are done before it
        self._places: dict[Kind, tuple[int, Kind]] = {}  # its place, and the one copy to keep
        self._prefix, self._numbers = f"{os.urandom(6).hex()}-", count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is not HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = monotonic()
        request_id, trace_id = given_identity(scope["headers"])
        trace = scope["trace"] = Trace(
            request_id or self._prefix + str(next(self._numbers)),
            trace_id,
            self._address_of(scope),
            began + self._deadline_s,
        )
        CURRENT.set(trace)
        status = 0

        def observed_send(message: Message) -> Awaitable[None]:  # a coroutine of its own costs more
            nonlocal status
            if "status" in message:
                status = message["status"]
                identity = (b"x-request-id", trace.request_id.encode())
                policy = (b"content-security-policy", scope.get(POLICY, _NOTHING))
                message["headers"] = [*message["headers"], *_SECURITY_HEADERS, policy, identity]
            return send(message)

        # A third of the time that it takes without the loop, which it finds by a longer way.
        task = current_task(get_running_loop())
        if task is not None:
            self._running[trace] = task
        try:
            await self._app(scope, receive, observed_send)
        except CancelledError:
            if task is None or trace in self._running:
                raise  # not ours: the server is going down
            task.uncancel()
            if not status:
                await self._answer(_late(trace), scope, observed_send)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer
            if not status:
                await self._answer(error, scope, observed_send)
        finally:
            self._running.pop(trace, None)
            self._count(scope, trace, status or 500, monotonic() - began)

    def _address_of(self, scope: Scope) -> str:
        """Return the address of the client, also where a proxy stands in between."""
        client = scope.get("client")
        address = client[0] if client else ""
        if self._proxies is None:
            return address
        return self._proxies.client_of(address, scope["headers"])

    def _count(self, scope: Scope, trace: Trace, status: int, seconds: float) -> None:
        route = scope.get("route")
        asked = (scope["method"], UNMATCHED if route is None else route.path, status)
        place, kind = self._places.get(asked) or self._place(asked)
        own = self._own
        own[place if seconds <= self._first else place + bisect_left(self._edges, seconds)] += 1.0
        own[place + self._sum_offset] += seconds
        if route is None:  # a search for ways in looks like this; the path may be personal
            self._journal.event(
                "WARNING", "unmatched", request_id=trace.request_id, address=trace.client
            )
        self._journal.request(
            (time(), kind, trace.request_id, trace.trace_id, trace.components, seconds)
        )

    def _place(self, kind: Kind) -> tuple[int, Kind]:
        """Find the counters of a kind of request: exact, else the nearest foreseen one.

        HEAD is counted with GET: it asks the same of the same route.
        """
        method, template, status = kind
        for wanted_method, wanted_route in (
            ("GET" if method == "HEAD" else method, template),
            (OTHER_METHOD, template),
            (method, UNMATCHED),
            (OTHER_METHOD, UNMATCHED),
        ):
            for wanted_status in (str(status), f"{status // 100}xx"):
                place = self._foreseen.get((wanted_method, wanted_route, wanted_status))
                if place is not None:
                    self._places[kind] = (place, kind)
                    return place, kind
        raise KeyError(kind)


def _late(trace: Trace) -> ProblemError:
    if trace.in_body:
        return ProblemError("body_timeout")
    return ProblemError("deadline_exceeded", headers={"Retry-After": "1"})
