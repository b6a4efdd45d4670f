"""The one middleware: counts every request, logs it, gives it an id and a deadline.

A pure ASGI class with the places of its counters looked up once: a `BaseHTTPMiddleware` costs
more than the whole rest of a small request.
"""

import os
from asyncio import CancelledError, current_task, get_running_loop
from bisect import bisect_left
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from math import log2
from time import monotonic, time
from typing import Any, Final

from service.errors import ProblemError
from service.observe.conventions import OTHER_METHOD, UNMATCHED
from service.observe.current import CURRENT, TRACE_DIGITS, Trace
from service.observe.deadlines import Deadlines
from service.observe.identity import caller_of, given_identity, new_ids, tracestate_of
from service.observe.journal import Journal
from service.observe.keeper import Keeper, Labels
from service.observe.metrics import Sheet
from service.observe.proxies import TrustedProxies
from service.observe.tail import FAULT, LEAST, PER_DOUBLING, Pace
from service.telemetry import REQUESTS

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = Callable[[Exception, Scope, Send], Awaitable[None]]

Kind = tuple[str, str, int]  # method, route template, status
# Where it is counted, the one copy of its kind to keep, how long such requests take, its labels.
Place = tuple[int, Kind, Pace, Labels]

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
        keeper: Keeper,
        proxies: TrustedProxies | None = None,
    ) -> None:
        self._app, self._journal, self._answer = app, journal, answer
        self._proxies = proxies or None  # also where none is trusted
        self._running, self._deadline_s = deadlines.running, deadlines.whole_s
        self._own, self._foreseen = requests.cells.own, requests.places_of(REQUESTS)
        self._edges = requests.layout.metrics[0].edges
        self._sum_offset = len(self._edges) + 1
        self._first = self._edges[0]  # most are done before it
        self._keeper, self._sample_below = keeper, keeper.sample_below
        self._places: dict[Kind, Place] = {}
        self._ids = new_ids()
        self._prefix, self._numbers = f"{os.urandom(6).hex()}-", count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: C901 -- a call for each step costs more than the step
        """Answer one request, or pass on what is not HTTP."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = monotonic()
        request_id, traceparent = given_identity(scope["headers"])
        trace = scope["trace"] = Trace(
            request_id or self._prefix + str(next(self._numbers)),
            next(self._ids),
            self._address_of(scope),
            began + self._deadline_s,
        )
        if traceparent:
            _go_on(trace, traceparent, scope)
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
            self._count(scope, trace, status or 500, began)

    def _address_of(self, scope: Scope) -> str:
        """Return the address of the client, also where a proxy stands in between."""
        client = scope.get("client")
        address = client[0] if client else ""
        if self._proxies is None:
            return address
        return self._proxies.client_of(address, scope["headers"])

    def _count(self, scope: Scope, trace: Trace, status: int, began: float) -> None:
        seconds = monotonic() - began
        route = scope.get("route")
        asked = (scope["method"], UNMATCHED if route is None else route.path, status)
        place, kind, pace, labels = self._places.get(asked) or self._place(asked)
        own = self._own
        own[place if seconds <= self._first else place + bisect_left(self._edges, seconds)] += 1.0
        own[place + self._sum_offset] += seconds
        if route is None:  # a search for ways in looks like this; the path may be personal
            self._journal.event(
                "WARNING", "unmatched", request_id=trace.request_id, address=trace.client
            )
        now = time()
        self._journal.request((now, kind, trace.request_id, trace.ids, trace.components, seconds))
        pace.counts[int(log2(seconds + LEAST) * PER_DOUBLING)] += 1
        pace.left -= 1
        if (
            seconds > pace.keep_above
            or status >= FAULT
            or trace.asks
            or trace.ids[TRACE_DIGITS:] < self._sample_below
            or not pace.left
        ):
            self._keeper.consider(trace, labels, pace, status, began, seconds, now)

    def _place(self, kind: Kind) -> Place:
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
                    pace = self._keeper.pace_of(wanted_method, wanted_route)
                    labels = (wanted_method, wanted_route, wanted_status)
                    self._places[kind] = (place, kind, pace, labels)
                    return self._places[kind]
        raise KeyError(kind)


def _go_on(trace: Trace, traceparent: bytes, scope: Scope) -> None:
    """Make a request part of the trace of who sent it, if that is told by the standard."""
    caller = caller_of(traceparent)
    if caller is not None:
        trace.ids = caller.trace_id + trace.ids[TRACE_DIGITS:]
        trace.caller, trace.asks = caller.span_id, caller.is_sampled
        trace.state = tracestate_of(scope["headers"])


def _late(trace: Trace) -> ProblemError:
    if trace.in_body:
        return ProblemError("body_timeout")
    return ProblemError("deadline_exceeded", headers={"Retry-After": "1"})
